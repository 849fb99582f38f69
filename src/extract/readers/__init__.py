"""The readers' door: which reader a file belongs to, by its content. A new kind of document is one module more in this list."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from ..document import Document, Source, Unreadable

HEAD = 8192

# Asked in this order. Text comes last: anything textual is text. Modules are imported when the first file of their kind arrives.
READERS = ("pdf", "docx", "html", "text")
UNREADABLE_KINDS = (
    (b"PK\x03\x04", "an archive or office file that is neither DOCX nor a spreadsheet: unpack it and put the documents in its place"),
    (b"%PDF-", "a PDF: this kind cannot be read yet"),
    (b"Rar!", "an archive: unpack it and put the documents in its place"),
    (b"7z\xbc\xaf", "an archive: unpack it and put the documents in its place"),
)


def reader_for(data: bytes, suffix: str) -> ModuleType:
    """The reader of this content. Raises Unreadable with what to do where no reader knows it."""
    head = data[:HEAD]
    for name in READERS:
        reader = import_module(f".{name}", __name__)
        if reader.sniffs(head, suffix):
            return reader
    for magic, message in UNREADABLE_KINDS:
        if head.startswith(magic):
            raise Unreadable(message)
    raise Unreadable(f"unknown kind of file ({suffix or 'no suffix'}): if it is a report, save it as PDF, DOCX or HTML")


def read(source: Source, data: bytes) -> Document:
    """Read one file by the reader of its kind; `document.source.kind` names it. Raises Unreadable."""
    suffix = "." + source.path.rsplit(".", 1)[-1].lower() if "." in source.path.rsplit("/", 1)[-1] else ""
    reader = reader_for(data, suffix)
    return reader.read(source._replace(kind=reader.KIND), data)  # type: ignore[no-any-return]
