"""One row of a grid, cut into its labels and its values."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .document import Cell, Grid
from .labels import ROW, roles
from .numerals import BLANK, DASH, REPORTED, read_number

WORDS = re.compile(r"[\u3400-\u9fff]")  # every label of the forms holds Chinese; "3 4" or "O" stands in a value's place
WIDTHS = (1, 2, 3, 7)  # columns that tables of the forms have
LONGEST_VALUE = 24  # characters: "22（其中修订16件）" is long for a number; anything longer is prose


@dataclass(slots=True)
class Row:
    """`cells` begin in this row, left to right; `label` is the last of them that is a label (None: the row brings none);
    `values` stand to its right, or are all cells where there is no label."""

    grid: Grid
    index: int
    cells: list[Cell]
    label: Cell | None
    values: list[Cell]
    has_numbers: bool  # any value is a printed number
    is_data: bool  # any value is a number or a dash


@dataclass(slots=True)
class Claim:
    """A cell of the paper that a cell of the form claims."""

    code: str
    cell: Cell
    matched_by: str
    unit: str = ""


@dataclass(slots=True)
class FormTable:
    """One section's table as recognised: which form it is and which cells it claims. `tables` are the grids it stands in."""

    section: str
    form: str
    claims: list[Claim]
    tables: list[int]


def cut_rows(grid: Grid) -> list[Row]:
    """The rows of a grid. A row that holds no cell of its own is left out."""
    return [_cut(grid, index, cells) for index, cells in enumerate(grid.own_cells()) if cells]


def _cut(grid: Grid, index: int, cells: list[Cell]) -> Row:
    last = -1
    for at, cell in enumerate(cells):
        if _is_label(cell.text):
            last = at
    last = _last_known(cells, last)
    values = cells[last + 1 :]
    states = {read_number(cell.text).state for cell in values}
    numbers = REPORTED in states
    return Row(grid, index, cells, cells[last] if last >= 0 else None, values, numbers, numbers or DASH in states)


def _is_label(text: str) -> bool:
    """A text that names something: a known label, or words that no number accounts for."""
    # "详见附件" in a value's place is words too, but then the row's true label stands to its left and is known: see `_last_known`.
    return bool(WORDS.search(text)) and read_number(text).state not in (REPORTED, BLANK, DASH)


def _last_known(cells: list[Cell], last: int) -> int:
    """Where words that are no label stand among the values ("无数据", "详见附件"), the label is the last one that the forms know."""
    if last < 1 or roles(cells[last].text):
        return last
    for at in range(last - 1, -1, -1):
        if any(role.kind == ROW for role in roles(cells[at].text)):
            tail = cells[at + 1 :]
            fits = len(tail) in WIDTHS and all(len(cell.text) <= LONGEST_VALUE for cell in tail)
            return at if fits else last
    return last
