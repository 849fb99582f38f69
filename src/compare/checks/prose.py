"""B01 and B03: what the report says in prose against what its tables print."""

from __future__ import annotations

import numpy as np
import pandas as pd

from compare.panel import NotPublishedError, Panel, read_table
from compare.rules import FAIL, judge, outcome, rule, stack

REGULATIONS_50 = "《政府信息公开条例》第五十条; 国办公开办函〔2021〕30号"
CARRIED = ("结转", "上年度")
HANDLED = ("受理", "办理", "处理")


def stated(panel: Panel, quantity: str) -> pd.DataFrame:
    """The sentences of the panel's reports that state a quantity, with `row`: place of the report; empty where
    nothing is published."""
    try:
        table = read_table(panel.folder, "stated.csv")
    except NotPublishedError:
        return pd.DataFrame(
            {"row": pd.Series(dtype=int), "value": pd.Series(dtype=float), "sentence": pd.Series(dtype=str)}
        )
    table = table[table["quantity"].eq(quantity) & table["value"].notna()]
    row = pd.Index(panel.reports["report_id"].astype(object)).get_indexer(table["report_id"].astype(object))
    table = table.assign(row=row, value=table["value"].astype(float))[row >= 0]
    return table.sort_values(["row", "section", "page"], kind="stable").reset_index(drop=True)


def compare_stated(
    panel: Panel, quantity: str, right: np.ndarray, accepted: np.ndarray, cells: list[str]
) -> pd.DataFrame:
    """Assess each stated figure against `right`, float64 per sentence; `accepted`, bool per sentence, passes a
    figure for another reason.

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
    frame["sentence"] = sentences["sentence"].fillna("").str.slice(0, 80).to_numpy(dtype=object)
    frame["stated_proof"] = sentences["proof"].to_numpy(dtype=object)
    # The second, third … sentence on the same thing in one report is an instance of its own.
    nth = frame.groupby("row").cumcount()
    frame["instance"] = np.where(nth == 0, quantity, quantity + "#" + (nth + 1).astype(str))
    return frame


@rule(
    "B01",
    ("Applications stated in prose match the table", "文中所述申请数与表一致"),
    "S1",
    REGULATIONS_50,
    (
        "the text states {left:,.0f} applications received, the table prints {right:,.0f}: “{sentence}”",
        "正文称收到申请{left:,.0f}件，表中新收为{right:,.0f}件：“{sentence}”",
    ),
)
def applications_as_stated(panel: Panel) -> pd.DataFrame:
    """B01: the text's N applications equal 一.总计, or 一 + 二 where the sentence speaks of 结转 or of all that was
    handled (受理, 办理).

    Where the text says 收到 and means 一 + 二 it is S3. False positives: letters of an inbox or batches are counted.
    """
    sentences = stated(panel, "applications_received")
    rows, text = sentences["row"].to_numpy(), sentences["sentence"].fillna("")
    cells = ["applications.received.total", "applications.carried_in.total"]
    received, carried = (panel.values[rows, panel.column(cell)] for cell in cells)
    speaks_of_both = text.str.contains("|".join(CARRIED + HANDLED)).to_numpy(dtype=bool)
    whole = np.isclose(sentences["value"].to_numpy(dtype=float), received + np.nan_to_num(carried))
    frame = compare_stated(panel, "applications_received", received, speaks_of_both & whole, cells)
    if len(frame):
        # What the text calls received is 一 + 二 together: loosely worded rather than wrong.
        frame["severity"] = np.where((frame["status"] == FAIL) & whole, "S3", "")
    return frame


@rule(
    "B03",
    ("Appeals stated in prose match the table", "文中所述复议诉讼数与表一致"),
    "S1",
    REGULATIONS_50,
    (
        "the text states {left:,.0f} {what_en}, the table prints {right:,.0f}: “{sentence}”",
        "正文称{what_zh}{left:,.0f}件，表中为{right:,.0f}件：“{sentence}”",
    ),
)
def appeals_as_stated(panel: Panel) -> pd.DataFrame:
    """B03: reconsiderations and lawsuits of the text equal table 四 (lawsuits: direct + after reconsideration).

    False positives: the text counts all reconsiderations of the office, not only those on disclosure.
    """
    frames = []
    lawsuits = ["appeals.litigation_direct.total", "appeals.litigation_after_reconsideration.total"]
    for quantity, cells, names in (
        ("reconsiderations", ["appeals.reconsideration.total"], ("reconsiderations", "行政复议")),
        ("lawsuits", lawsuits, ("lawsuits", "行政诉讼")),
    ):
        right = panel.column_sum(cells)[stated(panel, quantity)["row"].to_numpy()]
        frame = compare_stated(panel, quantity, right, np.zeros(len(right), dtype=bool), cells)
        frames.append(frame.assign(what_en=names[0], what_zh=names[1]))
    return stack(frames)
