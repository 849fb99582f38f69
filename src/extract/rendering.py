"""A piece of a published table as it goes into its file: checked, harmless when opened in a spreadsheet."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from .schemas import Demand, arrow, checked, demands

Column: TypeAlias = pa.Array | pa.ChunkedArray
# A text that a spreadsheet would run: it begins like a formula (also in full-width characters) and is no plain signed number.
FORMULA = r"^[=+\-@\t\r\n＝＋－＠]"
SIGNED_NUMBER = r"^[+\-][0-9.,]*$"
CONTROLS = r"[\x00-\x08\x0b\x0c\x0e-\x1f]"  # no spreadsheet and no database takes them
SUSPECT = f"{FORMULA}|{CONTROLS}"
UNIQUE = "fact_id"  # the one text that never stands there twice


class Piece(NamedTuple):
    """Some rows of a published table: the lines of a CSV, or the rows of a Parquet file with the schema that `parquet_schema` gives."""

    name: str
    rows: int
    content: bytes | pa.Table


def rendered(name: str, table: pa.Table) -> Piece:
    """The rows as a piece. Raises pandera's SchemaErrors where they do not fit their schema, KeyError where a column is missing."""
    columns = [_typed(table[field.name], field.type) for field in arrow(name)]
    for field, column in zip(arrow(name).names, columns, strict=True):
        _check(name, field, column)
    if name.endswith(".parquet"):
        schema = parquet_schema(name)
        whole = [_typed(c, field.type) for c, field in zip(columns, schema, strict=True)]
        return Piece(name, table.num_rows, pa.table(whole, schema=schema))
    return Piece(name, table.num_rows, _csv_lines(columns, arrow(name).names))


def _check(name: str, field: str, column: Column) -> None:
    """Raises pandera's SchemaErrors where a column does not fit. Arrow looks first, for it is fast and holds up nobody; where it finds something,
    pandera has the last word and tells what."""
    demand = demands(name).get(field)
    if demand is None or _fits(column, demand):
        return
    import pandas as pd

    frame = pa.table({field: _distinct(column)}).to_pandas(types_mapper=pd.ArrowDtype)
    checked(name).validate(frame, lazy=True)


def _fits(column: Column, demand: Demand) -> bool:
    """Whether every value is an allowed one, or matches the pattern; where the demand names neither, whether no place is empty."""
    if not (demand.allowed or demand.pattern):
        return bool(column.null_count == 0)
    values = _distinct(column).drop_null()
    if demand.allowed:
        return pc.all(pc.is_in(values, pa.array(demand.allowed))).as_py() is not False
    return pc.all(pc.match_substring_regex(values, demand.pattern)).as_py() is not False


@cache
def parquet_schema(name: str) -> pa.Schema:
    """The Arrow schema of the rows of a Parquet file while it is written: texts that repeat are dictionaries, which saves finding that out."""
    text = pa.dictionary(pa.int32(), pa.string())
    repeats = (pa.types.is_string(field.type) and field.name != UNIQUE for field in arrow(name))
    return pa.schema(
        [field.with_type(text) if again else field for field, again in zip(arrow(name), repeats, strict=True)]
    )


def harmless(column: Column) -> Column:
    """Text cells that a spreadsheet would run as a formula, with an apostrophe in front; numbers such as -8 or +19 stay. Control characters become �."""
    if pa.types.is_dictionary(column.type):
        parts = [pa.DictionaryArray.from_arrays(c.indices, harmless(c.dictionary)) for c in _chunks(column)]
        return pa.chunked_array(parts, pa.dictionary(pa.int32(), pa.string()))
    if not pc.any(pc.match_substring_regex(column, SUSPECT)).as_py():
        return column
    if pc.any(pc.match_substring_regex(column, CONTROLS)).as_py():
        column = pc.replace_substring_regex(column, CONTROLS, "\ufffd")
    runs = pc.and_(
        pc.match_substring_regex(column, FORMULA), pc.invert(pc.match_substring_regex(column, SIGNED_NUMBER))
    )
    if not pc.any(runs).as_py():
        return column
    return pc.if_else(pc.fill_null(runs, False), pc.binary_join_element_wise("'", column, ""), column)


def _typed(column: Column, kind: pa.DataType) -> Column:
    """A column with this type; a text may stay a dictionary of texts, and becomes one where that is the type."""
    if column.type == kind or (pa.types.is_dictionary(column.type) and pa.types.is_string(kind)):
        return column
    return column.dictionary_encode() if pa.types.is_dictionary(kind) else column.cast(kind)


def _distinct(column: Column) -> pa.Array:
    """The values that stand in a column. A dictionary may name some that do not: these fit as well, or somebody has made them up."""
    if not pa.types.is_dictionary(column.type):
        return column.unique()
    values = pa.concat_arrays([chunk.dictionary for chunk in _chunks(column)])
    return pa.concat_arrays([values, pa.nulls(1, values.type)]) if column.null_count else values


def _chunks(column: Column) -> list[pa.Array]:
    return column.chunks if isinstance(column, pa.ChunkedArray) else [column]


def _csv_lines(columns: list[Column], names: list[str]) -> bytes:
    texts = (pa.types.is_string, pa.types.is_dictionary)
    safe = [harmless(column) if any(is_text(column.type) for is_text in texts) else column for column in columns]
    # In one piece: where the first of several is empty, pyarrow 26 writes bytes of memory that are no text.
    table = pa.table(safe, names=names).combine_chunks()
    sink = pa.BufferOutputStream()
    if table.num_rows:
        pacsv.write_csv(table, sink, pacsv.WriteOptions(include_header=False, quoting_style="needed"))
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]
