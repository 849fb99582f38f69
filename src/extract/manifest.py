"""What earlier runs have read, so that it is not read again: one SQLite file, written batch by batch.

A document's result is kept under a digest of the extractor's version, its content, its path and its published address: everything it depends on.
Its neighbours are not among them: what reports say of each other is settled anew in every run (see neighbours.py). A kill at any moment leaves
the batches that were committed; the rest is read again.
"""

from __future__ import annotations

import errno
import hashlib
import os
import sqlite3
import struct
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import pyarrow as pa

from .batches import TABLES as KEPT
from .batches import Entry, Part, unpack
from .document import Source
from .schemas import stored
from .storage import shown

# A file changed within this time before it was hashed may change again without a new time stamp, so its hash is not kept.
RACY_NS = 2_000_000_000
TABLES = """
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (path BLOB PRIMARY KEY, stamp TEXT, sha256 TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (key BLOB PRIMARY KEY, part INTEGER, spans BLOB, lasting INTEGER, whole INTEGER) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS documents_by_part ON documents (part);
CREATE TABLE IF NOT EXISTS parts (part INTEGER, name TEXT, content BLOB, PRIMARY KEY (part, name));
"""
LAYOUT = "2"  # of this file; another layout is thrown away


class Place(NamedTuple):
    """Where a document's result lies: its part, and per table of batches.TABLES (first row, number of rows); `named` as in Entry."""

    part: int
    spans: tuple[int, ...]
    named: bool


