"""What became of the applications, and on which grounds they were refused."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import pandas as pd

from compare.indicators import SMALL
from compare.language import Words
from compare.panel import Panel, measure

GROUPS = ("granted", "partly_granted", "refused", "unavailable", "not_processed", "other_handling")
TOGETHER = "together"  # the row of the offices or years whose own number is too small


def outcomes(panel: Panel) -> pd.DataFrame:
    """Office × year with the six groups of results (float64) and report_id; reports without any of them are left out.
    The groups are comparable in both forms."""
    frame = panel.series(GROUPS[0])[["office_id", "office", "district_zh", "year", "report_id"]]
    for name in GROUPS:
        frame[name] = panel.series(name)["value"]
    return frame.dropna(subset=list(GROUPS), how="all")


def summed(frame: pd.DataFrame, by: list[str], columns: tuple[str, ...] = GROUPS) -> pd.DataFrame:
    """Counts added up by `by`, with n, their sum; rows in which there is nothing are left out. Largest n first, years
    in order."""
    table = frame.groupby(by, sort=True)[list(columns)].sum().reset_index()
    table["n"] = table[list(columns)].sum(axis=1)
    table = table[table["n"] > 0]
    if by != ["year"]:
        table = table.sort_values(["n", by[0]], ascending=[False, True], kind="stable")
    return table.reset_index(drop=True)


def group_words(name: str) -> Words:
    """A group of results in words."""
    return Words(measure(name).label_en, measure(name).label_zh)


@cache
def grounds() -> dict[str, Words]:
    """The eight grounds of refusal by code, from reference/grounds.csv."""
    with (files("compare") / "reference" / "grounds.csv").open(encoding="utf-8-sig") as file:
        table = pd.read_csv(file, dtype=str, keep_default_na=False)
    return {code: Words(en, zh) for code, en, zh in table.itertuples(index=False)}


def ground_cell(code: str) -> str:
    """The cell of the form that holds a ground's total."""
    return f"applications.refused.{code}.total"


def refusals(panel: Panel) -> pd.DataFrame:
    """Office × year with the number of refusals by ground (float64, one column per code of `grounds`) and report_id;
    reports in which no ground is filled are left out."""
    frame = panel.skeleton()
    place = frame.pop("place").to_numpy()
    frame["report_id"] = panel.reports["report_id"].reindex(place.clip(-1)).to_numpy()
    for code in grounds():
        held = panel.values[:, panel.column(ground_cell(code))] if ground_cell(code) in panel.cells else None
        per_report = held if held is not None else float("nan")
        frame[code] = pd.Series(per_report, index=panel.reports.index).reindex(place.clip(-1)).to_numpy()
    return frame.dropna(subset=list(grounds()), how="all")


def ground_mix(panel: Panel, by: str = "year") -> pd.DataFrame:
    """Refusals by ground and year, or (`by='office'`) by office with years pooled: key, office_id, year, grounds, n.

    Rows with fewer than 10 refusals are pooled into one, named TOGETHER, which tells in `pooled` how many they are and bears no office and no year.
    """
    columns = tuple(grounds())
    keys = ["year"] if by == "year" else ["office_id", "office"]
    table = summed(refusals(panel), keys, columns)
    table["key"] = table["year"].astype(str) if by == "year" else table["office"]
    table["pooled"] = 0
    few = table[table["n"] < SMALL]
    if len(few) > 1:
        together = few[[*columns, "n"]].sum().to_dict() | {"key": TOGETHER, "pooled": len(few)}
        table = pd.concat([table.drop(index=few.index), pd.DataFrame([together])], ignore_index=True)
    for name, nothing in (("office_id", ""), ("year", None)):
        if name not in table:
            table[name] = nothing
    table["year"] = table["year"].astype("Int64")
    return table[["key", "office_id", "year", *columns, "n", "pooled"]].fillna({"office_id": ""}).reset_index(drop=True)
