"""The phrases of reference/quantities.csv, compiled: which words before or behind a number say what it counts.

In the file a row named {word} is a word class that other rows may use; every other row is a quantity. A phrase is a regular expression on
text without spaces in which # stands for the number: 予以公开# is 予以公开5件, #予以公开 is 5件予以公开. Phrases are separated by spaces.
`whole` phrases name their quantity anywhere, `part` phrases only while the text speaks of the row's topic.
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
    r"(?:收到|收取|接到|接收到?|受理|发生|产生|出现|有|过|任何|一起|一件|一例|新的|公众|群众|公民|公民个人|社会公众|社会|市民|居民|他人|"
    r"相关|有关|因|由|被|涉及|关于|政府信息公开工作|政府信息公开|信息公开工作|信息公开|工作|引起|引发|导致|的|提出|提起|申请人|单位和个人|"
    r"向我街道|向本机关|上级|本年度?|年度)*"
)
ZERO_TRAIL = r"(?:的|情况|情形|现象|案件|案|记录|事项|发生|等|行为|产生|出现|办理|受理|申请|提出)*"


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
    """All phrases, compiled. Group names q0, q1, … of the patterns index `quantities`."""

    quantities: tuple[Quantity, ...]
    whole: re.Pattern[str]
    parts: dict[str, re.Pattern[str]]
    zero: re.Pattern[str]
    inner: tuple[Inner, ...]
    any_after: re.Pattern[str]

    def quantity(self, match: re.Match[str]) -> Quantity:
        """The quantity whose phrase matched."""
        return self.quantities[int((match.lastgroup or "q0")[1:])]


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
    quantities = tuple(Quantity(row["quantity"], row["topic"], frozenset(row["units"].split())) for row in rows)
    whole: list[str] = []
    parts: dict[str, list[str]] = {}
    zero: list[str] = []
    inner: list[Inner] = []
    for index, row in enumerate(rows):
        for column in ("whole", "part"):
            phrases = [_filled(phrase, words) for phrase in row[column].split()]
            closed = [phrase[:-1] for phrase in phrases if phrase.endswith("#")]
            topic = row["topic"] if column == "part" else ""
            inner += [_inner(phrase, quantities[index], topic) for phrase in phrases if not phrase.endswith("#")]
            if not closed:
                continue
            group = f"(?P<q{index}>{'|'.join(closed)})"
            if topic:
                parts.setdefault(topic, []).append(group)
            else:
                whole.append(group)
                zero.append(f"(?P<q{index}>{'|'.join([*closed, *_zero_nouns(row['quantity'], words)])})")
    return Vocabulary(
        quantities,
        re.compile(f"(?:{'|'.join(whole)})$"),
        {topic: re.compile(f"(?:{'|'.join(groups)})$") for topic, groups in parts.items()},
        re.compile(f"{ZERO_LEAD}(?:{'|'.join(zero)}){ZERO_TRAIL}$"),
        tuple(inner),
        re.compile("|".join({phrase.after.pattern for phrase in inner})),
    )


def _filled(phrase: str, words: dict[str, str]) -> str:
    """The phrase with its word classes put in."""
    for word, pattern in words.items():
        phrase = phrase.replace(word, pattern)
    return phrase


def _inner(phrase: str, quantity: Quantity, topic: str) -> Inner:
    before, after = phrase.split("#")
    return Inner(quantity, re.compile(f"(?:{before})$" if before else "^$"), re.compile(after), topic)


def _zero_nouns(code: str, words: dict[str, str]) -> list[str]:
    """What may stand bare behind 无 or 没有 but needs a verb before a number: no application was received, whatever the verb."""
    return [words["{application}"], "申请"] if code == "applications_received" else []
