"""Lines that run over the whole page: streaks of a dirty scanner, folds of the paper. They are no rules of a table, and are painted over.

A stroke of a character may lie under such a line: the cells that it crosses close to their text, or empty, are doubted.
"""

from __future__ import annotations

import cv2
import numpy as np

from extract.readers.scan_parts.page_images import GrayImage

BESIDE_INCHES = 0.025  # how far from a line's middle the paper beside it is looked at
AT_SIDE_INCHES = 0.1
CONTRAST = 30  # of 255
FRINGE = 1  # pixels
LEAST_SHARE, LEAST_AT_ENDS, END_SHARE = 0.8, 0.5, 0.004
EVERY = 3  # pixels along a line of which one is looked at
MOST_STREAKS = 5  # a picture cut close around a table has rules from edge to edge, both ways: more of them
NEAR_TEXT_INCHES, INK_BELOW = 0.1, 150
DOUBT = "a line over the page runs through the cell"

Line = tuple[float, float, float, float]  # x, y of one end and of the other


def without_streaks(paper: GrayImage, dpi: float, spared: int = 0) -> tuple[GrayImage, list[Line]]:
    """An evened page (uint8) without the lines that run from edge to edge along its rows or columns of pixels, and those lines.

    `spared` pixels at each edge are left out: what turning the page brought in from outside it.
    """
    lines: list[Line] = []
    height, width = paper.shape
    down = streak_places(paper, dpi, spared)
    across = streak_places(paper.T, dpi, spared)
    if not 0 < len(down) + len(across) <= MOST_STREAKS:
        return paper, []
    paper = paper.copy()
    for first, last in down:
        paint_over(paper, first, last)
        lines.append(((first + last) / 2, 0.0, (first + last) / 2, float(height)))
    for first, last in across:
        paint_over(paper.T, first, last)
        lines.append((0.0, (first + last) / 2, float(width), (first + last) / 2))
    return paper, lines


def streak_places(paper: np.ndarray, dpi: float, spared: int) -> list[tuple[int, int]]:
    """First and last column of every dark line that runs down the whole page."""
    beside, side = max(2, round(BESIDE_INCHES * dpi)), round(AT_SIDE_INCHES * dpi)
    rows = np.ascontiguousarray(paper[spared : len(paper) - spared : EVERY])
    if rows.shape[0] < 100 or rows.shape[1] < 3 * side:
        return []
    darkest = cv2.erode(rows, np.ones((1, 3), np.uint8))
    lighter = np.minimum(rows[:, : -2 * beside], rows[:, 2 * beside :])
    is_line = cv2.subtract(lighter, darkest[:, beside:-beside]) > CONTRAST
    end = max(3, round(END_SHARE * len(rows)))
    whole = is_line.mean(axis=0) >= LEAST_SHARE
    whole &= (is_line[:end].mean(axis=0) >= LEAST_AT_ENDS) & (is_line[-end:].mean(axis=0) >= LEAST_AT_ENDS)
    whole[: side - beside] = whole[len(whole) - side + beside :] = False
    edges = np.flatnonzero(np.diff(np.concatenate([[0], whole.astype(np.int8), [0]])))
    return [(int(first) + beside, int(stop) + beside - 1) for first, stop in edges.reshape(-1, 2)]


def paint_over(paper: np.ndarray, first: int, last: int) -> None:
    """Put what lies on both sides in the place of some columns, in place: rules that cross them stay."""
    left, right = first - FRINGE - 1, last + FRINGE + 1
    lighter = np.minimum(paper[:, left], paper[:, right])
    darker = paper[:, left + 1 : right]
    np.maximum(darker, lighter[:, None], out=darker)


def moved(lines: list[Line], scale: float, forward: np.ndarray) -> list[Line]:
    """Lines where scaling, and then a 2 × 3 matrix, brings them."""
    ends = scale * np.array(lines, dtype=float).reshape(-1, 2)
    placed = (ends @ forward[:, :2].T + forward[:, 2]).reshape(-1, 4)
    return [(float(x0), float(y0), float(x1), float(y1)) for x0, y0, x1, y1 in placed]


def crosses_text(lines: list[Line], quad: tuple[float, float, float, float], paper: np.ndarray, dpi: float) -> bool:
    """Whether one of these lines runs through a cell (left, top, right, bottom) close to its ink, or through an empty cell."""
    left, top, right, bottom = quad
    inside = paper[max(0, round(top + 0.02 * dpi)) : round(bottom - 0.02 * dpi), max(0, round(left + 0.02 * dpi)) :]
    ys, xs = np.nonzero(inside[:, : max(0, round(right - left - 0.04 * dpi))] < INK_BELOW)
    for x0, y0, x1, y1 in lines:
        upright = abs(x1 - x0) < abs(y1 - y0)
        if upright:
            at = x0 + (x1 - x0) * ((top + bottom) / 2 - y0) / (y1 - y0)
            low, high, ink = left, right, xs + left + 0.02 * dpi
        else:
            at = y0 + (y1 - y0) * ((left + right) / 2 - x0) / (x1 - x0)
            low, high, ink = top, bottom, ys + top + 0.02 * dpi
        if low < at < high and (not len(ink) or np.abs(ink - at).min() < NEAR_TEXT_INCHES * dpi):
            return True
    return False
