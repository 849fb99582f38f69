"""Which edges of a worn table are worn away, and which never were? The cheapest explanation of the ink decides.

Along a row (or a column) the places between two plain edges can be cut into cells in many ways. Each way has a price: ink where no edge
should be, no ink where one should be, a text that runs over an edge, two texts in one cell, a text that does not stand in the middle of
its cell, an edge unlike its neighbours above and below. The cheapest way is taken; where another is nearly as cheap the cells are doubted.
Prices are in units of about one natural logarithm of likelihood, set by hand.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from extract.readers.scan_parts.crossings import over_corners
from extract.readers.scan_parts.ink import Ink
from extract.readers.scan_parts.rules import RuledLines

CROSSING_INCHES = 0.015
LEAST_GLYPH_INCHES = 0.045  # smaller pieces are specks, dots and crumbs of rules
RULE_MARGIN_INCHES = 0.03
TWO_TEXTS_INCHES = 0.2  # a gap wider than this parts two texts beside each other
TWO_LINES_INCHES = 0.26  # and two texts one above the other
OFF_CENTRE_INCHES = 0.06
BARE_EDGE, STRAY_INK, CROSSED, SPLIT_TEXT, OFF_CENTRE, UNLIKE_NEIGHBOURS, BLANK = 4.0, 7.0, 8.0, 6.0, 3.5, 1.5, 0.5
CLEAR_MARGIN = 1.5
FARTHEST_NEIGHBOUR = 3
MOST_FILLED, LEAST_ALIGNED = (
    0.6,
    0.25,
)  # share of a cell's width that a short text fills, of cells whose texts stand at a side
BETWEEN = 3.0
RUN_ON_INCHES = 0.035  # characters of one text are no farther apart


class TextBoxes(NamedTuple):
    """The glyphs of a table by row of its lattice: for each row an array (n, 2) of extents along the row, and the edges crossed.

    `stops` (rows, columns + 1) are the positions of the edges; `crossed` (rows, columns + 1) whether one glyph stands over an edge.
    `sides` tells how far from its left and its right edge a text stands that is not in the middle, NaN where the table has none such.
    `between` is the weight of two neighbours that agree: no form has a cell that spans a rule which the cells on both its sides have.
    """

    extents: list[np.ndarray]
    stops: np.ndarray
    crossed: np.ndarray
    dpi: float
    two_texts: float
    sides: tuple[float, float] = (np.nan, np.nan)
    between: float = 1.0


def text_boxes(lines: RuledLines, ink: Ink) -> tuple[TextBoxes, TextBoxes]:
    """The glyphs of a table along its rows and along its columns."""
    rows, columns = len(lines.across) - 1, len(lines.down) - 1
    crossings = np.array([[lines.crossing(r, c) for c in range(columns + 1)] for r in range(rows + 1)])
    least = LEAST_GLYPH_INCHES * ink.dpi
    glyphs = ink.glyphs[(ink.glyphs[:, 2] - ink.glyphs[:, 0] >= least) | (ink.glyphs[:, 3] - ink.glyphs[:, 1] >= least)]
    x, y = (glyphs[:, 0] + glyphs[:, 2]) / 2, (glyphs[:, 1] + glyphs[:, 3]) / 2
    column = np.searchsorted(crossings[rows // 2, :, 0], x) - 1
    row = np.searchsorted(crossings[:, columns // 2, 1], y) - 1
    inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    inside[inside] &= ~over_corners(glyphs[inside], row[inside], column[inside], crossings, ink.dpi)
    glyphs, row, column, x, y = glyphs[inside], row[inside], column[inside], x[inside], y[inside]
    margin = RULE_MARGIN_INCHES * ink.dpi
    off_across = (y - crossings[row, column, 1] > margin) & (crossings[row + 1, column, 1] - y > margin)
    off_down = (x - crossings[row, column, 0] > margin) & (crossings[row, column + 1, 0] - x > margin)
    small = (glyphs[:, 2] - glyphs[:, 0] < 2 * least) & (glyphs[:, 3] - glyphs[:, 1] < 2 * least)
    inside = ~small | (off_across & off_down)
    glyphs, row, column = glyphs[inside], row[inside], column[inside]
    stops_x = (crossings[:-1, :, 0] + crossings[1:, :, 0]) / 2
    stops_y = ((crossings[:, :-1, 1] + crossings[:, 1:, 1]) / 2).T
    along = one_axis(glyphs[:, [0, 2]], row, column, stops_x, ink.dpi, TWO_TEXTS_INCHES)
    down = one_axis(glyphs[:, [1, 3]], column, row, stops_y, ink.dpi, TWO_LINES_INCHES)
    return along, down._replace(between=BETWEEN)


def one_axis(
    spans: np.ndarray, line: np.ndarray, place: np.ndarray, stops: np.ndarray, dpi: float, two_texts: float
) -> TextBoxes:
    """The glyphs' extents along one axis by line, and which edges a glyph stands over."""
    crossed = np.zeros(stops.shape, bool)
    reach = CROSSING_INCHES * dpi
    for edge in (0, 1):
        at = stops[line, place + edge]
        over = (spans[:, 0] < at - reach) & (spans[:, 1] > at + reach)
        crossed[line[over], place[over] + edge] = True
    extents = [spans[line == one][np.argsort(spans[line == one, 0])] for one in range(len(stops))]
    for one, mine in enumerate(extents):
        for edge, at in enumerate(stops[one]):
            text = mine[(np.abs(mine.mean(axis=1) - at) > 2 * reach) | (np.ptp(mine, axis=1) > 2 * reach)]
            before, after = text[text[:, 1] <= at + reach, 1], text[text[:, 0] >= at - reach, 0]
            close = len(before) and len(after) and after.min() - before.max() < RUN_ON_INCHES * dpi
            crossed[one, edge] |= bool(close)
    return TextBoxes(extents, stops, crossed, dpi, two_texts * dpi)


