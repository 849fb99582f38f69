"""One row of a grid, cut into its labels and its values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from .document import TEXT_OF, Cell, Grid
from .labels import ROW, roles
from .numerals import BLANK, DASH, ILLEGIBLE, REPORTED, read_number

WORDS = re.compile(r"[\u3400-\u9fff]")  # every label of the forms holds Chinese; "3 4" or "O" stands in a value's place
# A number that is told roughly ("约6", "30余件") stands in a value's place, though it is none that can be published.
ROUGH = re.compile(r"(?:约|大约|近|超|超过|逾|不足)\s?\d[\d,.]*\D{0,2}|\d[\d,.]*(?:余|多|左右)\D{0,2}")
LABEL = "label"
WIDTHS = (1, 2, 3, 5, 7, 15)  # columns that tables of the forms have
FEWEST_COUNTED = 3  # rows that must be numbered before the numbers count as a row's place and not as its value
COUNTING = frozenset({"栏次", "行次", "列次", "序号", "甲", "乙", "丙"})
NUMBERED = frozenset({"行次", "行号", "序号", "编号"})  # heads of a column that counts rows
UNITS_OF_ROWS = frozenset({"件", "项", "宗", "份", "个", "条", "次"})
MISFIT = -1  # no number of cells: nothing fits
MOST_PARTS = 2  # cells before the last one that a label may have been cut into
LONGEST_VALUE = 24  # characters: "22（其中修订16件）" is long for a number; anything longer is prose


@dataclass(slots=True)
class Row:
    """`cells` begin in this row, left to right; `texts` are theirs, and `kinds` says of each label, reported, blank, dash or illegible; `label` is
    the last of them that is a label (None: the row brings none); `values` stand to its right, or are all cells where there is no label."""

    grid: Grid
    index: int
    cells: list[Cell]
    texts: tuple[str, ...]
    kinds: tuple[str, ...]
    label: Cell | None
    values: list[Cell]
    has_numbers: bool  # any value is a printed number
    is_data: bool  # any value is a number or a dash


class Claim(NamedTuple):
    """The cells of one row of the paper that cells of the form claim, and how the labels matched. `units` are those that the columns' heads
    name, one for each cell; none at all in sections that count. `doubt` says why the places are uncertain, "" where they are not."""

    codes: Sequence[str]
    cells: Sequence[Cell]
    matched_by: str
    units: Sequence[str] = ()
    doubt: str = ""


@dataclass(slots=True)
class FormTable:
    """One section's table as its recogniser found it: which form it is and which cells it claims. `tables` are the grids it stands in."""

    section: str
    form: str
    claims: list[Claim]
    tables: list[int]


def cut_rows(grid: Grid) -> list[Row]:
    """The rows of a grid. Left out: rows that hold no cell of their own, and what only counts rows or columns (序号, 栏次, a converter's 0 1 2 3)."""
    texts, own = grid.texts, grid.own_cells()
    if _counts_rows(own):
        own = [cells[1:] if cells and cells[0].text.isdigit() else cells for cells in own]
    if not NUMBERED.isdisjoint(texts):
        own = _without_numbers_of_rows(own)
    if not UNITS_OF_ROWS.isdisjoint(texts):
        own = [_without_unit(cells) for cells in own]
    return [row for index, cells in enumerate(own) if cells and (row := _cut(grid, index, cells)) is not None]


def _counts_rows(own: list[list[Cell]]) -> bool:
    """Whether the first cells of the rows are 1, 2, 3 … (or 0, 1, 2 …) downwards, each with something behind it."""
    counted = [cells[0].text for cells in own if cells and cells[0].text.isdigit() and len(cells) > 1]
    if len(counted) < FEWEST_COUNTED or len(counted[0]) > 1 or counted[0] not in "01":
        return False
    start = int(counted[0])
    return counted == [str(start + step) for step in range(len(counted))]


def _without_numbers_of_rows(own: list[list[Cell]]) -> list[list[Cell]]:
    """The rows without a cell behind their labels that says which of them each is (行次)."""
    first = [next((at for at, cell in enumerate(cells) if cell.text.isdigit()), -1) for cells in own]
    counted = [cells[at].text for cells, at in zip(own, first, strict=True) if at > 0]
    if len(counted) < FEWEST_COUNTED or counted != [str(number) for number in range(1, len(counted) + 1)]:
        return own
    return [cells[:at] + cells[at + 1 :] if at > 0 else cells for cells, at in zip(own, first, strict=True)]


def _without_unit(cells: list[Cell]) -> list[Cell]:
    """The row without a cell between its label and its values that says what they count (件)."""
    at = next((at for at, cell in enumerate(cells) if cell.text in UNITS_OF_ROWS), 0)
    before = [kind for kind in (kind_of(cell.text) for cell in cells[:at]) if kind != BLANK]
    if before[-1:] != [LABEL] or at == len(cells) - 1 or kind_of(cells[at + 1].text) == LABEL:
        return cells
    return cells[:at] + cells[at + 1 :]


