"""audit.xlsx for those who live in Excel: flags, reports, figures, indicators, codebook, checks, with links to the pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd

from compare import indicators
from compare.palette import TIERS
from compare.panel import Panel
from compare.published import measure, measures
from compare.rules import REGISTRY
from compare.site.content import Common, Row, plain, relative, rows_of
from compare.site.words import chinese_of

WIDEST = 70
HEAD_FILL, LINK = "E6EDF4", "0B5C9E"
MOST_ROWS = 1_048_575
MOST_LINKS = 65_000  # of a sheet: Excel takes 65,530
WIDTHS = {
    "message_zh": WIDEST,
    "message_en": WIDEST,
    "explanation": WIDEST,
    "meaning_zh": WIDEST,
    "title": 46,
    "source_path": 34,
    "original": 34,
}
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
Links = Mapping[int, Sequence[str]]  # column from 0 → the address of each row, "" for none


def write_workbook(common: Common, loaded: Panel, flagged: list[Row], path: Path) -> Path:
    """Write the workbook. Text is stored as text: nothing in it is run as a formula."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    add_flags(book, common, loaded, flagged)
    add_frame(book, "reports 报告", report_frame(loaded), "report/{}.html")
    add_frame(book, "figures 数据", figure_frame(loaded), "report/{}.html")
    add_frame(book, "indicators 指标", indicator_frame(loaded), "report/{}.html")
    add_frame(book, "codebook 编码", loaded.codebook.reset_index(drop=True))
    rules = [
        [r.check, r.severity, r.title_zh, r.title_en, chinese_of(r.check).meaning, r.source, r.assess.__doc__]
        for r in REGISTRY.values()
    ]
    heads = ["check", "severity", "title_zh", "title_en", "meaning_zh", "source", "explanation"]
    add_sheet(book, "checks 检查", heads, rules, {0: [f"methods.html#{rule[0]}" for rule in rules]})
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}")
    book.save(unfinished)
    return unfinished.replace(path)


def add_flags(book: Any, common: Common, loaded: Panel, flagged: list[Row]) -> None:
    """The flags: rank leads to the flag's page with its evidence, the office to its page, the original to the file."""
    shown = [*FLAG_COLUMNS, "decision", "original", "flag_id"]
    sources = dict(zip(loaded.reports["report_id"], loaded.reports["source_path"].fillna(""), strict=True))
    originals = [str(sources.get(flag["report_id"], "")) for flag in flagged]
    there = [bool(common.raw and name and (common.raw / name).is_file()) for name in originals]
    links = {
        0: [f"flag/{flag['flag_id']}.html" for flag in flagged],
        shown.index("office_zh"): [
            f"office/{f['office_id']}.html" if f["office_id"] in common.names else "" for f in flagged
        ],
        shown.index("original"): [
            relative(common.raw / name, common.to) if common.raw and found else ""
            for name, found in zip(originals, there, strict=True)
        ],
    }
    rows = (
        [{**flag, "original": name}[column] for column in shown] for flag, name in zip(flagged, originals, strict=True)
    )
    add_sheet(book, "flags 提示", shown, rows, links)


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
    links = {0: [link.format(value) for value in frame.iloc[:, 0]]} if link else {}
    add_sheet(book, title, [str(name) for name in frame.columns], (row.values() for row in rows_of(frame)), links)


def add_sheet(book: Any, title: str, columns: Sequence[str], rows: Iterable[Iterable[Any]], links: Links) -> None:
    """A sheet with a frozen, filterable head in both languages; `links` lead from cells to pages, as many as Excel
    takes."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    sheet.freeze_panes = "B2"
    for number, name in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTHS.get(name, max(11, min(len(name) + 3, 24)))
    bold, fill, top = (
        Font(bold=True),
        PatternFill("solid", fgColor=HEAD_FILL),
        Alignment(wrap_text=True, vertical="top"),
    )
    blue = Font(color=LINK, underline="single")
    tiers = {
        tier: (PatternFill("solid", fgColor=key.colour[1:].upper()), Font(color=key.ink[1:].upper()))
        for tier, key in TIERS.items()
    }
    head = [text_cell(sheet, head_of(name)) for name in columns]
    for cell in head:
        cell.font, cell.fill, cell.alignment = bold, fill, top
    sheet.append(head)
    written, left = 0, MOST_LINKS
    for number, row in enumerate(rows):
        if number >= MOST_ROWS:
            break
        cells = [text_cell(sheet, value) for value in row]
        for column, addresses in links.items():
            if addresses[number] and left > 0:
                cells[column].hyperlink, cells[column].font = addresses[number], blue
                left -= 1
        for name, cell in zip(columns, cells, strict=True):
            if name == "tier" and cell.value in tiers:
                cell.fill, cell.font = tiers[cell.value]
            if isinstance(cell.value, str) and len(cell.value) > WIDEST:
                cell.alignment = top
        sheet.append(cells)
        written += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{written + 1}"


@cache
def chinese_heads() -> dict[str, str]:
    """Column → what it is called in Chinese, from reference/heads.csv."""
    with (files("compare") / "reference" / "heads.csv").open(encoding="utf-8-sig") as file:
        return dict(pd.read_csv(file, dtype=str).itertuples(index=False))


def head_of(name: str) -> str:
    """A column's head: its name as in the published tables, and its Chinese one beneath."""
    chinese = chinese_heads().get(name) or (measure(name).label_zh if name in measures().index else "")
    return f"{name}\n{chinese}" if chinese else name


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
