"""From long straight runs to the ruled lines of each table on a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from extract.readers.scan_parts.ink import RULE_THICKNESS_INCHES, Ink, box

SAME_RULE_INCHES = 0.035
MEETING_INCHES = 0.09
LOOSE_RULE_INCHES = 2.0
OPEN_SHARE = 0.3  # of the rules that meet the outermost one: so many run on beyond it where the side is open
CLOSING_INCHES = 0.1
SMALLEST_CELL_INCHES = 0.13
WORN_RUN_INCHES = 0.2
BROKEN_FROM_GAPS = 2
LEAST_WITNESS_INCHES = 0.35
# Of the rules that tell where a table ends: in one of several rows, in a row alone.
LEAST_SIDE_INCHES, LEAST_ROW_INCHES = 0.3, 0.18
LEAST_TABLE_WIDTH_INCHES, LEAST_TABLE_HEIGHT_INCHES = 0.8, 0.11
MOST_RULES = 120

# One segment is a row of (position, start, end): y, left, right for a horizontal one; x, top, bottom for a vertical one.
Segments = np.ndarray


@dataclass(slots=True)
class RuledLines:
    """The rules of one table. `across` holds the y of each horizontal rule at x = 0, `down` the x of each vertical rule at y = 0.

    Rules run as y = across + slope_across · x and x = down + slope_down · y. `closed_by_hand` names the sides whose rule is not printed.
    """

    across: np.ndarray
    down: np.ndarray
    slope_across: float
    slope_down: float
    closed_by_hand: tuple[str, ...] = ()

    def crossing(self, row: int, column: int) -> tuple[float, float]:
        """x and y where a vertical and a horizontal rule cross."""
        y = self.across[row] + self.slope_across * self.down[column]
        x = self.down[column] + self.slope_down * y
        return float(x), float(self.across[row] + self.slope_across * x)

    def outline(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of the table."""
        corners = [self.crossing(row, column) for row in (0, -1) for column in (0, -1)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return min(xs), min(ys), max(xs), max(ys)


def segments(runs: np.ndarray, dpi: float, horizontal: bool) -> tuple[Segments, float]:
    """The thin straight pieces of a mask of runs as (position at coordinate 0, start, end), and the slope that they share."""
    joined = cv2.dilate(runs, box(3, 1) if horizontal else box(1, 3))
    _, labels, stats, centres = cv2.connectedComponentsWithStats(joined, connectivity=8, ltype=cv2.CV_32S)
    if horizontal:
        start, length, thickness = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
        along, position = centres[:, 0], centres[:, 1]
    else:
        start, length, thickness = stats[:, cv2.CC_STAT_TOP], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_WIDTH]
        along, position = centres[:, 1], centres[:, 0]
    chosen = (length >= WORN_RUN_INCHES * dpi * 0.9) & (thickness <= RULE_THICKNESS_INCHES * dpi + 4 + length * 0.01)
    chosen[0] = False
    slopes, weights = [], []
    for label in np.nonzero(chosen & (length >= dpi))[0]:
        slopes.append(piece_slope(labels, stats[label], int(label), horizontal))
        weights.append(float(length[label]))
    slope = weighted_median(np.array(slopes), np.array(weights)) if slopes else 0.0
    found = np.stack([position - slope * along, start, start + length], axis=1)[chosen]
    return found.astype(float), slope


def small_gaps(pieces: Segments, dpi: float) -> int:
    """How many gaps in rules are smaller than any cell: on a clean page none, on a photocopy with broken rules many."""
    pieces = pieces[pieces[:, 2] - pieces[:, 1] >= LEAST_WITNESS_INCHES * dpi]
    if len(pieces) < 2:
        return 0
    ordered = pieces[np.lexsort((pieces[:, 1], np.round(pieces[:, 0] / (SAME_RULE_INCHES * dpi))))]
    same = np.abs(np.diff(ordered[:, 0])) <= SAME_RULE_INCHES * dpi
    gap = ordered[1:, 1] - ordered[:-1, 2]
    return int((same & (gap > 0) & (gap < SMALLEST_CELL_INCHES * dpi)).sum())


