"""The phrases of reference/quantities.csv, compiled: which words before or behind a number say what it counts.

In the file a row named {word} is a word class that other rows may use; every other row is a quantity. A phrase is a regular expression on
text without spaces in which # stands for the number: 予以公开# is 予以公开5件, #予以公开 is 5件予以公开. Phrases are separated by spaces.
`whole` phrases name their quantity anywhere, `part` phrases only while the text speaks of the row's topic, `zero` phrases (without #) only
where something is denied. `channel` is how the text calls the channel of a quantity of items disclosed.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

APPEALS = ("reconsiderations", "lawsuits")
ZERO_LEAD = (
    r"(?:收到|收取|办理|作出|实施|接到|接收到?|受理|发生|产生|出现|有|过|任何|一起|一件|一例|一宗|新的|公众|群众|公民个人|公民|法人|社会公众|社会|市民|居民|他人|"
    r"相关|有关|针对|对|就|本机关|本单位|本部门|我街道|本街道|街道办事处|街道|单位|个人|事项|事务|方面|类|任何形式|形式|因|由|被|涉及|关于|政府信息公开工作|政府信息公开|信息公开工作|信息公开|工作|"
    r"引起|引发|导致|的|提出|提起|提交|递交|纠纷|争议|不规范|不当|不及时|不到位|问题|而|政府信息依申请公开|书面|网络|网上|线上|线下|信函|当面|方式|渠道|途径|申请的|申请人|单位和个人|向我街道|向本机关|上级|本年度?|年度|要求|"
    r"针对[^，、的]{1,14}?(?=有关|相关|政府信息|信息公开|的)|向[^，、的]{1,12}?(?=申请|提出|提交|收取))*"
)
ZERO_TRAIL = r"(?:的|有关|相关|情况|情形|现象|案件|案|记录|事项|事宜|发生|等|行为|产生|出现|办理|受理|申请|提出|件|方面|举报|投诉|申诉|纠纷|来信|信件|来函|需求|请求|事件|数量|数|制发)*"


PARENTHESIS, PARENTHESIS_OR_BAR = re.compile("[()]"), re.compile("[()|]")


class Quantity(NamedTuple):
    """One quantity of quantities.csv: its code, its topic, the units it may be counted in."""

    code: str
    topic: str
    units: frozenset[str]


class Inner(NamedTuple):
    """A phrase that goes on behind the number: both sides must match; `topic` is "" where it holds anywhere."""

    quantity: Quantity
    before: re.Pattern[str]
    after: re.Pattern[str]
    topic: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All phrases, compiled. Group names q0, q1, … of the patterns index `quantities`; `told` is the end of
    a label that says no more than that something was published, `channel` how channels are called."""

    quantities: tuple[Quantity, ...]
    by_code: dict[str, Quantity]
    whole: re.Pattern[str]
    parts: dict[str, re.Pattern[str]]
    zero: re.Pattern[str]
    inner: tuple[Inner, ...]
    any_after: re.Pattern[str]
    told: re.Pattern[str]
    channel: re.Pattern[str]

    def quantity(self, match: re.Match[str]) -> Quantity:
        """The quantity whose phrase matched."""
        return self.quantities[int((match.lastgroup or "q0")[1:])]

    def channels(self, text: str) -> list[Quantity]:
        """The channels of disclosure that a text names, each once, in order."""
        return list(dict.fromkeys(self.quantity(match) for match in self.channel.finditer(text)))


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The phrases of quantities.csv, read and compiled once."""
    with files("extract").joinpath("reference/quantities.csv").open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    words: dict[str, str] = {}
    for row in rows:
        if row["quantity"].startswith("{"):
            words[row["quantity"]] = _filled(row["whole"], words)
    rows = [row for row in rows if not row["quantity"].startswith("{")]
    quantities = tuple(
        Quantity(row["quantity"], row["topic"], frozenset(_filled(row["units"], words).split())) for row in rows
    )
    whole: list[str] = []
    parts: dict[str, list[str]] = {}
    zero: list[str] = []
    inner: list[Inner] = []
    channels = [f"(?P<q{at}>{_filled(row['channel'], words)})" for at, row in enumerate(rows) if row["channel"]]
    for index, row in enumerate(rows):
        denied = [_filled(phrase, words) for phrase in row["zero"].split()]
        for column in ("whole", "part"):
            phrases = [_filled(phrase, words) for phrase in row[column].split()]
            closed = [phrase[:-1] for phrase in phrases if phrase.endswith("#")]
            topic = row["topic"] if column == "part" else ""
            inner += [_inner(phrase, quantities[index], topic) for phrase in phrases if not phrase.endswith("#")]
            if not closed:
                continue
            group = f"(?P<q{index}>{_led('|'.join(closed))})"
            if topic:
                parts.setdefault(topic, []).append(group)
            else:
                whole.append(group)
                denied += closed
        if denied:
            zero.append(f"(?P<q{index}>{'|'.join(denied)})")
    return Vocabulary(
        quantities,
        {quantity.code: quantity for quantity in quantities},
        re.compile(f"{_led('|'.join(whole))}$"),
        {topic: re.compile(f"{_led('|'.join(groups))}$") for topic, groups in parts.items()},
        # without the first row (items disclosed): 没有公开政府信息的申请 denies applications
        re.compile(f"{ZERO_LEAD}(?:{'|'.join(zero[1:])}){ZERO_TRAIL}$"),
        tuple(inner),
        re.compile("|".join({phrase.after.pattern for phrase in inner})),
        re.compile(f"(?:{words['{told}']})$"),
        re.compile(_led("|".join(channels))),
    )


def _filled(phrase: str, words: dict[str, str]) -> str:
    """The phrase with its word classes put in."""
    for word, pattern in words.items():
        phrase = phrase.replace(word, pattern)
    return phrase


def _led(pattern: str) -> str:
    """The pattern with the characters with which a match can begin before it, so that most places in a text are passed over at once; without
    them where it may begin with anything."""
    try:
        return f"(?=[{''.join(sorted(first_characters(pattern)))}])(?:{pattern})"
    except ValueError:
        return f"(?:{pattern})"


def _inner(phrase: str, quantity: Quantity, topic: str) -> Inner:
    before, after = phrase.split("#")
    return Inner(quantity, re.compile(f"(?:{before})$" if before else "^$"), re.compile(after), topic)


def first_characters(pattern: str) -> set[str]:
    """The characters with which a match of `pattern` can begin, so that a search need not try every phrase at every character.

    Knows words, groups, alternatives (^ for one), lookbehinds, what `_led` writes, and ? or * behind a group or character: enough for
    quantities.csv. Raises ValueError where a phrase begins with anything else, or may be empty.
    """
    found: set[str] = set()
    for branch in _branches(pattern):
        at, open_ended = 0, True
        while open_ended:
            if at >= len(branch):
                raise ValueError(f"a phrase must begin with a word: {branch!r}")
            if branch[at] == "(":
                end = _closing(branch, at)
                inside = branch[at + 1 : end]
                if inside.startswith("?=["):  # the pattern says itself with what it begins
                    found.update(inside[3:-1])
                    open_ended = False
                elif not inside.startswith(("?<!", "?<=")):
                    ways = _branches(re.sub(r"^\?(?::|P<\w+>)", "", inside))
                    found |= first_characters("|".join([way for way in ways if way != "^"]))
                    open_ended = "^" in ways or branch[end + 1 : end + 2] in tuple("?*")
                at = end + 1
            elif branch[at] == "^":
                at += 1
            elif branch[at] in "[.\\":
                raise ValueError(f"a phrase must begin with a word: {branch!r}")
            else:
                found.add(branch[at])
                open_ended = branch[at + 1 : at + 2] in ("?", "*") and bool(branch[at + 1 : at + 2])
                at += 1
            while branch[at : at + 1] in ("?", "*", "+") and branch[at : at + 1]:
                at += 1
    return found


def _closing(pattern: str, at: int) -> int:
    """The index of the parenthesis that closes the one at `at`."""
    depth = 0
    for mark in PARENTHESIS.finditer(pattern, at):
        depth += 1 if mark[0] == "(" else -1
        if depth == 0:
            return mark.start()
    raise ValueError(f"unbalanced parentheses: {pattern!r}")


def _branches(pattern: str) -> list[str]:
    """The alternatives of a pattern, those inside its groups left alone."""
    branches, depth, start = [], 0, 0
    for mark in PARENTHESIS_OR_BAR.finditer(pattern):
        if mark[0] != "|":
            depth += 1 if mark[0] == "(" else -1
        elif depth == 0:
            branches.append(pattern[start : mark.start()])
            start = mark.end()
    return [*branches, pattern[start:]]
