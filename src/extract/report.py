"""One document read to the end: who, when, facts and their proof, sections, stated figures, and everything that must be told."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from . import readers
from .broken_lines import doubt_lines
from .document import Document, Note, Source, Unreadable
from .facts import Reading, read_facts
from .identity import Identity, identify
from .narrative import Section, sections
from .proof import prove
from .second_reading import second_readings
from .stated import Stated, agreements, stated_figures

# Libraries outside Python have errors of their own for it: OpenCV "Insufficient memory", ONNX Runtime "Failed to allocate memory".
SHORT_OF_MEMORY = re.compile(
    r"insufficient memory|failed to allocate|bad_alloc|cannot allocate|out of memory", re.IGNORECASE
)
# Objects made before cycles are looked for again. A document makes some thousands, which go with it, hardly one of them in a cycle: looking through
# them after every 700, as Python does of itself, finds nothing. Cycles of so many objects are collected still.
SELDOM = 50_000
FEWEST_CELLS = 20  # a document with that many cells of the forms, not all empty, is a report, whatever its title says


@dataclass(slots=True)
class Report:
    """A document as read. `reading` is None where it could not be read; `is_report` False where it is something else: `notes` say why."""

    source: Source
    is_report: bool = False
    document: Document | None = None
    reading: Reading | None = None
    identity: Identity | None = None
    sections: list[Section] = field(default_factory=list)
    stated: list[tuple[Stated, str]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def give_up(self, note: Note) -> None:
        """Forget what was read, and tell why."""
        self.is_report, self.document, self.reading, self.identity = False, None, None, None
        self.sections, self.stated, self.notes = [], [], [note]

    @property
    def report_id(self) -> str:
        """<office_id>-<year>-<first 6 of document_id>; blank where the document is no report."""
        if self.identity is None or not self.is_report:
            return ""
        return f"{self.identity.office_id}-{self.identity.year or 'unknown'}-{self.source.document_id[:6]}"


def read_report(source: Source, data: bytes) -> Report:
    """Read one document. Never raises for what a document contains: a failure becomes a note, so that no document is lost and none stops a run."""
    report = opened(source, data)
    finish([report])
    return report


def opened(source: Source, data: bytes) -> Report:
    """What the reader of its kind makes of one document, or a note that it could not; `finish` does the rest. Never raises either."""
    _collect_seldom()
    try:
        document = readers.read(source, data)
    except Exception as error:
        return Report(source, notes=[_told(error)])
    return Report(document.source, document=document)


def finish(reports: Iterable[Report]) -> None:
    """Take opened documents to the end, all of them through one step before the next: what a step needs is then still at hand in the processor's caches.
    What one document raises ends that one alone."""
    running = [(report, steps(report)) for report in reports]
    while running:
        running = [one for one in running if goes_on(*one)]


def goes_on(report: Report, left: Iterator[None]) -> bool:
    """Take the next of the `steps` of a report; whether there may be more. Never raises for what a document contains."""
    try:
        next(left)
    except StopIteration:
        return False
    except Exception as error:
        report.give_up(_told(error))
        return False
    return True


def _collect_seldom() -> None:
    """From the first document on the process looks for cycles of objects less often; where nobody wants them looked for at all (0), it stays so."""
    if 0 < gc.get_threshold()[0] < SELDOM:
        gc.set_threshold(SELDOM)


def _told(error: Exception) -> Note:
    """What stood against a document, for people."""
    if isinstance(error, Unreadable):
        return Note("unread_file", str(error))
    if isinstance(error, RecursionError):
        return Note("unread_file", "the document is nested too deeply to be read: save it again from a word processor")
    if isinstance(error, MemoryError) or SHORT_OF_MEMORY.search(str(error)):
        return Note("unread_file", "the document needs more memory than there is: make it smaller")
    # The reader's own fault: told, with what a developer needs, and the run goes on.
    what = f"{type(error).__name__}: {str(error)[:200]}"
    return Note("reader_failed", f"the reader failed on this file ({what}): please report it")


def steps(report: Report) -> Iterator[None]:
    """Take an opened document to the end, a step at a time."""
    document = report.document
    if document is None:
        return
    report.reading = reading = read_facts(document)
    doubt_lines(document, reading)
    yield
    report.identity = identity = identify(document)
    report.notes = [*reading.notes, *identity.notes]
    says_something = _holds_something(reading) or not _only_points(document)
    filled = len(reading.facts) >= FEWEST_CELLS and not {"reported", "dash"}.isdisjoint(reading.facts.state)
    report.is_report = filled or (identity.looks_like_report and says_something)
    if not report.is_report:
        report.notes = [
            Note("not_a_report", identity.reason or "no table of the forms and no title of a report was found in it")
        ]
        return
    yield
    lines = document.reread()
    prove(reading.facts, second_readings(reading.facts, lines, reading.rebuilt))
    yield
    report.sections = sections(reading.prose)
    found = stated_figures(report.sections, identity.year)
    report.stated = list(zip(found, agreements(found, lines), strict=True))
    if len(reading.facts) == 0:
        report.notes.append(Note("no_tables", _where_tables_may_be(document)))


def _holds_something(reading: Reading) -> bool:
    """Whether cells of the forms stand in the document, be it so that they cannot be told apart."""
    return len(reading.facts) > 0 or any(
        note.kind in ("glued_cells", "cells_cannot_be_told_apart") for note in reading.notes
    )


def _only_points(document: Document) -> bool:
    """A page that carries a report's title and nothing of the report: it lists or links it."""
    return sum(len(p.text) for p in document.paragraphs()) < 400 and not document.links


def _where_tables_may_be(document: Document) -> str:
    message = "the document holds no table of the forms"
    attached = [link.target for link in document.links if link.kind == "attachment"]
    framed = [link.target for link in document.links if link.kind == "frame"]
    pictures = [link.target for link in document.links if link.kind == "image"]
    if attached:
        return f"{message}: the report may be the attachment {attached[0][:120]}; put that file beside this one"
    if framed:
        return f"{message}: they may stand in the page that it frames ({framed[0][:120]}); save that page itself"
    if pictures:
        return f"{message}: they may be pictures ({pictures[0][:120]}); put the picture files beside this one"
    return f"{message}: if the published report has them, put the original file in its place"
