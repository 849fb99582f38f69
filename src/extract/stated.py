"""Figures that the prose of a report states: 2021年共收到政府信息公开申请3件，其中予以公开2件。

How a number is named: the words between it and the boundary before it are its label. `reference/quantities.csv` holds, for each
quantity, the phrases that may stand there (`whole`, valid anywhere; `part`, valid only while the text speaks of that topic, as 其中 does).
A label must end in such a phrase, without a word between it and the number that the phrases do not know; else nothing is said. Then the
time (this year, last year, all years together), the unit and the subject must fit. A wrong figure costs more than a missing one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from extract.denials import denials_in, zeros
from extract.document import Locator
from extract.mentions import (
    CONNECTIVE,
    COUNTER,
    TAIL,
    Mention,
    change_in,
    in_marks_like,
    mentions_of,
    normalised,
    without_times,
)
from extract.naming import Thread, by_label, listed, named
from extract.narrative import FIRST_LINES, Section
from extract.phrases import Quantity, Vocabulary, vocabulary
from extract.script import as_read, simplified
from extract.subheadings import OUTLINE_LINE, Subheadings
from extract.telling import TIMELESS, Figure, is_classified, told

# What is left of a table that nobody recognised: a row of numbers, or its words run together.
TABLE_ROW = re.compile(r"\d(?<![\d年月]\d)\d*\s+\d+\s+\d+(?![\d年月日])")
TABLE_WORDS = re.compile(
    r"信息内容(?:本年|上一?年|采购)|数据的勾稽关系|只计这一情形|不再处理其政府信息公开申请\d|结果维持\s*结果纠正"
)
SENTENCE = re.compile(r"[^。！？\n]*[。！？\n]*")
WORTH_READING = re.compile(
    r"公开|申请|复议|诉讼|行政|规范性文件|收费|处理费|采购|信息|结转|办结|公众号|网站|告栏|传栏|示栏|报刊|报纸|微博"
)
# Written so that its first character alone is looked for (\d there takes twice as long); what must follow depends on it.
FIGURE = re.compile(
    r"[0-9０-９零〇一二两三四五六七八九十未没无存](?:"
    rf"(?<=\d)(?![年月日\d])\s*(?:[余多几]\s*)?(?:{COUNTER}|人次|[元%％万亿千，。；、）！,;)]|申请|相比|[-—–~～至到]\s*\d|$)"
    rf"|(?<=[零〇一二两三四五六七八九十])(?:{COUNTER}|人次)"
    r"|(?<=[未没无存零])(?:(?<=未)曾?[收接发产出因被受有涉新制引提办废作实向对]|(?<=没)有|(?<=无)|(?<=不存)在|(?<=为零)|(?<=零)[申复诉]))"
)
SENTENCE_ENDS = frozenset("。！？；：:;")
OTHER_SHARE = re.compile(r"环比|占|(?<!增长)(?<!下降)(?<!增幅)率")
PERIOD = re.compile(r"统计(?:期限|时限|时间|周期|口径)[^，。]{0,8}?(20\d\d)年")
TITLE_YEAR = re.compile(r"(20\d\d)\s*年?度?[^，。]{0,30}(?:公开|工作)[^，。]{0,10}(?:报告|年报)")


# Characters. Real sentences stay under 600; a longer one is a table without its rules, and reading it costs the square of its length.
LONGEST_SENTENCE = 1500


class Stated(NamedTuple):
    """One figure stated in prose.

    `value` counts in `unit`, the unit as printed ("" where none is printed); 万 before a counter belongs to the number (1.2万条 is 12000
    条), 万元 is a unit. `sentence` is the sentence as printed. `position` is the paragraph in the document, counted from 1.
    `qualifier` is "", "approximate" (余, 约), "cumulative" (all years together) or "range 10-20" (then `value` is the lower end).
    """

    quantity: str
    value: float
    unit: str
    sentence: str
    section: int
    position: int
    locator: Locator
    qualifier: str = ""


def stated_figures(sections: Sequence[Section], year: int | None = None) -> list[Stated]:
    """Every figure that the prose states, in reading order; the same quantity and value only once, contradicting values each.

    `year` is the report's year where the caller knows it; else it is taken from the title. The year of the statistical period counts as this
    year too, where the report contradicts itself. Figures of any other year are not stated figures of this report.
    """
    words = vocabulary()
    reads = as_read([paragraph.text for section in sections[:2] for paragraph in section.paragraphs[:FIRST_LINES]])
    if year is None:
        year = _title_year(sections)
    periods = _periods(sections)
    years = frozenset(periods if year is None else {year, *periods})
    marked = in_marks_like("".join([section.text for section in sections]))
    figures: dict[tuple[str, float], Stated] = {}
    for section in sections:
        above = Subheadings()
        for printed, position, locator in _flowing(section):
            text = marked(reads(printed))
            above.read(text)
            figure = FIGURE.search(text)
            if not figure or not (above.topic or WORTH_READING.search(text)):
                continue
            thread = Thread(
                section.number, years, text, above.text, bool(periods), heading_channel=above.channel,
                topic="applications" if section.number == 3 else above.topic, presumed=section.number != 3,
            )  # fmt: skip
            for sentence, start in _worth_reading(text, thread, figure.start()):
                shown = printed[start : start + len(sentence)].strip()
                for quantity, value, unit, qualifier in _figures(sentence, thread, words):
                    stated = Stated(quantity, value, unit, shown, section.number, position, locator, qualifier)
                    figures.setdefault((quantity, value), stated)
    return list(figures.values())


def agreements(stated: Sequence[Stated], flat_lines: Iterable[str]) -> list[str]:
    """For each figure `agreed` where the second reading of the document holds its sentence, white space aside; else `single`."""
    if not stated:
        return []
    read_again = "".join(flat_lines)
    sentences = {one.sentence for one in stated}
    held = {sentence for sentence in sentences if sentence in read_again}
    if held != sentences:
        read_again = _squeezed(read_again)
        held |= {sentence for sentence in sentences - held if _squeezed(sentence) in read_again}
    return ["agreed" if one.sentence in held and one.sentence.strip() else "single" for one in stated]


def _worth_reading(text: str, thread: Thread, first: int) -> Iterator[tuple[str, int]]:
    """The sentences that may state a figure, and where they begin, of a paragraph that may and says so `first` at this character; rows of
    tables that nobody recognised are none."""
    start = end = 0
    for sentence in SENTENCE.findall(text):
        start, end = end, end + len(sentence)
        is_part = len(sentence) < len(text)
        if end <= first or (start > first and not FIGURE.search(sentence)):
            continue
        if is_part and not (thread.topic or WORTH_READING.search(sentence)):
            continue
        if not _is_of_a_table(sentence) and len(sentence) <= LONGEST_SENTENCE:
            yield sentence, start


def _is_of_a_table(sentence: str) -> bool:
    """Whether this is a row of a table that nobody recognised."""
    has_three_words = len(sentence.split(None, 2)) > 2
    return TABLE_WORDS.search(sentence) is not None or (has_three_words and TABLE_ROW.search(sentence) is not None)


def _squeezed(text: str) -> str:
    """The text without any white space."""
    return "".join(text.split())


def _title_year(sections: Sequence[Section]) -> int | None:
    """The year in the title, where the first lines tell one."""
    for section in sections[:2]:
        for paragraph in section.paragraphs[:8]:
            match = TITLE_YEAR.search(simplified("".join(paragraph.text.split())))
            if match:
                return int(match[1])
    return None


def _periods(sections: Sequence[Section]) -> set[int]:
    """The years that the report names as its statistical period; more than one where it contradicts itself."""
    years: set[int] = set()
    for section in sections[:2]:
        for paragraph in section.paragraphs:
            if "统计" in paragraph.text or "統計" in paragraph.text:
                text = simplified("".join(paragraph.text.split()))
                years |= {int(match[1]) for match in PERIOD.finditer(text)}
    return years


def _flowing(section: Section) -> Iterator[tuple[str, int, Locator]]:
    """The section's paragraphs, lines of one hard-wrapped paragraph joined; with the place of the first line."""
    text, position, locator = "", 0, None
    for paragraph, place in zip(section.paragraphs, section.positions, strict=True):
        line = paragraph.text
        if (
            text
            and len(line) > 3
            and len(text) >= 20
            and text[-1] not in SENTENCE_ENDS
            and not OUTLINE_LINE.match(line)
        ):
            text += line
            continue
        if text and locator:
            yield text, position, locator
        text, position, locator = line.rstrip(), place, paragraph.locator
    if text and locator:
        yield text, position, locator


