"""A page cut at the beginnings of its cells, for both readings of it.

Cells are written alike again and again, in however many pages of one office. So what either reading makes of a piece is remembered, under one key;
the two know nothing of each other (`regular_cells`, `plain`).
"""

from __future__ import annotations

import re
from itertools import chain, compress
from typing import NamedTuple

from extract.known import known

from .plain import lines_of, lines_of_piece
from .regular_cells import HEAD, LONGEST_CELL, cell_of, rows_begun
from .tables import Spans

CELL, HEAD_CELL = b"<td", b"<th"
PROBE = 8192  # bytes behind the first cell: most tables that have heads begin with them
TABLE_TAG = re.compile(rb"<(?:table|/table>)", re.IGNORECASE)  # either end
_CAPITALS = re.compile(rb"</?(?:T[DHdh]|t[DH])(?=[ \t\n\f\r>])")  # cells
_IRREGULAR: tuple[str, Spans] = ("", ("", ""))

Piece = tuple[str, Spans, int | None, bytes, tuple[str, ...] | None, bool, bool]


class Pieces(NamedTuple):
    """A page in UTF-8, cut where its cells begin; the first piece stands before all cells.

    Of each piece: the `texts` and `spans` of the cell with which it begins, how many rows begin (`rows`) behind that, and the `characters` between all
    its tags; `rows` is None where this is not regular, or a table begins or ends there. `lines` is the second reading, None for a piece that cannot be
    read by itself. `edges` are the numbers of the pieces in which tables begin or end; `has_heads` tells whether cells are <th.
    """

    markup: bytes
    pieces: list[bytes]
    texts: tuple[str, ...]
    spans: tuple[Spans, ...]
    rows: tuple[int | None, ...]
    characters: tuple[bytes, ...]
    lines: tuple[tuple[str, ...] | None, ...]
    edges: list[int]
    has_heads: bool

    def reread(self) -> list[str]:
        """The second reading of the page: see `plain`."""
        if None in self.lines:
            return lines_of(self.markup)
        return list(chain.from_iterable(self.lines))  # type: ignore[arg-type]

    def uncut(self, begin: tuple[int, int], end: tuple[int, int]) -> bytes:
        """The markup from one place to another, each given as the number of a piece and of a byte in it."""
        if begin[0] == end[0]:
            return self.pieces[begin[0]][begin[1] : end[1]]
        first, last = self.pieces[begin[0]][begin[1] :], self.pieces[end[0]][: end[1]]
        markup = CELL.join((first, *self.pieces[begin[0] + 1 : end[0]], last))
        return markup.replace(CELL + HEAD, HEAD_CELL) if self.has_heads else markup


def cut_at_cells(markup: bytes) -> Pieces:
    """Cut a page in UTF-8. Raises UnicodeDecodeError where a cell is in another set; what else the page holds is not looked at."""
    first = markup.find(CELL)
    page, is_unusual = _cut(markup, first < 0, markup.find(HEAD_CELL, 0, first + PROBE) >= 0)
    return _cut(markup, True, True)[0] if is_unusual else page


def _cut(markup: bytes, in_capitals: bool, has_heads: bool) -> tuple[Pieces, bool]:
    """The pieces of a page whose cells may be written in capitals, or be heads; and whether one of them still holds a cell written otherwise."""
    usual = _in_small_letters(markup) if in_capitals else markup
    if has_heads:
        usual = usual.replace(b"<th ", b"<td =h ").replace(b"<th>", b"<td =h>")
    pieces = usual.split(CELL)
    texts, spans, rows, characters, lines, is_edge, is_unusual = zip(*map(_known_piece, pieces), strict=True)
    edges = list(compress(range(len(pieces)), is_edge))
    return Pieces(markup, pieces, texts, spans, rows, characters, lines, edges, has_heads), any(is_unusual)


def _in_small_letters(markup: bytes) -> bytes:
    """The page with the names of cells in small letters."""
    for capitals in (b"<TD", b"</TD", b"<TH", b"</TH"):
        markup = markup.replace(capitals, capitals.lower())
    return _CAPITALS.sub(lambda tag: tag[0].lower(), markup)


def _piece(piece: bytes) -> Piece:
    lines, end = lines_of_piece(piece.removeprefix(HEAD)), piece[-LONGEST_CELL:]
    is_unusual = b"<th " in end or b"<th>" in end or _CAPITALS.search(end) is not None
    if TABLE_TAG.search(piece):
        return *_IRREGULAR, None, b"", lines, True, is_unusual
    cell = cell_of(piece)
    begun = rows_begun(cell.behind) if cell else None
    if cell is None or begun is None:
        return *_IRREGULAR, None, b"", lines, False, is_unusual
    return cell.text, cell.spans, begun[0], cell.characters + begun[1], lines, False, False


_known_piece = known(_piece, 8192)
