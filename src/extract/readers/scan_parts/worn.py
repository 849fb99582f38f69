"""The ruled lines of worn pages: photocopies whose rules are faint, dotted and broken, and whose characters have fallen to pieces.

Rows come first: what thin ink lies along a line, gaps closed. Columns come second, row by row: a vertical rule has ink right below the rule
above it and right above the rule below it, where no text of a cell stands; the sides of digits do not, however well they line up.
"""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np

from extract.readers.scan_parts.crossings import at_crossings
from extract.readers.scan_parts.ink import Ink, box
from extract.readers.scan_parts.rules import LEAST_TABLE_WIDTH_INCHES, RuledLines, Segments, segments

THICKEST_INCHES = 0.06
GAP_INCHES = 0.075  # less than lies between a digit and the one below it
ROW_RUN_INCHES, COLUMN_RUN_INCHES = 0.3, 0.25
SHORTEST_ROW_INCHES = 0.5
SAME_RULE_INCHES = 0.04
FARTHEST_ROWS_INCHES = 8.0
SHORT_ROW_INCHES = 0.16
END_SHARE, INSET_INCHES = 0.12, 0.02
LESSER_END = 0.25  # the weight of the barer of two ends
WAVER_INCHES = 0.01  # a rule leaves its line by as much to either side
LEAST_INKED, STRAY_INCHES = 0.3, 0.4
ALONE_INCHES, ALONE_SHARE = 0.028, 0.72
WHOLE, HALF = 0.5, 0.35
NARROWEST_COLUMN_INCHES = 0.12
SIDE_INCHES, NOTHING = 0.1, 0.12
OPEN_STEP_INCHES, OPEN_SHARE, OPEN_INCHES = 0.06, 0.25, 0.11
MOST_RULES = 120
MOST_ROWS = 0.6
SHADOW_GAP_INCHES, SHADOW_SHARE = 0.06, 0.12


def worn_ink(ink: Ink) -> Ink:
    """The ink with thin strokes in place of runs: all that is no whole character and no blot."""
    thin = cv2.subtract(cv2.subtract(ink.dark, ink.solid), rim_of(ink))
    thick = round(THICKEST_INCHES * ink.dpi)
    across = cv2.subtract(thin, cv2.morphologyEx(thin, cv2.MORPH_OPEN, box(1, thick)))
    down = cv2.subtract(thin, cv2.morphologyEx(thin, cv2.MORPH_OPEN, box(thick, 1)))
    return with_crossings(ink._replace(worn_across=across, worn_down=down))


def with_crossings(ink: Ink) -> Ink:
    """The ink with what is left of rules where they cross among its thin strokes: such pieces pass for whole characters."""
    horizontals, slope_across = segments(runs(ink.worn_across, ROW_RUN_INCHES, ink.dpi, True), ink.dpi, True)
    verticals, slope_down = segments(runs(ink.worn_down, COLUMN_RUN_INCHES, ink.dpi, False), ink.dpi, False)
    if not len(horizontals) or not len(verticals):
        return ink
    across, down = ink.worn_across.copy(), ink.worn_down.copy()
    slopes = slope_across, slope_down
    for left, top, right, bottom in at_crossings(
        ink.glyphs, rules_of(horizontals, ink.dpi), verticals, slopes, ink.dpi
    )[:, :4]:
        piece = slice(top, bottom), slice(left, right)
        across[piece] |= ink.dark[piece]
        down[piece] |= ink.dark[piece]
    return ink._replace(worn_across=across, worn_down=down)


def rim_of(ink: Ink) -> np.ndarray:
    """The dark places (uint8) that hang together, specks with specks, along the page's edge: the copier's shadow, no rules."""
    height, width = ink.dark.shape
    closed = cv2.morphologyEx(ink.dark, cv2.MORPH_CLOSE, box(*[round(SHADOW_GAP_INCHES * ink.dpi)] * 2))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8, ltype=cv2.CV_32S)
    at_edge = np.zeros(len(stats), bool)
    at_edge[
        np.unique(
            np.concatenate([labels[:3].ravel(), labels[-3:].ravel(), labels[:, :3].ravel(), labels[:, -3:].ravel()])
        )
    ] = True
    narrow = (stats[:, cv2.CC_STAT_WIDTH] < SHADOW_SHARE * width) | (
        stats[:, cv2.CC_STAT_HEIGHT] < SHADOW_SHARE * height
    )
    at_edge &= narrow
    at_edge[0] = False
    return np.where(at_edge, np.uint8(255), np.uint8(0))[labels]


