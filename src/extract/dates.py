"""Years, dates and statistical periods as Chinese reports print them. All functions take text that `gazetteer.plain`
has made plain.

Only what is printed is returned: an impossible date, two digits for a year, or two years where one is asked for give
nothing.
"""

from __future__ import annotations

import re
from datetime import date

# The regulation on disclosure has been in force since 2008; anything far outside is a document number or a slip.
FIRST_YEAR, LAST_YEAR = 2008, 2049

_CHINESE = {**{digit: value for value, digit in enumerate("〇一二三四五六七八九")}, **dict.fromkeys("○零Oo0◯ΟО", 0)}
_ZEROS = "〇○零Oo0◯ΟО"  # the last two are Greek and Cyrillic
_OF_CENTURY = rf"[{_ZEROS}][{_ZEROS}一二三四五六七八九]{{2}}"
# Each alternative begins with a character of its own, so that a search need not try all of them at every place.
_YEAR = rf"(?:20[0-4]\d|二{_OF_CENTURY}|2{_OF_CENTURY})"
_SMALL = r"(?:\d{1,2}|[〇零一二三四五六七八九十]{1,3})"
# 国办公开办函〔2021〕30号 and its misprints (〔2021〕年30号): a document's number, not a year of anything.
_DOCUMENT_NUMBER = re.compile(r"[〔\[【(﹝]20\d\d年?[〕\]】)﹞]年?第?\d*号?")
_YEAR_MARKED = re.compile(rf"(?<!\d)(?:20)?({_YEAR})(?:年度|年|度)")
_YEAR_BARE = re.compile(r"(?<![\d.:/-])(20[0-4]\d)(?![\d.:/-])")
_DATE = re.compile(
    rf"({_YEAR})(?:年({_SMALL})月({_SMALL})日|(?<=20[0-4]\d)(?<!\d....)([-/.])(\d{{1,2}})\4(\d{{1,2}})(?!\d))"
)
_TO = r"日?(?:\(?含?\)?)(?:起|开始)?[,、]?(?:至|到|[-—–~])+"
_PERIOD = re.compile(
    rf"({_YEAR})年({_SMALL})月({_SMALL}){_TO}(?:(?:20)?({_YEAR})年|当年|同年|本年)?({_SMALL})月({_SMALL})日"
)
# Extraction programs drop the character behind a digit: 202511日至20251231日 can only be 1 January to 31 December 2025.
_PERIOD_WORN = re.compile(r"(?<!\d)(20[0-4]\d)年?0?1月?0?1日?起?[至到](?:(20[0-4]\d)年?)?12月?31日?")
_UP_TO = re.compile(rf"(?:截至|截止|核定时间点|核定时点)(?:到|至|为|是)?:?({_YEAR})年({_SMALL})月({_SMALL})日")

Period = tuple[date | None, date | None]
UNKNOWN_PERIOD: Period = (None, None)


def number(text: str) -> int:
    """`12`, 十二 or 三十一 → int (0 to 99). Raises ValueError for anything else."""
    if text.isascii():
        return int(text)
    tens, ten, units = text.rpartition("十")
    if not ten:
        if len(text) != 1:
            raise ValueError(f"{text!r} is no Chinese number below 100")
        return _CHINESE[text]
    if len(tens) > 1 or len(units) > 1 or (tens in _CHINESE and _CHINESE[tens] < 2):
        raise ValueError(f"{text!r} is no Chinese number below 100")
    return (_CHINESE[tens] if tens else 1) * 10 + (_CHINESE[units] if units else 0)


def year_number(text: str) -> int:
    """`2021` or 二〇二一 (also 二○二一, 二零二一, 2O21) → 2021."""
    return int(text if text.isdecimal() else "".join([str(_CHINESE.get(digit, digit)) for digit in text]))


def years_in(text: str) -> list[int]:
    """The years a title speaks of, in order, each once: those marked 年 or 度, else bare ones; never a document
    number or part of a date."""
    if "2" not in text and "二" not in text:
        return []
    text = _DOCUMENT_NUMBER.sub("", text)
    without_dates = _DATE.sub("", text)
    found = [year_number(year) for year in _YEAR_MARKED.findall(without_dates)]
    if not found:
        found = [int(year) for year in _YEAR_BARE.findall(without_dates)]
    return [year for year in dict.fromkeys(found) if FIRST_YEAR <= year <= LAST_YEAR]


def is_year_line(text: str) -> bool:
    """Whether a line is one year and nothing else: (2022年), 2022年度, 二〇二二年."""
    return len(text) <= 10 and len(years_in(text)) == 1 and not without_years(text).strip("()")


def without_years(text: str) -> str:
    """A title without its years and document numbers: 2021年度政府信息公开… → 政府信息公开…"""
    text = _DOCUMENT_NUMBER.sub("", text)
    return _YEAR_BARE.sub("", _YEAR_MARKED.sub("", text))


def date_in(text: str) -> date | None:
    """The first date of a text, or None: 2022年1月17日, 二〇二二年一月十七日, 2022-01-17, 2022/1/17, 2022.1.17. Impossible ones are left out."""
    for match in _DATE.finditer(text):
        if day := _date_of(match):
            return day
    return None


def is_date_line(text: str) -> bool:
    """Whether a line is a date and nothing else but a weekday-free frame: 2022年1月17日, (2022年1月17日),
    日期:2022-01-17."""
    match = _DATE.search(text)
    if not match or not _date_of(match):
        return False
    return not re.sub(r"^日期|[():。]", "", text[: match.start()] + text[match.end() :])


def period_in(text: str) -> Period:
    """First and last day of the statistical period that a sentence states; (None, last day) where only the end is
    given."""
    match = _PERIOD.search(text)
    if match:
        year, month, day, end_year, end_month, end_day = match.groups()
        first = _date(year, month, day)
        last = _date(end_year or year, end_month, end_day)
        if first and last and first <= last:
            return first, last
    worn = _PERIOD_WORN.search(text)
    if worn and worn[2] in (None, worn[1]):
        return date(int(worn[1]), 1, 1), date(int(worn[1]), 12, 31)
    end = _UP_TO.search(text)
    return (None, _date(*end.groups())) if end else UNKNOWN_PERIOD


def _date_of(match: re.Match[str]) -> date | None:
    year, month, day, _, iso_month, iso_day = match.groups()
    return _date(year, month or iso_month, day or iso_day)


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(year_number(year), number(month), number(day))
    except ValueError:
        return None
