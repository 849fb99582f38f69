"""C05 and C06: are the tables there and filled, and in the form of their year?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from compare.panel import STATES, Panel
from compare.rules import all_rows, judge, outcome, rule, stack

FORM_CHANGE = 2021


@rule(
    "C06",
    ("The form of its year", "使用当年表式"),
    "S2",
    "国办公开办函〔2019〕60号 (2019, 2020); 〔2021〕30号 (2021 onwards)",
    (
        "section {where} of the report for {year:.0f} has the form of {right:.0f}, not of {left:.0f}",
        "{year:.0f}年报告第{where}部分用的是{right:.0f}年表式，应为{left:.0f}年表式",
    ),
)
def form_of_its_year(panel: Panel) -> pd.DataFrame:
    """C06: reports for 2019 and 2020 use form 2019, later ones form 2021. Section 二 decides (S2); a single row （六）
    in section 三 of a later report is common and only worth a look (S3).

    False positives: the first year of a new form.
    """
    years = panel.reports["year"].to_numpy(dtype=float, na_value=np.nan)
    right_form = np.where(years >= FORM_CHANGE, 2021.0, 2019.0)
    frames = []
    blocks = {
        "proactive": ("二", "S2", {"documents", "permits", "penalties", "fees", "procurement"}),
        "applications": ("三", "S3", {"applications"}),
    }
    for section, (where, severity, names) in blocks.items():
        printed = pd.to_numeric(panel.reports[f"form_{section}"], errors="coerce").to_numpy(
            dtype=float, na_value=np.nan
        )
        one_form = panel.codebook["in_2019"].astype(bool) ^ panel.codebook["in_2021"].astype(bool)
        cells = list(panel.codebook.loc[panel.codebook["block"].isin(names) & one_form, "cell"])
        status = judge(~np.isnan(printed) & ~np.isnan(years), printed == right_form)
        frames.append(
            outcome(panel, all_rows(panel), right_form, printed, status, section, cells, severity=severity, where=where)
        )
    return stack(frames)


@rule(
    "C05",
    ("The tables are there and filled", "统计表齐全且已填写"),
    "S2",
    "国办公开办函〔2021〕30号",
    ("{what_en}", "{what_zh}"),
    merge=True,
)
def tables_are_there(panel: Panel) -> pd.DataFrame:
    """C05: the tables of sections 二, 三 and 四 are there (S2), and no cell of a row that has a number is blank or a dash
    (S3: where numbers stand beside it, a blank counts as zero in sums, and nowhere else; a habit of the office, told once,
    at its last such report).

    False positives: a table that could not be read (look at the page). A report of which no table was read at all is
    not assessable: see issues.csv.
    """
    read = panel.reports["cells_read"].fillna(0).to_numpy(dtype=float) > 0
    frames = []
    for section, where in (("proactive", "二"), ("applications", "三"), ("appeals", "四")):
        there = panel.reports[f"form_{section}"].notna().to_numpy(dtype=bool)
        frame = outcome(panel, all_rows(panel), there.astype(float), np.ones(len(there)), judge(read, there), section)
        frames.append(
            frame.assign(what_en=f"the table of section {where} is missing", what_zh=f"第{where}部分缺少统计表")
        )
    blanks, filled = blanks_beside_numbers(panel)
    count, last = habit(panel, blanks > 0)
    status = judge(filled & ((blanks == 0) | last), blanks == 0)
    frame = outcome(panel, all_rows(panel), blanks, np.zeros(len(blanks)), status, "blanks", severity="S3")
    told = list(zip(blanks, count, strict=True))
    en = [
        f"{b:.0f} {'cell is' if b == 1 else 'cells are'} blank or a dash in rows that have numbers (so in {n:.0f} of its reports)"
        for b, n in told
    ]
    zh = [f"有数字的行中有{b:.0f}格空白或划线（该机关{n:.0f}份报告如此）" for b, n in told]
    frames.append(frame.assign(what_en=en, what_zh=zh))
    return stack(frames)


def habit(panel: Panel, shows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(how many reports of the same office show it, float64; is this the office's last that does, bool), per report."""
    frame = pd.DataFrame({"office": panel.reports["office_id"].astype(object), "shows": shows, "row": all_rows(panel)})
    year = panel.reports["year"].to_numpy(dtype=float, na_value=-1.0)
    count = frame.groupby("office")["shows"].transform("sum").to_numpy(dtype=float)
    showing = frame[shows].assign(year=year[shows]).sort_values(["year", "row"], kind="stable")
    last = np.zeros(len(frame), dtype=bool)
    last[showing.drop_duplicates("office", keep="last")["row"].to_numpy(dtype=int)] = True
    return count, last


def blanks_beside_numbers(panel: Panel) -> tuple[np.ndarray, np.ndarray]:
    """(blank or dash cells in rows of a table that hold a number, float64; whether any row does, bool), per report."""
    groups = panel.codebook["block"].astype(str) + "." + panel.codebook["row_code"].astype(str)
    empty = np.isin(panel.states, [STATES.index("blank"), STATES.index("dash")])
    number = ~np.isnan(panel.values)
    blanks, filled = np.zeros(len(panel.reports)), np.zeros(len(panel.reports), dtype=bool)
    for _, members in groups.groupby(groups.to_numpy(), sort=False):
        columns = panel.columns(list(members.index))
        some = number[:, columns].any(axis=1)
        blanks += np.where(some, empty[:, columns].sum(axis=1), 0)
        filled |= some
    return blanks, filled
