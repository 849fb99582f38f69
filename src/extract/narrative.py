"""The prose of a report, cut into the six statutory sections.

The outline (总体情况, 主动公开政府信息情况, 收到和处理政府信息公开申请情况, 政府信息公开行政复议、行政诉讼情况, 存在的主要问题及改进情况,
其他需要报告的事项) is that of the State Council's notice 国办公开办函〔2021〕30号. Offices spell, number and place the headings freely; so each line
that may be a heading is weighed, and the heaviest chain of headings in rising order is taken. Nothing is ever lost: whatever is not taken as
a heading stays as text of the section it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter, lt
from typing import NamedTuple

from extract.document import Paragraph
from extract.script import as_read

SECTION_NUMERALS = "一二三四五六七八九十"
TEXT_OF = attrgetter("text")

# What tells the part from its title, tried in this order: the title of 四 also speaks of 申请, and that of 六 may speak of 情况.
TITLE_WORDS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (4, re.compile(r"复议|诉讼")),
    (5, re.compile(r"问题|不足|改进|整改|短板")),
    (6, re.compile(r"^其[他它]$|其[他它].*(?:事项|情况|内容)|需要?(?:报告|说明)的(?:其[他它])?事项")),
    (3, re.compile(r"(?:收到|受理|处理|办理|答复).*申请|申请.*(?:收到|受理|处理|办理|答复|情况)")),
    (2, re.compile(r"主动公开")),
    (1, re.compile(r"概述|概况|综述|引言|前言|(?:总体|基本|整体|工作|开展)情况")),
)
# Titles so plain that they are headings even where their numeral is lost or text runs on behind them.
PLAIN_TITLE = re.compile(
    r"(?:政府信息公开(?:工作)?的?)?(?P<t1>总体情况|总体概述|基本情况|情况概述|概述)"
    r"|(?:行政机关)?(?P<t2>主动公开政府信息的?情况)"
    r"|(?:行政机关)?(?P<t3>收到和处理政府信息公开申请的?情况)"
    r"|(?P<t4>因?(?:政府)?信息公开(?:工作)?(?:被申请|引起的?)?行政法?复议(?:、|和|及)?(?:提起)?(?:行政)?诉讼的?情况)"
    r"|(?:政府信息公开工作)?(?P<t5>存在的?(?:主要)?(?:问题|不足)(?:及|和|与|、)(?:下一步)?(?:改进|整改|工作)(?:情况|措施|计划|打算))"
    r"|(?P<t6>其[他它]需要?报告的?(?:其[他它])?事项)"
)
NUMBERED = re.compile(rf"\s*(?P<bracket>[（(])?(?P<numeral>[{SECTION_NUMERALS}]?)\s*(?(bracket)[)）]|)\s*[、.．,，]\s*")
OPENS_NUMBERED = frozenset(f"（({SECTION_NUMERALS}、.．,，")  # or white space
# Body lines are numbered too (一、主动公开不够及时。): a title ends in one of these words.
TITLE_END = re.compile(
    r"(?:情况|概述|概况|综述|事项|措施|计划|打算|问题|不足|思路|做法|举措|方向|附表|附件|主动公开|公开申请|改进|引言|前言|其[他它])$"
)
# Other marks before a standard title that fills its line: 第一部分 …, 一：…, （一）…, 1.…, 【一、…】, letters spaced out.
UNUSUAL = re.compile(
    rf"\s*[【\[]?\s*(?:第(?P<part>[{SECTION_NUMERALS}])(?:部分|章|节)|(?P<bare>[{SECTION_NUMERALS}])(?=[\s：:､、.．])"
    rf"|[（(](?P<bracket>[{SECTION_NUMERALS}1-6]?)[)）]|(?P<digit>[1-6])(?=[.．、\s]))\s*[、.．,，､：:]?\s*"
)
PLAIN_ENDS = frozenset({"情况", "概述", "措施", "计划", "打算", "事项"})
LEADER = re.compile(r"[\s.…·．\-—_]*\d{0,3}\s*$")
CONTENTS = re.compile(r"\s*目\s*[录錄次]\s*$")
PAGE_NUMBER = re.compile(r"[.…·．\s]\d{1,3}\s*$")

_KNOWN = r"(?:总体情况|概述|(?:行政机关)?主动公开政府信息|(?:行政机关)?收到和处理|因?政府信息公开|(?:政府信息公开工作)?存在的?|其[他它]需要?报告)"
GLUED = re.compile(
    rf"\n|(?<=[。！？；”」）)])(?:\s*)(?=（[{SECTION_NUMERALS}]{{1,3}}）|[{SECTION_NUMERALS}]、{_KNOWN})"
    rf"|(?<=[\u4e00-\u9fff\d])\s+(?=[{SECTION_NUMERALS}]、{_KNOWN})"
)
# Written so that the first character alone is looked for: \n, （一 or 一、.
MAY_BE_GLUED = re.compile(
    rf"[\n（{SECTION_NUMERALS}](?:(?<=\n)|(?<=（)[{SECTION_NUMERALS}]|(?<=[{SECTION_NUMERALS}])、)"
)
LONGEST_TITLE = 45
FIRST_LINES = 12  # by which a copy in traditional characters is known


@dataclass(slots=True)
class Section:
    """One part of a report. `number` is 1 to 6, 0 for what stands before the first heading; `title` is the heading as printed ("" for 0).

    `paragraphs` are the lines of the part in order, glued headings on lines of their own; `positions` tells for each the paragraph of the
    document it came from, counted from 1; `text` is those lines joined by newlines.
    """

    number: int
    title: str
    paragraphs: list[Paragraph] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The part's text, one paragraph a line, its title left out."""
        return "\n".join(map(TEXT_OF, self.paragraphs))


