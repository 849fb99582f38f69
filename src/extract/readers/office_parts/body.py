"""WordprocessingML as Word prints it: paragraphs and grids of a document part.

Rules: ECMA-376 part 1, 17.4 (tables), 17.13.5 (revisions, read as accepted), 17.16 (fields), 17.3.2.41 (hidden text).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from extract.document import MAX_GRID_CELLS, MAX_SPAN, Cell, Document, Grid, Link, Locator, Note, Paragraph, Source
from extract.readers.office_parts.celltext import clean, join_lines
from extract.readers.office_parts.numbering import Numbering, W
from extract.readers.office_parts.printed import TBL, TXBX, keep_what_prints
from extract.readers.office_parts.styles import Styles

METHOD = "docx"

P, T, TR, TC, BODY = W + "p", W + "t", W + "tr", W + "tc", W + "body"
TAB, PTAB, BR, CR, SYM = W + "tab", W + "ptab", W + "br", W + "cr", W + "sym"
HYPHEN, MATH_T = W + "noBreakHyphen", "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
PPR, TRPR, TCPR, SDT, ALT_CHUNK = W + "pPr", W + "trPr", W + "tcPr", W + "sdt", W + "altChunk"
GRID_BEFORE, GRID_SPAN, V_MERGE, H_MERGE = W + "gridBefore", W + "gridSpan", W + "vMerge", W + "hMerge"
HYPERLINK, GALLERY = W + "hyperlink", W + "docPartGallery"
BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
IMAGE_DATA = "{urn:schemas-microsoft-com:vml}imagedata"
REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
VAL = W + "val"

# Elements that hold blocks, rows or cells without being one: content controls, custom XML, text boxes set free.
_WRAPPERS = frozenset(
    [SDT, TXBX, *(W + name for name in ("sdtContent", "customXml", "smartTag", "ins", "moveTo", "txbx", "dir", "bdo"))]
)
_TEXTUAL = (P, T, TAB, PTAB, BR, CR, SYM, HYPHEN, MATH_T)
_LETTERS, _BREAKS = (T, MATH_T), (BR, CR)
_SYMBOLS = {"F0FE": "☑", "F052": "☑", "F0FC": "✓", "F0A8": "□", "F06F": "□", "F0A3": "□"}
_ATTACHMENT = re.compile(r"\.(?:docx?|wps|rtf|xlsx?|et|csv|pdf|zip|rar|png|jpe?g|html?)(?:[?#]|$)", re.IGNORECASE)
# A manual break stands for a new paragraph where the line before it ends a sentence or the next is numbered.
_SENTENCE_END = tuple("。；！？：;!?")
_NUMBERED = re.compile(
    r"[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、](?!\d)"
)


@dataclass(slots=True)
class WordPart:
    """What the body is read with: its styles, lists and relationships (id → kind, target, external)."""

    styles: Styles
    numbering: Numbering
    relations: dict[str, tuple[str, str, bool]] = field(default_factory=dict)


def read_body(root: etree._Element, part: WordPart, source: Source) -> Document:
    """The Document of a w:document root; its tree is consumed. `metadata` and `reread` are left to the caller."""
    keep_what_prints(root)
    body = _Body(part, source)
    for node in root.iterchildren(BODY):
        body.take_blocks(node)
    body.take_links(root)
    return Document(source, body.blocks, links=body.links, notes=body.notes)


def _children(node: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """The children of one tag, those inside content controls and custom XML included."""
    for child in node:
        tag = child.tag
        if tag == wanted:
            yield child
        elif tag in _WRAPPERS:
            yield from _children(child, wanted)


def _whole(node: etree._Element, attribute: str = VAL) -> int:
    """A non-negative number from an attribute, at most MAX_SPAN; 0 where there is none."""
    text = node.get(attribute, "")
    return min(int(text), MAX_SPAN) if text.isascii() and text.isdigit() and len(text) < 9 else 0


class _Body:
    """Walks a body once, in reading order."""

    def __init__(self, part: WordPart, source: Source) -> None:
        self.part, self.source = part, source
        self.blocks: list[Paragraph | Grid] = []
        self.links: list[Link] = []
        self.notes: list[Note] = []
        self._tables = 0
        self._numbered = bool(part.numbering.lists)
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
            key = node.get(REL + "embed") or node.get(REL + "link") or node.get(REL + "id") or ""
            kind, target, external = self.part.relations.get(key, ("", "", False))
            if kind == "image":
                self.links.append(Link(target, "", "image"))
            elif kind == "hyperlink" and external and _ATTACHMENT.search(target):
                self.links.append(Link(target, clean("".join(part.text or "" for part in node.iter(T))), "attachment"))

    def _take_paragraph(self, node: etree._Element, role: str) -> None:
        style, number = self._style_and_number(node)
        lines = self._lines(node)
        if number:
            lines[0] = _numbered(number, lines[0])
        role = role or self.part.styles.role(style, node)
        for text in _paragraphs_of(lines):
            self.blocks.append(Paragraph(text, self._nowhere, role))

    def _style_and_number(self, node: etree._Element) -> tuple[str, str]:
        """The style id of a paragraph and its automatic number, both "" where it has none."""
        if not len(node) or node[0].tag != PPR:
            return "", self._number_of("", None)
        style = node[0].find(W + "pStyle")
        style_id = "" if style is None else style.get(VAL, "")
        return style_id, self._number_of(style_id, node[0].find(W + "numPr"))

    def _number_of(self, style: str, properties: etree._Element | None) -> str:
        if not self._numbered:
            return ""
        list_id, level = self.part.styles.list_of(style)
        if properties is not None:
            own_list, own_level = properties.find(W + "numId"), properties.find(W + "ilvl")
            list_id = list_id if own_list is None else own_list.get(VAL, "")
            level = level if own_level is None else _whole(own_level)
        return clean(self.part.numbering.printed(list_id, level)) if list_id not in ("", "0") else ""

    def _lines(self, node: etree._Element) -> list[str]:
        """The printed lines below a paragraph or a cell, at least one: paragraphs and manual breaks part them."""
        lines: list[str] = []
        text = ""
        in_cell = node.tag != P
        for piece in node.iter(*_TEXTUAL):
            tag = piece.tag
            if tag in _LETTERS:
                text += piece.text or ""
            elif tag == P:
                if text:
                    lines.append(text)
                text = self._style_and_number(piece)[1] if in_cell and self._numbered else ""
            elif tag in _BREAKS:
                lines.append(text)
                text = ""
            elif tag == SYM:
                text += _symbol(piece.get(W + "char", ""))
            else:
                text += "-" if tag == HYPHEN else " "
        lines.append(text)
        return lines

    def _take_table(self, node: etree._Element, role: str) -> None:
        """A data table becomes a Grid, tables nested in it Grids after it; a layout table gives what it holds."""
        nested = [table for table in node.iter(TBL) if table is not node]
        if _is_one_column(node) or (nested and _text_length(node) < 2 * sum(map(_text_length, _outermost(nested)))):
            for row in _children(node, TR):
                for cell in _children(row, TC):
                    self.take_blocks(cell, role)
            return
        inner = _outermost(nested)
        for table in inner:
            parent = table.getparent()
            if parent is not None:
                parent.remove(table)
        self.blocks.append(self._grid(node))
        for table in inner:
            self._take_table(table, role)

    def _grid(self, node: etree._Element) -> Grid:
        self._tables += 1
        cells: list[Cell] = []
        above: dict[int, Cell] = {}  # the vertically merged cells of the row above, by their first grid column
        for row, row_node in enumerate(_children(node, TR)):
            if len(cells) > MAX_GRID_CELLS:
                self.notes.append(
                    Note("too_large", f"Table {self._tables} has over {MAX_GRID_CELLS} cells: cut there.")
                )
                break
            above = self._take_row(row_node, row, cells, above)
        return Grid(cells, self._tables)

    def _take_row(self, node: etree._Element, row: int, cells: list[Cell], above: dict[int, Cell]) -> dict[int, Cell]:
        col, here, last = _columns_before(node), {}, None
        for cell_node in _children(node, TC):
            if col >= MAX_SPAN:
                self.notes.append(Note("too_large", f"Table {self._tables} has a row of over {MAX_SPAN} columns: cut."))
                break
            span, vertical, horizontal = _merges(cell_node)
            text = join_lines(self._lines(cell_node))
            upper = above.get(col) if vertical == "continue" else None
            if horizontal == "continue" and (last is not None or upper is not None):
                self._tell_hidden(text, row, col)
                if last is not None:
                    last.col_span = min(last.col_span + span, MAX_SPAN)
            elif upper is not None:
                self._tell_hidden(text, row, col)
                upper.row_span, here[col], last = row - upper.row + 1, upper, None
            else:
                last = Cell(text, row, col, 1, span, self._locator(row, col))
                cells.append(last)
                if vertical:
                    here[col] = last
            col += span
        return here

    def _locator(self, row: int, col: int) -> Locator:
        return Locator(self.source.document_id, None, self._tables, row + 1, col + 1, None, METHOD)

    def _tell_hidden(self, text: str, row: int, col: int) -> None:
        if text:
            message = f"Word does not print “{text[:40]}”, which stands in a cell merged into another one: not read."
            self.notes.append(Note("hidden_text", message, self._locator(row, col)))


def _columns_before(row: etree._Element) -> int:
    properties = row.find(TRPR)
    before = None if properties is None else properties.find(GRID_BEFORE)
    return 0 if before is None else _whole(before)


def _merges(cell: etree._Element) -> tuple[int, str, str]:
    """(columns covered, vertical merge, horizontal merge) of a w:tc; a merge is "", "restart" or "continue"."""
    span, vertical, horizontal = 1, "", ""
    if len(cell) and cell[0].tag == TCPR:
        for node in cell[0].iterchildren(GRID_SPAN, V_MERGE, H_MERGE):
            if node.tag == GRID_SPAN:
                span = max(_whole(node), 1)
            elif node.tag == V_MERGE:
                vertical = "restart" if node.get(VAL) == "restart" else "continue"
            else:
                horizontal = "restart" if node.get(VAL) == "restart" else "continue"
    return span, vertical, horizontal


def _is_contents(control: etree._Element) -> bool:
    gallery = next(control.iter(GALLERY), None)
    return gallery is not None and gallery.get(VAL) == "Table of Contents"


def _is_one_column(table: etree._Element) -> bool:
    return all(sum(1 for _ in _children(row, TC)) <= 1 for row in _children(table, TR))


def _outermost(tables: list[etree._Element]) -> list[etree._Element]:
    inside = {inner for table in tables for inner in table.iterdescendants(TBL)}
    return [table for table in tables if table not in inside]


def _text_length(node: etree._Element) -> int:
    return sum(len(piece.text or "") for piece in node.iter(T))


def _symbol(char: str) -> str:
    """The character of a w:sym: of the private area (symbol fonts) only boxes and ticks mean something."""
    if char.upper() in _SYMBOLS:
        return _SYMBOLS[char.upper()]
    if not re.fullmatch("[0-9A-Fa-f]{4}", char) or "E000" <= char.upper() <= "F8FF" or "D800" <= char.upper() <= "DFFF":
        return ""
    return chr(int(char, 16))


def _numbered(number: str, text: str) -> str:
    text = text.lstrip()
    return f"{number} {text}" if number[-1:].isdigit() and text[:1].isdigit() else number + text


def _paragraphs_of(lines: list[str]) -> Iterator[str]:
    """Lines parted by manual breaks: joined where a break only wraps, kept apart where it makes a paragraph."""
    joined: list[str] = []
    for line in map(clean, lines):
        if not line:
            continue
        if joined and (joined[-1].endswith(_SENTENCE_END) or _NUMBERED.match(line)):
            yield join_lines(joined)
            joined = []
        joined.append(line)
    if joined:
        yield join_lines(joined)
