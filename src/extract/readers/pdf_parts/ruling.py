"""Rules on a page → lattices: which boxes the rules enclose, and which neighbouring boxes are one merged cell.

Pure geometry in points from the top left corner; knows no letters and no PDF. Rules may be strokes, thin filled
boxes, the edges of rectangles, dashes or double lines: by the time they arrive here they are all `Rule`.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections import defaultdict
from functools import partial
from operator import itemgetter
from typing import NamedTuple

from extract.document import MAX_GRID_CELLS, BBox

SNAP = 3.0  # rules nearer than this are one rule drawn twice: no row of print is that low
GAP = 3.5  # a dash or a missing corner: no column is that narrow
SHORTEST = 6.0  # a run of dashes or dots shorter than this separates nothing
REACH = 3.0  # how far a rule may end from the rule it meets
MAX_RULES = 1_500  # of one direction, after joining; more is a drawing, not a table


# A straight line: its place across its direction, from where to where along it. A plain tuple: pages hold thousands.
Rule = tuple[float, float, float]


class Region(NamedTuple):
    """One cell of a lattice, merged or not: from row and column, to row and column (excluded). Torn: its rules
    contradict.
    """

    row: int
    col: int
    row_end: int
    col_end: int
    torn: bool


_new_region = partial(tuple.__new__, Region)  # without the step through Python that its own constructor takes


class Lattice(NamedTuple):
    """A ruled table: `xs` and `ys` are the places of its rules, `owner[row][col]` the index of the region there."""

    xs: list[float]
    ys: list[float]
    regions: list[Region]
    owner: list[list[int]]

    @property
    def box(self) -> BBox:
        """The table's outline."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def region_box(self, number: int) -> BBox:
        """The outline of the cell with that index."""
        row, col, row_end, col_end, _ = self.regions[number]
        return self.xs[col], self.ys[row], self.xs[col_end], self.ys[row_end]


def join_rules(rules: list[Rule]) -> list[Rule]:
    """Rules that continue or double each other, joined; each gets the middle place of its bundle."""
    spans_at: defaultdict[float, list[tuple[float, float]]] = defaultdict(list)
    for place, start, end in rules:
        spans_at[place].append((start, end))
    joined: list[Rule] = []
    spans: list[tuple[float, float]] = []
    first = last = 0.0
    for place in sorted(spans_at):
        if spans and (place - last > SNAP or place - first > 2 * SNAP):
            joined += _joined(round((first + last) / 2, 2), spans)
            spans = []
        if not spans:
            first = place
        last = place
        spans += spans_at[place]
    return joined + _joined(round((first + last) / 2, 2), spans) if spans else joined


def _joined(place: float, spans: list[tuple[float, float]]) -> list[Rule]:
    """The rules at one place, those that meet or overlap joined."""
    spans.sort()
    joined = []
    start, end = spans[0]
    for next_start, next_end in spans:
        if next_start - end > GAP:
            if end - start >= SHORTEST:
                joined.append((place, start, end))
            start, end = next_start, next_end
        elif next_end > end:
            end = next_end
    if end - start >= SHORTEST:
        joined.append((place, start, end))
    return joined


def find_lattices(horizontal: list[Rule], vertical: list[Rule]) -> list[Lattice]:
    """The ruled tables of a page, smallest first (a table inside a cell of another comes before it)."""
    across, down = join_rules(horizontal), join_rules(vertical)
    if not across or not down or len(across) > MAX_RULES or len(down) > MAX_RULES:
        return []
    lattices = []
    for members_across, members_down in _connected(across, down):
        lattice = _lattice(members_across, members_down)
        if lattice is not None:
            lattices.append(lattice)
    lattices.sort(key=lambda lattice: (lattice.xs[-1] - lattice.xs[0]) * (lattice.ys[-1] - lattice.ys[0]))
    return lattices


