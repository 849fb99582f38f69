"""A recognised table drawn again as HTML from its published cells, with cells marked and long stretches left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from html import escape
from itertools import groupby
from typing import Any, NamedTuple

Place = tuple[int, int]  # row and column as published, counted from 1
NUMBER = re.compile(r"[-+−－＋]?[\d０-９][\d０-９,，.．\s]*")
COLUMNS = ("report_id", "table", "row", "col", "row_span", "col_span", "text", "page", "x0", "y0", "x1", "y1")
MOST_HEADER_ROWS = 4
AROUND = 2
MOST_COLUMNS = 60
MOST_ROWS = 400


class GridCell(NamedTuple):
    """One published cell of a recognised table; page and box (in the units of the page) where the kind has them."""

    row: int
    col: int
    row_span: int
    col_span: int
    text: str
    page: int | None = None
    box: tuple[float, float, float, float] | None = None


def tables_of(grids: Any) -> dict[tuple[str, int], list[GridCell]]:
    """The tables of grids.parquet (a pyarrow table) by report_id and number, cells in reading order; spans are held
    within what a form can have."""
    found: dict[tuple[str, int], list[GridCell]] = {}
    for report, table, row, col, down, across, text, page, *edges in zip(
        *(grids.column(name).to_pylist() for name in COLUMNS), strict=True
    ):
        box = None if edges[0] is None or edges[0] != edges[0] else (edges[0], edges[1], edges[2], edges[3])
        number = None if page is None or page != page else int(page)
        spans = max(1, min(int(down), MOST_ROWS)), max(1, min(int(across), MOST_COLUMNS))
        cell = GridCell(int(row), int(col), *spans, text or "", number, box)
        found.setdefault((report, int(table)), []).append(cell)
    for cells in found.values():
        cells.sort(key=lambda cell: (cell.row, cell.col))
    return found


def is_number(text: str) -> bool:
    """Whether a cell holds a number and nothing else."""
    return NUMBER.fullmatch(text.strip()) is not None


def header_rows(cells: list[GridCell]) -> list[int]:
    """The rows of labels at the top: no number in them, and not mostly blank, as a row of figures left empty is."""
    found: list[int] = []
    for row, group in groupby(cells, key=lambda cell: cell.row):
        texts = [cell.text.strip() for cell in group]
        mostly_blank = texts.count("") * 2 > len(texts)
        if len(found) == MOST_HEADER_ROWS or mostly_blank or any(is_number(text) for text in texts):
            break
        found.append(row)
    return found


def blocks(cells: list[GridCell], marked: Collection[Place], whole: bool) -> list[list[int]]:
    """The rows to show as runs of neighbours: the header and what lies around the marked cells; all of them where
    little would be left out."""
    rows = sorted({cell.row for cell in cells})[:MOST_ROWS]
    near = {row + step for row, _ in marked for step in range(-AROUND, AROUND + 1)}
    shown = [row for row in rows if whole or row in near or row in set(header_rows(cells))]
    if whole or not marked or len(rows) - len(shown) <= 3:
        shown = rows
    position = {row: number for number, row in enumerate(rows)}
    runs = groupby(enumerate(shown), key=lambda pair: position[pair[1]] - pair[0])
    return [[row for _, row in run] for _, run in runs]


def table_html(
    cells: list[GridCell],
    marked: Collection[Place],
    others: Collection[Place] = (),
    whole: bool = False,
    attributes: Callable[[GridCell], str] | None = None,
) -> str:
    """The table as HTML: `marked` cells in <mark>, `others` (further cells of the same finding) outlined, text
    escaped. Rows far from them are left out unless `whole`. `attributes` may add (escaped) attributes to a cell."""
    width = max((cell.col + cell.col_span for cell in cells), default=1) - min((c.col for c in cells), default=1)
    body, runs = [], blocks(cells, {*marked, *others}, whole)
    header, last = set(header_rows(cells)), runs[-1][-1] if runs else 0
    before = min((cell.row for cell in cells), default=1) - 1
    for run in runs:
        body.append(left_out(run[0] - before - 1, width))
        before = run[-1]
        body += rows_html(cells, run, header, frozenset(marked), frozenset(others), attributes)
    end = max((cell.row for cell in cells), default=0)
    body.append(left_out(end - last, width))
    return f'<table class="redrawn"><tbody>{"".join(body)}</tbody></table>'


def left_out(rows: int, width: int) -> str:
    """A row that tells how many rows are not shown; "" for none."""
    if rows <= 0:
        return ""
    said = f'<span class="zh">略去{rows}行</span><span class="en">{rows} rows left out</span>'
    return f'<tr class="gap"><td colspan="{width}">{said}</td></tr>'


def rows_html(
    cells: list[GridCell],
    run: list[int],
    header: set[int],
    marked: frozenset[Place],
    others: frozenset[Place],
    attributes: Callable[[GridCell], str] | None,
) -> Iterator[str]:
    """The rows of one run. A cell that reaches into the run from above, or out of it below, is cut to the run."""
    by_row: dict[int, list[tuple[GridCell, int]]] = {row: [] for row in run}
    for cell in cells:
        covered = [row for row in run if cell.row <= row < cell.row + cell.row_span]
        if covered:
            by_row[covered[0]].append((cell, len(covered)))
    first_column = min((cell.col for cell in cells), default=1)
    taken: dict[int, set[int]] = {row: set() for row in run}
    for at, row in enumerate(run):
        inner = []
        for cell, down in sorted(by_row[row], key=lambda pair: pair[0].col):
            inner += ["<td></td>"] * free_before(taken[row], first_column, cell.col)
            for below in run[at : at + down]:
                taken[below].update(range(cell.col, cell.col + cell.col_span))
            place = (cell.row, cell.col)
            inner.append(cell_html(cell, down, row in header, place in marked, place in others, attributes))
        yield f"<tr>{''.join(inner)}</tr>"


def free_before(taken: set[int], first: int, col: int) -> int:
    """How many places before `col` no cell reaches: they are filled, so that what follows keeps its column. The places
    count as taken from then on."""
    free = [place for place in range(first, col) if place not in taken]
    taken.update(free)
    return len(free)


def cell_html(
    cell: GridCell,
    down: int,
    in_header: bool,
    marked: bool,
    other: bool,
    attributes: Callable[[GridCell], str] | None,
) -> str:
    """One cell: labels left, numbers right, marked ones in <mark>."""
    kind = "number" if is_number(cell.text) else "head" if in_header else "label"
    classes = [kind, *(["marked"] if marked else ["other"] if other else [])]
    spans = (f' rowspan="{down}"' if down > 1 else "") + (f' colspan="{cell.col_span}"' if cell.col_span > 1 else "")
    text = escape(cell.text)
    inner = f"<mark>{text or '&nbsp;'}</mark>" if marked else text
    more = attributes(cell) if attributes else ""
    return f'<td class="{" ".join(classes)}"{spans}{more}>{inner}</td>'
