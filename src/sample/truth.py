"""The truth beside the city: what every document prints and states, and which mistakes were planted. Written row by
row, never held."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from sample.city import City
from sample.page import Page
from sample.sentences import Stated

FOLDER = "_truth"
COLUMNS = {
    "documents.csv": (
        "path",
        "kind",
        "office_zh",
        "office_full_zh",
        "district_zh",
        "year",
        "form_proactive",
        "form_applications",
        "published_on",
        "title",
        "title_year",
        "missing_section",
        "hand",
    ),
    "cells.csv": ("path", "cell", "printed", "text", "state", "unit", "true_value"),
    "stated.csv": ("path", "quantity", "value", "unit", "qualifier", "sentence", "section"),
    "improvements.csv": ("path", "kind", "text"),
    "planted.csv": ("path", "office_zh", "year", "kind", "cells", "detail"),
    "events.csv": ("office_zh", "district_zh", "year", "kind", "detail"),
    "offices.csv": ("folder", "office_zh", "office_full_zh", "district_zh", "habits"),
}


def _figure(one: Stated) -> tuple[str, str, str, str, str, int]:
    return one.quantity, f"{one.value:.12g}", one.unit, one.qualifier, one.sentence, one.section


class Truth:
    """The open truth files of one city: a context manager, so that they are closed whatever happens."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._files = {name: (folder / name).open("w", encoding="utf-8-sig", newline="") for name in COLUMNS}
        self._writers = {name: csv.writer(file, lineterminator="\n") for name, file in self._files.items()}
        for name, columns in COLUMNS.items():
            self._writers[name].writerow(columns)

    def __enter__(self) -> Truth:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._files.values():
            file.close()

    def document(self, path: str, kind: str, page: Page) -> None:
        """One document: what it is, every cell it prints, every figure it states."""
        report, office = page.report, page.report.office
        self._writers["documents.csv"].writerow((
            path, kind, office.name, office.full_name, office.district, report.year,
            report.proactive, report.applications, report.published_on,
            page.title, report.title_year, report.dropped or "", page.hand.habits(),
        ))  # fmt: skip
        entries = ((code, page.cells[code]) for code in report.codes())
        self._writers["cells.csv"].writerows(
            (path, code, entry.printed, entry.text, entry.state, entry.unit, f"{report.truth[code]:.12g}")
            for code, entry in entries
        )
        self._writers["stated.csv"].writerows((path, *_figure(figure)) for figure in page.stated)
        self._writers["improvements.csv"].writerows((path, *named) for named in page.improvements)

    def city(self, made: City, paths: dict[tuple[int, int], str], habits: Iterable[str]) -> None:
        """The city's offices, planted mistakes and natural events. `paths` maps (office number, year) to the
        document."""
        offices = made.panel.offices
        self._writers["planted.csv"].writerows(
            (
                paths[mistake.office, mistake.year],
                offices[mistake.office].name,
                mistake.year,
                mistake.kind,
                " ".join(mistake.cells),
                mistake.detail,
            )
            for mistake in made.planted
        )
        self._writers["events.csv"].writerows(
            (offices[event.office].name, offices[event.office].district, event.year, event.kind, event.detail)
            for event in sorted(made.panel.events)
        )
        self._writers["offices.csv"].writerows(
            (f"{office.district_key}/{office.key}", office.name, office.full_name, office.district, habit)
            for office, habit in zip(offices, habits, strict=True)
        )
