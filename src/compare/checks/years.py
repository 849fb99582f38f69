"""D01–D03: one year's report against the report of the year before."""

from __future__ import annotations

import numpy as np
import pandas as pd

from compare.panel import Panel
from compare.rules import judge, outcome, rule, stack, year_pairs

APPLICANTS = ("natural_person", "business", "research", "social_welfare", "legal_service", "other", "total")
FIRST_STOCK_YEAR = 2022  # base year 2021: the stock of form 2019 counted something else
SURPRISING = 2.5


def filled_row(panel: Panel, rows: np.ndarray, cells: list[str]) -> np.ndarray:
    """Values of one printed row, reports × cells: blanks are 0 where any cell of the row is filled, NaN where none
    is."""
    numbers = panel.values[np.ix_(rows, panel.columns(cells))]
    return np.where(np.isnan(numbers) & ~np.isnan(numbers).all(axis=1, keepdims=True), 0.0, numbers)


@rule(
    "D01",
    ("Carried in equals last year's carried forward", "上年结转与上年度报告结转一致"),
    "S1",
    "国办公开办函〔2021〕30号: 二 (t) = 四 (t−1)",
    (
        "column '{where_en}': {right:,.0f} carried in, but last year's report carried {left:,.0f} forward",
        "“{where_zh}”一列上年结转为{right:,.0f}，而上年度报告结转下年为{left:,.0f}",
    ),
    merge=True,
)
def carry_over_matches(panel: Panel) -> pd.DataFrame:
    """D01: 二 of this year equals 四 of last year in each of 7 columns; where the totals agree and only the
    applicants differ it is S3.

    False positives: last year's report was corrected; an applicant was classed anew. Abroad a third of all
    agency-years fail this.
    """
    earlier, later = year_pairs(panel)
    out_cells = [f"applications.carried_forward.{a}" for a in APPLICANTS]
    in_cells = [f"applications.carried_in.{a}" for a in APPLICANTS]
    left, right = filled_row(panel, earlier, out_cells), filled_row(panel, later, in_cells)
    totals_agree = np.isclose(left[:, -1], right[:, -1])
    frames = []
    for k, applicant in enumerate(APPLICANTS):
        status = judge(~np.isnan(left[:, k] + right[:, k]), np.isclose(left[:, k], right[:, k]))
        frame = outcome(
            panel, later, left[:, k], right[:, k], status, applicant, [in_cells[k]], earlier, [out_cells[k]]
        )
        frame["severity"] = np.where(totals_agree, "S3", "S1")
        label = panel.codebook.loc[in_cells[k]]
        frames.append(
            frame.assign(
                where_en=str(label["label_en"]).split(" · ")[-1], where_zh=str(label["label_zh"]).split(" · ")[-1]
            )
        )
    return stack(frames)


@rule(
    "D02",
    ("Documents in force follow from last year's", "现行有效件数与上年衔接"),
    "S2",
    "国办公开办函〔2021〕30号 (from 2022, base 2021)",
    (
        "{right:,.0f} {where_en} in force, but last year's stock plus issued less repealed gives {left:,.0f}",
        "{where_zh}现行有效{right:,.0f}件，而上年现行有效加制发减废止应为{left:,.0f}件",
    ),
)
def stock_follows(panel: Panel) -> pd.DataFrame:
    """D02: 现行有效(t) = 现行有效(t−1) + 制发 − 废止, from 2022 on.

    False positives: documents that lapse by themselves or fall in a clean-up; merged offices.
    """
    earlier, later = year_pairs(panel)
    years = panel.reports["year"].to_numpy(dtype=float, na_value=np.nan)
    ours = years[later] >= FIRST_STOCK_YEAR if len(later) else np.zeros(0, dtype=bool)
    earlier, later = earlier[ours], later[ours]
    frames = []
    for kind, en, zh in (
        ("normative_documents", "normative documents", "规范性文件"),
        ("government_rules", "government rules", "规章"),
    ):
        issued, repealed, effective = (panel.column(f"{kind}.{name}") for name in ("issued", "repealed", "effective"))
        left = panel.values[earlier, effective] + panel.values[later, issued] - panel.values[later, repealed]
        right = panel.values[later, effective]
        status = judge(~np.isnan(left + right), np.isclose(left, right))
        own = [f"{kind}.{name}" for name in ("effective", "issued", "repealed")]
        frames.append(outcome(panel, later, left, right, status, kind, own, earlier, own[:1], where_en=en, where_zh=zh))
    return stack(frames)


@rule(
    "D03",
    ("Not last year's tables again", "统计表未照抄上年"),
    "S2",
    "国办公开办函〔2021〕30号 names near-duplicate reports (内容雷同) as a fault",
    (
        "all {cells_equal:.0f} numbers of the tables equal last year's (surprisal {left:.1f}; review from {right:.1f})",
        "统计表全部{cells_equal:.0f}个数字与上年相同（意外度{left:.1f}，达到{right:.1f}即提示）",
    ),
)
def tables_are_new(panel: Panel) -> pd.DataFrame:
    """D03: all numeric cells equal last year's of the same form, and the chance of that is small: the surprisal is
    ≥ 2.5.

    Surprisal: over the non-zero counts x of permits, penalties, coercion and applications received, Σ −log10 p with
    p = min(1, 1/(√(2π)·max(s, 0.4))), s = √(x + (0.3x)²); plus 0.4 for each non-zero result row beyond the first.
    False positives: offices with almost nothing to report (hence the surprisal: naive equality is right in 24 % of
    cases only).
    """
    earlier, later = year_pairs(panel)
    before, now = panel.values[earlier], panel.values[later]
    same_form = np.ones(len(later), dtype=bool)
    for section in ("proactive", "applications"):
        forms = panel.reports[f"form_{section}"].fillna("").to_numpy(dtype=object)
        same_form &= forms[earlier] == forms[later]
    equal = ((before == now) | (np.isnan(before) & np.isnan(now))).all(axis=1)
    surprisal = surprisal_of(panel, later)
    assessable = same_form & ~np.isnan(now).all(axis=1)
    status = judge(assessable, ~(equal & (surprisal >= SURPRISING)))
    cells = ["permits.decisions", "penalties.decisions", "coercion.decisions", "applications.received.total"]
    count = (~np.isnan(now)).sum(axis=1)
    limit = np.full(len(later), SURPRISING)
    return outcome(
        panel, later, surprisal, limit, status, "tables", cells, earlier, cells, cells_equal=count.astype(float)
    )


def surprisal_of(panel: Panel, rows: np.ndarray) -> np.ndarray:
    """How unlikely it is that a report's non-zero numbers come back by chance, in powers of ten; float64 per report."""
    total = np.zeros(len(rows))
    for cell in ("permits.decisions", "penalties.decisions", "coercion.decisions", "applications.received.total"):
        x = np.maximum(np.nan_to_num(panel.values[rows, panel.column(cell)]), 0.0)
        spread = np.sqrt(x + (0.3 * x) ** 2)
        chance = np.minimum(1.0, 1.0 / (np.sqrt(2 * np.pi) * np.maximum(spread, 0.4)))
        total += np.where(x > 0, -np.log10(chance), 0.0)
    results = [
        c
        for c in panel.cells
        if c.startswith("applications.")
        and c.endswith(".total")
        and c.split(".")[1] not in ("received", "carried_in", "results_total", "carried_forward")
    ]
    filled = (np.nan_to_num(panel.values[np.ix_(rows, panel.columns(results))]) > 0).sum(axis=1)
    return total + 0.4 * np.maximum(filled - 1, 0)
