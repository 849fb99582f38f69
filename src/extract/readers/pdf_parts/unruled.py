"""Tables without ruling lines: rows of numbers that stand under one another.

White space tells columns less surely than rules do, so every cell found here carries a doubt. What does not
look like at least two rows of aligned numbers (or one row of many) stays prose.
"""

from __future__ import annotations

import itertools
import re
from typing import NamedTuple

from extract.document import BBox
from extract.readers.pdf_parts.lettering import Lettering
from extract.readers.pdf_parts.ruling import Region
from extract.readers.pdf_parts.tables import Table, TableCell
from extract.readers.pdf_parts.wording import joined, tidy

SPACED = "columns told by white space alone"
COLUMN_GAP = 0.9  # of the font's height: room between two words that parts two columns
HEADER_ROWS = 8
MANY = 5  # numbers in a row: enough for a table of one row
_NUMBER = re.compile(r"[+-]?\d[\d.,]*(?:万?元|[%％])?|[-—–/／]+")
_ROW = re.compile(r"(?:^|\s)(?:[+-]?\d[\d.,]*(?:万?元)?|[-—–/／])\s+(?:[+-]?\d[\d.,]*(?:万?元)?|[-—–/／])\s*$")
_CHAPTER = re.compile(r"[一二三四五六七八九十]{1,3}\s*、")


class Piece(NamedTuple):
    """Words with no wide gap between them."""

    text: str
    box: BBox


class Row(NamedTuple):
    """What stands at one height: pieces from left to right, and how many of the last are numbers."""

    pieces: list[Piece]
    top: float
    bottom: float
    numbers: int
    lines: list[tuple[int, int]]


def find_unruled(lettering: Lettering, outside: list[tuple[int, int]]) -> tuple[list[Table], list[tuple[int, int]]]:
    """Tables among the lines outside ruled tables, and the lines that stay prose. Cheap where no line ends in two
    numbers.
    """
    text = lettering.text
    if not any(_ROW.search(text[begin:end]) for begin, end in outside):
        return [], outside
    rows = _rows(lettering, outside)
    tables: list[Table] = []
    taken: set[tuple[int, int]] = set()
    for first, last in _blocks(rows):
        header = _header_start(rows, first)
        tables.append(_table(rows[header:first], rows[first : last + 1]))
        taken.update(line for row in rows[header : last + 1] for line in row.lines)
    return tables, [line for line in outside if line not in taken]


def _rows(lettering: Lettering, lines: list[tuple[int, int]]) -> list[Row]:
    """The lines cut into pieces at wide gaps, those at one height together, from top to bottom."""
    boxes, ignored = lettering.boxes, lettering.ignored
    inside = {index: line for line in lines for index in range(*line)}
    found: list[tuple[float, Piece, tuple[int, int]]] = []
    for begin, end in lettering.words:
        line = inside.get(begin)
        if line is None or begin in ignored:
            continue
        first, last = boxes[begin], boxes[end - 1]
        box = (first[0], min(first[1], last[1]), last[2], max(first[3], last[3]))
        found.append(((box[1] + box[3]) / 2, Piece(lettering.text[begin:end], box), line))
    found.sort(key=lambda item: item[0])
    groups: list[list[tuple[float, Piece, tuple[int, int]]]] = []
    for item in found:
        height = item[1].box[3] - item[1].box[1]
        if groups and item[0] - groups[-1][0][0] < 0.4 * height:
            groups[-1].append(item)
        else:
            groups.append([item])
    return [_row(group) for group in groups]


def _row(group: list[tuple[float, Piece, tuple[int, int]]]) -> Row:
    pieces: list[Piece] = []
    for _, piece, _ in sorted(group, key=lambda item: item[1].box[0]):
        past = pieces[-1] if pieces else None
        if past and piece.box[0] - past.box[2] < COLUMN_GAP * (piece.box[3] - piece.box[1]):
            gap = " " if piece.box[0] - past.box[2] > 1 else ""
            pieces[-1] = Piece(past.text + gap + piece.text, _union([past.box, piece.box]))
        else:
            pieces.append(piece)
    numbers = 0
    for piece in reversed(pieces):
        if not _NUMBER.fullmatch(piece.text):
            break
        numbers += 1
    box = _union([piece.box for piece in pieces])
    return Row(pieces, box[1], box[3], numbers, [line for _, _, line in group])


def _union(boxes: list[BBox]) -> BBox:
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


def _blocks(rows: list[Row]) -> list[tuple[int, int]]:
    """(first, last) rows of each run of number rows; up to three rows of label may stand between two of them."""
    blocks: list[tuple[int, int]] = []
    for index, row in enumerate(rows):
        if row.numbers < 2:
            continue
        if blocks:
            last = rows[blocks[-1][1]]
            between = rows[blocks[-1][1] + 1 : index]
            near = row.top - last.bottom < 5 * (row.bottom - row.top)
            prose = any(_CHAPTER.match(each.pieces[0].text) and not each.numbers for each in between)
            if near and len(between) <= 3 and not prose:
                blocks[-1] = (blocks[-1][0], index)
                continue
        blocks.append((index, index))
    return [block for block in blocks if block[1] > block[0] or rows[block[0]].numbers >= MANY]


