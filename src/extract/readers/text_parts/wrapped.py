"""Labels that a narrow cell wraps over lines, in text that keeps the places of a page: the numbers of the row stand beside the middle of its label.

Such text keeps room between the cells: what has single spaces there is none. A wrapped label begins with an enumerator, its other lines stand right beneath the first one and have none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from .pieces import parted, places_in

FEWEST_ROWS, FEWEST_NUMBERS = 5, 5
MOST_LINES = 4  # of a label before the line with the numbers, and behind it
LONGEST = 40  # characters of a line of a label
NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?|[-—–－/／]")
NUMBERS = re.compile(rf"(?:^|(?<=\s))(?:(?:{NUMBER.pattern})\s{{2,}}){{{FEWEST_NUMBERS - 1},}}(?:{NUMBER.pattern})\s*$")
ENUMERATOR = re.compile(r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.．、]")
ASIDE = 1  # characters by which lines of one cell may begin apart


class Label(NamedTuple):
    """The last piece of a line that is no number: its text, and where it begins (counted from 0)."""

    text: str
    start: int


def unwrapped(lines: Sequence[str]) -> list[tuple[int, str]] | None:
    """The lines with their numbers from 0, each wrapped label whole in the line of its numbers; None where none is wrapped."""
    rows = {
        at: found.start()
        for at, line in enumerate(lines)
        if (found := NUMBERS.search(line)) and "\t" not in line and "|" not in line
    }
    if len(rows) < FEWEST_ROWS:
        return None
    told: dict[int, str] = {}
    for at, numbers in rows.items():
        own = _label(lines[at][:numbers])
        end = own.start if own else 0
        parts = _parts(lines, rows, at, own)
        if len(parts) < 2 and own:  # what stands in that line may be the name of a group, left of the row's own label
            end = own.start + len(own.text)
            parts = {line: label for line, label in _parts(lines, rows, at, None).items() if label.start > end}
        if len(parts) < 2 or not ENUMERATOR.match(next(iter(parts.values())).text):
            continue
        before = lines[at][:end].rstrip()
        whole = "".join([label.text for label in parts.values()])
        told |= {line: lines[line][: label.start].rstrip() for line, label in parts.items()}
        told[at] = f"{before}   {whole}   {lines[at][numbers:].strip()}"
    if not told:
        return None
    return [(at, told.get(at, line)) for at, line in enumerate(lines) if told.get(at, " ")]


def _parts(lines: Sequence[str], rows: dict[int, int], at: int, own: Label | None) -> dict[int, Label]:
    """The lines of the label of the row with its numbers in line `at`, from the top down."""
    parts = {at: own} if own else {}
    start = own.start if own else -1
    above: dict[int, Label] = {}
    for line in range(at - 1, max(at - MOST_LINES, 0) - 1, -1):
        first = next(reversed(above.values()), own)
        label = None if line in rows or (first and ENUMERATOR.match(first.text)) else _label(lines[line])
        if label is None or (start >= 0 and abs(label.start - start) > ASIDE):
            break
        start = label.start if start < 0 else start
        above[line] = label
    parts = dict(reversed(above.items())) | parts
    for line in range(at + 1, min(at + MOST_LINES + 1, len(lines))):
        label = _label(lines[line]) if line not in rows and parts else None
        if label is None or abs(label.start - start) > ASIDE or ENUMERATOR.match(label.text):
            break
        parts[line] = label
    return parts


def _label(line: str) -> Label | None:
    """The last piece of a line; None where there is none, or the line is prose or drawn."""
    if "。" in line or "\t" in line or "|" in line:
        return None
    pieces = parted(line)
    if not pieces or not 0 < len(pieces[-1]) <= LONGEST:
        return None
    first, _ = places_in(line, pieces)[-1]
    return Label(pieces[-1], first - 1)
