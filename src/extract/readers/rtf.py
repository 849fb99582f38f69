"""Rich Text Format, the format of many files named .doc: paragraphs and tables, nested and merged ones included.

A cell's place comes from the right edges (\\cellx, in twips) that each row declares, merged over the rows of its table.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from functools import partial

from extract.document import (
    MAX_GRID_CELLS,
    MAX_SPAN,
    Cell,
    Document,
    Grid,
    Locator,
    Note,
    Paragraph,
    Source,
    Unreadable,
)
from extract.readers.office_parts.celltext import clean, join_lines
from extract.readers.office_parts.rtftext import Event, events
from extract.readers.office_parts.text import paragraphs_of

KIND = "rtf"
METHOD = "docx"
MAX_BYTES = 128 * 1024 * 1024
MAX_LEVEL = 16
SNAP = 25  # twips: edges nearer than that (0.44 mm) are one edge, written with a rounding error


def sniffs(head: bytes, suffix: str) -> bool:
    """Whether the bytes begin an RTF document."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf")


def read(source: Source, data: bytes) -> Document:
    """The Document of RTF bytes. Raises Unreadable where they hold no text or go beyond any report's bounds."""
    if len(data) > MAX_BYTES:
        raise Unreadable(f"The RTF file has over {MAX_BYTES // 1024 // 1024} MB: no report is that large.")
    builder = _Builder(source)
    for event in events(data):
        builder.take(event)
    document = builder.finished()
    if not document.blocks:
        raise Unreadable("The RTF file holds no text: it is empty or damaged.")
    document.reread = partial(_reread, data)
    return document


def _reread(data: bytes) -> list[str]:
    """The text once more, with no table in mind: cells end in a tab, rows and other paragraphs in a new line."""
    text = ""
    lines = []
    for event in events(data):
        if event.kind == "text":
            text += event.text
        elif event.kind in ("cell", "nestcell"):
            text = text.rstrip(" ") + "\t"
        elif event.kind in ("row", "nestrow") or (event.kind == "par" and not event.level):
            lines.append(text)
            text = ""
    plain = ("\t".join(map(clean, line.split("\t"))).rstrip("\t") for line in [*lines, text])
    return [line for line in plain if line]


@dataclass(slots=True)
class _Definition:
    """A row as declared: its left edge, and for each cell its right edge and its merges ("", first or next)."""

    left: int = 0
    rights: list[int] = field(default_factory=list)
    across: list[str] = field(default_factory=list)
    down: list[str] = field(default_factory=list)
    pending: tuple[str, str] = ("", "")  # the merges of the cell whose edge comes next


@dataclass(slots=True)
class _Line:
    text: str
    outline: int


@dataclass(slots=True)
class _Level:
    """One depth of tables: the rows of the table being read, its open row and its open cell. Depth 0 is the page."""

    rows: list[tuple[_Definition, list[list[_Line | _Table]]]] = field(default_factory=list)
    cells: list[list[_Line | _Table]] = field(default_factory=list)
    items: list[_Line | _Table] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    rows: list[tuple[_Definition, list[list[_Line | _Table]]]]


