"""The readers' door: which reader a file belongs to, by its content and not its name. A new kind of document is one module more in the list."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ..document import Document, Grid, Note, Paragraph, Source, Unreadable

HEAD = 8192

# Asked in this order. Text comes last: anything textual is text. A module is imported when the first file that may be its own arrives.
READERS = ("pdf", "docx", "wordxml", "odt", "rtf", "legacy", "sheet", "scan", "html", "markdown", "text")
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Word, WPS and Excel before 2007 share this container
MAY_BE_MHTML = (b"mime-version", b"from:", b"content-type: multipart")
PICTURED = frozenset({"scanned_page", "no_text_layer"})  # what the PDF reader says of pages that only a picture tells
UNREADABLE_KINDS = (
    (b"PK\x03\x04", "an archive, or an office file that is no document and no workbook: unpack it and put the documents in its place"),
    (b"Rar!", "an archive: unpack it and put the documents in its place"),
    (b"7z\xbc\xaf", "an archive: unpack it and put the documents in its place"),
    (b"\x1f\x8b", "an archive: unpack it and put the documents in its place"),
    (b"BZh", "an archive: unpack it and put the documents in its place"),
    (b"\xfd7zXZ", "an archive: unpack it and put the documents in its place"),
)  # fmt: skip


def read(source: Source, data: bytes) -> Document:
    """Read one file by the reader of its kind; `document.source.kind` names it. Raises Unreadable with what to do where no reader knows it."""
    suffix = _suffix(source.path)
    head = data[:HEAD]
    if head.lstrip()[:60].lower().startswith(MAY_BE_MHTML):
        data = _html_of_archive(head, data)
        head = data[:HEAD]
    if head.startswith(COMPOUND):
        return _read_compound(source, data)
    for name in READERS:
        reader = _reader(name)
        if reader.sniffs(head, suffix):
            return _read_by(name, source, data)
    for magic, message in UNREADABLE_KINDS:
        if head.startswith(magic):
            raise Unreadable(message)
    raise Unreadable(f"unknown kind of file ({suffix or 'no suffix'}): if it is a report, save it as PDF, DOCX or HTML")


def _suffix(path: str) -> str:
    name = path.rsplit("/", 1)[-1]
    return "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""


def _reader(name: str) -> Any:
    return import_module(f".{name}", __name__)


def _read_by(name: str, source: Source, data: bytes) -> Document:
    if name == "pdf":
        return _read_pdf(source, data)
    return _read_lines(name, source, data) if name in ("markdown", "text") else _by(name, source, data)


def _by(name: str, source: Source, data: bytes, kind: str = "") -> Document:
    reader = _reader(name)
    document: Document = reader.read(source._replace(kind=kind or reader.KIND), data)
    return document


def _read_lines(name: str, source: Source, data: bytes) -> Document:
    """Text and Markdown: by the HTML reader where tables stand in it as HTML, which many conversion tools write."""
    markup = import_module(".office_parts.pagemarkup", __name__)
    if markup.has_tables(data):
        return _by("html", source, markup.page_of(data), _reader(name).KIND)
    return _by(name, source, data)


def _read_compound(source: Source, data: bytes) -> Document:
    kind = import_module(".office_parts.compound", __name__).kind_of(data)
    return _by("sheet" if kind == "sheet" else "legacy", source, data)


def _html_of_archive(head: bytes, data: bytes) -> bytes:
    mhtml = import_module(".office_parts.mhtml", __name__)
    page: bytes = mhtml.html_part(data) if mhtml.is_mhtml(head) else data
    return page


def _read_pdf(source: Source, data: bytes) -> Document:
    """A PDF page by page: by its text, and by its pictures where a page is a scan or its letters carry no codes."""
    document = _by("pdf", source, data)
    pages = {note.locator.page for note in document.notes if note.kind in PICTURED and note.locator is not None}
    if not pages:
        return document
    try:
        seen = _reader("scan").read(document.source, data, only=pages, tables=len(document.grids()))
    except Unreadable as error:  # the pages with letters stay read, and the others stay told
        if not document.blocks:
            raise
        document.notes.append(Note("unread_pages", str(error)))
        return document
    if any(note.kind == "no_text_layer" for note in document.notes):
        message = "the letters of this PDF, or of some of its pages, carry no codes: they were read as pictures"
        seen.notes.insert(0, Note("no_text_layer", message))
    if not document.blocks:
        seen.source = seen.source._replace(kind=_reader("scan").KIND)
        return seen
    document.notes = [note for note in document.notes if note.kind not in PICTURED] + seen.notes
    document.blocks = sorted([*document.blocks, *seen.blocks], key=_page_of)
    return document


def _page_of(block: Paragraph | Grid) -> int:
    return (block.page if isinstance(block, Grid) else block.locator.page) or 0
