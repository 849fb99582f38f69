"""A sheet's rows parted into blocks: tables with their merged cells, and the prose around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from extract.document import MAX_GRID_CELLS, MAX_SPAN, Cell, Grid, Locator, Note, Paragraph
from extract.readers.office_parts.celltext import clean, join_lines

METHOD = "sheet"
PROSE_LENGTH = 80  # characters: the longest row label of a statutory table has 40, remarks in it included about 70
_SENTENCE_ENDS = tuple("。；：！？")
_HEADING = re.compile(r"[一二三四五六七八九十]{1,2}[、.．]\S{2,38}$")
_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?$")
# Who signed and when, in the last rows beneath a table.
_DATE = re.compile(r"(?:日期[:：])?\s*(?:20\d\d|二[〇○零Oo０].{2})\s*[年./-].{1,4}[月./-]\s*.{1,4}\s*日?(?: .{4,8})?")
_SIGNED = re.compile(
    r"(?:单位[:：]|落款[:：])?[^\d，。；：、]{2,38}(?:街道|办事处|街道办|街|镇|乡|政府|委员会|管委会|局|中心|办公室|办)(?:[（(].{1,6}[)）])?"
)


class Merge(NamedTuple):
    """A merged range, ends included, counted from 0."""

    top: int
    left: int
    bottom: int
    right: int


class SheetRows(NamedTuple):
    """A sheet as read: its rows of printed texts ("" where blank) from its first row and column, its merged ranges,
    and the rows that hold cells, be they empty: an office that leaves every zero blank draws such rows."""

    name: str
    rows: list[list[str]]
    merges: list[Merge]
    drawn: frozenset[int] = frozenset()


class _Row(NamedTuple):
    """A row of a sheet: its number, its filled cells by column (merged cells once), the column after its last one."""

    number: int
    filled: dict[int, str]
    covered: bool  # a merged cell from above reaches into it
    width: int
    drawn: bool = False

    @property
    def lone(self) -> str:
        """The text of its only filled cell, "" where it has none or several."""
        return next(iter(self.filled.values())) if len(self.filled) == 1 and not self.covered else ""


def blocks_of(
    sheet: SheetRows, document_id: str, page: int, tables: int, notes: list[Note]
) -> tuple[list[Paragraph | Grid], int]:
    """The blocks of a sheet in order, and the number of the last table; `tables` is the last one before this sheet."""
    return _Parting(sheet, document_id, page, tables, notes).blocks()


class _Parting:
    def __init__(self, sheet: SheetRows, document_id: str, page: int, tables: int, notes: list[Note]) -> None:
        self._sheet, self._document_id, self._page, self._tables = sheet, document_id, page, tables
        self._notes = notes
        self._merges = {(merge.top, merge.left): merge for merge in sheet.merges}
        self._blocks: list[Paragraph | Grid] = []

    def blocks(self) -> tuple[list[Paragraph | Grid], int]:
        """Part the sheet at empty rows, each part into prose and tables."""
        for region in _regions(list(self._rows())):
            self._take_region(region)
        return self._blocks, self._tables

    def _rows(self) -> Iterator[_Row]:
        covering = {
            row
            for merge in self._sheet.merges
            for row in range(merge.top + 1, min(merge.bottom, merge.top + MAX_SPAN) + 1)
        }
        for number, texts in enumerate(self._sheet.rows):
            filled = {col: text for col, text in ((col, _cell_text(text)) for col, text in enumerate(texts)) if text}
            last = max(filled, default=-1)
            merge = self._merges.get((number, last))
            width = (merge.right if merge else last) + 1
            yield _Row(number, filled, number in covering, width, number in self._sheet.drawn)

    def _take_region(self, rows: list[_Row]) -> None:
        """A region's leading lone rows and its rows of prose are paragraphs; what lies between them are tables."""
        width = max(row.width for row in rows)
        signed = _signature(rows)
        table: list[_Row] = []
        for place, row in enumerate(rows):
            following = rows[place + 1] if place + 1 < len(rows) else None
            if row.lone and (not table or place >= signed or self._is_prose(row, following, width)):
                self._end_table(table)
                table = [row] if self._may_head_a_table(row, following) else []
                self._take_prose(row)
            else:
                table.append(row)
        self._end_table(table)

    def _is_prose(self, row: _Row, following: _Row | None, width: int) -> bool:
        """Whether a lone row within a table ends it: a sentence, or a heading over the whole width or over words."""
        text = row.lone
        if len(text) > PROSE_LENGTH or text.endswith(_SENTENCE_ENDS):
            return True
        if not _HEADING.match(text):
            return False
        merge = self._merges.get((row.number, next(iter(row.filled))))
        if merge is not None:
            return merge.right + 1 >= width
        return (
            following is not None
            and len(following.filled) > 1
            and not any(map(_NUMBER.match, following.filled.values()))
        )

    def _may_head_a_table(self, row: _Row, following: _Row | None) -> bool:
        """Whether a lone row may be the first row of the table below it: a short line that is no numbered heading."""
        short = len(row.lone) <= PROSE_LENGTH and not row.lone.endswith(_SENTENCE_ENDS) and not _HEADING.match(row.lone)
        return short and following is not None and not following.lone

    def _take_prose(self, row: _Row) -> None:
        text, role = row.lone, "body"
        if _HEADING.match(text):
            role = "heading"
        elif not self._blocks and len(text) <= PROSE_LENGTH and not text.endswith(_SENTENCE_ENDS):
            role = "title"
        col = next(iter(row.filled))
        self._blocks.append(Paragraph(text, self._locator(None, row.number, col), role))

    def _locator(self, table: int | None, row: int, col: int) -> Locator:
        return Locator(self._document_id, self._page, table, row + 1, col + 1, None, METHOD)

    def _end_table(self, rows: list[_Row]) -> None:
        if not any(len(row.filled) > 1 for row in rows):
            for row in rows[1:] if rows and self._is_told(rows[0]) else rows:
                for col, text in row.filled.items():
                    self._blocks.append(Paragraph(text, self._locator(None, row.number, col)))
            return
        self._tables += 1
        self._blocks.append(Grid(self._cells(rows), self._tables, self._page, self._sheet.name))

    def _is_told(self, row: _Row) -> bool:
        last = self._blocks[-1] if self._blocks else None
        return isinstance(last, Paragraph) and last.locator.row == row.number + 1

    def _cells(self, rows: list[_Row]) -> list[Cell]:
        """The cells of a table from its leftmost filled column, blank ones included; a merged cell is there once."""
        first, end = min(col for row in rows for col in row.filled), max(row.width for row in rows)
        top, bottom = rows[0].number, rows[-1].number
        covered: set[tuple[int, int]] = set()
        cells: list[Cell] = []
        for row in rows:
            for col in range(first, end):
                if (row.number, col) in covered:
                    continue
                merge = self._merges.get((row.number, col), Merge(row.number, col, row.number, col))
                last_row = min(merge.bottom, bottom, row.number + MAX_SPAN - 1)
                last_col = min(merge.right, end - 1, col + MAX_SPAN - 1)
                covered.update((r, c) for r in range(row.number, last_row + 1) for c in range(col, last_col + 1))
                spans = last_row - row.number + 1, last_col - col + 1
                locator = self._locator(self._tables, row.number, col)
                cells.append(Cell(row.filled.get(col, ""), row.number - top, col - first, *spans, locator))
            if len(cells) > MAX_GRID_CELLS:
                message = (
                    f"A table of the sheet “{self._sheet.name}” has over {MAX_GRID_CELLS} cells: the rest is not read."
                )
                self._notes.append(Note("too_large", message))
                break
        return cells


def _signature(rows: list[_Row]) -> int:
    """The place of the first of the rows beneath a table that say who signed it and when; as many as there are rows where none do."""
    at = len(rows)
    while at and not rows[at - 1].filled:  # rows of empty cells
        at -= 1
    last = at
    while at and (_DATE.fullmatch(rows[at - 1].lone) or _SIGNED.fullmatch(rows[at - 1].lone)):
        at -= 1
    is_dated = any(_DATE.fullmatch(row.lone) for row in rows[at:last])
    return at if is_dated else len(rows)


def _regions(rows: list[_Row]) -> Iterator[list[_Row]]:
    """Runs of rows without an empty one between them; rows of empty cells go with what stands above them."""
    region: list[_Row] = []
    for row in rows:
        if row.filled or ((row.covered or row.drawn) and region):
            region.append(row)
        elif region:
            yield region
            region = []
    if region:
        yield region


def _cell_text(text: str) -> str:
    return join_lines(text.splitlines()) if "\n" in text else clean(text)
