"""A01–A06: the form's own arithmetic inside one report.

A blank total cannot be assessed. A blank part counts as zero where at least one part of its sum is filled, as
offices leave zeros out.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from compare.item_counts import SERIES, item_counts
from compare.panel import STATES, Panel, measure
from compare.rules import all_rows, judge, outcome, rule, stack

FORM_NOTICES = "国办公开办函〔2019〕60号, 〔2021〕30号"
SIGNED = "change"
DECIMAL = {"fees.amount", "procurement.amount"}


def identity_holds(panel: Panel, identity: str) -> pd.DataFrame:
    """Assess every instance of an identity of identities.csv, each over the reports whose table has the identity's
    form."""
    frames = []
    for line in panel.identities[panel.identities["identity"] == identity].itertuples():
        left_cells, right_cells = str(line.left).split(), str(line.right).split()
        section = "appeals" if left_cells[0].startswith("appeals.") else "applications"
        rows = rows_of_form(panel, section, str(line.form))
        left, right = panel.columns(left_cells), panel.columns(right_cells)
        added, printed = panel.values[:, left][rows], panel.values[:, right][rows]
        # A total must be printed; in A03 what came in and what was decided too, or nothing can be compared.
        assessable = ~np.isnan(printed[:, 0]) & ~np.isnan(added).all(axis=1)
        if identity == "A03":
            assessable &= ~np.isnan(added[:, 0])
        states = panel.states[:, np.concatenate([left, right])][rows]
        assessable &= ~(states == STATES.index("illegible")).any(axis=1)
        total_left, total_right = np.nansum(added, axis=1), np.nansum(printed, axis=1)
        blanks = np.isnan(added).sum(axis=1)
        status = judge(assessable, np.isclose(total_left, total_right))
        where = place_names(panel, str(line.instance), identity)
        frames.append(
            outcome(
                panel,
                rows,
                total_left,
                total_right,
                status,
                str(line.instance),
                left_cells + right_cells,
                blanks=blanks,
            ).assign(**where)
        )
    return stack(frames)


def rows_of_form(panel: Panel, section: str, form: str) -> np.ndarray:
    """The reports whose section has one of the forms that `form` (2019, 2021, 2019/2021, both) names."""
    forms = panel.reports[f"form_{section}"].fillna("").to_numpy(dtype=object)
    wanted = {"2019", "2021"} if form == "both" else set(form.split("/"))
    return np.flatnonzero([bool(wanted & set(str(f).split("/"))) for f in forms])


def place_names(panel: Panel, instance: str, identity: str) -> dict[str, str]:
    """The row or column that an identity runs over, as the codebook calls it."""
    block, _, code = instance.partition(".")
    axis, part = ("row_code", 0) if identity in ("A01", "A04") else ("column_code", -1)
    named = panel.codebook[(panel.codebook["block"] == block) & (panel.codebook[axis] == code)]
    if named.empty:
        return {"where_en": code, "where_zh": code}
    first = named.iloc[0]
    return {
        "where_en": str(first["label_en"]).split(" · ")[part],
        "where_zh": str(first["label_zh"]).split(" · ")[part],
    }


@rule(
    "A01",
    ("Six applicants add up to the row's total", "六类申请人之和等于总计"),
    "S1",
    FORM_NOTICES,
    (
        "row '{where_en}': the six applicants add up to {left:,.0f}, the printed total is {right:,.0f}",
        "“{where_zh}”一行六类申请人之和为{left:,.0f}，印出的总计为{right:,.0f}",
    ),
)
def applicants_add_up(panel: Panel) -> pd.DataFrame:
    """A01: in each row of section 三 the six kinds of applicants add up to 总计.

    False positives: a merged cell shifted by one column; a misread digit (the proof of the facts decides the tier).
    """
    return identity_holds(panel, "A01")


@rule(
    "A02",
    ("Result rows add up to the total of results", "各项办理结果之和等于（七）总计"),
    "S1",
    FORM_NOTICES,
    (
        "column '{where_en}': the result rows add up to {left:,.0f}, （七）总计 prints {right:,.0f}",
        "“{where_zh}”一列各项办理结果之和为{left:,.0f}，（七）总计印为{right:,.0f}",
    ),
)
def results_add_up(panel: Panel) -> pd.DataFrame:
    """A02: in each of 7 columns the result rows, by the table's own form, add up to （七）总计.

    False positives: sub-totals printed on the heads of （三） and （四）; （六） filled as a header's sum.
    """
    return identity_holds(panel, "A02")


@rule(
    "A03",
    ("What came in equals what was decided or carried on", "一加二等于三加四"),
    "S1",
    FORM_NOTICES + " (printed in the table's head)",
    (
        "column '{where_en}': received plus carried in is {left:,.0f}, decided plus carried forward is {right:,.0f}",
        "“{where_zh}”一列新收与上年结转之和为{left:,.0f}，办理结果总计与结转下年之和为{right:,.0f}",
    ),
)
def flow_balances(panel: Panel) -> pd.DataFrame:
    """A03: 一 + 二 = 三（七） + 四 in each of 7 columns. Reported only once where it follows from A01 or A02.

    False positives: none where A01 and A02 hold.
    """
    return identity_holds(panel, "A03")


@rule(
    "A04",
    ("Outcomes of appeals add up to the channel's total", "复议诉讼各结果之和等于总计"),
    "S1",
    FORM_NOTICES,
    (
        "'{where_en}': the four outcomes add up to {left:,.0f}, the printed total is {right:,.0f}",
        "“{where_zh}”四种结果之和为{left:,.0f}，印出的总计为{right:,.0f}",
    ),
)
def appeals_add_up(panel: Panel) -> pd.DataFrame:
    """A04: 维持 + 纠正 + 其他 + 尚未审结 = 总计 in each of the three channels of section 四.

    False positives: the row of 15 cells read with a lost cell.
    """
    return identity_holds(panel, "A04")


@rule(
    "A05",
    ("Counts are whole and not negative; stocks and powers are possible", "数量为非负整数，存量与权限合理"),
    "S1",
    FORM_NOTICES,
    ("{what_en}", "{what_zh}"),
)
def counts_are_possible(panel: Panel) -> pd.DataFrame:
    """A05: counts are integers ≥ 0 (money: decimals ≥ 0; 本年增/减 is signed and exempt); 现行有效 ≥ 制发 − 废止 (S2);
    a street office issues no 规章 (S2).

    False positives: a document issued and expired within the year.
    """
    return stack([*impossible_numbers(panel), stock_is_possible(panel), no_rules_by_streets(panel)])


def impossible_numbers(panel: Panel) -> list[pd.DataFrame]:
    """Negative or broken counts, one row each; and one row for every report that has none."""
    values = np.nan_to_num(panel.values)
    money = np.array([cell in DECIMAL for cell in panel.cells], dtype=bool)
    signed = np.array([cell.endswith(f".{SIGNED}") for cell in panel.cells], dtype=bool)
    bad = ((values < 0) & ~signed) | ((values % 1 != 0) & ~money)
    frames = []
    for column in map(int, np.flatnonzero(bad.any(axis=0))):
        rows, cell = np.flatnonzero(bad[:, column]), panel.cells[column]
        label_en, label_zh = (str(panel.codebook.at[cell, name]) for name in ("label_en", "label_zh"))
        found = values[rows, column]
        frame = outcome(
            panel,
            rows,
            found,
            np.zeros(len(rows)),
            judge(np.ones(len(rows), bool), np.zeros(len(rows), bool)),
            cell,
            [cell],
        )
        frame["what_en"] = [f"'{label_en}' prints {v:,g}, which no count can be" for v in found]
        frame["what_zh"] = [f"“{label_zh}”印为{v:,g}，数量不可能如此" for v in found]
        frames.append(frame)
    rows = np.flatnonzero(~bad.any(axis=1))
    read = ~np.isnan(panel.values[rows]).all(axis=1)
    nothing = np.zeros(len(rows))
    return [*frames, outcome(panel, rows, nothing, nothing, judge(read, read), "all counts")]


def stock_is_possible(panel: Panel) -> pd.DataFrame:
    """现行有效 ≥ 制发 − 废止 for normative documents (form 2021)."""
    cells = [f"normative_documents.{name}" for name in ("effective", "issued", "repealed")]
    rows = all_rows(panel)
    effective, issued, repealed = (panel.values[:, panel.column(cell)] for cell in cells)
    right = issued - repealed
    status = judge(~np.isnan(effective + right), ~(effective < right))
    frame = outcome(panel, rows, effective, right, status, "normative_documents", cells, severity="S2")
    frame["what_en"] = [
        f"{e:,.0f} normative documents in force are fewer than issued less repealed, {r:,.0f}"
        for e, r in zip(effective, right, strict=True)
    ]
    frame["what_zh"] = [
        f"规范性文件现行有效{e:,.0f}件，少于制发减废止的{r:,.0f}件" for e, r in zip(effective, right, strict=True)
    ]
    return frame


def no_rules_by_streets(panel: Panel) -> pd.DataFrame:
    """A street or town office has no power to issue 规章, so every figure there must be 0."""
    cells = [c for c in panel.cells if c.startswith("government_rules.")]
    rows = np.flatnonzero(panel.reports["level"].isin(["street", "town"]).to_numpy())
    numbers = panel.values[np.ix_(rows, panel.columns(cells))]
    highest = np.nanmax(np.nan_to_num(numbers), axis=1, initial=0)
    status = judge(~np.isnan(numbers).all(axis=1), highest == 0)
    frame = outcome(panel, rows, highest, np.zeros(len(rows)), status, "government_rules", cells, severity="S2")
    frame["what_en"] = [
        f"a street office prints {v:,.0f} government rules, which it has no power to issue" for v in highest
    ]
    frame["what_zh"] = [f"街道印有规章{v:,.0f}件，街道无权制定规章" for v in highest]
    return frame


@rule(
    "A06",
    ("Form 2019: public stock and decisions are what they should be", "2019年表式：公开总数与处理决定数合理"),
    "S2",
    "国办公开办函〔2019〕60号",
    ("{what_en}", "{what_zh}"),
)
def old_form_is_filled_sensibly(panel: Panel) -> pd.DataFrame:
    """A06: 对外公开总数量 ≥ 本年新公开数量; and 处理决定数量 is not the number of kinds of items (上一年项目数量 + 本年增/减)
    where it is also at most half of what the office's other years have.

    False positives: a real coincidence, above all for small numbers.
    """
    return stack([*public_stock(panel), *decisions_are_cases(panel)])


def public_stock(panel: Panel) -> list[pd.DataFrame]:
    """对外公开总数量 ≥ 本年新公开数量, for 规章 and 规范性文件."""
    frames = []
    for kind, en, zh in (
        ("normative_documents", "normative documents", "规范性文件"),
        ("government_rules", "government rules", "规章"),
    ):
        cells = [f"{kind}.total_public", f"{kind}.newly_public"]
        total, newly = (panel.values[:, panel.column(cell)] for cell in cells)
        status = judge(~np.isnan(total + newly), ~(total < newly))
        frame = outcome(panel, all_rows(panel), total, newly, status, kind, cells)
        frame["what_en"] = [
            f"{t:,.0f} {en} public in total, but {n:,.0f} newly this year" for t, n in zip(total, newly, strict=True)
        ]
        frame["what_zh"] = [
            f"{zh}对外公开总数{t:,.0f}件，少于本年新公开{n:,.0f}件" for t, n in zip(total, newly, strict=True)
        ]
        frames.append(frame)
    return frames


def decisions_are_cases(panel: Panel) -> list[pd.DataFrame]:
    """Kinds of items where decisions belong (see compare.item_counts)."""
    frames = []
    for name in SERIES:
        cells = [f"{name}.{column}" for column in ("decisions", "previous_items", "change")]
        decisions, items, change = (panel.values[:, panel.column(cell)] for cell in cells)
        status = judge(~np.isnan(decisions + items), ~item_counts(panel, name))
        right = items + np.nan_to_num(change)
        frame = outcome(panel, all_rows(panel), decisions, right, status, name, cells)
        said = measure(name)
        frame["what_en"] = [
            f"{d:,.0f} {said.label_en} is the number of kinds of items ({d:,.0f} = last year's plus change), not of decisions"
            for d in decisions
        ]
        frame["what_zh"] = [
            f"{said.label_zh}处理决定数量{d:,.0f}恰为项目数（上年项目数加增减），疑似误填项目数" for d in decisions
        ]
        frames.append(frame)
    return frames
