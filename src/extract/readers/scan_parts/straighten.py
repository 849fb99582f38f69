"""A page turned upright and brought to a working resolution, with the way back to its own pixels.

The angle is the one at which the rows of the page are fullest and emptiest: the sum of squares of ink per row, over sheared rows, is
largest (projection profiles: Postl, "Detection of linear oblique structures", 1986). It needs no rules and no text lines in particular.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from extract.readers.scan_parts.page_images import GrayImage, PageImage
from extract.readers.scan_parts.streaks import Line, moved, without_streaks

STEEPEST_DEGREES = 6.0
COARSE_STEP, FINE_STEP = 0.25, 0.025
COARSEST_WORKING_DPI, FINEST_WORKING_DPI = 190.0, 310.0
LOW_TARGET_DPI, HIGH_TARGET_DPI = 225.0, 300.0
PROFILE_DPI = 75.0
LEAST_WITHIN = 0.2
MOST_PROFILE_POINTS = 60_000


class Upright(NamedTuple):
    """A straightened page. `paper` is uint8 (height, width), 255 the colour of the paper wherever the page was darker or lighter.

    `back` is the 2 × 3 matrix from its pixels to the pixels of the page image; `dpi` is its own resolution; `skew` in degrees. `streaks`
    are the lines over the whole page that were painted over.
    """

    paper: GrayImage
    dpi: float
    back: np.ndarray
    skew: float
    streaks: tuple[Line, ...] = ()


def straighten(page: PageImage) -> Upright:
    """Turn a page upright, scale it into 190 to 310 dpi and even out its paper."""
    even, streaks = without_streaks(evened(page.gray, page.dpi), page.dpi)
    skew = skew_of(even, page.dpi)
    if page.dpi < COARSEST_WORKING_DPI:
        scale = LOW_TARGET_DPI / page.dpi
    elif page.dpi > FINEST_WORKING_DPI:
        scale = HIGH_TARGET_DPI / page.dpi
        even = cv2.resize(even, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    else:
        scale = 1.0
    shrink = scale if page.dpi > FINEST_WORKING_DPI else 1.0
    forward = turning(even.shape, skew, scale / shrink)
    size = (round(even.shape[1] * scale / shrink), round(even.shape[0] * scale / shrink))
    turned = cv2.warpAffine(even, forward, size, flags=cv2.INTER_CUBIC, borderValue=255)
    back = cv2.invertAffineTransform(forward) / shrink
    outside = round(max(size) * np.sin(np.radians(abs(skew)))) + 2
    turned, folds = without_streaks(turned, page.dpi * scale, outside)
    lines = (*moved(streaks, shrink, forward), *folds)
    return Upright(turned, page.dpi * scale, back, skew, lines)


def turning(shape: tuple[int, ...], degrees: float, scale: float) -> np.ndarray:
    """The 2 × 3 matrix that turns an image of this shape about its centre and scales it about its corner."""
    height, width = shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return matrix * scale


def evened(gray: GrayImage, dpi: float) -> GrayImage:
    """The page with its paper at 255: divided by the brightness of the paper around each place (shading, yellowed paper, shaded cells)."""
    step = max(1, round(dpi / 25))
    small = cv2.resize(gray, None, fx=1 / step, fy=1 / step, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((3, 3), np.uint8)), 3)
    paper = cv2.GaussianBlur(paper, (0, 0), 1)
    background = cv2.resize(paper, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_LINEAR)
    return cv2.divide(gray, np.maximum(background, 60), scale=255)


def skew_of(paper: GrayImage, dpi: float) -> float:
    """The angle in degrees by which the page must be turned (counter-clockwise) to stand upright; 0 for an empty page."""
    factor = min(1.0, PROFILE_DPI / dpi)
    small = cv2.resize(paper, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    rows, columns = np.nonzero(within_sheet(small < 200))
    if len(rows) < 50:
        return 0.0
    if len(rows) > MOST_PROFILE_POINTS:
        keep = np.linspace(0, len(rows) - 1, MOST_PROFILE_POINTS).astype(int)
        rows, columns = rows[keep], columns[keep]
    x, y = columns - columns.mean(), rows - rows.mean()
    coarse = steepest(x, y, np.arange(-STEEPEST_DEGREES, STEEPEST_DEGREES + 0.01, COARSE_STEP))
    return steepest(x, y, np.arange(coarse - COARSE_STEP, coarse + COARSE_STEP + 0.001, FINE_STEP))


def within_sheet(dark: np.ndarray) -> np.ndarray:
    """The dark places (bool) but for what reaches the picture's edge: the lid and the glass beyond a sheet lie straight, however the sheet lies.

    Where nearly everything hangs together with the edge, all of it is taken.
    """
    _, labels = cv2.connectedComponents(dark.astype(np.uint8), connectivity=8, ltype=cv2.CV_32S)
    rim = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    inner = dark & ~np.isin(labels, rim)
    return inner if inner.sum() >= LEAST_WITHIN * dark.sum() else dark


def steepest(x: np.ndarray, y: np.ndarray, degrees: np.ndarray) -> float:
    """Of these angles the one whose sheared rows hold the ink in the fewest rows."""
    reach = int(np.abs(y).max() + np.abs(x).max() * np.tan(np.radians(np.abs(degrees).max()))) + 2
    best, best_sharpness = 0.0, -1.0
    for angle in degrees:
        sheared = y - x * np.tan(np.radians(angle)) + reach
        low = np.floor(sheared)
        part = sheared - low
        profile = np.bincount(low.astype(np.intp), 1 - part, 2 * reach + 2) + np.bincount(
            low.astype(np.intp) + 1, part, 2 * reach + 2
        )
        sharpness = float(np.square(profile).sum())
        if sharpness > best_sharpness:
            best, best_sharpness = float(angle), sharpness
    return best
