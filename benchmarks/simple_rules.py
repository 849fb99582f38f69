"""What a user would write in a spreadsheet: simple rules on one series of counts, to be beaten. Each takes counts,
float64 offices × years with NaN where unknown, and returns bool of the same shape."""

from __future__ import annotations

import numpy as np


def peers_z(x: np.ndarray) -> np.ndarray:
    """More than 3 standard deviations from the mean of all offices of the year."""
    with np.errstate(invalid="ignore"):
        return np.abs(x - np.nanmean(x, axis=0)) > 3 * np.nanstd(x, axis=0, ddof=1)


def jumps(x: np.ndarray) -> np.ndarray:
    """More than five times, or less than a fifth of, the year before, both above zero."""
    told = np.zeros(x.shape, dtype=bool)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = x[:, 1:] / x[:, :-1]
        told[:, 1:] = ((ratio > 5) | (ratio < 0.2)) & (x[:, 1:] > 0) & (x[:, :-1] > 0)
    return told


def individuals(x: np.ndarray) -> np.ndarray:
    """XmR: outside mean ± 2.66 mean moving ranges of the office's own positive years (four and more)."""
    told = np.zeros(x.shape, dtype=bool)
    for row, counts in enumerate(x):
        known = np.flatnonzero(counts > 0)
        if len(known) >= 4:
            series = counts[known]
            told[row, known] = np.abs(series - series.mean()) > 2.66 * np.abs(np.diff(series)).mean()
    return told


def hampel(x: np.ndarray) -> np.ndarray:
    """Own modified z above 3.5 on the logarithm (four positive years and more)."""
    told = np.zeros(x.shape, dtype=bool)
    for row, counts in enumerate(x):
        known = np.flatnonzero(counts > 0)
        if len(known) >= 4:
            told[row, known] = np.abs(modified_z(np.log(counts[known]))) > 3.5
    return told


def modified_z(x: np.ndarray) -> np.ndarray:
    """0.6745 (x − median) / MAD, float64 (Iglewicz and Hoaglin 1993)."""
    away = x - np.median(x)
    spread = np.median(np.abs(away))
    return 0.6745 * away / spread if spread > 0 else np.zeros(len(x))


RULES = {"z > 3 among peers": peers_z, "5× / 0.2× of last year": jumps, "XmR 2.66": individuals, "Hampel 3.5": hampel}
