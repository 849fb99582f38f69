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
    """A table of one page. `ruled` is False where white space alone tells its columns: one that is empty is not seen."""

    box: BBox
    cells: list[TableCell]
    ruled: bool = True


@dataclass(slots=True)
class _Filling:
    """The letters of one lattice, by region, while they are being handed out. `nested` where another table may
    stand in a cell.
    """

    lattice: Lattice
    box: BBox
    nested: bool
    letters: list[list[int]]
    overrun: set[int] = field(default_factory=set)


def is_data_table(lattice: Lattice) -> bool:
    """Whether a lattice can be a table: a frame of one cell or one column is a box around paragraphs."""
    return len(lattice.xs) > 2


def fill_tables(lettering: Lettering, lattices: list[Lattice]) -> tuple[list[Table], list[tuple[int, int]]]:
    """The tables with their texts, and the lines (ranges of characters) that stand outside all of them.

    `lattices` come smallest first, so a letter goes to the innermost table that holds it. A lattice with fewer
    than two cells that say anything is a drawing; its letters stay outside.
    """
    if not lattices:
        return [], lettering.lines
    fillings: list[_Filling] = []
    for lattice in lattices:
        box = lattice.box
        nested = any(_overlap(box, other.box) for other in fillings)
        fillings.append(_Filling(lattice, box, nested, [[] for _ in lattice.regions]))
    beside = [_beside_tables(lettering, begin, end, fillings) for begin, end in lettering.lines]
    outside = [line for line, near in zip(lettering.lines, beside, strict=True) if not near]
    near_lines = [line for line, near in zip(lettering.lines, beside, strict=True) if near]
    lettering.place([index for begin, end in near_lines for index in range(begin, end)])
    ignored = lettering.ignored
    for begin, end in near_lines:
        outside += _hand_out(lettering, range(begin, end), fillings, ignored)
    tables = []
    for filling in fillings:
        if sum(1 for letters in filling.letters if letters) < 2:
            outside += _runs(sorted(index for letters in filling.letters for index in letters))
        else:
            tables.append(_table(lettering, filling))
    return tables, outside


def _beside_tables(lettering: Lettering, begin: int, end: int, fillings: list[_Filling]) -> bool:
    """Whether the first or the last letter of a line stands at the height of a table."""
    text, boxes = lettering.text, lettering.boxes
    while begin < end and text[begin] <= " ":
        begin += 1
    while end > begin and text[end - 1] <= " ":
        end -= 1
    if begin == end:
        return False
    first, last = boxes[begin], boxes[end - 1]
    for filling in fillings:
        _, top, _, bottom = filling.box
        if 2 * top <= first[1] + first[3] <= 2 * bottom or 2 * top <= last[1] + last[3] <= 2 * bottom:
            return True
    return False


def _hand_out(lettering: Lettering, line: range, fillings: list[_Filling], ignored: set[int]) -> list[tuple[int, int]]:
    """Give the letters of one line to the cells that hold them; returns the stretches that no table holds."""
    boxes = lettering.boxes
    left_over: list[int] = []
    previous, region = -2, -1
    x_low = y_low = x_high = y_high = 0.0  # of the cell that took the last letter
    take = left_over.append
    for index in line:
        x0, top, x1, bottom = boxes[index]
        if x1 <= x0 or index in ignored:
            continue
        x, y = (x0 + x1) / 2, (top + bottom) / 2
        if not (x_low <= x < x_high and y_low <= y < y_high):
            x_low = x_high = 0.0
            take = left_over.append
            for filling in fillings:
                left, high, right, low = filling.box
                if left <= x < right and high <= y < low:
                    lattice = filling.lattice
                    now = lattice.owner[bisect_right(lattice.ys, y) - 1][bisect_right(lattice.xs, x) - 1]
                    if previous == index - 1 and now != region and _same_number(lettering, previous, index):
                        filling.overrun |= {now, region}
                    region = now
                    take = filling.letters[region].append
                    if not filling.nested:
                        x_low, y_low, x_high, y_high = lattice.region_box(lattice.regions[region])
                    break
        take(index)
        previous = index
    return _runs(left_over)


def _overlap(first: BBox, second: BBox) -> bool:
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]


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