def piece_slope(labels: np.ndarray, stat: np.ndarray, label: int, horizontal: bool) -> float:
    """How far a piece climbs per pixel of its length: between the mean positions of its first and last thirds."""
    left, top, width, height = stat[:4]
    piece = labels[top : top + height, left : left + width] == label
    across, along = np.nonzero(piece) if horizontal else np.nonzero(piece.T)
    length = width if horizontal else height
    first, last = across[along < length / 3], across[along > 2 * length / 3]
    if not len(first) or not len(last):
        return 0.0
    return float((last.mean() - first.mean()) / (length * 2 / 3))


def weighted_median(values: np.ndarray, weights: np.ndarray) -> float:
    """The value at which half of the weight is reached."""
    order = np.argsort(values)
    return float(values[order][np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2)])


class Found(NamedTuple):
    """The tables of a page, top to bottom; whether its rules are broken; whether long rules stand outside all tables."""

    tables: list[RuledLines]
    broken: bool
    loose: bool


def tables_of(ink: Ink) -> Found:
    """The ruled tables of a page. A box of one cell is given too; the caller decides what it is."""
    horizontals, slope_across = segments(ink.across, ink.dpi, True)
    verticals, slope_down = segments(ink.down, ink.dpi, False)
    broken = small_gaps(horizontals, ink.dpi) + small_gaps(verticals, ink.dpi) >= BROKEN_FROM_GAPS
    found = []
    if len(horizontals) and len(verticals) >= 2:
        for mine_across, mine_down in grouped(
            horizontals, verticals, slope_across, slope_down, MEETING_INCHES * ink.dpi
        ):
            lines = ruled_lines(horizontals[mine_across], verticals[mine_down], slope_across, slope_down, ink.dpi)
            if lines is not None:
                found.append(lines)
    found.sort(key=lambda lines: lines.outline()[1])
    long = horizontals[horizontals[:, 2] - horizontals[:, 1] >= LOOSE_RULE_INCHES * ink.dpi]
    loose = any(not any(holds(lines, rule, ink.dpi) for lines in found) for rule in long)
    return Found(found, broken, loose)


def holds(lines: RuledLines, rule: np.ndarray, dpi: float) -> bool:
    """Whether a horizontal rule (position, start, end) belongs to a table."""
    _, top, _, bottom = lines.outline()
    y = rule[0] + lines.slope_across * (rule[1] + rule[2]) / 2
    return bool(top - MEETING_INCHES * dpi <= y <= bottom + MEETING_INCHES * dpi)


