"""From failures to findings: what follows from one mistake is one finding, what a whole district shares is one note."""

from __future__ import annotations

import numpy as np
import pandas as pd

from compare.panel import Panel
from compare.rules import PASS, REGISTRY

SUMS = ("A01", "A02", "A03", "A04", "B01", "B02", "B03", "D01")
# Checks of one figure in the order in which they explain it: what stands first speaks for the others.
SERIES = ("A06", "D05", "D06", "D08", "D07")
# A failure of the first explains failures of the others in the same report.
EXPLAINS = {"D03": ("D01", "D02", "D04"), "E02": ("E01",)}
SHARED = ("D05", "D06", "D07")  # findings that a change of powers may give a whole district
SHARED_LEAST, SHARED_SHARE = 4, 0.5


def merge(failures: pd.DataFrame) -> pd.DataFrame:
    """One row per finding, with `also`: how many further failures it stands for; the fact_ids of those are added to
    its own. `failures` has a RangeIndex and the columns of rules.run."""
    leader = np.arange(len(failures))
    for report, group in failures.groupby("report_id", sort=False):
        if len(group) > 1 and report:
            for index, first in leaders_in(group).items():
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


def leaders_in(group: pd.DataFrame) -> dict[int, int]:
    """For failures of one report that follow from another: index → index of what they follow from."""
    leader: dict[int, int] = {}
    sums = group[group["check"].isin(SUMS)]
    if len(sums) > 1:
        leader |= {i: first for i, first in leaders_of_sums(sums).items() if i != first}
    for check, same in group.groupby("check"):
        if len(same) > 1 and REGISTRY[str(check)].merge:
            free = same[~same.index.isin(leader)]
            # The failure of the total speaks for the others, and a graver one for a lighter.
            order = free.assign(total=free["instance"] != "total").sort_values(["severity", "total"], kind="stable")
            leader |= {int(i): int(order.index[0]) for i in order.index[1:]}
    series = group[group["check"].isin(SERIES)]
    for _, same in series.groupby("instance"):
        order = same.assign(order=same["check"].map(SERIES.index)).sort_values("order", kind="stable")
        leader |= {int(i): int(order.index[0]) for i in order.index[1:]}
    for first, others in EXPLAINS.items():
        explaining = group.index[group["check"] == first]
        if len(explaining):
            leader |= {int(i): int(explaining[0]) for i in group.index[group["check"].isin(others)]}
    return leader


def leaders_of_sums(sums: pd.DataFrame) -> dict[int, int]:
    """For failing sums of one report, the failure that each follows from (itself where it stands alone).

    Two follow from one mistake where they differ by the same amount and share a fact or are one identity in two
    columns; and a column of totals follows from the rows where the rows' differences add up to its own.
    """
    ordered = sums.sort_values(["check", "instance"], kind="stable")
    difference = (ordered["left"] - ordered["right"]).to_dict()
    cells = {index: set(text.split()) for index, text in ordered["cells"].items()}
    check = ordered["check"].to_dict()
    leader: dict[int, int] = {}
    for index in ordered.index:
        earlier = [
            other
            for other in leader
            if np.isclose(abs(difference[other]), abs(difference[index]))
            and (
                (check[other] != check[index] and cells[other] & cells[index])
                or (check[other] == check[index] in ("A02", "A03"))
            )
        ]
        leader[index] = leader[earlier[0]] if earlier else index
        if not earlier and check[index] in ("A02", "A03"):
            rows = [o for o in leader if check[o] == "A01" and cells[o] & cells[index]]
            signed = [difference[o] for o in rows]
            if len(rows) > 1 and np.isclose(abs(sum(signed)), abs(difference[index])):
                leader[index] = leader[rows[0]]
    return {int(index): int(first) for index, first in leader.items()}


def district_notes(panel: Panel, findings: pd.DataFrame, assessments: pd.DataFrame) -> pd.DataFrame:
    """Findings of SHARED that at least 4 offices and half of those assessed in a district and year have alike (same
    check, same figure, same direction) become one note: without report and office, with `district`, `shared` and
    `of` (offices that show it, offices assessed)."""
    findings = findings.assign(district="", shared=0, of=0)
    candidates = findings[findings["check"].isin(SHARED) & (findings["report_id"] != "")]
    if len(candidates) < SHARED_LEAST:
        return findings
    district = panel.offices["district_zh"].astype(object)
    keyed = candidates.assign(
        district=district.reindex(candidates["office_id"]).fillna("").to_numpy(),
        up=np.sign(candidates["left"] - candidates["right"]),
    )
    notes, gone = [], []
    for key, group in keyed[keyed["district"] != ""].groupby(["check", "instance", "district", "year", "up"]):
        if group["office_id"].nunique() < SHARED_LEAST:
            continue
        same = assessments[(assessments["check"] == key[0]) & (assessments["instance"] == key[1])]
        assessed = same[(same["year"] == key[3]) & same["status"].isin([PASS, "FAIL"])]
        of = int((district.reindex(assessed["office_id"]).to_numpy() == key[2]).sum())
        if len(group) < SHARED_SHARE * of:
            continue
        first = group.iloc[0].copy()
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
