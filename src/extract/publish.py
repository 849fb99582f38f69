"""Writing the published files: whole or not at all, readable in Excel, harmless when opened there."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from .schemas import arrow, checked

BOM = b"\xef\xbb\xbf"
# A text that a spreadsheet would run: it begins like a formula and is no plain signed number.
FORMULA = r"^[=+\-@\t\r]"
SIGNED_NUMBER = r"^[+\-][0-9.,]*$"


def harmless(column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Text cells that a spreadsheet would run as a formula, with an apostrophe in front; numbers such as -8 or +19 stay."""
    runs = pc.and_(
        pc.match_substring_regex(column, FORMULA), pc.invert(pc.match_substring_regex(column, SIGNED_NUMBER))
    )
    if not pc.any(runs).as_py():
        return column
    return pc.if_else(pc.fill_null(runs, False), pc.binary_join_element_wise("'", column, ""), column)


class Publisher:
    """Collects the files of one run in a folder beside `out` and moves them into it when the run has ended well.

    Use as a context manager: an exception leaves `out` as it was. Tables may be added piece by piece; pieces are checked against the schema.
    """

    def __init__(self, out: Path) -> None:
        self.out = out
        self.staging = out / f".unfinished-{os.getpid()}"
        self._csv: dict[str, Any] = {}
        self._parquet: dict[str, pq.ParquetWriter] = {}
        self.rows: dict[str, int] = {}

    def __enter__(self) -> Publisher:
        self.out.mkdir(parents=True, exist_ok=True)
        for old in self.out.glob(".unfinished-*"):
            shutil.rmtree(old, ignore_errors=True)
        self.staging.mkdir()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._csv.values():
            file.close()
        for writer in self._parquet.values():
            writer.close()
        if kind is None:
            for path in sorted(
                self.staging.iterdir(), key=lambda p: p.name == "run.json"
            ):  # run.json last: it says that all is there
                path.replace(self.out / path.name)
        shutil.rmtree(self.staging, ignore_errors=True)

    def add(self, name: str, table: pa.Table) -> None:
        """Append rows to a published table. Raises pandera's SchemaErrors where they do not fit their schema."""
        table = table.select(arrow(name).names).cast(arrow(name))
        if table.num_rows:
            checked(name).validate(table.to_pandas(types_mapper=_pandas_type), lazy=True)
        self.rows[name] = self.rows.get(name, 0) + table.num_rows
        if name.endswith(".parquet"):
            self._add_parquet(name, table)
        else:
            self._add_csv(name, table)

    def _add_parquet(self, name: str, table: pa.Table) -> None:
        if name not in self._parquet:
            self._parquet[name] = pq.ParquetWriter(self.staging / name, arrow(name), compression="zstd")
        if table.num_rows:
            self._parquet[name].write_table(table)

    def _add_csv(self, name: str, table: pa.Table) -> None:
        if name not in self._csv:
            self._csv[name] = (self.staging / name).open("wb")
            self._csv[name].write(BOM + ",".join(table.column_names).encode() + b"\n")
        columns = [harmless(c) if pa.types.is_string(c.type) else c for c in table.columns]
        options = pacsv.WriteOptions(include_header=False, quoting_style="needed")
        pacsv.write_csv(pa.table(columns, schema=table.schema), self._csv[name], options)

    def staged(self, name: str) -> Path:
        """The finished file of a Parquet table of this run, closed for reading back."""
        if name in self._parquet:
            self._parquet.pop(name).close()
        return self.staging / name

    def write_text(self, name: str, text: str) -> None:
        """A file of plain text."""
        (self.staging / name).write_text(text, encoding="utf-8")

    def write_json(self, name: str, content: Any) -> None:
        """A file of JSON, keys in the order given."""
        self.write_text(name, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def _pandas_type(kind: pa.DataType) -> Any:
    import pandas as pd

    return pd.ArrowDtype(kind)
