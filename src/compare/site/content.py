"""What the pages show, as plain dictionaries and tuples that travel to the processes that write pages: the flags with
their operands, and what every page needs to know."""

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

from compare import flags
from compare.assessment import Assessed
from compare.evidence_parts.originals import raw_folder
from compare.panel import Panel, read_table
from compare.published import NotPublishedError, measure
from compare.site.trajectory import Year

AUDITORS = [tier for tier in flags.TIERS if tier != "reading-doubtful"]  # a doubtful reading is for analysts only
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
    """One office: its rows, ready to be shown. `series` by measure; rates, outcomes, refusals and ledger one row per
    year; coverage one row per year of the panel."""

    office_id: str
    name: str
    short: str
    district: str
    level: str
    reports: list[Row] = field(default_factory=list)
    flags: list[Row] = field(default_factory=list)
    series: dict[str, list[Year]] = field(default_factory=dict)
    rates: list[Row] = field(default_factory=list)
    outcomes: list[Row] = field(default_factory=list)
    refusals: list[Row] = field(default_factory=list)
    ledger: list[Row] = field(default_factory=list)
    coverage: list[Row] = field(default_factory=list)


@dataclass
class Notes:
    """What the published tables tell of these reports beside their figures: report_id → figures stated in prose, issues
    of the reading, and prose (section → text)."""

    stated: dict[str, list[Row]] = field(default_factory=dict)
    issues: dict[str, list[Row]] = field(default_factory=dict)
    texts: dict[str, dict[int, str]] = field(default_factory=dict)


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


def flag_rows(loaded: Panel, assessments: Assessed, found: pd.DataFrame, reviews: Path | None) -> list[Row]:
    """The ranked flags of the auditors' tiers, each with the two sides of its check, the facts of the leading failure
    (`own`), those that fail with it (`beside`), the other report that it names, and the decisions that people took."""
    failures = failures_by_flag(loaded, assessments)
    history = decision_history(reviews)
    known = identities(loaded)
    ids = loaded.reports["report_id"].to_numpy(dtype=object)
    result = []
    for flag in rows_of(found[found["tier"].isin(AUDITORS)]):
        facts = str(flag["fact_ids"] or "").split()
        lead = failures.get(str(flag["flag_id"])) or sides_told(str(flag["operands"]))
        own = str(lead["fact_ids"]).split() or facts
        other = int(lead.get("other_row", -1))
        row = {
            **{key: value if value is not None else "" for key, value in flag.items()},
            **{side: plain(lead[side]) for side in ("left", "right", "instance")},
            "own": own,
            "beside": [fact for fact in facts if fact not in set(own)],
            "other_report": str(ids[other]) if 0 <= other < len(ids) else "",
            "history": history.get(str(flag["flag_id"]).partition("-")[0], []),
        }
        result.append({**row, "identity": sides_of_identity(known, row)})
    return result


def failures_by_flag(loaded: Panel, assessments: Assessed) -> dict[str, Row]:
    """Every failure by the flag id that it would have on its own: the flag that it leads has the same."""
    found: dict[str, Row] = {}
    for row in assessments.failures.to_dict("records"):
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


def report_link(report_id: Any, cell: str = "") -> str:
    """The address of a report's page from a page one folder deep, at a cell."""
    if not report_id or report_id is pd.NA or report_id != report_id:
        return ""
    return f"../report/{quote(str(report_id))}.html{f'#{quote(cell)}' if cell else ''}"


def cells_of(name: str, form: str) -> list[str]:
    """The cells that a measure counts in a report whose section uses `form` (2019, 2021, 2019/2021, "" unknown)."""
    rule = measure(name)
    old = bool(form) and "2021" not in form.split("/")
    cells = (rule.cells_2019 if old else rule.cells_2021) or rule.cells_2021 or rule.cells_2019
    return cells.split()


def cell_links(loaded: Panel, name: str) -> dict[str, str]:
    """For each report the address, from a page one folder deep, of the cell that a measure counts: of several the one
    with the largest number, else the first."""
    forms = loaded.reports[f"form_{measure(name).section}"].astype(object).fillna("").to_numpy()
    ids = loaded.reports["report_id"]
    links: dict[str, str] = {}
    for form in dict.fromkeys(forms):
        cells = [cell for cell in cells_of(name, form) if cell in loaded.cells]
        own = np.flatnonzero(forms == form)
        if not cells or not len(own):
            continue
        values = np.nan_to_num(loaded.values[np.ix_(own, loaded.columns(cells))], nan=-1.0)
        for row, best in zip(own, values.argmax(axis=1), strict=True):
            links[str(ids.iloc[row])] = report_link(ids.iloc[row], cells[best])
    return links


def relative(target: Path, to: Path) -> str:
    """The address of a file from a page at the top of the site, so that both folders can be moved together."""
    return quote(os.path.relpath(target.resolve(), to.resolve()).replace(os.sep, "/"))


def tables(loaded: Panel, to: Path) -> list[Row]:
    """The published tables with their addresses and sizes."""
    files = sorted([*loaded.folder.glob("*.csv"), *loaded.folder.glob("*.parquet")])
    if not files:
        raise NotPublishedError(f"{loaded.folder} holds no tables.")
    return [{"name": file.name, "href": relative(file, to), "size": size_told(file.stat().st_size)} for file in files]


def size_told(size: int) -> str:
    """A file's size as people read it."""
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1000))} kB"
