"""D05–D07: one year's count against the office's other years. The statistic is `compare.anomalies`; nothing here is a
probability of error."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from compare.anomalies import MEASURES, REVIEW, scores
from compare.panel import Panel
from compare.panel import measure as measure_of
from compare.rules import judge, outcome, rule, stack, with_told

APART = "two-way robust fit; odds that the year stands apart, against a change of level (compare.outliers)"
FEE_SLIP = 4  # 元 printed where 万元 belong, or the reverse
FEE_WITHIN = 0.35  # powers of ten
FEE_LEVEL = 1.5  # powers of ten within which amounts are of one level
FEE_OFFICES = 5  # others with fees, whose level settles which of two is the slip
SWITCH_YEARS, SWITCH_LEAST = 3, 20.0


def assessed(panel: Panel, measure: str) -> pd.DataFrame:
    """`anomalies.scores` of the reports that are there and have a figure."""
    frame = scores(panel, measure)
    return frame[(frame["place"] >= 0) & frame["value"].notna()].reset_index(drop=True)


def is_slip(frame: pd.DataFrame) -> np.ndarray:
    """Where a residual is both far and best explained by a power of ten, bool."""
    return ((frame["grade"] != "") & (frame["slip"] > 0)).to_numpy(dtype=bool)


def found(panel: Panel, frame: pd.DataFrame, measure: str, failing: np.ndarray) -> pd.DataFrame:
    """Assessments of one measure with what the sentences of D05 and D06 name."""
    status = judge(frame["odds"].notna().to_numpy(), ~failing)
    cells = measure_of(measure).cells_2021.split()
    value, expected = frame["value"].to_numpy(), frame["expected"].to_numpy()
    result = outcome(panel, frame["place"].to_numpy(), value, expected, status, measure, cells)
    note_en, note_zh = notes(frame)
    told = frame.assign(note_en=note_en, note_zh=note_zh)[failing]
    return with_told(result, failing, told[["grade"]].assign(**worded(told, measure)))


@rule(
    "D05",
    ("No slip of the unit or the decimal point", "无单位或小数点错误"),
    "S2",
    APART + "; log Bayes factor of a power of ten > 0",
    (
        "{value_told} {measure_en}, {factor_en} the median of its other years ({others_told}; own normal range "
        "{range_told}); {peers_en}z = {z:+.1f}; a slip of the unit or of the decimal point by {times_en}?{note_en}",
        "{measure_zh}{value_told}{unit_zh}，为其他年份中位数{others_told}{unit_zh}的{factor_zh}（自身正常范围{range_told}）；"
        "{peers_zh}z={z:+.1f}，疑似单位或小数点错误（{times_en}倍）{note_zh}",
    ),
    kind="statistical",
    whole=True,
)
def unit_slips(panel: Panel) -> pd.DataFrame:
    """D05: a count of a year that stands apart (log odds ≥ 0) and for which a power of ten (10^−3 … 10^4) is the
    best explanation (log Bayes factor > 0); and fees about 10^±4 times the median of the office's other years (元 for
    万元). Priority at log odds ≥ 1.75 (3.5 in the first year of the series) where no other figure of the office moved
    alike.

    False positives: a genuine reform; years in which items were counted (those are A06's).
    """
    frames = []
    for measure in MEASURES:
        frame = assessed(panel, measure)
        frames.append(found(panel, frame, measure, is_slip(frame)))
    return stack([*frames, fee_slips(panel)])


def fee_slips(panel: Panel) -> pd.DataFrame:
    """Fees of one year that are about 10,000 times, or a 10,000th of, those of at least two other years. Which of the two
    levels has slipped is told by the other offices' fees, where these lie plainly nearer to one; else the level of fewer
    years; of two with as many the higher one."""
    x = panel.grid(panel.measure("fees"))
    x = np.where(x > 0, x, np.nan)
    frame = panel.skeleton().assign(value=x.ravel())
    others, slip = slipped(x, level_of_others(x))
    frame = frame.assign(others=others.ravel(), slip=slip.ravel())[(frame["place"] >= 0).to_numpy()]
    frame = frame.reset_index(drop=True)
    with np.errstate(invalid="ignore"):
        power = np.log10(frame["value"].to_numpy(dtype=float) / frame["others"].to_numpy(dtype=float))
    failing = frame["slip"].to_numpy(dtype=bool)
    status = judge(~np.isnan(power), ~failing)
    rule_of_fees = measure_of("fees")
    result = outcome(
        panel, frame["place"].to_numpy(), frame["value"].to_numpy(), frame["others"].to_numpy(), status, "fees",
        ["fees.amount"],
    )  # fmt: skip
    slips, power = frame[failing], power[failing]
    words = slips[[]].assign(
        **numbers_told(slips.assign(low=slips["others"] / 3, high=slips["others"] * 3)),
        grade="review",
        z=np.sign(power) * REVIEW,
        measure_en=f"({rule_of_fees.unit_en}) {rule_of_fees.label_en}",
        measure_zh=rule_of_fees.label_zh,
        unit_zh=rule_of_fees.unit_zh,
        times_en="10,000",
        factor_en=[f"{10**p:,.4g} times" for p in power],
        factor_zh=[f"{10**p:,.4g}倍" for p in power],
        **dict.fromkeys(("note_en", "note_zh", "peers_en", "peers_zh"), ""),
    )
    return with_told(result, failing, words)


def level_of_others(x: np.ndarray) -> np.ndarray:
    """For each office log10 of the median of the other offices' medians, float64 offices × 1; NaN with fewer than
    FEE_OFFICES others. `x` as in slipped."""
    known = np.flatnonzero(~np.isnan(x).all(axis=1))
    medians = np.nanmedian(x[known], axis=1) if len(known) else np.zeros(0)
    level = np.full((len(x), 1), np.nan)
    for office in range(len(x)):
        others = medians[known != office]
        if len(others) >= FEE_OFFICES:
            level[office] = np.log10(np.median(others))
    return level


def slipped(x: np.ndarray, usual: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(median of the other years at the level that is right, NaN with fewer than two other years; whether the
    year has slipped against it, bool) of amounts offices × years, NaN where there is none. `usual`: the level of other
    offices, as level_of_others gives it."""
    with np.errstate(invalid="ignore"):
        apart = np.log10(x[:, :, None] / x[:, None, :])  # of each year, to each other year
    same = np.abs(apart) <= FEE_LEVEL
    same[:, np.arange(x.shape[1]), np.arange(x.shape[1])] = False
    far = np.abs(np.abs(apart) - FEE_SLIP) <= FEE_WITHIN
    alike, away = same.sum(axis=2), far.sum(axis=2)
    higher = np.nansum(np.where(far, apart, 0.0), axis=2) > 0
    fewer = (away > alike + 1) | ((away == alike + 1) & higher)
    with np.errstate(invalid="ignore"):
        middle = np.log10(x) - np.where(higher, 0.5, -0.5) * FEE_SLIP - usual  # of the two levels, above the usual one
        slip = (away >= 2) & np.where(np.abs(middle) >= FEE_SLIP / 4, (middle > 0) == higher, fewer)
    rest = np.where(slip[:, :, None], far, ~np.isnan(apart))
    rest[:, np.arange(x.shape[1]), np.arange(x.shape[1])] = False
    compared = np.where(rest, np.broadcast_to(x[:, None, :], apart.shape), np.nan)
    enough = rest.sum(axis=2) >= 2
    others = np.full(x.shape, np.nan)
    others[enough] = np.nanmedian(compared[enough], axis=1)
    return others, slip & enough & ~np.isnan(x)


@rule(
    "D06",
    ("One year far from the office's other years", "某一年明显偏离该机关其他年份"),
    "S3",
    APART,
    (
        "{value:,.0f} {measure_en}, {factor_en} the median of its other years ({others:,.0f}; "
        "own normal range {low:,.0f}–{high:,.0f}); "
        "{peers_en}z = {z:+.1f}{note_en}",
        "{measure_zh}{value:,.0f}件，为其他年份中位数{others:,.0f}件的{factor_zh}（自身正常范围{low:,.0f}–{high:,.0f}件）；"
        "{peers_zh}z={z:+.1f}{note_zh}",
    ),
    kind="statistical",
    whole=True,
)
def isolated_year(panel: Panel) -> pd.DataFrame:
    """D06: permits, penalties, coercion or applications of one year are far from what the office's other years and
    its peers' change lead to expect, and a new level does not explain it: review at log odds ≥ 0, priority at 1.75 (in
    the first year, after which a level may have ended, 3.5) where no other figure of the office moved alike. What a
    power of ten explains is D05's. z says how far.

    False positives: powers moved between offices; the last year may be the first of a new level.
    """
    frames = []
    for measure in MEASURES:
        frame = assessed(panel, measure)
        far = (frame["grade"] != "").to_numpy(dtype=bool)
        frames.append(found(panel, frame, measure, far & ~is_slip(frame)))
    return stack(frames)


def numbers_told(frame: pd.DataFrame) -> dict[str, list[str]]:
    """value, others and range as a reader writes them: whole from 10 on, else four digits."""

    def written(column: str) -> list[str]:
        return [f"{v:,.0f}" if v >= 10 else f"{v:,.4g}" for v in frame[column].astype(float)]

    ranges = [f"{low}–{high}" for low, high in zip(written("low"), written("high"), strict=True)]
    return {"value_told": written("value"), "others_told": written("others"), "range_told": ranges}


def worded(frame: pd.DataFrame, measure: str) -> dict[str, Any]:
    """What the sentences of D05 and D06 name, one column each."""
    change = np.expm1((frame["peers"] - frame["peers_before"]).to_numpy(dtype=float))
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = (frame["value"] / frame["others"]).to_numpy(dtype=float)
    power = np.nan_to_num(frame["power"].to_numpy(dtype=float))
    said = measure_of(measure)
    return {
        "value": frame["value"], "others": frame["others"], "low": frame["low"], "high": frame["high"], "z": frame["z"],
        **numbers_told(frame),
        "measure_en": said.label_en, "measure_zh": said.label_zh, "unit_zh": said.unit_zh,
        "factor_en": [f"{f:.2g} times" if f < 10 else f"{f:,.0f} times" for f in factor],
        "factor_zh": [f"{f:.2g}倍" if f < 10 else f"{f:,.0f}倍" for f in factor],
        "peers_en": ["" if np.isnan(c) else f"peers changed by {c * 100:+.0f} %; " for c in change],
        "peers_zh": ["" if np.isnan(c) else f"同期同类机关变化{c * 100:+.0f}%；" for c in change],
        "times_en": [f"{10.0 ** abs(k):,.0f}" for k in power],
        "note_en": frame["note_en"], "note_zh": frame["note_zh"],
    }  # fmt: skip


def notes(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """What weakens a finding, in English and Chinese: other figures of the office moved alike; the year is the last (or
    first) of the series, so that it may be the beginning (or end) of another level."""
    years = frame["year"].where(frame["value"] > 0).groupby(frame["office_id"])
    first, last = (frame["year"] == years.transform(end) for end in ("min", "max"))
    together = frame["together"].to_numpy(dtype=bool)
    en = np.select(
        [last, first], ["; last year of the series: new level or error?", "; first year of the series: old level or error?"], ""
    )  # fmt: skip
    zh = np.select([last, first], ["；为最后一年：新水平还是差错？", "；为最早一年：旧水平还是差错？"], "")
    moved_en = "; other figures of the office moved alike, so the office itself may have changed"
    return (
        np.where(together, moved_en, "").astype(object) + en.astype(object),
        np.where(together, "；该机关其他数字同向变动，可能是机关本身的变化", "").astype(object) + zh.astype(object),
    )


@rule(
    "D07",
    ("No sudden nothing, nor a sudden beginning", "未突然归零或从零出现"),
    "S3",
    "0 beside at least three other years of 20 and more",
    (
        "0 {measure_en}, while its other years have {least:,.0f} to {most:,.0f}",
        "{measure_zh}为0，而其他年份为{least:,.0f}至{most:,.0f}件",
    ),
    kind="statistical",
)
def switches(panel: Panel) -> pd.DataFrame:
    """D07: a year of 0 next to a positive year, in an office with at least three positive years, all of 20 or more.
    A run of zeros is told once, at its year nearest to the positive ones.

    False positives: a power that was given or taken away (where the whole district switches it is one note).
    """
    frames = []
    for measure in ("permits", "penalties", "coercion"):
        x = panel.grid(panel.measure(measure))
        positive = np.where(x > 0, x, np.nan)
        least, most = nan_limits(positive)
        assessable = ((x > 0).sum(axis=1) >= SWITCH_YEARS) & (least >= SWITCH_LEAST)
        switch = switch_years(x)
        told = (switch >= 0) & assessable[:, None]
        office, year = np.nonzero((panel.place >= 0) & ~np.isnan(x))
        status = judge(assessable[office], ~told[office, year])
        rows = panel.place[office, year]
        cells = measure_of(measure).cells_2021.split()
        frame = outcome(panel, rows, x[office, year], least[office], status, measure, cells)
        said = measure_of(measure)
        frames.append(frame.assign(
            least=least[office], most=most[office], switch=np.array(panel.years)[switch[office, year]], measure_en=said.label_en, measure_zh=said.label_zh,
            grade="look", z=-np.log(np.maximum(least[office], 1.0)),
        ))  # fmt: skip
    return stack(frames)


def nan_limits(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Smallest and greatest of each row, float64; NaN for a row of nothing."""
    nothing = np.isnan(x).all(axis=1)
    least, most = np.where(np.isnan(x), np.inf, x).min(axis=1), np.where(np.isnan(x), -np.inf, x).max(axis=1)
    return np.where(nothing, np.nan, least), np.where(nothing, np.nan, most)


def switch_years(x: np.ndarray) -> np.ndarray:
    """Offices × years, int64: for the zero of each run of zeros that stands nearest to a positive year (the first after a
    positive one, else the last) the place of that positive year; −1 for all others."""
    told = np.full(x.shape, -1, dtype=np.int64)
    for row, counts in enumerate(x):
        known = np.flatnonzero(~np.isnan(counts))
        before = -1
        run: list[int] = []
        for year in [*known, -1]:
            if year >= 0 and counts[year] == 0:
                run.append(int(year))
                continue
            if run and before >= 0:
                told[row, run[0]] = before
            elif run and year >= 0:
                told[row, run[-1]] = year
            run, before = [], int(year)
    return told
