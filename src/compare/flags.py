"""From assessments to flags: merged, graded by the proof of their facts, told in a sentence, ranked.

The tiers. Exact check, facts verified or agreed: certain (S1), priority (S2). A `single` fact among them: review at
most. A disputed or illegible one: reading-doubtful. Statistical rule: priority or review by its strength, under the
same limits. S3 is a look. What one look-alike digit would settle is review at most where numbers are misread: in reports
read from pictures, and in others where the run's disputes say so (`compare.deceived`).
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Hashable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from compare import assessment
from compare.assessment import Assessed
from compare.deceived import IN_PICTURE, IN_TYPE, LISTED, doubts
from compare.merging import district_notes, merge
from compare.panel import UNKNOWN, Panel
from compare.reviews import decided
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
    "proof",
    "page",
    "score",
    "rank",
    "decision",
]
ORDERED_BY = ["tier", "severity", "score", "operands", "flag_id"]
AT_ONCE = 250  # findings whose facts are in memory together
SETTLED_EN = {
    "": "",
    IN_PICTURE: "; read from a picture, and one digit read otherwise would settle it",
    IN_TYPE: "; one digit printed or read otherwise would settle it",
}
SETTLED_ZH = {
    "": "",
    IN_PICTURE: "；本报告由图片识别，若有一位数字误读即可相符，请先核对原件",
    IN_TYPE: "；若有一位数字误印或误读即可相符，请先核对原件",
}
WITHOUT_FACTS = "review"  # absence, dates and wording are no facts of a table: never more than review
IN_DOUBT = "review"  # nor what one digit read otherwise would settle


def assess(panel: Panel) -> Assessed:
    """What all rules say of the panel, worked out once: failures one by one, the rest counted."""
    made: Assessed = panel.kept("assessed", assessment.assess)
    return made


def make(panel: Panel, assessments: Assessed | None = None, reviews: Path | None = None) -> pd.DataFrame:
    """The flags of a panel, one row each with COLUMNS, ranked from 1; deterministic for the same data."""
    assessments = assessments or assess(panel)
    findings = district_notes(panel, merge(assessments.failures), assessments.counts).reset_index(drop=True)
    if findings.empty:
        return pd.DataFrame(columns=COLUMNS)
    rows = findings.to_dict("records")
    named = office_names(panel).reindex(findings["office_id"])
    district = findings["district"].to_numpy(dtype=object)
    findings["office_zh"] = named["office_zh"].fillna("").to_numpy()
    findings["district_zh"] = np.where(district != "", district, named["district_zh"].fillna("").to_numpy())
    for row, name in zip(rows, findings["office_zh"], strict=True):
        row["office_zh"] = name
    tiers = [tier(panel, row) for row in each(panel, rows)]
    for row, digit in zip(rows, doubts(panel, each(panel, rows), tiers, assessments.failures), strict=True):
        row["digit"] = digit
    findings["tier"] = [
        IN_DOUBT if row["digit"] and one in LISTED else one for row, one in zip(rows, tiers, strict=True)
    ]
    findings["proof"] = [weakest_proof(panel, facts_of(panel, row)) for row in each(panel, rows)]
    findings["page"] = pd.array([page_of(panel, row) for row in each(panel, rows)], dtype="Int64")
    findings["score"] = [score(row) for row in rows]
    findings["operands"] = [f"left={row['left']:.10g} right={row['right']:.10g}" for row in rows]
    findings["flag_id"] = [flag_id(panel, row) for row in each(panel, rows)]
    findings["message_en"] = [sentence(panel, row, "en") for row in each(panel, rows)]
    findings["message_zh"] = [sentence(panel, row, "zh") for row in each(panel, rows)]
    findings["year"] = findings["year"].astype("Int64")
    findings["decision"] = decided(reviews, list(findings["flag_id"]))
    return ranked(findings)


def each(panel: Panel, rows: list[dict[Hashable, Any]]) -> Iterator[dict[Hashable, Any]]:
    """The findings one after the other; the facts behind those that went before are let go."""
    for number, row in enumerate(rows):
        if number % AT_ONCE == 0:
            panel.let_go()
        yield row
    panel.let_go()


def ranked(findings: pd.DataFrame) -> pd.DataFrame:
    """Flags in the order of tier, severity, score and difference, ranked from 1: COLUMNS."""
    findings = findings.iloc[order_of(findings)]
    return findings.assign(rank=np.arange(1, len(findings) + 1))[COLUMNS].reset_index(drop=True)


def order_of(findings: pd.DataFrame) -> np.ndarray:
    """The places of flags in their order, int64, by the columns ORDERED_BY."""
    sides = findings["operands"].str.extract(r"left=(\S+) right=(\S+)").astype(float)
    keys = findings[["severity", "score", "flag_id"]].reset_index(drop=True)
    keys = keys.assign(_tier=findings["tier"].map(TIERS.index).to_numpy(), _gap=(sides[0] - sides[1]).abs().to_numpy())
    ordered = keys.sort_values(
        ["_tier", "severity", "score", "_gap", "flag_id"], ascending=[True, True, False, False, True], kind="stable"
    )
    return ordered.index.to_numpy(dtype=np.int64)


def office_names(panel: Panel) -> pd.DataFrame:
    """office_zh and district_zh by office_id, also for offices that no place in the panel has; never missing."""
    other = panel.reports.drop_duplicates("office_id").set_index("office_id", drop=False)
    other = other[~other.index.isin(panel.offices.index)]
    other = pd.DataFrame(
        {"office_zh": other["office_zh"].fillna(other["office_id"]), "district_zh": other["district_zh"].fillna("")}
    )
    return pd.concat([panel.offices[["office_zh", "district_zh"]].astype(object), other.astype(object)])


def tier(panel: Panel, finding: Mapping[Any, Any]) -> str:
    """How far a finding may be trusted: the table of tiers, by the weakest proof among its facts."""
    rule, told = REGISTRY[finding["check"]], finding["told"] or {}
    if finding["shared"]:
        return "look"
    proof = weakest_proof(panel, facts_of(panel, finding))
    stated = told.get("stated_proof")
    if proof == "doubtful" or stated == "disputed":
        return "reading-doubtful"
    strongest = "look" if finding["severity"] == "S3" else "certain" if finding["severity"] == "S1" else "priority"
    if rule.kind == "statistical":
        strongest = str(told["grade"])
    proved_by_text = isinstance(stated, str) and stated in ("verified", "agreed")
    single = proof == "single" or (isinstance(stated, str) and not proved_by_text)
    if single or (proof == "none" and not proved_by_text):
        return TIERS[max(TIERS.index(strongest), TIERS.index(WITHOUT_FACTS))]
    return strongest


def score(finding: Mapping[Any, Any]) -> float:
    """What ranks within a tier: |z| of a statistical rule, the order of magnitude of the difference of an exact one."""
    if REGISTRY[finding["check"]].kind == "statistical":
        return round(abs(float(finding["told"]["z"])), 4)
    difference = abs(float(finding["left"]) - float(finding["right"]))
    return round(float(np.log10(1 + difference)), 4) if np.isfinite(difference) else 0.0


def flag_id(panel: Panel, finding: Mapping[Any, Any]) -> str:
    """<10 hex digits of office, year, check and instance>-<4 of the document and the facts' values>: the same finding
    has the same id in every run, and its second part changes where its facts do."""
    # Reports of which nobody knows the office or the year have nothing in common but that.
    known = finding["office_id"] != UNKNOWN and finding["year"] == finding["year"]
    where = f"{finding['office_id']}-{finding['year']:.0f}" if known else finding["report_id"]
    what = f"{where}|{finding['check']}|{finding['instance']}"
    values = [f"{panel.values[place]:.10g}" for place in facts_of(panel, finding)]
    facts = f"{finding['report_id']}|{finding['left']:.10g}|{finding['right']:.10g}|{' '.join(values)}"
    return f"{hashlib.sha256(what.encode()).hexdigest()[:10]}-{hashlib.sha256(facts.encode()).hexdigest()[:4]}"


def sentence(panel: Panel, finding: Mapping[Any, Any], language: str) -> str:
    """One sentence: office, year, what was found, how many further sums it breaks, and the page."""
    rule, year = REGISTRY[finding["check"]], f"{finding['year']:.0f}" if finding["year"] == finding["year"] else "?"
    told: dict[str, Any] = {**finding, **(finding["told"] or {})}
    if finding["shared"]:
        return note(finding, language)
    body = (rule.says_en if language == "en" else rule.says_zh).format(**told)
    page, also = page_of(panel, finding), int(finding["also"])
    if language == "en":
        further = f" ({also} further {'check fails' if also == 1 else 'checks fail'} with it)" if also else ""
        further += SETTLED_EN[finding["digit"]]
        return f"{finding['office_zh']} {year}: {body}{further}{f', page {page}' if page else ''}."
    further = f"（并致另外{also}处不符）" if also else ""
    further += SETTLED_ZH[finding["digit"]]
    return f"{finding['office_zh']}{year}年：{body}{further}{f'，见第{page}页' if page else ''}。"


def page_of(panel: Panel, finding: Mapping[Any, Any]) -> int | None:
    """The page of the finding's first fact, else of the sentence that it quotes; None where neither is known."""
    stated = (finding["told"] or {}).get("stated_page", np.nan)
    pages = [int(panel.pages[place]) for place in facts_of(panel, finding)[:1] if panel.pages[place] > 0]
    return pages[0] if pages else int(stated) if stated == stated else None


