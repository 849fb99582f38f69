"""Which year a report is about: what its titles, its statistical period and its opening say, and what contradicts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from extract.dates import UNKNOWN_PERIOD, Period, period_in, years_in
from extract.document import Note
from extract.gazetteer import plain
from extract.imprint import LABELLED_LINE
from extract.titles import Title, bare

_ANNOUNCED_YEAR = re.compile(
    r"(?:公布|发布|编制|撰写|现将|公开).{0,50}?((?:20|二[〇○零])..年)度?.{0,6}政府信息公开.{0,6}(?:年度报告|年报|报告)"
    r"|现将((?:20|二[〇○零])..年)度?(?:工作|政府|信息|公开|情况|总结|完成|的)*(?:报告|汇报|通报|总结)?如下"
)

_TOLD_YEAR = re.compile(
    r"(?:(?<![\d〇○零到至入转轉])(?:20|二[〇○零])..年度|(?:截至|截止|截止到|截至到)20..年(?=12月|底|年底)|(?:^|(?<=[。；;：:）)]))(?:20|二[〇○零])..年(?!\d))"
)
_TOLD_OF_DISCLOSURE = re.compile(r"(?:^|[。；;：:）)])(?:20|二[〇○零])..年度?(?!\d).{0,30}公开")
_LEAST_TOLD = 2  # times that the prose has to name a year, and no other


def title_year_of(titles: Sequence[Title], period: Period, notes: list[Note]) -> int | None:
    """The year of the titles that have one and only one. Where they differ, those that name an office count before
    those that may be links to other years, the year of the statistical period before the first; what remains is told."""
    dated = [title for title in titles if len(title.years) == 1]
    years = [title.years[0] for title in dated if title.name] or [title.years[0] for title in dated]
    if len(set(years)) > 1:
        notes.append(
            Note(
                "year_conflict",
                f"titles of the document name different years: {', '.join(map(str, dict.fromkeys(years)))}",
            )
        )
        if year_of(period) in years:
            return year_of(period)
    return years[0] if years else None


def year_of(period: Period) -> int | None:
    """The year of a statistical period; None where it is unknown or begins in another year than it ends."""
    first, last = period
    return last.year if last and (not first or first.year == last.year) else None


def statistical_period(opening: Sequence[str]) -> Period:
    """The statistical period: a sentence that speaks of statistics or data first, else any that spans a calendar
    year."""
    whole_year = UNKNOWN_PERIOD
    for line in opening:
        if "日" not in line or not (
            "至" in line
            or "止" in line
            or "到" in line
            or "—" in line
            or "-" in line
            or "截" in line
            or "时间点" in line
        ):
            continue
        period = period_in(plain(line))
        if period == UNKNOWN_PERIOD:
            continue
        if "统计" in line or "数据" in line or "期限" in line or "时限" in line or "时间点" in line:
            return period
        first, last = period
        if (
            first
            and last
            and (first.month, first.day, last.month, last.day, last.year - first.year) == (1, 1, 12, 31, 0)
        ):
            whole_year = period if whole_year == UNKNOWN_PERIOD else whole_year
    return whole_year


def reported_year(
    title_year: int | None, period: Period, opening: Sequence[str], filed: int | None, notes: list[Note]
) -> int | None:
    """The year of the title, else of the statistical period, else of the opening sentence, else, told as an issue, the only year that the
    prose tells of, else `filed`: what the names of file and folder say."""
    period_year = year_of(period)
    if title_year:
        if period_year and period_year != title_year:
            notes.append(
                Note(
                    "year_conflict",
                    f"the title says {title_year}, the statistical period {period_year}; {title_year} is kept",
                )
            )
        return title_year
    announced = announced_year(opening)
    if period_year and announced and announced != period_year and announced == told_year(opening):
        notes.append(
            Note(
                "year_conflict",
                f"the statistical period says {period_year}, the text itself {announced}, which is kept",
            )
        )
        return announced
    if period_year or announced:
        return period_year or announced
    if told := told_year(opening):
        notes.append(
            Note("year_by_prose", f"no title or period names the year; {told} is the only one that the text tells of")
        )
        return told
    if filed:
        notes.append(
            Note("year_by_file", f"the document names no year; {filed} is taken from the name of its file or folder")
        )
        return filed
    notes.append(Note("year_unknown", "neither a title nor a statistical period says which year is reported"))
    return None


def announced_year(opening: Sequence[str]) -> int | None:
    """The year of the report that the opening announces (现将我局2023年政府信息公开工作情况报告如下)."""
    for line in opening[:8]:
        announced = _ANNOUNCED_YEAR.search(bare(line[:LABELLED_LINE]))
        if announced and len(years := years_in(announced[1] or announced[2])) == 1:
            return years[0]
    return None


def told_year(opening: Sequence[str]) -> int | None:
    """The year that the prose tells of ("2020年度我街道…", "2020年，…"), if it names no other so, and does so twice or more or
    where it tells of disclosure."""
    lines = [plain(line) for line in opening]
    years = [year for line in lines for found in _TOLD_YEAR.findall(line) for year in years_in(found)]
    if len(set(years)) != 1:
        return None
    return years[0] if len(years) >= _LEAST_TOLD or any(map(_TOLD_OF_DISCLOSURE.search, lines)) else None


def tell_dates(year: int | None, published_on: date | None, notes: list[Note]) -> None:
    """Note a date that is missing, or before the year that is reported."""
    if published_on is None:
        notes.append(Note("date_unknown", "no date under a signature or title, and the page gives none"))
    elif year and published_on.year < year:
        notes.append(Note("date_conflict", f"published on {published_on}, before the reported year {year} began"))
