"""Tables that hold nothing but rows, cells, merges and text, taken from the bytes of their part.

Most tables are such, and a tree of them costs several times as much as what they say. Each piece of a table must match
the grammar below whole; where one does not (fields, numbering, hidden text, controls, boxes, pictures, deleted rows and
cells, tables in tables), the table is left for the tree. What is taken leaves an empty w:tbl behind that names it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from extract.document import MAX_GRID_CELLS, MAX_SPAN
from extract.readers.office_parts.celltext import clean, join_lines, resolve_entities
from extract.readers.office_parts.placing import CONTINUE, Place

_NAMESPACE = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_PREFIX = b"xmlns:w="
_OPEN, _CLOSE, _ROW_END, _CELL, _CELL_END = b"<w:tbl>", b"</w:tbl>", b"</w:tr>", b"<w:tc", b"</w:tc>"
_RARE = re.compile(rb"bl>")  # how both ends of tables end: found four times as fast as what begins with a bracket
_TEXT_END = b"</w:t></w:r></w:p>"

REMEMBERED = 2048  # pieces of markup, of about 200 bytes
LONGEST_KNOWN = 2048  # bytes; tables with longer cells are not remembered
LONGEST_CELL = 16 * 1024  # bytes; in Word's most talkative markup a cell has about 1,500

_HAS = "(?: [^<>]*[^<>/])?"  # the attributes of a tag that does not close itself
_MARK = r"<w:(?:bookmarkStart|bookmarkEnd|proofErr|lastRenderedPageBreak)\b[^<>]*/>"  # prints nothing
# Properties that hide, strike, raise, number, delete, or merge in ways of their own.
_UNUSUAL = (
    r"(?:(?:del|ins|moveFrom|moveTo|numPr|vanish|specVanish|sectPr|hMerge|cellDel|cellIns|cellMerge"
    r"|rPrChange|pPrChange|tcPrChange|tblPrExChange)\b|vertAlign w:val=\"superscript"
    r"|d?strike(?! w:val=\"(?:0|false|off)\"))"
)


def _properties(name: str) -> str:
    """A block of properties: usual tags of any kind, but no characters."""
    return rf"(?:<w:{name}>(?:<(?!/w:{name}>|w:{_UNUSUAL})[^<>]*>)*</w:{name}>|<w:{name}/>)?"


_RUN_START = rf"<w:r{_HAS}>{_properties('rPr')}"
_RUN = rf"{_RUN_START}(?:<w:t{_HAS}>[^<]*</w:t>|<w:t(?: [^<>]*)?/>|<w:br/>|{_MARK})*</w:r>"
_DELETED = rf"<w:del{_HAS}>(?:{_RUN_START}<w:delText{_HAS}>[^<]*</w:delText></w:r>)*</w:del>"
_INSERTED = rf"<w:ins{_HAS}>(?:{_RUN}|{_MARK})*</w:ins>"
_PARAGRAPH = rf"<w:p(?: [^<>]*)?/>|<w:p{_HAS}>{_properties('pPr')}(?:{_RUN}|{_MARK}|{_INSERTED}|{_DELETED})*</w:p>"
_CELL_START = rf"<w:tc{_HAS}>{_properties('tcPr')}"
_UP_TO_TEXT = rf"{_CELL_START}(?:{_MARK})*<w:p{_HAS}>{_properties('pPr')}(?:{_MARK})*{_RUN_START}<w:t{_HAS}>"
_ROW_START = (
    rf"(?:{_MARK})*<w:tr{_HAS}>(?:{_MARK})*{_properties('tblPrEx')}(?:<w:trPr>"
    r"(?:<w:(?:cantSplit|trHeight|tblHeader|jc|gridAfter|wAfter|cnfStyle|divId|tblCellSpacing)\b[^<>]*/>)*"
    r"</w:trPr>|<w:trPr/>)?"
)

_WHOLE_CELL = re.compile(rf"{_CELL_START}(?:{_PARAGRAPH}|{_MARK})*".encode())
_CELL_UP_TO_TEXT, _ROW_UP_TO_CELLS = re.compile(_UP_TO_TEXT.encode()), re.compile(_ROW_START.encode())
_TABLE_UP_TO_ROWS = re.compile(rf"<w:tbl>{_properties('tblPr')}{_properties('tblGrid')}".encode())
_RUNS_MEET = re.compile(rf"</w:t></w:r><w:r{_HAS}><w:t{_HAS}>".encode())  # the second has no format: it is not hidden
_EDITING_MARK = b" w:rsid"  # Word's marks of who wrote what when keep runs and cells apart that are alike
_EDITING_IDS = re.compile(rb' w(?:14)?:(?:rsid\w*|paraId|textId)="[^"<>]*"')
_STYLE = re.compile(rb'<w:pStyle\b[^<>]*?\bw:val="([^"]*)"')
_SPAN = re.compile(rb'<w:gridSpan\b[^<>]*?\bw:val="(\d{1,8})"')
_MERGE = re.compile(rb'<w:vMerge(?: w:val="(restart|continue)")?\s?/>')
_WIDTH = re.compile(rb'<w:gridCol\b[^<>]*?\bw:w="([^"]*)"')
_LINES = re.compile(rb"<w:(?:t(?: [^<>]*)?>([^<]*)|(?:p|br)\b)")

Styles = tuple[str, ...]  # ids of the paragraph styles in a cell
Piece = tuple[str, Place, Styles, bool]  # what a cell says, its place, its styles, whether a row begins with it


class PlainTable(NamedTuple):
    """A table as taken: the declared widths of its columns, what its cells say, their places, which of them begin a row, how many characters they say."""

    widths: tuple[str, ...]
    texts: list[str]
    places: tuple[Place, ...]
    starts: tuple[int, ...]
    length: int


def take_plain_tables(data: bytes, is_numbered: Callable[[str], bool]) -> tuple[bytes, list[PlainTable]]:
    """The bytes of a document part without its plain tables, and these tables.

    Each leaves <w:tbl plain="index" length="characters"/> in its place. `is_numbered` tells whether the paragraph style
    of that id prints numbers. The bytes come back as they are where they are not in UTF-8 or use tags unusually.
    """
    if _NAMESPACE not in data:
        return data, []
    pieces: list[bytes] = []
    tables: list[PlainTable] = []
    done = 0
    try:
        for begin, end in _innermost(data):
            table = _table(data[begin:end], is_numbered)
            if table is not None:
                pieces += (data[done:begin], b'<w:tbl plain="%d" length="%d"/>' % (len(tables), table.length))
                tables.append(table)
                done = end
    except UnicodeDecodeError:
        return data, []
    lean = b"".join([*pieces, data[done:]])
    return (lean, tables) if lean.count(_PREFIX) == 1 else (data, [])


def _innermost(data: bytes) -> Iterator[tuple[int, int]]:
    """Where tables without tables in them begin and end."""
    begin = -1
    for found in _RARE.finditer(data):
        end = found.end()
        if data.endswith(_OPEN, 0, end):
            begin = end - len(_OPEN)
        elif begin >= 0 and data.endswith(_CLOSE, 0, end):
            yield begin, end
            begin = -1


def _table(data: bytes, is_numbered: Callable[[str], bool]) -> PlainTable | None:
    """A table from <w:tbl> to </w:tbl>; None where it is not plain, or a frame of one column."""
    start = _TABLE_UP_TO_ROWS.match(data)
    if start is None or _PREFIX in start[0]:
        return None
    data = _ROW_END + data[start.end() :]  # so that every row begins behind the end of one
    if _EDITING_MARK in data[:4000]:
        data = _EDITING_IDS.sub(b"", data)
    *cells, rest = data.split(_CELL_END)
    longest = max(map(len, cells), default=0)
    if rest != _ROW_END + _CLOSE or longest > LONGEST_CELL:
        return None
    found: list[Piece] = []
    for piece in map(_known_piece if longest <= LONGEST_KNOWN else _piece, cells):
        if piece is None:
            return None
        found.append(piece)
    if not 0 < len(found) <= MAX_GRID_CELLS:
        return None
    texts, places, styles, begun = zip(*found, strict=True)
    starts = tuple([at for at, begins in enumerate(begun) if begins])
    if len(starts) == len(texts) or any(map(is_numbered, set(chain.from_iterable(styles)))):
        return None
    widths = tuple([declared.decode() for declared in _WIDTH.findall(start[0])])
    return PlainTable(widths, list(texts), places, starts, len("".join(texts)))


def _piece(piece: bytes) -> Piece | None:
    """A cell without its end tag, behind the end of the row above where it begins one; None where it is not plain."""
    at = piece.find(_CELL)
    begins = piece.startswith(_ROW_END)
    is_start = _is_row_start(piece[len(_ROW_END) : at]) if begins else at == 0
    if at < 0 or not is_start or piece.rfind(_ROW_END) > 0 or _PREFIX in piece:
        return None
    cell = _RUNS_MEET.sub(b"", piece[at:])
    end = -len(_TEXT_END)
    at = cell.rfind(b">", 0, end) + 1
    found = _place_of_one_run(cell[:at]) if cell.endswith(_TEXT_END) else None
    if found is not None:
        said = cell[at:end].decode()
        return said if said.isdecimal() else clean(resolve_entities(said)), *found, begins
    whole = _whole(cell)
    return None if whole is None else (*whole, begins)


# Most cells say the same in however many documents of one writer, and differ in their text, and little else: both are looked at once. What these
# functions give depends on nothing but the bytes that they are asked about.

_known_piece = lru_cache(maxsize=2 * REMEMBERED)(_piece)


@lru_cache(maxsize=REMEMBERED)
def _is_row_start(data: bytes) -> bool:
    return _ROW_UP_TO_CELLS.fullmatch(data) is not None


@lru_cache(maxsize=REMEMBERED)
def _place_of_one_run(start: bytes) -> tuple[Place, Styles] | None:
    """The place of a cell of one run by what stands before its text."""
    return _place(start) if _CELL_UP_TO_TEXT.fullmatch(start) else None


def _whole(cell: bytes) -> tuple[str, Place, Styles] | None:
    """The text and the place of a cell of any number of runs and lines."""
    place = _place(cell) if _WHOLE_CELL.fullmatch(cell) else None
    if place is None:
        return None
    lines = [""]
    for found in _LINES.finditer(cell):
        if found[1] is None:
            lines.append("")
        else:
            lines[-1] += resolve_entities(found[1].decode())
    return join_lines(lines), *place


def _place(cell: bytes) -> tuple[Place, Styles] | None:
    """How many columns a cell covers, whether it is merged with others, its styles; None where that cannot be told."""
    width, vertical = 1, ""
    styles = _STYLE.findall(cell) if b"pStyle" in cell else []
    if styles and cell.count(b"pStyle") > len(styles):
        return None
    if b"gridSpan" in cell:
        span = _SPAN.search(cell)
        if span is None:
            return None
        width = min(max(int(span[1]), 1), MAX_SPAN)
    if b"vMerge" in cell:
        merge = _MERGE.search(cell)
        if merge is None:
            return None
        vertical = merge[1].decode() if merge[1] else CONTINUE
    return (width, vertical), tuple(style.decode() for style in styles)
