"""Facts → tidy tables. A batch of primary reports is laid out as a matrix, reports × cells of the forms; every tidy table is a part of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .codebook import APPEALS, APPLICATIONS, FORMS, PROACTIVE, all_cells, cell_index, form_cells, section_cells
from .schemas import KEYS, STATES, arrow, tables

SECTIONS = (PROACTIVE, APPLICATIONS, APPEALS)
PROFILES = {
    "permits.csv": "permits",
    "penalties.csv": "penalties",
    "coercion.csv": "coercion",
    "other_services.csv": "other_services",
    "fees.csv": "fees",
    "procurement.csv": "procurement",
}
Columns: TypeAlias = dict[str, pa.Array | pa.ChunkedArray]
STATE_CODE = {state: code for code, state in enumerate(STATES)}
PER_YUAN = {"元": 1.0, "万元": 1e4, "亿元": 1e8}
STAGES = {"received": "received", "carried_in": "carried_in", "carried_forward": "carried_forward"}


@dataclass(slots=True)
class Matrix:
    """`keys`: one row per report with KEYS and the forms; `values`: float64 (reports, cells), NaN where no number is printed;
    `states`: int8 (reports, cells), index into STATES; `amount_units`: unit printed with procurement.amount."""

    keys: pa.Table
    values: np.ndarray
    states: np.ndarray
    amount_units: list[str]


LAID_OUT = ("cell", "value", "unit", "state")  # the columns of facts that the tidy tables are made of


def lay_out(reports: pa.Table, facts: pa.Table, report_of: np.ndarray) -> Matrix:
    """Lay facts out, cell, value, state and unit as schemas.stored has them. `reports` has the columns of reports.csv;
    `report_of` says for each fact the row of its report there, −1 for those that are left aside."""
    cells = cell_index()
    kept = report_of >= 0
    rows = report_of[kept]
    columns = _coded(facts["cell"], cells)[kept]
    values = np.full((reports.num_rows, len(cells)), np.nan)
    values[rows, columns] = facts["value"].to_numpy()[kept]
    states = _empty_states(reports)
    states[rows, columns] = _coded(facts["state"], STATE_CODE)[kept]
    units = [""] * reports.num_rows
    amounts = np.flatnonzero(kept)[columns == cells["procurement.amount"]]
    for fact, unit in zip(amounts, facts["unit"].take(pa.array(amounts)).to_pylist(), strict=True):
        units[report_of[fact]] = unit or ""
    keys = reports.select([*KEYS, "form_proactive", "form_applications", "form_appeals"])
    return Matrix(keys, values, states, units)


def _empty_states(reports: pa.Table) -> np.ndarray:
    """The states of cells of which no fact speaks: missing where the report's form has them, else not_on_form."""
    cells = cell_index()
    states = np.full((reports.num_rows, len(cells)), STATE_CODE["not_on_form"], dtype=np.int8)
    for section in SECTIONS:
        for name in FORMS:
            places = [cells[code] for code in section_cells(section, name)]
            rows = [r for r, f in enumerate(reports[f"form_{section}"].to_pylist()) if f and name in f]
            if section == APPEALS or rows:
                states[np.ix_(rows, places)] = STATE_CODE["missing"]
    return states


def _coded(column: pa.ChunkedArray, codes: dict[str, int]) -> np.ndarray:
    """A dictionary of texts as the code of each value, int64. KeyError where a text has none."""
    encoded = column.combine_chunks()
    of_text = np.array([codes[text] for text in encoded.dictionary.to_pylist()], dtype=np.int64)
    found: np.ndarray = of_text[encoded.indices.to_numpy()] if len(encoded) else np.zeros(0, dtype=np.int64)
    return found


def tidy(matrix: Matrix) -> Iterator[tuple[str, pa.Table]]:
    """Every tidy table of these reports after the other, with its file name, with the columns that schemas.arrow lists."""
    for name, row in PROFILES.items():
        yield name, _profile(matrix, name, row)
    yield "documents.csv", _documents(matrix)
    yield "applications.csv", _applications(matrix)
    yield "appeals.csv", _appeals(matrix)
    yield "totals.csv", _totals(matrix)
    yield "wide.csv", _wide(matrix)


def _numbers(values: np.ndarray, whole: bool) -> pa.Array:
    """NaN becomes null. Whole numbers become int64; a count printed with decimals stays out of an integer column (its state tells)."""
    empty = np.isnan(values) | (whole & (np.mod(np.nan_to_num(values), 1) != 0))
    return pa.array(np.where(empty, 0, values).astype(np.int64 if whole else np.float64), mask=empty)


def _states(codes: np.ndarray) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(STATES))


def _column(matrix: Matrix, code: str, whole: bool = True) -> tuple[pa.Array, pa.Array]:
    """(numbers, states) of one cell code; a cell that neither form has is not on the form."""
    index = cell_index().get(code)
    if index is None:
        height = len(matrix.values)
        return pa.nulls(height, pa.int64() if whole else pa.float64()), _states(
            np.full(height, STATE_CODE["not_on_form"])
        )
    return _numbers(matrix.values[:, index], whole), _states(matrix.states[:, index])


def _repeated(column: pa.Array | pa.ChunkedArray, rows: np.ndarray) -> pa.Array:
    """The values at these rows, some of them again and again: texts as a dictionary, so that nothing is copied."""
    values = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    indices = pa.array(rows.astype(np.int32))
    if not pa.types.is_string(values.type):
        return values.take(indices)
    if values.null_count:
        indices = pc.if_else(values.is_valid().take(indices), indices, None)
    return pa.DictionaryArray.from_arrays(indices, values.fill_null(""))


