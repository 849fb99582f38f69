"""From failures to findings: what follows from one mistake is one finding, what a whole district shares is one note."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from compare.assessment import BY_DISTRICT
from compare.panel import Panel
from compare.rules import FAIL, PASS, REGISTRY

# Checks that compare a report with the one before: a mistake in that one makes them fail too.
ACROSS = ("D01", "D02")
SUMS = ("A01", "A02", "A03", "A04", "B01", "B02", "B03", "D01")
# Checks of one figure in the order in which they explain it: what stands first speaks for the others.
SERIES = ("A06", "D05", "D06", "D08", "D07")
# A failure of the first explains failures of the others in the same report.
EXPLAINS = {"D03": ("D01", "D02", "D04"), "E02": ("E01",)}
# And so it does where both are about the same cell: a number that is not the text's is why its year stands apart.
EXPLAINS_CELL = {"B07": ("D05", "D06", "D08")}
SHARED_LEAST, SHARED_SHARE = 4, 0.5

Failures = list[dict[Hashable, Any]]  # rows of failures, with `index`: their place


def merge(failures: pd.DataFrame) -> pd.DataFrame:
    """One row per finding, with `also`: how many further failures it stands for; the fact_ids of those are added to
    its own. `failures` has a RangeIndex and the columns of rules.run."""
    leader = np.arange(len(failures))
    columns = [
        "report_id",
        "check",
        "instance",
        "severity",
        "left",
        "right",
        "cells",
        "row",
        "other_row",
        "other_cells",
    ]
    by_report: dict[str, list[dict[Hashable, Any]]] = {}
    for row in failures[columns].assign(index=np.arange(len(failures))).to_dict("records"):
        by_report.setdefault(row["report_id"], []).append(row)
    for report, group in by_report.items():
        if len(group) > 1 and report:
            for index, first in leaders_in(group).items():
                leader[index] = first
    for index, first in leaders_across(by_report.values()).items():
        if leader[index] == index:
            leader[index] = first
    for index in range(len(leader)):  # a leader that follows another is no leader
        while leader[leader[index]] != leader[index]:
            leader[index] = leader[leader[index]]
    findings = failures.loc[np.unique(leader)].copy()
    together = failures.groupby(leader)["fact_ids"]
    joined = together.agg(lambda ids: " ".join(dict.fromkeys(" ".join(ids).split())))
    findings["fact_ids"] = joined.reindex(findings.index)
    findings["also"] = together.size().reindex(findings.index) - 1
    return findings


def leaders_across(by_report: Iterable[Failures]) -> dict[int, int]:
    """For failures that compare a report with the one before (ACROSS) and follow from a failure there: index → index.
    They do where both are off by the same amount and share the figure of the year before: 四 whose row does not add
    up, or a stock that did not follow itself (so that it is wrong in that year, and the year after puts it right)."""
    by_row: dict[int, Failures] = {}
    for group in by_report:
        for failure in group:
            if failure["check"] in (*SUMS, *ACROSS):
                by_row.setdefault(failure["row"], []).append(failure)
    leader: dict[int, int] = {}
    for failure in (f for group in by_row.values() for f in group if f["check"] in ACROSS):
        cells, by = set(failure["other_cells"].split()), failure["left"] - failure["right"]
        for other in by_row.get(failure["other_row"], []):
            before = other["left"] - other["right"]
            # A stock that is too high fails one way in its own year and the other way in the next.
            same = np.isclose(-before, by) if other["check"] == "D02" else np.isclose(abs(before), abs(by))
            if same and cells & set(other["cells"].split()):
                leader[failure["index"]] = other["index"]
                break
    return leader


def leaders_in(group: Failures) -> dict[int, int]:
    """For failures of one report that follow from another: index → index of what they follow from."""
    leader: dict[int, int] = {}
    sums = [f for f in group if f["check"] in SUMS]
    if len(sums) > 1:
        leader |= {i: first for i, first in leaders_of_sums(sums).items() if i != first}
    for check in {f["check"] for f in group}:
        same = [f for f in group if f["check"] == check and f["index"] not in leader]
        if len(same) > 1 and REGISTRY[check].merge:
            # The failure of the total speaks for the others, and a graver one for a lighter.
            follow(leader, sorted(same, key=lambda f: (f["severity"], f["instance"] != "total")))
    for instance in {f["instance"] for f in group}:
        same = [f for f in group if f["check"] in SERIES and f["instance"] == instance]
        follow(leader, sorted(same, key=lambda f: SERIES.index(f["check"])))
    for first, others in EXPLAINS.items():
        explaining = [f for f in group if f["check"] == first]
        if explaining:
            follow(leader, [explaining[0], *(f for f in group if f["check"] in others)])
    for first, others in EXPLAINS_CELL.items():
        for failure in (f for f in group if f["check"] == first):
            cells = set(failure["cells"].split())
            alike = [f for f in group if f["check"] in others and cells & set(f["cells"].split())]
            follow(leader, [failure, *alike])
    return leader


def follow(leader: dict[int, int], ordered: Failures) -> None:
    """Let all but the first follow the first."""
    for failure in ordered[1:]:
        leader[failure["index"]] = ordered[0]["index"]


def leaders_of_sums(sums: Failures) -> dict[int, int]:
    """For failing sums of one report, the failure that each follows from (itself where it stands alone).

    Two follow from one mistake where they differ by the same amount and share a fact or are one identity in two
    columns; and a column of totals follows from the rows where the rows' differences add up to its own.
    """
    leader: dict[int, int] = {}
    seen: list[tuple[dict[Hashable, Any], set[str], float]] = []
    for failure in sorted(sums, key=lambda f: (f["check"], f["instance"])):
        check, index = failure["check"], failure["index"]
        cells, difference = set(failure["cells"].split()), failure["left"] - failure["right"]
        earlier = [
            other["index"]
            for other, theirs, by in seen
            if np.isclose(abs(by), abs(difference))
            and ((other["check"] != check and theirs & cells) or (other["check"] == check and check in ("A02", "A03")))
        ]
        rows = [(other["index"], by) for other, theirs, by in seen if other["check"] == "A01" and theirs & cells]
        leader[index] = leader[earlier[0]] if earlier else index
        together = len(rows) > 1 and np.isclose(abs(sum(by for _, by in rows)), abs(difference))
        if not earlier and check in ("A02", "A03") and together:
            leader[index] = leader[rows[0][0]]
        seen.append((failure, cells, difference))
    return leader


def district_notes(panel: Panel, findings: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """Findings of BY_DISTRICT that at least 4 offices and half of those assessed in a district and year have alike (same
    check, same figure, same direction) become one note: without report and office, with `district`, `shared` and
    `of` (offices that show it, offices assessed). `counts` as in assessment.Assessed."""
    findings = findings.assign(district="", shared=0, of=0)
    candidates = findings[findings["check"].isin(BY_DISTRICT) & (findings["report_id"] != "")]
    if len(candidates) < SHARED_LEAST:
        return findings
    district = panel.offices["district_zh"].astype(object)
    keyed = candidates.assign(
        district=district.reindex(candidates["office_id"]).fillna("").to_numpy(),
        up=np.sign(candidates["left"] - candidates["right"]),
        # An office whose report is missing shows the same change a year earlier: what counts is the year it leads to.
        when=[
            (told or {}).get("switch", year) for told, year in zip(candidates["told"], candidates["year"], strict=True)
        ],
    )
    assessed = counts[counts["status"].isin([PASS, FAIL])]
    of_group = assessed.groupby(["check", "instance", "district_zh", "year"])["count"].sum().to_dict()
    notes, gone = [], []
    for key, group in keyed[keyed["district"] != ""].groupby(["check", "instance", "district", "when", "up"]):
        of = max(int(of_group.get((*key[:3], year), 0)) for year in group["year"].unique())
        if group["office_id"].nunique() < SHARED_LEAST or len(group) < SHARED_SHARE * of:
            continue
        first = group[group["year"] == group["year"].mode().iloc[0]].iloc[0].copy()
        first["fact_ids"] = " ".join(group["fact_ids"])
        first["report_id"], first["office_id"], first["row"], first["other_row"] = "", "", -1, -1
        first["district"], first["shared"], first["of"], first["severity"] = key[2], len(group), of, "S3"
        first["instance"] = f"{key[1]}|{key[2]}"
        notes.append(first)
        gone += list(group.index)
    if not notes:
        return findings
    rest = findings.drop(index=gone)
    return pd.concat([rest, pd.DataFrame(notes)[rest.columns]], ignore_index=True)
