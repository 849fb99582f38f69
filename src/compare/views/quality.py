"""How well the reports were read, and what could be checked."""

from __future__ import annotations

import numpy as np
import pandas as pd

from compare.assessment import Assessed
from compare.language import Words
from compare.panel import PROOFS, STATES, Panel

CLASSES = ("verified", "agreed", "single", "disputed", "illegible", "blank")
KINDS = {
    "html": Words("web page", "网页"),
    "text": Words("text", "文本"),
    "markdown": Words("Markdown", "Markdown"),
    "docx": Words("Word", "Word"),
    "legacy": Words("old Word", "旧版Word"),
    "rtf": Words("RTF", "RTF"),
    "pdf": Words("PDF", "PDF"),
    "scan": Words("scan", "扫描件"),
    "sheet": Words("spreadsheet", "电子表格"),
}
BY_YEAR, BY_KIND, BY_CHECK = "cells by year", "cells by kind of file", "assessments by check"


def classes_of_cells(panel: Panel) -> pd.DataFrame:
    """For each report how many of its printed cells are of each of CLASSES: a proof, else blank (or dash), or
    illegible. Cells that its form does not have are left out."""
    blank = np.isin(panel.states, [STATES.index("blank"), STATES.index("dash")])
    illegible = panel.states == STATES.index("illegible")
    masks = {"blank": blank, "illegible": illegible}
    for proof in PROOFS[1:]:
        masks[proof] = (panel.proofs == PROOFS.index(proof)) & ~blank & ~illegible & (panel.states > 0)
    return pd.DataFrame({name: masks[name].sum(axis=1) for name in CLASSES})


def quality(panel: Panel, assessments: Assessed) -> pd.DataFrame:
    """Rows part, group, class, count: cells by year and class, cells by kind of file and class, assessments by check
    and status."""
    counts = classes_of_cells(panel)
    parts = []
    for part, keys in ((BY_YEAR, panel.reports["year"].astype("Int64")), (BY_KIND, panel.reports["kind"])):
        summed = counts.groupby(keys.astype("string").fillna("?").to_numpy()).sum().rename_axis("group").reset_index()
        parts.append(summed.melt("group", var_name="class", value_name="count").assign(part=part))
    status = assessments.counts.groupby(["check", "status"])["count"].sum().reset_index()
    parts.append(status.rename(columns={"check": "group", "status": "class"}).assign(part=BY_CHECK))
    return pd.concat(parts, ignore_index=True)[["part", "group", "class", "count"]]


def proved_share(counts: pd.DataFrame) -> float:
    """Share of the cells with something in them that arithmetic or a second reading proves; NaN where there are none."""
    filled = counts[["verified", "agreed", "single", "disputed", "illegible"]].to_numpy().sum()
    return float(counts[["verified", "agreed"]].to_numpy().sum() / filled) if filled else float("nan")
