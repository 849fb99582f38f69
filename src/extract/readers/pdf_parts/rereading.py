"""Second and third voices: the page's text as PDFium tells it, without any table; and one region as pdfplumber
reads it.
"""

from __future__ import annotations

import io
import re

from extract.document import BBox, Unreadable
from extract.readers.pdf_parts.lettering import Lettering, Span, by_place, tidy

_NUMBERS = re.compile("[0-9.,\\-—/ ]*")
CELL_GAP = 0.75  # of the font's height: room wider than this between two words parts two cells


def lines_again(pages: list[Lettering]) -> list[str]:
    """The text of a PDF as printed lines, cells parted by tabs; knows no rules and no tables.

    Lines follow the order of the file's content. Where that runs up and down the page (tables written column by
    column) the words are put in lines by their places instead.
    """
    return [line for lettering in pages for line in _page_lines(lettering)]


def _page_lines(lettering: Lettering) -> list[str]:
    boxes = lettering.boxes
    printed = [words for _, words in lettering.by_line(lettering.words) if words]
    if _goes_by_columns(lettering, printed):
        printed = _by_height(by_place([word for words in printed for word in words], boxes), boxes)
    return [line for words in printed if (line := _with_tabs(lettering, words))]


def _goes_by_columns(lettering: Lettering, printed: list[list[Span]]) -> bool:
    """Whether the numbers of a row are scattered over the content: most lines of numbers alone come back to a
    height left before.
    """
    seen: set[int] = set()
    numbers = returns = 0
    here = -1
    for words in printed:
        if _NUMBERS.fullmatch(lettering.text, words[0][0], words[-1][1]):
            box = lettering.boxes[words[0][0]]
            numbers += 1
            height = round((box[1] + box[3]) / 6)
            if height != here and height in seen:
                returns += 1
            seen.add(height)
            here = height
    return returns > 3 and returns * 10 > numbers * 3


def _by_height(ordered: list[Span], boxes: list[BBox]) -> list[list[Span]]:
    """Words in reading order, parted where the next one stands further left: the next line."""
    lines: list[list[Span]] = []
    for word in ordered:
        if not lines or boxes[word[0]][0] < boxes[lines[-1][-1][0]][0]:
            lines.append([])
        lines[-1].append(word)
    return lines


def _with_tabs(lettering: Lettering, words: list[Span]) -> str:
    text, boxes = lettering.text, lettering.boxes
    if len(words) == 1:
        return tidy(text[words[0][0] : words[0][1]])
    said = ""
    right = -1.0
    for begin, end in words:
        x0, top, _, bottom = boxes[begin]
        if said:
            said += "\t" if x0 - right > CELL_GAP * (bottom - top) else " "
        said += tidy(text[begin:end])
        right = boxes[end - 1][2]
    return said.strip()


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
