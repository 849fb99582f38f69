"""By which day a report is due: reference/deadlines.csv, and deadlines.csv beside the published folder, where a city or a
district has set a day of its own."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd

from compare.panel import Panel

COLUMNS = ["level", "city_zh", "district_zh", "due", "named"]
DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
OTHERS = "department"  # offices whose level is unknown are held to what departments are


def deadlines(panel: Panel) -> pd.DataFrame:
    """For each report: `due` (datetime64, in the year after the one reported; NaT without a year) and `named` (bool: do
    the Regulations name such an office, so that a late report is more than past a reference date).

    The row that fits a report best counts: one that names its district before one that names its city; the user's
    file before the project's. Raises ValueError for a file without the columns COLUMNS or with a day that is none.
    """
    rules = [*read_deadlines(panel.folder.resolve().parent / "deadlines.csv"), *read_deadlines(None)]
    rules.sort(key=lambda rule: (not rule["district_zh"], not rule["city_zh"]))
    reports = panel.reports
    day, named = np.full(len(reports), "", dtype=object), np.zeros(len(reports), dtype=bool)
    level = reports["level"].fillna(OTHERS).replace({"": OTHERS})
    for rule in rules:
        fits = level.eq(rule["level"]) & (day == "")
        for column in ("district_zh", "city_zh"):
            if rule[column]:
                fits &= reports[column].eq(rule[column]).fillna(False).astype(bool)
        day[fits.to_numpy(dtype=bool)], named[fits.to_numpy(dtype=bool)] = rule["due"], rule["named"] != "no"
    following = (reports["year"].astype("Int64") + 1).astype("string")
    due = pd.to_datetime(following + "-" + pd.Series(day, index=reports.index).replace({"": pd.NA}), errors="coerce")
    return pd.DataFrame({"due": due, "named": named})


def read_deadlines(path: Path | None) -> list[dict[str, str]]:
    """The rows of a file (the project's own for None), none where the user has no such file."""
    if path is not None and not path.is_file():
        return []
    source = path or files("compare") / "reference" / "deadlines.csv"
    with source.open(encoding="utf-8-sig") as file:
        table = pd.read_csv(file, dtype=str, keep_default_na=False)
    if missing := [name for name in COLUMNS if name not in table.columns]:
        raise ValueError(f"{source} must have the columns {', '.join(COLUMNS)}; {', '.join(missing)} not found")
    if wrong := [day for day in table["due"] if not DAY.fullmatch(day)]:
        raise ValueError(f"{source}: {wrong[0]!r} is no day of the year; write 01-31")
    return [{str(name): str(value) for name, value in row.items()} for row in table.to_dict("records")]
