"""One rate of all offices: ranked with intervals, and against the limits of a funnel."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from compare import funnel
from compare.indicators import indicator, pooled
from compare.panel import Panel


def ranked(panel: Panel, name: str) -> pd.DataFrame:
    """An indicator pooled over the panel's years, one row per office that has it: office_id, office, district_zh,
    numerator, denominator, reports, value, low, high, small. Small denominators stand last and are not ranked."""
    data = pooled(panel, name).dropna(subset=["value"])
    data.insert(1, "office", panel.offices["office"].reindex(data["office_id"]).to_numpy())
    data.insert(2, "district_zh", panel.offices["district_zh"].reindex(data["office_id"]).to_numpy())
    data = data.sort_values(["small", "value", "office_id"], ascending=[True, False, True], kind="stable")
    return data.reset_index(drop=True)


def both_ends(data: pd.DataFrame, most: int) -> pd.DataFrame:
    """All rows where they fit; else the top and the bottom of those that may be ranked, both ends in sight."""
    if len(data) <= most:
        return data
    able, half = data[~data["small"]], most // 2
    if able.empty:
        return data.head(most)
    return pd.concat([able.head(half), able.tail(max(min(half, len(able) - half), 0))])


class Limits(NamedTuple):
    """A funnel: the pooled share, τ² between offices (NaN where too few offices tell it), how many offices have 10 or
    more decided, and the limits as rows n, low95, high95, low998, high998 (float64), empty where there are none."""

    target: float
    tau2: float
    usable: int
    lines: pd.DataFrame


def funnel_points(panel: Panel, name: str, year: int = 0) -> tuple[pd.DataFrame, Limits]:
    """Offices by how many were decided and the share: columns of `ranked`, z (NaN without limits) and place (inside,
    outside95, outside998, small, none). `year` 0 pools the panel's years.

    Limits are those of E01 (compare.funnel): arcsine scale, 95 % and 99.8 %, additive overdispersion; fewer than 20
    offices with 10 or more decided tell no overdispersion, and no limits are given.
    """
    if year:
        data = indicator(panel, name).query("year == @year").dropna(subset=["value"]).drop(columns="year")
    else:
        data = ranked(panel, name)
    count, total = (data[side].to_numpy(dtype=float) for side in ("numerator", "denominator"))
    made = funnel.funnel(count, total)
    far = np.abs(made.z)
    data = data.assign(z=made.z)
    data["place"] = np.select(
        [total < funnel.FEWEST_DECIDED, np.isnan(far), far >= funnel.ALARM, far >= funnel.AMBER],
        ["small", "none", "outside998", "outside95"],
        "inside",
    )
    usable = int((total >= funnel.FEWEST_DECIDED).sum())
    return data.reset_index(drop=True), Limits(made.target, made.tau2, usable, limit_lines(made, total))


def limit_lines(made: funnel.Funnel, total: np.ndarray) -> pd.DataFrame:
    """The limits from 10 decided to the most that any office decided."""
    if np.isnan(made.tau2) or not total.size:
        return pd.DataFrame(columns=["n", "low95", "high95", "low998", "high998"], dtype=float)
    n = np.geomspace(funnel.FEWEST_DECIDED, max(float(np.nanmax(total)), funnel.FEWEST_DECIDED + 1), 80)
    inner = funnel.proportion_limits(n, made.target, funnel.AMBER, made.tau2)
    outer = funnel.proportion_limits(n, made.target, funnel.ALARM, made.tau2)
    return pd.DataFrame(
        {"n": n, "low95": inner[0], "high95": inner[1], "low998": outer[0], "high998": outer[1]}, dtype=float
    )
