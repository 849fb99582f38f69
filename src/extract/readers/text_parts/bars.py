"""Text whose cells bars part, one cell a line: which lines are bars, which begin a row, which end a cell; and tables drawn with characters."""

from __future__ import annotations

import re
from itertools import pairwise

FEWEST_RULES = 3  # of a table drawn with characters
MOST_BROKEN = 40  # lines of one row
RULE = re.compile(r"[+┌├└╔╠╚─━═|-][-=─━═+┬┼┴╦╬╩:|┐┤┘╗╣╝ ]+")
RUN, CORNERS = re.compile(r"--|==|──|━━|══"), frozenset("+┌├└┬┼┴┐┤┘╔╠╚╦╬╩╗╣╝─━═")
NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")

MAX_LABEL, LINES_OF_LABEL = 60, 3  # characters and lines of a cell that ends in a bar


def only_bars(line: str) -> bool:
    """Whether nothing but bars stands in a line."""
    return "|" in line and not line.strip("| \t\u3000\xa0")


def opens_barred_row(lines: list[str], at: int) -> bool:
    """A bar alone on its line, and a cell on the next: rows as some programs write them whose cells hold paragraphs."""
    return lines[at].strip() == "|" and ends_barred_cell(lines, at + 1)


def ends_barred_cell(lines: list[str], at: int) -> bool:
    """Whether one of the next few lines is words and a bar at their end, and only filled lines stand before it."""
    for line in map(str.strip, lines[at : at + LINES_OF_LABEL]):
        if line.endswith("|"):
            return line.count("|") == 1 and len(line) > 1
        if line and len(line) > MAX_LABEL:
            return False
    return False


def is_rule(line: str) -> bool:
    """Whether a line is a rule of a table drawn with characters ("+----+---+", "├──┼──┤")."""
    return not CORNERS.isdisjoint(line) and RULE.fullmatch(line.strip()) is not None and RUN.search(line) is not None


def redrawn(lines: list[str]) -> list[str | None]:
    """The lines of text, the rules of drawn tables gone from them (None) and the lines of a row whose cells break joined in its first one. Cells
    stand between bars. Several lines between two rules are one row where no column holds two numbers."""
    rules = [at for at, line in enumerate(lines) if is_rule(line)]
    if len(rules) < FEWEST_RULES:
        return list(lines)
    told: list[str | None] = list(lines)
    for rule in rules:
        told[rule] = None
    for start, end in pairwise(rules):
        row = _joined(lines[start + 1 : end]) if 2 < end - start <= MOST_BROKEN else None
        if row is not None:
            told[start + 1 : end] = [row, *[None] * (end - start - 2)]
    return told


def _joined(lines: list[str]) -> str | None:
    """The one row that these lines are, None where they are several or none."""
    cells = [[cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")] for line in lines]
    if len(set(map(len, cells))) > 1 or len(cells[0]) < 2 or any(not line.strip().startswith("|") for line in lines):
        return None
    columns = list(zip(*cells, strict=True))
    if any(sum(NUMBER.fullmatch(cell) is not None for cell in column) > 1 for column in columns):
        return None
    return f"|{'|'.join(map(''.join, columns))}|"
