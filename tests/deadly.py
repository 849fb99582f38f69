"""A reader for tests that does to its worker what the worst documents do, at a word in the document."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from typing import Any

from extract import batches, readers
from extract.batches import Limits, Part, read_documents
from extract.document import Document, Source
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
