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
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import repeat

from extract.document import MAX_GRID_CELLS

from .tables import RowAsWritten, Spans
from .wording import tidy

MARK = "regular"  # the attribute that names a table that was taken
_MARK = MARK.encode()
_OPEN, _CLOSE = b"<table", b"</table>"
# What may hide or strike in any spelling that shown looks for; and the byte that parsers drop.
_UNUSUAL = (b"hidden", b"display", b"through", b"size:0", b"size: 0", b"\0")

_GAP = r"[ \t\n\f\r]"  # what HTML takes for white space
_ATTRIBUTE = rf"[a-z_:][\w:.-]*+(?:{_GAP}*+={_GAP}*+(?:\"[^\"<>]*+\"|'[^'<>]*+'|[^ \t\n\f\r\"'<>=`/]++))?+"
_HAS = rf"(?:{_GAP}++{_ATTRIBUTE})*+{_GAP}*+"  # the attributes of a tag
_TAG = re.compile(rf"<(/?)([a-z][\w:]*+)({_HAS})/?>".encode(), re.IGNORECASE)
_ANY_TAG = re.compile(rb"<[^<>]*>")  # in what the grammar has seen
# A cell with one piece of text: tags, the text, and the ends of tags.
_RUN = re.compile(rb"([ \t\n\f\r]*+(?:<[^<>]*+>[ \t\n\f\r]*+)++)([^<]*+)((?:</[^<>]*+>[ \t\n\f\r]*+)*+)")
_COLUMNS = rf"(?:<colgroup{_HAS}>{_GAP}*+)?+(?:<col{_HAS}/?>{_GAP}*+)*+(?:</colgroup>{_GAP}*+)?+"
_ROW_START = re.compile(
    rf"{_GAP}*+(?:<table{_HAS}>{_GAP}*+{_COLUMNS}(?:<t(?:head|body){_HAS}>)?+|(?:</t(?:head|body)>)?+{_GAP}*+(?:<tbody{_HAS}>)?+)"
    rf"{_GAP}*+<tr{_HAS}>{_GAP}*+".encode(),
    re.IGNORECASE,
)
_TABLE_END = re.compile(rf"{_GAP}*+(?:</t(?:head|body)>)?+{_GAP}*+</table>".encode(), re.IGNORECASE)
_ROW_END, _CELL_END = re.compile(rb"</tr>", re.IGNORECASE), re.compile(rb"(</t[dh]>)", re.IGNORECASE)
_CELL = re.compile(rb"<t[dh](?=[ \t\n\f\r>])", re.IGNORECASE)
_NAMED_VALUE = re.compile(
    rf"([a-z_:][\w:.-]*+)(?:{_GAP}*+={_GAP}*+(\"[^\"]*+\"|'[^']*+'|[^ \t\n\f\r\"'<>=`/]++))?+".encode(), re.IGNORECASE
)
_BREAK = re.compile(rb"</?(?:p|div|br)\b[^<>]*>", re.IGNORECASE)
_BREAK_BEGINS = re.compile(rb"<(?:p|div|br)\b", re.IGNORECASE)
_ENTITY = re.compile(rb"&(?:nbsp|ensp|emsp|lt|gt|amp|quot|ldquo|rdquo|middot|hellip|mdash);")

_UNSAID = re.compile(rb"[<\x00\x1f]")  # a tag written unusually; what parsers drop; what stands between texts in tables

_CELLS, _BLOCKS = frozenset({b"td", b"th"}), frozenset({b"p", b"div"})
_DRESS = frozenset({b"span", b"font", b"b", b"strong", b"i", b"em", b"u", b"o:p"})
_HOLDS_BLOCKS = _CELLS | {b"div"}
_BLANKS = b" \t\n\f\r"
_LONGEST_RUN, _MOST_AROUND = 300, 100  # bytes; together never longer than a cell that makes its table a layout
_LONGEST_CELL, _LONGEST_KNOWN = 4096, 4096  # bytes; longer rows are not remembered


def take_regular_tables(markup: bytes) -> tuple[bytes, list[list[RowAsWritten]]]:
    """UTF-8 markup without its regular tables, and the rows of these. Each leaves <table regular=index> in its place."""
    lower = markup.lower()
    if _MARK in lower:
        return markup, []
    pieces: list[bytes] = []
    tables: list[list[RowAsWritten]] = []
    done = 0
    for begin, end in _innermost(lower):
        rows = _rows(markup[begin:end])
        if rows is not None:
            said = b"".join([row.characters for row in rows])
            pieces += (
                markup[done:begin],
                b"<table %b=%d><tr><td>%b</td><td></td></tr></table>" % (_MARK, len(tables), said),
            )
            tables.append(rows)
            done = end
    return b"".join([*pieces, markup[done:]]), tables


def _innermost(lower: bytes) -> Iterator[tuple[int, int]]:
    """Where tables without tables in them begin and end."""
    begin = lower.find(_OPEN)
    while begin >= 0:
        end = lower.find(_CLOSE, begin)
        if end < 0:
            return
        yield lower.rfind(_OPEN, begin, end), end + len(_CLOSE)
        begin = lower.find(_OPEN, end)


