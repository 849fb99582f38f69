"""The body of a WordprocessingML document as Word prints it: paragraphs and grids in reading order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from extract.document import Document, Grid, Link, Locator, Note, Paragraph, Source
from extract.readers.office_parts.celltext import clean
from extract.readers.office_parts.numbering import Numbering, W
from extract.readers.office_parts.placement import grid_of, placed, placement_of
from extract.readers.office_parts.placing import METHOD, Placing
from extract.readers.office_parts.plain import PlainTable
from extract.readers.office_parts.printed import TBL, TXBX, keep_what_prints
from extract.readers.office_parts.styles import Styles
from extract.readers.office_parts.table import PPR, TC, TR, VAL, TableReader, whole_number
from extract.readers.office_parts.text import P, T, lines_of, paragraphs_of

SDT, ALT_CHUNK = W + "sdt", W + "altChunk"
STYLE, LIST, OUTLINE = W + "pStyle", W + "numPr", W + "outlineLvl"
HYPERLINK, GALLERY = W + "hyperlink", W + "docPartGallery"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
INLINE_FRAME, ANCHOR_FRAME = DRAWING + "inline", DRAWING + "anchor"
LARGE_PICTURE = 7_560_000 * 10_692_000 // 10  # a tenth of A4, in square EMU (360,000 a centimetre)
BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
IMAGE_DATA = "{urn:schemas-microsoft-com:vml}imagedata"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

# Elements that hold blocks, rows or cells without being one: content controls, custom XML, text boxes set free.
_WRAPPERS = frozenset([SDT, TXBX, *(W + name for name in ("sdtContent", "customXml", "smartTag", "ins", "moveTo"))])
_ATTACHMENT = re.compile(r"\.(?:docx?|wps|rtf|xlsx?|et|csv|pdf|zip|rar|png|jpe?g|html?)(?:[?#]|$)", re.IGNORECASE)
_HEADING_LEVELS = tuple("012345678")  # 9 is body text (17.3.1.20)


@dataclass(slots=True)
class WordPart:
    """What the body is read with: its styles, its lists (loaded when first met), its relationships by id
    (kind, target, external), the tables that were taken out of it before."""

    styles: Styles
    load_numbering: Callable[[], Numbering]
    relations: dict[str, tuple[str, str, bool]] = field(default_factory=dict)
    plain_tables: list[PlainTable] = field(default_factory=list)


def read_body(root: etree._Element, part: WordPart, source: Source) -> Document:
    """The Document of a w:document root; its tree is consumed. `metadata` and `reread` are left to the caller."""
    struck = keep_what_prints(root)
    body = _Body(part, source)
    if struck:
        message = f"{struck} characters are struck through or raised marks of notes, and were left out."
        body.notes.append(Note("struck_text", message))
    for node in root.iterchildren(W + "body"):
        body.take_blocks(node)
    body.take_links(root)
    return Document(source, body.blocks, links=body.links, notes=body.notes)


class _Body:
    """Walks a body once, in reading order."""

    def __init__(self, part: WordPart, source: Source) -> None:
        self.blocks: list[Paragraph | Grid] = []
        self.links: list[Link] = []
        self.notes: list[Note] = []
        self._part, self._document_id = part, source.document_id
        self._tables = 0
        self._numbering: Numbering | None = None
        self._nowhere = Locator(source.document_id, None, None, None, None, None, METHOD)

    def take_blocks(self, node: etree._Element, role: str = "") -> None:
        """Take the paragraphs and tables below a container; `role`, where given, overrules the paragraphs' styles."""
        for child in node:
            tag = child.tag
            if tag == P:
                self._take_paragraph(child, role)
            elif tag == TBL:
                self._take_table(child, role)
            elif tag in _WRAPPERS:
                self.take_blocks(child, "furniture" if tag == SDT and _is_contents(child) else role)
            elif tag == ALT_CHUNK:
                self.notes.append(Note("embedded", "The document embeds another file (altChunk) that is not read."))

    def take_links(self, root: etree._Element) -> None:
        """Take the pictures and the files that the body points to."""
        for node in root.iter(BLIP, IMAGE_DATA, HYPERLINK):
            key = node.get(RELATION + "embed") or node.get(RELATION + "link") or node.get(RELATION + "id") or ""
            kind, target, external = self._part.relations.get(key, ("", "", False))
            if kind == "image":
                self.links.append(Link(target, "", "image"))
                if _is_large(node):
                    message = f"A large picture ({target}) was not read: it may be a table."
                    self.notes.append(Note("picture", message, self._nowhere))
            elif kind == "hyperlink" and external and _ATTACHMENT.search(target):
                self.links.append(Link(target, clean("".join(part.text or "" for part in node.iter(T))), "attachment"))

    def _take_paragraph(self, node: etree._Element, role: str) -> None:
        own_role, number = self._role_and_number(node)
        lines = lines_of(node)
        if number:
            lines[0] = _numbered(number, lines[0])
        for text in paragraphs_of(lines):
            self.blocks.append(Paragraph(text, self._nowhere, role or own_role))

    def _role_and_number(self, node: etree._Element) -> tuple[str, str]:
        """The role of a paragraph by its style or its own outline level, and its automatic number or ""."""
        if not len(node) or node[0].tag != PPR:
            return "body", ""
        style_id, listed, outline = "", None, False
        for child in node[0]:
            tag = child.tag
            if tag == STYLE:
                style_id = child.get(VAL, "")
            elif tag == LIST:
                listed = child
            elif tag == OUTLINE:
                outline = child.get(VAL, "9") in _HEADING_LEVELS
        style = self._part.styles.style(style_id)
        list_id, level = style.list_id, style.level
        if listed is not None:
            own_list, own_level = listed.find(W + "numId"), listed.find(W + "ilvl")
            list_id = list_id if own_list is None else own_list.get(VAL, "")
            level = level if own_level is None else whole_number(own_level)
        number = self._printed_number(list_id, level) if list_id not in ("", "0") else ""
        return style.role or ("heading" if outline else "body"), number

    def _number_of(self, node: etree._Element) -> str:
        return self._role_and_number(node)[1]

    def _printed_number(self, list_id: str, level: int) -> str:
        if self._numbering is None:
            self._numbering = self._part.load_numbering()
        return clean(self._numbering.printed(list_id, level))

    def _take_table(self, node: etree._Element, role: str) -> None:
        """A data table becomes a Grid, tables nested in it Grids after it; a layout table gives what it holds."""
        plain = node.get("plain", "")
        if plain.isdecimal() and int(plain) < len(self._part.plain_tables):
            self._take_plain_table(self._part.plain_tables[int(plain)])
            return
        nested = _outermost([table for table in node.iter(TBL) if table is not node])
        if _is_one_column(node) or (nested and _text_length(node) < 2 * sum(map(_text_length, nested))):
            for row in _children(node, TR):
                for cell in _children(row, TC):
                    self.take_blocks(cell, role)
            return
        for table in nested:
            parent = table.getparent()
            if parent is not None:
                parent.remove(table)
        self._tables += 1
        reader = TableReader(self._document_id, self._tables, self._part.styles, self._number_of)
        self.blocks.append(reader.read(node))
        self.notes.extend(reader.notes)
        for table in nested:
            self._take_table(table, role)

    def _take_plain_table(self, table: PlainTable) -> None:
        self._tables += 1
        texts = table.texts
        placement = placement_of(table.places, table.starts, table.widths)
        if placement is None or any(texts[at] for at in placement.hidden):  # there is something to tell
            placing = placed(texts, table.places, table.starts, Placing(self._document_id, self._tables))
            self.blocks.append(placing.grid(table.widths))
            self.notes.extend(placing.notes)
        else:
            self.blocks.append(grid_of(texts, placement, self._document_id, self._tables))


