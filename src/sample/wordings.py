"""Whole sentences that state figures, kept as a table: reference/wordings.csv, or any table of the same columns.

A row is (topic, when, text). `when` holds conditions: `fees>0`, `items_disclosed>=20`, `lawsuits=0`, `up:items_disclosed` and `down:…` (more or
less than last year), `loose` (the parts told are less than the whole). `text` holds slots: `{items_disclosed|条}` prints the value and its
unit and states it · `{some q|条}` 240余条, `{about q|条}` 约240条, `{over q|条}` 超过240条, `{near q|条}` 近240条: approximate · `{pct q}` the change against last year
in percent · `{all q|条}` all years together · `{past q|条}` last year's value, states nothing · `{same q|件}` prints nothing, states q with
that unit · `{none q}` prints nothing, states 0 · `{n 2-60}` a number that is no figure · `{year}` `{last}` `{next}` `{who}` `{office}` `{stem}`.
`\\n` begins a new paragraph.
"""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

_SLOT = re.compile(r"\{(?:(?P<word>[a-z]+) )?(?P<name>[a-z_.]+|[\d-]+)(?:\|(?P<unit>[^}]*))?\}")
_CONDITION = re.compile(r"(?P<name>[a-z_.]+)(?P<sign>>=|>|=)(?P<bound>\d+)")
_PRINTS_NOTHING = frozenset({"none", "same"})
_STATES_NOTHING = frozenset({"past", "n"})
PLAIN = frozenset({"year", "last", "next", "who", "office", "stem"})
APPROXIMATE = {"some": "{}余", "about": "约{}", "over": "超过{}", "near": "近{}", "least": "不少于{}"}

Value = Callable[[str], float | None]


class Wording(NamedTuple):
    """One row of the table."""

    topic: str
    when: tuple[str, ...]
    text: str


class Figure(NamedTuple):
    """What a slot states, and where in the written text it stands."""

    quantity: str
    value: float
    unit: str
    qualifier: str
    at: int


@cache
def wordings(table: Path | None = None) -> dict[str, tuple[Wording, ...]]:
    """The rows by topic, of `table` or of reference/wordings.csv."""
    source = table or files("sample").joinpath("reference/wordings.csv")
    by_topic: dict[str, tuple[Wording, ...]] = {}
    for row in csv.DictReader(source.read_text(encoding="utf-8").splitlines()):
        wording = Wording(row["topic"], tuple(row["when"].split()), row["text"].replace("\\n", "\n"))
        by_topic[row["topic"]] = (*by_topic.get(row["topic"], ()), wording)
    return by_topic


def choose(rows: tuple[Wording, ...], value: Value, rng: random.Random) -> Wording | None:
    """The first of the rows, in an order of `rng`'s own, that can be told of these values; None where none can."""
    order = rng.sample(rows, len(rows))
    return next((wording for wording in order if _fits(wording, value)), None)


def names(wording: Wording) -> Iterator[str]:
    """The quantities whose values a row needs."""
    for slot in _SLOT.finditer(wording.text):
        if slot["word"] not in ("n",) and slot["name"] not in PLAIN:
            yield slot["name"]


def _fits(wording: Wording, value: Value) -> bool:
    for condition in wording.when:
        if condition == "loose":
            continue
        if condition.startswith(("up:", "down:")):
            change = value(f"{condition.split(':')[1]}.change_percent")
            if change is None or change == 0 or (change > 0) != condition.startswith("up:"):
                return False
            continue
        match = _CONDITION.fullmatch(condition)
        if not match:
            raise ValueError(f"unknown condition {condition!r}")
        known, bound = value(match["name"]), float(match["bound"])
        if known is None or not {">": known > bound, ">=": known >= bound, "=": known == bound}[match["sign"]]:
            return False
    return all(value(name) is not None for name in names(wording))


def fill(
    wording: Wording, value: Value, plain: dict[str, str], rng: random.Random, numeral: Callable[[float], str]
) -> tuple[str, list[Figure]]:
    """The text with its slots filled, and the figures it states in reading order. `numeral` writes a value, `plain` holds year, who …"""
    written, figures, end = "", [], 0
    for slot in _SLOT.finditer(wording.text):
        written += wording.text[end : slot.start()]
        end = slot.end()
        printed, figure = _slot(slot, value, plain, rng, numeral)
        if figure:
            figures.append(figure._replace(at=len(written)))
        written += printed
    return written + wording.text[end:], figures


def _slot(
    slot: re.Match[str], value: Value, plain: dict[str, str], rng: random.Random, numeral: Callable[[float], str]
) -> tuple[str, Figure | None]:
    """What a slot prints, and the figure it states if any."""
    word, name, unit = slot["word"] or "", slot["name"], slot["unit"] or ""
    if not word and name in plain:
        return plain[name], None
    if word == "n":
        low, _, high = name.partition("-")
        return str(rng.randint(int(low), int(high))), None
    if word == "none":
        return "", Figure(name, 0, "", "", 0)
    known = value(name) or 0.0
    if word == "pct":
        change = value(f"{name}.change_percent") or 0.0
        return f"{abs(change):g}", Figure(f"{name}.change_percent", change, "%", "", 0)
    if word == "past":
        return f"{value(f'{name}.last'):g}{unit}", None
    if word == "all":
        total = known + rng.randint(900, 6000)
        return f"{total:g}{unit}", Figure(f"{name}_cumulative", total, unit, "cumulative", 0)
    if word in APPROXIMATE:
        known = known // 10 * 10
        return APPROXIMATE[word].format(f"{known:g}") + unit, Figure(name, known, unit, "approximate", 0)
    if unit.strip() in ("元", "万元"):
        known = money(name, known, unit.strip())
        return f"{known:.10g}{unit}", Figure(name, known, unit.strip(), "", 0)
    printed = "" if word == "same" else f"{numeral(known) if unit else f'{known:g}'}{unit}"
    return printed, Figure(name, known, unit.strip(), "", 0)


def money(name: str, known: float, unit: str) -> float:
    """An amount as printed: fees are known in 10,000 yuan, everything else in yuan."""
    in_yuan = known * 10_000 if name == "fees" else known
    return round(in_yuan / (10_000 if unit == "万元" else 1), 6)
