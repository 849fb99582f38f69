"""OpenDocument text (.odt): paragraphs and tables of content.xml. The second reading goes through its tags without a tree."""

from __future__ import annotations

from functools import partial

from extract.document import Document, Source, Unreadable
from extract.readers.office_parts.celltext import clean
from extract.readers.office_parts.openflat import flatten_open_text
from extract.readers.office_parts.opentext import read_body
from extract.readers.office_parts.package import Package, main_kind

KIND = "odt"

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"


def sniffs(head: bytes, suffix: str) -> bool:
    """Whether the bytes begin a zip whose first member says that it is OpenDocument text."""
    return main_kind(head) == "open text"


def read(source: Source, data: bytes) -> Document:
    """The Document of OpenDocument bytes. Raises Unreadable where they are damaged, protected, hostile or without text."""
    package = Package(data)
    body = package.xml("content.xml").find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise Unreadable("The file holds no text document: open it in an office program and save it anew.")
    document = Document(source, [], _metadata(package))
    read_body(body, document)
    if not document.blocks:
        raise Unreadable("The document holds no text: it is empty or damaged.")
    document.reread = partial(flatten_open_text, data)
    return document


def _metadata(package: Package) -> dict[str, str]:
    if "meta.xml" not in package:
        return {}
    meta = package.xml("meta.xml")
    found = {
        key: meta.findtext(f".//{_DUBLIN_CORE}{name}") for key, name in (("title", "title"), ("author", "creator"))
    }
    return {key: clean(text) for key, text in found.items() if text and clean(text)}
