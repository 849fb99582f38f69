"""Spreadsheets (.xlsx, .xls, .ods, .et) and separated values (.csv, .tsv): each sheet falls into paragraphs and grids.

A row with one filled cell outside a table is prose; rows with several are tables, one grid for each run of them without
an empty row between. Numbers are printed with the digits they hold; a format that shows fewer is not applied.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from functools import partial
from typing import Any

from extract.charset import decode
from extract.document import Document, Note, Source, Unreadable
from extract.readers.office_parts.compound import MAGIC, kind_of, with_list_ended
from extract.readers.office_parts.opensheet import read_open_sheets
from extract.readers.office_parts.package import ZIP_MAGIC, Package, main_kind
from extract.readers.office_parts.recordflat import flatten_compound
from extract.readers.office_parts.regions import Merge, SheetRows, blocks_of
from extract.readers.office_parts.sheetbounds import (
    drawn_rows_of_compound,
    drawn_rows_of_package,
    reach_of_compound,
    reach_of_package,
)
from extract.readers.office_parts.sheetflat import flatten_open_sheet, flatten_workbook

KIND = "sheet"
MAX_ROWS, MAX_COLUMNS = 20_000, 1_000
MAX_BYTES = 64 * 1024 * 1024

_SHEET_SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xls", ".xlt", ".et", ".ett", ".ods")
_VALUE_SUFFIXES = (".csv", ".tsv", ".tab")
_NAMES_IN_HEAD = ("Workbook".encode("utf-16-le"), "Book\0".encode("utf-16-le"))
_WORD_IN_HEAD = "WordDocument".encode("utf-16-le")


def sniffs(head: bytes, suffix: str) -> bool:
    """Whether the bytes begin a workbook or lines of separated values; the suffix decides where they do not tell."""
    suffix = suffix.lower()
    if head.startswith(ZIP_MAGIC):
        kind = main_kind(head)
        return kind == "sheet" or (kind == "" and suffix in _SHEET_SUFFIXES)
    if head.startswith(MAGIC):
        if _WORD_IN_HEAD in head:
            return False
        return suffix in _SHEET_SUFFIXES or any(name in head for name in _NAMES_IN_HEAD)
    return bool(_separator(head, suffix))


def read(source: Source, data: bytes) -> Document:
    """The Document of a spreadsheet. Raises Unreadable where it is damaged, protected, hostile or another kind."""
    if len(data) > MAX_BYTES:
        raise Unreadable(f"The file has over {MAX_BYTES // 1024 // 1024} MB: no report is that large.")
    if data.startswith((ZIP_MAGIC, MAGIC)):
        _refuse_other_kinds(data)
        document = Document(source, [])
        if _is_open(data):
            sheets = _open_sheets(data)
            document.reread = partial(flatten_open_sheet, data)
        else:
            sheets = _workbook(data)
            document.reread = partial(flatten_workbook if data.startswith(ZIP_MAGIC) else flatten_compound, data)
    else:
        sheets, document = [_values(source, data)], Document(source, [])
        document.reread = partial(_flat_values, data, _suffix(source))
    tables = 0
    for page, sheet in enumerate(sheets, 1):
        if isinstance(sheet, Note):
            document.notes.append(sheet)
            continue
        blocks, tables = blocks_of(sheet, source.document_id, page, tables, document.notes)
        document.blocks.extend(blocks)
    if not document.blocks:
        raise Unreadable("The workbook has no filled cell on a visible sheet.")
    return document


def _workbook(data: bytes) -> list[SheetRows | Note]:
    """The sheets of a workbook in order; a Note in the place of one that is not read."""
    sheets = _calamine_sheets(data)
    if data.startswith(MAGIC):
        in_order = drawn_rows_of_compound(data)
        drawn = in_order if len(in_order) == len(sheets) else [frozenset[int]()] * len(sheets)
    else:
        by_name = drawn_rows_of_package(Package(data))
        drawn = [
            by_name.get(sheet.name, frozenset()) if isinstance(sheet, SheetRows) else frozenset() for sheet in sheets
        ]
    return [
        _with_drawn(sheet, rows) if isinstance(sheet, SheetRows) else sheet
        for sheet, rows in zip(sheets, drawn, strict=True)
    ]


def _with_drawn(sheet: SheetRows, drawn: frozenset[int]) -> SheetRows:
    last = max(drawn, default=-1)
    below: list[list[str]] = [[] for _ in range(len(sheet.rows), min(last + 1, MAX_ROWS))]
    return sheet._replace(rows=[*sheet.rows, *below], drawn=drawn)


def _calamine_sheets(data: bytes) -> list[SheetRows | Note]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    whole = with_list_ended(data) if data.startswith(MAGIC) else data
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(whole))
        sheets: list[SheetRows | Note] = []
        for about in workbook.sheets_metadata:
            if about.visible != SheetVisibleEnum.Visible:
                sheets.append(Note("hidden_sheet", f"The sheet “{about.name}” is hidden: not read."))
            else:
                sheets.append(_sheet(workbook.get_sheet_by_name(about.name)))
    except PasswordError as error:
        raise Unreadable("The workbook is protected by a password: save it without one.") from error
    except (CalamineError, OSError, ValueError) as error:
        raise Unreadable(f"The workbook is damaged ({error}); open it and save it anew.") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what the library's Rust code stumbles over is no Exception
            raise
        raise Unreadable("The workbook is damaged; open it and save it anew.") from error
    return sheets


def _is_open(data: bytes) -> bool:
    return data.startswith(ZIP_MAGIC) and "content.xml" in Package(data)


def _open_sheets(data: bytes) -> list[SheetRows | Note]:
    sheets, hidden = read_open_sheets(Package(data))
    return [*sheets, *(Note("hidden_sheet", f"The sheet “{name}” is hidden: not read.") for name in hidden)]


def _refuse_other_kinds(data: bytes) -> None:
    if data.startswith(MAGIC):
        kind = kind_of(data)
        if kind == "protected":
            raise Unreadable("The workbook is protected by a password: save it without one.")
        if kind != "sheet":
            what = "a Word document" if kind == "word" else "an OLE container without a workbook"
            raise Unreadable(f"The file is {what}, not a spreadsheet: give it the suffix that it deserves.")
    rows, columns = reach_of_compound(data) if data.startswith(MAGIC) else reach_of_package(Package(data))
    if rows * columns > MAX_ROWS * MAX_COLUMNS:
        raise Unreadable(f"A sheet spreads its cells over {rows} rows and {columns} columns: no report does.")


def _sheet(sheet: Any) -> SheetRows | Note:
    if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
        return Note(
            "too_large", f"The sheet “{sheet.name}” has over {MAX_ROWS} rows or {MAX_COLUMNS} columns: not read."
        )
    merges = [Merge(top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or []]
    rows = [[as_printed(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    return SheetRows(sheet.name, rows, merges)


def as_printed(value: object) -> str:
    """A cell's value as a person sees it: 3.0 → 3, 0.092 → 0.092, a date without its midnight, True → TRUE."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        text = f"{value:.15g}"
        return f"{value:.0f}" if "e+" in text else (f"{value:.15f}".rstrip("0") if "e-" in text else text)
    return str(value).removesuffix(" 00:00:00")


