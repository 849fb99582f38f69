"""The body of OpenDocument text as blocks: paragraphs, tables with their merged cells, tables in text boxes and in cells.

Rules: OpenDocument 1.3 part 3, chapters 5 (text), 6 (what stands in a paragraph) and 9.1 (tables). Deleted text lies in
text:tracked-changes, apart from the body, and is left out: changes count as accepted.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from extract.document import MAX_GRID_CELLS, MAX_SPAN, Cell, Document, Grid, Locator, Note, Paragraph
from extract.readers.office_parts.celltext import clean, join_lines

METHOD = "docx"
MAX_DEPTH = 60
MAX_REPEATED = 200

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_PARAGRAPHS = {_TEXT + "p": "body", _TEXT + "h": "heading"}
_MARKS = {_TEXT + "tab": " ", _TEXT + "line-break": "\n"}
_SPACE, _BOX = _TEXT + "s", _DRAW + "text-box"
_SILENT = {_TEXT + "tracked-changes", _TEXT + "note", _OFFICE + "annotation", _TEXT + "ruby-text"}
_ROW, _CELL, _COVERED = _TABLE + "table-row", _TABLE + "table-cell", _TABLE + "covered-table-cell"
_ROW_GROUPS = {_TABLE + name for name in ("table-header-rows", "table-rows", "table-row-group")}


def read_body(body: etree._Element, document: Document) -> None:
    """Append the blocks of an office:text element to the document."""
    _Body(document).take(body, 0)


def printed(node: etree._Element, boxes: list[etree._Element], depth: int = 0) -> str:
    """The text of a paragraph, line breaks as newlines; the text boxes that hang in it go to `boxes`."""
    text = node.text or ""
    for child in node:
        tag = str(child.tag)
        if tag == _SPACE:
            text += " "
        elif tag in _MARKS:
            text += _MARKS[tag]
        elif tag == _BOX:
            boxes.append(child)
        elif tag not in _SILENT and depth < MAX_DEPTH:
            text += printed(child, boxes, depth + 1)
        text += child.tail or ""
    return text


@dataclass(slots=True)
class _Body:
    """Goes down the body once, in reading order."""

    document: Document
    _tables: int = 0

    def take(self, node: etree._Element, depth: int) -> None:
        if depth > MAX_DEPTH:
            self.document.notes.append(Note("too_large", f"Text nested more than {MAX_DEPTH} deep is not read."))
            return
        for child in node:
            tag = str(child.tag)
            if tag in _PARAGRAPHS:
                self._take_paragraph(child, _PARAGRAPHS[tag], depth)
            elif tag == _TABLE + "table":
                self._take_table(child, depth)
            elif tag not in _SILENT:
                self.take(child, depth + 1)

    def _take_paragraph(self, node: etree._Element, role: str, depth: int) -> None:
        boxes: list[etree._Element] = []
        text = join_lines(printed(node, boxes).split("\n"))
        if text:
            locator = Locator(self.document.source.document_id, None, None, None, None, None, METHOD)
            self.document.blocks.append(Paragraph(text, locator, role))
        for box in boxes:
            self.take(box, depth + 1)

    def _take_table(self, node: etree._Element, depth: int) -> None:
        self._tables += 1
        table = _Table(self.document, self._tables)
        table.take_rows(node)
        self.document.blocks.append(Grid(table.cells, self._tables))
        if depth < MAX_DEPTH:
            for inner in table.nested:
                self._take_table(inner, depth + 1)


@dataclass(slots=True)
class _Table:
    """The cells of one table, and the tables and text boxes found inside them."""

    document: Document
    number: int
    cells: list[Cell] = field(default_factory=list)
    nested: list[etree._Element] = field(default_factory=list)
    _row: int = 0

    def take_rows(self, node: etree._Element) -> None:
        for child in node:
            if child.tag in _ROW_GROUPS:
                self.take_rows(child)
            elif child.tag == _ROW:
                for _ in range(min(_number(child, "number-rows-repeated"), MAX_REPEATED)):
                    self._take_row(child)

    def _take_row(self, node: etree._Element) -> None:
        if len(self.cells) > MAX_GRID_CELLS:
            return
        col = 0
        for cell in node.iterchildren(_CELL, _COVERED):
            times = min(_number(cell, "number-columns-repeated"), MAX_REPEATED)
            if cell.tag == _CELL:
                for place in range(col, col + times):
                    self._add(cell, place)
            col += times
        self._row += 1

    def _add(self, node: etree._Element, col: int) -> None:
        lines: list[str] = []
        self._gather(node, lines, 0)
        rows, columns = (min(_number(node, f"number-{name}-spanned"), MAX_SPAN) for name in ("rows", "columns"))
        locator = Locator(self.document.source.document_id, None, self.number, self._row + 1, col + 1, None, METHOD)
        self.cells.append(Cell(join_lines(map(clean, lines)), self._row, col, rows, columns, locator))

    def _gather(self, node: etree._Element, lines: list[str], depth: int) -> None:
        """The lines of a cell; lists and sections in it are gone through, tables in it become tables of their own."""
        for child in node:
            tag = str(child.tag)
            if tag in _PARAGRAPHS:
                boxes: list[etree._Element] = []
                lines.extend(printed(child, boxes).split("\n"))
                for box in boxes:
                    self._gather(box, lines, depth + 1)
            elif tag == _TABLE + "table":
                self.nested.append(child)
            elif tag not in _SILENT and depth < MAX_DEPTH:
                self._gather(child, lines, depth + 1)


def _number(node: etree._Element, name: str) -> int:
    text = node.get(_TABLE + name, "1")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 9 else 1
