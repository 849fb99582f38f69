"""Which years an office existed in, where somebody knows: lineage.csv beside the published folder.

An office that was created, merged or renamed has no report before or after; without such a row C01 would call it
missing. Columns: office_id, first_year, last_year (blank: open), note.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from compare.panel import Panel

COLUMNS = ["office_id", "first_year", "last_year"]


def existed(panel: Panel) -> np.ndarray:
    """Offices × years, bool: may the office have existed in that year? True where nothing is known of it. Raises
    ValueError for a file without the columns COLUMNS or with years that are no numbers."""
    there = np.ones((len(panel.offices), len(panel.years)), dtype=bool)
    path = panel.folder.resolve().parent / "lineage.csv"
    if not path.is_file():
        return there
    table = pd.read_csv(path, dtype="string", keep_default_na=False, encoding="utf-8-sig")
    if missing := [name for name in COLUMNS if name not in table.columns]:
        raise ValueError(f"{path} must have the columns {', '.join(COLUMNS)}; {', '.join(missing)} not found")
    rows = panel.offices.index.get_indexer(pd.Index(table["office_id"]))
    years = np.array(panel.years)
    for row, first, last in zip(rows, table["first_year"], table["last_year"], strict=True):
        if row >= 0:
            there[row] &= (years >= year_of(first, -9999, str(path))) & (years <= year_of(last, 9999, str(path)))
    return there


def year_of(text: str, otherwise: int, path: str) -> int:
    """A year as written, `otherwise` for a blank. Raises ValueError."""
    if text and not text.strip().isdigit():
        raise ValueError(f"{path}: {text!r} is no year")
    return int(text) if text else otherwise