def worn_tables(ink: Ink) -> list[RuledLines]:
    """The ruled tables of a page of worn ink (`worn_ink`), tables that stand one above the other taken as one."""
    horizontals, slope_across = segments(runs(ink.worn_across, ROW_RUN_INCHES, ink.dpi, True), ink.dpi, True)
    _, slope_down = segments(runs(ink.worn_down, COLUMN_RUN_INCHES, ink.dpi, False), ink.dpi, False)
    if not len(horizontals):
        return []
    upright = sheared(ink.worn_down, slope_across, slope_down)
    found = []
    rules = rules_of(horizontals, ink.dpi)
    rules = rules[[stands_alone(rule, slope_across, ink) for rule in rules]]
    rules[:, 1:] -= slope_down * rules[:, :1]
    for stack in stacks(rules, ink.dpi):
        left, right = ends_of(stack, ink.dpi)
        presence = upright_ink(upright, stack[:, 0], ink.dpi)
        for part in divided(stack, presence, columns_of(presence, left, right, ink.dpi)):
            across, columns, closed = (lone_row if len(part) == 1 else closed_table)(part, upright, ink.dpi)
            if not (2 <= len(across) <= MOST_RULES and 2 <= len(columns) <= MOST_RULES):
                continue
            if columns[-1] - columns[0] >= LEAST_TABLE_WIDTH_INCHES * ink.dpi:
                found.append(RuledLines(across, columns, slope_across, slope_down, closed))
    return found


def closed_table(rows: Segments, upright: np.ndarray, dpi: float) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """The horizontal and the vertical rules of one table, and the sides at which the page end cut it.

    Vertical rules are looked for once more where a row was closed: it may be the only one that they stand in.
    """
    left, right = ends_of(rows, dpi)
    columns = with_sides(columns_of(upright_ink(upright, rows[:, 0], dpi), left, right, dpi), rows, dpi)
    across, closed = with_open_ends(rows[:, 0], columns, upright, dpi)
    if closed:
        columns = with_sides(columns_of(upright_ink(upright, across, dpi), left, right, dpi), rows, dpi)
    return across, columns, closed


def runs(thin: np.ndarray, length: float, dpi: float, horizontal: bool) -> np.ndarray:
    """Runs of thin ink with small gaps closed (uint8)."""
    gap, run = round(GAP_INCHES * dpi), round(length * dpi)
    closed = cv2.morphologyEx(thin, cv2.MORPH_CLOSE, box(gap, 1) if horizontal else box(1, gap))
    return cv2.morphologyEx(closed, cv2.MORPH_OPEN, box(run, 1) if horizontal else box(1, run))


def sheared(mask: np.ndarray, slope_across: float, slope_down: float) -> np.ndarray:
    """A mask with its rules along rows and columns of pixels."""
    back = np.array([[1, slope_down, 0], [slope_across, 1, 0]], np.float32)
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(mask, back, (mask.shape[1], mask.shape[0]), flags=flags)


def rules_of(pieces: Segments, dpi: float) -> Segments:
    """Pieces on one line taken together, as position, start and end; lines of too little length left out."""
    ordered = pieces[np.argsort(pieces[:, 0])]
    apart = np.flatnonzero(np.diff(ordered[:, 0]) > SAME_RULE_INCHES * dpi) + 1
    found = []
    for group in np.split(ordered, apart):
        line = without_strays(group[np.argsort(group[:, 1])], dpi)
        length = line[:, 2] - line[:, 1]
        start, end = line[:, 1].min(), line[:, 2].max()
        if length.sum() >= max(SHORTEST_ROW_INCHES * dpi, LEAST_INKED * (end - start)):
            found.append((np.average(line[:, 0], weights=length), start, end))
    return np.array(found).reshape(-1, 3)


