"""The text of a binary Word document by its piece table: a reading that knows nothing of any conversion.

Rules: [MS-DOC] 2.4.1 (retrieving text), 2.8.35 (PlcPcd), 2.8.5 and 2.8.6 (bin tables), 2.9.33 and 2.9.174
(formatted pages). Formatting is asked only for what deletes or hides text and for what ends a table row.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from typing import NamedTuple

from extract.document import Unreadable
from extract.readers.office_parts.celltext import clean, join_lines
from extract.readers.office_parts.compound import Compound

_WORD_MAGIC = 0xA5EC
_WORD_97 = 0x00C1
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_MAX_CHARACTERS = 16 * 1024 * 1024
_MAX_PAGES = 20_000
_FC_PLCF_BTE_CHPX, _FC_PLCF_BTE_PAPX, _FC_CLX = 0x00FA, 0x0102, 0x01A2
_SPRM_DELETED, _SPRM_HIDDEN, _SPRM_TABLE_DEFINITION = 0x0800, 0x083C, 0xD608
_OPERAND_BYTES = (
    1,
    1,
    2,
    4,
    2,
    2,
    -1,
    3,
)  # by the three highest bits of a sprm; -1: the first byte of the operand counts it
_CELL_END, _FIELD_BEGIN, _FIELD_PARTS, _FIELD_END = "\x07", "\x13", "\x14", "\x15"
_PARAGRAPH_ENDS = "\r\x0b\x0c\x0e"
_ROW_END, _INNER_CELL, _INNER_ROW, _PLAIN_END = (
    "\x1c",
    "\x1d",
    "\x19",
    "\x18",
)  # put by this module in the place of ambiguous marks
_PARAGRAPH_MARKS = "\r\x07\x0c"
_FIELD_MARKS = _FIELD_BEGIN + _FIELD_PARTS + _FIELD_END
_STRUCTURE = _CELL_END + _FIELD_MARKS + _PARAGRAPH_ENDS
_SPRM_IN_TABLE, _SPRM_FAR = 0x2416, (0x6645, 0x6646)
_MARK_OF_SPRM = ((0x2417, _ROW_END), (0x244C, _INNER_ROW), (0x244B, _INNER_CELL))
_PRINTED_AS = {"\t": " ", "\x1e": "-", "\x1f": "", "\x01": "", "\x02": "", "\x03": "", "\x05": "", "\x08": ""}


_Span = tuple[int, int]


class _Piece(NamedTuple):
    start: int  # character position
    end: int
    offset: int  # byte offset in the WordDocument stream
    compressed: bool


def word_lines(data: bytes) -> list[list[str]]:
    """The lines of the main text: a paragraph is a list of one text, a table row the list of its cells.

    Vertically merged cells stand in each row as empty cells. Raises Unreadable where the bytes are no Word 97 to 2003
    document, are encrypted, or their tables are damaged.
    """
    compound = Compound(data)
    main = compound.read("WordDocument")
    try:
        text = _main_text(compound, main)
    except (struct.error, IndexError) as error:
        raise Unreadable("The Word document's tables point outside the file: it is damaged or cut off.") from error
    parting = _Parting()
    for char in text:
        parting.take(char)
    parting.end_row()
    return parting.lines


def _main_text(compound: Compound, main: bytes) -> str:
    magic, version = struct.unpack_from("<HH", main)
    flags = struct.unpack_from("<H", main, 10)[0]
    if magic != _WORD_MAGIC or version < _WORD_97:
        raise Unreadable("The document was written by Word 95 or older: open it in Word or WPS and save it as .docx.")
    if flags & _ENCRYPTED:
        raise Unreadable("The document is protected by a password: save it without one.")
    table = compound.read("1Table" if flags & _TABLE_1 else "0Table")
    length = min(struct.unpack_from("<I", main, 0x4C)[0], _MAX_CHARACTERS)
    far = compound.read("Data") if "Data" in compound.names() else b""
    dropped, marks = _dropped_spans(main, table), _paragraph_marks(main, table, far)
    text = []
    for piece in _pieces(main, table):
        if piece.start >= length:
            break
        text.append(_piece_text(main, piece, min(piece.end, length), dropped, marks))
    return "".join(text)


def _pieces(main: bytes, table: bytes) -> list[_Piece]:
    offset, size = struct.unpack_from("<II", main, _FC_CLX)
    place, end = offset, offset + size
    while place < end and table[place] == 1:  # property modifiers come before the piece table
        place += 3 + struct.unpack_from("<H", table, place + 1)[0]
    if place >= end or table[place] != 2:
        raise Unreadable("The Word document has no piece table: it is damaged.")
    count = (struct.unpack_from("<I", table, place + 1)[0] - 4) // 12
    place += 5
    if not 0 < count < len(table) // 12 + 1:
        raise Unreadable("The Word document's piece table has an impossible length: it is damaged.")
    bounds = struct.unpack_from(f"<{count + 1}I", table, place)
    place += 4 * (count + 1)
    pieces = []
    for number in range(count):
        where = struct.unpack_from("<I", table, place + 8 * number + 2)[0]
        compressed = bool(where & 0x40000000)
        where &= 0x3FFFFFFF
        pieces.append(_Piece(bounds[number], bounds[number + 1], where // 2 if compressed else where, compressed))
    return pieces


def _piece_text(main: bytes, piece: _Piece, end: int, dropped: list[_Span], marks: list[tuple[int, str]]) -> str:
    """The text of a piece: characters in dropped spans left out, marks that end rows and inner cells made their own."""
    width = 1 if piece.compressed else 2
    first, last = piece.offset, piece.offset + max(end - piece.start, 0) * width
    data = main[first:last]
    chars = list(data.decode("cp1252", "replace") if piece.compressed else data.decode("utf-16-le", "replace"))
    if len(chars) * width != len(data):  # characters beyond the basic plane take two units: keep the places of bytes
        chars = [data[place : place + 2].decode("utf-16-le", "surrogatepass") for place in range(0, len(data) - 1, 2)]
    for start, stop in dropped[max(bisect_right(dropped, (first, 0)) - 1, 0) : bisect_right(dropped, (last, 0))]:
        for index in range((max(start, first) - first) // width, (min(stop, last) - first) // width):
            if chars[index] not in _STRUCTURE:
                chars[index] = ""
    for place, mark in marks[bisect_right(marks, (first, "\uffff")) : bisect_right(marks, (last, "\uffff"))]:
        index = (place - first) // width - 1
        if 0 <= index < len(chars) and chars[index] in _PARAGRAPH_MARKS:
            chars[index] = mark
    return "".join(chars).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _dropped_spans(main: bytes, table: bytes) -> list[_Span]:
    """The byte spans of the WordDocument stream whose characters are deleted by a tracked change or hidden."""
    dropped = []
    for sector in _formatted_pages(main, table, _FC_PLCF_BTE_CHPX):
        runs = min(sector[511], 0x65)
        bounds = struct.unpack_from(f"<{runs + 1}I", sector)
        for run in range(runs):
            place = sector[4 * (runs + 1) + run] * 2
            if place and _is_set(sector[place + 1 : place + 1 + sector[place]], (_SPRM_DELETED, _SPRM_HIDDEN)):
                dropped.append((bounds[run], bounds[run + 1]))
    return sorted(dropped)


def _paragraph_marks(main: bytes, table: bytes, far: bytes) -> list[tuple[int, str]]:
    """Which paragraph marks, by where they end in the WordDocument stream, end a row, an inner row, an inner cell, or
    a paragraph outside tables. `far` is the Data stream, where property lists too long for a page are kept."""
    marks = []
    for sector in _formatted_pages(main, table, _FC_PLCF_BTE_PAPX):
        runs = min(sector[511], 0x1D)
        bounds = struct.unpack_from(f"<{runs + 1}I", sector)
        for run in range(runs):
            properties = _paragraph_properties(sector, sector[4 * (runs + 1) + 13 * run] * 2, far)
            mark = next((mark for sprm, mark in _MARK_OF_SPRM if _is_set(properties, (sprm,))), "")
            if not mark and not _is_set(properties, (_SPRM_IN_TABLE,)):
                mark = _PLAIN_END
            if mark:
                marks.append((bounds[run + 1], mark))
    return sorted(marks)


def _paragraph_properties(sector: bytes, place: int, far: bytes) -> bytes:
    """The sprms of a paragraph in its page ([MS-DOC] 2.9.175), or those in the Data stream that they refer to."""
    if not place:
        return b""
    size, start = 2 * sector[place] - 1, place + 1
    if size < 0:
        size, start = 2 * sector[place + 1], place + 2
    properties = sector[start + 2 : start + size]
    if len(properties) >= 6 and struct.unpack_from("<H", properties)[0] in _SPRM_FAR:
        offset = struct.unpack_from("<I", properties, 2)[0]
        length = struct.unpack_from("<H", far, offset)[0]
        return far[offset + 2 : offset + 2 + length]
    return properties


def _formatted_pages(main: bytes, table: bytes, where: int) -> list[bytes]:
    """The 512-byte pages of formatted runs that a bin table ([MS-DOC] 2.8.5 and 2.8.6) points to."""
    offset, size = struct.unpack_from("<II", main, where)
    count = max(size - 4, 0) // 8
    if count > _MAX_PAGES:
        raise Unreadable("The Word document's formatting tables have an impossible length: it is damaged.")
    pages = struct.unpack_from(f"<{count}I", table, offset + 4 * (count + 1)) if count else ()
    sectors = [main[(page & 0x3FFFFF) * 512 :][:512] for page in pages]
    return [sector for sector in sectors if len(sector) == 512]


def _is_set(properties: bytes, wanted: tuple[int, ...]) -> bool:
    """Whether a list of sprms switches one of the wanted ones on."""
    place = 0
    while place + 2 < len(properties):
        sprm = struct.unpack_from("<H", properties, place)[0]
        if sprm in wanted:
            return properties[place + 2] == 1
        size = _OPERAND_BYTES[sprm >> 13]
        if sprm == _SPRM_TABLE_DEFINITION:
            size = struct.unpack_from("<H", properties[place + 2 :].ljust(2, b"\0"))[0] + 1
        place += 2 + (1 + properties[place + 2] if size < 0 else size)
    return False


class _Parting:
    """Parts a main text into paragraphs and rows."""

    def __init__(self) -> None:
        self.lines: list[list[str]] = []
        self._cells: list[list[str]] = []
        self._inner: list[str] = []
        self._cell_lines: list[str] = []
        self._text: list[str] = []
        self._fields: list[bool] = []  # for each open field whether its instruction is still being read

    def take(self, char: str) -> None:
        """Take the next character of the main text."""
        if char in _FIELD_MARKS:
            self._take_field(char)
        elif self._fields and any(self._fields) and char not in _STRUCTURE:
            return
        elif char in _PARAGRAPH_ENDS:
            self._end_line()
        elif char == _CELL_END:
            self._end_line()
            self._cells.append(self._cell_lines)
            self._cell_lines = []
        elif char in (_ROW_END, _PLAIN_END):
            self.end_row()
        elif char in (_INNER_CELL, _INNER_ROW):
            self._take_inner(char)
        else:
            self._text.append(_PRINTED_AS.get(char, char))

    def end_row(self) -> None:
        """End the open row, or a paragraph that stands in no cell."""
        self._end_line()
        cells, self._cells = self._cells, []
        if len(cells) == 1:  # a frame around prose
            self.lines.extend([line] for line in cells[0])
        elif cells:
            self.lines.append([join_lines(lines) for lines in cells])
        self.lines.extend([line] for line in self._cell_lines)
        self._cell_lines = []

    def _take_field(self, char: str) -> None:
        if char == _FIELD_BEGIN:
            self._fields.append(True)
        elif self._fields and char == _FIELD_PARTS:
            self._fields[-1] = False
        elif self._fields:
            self._fields.pop()

    def _take_inner(self, char: str) -> None:
        if char == _INNER_CELL:
            self._inner.append(clean("".join(self._text)))
        elif self._inner:
            self.lines.append(self._inner)
            self._inner = []
        self._text = []

    def _end_line(self) -> None:
        text = clean("".join(self._text))
        self._text = []
        if text:
            self._cell_lines.append(text)
