"""The start page, the districts' pages and the methods page."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup

from compare import flags, indicators
from compare.assessment import Assessed
from compare.evidence_parts.places import METHODS, PROOFS, STATES
from compare.language import Words
from compare.palette import PROOFS as PROOF_KEYS
from compare.panel import Panel
from compare.rules import NOT_ASSESSABLE, REGISTRY
from compare.site.comparisons.page import QUESTIONS, Page
from compare.site.comparisons.quality import matrix_table
from compare.site.comparisons.rates import formula
from compare.site.content import AUDITORS, Common, Office, Row, tables
from compare.site.environment import script_value, write_page, write_text
from compare.site.words import TIER_MEANINGS, chinese_of
from compare.views.coverage import by_district
from compare.views.likeness import district_matrix
from compare.views.quality import CLASSES, classes_of_cells, proved_share

ON_START = 20  # flags that stand on the page itself; the others come from the scripts beside it
PER_CHUNK = 500  # sentences of one script
PER_INDEX = 25_000  # flags of one index script
MOST_OFFICES = 60  # on the start page; with more, it shows districts
MOST_DISTRICTS = 400  # on the start page, those first that lack most or have the gravest flags
PER_DISTRICT_PAGE = 400
MOST_MATRIX_CELLS = 1800  # of a district's page


def write_start(
    common: Common,
    loaded: Panel,
    assessments: Assessed,
    offices: list[Office],
    flagged: list[Row],
    pages: list[Page],
    pictures: set[str],
) -> Path:
    """Write index.html and the scripts that its list is filtered from; returns its path."""
    indexes = write_flag_scripts(common, flagged)
    listed = [[office.office_id, office.short, office.district] for office in offices if office.office_id]
    write_text(common.to / "assets" / "offices.js", script_value("jiedao.offices", listed))
    tiers = Counter(flag["tier"] for flag in flagged)
    whole = len(offices) <= MOST_OFFICES
    districts = [] if whole else district_rows(common, loaded, offices)
    shown = [page for page in pages if not page.under and (page.drawings or page.absent)]
    write_page(
        common.to,
        "index.html",
        "index.html",
        common=common,
        reports=len(loaded.reports),
        offices=len(loaded.offices),
        headline=headline(tiers["certain"], tiers["priority"]),
        tiers=[(tier, tiers[tier], TIER_MEANINGS[tier]) for tier in AUDITORS],
        most=max([*tiers.values(), 1]),
        sure=sureness(loaded),
        missing=lacking(loaded, assessments, offices),
        flags=flagged[:ON_START],
        flag_count=len(flagged),
        indexes=indexes,
        checks=[REGISTRY[check] for check in sorted({flag["check"] for flag in flagged})],
        titles={rule.check: Words(rule.title_en, rule.title_zh) for rule in REGISTRY.values()},
        district_names=sorted({flag["district_zh"] for flag in flagged if flag["district_zh"]}),
        covered=[office for office in offices if office.coverage] if whole else [],
        districts=districts[:MOST_DISTRICTS],
        further_districts=len(districts) - MOST_DISTRICTS,
        groups=[(words, [p for p in shown if p.question == name]) for name, words in QUESTIONS.items()],
        pictures=pictures,
        tables=tables(loaded, common.to),
    )
    return common.to / "index.html"


def headline(certain: int, priority: int) -> Words:
    """What was found, in one sentence."""
    en = f"{certain:,} certain contradiction{'' if certain == 1 else 's'}" if certain else "No certain contradiction"
    zh = f"{certain:,}处确定的自相矛盾" if certain else "没有发现确定的自相矛盾"
    if priority:
        en += f", {priority:,} probable error{'' if priority == 1 else 's'}"
        zh += f"，{priority:,}处可能的差错"
    return Words(en, zh)


def sureness(loaded: Panel) -> Row:
    """How far the cells are proved: the share, and the classes with their counts."""
    counts = classes_of_cells(loaded)
    sums = {name: int(counts[name].sum()) for name in CLASSES}
    share = proved_share(counts)
    return {
        "share": floored(share),
        "total": sum(sums.values()),
        "parts": [(name, PROOF_KEYS[name].words, count) for name, count in sums.items() if count],
    }


def floored(share: float) -> str:
    """A share in per cent, cut and not rounded: 99.96 % is not all."""
    return "–" if share != share else "100%" if share == 1 else f"{math.floor(share * 1000) / 10:.1f}%"


def lacking(loaded: Panel, assessments: Assessed, offices: Sequence[Office]) -> Row:
    """What is not there: reports expected and not read, late ones, and the share of assessments that could not be made."""
    cells = [cell for office in offices for cell in office.coverage]
    counts = assessments.counts.groupby("status")["count"].sum()
    unclear = counts.get(NOT_ASSESSABLE, 0) / max(counts.sum(), 1)
    return {
        "expected": sum(bool(cell["expected"]) for cell in cells),
        "missing": sum(bool(cell["expected"]) and not cell["found"] for cell in cells),
        "late": sum(bool(cell["late"]) for cell in cells),
        "undated": int(loaded.reports["published_on"].isna().sum()),
        "unplaced": len(loaded.reports) - int((loaded.place >= 0).sum()),
        "unclear": f"{unclear:.0%}",
    }


def write_flag_scripts(common: Common, flagged: list[Row]) -> list[str]:
    """All flags as scripts beside the page. An index of what is filtered by (id, places of tier, check and district in
    lists, year, decision), PER_INDEX flags each; and the sentences, by language, PER_CHUNK each, which a page fetches when
    it shows or searches them. Returns the names of the index scripts."""
    lists = {key: sorted({str(flag[key]) for flag in flagged}) for key in ("tier", "check", "district_zh")}
    places = {key: {value: at for at, value in enumerate(values)} for key, values in lists.items()}
    names = []
    for at in range(0, len(flagged), PER_INDEX):
        rows = [
            [f["flag_id"], *(places[key][str(f[key])] for key in lists), f["year"], f["decision"]]
            for f in flagged[at : at + PER_INDEX]
        ]
        names.append(f"flags-{at // PER_INDEX + 1}.js")
        heads = {
            "tiers": lists["tier"],
            "checks": lists["check"],
            "districts": lists["district_zh"],
            "perChunk": PER_CHUNK,
        }
        write_text(common.to / "assets" / names[-1], script_value("jiedao.flags", heads, rows))
    for language in ("zh", "en"):
        for at in range(0, len(flagged), PER_CHUNK):
            sentences = [f[f"message_{language}"] for f in flagged[at : at + PER_CHUNK]]
            number = at // PER_CHUNK
            script = script_value("jiedao.sentences", language, number, sentences)
            write_text(common.to / "assets" / f"sentences-{language}-{number}.js", script)
    return names


def district_rows(common: Common, loaded: Panel, offices: list[Office]) -> list[Row]:
    """One row per district: per year the reports found and expected, and the gravest tier; those first that lack most."""
    count, flag_count = Counter(o.district for o in offices if o.coverage), Counter[str]()
    for office in offices:
        flag_count[office.district] += len(office.flags)
    cells = pd.DataFrame([{**c, "district_zh": o.district} for o in offices for c in o.coverage])
    rows = []
    for name, own in by_district(cells).groupby("district_zh", sort=True):
        marks: list[Any] = list(own.itertuples())
        years = [
            {"year": int(r.year), "found": int(r.found), "due": int(r.expected), "tier": str(r.tier)} for r in marks
        ]
        gone = int((own["expected"] - own["found"]).sum())
        page = common.districts[str(name)]
        rows.append({"name": str(name), "page": page, "offices": count[str(name)], "years": years,
                     "flags": flag_count[str(name)], "gone": gone})  # fmt: skip
    return sorted(rows, key=lambda row: (-row["gone"], row["name"]))


def write_districts(common: Common, loaded: Panel, offices: list[Office]) -> list[str]:
    """A page per district with its offices, cut into parts where there are very many."""
    written = []
    by_name: dict[str, list[Office]] = {name: [] for name in common.districts}
    notes: dict[str, list[Row]] = {name: [] for name in common.districts}
    for office in offices:
        if office.coverage:
            by_name[office.district].append(office)
        elif not office.office_id and office.district in notes:
            notes[office.district] += office.flags
    for name, page in common.districts.items():
        own = by_name[name]
        parts = [own[at : at + PER_DISTRICT_PAGE] for at in range(0, len(own), PER_DISTRICT_PAGE)] or [[]]
        names = [f"{page}{f'-{number}' if number > 1 else ''}" for number in range(1, len(parts) + 1)]
        flagged = [flag for office in own for flag in office.flags] + notes[name]
        flagged.sort(key=lambda flag: flag["rank"])
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
                    reports=sum(len(office.reports) for office in own),
                    offices=len(own),
                    flags=flagged[:200] if number == 0 else [],
                    flag_count=len(flagged),
                    matrices=matrices(loaded, name) if number == 0 else [],
                )
            )
    return written


def matrices(loaded: Panel, district: str) -> list[Row]:
    """The likeness of the district's texts, the latest year first, as many years as the page bears."""
    found: list[Row] = []
    cells = 0
    for year in reversed(loaded.years):
        matrix = district_matrix(loaded, district, year)
        size = len(matrix.offices) ** 2
        if len(matrix.offices) > 1 and (not found or cells + size <= MOST_MATRIX_CELLS):
            caption = Words(f"{district or 'district unknown'}, {year}", f"{district or '区县不明'}，{year}年")
            found.append({"year": year, "markup": Markup(matrix_table(matrix, caption)), "left_out": matrix.left_out})
            cells += size
    return found


def write_methods(common: Common, loaded: Panel, assessments: Assessed, found: pd.DataFrame) -> str:
    """The methods page: how a number gets here, tiers, every check with what it found, rates, what is not claimed."""
    counts = {row["check"]: row for row in flags.summary(assessments, found).to_dict("records")}
    rules = [
        {"rule": REGISTRY[check], "counts": counts.get(check), "zh": chinese_of(check), "en": explained(check)}
        for check in sorted(REGISTRY)
    ]
    rates = [
        {"words": Words(rule.label_en, rule.label_zh), "formula": Words(formula(rule), rule.note)}
        for rule in map(indicators.rule_of, map(str, indicators.indicators().index))
    ]
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
