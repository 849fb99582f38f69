"""Where text goes on paper: lines of a width, columns and rows of a table, and what of a table each page holds.

Lengths in points, from the top left corner of the page downwards. Knows nothing of any drawing library but the widths of characters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sample.tables import Box, Table

Width = Callable[[str, float], float]  # text, size → points

_NOT_FIRST = "，。；：、）”》！？%"


@dataclass(slots=True)
class Placed:
    """A cell with its place in the grid and its text broken into lines."""

    box: Box
    row: int
    column: int
    row_span: int
    lines: list[str]
    vertical: bool = False


@dataclass(slots=True)
class Setting:
    """A table set in type: column edges from the left, heights of rows, cells, size and leading of its type."""

    edges: list[float]
    heights: list[float]
    cells: list[Placed]
    size: float
    leading: float


@dataclass(slots=True)
class Part:
    """What one page holds of a table: rows `first` up to `last` (excluded), and whether it was cut before and after."""

    first: int
    last: int
    cut_above: bool = False
    cut_below: bool = False
    tops: list[float] = field(default_factory=list)  # of the rows, and the bottom of the last one

    def reach(self, cell: Placed) -> tuple[float, float] | None:
        """Top and bottom of what this part holds of a cell, None where it holds nothing."""
        begin, end = max(cell.row, self.first), min(cell.row + cell.row_span, self.last)
        return (self.tops[begin - self.first], self.tops[end - self.first]) if begin < end else None


def break_lines(text: str, width: float, size: float, measure: Width, indent: float = 0) -> list[str]:
    """Break text into lines of at most `width`; no line begins with a closing mark."""
    lines: list[str] = []
    for piece in text.split("\n"):
        line, used = "", indent
        for character in piece:
            advance = measure(character, size)
            if used + advance > width and line:
                # A closing mark takes the character before it along to the next line.
                keep = len(line) - 1 if character in _NOT_FIRST and len(line) > 1 else len(line)
                lines.append(line[:keep])
                line = line[keep:]
                used = sum(measure(moved, size) for moved in line)
            line += character
            used += advance
        lines.append(line)
        indent = 0
    return lines


def column_edges(table: Table, left: float, width: float, stub: float) -> list[float]:
    """Edges of the columns: labels wide, figures even. `stub` is the width of the first column of section 三."""
    if table.name == "applications":
        labels = [stub, 74.0, 138.0]
        shares = [*labels, *[(width - sum(labels)) / 7] * 7]
    elif table.name == "proactive":
        shares = [width * 0.34] + [width * 0.22] * 3
    else:
        shares = [width / table.width] * table.width
    edges = [left]
    for share in shares:
        edges.append(edges[-1] + share)
    return edges


def set_table(
    table: Table, edges: list[float], size: float, measure: Width, vertical_stub: bool, air: float = 0.55
) -> Setting:
    """Break every cell's text and make the rows as high as their texts ask; `air` is left around them, in sizes."""
    leading, pad = size * 1.25, size * air
    taken: set[tuple[int, int]] = set()
    cells: list[Placed] = []
    heights = [leading + pad] * len(table.rows)
    for row, boxes in enumerate(table.rows):
        column = 0
        for box in boxes:
            while (row, column) in taken:
                column += 1
            taken |= {(row + down, column + right) for down in range(box.row_span) for right in range(box.col_span)}
            width = edges[column + box.col_span] - edges[column] - 4
            vertical = vertical_stub and box.text.startswith("三、") and box.row_span > 8
            lines = list(box.text) if vertical else break_lines(box.text.strip(" "), width, size, measure)
            cells.append(Placed(box, row, column, box.row_span, lines, vertical))
            if box.row_span == 1:
                heights[row] = max(heights[row], len(lines) * leading + pad)
            column += box.col_span
    for cell in cells:  # a label over several rows that needs more room than they have stretches the last of them
        last = cell.row + cell.row_span
        lacking = len(cell.lines) * leading + pad - sum(heights[cell.row : last])
        if lacking > 0:
            heights[last - 1] += lacking
    return Setting(edges, heights, cells, size, leading)


def paginate(setting: Setting, top: float, page_top: float, bottom: float, cuts_rows: bool) -> list[Part]:
    """Distribute the rows over pages: the first part begins at `top`, later ones at `page_top`; none passes `bottom`.

    With `cuts_rows` a row whose label has several lines is itself cut where the page ends: the setting gains a row.
    """
    parts = [Part(0, 0, tops=[top])]
    row = 0
    while row < len(setting.heights):
        part = parts[-1]
        room = bottom - part.tops[-1]
        if setting.heights[row] > room:
            kept = int((room - setting.leading * 0.4) / setting.leading)
            if cuts_rows and 1 <= kept < _lines_of(setting, row):
                _cut_row(setting, row, kept)
                continue
            part.cut_below = part.last > part.first
            parts.append(Part(row, row, cut_above=part.cut_below, tops=[page_top]))
            part = parts[-1]
        row += 1
        part.last = row
        part.tops.append(part.tops[-1] + setting.heights[row - 1])
    return parts


def _lines_of(setting: Setting, row: int) -> int:
    """Lines of the longest text that belongs to this row alone; 0 where a label over several rows ends in it."""
    ending = any(
        cell.row_span > 1 and cell.row + cell.row_span - 1 == row and not cell.vertical for cell in setting.cells
    )
    return (
        0
        if ending
        else max((len(cell.lines) for cell in setting.cells if cell.row == row and cell.row_span == 1), default=0)
    )


def _cut_row(setting: Setting, row: int, kept: int) -> None:
    """Cut a row in two: the first `kept` lines of its texts stay, the others become a row of their own."""
    pad = setting.size * 0.4
    rest: list[Placed] = []
    for cell in setting.cells:
        if cell.row > row:
            cell.row += 1
        elif cell.row == row and cell.row_span == 1:
            rest.append(Placed(cell.box, row + 1, cell.column, 1, cell.lines[kept:]))
            cell.lines = cell.lines[:kept]
        elif cell.row + cell.row_span > row:
            cell.row_span += 1
    longest = max(len(cell.lines) for cell in rest)
    setting.heights[row : row + 1] = [kept * setting.leading + pad, longest * setting.leading + pad]
    setting.cells += rest


def shares(setting: Setting, parts: list[Part]) -> list[list[tuple[Placed, list[str], float, float]]]:
    """For each part the texts it prints: cell, lines, and between which heights they are centred.

    A stub that runs down its column is cut where the page ends; any other label is printed whole, in the first part
    that has room for it, else in the largest.
    """
    printed: list[list[tuple[Placed, list[str], float, float]]] = [[] for _ in parts]
    for cell in setting.cells:
        held = [(index, *reach) for index, part in enumerate(parts) if (reach := part.reach(cell))]
        if cell.vertical:
            lines = cell.lines
            for index, top, bottom in held:
                fitting = lines if index == held[-1][0] else lines[: int((bottom - top) / setting.leading)]
                printed[index].append((cell, fitting, top, bottom))
                lines = lines[len(fitting) :]
            continue
        needed = len(cell.lines) * setting.leading
        index, top, bottom = next(
            (one for one in held if one[2] - one[1] >= needed), max(held, key=lambda one: one[2] - one[1])
        )
        printed[index].append((cell, cell.lines, top, bottom))
    return printed
