"""DOCX: paragraphs and tables of the main document part. The second reading goes through its tags without a tree."""

from __future__ import annotations

from extract.document import Document, Source
from extract.readers.office_parts.package import ZIP_MAGIC, main_kind
from extract.readers.office_parts.word import read_word

KIND = "docx"

_SUFFIXES = (".docx", ".docm", ".dotx", ".doc", ".wps")


def sniffs(head: bytes, suffix: str) -> bool:
    """Whether the bytes begin a zip with a Word document; the suffix decides where the zip does not tell."""
    kind = main_kind(head)
    return kind == "word" or (kind == "" and head.startswith(ZIP_MAGIC) and suffix.lower() in _SUFFIXES)


def read(source: Source, data: bytes) -> Document:
    """The Document of DOCX bytes. Raises Unreadable where they are damaged, protected, hostile or no Word document."""
    return read_word(source, data)
