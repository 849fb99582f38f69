"""Tables of a page: which only place things, and the cells of those that hold data, spans laid out as browsers do."""

from __future__ import annotations

import re
from collections.abc import Set
from functools import lru_cache
from operator import attrgetter, itemgetter, methodcaller
from typing import NamedTuple

from extract.document import MAX_GRID_CELLS, MAX_SPAN, Grid, Shape, shape_of

from .tree import Node, around, attribute, cell_around, within
from .wording import tidy

METHOD = "html"
LAYOUT_TEXT = 400  # characters: no cell of a statutory table holds that much, a cell of a layout table does
OWN_NUMBERS = 12  # cells that hold nothing but digits: with as many a table holds data, however long a note in it is
SHORT_TEXT, FEWEST_SHORT = 60, 12
BLOCK = {
    "address", "article", "aside", "blockquote", "body", "br", "center", "dd", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "td", "th", "thead", "tfoot", "tr", "ul", "title",
}  # fmt: skip
GROUPS_OF_ROWS = {"thead": 0, "tbody": 1, "tfoot": 2}  # in the order in which browsers set them
BREAKS = "p, br, div, li"
PICTURE, WRITTEN = "a picture stands in the cell, and no text", "a script writes the cell"
DIGITS = re.compile(r"\d+")
DEEPEST = 100  # elements in each other within one cell
SEAM = "\x1f"  # between two pieces of text of a cell
CELLS = frozenset({"td", "th"})
# For whole rows of cells at once: what is asked of each.
DOWN, ACROSS = itemgetter(0), itemgetter(1)
TAG_OF, ID_OF, SEAMED_TEXT = attrgetter("tag"), attrgetter("mem_id"), methodcaller("text", True, SEAM)
ONE = (1, 1)  # the span of a cell that spans nothing
Spans = tuple[str, str]  # rowspan and colspan as written, "" for none


class Row(NamedTuple):
    """The cells of one row, and the text of each with seams."""

    cells: list[Node]
    texts: list[str]


class TableAsWritten(NamedTuple):
    """The cells of a table of which no tree was made: their texts, their spans as written, how many rows begin with each (more than one where rows
    above have no cells), how many rows without cells are the last."""

    texts: list[str]
    spans: tuple[Spans, ...]
    begun: tuple[int, ...]
    last: int


def rows_of(table: Node) -> list[Row]:
    """The rows in the order in which a browser shows them."""
    groups = [(part, order) for part in table.iter() if (order := GROUPS_OF_ROWS.get(part.tag or "")) is not None]
    groups.sort(key=lambda group: group[1])
    rows = [row for group, _ in groups for row in group.iter() if row.tag == "tr"]
    return [_row(list(row.iter())) for row in rows]


def _row(parts: list[Node]) -> Row:
    cells = parts if CELLS.issuperset(map(TAG_OF, parts)) else [part for part in parts if part.tag in CELLS]
    return Row(cells, list(map(SEAMED_TEXT, cells)))


def is_layout(rows: list[Row], nested: bool) -> bool:
    """A table that only places things: one column, or cells as long as pages, or other tables in it and little of its own."""
    if all(len(row.cells) <= 1 for row in rows):
        return True
    if not nested and all(max(map(len, row.texts), default=0) <= LAYOUT_TEXT for row in rows):
        return False
    cells = [pair for row in rows for pair in zip(row.cells, row.texts, strict=True)]
    long = [cell for cell, text in cells if len(text) > LAYOUT_TEXT and len(_plain(text)) > LAYOUT_TEXT]
    if nested:
        if any(map(holds_table, long)):
            return True
        short = [cell for cell, text in cells if len(text) - text.count(SEAM) < SHORT_TEXT]
        return sum(not holds_table(cell) for cell in short) < FEWEST_SHORT
    return bool(long) and sum(_plain(text).isdigit() for _, text in cells) < OWN_NUMBERS


def _plain(text: str) -> str:
    return text.replace(SEAM, "").strip()


def holds_table(cell: Node) -> bool:
    """Whether a table stands in a cell; one of a single cell is only a frame."""
    return any(len(table.css("td, th")) > 1 for table in cell.css("table"))


def tables_within(cell: Node) -> list[Node]:
    """The outermost tables in a cell; none where they are only frames."""
    if not holds_table(cell):
        return []
    found = within(cell, "table")
    ids = {table.mem_id for table in found}
    return [table for table in found if not any(above.mem_id in ids for above in around(table))]


def grid_of(table: Node, rows: list[Row], number: int, document_id: str, scripted: Set[int], caption: str) -> Grid:
    """The table with its cells in their places; a span that is no number counts as its leading digits, else 1. `scripted`: cells that held a
    script."""
    laying = _Laying()
    spanned = {cell.mem_id for cell in table.css("[rowspan], [colspan]")}
    for r, row in enumerate(rows):
        texts = list(map(tidy, row.texts)) if SEAM not in "".join(row.texts) else list(map(_text, row.cells, row.texts))
        if spanned.isdisjoint(map(ID_OF, row.cells)):
            spans = [ONE] * len(texts)
        else:
            spans = [_spans(cell, len(rows) - r) if cell.mem_id in spanned else ONE for cell in row.cells]
        laying.take(texts, spans)
        if len(laying.texts) >= MAX_GRID_CELLS:
            break
    grid = Grid.of_texts(laying.texts, laying.shape(), number, document_id, METHOD, caption)
    doubtful = _doubtful(table, scripted)
    if doubtful:
        nodes = (node for row in rows for node in row.cells)
        for node, cell in zip(nodes, grid.cells, strict=False):
            cell.doubt = "" if cell.text else doubtful.get(node.mem_id, "")
    return grid


