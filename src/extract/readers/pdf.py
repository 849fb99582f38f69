"""Born-digital PDFs: tables from their ruling lines, paragraphs from what stands around them, each with its place
on the page.

Pages without a text layer are told, not read: they are for the reader of scans.
"""

from __future__ import annotations

import time
from functools import partial

from extract.document import (
    MAX_SPAN,
    BBox,
    Cell,
    Document,
    Grid,
    Locator,
    Note,
    Paragraph,
    Source,
    Unreadable,
    new_locator,
)
from extract.readers.pdf_parts.calls import MAX_CHARACTERS
from extract.readers.pdf_parts.cuts import join_cut_rows
from extract.readers.pdf_parts.drawing import MAX_OBJECTS, Drawing, Matrix, place_box, times
from extract.readers.pdf_parts.lettering import Lettering, read_lettering
from extract.readers.pdf_parts.paragraphs import PageLayout, Passage, set_paragraphs, text_lines, watermark
from extract.readers.pdf_parts.pdfium import Pdf, PdfPage
from extract.readers.pdf_parts.rereading import lines_again, region_text
from extract.readers.pdf_parts.ruling import find_lattices
from extract.readers.pdf_parts.striking import find_raised, find_struck
from extract.readers.pdf_parts.tables import Table, fill_tables, is_data_table
from extract.readers.pdf_parts.unruled import find_unruled
from extract.readers.pdf_parts.unseen import find_unseen, tells_no_letters

KIND = "pdf"
METHOD = "pdf"
MAX_PAGES = 500
MAX_BYTES = 300_000_000
LONGEST_READING = 60.0  # seconds for one file, tested after every page
SCAN_COVERS = 0.35  # of the page: pictures this large on a page without letters are a scan
SCAN_FILLS = 0.6  # of the page: on pictures this large
FEW_LETTERS = 30  # are a page number or a stamp
PICTURE_TOLD = 0.10  # of the page: a picture this large beside letters may be a table and is told
_IDLE_NAMES = ("untitled", "anonymous", "(anonymous)", "(unspecified)", "unspecified", "无标题")

settle = region_text


def sniffs(head: bytes, suffix: str) -> bool:
    """Whether a file is a PDF: its mark stands within the first 1,024 bytes, whatever the file is called."""
    return b"%PDF-" in head[:1024]


def read(source: Source, data: bytes) -> Document:
    """Read a born-digital PDF.

    Grids and paragraphs come in reading order; `bbox` is in points from the top left corner of the page as
    displayed. Notes tell pages that are scans (`scanned_page`), whose letters cannot be told (`no_text_layer`),
    pictures beside text (`picture`), text that nobody can see (`hidden_text`), and what was left unread
    (`unread_pages`). Raises Unreadable where nothing can be read: damaged, locked, without pages, too large.
    """
    reading = _Reading(source)
    reading.take_pages(data)
    return reading.document()


