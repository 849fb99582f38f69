"""What is dark on a straightened page: glyphs, rules and specks told apart by size and by straight runs."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

DARK_BELOW = 205  # of 255: a hairline rule at 150 dpi is no darker than this once it has been turned
RULE_RUN_INCHES = 0.2  # no stroke of a character in a table is a straight run of this length
FRAGMENT_INCHES = 0.06
RULE_THICKNESS_INCHES = 0.04
SPECK_INCHES = 0.02
FRAGMENT_RUN_INCHES = 0.035
CRUMB_RUN_INCHES = 0.015
LONGEST_STROKE_INCHES = 0.45
CRUMB_INCHES = 0.02  # a rule worn to dots leaves pieces no thicker than this


class Ink(NamedTuple):
    """The dark places of a page, all arrays of its height × width (uint8, 255 where dark) but `glyphs`.

    `across` and `down` hold long straight runs; `rules_across` and `rules_down` what of them and of their fragments belongs to rules;
    `worn_across` and `worn_down` crumbs besides, which belong to a rule only where they lie on one.
    `glyphs` is int32 (n, 5): left, top, right, bottom, area of every connected dark piece that is neither rule nor speck; `strokes` the
    same of short pieces that pass for parts of rules and may be strokes of characters (一, 三, 1).
    """

    dpi: float
    across: np.ndarray
    down: np.ndarray
    rules_across: np.ndarray
    rules_down: np.ndarray
    worn_across: np.ndarray
    worn_down: np.ndarray
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


def ink_of(paper: np.ndarray, dpi: float) -> Ink:
    """Sort the dark places of an evened page (uint8, paper 255) into rules, glyphs and specks."""
    dark = np.where(paper < DARK_BELOW, np.uint8(255), np.uint8(0))
    across, down = straight_runs(dark, round(RULE_RUN_INCHES * dpi))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8, ltype=cv2.CV_32S)
    is_rule = np.zeros(count, bool)
    is_rule[np.unique(labels[(across | down) > 0])] = True
    wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    thin, long = RULE_THICKNESS_INCHES * dpi, FRAGMENT_INCHES * dpi
    is_rule |= (high <= thin) & (wide >= long) & (wide >= 5 * high)
    is_rule |= (wide <= thin) & (high >= long) & (high >= 5 * wide)
    is_rule[0] = False
    is_crumb = (np.minimum(wide, high) <= CRUMB_INCHES * dpi) & (np.maximum(wide, high) < long)
    is_crumb[0] = False
    ruled = np.where(is_rule, np.uint8(255), np.uint8(0))[labels]
    rules_across, rules_down = straight_runs(ruled, round(FRAGMENT_RUN_INCHES * dpi))
    worn = np.where(is_rule | is_crumb, np.uint8(255), np.uint8(0))[labels]
    worn_across, worn_down = straight_runs(worn, round(CRUMB_RUN_INCHES * dpi))
    speck = SPECK_INCHES * dpi
    is_glyph = ~is_rule & ((wide >= speck) | (high >= speck))
    is_glyph[0] = False
    is_stroke = is_rule & (np.maximum(wide, high) <= LONGEST_STROKE_INCHES * dpi)
    edges = boxes(stats[is_glyph]), boxes(stats[is_stroke])
    return Ink(dpi, across, down, rules_across, rules_down, worn_across, worn_down, *edges)


def boxes(stats: np.ndarray) -> np.ndarray:
    """OpenCV's left, top, width, height, area as left, top, right, bottom, area, int32 (n, 5)."""
    found = stats.copy()
    found[:, 2] += found[:, 0]
    found[:, 3] += found[:, 1]
    return found
