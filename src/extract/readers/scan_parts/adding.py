"""A worn digit may look like another one to every network. Where the rows of a worn table add up to their last cell, one that does not is doubted.

The table itself tells that its rows add up: most of them do. Nothing is corrected, and clean tables are left alone: what does not add up there was
printed so.
"""

from __future__ import annotations

from collections import Counter

from extract.readers.scan_parts.cell_numbers import CellReading
from extract.readers.scan_parts.lattice import LatticeCell

FEWEST_CELLS = 4  # of a row: three operands and their sum
FEWEST_ROWS, MOST_WRONG = 4, 0.7  # rows that add up to something, and the share of rows that may not
NOTHING = frozenset({"", "-", "/"})
DOUBT = "the row does not add up on a worn page"


def unequal_rows_doubted(cells: list[LatticeCell], readings: list[CellReading]) -> list[CellReading]:
    """The readings of a table's cells, in their order; those of worn rows that ought to add up and do not are doubted, unless cells that are
    doubted already explain it."""
    rows = ending_in_numbers(cells, readings)
    lengths = Counter(len(row) for row in rows)
    if not lengths:
        return readings
    usual = lengths.most_common(1)[0][0]
    rows = [row for row in rows if len(row) == usual and any(readings[index].text not in NOTHING for index in row)]
    wrong = [row for row in rows if not adds_up([readings[index].text for index in row])]
    if len(rows) - len(wrong) < FEWEST_ROWS or len(wrong) > MOST_WRONG * len(rows):
        return readings
    doubted = list(readings)
    for row in wrong:
        if not explained([readings[index] for index in row]):
            for index in row:
                doubted[index] = readings[index]._replace(doubt=readings[index].doubt or DOUBT)
    return doubted


def ending_in_numbers(cells: list[LatticeCell], readings: list[CellReading]) -> list[list[int]]:
    """Of each worn row the indexes of the numbers and empty cells at its end, left to right."""
    by_row: dict[int, list[int]] = {}
    for index, cell in enumerate(cells):
        if cell.worn and cell.row_span == 1:
            by_row.setdefault(cell.row, []).append(index)
    found = []
    for row in by_row.values():
        ordered = sorted(row, key=lambda index: cells[index].col)
        words = [place for place, index in enumerate(ordered) if not is_number(readings[index].text)]
        end = ordered[words[-1] + 1 :] if words else ordered
        if len(end) >= FEWEST_CELLS:
            found.append(end)
    return found


def is_number(text: str) -> bool:
    """Whether a cell shows a count, or nothing."""
    return text in NOTHING or text.replace(",", "").isdecimal()


def adds_up(texts: list[str]) -> bool:
    """Whether the last number is the sum of the others."""
    *operands, total = [0 if text in NOTHING else int(text.replace(",", "")) for text in texts]
    return sum(operands) == total


def explained(row: list[CellReading]) -> bool:
    """Whether the cells doubted already may be what keeps a row from adding up: several of them, or one that one misread digit would mend."""
    doubted = [place for place, reading in enumerate(row) if reading.doubt]
    if len(doubted) != 1:
        return bool(doubted)
    *operands, total = [0 if reading.text in NOTHING else int(reading.text.replace(",", "")) for reading in row]
    at, text = doubted[0], row[doubted[0]].text
    needed = sum(operands) if at == len(operands) else total - sum(operands) + operands[at]
    if text in NOTHING or len(str(needed)) != len(text):
        return needed >= 0  # a lost or an added digit
    return needed >= 0 and sum(one != other for one, other in zip(str(needed), text, strict=True)) <= 1
