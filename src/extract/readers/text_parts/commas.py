"""Text whose rows are parted by commas: what is left of a table that a program wrote as separated values, prose around it.

A comma may also stand inside a number (1,278). Where a row leaves open which it is, the row stays one line: the form
then says that its cells run together, and nobody guesses.
"""

from __future__ import annotations

import csv
import re
from itertools import pairwise, takewhile

from .long_lines import Piece

FEWEST_ROWS = 6  # rows of seven numbers: the table of applications has more than twenty
APPLICANTS, APPEALS = 7, 15  # numbers of a row in the tables that need no header to be counted
LONGEST_CELL = 90
MOST_LINES = 30  # of one cell
ENDS_OF_SENTENCES = ("。", "；", "：", ":", "！", "？", ".")

NUMBER = re.compile(r"\s*(?:[-+]?\d+(?:\.\d+)?|[-—/]*|[无零〇])\s*")
QUOTED_OR_NOT = re.compile(r'"((?:[^"]|"")*)"|([^,]*)')
FIRST_PART, FURTHER_PART = re.compile(r"[-+]?[1-9]\d{0,2}"), re.compile(r"\d{3}(?:\.\d+)?")


def are_commas(lines: list[str]) -> bool:
    """Whether the lines hold tables whose cells commas part."""
    rows = (line for line in lines if line.count(",") >= APPLICANTS - 1 and "\t" not in line and "|" not in line)
    return sum(_numbers_at_end(_cells(line)) >= APPLICANTS for line in rows) >= FEWEST_ROWS


def whole_rows(lines: list[str]) -> list[Piece] | None:
    """The lines, those made one that a cell in quotes goes over ("法律⏎服务⏎机构"); None where no cell does, or no commas part cells."""
    opened = [at for at, line in enumerate(lines) if line.count('"') % 2]
    if not opened or not are_commas(lines):
        return None
    pieces: list[Piece] = []
    at = 0
    while at < len(lines):
        end = at
        if lines[at].count('"') % 2:
            end = next(
                (
                    further
                    for further in range(at + 1, min(at + MOST_LINES, len(lines)))
                    if lines[further].count('"') % 2
                ),
                at,
            )
        text = "".join(lines[at : end + 1])
        pieces.append(Piece(text, at + 1, 1, len(lines[at])))
        at = end + 1
    return pieces


def with_tabs(lines: list[str]) -> tuple[list[str], list[int]]:
    """The lines, those that are rows with tabs between their cells; and which of them (from 0) stay as they are because a comma in
    them may as well stand inside a number."""
    told: list[str] = []
    unclear: list[int] = []
    header = 0  # cells of the last row without numbers
    for at, line in enumerate(lines):
        cells = _cells(line) if _may_be_row(line) else []
        numbers = _numbers_at_end(cells)
        if numbers and _may_hold_thousands(line) and not _is_counted(cells, numbers, header):
            unclear.append(at)
            cells = []
        elif len(cells) > 1 and not numbers:
            header = len(cells)
        told.append("\t".join(cell.replace("\t", " ") for cell in cells) if len(cells) > 1 else line)
    return told, unclear


def by_pattern(line: str) -> str:
    """A row by a way of its own, for the second reading: what stands between commas or quotes, tabs between."""
    if not _may_be_row(line):
        return line
    return "\t".join(quoted or plain for quoted, plain in QUOTED_OR_NOT.findall(line) if quoted or plain)


def _may_be_row(line: str) -> bool:
    text = line.strip()
    return "," in text and "\t" not in text and "。" not in text and not text.endswith(ENDS_OF_SENTENCES)


def _cells(line: str) -> list[str]:
    try:
        cells = next(csv.reader([line.strip()], skipinitialspace=True), [])
    except csv.Error:
        return []
    return cells if all(len(cell) <= LONGEST_CELL for cell in cells) else []


def _numbers_at_end(cells: list[str]) -> int:
    return sum(1 for _ in takewhile(NUMBER.fullmatch, reversed(cells)))


def _may_hold_thousands(line: str) -> bool:
    """Whether two pieces side by side, neither of them quoted, may be one number with a comma in it."""
    pieces = [piece.strip() for piece in re.sub(r'"[^"]*"', '""', line).split(",")]
    return any(FIRST_PART.fullmatch(first) and FURTHER_PART.fullmatch(further) for first, further in pairwise(pieces))


def _is_counted(cells: list[str], numbers: int, header: int) -> bool:
    """Whether a row has as many numbers as its table has columns, so that each comma parts two of them."""
    return numbers in (APPLICANTS, APPEALS) or len(cells) == header
