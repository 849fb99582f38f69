"""Rates with numerator, denominator and interval; what they are made of stands in reference/indicators.csv.

Sources of the formulas: Wilson (1927) score interval for a share; exact Poisson limits of a count through the gamma
quantile (Garwood 1936) for a rate whose numerator is no part of its denominator.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import pandas as pd

from compare.panel import Panel

Z95 = 1.959963984540054
FEWEST_RANKED = 5  # offices: a percentile among fewer says nothing
SMALL = 10  # below this denominator a share is shown with its interval only, greyed, and never ranked


@cache
def indicators() -> pd.DataFrame:
    """The table of indicators, indexed by name: numerator, denominator, interval (share, rate, none), label_en,
    label_zh, note."""
    with (files("compare") / "reference" / "indicators.csv").open(encoding="utf-8-sig") as file:
        return pd.read_csv(file, dtype=str, keep_default_na=False).set_index("indicator")


class Indicator(NamedTuple):
    """How one rate is made; `interval` is share, rate or none."""

    numerator: str
    denominator: str
    interval: str
    label_en: str
    label_zh: str
    note: str


@cache
def rule_of(name: str) -> Indicator:
    """One indicator's rule. Raises KeyError with the names there are."""
    table = indicators()
    if name not in table.index:
        raise KeyError(f"{name!r} is no indicator; there are {', '.join(table.index)}")
    return Indicator(*(str(text) for text in table.loc[name]))


def wilson(count: np.ndarray, total: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """95 % Wilson limits of count/total, float64; NaN where total is 0 or the count lies outside 0…total (a
    contradiction, not a share)."""
    count, total = np.asarray(count, dtype=float), np.asarray(total, dtype=float)
    usable = (total > 0) & (count >= 0) & (count <= total)
    n = np.where(usable, total, 1.0)
    share = np.where(usable, count, 0.0) / n
    middle = (share + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 / (1 + Z95**2 / n) * np.sqrt(share * (1 - share) / n + Z95**2 / (4 * n**2))
    return np.where(usable, np.clip(middle - half, 0, 1), np.nan), np.where(
        usable, np.clip(middle + half, 0, 1), np.nan
    )


def poisson_limits(count: np.ndarray, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Exact two-sided limits of the mean of a Poisson count, float64 (χ² form, by the inverse incomplete gamma
    function)."""
    from scipy.special import gammaincinv

    count = np.asarray(count, dtype=float)
    tail = (1 - level) / 2
    low = np.where(count > 0, gammaincinv(np.where(count > 0, count, 1.0), tail), 0.0)
    return np.where(np.isnan(count), np.nan, low), gammaincinv(count + 1, 1 - tail)


def combine(panel: Panel, expression: str) -> np.ndarray:
    """A sum or difference of measures per report, float64. A blank term counts as zero, as it does in the row sums
    of the form, unless every term is blank; a difference is NaN where what is taken away from is blank."""
    terms = re.findall(r"([+-]?)\s*(\w+)", expression)
    values = np.array([panel.measure(name) for _, name in terms]).reshape(len(terms), -1)
    signs = np.array([-1.0 if sign == "-" else 1.0 for sign, _ in terms])
    unusable = np.isnan(values).all(axis=0) | (np.isnan(values[0]) & (signs < 0).any())
    return np.where(unusable, np.nan, signs @ np.nan_to_num(values))


def indicator(panel: Panel, name: str) -> pd.DataFrame:
    """One indicator for every office × year: office_id, office, district_zh, year, report_id, numerator,
    denominator, value, low, high, small (bool: denominator below SMALL). All NaN where the report or a figure is
    missing or the denominator is 0.

    Raises KeyError for a name that reference/indicators.csv does not list.
    """
    frame = panel.skeleton()
    place = frame.pop("place").to_numpy()
    found = place >= 0
    rule = rule_of(name)
    for side, expression in (("numerator", rule.numerator), ("denominator", rule.denominator)):
        per_report = combine(panel, expression)
        frame[side] = np.where(found, per_report[place], np.nan) if len(per_report) else np.nan
    frame["report_id"] = panel.reports["report_id"].reindex(np.where(found, place, -1)).to_numpy()
    return with_interval(frame, rule.interval)


def with_interval(frame: pd.DataFrame, interval: str) -> pd.DataFrame:
    """Add value, low, high and small to a frame that has numerator and denominator."""
    top, bottom = frame["numerator"].to_numpy(dtype=float), frame["denominator"].to_numpy(dtype=float)
    usable = (bottom > 0) & ~np.isnan(top)
    value = np.where(usable, top / np.where(usable, bottom, 1.0), np.nan)
    low, high = np.full(len(frame), np.nan), np.full(len(frame), np.nan)
    if interval == "share":
        low, high = wilson(np.where(usable, top, np.nan), np.where(usable, bottom, np.nan))
    elif interval == "rate":
        few, many = poisson_limits(np.where(usable & (top >= 0), top, np.nan))
        low, high = few / np.where(usable, bottom, np.nan), many / np.where(usable, bottom, np.nan)
    return frame.assign(value=value, low=low, high=high, small=usable & (bottom < SMALL))


def pooled(panel: Panel, name: str, by: str = "office_id") -> pd.DataFrame:
    """An indicator over all years of the panel at once: numerators and denominators of the reports that have both
    are summed by `by`.

    Columns: `by`, numerator, denominator, reports, value, low, high, small; groups without a usable report have
    NaN.
    """
    frame = indicator(panel, name)
    usable = frame["value"].notna()
    sums = frame[usable].groupby(by)[["numerator", "denominator"]].sum()
    sums["reports"] = frame[usable].groupby(by).size()
    sums = sums.reindex(frame[by].unique())
    return with_interval(sums.rename_axis(by).reset_index(), rule_of(name).interval)


def percentiles(panel: Panel, name: str) -> pd.DataFrame:
    """`indicator` with what ranks: district_percentile and city_percentile (float64, 0–100 among the offices of the same
    year, ties shared) and district_offices and city_offices (how many were ranked).

    Small denominators are never ranked: their percentiles are NaN, as are those of groups of fewer than FEWEST_RANKED.
    """
    frame = indicator(panel, name)
    value = frame["value"].where(~frame["small"].to_numpy(dtype=bool))
    city = panel.offices["city_zh"].fillna("").reindex(frame["office_id"]).to_numpy(dtype=object)
    for group, keys in (("district", frame["district_zh"]), ("city", pd.Series(city, index=frame.index))):
        by = value.groupby([keys, frame["year"]])
        count = by.transform("count").to_numpy(dtype=float)
        share = (by.rank(method="average").to_numpy(dtype=float) - 0.5) / np.maximum(count, 1) * 100
        known = (keys != "").to_numpy(dtype=bool) & (count >= FEWEST_RANKED)
        frame[f"{group}_percentile"] = np.where(known, share, np.nan)
        frame[f"{group}_offices"] = count
    return frame
