"""Facts → tidy tables. A batch of primary reports is laid out as a matrix, reports × cells of the forms; every tidy table is a part of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from .codebook import APPEALS, APPLICATIONS, FORMS, PROACTIVE, all_cells, cell_index, form_cells, section_cells
from .schemas import STATES, arrow, tables

KEYS = ("report_id", "office_id", "office_zh", "district_id", "district_zh", "year")
SECTIONS = (PROACTIVE, APPLICATIONS, APPEALS)
PROFILES = {
    "permits.csv": "permits",
    "penalties.csv": "penalties",
    "coercion.csv": "coercion",
    "other_services.csv": "other_services",
    "fees.csv": "fees",
    "procurement.csv": "procurement",
}
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


def lay_out(reports: pa.Table, facts: pa.Table) -> Matrix:
    """Lay the facts of these reports out. `reports` has the columns of reports.csv; facts of other reports are left aside."""
    cells = cell_index()
    ids = {report: row for row, report in enumerate(reports["report_id"].to_pylist())}
    values = np.full((len(ids), len(cells)), np.nan)
    states = np.full((len(ids), len(cells)), STATE_CODE["not_on_form"], dtype=np.int8)
    for section in SECTIONS:
        for name in FORMS:
            places = [cells[code] for code in section_cells(section, name)]
            rows = [r for r, f in enumerate(reports[f"form_{section}"].to_pylist()) if f and name in f]
            if section == APPEALS or rows:
                states[np.ix_(rows, places)] = STATE_CODE["missing"]
    rows_of = np.array([ids.get(report, -1) for report in facts["report_id"].to_pylist()], dtype=np.int64)
    kept = rows_of >= 0
    columns_of = np.array([cells[code] for code in facts["cell"].to_pylist()], dtype=np.int64)[kept]
    found = facts["value"].to_numpy(zero_copy_only=False).astype(float)[kept]
    values[rows_of[kept], columns_of] = found
    states[rows_of[kept], columns_of] = np.array(
        [STATE_CODE[state] for state in facts["state"].to_pylist()], dtype=np.int8
    )[kept]
    units = [""] * len(ids)
    amount = cells["procurement.amount"]
    for row, column, unit in zip(
        rows_of[kept], columns_of, np.array(facts["unit"].to_pylist(), dtype=object)[kept], strict=True
    ):
        if column == amount:
            units[row] = unit or ""
    keys = reports.select([*KEYS, "form_proactive", "form_applications", "form_appeals"])
    return Matrix(keys, values, states, units)


def tidy(matrix: Matrix) -> dict[str, pa.Table]:
    """Every tidy table of these reports, by file name, with the columns that schemas.arrow lists."""
    made = {name: _profile(matrix, name, row) for name, row in PROFILES.items()}
    made["documents.csv"] = _documents(matrix)
    made["applications.csv"] = _applications(matrix)
    made["appeals.csv"] = _appeals(matrix)
    made["totals.csv"] = _totals(matrix)
    made["wide.csv"] = _wide(matrix)
    return made


def _numbers(values: np.ndarray, whole: bool) -> pa.Array:
    """NaN becomes null. Whole numbers become int64; a count printed with decimals stays out of an integer column (its state tells)."""
    empty = np.isnan(values) | (whole & (np.mod(np.nan_to_num(values), 1) != 0))
    return pa.array(np.where(empty, 0, values).astype(np.int64 if whole else np.float64), mask=empty)


def _states(codes: np.ndarray) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(STATES)).cast(pa.string())


def _column(matrix: Matrix, code: str, whole: bool = True) -> tuple[pa.Array, pa.Array]:
    """(numbers, states) of one cell code; a cell that neither form has is not on the form."""
    index = cell_index().get(code)
    if index is None:
        height = len(matrix.values)
        return pa.nulls(height, pa.int64() if whole else pa.float64()), _states(
            np.full(height, STATE_CODE["not_on_form"])
        )
    return _numbers(matrix.values[:, index], whole), _states(matrix.states[:, index])


def _key_columns(matrix: Matrix, repeat: np.ndarray | None = None) -> dict[str, pa.ChunkedArray]:
    keys = matrix.keys if repeat is None else matrix.keys.take(pa.array(repeat))
    return {name: keys[name] for name in KEYS}


def _profile(matrix: Matrix, name: str, row: str) -> pa.Table:
    """One row per report with the columns of that row of section 二 and their states."""
    columns: dict[str, pa.Array | pa.ChunkedArray] = dict(_key_columns(matrix)) | {
        "form": matrix.keys["form_proactive"]
    }
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
    parts = []
    for kind in kinds:
        columns: dict[str, pa.Array | pa.ChunkedArray] = dict(_key_columns(matrix)) | {
            "form": matrix.keys["form_proactive"]
        }
        columns["document_kind"] = pa.array([kind] * len(matrix.values))
        for stem in ("made", "newly_public", "total_public", "issued", "repealed", "effective"):
            columns[stem], columns[f"{stem}_state"] = _column(matrix, f"{kind}.{stem}")
        parts.append(pa.table({field: columns[field] for field in arrow("documents.csv").names}))
    order = np.arange(len(matrix.values) * len(kinds)).reshape(len(kinds), -1).T.ravel()
    return pa.concat_tables(parts).take(pa.array(order))


def _melt(matrix: Matrix, codes: list[str], section: str) -> tuple[dict[str, pa.Array | pa.ChunkedArray], np.ndarray]:
    """Long form of some cells: key columns, form, count and state for every report × cell that its form has; and which cell each row is."""
    places = np.array([cell_index()[code] for code in codes])
    states = matrix.states[:, places]
    rows, which = np.nonzero(states != STATE_CODE["not_on_form"])
    columns: dict[str, pa.Array | pa.ChunkedArray] = dict(_key_columns(matrix, rows))
    columns["form"] = matrix.keys[f"form_{section}"].take(pa.array(rows))
    columns["count"] = _numbers(matrix.values[rows, places[which]], whole=True)
    columns["state"] = _states(states[rows, which])
    return columns, which


def _labels(parts: list[str], which: np.ndarray) -> pa.Array:
    return pa.array([part or None for part in parts]).take(pa.array(which))


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
        parts.append(pa.table({field: columns[field] for field in arrow("totals.csv").names}).cast(arrow("totals.csv")))
    return pa.concat_tables(parts)


def section_cells_of_both(section: str) -> list[str]:
    """Cell codes of a section that either form has, in the order of all_cells()."""
    return [
        code for code in all_cells() if any(code in form_cells(n) and code in section_cells(section, n) for n in FORMS)
    ]


def _wide(matrix: Matrix) -> pa.Table:
    columns: dict[str, pa.Array | pa.ChunkedArray] = {name: matrix.keys[name] for name in matrix.keys.column_names}
    for index, code in enumerate(all_cells()):
        columns[code] = _numbers(matrix.values[:, index], whole=False)
    return pa.table(columns)
