"""A second, independent reading of old Excel workbooks: rows of values straight from the cell records, no library between.

Rules: [MS-XLS] 2.4 (records: Label, LabelSst, Number, RK, MulRk, Formula, String, BoundSheet8, SST with its Continue records), 2.5.217 (RK numbers),
2.5.293 (strings of the table); workbooks of Excel 5 keep their strings in the character set of the machine, which for these reports is GBK.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Iterator

from extract.document import Unreadable
from extract.readers.office_parts.celltext import clean
from extract.readers.office_parts.compound import Compound

_BEGIN, _END, _CONTINUE, _LOCKED = 0x0809, 0x000A, 0x003C, 0x002F
_SHEET, _STRINGS = 0x0085, 0x00FC
_FORMULA, _STRING, _NUMBER, _RK, _SEVERAL_RK = 0x0006, 0x0207, 0x0203, 0x027E, 0x00BD
_LABELS, _LABEL_OF_TABLE, _TRUTH = (0x0204, 0x00D6), 0x00FD, 0x0205
_EXCEL_5 = 0x0500
_MAX_STRINGS = 200_000
Record = tuple[int, bytes]


def flatten_compound(data: bytes) -> list[str]:
    """The rows of all visible sheets in order, their filled cells parted by tabs; none where the workbook is damaged or locked."""
    try:
        compound = Compound(data)
        name = next((name for name in compound.names() if name.casefold() in ("workbook", "book")), "Workbook")
        return _Workbook(compound.read(name)).lines()
    except (Unreadable, struct.error, IndexError):
        return []  # no second reading


class _Workbook:
    """The stream of a workbook: its globals first, then each sheet where the globals say it begins."""

    def __init__(self, stream: bytes) -> None:
        self.stream = stream
        first = next(_records(stream, 0), (0, b""))
        self.is_old = len(first[1]) >= 2 and struct.unpack_from("<H", first[1])[0] == _EXCEL_5
        self.strings: list[str] = []

    def lines(self) -> list[str]:
        starts: list[int] = []
        for kind, content, following in _with_continues(_records(self.stream, 0)):
            if kind == _LOCKED:
                return []
            if kind == _SHEET and not content[4] & 3 and content[5] == 0:
                starts.append(struct.unpack_from("<I", content)[0])
            elif kind == _STRINGS:
                self.strings = _table(content, following)
        return [line for start in starts for line in self._sheet(start)]

    def _sheet(self, start: int) -> list[str]:
        rows: dict[int, dict[int, str]] = defaultdict(dict)
        depth, waiting = 0, (0, 0)  # the formula whose text comes in the next record
        for kind, content in _records(self.stream, start, whole=True):
            depth += (kind == _BEGIN) - (kind == _END)
            if depth == 0:
                break
            if depth > 1 or len(content) < 4:  # a chart inside the sheet
                continue
            if kind == _STRING:
                rows[waiting[0]][waiting[1]] = self._label(content)
                continue
            row, column = struct.unpack_from("<HH", content)
            waiting = (row, column)
            for at, text in enumerate(self._texts(kind, content)):
                rows[row][column + at] = clean(text)
        return ["\t".join(filled) for _, cells in sorted(rows.items()) if (filled := _filled(cells))]

    def _texts(self, kind: int, content: bytes) -> list[str]:
        """What one record prints: one text, several for a run of numbers, none where it holds no value."""
        if kind in _LABELS:
            return [self._label(content[6:])]
        if kind == _LABEL_OF_TABLE:
            index = struct.unpack_from("<I", content, 6)[0]
            return [self.strings[index] if index < len(self.strings) else ""]
        if kind == _NUMBER:
            return [_printed(struct.unpack_from("<d", content, 6)[0])]
        if kind == _RK:
            return [_printed(_rk(struct.unpack_from("<I", content, 6)[0]))]
        if kind == _SEVERAL_RK:
            return [_printed(_rk(struct.unpack_from("<I", content, at)[0])) for at in range(6, len(content) - 5, 6)]
        if kind == _FORMULA and content[12:14] != b"\xff\xff":
            return [_printed(struct.unpack_from("<d", content, 6)[0])]
        if kind == _TRUTH and content[7] == 0:
            return ["TRUE" if content[6] else "FALSE"]
        return []

    def _label(self, content: bytes) -> str:
        """A string that stands in its own record."""
        count = struct.unpack_from("<H", content)[0]
        if self.is_old:
            return content[2 : 2 + count].decode("gb18030", "replace")
        if content[2] & 1:
            return content[3 : 3 + 2 * count].decode("utf-16-le", "replace")
        return content[3 : 3 + count].decode("latin-1")


def _records(stream: bytes, start: int, whole: bool = False) -> Iterator[Record]:
    """(type, content) of the records from `start` to the end of their part, or of the stream where `whole`."""
    place = start
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        yield kind, stream[place + 4 : place + 4 + size]
        if kind == _END and not whole:
            return
        place += 4 + size


def _with_continues(records: Iterator[Record]) -> Iterator[tuple[int, bytes, list[bytes]]]:
    """Each record with the contents of the records that continue it."""
    held: tuple[int, bytes, list[bytes]] | None = None
    for kind, content in records:
        if kind == _CONTINUE and held is not None:
            held[2].append(content)
            continue
        if held is not None:
            yield held
        held = (kind, content, [])
    if held is not None:
        yield held


def _filled(cells: dict[int, str]) -> list[str]:
    return [text for _, text in sorted(cells.items()) if text]


def _rk(number: int) -> float:
    """A number packed in 30 bits: a whole one or the upper part of a float, perhaps in hundredths."""
    if number & 2:
        value = float((number >> 2) - (1 << 30 if number & 0x80000000 else 0))
    else:
        value = struct.unpack("<d", struct.pack("<Q", (number & 0xFFFFFFFC) << 32))[0]
    return value / 100 if number & 1 else value


def _printed(number: float) -> str:
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else f"{number:.15g}"


def _table(content: bytes, following: list[bytes]) -> list[str]:
    """The table of strings, which continues over the records that follow."""
    reader = _Strings([content[8:], *following])
    count = min(struct.unpack_from("<I", content, 4)[0], _MAX_STRINGS)
    return [reader.next() for _ in range(count)]


class _Strings:
    """Reads strings one after the other; where one goes on in the next record, that record says anew how wide its characters are."""

    def __init__(self, parts: list[bytes]) -> None:
        self.parts, self.part, self.at = parts, 0, 0

    def next(self) -> str:
        count, flags = struct.unpack("<HB", self._take(3))
        runs = struct.unpack("<H", self._take(2))[0] if flags & 8 else 0
        extra = struct.unpack("<I", self._take(4))[0] if flags & 4 else 0
        pieces: list[str] = []
        while count:
            if self.at >= len(self.parts[self.part]):
                self.part, self.at = self.part + 1, 1
                flags = self.parts[self.part][0]
            width = 2 if flags & 1 else 1
            fits = min(count, (len(self.parts[self.part]) - self.at) // width)
            if not fits:
                raise IndexError("a string breaks within a character")
            raw = self.parts[self.part][self.at : self.at + fits * width]
            pieces.append(raw.decode("utf-16-le" if width == 2 else "latin-1", "replace"))
            self.at += fits * width
            count -= fits
        self._take(4 * runs + extra)
        return "".join(pieces)

    def _take(self, size: int) -> bytes:
        taken = b""
        while len(taken) < size:
            if self.at >= len(self.parts[self.part]):
                self.part, self.at = self.part + 1, 0
            piece = self.parts[self.part][self.at : self.at + size - len(taken)]
            taken += piece
            self.at += len(piece)
        return taken
