"""What every reader makes of a file: a Document of paragraphs and grids, its file kind forgotten.

Rows and columns of a `Cell` are counted from 0 (they index `Grid.rows`); everything in a `Locator`, which people read, is counted from 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import chain, pairwise
from operator import add, attrgetter, itemgetter
from typing import Any, NamedTuple, TypeVar

BBox = tuple[float, float, float, float]
Places = tuple[int, ...]
Value = TypeVar("Value")

MAX_SPAN = 200  # a statutory table has at most 16 columns and 40 rows; a larger span is an attack or a slip
MAX_GRID_CELLS = 20_000


class Unreadable(Exception):
    """A file that its reader cannot read. The message says what is wrong and what a person can do about it."""


class Source(NamedTuple):
    """One input file. `document_id` is the first 12 hex digits of the content's sha256; `path` is relative to the raw folder."""

    document_id: str
    path: str
    kind: str
    sha256: str
    url: str = ""


class Locator(NamedTuple):
    """Where something stands in its document, counted from 1 as a person counts.

    `bbox` is (left, top, right, bottom): PDF points from the page's top left corner, pixels of the page image for scans,
    (first line, first character, last line, last character) for text files, None where a kind has no geometry.
    `method` is one of html, docx, pdf, ocr, text, sheet, manual.
    """

    document_id: str
    page: int | None
    table: int | None
    row: int | None
    col: int | None
    bbox: BBox | None
    method: str


new_locator = partial(tuple.__new__, Locator)  # without the step through Python that NamedTuple's own constructor takes


@dataclass(slots=True)
class Cell:
    """One cell as read. `other_text` is an independent second reading of this very cell, where the reader made one (scans).

    `doubt` says why the reader distrusts the cell's place or text ("" when it does not); it reaches the facts as a doubtful reading.
    """

    text: str
    row: int
    col: int
    row_span: int
    col_span: int
    locator: Locator
    other_text: str | None = None
    doubt: str = ""


ROW_FIELD, COL_FIELD = Locator._fields.index("row"), Locator._fields.index("col")

# For whole columns of cells at once: the functions that read one field of a cell.
TEXT_OF, ROW_OF, COL_OF, LOCATOR_OF = map(attrgetter, ("text", "row", "col", "locator"))
ROW_SPAN_OF, COL_SPAN_OF = attrgetter("row_span"), attrgetter("col_span")
NEXT = partial(add, 1)  # from a place counted from 0 to one counted from 1


class Lines:
    """In which rows the cells of a table begin, whatever their columns: `rows` counted from 0, `row_numbers` from 1, one for each cell; `firsts` are
    the indexes of the cells that begin the rows. Compared by identity, as shapes are."""

    __slots__ = ("firsts", "row_numbers", "rows")

    def __init__(self, rows: Places) -> None:
        self.rows, self.row_numbers = rows, tuple(map(NEXT, rows))
        self.firsts = tuple([at for at, row in enumerate(rows) if at == 0 or rows[at - 1] != row])


class Shape:
    """Where the cells of a table stand, in reading order: places counted from 0 and spans, one number for each cell.

    Tables laid out alike share one shape (see `shape_of`), which is compared by identity; those whose cells begin in the same rows share its `lines`.
    """

    __slots__ = ("col_numbers", "col_spans", "cols", "lines", "row_spans")

    def __init__(self, lines: Lines, cols: Places, row_spans: Places, col_spans: Places) -> None:
        self.lines, self.cols, self.row_spans, self.col_spans = lines, cols, row_spans, col_spans
        self.col_numbers = tuple(map(NEXT, cols))

    @property
    def rows(self) -> Places:
        """The row of each cell, counted from 0."""
        return self.lines.rows


def taken(values: Sequence[Value], places: Places) -> tuple[Value, ...]:
    """The values with these indexes."""
    return taker(places)(values)


@lru_cache(maxsize=512)  # the same cells are taken of all tables laid out alike
def taker(places: Places) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """What takes the values with these indexes."""
    return itemgetter(*places) if len(places) > 1 else lambda values: tuple([values[at] for at in places])


@lru_cache(maxsize=512)
def shape_of(rows: Places, cols: Places, row_spans: Places, col_spans: Places) -> Shape:
    """The shape of these places and spans; the same object for the same numbers, as long as it is remembered."""
    return Shape(_lines_of(rows), cols, row_spans, col_spans)


_lines_of = lru_cache(maxsize=512)(Lines)


