"""The pieces of ink in one cell: what rules left over painted over, characters, points and specks told apart by size and place."""

from __future__ import annotations

import cv2
import numpy as np

from extract.readers.scan_parts.ink import DARK_BELOW
from extract.readers.scan_parts.strokes import DASH_FLATNESS, DASH_WIDTH_INCHES

RESIDUE_INCHES = 0.022
RUN_INCHES, LEAST_RUN_INCHES, RUN_SHARE = 0.2, 0.13, 0.55  # longer than a character's strokes, or of the cell's side
GLYPH_INCHES = 0.045
OVERRUN_INCHES = 0.068  # a digit that runs over the cell's edge is taller
DOT_INCHES = 0.012
CRUMB_INCHES, CRUMBS_APART_INCHES = 0.022, 0.1
DASH_FILL = 0.55
POINT_REACH = 0.7  # of the height of the digits: how far a point stands from them
LOST_DASH_INCHES = 0.018
SOLID_INCHES = 0.03  # beside a whole character smaller pieces are its parts or specks, never characters themselves
PARTS_INCHES = 0.018  # parts of one broken glyph are no farther apart
LEAST_GLYPH_AREA = 0.00035  # square inches
FAINT_BELOW = 215


def peel(paper: np.ndarray, dpi: float) -> None:
    """Paint over what thick rules left along the edges of a cell: lines of pixels, edge by edge, of which long runs are dark."""
    for turn in range(4):
        side = np.rot90(paper, turn)
        least = min(RUN_INCHES * dpi, max(LEAST_RUN_INCHES * dpi, RUN_SHARE * side.shape[1]))
        for row in side[: round(RESIDUE_INCHES * dpi)]:
            dark = (row < DARK_BELOW).astype(np.uint8)[None, :]
            closed = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((1, 5), np.uint8))[0]
            edges = np.flatnonzero(np.diff(np.concatenate([[0], closed.astype(np.int8), [0]])))
            long = [(start, stop) for start, stop in edges.reshape(-1, 2) if stop - start >= least]
            if not long:
                break
            for start, stop in long:
                row[start:stop] = 255


def pieces_without_residue(paper: np.ndarray, dpi: float) -> tuple[np.ndarray, np.ndarray]:
    """The pieces of ink in a cell, parts of a broken glyph taken as one, what is left of rules painted over.

    Returns labels (int32, the cell's shape) and OpenCV's statistics (n, 5), the area counted in dark pixels.
    """
    dark = np.where(paper < DARK_BELOW, np.uint8(255), np.uint8(0))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8, ltype=cv2.CV_32S)
    residue = rule_residue(stats, paper.shape, dpi)
    if residue.any():
        erase(paper, labels, residue)
        dark[residue[labels]] = 0
    longest = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    longest[0] = 0
    longest[residue] = 0
    solid = longest >= (SOLID_INCHES if (longest >= GLYPH_INCHES * dpi).any() else 0.0) * dpi
    solid[0] = False
    firm = np.where(solid[labels] & (dark > 0), np.uint8(255), np.uint8(0))
    reach = 1 + 2 * round(PARTS_INCHES * dpi / 2)
    count, grouped = cv2.connectedComponents(
        cv2.dilate(firm, np.ones((reach, reach), np.uint8)), connectivity=8, ltype=cv2.CV_32S
    )
    grouped[dark == 0] = 0
    loose = np.where((dark > 0) & (grouped == 0), np.uint8(255), np.uint8(0))
    more, apart = cv2.connectedComponents(loose, connectivity=8, ltype=cv2.CV_32S)
    labels = np.where(apart > 0, apart + count - 1, grouped)
    return labels, statistics(labels, count + more - 1)


