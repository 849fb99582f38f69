"""Second and third voices: the page's text as PDFium tells it, without any table; and one region as pdfplumber
reads it.
"""

from __future__ import annotations

import io

from extract.document import BBox, Unreadable
from extract.readers.pdf_parts.lettering import Lettering, by_place, read_lettering, tidy
from extract.readers.pdf_parts.pdfium import Pdf

_NUMBER = frozenset("0123456789.,-—/ ")
CELL_GAP = 0.75  # of the font's height: room wider than this between two words parts two cells


def lines_again(data: bytes, max_pages: int) -> list[str]:
    """The text of a PDF as printed lines, cells parted by tabs; knows no rules and no tables.

    Lines follow the order of the file's content. Where that runs up and down the page (tables written column by
    column) the letters are put in lines by their places instead.
    """
    lines: list[str] = []
    with Pdf(data) as pdf:
        for number in range(1, min(pdf.page_count, max_pages) + 1):
            with pdf.page(number) as page:
                if page is not None:
                    lines += _page_lines(read_lettering(page))
    return lines


def _page_lines(lettering: Lettering) -> list[str]:
    lettering.place_all()
    boxes = lettering.boxes
    printed = [
        [index for index in range(begin, end) if boxes[index][2] > boxes[index][0]] for begin, end in lettering.lines
    ]
    printed = [indices for indices in printed if indices]
    if _goes_by_columns(lettering, printed):
        printed = _by_height(by_place([index for indices in printed for index in indices], boxes), boxes)
    return [line for indices in printed if (line := _with_tabs(lettering, indices))]


def _goes_by_columns(lettering: Lettering, printed: list[list[int]]) -> bool:
    """Whether the numbers of a row are scattered over the content: most lines of numbers alone come back to a
    height left before.
    """
    seen: set[int] = set()
    numbers = returns = 0
    here = -1
    for indices in printed:
        if all(lettering.text[index] in _NUMBER for index in indices):
            box = lettering.boxes[indices[0]]
            numbers += 1
            height = round((box[1] + box[3]) / 6)
            if height != here and height in seen:
                returns += 1
            seen.add(height)
            here = height
    return returns > 3 and returns * 10 > numbers * 3


def _by_height(ordered: list[int], boxes: list[BBox]) -> list[list[int]]:
    """Letters in reading order, parted where the next one stands further left: the next line."""
    lines: list[list[int]] = []
    for index in ordered:
        if not lines or boxes[index][0] < boxes[lines[-1][-1]][0]:
            lines.append([])
        lines[-1].append(index)
    return lines


def _with_tabs(lettering: Lettering, indices: list[int]) -> str:
    text, boxes = lettering.text, lettering.boxes
    said: list[str] = []
    before = -1
    for index in indices:
        if before >= 0:
            gap = boxes[index][0] - boxes[before][2]
            if gap > CELL_GAP * (boxes[index][3] - boxes[index][1]):
                said.append("\t")
            elif index - before > 1:
                said.append(" ")
        said.append(text[index])
        before = index
    return "\t".join(word for cell in "".join(said).split("\t") if (word := tidy(cell)))


def region_text(data: bytes, page: int, bbox: BBox) -> str:
    """One region of a page as pdfplumber reads it: the third voice, for readings in dispute.

    `page` is counted from 1, `bbox` is in points from the top left corner of the page as displayed. Returns the
    text in reading order, lines parted by newlines. Raises Unreadable when the page is not there or pdfplumber
    cannot open the file.
    """
    import pdfplumber  # slow to import, and seldom needed

    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            there = pdf.pages[page - 1]
            left, top = there.cropbox[:2] if there.cropbox else there.bbox[:2]
            x0, y0, x1, y1 = bbox
            box = (left + x0, top + y0, left + x1, top + y1)
            middle_inside = there.filter(lambda item: _holds_middle(item, box))
            return middle_inside.extract_text() or ""
    except Exception as error:
        raise Unreadable(f"Page {page} could not be read a third time: {type(error).__name__}.") from error


def _holds_middle(item: dict[str, object], box: BBox) -> bool:
    x0, top, x1, bottom = (float(str(item[key])) for key in ("x0", "top", "x1", "bottom"))
    return box[0] <= (x0 + x1) / 2 <= box[2] and box[1] <= (top + bottom) / 2 <= box[3]
