"""Rows of a text table that are shorter than others: whether their cells vanished at the end, or were merged into fewer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
WORDS = re.compile(r"[\u3400-\u9fff]{2}")
FEWEST_ALIKE = 3  # rows with as many cells behind their labels

Line = list[tuple[str, int, int]]  # (text, first line, last line) of each cell


def complete(rows: list[Line], bars: Sequence[tuple[bool, bool]]) -> None:
    """Give rows the empty cells that vanished. `bars`: of each row, whether a bar begins it and whether one ends it.

    They vanished behind a last bar that begins no row and does not end all of them, before a first bar that most rows do not have, and at the end of rows that are shorter than most, which are
    the widest (every row has all its cells then, the merged ones as empty places); but a row of numbers only that lacks one lost its label, which
    stands in the lines above it. Where merged cells are written once, as Word writes a table as text, rows are of several lengths and as many cells
    stand behind each label: then only what lacks of these vanished.
    """
    closed = all(begins or ends for begins, ends in bars)
    wide = [len(row) + begins + ends for row, (begins, ends) in zip(rows, bars, strict=True)]
    usual, count = Counter(wide).most_common(1)[0]
    alike = 2 * count > len(rows) and not all(begins for begins, _ in bars)
    only_part = alike and not all(ends for _, ends in bars)  # and end no row, nor begin one
    for row, width, (begins, ends) in zip(rows, wide, bars, strict=True):
        if alike and width == usual:  # as many bars as in most rows
            row[:0] = [("", *row[0][1:])] * begins
            row += [("", *row[-1][1:])] * (ends and only_part)
        elif ends and not begins and not closed:
            row.append(("", *row[-1][1:]))
    widths = Counter(map(len, rows))
    widest = max(widths, default=0)
    if widths[widest] * 2 <= len(rows):
        return
    labelled = not any(NUMBER.fullmatch(row[0][0]) for row in rows if len(row) == widest)
    behind = _cells_behind_labels(rows, widest)
    for row in rows:
        if labelled and len(row) == widest - 1 and all(NUMBER.fullmatch(text) for text, _, _ in row):
            row.insert(0, ("", *row[0][1:]))
        width = _label_ends(row) + behind if behind and _has_numbers(row) else widest
        row += [("", *row[-1][1:])] * (width - len(row) if len(row) > 1 else 0)


def _cells_behind_labels(rows: list[Line], widest: int) -> int:
    """How many cells stand behind the label of every row with numbers, where rows of several lengths have as many and none has more; else 0."""
    counted = [(len(row), len(row) - _label_ends(row)) for row in rows if _has_numbers(row)]
    most = max((behind for _, behind in counted), default=0)
    alike = {width for width, behind in counted if behind == most}
    enough = sum(behind == most for _, behind in counted) >= FEWEST_ALIKE
    return most if enough and len(alike) > 1 and widest in alike else 0


def _has_numbers(row: Line) -> bool:
    return any(NUMBER.fullmatch(text) for text, _, _ in row)


def _label_ends(row: Line) -> int:
    """Where the cells behind the last words of a row begin."""
    return next((at + 1 for at in range(len(row) - 1, -1, -1) if WORDS.search(row[at][0])), 0)
