"""Which letters of a page no reader of the paper would see, and whether its fonts say what their letters are."""

from __future__ import annotations

import re
from collections.abc import Iterable

from extract.document import BBox
from extract.readers.pdf_parts.drawing import Drawing, is_white
from extract.readers.pdf_parts.lettering import SAMPLE, Lettering, Span
from extract.readers.pdf_parts.pdfium import INVISIBLE, WHITE

SMALLEST = 2.0  # points: print lower than this is not meant to be read
_GARBAGE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd]")


def find_unseen(lettering: Lettering, drawing: Drawing, size: tuple[float, float], on_picture: bool) -> None:
    """Fill `unseen`: letters drawn invisibly, white on white, under a picture, off the page, or too small to read.

    Only the first letter of each word is asked; where one turns out doubtful, every letter of the page is.
    White letters on a filled area that is not white (a dark heading) are seen; on the picture of a page
    (`on_picture`) they are someone's recognition of it, and not.
    """
    page, boxes, unseen = lettering.page, lettering.boxes, lettering.unseen
    starts = [start for start, _ in lettering.words]
    if page.doubtful_ink(starts):
        lettering.place_all()
        dark = [box for box, handle in drawing.shades if not is_white(handle)]
        dark += [] if on_picture else drawing.pictures
        for index in lettering.printed():
            ink = page.ink(index)
            if ink == INVISIBLE or (ink == WHITE and not _inside_any(boxes[index], dark)):
                unseen.add(index)
    if drawing.covers:
        unseen |= _under_pictures(lettering, drawing)
    right, low = 2 * size[0], 2 * size[1]
    firsts = [boxes[start] for start in starts]
    if not all(0 < x0 + x1 < right and 0 < top + bottom < low for x0, top, x1, bottom in firsts):
        lettering.place_all()
        for index in lettering.printed():
            x0, top, x1, bottom = boxes[index]
            if not (0 < x0 + x1 < right and 0 < top + bottom < low):
                unseen.add(index)
    if any(bottom - top < SMALLEST and x1 - x0 < SMALLEST for x0, top, x1, bottom in firsts):
        unseen.update(index for word in lettering.words if _is_tiny(lettering, word) for index in range(*word))


def _under_pictures(lettering: Lettering, drawing: Drawing) -> set[int]:
    """The letters over which a picture was drawn later."""
    order = {handle: place for place, handle in enumerate(drawing.texts)}
    last = max(count for _, count in drawing.covers)
    lettering.place_all()
    return {
        index
        for index in lettering.printed()
        if (place := order.get(lettering.page.object_of(index), last)) < last
        and _inside_any(lettering.boxes[index], [box for box, count in drawing.covers if place < count])
    }


def _is_tiny(lettering: Lettering, word: Span) -> bool:
    """Whether a word is printed too small to be read. Some fonts give a letter no more height than its ink has:
    only a word all of whose letters are low and narrow is tiny, and a lone mark is not.
    """
    x0, top, x1, bottom = lettering.boxes[word[0]]
    if bottom - top >= SMALLEST or x1 - x0 >= SMALLEST or not lettering.text[word[0] : word[1]].isalnum():
        return False
    lettering.place(range(*word))
    return all(bottom - top < SMALLEST and x1 - x0 < SMALLEST for x0, top, x1, bottom in lettering.boxes[slice(*word)])


def _inside_any(letter: BBox, boxes: Iterable[BBox]) -> bool:
    x, y = (letter[0] + letter[2]) / 2, (letter[1] + letter[3]) / 2
    return any(box[0] <= x <= box[2] and box[1] <= y <= box[3] for box in boxes)


def tells_no_letters(lettering: Lettering) -> bool:
    """Whether the fonts do not say which letters their glyphs are: more than three in ten of a sample have no
    code.
    """
    text, page = lettering.text, lettering.page
    sample = [index for index in range(0, len(text), max(1, len(text) // SAMPLE)) if text[index] not in " \r\n"]
    bad = sum(1 for index in sample if _GARBAGE.match(text[index]) or page.unmapped(index))
    return bad * 10 > len(sample) * 3
