"""What a page draws beside its letters: rules of every make, pictures, filled areas; and the matrices that place
them.
"""

from __future__ import annotations

import ctypes
import struct
from itertools import compress, repeat
from typing import Any, NamedTuple

from extract.document import BBox
from extract.readers.pdf_parts.calls import (
    MAX_CHARACTERS,
    box_floats_at,
    colour_slots,
    colours,
    colours_at,
    count_form_objects,
    count_objects,
    count_segments,
    form_object,
    four_floats,
    is_transparent,
    number_slots,
    numbers,
    numbers_at,
    object_bounds,
    object_fill,
    object_matrix,
    object_type,
    page_object,
    path_mode,
    path_segment,
    ready,
    segment_closes,
    segment_point,
    segment_type,
    slots,
)
from extract.readers.pdf_parts.ruling import Rule

Matrix = tuple[float, float, float, float, float, float]

MAX_OBJECTS = MAX_CHARACTERS  # of one page, forms included; their bounds share a buffer with those of characters
MAX_SEGMENTS = 20_000  # of one page, in long paths
FORM_DEPTH = 8
THICKEST_RULE = 3.0  # points
TEXT, PATH, IMAGE, FORM = 1, 2, 3, 5  # kinds of object
MODE_INVISIBLE = 3  # text rendering mode
LINE_TO, MOVE_TO = 0, 2  # kinds of segment
# Tables to translate kinds with: 1 for this one, 0 for others.
_TEXTS, _PATHS = (bytes(kind == sought for kind in range(256)) for sought in (TEXT, PATH))


class Drawing(NamedTuple):
    """What a page draws beside its letters, in the coordinates of the matrix it was asked for."""

    horizontal: list[Rule]
    vertical: list[Rule]
    pictures: list[BBox]
    shades: list[tuple[BBox, Any]]  # filled areas and the handle of the path made ready, for its colour
    covers: list[tuple[BBox, int]]  # pictures that let nothing through, and how many of the texts lie under them
    texts: list[int]  # the handles of the text objects in the order in which they are drawn
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


def is_white(handle: Any) -> bool:
    """Whether an object (its handle made ready) is filled with (nearly) white or a wholly transparent colour."""
    return bool(object_fill(handle, *colour_slots)) and is_pale(*colours)


def is_pale(red: int, green: int, blue: int, alpha: int) -> bool:
    """Whether a colour (0 to 255 each) cannot be told from white paper."""
    return (red >= 250 and green >= 250 and blue >= 250) or alpha <= 5


