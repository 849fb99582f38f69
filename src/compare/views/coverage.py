"""Offices × years: which report is there, which is missing, which came late, and the worst that was found in it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from compare.checks.publication import expected
from compare.flags import TIERS
from compare.panel import Panel


def coverage(panel: Panel, flags: pd.DataFrame) -> pd.DataFrame:
    """Office × year: found, expected, late (bool), tier (the worst, '' where no flag), flags (count), report_id."""
    frame = panel.skeleton()
    place = frame.pop("place").to_numpy()
    frame["found"] = place >= 0
    frame["expected"] = expected(panel).ravel() | frame["found"]
    frame["report_id"] = panel.reports["report_id"].reindex(np.where(place >= 0, place, -1)).to_numpy()
    own = flags[flags["check"] != "C01"] if len(flags) else flags
    late = set(flags.loc[flags["check"] == "C02", "report_id"]) if len(flags) else set()
    frame["late"] = frame["report_id"].isin(late)
    by_report = own.assign(order=own["tier"].map(TIERS.index)).groupby("report_id") if len(own) else None
    worst = by_report["order"].min() if by_report is not None else pd.Series(dtype=int)
    count = by_report.size() if by_report is not None else pd.Series(dtype=int)
    gravest = frame["report_id"].map(worst).astype("float64")
    frame["tier"] = [TIERS[int(order)] if order == order else "" for order in gravest]
    frame["flags"] = frame["report_id"].map(count).fillna(0).astype(int)
    return frame


def by_district(frame: pd.DataFrame) -> pd.DataFrame:
    """District × year: found and expected (counts), and the worst tier."""
    order = {tier: number for number, tier in enumerate((*TIERS, ""))}
    grouped = frame.assign(order=frame["tier"].map(order)).groupby(["district_zh", "year"], sort=True)
    table = grouped.agg(found=("found", "sum"), expected=("expected", "sum"), order=("order", "min")).reset_index()
    table["tier"] = table.pop("order").map(dict(enumerate((*TIERS, ""))))
    return table


def missing(panel: Panel) -> int:
    """How many reports may be expected and are not there."""
    return int((expected(panel) & (panel.place < 0)).sum())
