"""Everything the pages show, gathered once from the panel: flags with their operands, offices, reports, series, rates.

Plain dictionaries and tuples, so that it travels to the processes that write pages.
"""

from __future__ import annotations

import json
import math
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pandas as pd

from compare import flags, indicators
from compare.anomalies import MEASURES, scores
from compare.charts.coverage import coverage_data
from compare.charts.profile import SHOWN
from compare.evidence_parts.originals import raw_folder
from compare.panel import Panel, read_table
from compare.published import NotPublishedError, measure
from compare.rules import FAIL
from compare.site.trajectory import Year
from compare.site.words import RATES

AUDITORS = [tier for tier in flags.TIERS if tier != "reading-doubtful"]  # a doubtful reading is for analysts only
ENOUGH_PEERS = 5
TOLD_OF_REPORTS = ("title", "period_from", "period_to", "published_on", "page_date", "source_path", "url", "kind")
Row = dict[str, Any]


@dataclass(frozen=True)
class Common:
    """What every page needs to know: folders, years, districts with their page, the names of offices."""

    out: Path
    to: Path
    years: list[int]
    fictional: bool
    version: str
    raw: Path | None
    districts: dict[str, str]
    names: dict[str, str]
    page_by_district: dict[str, str]


@dataclass
class Office:
    """One office: its rows, ready to be shown. `series` by measure, `rates` by year, `outcomes` by year."""

    office_id: str
    name: str
    short: str
    district: str
    level: str
    reports: list[Row] = field(default_factory=list)
    flags: list[Row] = field(default_factory=list)
    series: dict[str, list[Year]] = field(default_factory=dict)
    rates: list[Row] = field(default_factory=list)
    coverage: list[Row] = field(default_factory=list)


def plain(value: Any) -> Any:
    """A published value as Python shows it: None where it is missing, dates as text."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return value.item() if isinstance(value, np.generic) else value


def rows_of(frame: pd.DataFrame) -> list[Row]:
    """The rows of a frame as plain dictionaries."""
    return [{str(key): plain(value) for key, value in row.items()} for row in frame.to_dict("records")]


def common_of(loaded: Panel, to: Path) -> Common:
    """The Common of a site."""
    known = sorted({str(d) for d in loaded.offices["district_zh"]})
    districts = {name: f"d{number:02d}" for number, name in enumerate(known, 1)}
    names = {str(office): str(name) for office, name in loaded.offices["office"].items()}
    page = {str(office): districts[str(name)] for office, name in loaded.offices["district_zh"].items()}
    return Common(
        loaded.folder.resolve(),
        to.resolve(),
        loaded.years,
        loaded.fictional,
        version(loaded.folder),
        raw_folder(loaded.folder),
        districts,
        names,
        page,
    )


def version(out: Path) -> str:
    """What run.json says of the run, where it says it."""
    try:
        run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return str(run.get("version") or run.get("extractor") or "")[:16] if isinstance(run, dict) else ""


def flag_rows(loaded: Panel, assessments: pd.DataFrame, found: pd.DataFrame, reviews: Path | None) -> list[Row]:
    """The ranked flags of the auditors' tiers, each with the two sides of its check, the facts of the leading failure
    (`own`), those that fail with it (`beside`), and the decisions that people took."""
    failures = failures_by_flag(loaded, assessments)
    history = decision_history(reviews)
    result = []
    for flag in rows_of(found[found["tier"].isin(AUDITORS)]):
        facts = str(flag["fact_ids"] or "").split()
        lead = failures.get(str(flag["flag_id"])) or sides_told(str(flag["operands"]))
        own = str(lead["fact_ids"]).split() or facts
        result.append(
            {
                **{key: value if value is not None else "" for key, value in flag.items()},
                **{side: plain(lead[side]) for side in ("left", "right", "instance")},
                "own": own,
                "beside": [fact for fact in facts if fact not in set(own)],
                "history": history.get(str(flag["flag_id"]).partition("-")[0], []),
            }
        )
    return result


def failures_by_flag(loaded: Panel, assessments: pd.DataFrame) -> dict[str, Row]:
    """Every failure by the flag id that it would have on its own: the flag that it leads has the same."""
    found: dict[str, Row] = {}
    for row in assessments[assessments["status"] == FAIL].to_dict("records"):
        failure = {str(key): value for key, value in row.items()}
        found.setdefault(flags.flag_id(loaded, failure), failure)
    return found


def sides_told(operands: str) -> Row:
    """Left and right as a flag's operands tell them, for a flag that stands for several failures."""
    sides = dict(part.partition("=")[::2] for part in operands.split())
    numbers = {side: float(sides[side]) if side in sides else None for side in ("left", "right")}
    return {**numbers, "instance": "", "fact_ids": ""}


def decision_history(reviews: Path | None) -> dict[str, list[Row]]:
    """All decisions of reviews.csv in its order, by the first part of flag_id, which stays when a finding's facts change."""
    if reviews is None or not reviews.is_file():
        return {}
    table = read_table(reviews.parent, reviews.name).reindex(columns=["flag_id", "decision", "reason", "by", "on"])
    named = table[table["flag_id"].notna()]
    by_finding = named["flag_id"].astype(str).str.partition("-")[0].to_numpy()
    return {str(finding): rows_of(rows.fillna("")) for finding, rows in named.groupby(by_finding, sort=False)}


def identities(loaded: Panel) -> list[tuple[str, list[str], list[str]]]:
    """The identities of the form: check, cells on the left, cells on the right."""
    table = loaded.identities[["identity", "left", "right"]].fillna("")
    return [(str(check), left.split(), right.split()) for check, left, right in table.itertuples(index=False)]


