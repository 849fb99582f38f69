"""The published files' columns as `reference/columns.csv` lists them: Arrow and pandera schemas, datapackage.json and the data dictionary."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .codebook import all_cells, codebook_rows, read_reference

if TYPE_CHECKING:
    import pandera.pandas as pandera

TYPES = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.string(),
}
STATES = ("reported", "blank", "dash", "missing", "not_on_form", "illegible", "corrected")
PROOFS = ("verified", "agreed", "single", "disputed")
ALLOWED = {
    "state": STATES, "proof": PROOFS, "matched_by": ("exact", "alias", "near"),
    "stage": ("received", "carried_in", "result", "carried_forward"),
    "method": ("html", "docx", "pdf", "ocr", "text", "sheet", "manual"),
}  # fmt: skip
# A fact_id is the one, a slash, the other.
PATTERNS = {("reports.csv", "report_id"): r"^[^/]+$", ("facts.parquet", "cell"): r"^[a-z0-9_.]+$"}
WIDE = "wide.csv"
# What every table begins with. A row of a report's own tables takes it from its report's row of reports.csv, with what follows from it.
KEYS = ("report_id", "office_id", "office_zh", "district_id", "district_zh", "year")
FOLLOWS = {*KEYS, "source_path", "fact_id"}
REPEATING = ("facts.parquet", "grids.parquet")  # whose texts are the same few again and again


class Column(NamedTuple):
    """One column of a published file."""

    name: str
    dtype: str
    unit: str
    description_en: str
    description_zh: str


class Table(NamedTuple):
    """One published file: what a row is, and its columns in order."""

    name: str
    row_en: str
    row_zh: str
    columns: tuple[Column, ...]


@cache
def tables() -> dict[str, Table]:
    """Every published table by file name."""
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for record in read_reference("columns.csv"):
        found[record["file"]].append(record)
    result = {}
    for name, records in found.items():
        columns = [
            Column(r["column"], r["dtype"], r["unit"], r["description_en"], r["description_zh"]) for r in records
        ]
        if name == WIDE:
            described = {row["cell"]: row for row in codebook_rows()}
            columns += [
                Column(
                    c, "number", str(described[c]["unit"]), str(described[c]["label_en"]), str(described[c]["label_zh"])
                )
                for c in all_cells()
            ]
        result[name] = Table(name, records[0]["row_en"], records[0]["row_zh"], tuple(columns))
    return result


@cache
def arrow(name: str) -> pa.Schema:
    """The Arrow schema of one published file."""
    return pa.schema([(column.name, TYPES[column.dtype]) for column in tables()[name].columns])


@cache
def stored(name: str) -> pa.Schema:
    """The Arrow schema of what is kept of a document's rows of one published file: what its row of reports.csv says of them is left out."""
    if name == "reports.csv":
        return arrow(name)
    text = pa.dictionary(pa.int32(), pa.string()) if name in REPEATING else pa.string()
    kept = (field for field in arrow(name) if field.name not in FOLLOWS)
    return pa.schema([(field.name, text if pa.types.is_string(field.type) else field.type) for field in kept])


def replaced(table: pa.Table, name: str, values: pa.Array | pa.ChunkedArray) -> pa.Table:
    """The table with other values in one of its columns."""
    place = table.schema.get_field_index(name)
    return table.set_column(place, table.schema.field(place), values)


def overwritten(table: pa.Table, name: str, values: Mapping[int, Any]) -> pa.Table:
    """The table with other values in some rows of a column, by their numbers."""
    rows = sorted(values)
    mask = np.zeros(table.num_rows, dtype=bool)
    mask[rows] = True
    new = pa.array([values[row] for row in rows], table.schema.field(name).type)
    return replaced(table, name, pc.replace_with_mask(table[name], pa.array(mask), new))


class Demand(NamedTuple):
    """What a column demands beside its type: one of these values, or this pattern; where it names neither, that no place is empty."""

    allowed: tuple[str, ...] = ()
    pattern: str = ""


@cache
def demands(name: str) -> dict[str, Demand]:
    """Column → what it demands, of the columns of a published file of which more is demanded than their type, which Arrow sees to.

    Raises KeyError for a file that is not published.
    """

    def demand(column: Column) -> Demand | None:
        allowed = ALLOWED.get(column.name, STATES if column.name.endswith("_state") else ())
        pattern = r"^\d{4}-\d{2}-\d{2}$" if column.dtype == "date" else PATTERNS.get((name, column.name), "")
        return Demand(allowed, "" if allowed else pattern) if allowed or pattern or column.dtype == "boolean" else None

    made = {column.name: demand(column) for column in tables()[name].columns}
    return {column: one for column, one in made.items() if one is not None}


@cache
def checked(name: str) -> pandera.DataFrameSchema:
    """The pandera schema of one published file: its `demands`. Each column may be checked by itself. Raises KeyError as there."""
    import pandera.pandas as pandera

    def column(demand: Demand) -> pandera.Column:
        if demand.allowed:
            return pandera.Column(checks=pandera.Check.isin(demand.allowed), nullable=True, required=False)
        if demand.pattern:
            return pandera.Column(checks=pandera.Check.str_matches(demand.pattern), nullable=True, required=False)
        return pandera.Column(nullable=False, required=False)

    return pandera.DataFrameSchema({field: column(demand) for field, demand in demands(name).items()})


def datapackage(names: list[str]) -> dict[str, Any]:
    """datapackage.json: every CSV with its schema, the Parquet files by name (Data Package v1, Frictionless)."""
    resources = []
    for name in names:
        table = tables()[name]
        resource: dict[str, Any] = {
            "name": name.replace(".", "-").lower(),
            "path": name,
            "title": table.row_en,
            "description": table.row_zh,
        }
        if name.endswith(".csv"):
            fields = [
                {"name": c.name, "type": c.dtype, "title": c.description_zh, "description": c.description_en}
                | ({"unit": c.unit} if c.unit else {})
                for c in table.columns
            ]
            resource |= {"profile": "tabular-data-resource", "format": "csv", "mediatype": "text/csv"}
            resource |= {"encoding": "utf-8-sig", "schema": {"fields": fields, "missingValues": [""]}}
        else:  # Parquet carries its own types: a validator that turns its empty places into "nan" would find faults of its own making
            resource |= {"type": "file", "format": "parquet", "mediatype": "application/vnd.apache.parquet"}
        resources.append(resource)
    return {
        "name": "jiedao",
        "title": "Annual open-government-information reports as data",
        "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "resources": resources,
    }


def dictionary() -> str:
    """The data dictionary in English and Chinese, as Markdown."""
    parts = [
        "# Data dictionary · 数据字典",
        "",
        "Generated from the schemas by `python -m extract build`. A blank is never a zero. 空白不等于零。",
        "",
    ]
    for table in tables().values():
        parts += [
            f"## {table.name}",
            "",
            f"One row is {table.row_en}. 每行：{table.row_zh}。",
            "",
            "| column | type | unit | meaning | 含义 |",
            "|---|---|---|---|---|",
        ]
        shown = [c for c in table.columns if table.name != WIDE or c.name not in set(all_cells())]
        parts += [f"| {c.name} | {c.dtype} | {c.unit} | {c.description_en} | {c.description_zh} |" for c in shown]
        if table.name == WIDE:
            parts.append(f"| *{len(all_cells())} cell codes* | number | | see codebook.csv | 见 codebook.csv |")
        parts.append("")
    return "\n".join(parts)
