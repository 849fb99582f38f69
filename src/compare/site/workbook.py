"""audit.xlsx for those who live in Excel: flags, reports, figures, indicators, codebook, with links to the pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from compare import indicators
from compare.panel import Panel
from compare.published import measures
from compare.rules import REGISTRY
from compare.site.content import Row, plain, rows_of

WIDEST = 70
HEAD_FILL, LINK = "DCE6F1", "0B5394"
MOST_ROWS = 1_048_575
MOST_LINKS = 65_000  # of a sheet: Excel takes 65,530
INDICATOR_COLUMNS = [
    "report_id",
    "indicator",
    "office_id",
    "office",
    "district_zh",
    "year",
    "numerator",
    "denominator",
    "value",
]
FLAG_COLUMNS = ["rank", "tier", "check", "severity", "district_zh", "office_zh", "year", "message_zh", "message_en"]


def write_workbook(loaded: Panel, flagged: list[Row], path: Path) -> Path:
    """Write the workbook. Text is stored as text: nothing in it is run as a formula."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    shown = [*FLAG_COLUMNS, "decision", "flag_id"]
    links = [f"flag/{flag['flag_id']}.html" for flag in flagged]
    add_sheet(book, "flags 提示", shown, ([flag[name] for name in shown] for flag in flagged), links)
    add_frame(book, "reports 报告", report_frame(loaded), "report/{}.html")
    add_frame(book, "figures 数据", figure_frame(loaded), "report/{}.html")
    add_frame(book, "indicators 指标", indicator_frame(loaded), "report/{}.html")
    add_frame(book, "codebook 编码", loaded.codebook.reset_index(drop=True))
    rules = [[r.check, r.severity, r.title_en, r.title_zh, r.source, r.assess.__doc__] for r in REGISTRY.values()]
    add_sheet(book, "checks 检查", ["check", "severity", "title_en", "title_zh", "source", "explanation"], rules)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}")
    book.save(unfinished)
    return unfinished.replace(path)


def report_frame(loaded: Panel) -> pd.DataFrame:
    """The reports, most telling columns first."""
    names = ["report_id", "district_zh", "office_zh", "year", "title", "published_on", "kind", "source_path", "url"]
    names += ["cells_read", "cells_unread", "verified", "agreed", "single", "disputed", "blank"]
    return loaded.reports.reindex(columns=names)


def figure_frame(loaded: Panel) -> pd.DataFrame:
    """One row per report, one column per measure."""
    frame = loaded.reports[["report_id", "district_zh", "office_zh", "year"]].copy()
    for name in measures().index:
        frame[name] = loaded.measure(str(name))
    return frame


def indicator_frame(loaded: Panel) -> pd.DataFrame:
    """Every rate of every office and year that has one."""
    parts = [indicators.indicator(loaded, str(name)).assign(indicator=name) for name in indicators.indicators().index]
    frame = pd.concat(parts, ignore_index=True)
    return frame.loc[frame["value"].notna(), [*INDICATOR_COLUMNS, "low", "high", "small"]]


def add_frame(book: Any, title: str, frame: pd.DataFrame, link: str = "") -> None:
    """A frame as a sheet; `link` is the address of a row's page with its first column's value in place of {}."""
    links = [link.format(value) for value in frame.iloc[:, 0]] if link else []
    add_sheet(book, title, [str(name) for name in frame.columns], (row.values() for row in rows_of(frame)), links)


def add_sheet(
    book: Any, title: str, columns: Sequence[str], rows: Iterable[Iterable[Any]], links: Sequence[str] = ()
) -> None:
    """A sheet with a frozen, filterable head; the first cell of row n leads to links[n]."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    sheet.freeze_panes = "B2"
    for number, name in enumerate(columns, 1):
        wide = {"message_zh": WIDEST, "message_en": WIDEST, "explanation": WIDEST, "title": 46, "source_path": 34}
        sheet.column_dimensions[get_column_letter(number)].width = wide.get(name, max(10, min(len(name) + 3, 24)))
    bold, fill = Font(bold=True), PatternFill("solid", fgColor=HEAD_FILL)
    blue, wrapped = Font(color=LINK, underline="single"), Alignment(wrap_text=True, vertical="top")
    head = [text_cell(sheet, name) for name in columns]
    for cell in head:
        cell.font, cell.fill = bold, fill
    sheet.append(head)
    written = 0
    for number, row in enumerate(rows):
        if number >= MOST_ROWS:
            break
        cells = [text_cell(sheet, value) for value in row]
        if number < min(len(links), MOST_LINKS):
            cells[0].hyperlink, cells[0].font = links[number], blue
        for cell in cells:
            if isinstance(cell.value, str) and len(cell.value) > WIDEST:
                cell.alignment = wrapped
        sheet.append(cells)
        written += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{written + 1}"


def text_cell(sheet: Any, value: Any) -> Any:
    """A cell whose text is text, also where it begins like a formula; characters that a workbook cannot hold are
    dropped."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    value = plain(value)
    if isinstance(value, str):
        made = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value)[:32_000])
        made.data_type = "s"
        return made
    return WriteOnlyCell(sheet, value=value)