class Title(NamedTuple):
    """What a line says that may be a heading: the part it would open, how sure that is, where its title ends in the line."""

    number: int
    weight: float
    end: int


class Heading(NamedTuple):
    """A line that may be a heading: the line's index, and its title."""

    line: int
    number: int
    weight: float
    end: int


def sections(paragraphs: Sequence[Paragraph]) -> list[Section]:
    """The parts of a report in the order they stand, the part before the first heading as number 0 (left out where it is empty).

    Titles and texts together hold every character of the input but white space. A document without any known heading is one part 0.
    """
    reads = as_read(map(TEXT_OF, paragraphs[:FIRST_LINES]))
    lines, positions = _lines(paragraphs, reads)
    headings = _outline(list(map(reads, map(TEXT_OF, lines))))
    ends = [*[heading.line for heading in headings], len(lines)]
    parts = [Section(0, "", lines[: ends[0]], positions[: ends[0]])] if ends[0] else []
    for (line, number, _, end), next_line in zip(headings, ends[1:], strict=True):
        opening = lines[line]
        rest = opening.text[end:].strip()
        first = line if rest else line + 1
        part = Section(number, opening.text[:end].strip(), lines[first:next_line], positions[first:next_line])
        if rest:
            part.paragraphs[0] = Paragraph(rest, opening.locator, opening.role)
        parts.append(part)
    return parts


def _lines(paragraphs: Sequence[Paragraph], reads: Callable[[str], str]) -> tuple[list[Paragraph], list[int]]:
    """Every paragraph and its place counted from 1, headings glued to the sentence before them put on their own line."""
    lines: list[Paragraph] = []
    positions: list[int] = []
    for position, paragraph in enumerate(paragraphs, start=1):
        text = reads(paragraph.text)
        if not (("、" in text or "（" in text or "\n" in text) and MAY_BE_GLUED.search(text, 1)):
            lines.append(paragraph)
            positions.append(position)
            continue
        cuts = [(0, 0), *(match.span() for match in GLUED.finditer(text)), (len(text), len(text))]
        for (_, start), (end, _) in pairwise(cuts):
            if piece := paragraph.text[start:end].strip():
                lines.append(Paragraph(piece, paragraph.locator, paragraph.role))
                positions.append(position)
    return lines, positions


def _outline(lines: Sequence[str]) -> list[Heading]:
    """The heaviest chain of possible headings whose part numbers rise; of equally heavy ones the later, for contents pages come first."""
    candidates: list[Heading] = []
    for index, line in enumerate(lines):
        if len(line) <= LONGEST_TITLE:
            title = _known_title(line)
        elif line[0] in OPENS_NUMBERED or line[0].isspace():
            title = _title(line)
        else:
            continue
        if title:
            candidates.append(Heading(index, *title))
    candidates = _without_contents(candidates, lines)
    numbers = [heading.number for heading in candidates]
    if all(map(lt, numbers, numbers[1:])):
        return candidates  # they rise as they stand
    # Of the heaviest chain that ends in this candidate: its weight, the candidate before. And by number: its weight, its last candidate.
    best: list[tuple[float, int]] = []
    ends: dict[int, tuple[float, int]] = {}
    for index, heading in enumerate(candidates):
        weight, before = max((end for number, end in ends.items() if number < heading.number), default=(0.0, -1))
        best.append((weight + heading.weight, before))
        ends[heading.number] = max(ends.get(heading.number, (0.0, -1)), (weight + heading.weight, index))
    chain: list[Heading] = []
    at = max(range(len(best)), key=lambda index: (best[index][0], index), default=-1)
    while at >= 0:
        chain.append(candidates[at])
        at = best[at][1]
    return chain[::-1]


def _title(text: str) -> Title | None:
    """The title of a line that may be a heading, or None. A numbered known title weighs most, a bare numeral least."""
    title = _usual_title(text)
    if title is None and len(text) <= LONGEST_TITLE and text.rstrip(" 】]：:\u3000")[-1:] in "况述项施划算":
        return _unusual_title(text)
    return title


