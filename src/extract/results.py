"""From the manifest to the published tables: reports settled with each other, then everything in the order of the paths, piece by piece."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from .assembly import Assembly, joined
from .attached import take_from_pages
from .batches import REPORTS
from .chunks import HELD, SETTLED, reports_and_cells, tidy_and_prose
from .corrected import Corrections, gather
from .document import Source
from .heap import sweep
from .lanes import Lane, in_lanes
from .lineup import DOCUMENTS, LINED_UP, lined_up, pieces_into
from .lineup import SETTLED as SETTLED_FILE
from .manifest import Manifest
from .neighbours import share_places
from .notices import Notice, issues
from .progress import Progress
from .publish import Publisher
from .schemas import arrow
from .standing import choose_primary, offices

# Documents published together: a row group of about 50,000 facts. Fixed, so that the files do not depend on how the documents came in.
TOGETHER = 250


class _Settled(NamedTuple):
    """The columns SETTLED of all reports; how many of them each piece of the lineup has; and the issues that come of comparing them."""

    reports: pa.Table
    heights: list[int]
    told: list[Notice]


def publish_results(
    publisher: Publisher,
    manifest: Manifest,
    sources: Sequence[Source],
    jobs: int = 1,
    corrections: Corrections | None = None,
) -> int:
    """Settle what reports are to each other, apply corrections (the project's own where none are given), publish all tables with `jobs`
    processes, and return the number of reports.

    Raises LookupError where a document was never read, and what in_lanes raises.
    """
    corrections = corrections or gather()
    sweep()
    makers = (partial(reports_and_cells, corrections), partial(tidy_and_prose, corrections))
    with tempfile.TemporaryDirectory(dir=publisher.staging) as name:
        lineup = Path(name)
        reports, told = _line_up(publisher, manifest, sources, lineup)
        sweep()
        lanes = [Lane(make, lineup, manifest.path, lineup / f"{n}") for n, make in enumerate(makers)]
        with Progress("publishing", len(sources), "document") as progress:
            pieces = -(-len(sources) // TOGETHER)

            def tell(done: int) -> None:
                progress.add(min(done * TOGETHER, len(sources)) - progress.done)

            for lane, rows in zip(lanes, in_lanes(lanes, pieces, jobs, tell), strict=True):
                publisher.take(lane.folder, rows)
    publisher.add("issues.csv", issues([*told, *corrections.notices(one.document_id for one in sources)]))
    return reports


def _line_up(
    publisher: Publisher, manifest: Manifest, sources: Sequence[Source], folder: Path
) -> tuple[int, list[Notice]]:
    """Settle the reports, publish the offices, and put everything that is to be published into a lineup; returns the number of reports and the
    issues that come of comparing them."""
    settled = _settled(manifest, sources, folder / DOCUMENTS)
    publisher.add("offices.csv", offices(settled.reports))
    sweep()
    schema = pa.schema([arrow(REPORTS).field(name) for name in HELD])
    held, start = settled.reports.select(HELD).cast(schema), 0
    with pieces_into(folder / SETTLED_FILE, schema) as pieces:
        for height in settled.heights:
            columns = [column.combine_chunks() for column in held.slice(start, height).columns]
            pieces.write_batch(pa.record_batch(columns, schema=schema))
            start += height
    return int(held.num_rows), settled.told


def _settled(manifest: Manifest, sources: Sequence[Source], lineup: Path) -> _Settled:
    columns: dict[str, list[pa.Array]] = {name: [] for name in SETTLED}
    heights, named = [], [np.zeros(0, dtype=bool)]
    with Progress("settling", len(sources), "document") as progress, pieces_into(lineup, LINED_UP) as pieces:
        for start in range(0, len(sources), TOGETHER):
            some = sources[start : start + TOGETHER]
            places = manifest.places(some)
            rows = Assembly.of(manifest, places)
            reports = joined(rows.pieces(REPORTS, SETTLED), REPORTS)
            for name in SETTLED:
                columns[name] += reports[name].chunks
            heights.append(reports.num_rows)
            are_named = np.array([place.named for place in places], dtype=bool)
            named.append(are_named[rows.heights(REPORTS) == 1])
            pieces.write_batch(lined_up(some, places))
            progress.add(len(places))
    found, are_named, by_page = take_from_pages(_whole(columns), np.concatenate(named))
    found, taken = share_places(found, are_named)
    sweep()
    found, others = choose_primary(found)
    return _Settled(found, heights, [*by_page, *taken, *others])


def _whole(columns: dict[str, list[pa.Array]]) -> pa.Table:
    """Pieces of columns of reports.csv as one table; they are let go column by column, so that no two copies are there at a time."""
    whole = {}
    for field in (arrow(REPORTS).field(name) for name in list(columns)):
        whole[field.name] = pa.chunked_array(columns.pop(field.name), field.type).combine_chunks()
        sweep()
    return pa.table(whole)
