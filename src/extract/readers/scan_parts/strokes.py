"""What one mark is by its shape alone, without any network: a dash, a slash, a plain 0 or 1, or the rest of a worn character."""

from __future__ import annotations

import cv2
import numpy as np

SLASH_LEAN, SLASH_DOUBTFUL_LEAN = 0.24, 0.14
SLASH_STROKE = 0.24  # of its height
WORN_PARTS = 0.12
DASH_WIDTH_INCHES, DASH_HEIGHT_INCHES, DASH_FLATNESS = 0.027, 0.035, 1.7
LEAST_PIXELS = 12  # the height of a digit of which the shape can be told
ZERO_SLIMMEST, ZERO_WIDEST = 0.4, 0.92  # width of its height
HOLE_HEIGHT, HOLE_OFF_CENTRE, MOST_LOPSIDED = 0.45, 0.08, 0.22
ONE_WIDEST, ONE_STROKE, ONE_WANDERS = 0.55, 0.34, 0.07


def stroke_shape(
    boxes: list[np.ndarray], lines: int, labels: np.ndarray, glyphs: np.ndarray, dpi: float
) -> tuple[str, bool]:
    """'/' or '-' where the marks are one slash or only dashes, else ""; and whether the one mark leans as neither a slash nor a one does.

    Networks read a slash as 1, so its shape decides: one straight leaning stroke.
    """
    if len(boxes) <= 3 and lines == 1 and all(is_dash(box, dpi) for box in boxes):
        return "-", False
    if len(boxes) != 1:
        return "", False
    left, top, width, height = boxes[0][:4]
    if height < 0.06 * dpi or width > 1.2 * height:
        return "", False
    lean, is_stroke = stroke_lean(labels[top : top + height, left : left + width] == glyphs[0])
    if is_stroke and lean >= SLASH_LEAN:
        return "/", False
    return "", bool(lean >= SLASH_DOUBTFUL_LEAN)


def digit_by_shape(piece: np.ndarray) -> str:
    """ "0" for a closed ring that is alike above and below, "1" for one upright stroke, "" for any other piece (bool)."""
    height, width = piece.shape
    if height < LEAST_PIXELS:
        return ""
    if is_ring(piece):
        return "0"
    return "1" if width <= ONE_WIDEST * height and is_upright(piece) else ""


def is_ring(piece: np.ndarray) -> bool:
    """Whether a piece has one hole, in its middle, and the same ink above and below, left and right, as no 6, 8 or 9 has."""
    height, width = piece.shape
    if not ZERO_SLIMMEST * height <= width <= ZERO_WIDEST * height:
        return False
    paper = np.pad(~piece, 1, constant_values=True).astype(np.uint8)
    count, _, stats, centres = cv2.connectedComponentsWithStats(paper, connectivity=4)
    if count != 3:
        return False
    outside = int(stats[1:, cv2.CC_STAT_WIDTH].argmax()) + 1
    hole = 3 - outside
    middle = np.abs(centres[hole] - [(width + 1) / 2, (height + 1) / 2]) <= [HOLE_OFF_CENTRE * height] * 2
    lopsided = max((piece ^ piece[::-1]).sum(), (piece ^ piece[:, ::-1]).sum()) / piece.sum()
    tall = stats[hole, cv2.CC_STAT_HEIGHT] >= HOLE_HEIGHT * height
    return bool(middle.all() and tall and lopsided <= 2 * MOST_LOPSIDED)


def is_upright(piece: np.ndarray) -> bool:
    """Whether the middle of a piece is one thin stroke that keeps its place from row to row."""
    height = piece.shape[0]
    rows = piece[height // 5 : height - height // 5]
    counts = rows.sum(axis=1)
    if not counts.all() or counts.max() > ONE_STROKE * height:
        return False
    unbroken = (np.diff(rows.astype(np.int8), axis=1, prepend=0) == 1).sum(axis=1) == 1
    middles = (rows * np.arange(rows.shape[1])).sum(axis=1) / counts
    return bool(unbroken.all() and np.ptp(middles) <= 2 * ONE_WANDERS * height)


def stroke_lean(piece: np.ndarray) -> tuple[float, bool]:
    """How far a piece (bool) leans to the right per pixel of height, and whether it is one thin stroke, straight or a little bent.

    Of a stroke every dark pixel must lie along the stroke's own middle line: a 2 or a 7 has strokes that leave it.
    """
    height = piece.shape[0]
    ys, xs = np.nonzero(piece)
    counts = np.bincount(ys, minlength=height)
    rows = np.flatnonzero(counts)
    middles = np.bincount(ys, xs, height)[rows] / counts[rows]
    inner = slice(len(rows) // 10, len(rows) - len(rows) // 10)
    if len(rows[inner]) < 5:
        return 0.0, False
    slope, start = np.polyfit(rows[inner], middles[inner], 1)
    square = np.hypot(1.0, slope)
    stroke = len(ys) / (height * square)
    bend = np.polyfit(rows[inner], middles[inner], 2)
    off_line = np.abs(middles[inner] - (slope * rows[inner] + start)).max() / square
    off_curve = np.abs(xs - np.polyval(bend, ys)) / square
    thin = stroke <= SLASH_STROKE * height
    alone = off_curve.max() <= stroke + 1.3 and off_line <= 0.06 * height + 1.2
    return float(-slope), bool(thin and alone)


def parts_missing(stats: np.ndarray, glyph: np.ndarray) -> bool:
    """Whether pieces stand around the strokes of a cell that may be the rest of a worn digit."""
    boxes = stats[glyph]
    left, top = boxes[:, cv2.CC_STAT_LEFT].min(), boxes[:, cv2.CC_STAT_TOP].min()
    right = (boxes[:, cv2.CC_STAT_LEFT] + boxes[:, cv2.CC_STAT_WIDTH]).max()
    bottom = (boxes[:, cv2.CC_STAT_TOP] + boxes[:, cv2.CC_STAT_HEIGHT]).max()
    size = max(right - left, bottom - top)
    x = stats[:, cv2.CC_STAT_LEFT] + stats[:, cv2.CC_STAT_WIDTH] / 2
    y = stats[:, cv2.CC_STAT_TOP] + stats[:, cv2.CC_STAT_HEIGHT] / 2
    beside, above = 0.3 * size, 0.2 * size + (size if bottom - top < 0.5 * size else 0)
    around = (x > left - beside) & (x < right + beside) & (y > top - above) & (y < bottom + above)
    around[0] = False
    return bool(stats[around & ~glyph, cv2.CC_STAT_AREA].sum() > WORN_PARTS * boxes[:, cv2.CC_STAT_AREA].sum())


def is_dash(box: np.ndarray, dpi: float) -> bool:
    """Whether a piece is a dash by its shape: flat, and longer than high."""
    width, height = box[cv2.CC_STAT_WIDTH], box[cv2.CC_STAT_HEIGHT]
    return bool(
        width >= DASH_WIDTH_INCHES * dpi and height <= DASH_HEIGHT_INCHES * dpi and width >= DASH_FLATNESS * height
    )
