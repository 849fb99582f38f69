"""Lattices and letters → tables: each letter goes to the cell that holds its middle; a number stays whole."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from extract.document import BBox
from extract.readers.pdf_parts.lettering import Lettering, cell_text
from extract.readers.pdf_parts.ruling import Lattice, Region

TORN = "the rules around this cell are broken or contradict one another"
OVERRUN = "print runs over the rule between this cell and its neighbour"
_IN_NUMBERS = frozenset("0123456789.,")


@dataclass(slots=True)
class TableCell:
    """A cell with what it says and where it stands, before the document has numbered its tables."""

    text: str
    region: Region
    box: BBox
    doubt: str = ""


@dataclass(slots=True)
class Table:
    """A table of one page."""

    box: BBox
    cells: list[TableCell]


@dataclass(slots=True)
class _Filling:
    """The letters of one lattice, by region, while they are being handed out."""

    lattice: Lattice
    letters: list[list[int]] = field(default_factory=list)
    overrun: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.letters = [[] for _ in self.lattice.regions]


def is_data_table(lattice: Lattice) -> bool:
    """Whether a lattice can be a table: a frame of one cell or one column is a box around paragraphs."""
    return len(lattice.xs) > 2


def fill_tables(lettering: Lettering, lattices: list[Lattice]) -> tuple[list[Table], list[tuple[int, int]]]:
    """The tables with their texts, and the lines (ranges of characters) that stand outside all of them.

    `lattices` come smallest first, so a letter goes to the innermost table that holds it. A lattice with fewer than two cells
    that say anything is a drawing; its letters stay outside.
    """
    fillings = [_Filling(lattice) for lattice in lattices]
    outside: list[tuple[int, int]] = []
    for begin, end in lettering.lines:
        if fillings:
            outside += _hand_out(lettering, begin, end, fillings)
        else:
            outside.append((begin, end))
    tables = []
    for filling in fillings:
        if sum(1 for letters in filling.letters if letters) < 2:
            outside += _runs([index for letters in filling.letters for index in letters])
        else:
            tables.append(_table(lettering, filling))
    return tables, outside


def _hand_out(lettering: Lettering, begin: int, end: int, fillings: list[_Filling]) -> list[tuple[int, int]]:
    """Give the letters of one line to the cells that hold them; returns the stretches that no table holds."""
    boxes, ignored = lettering.boxes, lettering.ignored
    left_over: list[int] = []
    filling: _Filling | None = None
    previous, region = -2, -1
    x_low = y_low = x_high = y_high = 0.0
    for index in range(begin, end):
        x0, top, x1, bottom = boxes[index]
        if x1 <= x0 or index in ignored:
            continue
        x, y = (x0 + x1) / 2, (top + bottom) / 2
        if filling is None or not (x_low <= x < x_high and y_low <= y < y_high):
            filling = next((each for each in fillings if _holds(each.lattice, x, y)), None)
            if filling is None:
                left_over.append(index)
                continue
            lattice = filling.lattice
            row, col = bisect_right(lattice.ys, y) - 1, bisect_right(lattice.xs, x) - 1
            now = lattice.owner[row][col]
            if previous == index - 1 and now != region and _same_number(lettering, previous, index):
                filling.overrun |= {now, region}
            region = now
            x_low, y_low, x_high, y_high = lattice.region_box(lattice.regions[region])
            if len(fillings) > 1 and filling is not fillings[0]:
                filling_again = filling  # a smaller table may stand inside this very cell
                if any(_overlaps(each.lattice, x_low, y_low, x_high, y_high) for each in fillings if each is not filling):
                    filling = None
                filling_again.letters[region].append(index)
                previous = index
                continue
        filling.letters[region].append(index)
        previous = index
    return _runs(left_over)


def _holds(lattice: Lattice, x: float, y: float) -> bool:
    xs, ys = lattice.xs, lattice.ys
    return xs[0] <= x < xs[-1] and ys[0] <= y < ys[-1]


def _overlaps(lattice: Lattice, x_low: float, y_low: float, x_high: float, y_high: float) -> bool:
    left, top, right, bottom = lattice.box
    return left < x_high and right > x_low and top < y_high and bottom > y_low


def _same_number(lettering: Lettering, first: int, second: int) -> bool:
    """Whether two neighbouring letters are set as one number, with no room between them for a rule."""
    text, boxes = lettering.text, lettering.boxes
    if text[first] not in _IN_NUMBERS or text[second] not in _IN_NUMBERS:
        return False
    before, after = boxes[first], boxes[second]
    height = after[3] - after[1]
    return abs(after[0] - before[2]) < 0.1 * height and abs(after[3] - before[3]) < 0.2 * height


def _runs(indices: list[int]) -> list[tuple[int, int]]:
    """Ascending indices as ranges; blanks between two letters do not break a range, other letters do."""
    runs: list[tuple[int, int]] = []
    for index in indices:
        if runs and index - runs[-1][1] <= 1:
            runs[-1] = (runs[-1][0], index + 1)
        else:
            runs.append((index, index + 1))
    return runs


def _table(lettering: Lettering, filling: _Filling) -> Table:
    lattice = filling.lattice
    if filling.overrun:
        _mend_numbers(lettering, filling)
    cells = []
    for number, (region, letters) in enumerate(zip(lattice.regions, filling.letters, strict=True)):
        box = lattice.region_box(region)
        text = cell_text(lettering, letters, box[2] - box[0]) if letters else ""
        doubt = OVERRUN if number in filling.overrun else TORN if region.torn else ""
        cells.append(TableCell(text, region, box, doubt))
    return Table(lattice.box, cells)


def _mend_numbers(lettering: Lettering, filling: _Filling) -> None:
    """Give every number that runs over a rule whole to the cell that holds most of it; its cells keep their doubt."""
    place_of = {index: region for region, letters in enumerate(filling.letters) for index in letters}
    ordered = sorted(place_of)
    number: list[int] = []
    for index in [*ordered, -1]:
        if number and (index != number[-1] + 1 or not _same_number(lettering, number[-1], index)):
            places = [place_of[member] for member in number]
            home = max(set(places), key=places.count)
            for member, place in zip(number, places, strict=True):
                if place != home:
                    filling.letters[place].remove(member)
                    filling.letters[home].append(member)
            filling.letters[home].sort()
            number = []
        number.append(index)
