"""From the rules of a table to its cells: every edge between two crossings is tested, cells merge where it is missing.

On a clean page an edge is there or not. On a photocopy edges may be worn away: only in tables that show worn edges is a missing edge
weighed against the text beside it and the edges in line with it, and a cell whose border stays uncertain says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from extract.readers.scan_parts.ink import FAINT_BELOW, Ink, ink_of
from extract.readers.scan_parts.merging import aligned, restoring_prices, text_boxes, weigh_missing_edges
from extract.readers.scan_parts.rectangles import components, not_rectangular, rectangles
from extract.readers.scan_parts.rules import RuledLines, tables_of
from extract.readers.scan_parts.worn import worn_ink, worn_tables

BAND_INCHES = 0.024
END_INCHES = 0.02
COMPLETE, WORN_COMPLETE, PRESENT, WORN_BELOW, WORN_ABOVE = 0.75, 0.5, 0.6, 0.85, 0.15
PRESENT_WORN, MOST_OVER_ENDS, END_SHARE = 0.35, 1.25, 0.12
LESSER_END = 0.25
SIDELESS_BELOW = 0.25
UNBROKEN = 0.97
DOUBLE_RULE_INCHES = 0.085
MOST_BESIDE_FAINT, FEWEST_FAINT = (
    6,
    8,
)  # cells: of tables with darker rules on such a page, and of those with faint ones


@dataclass(slots=True)
class LatticeCell:
    """One cell of a ruled table, spans in rows and columns of the lattice. `quad` is left, top, right, bottom inside its rules."""

    row: int
    col: int
    row_span: int
    col_span: int
    quad: tuple[float, float, float, float]
    doubt: str = ""
    worn: bool = False


@dataclass(slots=True)
class Edges:
    """How much of each edge is inked, 0 to 1: `down` (rows, columns + 1) left and right edges, `across` (rows + 1, columns) upper and lower."""

    down: np.ndarray
    across: np.ndarray

    def worn(self) -> bool:
        """Whether the table has edges that are there in part: more than an accident, as photocopies have."""
        inner = np.concatenate([self.down[:, 1:-1].ravel(), self.across[1:-1].ravel()])
        part = (inner > WORN_ABOVE) & (inner < WORN_BELOW)
        return int(part.sum()) >= max(2, 0.01 * inner.size)


def lattices_of(ink: Ink) -> list[tuple[RuledLines, list[LatticeCell]]]:
    """The tables of a page, top to bottom: the rules that bound cells, and the cells in reading order.

    Rules are taken as they stand; only where that finds broken rules or edges the whole page is gone over again as a worn one: what is
    true of a worn page does harm on a clean one.
    """
    page = tables_of(ink)
    found = [] if page.broken else [one for whole in page.tables for one in cells_of(whole, ink)]
    is_worn = page.broken or any(shows_wear(lines, cells) for lines, cells in found)
    if not is_worn and not page.loose:
        return found
    thin = worn_ink(ink)
    again = [one for whole in worn_tables(thin) for one in cells_of(whole, thin, True)]
    if is_worn:
        return again
    others = [one for one in again if not any(overlap(one[0], lines) for lines, _ in found)]
    return sorted([*found, *others], key=lambda one: one[0].outline()[1])


def faint_lattices_of(
    paper: np.ndarray, dpi: float, found: list[tuple[RuledLines, list[LatticeCell]]]
) -> list[tuple[RuledLines, list[LatticeCell]]]:
    """The tables of a page (uint8, paper 255) whose rules are too faint to be taken for ink, where it shows many more of them than the few cells of
    `found`; else `found`."""
    count = sum(len(cells) for _, cells in found)
    if count > MOST_BESIDE_FAINT:
        return found
    faint = lattices_of(ink_of(paper, dpi, FAINT_BELOW))
    return faint if sum(len(cells) for _, cells in faint) >= FEWEST_FAINT + 2 * count else found


def shows_wear(lines: RuledLines, cells: list[LatticeCell]) -> bool:
    """Whether a table tells that its page is worn. What has a rule at neither end may be a seal or strokes of a signature, and tells nothing."""
    return len(lines.closed_by_hand) < 2 and any(cell.worn for cell in cells)


def overlap(one: RuledLines, other: RuledLines) -> bool:
    """Whether two tables share a stretch of the page's height."""
    return one.outline()[1] < other.outline()[3] and other.outline()[1] < one.outline()[3]


def cells_of(whole: RuledLines, ink: Ink, worn: bool = False) -> list[tuple[RuledLines, list[LatticeCell]]]:
    """The rules and cells of a table, or of the tables that stand in one outline."""
    return [
        (lines, cells) for part in parted(whole, ink, worn) for lines, cells in [part_cells(part, ink, worn)] if cells
    ]


