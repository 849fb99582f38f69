"""The letters of a page: which can be seen, how they stand in lines, and what a cell or a line of them says."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from extract.document import BBox
from extract.readers.pdf_parts.drawing import Drawing, is_white
from extract.readers.pdf_parts.pdfium import INVISIBLE, WHITE, PdfPage

SMALLEST = 2.0  # points: print lower than this is not meant to be read
SAMPLE = 24  # glyphs looked at to tell whether the fonts of a page say what their letters are
NOWHERE: BBox = (0.0, 0.0, 0.0, 0.0)
Span = tuple[int, int]  # a range of characters: the first, and the one after the last
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

    @property
    def ignored(self) -> set[int]:
        """The letters that belong to no cell and no line."""
        return self.unseen | self.slanted | self.struck if self.slanted or self.struck else self.unseen

    def place(self, indices: Sequence[int]) -> None:
        """Place the given characters, at most as many as the page has."""
        if not self.whole:
            self.page.place(self.boxes, indices, self.turn)

    def by_line(self, words: list[Span]) -> Iterator[tuple[Span, list[Span]]]:
        """Each line with those of the given words (in content order) that stand in it."""
        at = 0
        for line in self.lines:
            first = at
            while at < len(words) and words[at][0] < line[1]:
                at += 1
            yield line, words[first:at]

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


def is_wide(letter: str) -> bool:
    """Whether a letter is set full width: Chinese characters and their punctuation, between which no space is
    meant.
    """
    return (
        "\u2e80" <= letter <= "\ufaff"
        or "\ufe30" <= letter <= "\ufe6f"
        or "\uff00" <= letter <= "\uffef"
        or (letter > "\U00020000" or letter in "“”‘’…—·")
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
    return text if text.isalnum() else _SPACES.sub(" ", text).strip(" ")


def cell_text(lettering: Lettering, words: list[Span], width: float) -> str:
    """What the given words say, read line by line; `width` is that of the cell, in points.

    A number that fills its line and goes on in the next was broken by a narrow column: its pieces join without
    a space.
    """
    text, boxes = lettering.text, lettering.boxes
    first, last = words[0][0], words[-1][1]
    piece = text[first:last]
    if boxes[first][0] <= boxes[last - 1][0]:  # one line, in order
        if len(words) == 1:
            return piece if piece.isascii() else tidy(piece)
        if "\n" not in piece and sum([end - begin for begin, end in words]) == len(piece) - piece.count(" "):
            return tidy(piece)
    said, line, line_start = "", "", boxes[first][0]
    past, before = NOWHERE, -1
    for begin, end in _in_order(_evenly(lettering, words), boxes):
        x0, top, x1, bottom = boxes[begin]
        if before >= 0:
            if abs(top + bottom - past[1] - past[3]) > min(bottom - top, past[3] - past[1]):
                said = _joined_lines(said, tidy(line), text[begin], width - (past[2] - line_start) < 12 + x1 - x0)
                line, line_start = "", x0
            elif " " in text[before:begin] or x0 - past[2] > 0.7 * (bottom - top):
                line += " "
        line += text[begin:end]
        past, before = boxes[end - 1], end
    return joined(said, tidy(line)) if not said.endswith("\0") else said[:-1] + tidy(line)


def _evenly(lettering: Lettering, words: list[Span]) -> list[Span]:
    """The words; those that do not run from left to right on one line as single letters."""
    boxes = lettering.boxes
    even: list[Span] = []
    for begin, end in words:
        first, last = boxes[begin], boxes[end - 1]
        if first[0] <= last[0] and abs(first[1] + first[3] - last[1] - last[3]) <= min(
            first[3] - first[1], last[3] - last[1]
        ):
            even.append((begin, end))
        else:
            lettering.place(range(begin, end))
            even += [(index, index + 1) for index in range(begin, end) if boxes[index][0] < boxes[index][2]]
    return even


def _joined_lines(said: str, line: str, following: str, full: bool) -> str:
    """`said` and one more line; ends in NUL where the next line goes on with the same number."""
    said = said[:-1] + line if said.endswith("\0") else joined(said, line)
    if full and line and line[-1] in _NUMERIC and following in _NUMERIC:
        said += "\0"
    return said


def _in_order(words: list[Span], boxes: list[BBox]) -> list[Span]:
    """The words from top to bottom and left to right: content order where it agrees, else sorted by their places."""
    previous = boxes[words[0][0]]
    for begin, end in words:
        box = boxes[begin]
        step = (box[1] + box[3] - previous[1] - previous[3]) / 2
        limit = min(box[3] - box[1], previous[3] - previous[1]) / 2
        if step < -limit or (abs(step) <= limit and box[0] < previous[0] - 0.5):
            return by_place(words, boxes)
        previous = boxes[end - 1]
    return words


def by_place(words: list[Span], boxes: list[BBox]) -> list[Span]:
    """Words sorted into lines by the middles of their first letters, and within each line from left to right."""
    ranked = sorted(words, key=lambda word: boxes[word[0]][1] + boxes[word[0]][3])
    ordered: list[Span] = []
    line: list[Span] = []
    for word in ranked:
        if line:
            first, box = boxes[line[0][0]], boxes[word[0]]
            if (box[1] + box[3] - first[1] - first[3]) / 2 > min(box[3] - box[1], first[3] - first[1]) / 2:
                ordered += sorted(line, key=lambda member: boxes[member[0]][0])
                line = []
        line.append(word)
    return ordered + sorted(line, key=lambda member: boxes[member[0]][0])