def note(finding: Mapping[Any, Any], language: str) -> str:
    """The sentence on what a whole district shares."""
    rule, measure = REGISTRY[finding["check"]], finding["told"] or {}
    shared, of, year = finding["shared"], finding["of"], f"{finding['year']:.0f}"
    if language == "en":
        what = f"{measure.get('measure_en', '')}: {rule.title_en[0].lower()}{rule.title_en[1:]}"
        return (
            f"{finding['district']} {year}: {shared} of {of} offices at once do not pass “{what}”; probably one cause."
        )
    return f"{finding['district']}{year}年：{of}个机关中{shared}个同时未通过“{measure.get('measure_zh', '')}·{rule.title_zh}”，多半出于同一原因。"


def harmless(text: object) -> object:
    """Text that a spreadsheet would run as a formula, made harmless with a leading apostrophe."""
    return f"'{text}" if isinstance(text, str) and text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as the project publishes tables: UTF-8 with BOM, whole or not at all, no cell that a
    spreadsheet would run."""
    write_pieces([frame], path)


def write_pieces(frames: Iterable[pd.DataFrame], path: Path) -> None:
    """As write_csv, of a table that is given piece by piece."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
        for number, frame in enumerate(frames):
            safe = frame.copy()
            for column in safe.columns:
                if not pd.api.types.is_numeric_dtype(safe[column]):
                    safe[column] = safe[column].map(harmless)
            safe.to_csv(file, index=False, lineterminator="\r\n", header=not number)
    Path(name).chmod(0o644)
    Path(name).replace(path)


def summary(assessments: Assessed, flags: pd.DataFrame) -> pd.DataFrame:
    """Per check: title, passed, failed, not_assessable, flags."""
    counts = (
        assessments.counts.groupby(["check", "status"])["count"]
        .sum()
        .unstack(fill_value=0)
        .reindex(columns=[PASS, FAIL, NOT_ASSESSABLE], fill_value=0)
        .astype(int)
    )
    counts.columns = pd.Index(["passed", "failed", "not_assessable"])
    counts["flags"] = flags.groupby("check").size().reindex(counts.index, fill_value=0) if len(flags) else 0
    counts.insert(0, "title", [REGISTRY[str(check)].title_en for check in counts.index])
    return counts.reset_index()
