"""A report's page: what is known of it, and its tables drawn again, every cell with an address of its own."""

from __future__ import annotations

from html import escape
from typing import Any

from compare.evidence import Archive, told
from compare.evidence_parts import redrawn
from compare.evidence_parts.originals import original
from compare.evidence_parts.places import whole
from compare.site.content import Common, Office, Row, relative
from compare.site.environment import write_page
from compare.site.words import KINDS


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
    """What a cell tells the page's script: its code, its proof, its state where it is no number, a differing reading."""
    state, other = told(fact["state"]), told(fact.get("other_reading"))
    parts = [f' id="{escape(str(fact["cell"]), quote=True)}" data-proof="{escape(told(fact["proof"]), quote=True)}"']
    parts += [f' data-state="{escape(state, quote=True)}"'] if state != "reported" else []
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


def write_report(common: Common, archive: Archive, office: Office, report: Row, notes: dict[str, list[Row]]) -> str:
    """Write a report's page; `notes` holds, by report_id, what is stated in prose ('stated') and told of the reading
    ('issues')."""
    facts = archive.by_report.get(report["report_id"], [])
    own = [flag for flag in office.flags if flag["report_id"] == report["report_id"]]
    return write_page(
        common.to,
        f"report/{report['report_id']}.html",
        "report.html",
        common=common,
        office=office,
        report=report,
        kind=KINDS.get(told(report["kind"])),
        flags=own,
        tables=drawn_tables(common, archive, report, facts),
        elsewhere=facts_elsewhere(archive, report, facts),
        original=original_link(common, told(report["source_path"])),
        url=safe_url(report.get("url")),
        stated=notes["stated"],
        issues=notes["issues"],
    )
