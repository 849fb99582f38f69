"""From assessments to flags: derived failures merged, graded by the proof of their facts, told in a sentence,
ranked.

The tiers. Exact check, facts verified or agreed: certain (S1), priority (S2). A `single` fact among them: review at
most. A disputed or illegible one: reading-doubtful. Statistical rule: priority or review by its strength, under the
same limits. S3 is a look.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from compare import anomalies, checks
from compare.panel import Panel, read_table
from compare.rules import FAIL, NOT_ASSESSABLE, PASS, REGISTRY, facts_of, weakest_proof

TIERS = ("certain", "priority", "review", "look", "reading-doubtful")
COLUMNS = [
    "flag_id",
    "report_id",
    "office_id",
    "office_zh",
    "district_zh",
    "year",
    "check",
    "severity",
    "tier",
    "message_en",
    "message_zh",
    "operands",
    "fact_ids",
    "score",
    "rank",
    "decision",
]
FLOW = ("A01", "A02", "A03")
WITHOUT_FACTS = "review"  # absence and dates are no facts of a table: never more than review


def assess(panel: Panel) -> pd.DataFrame:
    """All assessments of all rules, exact and statistical (columns: compare.rules.COLUMNS, fact_ids and what
    sentences name)."""
    assert anomalies.MEASURES  # imported for its rules
    return checks.run(panel)


def make(panel: Panel, assessments: pd.DataFrame | None = None, reviews: Path | None = None) -> pd.DataFrame:
    """The flags of a panel, one row each with COLUMNS, ranked from 1; deterministic for the same data."""
    assessments = assess(panel) if assessments is None else assessments
    failures = assessments[assessments["status"] == FAIL].reset_index(drop=True)
    findings = merge(failures)
    if findings.empty:
        return pd.DataFrame(columns=COLUMNS)
    findings["tier"] = [tier(panel, finding) for _, finding in findings.iterrows()]
    findings["score"] = [score(finding) for _, finding in findings.iterrows()]
    findings["flag_id"] = [flag_id(finding) for _, finding in findings.iterrows()]
    findings["operands"] = [f"left={f.left:.10g} right={f.right:.10g}" for f in findings.itertuples()]
    named = office_names(panel).reindex(findings["office_id"])
    findings["office_zh"], findings["district_zh"] = named["office_zh"].to_numpy(), named["district_zh"].to_numpy()
    findings["message_en"] = [sentence(panel, finding, "en") for _, finding in findings.iterrows()]
    findings["message_zh"] = [sentence(panel, finding, "zh") for _, finding in findings.iterrows()]
    findings["year"] = findings["year"].astype("Int64")
    findings["decision"] = decisions(reviews).reindex(findings["flag_id"]).fillna("").to_numpy()
    findings["_tier"] = findings["tier"].map(TIERS.index)
    findings = findings.sort_values(
        ["_tier", "severity", "score", "flag_id"], ascending=[True, True, False, True], kind="stable"
    )
    return findings.assign(rank=np.arange(1, len(findings) + 1))[COLUMNS].reset_index(drop=True)


def office_names(panel: Panel) -> pd.DataFrame:
    """office_zh and district_zh by office_id, also for offices that no place in the panel has; never missing."""
    other = panel.reports.drop_duplicates("office_id").set_index("office_id", drop=False)
    other = other[~other.index.isin(panel.offices.index)]
    other = pd.DataFrame(
        {"office_zh": other["office_zh"].fillna(other["office_id"]), "district_zh": other["district_zh"].fillna("")}
    )
    return pd.concat([panel.offices[["office_zh", "district_zh"]].astype(object), other.astype(object)])


def merge(failures: pd.DataFrame) -> pd.DataFrame:
    """One row per finding, with `also`: how many further failures it stands for; the fact_ids of those are added to
    its own."""
    leader = np.arange(len(failures))
    for _, group in failures.groupby("report_id", sort=False):
        flow = group[group["check"].isin(FLOW)]
        if len(flow) > 1:
            leader[flow.index] = leaders_of_flow(flow)
        for check, same in group.groupby("check"):
            if REGISTRY[str(check)].merge and str(group["report_id"].iloc[0]):
                # The failure of the total speaks for the others, and a graver one for a lighter.
                order = same.assign(total=same["instance"] != "total").sort_values(["severity", "total"], kind="stable")
                leader[same.index] = order.index[0]
    findings = failures.loc[np.unique(leader)].copy()
    together = failures.groupby(leader)["fact_ids"]
    findings["fact_ids"] = together.agg(lambda ids: " ".join(dict.fromkeys(" ".join(ids).split()))).reindex(
        findings.index
    )
    findings["also"] = together.size().reindex(findings.index) - 1
    return findings


def leaders_of_flow(flow: pd.DataFrame) -> list[int]:
    """For failures of A01–A03 in one report, the failure that each follows from (itself where it stands alone).

    Two follow from one mistake where they differ by the same amount and share a fact or are one identity in two
    columns; and a column of totals follows from the rows where the rows' differences add up to its own.
    """
    ordered = flow.sort_values(["check", "instance"], kind="stable")
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
                or (check[other] == check[index] != "A01")
            )
        ]
        leader[index] = leader[earlier[0]] if earlier else index
        if not earlier and check[index] != "A01":
            rows = [o for o in leader if check[o] == "A01" and cells[o] & cells[index]]
            signed = [difference[o] for o in rows]
            if len(rows) > 1 and np.isclose(abs(sum(signed)), abs(difference[index])):
                leader[index] = leader[rows[0]]
    return [leader[index] for index in flow.index]


def tier(panel: Panel, finding: pd.Series) -> str:
    """How far a finding may be trusted: the table of tiers, by the weakest proof among its facts."""
    rule = REGISTRY[finding["check"]]
    proof = weakest_proof(panel, facts_of(panel, finding))
    if proof == "doubtful":
        return "reading-doubtful"
    if rule.kind == "statistical":
        return "priority" if proof == "proved" and finding["isolation"] >= anomalies.REVIEW else "review"
    if finding["severity"] == "S3":
        return "look"
    if proof == "none":
        return WITHOUT_FACTS
    stated = finding.get("stated_proof")
    if proof == "single" or (isinstance(stated, str) and stated not in ("verified", "agreed")):
        return "review"
    return "certain" if finding["severity"] == "S1" else "priority"


def score(finding: pd.Series) -> float:
    """What ranks within a tier: |z| of a statistical rule, the order of magnitude of the difference of an exact one."""
    if REGISTRY[finding["check"]].kind == "statistical":
        return round(abs(float(finding["z"])), 4)
    difference = abs(float(finding["left"]) - float(finding["right"]))
    return round(float(np.log10(1 + difference)), 4) if np.isfinite(difference) else 0.0


def flag_id(finding: pd.Series) -> str:
    """12 hex digits of report, check and instance: the same finding has the same id in every run."""
    report = finding["report_id"] or f"{finding['office_id']}-{finding['year']:.0f}"
    return hashlib.sha256(f"{report}|{finding['check']}|{finding['instance']}".encode()).hexdigest()[:12]


def sentence(panel: Panel, finding: pd.Series, language: str) -> str:
    """One sentence: office, year, what was found, how many further sums it breaks, and the page."""
    rule = REGISTRY[finding["check"]]
    told = dict(finding)
    told["sentence"] = told.get("sentence") if isinstance(told.get("sentence"), str) else ""
    body = (rule.says_en if language == "en" else rule.says_zh).format(**told)
    pages = sorted({int(panel.pages[place]) for place in facts_of(panel, finding)[:1] if panel.pages[place] > 0})
    also, year = int(finding["also"]), f"{finding['year']:.0f}" if finding["year"] == finding["year"] else "?"
    if language == "en":
        further = f" ({also} further {'sum fails' if also == 1 else 'sums fail'} with it)" if also else ""
        return f"{finding['office_zh']} {year}: {body}{further}{f', page {pages[0]}' if pages else ''}."
    further = f"（并致另外{also}处不平）" if also else ""
    return f"{finding['office_zh']}{year}年：{body}{further}{f'，见第{pages[0]}页' if pages else ''}。"


def decisions(reviews: Path | None) -> pd.Series:
    """What people decided, by flag_id: the last row of each flag in reviews.csv (flag_id, decision, reason, by,
    on); empty without a file."""
    if reviews is None or not reviews.is_file():
        return pd.Series(dtype=object)
    table = read_table(reviews.parent, reviews.name)
    if not {"flag_id", "decision"} <= set(table.columns):
        raise ValueError(
            f"{reviews} must have the columns flag_id and decision (and reason, by, on); "
            f"it has {', '.join(table.columns)}."
        )
    return table.drop_duplicates("flag_id", keep="last").set_index("flag_id")["decision"].astype(object)


def harmless(text: object) -> object:
    """Text that a spreadsheet would run as a formula, made harmless with a leading apostrophe."""
    return f"'{text}" if isinstance(text, str) and text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as the project publishes tables: UTF-8 with BOM, whole or not at all, no cell that a
    spreadsheet would run."""
    safe = frame.copy()
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]):
            safe[column] = safe[column].map(harmless)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
        safe.to_csv(file, index=False, lineterminator="\r\n")
    Path(name).chmod(0o644)
    Path(name).replace(path)


def summary(assessments: pd.DataFrame, flags: pd.DataFrame) -> pd.DataFrame:
    """Per check: severity, passed, failed, not_assessable, flags."""
    counts = (
        assessments.groupby(["check", "status"])
        .size()
        .unstack(fill_value=0)
        .reindex(columns=[PASS, FAIL, NOT_ASSESSABLE], fill_value=0)
    )
    counts.columns = pd.Index(["passed", "failed", "not_assessable"])
    counts["flags"] = flags.groupby("check").size().reindex(counts.index, fill_value=0) if len(flags) else 0
    counts.insert(0, "title", [REGISTRY[str(check)].title_en for check in counts.index])
    return counts.reset_index()
