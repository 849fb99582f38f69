"""From the manifest to the published tables: reports settled with each other, then everything in the order of the paths, piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa

from .assembly import Assembly, joined
from .attached import take_from_pages
from .batches import REPORTS
from .chunks import SETTLED, Chunk, Chunks, held, reports_and_cells, tidy_and_prose
from .corrected import Corrections, gather
from .document import Source
from .heap import sweep
from .lanes import in_lanes
from .manifest import Manifest
from .neighbours import share_places
from .notices import Notice, issues
from .progress import Progress
from .publish import Publisher
from .rendering import Piece
from .schemas import arrow
from .standing import choose_primary, offices

# Documents published together: a row group of about 50,000 facts. Fixed, so that the files do not depend on how the documents came in.
TOGETHER = 250
Make: TypeAlias = Callable[[Chunk], Iterator[Piece]]


class _Settled(NamedTuple):
    """The columns HELD of all reports; where the results of all documents lie; and the issues that come of comparing reports."""

    reports: pa.Table
    rows: Assembly
    told: list[Notice]


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
    settled = _settled(manifest, sources)
    chunks = Chunks(sources, settled.rows, settled.reports, TOGETHER)
    sweep()
    makers = (partial(reports_and_cells, corrections), partial(tidy_and_prose, corrections))
    with Progress("publishing", len(sources), "document") as progress:
        for done in in_lanes([_lane(publisher, chunks, make) for make in makers], len(chunks), jobs):
            chunks.forget(done)
            sweep()
            progress.add(min(done * TOGETHER, len(sources)) - progress.done)
    publisher.add("issues.csv", issues([*settled.told, *corrections.notices(one.document_id for one in sources)]))
    publisher.add("offices.csv", offices(settled.reports))
    return int(settled.reports.num_rows)


def _lane(publisher: Publisher, chunks: Chunks, make: Make) -> Callable[[int], None]:
    """Appends what `make` makes of a chunk to the files, each piece as soon as it is made; no two are held at a time."""

    def append(number: int) -> None:
        for piece in make(chunks.chunk(number)):
            publisher.append(piece)
            del piece

    return append


def _settled(manifest: Manifest, sources: Sequence[Source]) -> _Settled:
    reports, named = [arrow(REPORTS).empty_table().select(SETTLED)], np.zeros(len(sources), dtype=bool)
    rows = [Assembly.of(manifest, [])]
    with Progress("settling", len(sources), "document") as progress:
        for start in range(0, len(sources), TOGETHER):
            places = manifest.places(sources[start : start + TOGETHER])
            some = Assembly.of(manifest, places)
            reports.append(joined(some.pieces(REPORTS, SETTLED), REPORTS).select(SETTLED))
            named[start : start + len(places)] = [place.named for place in places]
            rows.append(some)
            progress.add(len(places))
    whole = Assembly.all(manifest, rows)
    found = pa.concat_tables(reports).combine_chunks()
    del reports, rows
    found, are_named, by_page = take_from_pages(found, named[whole.heights(REPORTS) == 1])
    found, taken = share_places(found, are_named)
    found, others = choose_primary(found)
    return _Settled(held(found), whole, [*by_page, *taken, *others])
