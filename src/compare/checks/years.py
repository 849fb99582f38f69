"""D01–D03, D09 and D10: one year's report against the report of the year before."""

from __future__ import annotations

import numpy as np
import pandas as pd

from compare.panel import STATES, Panel
from compare.rules import all_rows, judge, outcome, rule, stack, year_pairs
from compare.surprisal import COUNTED, copies

APPLICANTS = ("natural_person", "business", "research", "social_welfare", "legal_service", "other", "total")
FIRST_STOCK_YEAR = 2022  # base year 2021: the stock of form 2019 counted something else
REVIEW_LAW_YEAR = 2024  # Reconsideration Law, article 23(4): refusals go to reconsideration first


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
    """D01: 二 of this year equals 四 of last year in each of 7 columns. Graded: S1 where the totals differ; S2 where
    they do and one of the two reports breaks its own flow (A03), so that the mistake may be that one, or where a row is
    wholly blank and the flow of its report closes without it, or shows a dash, so that it must mean none; S3 where only
    the applicants differ.

    False positives: last year's report was corrected; an applicant was classed anew. Abroad a third of all
    agency-years fail this.
    """
    earlier, later = year_pairs(panel)
    out_cells = [f"applications.carried_forward.{a}" for a in APPLICANTS]
    in_cells = [f"applications.carried_in.{a}" for a in APPLICANTS]
    left, right = filled_row(panel, earlier, out_cells), filled_row(panel, later, in_cells)
    empty = blank_means_none(panel)
    implied = (
        np.isnan(left[:, -1]) & empty["carried_forward"][earlier],
        np.isnan(right[:, -1]) & empty["carried_in"][later],
    )
    left[implied[0], -1], right[implied[1], -1] = 0.0, 0.0
    totals_agree = np.isclose(left[:, -1], right[:, -1])
    broken = flow_is_broken(panel)
    weaker = broken[earlier] | broken[later] | implied[0] | implied[1]
    grade = np.where(totals_agree, "S3", np.where(weaker, "S2", "S1"))
    frames = []
    for k, applicant in enumerate(APPLICANTS):
        status = judge(~np.isnan(left[:, k] + right[:, k]), np.isclose(left[:, k], right[:, k]))
        frame = outcome(
            panel, later, left[:, k], right[:, k], status, applicant, [in_cells[k]], earlier, [out_cells[k]]
        )
        frame["severity"] = grade
        label = panel.codebook.loc[in_cells[k]]
        frames.append(
            frame.assign(
                where_en=str(label["label_en"]).split(" · ")[-1], where_zh=str(label["label_zh"]).split(" · ")[-1]
            )
        )
    return stack(frames)


def blank_means_none(panel: Panel) -> dict[str, np.ndarray]:
    """For carried_in and carried_forward, bool per report: 总计 is blank, 一 and （七） are printed and not both 0, and 一
    + 二 = 三（七） + 四 closes with nothing in its place; or 总计 shows a dash, with which an office says none."""
    rows = ("received", "carried_in", "results_total", "carried_forward")
    numbers = {row: panel.values[:, panel.column(f"applications.{row}.total")] for row in rows}
    dash = {
        row: panel.states[:, panel.column(f"applications.{row}.total")] == STATES.index("dash")
        for row in ("carried_in", "carried_forward")
    }
    printed = ~np.isnan(numbers["received"] + numbers["results_total"])
    printed &= (np.nan_to_num(numbers["received"]) + np.nan_to_num(numbers["results_total"])) > 0
    filled = {row: np.nan_to_num(values) for row, values in numbers.items()}
    closes = filled["received"] + filled["carried_in"] == filled["results_total"] + filled["carried_forward"]
    return {row: (printed & closes & np.isnan(numbers[row])) | dashed for row, dashed in dash.items()}


