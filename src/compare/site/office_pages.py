"""The pages of some offices, written together in one process: the office, its reports, its flags."""

from __future__ import annotations

from collections import defaultdict

from markupsafe import Markup

from compare.charts.comparison import OUTCOMES
from compare.evidence import Archive, Parts
from compare.indicators import rule_of
from compare.published import measure, read_table
from compare.site.content import Common, Office, Row, cells_of, report_link, rows_of, with_columns
from compare.site.environment import write_page
from compare.site.flag_page import write_flag
from compare.site.report_page import original_link, safe_url, write_report
from compare.site.trajectory import trajectory
from compare.site.words import LEVELS, RATES

MOST_STATED = 60
NOTE_COLUMNS = ("value", "unit", "sentence", "section", "kind", "message")


def reports_behind(offices: list[Office]) -> set[str]:
    """The reports whose facts the pages of these offices show: their own, and those that their flags also name."""
    facts = {fact for office in offices for flag in office.flags for fact in [*flag["own"], *flag["beside"]]}
    return {str(report["report_id"]) for office in offices for report in office.reports} | {
        fact.partition("/")[0] for fact in facts
    }


def write_offices(
    common: Common, offices: list[Office], neighbours: dict[str, tuple[str, str]], parts: Parts | None = None
) -> list[str]:
    """Write all pages of these offices and return their addresses; `neighbours` holds for each flag the one before and
    the one after it by rank, `parts` the parts of the published tables that hold their reports (None: not known)."""
    report_ids = reports_behind(offices)
    archive = Archive(common.out, tuple(sorted(report_ids)), parts)
    stated, issues = notes_of(common, report_ids, "stated.csv"), notes_of(common, report_ids, "issues.csv")
    written = []
    for office in offices:
        if office.office_id:
            written.append(write_office(common, archive, office))
        by_id = {report["report_id"]: report for report in office.reports}
        for report_id, report in by_id.items():
            notes = {"stated": stated[report_id][:MOST_STATED], "issues": issues[report_id][:MOST_STATED]}
            written.append(write_report(common, archive, office, report, notes))
        for flag in office.flags:
            before, after = neighbours[flag["flag_id"]]
            more = {"stated": stated[flag["report_id"]], "before": before, "after": after}
            written.append(write_flag(common, archive, office, flag, by_id.get(flag["report_id"]), **more))
    return written


def notes_of(common: Common, report_ids: set[str], name: str) -> dict[str, list[Row]]:
    """The rows of a published table by report_id, for these reports."""
    table = with_columns(read_table(common.out, name), NOTE_COLUMNS)
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows_of(table[table["report_id"].isin(report_ids)]):
        found[row["report_id"]].append(row)
    return found


def write_office(common: Common, archive: Archive, office: Office) -> str:
    """Write an office's page."""
    drawings = [
        Markup(trajectory(office.short, measure(name), series))
        for name, series in office.series.items()
        if any(year.value == year.value for year in series)
    ]
    reports = [
        {
            **report,
            "link": report_link(report["report_id"]),
            "original": original_link(common, str(report["source_path"] or "")),
            "web": safe_url(report.get("url")),
        }
        for report in sorted(office.reports, key=lambda report: report["year"] or 0)
    ]
    return write_page(
        common.to,
        f"office/{office.office_id}.html",
        "office.html",
        common=common,
        office=office,
        level=LEVELS.get(office.level),
        drawings=drawings,
        figures=[{"measure": measure(name), "years": series} for name, series in office.series.items()],
        outcomes=outcome_rows(office, archive),
        outcome_measures=[measure(name) for name in OUTCOMES],
        rates=rate_rows(office),
        reports=reports,
    )


def rate_rows(office: Office) -> list[Row]:
    """One row per rate that the office has in any year: the rule, and its years."""
    rows = []
    for name in RATES:
        years = {row["year"]: row for row in office.rates if row["rate"] == name}
        if years:
            rows.append({"rule": rule_of(name), "years": years})
    return rows


def outcome_rows(office: Office, archive: Archive) -> list[Row]:
    """What became of the applications, per report: counts of the groups of results with links to their first cell."""
    rows = []
    for report in sorted(office.reports, key=lambda report: report["year"] or 0):
        year = report["year"]
        if not year:
            continue
        values = {fact["cell"]: fact["value"] for fact in archive.by_report.get(report["report_id"], [])}
        cells: list[Row] = []
        for name in OUTCOMES:
            codes = cells_of(name, report["form_applications"])
            counted = {code: values[code] for code in codes if values.get(code) is not None}
            where = max(counted, key=lambda code: counted[code], default=codes[0])
            total = float(sum(counted.values())) if counted else None
            cells.append({"value": total, "link": report_link(report["report_id"], where)})
        known = [cell["value"] for cell in cells if cell["value"] is not None]
        if known:
            rows.append({"year": year, "cells": cells, "total": sum(known)})
    return rows
