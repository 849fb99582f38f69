"""One table of WordprocessingML as a Grid: its elements once, in document order.

Rules: ECMA-376 part 1, 17.4. w:gridSpan counts columns of the table grid, w:vMerge and w:hMerge restart or continue
a merged cell, w:gridBefore leaves columns free at the left. Nested tables must be out of the tree before.
"""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from extract.document import MAX_GRID_CELLS, MAX_SPAN, Cell, Grid, Locator, Note
from extract.readers.office_parts.celltext import clean, join_lines
from extract.readers.office_parts.numbering import W
from extract.readers.office_parts.styles import Styles
from extract.readers.office_parts.text import BR, CR, INLINE, P, T, symbol_or_mark

METHOD = "docx"
TR, TC, PPR, VAL = W + "tr", W + "tc", W + "pPr", W + "val"
_GRID_BEFORE, _GRID_SPAN, _V_MERGE, _H_MERGE = W + "gridBefore", W + "gridSpan", W + "vMerge", W + "hMerge"
_STYLE, _NUMBER = W + "pStyle", W + "numPr"
SLIVER = 25  # twips, 0.44 mm
_WIDTHS = f"{W}tblGrid/{W}gridCol"
_LINE_STARTS, _NUMBERING = (P, BR, CR), (_STYLE, _NUMBER)
_EVENTS = (TR, TC, P, *INLINE, _GRID_BEFORE, _GRID_SPAN, _V_MERGE, _H_MERGE, _STYLE, _NUMBER)


def whole_number(node: etree._Element) -> int:
    """The non-negative number of a w:val, at most MAX_SPAN; 0 where there is none."""
    text = node.get(VAL, "")
    return min(int(text), MAX_SPAN) if text.isascii() and text.isdigit() and len(text) < 9 else 0


class TableReader:
    """Reads one w:tbl. `number_of` gives the automatic number of a paragraph, "" where it has none."""

    def __init__(
        self, document_id: str, table: int, styles: Styles, number_of: Callable[[etree._Element], str]
    ) -> None:
        self.notes: list[Note] = []
        self._document_id, self._table = document_id, table
        self._styles, self._number_of = styles, number_of
        self._cells: list[Cell] = []
        self._row, self._col = -1, 0
        self._above: dict[int, Cell] = {}  # vertically merged cells of the row above, by their first column
        self._here: dict[int, Cell] = {}
        self._last: Cell | None = None  # the cell of this row that a horizontal merge may widen
        self._span, self._vertical, self._horizontal = 1, "", ""
        self._open = False

    def read(self, node: etree._Element) -> Grid:
        """The Grid of a w:tbl, whose cells are located in this document and table."""
        lines: list[str] = []
        text = ""
        for piece in node.iter(*_EVENTS):
            tag = piece.tag
            if tag == T:
                text += piece.text or ""
            elif tag in _LINE_STARTS:
                if text:
                    lines.append(text)
                    text = ""
            elif tag == TC:
                self._end_cell(lines, text)
                lines, text, self._open = [], "", True
            elif tag == TR:
                self._end_cell(lines, text)
                lines, text = [], ""
                self._begin_row()
                if len(self._cells) > MAX_GRID_CELLS:
                    self._tell_too_large(f"over {MAX_GRID_CELLS} cells")
                    break
            elif tag in INLINE:
                text += symbol_or_mark(piece)
            elif tag in _NUMBERING:
                text = text or self._automatic_number(piece)
            else:
                self._take_property(piece, tag)
        self._end_cell(lines, text)
        return Grid(_without_slivers(self._cells, node), self._table)

    def _take_property(self, node: etree._Element, tag: str) -> None:
        if tag == _GRID_SPAN:
            self._span = max(whole_number(node), 1)
        elif tag == _GRID_BEFORE:
            self._col = whole_number(node)
        elif tag == _V_MERGE:
            self._vertical = "restart" if node.get(VAL) == "restart" else "continue"
        else:
            self._horizontal = "restart" if node.get(VAL) == "restart" else "continue"

    def _automatic_number(self, node: etree._Element) -> str:
        """The number of the paragraph that a w:numPr or a w:pStyle belongs to, asked once for each paragraph."""
        properties = node.getparent()
        if properties is None or properties.tag != PPR:
            return ""
        if node.tag == _STYLE and (
            not self._styles.style(node.get(VAL, "")).list_id or properties.find(_NUMBER) is not None
        ):
            return ""
        paragraph = properties.getparent()
        return "" if paragraph is None else self._number_of(paragraph)

    def _begin_row(self) -> None:
        self._row, self._col, self._last = self._row + 1, 0, None
        self._above, self._here = self._here, {}

    def _end_cell(self, lines: list[str], text: str) -> None:
        if not self._open:
            return
        self._open = False
        if self._col >= MAX_SPAN:
            self._tell_too_large(f"a row of over {MAX_SPAN} columns")
        else:
            self._place(join_lines([*lines, text]) if lines else clean(text))
        self._col += self._span
        self._span, self._vertical, self._horizontal = 1, "", ""

    def _place(self, text: str) -> None:
        row, col = self._row, self._col
        upper = self._above.get(col) if self._vertical == "continue" else None
        if self._horizontal == "continue" and (self._last is not None or upper is not None or col in self._here):
            if self._last is not None:
                self._last.col_span = min(self._last.col_span + self._span, MAX_SPAN)
            self._tell_hidden(text)
        elif upper is not None:
            upper.row_span, self._last = row - upper.row + 1, None
            columns = range(upper.col, max(upper.col + upper.col_span, col + self._span))
            self._here.update(dict.fromkeys(columns, upper))
            self._tell_hidden(text)
        else:
            self._last = Cell(text, row, col, 1, self._span, self._locator())
            self._cells.append(self._last)
            if self._vertical:
                self._here[col] = self._last

    def _locator(self) -> Locator:
        return Locator(self._document_id, None, self._table, self._row + 1, self._col + 1, None, METHOD)

    def _tell_hidden(self, text: str) -> None:
        if text:
            message = f"Word does not print “{text[:40]}”, which stands in a cell merged into another one: not read."
            self.notes.append(Note("hidden_text", message, self._locator()))

    def _tell_too_large(self, what: str) -> None:
        if not any(note.kind == "too_large" for note in self.notes):
            self.notes.append(Note("too_large", f"The table has {what}; the rest of it is not read.", self._locator()))


def _without_slivers(cells: list[Cell], table: etree._Element) -> list[Cell]:
    """The cells of a grid without its columns of almost no width, which rounding leaves where edges should have met.

    Left as they are where a cell stands in such a column alone.
    """
    declared = [node.get(W + "w", "") for node in table.iterfind(_WIDTHS)]
    widths = [int(width) if width.isdecimal() and len(width) < 9 else 0 for width in declared]
    slivers = {place for place, width in enumerate(widths) if 0 < width <= SLIVER}
    if not slivers:
        return cells
    places = [col - sum(sliver < col for sliver in slivers) for col in range(len(widths) + 1)]
    moved = []
    for cell in cells:
        start, end = (places[min(col, len(widths))] for col in (cell.col, cell.col + cell.col_span))
        if end <= start:
            return cells
        locator = cell.locator._replace(col=start + 1)
        moved.append(Cell(cell.text, cell.row, start, cell.row_span, end - start, locator))
    return moved