def _profile(matrix: Matrix, name: str, row: str) -> pa.Table:
    """One row per report with the columns of that row of section 二 and their states."""
    columns: Columns = {key: matrix.keys[key] for key in KEYS} | {"form": matrix.keys["form_proactive"]}
    for column in tables()[name].columns:
        if column.name.endswith("_state"):
            stem = column.name.removesuffix("_state")
            whole = next(c.dtype for c in tables()[name].columns if c.name == stem) == "integer"
            columns[stem], columns[column.name] = _column(matrix, f"{row}.{stem}", whole)
    if name == "procurement.csv":
        amounts = columns["amount"].to_pylist()
        columns["amount_unit"] = pa.array([unit or None for unit in matrix.amount_units])
        yuan = [
            a * PER_YUAN[u] if a is not None and u in PER_YUAN else None
            for a, u in zip(amounts, matrix.amount_units, strict=True)
        ]
        columns["amount_yuan"] = pa.array(yuan, pa.float64())
    return pa.table({field: columns[field] for field in arrow(name).names})


def _documents(matrix: Matrix) -> pa.Table:
    """Report × kind of document."""
    kinds = ("government_rules", "normative_documents")
    height = len(matrix.values)
    rows, which = np.repeat(np.arange(height), len(kinds)), np.tile(np.arange(len(kinds)), height)
    columns: Columns = {name: _repeated(matrix.keys[name], rows) for name in KEYS}
    columns["form"] = _repeated(matrix.keys["form_proactive"], rows)
    columns["document_kind"] = _labels(list(kinds), which)
    for stem in ("made", "newly_public", "total_public", "issued", "repealed", "effective"):
        for name, parts in zip(
            (stem, f"{stem}_state"), zip(*(_column(matrix, f"{k}.{stem}") for k in kinds), strict=True), strict=True
        ):
            columns[name] = pa.concat_arrays(parts).take(pa.array(rows + which * height))
    return pa.table({field: columns[field] for field in arrow("documents.csv").names})


def _melt(matrix: Matrix, codes: list[str], section: str) -> tuple[Columns, np.ndarray]:
    """Long form of some cells: key columns, form, count and state for every report × cell that its form has; and which cell each row is."""
    places = np.array([cell_index()[code] for code in codes])
    states = matrix.states[:, places]
    rows, which = np.nonzero(states != STATE_CODE["not_on_form"])
    columns: Columns = {name: _repeated(matrix.keys[name], rows) for name in KEYS}
    columns["form"] = _repeated(matrix.keys[f"form_{section}"], rows)
    columns["count"] = _numbers(matrix.values[rows, places[which]], whole=True)
    columns["state"] = _states(states[rows, which])
    return columns, which


def _labels(parts: list[str], which: np.ndarray) -> pa.Array:
    return _repeated(pa.array([part or None for part in parts], pa.string()), which)


def _applications(matrix: Matrix) -> pa.Table:
    """Leaves of section 三: report × stage × outcome × reason × applicant."""
    codes = [
        code
        for code in all_cells()
        if code.startswith("applications.") and not code.endswith(".total") and ".results_total." not in code
    ]
    columns, which = _melt(matrix, codes, APPLICATIONS)
    rows = [code.split(".", 1)[1].rsplit(".", 1) for code in codes]
    columns["stage"] = _labels([STAGES.get(row, "result") for row, _ in rows], which)
    columns["outcome"] = _labels(["" if row in STAGES else row.split(".")[0] for row, _ in rows], which)
    columns["reason"] = _labels([row.partition(".")[2] for row, _ in rows], which)
    columns["applicant"] = _labels([applicant for _, applicant in rows], which)
    return pa.table({field: columns[field] for field in arrow("applications.csv").names})


def _appeals(matrix: Matrix) -> pa.Table:
    """Leaves of section 四: report × channel × outcome."""
    codes = [code for code in all_cells() if code.startswith("appeals.") and not code.endswith(".total")]
    columns, which = _melt(matrix, codes, APPEALS)
    columns["channel"] = _labels([code.split(".")[1] for code in codes], which)
    columns["outcome"] = _labels([code.split(".")[2] for code in codes], which)
    return pa.table({field: columns[field] for field in arrow("appeals.csv").names})


def _totals(matrix: Matrix) -> pa.Table:
    """Totals as printed: along every row of section 三, down its columns, and of each channel of section 四."""
    parts = []
    for section in (APPLICATIONS, APPEALS):
        codes = [
            code for code in section_cells_of_both(section) if code.endswith(".total") or ".results_total." in code
        ]
        columns, which = _melt(matrix, codes, section)
        pieces = [code.split(".", 1)[1].rsplit(".", 1) for code in codes]
        columns["table_name"] = _labels([section] * len(codes), which)
        columns["item"] = _labels([row for row, _ in pieces], which)
        columns["applicant"] = _labels([applicant if section == APPLICATIONS else "" for _, applicant in pieces], which)
        parts.append(pa.table({field: columns[field] for field in arrow("totals.csv").names}))
    return pa.concat_tables(parts).unify_dictionaries()


def section_cells_of_both(section: str) -> list[str]:
    """Cell codes of a section that either form has, in the order of all_cells()."""
    return [
        code for code in all_cells() if any(code in form_cells(n) and code in section_cells(section, n) for n in FORMS)
    ]


def _wide(matrix: Matrix) -> pa.Table:
    columns: Columns = {name: matrix.keys[name] for name in matrix.keys.column_names}
    # Some hundred columns: each in one piece of memory, no number is null.
    for code, values in zip(all_cells(), np.ascontiguousarray(matrix.values.T), strict=True):
        columns[code] = pa.array(values, from_pandas=True)
    return pa.table(columns)
