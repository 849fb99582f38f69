"""How far a year's count lies from what the office's other years lead to expect: the two-way robust residual with
isolation, made for few years and heavy tails. The rules that rest on it are in checks/series.py.

A count x > 0 of an office with at least three positive years is y = ln x = office + year + district-year, fitted by
medians; each year is predicted from the office's *other* years, and the residual is divided by a scale that pools
the office's own spread with everyone's. No office is compared with a fixed percentage, and nothing here is a
probability of error: it is a ranked list of what to look at.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from compare.item_counts import item_counts
from compare.outliers import log_odds
from compare.panel import Panel

MEASURES = ("permits", "penalties", "coercion", "applications_received")
MIN_YEARS = 3  # positive years of an office
MIN_PEERS = 5  # offices with a positive count, for a year effect and for a district-year effect
PRIOR_WEIGHT = 4.0  # ν0: how many years of own history the pooled scale is worth
REVIEW = 3.5  # |z| of S5 and S8, as drawn
ODDS_REVIEW, ODDS_PRIORITY = 0.0, 1.75  # log odds that the year stands apart: what flags rest on
ODDS_FIRST = 3.5  # priority in the first year of a series, where a level may have ended
TOGETHER = 2.5  # |z| from which another figure of the office, moved the same way, explains the year
OVERSTATED = 0.89  # 1/√(1 + 1.57/6): a median of six other years adds its own spread to the residuals
SMALLEST_SCALE = 0.05  # a panel of identical series must not make every rounding an outlier
TEN = np.log(10.0)
POWERS = (-3, -2, -1, 1, 2, 3, 4)


class Fit(NamedTuple):
    """Two-way robust fit of one measure; all arrays are offices × years, float64, NaN where an office or year is
    not assessable.

    `x` the counts, `expected` exp(μ) predicted from the other years, `scale` s on the ln scale, `z` the residual by
    its scale, `isolation` the S8 distance (smallest of |z| and the signed steps to the neighbouring positive years
    by 1.2 s), `peers` year + district-year effect, `odds` the log odds that the year stands apart (compare.outliers).
    """

    x: np.ndarray
    expected: np.ndarray
    scale: np.ndarray
    z: np.ndarray
    isolation: np.ndarray
    peers: np.ndarray
    odds: np.ndarray


def nan_median(matrix: np.ndarray, axis: int | None = None) -> np.ndarray:
    """Median without the warning that numpy gives for a row of nothing: such a row is 0."""
    empty = np.isnan(matrix).all(axis=axis, keepdims=True)
    return np.nan_to_num(np.nanmedian(np.where(empty, 0.0, matrix), axis=axis))


def polish(y: np.ndarray, districts: np.ndarray, passes: int = 3) -> np.ndarray:
    """Year plus district-year effects of y (offices × years, NaN where not positive), by median polish; float64 of
    the same shape.

    A year has an effect of its own where MIN_PEERS offices are positive in it; a district-year likewise, shrunk by
    n/(n+10).
    """
    year, district = np.zeros(y.shape[1]), np.zeros(y.shape)
    enough = (~np.isnan(y)).sum(axis=0) >= MIN_PEERS
    for _ in range(passes):
        office = nan_median(y - year - district, axis=1)
        year = np.where(enough, nan_median(y - office[:, None] - district, axis=0), 0.0)
        for code in np.unique(districts[districts >= 0]):
            members = districts == code
            n = (~np.isnan(y[members])).sum(axis=0)
            effect = nan_median(y[members] - office[members, None] - year, axis=0) * n / (n + 10.0)
            district[members] = np.where(n >= MIN_PEERS, effect, 0.0)
    return year + district


def leave_one_out_level(level: np.ndarray) -> np.ndarray:
    """For each office and year the median of the office's other years; NaN where it has none."""
    expected = np.full(level.shape, np.nan)
    for year in range(level.shape[1]):
        others = np.delete(level, year, axis=1)
        some = ~np.isnan(others).all(axis=1)
        if some.any():
            expected[some, year] = np.nanmedian(others[some], axis=1)
    return expected


def fit(x: np.ndarray, districts: np.ndarray) -> Fit:
    """Fit counts x (offices × years, NaN where unknown) and say how far each year lies from what the others lead to
    expect (S5, S8)."""
    positive = x > 0
    usable = positive & (positive.sum(axis=1, keepdims=True) >= MIN_YEARS)
    y = np.where(usable, np.log(np.where(positive, x, 1.0)), np.nan)
    peers = polish(y, districts)
    level = y - peers
    expected = leave_one_out_level(level) + peers
    residual = y - expected
    known = residual[~np.isnan(residual)]
    pooled = max(1.4826 * float(np.median(np.abs(known))), SMALLEST_SCALE) if known.size else SMALLEST_SCALE
    n = (~np.isnan(y)).sum(axis=1, keepdims=True).astype(float)
    own = 1.4826 * nan_median(np.abs(level - nan_median(level, axis=1)[:, None]), axis=1)[:, None]
    n_safe = np.maximum(n, 1.0)
    variance = (PRIOR_WEIGHT * pooled**2 + (n_safe - 1) * own**2) / (PRIOR_WEIGHT + n_safe - 1) * (1 + 1.57 / n_safe)
    scale = np.sqrt(variance + 1.0 / np.maximum(np.exp(expected), 0.5))
    z = residual / scale
    middle = np.where(np.isnan(level).all(axis=1), np.nan, nan_median(level, axis=1))[:, None]
    counting = 1.0 / np.maximum(np.exp(middle + peers), 0.5)
    everybody = max(pooled * OVERSTATED, SMALLEST_SCALE)
    odds = log_odds(level - middle, counting / everybody**2, everybody)
    return Fit(x, np.exp(expected), scale, z, isolation_of(z, level, scale), peers, odds)


