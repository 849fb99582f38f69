"""The index of a country, which is more than one site holds: its provinces, and every office of each with its years. The
offices' own pages stand in the site of their province."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from compare import flags, panel
from compare.panel import Panel
from compare.portions import Portion
from compare.provinces import dealt_out, provinces_of
from compare.published import blocks_of
from compare.site.assets import write_assets
from compare.site.content import AUDITORS, Common, Row, rows_of, version
from compare.site.environment import write_page
from compare.site.words import TIER_MEANINGS
from compare.views.coverage import by_district, coverage

OFFICES_ON_A_PAGE = 1_000
FLAGS = "flags.csv"


class Province(NamedTuple):
    """A province: its name, the folder of its own site beside the index, the address of its pages, the panel of its
    reports without their cells, and coverage (see compare.views.coverage)."""

    name: str
    folder: str
    page: str
    loaded: Panel
    covered: pd.DataFrame


def write_country(out: Path, to: Path, years: str) -> Path:
    """Write the index into the folder `to`, which is prepared, and return its index.html. What was found is told as
    OUT/flags.csv has it; where there is no such file, nothing is."""
    reports = provinces_of(out)
    portions = dealt_out(out, reports, (panel.REPORTS, FLAGS))
    rows, signs, fictional, known = [], set[str](), False, set[int]()
    for number, name in enumerate(list(reports)[:-1]):
        made = province(out, years, name, number, Portion(portions.store, number))
        if made is None:
            continue
        fictional, known = fictional or made.loaded.fictional, known | set(made.loaded.years)
        signs.update(*made.loaded.offices["office"], *made.loaded.offices["district_zh"], name)
        rows.append(write_province(out, to, made))
        last = made.loaded
    write_assets(to, last, signs, {"grids.parquet": {}})
    tiers = tiers_of(out / FLAGS)
    return to / write_page(
        to, "index.html", "country.html",
        common=common_of(out, to, sorted(known), fictional), provinces=rows,
        reports=sum(row["reports"] for row in rows), offices=sum(row["offices"] for row in rows),
        tiers=[(tier, tiers[tier], TIER_MEANINGS[tier]) for tier in AUDITORS], most=max([*tiers.values(), 1]),
    )  # fmt: skip


def province(out: Path, years: str, name: str, number: int, dealt: Portion) -> Province | None:
    """One province; None where it has no report of these years."""
    try:
        loaded = panel.load(out, years=years, province=name, dealt=dealt, cells=False)
    except panel.NotPublishedError:
        return None
    try:
        found = dealt.rows(FLAGS)
    except panel.NotPublishedError:
        found = pd.DataFrame(columns=flags.COLUMNS)
    return Province(name, folder_of(name), f"p{number + 1:02}", loaded, coverage(loaded, found))


def folder_of(name: str) -> str:
    """The folder of a province's own site, beside the index."""
    return re.sub(r"[^\w-]+", "-", name)


def common_of(out: Path, to: Path, years: list[int], fictional: bool) -> Common:
    """What the pages of an index need to know."""
    return Common(out.resolve(), to.resolve(), years, fictional, version(out), None, {}, {}, {})


def write_province(out: Path, to: Path, made: Province) -> Row:
    """Write the pages of a province; returns its row of the index."""
    loaded, covered = made.loaded, made.covered
    districts = district_rows(covered)
    offices = office_rows(loaded, covered)
    parts = [offices[at : at + OFFICES_ON_A_PAGE] for at in range(0, len(offices), OFFICES_ON_A_PAGE)] or [[]]
    names = [f"{made.page}{f'-{number}' if number > 1 else ''}" for number in range(1, len(parts) + 1)]
    has_site = (to / made.folder / "index.html").is_file()
    for number, part in enumerate(parts):
        write_page(
            to, f"province/{names[number]}.html", "province.html",
            common=common_of(out, to, loaded.years, loaded.fictional), name=made.name, covered=part,
            districts=districts if number == 0 else [], part_names=names, here=names[number],
            offices=len(offices), reports=len(loaded.reports), flag_count=int(covered["flags"].sum()),
            own=f"../{made.folder}/" if has_site else "",
        )  # fmt: skip
    expected, found = int(covered["expected"].sum()), int(covered["found"].sum())
    return {
        "name": made.name, "page": names[0], "site": f"{made.folder}/index.html" if has_site else "",
        "districts": len(districts), "offices": len(offices), "reports": len(loaded.reports),
        "missing": expected - found, "tiers": Counter(covered.loc[covered["flags"] > 0, "tier"]),
        "flags": int(covered["flags"].sum()),
    }  # fmt: skip


def district_rows(covered: pd.DataFrame) -> list[Row]:
    """One row per district: per year the reports found and expected, and the gravest tier; those first that lack most."""
    flag_count = covered.groupby("district_zh")["flags"].sum()
    office_count = covered.groupby("district_zh")["office_id"].nunique()
    rows: list[Row] = []
    for name, own in by_district(covered).groupby("district_zh", sort=True):
        marks: list[Any] = list(own.itertuples())
        years = [
            {"year": int(r.year), "found": int(r.found), "due": int(r.expected), "tier": str(r.tier)} for r in marks
        ]
        rows.append({"name": str(name), "offices": int(office_count[name]), "years": years,
                     "gone": int((own["expected"] - own["found"]).sum()), "flags": int(flag_count[name])})  # fmt: skip
    return sorted(rows, key=lambda row: (-row["gone"], row["name"]))


def office_rows(loaded: Panel, covered: pd.DataFrame) -> list[Row]:
    """One row per office in display order, with its coverage: one row per year."""
    years = {str(office): rows_of(rows) for office, rows in covered.groupby("office_id", sort=False)}
    return [
        {
            "office_id": str(office),
            "short": row["office"],
            "district": row["district_zh"],
            "coverage": years[str(office)],
        }
        for office, row in zip(loaded.offices.index, rows_of(loaded.offices), strict=True)
    ]


def tiers_of(path: Path) -> Counter[str]:
    """How many flags of each tier a flags.csv holds; none where there is no such file."""
    counts: Counter[str] = Counter()
    if path.is_file():
        for block in blocks_of(path):
            counts.update(block["tier"].to_pylist())
    return counts
