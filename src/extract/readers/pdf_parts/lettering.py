"""The letters of a page: where they stand, in which lines and words, and how often they were printed."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from extract.document import BBox
from extract.readers.pdf_parts.pdfium import PdfPage

SAMPLE = 24  # glyphs looked at to tell whether the fonts of a page say what their letters are
NOWHERE: BBox = (0.0, 0.0, 0.0, 0.0)
Span = tuple[int, int]  # a range of characters: the first, and the one after the last
_TOKEN = re.compile(r"\S+")
_LINE = re.compile(r"[^\r\n]+")


class TextLine(NamedTuple):
    """A printed line outside tables; `height` is that of its font, in points."""

    text: str
    box: BBox
    height: float


@dataclass(slots=True)
class Lettering:
    """The characters of a page in content order, and their boxes in reading position (see `turn`).

    `words` and `lines` are ranges of character indices. At first only the ends of each word are placed; `place`
    places the rest of a range. `unseen` holds the letters that no reader of the paper would see, `slanted`
    those that run askew (watermarks), `struck` those struck through, `ignored` all of them. `turn` is the number of quarter turns clockwise after
    which the text stands upright.
    """

    page: PdfPage
    text: str
    words: list[Span]
    turn: int
    boxes: list[BBox] = field(default_factory=list)
    lines: list[Span] = field(default_factory=list)
    unseen: set[int] = field(default_factory=set)
    slanted: set[int] = field(default_factory=set)
    struck: set[int] = field(default_factory=set)
    whole: bool = False
    parted: tuple[list[Span], list[tuple[Span, list[Span]]]] = (
        [],
        [],
    )  # the words that were parted into lines last, and these

    @property
    def ignored(self) -> set[int]:
        """The letters that belong to no cell and no line."""
        return self.unseen | self.slanted | self.struck if self.slanted or self.struck else self.unseen

    def place(self, indices: Sequence[int]) -> None:
        """Place the given characters, at most as many as the page has."""
        if not self.whole:
            self.page.place(self.boxes, indices, self.turn)

    def by_line(self, words: list[Span]) -> list[tuple[Span, list[Span]]]:
        """Each line with those of the given words (in content order) that stand in it."""
        if words is not self.parted[0]:
            at, found = 0, []
            for line in self.lines:
                first = at
                at = bisect_left(words, (line[1],), first)  # type: ignore[type-var]
                found.append((line, words[first:at]))
            self.parted = words, found
        return self.parted[1]

    def seen_words(self) -> list[Span]:
        """The words without the letters that are ignored, cut where these stand."""
        ignored = self.ignored
        if not ignored:
            return self.words
        self.place_all()
        seen = []
        for begin, end in self.words:
            for index in range(begin, end):
                if index in ignored:
                    if begin < index:
                        seen.append((begin, index))
                    begin = index + 1
            if begin < end:
                seen.append((begin, end))
        return seen

    def printed(self) -> list[int]:
        """The characters that leave ink."""
        return [index for index, letter in enumerate(self.text) if letter > " "]

    def seen(self) -> int:
        """How many characters leave ink that can be seen."""
        return sum(1 for index in self.printed() if index not in self.unseen)

    def place_all(self) -> None:
        """Place every character of the page."""
        self.place(range(len(self.text)))
        self.whole = True


def read_lettering(page: PdfPage) -> Lettering:
    """The page's characters, the ends of each word placed."""
    text = page.characters()
    words = [match.span() for match in _TOKEN.finditer(text)]
    angles = page.angles([start for start, _ in words])
    lettering = Lettering(page, text, words, _common_turn(angles) if words else page.rotation)
    lettering.boxes = [NOWHERE] * len(text)
    if lettering.turn == page.rotation == 0:
        lettering.lines = [match.span() for match in _LINE.finditer(text)]
        ends = [start for start, _ in words] + [end - 1 for start, end in words if end - start > 1]
        page.place(lettering.boxes, ends, 0)
    else:
        lettering.place_all()
        lettering.lines = _own_lines(text, lettering.boxes)
        lettering.words = _cut(words, lettering.lines)
    if any(angles):
        askew = [word for word, angle in zip(words, angles, strict=True) if not _is_upright(angle)]
        lettering.slanted = {index for word in askew for index in range(*word)}
    _mend_boxes(lettering)
    lettering.words = _printed_once(lettering, _with_area(lettering))
    return lettering


def _common_turn(angles: list[float]) -> int:
    """The quarter turns clockwise that set most words upright. PDFium counts the angle of writing clockwise."""
    if not any(angles):
        return 0
    turns = Counter(-round(angle / (math.pi / 2)) % 4 for angle in angles if _is_upright(angle))
    return turns.most_common(1)[0][0] if turns else 0


