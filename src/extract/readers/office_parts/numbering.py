"""The automatic numbers of WordprocessingML paragraphs (一、 （二） 3.), which stand in no text run.

Rules: ECMA-376 part 1, 17.9 (numbering.xml) and 17.18.59 (number formats). Counters belong to the abstract list:
several lists built on one abstract list count on, unless a list restarts a level by an override.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = W + "val"
LEVELS = 9
_MAX_NUMBER = 9999

_DIGITS = "〇一二三四五六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def chinese_number(number: int) -> str:
    """1 → 一, 10 → 十, 21 → 二十一, 105 → 一百〇五, up to 9999."""
    if number < 10:
        return _DIGITS[number]
    text, pending_zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("〇" if pending_zero else "") + _DIGITS[digit] + name
        pending_zero = bool(text) and not digit
    return text[1:] if text.startswith("一十") else text


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text


def _letters(number: int) -> str:
    """1 → a, 26 → z, 27 → aa: Word repeats the letter."""
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _enclosed(number: int) -> str:
    return chr(0x245F + number) if 1 <= number <= 20 else str(number)


def formatted(number: int, style: str) -> str:
    """A number in one of the formats of 17.18.59; formats that Chinese reports do not use are written in digits."""
    if not 0 < number <= _MAX_NUMBER:
        return str(number)
    if style in ("bullet", "none"):
        return ""
    if style.startswith(("chineseCounting", "japaneseCounting", "taiwaneseCounting", "ideographDigital")):
        return chinese_number(number)
    if style == "ideographTraditional":
        return _STEMS[(number - 1) % 10]
    if style == "ideographZodiac":
        return _BRANCHES[(number - 1) % 12]
    if style in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese"):
        return _enclosed(number)
    if style.startswith("decimalFullWidth"):
        return str(number).translate({ord("0") + digit: ord("０") + digit for digit in range(10)})
    if style == "decimalZero":
        return f"{number:02d}"
    if style in ("lowerLetter", "upperLetter"):
        return _letters(number).upper() if style == "upperLetter" else _letters(number)
    if style in ("lowerRoman", "upperRoman"):
        return _roman(number).upper() if style == "upperRoman" else _roman(number)
    return str(number)


class _Level(NamedTuple):
    start: int
    style: str
    text: str
    legal: bool


@dataclass(slots=True)
class _List:
    """One w:num: the abstract list that it counts in, its own levels, and the levels it restarts when first used."""

    abstract: str
    levels: dict[int, _Level]
    restarts: dict[int, int]


@dataclass(slots=True)
class Numbering:
    """The lists of a document and where each has counted to. `printed` must be asked in document order."""

    lists: dict[str, _List] = field(default_factory=dict)
    _counters: dict[str, list[int | None]] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)

    def printed(self, list_id: str, level: int) -> str:
        """The number printed before the next paragraph of this list and level, "" where there is none."""
        numbered = self.lists.get(list_id)
        if numbered is None or not 0 <= level < LEVELS or level not in numbered.levels:
            return ""
        counters = self._counters.setdefault(numbered.abstract, [None] * LEVELS)
        if list_id not in self._used:
            self._used.add(list_id)
            for restarted in numbered.restarts:
                counters[restarted] = None
        for place in range(level + 1):
            start = numbered.restarts.get(place, numbered.levels[place].start if place in numbered.levels else 1)
            value = counters[place]
            if place < level:
                counters[place] = start if value is None else value
            else:
                counters[place] = start if value is None else value + 1
        counters[level + 1 :] = [None] * (LEVELS - level - 1)
        return self._text(numbered, level, counters)

    def _text(self, numbered: _List, level: int, counters: list[int | None]) -> str:
        here = numbered.levels[level]
        if here.style in ("bullet", "none"):
            return ""

        def number(mark: re.Match[str]) -> str:
            place = int(mark[1]) - 1
            value = counters[place]
            if value is None or place not in numbered.levels:
                return ""
            style = numbered.levels[place].style
            return formatted(value, "decimal" if here.legal and style != "bullet" else style)

        return re.sub(r"%([1-9])", number, here.text)


def read_numbering(root: etree._Element) -> Numbering:
    """The lists that numbering.xml defines."""
    abstracts = {
        node.get(W + "abstractNumId", ""): {level: _level(part) for level, part in _levels_of(node)}
        for node in root.iterchildren(W + "abstractNum")
    }
    lists = {}
    for node in root.iterchildren(W + "num"):
        abstract = _value(node, "abstractNumId")
        levels, restarts = dict(abstracts.get(abstract, {})), {}
        for override in node.iterchildren(W + "lvlOverride"):
            place = _number(override.get(W + "ilvl", "0"))
            levels.update((place, _level(part)) for _, part in _levels_of(override))
            if override.find(W + "startOverride") is not None:
                restarts[place] = _number(_value(override, "startOverride"))
        lists[node.get(W + "numId", "")] = _List(abstract, levels, restarts)
    return Numbering(lists)


def _levels_of(node: etree._Element) -> list[tuple[int, etree._Element]]:
    return [(_number(part.get(W + "ilvl", "0")), part) for part in node.iterchildren(W + "lvl")]


def _level(node: etree._Element) -> _Level:
    start = _value(node, "start")
    return _Level(
        _number(start) if start else 0,
        _value(node, "numFmt") or "decimal",
        _value(node, "lvlText"),
        node.find(W + "isLgl") is not None,
    )


def _value(node: etree._Element, name: str) -> str:
    child = node.find(W + name)
    return "" if child is None else child.get(_VAL, "")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