def grid_as_written(table: TableAsWritten, number: int, document_id: str) -> Grid:
    """The table with its cells in their places, spans read as `grid_of` reads them."""
    shape = _shape_as_written(table.spans, table.begun, table.last)
    return Grid.of_texts(table.texts, shape, number, document_id, METHOD)


@lru_cache(maxsize=256)
def _shape_as_written(spans: tuple[Spans, ...], begun: tuple[int, ...], last: int) -> Shape:
    """The shape of a table by the spans of its cells as written, in rows as TableAsWritten counts them."""
    rows: list[list[Spans]] = []
    for own, number in zip(spans, begun, strict=True):
        rows += [[] for _ in range(number)]
        rows[-1].append(own)
    rows += [[] for _ in range(last)]
    laying = _Laying()
    for r, row in enumerate(rows):
        laying.take([""] * len(row), [_as_written(own, len(rows) - r) for own in row])
    return laying.shape()


def _as_written(spans: Spans, left: int) -> tuple[int, int]:
    """Rows and columns that a cell covers by its spans as written; `left`: how many rows there are from its own on."""
    down, across = spans
    return min(_span(down or "1", left), left), _span(across or "1", 1)


class _Laying:
    """The cells of a table laid out row by row."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._rows: list[int] = []
        self._cols: list[int] = []
        self._spans: list[tuple[int, int]] = []
        self._row = -1
        self._taken: dict[int, int] = {}  # column -> first row in which it is free again

    def take(self, texts: list[str], spans: list[tuple[int, int]]) -> None:
        """Take the cells of the next row."""
        self._row += 1
        self.texts += texts
        self._rows += [self._row] * len(texts)
        self._cols += _columns(spans, self._row, self._taken)
        self._spans += spans

    def shape(self) -> Shape:
        down, across = tuple(map(DOWN, self._spans)), tuple(map(ACROSS, self._spans))
        return shape_of(tuple(self._rows), tuple(self._cols), down, across)


def _columns(spans: list[tuple[int, int]], r: int, taken: dict[int, int]) -> list[int]:
    """The column in which each cell of a row begins; notes which columns its cells take from the rows beneath."""
    for col in [col for col, free_again in taken.items() if free_again <= r]:
        del taken[col]
    columns = _free_columns(tuple(spans), tuple(taken))
    if max(spans, default=ONE)[0] > 1:  # pairs are compared by their rows first
        for col, (row_span, col_span) in zip(columns, spans, strict=True):
            if row_span > 1:
                taken.update(dict.fromkeys(range(col, col + col_span), r + row_span))
    return columns


@lru_cache(maxsize=4096)  # most rows of a table, and of tables of the same form, are laid out alike
def _free_columns(spans: tuple[tuple[int, int], ...], taken: tuple[int, ...]) -> list[int]:
    """Where cells begin one behind the other, columns left out that cells above reach down into."""
    columns = []
    col = 0
    for _, col_span in spans:
        while col in taken:
            col += 1
        columns.append(col)
        col += col_span
    return columns


def _spans(cell: Node, left: int) -> tuple[int, int]:
    """Rows and columns that a cell covers; `left`: how many rows there are from its own on."""
    attributes = cell.attributes
    return _as_written((attributes.get("rowspan") or "", attributes.get("colspan") or ""), left)


@lru_cache(maxsize=1024)
def _span(text: str, whole: int) -> int:
    """ "3" -> 3, "3px" -> 3, "0" -> all that is left (HTML's rule for rowspan), nonsense -> 1; never past MAX_SPAN."""
    match = DIGITS.search(text[:20])
    if match is None:
        return 1
    return min(int(match[0]) or max(whole, 1), MAX_SPAN)


def _doubtful(table: Node, scripted: Set[int]) -> dict[int, str]:
    """Why cells may not be empty on the page though no text stands in them."""
    pictured = [cell_around(image) for image in table.css("img") if _is_picture(image)]
    return {cell.mem_id: PICTURE for cell in pictured if cell is not None} | dict.fromkeys(scripted, WRITTEN)


def _is_picture(image: Node) -> bool:
    """Whether a picture is larger than a spacer: the cell's number may be drawn."""
    sizes = (DIGITS.search(attribute(image, side) or "99") for side in ("width", "height"))
    return all(size is None or int(size[0]) > 2 for size in sizes)


def _text(cell: Node, text: str) -> str:
    """The text of a cell. Paragraphs within it are joined without a space, as Chinese wraps, but two numbers never run together."""
    if SEAM not in text:
        return tidy(text)
    if len(cell.css(BREAKS)) < 2:
        return tidy(text.replace(SEAM, ""))
    pieces: list[str] = []
    _join_blocks(cell, pieces, 0)
    return tidy("".join(pieces))


def _join_blocks(node: Node, pieces: list[str], depth: int) -> None:
    """Gather text with a space wherever one block begins or ends."""
    for child in node.iter(include_text=True):
        is_block = child.tag in BLOCK
        if is_block:
            pieces.append(" ")
        if child.child is None or depth > DEEPEST:
            pieces.append(child.text())
        else:
            _join_blocks(child, pieces, depth + 1)
        if is_block:
            pieces.append(" ")
