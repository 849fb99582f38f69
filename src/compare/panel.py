"""The published tables as a complete panel, offices × years: everything in compare rests on this module.

`load` reads what `python -m extract build` published, keeps the primary reports of the offices and years asked for,
and lays their cells out as one matrix, reports × cells. A blank stays NaN: it is never a zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from compare import matrices
from compare.cells import cell_matrices, no_cells
from compare.matrices import REPORTS, UNKNOWN, Panel
from compare.portions import Portion
from compare.published import PROOFS, STATES, NotPublishedError, measure, measures, read_rows, read_table

__all__ = [
    "PROOFS",
    "STATES",
    "UNKNOWN",
    "NotPublishedError",
    "Panel",
    "load",
    "measure",
    "measures",
    "read_table",
    "years_asked",
]


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
    province: str = "",
    dealt: Portion | None = None,
    cells: bool = True,
) -> Panel:
    """The panel of the published folder `out`, cut down to a province, a city, a district (name or code), offices (names
    or ids) and years. `dealt`: the rows of its tables, where they were dealt out before. Without `cells` its matrices have no
    column, and facts.parquet is not opened.

    Raises NotPublishedError where nothing is published there or nothing matches, ValueError for years that cannot be
    understood.
    """
    folder = Path(out)
    if not folder.is_dir():
        raise NotPublishedError(f"There is no folder {folder}. Name the folder that `python -m extract build` wrote.")
    reports = reports_of(folder, province) if dealt is None else dealt.rows(REPORTS)
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
            nothing_matches(
                reports_of(folder),
                province=province,
                city=city,
                district=district,
                offices=" ".join(offices),
                years=str(years),
            )
        )
    reports = reports.sort_values(
        ["district_id", "district_zh", "office_id", "year", "report_id"], na_position="last"
    ).reset_index(drop=True)
    return build_panel(folder, reports, office_table, asked, dealt, cells)


def reports_of(folder: Path, province: str = "") -> pd.DataFrame:
    """The primary reports of a published folder, or of a province (UNKNOWN: of those of which none is known). Raises
    NotPublishedError where the folder holds no report at all."""
    if province:
        wanted = {None if province == UNKNOWN else province}
        reports = read_rows(folder, REPORTS, "province_zh", wanted)
        return reports[reports["is_primary"]]
    reports = read_table(folder, REPORTS)
    reports = reports[reports["is_primary"]]
    if reports.empty:
        raise NotPublishedError(
            f"{folder} holds no report: nothing can be compared. "
            f"See {folder / 'issues.csv'} for what could not be read."
        )
    return reports


def nothing_matches(reports: pd.DataFrame, **asked: str) -> str:
    """A sentence that says what was asked for and what there is."""
    told = ", ".join(f"{key} {value}" for key, value in asked.items() if value)
    districts = "、".join(sorted(reports["district_zh"].dropna().unique())[:8]) or "none known"
    span = f"{reports['year'].min()}–{reports['year'].max()}"
    return f"No report matches {told}. There are years {span}; districts: {districts}."


def build_panel(
    folder: Path,
    reports: pd.DataFrame,
    office_table: pd.DataFrame,
    asked: list[int],
    dealt: Portion | None,
    with_cells: bool,
) -> Panel:
    """Lay the cells of `reports` out as matrices and the reports out over offices × years."""
    codebook = read_table(folder, "codebook.csv").drop_duplicates("cell").set_index("cell", drop=False)
    cells = pd.Index(codebook.index.astype(object))[: None if with_cells else 0]
    placed = reports[reports["year"].notna() & reports["office_id"].ne(UNKNOWN)]
    known = sorted(int(year) for year in placed["year"].unique())
    years = asked or (list(range(known[0], known[-1] + 1)) if known else [])
    offices = office_frame(placed, office_table)
    place = np.full((len(offices), len(years)), -1, dtype=np.int32)
    rows = offices.index.get_indexer(pd.Index(placed["office_id"]))
    columns = pd.Index(years).get_indexer(pd.Index(placed["year"].astype(int)))
    place[rows, columns] = placed.index.to_numpy()
    in_files = len(reports) > matrices.PART
    values, states, proofs, pages = (cell_matrices if with_cells else no_cells)(folder, reports, cells, in_files)
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
        _portion=dealt,
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
