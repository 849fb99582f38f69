"""Some documents that are published together, and what each group of files takes of them, piece by piece."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from .assembly import Assembly, joined, published
from .batches import REPORTS
from .corrected import Corrections, correct, counted, issues_of
from .document import Source
from .neighbours import PLACE
from .rendering import Piece, rendered
from .schemas import replaced
from .standing import RANKED_BY
from .storage import shown
from .tables import LAID_OUT, lay_out, tidy

FACTS, ISSUES = "facts.parquet", "issues.csv"
LINES_TOGETHER = 5_000  # of a CSV, about half a megabyte
GRIDS, PROSE = "grids.parquet", ("sections.csv", "improvements.csv", "stated.csv")
# What reports are compared by, all of them at a time; and what of it is held while they are published, with the texts that many share as dictionaries.
SETTLED = (
    *PLACE,
    "report_id",
    "office_zh",
    "year",
    "document_id",
    "is_primary",
    *RANKED_BY,
    "signed_by",
    "attachments",
)
SHARED = (*PLACE, "office_zh", "published_on", "signed_by")
HELD = (*SHARED, "report_id", "year", "is_primary", "source_path")


def held(settled: pa.Table) -> pa.Table:
    """The columns HELD of a table with the columns SETTLED."""
    columns = {name: settled[name] for name in HELD}
    return pa.table(columns | {name: settled[name].dictionary_encode().combine_chunks() for name in SHARED})


class Chunk(NamedTuple):
    """Some documents that are published together. `reports`: the rows of reports.csv of those that are reports; `row_of`: for each document its row
    there, -1 for the others; `keys`: for each document what its rows take from there."""

    sources: Sequence[Source]
    rows: Assembly
    reports: pa.Table
    row_of: np.ndarray
    keys: pa.Table


class Chunks:
    """All documents of a run in the order of their paths, so many together. Any thread may ask for a chunk; it is made once and kept until it is
    forgotten. `settled` holds the columns HELD of those documents that are reports."""

    def __init__(self, sources: Sequence[Source], rows: Assembly, settled: pa.Table, together: int) -> None:
        self._sources, self._rows, self._settled, self._together = sources, rows, settled, together
        self._firsts = np.concatenate([[0], np.cumsum(rows.heights(REPORTS))])
        self._kept: dict[int, Chunk] = {}
        self._alone = threading.Lock()

    def __len__(self) -> int:
        return -(-len(self._sources) // self._together)

    def chunk(self, number: int) -> Chunk:
        """The chunk with this number, counted from 0."""
        with self._alone:
            if number not in self._kept:
                self._kept[number] = self._made(number * self._together)
            return self._kept[number]

    def forget(self, number: int) -> None:
        """Let go of the chunks before this one."""
        with self._alone:
            self._kept = {kept: chunk for kept, chunk in self._kept.items() if kept >= number}

    def _made(self, start: int) -> Chunk:
        sources = self._sources[start : start + self._together]
        rows = self._rows.between(start, start + len(sources))
        reports = joined(rows.pieces(REPORTS), REPORTS)
        first = int(self._firsts[start])
        settled = self._settled.slice(first, int(self._firsts[start + len(sources)]) - first)
        for name in HELD:
            reports = replaced(reports, name, settled[name].cast(reports.schema.field(name).type))
        is_report = rows.heights(REPORTS) == 1
        row_of = np.where(is_report, np.cumsum(is_report) - 1, -1)
        keys = reports.take(pa.array(row_of, mask=~is_report))
        keys = replaced(keys, "source_path", pa.array([shown(source.path) for source in sources], pa.string()))
        return Chunk(sources, rows, reports, row_of, keys)


def reports_and_cells(corrections: Corrections, chunk: Chunk) -> Iterator[Piece]:
    """What some documents add to reports.csv, issues.csv (the issues that corrections make before those of the reading), facts.parquet and
    grids.parquet."""
    reports, keys, heights = chunk.reports, chunk.keys, chunk.rows.heights(FACTS)
    facts, counts, notes = correct(joined(chunk.rows.pieces(FACTS), FACTS), heights, _documents(chunk), corrections)
    yield rendered(REPORTS, counted(reports, {int(chunk.row_of[number]): count for number, count in counts.items()}))
    if notes:
        ids, paths = keys["report_id"], keys["source_path"]
        told = issues_of((paths[number].as_py(), ids[number].as_py(), note) for number, note in notes)
        yield rendered(ISSUES, told)
    yield _piece(chunk, ISSUES)
    yield rendered(FACTS, published(facts, FACTS, heights, keys))
    del facts
    yield _piece(chunk, GRIDS)


def tidy_and_prose(corrections: Corrections, chunk: Chunk) -> Iterator[Piece]:
    """What they add to the tidy tables and to those of prose."""
    heights = chunk.rows.heights(FACTS)
    if corrections.concern(_documents(chunk)):
        facts = joined(chunk.rows.pieces(FACTS), FACTS)
        facts, _, _ = correct(facts, heights, _documents(chunk), corrections)
    else:
        facts = joined(chunk.rows.pieces(FACTS, LAID_OUT), FACTS)
    primary = chunk.reports["is_primary"].to_numpy()
    place = np.append(np.where(primary, np.cumsum(primary) - 1, -1), -1)
    matrix = lay_out(chunk.reports.filter(primary), facts, np.repeat(place[chunk.row_of], heights))
    del facts
    for name, table in tidy(matrix):
        for start in range(0, table.num_rows, LINES_TOGETHER):
            yield rendered(name, table.slice(start, LINES_TOGETHER))
    del matrix, table
    for name in PROSE:
        yield _piece(chunk, name)


def _piece(chunk: Chunk, name: str) -> Piece:
    rows = joined(chunk.rows.pieces(name), name)
    return rendered(name, published(rows, name, chunk.rows.heights(name), chunk.keys))


def _documents(chunk: Chunk) -> list[str]:
    return [source.document_id for source in chunk.sources]
