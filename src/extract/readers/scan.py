"""Scanned PDFs and images: pages straightened, tables found by their rules, every number read by two networks, all of it offline.

`bbox` is in PDF points from the page's top left corner for a PDF, in pixels of the image for an image file, like the readers of those
kinds have it; `Document.metadata["page_pixels"]` tells which. Numbers that two readings dispute, and cells whose borders or marks are
uncertain, say so (`Cell.other_text`, `Cell.doubt`); arithmetic between cells is not this reader's business.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np

from extract.document import BBox, Cell, Document, Grid, Locator, Note, Paragraph, Source, Unreadable
from extract.readers.scan_parts import streaks
from extract.readers.scan_parts.cell_numbers import CellReading
from extract.readers.scan_parts.cell_reading import read_cells
from extract.readers.scan_parts.facing import faced
from extract.readers.scan_parts.lattice import LatticeCell, faint_lattices_of, lattices_of
from extract.readers.scan_parts.page_images import MAX_PAGES, PageImage, is_pdf, page_count, pages, pieces
from extract.readers.scan_parts.prose import Box, line_boxes, passages, read_lines
from extract.readers.scan_parts.straighten import Upright

KIND = "scan"
METHOD = "ocr"
MAX_BYTES = 300_000_000
LEAST_TABLE_CELLS = 2  # a row that stands alone on its page: a label and a number
MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"GIF87a", b"GIF89a")
IMAGE_MAGIC_AT_8 = b"WEBP"


def sniffs(head: bytes, suffix: str) -> bool:
    """Whether a file is a picture (PNG, JPEG, TIFF, GIF, WebP, BMP) by its first bytes. Scanned PDFs are sent to `read_pdf` by the caller."""
    if head.startswith(MAGIC) or (head.startswith(b"RIFF") and head[8:12] == IMAGE_MAGIC_AT_8):
        return True
    plausible_bmp = head.startswith(b"BM") and len(head) > 18 and head[6:10] == b"\0\0\0\0"
    return plausible_bmp and head[14:18] in (b"\x28\0\0\0", b"\x0c\0\0\0", b"\x6c\0\0\0", b"\x7c\0\0\0")


def read(
    source: Source, data: bytes, prose: bool = True, only: Collection[int] | None = None, tables: int = 0
) -> Document:
    """Read a picture, or a PDF whose pages are pictures: all of them, or those of `only` (counted from 1).

    Tables are numbered from `tables` + 1 on. With `prose` the text around the tables is read too; without it pages that have no table are skipped. Raises `Unreadable` for broken
    files, pages of too many pixels, and where the packages that hold the networks are not installed.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable(f"This file is larger than {MAX_BYTES // 1_000_000} MB. Scan it at 300 dpi, or split it.")
    document = Document(source, [])
    document.metadata["page_pixels"] = "PDF points" if is_pdf(data) else "image pixels"
    total = page_count(data)
    if total > MAX_PAGES:
        message = f"The file has {total} pages; only the first {MAX_PAGES} were read."
        document.notes.append(Note("unread_pages", message, place(source, MAX_PAGES)))
    try:
        turns = 0
        for page in pages(data, only):
            for piece in pieces(page):
                turns = read_page(document, piece, prose, tables, turns)
    except FileNotFoundError as error:
        raise Unreadable(f"Scans cannot be read here: {error}.") from error
    return document


def read_pdf(source: Source, data: bytes, prose: bool = True) -> Document:
    """Read a PDF whose pages are pictures: `read` under the name that the reader's door asks for."""
    return read(source, data, prose)


def read_page(document: Document, shown: PageImage, prose: bool, tables: int, turns: int) -> int:
    """Add what stands on one page to the document, top to bottom; returns by how many quarters it had to be turned (`turns` is a guess)."""
    page, upright, ink = faced(shown, turns)
    found: list[tuple[float, Grid | Paragraph]] = []
    outlines: list[Box] = []
    table = tables + len(document.grids())
    for lines, cells in faint_lattices_of(upright.paper, upright.dpi, lattices_of(ink)):
        if len(cells) < LEAST_TABLE_CELLS:
            continue
        table += 1
        outlines.append(lines.outline())
        readings = doubted_under_streaks(upright, cells, read_cells(cells, upright.paper, upright.dpi))
        grid = grid_of(document.source, page, upright, table, cells, readings)
        found.append((outlines[-1][1], grid))
        if lines.closed_by_hand:
            sides = ", ".join(lines.closed_by_hand)
            message = (
                f"Page {page.number}, table {table}: no rule at the {sides}; the table was closed where its rules end."
            )
            document.notes.append(Note("open_table", message, place(document.source, page.number, table)))
    if prose:
        boxes = line_boxes(np.concatenate([ink.glyphs, ink.strokes]), outlines, upright.paper.shape, upright.dpi)
        read = read_lines(upright.paper, boxes)
        for passage in passages(read, upright.paper.shape, page.number == 1 and page.top == 0):
            locator = place(document.source, page.number, box=on_page(passage.box, page, upright))
            found.append((passage.box[1], Paragraph(passage.text, locator, passage.role)))
    document.blocks += [block for _, block in sorted(found, key=lambda pair: pair[0])]
    return page.turns


def doubted_under_streaks(upright: Upright, cells: list[LatticeCell], readings: list[CellReading]) -> list[CellReading]:
    """The readings, those of numbers and of empty cells doubted where a line over the page may have hidden a stroke."""
    if not upright.streaks:
        return readings
    return [
        reading._replace(doubt=streaks.DOUBT)
        if (reading.other_text is not None or not reading.text)
        and not reading.doubt
        and streaks.crosses_text(list(upright.streaks), cell.quad, upright.paper, upright.dpi)
        else reading
        for cell, reading in zip(cells, readings, strict=True)
    ]


def grid_of(
    source: Source,
    page: PageImage,
    upright: Upright,
    table: int,
    cells: list[LatticeCell],
    readings: Iterable[CellReading],
) -> Grid:
    """The grid of one table with each cell's two readings, doubt and place."""
    made = []
    for cell, reading in zip(cells, readings, strict=True):
        box = on_page(cell.quad, page, upright)
        locator = Locator(source.document_id, page.number, table, cell.row + 1, cell.col + 1, box, METHOD)
        made.append(
            Cell(
                reading.text,
                cell.row,
                cell.col,
                cell.row_span,
                cell.col_span,
                locator,
                reading.other_text,
                reading.doubt,
            )
        )
    return Grid(made, table, page.number)


def on_page(box: Box, page: PageImage, upright: Upright) -> BBox:
    """A box of the straightened page as the box around it on the page itself, in the document's units."""
    left, top, right, bottom = box
    corners = np.array([[left, top, 1], [right, top, 1], [left, bottom, 1], [right, bottom, 1]]) @ upright.back.T
    places = page.place(corners)
    (x0, y0), (x1, y1) = places.min(axis=0), places.max(axis=0)
    return (round(float(x0), 1), round(float(y0), 1), round(float(x1), 1), round(float(y1), 1))


def place(source: Source, page: int, table: int | None = None, box: BBox | None = None) -> Locator:
    """A locator on a page."""
    return Locator(source.document_id, page, table, None, None, box, METHOD)
