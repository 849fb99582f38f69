"""The title of an annual disclosure report in the many shapes offices give it, and titles of pages that only speak
about one.

The shapes were seen in published reports of 2018 to 2025: year first or inside or at the end, 年/年度/度, 公开 or
政府 or 工作 missing, broken over two or three lines (even inside a word), the office on a line above or below,
breadcrumbs and labels before it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from extract.dates import is_year_line, without_years, years_in
from extract.gazetteer import NAME_LETTER, office_key, plain
from extract.script import simplified

_REPORT = re.compile(
    r"(?:(?:政府)?信息公开|政务信息公开|政务公开|政府信息|信息)(?:工作)?(?:情况)?(?:的)?(?:年度)?(?:工作)?(?:情况)?(?:年度)?"
    r"(?:年度报告|工作报告|年度工作总结|年报|报告)"
)
_IN_EVERY_TITLE = re.compile("[息务務讯訊]")
# A page about a report: explained, drawn, announced, asked for, or a guide or list instead.
_ABOUT = re.compile(
    r"解读|图解|一图|读懂|看懂|图说|视频|指南|目录|制度|办法|规定|通知|要点|方案|召开|举行|培训|部署|推进会|关于做好|发布了|发布《?20|公布了|专栏|列表|汇总表|报告格式|企事业单位信息|党务公开|(?<!态)环境信息公开|征求意见"
)
_SEPARATOR = re.compile(r">|›|»|\||/|:|：|→|--+|——*|__*")  # each begins with a character that a search can look for
_SENTENCE = re.compile(r"[。;!?,]|印发|^(?:根据|按照|依据|为|现|本报告|为了)")
_MARK = re.compile(r"[。；;！!？?，,]")  # as printed, each is a mark of _SENTENCE in plain text too
_NAME = re.compile(rf"{NAME_LETTER}{{2,60}}")
_OFFICE_LINE = re.compile(
    rf"{NAME_LETTER}{{1,40}}"
    r"(?:街道|办事处|街道办|街办|街|镇|乡|苏木|政府|政府机关|局|委员会|管委会|管理处|办公室|办公厅|厅|委|中心|区|县|旗|大队|支队|事务所|院)(?:\(.*\))?"
)
_SECTION = re.compile(
    r"总体情况|情况概述|主动公开政府信息的?情况|收到和处理政府信息公开申请|行政复议.{0,4}(?:提起)?行政诉讼"
    r"|存在的?(?:主要)?问题.{0,3}改进|其他需要报告"
)
# The end of an office's name that a line break cut off: 后湖街道办 / 事处2021年….
_BROKEN_OFF = re.compile(
    r"事处|处|道|办|道办|道办事处|办事处|街道|街道办事处|府|政府|民政府|人民政府|会|员会|委员会|局"
)
_PATH_BEGINS = (
    "首页",
    "您",
    "当前位置",
    "所在位置",
)  # 首页 政务公开 政府信息公开年报: where a page lies, not whose it is
# Headings that no other annual report has: those of the rule of law have 总体情况, 存在的主要问题 and 行政复议 too.
DISCLOSURE_ALONE = frozenset(("主动公开", "收到和处"))
_YEAR, ANY_YEAR = re.compile(r"(20(?<!\d20)[1-3][0-9])(?!\d)"), "2020"
_FRAME = re.compile(r"[【】\[\]《》“”\"'*#•·]+")
_ASIDE = re.compile(r"\([^()]*\)$")  # 口岸街道(临港经济园)
LONGEST_TITLE = 70
LONGEST_LINE = 3 * LONGEST_TITLE  # that may hold one, with spaces, labels and a path before it
MOST_LINES = 3


class Title(NamedTuple):
    """A title: as printed (lines joined, spaces gone), the office's name in it, its years, and why it is not a
    report's own title."""

    text: str
    name: str
    years: tuple[int, ...]
    about: str