class Grid:
    """A table as read. `cells` holds each cell once, in reading order; `rows` holds them again with spans spread.

    `sure_places` is False where empty cells may have vanished (text cut at runs of spaces): a row that is short then tells no columns.
    A grid `of_texts` makes its cells only when they are asked for: most tables are read by their texts and their shape alone.
    """

    __slots__ = (
        "_boxes",
        "_cells",
        "_method",
        "_of",
        "_rows",
        "_shape",
        "_texts",
        "caption",
        "page",
        "sure_places",
        "table",
    )

    def __init__(
        self, cells: list[Cell], table: int, page: int | None = None, caption: str = "", sure_places: bool = True
    ) -> None:
        self.table, self.page, self.caption, self.sure_places = table, page, caption, sure_places
        self._cells: list[Cell] | None = cells
        self._rows: list[list[Cell | None]] | None = None
        self._texts: list[str] = []
        self._boxes: Sequence[BBox] | None = None
        self._shape: Shape | None = None
        self._of = self._method = ""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Grid):
            return NotImplemented
        mine, theirs = ((one.table, one.page, one.caption, one.sure_places, one.cells) for one in (self, other))
        return mine == theirs

    __hash__ = None  # type: ignore[assignment]  # its cells may change

    def __repr__(self) -> str:
        return f"Grid(table={self.table}, page={self.page}, cells={self.cells})"

    @classmethod
    def of_texts(
        cls, texts: list[str], shape: Shape, table: int, document_id: str, method: str, caption: str = ""
    ) -> Grid:
        """A table without geometry and pages, all of whose cells are read surely."""
        return cls.on_page(texts, shape, None, table, None, document_id, method, caption)

    @classmethod
    def on_page(
        cls,
        texts: list[str],
        shape: Shape,
        boxes: Sequence[BBox] | None,
        table: int,
        page: int | None,
        document_id: str,
        method: str,
        caption: str = "",
    ) -> Grid:
        """The same of a table on a page, with the box of each cell."""
        grid = cls([], table, page, caption)
        grid._boxes = boxes
        grid._cells, grid._texts, grid._shape, grid._of, grid._method = None, texts, shape, document_id, method
        return grid

    @property
    def cells(self) -> list[Cell]:
        """Each cell once, in reading order."""
        if self._cells is None:
            assert self._shape is not None
            shape, places = self._shape, range(len(self._texts))
            spans = shape.row_spans, shape.col_spans
            self._cells = list(map(Cell, self._texts, shape.rows, shape.cols, *spans, self.locators(places)))
        return self._cells

    @property
    def texts(self) -> list[str]:
        """The text of each cell."""
        return self._texts if self._cells is None else list(map(TEXT_OF, self._cells))

    @property
    def shape(self) -> Shape:
        """Where the cells stand."""
        if self._shape is not None:
            return self._shape
        return shape_of_cells(self.cells)

    @property
    def is_plain(self) -> bool:
        """Whether the cells are nothing but texts in a shape, and have not been made yet."""
        return self._cells is None

    def located(self, places: Places) -> Iterable[Sequence[Any]]:
        """The fields of the locators of the cells with these indexes, column by column; none at all for no cells."""
        if self._cells is not None:
            return zip(*[self._cells[at].locator for at in places], strict=True)
        assert self._shape is not None
        take = taker(places)
        boxes = None if self._boxes is None else take(self._boxes)
        return self._fields(len(places), take(self._shape.lines.row_numbers), take(self._shape.col_numbers), boxes)

    def _fields(
        self, count: int, rows: Places, cols: Places, boxes: Sequence[BBox] | None
    ) -> tuple[Sequence[Any], ...]:
        """The fields of the locators of cells that stand in these rows, columns and boxes."""
        nothing = [None] * count
        of, pages, tables, by = [self._of] * count, [self.page] * count, [self.table] * count, [self._method] * count
        return of, pages, tables, rows, cols, nothing if boxes is None else boxes, by

    def all_located(self) -> Locators:
        """The locators of all cells."""
        if self._cells is not None:
            return Locators(map(LOCATOR_OF, self._cells))
        assert self._shape is not None
        found = Locators()
        lines = self._shape.lines
        found.add(self._fields(len(self._texts), lines.row_numbers, self._shape.col_numbers, self._boxes))
        return found

    def locators(self, places: Iterable[int]) -> list[Locator]:
        """The locators of the cells with these indexes."""
        return list(map(new_locator, zip(*self.located(tuple(places)), strict=True)))

    @property
    def rows(self) -> list[list[Cell | None]]:
        """The grid with merged cells spread over every place they cover; None where no cell reaches. Spread once, then kept."""
        if self._rows is None:
            self._rows = spread(self.cells)
        return self._rows

    def own_texts(self) -> list[list[str]]:
        """For each row, the texts of the cells that begin in it, left to right."""
        texts, lines = self.texts, self.shape.lines
        own: list[list[str]] = [[] for _ in range(max(lines.rows, default=-1) + 1)]
        for first, end in pairwise((*lines.firsts, len(texts))):
            own[lines.rows[first]] += texts[first:end]
        return own

    def own_cells(self) -> list[list[Cell]]:
        """For each row, the cells that begin in it, left to right: what the row itself says, whatever rowspans above claim."""
        cells, lines = self.cells, self.shape.lines
        own: list[list[Cell]] = [[] for _ in range(max(lines.rows, default=-1) + 1)]
        for first, end in pairwise((*lines.firsts, len(cells))):
            own[lines.rows[first]] += cells[first:end]
        return own


