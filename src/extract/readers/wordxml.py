"""Word documents saved as one XML file: Word 2003 XML, and the flat form of DOCX. Read as DOCX once their body is found."""

from __future__ import annotations

from extract.document import Document, Source
from extract.readers.office_parts.word import read_body_of
from extract.readers.office_parts.wordxml import MARKS, main_part

KIND = "wordxml"


def sniffs(head: bytes, suffix: str) -> bool:
    """Whether the bytes begin an XML file in one of Word's own vocabularies, whatever the file is called."""
    return head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml") and any(mark in head for mark in MARKS)


def read(source: Source, data: bytes) -> Document:
    """The Document of Word's XML. Raises Unreadable where it is broken or holds no document."""
    return read_body_of(source, main_part(data), lambda: data)
