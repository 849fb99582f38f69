"""Tables written by the rules, taken from the bytes of a page before a tree is made of it.

Most tables are such: every row, cell and element in a cell is closed where it was opened, and holds nothing but text and its dress. A browser
makes of them what stands there, so a tree of them, which costs several times as much, tells no more. Where a piece does not match the grammar
below, or calls for a browser's judgement (links, pictures, scripts, fields, comments, hidden, struck or raised text, elements left open, tables
in tables, cells as long as pages), the table is left for the tree. What is taken leaves a table of two cells behind that names it and holds
the same characters.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import lru_cache

from extract.document import MAX_GRID_CELLS
from extract.known import known

from .tables import LAYOUT_TEXT, Spans, TableAsWritten
from .wording import tidy

MARK = "regular"  # the attribute that names a table that was taken
_MARK = MARK.encode()
# What may hide or strike in any spelling that shown looks for; and the byte that parsers drop.
UNUSUAL = (b"hidden", b"display", b"through", b"size:0", b"size: 0", b"\0")

_GAP = r"[ \t\n\f\r]"  # what HTML takes for white space
_ATTRIBUTE = rf"[a-z_:][\w:.-]*+(?:{_GAP}*+={_GAP}*+(?:\"[^\"<>]*+\"|'[^'<>]*+'|[^ \t\n\f\r\"'<>=`/]++))?+"
HAS = rf"(?:{_GAP}++{_ATTRIBUTE})*+{_GAP}*+"  # the attributes of a tag
_TAG = re.compile(rf"<(/?)([a-z][\w:]*+)({HAS})/?>".encode(), re.IGNORECASE)
_TABLE_END = re.compile(rb"<(?:table|/table>)", re.IGNORECASE)  # either end
_ANY_TAG, _EACH_TAG = re.compile(rb"<[^<>]*>"), re.compile(rb"(<[^<>]*>)")
_COLUMNS = rf"(?:<colgroup{HAS}>{_GAP}*+)?+(?:<col{HAS}/?>{_GAP}*+)*+(?:</colgroup>{_GAP}*+)?+"
_TABLE_START = re.compile(
    rf"<table{HAS}>{_GAP}*+{_COLUMNS}(?:<t(?:head|body){HAS}>)?+{_GAP}*+<tr{HAS}>{_GAP}*+".encode(), re.IGNORECASE
)
_ROW_START = re.compile(
    rf"{_GAP}*+(?:</t(?:head|body)>)?+{_GAP}*+(?:<tbody{HAS}>)?+{_GAP}*+<tr{HAS}>{_GAP}*+".encode(), re.IGNORECASE
)
_LAST = re.compile(rf"{_GAP}*+(?:</t(?:head|body)>)?+{_GAP}*+</table>".encode(), re.IGNORECASE)
_ROW_END, _CELL_END, _HEAD_END = (re.compile(rb"</t%b>" % name, re.IGNORECASE) for name in (b"r", b"d", b"h"))
_CELL = re.compile(rb"<t[dh](?=[ \t\n\f\r>])", re.IGNORECASE)
_NAMED_VALUE = re.compile(
    rf"([a-z_:][\w:.-]*+)(?:{_GAP}*+={_GAP}*+(\"[^\"]*+\"|'[^']*+'|[^ \t\n\f\r\"'<>=`/]++))?+".encode(), re.IGNORECASE
)
ENTITY = r"&(?:nbsp|ensp|emsp|lt|gt|amp|quot|ldquo|rdquo|middot|hellip|mdash);"  # those that all read alike
_ENTITY = re.compile(ENTITY.encode())
_UNSAID = re.compile(rb"[<\x00\x1f]")  # a tag written unusually; what parsers drop; what stands between texts in tables

_CELLS, _BLOCKS = frozenset({b"td", b"th"}), frozenset({b"p", b"div"})
_BREAKS = _BLOCKS | {b"br"}
_DRESS = frozenset({b"span", b"font", b"b", b"strong", b"i", b"em", b"u", b"o:p"})
_HOLDS_BLOCKS = _CELLS | {b"div"}
_BLANKS = b" \t\n\f\r"
_MOST_TAGS = 100  # in a cell
_BARE = b"<span></span>"  # makes nothing of what stands in it, however many there are
_HEAD_ENDS = b"</th></td>"  # a head is cut off as a cell is, behind its own end
_LONGEST_CELL = 4096  # bytes
_NO_SPANS: Spans = ("", "")

Piece = tuple[
    str, Spans, int, bytes
]  # the text and spans of a cell, how many rows begin before it, the characters of all


def take_regular_tables(markup: bytes) -> tuple[bytes, list[TableAsWritten]]:
    """UTF-8 markup without its regular tables, and these. Each leaves <table regular=index> in its place. Raises UnicodeDecodeError where what is taken
    is not in UTF-8; what is not taken is not looked at."""
    pieces: list[bytes] = []
    tables: list[TableAsWritten] = []
    done = 0
    for begin, end in _innermost(markup):
        taken = _table(markup[begin:end])
        if taken is not None:
            table, said = taken
            leaves = b"<table %b=%d><tr><td>%b</td><td></td></tr></table>" % (_MARK, len(tables), said)
            pieces += (markup[done:begin], leaves)
            tables.append(table)
            done = end
    lean = b"".join([*pieces, markup[done:]])
    return (lean, tables) if lean.lower().count(_MARK) == len(tables) else (markup, [])


def _innermost(markup: bytes) -> Iterator[tuple[int, int]]:
    """Where tables without tables in them begin and end."""
    begin = -1
    for end in _TABLE_END.finditer(markup):
        if not end[0].startswith(b"</"):
            begin = end.start()
        elif begin >= 0:
            yield begin, end.end()
            begin = -1


def _table(chunk: bytes) -> tuple[TableAsWritten, bytes] | None:
    """The cells and the characters of a table from <table> to </table>; None where it is not regular, or places things (one column)."""
    first = _CELL.search(chunk)
    with_heads = first is not None and first[0] == b"<th"
    *cells, rest = (chunk.replace(b"</th>", _HEAD_ENDS) if with_heads else chunk).split(b"</td>")
    found = _pieces(cells)
    if not found:  # in capitals, or with heads behind cells
        *cells, rest = _CELL_END.split(_HEAD_END.sub(_HEAD_ENDS, chunk))
        found = _pieces(cells)
    end = _known_end(rest)
    if not found or end is None or len(found) >= MAX_GRID_CELLS:
        return None
    texts, spans, begun, characters = zip(*found, strict=True)
    if 0 not in begun:
        return None
    last, behind = end
    return TableAsWritten(list(texts), spans, begun, last), b"".join((*characters, behind))


def _pieces(cells: list[bytes]) -> list[Piece] | None:
    """What the cells of a table say, each with what stands before it; None where one is not regular."""
    if max(map(len, cells), default=0) > _LONGEST_CELL:
        return None
    found = list(map(_known_piece, cells))
    return None if None in found else found  # type: ignore[return-value]


def _piece(piece: bytes) -> Piece | None:
    """A cell up to its end, with what stands between it and the cell before it; None where that is not regular."""
    piece.decode()
    cell = _CELL.search(piece)
    if cell is None:
        return None
    begun, parts = _rows_begun(piece[: cell.start()]), _EACH_TAG.split(piece[cell.start() :])
    tags = b"".join(parts[1::2]).replace(_BARE, b"") + (b"" if piece.endswith(b"</th>") else b"</td>")
    dress = _dress(tags) if len(parts) <= 2 * _MOST_TAGS else None
    if begun is None or dress is None:
        return None
    spans, is_parted = dress
    characters = b"".join(parts[::2])
    if is_parted:
        parts[1::2] = [b" " if _tag(tag)[0] in _BREAKS else b"" for tag in parts[1::2]]
    text = _said(b"".join(parts) if is_parted else characters)
    return None if text is None else (text, spans, begun[0], begun[1] + characters)


# Cells are written alike again and again, in however many pages of one office, and their tags more often still. What these functions give depends on
# nothing but what they are asked about.

_known_piece = known(_piece, 8192)


@lru_cache(maxsize=1024)
def _rows_begun(between: bytes) -> tuple[int, bytes] | None:
    """How many rows begin before a cell (none, most often one, more where rows have no cells), and the characters between their tags; None where
    something else stands there."""
    blank, *starts = _ROW_END.split(between)
    opens_table = bool(blank.strip(_BLANKS))
    is_regular = not opens_table or _TABLE_START.fullmatch(blank)
    if not is_regular or not all(map(_ROW_START.fullmatch, starts)) or not _is_usual(between):
        return None
    return opens_table + len(starts), _ANY_TAG.sub(b"", between)


def _end(rest: bytes) -> tuple[int, bytes] | None:
    """How many rows without cells stand behind the last cell of a table, and the characters between their tags; None where something else does."""
    rest.decode()
    blank, *starts = _ROW_END.split(rest)
    if blank.strip(_BLANKS) or not starts or not _LAST.fullmatch(starts.pop()):
        return None
    is_regular = all(map(_ROW_START.fullmatch, starts)) and _is_usual(rest)
    return (len(starts), _ANY_TAG.sub(b"", rest)) if is_regular else None


_known_end = known(_end, 512)


def _said(text: bytes) -> str | None:
    """What a piece of text without tags says; None where it takes a browser to tell, or is long."""
    text = text.strip(_BLANKS)
    if _UNSAID.search(text) or len(text) > LAYOUT_TEXT:
        return None
    if b"&" not in text:
        return tidy(text.decode())
    return tidy(html.unescape(text.decode())) if text.count(b"&") == len(_ENTITY.findall(text)) else None


@lru_cache(maxsize=2048)
def _dress(tags: bytes) -> tuple[Spans, bool] | None:
    """What the tags of a cell, one behind the other, make of it: its spans as written, and whether it has two blocks or breaks, so that there is a space
    around each; None where its elements are not closed in order, or are no mere dress."""
    read = [_tag(tag) for tag in _ANY_TAG.findall(tags)]
    inside: list[bytes] = []
    for at, (name, is_end, _) in enumerate(read):
        if is_end:
            if not inside or inside.pop() != name:
                return None
        elif name in _CELLS if at == 0 else _may_stand(name, inside):
            if name != b"br":
                inside.append(name)
        else:
            return None
    spans = read[0][2] if not inside else None
    if spans is None:
        return None
    return spans, sum(name in _BREAKS and not is_end for name, is_end, _ in read) > 1


@lru_cache(maxsize=1024)
def _tag(tag: bytes) -> tuple[bytes, bool, Spans | None]:
    """(name, whether it closes, the spans that it gives a cell) of a tag; no name where it is written unusually."""
    found = _TAG.fullmatch(tag)
    if found is None or not _is_usual(tag):
        return b"", False, None
    return found[2].lower(), found[1] == b"/", _named_spans(found[3])


def _is_usual(tags: bytes) -> bool:
    """Whether nothing in these tags may hide or strike a cell."""
    lower = tags.lower()
    return not any(word in lower for word in UNUSUAL)


def _may_stand(name: bytes, inside: list[bytes]) -> bool:
    if name in _BLOCKS:
        return bool(inside) and inside[-1] in _HOLDS_BLOCKS
    return bool(inside) and (name in _DRESS or name == b"br")


def _named_spans(attributes: bytes) -> Spans | None:
    """The first of each name counts; None where one is written with entities."""
    found: dict[bytes, bytes] = {}
    for name, value in _NAMED_VALUE.findall(attributes):
        found.setdefault(name.lower(), value.strip(b"\"'"))
    rows, columns = found.get(b"rowspan", b""), found.get(b"colspan", b"")
    if b"&" in rows + columns:
        return None
    return (rows.decode(), columns.decode()) if rows or columns else _NO_SPANS