@lru_cache(maxsize=2048)
def bare(text: str) -> str:
    """A line as the patterns of titles and signatures expect it: plain and simplified. The same lines are asked for again and again."""
    return simplified(plain(text)).replace("资讯", "信息")


def title_of(text: str) -> Title | None:
    """The title that a line holds, or None. Takes any line; breadcrumbs, labels (标题:) and a site's name behind the
    title fall away."""
    if not ("报告" in text or "年报" in text or "報告" in text or "年報" in text):
        return None
    if len(text) > LONGEST_LINE or not _IN_EVERY_TITLE.search(text):
        return None
    line = bare(text)
    if len(line) > 2 * LONGEST_TITLE or (_MARK.search(line) and not _SEPARATOR.search(line)):
        return None
    return _title_in(line)


@lru_cache(maxsize=256)  # the lines of one document are asked for again and again
def _title_in(line: str) -> Title | None:
    """The title in a plain line. Offices title their reports alike but for the year: a line with one year is judged once for all years."""
    pieces = _YEAR.split(line)
    years = set(pieces[1::2])
    if len(years) != 1:
        return judged(line)
    (year,) = years
    title = judged(ANY_YEAR.join(pieces[::2]))
    if title is None:
        return None
    told = tuple([int(year if one == int(ANY_YEAR) else one) for one in title.years])
    return Title(_YEAR.sub(year, title.text), title.name, told, title.about)


@lru_cache(maxsize=512)
def judged(line: str) -> Title | None:
    """The title in a plain line, judged as it stands."""
    for piece in reversed(_SEPARATOR.split(line)):
        found = None if _MARK.search(piece) else _title_of_piece(_FRAME.sub("", piece))
        if found:
            return found
    return None


def _title_of_piece(piece: str) -> Title | None:
    if len(piece) > LONGEST_TITLE or _SENTENCE.search(piece):
        return None
    bare = without_years(piece)
    matches = list(_REPORT.finditer(bare))
    if not matches:
        return None
    match = matches[-1]  # the office's own name may hold 信息 too
    name, tail = bare[: match.start()], bare[match.end() :]
    about = _ABOUT.search(piece)
    if tail and not about and not re.match(r"\(|-|第", tail):
        return None
    return Title(_printed(piece, tail), _own_name(name), tuple(years_in(piece)), about[0] if about else "")


def _printed(piece: str, tail: str) -> str:
    """The title without a site's name behind it (…年度报告-沭阳县发改局)."""
    return piece[: len(piece) - len(tail)] if tail.startswith("-") and piece.endswith(tail) else piece


def _own_name(name: str) -> str:
    """The office in a title's first half: 洪泽区人民 + 政府信息公开 gives its 政府 back, 关于 and 的 go; "" where no
    name is left."""
    name = _ASIDE.sub("", name.removeprefix("关于").rstrip("的度年-第")).rstrip("的度年()-第").lstrip("()-")
    if name.endswith("人民"):
        name += "政府"
    if name.startswith(_PATH_BEGINS):
        return ""
    return name if (_NAME.fullmatch(name) and "信息公开" not in name) or re.search(r"[A-Za-z]", name) else ""


@lru_cache(maxsize=2048)  # lines and names of one document are asked for again and again, offices publish every year
def is_office_line(text: str) -> bool:
    """Whether a plain line is the name of a public body and nothing else (后湖街道办事处; not 街道办事处, which names
    none)."""
    return bool(_OFFICE_LINE.fullmatch(text)) and "信息公开" not in text and bool(office_key(text))


def titles_in(lines: Sequence[str]) -> list[Title]:
    """The titles among lines in reading order: whole on a line, broken over up to three, the office on the line above
    or below."""
    found: list[Title] = []
    index = 0
    for at, line in enumerate(lines):
        if not _may_end_title(line):
            continue
        index = max(index, at + 1 - MOST_LINES)
        while index <= at:
            title, used = _title_at(lines, index)
            if title:
                found.append(title)
            index += used
    return found


