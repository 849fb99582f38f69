"""The report card: what each check says of one report, and both operands of what fails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from compare.assessment import CHECKS, STATUSES, Assessed
from compare.language import Words
from compare.rules import FAIL, NOT_ASSESSABLE, PASS, REGISTRY

FAMILIES = {
    "A": Words("The form's own sums", "表内勾稽"),
    "B": Words("Text against table", "文字与表格"),
    "C": Words("Publication and completeness", "发布与完整性"),
    "D": Words("Against the year before", "与上年比较"),
    "E": Words("Against other offices", "与其他机关比较"),
}
COLUMNS = ["family", "check", "title_en", "title_zh", "status", "fails", "holds", "not_assessable"]


def statuses(assessments: Assessed) -> pd.DataFrame:
    """For each report_id (index) and check (columns) how its assessments stand as one int: failures × 10⁶ + passes ×
    10³ + not assessable; 0 where the check says nothing of the report."""
    weights = np.array(
        [{FAIL: 1_000_000, PASS: 1_000, NOT_ASSESSABLE: 1}[status] for status in STATUSES], dtype=np.int64
    )
    return pd.DataFrame(assessments.tallies @ weights, index=assessments.report_ids, columns=list(CHECKS))


def unpacked(counts: Mapping[Any, Any]) -> list[dict[str, Any]]:
    """Checks with their counts, packed as in `statuses`, as rows family, check, title_en, title_zh, status, fails, holds,
    not_assessable; checks that say nothing of the report are left out."""
    rows = []
    for check, packed in counts.items():
        fails, rest = divmod(int(packed), 1_000_000)
        holds, unclear = divmod(rest, 1_000)
        if packed:
            rule = REGISTRY[str(check)]
            status = FAIL if fails else PASS if holds else NOT_ASSESSABLE
            values = (rule.check[0], rule.check, rule.title_en, rule.title_zh, status, fails, holds, unclear)
            rows.append(dict(zip(COLUMNS, values, strict=True)))
    return rows


def card_of(assessments: Assessed, report_id: str) -> pd.DataFrame:
    """The card of one report, with `operands`: for what fails both sides as "left ≠ right", the first three."""
    if report_id not in assessments.report_ids:
        return pd.DataFrame(columns=[*COLUMNS, "operands"])
    own = statuses(assessments).loc[report_id]
    made = pd.DataFrame(unpacked(own.to_dict()), columns=COLUMNS)
    failing = assessments.failures[assessments.failures["report_id"] == report_id]
    sides = {
        check: "；".join(f"{left:.6g} ≠ {right:.6g}" for left, right in zip(rows["left"], rows["right"], strict=True))
        for check, rows in failing.groupby("check").head(3).groupby("check")
    }
    return made.assign(operands=[sides.get(check, "") for check in made["check"]])
