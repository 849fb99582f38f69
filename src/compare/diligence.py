"""How well the report itself is done: in time, complete, its own words, and with sums that close. One row per office and
year; nothing here says anything about what an office did, only about how it reports it."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from compare.assessment import STATUSES, Assessed, assess
from compare.deadlines import deadlines
from compare.narrative_likeness import jaccard
from compare.narratives import narratives, prose_grams
from compare.panel import STATES, Panel
from compare.rules import FAIL, PASS

STATUTORY = 6  # sections of a report


def diligence(panel: Panel) -> pd.DataFrame:
    """The skeleton of the panel (office_id, office, district_zh, year) with report_id and, NaN where they cannot be told:

    days (from 1 January of the next year to publication), late (days after the report was due, 0 in time), sections (of
    six, with a heading), cells and filled (cells of the forms in the document, and those that show a number), passed and
    assessable (checks), likeness_own (Jaccard index of its prose with the office's report of the year before) and
    likeness_peer (the largest with another office of the district in the same year). Missing reports have a row too, so
    that reports found and expected can be counted.
    """
    frame = panel.skeleton()
    place = frame.pop("place").to_numpy()
    found = place >= 0
    per_report = measured(panel)
    columns = (
        {name: np.where(found, values[place], np.nan) for name, values in per_report.items()} if found.any() else {}
    )
    ids = panel.reports["report_id"].reindex(np.where(found, place, -1)).to_numpy()
    return frame.assign(report_id=ids, **columns)


def measured(panel: Panel) -> dict[str, np.ndarray]:
    """The columns of `diligence` per report, float64."""
    dates, due = panel.reports["published_on"], deadlines(panel)["due"]
    january = pd.to_datetime((panel.reports["year"].astype("Int64") + 1).astype("string") + "-01-01", errors="coerce")
    days, late = ((dates - since).dt.days.to_numpy(dtype=float, na_value=np.nan) for since in (january, due))
    shown = panel.states != STATES.index("missing")
    made: Assessed = panel.kept("assessed", assess)
    holds, fails = (made.tallies[:, :, STATUSES.index(status)].sum(axis=1).astype(float) for status in (PASS, FAIL))
    sections, own, peer = told_in_prose(panel)
    return {
        "days": days,
        "late": np.maximum(late, 0.0),
        "sections": sections,
        "cells": shown.sum(axis=1).astype(float),
        "filled": (shown & ~np.isnan(panel.values)).sum(axis=1).astype(float),
        "passed": holds,
        "assessable": holds + fails,
        "likeness_own": own,
        "likeness_peer": peer,
    }


def told_in_prose(panel: Panel) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(sections with a heading, likeness to the own year before, largest likeness to a peer), float64 per report."""
    sections, own, peer = (np.full(len(panel.reports), np.nan) for _ in range(3))
    for part, rows in panel.parts():
        prose, grams, before = narratives(part), prose_grams(part), part.previous()
        headed = prose.present[:, 1 : STATUTORY + 1].sum(axis=1).astype(float)
        sections[rows] = np.where(headed > 0, headed, np.nan)
        for row, earlier in enumerate(before):
            if earlier >= 0 and len(grams[row]) and len(grams[earlier]):
                own[rows[row]] = jaccard(grams[row], grams[earlier])
        keys = [part.reports[name].astype("string").fillna("") for name in ("district_zh", "year")]
        for _, members in pd.Series(np.arange(len(rows))).groupby([key.to_numpy() for key in keys]):
            told = [m for m in members if len(grams[m]) and keys[0].iloc[m]]
            for one, other in combinations(told, 2):
                alike = jaccard(grams[one], grams[other])
                for row in (one, other):
                    peer[rows[row]] = np.fmax(peer[rows[row]], alike)
    return sections, own, peer
