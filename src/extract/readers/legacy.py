"""Legacy Word documents (.doc, .wps): converted to DOCX, then read like one; the piece table is the second reading.

Where the conversion fails, LibreOffice converts if it is installed; else the rows of the piece table are read as they
are, and every cell says that merged cells are unknown.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from functools import partial
from pathlib import Path

from extract.document import Cell, Document, Grid, Locator, Note, Paragraph, Source, Unreadable
from extract.readers.office_parts.compound import MAGIC, kind_of
from extract.readers.office_parts.pieces import word_lines
from extract.readers.office_parts.word import read_word

KIND = "legacy"
METHOD = "docx"
MAX_BYTES = 64 * 1024 * 1024
OFFICE_SECONDS = 60

_SHEET_SUFFIXES = (".xls", ".xlt", ".et", ".ett")
_SHEET_NAMES = ("Workbook".encode("utf-16-le"), "Book\0".encode("utf-16-le"))
_WORD_NAME = "WordDocument".encode("utf-16-le")
_UNKNOWN_MERGES = "merged cells are unknown: the file could only be read as running text"
_KEPT_SHARE = 0.8  # of the characters of the piece table; automatic numbers make a conversion longer, losses shorter


def sniffs(head: bytes, suffix: str) -> bool:
    """Whether the bytes begin a compound file with a Word document; the suffix decides where they do not tell."""
    if not head.startswith(MAGIC):
        return False
    if _WORD_NAME in head:
        return True
    return suffix.lower() not in _SHEET_SUFFIXES and not any(name in head for name in _SHEET_NAMES)


def read(source: Source, data: bytes) -> Document:
    """The Document of a binary Word file. Raises Unreadable where it is damaged, protected or another kind."""
    if len(data) > MAX_BYTES:
        raise Unreadable(f"The file has over {MAX_BYTES // 1024 // 1024} MB: no report is that large.")
    kind = kind_of(data)
    if kind == "protected":
        raise Unreadable("The document is protected by a password: save it without one.")
    if kind == "sheet":
        raise Unreadable("The file is an Excel workbook named like a document: give it the suffix .xls.")
    if kind != "word":
        raise Unreadable("The file is an OLE container without a Word document or a workbook.")
    document = _converted(source, data) or _converted_by_office(source, data)
    if document is None:
        document = _from_pieces(source, word_lines(data))
    document.reread = partial(_reread, data)
    return document


def _reread(data: bytes) -> list[str]:
    try:
        return ["\t".join(cells) for cells in word_lines(data)]
    except Unreadable:
        return []  # a document that only the conversion understands has a single reading


def _converted(source: Source, data: bytes) -> Document | None:
    """The document by way of msdoc2docx, None where it fails or loses text that the piece table has."""
    from doc2docx import convert  # late: it costs 60 ms that no other kind needs

    with tempfile.TemporaryDirectory(prefix="jiedao-") as folder:
        before, after = Path(folder, "in.doc"), Path(folder, "out.docx")
        before.write_bytes(data)
        try:
            convert(before, after)
            document = read_word(source, after.read_bytes())
        except Exception:  # a young library: whatever it stumbles over, another way is tried
            return None
    return document if _is_whole(document, data) else None


def _is_whole(document: Document, data: bytes) -> bool:
    """Whether a conversion holds the text that the piece table holds."""
    try:
        expected = sum(len(cell) for cells in word_lines(data) for cell in cells)
    except Unreadable:
        return bool(document.blocks)
    return _length(document) >= _KEPT_SHARE * expected


def _length(document: Document) -> int:
    cells = sum(len(cell.text) for grid in document.grids() for cell in grid.cells)
    return cells + sum(len(block.text) for block in document.blocks if isinstance(block, Paragraph))


def _converted_by_office(source: Source, data: bytes) -> Document | None:
    """The document by way of LibreOffice, None where it is not installed or fails."""
    office = shutil.which("soffice")
    if office is None:
        return None
    with tempfile.TemporaryDirectory(prefix="jiedao-") as folder:
        before, after = Path(folder, "in.doc"), Path(folder, "out", "in.docx")
        before.write_bytes(data)
        command = [office, "--headless", "--norestore", f"-env:UserInstallation=file://{folder}/profile"]
        command += ["--convert-to", "docx", "--outdir", str(after.parent), str(before)]
        try:
            subprocess.run(command, capture_output=True, timeout=OFFICE_SECONDS, check=False)
            document = read_word(source, after.read_bytes())
        except (OSError, subprocess.TimeoutExpired, Unreadable):
            return None
    document.notes.append(Note("fallback", "The document was converted by LibreOffice: the built-in way failed."))
    return document


def _from_pieces(source: Source, lines: list[list[str]]) -> Document:
    """Rows as the piece table has them: a run of lines with several cells is a Grid whose cells tell their doubt."""
    nowhere = Locator(source.document_id, None, None, None, None, None, METHOD)
    blocks: list[Paragraph | Grid] = []
    tables = 0
    rows: list[list[str]] = []
    for line in [*lines, []]:
        if len(line) > 1:
            rows.append(line)
            continue
        if rows:
            tables += 1
            blocks.append(_doubtful_grid(source, rows, tables))
            rows = []
        if line:
            blocks.append(Paragraph(line[0], nowhere))
    message = "The document could not be converted; its tables were read as running text and merged cells are unknown."
    return Document(source, blocks, notes=[Note("fallback", message)])


def _doubtful_grid(source: Source, rows: list[list[str]], table: int) -> Grid:
    cells = []
    for row, texts in enumerate(rows):
        for col, text in enumerate(texts):
            locator = Locator(source.document_id, None, table, row + 1, col + 1, None, METHOD)
            cells.append(Cell(text, row, col, 1, 1, locator, doubt=_UNKNOWN_MERGES))
    return Grid(cells, table)
