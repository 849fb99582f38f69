"""Cells written by the rules: every element in them closed where it was opened, nothing in them but text and its dress.

A browser makes of such a cell what stands there, so a tree of it, which costs several times as much, tells no more. What calls for a browser's
judgement (links, pictures, scripts, fields, comments, hidden, struck or raised text, elements left open, tables in tables, cells as long as pages) is
no regular cell. What these functions give depends on nothing but what they are asked about.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import NamedTuple

from extract.known import known

from .tables import LAYOUT_TEXT, Spans
from .wording import tidy

# What may hide or strike in any spelling that shown looks for; and the byte that parsers drop.
UNUSUAL = (b"hidden", b"display", b"through", b"size:0", b"size: 0", b"\0")
HEAD = b" =h"  # behind <td: it is a <th

_GAP = r"[ \t\n\f\r]"  # what HTML takes for white space
_ATTRIBUTE = rf"[a-z_:][\w:.-]*+(?:{_GAP}*+={_GAP}*+(?:\"[^\"<>]*+\"|'[^'<>]*+'|[^ \t\n\f\r\"'<>=`/]++))?+"
HAS = rf"(?:{_GAP}++{_ATTRIBUTE})*+{_GAP}*+"  # the attributes of a tag
_TAG = re.compile(rf"<(/?)([a-z][\w:]*+)({HAS})/?>".encode(), re.IGNORECASE)
_ANY_TAG, _EACH_TAG = re.compile(rb"<[^<>]*>"), re.compile(rb"(<[^<>]*>)")
_COLUMNS = rf"(?:<colgroup{HAS}>{_GAP}*+)?+(?:<col{HAS}/?>{_GAP}*+)*+(?:</colgroup>{_GAP}*+)?+"
_TABLE_START = re.compile(
    rf"<table{HAS}>{_GAP}*+{_COLUMNS}(?:<t(?:head|body){HAS}>)?+{_GAP}*+<tr{HAS}>{_GAP}*+".encode(), re.IGNORECASE
)
_ROW_START = re.compile(
    rf"{_GAP}*+(?:</t(?:head|body)>)?+{_GAP}*+(?:<tbody{HAS}>)?+{_GAP}*+<tr{HAS}>{_GAP}*+".encode(), re.IGNORECASE
)
_LAST = re.compile(rf"{_GAP}*+(?:</t(?:head|body)>)?+{_GAP}*+</table>".encode(), re.IGNORECASE)
_ROW_END = re.compile(rb"</tr>", re.IGNORECASE)
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
LONGEST_CELL = 4096  # bytes, with what stands behind it
_NO_SPANS: Spans = ("", "")


class RegularCell(NamedTuple):
    """What a cell says, its spans as written, the characters between its tags, and what stands behind its end."""

    text: str
    spans: Spans
    characters: bytes
    behind: bytes


def cell_of(piece: bytes) -> RegularCell | None:
    """The cell that a piece of a page begins with; None where it is not regular.

    `piece` is UTF-8 markup from behind <td on (from HEAD on for <th). Raises UnicodeDecodeError where it is in another set.
    """
    if len(piece) > LONGEST_CELL:
        return None
    piece.decode()
    begin, end = b"<td", b"</td>"
    if piece.startswith(HEAD):
        begin, end, piece = b"<th", b"</th>", piece[len(HEAD) :]
    inside, closed, behind = piece.partition(end)
    parts = _EACH_TAG.split(begin + inside)
    dress = _dress(b"".join(parts[1::2]).replace(_BARE, b"") + closed) if len(parts) <= 2 * _MOST_TAGS else None
    if (
        dress is None or not closed
    ):  # ended in another spelling: what stands behind that is not known from what stands in it
        return None
    spans, is_parted = dress
    characters = b"".join(parts[::2])
    if is_parted:
        parts[1::2] = [b" " if _tag(tag)[0] in _BREAKS else b"" for tag in parts[1::2]]
    text = _said(b"".join(parts) if is_parted else characters)
    return None if text is None else RegularCell(text, spans, characters, behind)


@lru_cache(maxsize=1024)
def rows_begun(between: bytes) -> tuple[int, bytes] | None:
    """How many rows begin between two cells, or before the first of a table (none, most often one, more where rows have no cells), and the characters
    between the tags there; None where something else stands there. Raises UnicodeDecodeError."""
    between.decode()
    blank, *starts = _ROW_END.split(between)
    opens_table = bool(blank.strip(_BLANKS))
    is_regular = not opens_table or _TABLE_START.fullmatch(blank)
    if not is_regular or not all(map(_ROW_START.fullmatch, starts)) or not _is_usual(between):
        return None
    return opens_table + len(starts), _ANY_TAG.sub(b"", between)


def _rows_left(rest: bytes) -> tuple[int, bytes] | None:
    """How many rows without cells stand between the last cell of a table and its end, and the characters between their tags; None where something else
    does. Raises UnicodeDecodeError."""
    rest.decode()
    blank, *starts = _ROW_END.split(rest)
    if blank.strip(_BLANKS) or not starts or not _LAST.fullmatch(starts.pop()):
        return None
    is_regular = all(map(_ROW_START.fullmatch, starts)) and _is_usual(rest)
    return (len(starts), _ANY_TAG.sub(b"", rest)) if is_regular else None


rows_left = known(_rows_left, 512)


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
    spans = read[0][2] if read and not inside else None
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
