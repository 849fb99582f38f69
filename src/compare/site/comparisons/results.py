"""What became of the applications, and on which grounds they were refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

from compare.indicators import SMALL
from compare.language import Words
from compare.panel import Panel
from compare.site.comparisons.page import MOST_TABLE_ROWS, OFFICE, YEAR, Page, cell, number_cell, office_link
from compare.site.content import cell_links, report_link
from compare.site.drawings.parts import Bar, Cell, Kind, parts_of_whole, shaded_table
from compare.views.outcomes import (
    GROUPS,
    TOGETHER,
    ground_cell,
    ground_mix,
    grounds,
    group_words,
    outcomes,
    refusals,
    summed,
)

MOST_ROWS = 60
KINDS = [Kind(name.replace("_", "-"), group_words(name)) for name in GROUPS]
TOLD = Words(
    f"Share of the applications decided; n is their number, in brackets below {SMALL}. The six groups are the same in both forms.",
    f"占办结申请的比例；n为办结件数，不足{SMALL}者加括号。六类结果在两种表式中口径一致。",
)
GROUNDS_TOLD = Words(
    f"Share of each row's refusals, with their number; darker is more. Rows with fewer than {SMALL} refusals are pooled: a mix "
    "of so few says nothing.",
    f"占该行不予公开件数的比例与件数；颜色越深占比越大。不足{SMALL}件者合并：件数太少，结构无意义。",
)


def result_pages(loaded: Panel) -> Iterator[Page]:
    """Results by year, by office, and for each year by office, where each part leads to its cell."""
    frame = outcomes(loaded)
    title = Words("What became of the applications, by year", "各年申请办理结果构成")
    page = Page("outcomes", title, TOLD, "results", "outcomes")
    page.data = summed(frame, ["year"])
    unread = int((loaded.place >= 0).sum() - frame["report_id"].nunique())
    if unread:
        page.absent = Words(
            f"{unread:,} reports without these rows are left out.", f"未计入缺少这些行的报告{unread:,}份。"
        )
    bars = [Bar(str(r["year"]), f"outcomes-{r['year']}.html", counts_of(r), ("",) * 6) for r in rows(page.data)]
    add(page, bars, YEAR, "year", lambda r: f"outcomes-{r['year']}.html")
    yield page
    yield by_office(loaded, frame)
    for year in page.data["year"]:
        yield of_year(loaded, frame[frame["year"] == year], int(year))


def rows(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    """The rows of a frame."""
    return frame.to_dict("records")


def counts_of(row: dict[Any, Any]) -> tuple[float, ...]:
    """The six counts of a row."""
    return tuple(row[name] for name in GROUPS)


def add(page: Page, bars: list[Bar], first: Words, key: str, link: Callable[[Any], str]) -> None:
    """The drawing and the table beneath, which holds all counts."""
    if bars:
        page.draw(parts_of_whole(page.title, bars, KINDS, SMALL))
    page.columns, page.total = [first, *(group_words(name) for name in GROUPS), Words("n", "n")], len(page.data)
    for row in rows(page.data.head(MOST_TABLE_ROWS)):
        counts = [number_cell(row[name]) for name in GROUPS]
        page.rows.append([cell(str(row[key]), link(row)), *counts, number_cell(row["n"])])


def by_office(loaded: Panel, frame: pd.DataFrame) -> Page:
    """Results by office, years pooled."""
    title = Words("What became of the applications, by office", "各机关申请办理结果构成")
    page = Page("outcomes-by-office", title, TOLD, "results", "outcomes-by-office")
    page.data = summed(frame, ["office_id", "office"])
    without = len(loaded.offices) - len(page.data)
    more = len(page.data) - MOST_ROWS
    told = [(f"{without:,} offices decided none.", f"{without:,}个机关没有办结申请。")] if without else []
    told += [(f"Drawn: the {MOST_ROWS} with the most.", f"仅画办结最多的{MOST_ROWS}个。")] if more > 0 else []
    page.absent = Words(" ".join(en for en, _ in told), "".join(zh for _, zh in told)) if told else None
    bars = [
        Bar(r["office"], office_link(r["office_id"], "outcomes"), counts_of(r), ("",) * 6)
        for r in rows(page.data.head(MOST_ROWS))
    ]
    add(page, bars, OFFICE, "office", lambda r: office_link(r["office_id"], "outcomes"))
    return page


def of_year(loaded: Panel, frame: pd.DataFrame, year: int) -> Page:
    """One year's results by office; each part of a bar leads to the cell in the report."""
    title = Words(f"What became of the applications of {year}, by office", f"{year}年各机关申请办理结果构成")
    page = Page(f"outcomes-{year}", title, TOLD, "results", under="outcomes")
    page.data = summed(frame, ["office_id", "office", "report_id"])
    to_cells = [cell_links(loaded, name) for name in GROUPS]
    bars = []
    for r in rows(page.data.head(MOST_ROWS)):
        links = tuple(by_report.get(r["report_id"], "") for by_report in to_cells)
        bars.append(Bar(r["office"], office_link(r["office_id"], "outcomes"), counts_of(r), links))
    add(page, bars, OFFICE, "office", lambda r: to_cells[0].get(r["report_id"], ""))
    return page


