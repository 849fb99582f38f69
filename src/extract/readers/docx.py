"""DOCX: the main document part, read from its XML. The second reading goes through it tag by tag, without a tree."""

from __future__ import annotations

import re

from extract.document import Document, Source
from extract.readers.office_parts.body import WordPart, read_body
from extract.readers.office_parts.celltext import clean
from extract.readers.office_parts.flat import flatten
from extract.readers.office_parts.numbering import Numbering, read_numbering
from extract.readers.office_parts.package import Package, Relation, in_transitional_utf8, main_kind, parse_xml
from extract.readers.office_parts.printed import without_bulk
from extract.readers.office_parts.styles import Styles

KIND = "docx"

_SUFFIXES = (".docx", ".docm", ".dotx", ".doc", ".wps")
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
_MAIN_TYPE = re.compile(rb'PartName="([^"]+)"\s+ContentType="[^"]*(?:wordprocessing|ms-word)[\w.]*main\+xml"')


def sniffs(head: bytes, suffix: str) -> bool:
    """Whether the bytes begin a zip with a Word document; the suffix decides where the zip does not tell."""
    kind = main_kind(head)
    return kind == "word" or (kind == "" and head.startswith(b"PK\x03\x04") and suffix.lower() in _SUFFIXES)


def read(source: Source, data: bytes) -> Document:
    """The Document of DOCX bytes. Raises Unreadable where they are damaged, protected, hostile or no Word document."""
    package = Package(data)
    package_relations = package.relations("")
    main = _main_part(package, package_relations)
    relations = package.relations(main)
    styles = _part_of_kind(package, relations, "styles")
    part = WordPart(
        Styles(lambda: in_transitional_utf8(package.read(styles)) if styles else b""),
        lambda: _numbering(package, relations),
        {**relations},
    )
    document = read_body(parse_xml(without_bulk(package.read(main)), main), part, source)
    document.metadata = _metadata(package, package_relations)
    document.reread = lambda: flatten(package.read(main))
    return document


def _main_part(package: Package, relations: dict[str, Relation]) -> str:
    """The name of the main part: by the package's relationships, else by its content types, else the usual one."""
    for relation in relations.values():
        if relation.kind == "officeDocument" and relation.target in package:
            return relation.target
    if "[Content_Types].xml" in package:
        found = _MAIN_TYPE.search(package.read("[Content_Types].xml"))
        if found:
            return found[1].decode("utf-8", "replace").lstrip("/")
    return "word/document.xml"


def _part_of_kind(package: Package, relations: dict[str, Relation], kind: str) -> str:
    for relation in relations.values():
        if relation.kind == kind and not relation.external and relation.target in package:
            return relation.target
    return ""


def _numbering(package: Package, relations: dict[str, Relation]) -> Numbering:
    name = _part_of_kind(package, relations, "numbering")
    return read_numbering(package.xml(name)) if name else Numbering()


def _metadata(package: Package, relations: dict[str, Relation]) -> dict[str, str]:
    name = _part_of_kind(package, relations, "core-properties")
    if not name:
        return {}
    root = package.xml(name)
    found = {"title": root.findtext(_DUBLIN_CORE + "title"), "author": root.findtext(_DUBLIN_CORE + "creator")}
    return {key: clean(text) for key, text in found.items() if text and clean(text)}