class _Draughtsman:
    """Walks the objects of one page."""

    def __init__(self) -> None:
        self.horizontal: list[Rule] = []
        self.vertical: list[Rule] = []
        self.pictures: list[BBox] = []
        self.shades: list[tuple[BBox, Any]] = []
        self.covers: list[tuple[BBox, int]] = []
        self.texts: list[int] = []
        self.objects = 0
        self.segments = 0

    def draw(self, page: int, matrix: Matrix) -> Drawing:
        self._walk(page_object, ready(page), count_objects(page), matrix, 0)
        return Drawing(
            self.horizontal, self.vertical, self.pictures, self.shades, self.covers, self.texts, self.objects
        )

    def _walk(self, get: Any, owner: Any, count: int, matrix: Matrix, depth: int) -> None:
        count = max(0, min(count, MAX_OBJECTS - self.objects))
        self.objects += count
        handles = list(map(get, repeat(owner, count), range(count)))
        made_ready = list(map(ready, handles))
        kinds = bytes(map(object_type, made_ready))
        if IMAGE in kinds or FORM in kinds:
            self._in_order(handles, kinds, matrix, depth)
        else:
            self.texts += compress(handles, kinds.translate(_TEXTS))
        self._paths(list(compress(made_ready, kinds.translate(_PATHS))), matrix)

    def _in_order(self, handles: list[int], kinds: bytes, matrix: Matrix, depth: int) -> None:
        """Texts, pictures and forms one after the other: what is drawn later may lie over what was drawn before."""
        for handle, kind in zip(handles, kinds, strict=True):
            if kind == TEXT:
                self.texts.append(handle)
            elif kind == IMAGE:
                self._picture(handle, matrix)
            elif kind == FORM and depth < FORM_DEPTH:
                object_matrix(handle, numbers_at)
                inner = times((*numbers,), matrix)  # type: ignore[arg-type]
                self._walk(form_object, handle, count_form_objects(handle), inner, depth + 1)

    def _bounds(self, handle: int, matrix: Matrix) -> BBox:
        if not object_bounds(ready(handle), *number_slots):
            return (0.0, 0.0, 0.0, 0.0)
        left, bottom, right, top = four_floats(numbers)
        return place_box(left, bottom, right, top, matrix)

    def _picture(self, handle: int, matrix: Matrix) -> None:
        box = self._bounds(handle, matrix)
        if self._thin(box):  # some programs print rules as stretched pixels
            return
        self.pictures.append(box)
        if self.texts and not is_transparent(handle):
            self.covers.append((box, len(self.texts)))

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

    def _paths(self, handles: list[Any], matrix: Matrix) -> None:
        """All paths of one owner: their bounds in one go, then what is not thin one by one."""
        known = list(map(object_bounds, handles, *slots(len(handles))))
        boxes = struct.iter_unpack("4f", ctypes.string_at(box_floats_at, 16 * len(handles)))  # left, bottom, right, top
        a, b, c, d, e, f = matrix
        upright = (a, b, c, d) == (1, 0, 0, -1)
        across, down = self.horizontal, self.vertical
        for handle, found, (x0, y0, x1, y1) in zip(handles, known, boxes, strict=True):
            if not found:
                continue
            if upright:
                x0, y0, x1, y1 = x0 + e, f - y1, x1 + e, f - y0
            else:
                x0, y0, x1, y1 = place_box(x0, y0, x1, y1, matrix)
            if y1 - y0 <= THICKEST_RULE:
                across.append(((y0 + y1) / 2, x0, x1))
                if x1 - x0 <= THICKEST_RULE:  # a dot belongs to rules of either direction
                    down.append(((x0 + x1) / 2, y0, y1))
            elif x1 - x0 <= THICKEST_RULE:
                down.append(((x0 + x1) / 2, y0, y1))
            else:
                self._path(handle, (x0, y0, x1, y1), matrix)

    def _path(self, handle: Any, box: BBox, matrix: Matrix) -> None:
        """A path that is not thin: its bounds tell all of a rectangle; other paths are read segment by segment."""
        count = count_segments(handle)
        if count < 3:
            return
        path_mode(handle, colours_at, colours_at + 4)
        filled, stroked = colours[0] != 0, colours[1] != 0
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

    def _long_path(self, handle: Any, count: int, matrix: Matrix) -> None:
        """The straight, upright segments of a path."""
        object_matrix(handle, numbers_at)
        a, b, c, d, e, f = times((*numbers,), matrix)  # type: ignore[arg-type]
        count = min(count, MAX_SEGMENTS - self.segments)
        self.segments += max(count, 0)
        here = opened = (0.0, 0.0)
        for index in range(count):
            segment = path_segment(handle, index)
            kind = segment_type(segment)
            segment_point(segment, numbers_at, numbers_at + 4)
            x, y = numbers[0], numbers[1]
            point = (a * x + c * y + e, b * x + d * y + f)
            if kind == MOVE_TO:
                opened = point
            elif kind == LINE_TO:
                self._stroke(here, point)
            if segment_closes(segment):
                self._stroke(point, opened)
                point = opened
            here = point

    def _stroke(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        (x0, y0), (x1, y1) = start, end
        if abs(y1 - y0) <= 0.7 < abs(x1 - x0):
            self.horizontal.append(((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif abs(x1 - x0) <= 0.7 < abs(y1 - y0):
            self.vertical.append(((x0 + x1) / 2, min(y0, y1), max(y0, y1)))


def draw_page(page: int, matrix: Matrix) -> Drawing:
    """All that the page with that handle draws, those things inside form XObjects included."""
    return _Draughtsman().draw(page, matrix)
