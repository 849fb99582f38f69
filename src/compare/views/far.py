"""Office-years by how far they lie from what the office's other years lead to expect."""

from __future__ import annotations

import numpy as np
import pandas as pd

from compare.anomalies import MEASURES, scores
from compare.panel import Panel

COLUMNS = [
    "office_id", "office", "district_zh", "year", "measure", "value", "expected", "low", "high", "z", "isolation",
    "odds", "power", "slip", "grade", "report_id",
]  # fmt: skip


def far_years(panel: Panel) -> pd.DataFrame:
    """All measures' office-years that have a z, furthest first; grade is what D05 and D06 make of them: priority,
    review or ''."""
    parts = []
    for measure in MEASURES:
        frame = scores(panel, measure).assign(measure=measure, report_id=panel.series(measure)["report_id"])
        parts.append(frame.dropna(subset=["z"]))
    data = pd.concat(parts, ignore_index=True)
    return data[COLUMNS].sort_values("z", key=np.abs, ascending=False, kind="stable").reset_index(drop=True)
