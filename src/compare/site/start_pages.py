"""The start page, the districts' pages and the methods page."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd

from compare import flags, indicators
from compare.evidence_parts.places import METHODS, PROOFS, STATES
from compare.panel import Panel
from compare.rules import REGISTRY
from compare.site.comparison_pages import Page
from compare.site.content import AUDITORS, Common, Office, Row, tables
from compare.site.environment import script_value, write_page, write_text
from compare.site.words import MEANINGS_ZH, TIER_MEANINGS

ON_START = 20  # flags that stand on the page itself; the others come from the scripts beside it
LISTED = ("flag_id", "tier", "check", "district_zh", "year", "decision", "message_zh", "message_en")
PER_SCRIPT = 1500
MOST_OFFICES = 60  # on the start page; with more, it shows districts
PER_DISTRICT_PAGE = 400


def write_start(
    common: Common, loaded: Panel, offices: list[Office], flagged: list[Row], pages: list[Page], pictures: set[str]
) -> Path:
    """Write index.html and the scripts that its list is filtered from; returns its path."""
    parts = write_flag_scripts(common, flagged)
    listed = [[office.office_id, office.short, office.district] for office in offices if office.office_id]
    write_text(common.to / "assets" / "offices.js", script_value("jiedao.offices", listed))
    tiers = Counter(flag["tier"] for flag in flagged)
    whole = len(offices) <= MOST_OFFICES
    shown = [page for page in pages if page.picture and page.drawings]
    write_page(
        common.to,
        "index.html",
        "index.html",
        common=common,
        reports=len(loaded.reports),
        offices=len(loaded.offices),
        tiers=[(tier, tiers[tier]) for tier in AUDITORS],
        flags=flagged[:ON_START],
        flag_count=len(flagged),
        scripts=parts,
        checks=[REGISTRY[check] for check in sorted({flag["check"] for flag in flagged})],
        district_names=sorted({flag["district_zh"] for flag in flagged if flag["district_zh"]}),
        covered=[office for office in offices if office.coverage] if whole else [],
        districts=[] if whole else district_rows(common, offices),
        pages=[page for page in shown if page.picture in pictures] or shown,
        pictures=pictures,
        tables=tables(loaded, common.to),
    )
    return common.to / "index.html"


def write_flag_scripts(common: Common, flagged: list[Row]) -> list[str]:
    """All flags as scripts of at most PER_SCRIPT each: id, tier, check, district, year, decision, both sentences."""
    names = []
    for at in range(0, len(flagged), PER_SCRIPT):
        rows = [[f[name] for name in LISTED] for f in flagged[at : at + PER_SCRIPT]]
        names.append(f"flags-{at // PER_SCRIPT + 1}.js")
        write_text(common.to / "assets" / names[-1], script_value("jiedao.flags", rows))
    return names


def district_rows(common: Common, offices: list[Office]) -> list[Row]:
    """One row per district: per year the reports found and expected, and the gravest tier."""
    rows = []
    for name, page in common.districts.items():
        own = [office for office in offices if office.district == name and office.coverage]
        years = []
        for at, year in enumerate(common.years):
            cells = [office.coverage[at] for office in own]
            worst = min((flags.TIERS.index(cell["tier"]) for cell in cells if cell["tier"]), default=-1)
            found, due = (sum(bool(cell[key]) for cell in cells) for key in ("found", "expected"))
            years.append({"year": year, "found": found, "due": due, "tier": flags.TIERS[worst] if worst >= 0 else ""})
        count = sum(len(office.flags) for office in own)
        rows.append({"name": name, "page": page, "offices": len(own), "years": years, "flags": count})
    return rows


def write_districts(common: Common, offices: list[Office]) -> list[str]:
    """A page per district with its offices, cut into parts where there are very many."""
    written = []
    for name, page in common.districts.items():
        own = [office for office in offices if office.district == name and office.coverage]
        parts = [own[at : at + PER_DISTRICT_PAGE] for at in range(0, len(own), PER_DISTRICT_PAGE)] or [[]]
        names = [f"{page}{f'-{number}' if number > 1 else ''}" for number in range(1, len(parts) + 1)]
        flagged = sorted((flag for office in own for flag in office.flags), key=lambda flag: flag["rank"])
        for number, part in enumerate(parts):
            written.append(
                write_page(
                    common.to,
                    f"district/{names[number]}.html",
                    "district.html",
                    common=common,
                    name=name,
                    covered=part,
                    part_names=names,
                    here=names[number],
                    flags=flagged[:200] if number == 0 else [],
                    flag_count=len(flagged),
                )
            )
    return written


def write_methods(common: Common, loaded: Panel, assessments: pd.DataFrame, found: pd.DataFrame) -> str:
    """The methods page: how a number gets here, tiers, every check with what it found, rates, what is not claimed."""
    counts = {row["check"]: row for row in flags.summary(assessments, found).to_dict("records")}
    rules = [
        {"rule": REGISTRY[check], "counts": counts.get(check), "zh": MEANINGS_ZH.get(check, ""), "en": explained(check)}
        for check in sorted(REGISTRY)
    ]
    rates: list[Any] = list(indicators.indicators().reset_index().to_dict("records"))
    return write_page(
        common.to,
        "methods.html",
        "methods.html",
        common=common,
        rules=rules,
        rates=rates,
        tiers=TIER_MEANINGS,
        proofs={name: words for name, words in PROOFS.items() if name},
        states=STATES,
        methods=METHODS,
        tables=tables(loaded, common.to),
    )


def explained(check: str) -> str:
    """What a rule's docstring says to auditors, without its id in front."""
    text = " ".join((REGISTRY[check].assess.__doc__ or "").split())
    return text.removeprefix(f"{check}: ").removeprefix(f"{check} ")
