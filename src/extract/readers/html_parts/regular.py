"""Tables written by the rules, taken from the pieces of a page before a tree is made of it.

Most tables are such: every row and cell is closed where it was opened, and the cells are regular (`regular_cells`). Where a piece is none, the table
is left for the tree. What is taken leaves a table of two cells behind that names it and holds the same characters.
"""

from __future__ import annotations

from typing import NamedTuple

from extract.document import MAX_GRID_CELLS
from extract.known import known

from .pieces import UTF8, Pieces, cut_at_cells
from .regular_cells import LONGEST_CELL, RegularCell, cell_of, rows_begun, rows_left
from .tables import TableAsWritten

MARK = "regular"  # the attribute that names a table that was taken
_MARK = MARK.encode()

Place = tuple[int, int]  # the number of a piece, and of a byte in it


class Taken(NamedTuple):
    """A page in pieces, its markup in UTF-8 without its regular tables (each leaves <table regular=index> in its place), and these."""

    page: Pieces
    lean: bytes
    tables: list[TableAsWritten]


def take_regular_tables(markup: bytes, charset: str = UTF8) -> Taken:
    """Take a page in UTF8 or GB18030 apart. Raises UnicodeDecodeError where a cell is in another set, and in GB18030 where anything is; what else a page
    in UTF-8 holds is not looked at."""
    page = cut_at_cells(markup, charset)
    outside: list[bytes] = []
    tables: list[TableAsWritten] = []
    done: Place = (0, 0)
    opened: Place | None = None
    for at, odd in page.odd.items():
        if not odd.tables:
            continue
        is_end, _, end = odd.tables[0]
        if opened and is_end:
            taken = _table(page, opened, (at, end))
            if taken is not None:
                table, said = taken
                leaves = b"<table %b=%d><tr><td>%b</td><td></td></tr></table>" % (_MARK, len(tables), said)
                outside += (page.uncut(done, opened), leaves)
                tables.append(table)
                done = (at, end)
        is_end, begin, _ = odd.tables[-1]
        opened = None if is_end else (at, begin)
    last = len(page.pieces) - 1
    lean = b"".join([*outside, page.uncut(done, (last, len(page.pieces[last])))])
    return Taken(page, lean, tables) if lean.lower().count(_MARK) == len(tables) else Taken(page, page.whole(), [])


def _table(page: Pieces, begin: Place, end: Place) -> tuple[TableAsWritten, bytes] | None:
    """The cells and the characters of a table from <table> to </table>; None where it is not regular, or places things (one column)."""
    first, last = begin[0] + 1, end[0]
    within = page.rows[first:last]
    if last < first or None in within or last - first >= MAX_GRID_CELLS:
        return None
    head = page.in_utf8(page.pieces[begin[0]][begin[1] :])
    before = rows_begun(head) if len(head) <= LONGEST_CELL else None
    ends = _known_last(page.in_utf8(page.pieces[last][: end[1]]))
    if before is None or ends is None:
        return None
    cell, (rows, behind) = ends
    begun = (before[0], *within)
    if 0 not in begun:
        return None
    texts, spans = [*page.texts[first:last], cell.text], (*page.spans[first:last], cell.spans)
    said = b"".join((before[1], *page.characters[first:last], cell.characters, behind))  # type: ignore[arg-type]  # none is odd
    return TableAsWritten(texts, spans, begun, rows), said  # type: ignore[arg-type]


def _last(piece: bytes) -> tuple[RegularCell, tuple[int, bytes]] | None:
    """The last cell of a table, and the rows without cells behind it."""
    cell = cell_of(piece)
    rows = rows_left(cell.behind) if cell else None
    return (cell, rows) if cell and rows is not None else None


_known_last = known(_last, 1024)
