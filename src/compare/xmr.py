"""Limits of an individuals chart (XmR), for a picture only.

Source: W. A. Shewhart's individuals chart; NHS England, Making Data Count. On seven points the limits cannot show a
single outlying year of any size (its deviation, 6/7 of the step, stays below 2.66 moving ranges), so no flag rests on
them and below FEWEST_POINTS there are none.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

FEWEST_POINTS = 8
D2 = 1.128  # mean range of two normal values, in sd
TO_LIMITS = 2.66  # 3/d2
RANGE_LIMIT = 3.267  # 1 + 3·0.8525/1.128


class Limits(NamedTuple):
    """Mean and natural process limits of a series."""

    mean: float
    low: float
    high: float


def limits(x: np.ndarray, screened: bool = True) -> Limits:
    """Mean ± 2.66 mean moving ranges of a series (float64, in order); `screened` leaves moving ranges of 3.267 times
    their mean and more out. All NaN for fewer than FEWEST_POINTS."""
    x = np.asarray(x, dtype=float)
    if len(x) < FEWEST_POINTS:
        return Limits(np.nan, np.nan, np.nan)
    ranges = np.abs(np.diff(x))
    if screened:
        ranges = ranges[ranges < RANGE_LIMIT * ranges.mean()] if ranges.any() else ranges
    mean, half = float(x.mean()), TO_LIMITS * float(ranges.mean())
    return Limits(mean, mean - half, mean + half)
