"""An open PDF and its pages: characters with their places, what is drawn, what the file says of itself.

Every handle is closed by the context manager that opened it.
"""

from __future__ import annotations

import ctypes
import struct
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import repeat
from typing import Any

import pypdfium2.raw as raw

from extract.document import BBox, Unreadable
from extract.readers.pdf_parts.calls import (
    MAX_CHARACTERS,
    annotation_has,
    annotation_kind,
    box_floats_at,
    char_angle,
    char_box,
    char_ink_box,
    char_object,
    char_origin,
    char_unicode,
    char_unmapped,
    close_annotation,
    close_document,
    close_page,
    close_text,
    count_annotations,
    count_chars,
    count_pages,
    doubles,
    doubles_at,
    flatten_page,
    get_text,
    last_error,
    load_annotation,
    load_document,
    load_page,
    load_text,
    meta_text,
    numbers,
    numbers_at,
    object_fill,
    page_box,
    page_rotation,
    ready,
    slots,
    text_mode,
    units_at,
)
from extract.readers.pdf_parts.drawing import MODE_INVISIBLE, Drawing, Matrix, draw_page, is_pale, is_white, place_box

PRINTED_ANNOTATIONS = frozenset({raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_STAMP, raw.FPDF_ANNOT_WIDGET})
MAX_ANNOTATIONS = 2_000  # of one page
INVISIBLE, WHITE = "invisible", "white"  # how letters may be drawn and not be seen


