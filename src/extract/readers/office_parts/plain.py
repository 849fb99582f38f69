"""Tables that hold nothing but rows, cells, merges and text, taken from the bytes of their part.

Most tables are such, and a tree of them costs several times as much as what they say. Each piece of a table must match
the grammar below whole; where one does not (fields, numbering, hidden text, controls, boxes, pictures, deleted rows and
cells, tables in tables), the table is left for the tree. What is taken leaves an empty w:tbl behind that names it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from extract.document import MAX_GRID_CELLS, MAX_SPAN
from extract.readers.office_parts.celltext import clean, join_lines, resolve_entities
from extract.readers.office_parts.placing import CONTINUE, Place, Placing

_NAMESPACE = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_OPEN, _CLOSE, _ROW_END, _CELL, _CELL_END = b"<w:tbl>", b"</w:tbl>", b"</w:tr>", b"<w:tc", b"</w:tc>"
_TEXT_END = b"</w:t></w:r></w:p>"

REMEMBERED = 2048  # pieces of markup, of about 200 bytes
LONGEST_KNOWN = 4096  # bytes; longer rows are not remembered
LONGEST_ROW = 64 * 1024  # bytes; a row of fifteen cells in Word's most talkative markup has about 20,000

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


class PlainRow(NamedTuple):
    """What the cells of a row say, their places, and the styles of the paragraphs in them."""

    texts: list[str]
    places: tuple[Place, ...]
    styles: Styles


class PlainTable(NamedTuple):
    """A table as taken: the declared widths of its columns, its rows, how many characters they say."""

    widths: list[str]
    rows: list[PlainRow]
    length: int

    def place(self, placing: Placing) -> None:
        """Put the cells in their places."""
        for row in self.rows:
            if not placing.begin_row():
                break
            placing.take_row(row.texts, row.places)


def take_plain_tables(data: bytes, is_numbered: Callable[[str], bool]) -> tuple[bytes, list[PlainTable]]:
    """The bytes of a document part without its plain tables, and these tables.

    Each leaves <w:tbl plain="index" length="characters"/> in its place. `is_numbered` tells whether the paragraph style
    of that id prints numbers. The bytes come back as they are where they are not in UTF-8 or use tags unusually.
    """
    if _NAMESPACE not in data or data.count(b"xmlns:w=") > 1:
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
    return b"".join([*pieces, data[done:]]), tables


def _innermost(data: bytes) -> Iterator[tuple[int, int]]:
    """Where tables without tables in them begin and end."""
    begin = data.find(_OPEN)
    while begin >= 0:
        end = data.find(_CLOSE, begin)
        if end < 0:
            return
        yield data.rfind(_OPEN, begin, end), end + len(_CLOSE)
        begin = data.find(_OPEN, end)


def _table(data: bytes, is_numbered: Callable[[str], bool]) -> PlainTable | None:
    """A table from <w:tbl> to </w:tbl>; None where it is not plain, or a frame of one column."""
    start = _TABLE_UP_TO_ROWS.match(data)
    if start is None:
        return None
    data = data[start.end() :]
    if _EDITING_MARK in data[:4000]:
        data = _EDITING_IDS.sub(b"", data)
    *rows, rest = _RUNS_MEET.sub(b"", data).split(_ROW_END)
    if rest != _CLOSE:
        return None
    read = []
    width = count = length = 0
    for row in rows:
        found = _known_row(row) if len(row) <= LONGEST_KNOWN else _row(row)
        if found is None or (found.styles and any(map(is_numbered, found.styles))):
            return None
        texts = found.texts
        width = max(width, len(texts))
        count += len(texts)
        length += len("".join(texts))
        read.append(found)
    if width < 2 or count > MAX_GRID_CELLS:
        return None
    return PlainTable([declared.decode() for declared in _WIDTH.findall(start[0])], read, length)


def _row(data: bytes) -> PlainRow | None:
    """The cells of a row without its end tag; None where it is not plain."""
    *cells, rest = data.split(_CELL_END)
    at = cells[0].find(_CELL) if cells else -1
    if len(data) > LONGEST_ROW or rest or at < 0 or not _is_row_start(cells[0][:at]):
        return None
    cells[0] = cells[0][at:]
    end = -len(_TEXT_END)
    texts: list[str] = []
    places: list[Place] = []
    styles: dict[str, None] = {}
    for cell in cells:
        at = cell.rfind(b">", 0, end) + 1
        found = _place_of_one_run(cell[:at]) if cell.endswith(_TEXT_END) else None
        if found is not None:
            said = cell[at:end]
            texts.append(said.decode() if said.isdigit() else clean(resolve_entities(said.decode())))
        else:
            whole = _whole(cell)
            if whole is None:
                return None
            texts.append(whole[0])
            found = whole[1]
        styles.update(dict.fromkeys(found[1]))
        places.append(found[0])
    return PlainRow(texts, tuple(places), tuple(styles))


# Most rows say the same in however many documents of one writer, and cells differ in their text, and little else: both are looked at once. What
# these functions give depends on nothing but the bytes that they are asked about.

_known_row = lru_cache(maxsize=1024)(_row)


@lru_cache(maxsize=REMEMBERED)
def _is_row_start(data: bytes) -> bool:
    return _ROW_UP_TO_CELLS.fullmatch(data) is not None


@lru_cache(maxsize=REMEMBERED)
def _place_of_one_run(start: bytes) -> tuple[Place, Styles] | None:
    """The place of a cell of one run by what stands before its text."""
    return _place(start) if _CELL_UP_TO_TEXT.fullmatch(start) else None


@lru_cache(maxsize=REMEMBERED)
def _whole(cell: bytes) -> tuple[str, tuple[Place, Styles]] | None:
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
    return join_lines(lines), place


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
