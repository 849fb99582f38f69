"""A report laid out as title, paragraphs and tables, in the words and habits of its office, before any file kind is
chosen."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from pathlib import Path

from sample import prose as prose_
from sample import tables
from sample.entries import Entry, entries
from sample.hands import Hand
from sample.places import CITY
from sample.report import FICTION, Report
from sample.tables import Table

_NUMBERS = "零一二三四五六"
_HEADINGS = {
    1: ("总体情况", "概述", "政府信息公开工作总体情况", "总体情况"),
    2: ("主动公开政府信息情况", "主动公开政府信息的情况", "行政机关主动公开政府信息情况", "主动公开政府信息情况"),
    3: (
        "收到和处理政府信息公开申请情况",
        "收到和处理政府信息公开申请情况",
        "行政机关收到和处理政府信息公开申请情况",
        "收到和处理政府信息公开申请情况",
    ),
    4: ("政府信息公开行政复议、行政诉讼情况",) * 4,
    5: (
        "存在的主要问题及改进情况",
        "政府信息公开工作存在的主要问题及改进情况",
        "存在的主要问题及整改措施",
        "存在的主要问题及改进情况",
    ),
    6: ("其他需要报告的事项",) * 4,
}
_OLD_APPEALS = "因政府信息公开工作被申请行政复议、提起行政诉讼情况"


@dataclass(slots=True)
class Paragraph:
    """A line of the document; `role` is title, fiction, heading, subheading, body, signature or date."""

    text: str
    role: str = "body"


@dataclass(slots=True)
class Page:
    """The whole document. `blocks` in reading order; `cells` every cell as it is printed; `stated` what the prose
    states, `improvements` the problems and remedies that section 五 names."""

    report: Report
    hand: Hand
    title: str
    publisher: str
    blocks: list[Paragraph | Table] = field(default_factory=list)
    cells: dict[str, Entry] = field(default_factory=dict)
    stated: list[prose_.Stated] = field(default_factory=list)
    improvements: list[tuple[str, str]] = field(default_factory=list)

    def seed_of_hand(self) -> str:
        """What a writer seeds its office's constant habits with: the same for all years of one office."""
        return f"{self.report.seed}-{self.report.office.number}"


def lay_out(report: Report, hand: Hand, table: Path | None = None) -> Page:
    """Lay the report out in this hand. Deterministic, and the same for every file kind. `table` as in `prose.compose`."""
    written = prose_.compose(report, hand, table)
    printed = entries(report, hand)
    page = Page(report, hand, title(report, hand), report.office.spellings()[hand.signature], cells=printed)
    page.blocks.append(Paragraph(page.title, "title"))
    page.blocks.append(Paragraph(FICTION, "fiction"))
    _add(page, written.paragraphs[0])
    for section in range(1, 7):
        if section != report.dropped:
            page.blocks.append(Paragraph(heading(section, report, hand), "heading"))
            _add(page, written.paragraphs[section])
            page.blocks += _tables(section, report, hand, printed)
    page.stated = [figure for figure in written.stated if not report.dropped or figure.section != report.dropped]
    page.improvements = written.improvements if report.dropped != 5 else []
    page.blocks.append(Paragraph(page.publisher, "signature"))
    page.blocks.append(Paragraph(day(report.published_on, hand), "date"))
    _glue_heading(page)
    return page


def title(report: Report, hand: Hand) -> str:
    """The title in the office's wording."""
    name, year = report.office.spellings()[hand.name], report.title_year
    forms = (
        f"{name}{year}年政府信息公开工作年度报告",
        f"{year}年{name}政府信息公开工作年度报告",
        f"{name}{year}年度政府信息公开工作年度报告",
        f"{name}{year}年政府信息公开年度报告",
        f"{name}{year}年政府信息公开工作报告",
        f"{name}{year}年度 政府信息公开工作年度报告",
        f"{CITY}{report.office.district}{report.office.name}{year}年政府信息公开工作年度报告",
    )
    return forms[hand.title]


def heading(section: int, report: Report, hand: Hand) -> str:
    """The heading of a section in the office's wording."""
    text = _HEADINGS[section][hand.headings]
    if section == 4 and hand.old_appeals_heading:
        text = _OLD_APPEALS
    return f"{_NUMBERS[section]}、{text}"


def day(date: datetime.date, hand: Hand) -> str:
    """The date under the signature."""
    forms = (
        f"{date.year}年{date.month}月{date.day}日",
        f"{date.year}年{date.month:02d}月{date.day:02d}日",
        f"{date:%Y-%m-%d}",
    )
    return forms[hand.date]


def _add(page: Page, texts: list[str]) -> None:
    for text in texts:
        page.blocks.append(Paragraph(text, "subheading" if text.startswith("（") and len(text) < 20 else "body"))


def _tables(section: int, report: Report, hand: Hand, printed: dict[str, Entry]) -> list[Table]:
    if section == 2:
        return [] if report.prose_only else tables.proactive(report, hand, printed)
    if section == 3:
        return [tables.applications(report, hand, printed)]
    return [tables.appeals(hand, printed)] if section == 4 else []


def _glue_heading(page: Page) -> None:
    """A （三） that stands at the end of the paragraph before it, as where a line break was lost."""
    if not page.hand.glued_heading:
        return
    for at, block in enumerate(page.blocks):
        before = page.blocks[at - 1]
        if (
            isinstance(block, Paragraph)
            and isinstance(before, Paragraph)
            and block.role == "subheading"
            and "（三）" in block.text
        ):
            before.text += block.text
            del page.blocks[at]
            return
