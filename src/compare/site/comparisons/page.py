"""What one comparison page shows, and how its tables are made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from markupsafe import Markup

from compare.language import Words
from compare.site.content import Row

MOST_TABLE_ROWS = 1500  # of one page; the CSV holds all
QUESTIONS = {
    "far": Words("What stands out?", "哪些突出？"),
    "rates": Words("How do offices compare?", "各机关相比如何？"),
    "results": Words("What became of the applications?", "申请办得怎样？"),
    "years": Words("What changed?", "有何变化？"),
    "texts": Words("Who writes alike?", "文字是否雷同？"),
    "quality": Words("How far can it be trusted?", "有多可靠？"),
}


@dataclass
class Page:
    """What one comparison page shows: heading, what it says and how to read it, what is not shown, drawings, and the rows
    of its table and CSV. `picture` is the standing figure that shows the same; `question` groups the pages; a page
    `under` another is reached from there only."""

    name: str
    title: Words
    told: Words
    question: str
    picture: str = ""
    absent: Words | None = None
    under: str = ""
    drawings: list[Row] = field(default_factory=list)
    columns: list[Words] = field(default_factory=list)
    rows: list[list[Row]] = field(default_factory=list)
    total: int = 0  # rows that there would be, where the table holds fewer
    data: pd.DataFrame = field(default_factory=pd.DataFrame)

    def draw(self, markup: str, title: Words | None = None, wide: bool = True) -> None:
        """Add a drawing or a shaded table; a drawing that is not `wide` fits any window."""
        self.drawings.append({"markup": Markup(markup), "title": title, "wide": wide})


def cell(text: Any, link: str = "", sort: Any = None) -> Row:
    """A table cell: what it shows, where it leads, by what it is sorted where that is not what it shows."""
    return {"text": text, "link": link, "sort": "" if sort is None else sort, "number": sort is not None}


def number_cell(value: Any, link: str = "") -> Row:
    """A count, sorted as a number; – where it is missing."""
    if value is None or value != value:
        return cell("–", "", -1)
    return cell(f"{value:,.0f}", link, value)


def records(frame: pd.DataFrame) -> list[Any]:
    """The rows of a frame with their columns as attributes."""
    return list(frame.itertuples())


def office_link(office_id: Any, part: str = "") -> str:
    """The address of an office's page from a page one folder deep."""
    return f"../office/{office_id}.html{f'#{part}' if part else ''}" if office_id else ""


def span_of(years: list[int]) -> str:
    """The years of the panel as people write them."""
    return f"{years[0]}–{years[-1]}" if len(years) > 1 else f"{years[0]}" if years else ""


OFFICE, DISTRICT, YEAR = Words("Office", "机关"), Words("District", "区县"), Words("Year", "年度")
