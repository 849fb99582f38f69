"""What a document says around its text: who signed and when, who published, the page's own date.

Dates of headers (2025年12月30日 星期二), of page generation and of crawling are none of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from extract import owner
from extract.dates import date_in, is_date_line
from extract.document import Document, Grid
from extract.gazetteer import NAME_LETTER, plain
from extract.titles import DISCLOSURE_ALONE, bare, is_office_line, section_heading, title_of

OPENING, CLOSING = 60, 15
SHORT_LINE = 90
LABELLED_LINE = 300

_LABELS = "发布机构|公开机构|发文机关|发文机构|来源|单位|主办"
_NEXT_LABEL = (
    "公开日期|发布日期|发布时间|生成日期|成文日期|发文日期|时间|日期|索引号|文号|主题|分类|有效"
    "|浏览|字号|作者|点击|信息|承办|地址|网站|版权|$"
)
_PUBLISHER = re.compile(
    rf"(?:发布机构:?|发文机关:?|(?:{_LABELS}):)({NAME_LETTER}{{3,40}}?)(?={_NEXT_LABEL}|(?!{NAME_LETTER}))"
)
_PAGE_DATE = re.compile(
    r"(?:(?:公[开開布]|[发發]布|生成|[发發]文|成文|[发發]表|提供|上[传傳]|刊登|录入)日期|(?<!\w)日期"
    r"|(?<!生成|采集|更新|统计|服务|办公|抓取|打印|当前|访问|下载|截止|开放|工作)[时時][间間])[】\])]*:?(?=20|二)([^至]{8,24})"
)
_TELLING_LABEL = re.compile(r"机构|单位|机关|来源|日期|时间|标题|名称")
_LABEL_IN_CELL = re.compile(
    r"[^:：\n]{0,10}(?:机\s*构|单\s*位|机\s*关|来\s*源|日\s*期|时\s*间|标\s*题|名\s*称)\s*[:：]\s*\S"
)
_CLOCK = re.compile(r"\s+(?=\d{1,2}\s*[:：]\s*\d\d)")  # 2020-01-20 15:22: the day must not run into the hour
_TELLS_IN_CELLS = re.compile(r"(?:日\s*期|时\s*间|来\s*源|机\s*构)\s*[:：]")
_TELLS_DATE = re.compile("时间|時間|日期|日 期")
_DATE_LABEL = re.compile(r"(?:公开|发布|公布|生成|发文|成文)(?:日期|时间)\s*[:：]?\s*$")
_CLOCK_BEHIND = re.compile(r"\s+\d{1,2}[:：]\d\d(?:[:：]\d\d)?\s*$")
_BY_MACHINE = re.compile(r"20\d\d-\d\d-\d\d")
_BESIDE_SOURCE = re.compile(
    r"^[\[(]?((?:20\d\d)[-/.年]\d{1,2}[-/.月]\d{1,2}日?)[\])]?(?:T[\d:]{4,8})?(?:信息|文章|稿件)?来源"
)
_FOOTER = re.compile(r"打印|关闭|扫一扫|分享|版权|主办|承办|标识码|备案|网站地图|返回顶部|字号|浏览次数|上一篇|下一篇")
_SIGNED_LINE = re.compile(rf"({NAME_LETTER}{{3,60}}?)[:,]?((?:20|二).{{6,14}}日)")
_SIGNATURE_LABEL = re.compile(r"^(?:单位|落款|发布单位|签发单位|报告单位)(?:\(.*?\))?:|\((?:盖章|公章|印章|章)\)$")


class Lines(NamedTuple):
    """What identity looks at. `opening` and `closing` are the text's own paragraphs, `labelled` furniture and small
    tables as label:value, `headings` how many statutory sections have a heading (0 where all of them may head another annual report)."""

    opening: list[str]
    closing: list[str]
    labelled: list[str]
    headings: int


class Signature(NamedTuple):
    """The end of a report: who signed, and the date."""

    signed_by: str
    signed_on: date | None


def lines_of(document: Document) -> Lines:
    """Sort the blocks of a document; statutory tables are left out, small tables become label:value lines."""
    own: list[str] = []
    labelled: list[str] = []
    for block in document.blocks:
        if isinstance(block, Grid):
            if len(block.texts) <= 60 and block.table <= 3:
                labelled += _label_lines(block)
        elif block.role == "furniture":
            labelled.append(block.text)
        elif block.text:
            own.append(block.text)
    headings = set(map(section_heading, [text for text in own if len(text) <= 50]))
    count = 0 if headings.isdisjoint(DISCLOSURE_ALONE) else len(headings - {""})
    return Lines(own[:OPENING], own[-CLOSING:], labelled[:OPENING] + labelled[OPENING:][-CLOSING:], count)


def _label_lines(grid: Grid) -> Iterator[str]:
    """The rows of a small table as 发布机构:value, each pair a line; 「索 引 号」 without its spaces. A cell may hold label and value."""
    together = "".join(grid.texts)
    if not _TELLING_LABEL.search("".join(together.split())):
        return
    if _TELLS_IN_CELLS.search(together):
        yield from (text for text in grid.texts if _LABEL_IN_CELL.match(text))
    for row in grid.own_texts():
        for label, value in pairwise(row):
            name = _telling_label(label)
            if name:
                yield f"{name}:{value}"


@lru_cache(maxsize=4096)
def _telling_label(text: str) -> str:
    """A short label as it is printed without spaces and colon, where it says whose or of when something is; else ""."""
    name = "".join(text.split()) if len(text) <= 16 else ""
    return plain(name).rstrip(":") if _TELLING_LABEL.search(name) else ""


def publishers_of(document: Document, lines: Lines) -> list[str]:
    """The offices that metadata or labels (发布机构, 来源, 单位) name as publisher; addresses and media are not
    offices."""
    found = [plain(document.metadata[key]) for key in ("publisher", "source", "author") if key in document.metadata]
    for line in [*lines.opening[:15], *lines.labelled]:
        if "单位" in line or "机构" in line or "来源" in line or "机关" in line or "机 构" in line:
            found += [match[1] for match in _PUBLISHER.finditer(plain(line[:LABELLED_LINE]))]
    return [
        name
        for name in dict.fromkeys(found)
        if name and is_office_line(bare(name)) and not owner.owner_of(bare(name)).foreign
    ]


def signature_of(closing: Sequence[str]) -> Signature:
    """Who signed and when, read from the end: a date alone below (or above) an office, or both on one line; else the last date alone, or
    an office alone. The date of a footer below a signature is not its date."""
    lines = [text for text in closing if len(text) <= SHORT_LINE and not text.isspace()]
    alone: date | None = None
    for index in range(len(lines) - 1, -1, -1):
        line = _unframed(bare(lines[index]))
        if "星期" in line or not ("日" in line or "-" in line or "." in line or "/" in line):
            continue
        both = _SIGNED_LINE.fullmatch(line)
        if both and (signer := _signer(both[1])) and (day := date_in(both[2])):
            return Signature(signer, day)
        if is_date_line(line):
            signer = _signer_near(lines, index)
            if signer:
                return Signature(signer, date_in(line))
            if "年" in line and not any(_FOOTER.search(before) for before in lines[:index]):
                alone = alone or date_in(line)
    if alone:
        return Signature("", alone)
    last = next(
        (index for index in range(len(lines) - 1, max(len(lines) - 5, -1), -1) if _signer(bare(lines[index]))), None
    )
    return Signature(_signer_near(lines, last + 1) if last is not None else "", None)


def _unframed(line: str) -> str:
    """The line without brackets around the whole of it."""
    return line[1:-1] if line.startswith("(") and line.endswith(")") else line


def _signer_near(lines: Sequence[str], index: int) -> str:
    """The office on the line before a date, or two lines before, or behind it; 江岸区人民政府 above 后湖街道办事处
    belongs to it."""
    for at in (index - 1, index - 2, index + 1):
        signer = _signer(bare(lines[at])) if 0 <= at < len(lines) else ""
        if not signer or (at == index - 2 and is_date_line(bare(lines[index - 1]))):
            continue  # two lines before, another date has the signature
        above = _signer(bare(lines[at - 1])) if at else ""
        is_split = (
            above.endswith("人民政府")
            and not owner.owner_of(signer).mentions
            and owner.owner_of(signer).level in ("street", "town")
        )
        return above + signer if is_split else signer
    return ""


def _signer(line: str) -> str:
    name = _SIGNATURE_LABEL.sub("", line)
    return name if is_office_line(name) and not section_heading(name) else ""


def page_date_of(document: Document, lines: Lines) -> date | None:
    """The publication date that metadata or a label (公开日期, 发布时间, 时间) gives; dates of headers and of page
    generation are none."""
    printed = document.metadata.get("published", "")
    if printed and (day := date_in(plain(_CLOCK.sub("T", printed)))):
        return day
    for line in [*lines.labelled, *lines.opening[:25], *lines.closing]:
        if "来源" in line and (beside := _BESIDE_SOURCE.match(plain(_CLOCK.sub("T", line[:LABELLED_LINE])))):
            return date_in(beside[1])
        if "20" in line and _TELLS_DATE.search(line) and len(line) <= LABELLED_LINE:
            for match in _PAGE_DATE.finditer(plain(_CLOCK.sub("T", line))):
                if day := date_in(match[1]):
                    return day
    return _date_beneath_label(lines.opening[:25])


def _date_beneath_label(opening: Sequence[str]) -> date | None:
    """The date alone on the line beneath its label: 成文日期: / 2020-01-19."""
    for label, line in pairwise(opening):
        if len(label) <= 12 and _DATE_LABEL.search(label):
            below = plain(_CLOCK_BEHIND.sub("", line))
            if is_date_line(below):
                return date_in(below)
    return None


def date_under_title(opening: Sequence[str]) -> date | None:
    """A date alone on one of the lines that follow the title: (2022年1月17日)."""
    for index, line in enumerate(opening[:20]):
        if len(line) <= SHORT_LINE and title_of(line):
            below = [
                plain(_CLOCK_BEHIND.sub("", text)).lstrip("•·●-*")
                for text in opening[index + 1 : index + 4]
                if len(text) <= 30
            ]
            day = next(
                (
                    date_in(text)
                    for text in below
                    if ("年" in text or _BY_MACHINE.fullmatch(text)) and "星期" not in text and is_date_line(text)
                ),
                None,
            )
            if day:
                return day
    return None