def _suffix(source: Source) -> str:
    return "." + source.path.rpartition(".")[2].lower()


def _separator(data: bytes, suffix: str) -> str:
    """The separator of a text whose lines are mostly values: as many of them, two at least, on four lines of five.

    Tabs count only in a file named as values, since text copied out of Word has tabs as well.
    """
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"{", b"[")):
        return ""
    if b"\0" in data[:512] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ""
    # The last line of a head may be cut, the last character too.
    lines = [line for line in decode(data[:8192]).splitlines() if line.strip()]
    lines = lines[:-1] if len(data) >= 8192 and len(lines) > 1 else lines
    named = suffix in _VALUE_SUFFIXES
    for separator in ("\t", ",", ";") if named else (",",):
        counts = Counter(_count(line, separator) for line in lines)
        usual, often = max(counts.items(), key=lambda pair: (pair[1], pair[0]), default=(0, 0))
        if (
            usual >= (1 if named else 2)
            and len(lines) >= (1 if named else 3)
            and often * 5 >= len(lines) * (2 if named else 4)
        ):
            return separator
    return ""


def _count(line: str, separator: str) -> int:
    return re.sub(r'"[^"]*"', "", line).count(separator)


def _values(source: Source, data: bytes) -> SheetRows:
    text = decode(data)
    separator = _separator(data, _suffix(source)) or ","
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise Unreadable(f"The separated values are damaged ({error}).") from error
    if len(rows) > MAX_ROWS or max(map(len, rows), default=0) > MAX_COLUMNS:
        raise Unreadable(f"The file has over {MAX_ROWS} rows or {MAX_COLUMNS} columns: no report does.")
    return SheetRows("", rows, [])


def _flat_values(data: bytes, suffix: str) -> list[str]:
    """The second reading of separated values: lines cut at every separator, quotes taken off."""
    separator = _separator(data, suffix) or ","
    lines = ("\t".join(part.strip().strip('"') for part in line.split(separator)) for line in decode(data).splitlines())
    return [line for line in lines if line.strip()]