def _figures(printed: str, thread: Thread, words: Vocabulary) -> Iterator[Figure]:
    """(quantity, value, unit, qualifier) for each figure of one sentence as printed."""
    sentence = normalised(printed)
    said = _by_itself(sentence)
    thread.classified = said.classified
    thread.begin_sentence(sentence, said.channels)
    mentions, denied = said.mentions, list(said.denials)
    index = 0
    while index < len(mentions):
        mention = mentions[index]
        while denied and denied[0][0].start < mention.start:
            yield from zeros(*denied.pop(0), thread, words)
        pairs = listed(mentions, index, sentence, thread, words)
        if pairs:
            for name, one in pairs:
                yield from told(name, one, sentence, thread, words)
            index += max(1, len({one.start for _, one in pairs}))
            continue
        if mention.unit == "%":
            yield from _changed(mention, thread, words)
        elif not change_in(mention.label):
            name = named(mention, thread, words)
            yield from told(name, mention, sentence, thread, words)
        index += 1
    for place, quantities in denied:
        yield from zeros(place, quantities, thread, words)


class _Sentence(NamedTuple):
    """What a sentence says whatever stands around it: its numbers, what it denies, whether it sorts things by kind, how many channels it names."""

    mentions: list[Mention]
    denials: list[tuple[Mention, tuple[Quantity, ...]]]
    classified: bool
    channels: int


NOTHING = _Sentence([], [], False, 0)


@lru_cache(maxsize=512)  # offices say the same year after year; nobody changes what is handed out here
def _by_itself(sentence: str) -> _Sentence:
    mentions = mentions_of(sentence)
    denials = denials_in(sentence, mentions)
    if not mentions and not denials:
        return NOTHING
    if not mentions:
        return _Sentence([], denials, False, 0)
    return _Sentence(mentions, denials, is_classified(sentence), len(vocabulary().channels(sentence)))


def _changed(mention: Mention, thread: Thread, words: Vocabulary) -> Iterator[Figure]:
    """The year-on-year change in percent, signed, of the figure just told or of the quantity that the label itself names."""
    change = change_in(mention.label)
    if not change or OTHER_SHARE.search(mention.reach):
        return
    base = next((time["base"] for time in reversed(mention.times) if time["compare"]), None)
    if base and thread.years and int(base) + 1 not in thread.years:
        return
    subject = re.sub(r"同比|同期|相比|比较", "", without_times(mention.label[: change.start()]))
    subject = TAIL.sub("", subject)
    last = thread.last
    if subject and not CONNECTIVE.fullmatch(subject):
        quantity = by_label(subject, thread, words, False)
        last = quantity.code if quantity else ""
    if last and last not in TIMELESS:
        yield f"{last}.change_percent", -mention.value if change["down"] else mention.value, "%", mention.qualifier
