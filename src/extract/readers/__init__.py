"""The readers' door: which reader a file belongs to, by its content and not its name. A new kind of document is one module more in the list."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import Any

from ..document import Document, Grid, Note, Paragraph, Source, Unreadable

HEAD = 8192

# Asked in this order. Text comes last: anything textual is text. A module is imported when the first file that may be its own arrives.
READERS = ("pdf", "docx", "wordxml", "odt", "rtf", "legacy", "sheet", "scan", "html", "markdown", "text")
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Word, WPS and Excel before 2007 share this container
ZIP = b"PK\x03\x04"
# What stands at the beginning of every file of some kinds, behind blanks or other matter: without it their readers, which bring much along, are not
# even asked.
SIGNS = {"pdf": b"%PDF-", "docx": ZIP, "wordxml": b"<?xml", "odt": ZIP, "rtf": b"{\\rtf", "legacy": COMPOUND}
BEGINNING = 1024  # bytes
BLANKS = b"\xef\xbb\xbf \t\r\n"  # a byte order mark among them
PICTURE = (b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"GIF8", b"RIFF", b"BM")
ESCAPED_TABLE = b"&lt;t"
TABLE = re.compile(rb"<table\b", re.IGNORECASE)
WRITTEN_LATER = (b"<script", b"<SCRIPT", b"<textarea", b"<TEXTAREA")
PREFORMATTED = (b"<pre", b"<PRE")
TEXTUAL = ("html", "markdown", "text")
MOST_TEXT = 64 * 2**20  # bytes; more takes minutes and gigabytes, and is no report
MAY_BE_MHTML = (b"mime-version", b"from:", b"content-type: multipart")
PICTURED = frozenset({"scanned_page", "no_text_layer"})  # what the PDF reader says of pages that only a picture tells
UNREADABLE_KINDS = (
    (b"Rar!", "an archive: unpack it and put the documents in its place"),
    (b"7z\xbc\xaf", "an archive: unpack it and put the documents in its place"),
    (b"\x1f\x8b", "an archive: unpack it and put the documents in its place"),
    (b"BZh", "an archive: unpack it and put the documents in its place"),
    (b"\xfd7zXZ", "an archive: unpack it and put the documents in its place"),
)  # fmt: skip


def read(source: Source, data: bytes) -> Document:
    """Read one file by the reader of its kind; `document.source.kind` names it. Raises Unreadable with what to do where no reader knows it."""
    document = _read_known(source, data, _suffix(source.path))
    if document is None and data.startswith(ZIP):
        packed = import_module(".office_parts.archive", __name__).only_document(data)
        document = _read_known(source, packed.data, _suffix(packed.name))
    if document is None:
        raise Unreadable(_unknown(source, data))
    return document


def _read_known(source: Source, data: bytes, suffix: str) -> Document | None:
    """The document of bytes that a reader knows; None where none does."""
    head = data[:HEAD]
    if head.lstrip()[:60].lower().startswith(MAY_BE_MHTML):
        data = _html_of_archive(head, data)
        head = data[:HEAD]
    if head.startswith(COMPOUND):
        return _read_compound(source, data)
    begins = head.lstrip(BLANKS)[:BEGINNING]
    name = next((name for name in READERS if _may_be(name, begins) and _reader(name).sniffs(head, suffix)), "")
    return _read_by(name, source, data) if name else None


def _may_be(name: str, begins: bytes) -> bool:
    """Whether a file that begins like this may be of this reader's kind, so that it is worth importing."""
    if name == "scan":
        return begins.startswith(PICTURE)
    return name not in SIGNS or SIGNS[name] in begins


def _unknown(source: Source, data: bytes) -> str:
    for magic, message in UNREADABLE_KINDS:
        if data.startswith(magic):
            return message
    suffix = _suffix(source.path) or "no suffix"
    return f"unknown kind of file ({suffix}): if it is a report, save it as PDF, DOCX or HTML"


def _suffix(path: str) -> str:
    name = path.rsplit("/", 1)[-1]
    return "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""


@cache
def _reader(name: str) -> Any:
    return import_module(f".{name}", __name__)


def _read_by(name: str, source: Source, data: bytes) -> Document:
    if name in TEXTUAL and len(data) > MOST_TEXT:
        raise Unreadable(
            f"a text or page of more than {MOST_TEXT // 2**20} MB: no report is that large; save the report alone"
        )
    door = {"pdf": _read_pdf, "docx": _read_word, "html": _read_html}.get(name)
    if door is not None:
        return door(source, data)
    return _read_lines(name, source, data) if name in ("markdown", "text") else _by(name, source, data)


def _by(name: str, source: Source, data: bytes, kind: str = "") -> Document:
    reader = _reader(name)
    document: Document = reader.read(source._replace(kind=kind or reader.KIND), data)
    return document


def _read_lines(name: str, source: Source, data: bytes) -> Document:
    """Text and Markdown: by the HTML reader where tables stand in it as HTML, which many conversion tools write, and so do
    content systems that hand out a page as JSON."""
    if data[:HEAD].lstrip(BLANKS).startswith((b"{", b"[")):
        page = import_module(".office_parts.wrapped", __name__).page_in_json(data)
        if page is not None:
            return _by("html", source, page, _reader(name).KIND)
    markup = import_module(".office_parts.pagemarkup", __name__)
    if markup.has_tables(data):
        return _by("html", source, markup.page_of(data), _reader(name).KIND)
    if name == "text" and _reader("markdown").holds_table(data):
        name = "markdown"
    return _by(name, source, data)


def _read_word(source: Source, data: bytes) -> Document:
    """A Word document; where it is only the frame of a page that it takes in, that page."""
    document = _by("docx", source, data)
    if document.blocks:
        return document
    page = import_module(".office_parts.wrapped", __name__).page_in_word(data)
    return document if page is None else _by("html", source, page, _reader("docx").KIND)


def _read_html(source: Source, data: bytes) -> Document:
    """A page; where its tables are lines of text, by the text reader, and without places in a file that has no such lines."""
    if TABLE.search(data):  # then neither its tags nor its tables are text
        return _read_shown(source, data)
    if ESCAPED_TABLE in data:
        data = import_module(".office_parts.wrapped", __name__).escaped_page(data) or data
    document = _read_shown(source, data)
    if not any(tag in data for tag in PREFORMATTED):
        return document
    preformatted = import_module(".html_parts.preformatted", __name__)
    text = preformatted.lines_of(data)
    if text is None:
        return document
    plain = _by("text", source, text.encode("utf-8", "replace"), document.source.kind)
    if plain.grids():
        document.blocks, document.reread = preformatted.without_lines(plain.blocks), plain.reread
    return document


def _read_shown(source: Source, data: bytes) -> Document:
    """A page; where it shows no table, the one that its scripts or text fields hold."""
    try:
        document = _by("html", source, data)
    except Unreadable:
        page = import_module(".office_parts.wrapped", __name__).page_in_script(data)
        if page is None:
            raise
        return _by("html", source, page)
    if not document.grids() and any(mark in data for mark in WRITTEN_LATER):
        page = import_module(".office_parts.wrapped", __name__).page_in_script(data)
        return document if page is None else _by("html", source, page)
    return document


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