def sides_of_identity(known: list[tuple[str, list[str], list[str]]], flag: Row) -> tuple[list[str], list[str]]:
    """The cells on the two sides of the identity (A01 to A04) that holds the most of a flag's own facts and all of them;
    empty for other checks."""
    cells = {fact.partition("/")[2] for fact in flag["own"]}
    fitting = [
        (len(left) + len(right), left, right)
        for check, left, right in known
        if check == flag["check"] and cells <= {*left, *right}
    ]
    # The smallest that holds them all: of two forms' identities the one without cells that this form lacks.
    _, left, right = min(fitting, key=lambda one: one[0], default=(0, [], []))
    return left, right


def offices_of(loaded: Panel, found: pd.DataFrame, flagged: list[Row]) -> list[Office]:
    """Every office of the panel in display order, then the reports whose office or year is not known."""
    offices = {
        str(office_id): Office(str(office_id), row["office_zh"], row["office"], row["district_zh"], row["level"] or "")
        for office_id, row in zip(loaded.offices.index, rows_of(loaded.offices), strict=True)
    }
    for report in rows_of(with_columns(loaded.reports, TOLD_OF_REPORTS)):
        known = offices.get(report["office_id"])
        if known is None:
            name = report["office_zh"] or report["office_id"]
            known = offices[report["office_id"]] = Office(report["office_id"], name, name, "", report["level"] or "")
        known.reports.append(report)
    for flag in flagged:
        # A note about a whole district belongs to no office: its pages are written beside the offices'.
        key = flag["office_id"] or f"district {flag['district_zh']}"
        if key not in offices:
            offices[key] = Office("", flag["district_zh"], flag["district_zh"], flag["district_zh"], "")
        offices[key].flags.append(flag)
    add_series(loaded, offices)
    add_rates(loaded, offices)
    for office_id, rows in coverage_data(loaded, found).groupby("office_id", sort=False):
        offices[str(office_id)].coverage = rows_of(rows)
    return list(offices.values())


def with_columns(frame: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """The frame with further columns, empty where it has none of that name."""
    return frame.reindex(columns=[*frame.columns, *(name for name in names if name not in frame.columns)])


def report_link(report_id: Any, cell: str = "") -> str:
    """The address of a report's page from a page one folder deep, at a cell."""
    if not report_id or report_id is pd.NA or report_id != report_id:
        return ""
    return f"../report/{quote(str(report_id))}.html{f'#{quote(cell)}' if cell else ''}"


def cells_of(name: str, form: Any) -> list[str]:
    """The cells that a measure counts in a report whose section uses `form` (2019, 2021, 2019/2021 or unknown)."""
    rule = measure(name)
    old = isinstance(form, str) and "2021" not in form.split("/")
    cells = (rule.cells_2019 if old else rule.cells_2021) or rule.cells_2021 or rule.cells_2019
    return cells.split()


def cell_links(loaded: Panel, name: str) -> dict[str, str]:
    """For each report the address of the first cell that a measure counts, from a page one folder deep."""
    forms = loaded.reports[f"form_{measure(name).section}"].astype(object)
    return {
        str(report): report_link(report, cells_of(name, form)[0])
        for report, form in zip(loaded.reports["report_id"], forms, strict=True)
    }


def series_frame(loaded: Panel, name: str) -> pd.DataFrame:
    """A measure as rows office × year: value, low, high, z, peers (median of the district's offices that year, or of
    all where fewer than five report), report_id."""
    plain_series = loaded.series(name)
    frame = scores(loaded, name) if name in MEASURES else plain_series.assign(low=np.nan, high=np.nan, z=np.nan)
    frame["report_id"] = plain_series["report_id"]
    near, far = frame.groupby(["district_zh", "year"])["value"], frame.groupby("year")["value"]
    middle = near.transform("median").where(near.transform("count") >= ENOUGH_PEERS)
    everyone = far.transform("median").where(far.transform("count") >= ENOUGH_PEERS)
    return frame.assign(peers=middle.fillna(everyone))


def add_series(loaded: Panel, offices: dict[str, Office]) -> None:
    """The years of each measure, with links to their cells."""
    for name in SHOWN:
        frame, links = series_frame(loaded, name), cell_links(loaded, name)
        columns = ["office_id", "year", "value", "low", "high", "peers", "z", "report_id"]
        for office_id, year, value, low, high, peers, z, report_id in frame[columns].itertuples(index=False):
            link = links.get(str(report_id), "")
            v, l, h, p, s = (float(x) if x == x else math.nan for x in (value, low, high, peers, z))  # noqa: E741
            offices[str(office_id)].series.setdefault(name, []).append(Year(int(year), v, l, h, p, s, link))


def add_rates(loaded: Panel, offices: dict[str, Office]) -> None:
    """The rates of each year with numerator and denominator, and links to the first cell of each."""
    for name in RATES:
        rule = indicators.rule_of(name)
        top, bottom = (cell_links(loaded, side.split()[0]) for side in (rule.numerator, rule.denominator))
        frame = indicators.indicator(loaded, name)
        for row in rows_of(frame[frame["value"].notna()]):
            report = str(row["report_id"])
            offices[row["office_id"]].rates.append(
                {**row, "rate": name, "top": top.get(report, ""), "bottom": bottom.get(report, "")}
            )


def relative(target: Path, to: Path) -> str:
    """The address of a file from a page at the top of the site, so that both folders can be moved together."""
    return quote(os.path.relpath(target.resolve(), to.resolve()).replace(os.sep, "/"))


def tables(loaded: Panel, to: Path) -> list[Row]:
    """The published tables with their addresses."""
    files = sorted([*loaded.folder.glob("*.csv"), *loaded.folder.glob("*.parquet")])
    if not files:
        raise NotPublishedError(f"{loaded.folder} holds no tables.")
    return [{"name": file.name, "href": relative(file, to)} for file in files]
