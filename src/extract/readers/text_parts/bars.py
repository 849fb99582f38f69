"""Text whose cells bars part, one cell a line: which lines are bars, which begin a row, which end a cell."""

from __future__ import annotations

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
