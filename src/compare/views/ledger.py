"""The carry-over of applications as a ledger: what came in, what was decided, what is carried forward, and whether one
year continues the other."""

from __future__ import annotations

import numpy as np
import pandas as pd

from compare.panel import Panel

STEPS = {
    "carried_in": "applications_carried_in",
    "received": "applications_received",
    "decided": "results_total",
    "carried_forward": "applications_carried_forward",
}


def ledger(panel: Panel) -> pd.DataFrame:
    """Office × year (years without a report left out): office_id, office, district_zh, year, report_id, carried_in,
    received, decided, carried_forward (float64, NaN where blank), gap_within (carried in + received − decided − carried
    forward, A03) and gap_before (carried in − what the report of the year before carried forward, D01); NaN where a side
    is missing."""
    frame = panel.series(STEPS["carried_in"]).rename(columns={"value": "carried_in"})
    for step, measure in STEPS.items():
        frame[step] = panel.series(measure)["value"].to_numpy(dtype=float)
    before = frame["carried_forward"].to_numpy().reshape(len(panel.offices), -1) if len(frame) else np.zeros((0, 1))
    previous = np.hstack([np.full((len(before), 1), np.nan), before[:, :-1]]).ravel()
    if len(panel.years) > 1:
        continues = np.concatenate([[False], np.diff(np.array(panel.years)) == 1])
        previous = np.where(np.tile(continues, len(panel.offices)), previous, np.nan)
    frame["gap_within"] = frame["carried_in"] + frame["received"] - frame["decided"] - frame["carried_forward"]
    frame["gap_before"] = frame["carried_in"] - previous
    return frame[frame["report_id"].notna()].reset_index(drop=True)


def ledger_of_all(frame: pd.DataFrame) -> pd.DataFrame:
    """The ledger of all offices together, one row per year: the four steps summed over the reports that have them all,
    `reports` of them, and how many reports break each of the two rules (broken_within, broken_before)."""
    whole = frame.dropna(subset=list(STEPS))
    table = whole.groupby("year")[list(STEPS)].sum()
    table["reports"] = whole.groupby("year").size()
    for gap in ("within", "before"):
        broken = frame[frame[f"gap_{gap}"].fillna(0) != 0].groupby("year").size()
        table[f"broken_{gap}"] = broken.reindex(table.index).fillna(0).astype(int)
    return table.reset_index()
