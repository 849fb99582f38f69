"""From the manifest to the published tables: reports settled with each other, then everything in the order of the paths, piece by piece."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import NamedTuple, TypeAlias, TypeVar

import numpy as np
import pyarrow as pa

from .assembly import Assembly, joined, published
from .attached import take_from_pages
from .batches import REPORTS
from .columns import STREAMED
from .corrected import Corrections, correct, counted, gather, issues_of
from .document import Source
from .heap import sweep
from .manifest import Manifest
from .neighbours import PLACE, share_places
from .notices import Notice, issues
from .progress import Progress
from .publish import Publisher
from .rendering import Piece, rendered
from .schemas import arrow, replaced
from .standing import RANKED_BY, choose_primary, offices
from .storage import shown
from .tables import lay_out, tidy

# Documents published together: a row group of about 50,000 facts. Fixed, so that the files do not depend on how the documents came in.
TOGETHER = 250
# What is held of all reports at a time: by these columns they are compared with each other.
SETTLED = [
    *PLACE,
    "report_id",
    "office_zh",
    "year",
    "document_id",
    "is_primary",
    *RANKED_BY,
    "signed_by",
    "attachments",
]
Item = TypeVar("Item")
Made = TypeVar("Made")


class _Chunk(NamedTuple):
    """Some documents that are published together. `reports`: the rows of reports.csv of those that are reports; `row_of`: for each document its row
    there, -1 for the others; `keys`: for each document what its rows take from there."""

    sources: Sequence[Source]
    rows: Assembly
    reports: pa.Table
    row_of: np.ndarray
    keys: pa.Table


Render: TypeAlias = Callable[[_Chunk], list[Piece]]


def publish_results(
    publisher: Publisher,
    manifest: Manifest,
    sources: Sequence[Source],
    jobs: int = 1,
    corrections: Corrections | None = None,
) -> int:
    """Settle what reports are to each other, apply corrections (the project's own where none are given), publish all tables with `jobs`
    threads, and return the number of reports.

    Raises LookupError where a document was never read.
    """
    corrections = corrections or gather()
    settled, is_report, told = _settled(manifest, sources, jobs)
    firsts = np.concatenate([[0], np.cumsum(is_report)])
    sweep()

    def pieces(task: tuple[int, Render]) -> tuple[int, list[Piece]]:
        start, render = task
        own = sources[start : start + TOGETHER]
        first, last = firsts[start], firsts[start + len(own)]
        chunk = _chunk(manifest, own, settled.slice(first, last - first))
        return len(own) if render is renders[-1] else 0, render(chunk)

    renders: tuple[Render, ...] = (
        partial(_pieces_of_reports, corrections),
        _other_pieces,
    )
    with Progress("publishing", len(sources), "document") as progress:
        tasks = [(start, render) for start in range(0, len(sources), TOGETHER) for render in renders]
        for count, made in in_order(pieces, tasks, jobs):
            while made:
                publisher.append(made.pop(0))
            sweep()
            progress.add(count)
    publisher.add("issues.csv", issues([*told, *corrections.notices(source.document_id for source in sources)]))
    publisher.add("offices.csv", offices(settled))
    return int(settled.num_rows)


def _settled(manifest: Manifest, sources: Sequence[Source], jobs: int) -> tuple[pa.Table, np.ndarray, list[Notice]]:
    """The columns SETTLED of all reports; which documents gave a report (bool); and the issues that come of comparing reports."""
    parts = [arrow(REPORTS).empty_table().select(SETTLED)]
    is_report, named = np.zeros(len(sources), dtype=bool), np.zeros(len(sources), dtype=bool)

    def part(start: int) -> tuple[int, pa.Table, np.ndarray, list[bool]]:
        places = manifest.places(sources[start : start + TOGETHER])
        chunk = Assembly(manifest, places)
        rows = joined(chunk.pieces(REPORTS), REPORTS).select(SETTLED)
        return start, rows, chunk.heights(REPORTS) == 1, [place.named for place in places]

    with Progress("settling", len(sources), "document") as progress:
        for start, rows, are_reports, have_names in in_order(part, range(0, len(sources), TOGETHER), jobs):
            parts.append(rows)
            is_report[start : start + len(are_reports)] = are_reports
            named[start : start + len(have_names)] = have_names
            progress.add(len(have_names))
    reports = pa.concat_tables(parts).combine_chunks()
    del parts
    reports, are_named, by_page = take_from_pages(reports, named[is_report])
    reports, taken = share_places(reports, are_named)
    reports, others = choose_primary(reports)
    return reports, is_report, [*by_page, *taken, *others]


def _chunk(manifest: Manifest, sources: Sequence[Source], settled: pa.Table) -> _Chunk:
    """`settled` holds the columns SETTLED of those that are reports."""
    rows = Assembly(manifest, manifest.places(sources))
    reports = joined(rows.pieces(REPORTS), REPORTS)
    for name in SETTLED:
        reports = replaced(reports, name, settled[name])
    is_report = rows.heights(REPORTS) == 1
    row_of = np.where(is_report, np.cumsum(is_report) - 1, -1)
    keys = reports.take(pa.array(row_of, mask=~is_report))
    keys = replaced(keys, "source_path", pa.array([shown(source.path) for source in sources], pa.string()))
    return _Chunk(sources, rows, reports, row_of, keys)


def _pieces_of_reports(corrections: Corrections, chunk: _Chunk) -> list[Piece]:
    """What some documents add to reports.csv, facts.parquet and the tidy tables; and the issues that corrections make."""
    name, reports, keys = "facts.parquet", chunk.reports, chunk.keys
    documents = [source.document_id for source in chunk.sources]
    heights = chunk.rows.heights(name)
    facts, counts, notes = correct(joined(chunk.rows.pieces(name), name), heights, documents, corrections)
    reports = counted(reports, {int(chunk.row_of[number]): count for number, count in counts.items()})
    made = [rendered(REPORTS, reports)]
    if notes:
        ids, paths = keys["report_id"], keys["source_path"]
        told = issues_of((paths[number].as_py(), ids[number].as_py(), note) for number, note in notes)
        made.append(rendered("issues.csv", told))
    made.append(rendered(name, published(facts, name, heights, keys)))
    primary = reports["is_primary"].to_numpy()
    place = np.append(np.where(primary, np.cumsum(primary) - 1, -1), -1)
    report_of = np.repeat(place[chunk.row_of], heights)
    tables = tidy(lay_out(reports.filter(primary), facts, report_of))
    return made + [rendered(*one) for one in tables.items()]


def _other_pieces(chunk: _Chunk) -> list[Piece]:
    """What they add to the other tables."""

    def piece(name: str) -> Piece:
        rows = joined(chunk.rows.pieces(name), name)
        return rendered(name, published(rows, name, chunk.rows.heights(name), chunk.keys))

    return [piece(name) for name in STREAMED if name != "facts.parquet"]


def in_order(make: Callable[[Item], Made], items: Iterable[Item], jobs: int) -> Iterator[Made]:
    """What `make` makes of each item, in their order, by so many threads, one more in flight than there are threads. Threads help where the work is done outside Python."""
    if jobs <= 1:
        yield from map(make, items)
        return
    flying: deque[Future[Made]] = deque()
    with ThreadPoolExecutor(jobs) as threads:
        for item in items:
            flying.append(threads.submit(make, item))
            if len(flying) > jobs:
                yield flying.popleft().result()
        while flying:
            yield flying.popleft().result()