_known_title = lru_cache(maxsize=2048)(_title)  # short lines, headings most of all, come back in other reports


def _unusual_title(text: str) -> Title | None:
    """A line that a standard title fills behind an unusual mark, which must be the part's own number where it shows one."""
    mark = UNUSUAL.match(text)
    plain = PLAIN_TITLE.fullmatch("".join(text[mark.end() :].split()).rstrip("】]：:")) if mark else None
    if not mark or not plain:
        return None
    number, numeral = _plain_number(plain), mark[mark.lastgroup or 0]
    if numeral and number not in (SECTION_NUMERALS.find(numeral) + 1, "123456".find(numeral) + 1):
        return None
    return Title(number, 7.0 if mark.lastgroup in ("part", "bare") else 3.5, len(text))


def _usual_title(text: str) -> Title | None:
    """A line numbered 一、 (a numeral may be lost), or one that a standard title fills."""
    numbered = NUMBERED.match(text)
    if not numbered:
        if len(text) > LONGEST_TITLE or text.rstrip()[-2:] not in PLAIN_ENDS:
            return None
        plain = PLAIN_TITLE.fullmatch(LEADER.sub("", text.strip()))
        return Title(_plain_number(plain), 3.0, len(text)) if plain else None
    numeral = SECTION_NUMERALS.find(numbered["numeral"]) + 1 if numbered["numeral"] else 0
    start = numbered.end()
    plain = PLAIN_TITLE.match(text, start)
    if plain and (numeral or plain.end() == len(text.rstrip())):
        number = _plain_number(plain)
        whole = len(text) - plain.end() <= 12 and not re.search(r"[。！？0-9０-９]", text[plain.end() :])
        end = len(text) if whole else plain.end() + len(re.match(r"[：:。\s]?", text[plain.end() :])[0])  # type: ignore[index]
        return Title(number, 6.0 + 2.0 * (numeral == number) - 3.0 * bool(numbered["bracket"]), end)
    if not numeral or numbered["bracket"]:
        return None
    if not text[start:].strip():
        return Title(numeral, 1.0, len(text)) if numeral <= 6 else None
    return _worded_title(text, start, numeral)


def _worded_title(text: str, start: int, numeral: int) -> Title | None:
    """A numbered line whose title is no standard one but says by its words which part it opens."""
    title = re.match(r"[^。：:！？；]*", LEADER.sub("", text[start : start + LONGEST_TITLE + 1]))[0].strip()  # type: ignore[index]
    end = text.find(title, start) + len(title)
    rest = text[end:].strip()
    if rest and not LEADER.fullmatch(rest) and rest[0] not in "。：:":
        spaced = re.match(r"[^\s。：:！？；]+(?=\s)", text[start:])
        if not spaced:
            return None
        title, end = spaced[0], start + spaced.end()
    elif rest:
        end = len(text) if LEADER.fullmatch(rest) or len(rest) == 1 else end + 1
    if len(title) > LONGEST_TITLE or not TITLE_END.search(title):
        return None
    for number, words in TITLE_WORDS:
        if words.search(title):
            return Title(number, 4.0 + 2.0 * (numeral == number), end)
    return None


def _plain_number(plain: re.Match[str]) -> int:
    return int((plain.lastgroup or "t0")[1:])


def _without_contents(candidates: list[Heading], lines: Sequence[str]) -> list[Heading]:
    """The candidates without those of a contents page: a run of lines after 目录, or with page numbers, whose titles all come again."""
    headed = [line for line in lines if "目" in line and CONTENTS.match(line)]
    if not headed and not any(map(_ends_in_page_number, [lines[heading.line] for heading in candidates])):
        return candidates
    listed: set[int] = set()
    after_contents = -1
    places = {heading.line for heading in candidates}
    for index, line in enumerate(lines):
        if "目" in line and CONTENTS.match(line):
            after_contents = index
        elif index in places and (after_contents >= 0 or _ends_in_page_number(line)):
            listed.add(index)
        elif after_contents >= 0 and len(line) > LONGEST_TITLE:
            after_contents = -1
        if after_contents >= 0 and index in places and _seen_before(candidates, listed, index):
            after_contents = -1
            listed.discard(index)
    later = {heading.number for heading in candidates if heading.line not in listed}
    return [heading for heading in candidates if heading.line not in listed or heading.number not in later]


def _ends_in_page_number(line: str) -> bool:
    return line.rstrip()[-1:].isdecimal() and PAGE_NUMBER.search(line) is not None


def _seen_before(candidates: list[Heading], listed: set[int], index: int) -> bool:
    """Whether the candidate on this line opens a part that the contents page has already listed: then the contents have ended."""
    number = next(heading.number for heading in candidates if heading.line == index)
    return any(heading.number == number for heading in candidates if heading.line in listed and heading.line < index)
