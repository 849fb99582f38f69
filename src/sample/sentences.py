"""Sentences of one report: without figures, joined from clauses that state one figure each, or told as a whole, and what they state.

Wording comes from reference/clauses.csv (sentences without figures, three clauses each), reference/phrases.csv (clauses that state one
quantity) and reference/wordings.csv (whole sentences). Which one is used follows from the report's sentence seeds, so an office that keeps a
sentence keeps its words and changes the numbers in it.
"""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from sample import wordings
from sample.hands import Hand
from sample.knowledge import Knowledge
from sample.panel import SLOTS
from sample.report import Report

NUMERALS = "零一二三四五六七八九十"
_PERCENT = ("received_up", "received_down")


class Stated(NamedTuple):
    """A figure that a sentence states: `unit` as printed ("" for a plain 'none'), `section` 1 to 6, 0 before the
    first heading; `qualifier` is "", "approximate" or "cumulative"."""

    quantity: str
    value: float
    unit: str
    sentence: str
    section: int
    qualifier: str = ""


class Clause(NamedTuple):
    """A clause and the (quantity, value, unit, qualifier) it states."""

    text: str
    states: tuple[tuple[str, float, str, str], ...] = ()


@dataclass(slots=True)
class Prose:
    """Paragraphs by section (0 before the first heading), the figures stated in them and the problems and remedies named, in reading
    order."""

    paragraphs: dict[int, list[str]] = field(default_factory=lambda: {section: [] for section in range(7)})
    stated: list[Stated] = field(default_factory=list)
    improvements: list[tuple[str, str]] = field(default_factory=list)  # (problem or remedy, its text) of section 五


@cache
def _pools() -> tuple[dict[tuple[str, str], list[str]], dict[tuple[str, str], list[str]]]:
    """(topic, part) → clauses without figures; (quantity, when) → phrases that state it."""
    clauses: dict[tuple[str, str], list[str]] = {}
    phrases: dict[tuple[str, str], list[str]] = {}
    reference = files("sample").joinpath("reference")
    for row in csv.DictReader(reference.joinpath("clauses.csv").read_text(encoding="utf-8").splitlines()):
        clauses.setdefault((row["topic"], row["part"]), []).append(row["text"])
    for row in csv.DictReader(reference.joinpath("phrases.csv").read_text(encoding="utf-8").splitlines()):
        phrases.setdefault((row["quantity"], row["when"]), []).append(row["text"])
    return clauses, phrases


class Speaker:
    """Words what one report says, in its office's habits. `table` is another table of whole sentences, which then are the only ones used."""

    def __init__(self, report: Report, hand: Hand, table: Path | None = None) -> None:
        self.report, self.hand = report, hand
        self.clauses, self.phrases = _pools()
        self.wordings = wordings.wordings(table)
        self.worded = 1.0 if table else 0.65
        self.knowledge = Knowledge(report)
        self.prose = Prose()

    def rng(self, slot: int) -> random.Random:
        """The random numbers of a sentence, the same in a year that keeps it."""
        return random.Random(self.report.prose[slot % SLOTS] * SLOTS + slot)

    def whole(self, topic: str, slot: int, section: int) -> str:
        """A sentence (or a few, or several lines) of wordings.csv that fits the report's values; "" where none does, or where the office
        joins clauses this time."""
        rng = self.rng(slot)
        if rng.random() >= self.worded:
            return ""
        wording = wordings.choose(self.wordings.get(topic, ()), self.knowledge.value, rng)
        if wording is None:
            return ""
        value = self.knowledge.divided(wording, random.Random(f"share-{self.report.draw}-{slot}"))
        text, figures = wordings.fill(
            wording, value, self._plain_words(), random.Random(f"number-{self.report.draw}-{slot}"), self._numeral
        )
        self.prose.stated += [
            Stated(one.quantity, one.value, one.unit, _sentence_at(text, one.at), section, one.qualifier)
            for one in figures
        ]
        return text

    def _plain_words(self) -> dict[str, str]:
        year, office = self.report.year, self.report.office
        years = {"year": str(year), "last": str(year - 1), "next": str(year + 1)}
        return years | {"who": self.hand.who, "office": office.name, "stem": office.stem}

    def _numeral(self, known: float) -> str:
        return numeral(known) if self.hand.chinese_numerals else f"{known:g}"

    def phrase(
        self, quantity: str, slot: int, value: float | None = None, suffix: str = "", timed: bool = True
    ) -> Clause:
        """A clause that states `quantity`: the value given, else the one the report states; `timed` lets it say when."""
        rng = self.rng(slot)
        known = self.report.stated[quantity] if value is None else value
        pool = self.phrases.get((quantity, "any")) or self.phrases[(quantity, "positive" if known else "zero")]
        template = rng.choice(pool)
        year = self.report.year
        time = rng.choice(("全年", f"{year}年，", f"{year}年度，", "本年度", "", f"{year}年"))
        time = time if timed else ""
        digits = f"{known:g}" if quantity in _PERCENT else self._numeral(known)
        text = template.replace("{time}", time).replace("{who}", self.hand.who).replace("{n}", digits + suffix)
        unit = template.partition("{n}")[2] if "{n}" in template else ""
        qualifier = (
            "cumulative" if quantity == "items_disclosed_cumulative" else "approximate" if suffix == "余" else ""
        )
        return Clause(text, ((quantity, known, unit, qualifier),))

    def sentence(self, clauses: list[Clause], section: int) -> str:
        """Join clauses to a sentence and note what it states."""
        sentence = "，".join(clause.text for clause in clauses) + "。"
        for clause in clauses:
            self.prose.stated += [
                Stated(quantity, value, unit, sentence, section, qualifier)
                for quantity, value, unit, qualifier in clause.states
            ]
        return sentence

    def plain(self, topic: str, slot: int) -> str:
        """A sentence without figures."""
        return self.clauses_of(topic, slot, "，") + "。"

    def clauses_of(self, topic: str, slot: int, between: str) -> str:
        """The clauses of such a sentence."""
        rng = self.rng(slot)
        parts = [rng.choice(self.clauses[(topic, part)]) for part in "123" if (topic, part) in self.clauses]
        return between.join(parts).replace("{who}", self.hand.who)

    def paragraph(self, section: int, *sentences: str) -> None:
        """Add a paragraph, or several where a sentence breaks the line."""
        self.prose.paragraphs[section] += [line for line in "".join(sentences).split("\n") if line]


def numeral(value: float) -> str:
    """Small whole numbers as Chinese numerals (申请三件), others as digits."""
    return NUMERALS[int(value)] if 1 <= value <= 10 and value == int(value) else f"{value:g}"


def _sentence_at(text: str, at: int) -> str:
    """The sentence around a place in the text, cut at 。 and at line breaks."""
    start = max(text.rfind("。", 0, at), text.rfind("\n", 0, at)) + 1
    ends = [place for mark in "。\n" if (place := text.find(mark, at)) >= 0]
    end = min(ends, default=len(text))
    return text[start : end + 1].strip()
