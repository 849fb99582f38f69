"""A WordprocessingML package as a Document: finds its parts, reads its body, and can read it a second way."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from functools import partial

from extract.document import Document, Note, Source, Unreadable
from extract.readers.office_parts.body import WordPart, read_body
from extract.readers.office_parts.celltext import clean
from extract.readers.office_parts.flat import flatten
from extract.readers.office_parts.numbering import Numbering, W, read_numbering
from extract.readers.office_parts.package import Package, Relation, in_transitional_utf8, parse_xml
from extract.readers.office_parts.plain import take_plain_tables
from extract.readers.office_parts.printed import without_bulk
from extract.readers.office_parts.styles import Styles

_OBJECTS = frozenset(["package", "oleObject", "subDocument"])
_ASIDE = frozenset(["header", "footer", "footnotes", "endnotes", "comments"])
_STATED = re.compile(r"<(?:\w+:)?(title|creator)(?:\s[^<>]*)?>([^<]*)<")
_MAIN_TYPE = re.compile(rb'PartName="([^"]+)"\s+ContentType="[^"]*(?:wordprocessing|ms-word)[\w.]*main\+xml"')


def read_word(source: Source, data: bytes) -> Document:
    """The Document of a WordprocessingML package. Raises Unreadable where it is damaged, hostile or another kind."""
    package = Package(data)
    package_relations = package.relations("")
    main = _main_part(package, package_relations)
    relations = package.relations(main)
    style_part = _part_of_kind(package, relations, "styles")
    document = read_body_of(
        source,
        in_transitional_utf8(package.read(main)),
        lambda: in_transitional_utf8(package.read(style_part)) if style_part else b"",
        lambda: _numbering(package, relations),
        relations,
    )
    document.notes.extend(_unread_parts(package, relations, bool(document.grids())))
    document.metadata = _metadata(package, package_relations)
    return document


def read_body_of(
    source: Source,
    content: bytes,
    load_styles: Callable[[], bytes],
    load_numbering: Callable[[], Numbering] = Numbering,
    relations: dict[str, Relation] | None = None,
) -> Document:
    """The Document of the bytes of a main part, in UTF-8 and transitional; `load_styles` gives the bytes of its styles."""
    styles = Styles(load_styles)
    lean, tables = take_plain_tables(content, lambda style: bool(styles.style(style).list_id))
    root = parse_xml(without_bulk(lean), "word/document.xml")
    if root.tag != W + "document":
        raise Unreadable(f"The main part of the file is a <{root.tag.rpartition('}')[2]}>, not a Word document.")
    document = read_body(root, WordPart(styles, load_numbering, {**(relations or {})}, tables), source)
    document.reread = partial(flatten, content)
    return document


def _unread_parts(package: Package, relations: dict[str, Relation], has_tables: bool) -> Iterator[Note]:
    """Objects of other programs, and, where the body has no table, the tables of headers, footers and notes."""
    for relation in relations.values():
        if relation.kind in _OBJECTS:
            yield Note(
                "embedded", f"The document embeds another program's object ({relation.target}) that is not read."
            )
        elif has_tables or relation.kind not in _ASIDE or relation.target not in package:
            continue
        elif b"<w:tbl>" in package.read(relation.target):
            yield Note("embedded", f"A table stands in {relation.target}, outside the body: it is not read.")


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
    stated = package.read(name).decode("utf-8", "replace")
    found = {key: html.unescape(text) for key, text in _STATED.findall(stated)}
    named = {"title": found.get("title", ""), "author": found.get("creator", "")}
    return {key: clean(text) for key, text in named.items() if clean(text)}
