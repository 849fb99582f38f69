"""When a number that networks read in a cell is trusted: two that are sure say the same, or three that are less sure."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np

from extract.readers.scan_parts.cell_marks import Marks
from extract.readers.scan_parts.recognisers import Reading, recogniser

FIRST, SECOND, THIRD = "small", "tiny", "mobile"
LEAST_TOGETHER, LEAST_TOGETHER_TRIMMED, LEAST_OF_THREE = 1.75, 1.9, 2.1  # sums of the networks' certainties
LEAST_BESIDE_SHAPE = 0.5
LEAST_PITCH, MOST_PITCH, MOST_PITCH_APART, MOST_DIGIT_WIDTH = 0.58, 1.0, 1.4, 0.98  # of the height of the digits
WIDE_GAP = 0.62
THIN_STROKE, OVER_OTHERS, OVER_CELL = (
    0.3,
    1.4,
    0.92,
)  # its width of its height; its height of that of the other digits, and of the cell
NUMBER = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?|[+-]?\d+(\.\d+)?")


class CellReading(NamedTuple):
    """What was read in a cell; `other_text` by a second network, None where the cell is no number; `doubt` "" where there is none."""

    text: str
    other_text: str | None
    doubt: str


def number_reading(marks: Marks, first: list[Reading], second: list[Reading], third: list[Reading]) -> CellReading:
    """The number of a cell as two networks read it, a third where they differ or are unsure, and what makes it doubtful."""
    text, other = number_of(first), number_of(second)
    if text != other and third and number_of(third) == other and NUMBER.fullmatch(other):
        text, other = other, text
    doubt = marks.doubt or doubt_of_number(marks, text, [first, second, third])
    if marks.leans and text in ("1", "/"):
        return CellReading("1", "/", doubt or "slash or one")
    if not text:
        return CellReading("".join(reading.text for reading in first), other, doubt or "unreadable")
    return CellReading(text, other, doubt)


def doubt_of_number(marks: Marks, text: str, readings: list[list[Reading]]) -> str:
    """Why a number is distrusted, "" where it is not: two networks that are sure say the same, or three that are less sure."""
    first, second, _ = readings
    if not sure_together(marks, first, second):
        same = [least_certain(one) for one in readings if one and number_of(one) == text]
        if sum(same) < LEAST_OF_THREE:
            return "uncertain reading"
    if not NUMBER.fullmatch(text):
        return "not a number"
    if marks.trimmed and not text.isdigit() and number_of(recogniser(SECOND).read([marks.cleaned_strip()])) != text:
        return "a point or a speck"
    if has_stray_stroke(marks):
        return "a stroke taller than the digits"
    if len(marks.lines) == 1 and not fits_width(marks, text):
        return "width does not fit the number read"
    return ""


def has_stray_stroke(marks: Marks) -> bool:
    """Whether a thin upright stroke reaches beyond the digits beside it, or from edge to edge of the cell: what is left of a double rule or of a
    streak, which networks read as 1."""
    boxes = [box for box in marks.glyphs if box[cv2.CC_STAT_HEIGHT] > box[cv2.CC_STAT_WIDTH]]
    thin = [box[cv2.CC_STAT_WIDTH] <= THIN_STROKE * box[cv2.CC_STAT_HEIGHT] for box in boxes]
    for index, (box, is_thin) in enumerate(zip(boxes, thin, strict=True)):
        others = [int(other[cv2.CC_STAT_HEIGHT]) for place, other in enumerate(boxes) if place != index]
        least = OVER_OTHERS * max(others) if others else OVER_CELL * marks.paper.shape[0]
        if is_thin and box[cv2.CC_STAT_HEIGHT] >= least:
            return True
    return False


def sure_together(marks: Marks, first: list[Reading], second: list[Reading]) -> bool:
    """Whether two networks that read the same number are sure enough of it to be taken at their word."""
    if marks.like and marks.like == number_of(first):
        return least_certain(second) >= LEAST_BESIDE_SHAPE
    least = LEAST_TOGETHER_TRIMMED if marks.trimmed else LEAST_TOGETHER
    return least_certain(first) + least_certain(second) >= least


def number_of(readings: list[Reading]) -> str:
    """The number that stands in the lines of a cell."""
    return "".join(reading.number for reading in readings).strip(".,")


def least_certain(readings: list[Reading]) -> float:
    """The certainty of the least certain line."""
    return min((reading.number_certainty for reading in readings), default=0.0)


def fits_width(marks: Marks, text: str) -> bool:
    """Whether a line is as wide as its number of digits asks, and without a gap where a point may have been lost."""
    _, top, _, bottom = marks.lines[0]
    tall = [box for box in marks.glyphs if box[cv2.CC_STAT_HEIGHT] >= 0.6 * (bottom - top)]
    if not tall or not text.isdigit():
        return True
    height = float(np.median([box[cv2.CC_STAT_HEIGHT] for box in tall]))
    spans = sorted((int(box[0]), int(box[0] + box[2])) for box in tall)
    width, steps = (max(end for _, end in spans) - spans[0][0]) / height, len(text) - 1
    gaps = [after[0] - before[1] for before, after in pairwise(spans)]
    if max(gaps, default=0) > WIDE_GAP * height:
        return False
    most = MOST_PITCH_APART if len(spans) == len(text) else MOST_PITCH  # a typewriter's digits stand apart
    return LEAST_PITCH * steps <= width <= most * steps + MOST_DIGIT_WIDTH
