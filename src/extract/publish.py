"""Writing the published files: whole or not at all, readable in Excel, harmless when opened there."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from .schemas import arrow, checked, tables
from .storage import filesystem, is_url, local_path

BOM = b"\xef\xbb\xbf"
# A text that a spreadsheet would run: it begins like a formula (also in full-width characters) and is no plain signed number.
FORMULA = r"^[=+\-@\t\r\n＝＋－＠]"
SIGNED_NUMBER = r"^[+\-][0-9.,]*$"
CONTROLS = r"[\x00-\x08\x0b\x0c\x0e-\x1f]"  # no spreadsheet and no database takes them
SUSPECT = f"{FORMULA}|{CONTROLS}"
RUN = "run.json"


def harmless(column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Text cells that a spreadsheet would run as a formula, with an apostrophe in front; numbers such as -8 or +19 stay. Control characters become �."""
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


class Destination:
    """Where the published files go: a folder of this machine, or an address that fsspec knows, which gets copies of the files of `folder`.

    `cache` keeps the manifest and the lock: OUT/.cache, or for an address a folder in the user's cache.
    """

    def __init__(self, out: Path | str, cache: Path | None = None) -> None:
        self.is_remote = is_url(out)
        if self.is_remote:
            name = hashlib.sha256(str(out).encode()).hexdigest()[:16]
            self.cache = cache or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "jiedao" / name
            self.folder = self.cache / "published"
            self._files, self._root = filesystem(str(out))
        else:
            self.folder = local_path(out)
            self.cache = cache or self.folder / ".cache"
        self.folder.mkdir(parents=True, exist_ok=True)

    def text(self, name: str) -> str:
        """A published text file. Raises OSError where there is none."""
        if self.is_remote:
            content: bytes = self._files.cat_file(f"{self._root}/{name}")
            return content.decode()
        return (self.folder / name).read_text(encoding="utf-8")

    def holds(self, names: Iterable[str]) -> bool:
        """Whether all these files are there."""
        if self.is_remote:
            return all(self._files.exists(f"{self._root}/{name}") for name in names)
        return all((self.folder / name).exists() for name in names)

    def receive(self, staging: Path) -> None:
        """Take every file of a folder. run.json goes first and comes last: while it is missing, nobody takes the others for complete."""
        (self.folder / RUN).unlink(missing_ok=True)
        for path in sorted(staging.iterdir(), key=lambda p: (p.name == RUN, p.name)):
            _flush(path)
            path.replace(self.folder / path.name)
        if self.is_remote:
            self._copy()

    def _copy(self) -> None:
        self._files.makedirs(self._root, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            self._files.rm_file(f"{self._root}/{RUN}")
        for name in [*sorted(p.name for p in self.folder.iterdir() if p.is_file() and p.name != RUN), RUN]:
            self._files.put_file(os.fspath(self.folder / name), f"{self._root}/{name}")


class Publisher:
    """Collects the files of one run in a folder beside the published ones and moves them there when the run has ended well.

    Use as a context manager: an exception leaves what was published as it was. Tables may be added piece by piece, each piece is checked
    against the schema; a table to which nothing is added is published empty.
    """

    def __init__(self, destination: Destination) -> None:
        self.destination = destination
        self.staging = destination.folder / ".unfinished"
        self._csv: dict[str, Any] = {}
        self._parquet: dict[str, pq.ParquetWriter] = {}
        self.rows: dict[str, int] = {}

    def __enter__(self) -> Publisher:
        shutil.rmtree(self.staging, ignore_errors=True)  # what a killed run left behind
        self.staging.mkdir(parents=True)
        for name in tables():
            self.add(name, arrow(name).empty_table())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._csv.values():
            file.close()
        for writer in self._parquet.values():
            writer.close()
        if kind is None:
            self.destination.receive(self.staging)
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

    def write_text(self, name: str, text: str) -> None:
        """A file of plain text."""
        (self.staging / name).write_text(text, encoding="utf-8")

    def write_json(self, name: str, content: Any) -> None:
        """A file of JSON, keys in the order given."""
        self.write_text(name, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def _pandas_type(kind: pa.DataType) -> Any:
    import pandas as pd

    return pd.ArrowDtype(kind)


def _flush(path: Path) -> None:
    """Have the file on the disk before its name says that it is complete."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