def part_cells(lines: RuledLines, ink: Ink, worn: bool) -> tuple[RuledLines, list[LatticeCell]]:
    """The rules that bound cells, and the cells in reading order; those of a worn table say so (`worn`)."""
    lines, edges = pruned(lines, ink, worn)
    rows, columns = len(lines.across) - 1, len(lines.down) - 1
    if rows < 1 or columns < 1:
        return lines, []
    present = PRESENT_WORN if worn else PRESENT
    has_down, has_across = edges.down >= present, edges.across >= present
    has_down[:, [0, -1]] = True
    has_across[[0, -1]] = True
    doubts = np.zeros((rows, columns), bool)
    along, down = text_boxes(lines, ink)
    is_worn = worn or edges.worn()
    if is_worn:
        along = aligned(along, has_down)
        weigh_missing_edges(edges.down, has_down, doubts, along)
        weigh_missing_edges(edges.across.T, has_across.T, doubts.T, down)
    owner = components(has_down, has_across)
    if not_rectangular(owner).any():
        prices_down = restoring_prices(edges.down, has_down, along)
        prices_across = restoring_prices(edges.across.T, has_across.T, down).T
        owner = rectangles(has_down, has_across, prices_down, prices_across, doubts)
    cells = lattice_cells(owner, doubts, lines)
    for cell in cells:
        cell.worn = is_worn
    return lines, cells


def parted(lines: RuledLines, ink: Ink, worn: bool) -> list[RuledLines]:
    """A table parted where a row has neither a left nor a right side: what stands there is text between two tables."""
    down = measured(lines, ink, worn).down
    outside = (down < SIDELESS_BELOW).all(axis=1)
    if not outside.any():
        return [lines]
    parts, start = [], 0
    for row in [*np.flatnonzero(outside).tolist(), len(lines.across) - 1]:
        across = lines.across[start : row + 1]
        mine = down[start:row].max(axis=0, initial=0.0) >= (PRESENT_WORN if worn else PRESENT)
        if len(across) >= 2 and mine.sum() >= 2:
            parts.append(
                RuledLines(across, lines.down[mine], lines.slope_across, lines.slope_down, lines.closed_by_hand)
            )
        start = row + 1
    return parts


def pruned(lines: RuledLines, ink: Ink, worn: bool) -> tuple[RuledLines, Edges]:
    """Drop rules that bound no cell: strokes of glyphs that passed for a rule, and the second line of a double rule."""
    edges = measured(lines, ink, worn)
    for _ in range(4):
        least = WORN_COMPLETE if worn or edges.worn() else COMPLETE
        keep_across = bounding(edges.across, lines.across, least, ink.dpi)
        keep_down = bounding(edges.down.T, lines.down, least, ink.dpi)
        if keep_across.all() and keep_down.all():
            break
        lines = RuledLines(
            lines.across[keep_across], lines.down[keep_down], lines.slope_across, lines.slope_down, lines.closed_by_hand
        )
        if len(lines.across) < 2 or len(lines.down) < 2:
            break
        edges = measured(lines, ink, worn)
    return lines, edges


def bounding(coverage: np.ndarray, positions: np.ndarray, least: float, dpi: float) -> np.ndarray:
    """Which rules have at least one complete edge; of two rules closer than any cell only the better inked. Outer rules stay."""
    keep = coverage.max(axis=1, initial=0.0) >= least if coverage.shape[1] else np.zeros(len(positions), bool)
    if least < COMPLETE:
        keep |= (coverage >= PRESENT_WORN).sum(axis=1) >= 2
    keep[[0, -1]] = True
    total = coverage.sum(axis=1)
    for index in np.nonzero(np.diff(positions) < DOUBLE_RULE_INCHES * dpi)[0]:
        keep[index if total[index] < total[index + 1] else index + 1] = False
    return keep


def measured(lines: RuledLines, ink: Ink, worn: bool = False) -> Edges:
    """The inked part of every edge between two crossings; of an upright edge of a worn page no more than near its ends, where no text stands."""
    rows, columns = len(lines.across) - 1, len(lines.down) - 1
    crossings = np.array([[lines.crossing(row, column) for column in range(columns + 1)] for row in range(rows + 1)])
    across = np.zeros((rows + 1, columns))
    down = np.zeros((rows, columns + 1))
    inset = END_INCHES * ink.dpi
    for row in range(rows + 1):
        inked = along_rule(ink.worn_across, lines.across[row], lines.slope_across, ink.dpi)
        across[row] = shares(inked, crossings[row, :, 0], inset)
    turned = ink.worn_down.T
    for column in range(columns + 1):
        inked = along_rule(turned, lines.down[column], lines.slope_down, ink.dpi)
        stops = crossings[:, column, 1]
        down[:, column] = shares(inked, stops, inset)
        if worn:
            down[:, column] = np.minimum(down[:, column], MOST_OVER_ENDS * end_shares(inked, stops, inset))
    if not worn:
        restore_touched(across, crossings, ink.dark, lines.slope_across, ink.dpi)
        restore_touched(down.T, crossings.transpose(1, 0, 2)[..., ::-1], ink.dark.T, lines.slope_down, ink.dpi)
    return Edges(down, across)


