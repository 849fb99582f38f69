"""A report's page: its card of checks and flags, its text against the year before, and its tables drawn again, every
cell with an address of its own."""

from __future__ import annotations

from html import escape
from typing import Any

from compare.evidence import Archive, told
from compare.evidence_parts import redrawn
from compare.evidence_parts.originals import original
from compare.evidence_parts.places import whole
from compare.site.content import Common, Notes, Office, Row, relative, report_link
from compare.site.environment import write_page
from compare.site.wording import Compared
from compare.site.words import issue_words
from compare.views.cards import FAMILIES, unpacked
from compare.views.quality import KINDS

MOST_NOTES = 60


def original_link(common: Common, source_path: str, page: int | None = None) -> str:
    """The address of an original from a page one folder deep, at a page of a PDF; "" where the original is gone."""
    path = original(common.raw, source_path)
    if path is None:
        return ""
    at = f"#page={page}" if page and path.suffix.lower() == ".pdf" else ""
    return f"../{relative(path, common.to)}{at}"


def safe_url(url: Any) -> str:
    """An address on the web that may be a link: http and https only."""
    text = told(url)
    return text if text.startswith(("http://", "https://")) else ""


def drawn_tables(common: Common, archive: Archive, report: Row, facts: list[Row]) -> list[Row]:
    """The report's tables in order: HTML with an id on every cell that is a fact, and a link to its page. Facts that
    are drawn are taken out of `facts`' places, so that no id stands twice."""
    result = []
    by_place = {place_of(fact): fact for fact in facts}
    for number, cells in archive.tables(report["report_id"]).items():

        def attributes(cell: redrawn.GridCell, table: int = number) -> str:
            fact = by_place.pop((table, cell.row, cell.col), None)
            return fact_attributes(fact) if fact else ""

        html = redrawn.table_html(cells, (), whole=True, attributes=attributes)
        page = cells[0].page
        link = original_link(common, told(report["source_path"]), page) if page else ""
        result.append({"number": number, "html": html, "page": page, "link": link})
    return result


def place_of(fact: Row) -> tuple[int | None, int | None, int | None]:
    """Table, row and column of a fact."""
    return whole(fact["table"]), whole(fact["row"]), whole(fact["col"])


def fact_attributes(fact: Row) -> str:
    """What a cell tells the page's script: its code, its proof (its first letter, a for agreed), its state where it is no
    number, a differing reading."""
    state, other = told(fact["state"]), told(fact.get("other_reading"))
    parts = [f' id="{escape(str(fact["cell"]), quote=True)}" data-p="{escape(told(fact["proof"])[:1], quote=True)}"']
    parts += [f' data-state="{escape(state, quote=True)}"'] if state not in ("reported", "blank") else []
    parts += [f' data-other="{escape(other, quote=True)}"'] if other else []
    return "".join(parts)


def facts_elsewhere(archive: Archive, report: Row, facts: list[Row]) -> list[Row]:
    """Facts that stand in no drawn table: they are listed, so that they can be pointed at too."""
    tables = archive.tables(report["report_id"])
    drawn = {(number, cell.row, cell.col) for number, cells in tables.items() for cell in cells}
    rows = []
    for fact in facts:
        if place_of(fact) not in drawn:
            zh, en = label_of(archive, str(fact["cell"]))
            rows.append({"zh": zh, "en": en, "text": told(fact["raw_text"]), "attributes": fact_attributes(fact)})
    return rows


def label_of(archive: Archive, cell: str) -> tuple[str, str]:
    """A cell's label, Chinese and English; its code where the codebook does not know it."""
    if cell not in archive.codebook.index:
        return cell, cell
    return told(archive.codebook.at[cell, "label_zh"]), told(archive.codebook.at[cell, "label_en"])


def card_of(report: Row) -> list[Row]:
    """The report's checks by family: words, and per check its title, status and counts."""
    rows = unpacked(report["card"])
    return [
        {"words": words, "checks": [row for row in rows if row["family"] == family]}
        for family, words in FAMILIES.items()
        if any(row["family"] == family for row in rows)
    ]


def write_report(
    common: Common, archive: Archive, office: Office, report: Row, notes: Notes, pictures: dict[str, list[Row]]
) -> str:
    """Write a report's page; `pictures` are those of the office's flags by flag_id."""
    facts = archive.by_report.get(report["report_id"], [])
    own = [flag for flag in office.flags if flag["report_id"] == report["report_id"]]
    before = notes.texts.get(report["before"], {}) if report["before"] else {}
    after = notes.texts.get(report["report_id"], {})
    family = card_of(report)
    statuses = [check["status"] for part in family for check in part["checks"]]
    known = issue_words()
    return write_page(
        common.to,
        f"report/{report['report_id']}.html",
        "report.html",
        common=common,
        office=office,
        report=report,
        kind=KINDS.get(told(report["kind"])),
        flags=[{**flag, "pictures": pictures.get(flag["flag_id"], [])} for flag in own],
        card=family,
        counts={status: statuses.count(status) for status in ("FAIL", "PASS", "NOT_ASSESSABLE")},
        tables=drawn_tables(common, archive, report, facts),
        elsewhere=facts_elsewhere(archive, report, facts),
        original=original_link(common, told(report["source_path"])),
        url=safe_url(report.get("url")),
        compared=Compared(before, after) if before and after else None,
        before=report_link(report["before"], "text"),
        stated=notes.stated.get(report["report_id"], [])[:MOST_NOTES],
        issues=[
            {**row, "words": known.get(row["kind"])} for row in notes.issues.get(report["report_id"], [])[:MOST_NOTES]
        ],
    )
