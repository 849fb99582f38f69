"""Second and third voices: the page's text as PDFium tells it, without any table; and one region as pdfplumber
reads it.
"""

from __future__ import annotations

import io
import re

from extract.document import BBox, Unreadable
from extract.readers.pdf_parts.lettering import NOWHERE, Lettering, Span
from extract.readers.pdf_parts.wording import by_place, joined, tidy

_NUMBERS = re.compile("[0-9.,\\-—/ ]*")
_PAGE_NUMBER = re.compile(
    r"[-—–－―·~\s]*(?:第\s*)?(\d{1,3})(?:\s*页)?(?:\s*[/，,]?\s*共?\s*\d{1,3}\s*页?)?[-—–－―·~\s]*"
)
_ENUMERATED = re.compile(r"[（(]?[\d一二三四五六七八九十]{1,3}\s*[）).．、]|第[一二三四五六七八九十]+条")
WRAPPED = 28  # of the font's height: a line that wide is no label in a cell
WORD_GAP = 0.3  # of the font's height: room wider than this parts two words
CELL_GAP = 0.75  # of the font's height: room wider than this between two words parts two cells


def lines_again(pages: list[Lettering]) -> list[str]:
    """The text of a PDF as printed lines, cells parted by tabs; knows no rules and no tables.

    Lines follow the order of the file's content. Where that runs up and down the page (tables written column by
    column) the words are put in lines by their places instead.
    """
    return [line for lettering in pages for line in _page_lines(lettering)]


def _page_lines(lettering: Lettering) -> list[str]:
    boxes = lettering.boxes
    levels = [level for _, words in lettering.by_line(lettering.words) for level in _levels(words, boxes)]
    printed = _unbroken(levels, boxes)
    if lettering.turn != lettering.page.rotation:  # PDFium does not know their order, and all are placed
        letters = [(index, index + 1) for words in printed for word in words for index in range(*word)]
        printed = _by_height(by_place([one for one in letters if boxes[one[0]][0] < boxes[one[0]][2]], boxes), boxes)
    elif _goes_by_columns(lettering, printed):
        printed = _by_height(by_place([word for words in printed for word in words], boxes), boxes)
    lines: list[str] = []
    above: list[Span] = []
    for words in _without_page_number(lettering, printed):
        line = _with_tabs(lettering, words)
        if above and lines and "\t" not in line and "\t" not in lines[-1] and _goes_on(lettering, above, words):
            lines[-1] = joined(lines[-1], line)
        elif line:
            lines.append(line)
        above = words
    return lines


def _without_page_number(lettering: Lettering, printed: list[list[Span]]) -> list[list[Span]]:
    """The lines without the one that says this page's own number, alone beneath all others: else it would stand behind the
    numbers of a row that the page's end cuts off. A cell of a table is never dropped: what stands beside it is as low."""
    boxes = lettering.boxes
    lows = [(boxes[end - 1][3], at) for at, words in enumerate(printed) for _, end in words]
    low, lowest = max(lows, default=(0.0, 0))
    tops = [boxes[words[0][0]][1] for words in printed]
    for at in [at for at, top in enumerate(tops) if top >= low or at == lowest]:
        if _is_page_number(lettering, printed[at]):
            others = [bottom for bottom, line in lows if line != at]
            if others and max(others) <= tops[at]:
                return printed[:at] + printed[at + 1 :]
    return printed


def _is_page_number(lettering: Lettering, words: list[Span]) -> bool:
    """Whether a line says the number of its page."""
    if len(words) > 5:
        return False
    said = _PAGE_NUMBER.fullmatch("".join([lettering.text[begin:end] for begin, end in words]))
    return said is not None and int(said[1]) == lettering.page.number


def _levels(words: list[Span], boxes: list[BBox]) -> list[list[Span]]:
    """The words of one of PDFium's lines, parted where the next one stands higher or lower."""
    if len(words) == 1:
        return [words]
    levels: list[list[Span]] = []
    for word in words:
        box = boxes[word[0]]
        if levels:
            past = boxes[levels[-1][-1][1] - 1]
            if abs(box[1] + box[3] - past[1] - past[3]) < box[3] - box[1]:
                levels[-1].append(word)
                continue
        levels.append([word])
    return levels


def _unbroken(lines: list[list[Span]], boxes: list[BBox]) -> list[list[Span]]:
    """PDFium's lines, those joined between which the print has no gap: it ends a line where the font changes within a number."""
    whole: list[list[Span]] = []
    edge = NOWHERE
    for words in lines:
        box = boxes[words[0][0]]
        height = edge[3] - edge[1]
        if (
            whole
            and -0.1 * height < box[0] - edge[2] < WORD_GAP * height
            and abs(box[1] + box[3] - edge[1] - edge[3]) < height
        ):
            whole[-1] = [*whole[-1], *words]
        else:
            whole.append(words)
        edge = boxes[words[-1][1] - 1]
    return whole


def _goes_on(lettering: Lettering, above: list[Span], below: list[Span]) -> bool:
    """Whether a short line is the next line of a label that was wrapped in a narrow cell."""
    text, boxes = lettering.text, lettering.boxes
    (_, top, _, bottom), (_, next_top, _, _) = boxes[above[0][0]], boxes[below[0][0]]
    height = bottom - top
    if not -0.3 * height < next_top - bottom < 0.7 * height:
        return False
    if _NUMBERS.fullmatch(text, below[0][0], below[-1][1]) or _NUMBERS.fullmatch(text, above[0][0], above[-1][1]):
        return False
    if _ENUMERATED.match(text, below[0][0]) or "。" in text[above[0][0] : below[-1][1]]:
        return False
    first, last, next_first, next_last = (boxes[place] for place in (*_ends(above), *_ends(below)))
    beside = min(last[2], next_last[2]) - max(first[0], next_first[0])
    widths = last[2] - first[0], next_last[2] - next_first[0]
    return max(widths) < WRAPPED * height and beside > 0.5 * min(widths)


def _ends(words: list[Span]) -> tuple[int, int]:
    """The first and the last character of a line."""
    return words[0][0], words[-1][1] - 1


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
    right, before = -1.0, 0
    for begin, end in words:
        x0, top, _, bottom = boxes[begin]
        if said and x0 - right > CELL_GAP * (bottom - top):
            said += "\t"
        elif said and (x0 - right > WORD_GAP * (bottom - top) or " " in text[before:begin]):
            said += " "
        said += tidy(text[begin:end])
        right, before = boxes[end - 1][2], end
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
