"""The panel itself: the reports of offices × years and their cells as matrices, and its parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from compare.column_files import let_go, taken
from compare.portions import Portion, Portions
from compare.published import PROOFS, STATES, blocks_in, measure, other_rows, read_rows

UNKNOWN = "unknown"
REPORTS = "reports.csv"
PART = 3_000  # reports that rules look at together
PORTIONS = "portions"


@dataclass(frozen=True)
class Panel:
    """Primary reports of the chosen offices and years, and their cells as matrices.

    `reports` has one row per report (RangeIndex); `offices` one per office, indexed by office_id, in display order;
    `years` are all years from first to last. `values` (float64, NaN where no number stands), `states` and `proofs`
    (int8, codes of STATES and PROOFS) and `pages` (int16, 0 unknown) are reports × cells, columns in the order of
    `cells`. `place` (int32) is offices × years: the row of `reports`, −1 where a report is missing. Reports whose
    office or year is unknown have a row but no place.
    """

    folder: Path
    reports: pd.DataFrame
    offices: pd.DataFrame
    years: list[int]
    cells: pd.Index
    values: np.ndarray
    states: np.ndarray
    proofs: np.ndarray
    pages: np.ndarray
    place: np.ndarray
    codebook: pd.DataFrame
    identities: pd.DataFrame
    _columns: dict[str, int] = field(repr=False, default_factory=dict)
    _kept: dict[str, Any] = field(repr=False, default_factory=dict)
    _portion: Portion | None = field(repr=False, default=None)

    @property
    def fictional(self) -> bool:
        """True where any report says that it is made up: every chart must say so then."""
        return bool(self.reports["fictional"].any())

    def kept(self, name: str, make: Callable[[Panel], Any]) -> Any:
        """What `make` works out of this panel, worked out once: several rules rest on the same table or fit."""
        if name not in self._kept:
            self._kept[name] = make(self)
        return self._kept[name]

    def stored(self, name: str, make: Callable[[Panel], Any]) -> Any:
        """As `kept`, for what is dear to make and large: a part of a larger panel keeps it in a file, for the next pass
        over the parts."""
        if self._portion is None or not self._portion.own:
            return self.kept(name, make)
        return self.kept(name, partial(self._portion.stored, name, make))

    def rows_of(self, name: str) -> pd.DataFrame:
        """The rows of a published table (`stated.csv`, `sections.csv`) that belong to the reports of this panel, in the
        order of the file. Raises NotPublishedError where it is not there."""
        if self._portion is None:
            return read_rows(self.folder, name, "report_id", set(self.reports["report_id"]))
        rows = self._portion.rows(name)
        return (
            rows
            if self._portion.own
            else rows[rows["report_id"].isin(self.reports["report_id"])].reset_index(drop=True)
        )

    def other_reports(self) -> pd.DataFrame:
        """The rows of reports.csv that are not primary, of any office."""
        others = self._portion.others if self._portion else None
        return other_rows(others.blocks(REPORTS) if others else blocks_in(self.folder, REPORTS))

    @property
    def is_one_part(self) -> bool:
        """Whether `parts` gives the panel itself."""
        return len(self.reports) <= PART

    def parts(self) -> Iterator[tuple[Panel, np.ndarray]]:
        """The panel office by office in parts of about PART reports, each a panel of its own with the places (int64) of
        its reports here. Districts stay together; reports without an office or year come last. A small panel is one
        part: itself."""
        if self.is_one_part:
            yield self, np.arange(len(self.reports))
            return
        groups, portions = self.kept(PORTIONS, dealt_out)
        for number, (offices, rows) in enumerate(groups):
            yield self.part(offices, rows, portions.portion(number)), rows

    def part(self, offices: np.ndarray, rows: np.ndarray, portion: Portion) -> Panel:
        """The panel of some offices (places in `offices`) and their reports (places, ascending)."""
        position = np.full(len(self.reports) + 1, -1, dtype=np.int32)
        position[rows] = np.arange(len(rows), dtype=np.int32)
        return replace(
            self,
            reports=self.reports.iloc[rows].reset_index(drop=True),
            offices=self.offices.iloc[offices],
            values=taken(self.values, rows), states=taken(self.states, rows), proofs=taken(self.proofs, rows),
            pages=taken(self.pages, rows), place=position[self.place[offices]], _portion=portion, _kept={},
        )  # fmt: skip

    def numbers(self, rows: np.ndarray) -> np.ndarray:
        """The values of some reports (places), reports × cells, float64: what to ask for where many are looked at."""
        return taken(self.values, rows)

    def doubtful(self, rows: np.ndarray) -> np.ndarray:
        """Whether the reading of each cell of some reports (places) is doubtful, bool reports × cells."""
        return doubtful(taken(self.proofs, rows), taken(self.states, rows))

    def doubtful_in(self, column: int) -> np.ndarray:
        """The same of one cell of all reports, bool per report."""
        return doubtful(self.proofs[:, column], self.states[:, column])

    def let_go(self) -> None:
        """Hand back the memory of what was looked at in a panel of several parts: its matrices stay in their files."""
        let_go(self.values, self.states, self.proofs, self.pages)

    def forget(self) -> None:
        """Drop what `kept` holds of a panel of several parts, but for how it is parted: it is worked out again where it is
        asked for again."""
        if not self.is_one_part:
            for name in [name for name in self._kept if name != PORTIONS]:
                del self._kept[name]

    def column(self, cell: str) -> int:
        """Where a cell stands in the matrices; raises KeyError for a code that no form has."""
        return self._columns[cell]

    def columns(self, cells: Iterable[str]) -> np.ndarray:
        """Where several cells stand in the matrices, int64."""
        return np.array([self._columns[cell] for cell in cells], dtype=np.int64)

    def column_sum(self, cells: Sequence[str]) -> np.ndarray:
        """Sum over cells for each report, float64. NaN where none of them holds a number or one of them is
        illegible."""
        where = self.columns(cells)
        numbers = self.values[:, where]
        unusable = np.isnan(numbers).all(axis=1) | (self.states[:, where] == STATES.index("illegible")).any(axis=1)
        return np.where(unusable, np.nan, np.nansum(numbers, axis=1))

    def measure(self, name: str) -> np.ndarray:
        """A measure for each report, float64, each by the cells of its own form; NaN where its form has no such
        figure."""
        rule = measure(name)
        forms = self.reports[f"form_{rule.section}"].astype(object).to_numpy()
        result = np.full(len(self.reports), np.nan)
        for form in ("2019", "2021"):
            cells = (rule.cells_2019 if form == "2019" else rule.cells_2021).split()
            of_form = np.array([isinstance(f, str) and form in f.split("/") for f in forms], dtype=bool)
            if cells and of_form.any():
                result[of_form] = self.column_sum(cells)[of_form]
        return result

    def previous(self) -> np.ndarray:
        """For each report the place of the same office's report of the year before, int64; −1 where there is none."""
        before = np.full(len(self.reports), -1, dtype=np.int64)
        for column in range(1, len(self.years)):
            if self.years[column] - self.years[column - 1] == 1:
                now = self.place[:, column]
                before[now[now >= 0]] = self.place[now >= 0, column - 1]
        return before

    def grid(self, per_report: np.ndarray) -> np.ndarray:
        """A value per report laid out offices × years, float64, NaN where there is no report."""
        filled = np.where(self.place >= 0, self.place, 0)
        if not len(per_report):
            return np.full(self.place.shape, np.nan)
        return np.where(self.place >= 0, per_report.astype(float)[filled], np.nan)

    def series(self, name: str) -> pd.DataFrame:
        """A measure as rows office × year, complete: office_id, office, district_zh, year, value (NaN) and
        report_id (missing reports NA)."""
        frame = self.skeleton()
        place = frame.pop("place").to_numpy()
        found = place >= 0
        values = self.measure(name)
        frame["value"] = np.where(found, values[place], np.nan) if len(values) else np.nan
        frame["report_id"] = self.reports["report_id"].reindex(np.where(found, place, -1)).to_numpy()
        return frame

    def skeleton(self) -> pd.DataFrame:
        """Every office × year, with `place` (row of reports or −1): office_id, office, district_zh, year, place."""
        count = len(self.years)
        frame = (
            self.offices.reset_index()[["office_id", "office", "district_zh"]]
            .loc[lambda f: f.index.repeat(count)]
            .reset_index(drop=True)
        )
        return frame.assign(year=np.tile(np.array(self.years, dtype=int), len(self.offices)), place=self.place.ravel())

    def table(self, name: str) -> pd.DataFrame:
        """A published table (`permits`, `applications`, `stated`, …), cut down to the reports of this panel."""
        return self.rows_of(f"{name}.csv")

    def district_codes(self) -> np.ndarray:
        """For each office the number of its district, int64; offices of no known district share −1."""
        return pd.factorize(self.offices["district_zh"])[0]


