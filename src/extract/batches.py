"""What one worker does with some documents: open them one by one under a watchdog, take all of them to the end, hand back columns packed for the
manifest."""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import hashlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from .columns import STREAMED, Batch
from .document import Note, Source
from .report import Report, finish, opened
from .storage import Rejected, open_folder, shown

REPORTS = "reports.csv"
TABLES = (REPORTS, *STREAMED)
# How long a result is kept: not past this run (the file changed meanwhile), until asked for (broken off), as long as the file is the same.
PASSING, BROKEN_OFF, LASTING = 0, 1, 2


# How a worker ends itself after a document for which there was not enough memory: what it could not give back would be missing to the next one.
OUT_OF_MEMORY = 77

# Objects made before Python looks for rings among them. A document makes some ten thousand and hardly a ring: at 700, as Python comes, a tenth
# of the time goes into looking.
OBJECTS_BETWEEN_LOOKS = 50_000
# LZ4 packs these tables almost as small as zstd does, in a fifth of the time; threads cost more than they save on tables that small.
PACKED = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)


class Limits(NamedTuple):
    """What one document may cost. `seconds` of processor time, after which its worker is ended; `clock`: the same by the clock, for what waits and
    does nothing (0: five times `seconds`, so that a busy machine ends nothing that would be read on an idle one); `megabytes` of memory of a worker;
    `budget` seconds by the clock after which a worker hands back what it has, so that others can take the rest."""

    seconds: float = 120.0
    megabytes: int = 1900
    budget: float = 20.0
    clock: float = 0.0

    @property
    def longest(self) -> float:
        """Seconds by the clock after which a worker is ended."""
        return self.clock or 5 * self.seconds


class Entry(NamedTuple):
    """Where a document's rows lie in its part: (first row, number of rows) for each of TABLES, flat; whether the report names its office; how long it lasts."""

    spans: tuple[int, ...]
    named: bool
    lasting: int = LASTING


class Part(NamedTuple):
    """The results of some documents: one entry for each of the first sources, the tables packed, the sources that were left."""

    entries: list[Entry]
    blobs: dict[str, bytes]
    left: list[Source]


_one_at_a_time = threading.Lock()  # readers use libraries that are not safe in threads


def read_documents(address: str, sources: list[Source], limits: Limits) -> Part:
    """Read documents of the folder at `address` until the budget is spent, at least one. Never raises for what a document contains."""
    try:
        return _read_documents(address, sources, limits)
    except MemoryError:
        if not _in_worker():
            raise
        os._exit(
            OUT_OF_MEMORY
        )  # what is left here may be too little for the next document as well: a fresh worker tries again


def _read_documents(address: str, sources: list[Source], limits: Limits) -> Part:
    started = time.monotonic()
    results: list[tuple[Report, int]] = []
    with _one_at_a_time, _rare_looks_for_rings():
        for source in sources:
            if results and time.monotonic() - started > limits.budget:
                break
            with _watchdog(limits):
                results.append(_opened(address, source))
            _end_where_memory_ends(results[-1:])
        # The rest takes a fraction of the time that opening takes; a document that takes longer is found when each is read alone.
        with _watchdog(limits):
            finish([report for report, _ in results])
        _end_where_memory_ends(results)
    return pack(results, sources[len(results) :])


def _end_where_memory_ends(results: list[tuple[Report, int]]) -> None:
    """End this worker after a document for which there was not enough memory."""
    if _in_worker() and any("more memory" in note.message for report, _ in results for note in report.notes):
        os._exit(OUT_OF_MEMORY)


def broken_off(source: Source, kind: str, message: str) -> Part:
    """The result of a document that could not be read to its end: an issue."""
    return pack([(Report(_published(source), notes=[Note(kind, message)]), BROKEN_OFF)], [])


def pack(results: list[tuple[Report, int]], left: list[Source]) -> Part:
    """Reports as a part. Where one of them holds what no table can (such as half a character) it becomes an issue, the others stay."""
    try:
        return _packed(results, left)
    except (ValueError, TypeError, OverflowError, pa.ArrowException):
        return _packed([(_fit(report), lasting) for report, lasting in results], left)


def _packed(results: list[tuple[Report, int]], left: list[Source]) -> Part:
    batch, entries = Batch(), []
    ends = [0] * len(TABLES)
    for report, lasting in results:
        batch.add(report)
        spans, heights = [], batch.heights()
        for index, name in enumerate(TABLES):
            spans += [ends[index], heights[name] - ends[index]]
            ends[index] = heights[name]
        named = report.identity is not None and bool(report.identity.office_zh)
        entries.append(Entry(tuple(spans), named, lasting))
    return Part(entries, {name: bytes_of(table) for name, table in batch.tables().items()}, left)


def _fit(report: Report) -> Report:
    alone = Batch()
    try:
        alone.add(report)
        alone.tables()
    except (ValueError, TypeError, OverflowError, pa.ArrowException) as error:
        message = f"what was read cannot be published ({type(error).__name__}: {str(error)[:200]}): please report it"
        return Report(report.source, notes=[Note("reader_failed", message)])
    return report


def unpack(blob: bytes, places: Sequence[int] = ()) -> pa.Table:
    """A table of a part; the columns at these places alone, where some are named, in the order of the table."""
    options = pa.ipc.IpcReadOptions(use_threads=False, included_fields=list(places) or None)
    return pa.ipc.open_stream(blob, options=options).read_all()


def bytes_of(table: pa.Table) -> bytes:
    """A table, packed as `unpack` wants it."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=PACKED) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def _opened(address: str, source: Source) -> tuple[Report, int]:
    published = _published(source)
    try:
        data = open_folder(address).read(source.path)
    except Rejected as rejected:
        return Report(published, notes=[Note(rejected.refusal.kind, rejected.refusal.message)]), PASSING
    if hashlib.sha256(data).hexdigest() != source.sha256:
        return Report(
            published, notes=[Note("changed_meanwhile", "the file changed while it was read: run again")]
        ), PASSING
    return opened(published, data), LASTING


def _published(source: Source) -> Source:
    return source._replace(path=shown(source.path), url=shown(source.url))


def _in_worker() -> bool:
    """Whether this is a process that somebody replaces when it ends."""
    return multiprocessing.parent_process() is not None


@contextlib.contextmanager
def _rare_looks_for_rings() -> Iterator[None]:
    """Let the collector look seldom while the block lasts."""
    before = gc.get_threshold()
    gc.set_threshold(OBJECTS_BETWEEN_LOOKS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextlib.contextmanager
def _watchdog(limits: Limits) -> Iterator[None]:
    """End this process if the block takes longer, even where a library hangs outside Python. Only in a worker, which others replace."""
    if not _in_worker() or limits.seconds <= 0:
        yield
        return
    with Path(os.devnull).open("w") as nowhere:
        faulthandler.dump_traceback_later(limits.longest, exit=True, file=nowhere)
        _ring_after(limits.seconds)
        try:
            yield
        finally:
            _ring_after(0)
            faulthandler.cancel_dump_traceback_later()


def _ring_after(seconds: float) -> None:
    """Have the system end this process (SIGPROF) after so much processor time, 0 for never. Windows knows no such alarm: there the clock alone counts."""
    if hasattr(signal, "ITIMER_PROF"):
        signal.setitimer(signal.ITIMER_PROF, seconds)
