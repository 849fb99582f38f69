"""Reports → columns: what a worker hands back for a batch of documents, as Arrow tables.

They have the columns of the published files but for those that follow from a report's row of reports.csv (schemas.stored): its keys may
still change, when it is settled what reports are to each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

import pyarrow as pa

from .attached import file_names
from .codebook import FORMS, section_cells
from .document import Grid, Locators, Note, Shape
from .facts import Facts
from .improvements import items
from .narrative import Section
from .notices import LONGEST_MESSAGE
from .report import Report
from .schemas import PROOFS, stored
from .shown_cells import Shown

FACTS, GRIDS = "facts.parquet", "grids.parquet"
BY_ROW = ("reports.csv", "issues.csv")  # kept as rows
BY_COLUMN = ("sections.csv", "improvements.csv", "stated.csv")  # each row's values are appended to the columns
STREAMED = (FACTS, GRIDS, "sections.csv", "improvements.csv", "stated.csv", "issues.csv")
TEXTS, MAY_BE_EMPTY = ("state", "raw_text", "form", "matched_by", "proof"), ("unit", "other_reading")
STATES = ("reported", "blank", "dash", "illegible", "corrected")  # of cells that the document shows
PROBLEMS = 5  # the section that names problems and remedies
CORNERS = ("x0", "y0", "x1", "y1")
NO_BOX = (None, None, None, None)
Columns = dict[str, list[Any]]


class _Cells(NamedTuple):
    """What is kept of a grid until its cells are joined: of one with geometry the columns, for its cells as objects are large."""

    texts: list[str]
    shape: Shape
    where: Grid | Locators


class Batch:
    """Columns filled report by report; the many of cells are joined once, when they are asked for as tables."""

    def __init__(self) -> None:
        self._rows: dict[str, list[dict[str, Any]]] = {name: [] for name in BY_ROW}
        self._columns: dict[str, Columns] = {name: {f: [] for f in stored(name).names} for name in BY_COLUMN}
        self._facts: list[Facts] = []
        self._grids: list[_Cells] = []
        self._many = {FACTS: 0, GRIDS: 0}  # rows so far

    def tables(self) -> dict[str, pa.Table]:
        """The batch as Arrow tables by file name, with the schemas that schemas.stored gives."""
        columns = self._columns | {FACTS: _columns_of_facts(self._facts), GRIDS: _columns_of_grids(self._grids)}
        for name, rows in self._rows.items():
            columns[name] = {field: [row.get(field) for row in rows] for field in stored(name).names}
        return {name: pa.table(columns[name], schema=stored(name)) for name in ("reports.csv", *STREAMED)}

    def heights(self) -> dict[str, int]:
        """File name -> rows so far."""
        by_column = {name: len(next(iter(columns.values()))) for name, columns in self._columns.items()}
        return {name: len(rows) for name, rows in self._rows.items()} | by_column | self._many

    def add(self, report: Report) -> None:
        """Append everything that one document gave."""
        for note in report.notes:
            self._add_issue(note)
        if report.is_report:
            assert report.reading is not None
            self._add_report(report)
            self._facts.append(report.reading.facts)
            self._many[FACTS] += len(report.reading.facts)
            for grid in report.reading.grids:
                self._grids.append(_Cells(grid.texts, grid.shape, grid if grid.is_plain else grid.all_located()))
                self._many[GRIDS] += len(grid.texts)
            self._add_prose(report)

    def _add_issue(self, note: Note) -> None:
        at = note.locator
        place = {} if at is None else {"page": at.page, "table": at.table, "row": at.row, "col": at.col}
        self._rows["issues.csv"].append({"kind": note.kind, "message": note.message[:LONGEST_MESSAGE], **place})

    def _add_report(self, report: Report) -> None:
        who, reading = report.identity, report.reading
        assert who is not None and reading is not None
        forms, facts = reading.forms(), reading.facts
        self._rows["reports.csv"].append(dict(
            **keys_of(report),
            document_id=report.source.document_id, is_primary=True, level=who.level or None, city_zh=who.city_zh or None, province_zh=who.province_zh or None,
            title=who.title or None, title_year=who.title_year, period_from=_iso(who.period_from), period_to=_iso(who.period_to),
            published_on=_iso(who.published_on), page_date=_iso(who.page_date), signed_by=who.signed_by or None,
            source_path=report.source.path, url=report.source.url or None, sha256=report.source.sha256, kind=report.source.kind, fictional=who.fictional,
            form_proactive=forms.get("proactive"), form_applications=forms.get("applications"), form_appeals=forms.get("appeals"),
            cells_read=len(facts), cells_unread=len(reading.recognition.unclaimed),
            **_counted(facts.proof, PROOFS), **_counted(facts.state, STATES),
            missing=_missing(tuple([(table.section, table.form) for table in reading.recognition.tables]), facts.shown()), attachments=_attachments(report),
        ))  # fmt: skip

    def _add_prose(self, report: Report) -> None:
        columns = self._columns["sections.csv"]
        for section in report.sections:
            columns["section"].append(section.number)
            columns["title"].append(section.title or None)
            columns["text"].append(section.text)
            if section.number == PROBLEMS:
                self._add_improvements(section)
        columns = self._columns["stated.csv"]
        for figure, proof in report.stated:
            columns["quantity"].append(figure.quantity)
            columns["value"].append(figure.value)
            columns["unit"].append(figure.unit or None)
            columns["qualifier"].append(figure.qualifier or None)
            columns["sentence"].append(figure.sentence)
            columns["section"].append(figure.section)
            columns["proof"].append(proof)
            columns["page"].append(figure.locator.page)
            columns["row"].append(figure.locator.row)

    def _add_improvements(self, section: Section) -> None:
        columns = self._columns["improvements.csv"]
        for place, item in enumerate(items(section), start=1):
            columns["kind"].append(item.kind)
            columns["item"].append(place)
            columns["text"].append(item.text)
            columns["page"].append(item.locator.page)
            columns["row"].append(item.locator.row)


def _attachments(report: Report) -> str | None:
    """The files that the document attaches; its pictures as well where it shows no table, for they may be the tables."""
    assert report.document is not None and report.reading is not None
    return file_names(report.document.links, pictures=len(report.reading.facts) == 0) or None


def keys_of(report: Report) -> dict[str, Any]:
    """The columns that every table begins with. A report whose office is not named stands under its file's name."""
    who = report.identity
    assert who is not None
    name = who.office_zh or report.source.path.rsplit("/", 1)[-1]
    return {
        "report_id": report.report_id, "office_id": who.office_id, "office_zh": name,
        "district_id": who.district_id or None, "district_zh": who.district_zh or None, "year": who.year,
    }  # fmt: skip


