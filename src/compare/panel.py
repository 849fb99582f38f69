"""The published tables as a complete panel, offices × years: everything in compare rests on this module.

`load` reads what `python -m extract build` published, keeps the primary reports of the offices and years asked for,
and lays their cells out as one matrix, reports × cells. A blank stays NaN: it is never a zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from compare.published import NotPublishedError, measure, measures, read_table

__all__ = ["UNKNOWN", "NotPublishedError", "Panel", "load", "measure", "measures", "read_table", "years_asked"]

STATES = ("missing", "reported", "blank", "dash", "illegible", "corrected")
PROOFS = ("", "verified", "agreed", "single", "disputed")
UNKNOWN = "unknown"


def years_asked(years: str | int | Sequence[int]) -> list[int]:
    """The years that '2019-2021', '2019,2021', 2021 or a list stand for; an empty value stands for all. Raises
    ValueError."""
    if not isinstance(years, str):
        return [years] if isinstance(years, int) else sorted(int(year) for year in years)
    asked: set[int] = set()
    for part in filter(None, (p.strip() for p in years.split(","))):
        first, _, last = part.partition("-")
        if not first.isdigit() or (last and not last.isdigit()):
            raise ValueError(f"years must look like 2021, 2019-2025 or 2019,2021; got {years!r}")
        asked.update(range(int(first), int(last or first) + 1))
    return sorted(asked)


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

    @property
    def fictional(self) -> bool:
        """True where any report says that it is made up: every chart must say so then."""
        return bool(self.reports["fictional"].any())

    def kept(self, name: str, make: Callable[[Panel], Any]) -> Any:
        """What `make` works out of this panel, worked out once: several rules rest on the same table or fit."""
        if name not in self._kept:
            self._kept[name] = make(self)
        return self._kept[name]

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
        table = read_table(self.folder, f"{name}.csv")
        return table[table["report_id"].isin(self.reports["report_id"])].reset_index(drop=True)

    def district_codes(self) -> np.ndarray:
        """For each office the number of its district, int64; offices of no known district share −1."""
        return pd.factorize(self.offices["district_zh"])[0]


def short_name(office: str, district: str) -> str:
    """A street or town office's name as a chart shows it: without the district in front and 人民政府 … 办事处 around it.

    Other offices keep their whole name: 人民政府 or 财政局 alone says nothing.
    """
    name = office
    for prefix in (district, "人民政府"):
        at = name.find(prefix) if prefix else -1
        if at >= 0 and len(name) > at + len(prefix) + 1:
            name = name[at + len(prefix) :]
    name = name.removesuffix("办事处") if name.endswith("街道办事处") else name
    return name if name.endswith(("街道", "街", "镇", "乡", "办事处")) else office


def load(
    out: str | Path,
    city: str = "",
    district: str = "",
    offices: Sequence[str] = (),
    years: str | int | Sequence[int] = "",
) -> Panel:
    """The panel of the published folder `out`, cut down to a city, a district (name or code), offices (names or
    ids) and years.

    Raises NotPublishedError where nothing is published there or nothing matches, ValueError for years that cannot be
    understood.
    """
    folder = Path(out)
    if not folder.is_dir():
        raise NotPublishedError(f"There is no folder {folder}. Name the folder that `python -m extract build` wrote.")
    reports = read_table(folder, "reports.csv")
    reports = reports[reports["is_primary"]]
    if reports.empty:
        raise NotPublishedError(
            f"{folder} holds no report: nothing can be compared. "
            f"See {folder / 'issues.csv'} for what could not be read."
        )
    everything = reports
    if city:
        reports = reports[reports["city_zh"].eq(city)]
    if district:
        reports = reports[reports["district_zh"].eq(district) | reports["district_id"].eq(district)]
    office_table = read_table(folder, "offices.csv").drop_duplicates("office_id").set_index("office_id")
    if offices:
        wanted = set(offices)
        named = office_table.index[office_table["office_zh"].isin(wanted)]
        reports = reports[reports["office_id"].isin(wanted | set(named)) | reports["office_zh"].isin(wanted)]
    asked = years_asked(years)
    if asked:
        reports = reports[reports["year"].isin(asked)]
    if reports.empty:
        raise NotPublishedError(
            nothing_matches(everything, city=city, district=district, offices=" ".join(offices), years=str(years))
        )
    reports = reports.sort_values(
        ["district_id", "district_zh", "office_id", "year", "report_id"], na_position="last"
    ).reset_index(drop=True)
    return build_panel(folder, reports, office_table, asked)


def nothing_matches(reports: pd.DataFrame, **asked: str) -> str:
    """A sentence that says what was asked for and what there is."""
    told = ", ".join(f"{key} {value}" for key, value in asked.items() if value)
    districts = "、".join(sorted(reports["district_zh"].dropna().unique())[:8]) or "none known"
    span = f"{reports['year'].min()}–{reports['year'].max()}"
    return f"No report matches {told}. There are years {span}; districts: {districts}."


def build_panel(folder: Path, reports: pd.DataFrame, office_table: pd.DataFrame, asked: list[int]) -> Panel:
    """Lay the cells of `reports` out as matrices and the reports out over offices × years."""
    codebook = read_table(folder, "codebook.csv").drop_duplicates("cell").set_index("cell", drop=False)
    cells = pd.Index(codebook.index.astype(object))
    placed = reports[reports["year"].notna() & reports["office_id"].ne(UNKNOWN)]
    known = sorted(int(year) for year in placed["year"].unique())
    years = asked or (list(range(known[0], known[-1] + 1)) if known else [])
    offices = office_frame(placed, office_table)
    place = np.full((len(offices), len(years)), -1, dtype=np.int32)
    rows = offices.index.get_indexer(pd.Index(placed["office_id"]))
    columns = pd.Index(years).get_indexer(pd.Index(placed["year"].astype(int)))
    place[rows, columns] = placed.index.to_numpy()
    values, states, proofs, pages = cell_matrices(folder, reports, cells)
    return Panel(
        folder,
        reports,
        offices,
        years,
        cells,
        values,
        states,
        proofs,
        pages,
        place,
        codebook,
        read_table(folder, "identities.csv"),
        {cell: number for number, cell in enumerate(cells)},
    )


def office_frame(placed: pd.DataFrame, office_table: pd.DataFrame) -> pd.DataFrame:
    """One row per office of the placed reports, in order of district and code, with `office`: the short name, made
    unique."""
    frame = placed.drop_duplicates("office_id").set_index("office_id")[
        ["office_zh", "level", "district_id", "district_zh", "city_zh"]
    ]
    most_used = office_table["office_zh"].reindex(frame.index)
    frame["office_zh"] = most_used.fillna(frame["office_zh"])
    # An office whose name was never found still needs one that a reader can point at.
    frame["office_zh"] = frame["office_zh"].fillna(pd.Series(frame.index, index=frame.index))
    frame["district_zh"] = frame["district_zh"].fillna("")
    frame["office"] = [short_name(o, d) for o, d in zip(frame["office_zh"], frame["district_zh"], strict=True)]
    twice = frame["office"].duplicated(keep=False)
    frame.loc[twice, "office"] = frame.loc[twice, "office"] + "（" + frame.loc[twice, "district_zh"] + "）"
    twice = frame["office"].duplicated(keep=False)
    frame.loc[twice, "office"] = frame.loc[twice, "office"] + " " + frame.index[twice]
    return frame


def cell_matrices(
    folder: Path, reports: pd.DataFrame, cells: pd.Index
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Values, states, proofs and pages, reports × cells, from facts.parquet (only the columns and reports needed
    are kept)."""
    import pyarrow.parquet as parquet

    path = folder / "facts.parquet"
    if not path.is_file():
        raise NotPublishedError(f"{path} is not there: run `python -m extract build RAW --out {folder}` again.")
    shape = (len(reports), len(cells))
    values, pages = np.full(shape, np.nan), np.zeros(shape, dtype=np.int16)
    states, proofs = np.zeros(shape, dtype=np.int8), np.zeros(shape, dtype=np.int8)
    names = ["report_id", "cell", "value", "state", "proof", "page"]
    report_index = pd.Index(reports["report_id"].astype(object))
    file = parquet.ParquetFile(path, read_dictionary=["report_id", "cell", "state", "proof"])
    for batch in file.iter_batches(batch_size=1_000_000, columns=names):
        facts = batch.to_pandas()
        row = codes_in(facts["report_id"], report_index)
        col = codes_in(facts["cell"], cells)
        keep = (row >= 0) & (col >= 0)
        row, col = row[keep], col[keep]
        values[row, col] = pd.to_numeric(facts["value"], errors="coerce").to_numpy(dtype=float, na_value=np.nan)[keep]
        states[row, col] = codes_in(facts["state"], pd.Index(STATES))[keep].clip(0)
        proofs[row, col] = codes_in(facts["proof"], pd.Index(PROOFS))[keep].clip(0)
        pages[row, col] = facts["page"].fillna(0).to_numpy(dtype=np.int16, na_value=0)[keep]
    return values, states, proofs, pages


def codes_in(column: pd.Series, index: pd.Index) -> np.ndarray:
    """For each entry of a column its place in `index`, −1 where it has none; works on categories, not on strings,
    where it can."""
    categorical = column.astype("category")
    by_category = index.get_indexer(pd.Index(categorical.cat.categories.astype(object)))
    codes = categorical.cat.codes.to_numpy()
    return np.where(codes >= 0, by_category[codes] if len(by_category) else -1, -1)
