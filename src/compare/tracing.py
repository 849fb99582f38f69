"""From a mark of any chart to the cells on the page, in one call: a chart's data says whose mark it is, the panel knows the
cells."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from compare.evidence import Archive, Picture, pictures_in, trace_in
from compare.indicators import indicators, rule_of
from compare.panel import Panel, measure, measures

REPORTS = ("report_id", "report_after", "first_report")  # columns of chart.data that name one report


def cells_behind(panel: Panel, mark: pd.Series, what: str = "") -> pd.DataFrame:
    """The facts that a mark counts: fact_id, report_id, cell, value, largest first.

    `mark` is a row of chart.data: it names a report, or an office, a year, or both. `what` is a measure, an indicator (its
    numerator and denominator), a result group or a cell code; without it the mark's own `measure`. Raises KeyError for a
    name that is none of these, ValueError where the mark names nothing.
    """
    cells = cells_of(panel, what or str(mark.get("measure") or ""))
    rows = reports_of(panel, mark)
    ids = panel.reports["report_id"].to_numpy(dtype=object)
    found = [
        (f"{ids[row]}/{cell}", ids[row], cell, panel.values[row, panel.column(cell)])
        for row in rows
        for cell in cells
        if panel.states[row, panel.column(cell)] > 0
    ]
    table = pd.DataFrame(found, columns=["fact_id", "report_id", "cell", "value"])
    return table.sort_values("value", ascending=False, kind="stable", na_position="last").reset_index(drop=True)


def cells_of(panel: Panel, what: str) -> list[str]:
    """The cell codes that a measure, an indicator or a cell code stands for, of both forms."""
    if what in panel.cells:
        return [what]
    names = [what]
    if what in indicators().index:
        rule = rule_of(what)
        names = [name for name in f"{rule.numerator} {rule.denominator}".split() if name not in "+-"]
    if not set(names) <= set(measures().index):
        raise KeyError(f"{what!r} is no measure, no indicator and no cell; name what the mark counts")
    codes = [code for name in names for code in f"{measure(name).cells_2021} {measure(name).cells_2019}".split()]
    return [code for code in dict.fromkeys(codes) if code in panel.cells]


def reports_of(panel: Panel, mark: pd.Series) -> np.ndarray:
    """The places in panel.reports that a mark counts."""
    for name in REPORTS:
        if name in mark and isinstance(mark[name], str) and mark[name]:
            return np.flatnonzero((panel.reports["report_id"] == mark[name]).to_numpy(dtype=bool))
    year, office = asked(mark, "year"), asked(mark, "office_id")
    if year is None and office is None:
        raise ValueError("this mark names no report, no office and no year")
    chosen = panel.place
    if office is not None:
        chosen = chosen[panel.offices.index.get_indexer(pd.Index([office]))]
    if year is not None:
        chosen = chosen[:, [panel.years.index(int(year))]]
    return chosen[chosen >= 0]


def asked(mark: pd.Series, name: str) -> Any:
    """What a mark says in a column; None where it says nothing."""
    value = mark.get(name)
    return None if value is None or value == "" or pd.isna(value) else value


def trace(panel: Panel, mark: pd.Series, what: str = "") -> pd.DataFrame:
    """The cells behind a mark with all that is known of each (see compare.evidence.trace), largest first."""
    facts = cells_behind(panel, mark, what)
    archive = Archive(panel.folder, tuple(dict.fromkeys(facts["report_id"])))
    return pd.DataFrame([trace_in(archive, fact_id) for fact_id in facts["fact_id"]])


def pictures(panel: Panel, mark: pd.Series, what: str = "", most: int = 3) -> list[Picture]:
    """Where the cells behind a mark stand, as pictures of the page or table, at most `most`, largest figures first."""
    facts = cells_behind(panel, mark, what)
    reports = list(dict.fromkeys(facts["report_id"]))[:most]
    archive = Archive(panel.folder, tuple(reports))
    shown = facts.loc[facts["report_id"].isin(reports), "fact_id"]
    return pictures_in(archive, list(shown))[:most]
