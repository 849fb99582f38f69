"""OpenDocument spreadsheets (.ods): the cells as they are displayed, with their merged ranges.

Rules: OpenDocument 1.3 part 3, 9.1 (tables). Repeated cells and rows are bounded: office programs repeat an empty cell to the
edge of the sheet.
"""

from __future__ import annotations

from lxml import etree

from extract.document import MAX_SPAN, Unreadable
from extract.readers.office_parts.package import Package
from extract.readers.office_parts.regions import Merge, SheetRows

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CELL, _COVERED, _PARAGRAPH = _TABLE + "table-cell", _TABLE + "covered-table-cell", _TEXT + "p"
_GROUPS = tuple(_TABLE + name for name in ("table-header-rows", "table-rows", "table-row-group"))
_MARKS = {_TEXT + "s": " ", _TEXT + "tab": " ", _TEXT + "line-break": "\n"}
MAX_CELLS = 400_000


def read_open_sheets(package: Package) -> tuple[list[SheetRows], list[str]]:
    """The visible sheets in order, and the names of the hidden ones. Raises Unreadable where they are beyond bounds."""
    root = package.xml("content.xml")
    hidden_styles = {
        style.get(_STYLE + "name", "")
        for style in root.iter(_STYLE + "style")
        if any(part.get(_TABLE + "display") == "false" for part in style.iterchildren(_STYLE + "table-properties"))
    }
    sheets, hidden = [], []
    for table in root.iterfind(f"{_OFFICE}body/{_OFFICE}spreadsheet/{_TABLE}table"):
        name = table.get(_TABLE + "name", "")
        if table.get(_TABLE + "style-name") in hidden_styles:
            hidden.append(name)
        else:
            sheets.append(_Sheet(name).read(table))
    return sheets, hidden


class _Sheet:
    def __init__(self, name: str) -> None:
        self._name = name
        self._rows: list[list[str]] = []
        self._merges: list[Merge] = []
        self._cells = 0

    def read(self, table: etree._Element) -> SheetRows:
        self._take_rows(table)
        while self._rows and not self._rows[-1]:
            self._rows.pop()
        return SheetRows(self._name, self._rows, self._merges)

    def _take_rows(self, node: etree._Element) -> None:
        for child in node:
            if child.tag in _GROUPS:
                self._take_rows(child)
            elif child.tag == _TABLE + "table-row":
                texts = self._texts(child)
                # A run of empty rows parts tables, however long it is.
                times = min(_times(child, "rows"), MAX_CELLS) if texts else min(_times(child, "rows"), 2)
                self._cells += times * max(len(texts), 1)
                if self._cells > MAX_CELLS:
                    raise Unreadable(f"The sheet “{self._name}” has over {MAX_CELLS} cells: no report does.")
                self._rows.extend(list(texts) for _ in range(times))

    def _texts(self, row: etree._Element) -> list[str]:
        """The texts of a row up to its last filled or merged cell."""
        texts: list[str] = []
        blanks = 0
        for cell in row.iterchildren(_CELL, _COVERED):
            times = _times(cell, "columns")
            text = "" if cell.tag == _COVERED else "\n".join(_line(part) for part in cell.iterchildren(_PARAGRAPH))
            rows, columns = (_spanned(cell, name) for name in ("rows", "columns"))
            if not text and rows == columns == 1:
                blanks += times
                continue
            if blanks + times + len(texts) > MAX_CELLS:
                raise Unreadable(f"The sheet “{self._name}” has over {MAX_CELLS} columns: no report does.")
            texts += [""] * blanks
            blanks = 0
            if rows > 1 or columns > 1:
                top, left = len(self._rows), len(texts)
                self._merges.append(Merge(top, left, top + rows - 1, left + columns - 1))
            texts += [text] * times
        return texts


def _times(node: etree._Element, what: str) -> int:
    text = node.get(f"{_TABLE}number-{what}-repeated", "1")
    return max(int(text), 1) if text.isdecimal() and len(text) < 9 else 1


def _spanned(node: etree._Element, what: str) -> int:
    text = node.get(f"{_TABLE}number-{what}-spanned", "1")
    return min(max(int(text), 1), MAX_SPAN) if text.isdecimal() and len(text) < 9 else 1


def _line(node: etree._Element) -> str:
    """The text of a paragraph, spaces and breaks that are elements included."""
    text = node.text or ""
    for child in node:
        text += _MARKS.get(str(child.tag)) or _line(child)
        text += child.tail or ""
    return text