class Parts:
    """The results in a manifest, for processes that only read them, as long as the run that holds the lock goes on. Use as a context manager."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def position(self, name: str) -> int:
        """Where a table stands among the spans of a place."""
        return KEPT.index(name)

    def table(self, part: int, name: str, columns: tuple[str, ...] = ()) -> pa.Table:
        """One table of one part; with these columns alone where some are named."""
        asked = "SELECT content FROM parts WHERE part = ? AND name = ?"
        (blob,) = self._db.execute(asked, (part, name)).fetchone()
        return unpack(blob, [stored(name).get_field_index(column) for column in columns])


class Manifest(Parts):
    """The manifest in one file. Use as a context manager, under the lock of the output folder.

    Raises OSError where the file cannot be written, such as on a full disk.
    """

    def __init__(self, path: Path, version: str, raw: str) -> None:
        self.path, self.version = path, version
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._db = self._open()
            self._settle_in(version, shown(raw))
        except sqlite3.OperationalError as error:
            raise self._unwritable(error) from None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        if isinstance(error, sqlite3.OperationalError):
            raise self._unwritable(error) from None

    def _unwritable(self, error: sqlite3.Error) -> OSError:
        return OSError(errno.EIO, str(error), str(self.path))

    def _settle_in(self, version: str, raw: str) -> None:
        """Forget what another version of the extractor read, and the files of another folder."""
        with self._db:
            if self._about("version") != version:
                self._db.execute("DELETE FROM documents")
                self._db.execute("DELETE FROM parts")
            if self._about("raw") != raw:
                self._db.execute("DELETE FROM files")
            about = [("version", version), ("raw", raw), ("layout", LAYOUT)]
            self._db.executemany("REPLACE INTO about VALUES (?, ?)", about)

    def _open(self) -> sqlite3.Connection:
        """The database, anew where it is damaged or laid out otherwise: it holds nothing that cannot be read again."""
        try:
            connection = _connect(self.path)
            layout = connection.execute("SELECT value FROM about WHERE name = 'layout'").fetchone()
            if layout in (None, (LAYOUT,)):
                return connection
            connection.close()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and not self.path.exists():
                raise
        for leftover in self.path.parent.glob(self.path.name + "*"):
            leftover.unlink()
        return _connect(self.path)

    def _about(self, name: str) -> str | None:
        row = self._db.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def known_hash(self, path: str, stamp: str) -> str | None:
        """The sha256 of a file that has this stamp still, None where it must be hashed."""
        row = self._db.execute("SELECT stamp, sha256 FROM files WHERE path = ?", (os.fsencode(path),)).fetchone()
        return row[1] if row and stamp and row[0] == stamp else None

    def remember_hashes(self, files: Iterable[tuple[str, str, str]], before: int) -> None:
        """Keep (path, stamp, sha256); `before` is the time in nanoseconds at which the stamps were taken."""
        rows = [(os.fsencode(path), stamp, sha256) for path, stamp, sha256 in files if _settled(stamp, before)]
        self._db.executemany("REPLACE INTO files VALUES (?, ?, ?)", rows)
        self._db.commit()

    def key(self, source: Source) -> bytes:
        """What a document's result is kept under."""
        parts = (
            self.version.encode(),
            source.sha256.encode(),
            os.fsencode(source.path),
            source.url.encode("utf-8", "replace"),
        )
        return hashlib.sha256(b"\x00".join(parts)).digest()[:16]

    def place(self, source: Source) -> Place | None:
        """Where the result of this document lies, None where it has not been read."""
        row = self._db.execute("SELECT part, spans, whole FROM documents WHERE key = ?", (self.key(source),)).fetchone()
        return Place(row[0], struct.unpack(f"<{len(row[1]) // 4}I", row[1]), bool(row[2])) if row else None

    def add(self, sources: Sequence[Source], part: Part) -> None:
        """Keep the results of a batch, all or none."""
        with self._db:
            (number,) = self._db.execute("SELECT coalesce(max(part), 0) + 1 FROM parts").fetchone()
            self._db.executemany(
                "INSERT INTO parts VALUES (?, ?, ?)", [(number, name, blob) for name, blob in part.blobs.items()]
            )
            rows = [(self.key(s), number, *_packed(e)) for s, e in zip(sources, part.entries, strict=False)]
            self._db.executemany("REPLACE INTO documents VALUES (?, ?, ?, ?, ?)", rows)

    def places(self, sources: Sequence[Source]) -> list[Place]:
        """Where the results of these documents lie. Raises LookupError where one of them was never read."""
        found = [place for source in sources if (place := self.place(source)) is not None]
        if len(found) != len(sources):
            raise LookupError(f"{len(sources) - len(found)} documents were neither read nor told of")
        return found

    def forget_failures(self) -> None:
        """Let documents whose reading was broken off be read again."""
        self._drop("lasting < 2")

    def tidy_up(self, paths: Iterable[str], sources: Iterable[Source]) -> bool:
        """Drop what belongs to no file of this run, and results that must not last; returns whether there were any of these."""
        with self._db:
            self._db.execute("CREATE TEMP TABLE present (path BLOB PRIMARY KEY) WITHOUT ROWID")
            self._db.execute("CREATE TEMP TABLE current (key BLOB PRIMARY KEY) WITHOUT ROWID")
            self._db.executemany("INSERT OR IGNORE INTO present VALUES (?)", ((os.fsencode(path),) for path in paths))
            self._db.executemany(
                "INSERT OR IGNORE INTO current VALUES (?)", ((self.key(source),) for source in sources)
            )
            passing = self._db.execute("SELECT count(*) FROM documents WHERE lasting = 0").fetchone()[0]
            self._db.execute("DELETE FROM files WHERE path NOT IN (SELECT path FROM present)")
        self._drop("lasting = 0 OR key NOT IN (SELECT key FROM current)")
        return bool(passing)

    def _drop(self, condition: str) -> None:
        with self._db:
            self._db.execute(f"DELETE FROM documents WHERE {condition}")
            self._db.execute("DELETE FROM parts WHERE part NOT IN (SELECT part FROM documents)")


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    # A write-ahead log survives the kill of a process at any moment; after a power cut the last batches may be missing, never half there.
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.executescript(TABLES)
    return connection


def _packed(entry: Entry) -> tuple[bytes, int, bool]:
    return struct.pack(f"<{len(entry.spans)}I", *entry.spans), entry.lasting, entry.named


def _settled(stamp: str, before: int) -> bool:
    """Whether a local file's last change lies well before the time at which it was looked at; other stores name versions."""
    fields = stamp.split("-")
    times = [int(field) for field in fields[1:3]] if len(fields) == 4 and all(map(str.isdecimal, fields)) else []
    return bool(stamp) and all(moment < before - RACY_NS for moment in times)


def now() -> int:
    """Nanoseconds, as file systems count."""
    return time.time_ns()