def grouped(
    horizontals: Segments, verticals: Segments, slope_across: float, slope_down: float, reach: float
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Indices of the horizontal and vertical segments of each table: those that meet, directly or through others."""
    middle = verticals[:, 1:].mean(axis=1)
    x = verticals[:, 0] + slope_down * middle
    y = horizontals[:, 0] + slope_across * horizontals[:, 1:].mean(axis=1)
    local_y = horizontals[:, 0][:, None] + slope_across * x[None, :]
    meets = (
        (x[None, :] >= horizontals[:, 1][:, None] - reach)
        & (x[None, :] <= horizontals[:, 2][:, None] + reach)
        & (local_y >= verticals[:, 1][None, :] - reach)
        & (local_y <= verticals[:, 2][None, :] + reach)
    )
    parent = list(range(len(horizontals) + len(verticals)))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for h, v in zip(*np.nonzero(meets), strict=True):
        parent[root(int(h))] = root(len(horizontals) + int(v))
    roots = np.array([root(node) for node in range(len(parent))])
    groups = []
    for one in np.unique(roots[: len(horizontals)]):
        across, down = np.nonzero(roots[: len(horizontals)] == one)[0], np.nonzero(roots[len(horizontals) :] == one)[0]
        if len(across) and len(down):
            top, bottom = min(y[across].min(), verticals[down, 1].min()), max(y[across].max(), verticals[down, 2].max())
            groups.append((top, bottom, across, down))
    return joined_where_overlapping(groups)


def joined_where_overlapping(
    groups: list[tuple[float, float, np.ndarray, np.ndarray]],
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Groups whose heights overlap by more than half of the smaller one are one table whose rules are broken."""
    joined: list[tuple[float, float, np.ndarray, np.ndarray]] = []
    for top, bottom, across, down in sorted(groups, key=lambda group: (group[0], group[1])):
        if joined:
            last_top, last_bottom, last_across, last_down = joined[-1]
            shared = min(bottom, last_bottom) - max(top, last_top)
            if shared > 0.5 * min(bottom - top, last_bottom - last_top):
                both = np.concatenate([last_across, across]), np.concatenate([last_down, down])
                joined[-1] = (last_top, max(bottom, last_bottom), *both)
                continue
        joined.append((top, bottom, across, down))
    return [(across, down) for _, _, across, down in joined]


def ruled_lines(
    horizontals: Segments, verticals: Segments, slope_across: float, slope_down: float, dpi: float
) -> RuledLines | None:
    """The distinct rules of one table, open sides closed where the rules that meet them end; None for what is too small."""
    across, down = distinct(horizontals, dpi), distinct(verticals, dpi)
    closed = []
    across, hand = closed_sides(across, verticals, slope_across, dpi)
    closed += [("top", "bottom")[side] for side in hand]
    down, hand = closed_sides(down, horizontals, slope_down, dpi)
    closed += [("left", "right")[side] for side in hand]
    if len(across) < 2 or len(down) < 2 or len(across) > MOST_RULES or len(down) > MOST_RULES:
        return None
    lines = RuledLines(across, down, slope_across, slope_down, tuple(closed))
    left, top, right, bottom = lines.outline()
    if right - left < LEAST_TABLE_WIDTH_INCHES * dpi or bottom - top < LEAST_TABLE_HEIGHT_INCHES * dpi:
        return None
    return lines


def distinct(pieces: Segments, dpi: float) -> np.ndarray:
    """Positions of distinct rules: pieces closer than `SAME_RULE_INCHES` are one rule, placed by the length of its pieces."""
    order = np.argsort(pieces[:, 0])
    rules: list[list[int]] = []
    for index in order:
        if rules and pieces[index, 0] - pieces[rules[-1][-1], 0] <= SAME_RULE_INCHES * dpi:
            rules[-1].append(int(index))
        else:
            rules.append([int(index)])
    lengths = pieces[:, 2] - pieces[:, 1]
    return np.array([np.average(pieces[rule, 0], weights=lengths[rule]) for rule in rules])


def closed_sides(positions: np.ndarray, meeting: Segments, slope: float, dpi: float) -> tuple[np.ndarray, list[int]]:
    """Add a rule where the rules that should meet it run on beyond the outermost one: a table cut by the page end, or open at a side.

    Returns the positions and which sides were closed (0 the first, 1 the last).
    """
    # Beside a lone rule stands a single row, cut off by the page end: the rules that meet it are no longer than that.
    reach, least = CLOSING_INCHES * dpi, (LEAST_SIDE_INCHES if len(positions) > 1 else LEAST_ROW_INCHES) * dpi
    long = meeting[meeting[:, 2] - meeting[:, 1] >= least]
    if not len(long) or not len(positions):
        return positions, []
    shift = slope * long[:, 0]
    hand: list[int] = []
    starts, ends = long[:, 1] - shift, long[:, 2] - shift
    first, last = positions[0], positions[-1]
    above, below = starts[starts < starts.min() + 1.5 * reach], ends[ends > ends.max() - 1.5 * reach]
    upper, lower = (starts <= first + reach) & (ends > first), (ends >= last - reach) & (starts < last)
    if len(above) >= max(2, OPEN_SHARE * upper.sum()) and np.median(above) < first - reach:
        positions, hand = np.concatenate([[np.median(above)], positions]), [0]
    if len(below) >= max(2, OPEN_SHARE * lower.sum()) and np.median(below) > last + reach:
        positions, hand = np.concatenate([positions, [np.median(below)]]), [*hand, 1]
    return positions, hand