def statistics(labels: np.ndarray, count: int) -> np.ndarray:
    """Left, top, width, height and area of each label, int (count, 5); the paper's own row (0) is all zeros."""
    ys, xs = np.nonzero(labels)
    which = labels[ys, xs]
    low_x, low_y = np.full(count, labels.shape[1]), np.full(count, labels.shape[0])
    high_x, high_y = np.zeros(count, int), np.zeros(count, int)
    np.minimum.at(low_x, which, xs)
    np.minimum.at(low_y, which, ys)
    np.maximum.at(high_x, which, xs + 1)
    np.maximum.at(high_y, which, ys + 1)
    stats = np.stack([low_x, low_y, high_x - low_x, high_y - low_y, np.bincount(which, minlength=count)], axis=1)
    stats[0] = 0
    return stats


def cut_by_edge(paper: np.ndarray, dpi: float) -> np.ndarray:
    """Boxes (left, top, width, height, int, n × 4) of ink that is thicker than a rule both ways and touches the edge of a cell: what may be half
    of a character."""
    dark = np.where(paper < DARK_BELOW, np.uint8(255), np.uint8(0))
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8, ltype=cv2.CV_32S)
    left, top, wide, high = stats[1:, :4].T
    at_edge = (left == 0) | (left + wide == paper.shape[1]) | (top == 0) | (top + high == paper.shape[0])
    return np.asarray(stats[1:, :4][at_edge & (np.minimum(wide, high) > RESIDUE_INCHES * dpi)])


def rule_residue(stats: np.ndarray, shape: tuple[int, ...], dpi: float) -> np.ndarray:
    """Which pieces are left over from the rules around the cell: at its edge and no thicker than a rule, or wholly within a rule's reach (bool)."""
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    at_side = (left == 0) | (left + wide == shape[1])
    at_end = (top == 0) | (top + high == shape[0])
    thin = RESIDUE_INCHES * dpi
    small = np.maximum(wide, high) < OVERRUN_INCHES * dpi
    residue = (at_side & (wide <= thin)) | (at_end & (high <= thin)) | ((at_side | at_end) & small)
    residue |= (left + wide <= thin) | (left >= shape[1] - thin) | (top + high <= thin) | (top >= shape[0] - thin)
    residue[0] = False
    return residue


def glyphs_and_dots(stats: np.ndarray, dpi: float) -> tuple[np.ndarray, np.ndarray]:
    """Which pieces are as large as a character or a dash, and which are smaller and may be points (bool arrays)."""
    wide, high, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    flat = (wide >= DASH_WIDTH_INCHES * dpi) & (wide >= DASH_FLATNESS * high) & (area >= DASH_FILL * wide * high)
    glyph = ((np.maximum(wide, high) >= GLYPH_INCHES * dpi) & (area >= LEAST_GLYPH_AREA * dpi * dpi)) | flat
    dot = ~glyph & (area >= 2)
    glyph[0] = dot[0] = False
    return glyph, dot


def broken_glyph(stats: np.ndarray, dpi: float) -> np.ndarray:
    """Which pieces, each too small for a character, stand together as a worn character would (bool); a cell of mere specks has none."""
    area = stats[:, cv2.CC_STAT_AREA]
    x = stats[:, cv2.CC_STAT_LEFT] + stats[:, cv2.CC_STAT_WIDTH] / 2
    y = stats[:, cv2.CC_STAT_TOP] + stats[:, cv2.CC_STAT_HEIGHT] / 2
    reach = 0.06 * dpi
    near = (np.abs(x[:, None] - x) < reach) & (np.abs(y[:, None] - y) < reach) & (area > 2) & (area > 2)[:, None]
    near[0] = near[:, 0] = False
    together = (near * area).sum(axis=1)
    heart = int(together.argmax())
    many = near[heart].sum() >= 2 and together[heart] >= LEAST_GLYPH_AREA * dpi * dpi
    return near[heart] if many else np.zeros(len(stats), bool)


