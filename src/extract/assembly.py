"""Results from the manifest, put together in the order of the documents, with what reports take from their neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pyarrow as pa

from .batches import TABLES
from .columns import Batch
from .manifest import Manifest, Place
from .neighbours import Shared
from .schemas import arrow

ISSUES = "issues.csv"


class Member(NamedTuple):
    """A document in its place among the others: its path as published, where its result lies, what it takes from its neighbours."""

    path: str
    place: Place
    shared: Shared | None = None

    @property
    def is_report(self) -> bool:
        """Whether the document gave a row of reports.csv."""
        return self.place.spans[1] == 1


def assemble(manifest: Manifest, members: Sequence[Member], name: str) -> pa.Table:
    """The rows of one table that these documents gave, in their order."""
    at = 2 * TABLES.index(name)
    pieces = []
    for run in _runs(members):
        first, last = run[0].place, run[-1].place
        start, end = first.spans[at], last.spans[at] + last.spans[at + 1]
        piece = manifest.table(first.part, name).slice(start, end - start)
        pieces.append(_shared(run[0], run[0].shared, piece, name) if run[0].shared else piece)
    return pa.concat_tables(pieces).combine_chunks() if pieces else arrow(name).empty_table()


def _runs(members: Sequence[Member]) -> Iterator[list[Member]]:
    """Members whose rows follow each other in one part; whoever takes something from a neighbour stands alone."""
    run: list[Member] = []
    for member in members:
        if run and (run[-1].shared or member.shared or not _follows(run[-1].place, member.place)):
            yield run
            run = []
        run.append(member)
    if run:
        yield run


def _follows(place: Place, other: Place) -> bool:
    ends = (start + count for start, count in zip(place.spans[::2], place.spans[1::2], strict=True))
    return place.part == other.part and tuple(ends) == other.spans[::2]


def _shared(member: Member, shared: Shared, piece: pa.Table, name: str) -> pa.Table:
    piece = shared.applied(piece)
    if name != ISSUES:
        return piece
    told = Batch()
    told.issue(member.path, "place_from_neighbour", shared.message, shared.columns["report_id"] or "")
    return pa.concat_tables([piece, told.tables()[ISSUES]])
