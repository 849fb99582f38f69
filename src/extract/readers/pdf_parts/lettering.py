"""The letters of a page: which can be seen, how they stand in lines, and what a cell or a line of them says."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from extract.document import BBox
from extract.readers.pdf_parts.pdfium import Drawing, Matrix, PdfPage, is_white

SMALLEST = 2.0  # points: print lower than this is not meant to be read
SAMPLE = 60  # glyphs looked at to tell whether the fonts of a page say what their letters are
_TOKEN = re.compile(r"\S+")
_LINE = re.compile(r"[^\r\n]+")
_SPACES = re.compile(r"[\s\u3000\u00a0\ufeff\u200b\u00ad\x02]+")
_NUMERIC = frozenset("0123456789.,")
_GARBAGE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd]")


class TextLine(NamedTuple):
    """A printed line outside tables; `height` is that of its font, in points."""

    text: str
    box: BBox
    height: float


@dataclass(slots=True)
class Lettering:
    """The characters of a page in content order, each with its box in reading position (see `turn`).

    `lines` are ranges of character indices; `unseen` holds the indices that no reader of the paper would see, `slanted` those of
    letters that run askew (watermarks), `ignored` both; `turn` is the number of quarter turns clockwise after which the text
    stands upright.
    """

    text: str
    boxes: list[BBox]
    lines: list[tuple[int, int]]
    unseen: set[int]
    slanted: set[int]
    turn: int

    @property
    def ignored(self) -> set[int]:
        """The letters that belong to no cell and no line."""
        return self.unseen | self.slanted if self.slanted else self.unseen


def read_lettering(page: PdfPage) -> Lettering:
    """The page's characters, placed; needs one call per character and a few per word."""
    text = page.characters()
    starts = [match.start() for match in _TOKEN.finditer(text)]
    angles = [page.angle(start) for start in starts]
    turns = Counter(-round(angle / (math.pi / 2)) % 4 for angle in angles if _is_upright(angle))
    turn = turns.most_common(1)[0][0] if turns else page.rotation
    boxes = page.boxes(len(text), turn)
    _mend_boxes(page, text, boxes, starts, page.matrix(turn))
    slanted = {
        index
        for start, angle in zip(starts, angles, strict=True)
        if angle and not _is_upright(angle)
        for index in _word(text, start)
    }
    if turn == 0:
        lines = [match.span() for match in _LINE.finditer(text)]
    else:
        lines = _own_lines(text, boxes)
    return Lettering(text, boxes, lines, set(), slanted, turn)


def _mend_boxes(page: PdfPage, text: str, boxes: list[BBox], starts: list[int], matrix: Matrix) -> None:
    """Put right the boxes of letters whose font is scaled oddly: PDFium then tells a box many times larger than the letter.

    Told by a letter (no punctuation) whose box is over three times its ink both ways; the first letter of each word is tried.
    """
    wrong = [
        boxes[start][3] - boxes[start][1]
        for start in starts
        if text[start].isalnum() and _is_too_large(boxes[start], page.ink_box(start, matrix))
    ]
    if not wrong:
        return
    suspicious, size = 0.5 * min(wrong), 0.0
    for index, letter in enumerate(text):
        box = boxes[index]
        if box[3] - box[1] < suspicious:
            continue
        ink = page.ink_box(index, matrix)
        if letter.isalnum():
            if not _is_too_large(box, ink):
                continue
            size = 1.08 * max(ink[2] - ink[0], ink[3] - ink[1])
        baseline = page.origin(index, matrix)[1]
        boxes[index] = (ink[0], baseline - 0.88 * size, ink[2], baseline + 0.12 * size)


def _is_too_large(box: BBox, ink: BBox) -> bool:
    width, height = ink[2] - ink[0], ink[3] - ink[1]
    return box[2] - box[0] > 3 * width > 0 and box[3] - box[1] > 3 * height > 0


def _is_upright(angle: float) -> bool:
    """Whether text at this angle (radians) runs along an edge of the page."""
    return abs(angle / (math.pi / 2) - round(angle / (math.pi / 2))) < 0.06


def _word(text: str, start: int) -> range:
    match = _TOKEN.match(text, start)
    return range(start, match.end() if match else start)


def _own_lines(text: str, boxes: list[BBox]) -> list[tuple[int, int]]:
    """Lines of turned text, where PDFium's own line ends cannot be trusted: a new one wherever the height jumps."""
    lines: list[tuple[int, int]] = []
    begin, last = 0, None
    for index, (x0, top, x1, bottom) in enumerate(boxes):
        if x1 <= x0 or bottom <= top:
            continue
        if last is not None and (abs(top + bottom - last[1] - last[3]) > bottom - top or x0 < last[0] - 1):
            lines.append((begin, index))
            begin = index
        last = (x0, top, x1, bottom)
    if last is not None:
        lines.append((begin, len(text)))
    return lines