def without_strays(line: Segments, dpi: float) -> Segments:
    """The pieces of one line, left to right, without short ones far out at either end: specks and shadows beside the table."""
    for _ in range(len(line) - 1):
        gaps = line[1:, 1] - np.maximum.accumulate(line[:, 2])[:-1]
        length = line[:, 2] - line[:, 1]
        if gaps[-1] > max(STRAY_INCHES * dpi, length[-1]):
            line = line[:-1]
        elif gaps[0] > max(STRAY_INCHES * dpi, length[0]):
            line = line[1:]
        else:
            break
    return line


def stands_alone(rule: np.ndarray, slope: float, ink: Ink) -> bool:
    """Whether nothing lies close above or below most of a horizontal rule, as it does along a line of text."""
    x = np.arange(max(0, int(rule[1])), min(ink.dark.shape[1], int(rule[2])))
    y = np.round(rule[0] + slope * x).astype(int)
    away = round(ALONE_INCHES * ink.dpi)
    rows = [np.clip(y + shift, 0, ink.dark.shape[0] - 1) for shift in (-away, away)]
    bare = (ink.dark[rows[0], x] == 0) & (ink.dark[rows[1], x] == 0)
    return bool(bare.mean() >= ALONE_SHARE) if len(x) else False


def stacks(rules: Segments, dpi: float) -> list[Segments]:
    """Horizontal rules that lie one below the other over the same stretch of the page."""
    found: list[list[np.ndarray]] = []
    for rule in rules:
        last = found[-1][-1] if found else None
        if last is not None and rule[0] - last[0] < FARTHEST_ROWS_INCHES * dpi:
            whole = np.array(found[-1])
            shared = min(rule[2], whole[:, 2].max()) - max(rule[1], whole[:, 1].min())
            if shared > 0.5 * (rule[2] - rule[1]):
                found[-1].append(rule)
                continue
        found.append([rule])
    return [np.array(stack) for stack in found]


def lone_row(rule: Segments, upright: np.ndarray, dpi: float) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """`closed_table` for a table of one horizontal rule: the row that the page end left open at its other side.

    Vertical rules are looked for in the least that a row is high, then the row is closed where they end.
    """
    across, columns = rule[:, 0], np.zeros(0)
    closed: tuple[str, ...] = ()
    for shift in (-SHORT_ROW_INCHES * dpi, SHORT_ROW_INCHES * dpi):
        pair = np.sort(np.array([rule[0, 0], rule[0, 0] + shift]))
        found = columns_of(upright_ink(upright, pair, dpi), rule[0, 1], rule[0, 2], dpi)
        if len(found) > max(1, len(columns)):
            across, closed = with_open_ends(rule[:, 0], found, upright, dpi)
            columns = found
    if len(across) < 2:
        return across, columns, closed
    whole = columns_of(upright_ink(upright, across, dpi), rule[0, 1], rule[0, 2], dpi)
    return across, with_sides(max(columns, whole, key=len), rule, dpi), closed


def ends_of(rows: Segments, dpi: float) -> tuple[float, float]:
    """Where a table begins and ends: the outermost place at which two of its horizontal rules do, or the only one does."""
    near = SIDE_INCHES * dpi
    ends = []
    for column, sign in ((1, 1.0), (2, -1.0)):
        places = np.sort(sign * rows[:, column])
        shared = [place for place in places if (np.abs(places - place) <= near).sum() >= min(2, len(places))]
        ends.append(sign * float(shared[0] if shared else places[0]))
    return ends[0], ends[1]