class PdfPage:
    """An open page. Coordinates are points from the top left corner of the page, turned by `turn` quarter turns
    clockwise.
    """

    def __init__(self, handle: int, number: int, undrawn: int = 0) -> None:
        self.handle = handle
        self.number = number
        self.undrawn = undrawn  # form fields whose text the page does not show
        self.rotation = page_rotation(handle) % 4
        page_box(handle, numbers_at)
        left, top, right, bottom = numbers[0], numbers[1], numbers[2], numbers[3]
        self.box: BBox = (min(left, right), min(top, bottom), max(left, right), max(top, bottom))
        self._text: int | None = None

    def close(self) -> None:
        """Close the text page, if one was loaded, and the page."""
        if self._text:
            close_text(self._text)
            self._text = None
        close_page(self.handle)

    def matrix(self, turn: int) -> Matrix:
        """From the page's own space (origin below, y upwards) to points from the top left corner after `turn`
        quarter turns.
        """
        left, bottom, right, top = self.box
        turned: list[Matrix] = [
            (1, 0, 0, -1, -left, top),
            (0, 1, 1, 0, -bottom, -left),
            (-1, 0, 0, 1, right, -bottom),
            (0, -1, -1, 0, top, right),
        ]
        return turned[turn % 4]

    def size(self, turn: int) -> tuple[float, float]:
        """Width and height after `turn` quarter turns."""
        left, bottom, right, top = self.box
        return (right - left, top - bottom) if turn % 2 == 0 else (top - bottom, right - left)

    @property
    def text_page(self) -> Any:
        """The handle of the text page made ready, loaded when first needed."""
        if self._text is None:
            self._text = load_text(self.handle) or 0
            self._ready_text = ready(self._text)
        return self._ready_text

    def characters(self) -> str:
        """The page's text in content order, one character of the string for each of PDFium's; line ends are CR LF."""
        count = min(count_chars(self.text_page), MAX_CHARACTERS)
        if count <= 0:
            return ""
        written = get_text(self.text_page, 0, count, units_at) - 1  # it counts the closing null
        text = ctypes.string_at(units_at, 2 * max(written, 0)).decode("utf-16-le", "replace")
        if len(text) == written == count and "\0" not in text:
            return text
        # Letters outside the basic plane or without any code: ask one by one, so that places and letters keep step.
        codes = (char_unicode(self.text_page, index) for index in range(count))
        return "".join(chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd" for code in codes)

    def place(self, boxes: list[BBox], indices: Sequence[int], turn: int) -> None:
        """Write the boxes of these characters into `boxes`: advance × height of the font; a made-up character has
        no area.
        """
        starts = slots(len(indices))[0]
        deque(map(char_box, repeat(self.text_page), indices, starts), maxlen=0)  # a loop, without its cost
        found = struct.iter_unpack("4f", ctypes.string_at(box_floats_at, 16 * len(indices)))  # left, top, right, bottom
        if turn % 4 == 0:
            x, y = self.box[0], self.box[3]
            for index, (left, top, right, bottom) in zip(indices, found, strict=True):
                boxes[index] = (left - x, y - top, right - x, y - bottom)
        else:
            matrix = self.matrix(turn)
            for index, (left, top, right, bottom) in zip(indices, found, strict=True):
                boxes[index] = place_box(left, bottom, right, top, matrix)

    def ink_box(self, index: int, matrix: Matrix) -> BBox:
        """The box of the character's ink alone, by the matrix given."""
        at = doubles_at
        if not char_ink_box(self.text_page, index, at, at + 8, at + 16, at + 24):
            return (0.0, 0.0, 0.0, 0.0)
        left, right, bottom, top = doubles
        return place_box(left, bottom, right, top, matrix)

    def origin(self, index: int, matrix: Matrix) -> tuple[float, float]:
        """Where the character stands on its baseline, by the matrix given."""
        if not char_origin(self.text_page, index, doubles_at, doubles_at + 8):
            return (0.0, 0.0)
        x, y = doubles[0], doubles[1]
        a, b, c, d, e, f = matrix
        return a * x + c * y + e, b * x + d * y + f

    def angles(self, indices: Sequence[int]) -> list[float]:
        """The directions in which characters are written, radians clockwise in the page's own space."""
        return list(map(char_angle, repeat(self.text_page), indices))

    def unmapped(self, index: int) -> bool:
        """Whether the font tells no letter for this glyph."""
        return bool(char_unmapped(self.text_page, index))

    def ink(self, index: int) -> str:
        """How the character is drawn: INVISIBLE (rendering mode 3, which leaves none), WHITE (or transparent), or
        "" for seen.
        """
        handle = ready(char_object(self.text_page, index))
        if handle is None:
            return ""
        if text_mode(handle) == MODE_INVISIBLE:
            return INVISIBLE
        return WHITE if is_white(handle) else ""

    def doubtful_ink(self, indices: Sequence[int]) -> bool:
        """Whether any of the characters is invisible, white or transparent: many calls, so written for speed."""
        handles = list(map(ready, dict.fromkeys(filter(None, map(char_object, repeat(self.text_page), indices)))))
        if not handles:
            return False
        if MODE_INVISIBLE in map(text_mode, handles):
            return True
        filled = list(map(object_fill, handles, *slots(len(handles))))
        found = ctypes.string_at(box_floats_at, 16 * len(handles))
        if found == found[:16] * len(handles):  # one colour for all print: the common case
            filled, found = [any(filled)], found[:16]
        colours = struct.iter_unpack("4I", found)
        return any(known and is_pale(*colour) for known, colour in zip(filled, colours, strict=True))

    def object_of(self, index: int) -> int:
        """The handle of the text object that draws the character."""
        return char_object(self.text_page, index) or 0

    def drawing(self, turn: int) -> Drawing:
        """Rules, pictures and filled areas, those inside form XObjects included."""
        return draw_page(self.handle, self.matrix(turn))


class Pdf:
    """An open document: `with Pdf(data) as pdf`. Raises Unreadable with a sentence that says what is wrong."""

    def __init__(self, data: bytes) -> None:
        self._data = data  # PDFium reads from these very bytes until the document is closed
        self._handle = load_document(data, len(data), None)
        if not self._handle:
            raise Unreadable(_why_not(last_error()))
        self.page_count = count_pages(self._handle)
        if self.page_count <= 0:
            self.close()
            raise Unreadable("This PDF holds no page; the file was probably cut off. Ask for it again.")

    def __enter__(self) -> Pdf:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the document; a second call does nothing."""
        if self._handle:
            close_document(self._handle)
            self._handle = None

    @contextmanager
    def page(self, number: int) -> Iterator[PdfPage | None]:
        """The page of that number, counted from 1; None when it cannot be loaded."""
        handle = load_page(self._handle, number - 1)
        undrawn = 0
        if handle and count_annotations(handle) > 0:
            handle, undrawn = self._with_annotations(handle, number)
        if not handle:
            yield None
            return
        page = PdfPage(handle, number, undrawn)
        try:
            yield page
        finally:
            page.close()

    def _with_annotations(self, handle: int, number: int) -> tuple[int, int]:
        """The page with what its form fields, typed notes and stamps show made part of it (in memory alone), and how
        many of them hold text that they do not show.
        """
        printed = undrawn = 0
        for index in range(min(count_annotations(handle), MAX_ANNOTATIONS)):
            annotation = load_annotation(handle, index)
            if annotation and annotation_kind(annotation) in PRINTED_ANNOTATIONS:
                printed += 1
                undrawn += not annotation_has(annotation, b"AP") and annotation_has(annotation, b"V")
            if annotation:
                close_annotation(annotation)
        if printed and flatten_page(handle, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS:
            close_page(handle)
            handle = load_page(self._handle, number - 1)
        return handle, undrawn

    def stated(self, key: str) -> str:
        """What the file says of itself under Title, Author or the like."""
        size = min(meta_text(self._handle, key.encode(), None, 0), 4000)
        buffer = ctypes.create_string_buffer(size + 2)
        meta_text(self._handle, key.encode(), buffer, size)
        return buffer.raw[:size].decode("utf-16-le", "replace").replace("\0", "").strip()


def _why_not(error: int) -> str:
    if error == raw.FPDF_ERR_PASSWORD:
        return "This PDF is locked with a password. Ask for an unlocked copy."
    if error == raw.FPDF_ERR_SECURITY:
        return "This PDF is protected in a way that cannot be opened. Ask for an unprotected copy."
    return "This PDF is damaged or cut off, and cannot be opened. Ask for it again."
