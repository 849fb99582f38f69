"""The cells of a WordprocessingML table put in their places, row by row.

Rules: ECMA-376 part 1, 17.4. w:gridSpan counts columns of the table grid, w:vMerge and w:hMerge restart or continue
a merged cell, w:gridBefore leaves columns free at the left.
"""

from __future__ import annotations

from collections.abc import Sequence

from extract.document import MAX_GRID_CELLS, MAX_SPAN, Cell, Grid, Locator, Note, shape_of_cells

METHOD = "docx"
RESTART, CONTINUE = "restart", "continue"
SLIVER = 25  # twips, 0.44 mm

Place = tuple[int, str]  # the columns that a cell covers, whether it restarts or continues a cell above


class Placing:
    """Takes the cells of one table from left to right and from top to bottom."""

    def __init__(self, document_id: str, table: int) -> None:
        self.notes: list[Note] = []
        self.col = 0  # where the next cell begins
        self._document_id, self._table = document_id, table
        self._cells: list[Cell] = []
        self._row = -1
        self._above: dict[int, Cell] = {}  # vertically merged cells of the row above, by their first column
        self._here: dict[int, Cell] = {}
        self._last: Cell | None = None  # the cell of this row that a horizontal merge may widen

    def begin_row(self) -> bool:
        """Begin the next row; False where the table has grown too large, which is told."""
        self._row, self.col, self._last = self._row + 1, 0, None
        self._above, self._here = self._here, {}
        if len(self._cells) > MAX_GRID_CELLS:
            self._tell_too_large(f"over {MAX_GRID_CELLS} cells", 0)
            return False
        return True

    def take_row(self, texts: list[str], places: Sequence[Place]) -> None:
        """Take cells that stand side by side: the text of each; its span, and RESTART, CONTINUE or ""."""
        row, col, document_id, table = self._row, self.col, self._document_id, self._table
        for text, (span, vertical) in zip(texts, places, strict=True):
            if vertical or col >= MAX_SPAN:
                self.col = col
                self.take(text, span, vertical)
            else:
                locator = Locator(document_id, None, table, row + 1, col + 1, None, METHOD)
                self._cells.append(Cell(text, row, col, 1, span, locator))
            col += span

    def take(self, text: str, span: int, vertical: str = "", horizontal: str = "", doubt: str = "") -> None:
        """Take the next cell of the row; `vertical` and `horizontal` are RESTART, CONTINUE or ""."""
        col = self.col
        self.col += span
        if col >= MAX_SPAN:
            self._tell_too_large(f"a row of over {MAX_SPAN} columns", col)
        elif vertical or horizontal:
            self._take_merged(text, col, span, vertical, horizontal, doubt)
        else:
            self._begin(text, col, span, doubt)

    def grid(self, widths: Sequence[str]) -> Grid:
        """The table; `widths` are those of its columns in twips, as declared."""
        cells = _without_slivers(self._cells, widths)
        if any(cell.doubt for cell in cells):
            return Grid(cells, self._table)
        texts = [cell.text for cell in cells]
        return Grid.of_texts(texts, shape_of_cells(cells), self._table, self._document_id, METHOD)

    def _begin(self, text: str, col: int, span: int, doubt: str) -> Cell:
        self._last = Cell(text, self._row, col, 1, span, self._locator(col), None, doubt)
        self._cells.append(self._last)
        return self._last

    def _take_merged(self, text: str, col: int, span: int, vertical: str, horizontal: str, doubt: str) -> None:
        row = self._row
        upper = self._above.get(col) if vertical == CONTINUE else None
        if horizontal == CONTINUE and (self._last is not None or upper is not None or col in self._here):
            if self._last is not None:
                self._last.col_span = min(self._last.col_span + span, MAX_SPAN)
            self._tell_hidden(text, col)
        elif upper is not None:
            upper.row_span, self._last = row - upper.row + 1, None
            columns = range(upper.col, max(upper.col + upper.col_span, col + span))
            self._here.update(dict.fromkeys(columns, upper))
            self._tell_hidden(text, col)
        else:
            begun = self._begin(text, col, span, doubt)
            if vertical:
                self._here[col] = begun

    def _locator(self, col: int) -> Locator:
        return Locator(self._document_id, None, self._table, self._row + 1, col + 1, None, METHOD)

    def _tell_hidden(self, text: str, col: int) -> None:
        if text:
            message = f"Word does not print “{text[:40]}”, which stands in a cell merged into another one: not read."
            self.notes.append(Note("hidden_text", message, self._locator(col)))

    def _tell_too_large(self, what: str, col: int) -> None:
        if not any(note.kind == "too_large" for note in self.notes):
            message = f"The table has {what}; the rest of it is not read."
            self.notes.append(Note("too_large", message, self._locator(col)))


def _without_slivers(cells: list[Cell], declared: Sequence[str]) -> list[Cell]:
    """The cells of a grid without its columns of almost no width, which rounding leaves where edges should have met.

    Left as they are where a cell stands in such a column alone.
    """
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
        moved.append(Cell(cell.text, cell.row, start, cell.row_span, end - start, locator, None, cell.doubt))
    return moved
