"""The pages of some offices, written together in one process: the office, its reports, its flags."""

from __future__ import annotations

from collections import Counter
from typing import Any

from markupsafe import Markup

from compare.evidence import Archive, Parts
from compare.indicators import rule_of
from compare.language import Words
from compare.published import measure
from compare.site.comparisons.rates import formula
from compare.site.comparisons.results import KINDS
from compare.site.content import AUDITORS, Common, Notes, Office, Row, report_link
from compare.site.drawings.parts import Bar, parts_of_whole
from compare.site.drawings.years import Balance, waterfall
from compare.site.environment import write_page
from compare.site.flag_page import write_flag
from compare.site.report_page import original_link, safe_url, write_report
from compare.site.trajectory import trajectory
from compare.site.words import LEVELS, RATES
from compare.views.outcomes import GROUPS, grounds, group_words


def reports_behind(offices: list[Office]) -> set[str]:
    """The reports whose facts the pages of these offices show: their own, and those that their flags also name."""
    facts = {fact for office in offices for flag in office.flags for fact in [*flag["own"], *flag["beside"]]}
    others = {str(flag["other_report"]) for office in offices for flag in office.flags} - {""}
    own = {str(report["report_id"]) for office in offices for report in office.reports}
    return own | others | {fact.partition("/")[0] for fact in facts}


def write_offices(
    common: Common,
    offices: list[Office],
    neighbours: dict[str, tuple[str, str]],
    notes: Notes,
    parts: Parts | None = None,
) -> list[str]:
    """Write all pages of these offices and return their addresses; `neighbours` holds for each flag the one before and
    the one after it by rank, `parts` the parts of the published tables that hold their reports (None: not known)."""
    archive = Archive(common.out, tuple(sorted(reports_behind(offices))), parts)
    written = []
    for office in offices:
        pictures: dict[str, list[Row]] = {}
        by_id = {report["report_id"]: report for report in office.reports}
        for flag in office.flags:
            before, after = neighbours[flag["flag_id"]]
            told = {
                "stated": notes.stated.get(flag["report_id"], []),
                "texts": notes.texts,
                "before": before,
                "after": after,
            }
            address, shown = write_flag(common, archive, office, flag, by_id.get(flag["report_id"]), **told)
            written.append(address)
            pictures[flag["flag_id"]] = shown
        for report in office.reports:
            written.append(write_report(common, archive, office, report, notes, pictures))
        if office.office_id:
            written.append(write_office(common, office))
    return written


def write_office(common: Common, office: Office) -> str:
    """Write an office's page."""
    drawings = [
        Markup(trajectory(office.short, measure(name), series))
        for name, series in office.series.items()
        if any(year.value == year.value for year in series)
    ]
    tiers = Counter(flag["tier"] for flag in office.flags)
    return write_page(
        common.to,
        f"office/{office.office_id}.html",
        "office.html",
        common=common,
        office=office,
        level=LEVELS.get(office.level),
        tiers=[(tier, tiers[tier]) for tier in AUDITORS if tiers[tier]],
        drawings=drawings,
        figures=[{"measure": measure(name), "years": series} for name, series in office.series.items()],
        outcome_drawing=outcome_drawing(office),
        group_words=[group_words(name) for name in GROUPS],
        grounds=list(grounds().values()),
        refused=[row for row in office.refusals if row["total"]],
        ledger_drawing=ledger_drawing(office),
        rates=rate_rows(office),
        reports=report_rows(common, office),
        missing=[c["year"] for c in office.coverage if c["expected"] and not c["found"]],
    )


def report_rows(common: Common, office: Office) -> list[Row]:
    """The office's reports by year, with where they lead."""
    return [
        {
            **report,
            "link": report_link(report["report_id"]),
            "original": original_link(common, str(report["source_path"] or "")),
            "web": safe_url(report.get("url")),
        }
        for report in sorted(office.reports, key=lambda report: report["year"] or 0)
    ]


def outcome_drawing(office: Office) -> Any:
    """Results of each year as bars of 100 %, each part a link to its cell; "" where nothing was decided."""
    bars = [
        Bar(
            str(row["year"]),
            report_link(row["report_id"], "tables"),
            tuple(cell["value"] or 0.0 for cell in row["cells"]),
            tuple(cell["link"] for cell in row["cells"]),
        )
        for row in office.outcomes
        if row["total"] > 0
    ]
    title = Words("What became of the applications", "申请办理结果")
    return Markup(parts_of_whole(title, bars, KINDS, 10)) if bars else ""


def ledger_drawing(office: Office) -> Any:
    """The carry-over of applications year by year, each bar a link to its cell; "" where a year has all four figures in no
    report, or all of them are zero."""
    balances = []
    for row in office.ledger:
        values = [cell["value"] for cell in row["cells"]]
        if any(value is None for value in values):
            continue
        gaps = [f"{row[gap]:+,.0f}" if row[gap] else "" for gap in ("gap_before", "gap_within")]
        links = tuple(cell["link"] for cell in row["cells"])
        balances.append(Balance(row["year"], tuple(values), links, *gaps))  # type: ignore[arg-type]
    if not any(any(balance.counts) for balance in balances):
        return ""
    return Markup(waterfall(Words("The ledger of applications", "申请结转账"), balances))


def rate_rows(office: Office) -> list[Row]:
    """One row per rate that the office has in any year: the rule, its formula in both languages, and its years."""
    rows = []
    for name in RATES:
        years = {row["year"]: row for row in office.rates if row["rate"] == name}
        if years:
            rule = rule_of(name)
            rows.append(
                {
                    "words": Words(rule.label_en, rule.label_zh),
                    "formula": Words(formula(rule), rule.note),
                    "years": years,
                }
            )
    return rows
