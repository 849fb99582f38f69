"""PDFium, called for what this reader needs and nothing else: characters with their places, rules, pictures.

The functions are bound again with plain integers for handles: a call then costs a third of what it costs through the
generated bindings, and a page takes thousands of calls. PDFium is not thread-safe: use processes. Every handle is closed
by the context manager that opened it.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ctypes import c_float, c_int, c_uint, c_ushort, c_void_p
from itertools import repeat
from typing import Any, NamedTuple

import pypdfium2.raw as raw

from extract.document import BBox, Unreadable
from extract.readers.pdf_parts.ruling import Rule

Matrix = tuple[float, float, float, float, float, float]

MAX_CHARACTERS = 60_000  # of one page; a dense page of a report has 2,000
MAX_OBJECTS = 60_000  # of one page, forms included
MAX_SEGMENTS = 20_000  # of one page, in long paths
FORM_DEPTH = 8
THICKEST_RULE = 3.0  # points
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
TEXT, PATH, IMAGE, SHADING, FORM = 1, 2, 3, 4, 5
MODE_INVISIBLE = 3  # text rendering mode
INVISIBLE, WHITE = "invisible", "white"
LINE_TO, BEZIER_TO, MOVE_TO = 0, 1, 2


def _bind(name: str, result: Any, *arguments: Any, long: bool = False) -> Any:
    """The PDFium function of that name, with cheap argument types; a long one lets other threads run."""
    address = ctypes.cast(getattr(raw, name), c_void_p).value
    kind = ctypes.CFUNCTYPE if long else ctypes.PYFUNCTYPE
    return kind(result, *arguments)(address or 0)


raw.FPDF_InitLibraryWithConfig(raw.FPDF_LIBRARY_CONFIG(version=2))  # PDFium ignores a second initialisation

_load_document = _bind("FPDF_LoadMemDocument64", c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, long=True)
_close_document = _bind("FPDF_CloseDocument", None, c_void_p)
_last_error = _bind("FPDF_GetLastError", ctypes.c_ulong)
_count_pages = _bind("FPDF_GetPageCount", c_int, c_void_p)
_meta_text = _bind("FPDF_GetMetaText", ctypes.c_ulong, c_void_p, ctypes.c_char_p, c_void_p, ctypes.c_ulong)
_load_page = _bind("FPDF_LoadPage", c_void_p, c_void_p, c_int, long=True)
_close_page = _bind("FPDF_ClosePage", None, c_void_p)
_page_box = _bind("FPDF_GetPageBoundingBox", c_int, c_void_p, c_void_p)
_page_rotation = _bind("FPDFPage_GetRotation", c_int, c_void_p)
_count_objects = _bind("FPDFPage_CountObjects", c_int, c_void_p)
_page_object = _bind("FPDFPage_GetObject", c_void_p, c_void_p, c_int)
_count_form_objects = _bind("FPDFFormObj_CountObjects", c_int, c_void_p)
_form_object = _bind("FPDFFormObj_GetObject", c_void_p, c_void_p, ctypes.c_ulong)
_object_type = _bind("FPDFPageObj_GetType", c_int, c_void_p)
_object_bounds = _bind("FPDFPageObj_GetBounds", c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
_object_matrix = _bind("FPDFPageObj_GetMatrix", c_int, c_void_p, c_void_p)
_object_fill = _bind("FPDFPageObj_GetFillColor", c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
_text_mode = _bind("FPDFTextObj_GetTextRenderMode", c_int, c_void_p)
_count_segments = _bind("FPDFPath_CountSegments", c_int, c_void_p)
_path_segment = _bind("FPDFPath_GetPathSegment", c_void_p, c_void_p, c_int)
_path_mode = _bind("FPDFPath_GetDrawMode", c_int, c_void_p, c_void_p, c_void_p)
_segment_point = _bind("FPDFPathSegment_GetPoint", c_int, c_void_p, c_void_p, c_void_p)
_segment_type = _bind("FPDFPathSegment_GetType", c_int, c_void_p)
_segment_closes = _bind("FPDFPathSegment_GetClose", c_int, c_void_p)
_load_text = _bind("FPDFText_LoadPage", c_void_p, c_void_p, long=True)
_close_text = _bind("FPDFText_ClosePage", None, c_void_p)
_count_chars = _bind("FPDFText_CountChars", c_int, c_void_p)
_get_text = _bind("FPDFText_GetText", c_int, c_void_p, c_int, c_int, c_void_p)
_char_unicode = _bind("FPDFText_GetUnicode", c_uint, c_void_p, c_int)
_char_box = _bind("FPDFText_GetLooseCharBox", c_int, c_void_p, c_int, c_void_p)
_char_ink_box = _bind("FPDFText_GetCharBox", c_int, c_void_p, c_int, c_void_p, c_void_p, c_void_p, c_void_p)
_char_origin = _bind("FPDFText_GetCharOrigin", c_int, c_void_p, c_int, c_void_p, c_void_p)
_char_angle = _bind("FPDFText_GetCharAngle", c_float, c_void_p, c_int)
_char_object = _bind("FPDFText_GetTextObject", c_void_p, c_void_p, c_int)
_char_unmapped = _bind("FPDFText_HasUnicodeMapError", c_int, c_void_p, c_int)

_units = (c_ushort * (MAX_CHARACTERS + 2))()
_boxes = (c_float * (4 * MAX_CHARACTERS))()
_numbers = (c_float * 6)()
_colours = (c_uint * 4)()
_doubles = (ctypes.c_double * 4)()
_units_at = ctypes.addressof(_units)
_boxes_at = ctypes.addressof(_boxes)
_numbers_at = ctypes.addressof(_numbers)
_colours_at = ctypes.addressof(_colours)
_four = struct.Struct("4f").unpack_from
_doubles_at = ctypes.addressof(_doubles)


class Drawing(NamedTuple):
    """What a page draws beside its letters, in the coordinates of the matrix it was asked for."""

    horizontal: list[Rule]
    vertical: list[Rule]
    pictures: list[BBox]
    shades: list[tuple[BBox, int]]  # filled areas and the handle of the path, for its colour
    text_objects: int
    visible_text: bool
    objects: int


def times(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that applies `first` and after it `then`."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def place_box(left: float, bottom: float, right: float, top: float, matrix: Matrix) -> BBox:
    """The box that holds the given box once the matrix is applied."""
    a, b, c, d, e, f = matrix
    if not b and not c:
        x0, x1, y0, y1 = a * left + e, a * right + e, d * bottom + f, d * top + f
    else:
        xs = [a * x + c * y + e for x in (left, right) for y in (bottom, top)]
        ys = [b * x + d * y + f for x in (left, right) for y in (bottom, top)]
        x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
    if x0 > x1:
        x0, x1 = x1, x0
    if y0 > y1:
        y0, y1 = y1, y0
    return x0, y0, x1, y1


class PdfPage:
    """An open page. Coordinates are points from the top left corner of the page, turned by `turn` quarter turns clockwise."""

    def __init__(self, handle: int, number: int) -> None:
        self.handle = handle
        self.number = number
        self.rotation = _page_rotation(handle) % 4
        _page_box(handle, _numbers_at)
        left, top, right, bottom = _numbers[0], _numbers[1], _numbers[2], _numbers[3]
        self.box: BBox = (min(left, right), min(top, bottom), max(left, right), max(top, bottom))
        self._text: int | None = None

    def close(self) -> None:
        """Close the text page, if one was loaded, and the page."""
        if self._text:
            _close_text(self._text)
            self._text = None
        _close_page(self.handle)

    def matrix(self, turn: int) -> Matrix:
        """From the page's own space (origin below, y upwards) to points from the top left corner after `turn` quarter turns."""
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
    def text_page(self) -> int:
        """The handle of the text page, loaded when first needed."""
        if self._text is None:
            self._text = _load_text(self.handle) or 0
        return self._text

    def characters(self) -> str:
        """The page's text in content order, one character of the string for each of PDFium's; line ends are CR LF."""
        count = min(_count_chars(self.text_page), MAX_CHARACTERS) if self.text_page else 0
        if count <= 0:
            return ""
        written = _get_text(self.text_page, 0, count, _units_at) - 1  # it counts the closing null
        text = ctypes.string_at(_units_at, 2 * max(written, 0)).decode("utf-16-le", "replace")
        if len(text) == written == count and "\0" not in text:
            return text
        # Letters outside the basic plane or without any code: ask one by one, so that places and letters keep step.
        codes = (_char_unicode(self.text_page, index) for index in range(count))
        return "".join(chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd" for code in codes)

    def place(self, boxes: list[BBox], indices: Sequence[int], turn: int) -> None:
        """Write the boxes of these characters into `boxes`: advance × height of the font; a made-up character has no area."""
        text_page, at = self.text_page, _boxes_at
        for index in indices:
            _char_box(text_page, index, at)
            at += 16
        found = struct.iter_unpack("4f", ctypes.string_at(_boxes_at, 16 * len(indices)))  # left, top, right, bottom
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
        at = _doubles_at
        if not _char_ink_box(self.text_page, index, at, at + 8, at + 16, at + 24):
            return (0.0, 0.0, 0.0, 0.0)
        left, right, bottom, top = _doubles
        return place_box(left, bottom, right, top, matrix)

    def origin(self, index: int, matrix: Matrix) -> tuple[float, float]:
        """Where the character stands on its baseline, by the matrix given."""
        if not _char_origin(self.text_page, index, _doubles_at, _doubles_at + 8):
            return (0.0, 0.0)
        x, y = _doubles[0], _doubles[1]
        a, b, c, d, e, f = matrix
        return a * x + c * y + e, b * x + d * y + f

    def angle(self, index: int) -> float:
        """The direction in which the character is written, radians counter-clockwise in the page's own space."""
        return float(_char_angle(self.text_page, index))

    def unmapped(self, index: int) -> bool:
        """Whether the font tells no letter for this glyph."""
        return bool(_char_unmapped(self.text_page, index))

    def ink(self, index: int) -> str:
        """How the character is drawn: INVISIBLE (rendering mode 3, which leaves none), WHITE (or transparent), or "" for seen."""
        handle = _char_object(self.text_page, index)
        if not handle:
            return ""
        if _text_mode(handle) == MODE_INVISIBLE:
            return INVISIBLE
        return WHITE if is_white(handle) else ""

    def doubtful_ink(self, indices: list[int]) -> bool:
        """Whether any of the characters is invisible, white or transparent: many calls, so written for speed."""
        page, at = self.text_page, _colours_at
        green, blue, alpha = at + 4, at + 8, at + 12
        for index in indices:
            handle = _char_object(page, index)
            if handle:
                if _text_mode(handle) == MODE_INVISIBLE:
                    return True
                if _object_fill(handle, at, green, blue, alpha) and (_colours[0] >= 250 or _colours[3] <= 5) and is_white(handle):
                    return True
        return False

    def drawing(self, turn: int) -> Drawing:
        """Rules, pictures and filled areas, those inside form XObjects included."""
        return _Draughtsman().draw(self.handle, self.matrix(turn))


def is_white(handle: int) -> bool:
    """Whether an object is filled with (nearly) white or a wholly transparent colour."""
    at = _colours_at
    if not _object_fill(handle, at, at + 4, at + 8, at + 12):
        return False
    red, green, blue, alpha = _colours
    return min(red, green, blue) >= 250 or alpha <= 5


class _Draughtsman:
    """Walks the objects of one page."""

    def __init__(self) -> None:
        self.horizontal: list[Rule] = []
        self.vertical: list[Rule] = []
        self.pictures: list[BBox] = []
        self.shades: list[tuple[BBox, int]] = []
        self.text_objects = 0
        self.visible_text = False
        self.objects = 0
        self.segments = 0

    def draw(self, page: int, matrix: Matrix) -> Drawing:
        self._walk(_page_object, page, _count_objects(page), matrix, 0)
        return Drawing(
            self.horizontal, self.vertical, self.pictures, self.shades, self.text_objects, self.visible_text, self.objects
        )

    def _walk(self, get: Any, owner: int, count: int, matrix: Matrix, depth: int) -> None:
        count = max(0, min(count, MAX_OBJECTS - self.objects))
        self.objects += count
        handles = list(map(get, repeat(owner, count), range(count)))
        for handle, kind in zip(handles, map(_object_type, handles), strict=True):
            if kind == TEXT:
                self.text_objects += 1
                if not self.visible_text and _text_mode(handle) != MODE_INVISIBLE:
                    self.visible_text = True
            elif kind == PATH:
                self._path(handle, matrix)
            elif kind == IMAGE:
                self._picture(handle, matrix)
            elif kind == FORM and depth < FORM_DEPTH:
                _object_matrix(handle, _numbers_at)
                inner = times((*_numbers,), matrix)  # type: ignore[arg-type]
                self._walk(_form_object, handle, _count_form_objects(handle), inner, depth + 1)

    def _bounds(self, handle: int, matrix: Matrix) -> BBox:
        at = _numbers_at
        if not _object_bounds(handle, at, at + 4, at + 8, at + 12):
            return (0.0, 0.0, 0.0, 0.0)
        left, bottom, right, top = _four(_numbers)
        a, b, c, d, e, f = matrix
        if b or c or a < 0 or d > 0:
            return place_box(left, bottom, right, top, matrix)
        return a * left + e, d * top + f, a * right + e, d * bottom + f

    def _picture(self, handle: int, matrix: Matrix) -> None:
        box = self._bounds(handle, matrix)
        if not self._thin(box):  # some programs print rules as stretched pixels
            self.pictures.append(box)

    def _thin(self, box: BBox) -> bool:
        """Take a thin box for a rule; False when it is not thin."""
        x0, y0, x1, y1 = box
        thin = False
        if y1 - y0 <= THICKEST_RULE:
            self.horizontal.append(((y0 + y1) / 2, x0, x1))
            thin = True
        if x1 - x0 <= THICKEST_RULE:  # a dot belongs to rules of either direction
            self.vertical.append(((x0 + x1) / 2, y0, y1))
            thin = True
        return thin

    def _path(self, handle: int, matrix: Matrix) -> None:
        """Bounds tell all of a thin path and of a rectangle; only other paths are read segment by segment."""
        box = self._bounds(handle, matrix)
        if self._thin(box):
            return
        count = _count_segments(handle)
        if count < 3:
            return
        _path_mode(handle, _colours_at, _colours_at + 4)
        filled, stroked = _colours[0] != 0, _colours[1] != 0
        if count > 5:
            if stroked or filled:
                self._long_path(handle, count, matrix)
        elif not stroked:
            if filled:
                self.shades.append((box, handle))
        elif count == 5:
            self._frame(box)
        else:
            self._long_path(handle, count, matrix)

    def _frame(self, box: BBox) -> None:
        x0, y0, x1, y1 = box
        self.horizontal += ((y0, x0, x1), (y1, x0, x1))
        self.vertical += ((x0, y0, y1), (x1, y0, y1))

    def _long_path(self, handle: int, count: int, matrix: Matrix) -> None:
        """The straight, upright segments of a path."""
        _object_matrix(handle, _numbers_at)
        a, b, c, d, e, f = times((*_numbers,), matrix)  # type: ignore[arg-type]
        count = min(count, MAX_SEGMENTS - self.segments)
        self.segments += max(count, 0)
        here = opened = (0.0, 0.0)
        for index in range(count):
            segment = _path_segment(handle, index)
            kind = _segment_type(segment)
            _segment_point(segment, _numbers_at, _numbers_at + 4)
            x, y = _numbers[0], _numbers[1]
            point = (a * x + c * y + e, b * x + d * y + f)
            if kind == MOVE_TO:
                opened = point
            elif kind == LINE_TO:
                self._stroke(here, point)
            if _segment_closes(segment):
                self._stroke(point, opened)
                point = opened
            here = point

    def _stroke(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        (x0, y0), (x1, y1) = start, end
        if abs(y1 - y0) <= 0.7 < abs(x1 - x0):
            self.horizontal.append(((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif abs(x1 - x0) <= 0.7 < abs(y1 - y0):
            self.vertical.append(((x0 + x1) / 2, min(y0, y1), max(y0, y1)))


class Pdf:
    """An open document: `with Pdf(data) as pdf`. Raises Unreadable with a sentence that says what is wrong."""

    def __init__(self, data: bytes) -> None:
        self._data = data  # PDFium reads from these very bytes until the document is closed
        self._handle = _load_document(data, len(data), None)
        if not self._handle:
            raise Unreadable(_why_not(_last_error()))
        self.page_count = _count_pages(self._handle)
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
            _close_document(self._handle)
            self._handle = None

    @contextmanager
    def page(self, number: int) -> Iterator[PdfPage | None]:
        """The page of that number, counted from 1; None when it cannot be loaded."""
        handle = _load_page(self._handle, number - 1)
        if not handle:
            yield None
            return
        page = PdfPage(handle, number)
        try:
            yield page
        finally:
            page.close()

    def stated(self, key: str) -> str:
        """What the file says of itself under Title, Author or the like."""
        size = min(_meta_text(self._handle, key.encode(), None, 0), 4000)
        buffer = ctypes.create_string_buffer(size + 2)
        _meta_text(self._handle, key.encode(), buffer, size)
        return buffer.raw[:size].decode("utf-16-le", "replace").replace("\0", "").strip()


def _why_not(error: int) -> str:
    if error == raw.FPDF_ERR_PASSWORD:
        return "This PDF is locked with a password. Ask for an unlocked copy, or print it to a new PDF where that is allowed."
    if error == raw.FPDF_ERR_SECURITY:
        return "This PDF is protected in a way that cannot be opened. Ask for an unprotected copy."
    return "This PDF is damaged or cut off, and cannot be opened. Ask for it again."