def doubtful(proofs: np.ndarray, states: np.ndarray) -> np.ndarray:
    """Whether readings are doubtful, bool, of the same shape as their proofs and states."""
    return np.asarray((proofs == PROOFS.index("disputed")) | (states == STATES.index("illegible")))


def dealt_out(panel: Panel) -> tuple[list[tuple[np.ndarray, np.ndarray]], Portions]:
    """The parts of a panel as part_rows gives them, and the published tables dealt out to them."""
    groups = list(part_rows(panel))
    part_of = np.zeros(len(panel.reports), dtype=np.int64)
    for number, (_, rows) in enumerate(groups):
        part_of[rows] = number
    # What is dealt out must not know the panel: files go when the last one who knows of them does, and at once.
    blocks = panel._portion.blocks if panel._portion else partial(blocks_in, panel.folder)
    return groups, Portions(blocks, panel.reports["report_id"], part_of, len(groups))


def part_rows(panel: Panel) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """(places of offices, places of their reports) of each part; a part ends where a district does, unless the district
    alone is larger."""
    counts = (panel.place >= 0).sum(axis=1)
    districts = panel.offices["district_zh"].to_numpy(dtype=object)
    start = held = 0
    for office in range(len(counts)):
        new_district = office > start and districts[office] != districts[office - 1]
        if office > start and (held >= 2 * PART or (held >= PART and new_district)):
            yield members(panel, start, office)
            start, held = office, 0
        held += int(counts[office])
    if start < len(counts):
        yield members(panel, start, len(counts))
    loose = np.ones(len(panel.reports), dtype=bool)
    loose[panel.place[panel.place >= 0]] = False
    for rows in np.array_split(np.flatnonzero(loose), -(-int(loose.sum()) // PART) or 1):
        if len(rows):
            yield np.zeros(0, dtype=np.int64), rows


def members(panel: Panel, start: int, end: int) -> tuple[np.ndarray, np.ndarray]:
    """The offices from `start` to `end` and the places of their reports, ascending."""
    place = panel.place[start:end]
    return np.arange(start, end), np.sort(place[place >= 0]).astype(np.int64)
