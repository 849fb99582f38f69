"""All rules over a panel of any size: what fails, one by one, and how often the rest holds."""

from __future__ import annotations

import pickle
from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from compare.checks import REGISTRY
from compare.heap import sweep
from compare.panel import Panel
from compare.rules import (
    FAIL,
    NOT_ASSESSABLE,
    PASS,
    all_rows,
    as_objects,
    assessed_by,
    stack,
    told_of_failures,
    with_fact_ids,
)


class Assessed(NamedTuple):
    """The assessments of a panel. `failures` has one row each, as of rules.run, its row and other_row places in the
    panel; `counts` how many there are by check, status, instance, year and district_zh (the last three for the checks of
    BY_DISTRICT only, else "" and 0); `tallies` how many of each report (int16, reports × CHECKS × STATUSES), and
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
GROWTH = 30_000_000  # bytes that the rules over a part may take before they are looked through for free ones
BY_DISTRICT = ("D05", "D06", "D07")  # findings that a change of powers may give a whole district
COUNTED_BY = ["check", "status", "instance", "year", "district_zh"]


def assess(panel: Panel, checks: Collection[str] = CHECKS) -> Assessed:
    """Assess the panel by all registered rules (or those named), part by part where a rule allows it, so that memory
    grows with the failures and not with the assessments."""
    failures: list[pd.DataFrame] = []
    counts: list[pd.DataFrame] = []
    packed: list[bytes] = []
    tallies = np.zeros((len(panel.reports), len(CHECKS), len(STATUSES)), dtype=np.int16)

    def take(part: Panel, rows: np.ndarray, check: str) -> None:
        frame = assessed_by(part, check)
        if not len(frame):
            return
        where = frame["row"].to_numpy(dtype=np.int64)
        status = frame["status"].to_numpy(dtype=object)
        for number, wanted in enumerate(STATUSES):
            mine = rows[where[(status == wanted) & (where >= 0)]]
            tallies[:, CHECKS.index(check), number] += np.bincount(mine, minlength=len(tallies)).astype(np.int16)
        counts.append(count_assessments(part, frame, check))
        failing = told_of_failures(frame[status == FAIL].reset_index(drop=True))
        if len(failing):
            failing = with_fact_ids(part, failing)
            for column in ("row", "other_row"):
                places = failing[column].to_numpy(dtype=np.int64)
                failing[column] = np.where(places >= 0, rows[places], -1)
            failures.append(failing)

    def pack() -> None:
        # A few small objects that stay for long among many that do not would keep the memory of all.
        if counts:
            packed.append(pickle.dumps((failures, sum_counts(counts)), protocol=pickle.HIGHEST_PROTOCOL))
        failures.clear()
        counts.clear()
        sweep()

    # The last first: E03, the largest, comes before what D05 to D08 keep for one another.
    for check in (c for c in reversed(CHECKS) if c in checks and REGISTRY[c].whole):
        take(panel, all_rows(panel), check)
        panel.let_go()
        pack()
    panel.forget()
    for part, rows in panel.parts():
        for check in (c for c in CHECKS if c in checks and not REGISTRY[c].whole):
            take(part, rows, check)
            sweep(beyond=GROWTH)
        del part
        pack()
    for of_part in map(pickle.loads, packed):
        failures += of_part[0]
        counts.append(of_part[1])
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
    status = frame["status"].to_numpy(dtype=object)
    if check not in BY_DISTRICT:
        numbers = {wanted: int((status == wanted).sum()) for wanted in STATUSES}
        there = {wanted: number for wanted, number in numbers.items() if number}
        statuses = pd.DataFrame({"status": list(there), "count": list(there.values())})
        return statuses.assign(check=check, instance="", year=0.0, district_zh="")[[*COUNTED_BY, "count"]]
    # Few names, many rows: each name is made once.
    codes, offices = pd.factorize(frame["office_id"])
    district = panel.offices["district_zh"].reindex(offices).fillna("").to_numpy(dtype=object)
    keyed = pd.DataFrame({
        "check": as_objects(check, len(frame)), "status": frame["status"], "instance": frame["instance"],
        "year": frame["year"].fillna(0.0), "district_zh": as_objects(district[codes], len(frame)),
    })  # fmt: skip
    return keyed.groupby(COUNTED_BY, as_index=False).size().rename(columns={"size": "count"})


def sum_counts(counts: list[pd.DataFrame]) -> pd.DataFrame:
    """The counts of several parts and rules added up."""
    if not counts:
        return pd.DataFrame({name: [] for name in [*COUNTED_BY, "count"]})
    return pd.DataFrame(pd.concat(counts).groupby(COUNTED_BY)["count"].sum().reset_index())