def _children(node: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """The children of one tag, those inside content controls and custom XML included."""
    for child in node:
        tag = child.tag
        if tag == wanted:
            yield child
        elif tag in _WRAPPERS:
            yield from _children(child, wanted)


def _is_contents(control: etree._Element) -> bool:
    gallery = next(control.iter(GALLERY), None)
    return gallery is not None and gallery.get(VAL) == "Table of Contents"


def _is_one_column(table: etree._Element) -> bool:
    """Whether no row has a second cell: such a table frames prose."""
    for row in _children(table, TR):
        cells = _children(row, TC)
        if next(cells, None) is not None and next(cells, None) is not None:
            return False
    return True


def _is_large(picture: etree._Element) -> bool:
    """Whether a picture's frame (20.4.2.7) takes a tenth of a page of A4 or more."""
    frame = next(picture.iterancestors(INLINE_FRAME, ANCHOR_FRAME), None)
    extent = None if frame is None else frame.find(DRAWING + "extent")
    if extent is None:
        return False
    sides = extent.get("cx", ""), extent.get("cy", "")
    return all(side.isdecimal() and len(side) < 12 for side in sides) and int(sides[0]) * int(sides[1]) >= LARGE_PICTURE


def _outermost(tables: list[etree._Element]) -> list[etree._Element]:
    inside = {inner for table in tables for inner in table.iterdescendants(TBL)}
    return [table for table in tables if table not in inside]


def _text_length(node: etree._Element) -> int:
    """How many characters stand below a node, those of plain tables included."""
    taken = sum(int(table.get("length", "0")) for table in node.iter(TBL))
    return taken + sum(len(piece.text or "") for piece in node.iter(T))


def _numbered(number: str, text: str) -> str:
    text = text.lstrip()
    return f"{number} {text}" if number[-1:].isdigit() and text[:1].isdigit() else number + text
