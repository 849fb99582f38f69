"""A report's page: what is known of it, and its tables drawn again, every cell with an address of its own."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from compare.evidence import Archive, told
from compare.evidence_parts import redrawn
from compare.evidence_parts.places import whole
from compare.site.content import Common, Office, Row, relative
from compare.site.environment import write_page
from compare.site.words import KINDS


def original_link(common: Common, archive: Archive, source_path: str, page: int | None = None) -> str:
    """The address of an original from a page one folder deep, at a page of a PDF; "" where the original is gone."""
    from compare.evidence_parts.originals import original

    path = original(common.raw, source_path)
    if path is None:
        return ""
    at = f"#page={page}" if page and path.suffix.lower() == ".pdf" else ""
    return f"../{relative(path, common.to)}{at}"


def safe_url(url: Any) -> str:
    """An address on the web that may be a link: http and https only."""
    text = told(url)
    return text if text.startswith(("http://", "https://")) else ""


def drawn_tables(common: Common, archive: Archive, report: Row, facts: pd.DataFrame) -> list[Row]:
    """The report's tables in order: HTML with an id on every cell that is a fact, and a link to its page."""
    result = []
    tables = sorted(table for report_id, table in archive.grids if report_id == report["report_id"])
    for number in tables:
        grid = archive.grids[report["report_id"], number]
        own = facts[facts["table"] == number]
        by_place: dict[tuple[int, int], Row] = {
            (int(row), int(col)): {str(key): value for key, value in fact.items()}
            for row, col, fact in zip(own["row"], own["col"], own.to_dict("records"), strict=True)
            if row == row and col == col
        }

        def attributes(cell: redrawn.GridCell, places: dict[tuple[int, int], Row] = by_place) -> str:
            fact = places.pop((cell.row, cell.col), None)
            return fact_attributes(fact) if fact else ""

        html = redrawn.table_html(redrawn.grid_cells(grid), (), whole=True, attributes=attributes)
        page = whole(grid["page"].iloc[0])
        link = original_link(common, archive, told(report["source_path"]), page) if page else ""
        result.append({"number": number, "html": html, "page": page, "link": link})
    return result


def fact_attributes(fact: Row) -> str:
    """What a cell tells the page's script: its code, its proof, its state where it is no number, a differing reading."""
    state, other = told(fact["state"]), told(fact.get("other_reading"))
    parts = [f' id="{escape(str(fact["cell"]), quote=True)}" data-proof="{escape(told(fact["proof"]), quote=True)}"']
    parts += [f' data-state="{escape(state, quote=True)}"'] if state != "reported" else []
    parts += [f' data-other="{escape(other, quote=True)}"'] if other else []
    return "".join(parts)


def facts_elsewhere(archive: Archive, report: Row, facts: pd.DataFrame) -> list[Row]:
    """Facts that stand in no drawn table: they are listed, so that they can be pointed at too."""
    drawn = {
        (table, int(row), int(col))
        for (report_id, table), grid in archive.grids.items()
        if report_id == report["report_id"]
        for row, col in zip(grid["row"], grid["col"], strict=True)
    }
    rows = []
    for fact in facts.to_dict("records"):
        place = tuple(whole(fact.get(name)) for name in ("table", "row", "col"))
        if place not in drawn:
            cell = str(fact["cell"])
            label = (
                archive.codebook.loc[cell] if cell in archive.codebook.index else {"label_zh": cell, "label_en": cell}
            )
            rows.append(
                {
                    "zh": label["label_zh"],
                    "en": label["label_en"],
                    "text": told(fact["raw_text"]),
                    "attributes": fact_attributes({str(k): v for k, v in fact.items()}),
                }
            )
    return rows


def write_report(common: Common, archive: Archive, office: Office, report: Row, notes: dict[str, list[Row]]) -> str:
    """Write a report's page; `notes` holds, by report_id, what is stated in prose ('stated') and told of the reading
    ('issues')."""
    facts = archive.facts[archive.facts["report_id"] == report["report_id"]]
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
        original=original_link(common, archive, told(report["source_path"])),
        url=safe_url(report.get("url")),
        stated=notes["stated"],
        issues=notes["issues"],
    )
