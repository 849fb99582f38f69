"""One measure in two years, office by office."""

from __future__ import annotations

import numpy as np
import pandas as pd

from compare.panel import Panel
from compare.views.trajectories import trajectory


def last_two(panel: Panel) -> tuple[int, int]:
    """The last two neighbouring years of the panel for which any office has both reports; its last two where there are
    none, the same year twice where it has one."""
    years = panel.years or [0]
    for at in range(len(years) - 1, 0, -1):
        if (panel.place[:, at - 1 : at + 1] >= 0).all(axis=1).any():
            return years[at - 1], years[at]
    return (years[-2] if len(years) > 1 else years[-1]), years[-1]


def changes(panel: Panel, measure: str, year_from: int, year_to: int) -> pd.DataFrame:
    """Offices with the measure in both years: office_id, office, before, after, change (difference of log(1 + x)),
    report_before, report_after; largest relative changes first. Years in which
    kinds of items were counted (A06) have no figure here. Empty where the years are the same."""
    series = trajectory(panel, measure)
    series["value"] = series["value"].where(~series["items"])
    names = ["office_id", "office", "before", "after", "change", "report_before", "report_after"]
    if year_from == year_to:
        return pd.DataFrame(columns=names)
    sides = [
        series[series["year"] == year].set_index("office_id")[["office", "value", "report_id"]]
        for year in (year_from, year_to)
    ]
    later = sides[1][["value", "report_id"]].add_suffix("_after")
    both = sides[0].join(later).dropna(subset=["value", "value_after"])
    both = both.reset_index().rename(
        columns={"value": "before", "value_after": "after", "report_id": "report_before",
                 "report_id_after": "report_after"}
    )  # fmt: skip
    both["change"] = np.log1p(both["after"]) - np.log1p(both["before"])
    order = both["change"].abs().sort_values(ascending=False, kind="stable").index
    return both.loc[order, names].reset_index(drop=True)