def flow_is_broken(panel: Panel) -> np.ndarray:
    """For each report, bool: in the column of totals 一 + 二 is not 三（七） + 四. False where one of them is blank."""
    rows = ("received", "carried_in", "results_total", "carried_forward")
    first, second, third, fourth = (panel.values[:, panel.column(f"applications.{row}.total")] for row in rows)
    difference = first + second - third - fourth
    return ~np.isnan(difference) & (difference != 0)


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
    """D02: 现行有效(t) = 现行有效(t−1) + 制发 − 废止, from 2022 on. Both 现行有效 must be printed; 制发 or 废止 left blank
    beside it counts as 0.

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
        own = [f"{kind}.{name}" for name in ("effective", "issued", "repealed")]
        stock = panel.values[:, panel.column(own[0])]
        changes = filled_row(panel, later, own)
        left, right = stock[earlier] + changes[:, 1] - changes[:, 2], stock[later]
        status = judge(~np.isnan(left + right), np.isclose(left, right))
        frames.append(outcome(panel, later, left, right, status, kind, own, earlier, own[:1], where_en=en, where_zh=zh))
    return stack(frames)


@rule(
    "D03",
    ("Not last year's tables again", "统计表未照抄上年"),
    "S2",
    "国办公开办函〔2021〕30号 names near-duplicate reports (内容雷同) as a fault; surprisal (compare.surprisal)",
    (
        "all {numbers:.0f} numbers of its tables equal last year's (surprisal {left:.1f}; told from {right:.1f}, where of "
        "{found:.0f} identical pairs {chance:.1f} would be expected by chance)",
        "统计表全部{numbers:.0f}个数字与上年相同（意外度{left:.1f}，达到{right:.1f}即提示；"
        "本次共有{found:.0f}对如此，偶然预期约{chance:.1f}对）",
    ),
    whole=True,
)
def tables_are_new(panel: Panel) -> pd.DataFrame:
    """D03: all numeric cells equal last year's of the same form (cells of doubtful reading left out), and that is not to
    be expected by chance: from the surprisal on at which at most 5 % of the identical pairs of all offices would come
    back by chance alone, never less than 1 and never more than 2.5 powers of ten. How often each number comes back is
    learnt from all offices (compare.repetition); one count that comes back alone weighs half a power of ten less.

    False positives: offices with almost nothing to report (hence the surprisal: naive equality is right in 24 % of
    cases only).
    """
    earlier, later = year_pairs(panel)
    same_form = np.ones(len(later), dtype=bool)
    for section in ("proactive", "applications"):
        forms = panel.reports[f"form_{section}"].fillna("").to_numpy(dtype=object)
        same_form &= forms[earlier] == forms[later]
    made = copies(panel, earlier, later, same_form)
    with np.errstate(invalid="ignore"):
        status = judge(~np.isnan(made.surprisal), ~(made.equal & (made.surprisal >= made.least)))
    limit = np.full(len(later), made.least)
    frame = outcome(panel, later, made.surprisal, limit, status, "tables", COUNTED, earlier, COUNTED)
    return frame.assign(numbers=made.numbers, chance=made.chance, found=float(made.found))


@rule(
    "D09",
    ("What was pending appears in the next year", "上年未审结案件在本年有体现"),
    "S3",
    "国办公开办函〔2021〕30号 (whether cases carried over are counted again is not said)",
    (
        "{left:,.0f} cases of '{where_en}' were pending at the end of last year, this year's total is 0",
        "“{where_zh}”上年尚未审结{left:,.0f}件，而本年总计为0",
    ),
)
def pending_cases_go_on(panel: Panel) -> pd.DataFrame:
    """D09: 尚未审结 of last year's report above 0, and 总计 of the same channel 0 this year.

    False positives: offices that count a case in the year it was filed only; the rule is unclear.
    """
    earlier, later = year_pairs(panel)
    frames = []
    for channel, en, zh in (
        ("reconsideration", "reconsideration", "行政复议"),
        ("litigation_direct", "lawsuits without reconsideration", "未经复议直接起诉"),
        ("litigation_after_reconsideration", "lawsuits after reconsideration", "复议后起诉"),
    ):
        before, now = [f"appeals.{channel}.pending"], [f"appeals.{channel}.total"]
        left, right = panel.values[earlier, panel.column(before[0])], panel.values[later, panel.column(now[0])]
        status = judge(~np.isnan(left + right), ~((left > 0) & (right == 0)))
        frame = outcome(panel, later, left, right, status, channel, now, earlier, before)
        frames.append(frame.assign(where_en=en, where_zh=zh))
    return stack(frames)


@rule(
    "D10",
    ("Refusals go to reconsideration before a suit", "不予公开须先行复议"),
    "S3",
    "《行政复议法》（2024年1月1日起施行）第二十三条",
    (
        "{left:,.0f} lawsuits without reconsideration, though every result but disclosure is a refusal, for which "
        "reconsideration comes first since 2024",
        "未经复议直接起诉{left:,.0f}件，而除公开外的结果均为不予公开，2024年起应先行复议",
    ),
)
def refusals_are_reviewed_first(panel: Panel) -> pd.DataFrame:
    """D10: from 2024 on, lawsuits without reconsideration above 0 in a report whose only results other than disclosure
    are refusals (不予公开).

    False positives: suits over non-reply, over what the office does not hold, or begun before 2024.
    """
    years = panel.reports["year"].to_numpy(dtype=float, na_value=np.nan)
    direct, refused = panel.measure("lawsuits_direct"), panel.measure("refused")
    others = np.nansum([panel.measure(m) for m in ("unavailable", "not_processed", "other_handling")], axis=0)
    status = judge((years >= REVIEW_LAW_YEAR) & ~np.isnan(direct) & (refused > 0), ~((direct > 0) & (others == 0)))
    cells = ["appeals.litigation_direct.total"]
    return outcome(panel, all_rows(panel), direct, refused, status, "litigation_direct", cells)