def _header_start(rows: list[Row], first: int) -> int:
    """The first row of the heading above a block: short pieces close together, up to the section's own title."""
    start = first
    while start > 0 and first - start < HEADER_ROWS:
        row, below = rows[start - 1], rows[start]
        height = row.bottom - row.top
        wide = len(row.pieces) == 1 and row.pieces[0].box[2] - row.pieces[0].box[0] > 16 * height
        if below.top - row.bottom > 2.5 * height or wide or _CHAPTER.match(row.pieces[0].text):
            break
        start -= 1
    return start


def _columns(body: list[Row]) -> list[tuple[float, float]]:
    """The columns of numbers: from where to where their numbers stand, left to right."""
    spans = sorted((piece.box[0], piece.box[2]) for row in body if row.numbers for piece in row.pieces[-row.numbers :])
    columns: list[tuple[float, float]] = []
    for left, right in spans:
        if columns and left < columns[-1][1] - 0.5:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
        else:
            columns.append((left, right))
    return columns


def _table(header: list[Row], body: list[Row]) -> Table:
    columns = _columns(body)
    edges = [(before[1] + after[0]) / 2 for before, after in itertools.pairwise(columns)]
    every = _union([piece.box for row in [*header, *body] for piece in row.pieces])
    labels = [piece.box[2] for row in body for piece in row.pieces if piece.box[2] < columns[0][0]]
    starts = [(max(labels, default=columns[0][0] - 2) + columns[0][0]) / 2, *edges]  # of the columns of numbers
    cells = _header_cells(header, starts, every) if header else []
    height = 1 + max((cell.region.row for cell in cells), default=-1)
    for label, row in _labelled(body):
        box = (every[0], row.top, every[2], row.bottom)
        cells.append(TableCell(label, Region(height, 0, height + 1, 1, False), box, SPACED))
        said = [""] * len(columns)
        boxes = [(left, row.top, right, row.bottom) for left, right in columns]
        for piece in row.pieces[len(row.pieces) - row.numbers :]:
            col = _column_of((piece.box[0] + piece.box[2]) / 2, starts) - 1
            said[col] = joined(said[col], piece.text)
            boxes[col] = piece.box
        cells += [
            TableCell(said[col], Region(height, col + 1, height + 1, col + 2, False), boxes[col], SPACED)
            for col in range(len(columns))
        ]
        height += 1
    return Table(every, cells, ruled=False)


def _column_of(x: float, starts: list[float]) -> int:
    """0 for the label column, 1 for the first column of numbers, and so on."""
    return sum(1 for start in starts if x >= start)


def _header_cells(header: list[Row], starts: list[float], every: BBox) -> list[TableCell]:
    """Heading pieces over their columns. Lines of one heading that follow closely are one cell; a piece over
    several columns spans them.
    """
    placed: list[tuple[int, int, Piece]] = []  # first column, end column, piece
    for piece in (piece for row in header for piece in row.pieces):
        first, end = _column_of(piece.box[0] + 1, starts), _column_of(piece.box[2] - 1, starts) + 1
        above = next((at for at, old in enumerate(placed) if old[:2] == (first, end)), None)
        if above is not None and piece.box[1] - placed[above][2].box[3] < 0.9 * (piece.box[3] - piece.box[1]):
            old = placed[above][2]
            placed[above] = (first, end, Piece(joined(old.text, piece.text), _union([old.box, piece.box])))
        else:
            placed.append((first, end, piece))
    placed.sort(key=lambda item: (item[2].box[1] + item[2].box[3], item[0]))
    cells: list[TableCell] = []
    row, floor = -1, 0.0  # pieces whose middle is above the floor of the row stand in it
    for first, end, piece in placed:
        middle = (piece.box[1] + piece.box[3]) / 2
        if (
            row < 0
            or middle > floor
            or any(cell.region.row == row and cell.region.col < end > first < cell.region.col_end for cell in cells)
        ):
            row, floor = row + 1, piece.box[3]
        cells.append(TableCell(tidy(piece.text), Region(row, first, row + 1, end, False), piece.box, SPACED))
    return sorted(cells, key=lambda cell: cell.region[:2])


def _labelled(body: list[Row]) -> list[tuple[str, Row]]:
    """Each row of numbers with its label: its own words and the lines of label nearest to it."""
    anchors = [row for row in body if row.numbers]
    said: dict[int, list[tuple[float, str]]] = {at: [] for at in range(len(anchors))}
    for row in body:
        words = " ".join(piece.text for piece in row.pieces[: len(row.pieces) - row.numbers])
        if words:
            middle = row.top + row.bottom
            nearest = min(said, key=lambda at: abs(anchors[at].top + anchors[at].bottom - middle))
            said[nearest].append((row.top, words))
    labels = []
    for at, anchor in enumerate(anchors):
        label = ""
        for _, words in sorted(said[at]):
            label = joined(label, words)
        labels.append((tidy(label), anchor))
    return labels
