"""Lattices and letters → tables: each letter goes to the cell that holds its middle; a number stays whole."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from operator import attrgetter, sub

from extract.document import MAX_SPAN, TEXT_OF, BBox, Shape, shape_of
from extract.readers.pdf_parts.lettering import Lettering, Span
from extract.readers.pdf_parts.ruling import Lattice, Region
from extract.readers.pdf_parts.wording import cell_text

TORN = "the rules around this cell are broken or contradict one another"
STRUCK = "print in this cell is struck through, or a raised mark, and was left out"
OVERRUN = "print runs over the rule between this cell and its neighbour"
_IN_NUMBERS = frozenset("0123456789.,")


@dataclass(slots=True)
class TableCell:
    """A cell with what it says and where it stands, before the document has numbered its tables."""

    text: str
    region: Region
    box: BBox
    doubt: str = ""


_REGION_OF, _BOX_OF, _DOUBT_OF = map(attrgetter, ("region", "box", "doubt"))


@dataclass(slots=True)
class Table:
    """A table of one page. `ruled` is False where white space alone tells its columns: one that is empty is not seen."""

    box: BBox
    cells: list[TableCell]
    ruled: bool = True

    def sure_columns(self) -> tuple[list[str], Shape, list[BBox]] | None:
        """The texts of the cells, their shape, and their boxes; None where a cell is doubted, or larger than cells are."""
        if not self.ruled or any(map(_DOUBT_OF, self.cells)):
            return None
        rows, cols, row_ends, col_ends, _ = zip(*map(_REGION_OF, self.cells), strict=True)
        row_spans, col_spans = tuple(map(sub, row_ends, rows)), tuple(map(sub, col_ends, cols))
        if max(row_spans) > MAX_SPAN or max(col_spans) > MAX_SPAN:
            return None
        shape = shape_of(rows, cols, row_spans, col_spans)
        return list(map(TEXT_OF, self.cells)), shape, list(map(_BOX_OF, self.cells))


@dataclass(slots=True, eq=False)
class _Filling:
    """The words of one lattice, by region, while they are being handed out. `nested` where another table may
    stand in a cell.
    """

    lattice: Lattice
    box: BBox
    nested: bool
    words: list[list[Span]]
    overrun: set[int] = field(default_factory=set)
    struck: set[int] = field(default_factory=set)


_Home = tuple[_Filling, int]  # a table and the region in it


def is_data_table(lattice: Lattice) -> bool:
    """Whether a lattice can be a table: a frame of one cell or one column is a box around paragraphs."""
    return len(lattice.xs) > 2


def fill_tables(lettering: Lettering, lattices: list[Lattice]) -> tuple[list[Table], list[tuple[int, int]]]:
    """The tables with their texts, and the lines (ranges of characters) that stand outside all of them.

    `lattices` come smallest first, so a letter goes to the innermost table that holds it. A lattice that says nothing
    is a drawing, and so is one of two cells of which only one says anything: its letters stay outside.
    """
    if not lattices:
        return [], lettering.lines
    fillings: list[_Filling] = []
    for lattice in lattices:
        box = lattice.box
        nested = any(_overlap(box, other.box) for other in fillings)
        fillings.append(_Filling(lattice, box, nested, [[] for _ in lattice.regions]))
    outside: list[Span] = []
    heights = [(2 * filling.box[1], 2 * filling.box[3]) for filling in fillings]
    for line, words in lettering.by_line(lettering.seen_words()):
        if words and _beside_tables(lettering.boxes, words, heights):
            outside += _hand_out(lettering, words, fillings)
        else:
            outside.append(line)
    for index in lettering.struck:
        x0, top, x1, bottom = lettering.boxes[index]
        home = _home((x0 + x1) / 2, (top + bottom) / 2, fillings)
        if home:
            home[0].struck.add(home[1])
    tables = []
    for filling in fillings:
        if sum(1 for words in filling.words if words) < (1 if len(filling.words) > 2 else 2):
            outside += _runs(sorted(word for words in filling.words for word in words))
        else:
            tables.append(_table(lettering, filling))
    return tables, outside


def _beside_tables(boxes: list[BBox], words: list[Span], heights: list[tuple[float, float]]) -> bool:
    """Whether the first or the last letter of a line stands at the height of a table; the heights of these come doubled."""
    _, top, _, bottom = boxes[words[0][0]]
    _, last_top, _, last_bottom = boxes[words[-1][1] - 1]
    first, last = top + bottom, last_top + last_bottom
    for above, below in heights:
        if above <= first <= below:
            return True
        if above <= last <= below:
            return True
    return False


def _hand_out(lettering: Lettering, words: list[Span], fillings: list[_Filling]) -> list[Span]:
    """Give the words of one line to the cells that hold their first and last letters, or letter by letter where these
    differ; returns the stretches that no table holds.
    """
    boxes = lettering.boxes
    left_over: list[Span] = []
    for word in words:
        begin, end = word
        x0, top, x1, bottom = boxes[begin]
        home = _home((x0 + x1) / 2, (top + bottom) / 2, fillings)
        if end - begin > 1 and not _stays(boxes[end - 1], home, fillings):
            left_over += _hand_out_letters(lettering, word, fillings)
        elif home is None:
            left_over.append(word)
        else:
            home[0].words[home[1]].append(word)
    return _runs(left_over) if left_over else left_over


def _stays(last: BBox, home: _Home | None, fillings: list[_Filling]) -> bool:
    """Whether the last letter of a word stands where the first does; a word outside might also run over a table."""
    x0, top, x1, bottom = last
    if home is None:
        return not any(filling.box[0] < x1 and filling.box[1] < bottom and top < filling.box[3] for filling in fillings)
    x, y = (x0 + x1) / 2, (top + bottom) / 2
    if home[0] is not fillings[0]:  # another table may stand within this one
        return _home(x, y, fillings) == home
    left, high, right, low = home[0].lattice.region_box(home[1])
    return left <= x < right and high <= y < low


def _home(x: float, y: float, fillings: list[_Filling]) -> _Home | None:
    """The innermost table that holds a point, and the region in it."""
    for filling in fillings:
        left, high, right, low = filling.box
        if left <= x < right and high <= y < low:
            lattice = filling.lattice
            return filling, lattice.owner[bisect_right(lattice.ys, y) - 1][bisect_right(lattice.xs, x) - 1]
    return None


def _hand_out_letters(lettering: Lettering, word: Span, fillings: list[_Filling]) -> list[Span]:
    """The same letter by letter. Neighbouring letters of one number in two cells: the print runs over the rule."""
    lettering.place(range(*word))
    left_over: list[Span] = []
    before: _Home | None = None
    for index in range(*word):
        x0, top, x1, bottom = lettering.boxes[index]
        if x1 <= x0:
            continue
        home = _home((x0 + x1) / 2, (top + bottom) / 2, fillings)
        if home is None:
            left_over.append((index, index + 1))
        else:
            if before and home[0] is before[0] and home != before and _same_number(lettering, index - 1, index):
                home[0].overrun |= {home[1], before[1]}
            home[0].words[home[1]].append((index, index + 1))
        before = home
    return left_over


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


def _runs(words: list[Span]) -> list[Span]:
    """Ascending words as ranges; one blank between two of them does not break a range, other letters do."""
    runs: list[Span] = []
    for begin, end in words:
        if runs and begin - runs[-1][1] <= 1:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((begin, end))
    return runs


def _table(lettering: Lettering, filling: _Filling) -> Table:
    lattice = filling.lattice
    if filling.overrun:
        _mend_numbers(lettering, filling)
    xs, ys = lattice.xs, lattice.ys
    cells = []
    for region, words in zip(lattice.regions, filling.words, strict=True):
        row, col, row_end, col_end, torn = region
        box = xs[col], ys[row], xs[col_end], ys[row_end]
        text = cell_text(lettering, words, box[2] - box[0]) if words else ""
        cells.append(TableCell(text, region, box, TORN if torn else ""))
    for number in filling.overrun:
        cells[number].doubt = OVERRUN
    for number in filling.struck:
        cells[number].doubt = STRUCK
    return Table(filling.box, cells)


def _mend_numbers(lettering: Lettering, filling: _Filling) -> None:
    """Give every number that runs over a rule whole to the cell that holds most of it; its cells keep their doubt."""
    place_of = {word: region for region in filling.overrun for word in filling.words[region]}
    ordered = sorted(place_of)
    number: list[Span] = []
    for word in [*ordered, (-1, -1)]:
        if number and (word[0] != number[-1][1] or not _same_number(lettering, number[-1][1] - 1, word[0])):
            places = [place_of[member] for member in number for _ in range(*member)]
            home = max(set(places), key=places.count)
            for member in number:
                filling.words[place_of[member]].remove(member)
                filling.words[home].append(member)
            filling.words[home].sort()
            number = []
        number.append(word)