def _cut(grid: Grid, index: int, cells: list[Cell]) -> Row | None:
    texts = tuple(map(TEXT_OF, cells))
    shape = _shape(texts)
    if shape is None:
        return None
    kinds, last, end, numbers, data = shape
    return Row(
        grid, index, cells, texts, kinds, cells[last] if last >= 0 else None, cells[last + 1 : end], numbers, data
    )


@lru_cache(maxsize=2048)  # most rows of most reports are a label and zeros
def _shape(texts: tuple[str, ...]) -> tuple[tuple[str, ...], int, int, bool, bool] | None:
    """(kinds, where the label stands, where the values end, whether a value is a number, or a number or a dash) of a row with these texts; None
    where it only counts the columns."""
    if _counts_columns(texts):
        return None
    kinds = tuple(map(kind_of, texts))
    last = len(kinds) - 1 - kinds[::-1].index(LABEL) if LABEL in kinds else -1
    last, end = _last_known(texts, last) if last > 0 else (last, len(texts))
    states = kinds[last + 1 : end]
    numbers = REPORTED in states
    return kinds, last, end, numbers, numbers or DASH in states


def _counts_columns(texts: Sequence[str]) -> bool:
    """Whether a row holds nothing but 1, 2, 3 … (or 0, 1, 2 …) from left to right, after 栏次 or an empty cell or nothing."""
    filled = [text for text in texts if text]
    if filled and filled[0] in COUNTING:
        del filled[0]
    if len(filled) <= FEWEST_COUNTED or filled[0] not in ("0", "1"):
        return False
    start = int(filled[0])
    return filled == [str(start + step) for step in range(len(filled))]


def split_labels(row: Row) -> list[str]:
    """What the label says if a rule or a bar cut it in two or three: it and the label cells before it joined, the shortest first."""
    if row.label is None:
        return []
    last = row.cells.index(row.label)
    before = row.kinds[:last][::-1]
    cut = next((at for at, kind in enumerate(before) if kind != LABEL), len(before))
    return ["".join(map(TEXT_OF, row.cells[last - parts : last + 1])) for parts in range(1, min(cut, MOST_PARTS) + 1)]


def window(values: list[Cell], width: int, behind: int | None) -> list[Cell] | None:
    """The `width` values of a row that has more cells, those left out being empty; None where several choices would give different readings.

    `behind` is how many cells stand behind the values in the other rows of the table, None where none tells.
    """
    spare = len(values) - width
    if spare <= 0:
        return values if spare == 0 else None
    filled = [at for at, cell in enumerate(values) if cell.text.strip()]
    if not filled:
        return values[:width]
    starts = [at for at in range(spare + 1) if at <= filled[0] and filled[-1] < at + width]
    if behind is not None and (len(starts) > 1 or behind == MISFIT):
        starts = [at for at in starts if spare - at == behind]
    return values[starts[0] : starts[0] + width] if len(starts) == 1 else None


def cells_behind(rows: list[Row], width: int) -> dict[int, int]:
    """Grid -> how many empty cells stand behind the values in most of those of its rows that leave no choice; MISFIT where more rows hold too many
    values than leave no choice."""
    if all(len(row.values) == width for row in rows):
        return {}
    seen: dict[int, Counter[int]] = {}
    for row in rows:
        filled = [at for at, cell in enumerate(row.values) if cell.text.strip()]
        reach = filled[-1] - filled[0] + 1 if filled else 0
        if reach >= width:
            behind = len(row.values) - 1 - filled[-1] if reach == width else MISFIT
            seen.setdefault(row.grid.table, Counter())[behind] += 1
    return {table: counts.most_common(1)[0][0] for table, counts in seen.items()}


@lru_cache(maxsize=32768)
def kind_of(text: str) -> str:
    """What a cell holds: a label, which is a text that names something (a known label, or words that no number accounts for), or a number's state."""
    # "详见附件" in a value's place is words too, but then the row's true label stands to its left and is known: see `_last_known`.
    state = read_number(text).state
    return LABEL if state == ILLEGIBLE and WORDS.search(text) and ROUGH.fullmatch(text) is None else state


def _last_known(texts: tuple[str, ...], last: int) -> tuple[int, int]:
    """(the row's label, where its values end). Words that are no label among the values ("详见附件") or behind them (a column of remarks) do not
    count: the label is the last one that the forms know."""
    if roles(texts[last]):
        return last, len(texts)
    for at in range(last - 1, -1, -1):
        if any(role.kind == ROW for role in roles(texts[at])):
            tail = texts[at + 1 :]
            if len(tail) in WIDTHS and all(len(text) <= LONGEST_VALUE for text in tail):
                return at, len(texts)
            behind = last == len(texts) - 1 and all(len(text) <= LONGEST_VALUE for text in tail[:-1])
            padding = next((place for place, text in enumerate(tail) if text), 0)  # of a label written out over columns
            if not behind or {len(tail) - 1 - cut for cut in range(padding + 1)}.isdisjoint(WIDTHS):
                return last, len(texts)
            # Behind padding the remark stays among the values: with it gone, an empty place would pass for the first of them.
            return at, len(texts) if padding else last
    return last, len(texts)