def aligned(text: TextBoxes, has: np.ndarray) -> TextBoxes:
    """The texts with `sides` told: how the texts of short cells, plainly bounded by `has` (lines, places + 1), stand in them."""
    left, right = [], []
    for line, spans in enumerate(text.extents):
        stops = np.flatnonzero(has[line])
        for first, last in pairwise(text.stops[line][stops]):
            mine = spans[(spans.mean(axis=1) > first) & (spans.mean(axis=1) < last)] if len(spans) else spans
            if len(mine) and np.ptp(mine) < MOST_FILLED * (last - first):
                left.append(mine.min() - first)
                right.append(last - mine.max())
    off = np.array(left) - np.array(right)
    least = OFF_CENTRE_INCHES * text.dpi
    sides = [np.array(side)[toward * off > 2 * least] for side, toward in ((left, -1), (right, 1))]
    habits = [float(np.median(side)) if len(side) > LEAST_ALIGNED * len(off) else np.nan for side in sides]
    return text._replace(sides=(habits[0], habits[1]))


def restoring_prices(coverage: np.ndarray, has: np.ndarray, text: TextBoxes) -> np.ndarray:
    """What it costs to draw each edge rather than leave it out, float (lines, places + 1); the outer edges cost nothing."""
    prices = np.zeros(has.shape)
    for line in range(has.shape[0]):
        for edge in range(1, has.shape[1] - 1):
            prices[line, edge] = edge_price(coverage, has, line, edge, text) - bare_price(
                coverage, has, line, edge, text
            )
    return prices


def weigh_missing_edges(coverage: np.ndarray, has: np.ndarray, doubts: np.ndarray, text: TextBoxes) -> None:
    """Decide every inner edge that is not plainly there; changes `has` (lines, places + 1) and `doubts` (lines, places) in place."""
    plain = has.copy()
    for line in range(len(has)):
        stops = np.nonzero(plain[line])[0]
        for first, last in pairwise(stops):
            if last - first > 1:
                chosen, doubtful = cheapest(coverage, plain, line, int(first), int(last), text)
                has[line, chosen] = True
                for edge in doubtful:
                    doubts[line, edge - 1 : edge + 1] = True


