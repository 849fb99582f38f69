"""Excel workbooks, written as the XML that Excel reads: merged ranges, numbers as numbers or as text.

The report stands on one sheet, or each section on its own, by the office's habit.
"""

from __future__ import annotations

import random
import re
from xml.sax.saxutils import escape

from sample.page import Page, Paragraph
from sample.tables import Table
from sample.writers.packing import pack

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/></font></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="1"><xf/></cellXfs></styleSheet>'
)


def write(page: Page) -> bytes:
    """The page as an .xlsx file."""
    rng = random.Random(f"xlsx-{page.seed_of_hand()}")
    apart = rng.random() < 0.3
    sheets = [_Sheet(rng.random() < 0.7)]
    for block in page.blocks:
        if apart and isinstance(block, Paragraph) and block.role == "heading":
            sheets.append(_Sheet(sheets[0].numeric))
        if isinstance(block, Paragraph):
            sheets[-1].add_paragraph(block)
        else:
            sheets[-1].add_table(block)
    return _package(sheets)


class _Sheet:
    """Rows of one sheet as XML, growing downwards; `numeric` writes plain numbers as numbers, else all is text."""

    def __init__(self, numeric: bool) -> None:
        self.numeric = numeric
        self.rows: list[str] = []
        self.merges: list[str] = []
        self.height = 0

    def add_paragraph(self, block: Paragraph) -> None:
        """One merged row across the sheet."""
        self.height += 1
        self.rows.append(f'<row r="{self.height}">{self._cell(0, self.height, block.text)}</row>')
        self.merges.append(f"A{self.height}:J{self.height}")

    def add_table(self, table: Table) -> None:
        """The table from the first column on, an empty row after it."""
        taken: set[tuple[int, int]] = set()
        for at, boxes in enumerate(table.rows):
            self.height += 1
            column, cells = 0, []
            for box in boxes:
                while (at, column) in taken:
                    column += 1
                cells.append(self._cell(column, self.height, box.text))
                taken |= {(at + down, column + right) for down in range(box.row_span) for right in range(box.col_span)}
                if box.row_span > 1 or box.col_span > 1:
                    last = f"{_letter(column + box.col_span - 1)}{self.height + box.row_span - 1}"
                    self.merges.append(f"{_letter(column)}{self.height}:{last}")
            self.rows.append(f'<row r="{self.height}">{"".join(cells)}</row>')
        self.height += 1

    def _cell(self, column: int, row: int, text: str) -> str:
        place = f"{_letter(column)}{row}"
        plain = text.strip()
        if not plain:
            return f'<c r="{place}"/>'
        if self.numeric and _NUMBER.fullmatch(plain):
            return f'<c r="{place}"><v>{plain}</v></c>'
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'

    def xml(self) -> str:
        """The worksheet part."""
        merges = "".join(f'<mergeCell ref="{reference}"/>' for reference in self.merges)
        merged = f'<mergeCells count="{len(self.merges)}">{merges}</mergeCells>' if self.merges else ""
        return f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{"".join(self.rows)}</sheetData>{merged}</worksheet>'


def _letter(column: int) -> str:
    return chr(ord("A") + column)


def _package(sheets: list[_Sheet]) -> bytes:
    numbers = range(1, len(sheets) + 1)
    listed = "".join(f'<sheet name="Sheet{number}" sheetId="{number}" r:id="rId{number}"/>' for number in numbers)
    related = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in numbers
    )
    typed = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for number in numbers
    )
    parts = {
        "[Content_Types].xml": (
            f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{typed}</Types>'
        ),
        "_rels/.rels": (
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}">'
            f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}">{related}'
            f'<Relationship Id="rId{len(sheets) + 1}" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>'
        ),
        "xl/styles.xml": _STYLES,
    }
    parts.update(
        {f"xl/worksheets/sheet{number}.xml": sheet.xml() for number, sheet in zip(numbers, sheets, strict=True)}
    )
    return pack(parts)
