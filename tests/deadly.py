"""A reader for tests that does to its worker what the worst documents do, at a word in the document; and lanes that end as the worst machines end them."""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extract import batches, readers
from extract.batches import Limits, Part, read_documents
from extract.chunks import Chunk, tidy_and_prose
from extract.corrected import Corrections
from extract.document import Document, Source
from extract.rendering import Piece
from extract.report import Report

_read, _pack, _full = readers.read, batches.pack, False


def read_deadly(address: str, sources: list[Source], limits: Limits) -> Part:
    """read_documents, with deadly documents; to be called in a worker, which it spoils for anything else."""
    readers.read, batches.pack = _deadly, _pack_or_fail
    return read_documents(address, sources, limits)


def _pack_or_fail(results: list[tuple[Report, int]], left: list[Source]) -> Part:
    """Once a document named FULL was read beside others, this process has no memory left for anything."""
    global _full
    _full = _full or (len(results) > 1 and any("FULL" in report.source.path for report, _ in results))
    if _full:
        raise MemoryError
    return _pack(results, left)


def _deadly(source: Source, data: bytes) -> Document:
    if b"DIE" in data:
        os.kill(os.getpid(), signal.SIGKILL)
    if b"CRASH" in data:
        ctypes.string_at(0)
    if b"HANG" in data:
        ctypes.PyDLL(None).sleep(600)  # holds the interpreter's lock: no Python timer could end it
    if b"WAIT" in data:
        time.sleep(600)
    while b"SPIN" in data:
        pass
    if b"DEVOUR" in data:
        devoured: list[Any] = []
        while True:
            devoured.append(bytearray(50_000_000))
    if b"HALF" in data:
        document = _read(source, data)
        document.blocks[0].text += "\ud800"  # type: ignore[union-attr]
        document.metadata["title"] = "\ud800"
        return document
    return _read(source, data)


class DyingLane:
    """`tidy_and_prose` in a process that is killed in the second piece, the first so many times; each leaves an x in a file."""

    def __init__(self, marks: Path, times: int) -> None:
        self.marks, self.times, self.pieces = marks, times, 0

    def __call__(self, corrections: Corrections, chunk: Chunk) -> Iterator[Piece]:
        """See the class."""
        self.pieces += 1
        died = len(self.marks.read_text()) if self.marks.exists() else 0
        if self.pieces == 2 and died < self.times:
            self.marks.write_text("x" * (died + 1))
            os.kill(os.getpid(), signal.SIGKILL)
        return tidy_and_prose(corrections, chunk)


def full_disk(corrections: Corrections, chunk: Chunk) -> Iterator[Piece]:
    """A lane that finds no room on the disk."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "permits.csv")


def impossible_rows(corrections: Corrections, chunk: Chunk) -> Iterator[Piece]:
    """A lane that cannot go on."""
    raise ZeroDivisionError
