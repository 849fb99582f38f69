"""A table, or a whole report, in one line: what some programs make of a page, with a tab, a bar or a space between its cells.

Such a line becomes as many lines as it has pieces. Which pieces are a row the form tells, as in any text with a cell a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from ...document import BBox, Grid, Paragraph

FEWEST_ROWS = 3  # words that follow a number in one line: in a row its words come first
FEWEST_WORDS, FEWEST_NUMBERS = 10, 10  # a table of one row has its whole head before its numbers
SIDE_BY_SIDE = 20  # numbers that follow a number, where only spaces part: prose has spaces around its numbers too
BARS, SPACES = (("\t", re.compile(r"\t+")), ("|", re.compile(r"\|"))), re.compile(r"[ \u3000\xa0]+")
# A dash or 零 stands in a number's place.
NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?|[-—–－―/／]{1,3}|[零〇无]")


class Piece(NamedTuple):
    """A line of its own now: its text, and where it stood (line, first and last character, counted from 1)."""

    text: str
    line: int
    first: int
    last: int


def unfolded(lines: list[str]) -> list[Piece] | None:
    """The lines, long ones in their pieces; None where no line is that long."""
    separators = list(map(_separator, lines))
    if not any(separators):
        return None
    lines_apart = enumerate(zip(lines, separators, strict=True), 1)
    pieces = [piece for at, (line, separator) in lines_apart for piece in _pieces(line, separator, at)]
    return pieces if len(pieces) > len(lines) else None


def _pieces(line: str, separator: re.Pattern[str] | None, at: int) -> Iterator[Piece]:
    if separator is None:
        yield Piece(line, at, 1, len(line))
        return
    start = 0
    for found in [*separator.finditer(line), None]:
        end = found.start() if found else len(line)
        if line[start:end].strip():
            yield Piece(line[start:end], at, start + 1, end)
        start = found.end() if found else end


def _separator(line: str) -> re.Pattern[str] | None:
    """What parts a line that is a table; None where it is a row of one, or prose."""
    for character, bar in BARS:
        if line.count(character) < 2 * FEWEST_ROWS - 1:
            continue  # as many stand between the fewest numbers and words
        numbers = _numbers(bar, line)
        new_rows = sum(before and not number for before, number in pairwise(numbers))
        if new_rows >= FEWEST_ROWS or (sum(numbers) >= FEWEST_NUMBERS and len(numbers) - sum(numbers) >= FEWEST_WORDS):
            return bar
    numbers = _numbers(SPACES, line) if len(line) > 2 * SIDE_BY_SIDE else []
    return SPACES if sum(before and number for before, number in pairwise(numbers)) >= SIDE_BY_SIDE else None


def _numbers(separator: re.Pattern[str], line: str) -> list[bool]:
    """Of each piece that is not empty, whether it is a number."""
    return [bool(NUMBER.fullmatch(piece)) for piece in map(str.strip, separator.split(line)) if piece]


def put_back(blocks: list[Paragraph | Grid], pieces: list[Piece]) -> None:
    """Give the blocks the places of the pieces from which they were read."""
    for block in blocks:
        for part in [block] if isinstance(block, Paragraph) else block.cells:
            if part.locator.bbox is not None:
                bbox = _place(part.locator.bbox, pieces)
                row = int(bbox[0]) if isinstance(block, Paragraph) else part.locator.row
                part.locator = part.locator._replace(bbox=bbox, row=row)


def _place(bbox: BBox, pieces: list[Piece]) -> BBox:
    first, last = pieces[int(bbox[0]) - 1], pieces[int(bbox[2]) - 1]
    return first.line, first.first, last.line, last.last
