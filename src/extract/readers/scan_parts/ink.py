"""What is dark on a straightened page: glyphs, rules and specks told apart by size and by straight runs."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

DARK_BELOW = 205  # of 255: a hairline rule at 150 dpi is no darker than this once it has been turned
FAINT_BELOW = 225  # hairline rules in grey, where the page shows no others
RULE_RUN_INCHES = 0.2  # no stroke of a character in a table is a straight run of this length
FRAGMENT_INCHES = 0.06
RULE_THICKNESS_INCHES = 0.04
SPECK_INCHES = 0.02
SOLID_INCHES, LARGEST_SOLID_INCHES = 0.03, 0.35
CRUMB_RUN_INCHES = 0.015
BLOT_INCHES = 0.055
LONGEST_STROKE_INCHES = 0.45
CRUMB_INCHES = 0.02  # a rule worn to dots leaves pieces no thicker than this


class Ink(NamedTuple):
    """The dark places of a page, all arrays of its height × width (uint8, 255 where dark) but `glyphs`.

    `across` and `down` hold long straight runs; `worn_across` and `worn_down` pieces of rules and crumbs besides, which belong to a rule
    only where they lie on one; `dark` is all of it, `solid` what of it belongs to whole characters.
    `glyphs` is int32 (n, 5): left, top, right, bottom, area of every connected dark piece that is neither rule nor speck; `strokes` the
    same of short pieces that pass for parts of rules and may be strokes of characters (一, 三, 1).
    """

    dpi: float
    across: np.ndarray
    down: np.ndarray
    worn_across: np.ndarray
    worn_down: np.ndarray
    dark: np.ndarray
    solid: np.ndarray
    glyphs: np.ndarray
    strokes: np.ndarray


def box(width: int, height: int) -> np.ndarray:
    """A rectangular structuring element."""
    return np.ones((max(1, height), max(1, width)), np.uint8)


def straight_runs(dark: np.ndarray, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Dark runs of at least `length` pixels across and down; a run may waver by one pixel, as turned rules do."""
    across = cv2.morphologyEx(cv2.dilate(dark, box(1, 3)), cv2.MORPH_OPEN, box(length, 1))
    down = cv2.morphologyEx(cv2.dilate(dark, box(3, 1)), cv2.MORPH_OPEN, box(1, length))
    return across, down


def without_blots(across: np.ndarray, down: np.ndarray, dpi: float) -> tuple[np.ndarray, np.ndarray]:
    """Runs without the places where they lie side by side thicker than any rule: blots, and characters run together."""
    thick = round(BLOT_INCHES * dpi)
    blots_across = cv2.morphologyEx(across, cv2.MORPH_OPEN, box(1, thick))
    blots_down = cv2.morphologyEx(down, cv2.MORPH_OPEN, box(thick, 1))
    return cv2.subtract(across, cv2.dilate(blots_across, box(5, 5))), cv2.subtract(
        down, cv2.dilate(blots_down, box(5, 5))
    )


def ink_of(paper: np.ndarray, dpi: float, below: int = DARK_BELOW) -> Ink:
    """Sort the dark places of an evened page (uint8, paper 255; dark is what is `below`) into rules, glyphs and specks."""
    dark = np.where(paper < below, np.uint8(255), np.uint8(0))
    across, down = straight_runs(dark, round(RULE_RUN_INCHES * dpi))
    across, down = without_blots(across, down, dpi)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8, ltype=cv2.CV_32S)
    has_run = np.zeros(count, bool)
    has_run[np.unique(labels[(across | down) > 0])] = True
    wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    thin, long = RULE_THICKNESS_INCHES * dpi, FRAGMENT_INCHES * dpi
    is_fragment = (high <= thin) & (wide >= long) & (wide >= 5 * high)
    is_fragment |= (wide <= thin) & (high >= long) & (high >= 5 * wide)
    is_crumb = (np.minimum(wide, high) <= CRUMB_INCHES * dpi) & (np.maximum(wide, high) < long)
    has_run[0] = is_crumb[0] = is_fragment[0] = False
    is_rule = has_run | is_fragment
    crumbs_across, crumbs_down = runs_of(is_rule | is_crumb, labels, CRUMB_RUN_INCHES * dpi)
    worn_across, worn_down = without_blots(crumbs_across, crumbs_down, dpi)
    speck = SPECK_INCHES * dpi
    is_glyph = ~is_rule & ((wide >= speck) | (high >= speck))
    is_glyph[0] = False
    is_stroke = is_rule & (np.maximum(wide, high) <= LONGEST_STROKE_INCHES * dpi)
    edges = boxes(stats[is_glyph]), boxes(stats[is_stroke])
    is_whole = (
        is_glyph
        & (np.minimum(wide, high) >= SOLID_INCHES * dpi)
        & (np.maximum(wide, high) <= LARGEST_SOLID_INCHES * dpi)
    )
    solid = np.where(is_whole, np.uint8(255), np.uint8(0))[labels]
    return Ink(dpi, across, down, worn_across, worn_down, dark, solid, *edges)


def runs_of(chosen: np.ndarray, labels: np.ndarray, length: float) -> tuple[np.ndarray, np.ndarray]:
    """Straight runs, across and down, of the pieces chosen by label (bool)."""
    return straight_runs(np.where(chosen, np.uint8(255), np.uint8(0))[labels], round(length))


def boxes(stats: np.ndarray) -> np.ndarray:
    """OpenCV's left, top, width, height, area as left, top, right, bottom, area, int32 (n, 5)."""
    found = stats.copy()
    found[:, 2] += found[:, 0]
    found[:, 3] += found[:, 1]
    return found
