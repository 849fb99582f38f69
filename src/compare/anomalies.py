"""Statistical rules: one function each. The method is the two-way robust residual with isolation, made for few
years and heavy tails.

A count x > 0 of an office with at least four positive years is y = ln x = office + year + district-year, fitted by
medians; each year is predicted from the office's *other* years, and the residual is divided by a scale that pools
the office's own spread with everyone's. No office is compared with a fixed percentage, and nothing here is a
probability of error: it is a ranked list of what to look at.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from compare.panel import Panel
from compare.panel import measure as measure_of
from compare.rules import FAIL, NOT_ASSESSABLE, PASS, outcome, rule, stack

MEASURES = ("permits", "penalties", "coercion", "applications_received")
MIN_YEARS = 4  # positive years of an office
MIN_PEERS = 5  # offices with a positive count, for a year effect and for a district-year effect
PRIOR_WEIGHT = 4.0  # ν0: how many years of own history the pooled scale is worth
REVIEW = 3.5
SMALLEST_SCALE = 0.05  # a panel of identical series must not make every rounding an outlier
TEN = np.log(10.0)
POWERS = (-3, -2, -1, 1, 2, 3, 4)


class Fit(NamedTuple):
    """Two-way robust fit of one measure; all arrays are offices × years, float64, NaN where an office or year is
    not assessable.

    `x` the counts, `expected` exp(μ) predicted from the other years, `scale` s on the ln scale, `z` the residual by
    its scale, `isolation` the S8 distance (smallest of |z| and the signed steps to the neighbouring positive years
    by 1.2 s), `peers` year + district-year effect.
    """

    x: np.ndarray
    expected: np.ndarray
    scale: np.ndarray
    z: np.ndarray
    isolation: np.ndarray
    peers: np.ndarray


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
    return Fit(x, np.exp(expected), scale, z, isolation_of(z, level, scale), peers)


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
    """The fit of one measure over the panel's offices × years."""
    return fit(panel.grid(panel.measure(measure)), panel.district_codes())


def scores(panel: Panel, measure: str) -> pd.DataFrame:
    """The fit as rows office × year: skeleton columns, value, expected, low, high (own normal band, ±2 s), z,
    isolation, power, slip (LBF)."""
    result = fit_measure(panel, measure)
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
    )
    frame["low"], frame["high"] = (
        frame["expected"] * np.exp(-2 * frame["scale"]),
        frame["expected"] * np.exp(2 * frame["scale"]),
    )
    positive = frame["value"].where(frame["value"] > 0)
    frame["others"] = other_years_median(frame.assign(value=positive))
    frame["peers_before"] = frame.groupby("office_id")["peers"].shift()
    return frame


def other_years_median(frame: pd.DataFrame) -> np.ndarray:
    """For each row the median of the office's other positive years, as a reader would work it out."""
    wide = frame["value"].to_numpy(dtype=float).reshape(frame["office_id"].nunique(), -1)
    return leave_one_out_level(wide).ravel() if wide.shape[1] > 1 else np.full(len(frame), np.nan)


@rule(
    "D06",
    ("One year far from the office's other years", "某一年明显偏离该机关其他年份"),
    "S3",
    "two-way robust residual |z| ≥ 3.5 (S5) with isolation (S8)",
    (
        "{value:,.0f} {measure_en}, {factor_en} the median of its other years ({others:,.0f}; "
        "own normal range {low:,.0f}–{high:,.0f}); "
        "{peers_en}z = {z:+.1f}{note_en}",
        "{measure_zh}{value:,.0f}件，为其他年份中位数{others:,.0f}件的{factor_zh}（自身正常范围{low:,.0f}–{high:,.0f}件）；{peers_zh}z={z:+.1f}{note_zh}",
    ),
    kind="statistical",
)
def isolated_year(panel: Panel) -> pd.DataFrame:
    """D06 (with the label of D05): permits, penalties, coercion or applications of one year are far from what the
    office's other years and its peers' change lead to expect. Review at |z| ≥ 3.5, priority where the year is also
    isolated from its neighbours (S8 ≥ 3.5).

    False positives: powers moved between offices; the last year may be the first of a new level.
    """
    frames = []
    for measure in MEASURES:
        frame = scores(panel, measure)
        frame = frame[(frame["place"] >= 0) & frame["value"].notna()].reset_index(drop=True)
        flagged = frame["z"].abs() >= REVIEW
        status = np.where(frame["z"].isna(), NOT_ASSESSABLE, np.where(flagged, FAIL, PASS))
        cells = measure_of(measure).cells_2021.split()
        result = outcome(
            panel,
            frame["place"].to_numpy(),
            frame["value"].to_numpy(),
            frame["expected"].to_numpy(),
            status,
            measure,
            cells,
        )
        frames.append(result.assign(**worded(panel, frame, measure)))
    return stack(frames)


def worded(panel: Panel, frame: pd.DataFrame, measure: str) -> dict[str, Any]:
    """What the sentences of D06 name, one column each."""
    last = frame["year"].to_numpy() == (panel.years[-1] if panel.years else 0)
    slip = frame["slip"].to_numpy() > 0
    change = np.expm1((frame["peers"] - frame["peers_before"]).to_numpy(dtype=float))
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = (frame["value"] / frame["others"]).to_numpy(dtype=float)
    return {
        "value": frame["value"],
        "others": frame["others"],
        "low": frame["low"],
        "high": frame["high"],
        "z": frame["z"],
        "isolation": frame["isolation"],
        "slip": frame["slip"],
        "measure_en": measure_of(measure).label_en,
        "measure_zh": measure_of(measure).label_zh,
        "factor_en": [f"{f:.2g} times" if f < 10 else f"{f:,.0f} times" for f in factor],
        "factor_zh": [f"{f:.2g}倍" if f < 10 else f"{f:,.0f}倍" for f in factor],
        "peers_en": ["" if np.isnan(c) else f"peers changed by {c * 100:+.0f} %; " for c in change],
        "peers_zh": ["" if np.isnan(c) else f"同期同类机关变化{c * 100:+.0f}%；" for c in change],
        "note_en": [notes(s, at_end, k, "en") for s, at_end, k in zip(slip, last, frame["power"], strict=True)],
        "note_zh": [notes(s, at_end, k, "zh") for s, at_end, k in zip(slip, last, frame["power"], strict=True)],
    }


def notes(slip: bool, last: bool, power: float, language: str) -> str:
    """The labels behind a sentence: a slip by a power of ten (D05), a last year that has only one neighbour."""
    said = ""
    if slip:
        times = f"{10.0 ** abs(int(power)):,.0f}"
        if language == "en":
            about = f"{times} times" if power > 0 else f"1/{times} of"
            said += f"; about {about} the usual level (a slip of unit or decimal point?)"
        else:
            said += f"；约为往年的{times}{'倍' if power > 0 else '分之一'}，疑似单位或小数点错误"
    if last:
        said += (
            "; last year of the series (new level or error?)" if language == "en" else "；为最后一年：新水平还是差错？"
        )
    return said
