"""Files of published tables while they are written, piece by piece."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING

import pyarrow as pa

from .rendering import UNIQUE, Piece, parquet_schema
from .schemas import arrow

if TYPE_CHECKING:
    import pyarrow.parquet as pq

BOM = b"\xef\xbb\xbf"
WRITTEN_TOGETHER = 1 << 20  # bytes of a Parquet file


class Files:
    """The files of some tables in one folder, each begun with its first piece. `rows`: how many each has.

    Use as a context manager. Raises OSError where a file cannot be written, FileExistsError where it is there already.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows: dict[str, int] = {}
        self._files: dict[str, IO[bytes]] = {}
        self._taken: set[str] = set()
        self._parquet: dict[str, pq.ParquetWriter] = {}
        self._buffers: list[pa.BufferedOutputStream] = []

    def __enter__(self) -> Files:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        opened = (*self._parquet.values(), *self._buffers, *self._files.values())
        failed = [error for file in opened if (error := _closed(file))]
        if kind is None and failed:
            raise failed[0]

    def append(self, piece: Piece) -> None:
        """Append a piece to its file."""
        self.begin(piece.name)
        self.rows[piece.name] += piece.rows
        if isinstance(piece.content, bytes):
            self._files[piece.name].write(piece.content)
        elif piece.rows:
            self._parquet[piece.name].write_table(piece.content)

    def begin(self, name: str) -> None:
        """Begin a file, unless it has begun; a CSV that others have written goes on."""
        if name in self._files:
            return
        goes_on = name in self._taken and not name.endswith(".parquet")
        self._files[name] = (self.folder / name).open("ab" if goes_on else "xb")
        self.rows.setdefault(name, 0)
        if name.endswith(".parquet"):
            self._parquet[name] = self._parquet_file(name)
        elif not goes_on:
            self._files[name].write(_header(name))

    def take(self, path: Path, rows: int) -> None:
        """A whole file that others have written in the same way: it becomes one of these, or its rows are appended to the one that has begun."""
        name = path.name
        self.rows[name] = self.rows.get(name, 0) + rows
        if name not in self._files:
            path.rename(self.folder / name)
            self._taken.add(name)
            return
        with path.open("rb") as file:
            file.seek(len(_header(name)))
            shutil.copyfileobj(file, self._files[name])

    def _parquet_file(self, name: str) -> pq.ParquetWriter:
        import pyarrow.parquet as pq  # 9 MB, of which a run that leaves it to others needs nothing

        schema = parquet_schema(name)
        # Opened here: pyarrow itself opens no path that is no UTF-8. Each write holds up all threads, so it shall write seldom.
        file = pa.BufferedOutputStream(pa.PythonFile(self._files[name], "w"), WRITTEN_TOGETHER)
        self._buffers.append(file)
        repeating = [field.name for field in schema if field.name != UNIQUE]
        # Each of these texts begins like the one before it.
        delta = {UNIQUE: "DELTA_BYTE_ARRAY"} if UNIQUE in schema.names else None
        return pq.ParquetWriter(
            file, schema, compression="zstd", use_dictionary=repeating, column_encoding=delta, store_schema=False
        )


def _header(name: str) -> bytes:
    return BOM + ",".join(arrow(name).names).encode() + b"\n"


def _closed(file: IO[bytes] | pa.NativeFile | pq.ParquetWriter) -> OSError | None:
    """Close a file and say what stood against it; each file is given back, whatever became of the others."""
    try:
        file.close()
    except OSError as error:
        if hasattr(file, "is_open"):  # a writer of Parquet tries again when it is forgotten, unless it is told not to
            file.is_open = False
        return error
    return None