def _connected(across: list[Rule], down: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Bundles of rules that touch one another, directly or through others; rules that touch none are left out."""
    parent = list(range(len(across) + len(down)))

    def root(member: int) -> int:
        while parent[member] != member:
            parent[member] = parent[parent[member]]
            member = parent[member]
        return member

    places = [rule[0] for rule in across]  # sorted: join_rules goes from top to bottom
    reach = [(start - REACH, end + REACH) for _, start, end in across]
    for index, (x, top, bottom) in enumerate(down, len(across)):
        own = index
        for other in range(bisect_left(places, top - REACH), bisect_right(places, bottom + REACH)):
            if parent[other] != own:
                left, right = reach[other]
                if left <= x <= right:
                    found = root(other)
                    if own == index:
                        parent[index] = own = found
                    else:
                        parent[found] = own
    bundles: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for index in range(len(parent)):
        pair = bundles.setdefault(root(index), ([], []))
        if index < len(across):
            pair[0].append(across[index])
        else:
            pair[1].append(down[index - len(across)])
    return [pair for pair in bundles.values() if pair[0] and pair[1]]


def _places(rules: list[Rule], crossing: list[Rule]) -> list[float]:
    """Where the rules stand, and where the rules that cross them end together: a table cut by the page's end has
    no closing rule, and some tables have no rule at their left and right side.
    """
    places = sorted({rule[0] for rule in rules})
    first, last = min(rule[1] for rule in crossing), max(rule[2] for rule in crossing)
    enough = min(2, len(crossing))
    if places[0] - first > SHORTEST and sum(rule[1] <= first + REACH for rule in crossing) >= enough:
        places.insert(0, round(first, 2))
    if last - places[-1] > SHORTEST and sum(rule[2] >= last - REACH for rule in crossing) >= enough:
        places.append(round(last, 2))
    return places


def _walls(rules: list[Rule], places: list[float], crossing_places: list[float]) -> list[list[bool]]:
    """walls[p][k]: whether the rule at places[p] runs along the k-th stretch between crossing places. The outline
    always does.
    """
    middles = [(low + high) / 2 for low, high in itertools.pairwise(crossing_places)]
    walls = [[False] * len(middles) for _ in places]
    index_of = {place: index for index, place in enumerate(places)}
    for place, start, end in rules:
        first, past = bisect_left(middles, start), bisect_right(middles, end)
        if first < past:
            walls[index_of[place]][first:past] = [True] * (past - first)
    walls[0] = walls[-1] = [True] * len(middles)
    return walls


def _lattice(across: list[Rule], down: list[Rule]) -> Lattice | None:
    xs, ys = _places(down, across), _places(across, down)
    if len(xs) < 2 or len(ys) < 2 or len(xs) * len(ys) > MAX_GRID_CELLS:
        return None
    beside = _walls(down, xs, ys)  # beside[x][row]
    above = _walls(across, ys, xs)  # above[y][col]
    height, width = len(ys) - 1, len(xs) - 1
    owner = [[-1] * width for _ in range(height)]
    regions: list[Region] = []
    inner_edges = 0  # of merged cells, where no rule is to be missed
    sides = list(zip(*beside, strict=True))
    for row, line in enumerate(owner):
        below = above[row + 1]
        if all(below) and all(sides[row]) and max(line) < 0:  # none of this row's cells is merged
            line[:] = range(len(regions), len(regions) + width)
            regions += [_new_region((row, col, row + 1, col + 1, False)) for col in range(width)]
            continue
        for col in range(width):
            if line[col] >= 0:
                continue
            if below[col] and beside[col + 1][row]:  # most cells are not merged
                line[col] = len(regions)
                regions.append(_new_region((row, col, row + 1, col + 1, False)))
                continue
            row_end, col_end = _extent(row, col, beside, above, owner)
            for covered in owner[row:row_end]:
                covered[col:col_end] = [len(regions)] * (col_end - col)
            regions.append(Region(row, col, row_end, col_end, False))
            inner_edges += _inner_edges(regions[-1])
    missing = sum(wall.count(False) for wall in beside) + sum(wall.count(False) for wall in above)
    if missing != inner_edges:
        _mark_torn(regions, owner, beside, above)
    return _without_idle_places(xs, ys, regions, owner)


def _inner_edges(region: Region) -> int:
    height, width = region.row_end - region.row, region.col_end - region.col
    return height * (width - 1) + width * (height - 1)


def _extent(
    row: int, col: int, beside: list[list[bool]], above: list[list[bool]], owner: list[list[int]]
) -> tuple[int, int]:
    """How far the cell that begins here goes: to the right while no rule stands between, then down while nothing
    crosses it.
    """
    height, width = len(owner), len(owner[0])
    col_end = col + 1
    while col_end < width and not beside[col_end][row] and owner[row][col_end] < 0:
        col_end += 1
    row_end = row + 1
    while (
        row_end < height
        and not any(above[row_end][col:col_end])
        and not any(beside[x][row_end] for x in range(col + 1, col_end))
        and max(owner[row_end][col:col_end]) < 0
    ):
        row_end += 1
    return row_end, col_end


def _mark_torn(
    regions: list[Region], owner: list[list[int]], beside: list[list[bool]], above: list[list[bool]]
) -> None:
    """Where no rule stands between two different cells, the drawing contradicts itself: both are marked."""
    torn = set()
    for row, line in enumerate(owner):
        for col, region in enumerate(line):
            if col and line[col - 1] != region and not beside[col][row]:
                torn |= {line[col - 1], region}
            if row and owner[row - 1][col] != region and not above[row][col]:
                torn |= {owner[row - 1][col], region}
    for index in torn:
        regions[index] = regions[index]._replace(torn=True)


def _without_idle_places(xs: list[float], ys: list[float], regions: list[Region], owner: list[list[int]]) -> Lattice:
    """The lattice without rows and columns in which no cell begins (rules drawn twice, a little apart)."""
    rows, cols = (sorted(set(map(itemgetter(field), regions))) for field in (0, 1))
    if len(rows) == len(ys) - 1 and len(cols) == len(xs) - 1:
        return Lattice(xs, ys, regions, owner)
    kept = [
        Region(
            bisect_left(rows, region.row),
            bisect_left(cols, region.col),
            bisect_left(rows, region.row_end),
            bisect_left(cols, region.col_end),
            region.torn,
        )
        for region in regions
    ]
    owner = [[0] * len(cols) for _ in rows]
    for index, region in enumerate(kept):
        for line in owner[region.row : region.row_end]:
            line[region.col : region.col_end] = [index] * (region.col_end - region.col)
    return Lattice([*(xs[col] for col in cols), xs[-1]], [*(ys[row] for row in rows), ys[-1]], kept, owner)
