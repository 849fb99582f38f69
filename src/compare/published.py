"""Reading one published table with stable types, and the measures that the two forms share."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

STATES = ("missing", "reported", "blank", "dash", "illegible", "corrected")
PROOFS = ("", "verified", "agreed", "single", "disputed")
BLOCK = 1_000_000  # bytes of a table held at once
FLOAT_COLUMNS = {"value", "amount", "amount_yuan", "score", "x0", "y0", "x1", "y1"}
WHOLE_COLUMNS = {
    "year",
    "title_year",
    "page",
    "table",
    "row",
    "col",
    "section",
    "count",
    "reports",
    "cells_read",
    "cells_unread",
    "verified",
    "agreed",
    "single",
    "disputed",
    "reported",
    "blank",
    "dash",
    "missing",
    "illegible",
    "corrected",
    "previous_items",
    "change",
    "decisions",
    "made",
    "newly_public",
    "total_public",
    "issued",
    "repealed",
    "effective",
    "items",
    "rank",
}
TRUTH_COLUMNS = {"is_primary", "fictional", "in_2019", "in_2021"}
DATE_COLUMNS = {"period_from", "period_to", "published_on", "page_date"}


class NotPublishedError(Exception):
    """The folder does not hold what `python -m extract build` publishes, or nothing of it matches. The message says
    what to do."""


def read_table(folder: Path, name: str) -> pd.DataFrame:
    """One published table with stable dtypes: string, Int64, Float64, boolean, datetime64; only an empty field is
    missing.

    Raises NotPublishedError where the file is not there.
    """
    path = published(folder, name)
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    return typed(pd.read_csv(path, dtype="string", keep_default_na=False, na_values=[""], encoding="utf-8-sig"))


def published(folder: Path, name: str) -> Path:
    """Where a published table lies. Raises NotPublishedError where it is not there."""
    path = folder / name
    if not path.is_file():
        raise NotPublishedError(
            f"{path} is not there: {folder} does not look processed. "
            f"Run `python -m extract build RAW --out {folder}` first."
        )
    return path


def read_rows(folder: Path, name: str, column: str, wanted: Collection[str | None]) -> pd.DataFrame:
    """The rows of a published CSV whose `column` is one of `wanted` (None: empty), as read_table would give them, without
    ever holding the others. Raises NotPublishedError where the file is not there."""
    from pyarrow import compute

    values = pa.array(sorted(value for value in wanted if value is not None), pa.string())
    found = []
    for block in blocks_of(published(folder, name)):
        chosen = compute.is_in(block[column], value_set=values)
        if None in wanted:
            chosen = compute.or_(chosen, compute.is_null(block[column]))
        found.append(block.filter(chosen))
    return typed(pa.concat_tables(found).to_pandas(types_mapper=text_type))


def other_rows(blocks: Iterator[pa.Table]) -> pd.DataFrame:
    """The rows of reports.csv that are not primary, from the blocks of the table, with the dtypes of read_table."""
    from pyarrow import compute

    primary = pa.array(["true", "1"], pa.string())
    found = []
    for block in blocks:
        lower = compute.utf8_lower(block["is_primary"])
        found.append(block.filter(compute.invert(compute.is_in(lower, value_set=primary))))
    return typed(pa.concat_tables(found).to_pandas(types_mapper=text_type))


def blocks_in(folder: Path, name: str) -> Iterator[pa.Table]:
    """The blocks of a published table. Raises NotPublishedError where the file is not there."""
    return blocks_of(published(folder, name))


def blocks_of(path: Path) -> Iterator[pa.Table]:
    """A published CSV block by block, every column a text, only an empty field missing; one empty block where it has no
    row."""
    from pyarrow import csv

    with path.open(encoding="utf-8-sig") as file:
        columns = [str(column) for column in pd.read_csv(file, nrows=0).columns]
    schema = pa.schema([(column, pa.string()) for column in columns])
    yield schema.empty_table()
    convert = csv.ConvertOptions(
        column_types=schema, strings_can_be_null=True, null_values=[""], quoted_strings_can_be_null=True
    )
    for number, piece in enumerate(whole_records(path)):
        read = csv.ReadOptions(
            block_size=len(piece) + 1, column_names=columns, skip_rows=int(number == 0), use_threads=False
        )
        parse = csv.ParseOptions(newlines_in_values=True)
        block = csv.read_csv(pa.BufferReader(piece), read_options=read, parse_options=parse, convert_options=convert)
        yield pa.table(block.columns, schema=schema)


def whole_records(path: Path) -> Iterator[bytes]:
    """A CSV in pieces of about BLOCK bytes, each of whole records, the head among the first. (Arrow's reader of blocks would
    read 32 of them ahead.)"""
    rest = b""
    with path.open("rb") as file:
        while read := file.read(BLOCK):
            rest += read
            if end := end_of_record(rest):
                yield rest[:end]
                rest = rest[end:]
    if rest:
        yield rest


def end_of_record(piece: bytes) -> int:
    """Where the last whole record ends in a piece that begins with one: after a line's end with as many quotes before it as
    close one another. 0 where none ends."""
    end, quotes = len(piece), piece.count(b'"')
    while at := piece.rfind(b"\n", 0, end) + 1:
        quotes -= piece.count(b'"', at, end)
        if quotes % 2 == 0:
            return at
        end = at - 1
    return 0


def text_type(kind: pa.DataType) -> pd.StringDtype | None:
    """Text columns as pandas' own string type, as read_table makes them."""
    return pd.StringDtype() if pa.types.is_string(kind) else None


def typed(table: pd.DataFrame) -> pd.DataFrame:
    """A table of texts with the dtypes that its columns are known to have (see read_table)."""
    for column in table.columns:
        if column in WHOLE_COLUMNS:
            table[column] = pd.to_numeric(table[column]).astype("Int64")
        elif column in FLOAT_COLUMNS:
            table[column] = pd.to_numeric(table[column]).astype("Float64")
        elif column in TRUTH_COLUMNS:
            table[column] = table[column].str.lower().isin(["true", "1"])
        elif column in DATE_COLUMNS:
            table[column] = pd.to_datetime(table[column], errors="coerce", format="%Y-%m-%d")
    return table


class Measure(NamedTuple):
    """What may be counted over the years: the cells to add up in each form, "" where it has no such figure; names."""

    section: str
    cells_2019: str
    cells_2021: str
    unit_en: str
    unit_zh: str
    label_en: str
    label_zh: str


@cache
def measures() -> pd.DataFrame:
    """What may be counted over the years, from reference/measures.csv, indexed by measure.

    Columns: section, cells_2019, cells_2021 (cell codes to add up, blank where the form has no such figure),
    unit_en, unit_zh, label_en, label_zh.
    """
    with (files("compare") / "reference" / "measures.csv").open(encoding="utf-8-sig") as file:
        return pd.read_csv(file, dtype=str, keep_default_na=False).set_index("measure")


@cache
def measure(name: str) -> Measure:
    """One measure by name. Raises KeyError with the names there are."""
    table = measures()
    if name not in table.index:
        raise KeyError(f"{name!r} is no measure; there are {', '.join(table.index)}")
    return Measure(*(str(text) for text in table.loc[name]))
