"""All rules over a panel of any size: what fails, one by one, and how often the rest holds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from compare.checks import REGISTRY
from compare.panel import Panel
from compare.rules import (
    FAIL,
    NOT_ASSESSABLE,
    PASS,
    all_rows,
    assessed_by,
    stack,
    told_of_failures,
    with_fact_ids,
)


class Assessed(NamedTuple):
    """The assessments of a panel. `failures` has one row each, as of rules.run, its row and other_row places in the
    panel; `counts` how many there are by check, status, instance, year and district_zh (the last three for the checks of
    BY_DISTRICT only, else "" and 0); `tallies` how many of each report (int32, reports × CHECKS × STATUSES), and
    `report_ids` whose they are."""

    failures: pd.DataFrame
    counts: pd.DataFrame
    tallies: np.ndarray
    report_ids: pd.Index

    def of_report(self, report_id: str) -> dict[str, dict[str, int]]:
        """check → status → how many assessments of one report; empty for a report that is not in the panel."""
        place = self.report_ids.get_indexer(pd.Index([report_id], dtype=object))[0]
        if place < 0:
            return {}
        return {
            check: dict(zip(STATUSES, map(int, counts), strict=True))
            for check, counts in zip(CHECKS, self.tallies[place], strict=True)
        }


CHECKS = tuple(sorted(REGISTRY))
STATUSES = (FAIL, PASS, NOT_ASSESSABLE)
BY_DISTRICT = ("D05", "D06", "D07")  # findings that a change of powers may give a whole district
COUNTED_BY = ["check", "status", "instance", "year", "district_zh"]


def assess(panel: Panel, checks: Collection[str] = CHECKS) -> Assessed:
    """Assess the panel by all registered rules (or those named), part by part where a rule allows it, so that memory
    grows with the failures and not with the assessments."""
    failures: list[pd.DataFrame] = []
    counts: list[pd.DataFrame] = []
    tallies = np.zeros((len(panel.reports), len(CHECKS), len(STATUSES)), dtype=np.int32)

    def take(part: Panel, rows: np.ndarray, check: str) -> None:
        frame = assessed_by(part, check)
        if not len(frame):
            return
        where = frame["row"].to_numpy(dtype=np.int64)
        status = frame["status"].to_numpy(dtype=object)
        for number, wanted in enumerate(STATUSES):
            mine = rows[where[(status == wanted) & (where >= 0)]]
            tallies[:, CHECKS.index(check), number] += np.bincount(mine, minlength=len(tallies)).astype(np.int32)
        counts.append(count_assessments(part, frame, check))
        failing = told_of_failures(frame[status == FAIL].reset_index(drop=True))
        if len(failing):
            failing = with_fact_ids(part, failing)
            for column in ("row", "other_row"):
                places = failing[column].to_numpy(dtype=np.int64)
                failing[column] = np.where(places >= 0, rows[places], -1)
            failures.append(failing)

    for check in (c for c in CHECKS if c in checks and REGISTRY[c].whole):
        take(panel, all_rows(panel), check)
    for part, rows in panel.parts():
        for check in (c for c in CHECKS if c in checks and not REGISTRY[c].whole):
            take(part, rows, check)
    summed = sum_counts(counts)
    return Assessed(in_order(failures), summed, tallies, pd.Index(panel.reports["report_id"].astype(object)))


def in_order(failures: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Failures of several parts and rules, one under the other by check, report and instance."""
    found = stack(failures) if failures else stack([]).assign(fact_ids=[])
    return found.sort_values(["check", "row", "instance"], kind="stable").reset_index(drop=True)


def together(one: Assessed, other: Assessed) -> Assessed:
    """What two sets of rules say of the same reports."""
    return Assessed(
        in_order([one.failures, other.failures]),
        pd.concat([one.counts, other.counts], ignore_index=True),
        one.tallies + other.tallies,
        one.report_ids,
    )


def count_assessments(panel: Panel, frame: pd.DataFrame, check: str) -> pd.DataFrame:
    """COUNTED_BY and count of one rule's assessments."""
    if check not in BY_DISTRICT:
        counted = frame["status"].value_counts()
        statuses = pd.DataFrame({"status": counted.index, "count": counted.to_numpy()})
        return statuses.assign(check=check, instance="", year=0.0, district_zh="")[[*COUNTED_BY, "count"]]
    district = panel.offices["district_zh"].reindex(frame["office_id"]).fillna("").to_numpy(dtype=object)
    keyed = frame[["check", "status", "instance"]].assign(year=frame["year"].fillna(0.0), district_zh=district)
    return keyed.groupby(COUNTED_BY, as_index=False).size().rename(columns={"size": "count"})


def sum_counts(counts: list[pd.DataFrame]) -> pd.DataFrame:
    """The counts of several parts and rules added up."""
    if not counts:
        return pd.DataFrame({name: [] for name in [*COUNTED_BY, "count"]})
    return pd.DataFrame(pd.concat(counts).groupby(COUNTED_BY)["count"].sum().reset_index())