def isolation_of(z: np.ndarray, level: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """S8: min(|z|, signed distance to the previous and to the next positive year / 1.2 s). A permanent new level is
    near its neighbours."""
    isolation = np.abs(z)
    for row in range(level.shape[0]):
        years = np.flatnonzero(~np.isnan(level[row]))
        for here, there in [*pairwise(years), *pairwise(years[::-1])]:
            step = np.sign(z[row, here]) * (level[row, here] - level[row, there]) / (1.2 * scale[row, here])
            isolation[row, here] = min(isolation[row, here], step)
    return isolation


def power_of_ten(residual: np.ndarray, scale: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """D05: the power of ten k that best explains a residual, and its log Bayes factor, float64 arrays of the same
    shape.

    t6(k·ln 10, s) with prior 1 % against t6(0, s) at 91 % plus N(0, s² + 1.1²) at 8 %. A label, not a detector:
    positive in under half of all real slips.
    """
    ordinary = 0.91 * student6(residual / scale) / scale + 0.08 * normal(residual, np.sqrt(scale**2 + 1.1**2))
    factors = [np.log(0.01 * student6((residual - k * TEN) / scale) / scale) - np.log(ordinary) for k in POWERS]
    best = np.argmax(factors, axis=0)
    return np.array(POWERS, dtype=float)[best], np.max(factors, axis=0)


def student6(t: np.ndarray) -> np.ndarray:
    """Density of Student's t with 6 degrees of freedom: Γ(3.5)/(√(6π)Γ(3)) · (1 + t²/6)^−3.5."""
    return 0.3827327723098715 * (1 + t**2 / 6) ** -3.5


def normal(x: np.ndarray, sd: np.ndarray) -> np.ndarray:
    """Density of N(0, sd²)."""
    return np.exp(-0.5 * (x / sd) ** 2) / (sd * np.sqrt(2 * np.pi))


def fit_measure(panel: Panel, measure: str) -> Fit:
    """The fit of one measure over the panel's offices × years. Years in which kinds of items were counted in place
    of decisions (A06) are another quantity and left out."""
    counts = panel.measure(measure)
    return fit(panel.grid(np.where(item_counts(panel, measure), np.nan, counts)), panel.district_codes())


def moved_together(panel: Panel, measure: str) -> np.ndarray:
    """Offices × years, bool: another measure of the same office lies as far to the same side in that year (|z| ≥
    TOGETHER). Then the office has changed rather than one number: a mistake in one number leaves the others alone."""
    fits: dict[str, Fit] = {m: panel.kept(f"fit {m}", partial(fit_measure, measure=m)) for m in MEASURES}
    mine = np.sign(np.nan_to_num(fits[measure].z))
    moved = np.zeros(mine.shape, dtype=bool)
    for other, fitted in fits.items():
        z = np.nan_to_num(fitted.z)
        moved |= (other != measure) & (np.sign(z) == mine) & (np.abs(z) >= TOGETHER)
    return moved


def scores(panel: Panel, measure: str) -> pd.DataFrame:
    """The fit as rows office × year: skeleton columns, value, expected, low, high (own normal band, ±2 s), z,
    isolation, power, slip (LBF), odds, together (bool: other figures of the office moved alike), grade ("", review,
    priority: what D05 and D06 flag). Worked out once per panel."""
    made: pd.DataFrame = panel.kept(f"scores {measure}", lambda loaded: score_years(loaded, measure))
    return made.copy()


def score_years(panel: Panel, measure: str) -> pd.DataFrame:
    """See `scores`."""
    together = moved_together(panel, measure)
    result: Fit = panel.kept(f"fit {measure}", partial(fit_measure, measure=measure))
    with np.errstate(divide="ignore", invalid="ignore"):
        residual = np.log(np.where(result.x > 0, result.x, np.nan)) - np.log(result.expected)
        power, slip = power_of_ten(residual, result.scale)
    frame = panel.skeleton().assign(
        value=result.x.ravel(),
        expected=result.expected.ravel(),
        scale=result.scale.ravel(),
        z=result.z.ravel(),
        isolation=result.isolation.ravel(),
        power=power.ravel(),
        slip=slip.ravel(),
        peers=result.peers.ravel(),
        odds=result.odds.ravel(),
        together=together.ravel(),
    )
    known, odds = frame["value"].notna() & (frame["place"] >= 0), frame["odds"]
    strong = known & (odds >= np.where(begins(frame), ODDS_FIRST, ODDS_PRIORITY)) & ~frame["together"]
    frame["grade"] = np.select([strong, known & (odds >= ODDS_REVIEW)], ["priority", "review"], "")
    frame["low"], frame["high"] = (
        frame["expected"] * np.exp(-2 * frame["scale"]),
        frame["expected"] * np.exp(2 * frame["scale"]),
    )
    positive = frame["value"].where(frame["value"] > 0)
    frame["others"] = other_years_median(frame.assign(value=positive))
    frame["peers_before"] = frame.groupby("office_id")["peers"].shift()
    return frame


def begins(frame: pd.DataFrame) -> pd.Series:
    """Whether a row is its office's first positive year, bool: a level that ended after it looks like a year that stands
    apart."""
    positive = frame["year"].where(frame["value"] > 0)
    return frame["year"].eq(positive.groupby(frame["office_id"]).transform("min"))


def other_years_median(frame: pd.DataFrame) -> np.ndarray:
    """For each row the median of the office's other positive years, as a reader would work it out."""
    wide = frame["value"].to_numpy(dtype=float).reshape(frame["office_id"].nunique(), -1)
    return leave_one_out_level(wide).ravel() if wide.shape[1] > 1 else np.full(len(frame), np.nan)