def _is_upright(angle: float) -> bool:
    """Whether text at this angle (radians) runs along an edge of the page."""
    return abs(angle / (math.pi / 2) - round(angle / (math.pi / 2))) < 0.06


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


def _cut(words: list[Span], lines: list[Span]) -> list[Span]:
    """The words, cut where a line ends within them."""
    starts = {begin for begin, _ in lines}
    cut = []
    for begin, end in words:
        for index in range(begin + 1, end):
            if index in starts:
                cut.append((begin, index))
                begin = index
        cut.append((begin, end))
    return cut


def _with_area(lettering: Lettering) -> list[Span]:
    """The words without made-up letters (a hyphen where a line ends) at their ends."""
    boxes = lettering.boxes
    if all(
        boxes[begin][0] < boxes[begin][2] and boxes[end - 1][0] < boxes[end - 1][2] for begin, end in lettering.words
    ):
        return lettering.words
    lettering.place_all()
    kept = []
    for begin, end in lettering.words:
        there = [index for index in range(begin, end) if boxes[index][0] < boxes[index][2]]
        if there:
            kept.append((there[0], there[-1] + 1))
    return kept


def _printed_once(lettering: Lettering, words: list[Span]) -> list[Span]:
    """The words without those printed again at the same place, where a page prints much of its text twice to make it
    bold. (What is printed twice in a row PDFium tells once.)
    """
    boxes, text = lettering.boxes, lettering.text
    longest = max(words[:SAMPLE], key=lambda word: word[1] - word[0], default=(0, 0))
    if text.count(text[slice(*longest)]) < 2:
        return words
    places = {(int(boxes[begin][0] / 2), int(boxes[begin][1] / 2)) for begin, _ in words}
    if len(places) > 0.8 * len(words):
        return words
    kept: list[Span] = []
    seen: dict[str, list[BBox]] = {}
    for begin, end in words:
        box, before = boxes[begin], seen.setdefault(text[begin:end], [])
        if not any(abs(box[0] - one[0]) < 1.5 and abs(box[1] - one[1]) < 1.5 for one in before):
            before.append(box)
            kept.append((begin, end))
    return kept


def _mend_boxes(lettering: Lettering) -> None:
    """Put right the boxes of fonts for vertical writing, where PDFium leaves the scale of the text out of them, and
    of fonts that give a letter no more height than its ink has (一 is then as low as a dash).

    Of each word the first letter is tried, where its height is unusual on the page.
    """
    page, text, boxes = lettering.page, lettering.text, lettering.boxes
    heights = [boxes[start][3] - boxes[start][1] for start, _ in lettering.words]
    usual = sorted(heights)[len(heights) // 2] if heights else 0.0
    low, high = 0.45 * usual, 2.2 * usual
    odd = [word[0] for word, height in zip(lettering.words, heights, strict=True) if not low <= height <= high]
    matrix = page.matrix(lettering.turn)
    inks = {start: page.ink_box(start, matrix) for start in odd if text[start].isalnum()}
    if not any(_is_wrong(boxes[start], ink) or _is_ink(boxes[start], ink) for start, ink in inks.items()):
        return
    lettering.place_all()
    size = 0.0
    for index in lettering.printed():
        box = boxes[index]
        if low <= box[3] - box[1] <= high:
            continue
        ink = page.ink_box(index, matrix)
        if text[index].isalnum():
            if _is_wrong(box, ink):
                size = 1.08 * max(ink[2] - ink[0], ink[3] - ink[1])
            elif _is_ink(box, ink) and ink[2] - ink[0] > low:
                boxes[index] = _on_baseline(ink, page.origin(index, matrix)[1], usual)
                continue
            else:
                continue
        if size:
            boxes[index] = _on_baseline(ink, page.origin(index, matrix)[1], size)


def _on_baseline(ink: BBox, baseline: float, size: float) -> BBox:
    return ink[0], baseline - 0.88 * size, ink[2], baseline + 0.12 * size


def _is_ink(box: BBox, ink: BBox) -> bool:
    return abs(box[1] - ink[1]) < 0.3 and abs(box[3] - ink[3]) < 0.3


def _is_wrong(box: BBox, ink: BBox) -> bool:
    width, height = ink[2] - ink[0], ink[3] - ink[1]
    wide, high = box[2] - box[0], box[3] - box[1]
    return (wide > 3 * width > 0 and high > 3 * height > 0) or (width > 1.5 * wide and height > 1.5 * high)