def cheapest(
    coverage: np.ndarray, plain: np.ndarray, line: int, first: int, last: int, text: TextBoxes
) -> tuple[list[int], list[int]]:
    """The inner edges of the cheapest cut of places first to last, and the edges whose other state costs little more."""
    edges = range(first + 1, last)
    with_edge = {edge: edge_price(coverage, plain, line, edge, text) for edge in edges}
    without = {edge: bare_price(coverage, plain, line, edge, text) for edge in edges}
    cells = {
        (start, end): cell_price(line, start, end, text)
        for start in range(first, last)
        for end in range(start + 1, last + 1)
    }
    best_price, best = best_cut(first, last, with_edge, without, cells, None, False)
    doubtful = []
    for edge in edges:
        other, _ = best_cut(first, last, with_edge, without, cells, edge, edge not in best)
        if other - best_price < CLEAR_MARGIN:
            doubtful.append(edge)
    return best, doubtful


def best_cut(
    first: int,
    last: int,
    with_edge: dict[int, float],
    without: dict[int, float],
    cells: dict[tuple[int, int], float],
    forced: int | None,
    state: bool,
) -> tuple[float, list[int]]:
    """The price and the inner edges of the cheapest cut; an edge can be forced to be there (`state` True) or not."""
    sums = {first: 0.0}
    for edge in range(first + 1, last):
        sums[edge] = sums[edge - 1] + without[edge]
    best: dict[int, tuple[float, list[int]]] = {first: (0.0, [])}
    for end in range(first + 1, last + 1):
        if end == forced and not state:
            continue
        ways = []
        for start in [start for start in best if start < end]:
            if forced is not None and state and start < forced < end:
                continue
            inner = sums[end - 1] - sums[start] if end - 1 > start else 0.0
            price, cut = best[start]
            price += inner + cells[start, end] + (with_edge[end] if end < last else 0.0)
            ways.append((price, [*cut, end] if end < last else cut))
        best[end] = min(ways, key=lambda way: way[0])
    return best[last]


def neighbours(plain: np.ndarray, line: int, edge: int, weight_between: float) -> float:
    """How the same edge is in the lines around, the nearer the weightier: 1 there in all, -1 in none, 0 half and half or none around.

    Times `weight_between` where it is there in both nearest lines.
    """
    votes = weight = 0.0
    for away in range(1, FARTHEST_NEIGHBOUR + 1):
        for other in (line - away, line + away):
            if 0 <= other < len(plain):
                votes += (1.0 if plain[other, edge] else -1.0) / away
                weight += 1 / away
    share = votes / weight * min(1.0, weight / 2) if weight else 0.0
    between = 0 < line < len(plain) - 1 and plain[line - 1, edge] and plain[line + 1, edge]
    return share * (weight_between if between and share > 0 else 1.0)


def edge_price(coverage: np.ndarray, plain: np.ndarray, line: int, edge: int, text: TextBoxes) -> float:
    """What it costs to believe in an edge: missing ink, a glyph over it, missing neighbours."""
    price = BARE_EDGE * max(0.0, 1 - 2 * float(coverage[line, edge]))
    price += CROSSED * bool(text.crossed[line, edge])
    return price - UNLIKE_NEIGHBOURS * neighbours(plain, line, edge, text.between)


def bare_price(coverage: np.ndarray, plain: np.ndarray, line: int, edge: int, text: TextBoxes) -> float:
    """What it costs to believe that there never was an edge: the ink that is there, the neighbours that are there."""
    return STRAY_INK * float(coverage[line, edge]) + UNLIKE_NEIGHBOURS * neighbours(plain, line, edge, text.between)


def cell_price(line: int, start: int, end: int, text: TextBoxes) -> float:
    """What it costs to believe that these places are one cell: two texts in it, a text off its middle."""
    left, right = text.stops[line, start], text.stops[line, end]
    spans = text.extents[line]
    middle = spans.mean(axis=1) if len(spans) else np.zeros(0)
    mine = spans[(middle > left) & (middle < right)]
    if not len(mine):
        return BLANK
    reached = np.maximum.accumulate(mine[:, 1])
    gaps = mine[1:, 0] - reached[:-1]
    price = SPLIT_TEXT * bool((gaps > text.two_texts).any())
    start, stop = mine[:, 0].min(), reached[-1]
    offsets = (start + stop - left - right) / 2, start - left - text.sides[0], right - stop - text.sides[1]
    offset = np.nanmin(np.abs(offsets)) / (OFF_CENTRE_INCHES * text.dpi)
    return price + min(OFF_CENTRE, 0.5 * float(offset) ** 2)