def upright_ink(upright: np.ndarray, across: np.ndarray, dpi: float) -> np.ndarray:
    """For each row of cells and each place along it how much of an upright edge is inked there, no more than near its ends (float32)."""
    inset = INSET_INCHES * dpi
    presence = np.zeros((max(0, len(across) - 1), upright.shape[1]), np.float32)
    for row, (above, below) in enumerate(pairwise(across)):
        strip = upright[max(0, round(above + inset)) : max(0, round(below - inset))]
        if strip.shape[0] < 4:
            continue
        inked = cv2.dilate(strip, box(1 + 2 * round(WAVER_INCHES * dpi), 1)) > 0
        end = max(2, round(END_SHARE * len(inked)))
        both = inked[:end].mean(axis=0), inked[-end:].mean(axis=0)
        ends = LESSER_END * np.minimum(*both) + (1 - LESSER_END) * np.mean(both, axis=0)
        presence[row] = np.minimum(inked.mean(axis=0), 1.25 * ends)
    return presence


def divided(stack: Segments, presence: np.ndarray, columns: np.ndarray) -> list[Segments]:
    """Horizontal rules parted where nothing stands upright between two of them: there one table ends and another begins."""
    if not len(columns):
        return [stack]
    places = np.clip(np.round(columns).astype(int)[:, None] + np.arange(-3, 4), 0, presence.shape[1] - 1)
    empty = presence[:, places].max(axis=(1, 2)) < NOTHING
    return np.split(stack, np.flatnonzero(empty) + 1)


def with_open_ends(
    across: np.ndarray, columns: np.ndarray, upright: np.ndarray, dpi: float
) -> tuple[np.ndarray, tuple[str, ...]]:
    """The horizontal rules, and one more where the vertical ones run on beyond the first or last; and the sides so closed."""
    places = np.clip(np.round(columns).astype(int)[:, None] + np.arange(-2, 3), 0, upright.shape[1] - 1)
    inked = (upright[:, places] > 0).any(axis=2).mean(axis=1) if len(columns) >= 2 else np.zeros(len(upright))
    step = max(2, round(OPEN_STEP_INCHES * dpi))
    closed = []
    for side, name, forward in ((0, "top", -1), (-1, "bottom", 1)):
        at = reached = round(across[side]) + forward * round(INSET_INCHES * dpi)
        while 0 <= at < len(inked):
            band = inked[at : at + step] if forward > 0 else inked[max(0, at - step) : at]
            if band.mean() < OPEN_SHARE if len(band) else True:
                break
            at += forward * step
            reached = at
        if abs(reached - across[side]) > OPEN_INCHES * dpi:
            across = np.insert(across, 0 if side == 0 else len(across), reached)
            closed.append(name)
    return across, tuple(closed)


def columns_of(presence: np.ndarray, left: float, right: float, dpi: float) -> np.ndarray:
    """Positions of the vertical rules of a table (float, n): at least one whole or two half inked edges each."""
    if not len(presence):
        return np.zeros(0)
    whole, half = presence >= WHOLE, presence >= HALF
    score = np.where(whole, 1.0, np.where(half, 0.5, 0.0)).sum(axis=0) + 0.01 * presence.sum(axis=0)
    near = round(NARROWEST_COLUMN_INCHES * dpi)
    score[: max(0, round(left - SIDE_INCHES * dpi))] = 0
    score[round(right + SIDE_INCHES * dpi) :] = 0
    found = []
    while score.max(initial=0) >= 1:
        first = int(score.argmax())
        level = np.flatnonzero(score[first : first + near // 3] >= score[first] - 0.02)
        best = first + int(np.median(level))
        found.append(float(best))
        score[max(0, best - near) : best + near] = 0
    return np.sort(np.array(found))


def with_sides(columns: np.ndarray, rows: Segments, dpi: float) -> np.ndarray:
    """The vertical rules, and where most horizontal ones end beyond them a side that has worn away; a few run on into the shadow of the page's edge."""
    near = SIDE_INCHES * dpi
    left, right = ends_of(rows, dpi)
    if not len(columns):
        return np.array([left, right])
    if columns[0] > left + near and np.mean(rows[:, 1] < columns[0] - near) >= MOST_ROWS:
        columns = np.concatenate([[left], columns])
    if columns[-1] < right - near and np.mean(rows[:, 2] > columns[-1] + near) >= MOST_ROWS:
        columns = np.concatenate([columns, [right]])
    return columns
