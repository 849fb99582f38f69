"""Everything of every office, gathered once from the panel before the pages are written side by side."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from compare import indicators
from compare.assessment import Assessed
from compare.panel import Panel
from compare.site.content import Office, Row, cell_links, report_link, rows_of
from compare.site.trajectory import Year
from compare.site.words import RATES
from compare.views.cards import statuses
from compare.views.coverage import coverage
from compare.views.ledger import STEPS, ledger
from compare.views.likeness import with_year_before
from compare.views.outcomes import GROUPS, ground_cell, grounds, outcomes, refusals
from compare.views.trajectories import SHOWN, trajectory

TOLD_OF_REPORTS = ("title", "period_from", "period_to", "published_on", "page_date", "source_path", "url", "kind")


def offices_of(loaded: Panel, assessments: Assessed, found: pd.DataFrame, flagged: list[Row]) -> list[Office]:
    """Every office of the panel in display order, then the reports whose office or year is not known."""
    offices = {
        str(office_id): Office(str(office_id), row["office_zh"], row["office"], row["district_zh"], row["level"] or "")
        for office_id, row in zip(loaded.offices.index, rows_of(loaded.offices), strict=True)
    }
    for report in report_rows(loaded, assessments):
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
    add_counts(loaded, offices)
    for office_id, rows in coverage(loaded, found).groupby("office_id", sort=False):
        offices[str(office_id)].coverage = rows_of(rows)
    return list(offices.values())


def report_rows(loaded: Panel, assessments: Assessed) -> list[Row]:
    """One row per report: what reports.csv tells, the report of the year before (`before`, "" where none), the likeness
    of their texts, and its card (check → counts as compare.views.cards packs them)."""
    frame = with_columns(loaded.reports, TOLD_OF_REPORTS)
    before = np.full(len(frame), "", dtype=object)
    ids = frame["report_id"].to_numpy(dtype=object)
    for column in range(1, len(loaded.years)):
        if loaded.years[column] - loaded.years[column - 1] == 1:
            earlier, later = loaded.place[:, column - 1], loaded.place[:, column]
            both = (earlier >= 0) & (later >= 0)
            before[later[both]] = ids[earlier[both]]
    rows = rows_of(frame.assign(before=before, likeness=with_year_before(loaded)))
    packed = statuses(assessments)
    at = {report: place for place, report in enumerate(packed.index)}
    checks, counts = [str(check) for check in packed.columns], packed.to_numpy()
    for row in rows:
        place = at.get(row["report_id"])
        row["card"] = {} if place is None else {c: int(n) for c, n in zip(checks, counts[place], strict=True) if n}
    return rows


def with_columns(frame: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """The frame with further columns, empty where it has none of that name."""
    return frame.reindex(columns=[*frame.columns, *(name for name in names if name not in frame.columns)])


def add_series(loaded: Panel, offices: dict[str, Office]) -> None:
    """The years of each measure, with links to their cells."""
    columns = ["office_id", "year", "value", "low", "high", "peers", "grade", "items", "report_id"]
    for name in SHOWN:
        frame, links = trajectory(loaded, name), cell_links(loaded, name)
        for office_id, year, value, low, high, peers, grade, items, report_id in zip(
            *(frame[column].tolist() for column in columns), strict=True
        ):
            there = isinstance(report_id, str)
            link = links.get(report_id, "") if there else ""
            mark = Year(int(year), value, low, high, peers, str(grade or ""), bool(items), there, link)
            offices[str(office_id)].series.setdefault(name, []).append(mark)


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


def add_counts(loaded: Panel, offices: dict[str, Office]) -> None:
    """Results, grounds of refusal and the ledger of each year, every count with the address of its cell."""
    links = {name: cell_links(loaded, name) for name in (*GROUPS, *STEPS.values())}
    for row in rows_of(outcomes(loaded)):
        cells = [counted(row[name], links[name].get(row["report_id"], "")) for name in GROUPS]
        offices[row["office_id"]].outcomes.append(year_row(row, cells))
    for row in rows_of(refusals(loaded)):
        cells = [counted(row[code], report_link(row["report_id"], ground_cell(code))) for code in grounds()]
        offices[row["office_id"]].refusals.append(year_row(row, cells))
    for row in rows_of(ledger(loaded)):
        cells = [counted(row[step], links[name].get(row["report_id"], "")) for step, name in STEPS.items()]
        gaps = {gap: row[gap] for gap in ("gap_within", "gap_before")}
        offices[row["office_id"]].ledger.append({**year_row(row, cells), **gaps})


def counted(value: Any, link: str) -> Row:
    """A count with its address."""
    return {"value": value if value is None or not math.isnan(value) else None, "link": link}


def year_row(row: Row, cells: list[Row]) -> Row:
    """A year of an office: its counts and their sum."""
    known = [cell["value"] for cell in cells if cell["value"] is not None]
    return {"year": row["year"], "report_id": row["report_id"], "cells": cells, "total": sum(known)}
