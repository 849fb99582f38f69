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
_TABLE_TAG = re.compile(rb"<(?:table|/table>)", re.IGNORECASE)  # either end
_CAPITALS = re.compile(rb"</?(?:T[DHdh]|t[DH])(?=[ \t\n\f\r>])")  # cells
_IRREGULAR: tuple[str, Spans] = ("", ("", ""))


class Odd(NamedTuple):
    """What a piece holds that is not regular: the tags of tables (whether it ends one, where it begins and ends), and whether there still is a cell
    written otherwise than those at which the page was cut."""

    tables: list[tuple[bool, int, int]]
    is_unusual: bool


Piece = tuple[str, Spans, int | None, bytes | Odd, tuple[str, ...] | None]


class Pieces(NamedTuple):
    """A page, cut where its cells begin; the first piece stands before all cells. `markup` and `pieces` are in the page's `charset`, all else in UTF-8.

    Of each piece: the `texts` and `spans` of the cell with which it begins, how many rows begin (`rows`) behind that, and the `characters` between all
    its tags; where this is not regular, or a table begins or ends there, `rows` is None, and in place of `characters` it is told what is `odd`.
    `lines` is the second reading, None for a piece that cannot be read by itself. `odd` are the numbers of the pieces that are not regular;
    `has_heads` tells whether cells are <th.
    """

    markup: bytes
    charset: str
    pieces: list[bytes]
    texts: tuple[str, ...]
    spans: tuple[Spans, ...]
    rows: tuple[int | None, ...]
    characters: tuple[bytes | Odd, ...]
    lines: tuple[tuple[str, ...] | None, ...]
    odd: dict[int, Odd]
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


def cut_at_cells(markup: bytes, charset: str = UTF8) -> Pieces:
    """Cut a page in UTF8 or GB18030. Raises UnicodeDecodeError where a cell is in another set, and in GB18030 where anything is."""
    first = markup.find(CELL)
    page = _cut(markup, charset, first < 0, markup.find(HEAD_CELL, 0, first + PROBE) >= 0)
    return _cut(markup, charset, True, True) if any(odd.is_unusual for odd in page.odd.values()) else page


def _cut(markup: bytes, charset: str, in_capitals: bool, has_heads: bool) -> Pieces:
    """The pieces of a page whose cells may be written in capitals, or be heads."""
    usual = _in_small_letters(markup) if in_capitals else markup
    if has_heads:
        usual = usual.replace(b"<th ", b"<td =h ").replace(b"<th>", b"<td =h>")
    pieces = usual.split(CELL)
    known_piece = _known_piece if charset == UTF8 else _known_recoded
    texts, spans, rows, characters, lines = zip(*map(known_piece, pieces), strict=True)
    odd = {at: characters[at] for at, begun in enumerate(rows) if begun is None}
    return Pieces(markup, charset, pieces, texts, spans, rows, characters, lines, odd, has_heads)


def _in_small_letters(markup: bytes) -> bytes:
    """The page with the names of cells in small letters."""
    for capitals in (b"<TD", b"</TD", b"<TH", b"</TH"):
        markup = markup.replace(capitals, capitals.lower())
    return _CAPITALS.sub(lambda tag: tag[0].lower(), markup)


def _piece(piece: bytes) -> Piece:
    lines = lines_of_piece(piece.removeprefix(HEAD))
    tables = _table_tags(piece)
    cell = None if tables else cell_of(piece)
    begun = rows_begun(cell.behind) if cell else None
    if cell is None or begun is None:
        end = piece[-LONGEST_CELL:]
        is_unusual = b"<th " in end or b"<th>" in end or _CAPITALS.search(end) is not None
        return *_IRREGULAR, None, Odd(tables, is_unusual), lines
    return cell.text, cell.spans, begun[0], cell.characters + begun[1], lines


_known_piece = known(_piece, 8192)


def _recoded(markup: bytes) -> bytes:
    """Markup in UTF-8 instead of GB18030. Raises UnicodeDecodeError."""
    return markup.decode(GB18030).encode("utf-8", "replace")


def _recoded_piece(piece: bytes) -> Piece:
    text, spans, rows, characters, lines = _known_piece(_recoded(piece))
    if isinstance(characters, Odd):  # places count in the page's own bytes
        characters = characters._replace(tables=_table_tags(piece))
    return text, spans, rows, characters, lines


def _table_tags(piece: bytes) -> list[tuple[bool, int, int]]:
    return [(tag[0][1:2] == b"/", *tag.span()) for tag in _TABLE_TAG.finditer(piece)]


# A page in GB18030 is cut before it is decoded: no character holds the byte of <, and most of its pieces have been decoded before.
_known_recoded = known(_recoded_piece, 8192)
