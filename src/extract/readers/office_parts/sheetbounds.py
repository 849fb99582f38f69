"""How far a workbook's cells reach, asked before a library lays them out in a dense table and runs out of memory.

Rules: ECMA-376 part 1, 18.3.1.4 (cell references); [MS-XLS] 2.5.13 (a cell record begins with its row and column).
"""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Iterable, Iterator
from html import unescape

from extract.readers.office_parts.compound import Compound
from extract.readers.office_parts.package import Package

SHEET_PART = re.compile(r"(?i)xl/worksheets/sheet(\d+)\.xml")
_PLACE = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Za-z]{1,3})(\d{1,10})"')
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d{1,10})"')
_WORKSHEET = re.compile(r"(?i)xl/(?:work)?sheets/.*\.xml")
_DIMENSIONS, _BEYOND = 0x0200, 1 << 20
_BEGIN, _WORKSHEET_STREAM, _SEVERAL_CELLS = 0x0809, b"\x10\x00", frozenset([0x00BD, 0x00BE])
_BOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_SHEET, _LINK = re.compile(rb"<(?:\w+:)?sheet\b([^<>]*)>"), re.compile(rb"<(?:\w+:)?Relationship\b([^<>]*)>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_CELL_RECORDS = frozenset([0x0006, 0x00BD, 0x00BE, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E, 0x0207])


def reach_of_package(package: Package) -> tuple[int, int]:
    """(rows, columns) that the cells of an .xlsx span, all sheets taken together."""
    rows = columns = 0
    for name in package.names():
        if _WORKSHEET.fullmatch(name):
            data = package.read(name)
            rows = max([rows, *map(int, set(_ROW.findall(data)))])
            for letters, number in set(_PLACE.findall(data)):
                rows, columns = max(rows, int(number)), max(columns, _column(letters.upper()))
    return rows, columns


def drawn_rows_of_package(package: Package) -> dict[str, frozenset[int]]:
    """Sheet name → rows (from 0) of an .xlsx that hold at least two cell elements, filled or not. Sheets that cannot be told apart are left out."""
    if _BOOK not in package or _LINKS not in package:
        return {}
    targets = dict(_ids(package.read(_LINKS), _LINK, b"Id", b"Target"))
    drawn = {}
    for name, link in _ids(package.read(_BOOK), _SHEET, b"name", b"id"):
        part = "xl/" + targets.get(link, "").lstrip("/").removeprefix("xl/")
        if part in package:
            drawn[name] = _twice(int(number) - 1 for _, number in _PLACE.findall(package.read(part)))
    return drawn


def _ids(data: bytes, element: re.Pattern[bytes], first: bytes, second: bytes) -> Iterator[tuple[str, str]]:
    """Two attributes of each such element."""
    for attributes in element.findall(data):
        found = {key.rpartition(b":")[2]: value for key, value in _ATTRIBUTE.findall(attributes)}
        if first in found and second in found:
            yield unescape(found[first].decode("utf-8", "replace")), unescape(found[second].decode("utf-8", "replace"))


def drawn_rows_of_compound(data: bytes) -> list[frozenset[int]]:
    """The same for an .xls, sheet after sheet: rows with records of at least two cells, blank ones among them."""
    compound = Compound(data)
    name = next((name for name in compound.names() if name.casefold() in ("workbook", "book")), "Workbook")
    sheets: list[list[int]] = []
    for kind, record in _records(compound.read(name)):
        if kind == _BEGIN and len(record) >= 4 and record[2:4] == _WORKSHEET_STREAM:
            sheets.append([])
        if sheets and kind in _CELL_RECORDS and len(record) >= 4:
            row, _ = struct.unpack_from("<HH", record)
            sheets[-1].extend([row, row] if kind in _SEVERAL_CELLS else [row])
    return [_twice(rows) for rows in sheets]


def _twice(rows: Iterable[int]) -> frozenset[int]:
    return frozenset(row for row, count in Counter(rows).items() if count >= 2)


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """(type, content) of the records of a workbook stream; [MS-XLS] 2.1.4."""
    place = 0
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        yield kind, stream[place + 4 : place + 4 + size]
        place += 4 + size


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def reach_of_compound(data: bytes) -> tuple[int, int]:
    """(rows, columns) that the cells of an .xls span, all sheets taken together, or that it says they span.

    A span whose end lies before its start counts as a million each way.
    """
    compound = Compound(data)
    name = next((name for name in compound.names() if name.casefold() in ("workbook", "book")), "Workbook")
    stream = compound.read(name)
    rows = columns = place = 0
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        place += 4
        if kind == _DIMENSIONS and size >= 10 and place + 12 <= len(stream):
            bounds = struct.unpack_from("<IIHH" if size >= 14 else "<HHHH", stream, place)
            first_row, last_row, first_column, last_column = bounds
            if first_row > last_row or first_column > last_column:
                return _BEYOND, _BEYOND  # the library would count from one to the other all the same
            rows, columns = max(rows, last_row), max(columns, last_column)
        elif kind in _CELL_RECORDS and size >= 4 and place + 4 <= len(stream):
            row, column = struct.unpack_from("<HH", stream, place)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        place += size
    return rows, columns
