"""B01–B03 and B06: what the report says in prose against what its tables print."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from compare.panel import NotPublishedError, Panel
from compare.rules import FAIL, judge, outcome, rule, stack

REGULATIONS_50 = "《政府信息公开条例》第五十条; 国办公开办函〔2021〕30号"
CARRIED = ("结转", "上年度")
CARRIED_ON = r"结转(?:至|到|入)?(?:下|次|明|\d{4})"  # into the next year: nothing that came in
HANDLED = ("受理", "办理", "处理")
INCLUDED = ("含", "包括", "加上", "连同", "共计")
WIDER = ("全区", "全县", "全市", "各级", "辖区")  # a body that speaks for others may print its own table only
RESULTS = ("granted", "partly_granted", "refused", "unavailable", "not_processed", "other")
OUTCOMES = ("upheld", "corrected", "other", "pending")
LAWSUITS = ("litigation_direct", "litigation_after_reconsideration")


def stated_table(panel: Panel) -> pd.DataFrame:
    """stated.csv cut down to the panel's reports, with `row` (place of the report), `at` (place of the sentence) and value
    as float64; empty where nothing is published."""
    try:
        table = panel.rows_of("stated.csv")
    except NotPublishedError:
        names = ["report_id", "quantity", "unit", "qualifier", "sentence", "section", "proof", "page"]
        return pd.DataFrame({name: pd.Series(dtype="string") for name in names}).assign(
            value=pd.Series(dtype=float), row=pd.Series(dtype=int), at=pd.Series(dtype="string")
        )
    for name in ("qualifier", "unit"):
        if name not in table.columns:
            table[name] = pd.Series(pd.NA, index=table.index, dtype="string")
    # Where the sentence stands: the same one may stand in two places.
    at = pd.Series("", index=table.index, dtype="string")
    for name in ("section", "page", "row"):
        at += "/" + (table[name].astype("string").fillna("") if name in table else "")
    row = pd.Index(panel.reports["report_id"].astype(object)).get_indexer(table["report_id"].astype(object))
    table = table.assign(at=at, row=row, value=table["value"].astype(float), sentence=table["sentence"].fillna(""))
    table = table[(row >= 0) & table["value"].notna()]
    return table.sort_values(["row", "section", "page"], kind="stable").reset_index(drop=True)


def stated(panel: Panel, quantity: str, exact: bool = True) -> pd.DataFrame:
    """The sentences of the panel's reports that state a quantity, with `row`: place of the report. `exact` leaves
    out 余, 约, ranges and what is counted over all years."""
    table = panel.kept("stated", stated_table)
    chosen = table["quantity"].eq(quantity)
    if exact:
        chosen &= table["qualifier"].isna()
    return table[chosen].reset_index(drop=True)


def compare_stated(
    panel: Panel, quantity: str, right: np.ndarray, accepted: np.ndarray, cells: list[str], zeros: bool = False
) -> pd.DataFrame:
    """Assess each stated figure against `right`, float64 per sentence; `accepted`, bool per sentence, passes a
    figure for another reason. Figures of zero are B06's, unless `zeros`.

    A smaller figure beside a sentence that agrees is a part of the whole (by channel, by kind) and no
    contradiction.
    """
    sentences = stated(panel, quantity)
    if sentences.empty:
        return stack([])
    rows, left = sentences["row"].to_numpy(), sentences["value"].to_numpy(dtype=float)
    agrees = np.isclose(left, right) | accepted
    some_agree = pd.Series(agrees).groupby(rows).transform("max").to_numpy(dtype=bool)
    holds = agrees | (some_agree & (left < right))
    status = judge(~np.isnan(right), holds)
    frame = outcome(panel, rows, left, right, status, quantity, cells)
    frame["sentence"] = sentences["sentence"].str.slice(0, 80).to_numpy(dtype=object)
    frame["stated_proof"] = sentences["proof"].to_numpy(dtype=object)
    frame["stated_page"] = sentences["page"].to_numpy(dtype=float, na_value=np.nan)
    # The second, third … sentence on the same thing in one report is an instance of its own.
    nth = frame.groupby("row").cumcount()
    frame["instance"] = np.where(nth == 0, quantity, quantity + "#" + (nth + 1).astype(str))
    wider = sentences["sentence"].str.contains("|".join(WIDER)).to_numpy(dtype=bool)
    frame["severity"] = np.where(wider & (frame["status"] == FAIL), "S2", "")
    return frame[(left != 0) | zeros].reset_index(drop=True)


def clause_of(sentence: str, value: float) -> str:
    """The part of a sentence between two commas in which the figure stands; all of it where it does not (as in Chinese
    numerals)."""
    figure = f"{value:.10g}"
    for clause in re.split("[，；。,;]", sentence):
        if re.search(rf"(?<![\d.]){re.escape(figure)}(?![\d.])", clause):
            return clause
    return sentence


@rule(
    "B01",
    ("Applications stated in prose match the table", "文中所述申请数与表一致"),
    "S1",
    REGULATIONS_50,
    (
        "the text states {left:,.0f} applications received, the table prints {right:,.0f}{both_en}: “{sentence}”",
        "正文称收到申请{left:,.0f}件，表中新收为{right:,.0f}件{both_zh}：“{sentence}”",
    ),
    merge=True,
)
def applications_as_stated(panel: Panel) -> pd.DataFrame:
    """B01: the text's N applications equal 一.总计, or 一 + 二 where the sentence speaks of 结转 or of all that was
    handled (受理, 办理: in the figure's own clause) and does not count what was carried in apart from N.

    Where the text says 收到 and means 一 + 二 it is S3; where it speaks of a whole district (全区, 各级) and the table
    may be the office's own, S2. False positives: letters of an inbox or batches are counted.
    """
    sentences = stated(panel, "applications_received")
    rows, text = sentences["row"].to_numpy(), sentences["sentence"]
    cells = ["applications.received.total", "applications.carried_in.total"]
    received, carried = (panel.values[rows, panel.column(cell)] for cell in cells)
    values = sentences["value"].to_numpy(dtype=float)
    clauses = pd.Series([clause_of(s, v) for s, v in zip(text.astype(str), values, strict=True)], dtype=str)
    speaks_of_both = text.str.replace(CARRIED_ON, "", regex=True).str.contains("|".join(CARRIED)).to_numpy(dtype=bool)
    speaks_of_both |= clauses.str.contains("|".join(HANDLED)).to_numpy(dtype=bool)
    carried_in = stated(panel, "applications_carried_in").query("value > 0")
    apart = set(zip(carried_in["row"], carried_in["sentence"], strict=True))
    told_apart = np.array([key in apart for key in zip(rows, text, strict=True)], dtype=bool)
    speaks_of_both &= ~told_apart | text.str.contains("|".join(INCLUDED)).to_numpy(dtype=bool)
    whole = np.isclose(values, received + np.nan_to_num(carried))
    frame = compare_stated(panel, "applications_received", received, speaks_of_both & whole, cells, zeros=True)
    if len(frame):
        # What the text calls received is 一 + 二 together: loosely worded rather than wrong.
        frame["severity"] = np.where((frame["status"] == FAIL) & whole, "S3", frame["severity"])
        frame["both_en"] = np.where(whole, " and with what was carried in just as many as the text", "")
        frame["both_zh"] = np.where(whole, "，加上年结转恰与正文相等", "")
    return frame[frame["left"] != 0].reset_index(drop=True) if len(frame) else frame


@rule(
    "B02",
    ("Applications answered and carried over match the table", "文中所述答复与结转数与表一致"),
    "S1",
    REGULATIONS_50,
    (
        "the text states {left:,.0f} {what_en}, the table prints {right:,.0f}: “{sentence}”",
        "正文称{what_zh}{left:,.0f}件，表中为{right:,.0f}件：“{sentence}”",
    ),
    merge=True,
)
def answers_as_stated(panel: Panel) -> pd.DataFrame:
    """B02: answered, carried in, carried forward and each kind of result as the text states them equal （七）, 二, 四
    and the rows of 三.

    False positives: "答复含上年结转" of only a part; 办结 counted within the year's own applications (accepted where
    it equals 一 or （七） less what was carried in).
    """
    total = {"applications_answered": "results_total", "applications_carried_in": "carried_in"}
    total["applications_carried_forward"] = "carried_forward"
    frames = []
    for quantity, row in total.items():
        rows = stated(panel, quantity)["row"].to_numpy()
        cells = [f"applications.{row}.total"]
        right = panel.values[rows, panel.column(cells[0])]
        accepted = np.zeros(len(rows), dtype=bool)
        if row == "results_total":
            carried = np.nan_to_num(panel.values[rows, panel.column("applications.carried_in.total")])
            value = stated(panel, quantity)["value"].to_numpy(dtype=float)
            accepted = (value == right - carried) & (carried > 0)
        frame = compare_stated(panel, quantity, right, accepted, cells)
        frames.append(frame.assign(what_en=quantity.replace("_", " "), what_zh=WORDS[row]))
    for kind in RESULTS:
        quantity, prefix = f"applications_{kind}", "other_handling" if kind == "other" else kind
        cells = [c for c in panel.cells if c.startswith(f"applications.{prefix}.") and c.endswith(".total")]
        right = panel.column_sum(cells)[stated(panel, quantity)["row"].to_numpy()]
        frame = compare_stated(panel, quantity, right, np.zeros(len(right), dtype=bool), cells)
        frames.append(frame.assign(what_en=quantity.replace("_", " "), what_zh=WORDS[kind]))
    return stack(frames)


WORDS = {
    "results_total": "办结申请", "carried_in": "上年结转", "carried_forward": "结转下年", "granted": "予以公开",
    "partly_granted": "部分公开", "refused": "不予公开", "unavailable": "无法提供", "not_processed": "不予处理",
    "other": "其他处理", "upheld": "维持", "corrected": "纠正", "pending": "尚未审结",
}  # fmt: skip


def channels_of(kind: str) -> tuple[str, ...]:
    """The channels of section 四 that a stated quantity adds up."""
    return ("reconsideration",) if kind == "reconsiderations" else LAWSUITS


@rule(
    "B03",
    ("Appeals stated in prose match the table", "文中所述复议诉讼数与表一致"),
    "S1",
    REGULATIONS_50,
    (
        "the text states {left:,.0f} {what_en}, the table prints {right:,.0f}: “{sentence}”",
        "正文称{what_zh}{left:,.0f}件，表中为{right:,.0f}件：“{sentence}”",
    ),
    merge=True,
)
def appeals_as_stated(panel: Panel) -> pd.DataFrame:
    """B03: reconsiderations and lawsuits of the text, and their outcomes, equal table 四 (lawsuits: direct + after
    reconsideration).

    False positives: the text counts all reconsiderations of the office, not only those on disclosure.
    """
    frames = []
    for kind, zh in (("reconsiderations", "行政复议"), ("lawsuits", "行政诉讼")):
        for outcome_name in ("total", *OUTCOMES):
            cells = [f"appeals.{channel}.{outcome_name}" for channel in channels_of(kind)]
            quantity = kind if outcome_name == "total" else f"{kind}.{outcome_name}"
            right = panel.column_sum(cells)[stated(panel, quantity)["row"].to_numpy()]
            frame = compare_stated(panel, quantity, right, np.zeros(len(right), dtype=bool), cells)
            ending = "" if outcome_name == "total" else f" ({outcome_name})"
            told = zh + ("" if outcome_name == "total" else "其他" if outcome_name == "other" else WORDS[outcome_name])
            frames.append(frame.assign(what_en=kind + ending, what_zh=told))
    return stack(frames)


@rule(
    "B06",
    ("'None' in prose, and none in the table", "文中称无，表中亦无"),
    "S1",
    REGULATIONS_50,
    (
        "the text says there were no {what_en}, the table prints {right:,.0f}: “{sentence}”",
        "正文称没有{what_zh}，表中为{right:,.0f}件：“{sentence}”",
    ),
    merge=True,
)
def nothing_as_stated(panel: Panel) -> pd.DataFrame:
    """B06: 未收到, 无, 0件 in the text against a cell that is not zero: applications, what is carried over, appeals.

    A zero beside another figure for the same thing is a part (0 by letter) and not assessed here. False positives:
    a sentence about another channel, or about one part of the office.
    """
    sums = {
        "applications_received": (["applications.received.total"], "applications", "收到申请"),
        "applications_answered": (["applications.results_total.total"], "applications answered", "办结申请"),
        "applications_carried_in": (["applications.carried_in.total"], "applications carried in", "上年结转"),
        "applications_carried_forward": (["applications.carried_forward.total"], "applications carried on", "结转下年"),
        "reconsiderations": (["appeals.reconsideration.total"], "reconsiderations", "行政复议"),
        "lawsuits": ([f"appeals.{channel}.total" for channel in LAWSUITS], "lawsuits", "行政诉讼"),
    }
    frames = []
    for quantity, (cells, en, zh) in sums.items():
        sentences = stated(panel, quantity)
        rows = sentences["row"].to_numpy()
        right = panel.column_sum(cells)[rows]
        frame = compare_stated(panel, quantity, right, np.zeros(len(rows), dtype=bool), cells, zeros=True)
        if len(frame):
            every = stated(panel, quantity, exact=False)
            highest = every.groupby("row")["value"].max().reindex(sentences["row"]).to_numpy(dtype=float)
            frame = frame[highest == 0].assign(what_en=en, what_zh=zh)
            frames.append(frame)
    return stack(frames)