def shape_of_cells(cells: list[Cell]) -> Shape:
    """The shape in which these cells stand."""
    return shape_of(*(tuple(map(of, cells)) for of in (ROW_OF, COL_OF, ROW_SPAN_OF, COL_SPAN_OF)))


def _column(at: int) -> property:
    return property(lambda locators: locators.column(at))


class Locators:
    """Locators as columns of equal length, for the many of which few are looked at one by one. They are added in parts; a column is joined when
    somebody asks for it."""

    __slots__ = ("_joined", "_parts")

    def __init__(self, locators: Iterable[Locator] = ()) -> None:
        every = list(locators)
        self._parts: list[tuple[Sequence[Any], ...]] = [tuple(zip(*every, strict=True))] if every else []
        self._joined: dict[int, list[Any]] = {}

    document_ids, pages, tables, rows, cols, bboxes, methods = map(_column, range(len(Locator._fields)))

    def column(self, at: int) -> list[Any]:
        """One field of all locators, by its place among the fields."""
        if at not in self._joined:
            self._joined[at] = list(chain.from_iterable(self.parts(at)))
        return self._joined[at]

    def parts(self, at: int) -> tuple[Sequence[Any], ...]:
        """One field of all locators, in the parts in which they were added."""
        return tuple([part[at] for part in self._parts])

    def add(self, columns: Iterable[Sequence[Any]]) -> None:
        """Append locators, given column by column; at least one."""
        self._parts.append(tuple(columns))
        self._joined.clear()

    def __len__(self) -> int:
        return sum([len(part[0]) for part in self._parts])

    def __getitem__(self, index: int) -> Locator:
        return Locator(*(self.column(at)[index] for at in range(len(Locator._fields))))

    def __iter__(self) -> Iterator[Locator]:
        return map(new_locator, zip(*map(self.column, range(len(Locator._fields))), strict=True))


@dataclass(slots=True)
class Paragraph:
    """A paragraph of text. `role` is title, heading, body, or furniture (navigation, footer, search box: never a source of figures)."""

    text: str
    locator: Locator
    role: str = "body"


class Link(NamedTuple):
    """A file that the document points to: an attachment or a framed page that may be the report itself, or a picture that may be a table."""

    target: str
    text: str
    kind: str  # attachment, image or frame


class Note(NamedTuple):
    """Something the reader must tell: it becomes a row of issues.csv."""

    kind: str
    message: str
    locator: Locator | None = None


def nothing_else() -> list[str]:
    """The second reading of a document whose reader has none."""
    return []


@dataclass(slots=True)
class Document:
    """A file as read: blocks in reading order, what the file says of itself, the files it points to.

    `metadata` uses these keys where the file tells them: title, heading, publisher, published (a date as printed), source, url, author.
    `reread` reads the same bytes a second time by a way that shares neither tables nor cells with the first, and returns plain lines:
    the text in reading order, cells of one row separated by tabs or newlines. It is called at most once, and only when needed.
    """

    source: Source
    blocks: list[Paragraph | Grid]
    metadata: dict[str, str] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    reread: Callable[[], list[str]] = nothing_else

    def grids(self) -> list[Grid]:
        """The grids in reading order."""
        return [block for block in self.blocks if isinstance(block, Grid)]

    def paragraphs(self) -> Iterator[Paragraph]:
        """The paragraphs in reading order, furniture left out."""
        return (block for block in self.blocks if isinstance(block, Paragraph) and block.role != "furniture")


def spread(cells: list[Cell]) -> list[list[Cell | None]]:
    """Spread merged cells over a rectangle of rows × columns. Where two cells claim one place the first keeps it."""
    height = min(max((cell.row + cell.row_span for cell in cells), default=0), MAX_GRID_CELLS)
    width = max((cell.col + cell.col_span for cell in cells), default=0)
    rows: list[list[Cell | None]] = [[None] * width for _ in range(height)]
    for cell in cells:
        if cell.row_span == 1 and cell.col_span == 1:
            if rows[cell.row][cell.col] is None:
                rows[cell.row][cell.col] = cell
            continue
        for row in rows[cell.row : cell.row + cell.row_span]:
            for col in range(cell.col, min(cell.col + cell.col_span, width)):
                if row[col] is None:
                    row[col] = cell
    return rows
