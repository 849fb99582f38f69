"""The cells of reports as matrices, from facts.parquet: only the row groups and columns that are needed are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from compare.column_files import laid_out, let_go
from compare.published import PROOFS, STATES, NotPublishedError

AT_ONCE = 100_000  # facts


def cell_matrices(
    folder: Path, reports: pd.DataFrame, cells: pd.Index, in_files: bool = False
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Values, states, proofs and pages, reports × cells, from facts.parquet (only the columns and reports needed
    are kept); in files where the panel is large."""
    import pyarrow.parquet as parquet

    path = folder / "facts.parquet"
    if not path.is_file():
        raise NotPublishedError(f"{path} is not there: run `python -m extract build RAW --out {folder}` again.")
    values, states, proofs, pages = no_cells(folder, reports, cells, in_files)
    names = ["report_id", "cell", "value", "state", "proof", "page"]
    report_index = pd.Index(reports["report_id"].astype(object))
    file = parquet.ParquetFile(path, read_dictionary=["report_id", "cell", "state", "proof"])
    for batch in file.iter_batches(batch_size=AT_ONCE, columns=names, row_groups=groups_with(file, reports)):
        facts = batch.to_pandas()
        row = codes_in(facts["report_id"], report_index)
        col = codes_in(facts["cell"], cells)
        keep = (row >= 0) & (col >= 0)
        row, col = row[keep], col[keep]
        values[row, col] = pd.to_numeric(facts["value"], errors="coerce").to_numpy(dtype=float, na_value=np.nan)[keep]
        states[row, col] = codes_in(facts["state"], pd.Index(STATES))[keep].clip(0)
        proofs[row, col] = codes_in(facts["proof"], pd.Index(PROOFS))[keep].clip(0)
        pages[row, col] = facts["page"].fillna(0).to_numpy(dtype=np.int16, na_value=0)[keep]
        let_go(values, states, proofs, pages)
    return values, states, proofs, pages


def no_cells(
    folder: Path, reports: pd.DataFrame, cells: pd.Index, in_files: bool = False
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """As cell_matrices, of reports in which nothing stands; nothing is read."""
    shape = (len(reports), len(cells))
    values = laid_out(shape, np.float64, np.nan, in_files)
    states, proofs, pages = (laid_out(shape, dtype, 0, in_files) for dtype in (np.int8, np.int8, np.int16))
    return values, states, proofs, pages


def groups_with(file: Any, reports: pd.DataFrame) -> list[int]:
    """The row groups of facts.parquet that may hold facts of these reports, by the least and greatest report_id and
    source_path that the file notes of each: all where it notes none."""
    wanted = {"report_id": np.sort(reports["report_id"].to_numpy(dtype=object))}
    if "source_path" in reports and reports["source_path"].notna().all():
        paths = set(reports["source_path"])
        # In a CSV a path that a spreadsheet would run bears an apostrophe.
        wanted["source_path"] = np.array(sorted(paths | {path.removeprefix("'") for path in paths}), dtype=object)
    names = file.schema_arrow.names
    columns = [(names.index(name), values) for name, values in wanted.items() if name in names]
    groups = []
    for number in range(file.num_row_groups):
        group = file.metadata.row_group(number)
        if all(may_hold(group.column(column).statistics, values) for column, values in columns):
            groups.append(number)
    return groups


def may_hold(noted: Any, values: np.ndarray) -> bool:
    """Whether a column of a row group may hold one of these sorted texts, by what is noted of it."""
    if noted is None or not noted.has_min_max:
        return True
    return bool(np.searchsorted(values, noted.min, "left") < np.searchsorted(values, noted.max, "right"))


def codes_in(column: pd.Series, index: pd.Index) -> np.ndarray:
    """For each entry of a column its place in `index`, −1 where it has none; works on categories, not on strings,
    where it can."""
    categorical = column.astype("category")
    by_category = index.get_indexer(pd.Index(categorical.cat.categories.astype(object)))
    codes = categorical.cat.codes.to_numpy()
    return np.where(codes >= 0, by_category[codes] if len(by_category) else -1, -1)
