"""Some documents that are published together, and what each group of files takes of them, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from .assembly import Assembly, joined, published
from .batches import REPORTS
from .corrected import Corrections, correct, counted, issues_of
from .lineup import Lineup
from .manifest import KEPT, Parts
from .neighbours import PLACE
from .rendering import Piece, rendered
from .schemas import replaced
from .standing import RANKED_BY
from .tables import LAID_OUT, lay_out, tidy

FACTS, ISSUES = "facts.parquet", "issues.csv"
LINES_TOGETHER = 5_000  # of a CSV, about half a megabyte
GRIDS, PROSE = "grids.parquet", ("sections.csv", "improvements.csv", "stated.csv")
# What reports are compared by, all of them at a time; and what of it replaces what their documents say.
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
HELD = (*PLACE, "office_zh", "published_on", "signed_by", "report_id", "year", "is_primary", "source_path")


class Chunk(NamedTuple):
    """Some documents that are published together. `documents`: their ids; `reports`: the rows of reports.csv of those that are reports; `row_of`:
    for each document its row there, -1 for the others; `keys`: for each document what its rows take from there."""

    documents: list[str]
    rows: Assembly
    reports: pa.Table
    row_of: np.ndarray
    keys: pa.Table


def chunk_at(parts: Parts, lineup: Lineup, number: int) -> Chunk:
    """The documents of one piece of a lineup, which holds the columns HELD of its reports."""
    documents, settled = lineup.piece(number)
    spans = documents["spans"].flatten().to_numpy().reshape(documents.num_rows, len(KEPT), 2)
    rows = Assembly(parts, documents["part"].to_numpy(), spans)
    reports = joined(rows.pieces(REPORTS), REPORTS)
    for name in HELD:
        reports = replaced(reports, name, settled[name].cast(reports.schema.field(name).type))
    is_report = rows.heights(REPORTS) == 1
    row_of = np.where(is_report, np.cumsum(is_report) - 1, -1)
    keys = reports.take(pa.array(row_of, mask=~is_report))
    keys = replaced(keys, "source_path", documents["source_path"])
    return Chunk(documents["document_id"].to_pylist(), rows, reports, row_of, keys)


def reports_and_cells(corrections: Corrections, chunk: Chunk) -> Iterator[Piece]:
    """What some documents add to reports.csv, issues.csv (the issues that corrections make before those of the reading), facts.parquet and
    grids.parquet."""
    reports, keys, heights = chunk.reports, chunk.keys, chunk.rows.heights(FACTS)
    facts, counts, notes = correct(joined(chunk.rows.pieces(FACTS), FACTS), heights, chunk.documents, corrections)
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
    if corrections.concern(chunk.documents):
        facts = joined(chunk.rows.pieces(FACTS), FACTS)
        facts, _, _ = correct(facts, heights, chunk.documents, corrections)
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