def _rows(chunk: bytes) -> list[RowAsWritten] | None:
    """The rows of a table from <table> to </table>; None where it is not regular, or places things (one column)."""
    *rows, rest = chunk.split(b"</tr>")
    if not rows:
        *rows, rest = _ROW_END.split(chunk)
    if not rows or not _TABLE_END.fullmatch(rest):
        return None
    read = []
    for row in rows:
        found = _known_row(row) if len(row) <= _LONGEST_KNOWN else _row(row)
        if found is None:
            return None
        read.append(found)
    widths = [len(row.texts) for row in read]
    return read if max(widths) > 1 and sum(widths) < MAX_GRID_CELLS else None


def _row(row: bytes) -> RowAsWritten | None:
    """The cells of a row without its end tag; None where it is not regular."""
    *cells, rest = row.split(b"</td>")
    found = _row_of(cells, repeat(b"</td>"), rest)
    if found is None:  # with heads, or in capitals
        *parts, rest = _CELL_END.split(row)
        found = _row_of(parts[::2], parts[1::2], rest)
    return found


def _row_of(cells: list[bytes], ends: Iterable[bytes], rest: bytes) -> RowAsWritten | None:
    """The row of these pieces up to the ends of cells, and what stands behind the last of them."""
    if not cells:
        return RowAsWritten([], (), _ANY_TAG.sub(b"", rest)) if _is_row_start(rest) else None
    first = _CELL.search(cells[0])
    if first is None or rest.strip(_BLANKS) or not _is_row_start(cells[0][: first.start()]):
        return None
    before, cells[0] = cells[0][: first.start()], cells[0][first.start() :]
    read = []
    for cell, end in zip(cells, ends, strict=False):  # the ends of plain cells go on for ever
        found = _cell(cell, end) if len(cell) <= _LONGEST_CELL else None
        if found is None:
            return None
        read.append(found)
    texts, spans, characters = zip(*read, strict=True)
    spanned = spans if any(map(any, spans)) else ()
    return RowAsWritten(list(texts), spanned, b"".join((_ANY_TAG.sub(b"", before), *characters, rest)))


# Rows and cells are written alike again and again, in however many pages of one office. What these functions give depends on nothing but the
# bytes that they are asked about.

_known_row = lru_cache(maxsize=2048)(_row)


@lru_cache(maxsize=4096)
def _cell(cell: bytes, end: bytes) -> tuple[str, Spans, bytes] | None:
    """The text and the spans of a cell, as tables.grid_cells reads them (where it has two blocks or breaks, there is a space around each), and its
    characters."""
    characters = _ANY_TAG.sub(b"", cell)
    run = _RUN.fullmatch(cell)
    if run is not None:
        spans, text = _spans_of_run(run[1], run[3] + end), _said(run[2])
    else:
        begins = cell.lstrip(_BLANKS).startswith(b"<")  # text before a cell is none of the table's
        spans = _spans(cell + end) if begins and cell.count(b"<") <= _MOST_AROUND else None
        parted = spans is not None and len(_BREAK_BEGINS.findall(cell)) > 1
        text = _said(_ANY_TAG.sub(b"", _BREAK.sub(b" ", cell)) if parted else characters)
    return (text, spans, characters) if spans is not None and text is not None else None


@lru_cache(maxsize=1024)
def _is_row_start(start: bytes) -> bool:
    return _ROW_START.fullmatch(start) is not None and _is_usual(start)


@lru_cache(maxsize=1024)
def _spans_of_run(start: bytes, behind: bytes) -> Spans | None:
    """The spans of a cell with one piece of text by the tags before and behind it."""
    markup = start + behind
    around = len(_ANY_TAG.sub(b"", markup)) + markup.count(b"<")
    return _spans(markup) if around <= _MOST_AROUND else None


def _said(text: bytes) -> str | None:
    """What a piece of text without tags says; None where it takes a browser to tell, or is long."""
    if _UNSAID.search(text) or len(text) > _LONGEST_RUN or text.count(b"&") != len(_ENTITY.findall(text)):
        return None
    return tidy(html.unescape(text.decode()))


def _spans(cell: bytes) -> Spans | None:
    """(rowspan, colspan) of a cell as written, "" for none; None where its elements are not closed in order, or are no mere dress."""
    tags = [_tag(tag) for tag in _ANY_TAG.findall(cell)]
    if len(tags) != cell.count(b"<"):
        return None
    inside: list[bytes] = []
    for at, (name, is_end, _) in enumerate(tags):
        if is_end:
            if not inside or inside.pop() != name:
                return None
        elif name in _CELLS if at == 0 else _may_stand(name, inside):
            if name != b"br":
                inside.append(name)
        else:
            return None
    return None if inside else tags[0][2]


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
    return not any(word in lower for word in _UNUSUAL)


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
    return None if b"&" in rows + columns else (rows.decode(), columns.decode())