def ground_pages(loaded: Panel) -> Iterator[Page]:
    """Grounds of refusal by year and by office, and for each year a table whose numbers lead to their cells."""
    frame = refusals(loaded)
    codes = list(grounds())
    for by, title in (
        ("year", Words("On which grounds applications were refused, by year", "各年不予公开理由结构")),
        ("office", Words("On which grounds applications were refused, by office", "各机关不予公开理由结构")),
    ):
        name = "grounds" if by == "year" else "grounds-by-office"
        page = Page(name, title, GROUNDS_TOLD, "results", name)
        page.data = ground_mix(loaded, by)
        page.columns = [YEAR if by == "year" else OFFICE, *grounds().values(), Words("n", "n")]
        shaded = []
        for r in rows(page.data.head(MOST_ROWS)):
            link = (
                ""
                if r["key"] == TOGETHER
                else f"grounds-{r['key']}.html"
                if by == "year"
                else office_link(r["office_id"], "grounds")
            )
            shaded.append(shaded_row(r, link, codes, by))
        if shaded:
            page.draw(shaded_table(title, [*grounds().values(), "n"], shaded))
        for r in rows(
            summed(frame, ["year"] if by == "year" else ["office_id", "office"], tuple(codes)).head(MOST_TABLE_ROWS)
        ):
            link = f"grounds-{r['year']}.html" if by == "year" else office_link(r["office_id"], "grounds")
            key = str(r["year"]) if by == "year" else r["office"]
            page.rows.append([cell(key, link), *(number_cell(r[code]) for code in codes), number_cell(r["n"])])
        yield page
    for year in sorted(frame["year"].unique()):
        made = grounds_of_year(frame[frame["year"] == year], int(year), codes)
        if made.rows:
            yield made


def shaded_row(row: dict[Any, Any], link: str, codes: list[str], by: str) -> tuple[Any, str, list[Cell]]:
    """A row of the shaded table: share and count of each ground, then n."""
    name: Any = str(row["key"])
    if name == TOGETHER:
        few = row["pooled"]
        name = Words(f"{few} {'years' if by == 'year' else 'offices'} with fewer than {SMALL}",
                     f"{few}个{'年度' if by == 'year' else '机关'}不足{SMALL}件，合并")  # fmt: skip
    cells = []
    for code in codes:
        share = row[code] / row["n"]
        text = f"{share:.0%} ({row[code]:,.0f})" if row[code] else "0"
        cells.append(Cell(share, text, link if row[code] else ""))
    n = f"{row['n']:,.0f}"
    return name, link, [*cells, Cell(0.0, n if row["n"] >= SMALL else f"({n})")]


def grounds_of_year(frame: pd.DataFrame, year: int, codes: list[str]) -> Page:
    """One year's refusals by office, each count with the way to its cell."""
    title = Words(f"On which grounds applications of {year} were refused", f"{year}年各机关不予公开理由")
    told = Words("Number of refusals; each leads to its cell.", "不予公开件数；点击数字到原表单元格。")
    page = Page(f"grounds-{year}", title, told, "results", under="grounds")
    page.data = summed(frame, ["office_id", "office", "report_id"], tuple(codes))
    page.columns = [OFFICE, *grounds().values(), Words("n", "n")]
    for r in rows(page.data.head(MOST_TABLE_ROWS)):
        counts = [number_cell(r[code], report_link(r["report_id"], ground_cell(code))) for code in codes]
        page.rows.append([cell(r["office"], office_link(r["office_id"], "grounds")), *counts, number_cell(r["n"])])
    return page