def find_unseen(page: PdfPage, lettering: Lettering, drawing: Drawing, size: tuple[float, float]) -> None:
    """Fill `unseen`: letters drawn invisibly, white on white, off the page, or too small to read.

    Only the first letter of each word is asked for its ink; where one turns out doubtful, every letter of the page is.
    White letters on a filled area that is not white (a dark heading) are seen.
    """
    boxes, unseen = lettering.boxes, lettering.unseen
    ink = page.ink
    if any(ink(match.start())[1] for match in _TOKEN.finditer(lettering.text)):
        dark = [box for box, handle in drawing.shades if not is_white(handle)] + drawing.pictures
        for index, (x0, top, x1, bottom) in enumerate(boxes):
            handle, doubtful = ink(index) if lettering.text[index] > " " else (0, False)
            if doubtful and (page.invisible(handle) or not _inside_any((x0 + x1) / 2, (top + bottom) / 2, dark)):
                unseen.add(index)
    width, height = size
    for index, (x0, top, x1, bottom) in enumerate(boxes):
        if lettering.text[index] <= " ":
            continue
        if x0 < -1 or top < -1 or x1 > width + 1 or bottom > height + 1:
            x, y = (x0 + x1) / 2, (top + bottom) / 2
            if not (0 <= x <= width and 0 <= y <= height):
                unseen.add(index)
        elif x1 > x0 and 0 < bottom - top < SMALLEST:
            unseen.add(index)


def _inside_any(x: float, y: float, boxes: Iterable[BBox]) -> bool:
    return any(box[0] <= x <= box[2] and box[1] <= y <= box[3] for box in boxes)


def tells_no_letters(page: PdfPage, lettering: Lettering) -> bool:
    """Whether the page's fonts do not say which letters their glyphs are: at least three in ten of a sample have no code."""
    text, boxes = lettering.text, lettering.boxes
    step = max(1, len(text) // SAMPLE)
    sample = [index for index in range(0, len(text), step) if text[index] != " " and boxes[index][2] > boxes[index][0]]
    bad = sum(1 for index in sample if _GARBAGE.match(text[index]) or page.unmapped(index))
    return bad * 10 > len(sample) * 3


def is_wide(letter: str) -> bool:
    """Whether a letter is set full width: Chinese characters and their punctuation, between which no space is meant."""
    return "\u2e80" <= letter <= "\ufaff" or "\ufe30" <= letter <= "\ufe6f" or "\uff00" <= letter <= "\uffef" or (
        letter > "\U00020000" or letter in "“”‘’…—·"
    )


def joined(first: str, second: str) -> str:
    """Two pieces of one text that stood on two lines: no space between Chinese letters, one elsewhere."""
    if not first or not second:
        return first or second
    if is_wide(first[-1]) and is_wide(second[0]):
        return first + second
    return f"{first} {second}"


def tidy(text: str) -> str:
    """Every run of blanks one plain space, none at the ends."""
    return _SPACES.sub(" ", text).strip(" ")


def cell_text(lettering: Lettering, indices: list[int], width: float) -> str:
    """What the given characters say, read line by line; `width` is that of the cell, in points.

    A number that fills its line and goes on in the next was broken by a narrow column: its pieces join without a space.
    """
    text, boxes = lettering.text, lettering.boxes
    if len(indices) == 1:
        return tidy(text[indices[0]])
    said, line_start = "", boxes[indices[0]][0]
    line = ""
    before = -1
    for index in _in_order(indices, boxes):
        x0, top, x1, bottom = boxes[index]
        if before >= 0:
            last = boxes[before]
            if abs(top + bottom - last[1] - last[3]) > min(bottom - top, last[3] - last[1]):
                said = _joined_lines(said, tidy(line), text[index], width - (last[2] - line_start) < 12 + x1 - x0)
                line, line_start = "", x0
            elif (index - before > 1 and " " in text[before:index]) or x0 - last[2] > 0.7 * (bottom - top):
                line += " "
        line += text[index]
        before = index
    return joined(said, tidy(line)) if not said.endswith("\0") else said[:-1] + tidy(line)


def _joined_lines(said: str, line: str, following: str, full: bool) -> str:
    """`said` and one more line; ends in NUL where the next line goes on with the same number."""
    said = said[:-1] + line if said.endswith("\0") else joined(said, line)
    if full and line and line[-1] in _NUMERIC and following in _NUMERIC:
        said += "\0"
    return said


def _in_order(indices: list[int], boxes: list[BBox]) -> list[int]:
    """The characters from top to bottom and left to right: content order where it agrees, else sorted by their places."""
    previous = boxes[indices[0]]
    for index in indices:
        box = boxes[index]
        step = (box[1] + box[3] - previous[1] - previous[3]) / 2
        limit = min(box[3] - box[1], previous[3] - previous[1]) / 2
        if step < -limit or (abs(step) <= limit and box[0] < previous[0] - 0.5):
            return by_place(indices, boxes)
        previous = box
    return indices


def by_place(indices: list[int], boxes: list[BBox]) -> list[int]:
    """Characters sorted into lines by their middles, and within each line from left to right."""
    ranked = sorted(indices, key=lambda index: boxes[index][1] + boxes[index][3])
    ordered: list[int] = []
    line: list[int] = []
    for index in ranked:
        if line:
            first, box = boxes[line[0]], boxes[index]
            if (box[1] + box[3] - first[1] - first[3]) / 2 > min(box[3] - box[1], first[3] - first[1]) / 2:
                ordered += sorted(line, key=lambda member: boxes[member][0])
                line = []
        line.append(index)
    return ordered + sorted(line, key=lambda member: boxes[member][0])