def _counted(column: list[str], words: Sequence[str]) -> dict[str, int]:
    """How often each of these words stands in a column; they are looked for until all its places are accounted for."""
    counts = dict.fromkeys(words, 0)
    left = len(column)
    for word in words:
        if not left:
            break
        counts[word] = column.count(word)
        left -= counts[word]
    return counts


def _columns_of_facts(every: list[Facts]) -> Columns:
    """The facts of all reports, one behind the other."""
    columns = {name: _joined(getattr(facts, name) for facts in every) for name in ("cell", "value", *TEXTS)}
    columns |= {name: _joined(map(_filled, (getattr(facts, name) for facts in every))) for name in MAY_BE_EMPTY}
    return columns | _places([facts.locator for facts in every])


def _columns_of_grids(every: list[_Cells]) -> Columns:
    """The cells of all grids, one behind the other."""
    columns = {
        "text": _joined(cells.texts for cells in every),
        "row_span": _joined(cells.shape.row_spans for cells in every),
        "col_span": _joined(cells.shape.col_spans for cells in every),
    }
    where = (cells.where for cells in every)
    places = _places([one if isinstance(one, Locators) else one.all_located() for one in where])
    del places["method"]
    return columns | places


def _places(every: list[Locators]) -> Columns:
    """Where things stand, and by which method each was read."""
    boxes = _joined(locators.bboxes for locators in every)
    corners = zip(*[box or NO_BOX for box in boxes], strict=True) if any(boxes) else [NO_BOX[:1] * len(boxes)] * 4
    return {
        "page": _joined(locators.pages for locators in every),
        "table": _joined(locators.tables for locators in every),
        "row": _joined(locators.rows for locators in every),
        "col": _joined(locators.cols for locators in every),
        "method": _joined(locators.methods for locators in every),
        **{name: list(corner) for name, corner in zip(CORNERS, corners, strict=True)},
    }


def _joined(parts: Iterable[Sequence[Any]]) -> list[Any]:
    column: list[Any] = []
    for part in parts:
        column.extend(part)
    return column


def _filled(texts: list[str]) -> list[str | None]:
    """The texts, None in place of those that are empty."""
    return [text or None for text in texts] if any(texts) else [None] * len(texts)


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None


@lru_cache(maxsize=256)  # most reports show all cells of their form
def _missing(tables: tuple[tuple[str, str], ...], shown: Shown) -> int:
    """Cells that the forms of the recognised tables (section, form) have and the document does not show."""
    return sum(
        len(_cells_of(section, form if form in FORMS else FORMS[-1]).difference(shown.codes))
        for section, form in tables
    )


@cache
def _cells_of(section: str, form: str) -> frozenset[str]:
    return frozenset(section_cells(section, form))