class _Builder:
    """Gathers events into lines, cells, rows and tables, and in the end into blocks."""

    def __init__(self, source: Source) -> None:
        self._document = Document(source, [])
        self._nowhere = Locator(source.document_id, None, None, None, None, None, METHOD)
        self._levels = [_Level()]
        self._definition = _Definition()
        self._text = ""
        self._lines: list[str] = []
        self._tables = 0

    def take(self, event: Event) -> None:
        """Take the next event."""
        kind = event.kind
        level = min(event.level, MAX_LEVEL)
        if kind == "text":
            self._text += event.text
        elif kind == "line":
            self._end_line(level, event.outline) if level else self._break_line()
        elif kind == "par":
            self._end_line(level, event.outline)
        elif kind in ("cell", "nestcell"):
            self._end_cell(max(level, 1), event.outline)
        elif kind in ("row", "nestrow"):
            self._end_row(max(level, 1) if kind == "nestrow" else 1)
        elif kind == "info":
            self._document.metadata[event.name] = clean(event.text)  # the Unicode form comes last
        else:
            self._define(kind, event.number)

    def finished(self) -> Document:
        """The document of all events taken."""
        self._end_line(0, -1)
        self._close_tables(0)
        self._emit(self._levels[0].items)
        return self._document

    def _break_line(self) -> None:
        self._lines.append(self._text)
        self._text = ""

    def _end_line(self, level: int, outline: int) -> None:
        lines, self._lines, self._text = [*self._lines, self._text], [], ""
        texts = list(paragraphs_of(lines))
        if texts:
            self._close_tables(level)
            self._level(level).items.extend(_Line(text, outline) for text in texts)

    def _level(self, level: int) -> _Level:
        while len(self._levels) <= level:
            self._levels.append(_Level())
        return self._levels[level]

    def _close_tables(self, level: int) -> None:
        """Hand the tables that are deeper than a level over to the cells (or the page) they stand in."""
        while len(self._levels) > level + 1:
            deeper = self._levels.pop()
            if deeper.items:
                deeper.cells.append(deeper.items)
            if deeper.cells:
                deeper.rows.append((_Definition(), deeper.cells))
            if deeper.rows:
                self._levels[-1].items.append(_Table(deeper.rows))

    def _end_cell(self, level: int, outline: int) -> None:
        self._end_line(level, outline)
        self._close_tables(level)
        here = self._level(level)
        here.cells.append(here.items)
        here.items = []

    def _end_row(self, level: int) -> None:
        here = self._level(level)
        if here.cells:
            here.rows.append((self._definition, here.cells))
        here.cells = []
        # The definition stays in force for rows that declare none of their own; \\trowd replaces it.

    def _define(self, kind: str, number: int) -> None:
        definition = self._definition
        across, down = definition.pending
        if kind == "trowd":
            self._definition = _Definition()
        elif kind == "trleft":
            definition.left = number
        elif kind in ("clmgf", "clmrg"):
            definition.pending = ("first" if kind == "clmgf" else "next", down)
        elif kind in ("clvmgf", "clvmrg"):
            definition.pending = (across, "first" if kind == "clvmgf" else "next")
        elif kind == "cellx":
            definition.rights.append(number)
            definition.across.append(across)
            definition.down.append(down)
            definition.pending = ("", "")

    def _emit(self, items: list[_Line | _Table]) -> None:
        for item in items:
            if isinstance(item, _Line):
                role = "heading" if 0 <= item.outline < 9 else "body"
                self._document.blocks.append(Paragraph(item.text, self._nowhere, role))
            else:
                self._emit_table(item)

    def _emit_table(self, table: _Table) -> None:
        """A data table becomes a Grid, tables nested in it Grids after it; a layout table gives what it holds."""
        nested = [item for _, cells in table.rows for cell in cells for item in cell if isinstance(item, _Table)]
        own = _length(table) - sum(map(_length, nested))
        if all(len(cells) <= 1 for _, cells in table.rows) or (nested and own < sum(map(_length, nested))):
            for _, cells in table.rows:
                for cell in cells:
                    self._emit(cell)
            return
        self._tables += 1
        self._document.blocks.append(self._grid(table))
        for inner in nested:
            self._emit_table(inner)

    def _grid(self, table: _Table) -> Grid:
        edges = _edges([definition for definition, _ in table.rows])
        cells: list[Cell] = []
        above: dict[int, Cell] = {}
        for row, (definition, contents) in enumerate(table.rows):
            if len(cells) > MAX_GRID_CELLS:
                message = f"Table {self._tables} has over {MAX_GRID_CELLS} cells: the rest is not read."
                self._document.notes.append(Note("too_large", message))
                break
            above = self._place_row(row, definition, contents, edges, cells, above)
        return Grid(cells, self._tables)

    def _place_row(
        self,
        row: int,
        definition: _Definition,
        contents: list[list[_Line | _Table]],
        edges: list[int],
        cells: list[Cell],
        above: dict[int, Cell],
    ) -> dict[int, Cell]:
        here: dict[int, Cell] = {}
        last: Cell | None = None
        end = 0
        for place, content in enumerate(contents[:MAX_SPAN]):
            text = join_lines(item.text for item in content if isinstance(item, _Line))
            col, end = _columns(definition, place, edges, end)
            across = definition.across[place] if place < len(definition.across) else ""
            down = definition.down[place] if place < len(definition.down) else ""
            upper = above.get(col) if down == "next" else None
            if across == "next" and (last is not None or col in here):
                if last is not None:
                    last.col_span = end - last.col
            elif upper is not None:
                upper.row_span, last = row - upper.row + 1, None
                here.update(dict.fromkeys(range(upper.col, max(upper.col + upper.col_span, end)), upper))
            else:
                locator = self._nowhere._replace(table=self._tables, row=row + 1, col=col + 1)
                last = Cell(text, row, col, 1, end - col, locator)
                cells.append(last)
                if down:
                    here[col] = last
        return here


def _length(table: _Table) -> int:
    items = [item for _, cells in table.rows for cell in cells for item in cell]
    return sum(len(item.text) if isinstance(item, _Line) else _length(item) for item in items)


def _edges(definitions: list[_Definition]) -> list[int]:
    """The edges of a table's own grid, in twips: those of all rows, near ones taken as one."""
    found: list[int] = []
    for edge in sorted({edge for definition in definitions for edge in (definition.left, *definition.rights)}):
        if not found or edge - found[-1] > SNAP:
            found.append(edge)
    return found


def _columns(definition: _Definition, place: int, edges: list[int], end: int) -> tuple[int, int]:
    """The columns [first, last + 1) of a row's cell: between its declared edges, or the next one where it has none."""
    if place >= len(definition.rights):
        return end, end + 1
    left = definition.rights[place - 1] if place else definition.left
    first, last = (max(bisect_left(edges, edge - SNAP), 0) for edge in (left, definition.rights[place]))
    first = max(first, end)
    return first, max(last, first + 1)
