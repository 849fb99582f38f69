"""Heads of section 二 whose labels wrap in narrow columns, in text that keeps the places of a page: 本年制 above 发件数 is 本年制发件数.

Pieces are joined only where they stand above each other, none of them is a label by itself, and the whole is one of that section's columns. Only
tables whose cells were told apart by spaces are looked at.
"""

from __future__ import annotations

import re
from dataclasses import replace

from .codebook import APPEALS, APPLICATIONS
from .document import Cell, Document, Grid
from .labels import COLUMN, roles

TEXT = "text"  # the kind
LINES_BELOW = 2  # in which the rest of a label may stand: 信息内容 may come between
MOST_PIECES = 4  # of a label
LONGEST = 12  # characters of a piece
DIGITS_ALONE = re.compile(r"[\d.,%-]+")


def mend_heads(document: Document) -> None:
    """Make the labels whole, in place: the first piece gets all of it, the others go."""
    if document.source.kind == TEXT:
        document.blocks = [
            _mended(block) if isinstance(block, Grid) and not block.sure_places else block for block in document.blocks
        ]


def _mended(grid: Grid) -> Grid:
    lines = grid.own_cells()
    gone: set[int] = set()
    whole: dict[int, str] = {}
    for at, cells in enumerate(lines):
        for cell in cells:
            if id(cell) in gone or not _is_piece(cell):
                continue
            text, used = _joined(cell, lines[at + 1 : at + 1 + LINES_BELOW * (MOST_PIECES - 1)], gone)
            if used:
                whole[id(cell)] = text
                gone.update(map(id, used))
    if not whole:
        return grid
    kept = [replace(cell, text=whole.get(id(cell), cell.text)) for cell in grid.cells if id(cell) not in gone]
    return Grid(kept, grid.table, grid.page, grid.caption, grid.sure_places)


def _joined(first: Cell, below: list[list[Cell]], gone: set[int]) -> tuple[str, list[Cell]]:
    """The label that a piece begins, and the pieces below that are the rest of it; none where it begins no label."""
    used: list[Cell] = []
    text, waited = first.text, 0
    for cells in below:
        under = [cell for cell in cells if _overlap(first, cell)]
        if (
            any(DIGITS_ALONE.fullmatch(cell.text) for cell in cells)
            or waited == LINES_BELOW
            or len(used) == MOST_PIECES
        ):
            break
        if len(under) != 1 or not _is_piece(under[0]) or id(under[0]) in gone:
            waited += 1
            continue
        text, waited = text + under[0].text, 0
        used.append(under[0])
        if any(role.kind == COLUMN and role.block not in (APPLICATIONS, APPEALS) for role in roles(text)):
            return text, used
    return "", []


def _is_piece(cell: Cell) -> bool:
    return 0 < len(cell.text) <= LONGEST and not roles(cell.text) and not DIGITS_ALONE.fullmatch(cell.text)


def _overlap(one: Cell, other: Cell) -> bool:
    """Whether two cells stand above each other in the lines of the file."""
    if one.locator.bbox is None or other.locator.bbox is None:
        return False
    _, first, _, last = one.locator.bbox
    _, begin, _, end = other.locator.bbox
    return max(first, begin) <= min(last, end)
