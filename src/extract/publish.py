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
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from .rendering import UNIQUE, Piece, parquet_schema, rendered
from .schemas import arrow, tables
from .storage import answering, filesystem, is_url, local_path, shown

BOM = b"\xef\xbb\xbf"
RUN = "run.json"
WRITTEN_TOGETHER = 1 << 20  # bytes of a Parquet file


class Destination:
    """Where the published files go: a folder of this machine, or an address that fsspec knows, which gets copies of the files of `folder`.

    `cache` keeps the manifest and the lock: OUT/.cache, or for an address a folder in the user's cache.
    """

    def __init__(self, out: Path | str, cache: Path | None = None) -> None:
        self.address, self.is_remote = str(out), is_url(out)
        if self.is_remote:
            name = hashlib.sha256(str(out).encode()).hexdigest()[:16]
            self.cache = cache or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "jiedao" / name
            self.folder = self.cache / "published"
            self._files, self._root = filesystem(str(out))
            self._try_to_write()
        else:
            self.folder = local_path(out)
            self.cache = cache or self.folder / ".cache"
        self.folder.mkdir(parents=True, exist_ok=True)

    def locks(self) -> list[Path]:
        """Files that a run holds locked: one with its memory, and one with its tables where these lie apart on this machine."""
        beside = self.folder / ".cache"
        return [self.cache / "lock"] + ([beside / "lock"] if self.cache != beside and not self.is_remote else [])

    def text(self, name: str) -> str:
        """A published text file. Raises OSError where there is none."""
        if self.is_remote:
            with answering(self.address):
                content: bytes = self._files.cat_file(f"{self._root}/{name}")
            return content.decode()
        return (self.folder / name).read_text(encoding="utf-8")

    def holds(self, names: Iterable[str]) -> bool:
        """Whether all these files are there."""
        if self.is_remote:
            with answering(self.address):
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

    def _try_to_write(self) -> None:
        """Better to hear now that the address takes nothing than after hours of reading."""
        trial = f"{self._root}/.trial"
        with answering(self.address):
            self._files.makedirs(self._root, exist_ok=True)
            self._files.pipe_file(trial, b"x")
            self._files.rm_file(trial)

    def _copy(self) -> None:
        names = sorted(path.name for path in self.folder.iterdir() if path.is_file() and path.name != RUN)
        with answering(self.address):
            with contextlib.suppress(FileNotFoundError):
                self._files.rm_file(f"{self._root}/{RUN}")
            for name in [*names, RUN]:
                self._files.put_file(os.fspath(self.folder / name), f"{self._root}/{name}")


class Publisher:
    """Collects the files of one run in a folder beside the published ones and moves them there when the run has ended well.

    Use as a context manager: an exception leaves what was published as it was. Tables may be added piece by piece, each piece is checked
    against the schema; a table to which nothing is added is published empty.
    """

    def __init__(self, destination: Destination) -> None:
        self.destination = destination
        self.staging = destination.folder / ".unfinished"
        self._files: dict[str, IO[bytes]] = {}
        self._parquet: dict[str, pq.ParquetWriter] = {}
        self._buffers: list[pa.BufferedOutputStream] = []
        self.rows: dict[str, int] = {}

    def __enter__(self) -> Publisher:
        shutil.rmtree(self.staging, ignore_errors=True)  # what a killed run left behind
        self.staging.mkdir(parents=True)
        for name in tables():
            self.rows[name] = 0
            _ = self._parquet_file(name) if name.endswith(".parquet") else self._file(name)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            opened = (*self._parquet.values(), *self._buffers, *self._files.values())
            failed = [error for file in opened if (error := _closed(file))]
            if kind is None and failed:
                raise failed[0]
            if kind is None:
                self.destination.receive(self.staging)
        finally:
            shutil.rmtree(self.staging, ignore_errors=True)

    def add(self, name: str, table: pa.Table) -> None:
        """Append rows to a published table. Raises what `rendered` raises."""
        self.append(rendered(name, table))

    def append(self, piece: Piece) -> None:
        """Append a piece to its file."""
        self.rows[piece.name] += piece.rows
        if isinstance(piece.content, bytes):
            self._file(piece.name).write(piece.content)
        elif piece.rows:
            self._parquet_file(piece.name).write_table(piece.content)

    def _parquet_file(self, name: str) -> pq.ParquetWriter:
        if name not in self._parquet:
            schema = parquet_schema(name)
            # Opened here: pyarrow itself opens no path that is no UTF-8. Each write holds up all threads, so it shall write seldom.
            file = pa.BufferedOutputStream(pa.PythonFile(self._file(name), "w"), WRITTEN_TOGETHER)
            self._buffers.append(file)
            repeating = [field.name for field in schema if field.name != UNIQUE]
            delta = (
                {UNIQUE: "DELTA_BYTE_ARRAY"} if UNIQUE in schema.names else None
            )  # each begins like the one before it
            self._parquet[name] = pq.ParquetWriter(
                file, schema, compression="zstd", use_dictionary=repeating, column_encoding=delta,
                store_schema=False,
            )  # fmt: skip
        return self._parquet[name]

    def _file(self, name: str) -> IO[bytes]:
        if name not in self._files:
            self._files[name] = (self.staging / name).open("wb")
            if not name.endswith(".parquet"):
                self._files[name].write(BOM + ",".join(arrow(name).names).encode() + b"\n")
        return self._files[name]

    def write_text(self, name: str, text: str) -> None:
        """A file of plain text."""
        (self.staging / name).write_text(text, encoding="utf-8")

    def write_json(self, name: str, content: Any) -> None:
        """A file of JSON, keys in the order given."""
        text = json.dumps(content, ensure_ascii=False, indent=1)
        if shown(text) != text:  # a path that is no UTF-8: JSON can tell it, in escapes
            text = json.dumps(content, indent=1)
        self.write_text(name, text + "\n")


def _closed(file: IO[bytes] | pa.NativeFile | pq.ParquetWriter) -> OSError | None:
    """Close a file and say what stood against it; each file is given back, whatever became of the others."""
    try:
        file.close()
    except OSError as error:
        if isinstance(file, pq.ParquetWriter):
            file.is_open = False  # else it tries again when it is forgotten
        return error
    return None


def _flush(path: Path) -> None:
    """Have the file on the disk before its name says that it is complete."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
