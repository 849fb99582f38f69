"""Corrections on the way to publication: those of a run, and the rows of some documents with them applied."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from .corrections import Correction, apply, read_corrections
from .document import Locator, Locators, Note
from .facts import Facts
from .notices import LONGEST_MESSAGE, Notice
from .schemas import arrow, replaced

CHANGED = ("value", "state", "other_reading", "proof")
COUNTED = ("reported", "blank", "dash", "illegible", "corrected", "verified", "agreed", "single", "disputed")


class Corrections(NamedTuple):
    """The corrections of a run by document_id; `named` are the documents that the user's own file speaks of, `told` the
    rows that were refused with the file that holds them, `digest` changes where a correction does."""

    by_document: Mapping[str, list[Correction]]
    named: frozenset[str]
    told: list[tuple[str, Note]]
    digest: str

    def concern(self, documents: Iterable[str]) -> bool:
        """Whether any of them speaks of one of these documents."""
        return not self.by_document.keys().isdisjoint(documents)

    def notices(self, documents: Iterable[str]) -> list[Notice]:
        """What is told of rows that cannot be understood, and of documents of the user's file that are not among the
        `documents` of this run."""
        gone = "no file read is the document {}: the source changed or is gone"
        return [Notice(name, note.kind, note.message) for name, note in self.told] + [
            Notice("", "correction_refused", gone.format(document))
            for document in sorted(self.named.difference(documents))
        ]


def gather(path: Path | None = None) -> Corrections:
    """The project's own corrections (reference/corrections.csv) and those of the file that a user names; the user's come
    first, so that they count where both speak of one cell. Raises as read_corrections does."""
    mine, refused = read_corrections(path) if path else ([], [])
    own, wrong = read_corrections()
    by_document: dict[str, list[Correction]] = defaultdict(list)
    seen = {(c.document_id, c.cell) for c in mine}
    for one in [*mine, *(c for c in own if (c.document_id, c.cell) not in seen)]:
        by_document[one.document_id].append(one)
    told = [(path.name, note) for note in refused if path] + [("reference/corrections.csv", note) for note in wrong]
    digest = hashlib.sha256(repr((sorted(by_document.items()), told)).encode()).hexdigest()
    return Corrections(dict(by_document), frozenset(c.document_id for c in mine), told, digest)


class Corrected(NamedTuple):
    """Rows of facts with corrections applied; by the number of a document how many facts it has of each state and proof,
    for the documents that were corrected; and what is told, by the number of the document."""

    facts: pa.Table
    counts: dict[int, Counter[str]]
    notes: list[tuple[int, Note]]


def correct(facts: pa.Table, heights: np.ndarray, documents: Sequence[str], corrections: Corrections) -> Corrected:
    """Apply the corrections to the facts of `documents` (ids), of which each gave so many rows as `heights` (int64)
    says. The table comes back as it is where no correction speaks of it."""
    concerned = [number for number, document in enumerate(documents) if document in corrections.by_document]
    if not concerned:
        return Corrected(facts, {}, [])
    columns: dict[str, list[Any]] = {name: facts[name].to_pylist() for name in CHANGED}
    ends, counts, notes = np.cumsum(heights), dict[int, Counter[str]](), []
    for number in concerned:
        start, height = int(ends[number] - heights[number]), int(heights[number])
        mine = _facts_of(facts.slice(start, height))
        notes += [(number, note) for note in apply(mine, corrections.by_document[documents[number]])]
        for name in CHANGED:
            values = getattr(mine, name)
            columns[name][start : start + height] = [v or None for v in values] if name == "other_reading" else values
        counts[number] = Counter([*mine.state, *mine.proof])
    for name, values in columns.items():
        facts = replaced(facts, name, pa.array(values, facts.schema.field(name).type))
    return Corrected(facts, counts, notes)


def counted(reports: pa.Table, counts: Mapping[int, Counter[str]]) -> pa.Table:
    """Rows of reports.csv with other counts by state and proof: `counts` by row."""
    for name in COUNTED if counts else ():
        column = reports[name].to_pylist()
        for row, count in counts.items():
            column[row] = count[name]
        reports = replaced(reports, name, pa.array(column, reports.schema.field(name).type))
    return reports


def issues_of(notes: Iterable[tuple[str, str, Note]]) -> pa.Table:
    """Notes of (source_path, report_id) as rows of issues.csv, with their places in the documents."""
    rows = []
    for path, report_id, note in notes:
        at = note.locator
        place = {} if at is None else {"page": at.page, "table": at.table, "row": at.row, "col": at.col}
        message = note.message[:LONGEST_MESSAGE]
        rows.append({"source_path": path, "report_id": report_id, "kind": note.kind, "message": message, **place})
    return pa.Table.from_pylist(rows, schema=arrow("issues.csv"))


def _facts_of(table: pa.Table) -> Facts:
    """The facts of one document, from its rows."""
    names = ("cell", "value", "state", "raw_text", "other_reading", "proof")
    columns = {name: table[name].to_pylist() for name in names}
    columns["other_reading"] = [text or "" for text in columns["other_reading"]]
    where = zip(*(table[name].to_pylist() for name in ("page", "table", "row", "col", "method")), strict=True)
    places = [Locator("", page, grid, row, col, None, method) for page, grid, row, col, method in where]
    return Facts(**columns, locator=Locators(places))
