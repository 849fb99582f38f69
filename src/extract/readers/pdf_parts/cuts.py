"""Rows that the end of a page cuts in two: the lines of a label that stand on the next page go back to their row.

A row's numbers stand whole on one of the two pages; the part on the other page holds nothing but words of its label. The head of the table may
come again above it.
"""

from __future__ import annotations

import itertools
import re
from typing import NamedTuple

from extract.document import BBox
from extract.readers.pdf_parts.paragraphs import PageLayout
from extract.readers.pdf_parts.tables import Table, TableCell
from extract.readers.pdf_parts.wording import joined

SAME = 1.5  # points: edges of columns nearer than this are one edge
FOOT, HEAD = (
    0.7,
    0.3,
)  # of the page's height: a table cut by its end reaches below the one, and begins again above the other
_ENUMERATED = re.compile(r"[（(]?\s*[\d一二三四五六七八九十]{1,3}\s*[）).．、]")
_NUMBER = re.compile(r"[-+]?\d[\d,，]*(?:\.\d+)?(?:万?元)?|[-—–/／]+|无")


class _Halves(NamedTuple):
    """The cells of a cut row that begin and end in it, above and below the cut, side by side."""

    above: list[TableCell]
    below: list[TableCell]


def join_cut_rows(pages: list[PageLayout]) -> None:
    """Mend the last row of each table that goes on on the next page, and the first row there, in place."""
    for page, following in itertools.pairwise(pages):
        if following.number != page.number + 1 or not page.tables or not following.tables:
            continue
        last = max(page.tables, key=lambda table: table.box[3])
        first = min(following.tables, key=lambda table: table.box[1])
        if last.box[3] > FOOT * page.height and first.box[1] < HEAD * following.height and last.ruled and first.ruled:
            _join(last, first)
            page.tables = [table for table in page.tables if table.cells]
            following.tables = [table for table in following.tables if table.cells]


def _join(last: Table, first: Table) -> None:
    head = _repeated_head(last, first)
    halves = _halves(last, first, head)
    if halves is None:
        return
    labels = [at for at, cell in enumerate(halves.above) if cell.text and halves.below[at].text]
    if len(labels) > 1:
        return
    above, below = _words(halves.above), _words(halves.below)
    if below and not _numbers(halves.below) and _numbers(halves.above) and (not above or _goes_on(above, below)):
        _move(halves.below, halves.above)
        _drop_row(first, head)
    elif above and not _numbers(halves.above) and _numbers(halves.below) and (not below or _goes_on(above, below)):
        _move(halves.above, halves.below, before=True)
        _drop_last_row(last)


def _repeated_head(last: Table, first: Table) -> int:
    """How many rows begin both tables alike, merged cells and all, and are not the whole of either: the head, drawn again on each page."""
    first_row = {(cell.region, cell.text) for cell in last.cells if cell.region.row == 0}
    if not any(cell.region.row == 0 and (cell.region, cell.text) in first_row for cell in first.cells):
        return 0
    one, other = ({(cell.region, cell.text) for cell in table.cells} for table in (last, first))
    alike = one & other
    if not any(region.row == 0 and text for region, text in alike):
        return 0
    first_unlike = min((region.row for region, _ in one ^ other), default=0)
    ends = {region.row_end for region, _ in alike if region.row_end <= first_unlike}
    across = [region for region, _ in one | other]
    whole = (end for end in ends if not any(region.row < end < region.row_end for region in across))
    return max(whole, default=0)


def _halves(last: Table, first: Table, head: int) -> _Halves | None:
    """The two parts of the row at the cut, beneath so many rows of a head that came again; None where the tables do not have the same columns there."""
    end = max(cell.region.row_end for cell in last.cells)
    above = sorted((cell for cell in last.cells if cell.region.row_end == end), key=lambda cell: cell.region.col)
    below = sorted((cell for cell in first.cells if cell.region.row == head), key=lambda cell: cell.region.col)
    if len(above) != len(below) or not all(map(_same_column, above, below)):
        return None
    own = [
        (one, other)
        for one, other in zip(above, below, strict=True)
        if one.region.row == end - 1 and other.region.row_end == head + 1
    ]
    return _Halves([one for one, _ in own], [other for _, other in own]) if len(own) > 1 else None


def _same_column(one: TableCell, other: TableCell) -> bool:
    return abs(one.box[0] - other.box[0]) < SAME and abs(one.box[2] - other.box[2]) < SAME


def _words(cells: list[TableCell]) -> str:
    return "".join(cell.text for cell in cells if cell.text and not _NUMBER.fullmatch(cell.text))


def _numbers(cells: list[TableCell]) -> bool:
    return any(cell.text and _NUMBER.fullmatch(cell.text) for cell in cells)


def _goes_on(above: str, below: str) -> bool:
    """Whether the words below continue those above: rows of the same list would both be enumerated."""
    return bool(_ENUMERATED.match(above)) and not _ENUMERATED.match(below)


def _move(source: list[TableCell], target: list[TableCell], before: bool = False) -> None:
    for one, other in zip(source, target, strict=True):
        other.text = joined(one.text, other.text) if before else joined(other.text, one.text)


def _drop_row(table: Table, row: int) -> None:
    kept = [cell for cell in table.cells if cell.region.row != row or cell.region.row_end > row + 1]
    for cell in kept:
        region = cell.region
        cell.region = region._replace(
            row=region.row - (region.row > row), row_end=region.row_end - (region.row_end > row)
        )
    _keep(table, kept)


def _drop_last_row(table: Table) -> None:
    end = max(cell.region.row_end for cell in table.cells)
    kept = [cell for cell in table.cells if cell.region.row < end - 1]
    for cell in kept:
        if cell.region.row_end == end:
            cell.region = cell.region._replace(row_end=end - 1)
    _keep(table, kept)


def _keep(table: Table, cells: list[TableCell]) -> None:
    table.cells = cells
    if cells:
        boxes: list[BBox] = [cell.box for cell in cells]
        table.box = (table.box[0], min(box[1] for box in boxes), table.box[2], max(box[3] for box in boxes))