class _Reading:
    """The pages of one file, read one after the other."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._metadata: dict[str, str] = {}
        self._notes: list[Note] = []
        self._layouts: list[PageLayout] = []
        self._letterings: list[Lettering] = []
        self._shown: dict[int, Matrix] = {}  # from reading position to the page as displayed, where these differ

    def document(self) -> Document:
        """What the pages hold."""
        join_cut_rows(self._layouts)
        blocks = _blocks(self._source, self._layouts, self._shown)
        return Document(self._source, blocks, self._metadata, [], self._notes, partial(lines_again, self._letterings))

    def take_pages(self, data: bytes) -> None:
        """Read all pages, within the bounds of size, number and time."""
        if len(data) > MAX_BYTES:
            message = f"This PDF is larger than {MAX_BYTES // 1_000_000} MB."
            raise Unreadable(f"{message} Split it, or print the report alone to a new PDF.")
        deadline = time.monotonic() + LONGEST_READING
        with Pdf(data) as pdf:
            self._metadata = _metadata(pdf)
            for number in range(1, min(pdf.page_count, MAX_PAGES) + 1):
                with pdf.page(number) as page:
                    if page is None:
                        self._tell("unread_pages", f"Page {number} is damaged and was not read.", number)
                        continue
                    self._take_page(page)
                if time.monotonic() > deadline:
                    self._tell("unread_pages", f"Reading took too long and ended after page {number}.", number)
                    break
            if pdf.page_count > MAX_PAGES:
                message = f"The file has {pdf.page_count} pages; only the first {MAX_PAGES} were read."
                self._tell("unread_pages", message, MAX_PAGES)

    def _tell(self, kind: str, message: str, page: int) -> None:
        place = Locator(self._source.document_id, page, None, None, None, None, METHOD)
        self._notes.append(Note(kind, message, place))

    def _take_page(self, page: PdfPage) -> None:
        """Read what stands on a page; tell it where that is a scan, or letters that cannot be told."""
        number = page.number
        lettering = read_lettering(page)
        drawing = page.drawing(lettering.turn)
        self._tell_limits(page, lettering, drawing)
        covered = _covered(drawing.pictures, page)
        find_unseen(lettering, drawing, page.size(lettering.turn), covered >= SCAN_COVERS)
        if covered >= SCAN_COVERS and lettering.seen() < (FEW_LETTERS if covered >= SCAN_FILLS else 1):
            layer = "; the recognised text that lies under it was not used" if lettering.unseen else ""
            self._tell("scanned_page", f"Page {number} is a picture of a page, without letters{layer}.", number)
        elif _lacks_letters(lettering, drawing):
            self._tell("no_text_layer", f"The letters of page {number} cannot be told from the file.", number)
        else:
            if lettering.turn != page.rotation:
                self._shown[number] = times(_inverse(page.matrix(lettering.turn)), page.matrix(page.rotation))
            self._tell_unseen(page, lettering, drawing)
            self._layouts.append(self._layout(page, lettering, drawing))
            self._letterings.append(lettering)

    def _layout(self, page: PdfPage, lettering: Lettering, drawing: Drawing) -> PageLayout:
        """The tables of a page, and the lines around them."""
        lettering.struck, strokes = find_struck(lettering, drawing.horizontal)
        across = [rule for rule in drawing.horizontal if rule not in strokes] if strokes else drawing.horizontal
        lattices = [lattice for lattice in find_lattices(across, drawing.vertical) if is_data_table(lattice)]
        lettering.struck |= find_raised(lettering)
        if lettering.struck:
            count = len(lettering.struck)
            message = f"{count} characters of page {page.number} are struck through or raised, and were left out."
            self._tell("struck_text", message, page.number)
        tables, outside = fill_tables(lettering, lattices)
        spaced, outside = find_unruled(lettering, outside)
        lines = text_lines(lettering, outside)
        return PageLayout(page.number, *page.size(lettering.turn), lines, tables + spaced, watermark(lettering))

    def _tell_limits(self, page: PdfPage, lettering: Lettering, drawing: Drawing) -> None:
        """Tell what of a page is not read."""
        number = page.number
        if drawing.objects >= MAX_OBJECTS:
            message = (
                f"Page {number} draws more than {MAX_OBJECTS:,} objects; rules among the later ones were not seen."
            )
            self._tell("unread_pages", message, number)
        if len(lettering.text) >= MAX_CHARACTERS:
            message = f"Page {number} holds more than {MAX_CHARACTERS:,} characters; the later ones were not read."
            self._tell("unread_pages", message, number)

    def _tell_unseen(self, page: PdfPage, lettering: Lettering, drawing: Drawing) -> None:
        """Tell of the letters that nobody sees, of form fields that show nothing, of large pictures."""
        number = page.number
        if lettering.unseen:
            message = f"{len(lettering.unseen)} characters of page {number} cannot be seen and were left out."
            self._tell("hidden_text", message, number)
        if page.undrawn:
            message = f"{page.undrawn} form fields of page {number} hold text that the page does not show: not read."
            self._tell("unread_fields", message, number)
        if max((_covered([picture], page) for picture in drawing.pictures), default=0.0) >= PICTURE_TOLD:
            self._tell("picture", f"Page {number} holds a large picture, which was not read.", number)


def _metadata(pdf: Pdf) -> dict[str, str]:
    """Title and author as the file states them; the names that programs give to unnamed files are left out."""
    title = pdf.stated("Title").removeprefix("Microsoft Word - ").strip()
    found = {"title": title, "author": pdf.stated("Author")}
    return {key: value for key, value in found.items() if value and value.lower() not in _IDLE_NAMES}


def _covered(pictures: list[BBox], page: PdfPage) -> float:
    """The share of the page that its pictures cover, at most 1 (pictures in strips add up)."""
    left, bottom, right, top = page.box
    area = (right - left) * (top - bottom)
    return min(1.0, sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in pictures) / area) if area > 0 else 0.0


def _lacks_letters(lettering: Lettering, drawing: Drawing) -> bool:
    """Whether letters are printed but not told: fonts without codes, or letters drawn as shapes."""
    if not lettering.text.strip():
        return drawing.objects > 50 and not drawing.pictures
    return tells_no_letters(lettering)


def _inverse(matrix: Matrix) -> Matrix:
    """The inverse of a matrix of quarter turns and flips (its determinant is 1 or -1)."""
    a, b, c, d, e, f = matrix
    determinant = a * d - b * c
    p, q, r, s = d / determinant, -b / determinant, -c / determinant, a / determinant
    return p, q, r, s, -(e * p + f * r), -(e * q + f * s)


def _blocks(source: Source, layouts: list[PageLayout], shown: dict[int, Matrix]) -> list[Paragraph | Grid]:
    """Paragraphs and grids in reading order, tables numbered from 1, with their locators."""
    blocks: list[Paragraph | Grid] = []
    tables = 0
    for block in set_paragraphs(layouts):
        if isinstance(block, Passage):
            box = _as_displayed(block.box, shown.get(block.page))
            place = new_locator((source.document_id, block.page, None, None, None, box, METHOD))
            blocks.append(Paragraph(block.text, place, block.role))
        else:
            page, table = block
            tables += 1
            caption = _caption(blocks, page)
            blocks.append(_grid(source.document_id, table, page, tables, caption, shown.get(page)))
    return blocks


def _as_displayed(box: BBox, matrix: Matrix | None) -> BBox:
    x0, y0, x1, y1 = place_box(*box, matrix) if matrix else box
    return round(x0, 2), round(y0, 2), round(x1, 2), round(y1, 2)


def _caption(blocks: list[Paragraph | Grid], page: int) -> str:
    """The heading right above a table on its page."""
    last = blocks[-1] if blocks else None
    if isinstance(last, Paragraph) and last.role in ("heading", "title") and last.locator.page == page:
        return last.text
    return ""


def _grid(document_id: str, table: Table, page: int, number: int, caption: str, matrix: Matrix | None) -> Grid:
    columns = None if matrix else table.sure_columns()
    if columns:
        return Grid.on_page(*columns, number, page, document_id, METHOD, caption)
    cells = []
    for cell in table.cells:
        row, col, row_end, col_end, _ = cell.region
        box = _as_displayed(cell.box, matrix) if matrix else cell.box
        locator = new_locator((document_id, page, number, row + 1, col + 1, box, METHOD))
        if row_end - row > MAX_SPAN or col_end - col > MAX_SPAN:
            row_end, col_end = min(row_end, row + MAX_SPAN), min(col_end, col + MAX_SPAN)
        cells.append(Cell(cell.text, row, col, row_end - row, col_end - col, locator, None, cell.doubt))
    return Grid(cells, number, page, caption, sure_places=table.ruled)
