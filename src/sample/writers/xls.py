"""Old Excel workbooks (BIFF8 in a compound file): labels, numbers and merged ranges on one sheet."""

from __future__ import annotations

import re
import struct

from sample.page import Page, Paragraph
from sample.tables import Table
from sample.writers.compound import contain

_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")
_MERGES_A_RECORD = 1000


def write(page: Page) -> bytes:
    """The page as an .xls file."""
    sheet = _Sheet()
    for block in page.blocks:
        if isinstance(block, Paragraph):
            sheet.add_paragraph(block.text)
        else:
            sheet.add_table(block)
    return contain({"Workbook": _workbook(sheet.records())})


def _record(number: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", number, len(content)) + content


def _workbook(sheet: bytes) -> bytes:
    """The globals (character set, window, font, formats, name of the sheet) followed by the sheet."""
    font = _record(0x31, struct.pack("<5H4BBB", 220, 0, 0x7FFF, 400, 0, 0, 0, 134, 0, 5, 0) + b"Arial")
    look = struct.pack("<3H2BH2I2H", 0, 0, 0xFFF5, 0x20, 0, 0, 0, 0, 0, 0)[:20]
    before = _record(0x809, struct.pack("<4H2I", 0x600, 5, 0x0DBB, 1996, 0x41, 6))
    before += _record(0x42, struct.pack("<H", 1200)) + _record(
        0x3D, struct.pack("<9H", 0, 0, 9000, 6000, 0x38, 0, 0, 1, 600)
    )
    before += font * 4 + _record(0xE0, look) * 16
    name = "Sheet1"
    length = 4 + 8 + len(name)
    end = _record(0x0A)
    start = len(before) + length + len(end)
    bound = _record(0x85, struct.pack("<IBBBB", start, 0, 0, len(name), 0) + name.encode("ascii"))
    return before + bound + end + sheet


class _Sheet:
    """Cells and merged ranges, row by row."""

    def __init__(self) -> None:
        self.cells: list[bytes] = []
        self.merges: list[tuple[int, int, int, int]] = []
        self.height = 0

    def add_paragraph(self, text: str) -> None:
        """One row merged over ten columns."""
        self._cell(self.height, 0, text)
        self.merges.append((self.height, self.height, 0, 9))
        self.height += 1

    def add_table(self, table: Table) -> None:
        """The table from the first column on, an empty row after it."""
        taken: set[tuple[int, int]] = set()
        for at, boxes in enumerate(table.rows):
            row, column = self.height + at, 0
            for box in boxes:
                while (at, column) in taken:
                    column += 1
                self._cell(row, column, box.text)
                taken |= {(at + down, column + right) for down in range(box.row_span) for right in range(box.col_span)}
                if box.row_span > 1 or box.col_span > 1:
                    self.merges.append((row, row + box.row_span - 1, column, column + box.col_span - 1))
                column += box.col_span
        self.height += len(table.rows) + 1

    def _cell(self, row: int, column: int, text: str) -> None:
        plain = text.strip()
        if not plain:
            self.cells.append(_record(0x201, struct.pack("<3H", row, column, 15)))
        elif _NUMBER.fullmatch(plain):
            self.cells.append(_record(0x203, struct.pack("<3Hd", row, column, 15, float(plain))))
        else:
            told = struct.pack("<4HB", row, column, 15, len(text), 1)
            self.cells.append(_record(0x204, told + text.encode("utf-16-le")))

    def records(self) -> bytes:
        """The sheet's own stream."""
        begin = _record(0x809, struct.pack("<4H2I", 0x600, 0x10, 0x0DBB, 1996, 0x41, 6))
        size = _record(0x200, struct.pack("<2I3H", 0, self.height, 0, 15, 0))
        merged = b"".join(
            _record(0xE5, struct.pack("<H", len(some)) + b"".join(struct.pack("<4H", *one) for one in some))
            for start in range(0, len(self.merges), _MERGES_A_RECORD)
            if (some := self.merges[start : start + _MERGES_A_RECORD])
        )
        window = _record(0x23E, struct.pack("<HHHIHHI", 0x06B6, 0, 0, 64, 0, 0, 0))
        return begin + size + b"".join(self.cells) + window + merged + _record(0x0A)
