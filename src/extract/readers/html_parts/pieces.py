"""A page cut at the beginnings of its cells, for both readings of it.

Cells are written alike again and again, in however many pages of one office. So what either reading makes of a piece is remembered, under one key;
the two know nothing of each other (`regular_cells`, `plain`).
"""

from __future__ import annotations

import re
from itertools import chain
from typing import NamedTuple

from extract.known import known

from .plain import lines_of, lines_of_piece
from .regular_cells import HEAD, LONGEST_CELL, cell_of, rows_begun
from .tables import Spans

UTF8, GB18030 = "utf-8", "gb18030"
CELL, HEAD_CELL = b"<td", b"<th"
PROBE = 8192  # bytes behind the first cell: most tables that have heads begin with them
TABLE_TAG = re.compile(rb"<(?:table|/table>)", re.IGNORECASE)  # either end
_CAPITALS = re.compile(rb"</?(?:T[DHdh]|t[DH])(?=[ \t\n\f\r>])")  # cells
_IRREGULAR: tuple[str, Spans] = ("", ("", ""))

Piece = tuple[str, Spans, int | None, bytes, tuple[str, ...] | None]


class Pieces(NamedTuple):
    """A page, cut where its cells begin; the first piece stands before all cells. `markup` and `pieces` are in the page's `charset`, all else in UTF-8.

    Of each piece: the `texts` and `spans` of the cell with which it begins, how many rows begin (`rows`) behind that, and the `characters` between all
    its tags; `rows` is None where this is not regular, or a table begins or ends there. `lines` is the second reading, None for a piece that cannot be
    read by itself. `edges` are the numbers of the pieces in which tables begin or end; `has_heads` tells whether cells are <th.
    """

    markup: bytes
    charset: str
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
            return lines_of(self.whole())
        return list(chain.from_iterable(self.lines))  # type: ignore[arg-type]

    def whole(self) -> bytes:
        """The page in UTF-8."""
        return self.in_utf8(self.markup)

    def in_utf8(self, markup: bytes) -> bytes:
        """Markup of this page in UTF-8. Raises UnicodeDecodeError where it is in another set than the page, but for pages in UTF-8."""
        return markup if self.charset == UTF8 else _recoded(markup)

    def uncut(self, begin: tuple[int, int], end: tuple[int, int]) -> bytes:
        """The markup from one place to another in UTF-8, each given as the number of a piece and of a byte in it."""
        if begin[0] == end[0]:
            return self.in_utf8(self.pieces[begin[0]][begin[1] : end[1]])
        first, last = self.pieces[begin[0]][begin[1] :], self.pieces[end[0]][: end[1]]
        markup = self.in_utf8(CELL.join((first, *self.pieces[begin[0] + 1 : end[0]], last)))
        return markup.replace(CELL + HEAD, HEAD_CELL) if self.has_heads else markup


def cut_at_cells(markup: bytes, charset: str) -> Pieces:
    """Cut a page in UTF8 or GB18030. Raises UnicodeDecodeError where a cell is in another set, and in GB18030 where anything is."""
    first = markup.find(CELL)
    page = _cut(markup, charset, first < 0, markup.find(HEAD_CELL, 0, first + PROBE) >= 0)
    odd = [at for at, rows in enumerate(page.rows) if rows is None]
    if any(_is_unusual(page.pieces[at]) for at in odd):
        page = _cut(markup, charset, True, True)
        odd = [at for at, rows in enumerate(page.rows) if rows is None]
    page.edges.extend(at for at in odd if TABLE_TAG.search(page.pieces[at]))
    return page


def _cut(markup: bytes, charset: str, in_capitals: bool, has_heads: bool) -> Pieces:
    """The pieces of a page whose cells may be written in capitals, or be heads; its edges are not told yet."""
    usual = _in_small_letters(markup) if in_capitals else markup
    if has_heads:
        usual = usual.replace(b"<th ", b"<td =h ").replace(b"<th>", b"<td =h>")
    pieces = usual.split(CELL)
    known_piece = _known_piece if charset == UTF8 else _known_recoded
    texts, spans, rows, characters, lines = zip(*map(known_piece, pieces), strict=True)
    return Pieces(markup, charset, pieces, texts, spans, rows, characters, lines, [], has_heads)


def _in_small_letters(markup: bytes) -> bytes:
    """The page with the names of cells in small letters."""
    for capitals in (b"<TD", b"</TD", b"<TH", b"</TH"):
        markup = markup.replace(capitals, capitals.lower())
    return _CAPITALS.sub(lambda tag: tag[0].lower(), markup)


def _is_unusual(piece: bytes) -> bool:
    """Whether a piece that is not regular still holds a cell that is written otherwise than those at which the page was cut."""
    end = piece[-LONGEST_CELL:]
    return b"<th " in end or b"<th>" in end or _CAPITALS.search(end) is not None


def _piece(piece: bytes) -> Piece:
    lines = lines_of_piece(piece.removeprefix(HEAD))
    cell = None if TABLE_TAG.search(piece) else cell_of(piece)
    begun = rows_begun(cell.behind) if cell else None
    if cell is None or begun is None:
        return *_IRREGULAR, None, b"", lines
    return cell.text, cell.spans, begun[0], cell.characters + begun[1], lines


_known_piece = known(_piece, 8192)


def _recoded(markup: bytes) -> bytes:
    """Markup in UTF-8 instead of GB18030. Raises UnicodeDecodeError."""
    return markup.decode(GB18030).encode("utf-8", "replace")


def _recoded_piece(piece: bytes) -> Piece:
    return _known_piece(_recoded(piece))


# A page in GB18030 is cut before it is decoded: no character holds the byte of <, and most of its pieces have been decoded before.
_known_recoded = known(_recoded_piece, 8192)