def crumbs(stats: np.ndarray, dpi: float) -> bool:
    """Whether the small pieces of a cell without characters may be what is left of one: one of them large, or two close together."""
    small = stats[1:][stats[1:, cv2.CC_STAT_AREA] > 2]
    if not len(small):
        return False
    longest = small[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    middle = small[:, :2] + small[:, 2:4] / 2
    apart = np.abs(middle[:, None] - middle[None]).max(axis=2) + np.eye(len(small)) * dpi
    return bool((longest >= CRUMB_INCHES * dpi).any() or (apart < CRUMBS_APART_INCHES * dpi).any())


def lost_sign(stats: np.ndarray, glyph: np.ndarray, drop: np.ndarray, dpi: float) -> bool:
    """Whether a piece taken for a speck stands where a worn minus would: just before the first glyph, at half its height."""
    boxes = stats[glyph]
    first = boxes[boxes[:, cv2.CC_STAT_LEFT].argmin()]
    left, top, _, height = first[:4]
    x = stats[:, cv2.CC_STAT_LEFT] + stats[:, cv2.CC_STAT_WIDTH]
    y = stats[:, cv2.CC_STAT_TOP] + stats[:, cv2.CC_STAT_HEIGHT] / 2
    before = (x <= left) & (x > left - 0.09 * dpi) & (np.abs(y - top - 0.55 * height) < 0.2 * height)
    wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    return bool((drop & before & (wide >= LOST_DASH_INCHES * dpi) & (wide >= 1.3 * high)).any())


def near_text(stats: np.ndarray, glyph: np.ndarray, dot: np.ndarray, dpi: float) -> np.ndarray:
    """Of the small pieces those that belong to the text: any at its foot between two glyphs, larger ones beside or within it.

    All others are specks. A point of a 9-point number at 200 dpi is two pixels wide, as specks are: only its place tells it from them.
    """
    if not glyph.any() or not dot.any():
        return np.zeros_like(dot)
    boxes = stats[glyph]
    left, top = boxes[:, cv2.CC_STAT_LEFT], boxes[:, cv2.CC_STAT_TOP]
    right, bottom = left + boxes[:, cv2.CC_STAT_WIDTH], top + boxes[:, cv2.CC_STAT_HEIGHT]
    x = stats[:, cv2.CC_STAT_LEFT] + stats[:, cv2.CC_STAT_WIDTH] / 2
    y = stats[:, cv2.CC_STAT_TOP] + stats[:, cv2.CC_STAT_HEIGHT] / 2
    reach = 0.05 * dpi
    beside = (
        (x[:, None] > left - reach)
        & (x[:, None] < right + reach)
        & (y[:, None] >= top)
        & (y[:, None] <= bottom + reach / 2)
    )
    large = np.minimum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) >= DOT_INCHES * dpi
    at_foot = (y[:, None] > bottom - 0.3 * (bottom - top)) & (y[:, None] <= bottom + reach / 2)
    step = POINT_REACH * (bottom - top)
    after = ((x[:, None] >= right - 1) & (x[:, None] < right + step) & at_foot).any(axis=1)
    before = ((x[:, None] <= left + 1) & (x[:, None] > left - step) & at_foot).any(axis=1)
    within = (x > left.min()) & (x < right.max())
    return dot & within & ((beside.any(axis=1) & large) | (after & before))


def erase(paper: np.ndarray, labels: np.ndarray, drop: np.ndarray) -> None:
    """Paint the dropped pieces, and the grey fringe around them, the colour of paper; other pieces keep their fringe."""
    dropped = drop[labels].astype(np.uint8)
    kept = ((labels > 0) & (dropped == 0)).astype(np.uint8)
    fringe = cv2.subtract(cv2.dilate(dropped, np.ones((5, 5), np.uint8)), cv2.dilate(kept, np.ones((3, 3), np.uint8)))
    paper[(fringe > 0) | (dropped > 0)] = 255


def faint(paper: np.ndarray, dpi: float) -> bool:
    """Whether a cell without glyphs still shows something as large as one, greyer than paper."""
    margin = round(0.03 * dpi)
    inner = paper[margin:-margin, margin:-margin]
    if min(inner.shape, default=0) < 4:
        return False
    grey = np.where(cv2.blur(inner, (3, 3)) < FAINT_BELOW, np.uint8(255), np.uint8(0))
    _, _, stats, _ = cv2.connectedComponentsWithStats(grey, connectivity=8)
    return bool((np.maximum(stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]) >= GLYPH_INCHES * dpi).any())