def _may_end_title(text: str) -> bool:
    """Whether the text holds a character that every title holds."""
    return "报" in text or "報" in text


def _title_at(lines: Sequence[str], index: int) -> tuple[Title | None, int]:
    """The title that begins at a line and how many lines it takes (1 where there is none)."""
    first = lines[index]
    whole = title_of(first)
    if whole:
        beneath = bare(lines[index + 1]) if index + 1 < len(lines) else ""
        below = _unframed(beneath)
        own = whole.name or below != beneath  # a list of years stands beneath the name of a column
        if own and not whole.years and not whole.about and is_year_line(below):
            return whole._replace(text=f"{whole.text}({below})", years=tuple(years_in(below))), 2
        if not whole.name and len(below) < LONGEST_TITLE and is_office_line(below):
            return whole._replace(name=below), 2
        return whole, 1
    if len(first) > LONGEST_TITLE or not _may_end_title("".join(lines[index + 1 : index + MOST_LINES])):
        return None, 1
    if _MARK.search(first) or _SEPARATOR.search(first) or not _may_begin_title(bare(first)):
        return None, 1
    for count in range(2, MOST_LINES + 1):
        pieces = lines[index : index + count]
        if len(pieces) < count or len(pieces[-1]) > LONGEST_TITLE:
            break
        last = title_of(pieces[-1])
        if last and last.name and not _BROKEN_OFF.fullmatch(last.name):
            break
        joined = title_of("".join(pieces))
        if joined:
            return joined, count
    return None, 1


def _unframed(line: str) -> str:
    """The line without brackets that hold the whole of it."""
    return line[1:-1] if line.startswith("(") and line.endswith(")") and "(" not in line[1:] else line


def _may_begin_title(line: str) -> bool:
    """A first half of a title: an office's name, a year, or the beginning of 政府信息公开."""
    return (
        bool(line)
        and not _SENTENCE.search(line)
        and (is_office_line(line) or bool(years_in(line)) or "信息" in line or line.endswith("政府"))
    )


@lru_cache(maxsize=4096)  # of short lines; offices head their sections alike
def section_heading(line: str) -> str:
    """The statutory section (its first four characters) that a short line names; "" where it names none."""
    if not ("情况" in line or "诉讼" in line or "改进" in line or "报告" in line or "处理" in line):
        return ""  # one of these words stands in every heading
    found = _SECTION.search(line)
    return found[0][:4] if found else ""


def judge(titles: Sequence[Title], headings: int, is_cover: bool) -> tuple[bool, str]:
    """Whether titles and headings are those of an annual disclosure report, and the reason in words.

    `headings`: how many of the statutory sections have a heading; `is_cover`: the page has no table, but an attached
    file.
    """
    about = next((title for title in titles if title.about), None)
    if about and (about is titles[0] or headings < 2):
        return False, f"the title speaks about a report ({about.about}): {about.text}"
    if headings >= 2:
        return True, f"{headings} of the statutory section headings"
    if not titles:
        return False, "no title of an annual disclosure report and no statutory section headings"
    if _is_list(titles):
        return False, f"a list of {len(titles)} reports, none of them here"
    if not any(title.name or len(title.years) == 1 for title in titles):
        return False, f"only a part of the site is called so, no office and no year: {titles[0].text}"
    if is_cover:
        return False, "only the title stands here; the report may be the attached file"
    return True, f"the title names an annual report: {titles[0].text}"


def _is_list(titles: Sequence[Title]) -> bool:
    """Whether the titles are those of several reports: of four offices or years, or of three of which none may be another's in other words."""
    reports = {(office_key(title.name), title.years) for title in titles}
    if len(reports) >= 4:
        return True
    years = {when for _, when in reports if len(when) == 1}
    names = {name for name, _ in reports if name}
    apart = not any(one != other and one in other for one in names for other in names)
    return len(reports) == 3 and (len(years) == 3 or (len(names) == 3 and apart))