def restore_touched(coverage: np.ndarray, crossings: np.ndarray, dark: np.ndarray, slope: float, dpi: float) -> None:
    """Edges that are inked in part are whole where one line of pixels is dark from crossing to crossing: a text that touches its rule makes
    the rule too thick for one there. Changes `coverage` (rules, places) in place; `crossings` (rules, places + 1, 2) tells along, then across.
    """
    band = max(1, round(BAND_INCHES * dpi))
    for rule, place in np.argwhere((coverage > WORN_ABOVE) & (coverage < WORN_BELOW)):
        (start, position), (stop, _) = crossings[rule, place], crossings[rule, place + 1]
        along = np.arange(max(0, round(start)), min(dark.shape[1], round(stop)))
        if not len(along):
            continue
        centre = np.round(position + slope * (along - start)).astype(int)
        beside = np.clip(centre[None, :] + np.arange(-band, band + 1)[:, None], 0, dark.shape[0] - 1)
        if (dark[beside, along[None, :]] > 0).mean(axis=1).max() >= UNBROKEN:
            coverage[rule, place] = 1.0


def end_shares(inked: np.ndarray, stops: np.ndarray, inset: float) -> np.ndarray:
    """The inked share of the beginning and the end of each stretch between two stops; one bare end alone is no lack of an edge."""
    part = END_SHARE * (np.diff(stops) - 2 * inset)
    first = np.stack([stops[:-1], stops[:-1] + 2 * inset + part], axis=1)
    last = np.stack([stops[1:] - 2 * inset - part, stops[1:]], axis=1)
    ends = [[shares(inked, stretch, inset)[0] for stretch in side] for side in (first, last)]
    return np.asarray(LESSER_END * np.min(ends, axis=0) + (1 - LESSER_END) * np.mean(ends, axis=0))


def along_rule(mask: np.ndarray, position: float, slope: float, dpi: float) -> np.ndarray:
    """For every place along a rule whether ink lies within `BAND_INCHES` of it (bool, the length of the page)."""
    band = max(1, round(BAND_INCHES * dpi))
    along = np.arange(mask.shape[1])
    centre = np.round(position + slope * along).astype(int)
    places = np.clip(centre[None, :] + np.arange(-band, band + 1)[:, None], 0, mask.shape[0] - 1)
    return np.asarray((mask[places, along[None, :]] > 0).any(axis=0))


def shares(inked: np.ndarray, stops: np.ndarray, inset: float) -> np.ndarray:
    """The inked share between each two neighbouring stops, without the crossings themselves."""
    sums = np.concatenate([[0], np.cumsum(inked)])
    first = np.clip(np.round(stops[:-1] + inset).astype(int), 0, len(inked))
    last = np.clip(np.round(stops[1:] - inset).astype(int), 0, len(inked))
    length = np.maximum(last - first, 1)
    return np.where(last > first, (sums[np.maximum(last, first)] - sums[first]) / length, 1.0)


def lattice_cells(owner: np.ndarray, doubts: np.ndarray, lines: RuledLines) -> list[LatticeCell]:
    """The cells of a lattice whose merged places form rectangles, in reading order."""
    cells = []
    numbers, first = np.unique(owner, return_index=True)
    for one, place in sorted(zip(numbers, first, strict=True), key=lambda pair: int(pair[1])):
        rows, columns = np.nonzero(owner == one)
        top, bottom, left, right = int(rows.min()), int(rows.max()) + 1, int(columns.min()), int(columns.max()) + 1
        corners = [lines.crossing(row, column) for row in (top, bottom) for column in (left, right)]
        quad = (
            max(corners[0][0], corners[2][0]),
            max(corners[0][1], corners[1][1]),
            min(corners[1][0], corners[3][0]),
            min(corners[2][1], corners[3][1]),
        )
        doubt = "cell border uncertain" if doubts[rows, columns].any() else ""
        cells.append(LatticeCell(top, left, bottom - top, right - left, quad, doubt))
        assert owner.ravel()[place] == one
    return cells
