"""Printed lines → paragraphs: what continues, what begins anew, what is a title, a heading, or furniture of the
page.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import reduce
from operator import itemgetter
from typing import NamedTuple

from extract.document import BBox
from extract.readers.pdf_parts.lettering import Lettering, TextLine
from extract.readers.pdf_parts.tables import Table
from extract.readers.pdf_parts.wording import by_place, joined, tidy

_PAGE_NUMBER = re.compile(r"[-—–－―·~\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/，,]?\s*共?\s*\d{1,4}\s*页?)?[-—–－―·~\s]*")
_CHAPTER = re.compile(r"[一二三四五六七八九十]{1,3}\s*、")
_SECTION = re.compile(r"[（(]\s*[一二三四五六七八九十]{1,3}\s*[）)]")
_DIGITS = re.compile(r"\d+")
LONGEST_HEADING = 40  # characters
MARGIN_ZONE = 0.13  # of the page's height, above and below: where running heads and page numbers stand


@dataclass(slots=True)
class PageLayout:
    """What stands on one page, in reading position: lines outside tables, and the tables."""

    number: int
    width: float
    height: float
    lines: list[TextLine] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    watermark: TextLine | None = None


class Passage(NamedTuple):
    """A paragraph: its text, role, and where it begins."""

    text: str
    role: str
    page: int
    box: BBox


class Measure(NamedTuple):
    """How the body of a document is set: font height, left and right edge, and the room between lines, in points."""

    height: float
    left: float
    right: float
    gap: float


def text_lines(lettering: Lettering, ranges: list[tuple[int, int]]) -> list[TextLine]:
    """The lines in the given ranges of characters, from top to bottom; pieces that stand side by side are one
    line.
    """
    pieces = []
    hidden = lettering.ignored
    for begin, end in _without(ranges, hidden) if hidden else ranges:
        piece = _piece(lettering, begin, end)
        if piece is not None:
            pieces.append(piece)
    pieces.sort(key=lambda line: (line.box[1] + line.box[3], line.box[0]))
    lines: list[list[TextLine]] = []
    for piece in pieces:
        if lines and all(_side_by_side(one, piece) for one in lines[-1]):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [line[0] if len(line) == 1 else reduce(_merged, sorted(line, key=_left)) for line in lines]


def _without(ranges: list[tuple[int, int]], hidden: set[int]) -> list[tuple[int, int]]:
    """The ranges, cut where a hidden letter stands."""
    kept = []
    for begin, end in ranges:
        for index in range(begin, end):
            if index in hidden:
                kept.append((begin, index))
                begin = index + 1
        kept.append((begin, end))
    return kept


def watermark(lettering: Lettering) -> TextLine | None:
    """What runs askew over the page, as one line."""
    indices = sorted(lettering.slanted - lettering.unseen)
    if not indices:
        return None
    lettering.place_all()
    boxes = [lettering.boxes[index] for index in indices]
    box = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
    return TextLine(tidy("".join(lettering.text[index] for index in indices)), box, box[3] - box[1])


def _piece(lettering: Lettering, begin: int, end: int) -> TextLine | None:
    """A stretch of characters as a line; only its ends need to be placed."""
    text = lettering.text
    while begin < end and (
        text[begin] <= " " or text[begin].isspace()
    ):  # also the wide blanks of an indent: they are not placed
        begin += 1
    while end > begin and (text[end - 1] <= " " or text[end - 1].isspace()):
        end -= 1
    if begin == end:
        return None
    start, last = lettering.boxes[begin], lettering.boxes[end - 1]
    said = text[begin:end]
    if last[0] < start[0]:  # content order is not reading order
        lettering.place(range(begin, end))
        boxes = lettering.boxes
        letters = [(index, index + 1) for index in range(begin, end) if boxes[index][2] > boxes[index][0]]
        letters = by_place(letters, boxes)
        if letters:
            start, last = boxes[letters[0][0]], boxes[letters[-1][0]]
            said = "".join([text[index] for index, _ in letters])
    said = tidy(said)
    box = (start[0], min(start[1], last[1]), max(last[2], start[2]), max(start[3], last[3]))
    return TextLine(said, box, max(start[3] - start[1], last[3] - last[1])) if said else None


def _side_by_side(first: TextLine, second: TextLine) -> bool:
    (x0, top, x1, bottom), (next_x0, next_top, next_x1, next_bottom) = first.box, second.box
    height = min(first.height, second.height)
    level = abs(top + bottom - next_top - next_bottom) / 2 < 0.4 * height
    return level and min(x1, next_x1) - max(x0, next_x0) < 0.5 * height


def _left(line: TextLine) -> float:
    return line.box[0]


def _merged(first: TextLine, second: TextLine) -> TextLine:
    gap = second.box[0] - first.box[2]
    text = first.text + (" " if gap > 0.3 * second.height else "") + second.text
    box = (first.box[0], min(first.box[1], second.box[1]), second.box[2], max(first.box[3], second.box[3]))
    return TextLine(text, box, max(first.height, second.height))


def find_furniture(pages: list[PageLayout]) -> set[tuple[int, int]]:
    """(page number, index of the line): page numbers, and the running heads and feet that come again on another
    page.
    """
    edge_lines: dict[tuple[str, int], list[tuple[int, int]]] = {}
    furniture: set[tuple[int, int]] = set()
    for page in pages:
        zone = MARGIN_ZONE * page.height
        for index, line in enumerate(page.lines):
            if line.box[3] <= zone or line.box[1] >= page.height - zone:
                if _PAGE_NUMBER.fullmatch(line.text):
                    furniture.add((page.number, index))
                key = (_DIGITS.sub("#", line.text), round(line.box[1] / 4))
                edge_lines.setdefault(key, []).append((page.number, index))
    for places in edge_lines.values():
        if len({number for number, _ in places}) > 1:
            furniture |= set(places)
    return furniture


def measure(pages: list[PageLayout], furniture: set[tuple[int, int]]) -> Measure:
    """How the body is set, told by the lines themselves; longer lines count more."""
    lines = [line for page in pages for index, line in enumerate(page.lines) if (page.number, index) not in furniture]
    if not lines:
        return Measure(12.0, 0.0, 0.0, 12.0)
    heights: Counter[float] = Counter()
    for line in lines:
        heights[round(line.height)] += len(line.text)
    height = heights.most_common(1)[0][0] or 1
    body = [line for line in lines if abs(line.height - height) <= 0.15 * height + 1]
    lefts = Counter(round(line.box[0] / 2) for line in body)
    most = max(lefts.values())
    left = 2.0 * min(place for place, count in lefts.items() if count * 8 >= len(body) or count == most)
    gaps = sorted(
        after.box[1] - before.box[3]
        for page in pages
        for before, after in zip(page.lines, page.lines[1:], strict=False)
        if abs(after.height - before.height) < 2 and after.box[1] - before.box[3] < 3 * height
    )
    gap = gaps[len(gaps) // 3] if gaps else 0.5 * height
    return Measure(height, left, max(line.box[2] for line in body), gap)


class Setter:
    """Takes the lines of a document in reading order and gives its passages; a table between two lines ends a
    passage.
    """

    def __init__(self, body: Measure) -> None:
        self.body = body
        self.blocks: list[Passage | tuple[int, Table]] = []  # a table comes with the number of its page
        self._open: list[TextLine] = []
        self._held: list[Passage] = []  # furniture between the lines of the open passage
        self._role = "body"
        self._page = 0
        self._last_page = 0
        self._before_body = True

    def line(self, line: TextLine, page: PageLayout) -> None:
        """Take a line: it continues the open passage, or begins one."""
        role = self._role_of(line, page)
        if self._open and role == self._role and self._continues(line, page.number):
            self._open.append(line)
        else:
            self.end()
            self._open, self._role, self._page = [line], role, page.number
        self._last_page = page.number
        if role == "body":
            self._before_body = False

    def furniture(self, line: TextLine, page: PageLayout) -> None:
        """Take a line that belongs to the page, not to the text: it does not end the open passage."""
        (self._held if self._open else self.blocks).append(Passage(line.text, "furniture", page.number, line.box))

    def table(self, table: Table, page: PageLayout) -> None:
        """Take a table."""
        self.end()
        self._before_body = False
        self.blocks.append((page.number, table))

    def end(self) -> None:
        """End the open passage."""
        if not self._open:
            return
        text = ""
        for line in self._open:
            text = joined(text, line.text)
        here = [line.box for line in self._open[: self._lines_on_first_page()]]
        box = (min(b[0] for b in here), here[0][1], max(b[2] for b in here), here[-1][3])
        role = self._role
        if role == "body" and _is_heading(text):
            role = "heading"
        self.blocks.append(Passage(text, role, self._page, box))
        self.blocks += self._held
        self._open, self._held = [], []

    def _lines_on_first_page(self) -> int:
        for index, (before, after) in enumerate(zip(self._open, self._open[1:], strict=False), 1):
            if after.box[1] < before.box[1]:
                return index
        return len(self._open)

    def _role_of(self, line: TextLine, page: PageLayout) -> str:
        large = line.height >= 1.2 * self.body.height
        if self._before_body and page.number == 1 and len(line.text) <= 60 and not _CHAPTER.match(line.text):
            off_centre = abs((line.box[0] + line.box[2]) / 2 - page.width / 2)
            inside = (
                line.box[0] > self.body.left + 1.5 * line.height and line.box[2] < self.body.right - 1.5 * line.height
            )
            if large or (inside and off_centre < 0.02 * page.width):
                return "title"
        return "heading" if large and len(line.text) <= LONGEST_HEADING else "body"

    def _continues(self, line: TextLine, page: int) -> bool:
        before, body = self._open[-1], self.body
        if abs(line.height - before.height) > 0.2 * before.height:
            return False
        if page == self._last_page and line.box[1] - before.box[3] > max(1.9 * body.gap, 0) + 0.35 * line.height:
            return False
        if self._role == "title":
            return True
        if _CHAPTER.match(line.text) or _SECTION.match(line.text):
            return False
        if before.box[0] > body.left + 0.4 * (body.right - body.left) and line.box[0] < before.box[0] - line.height:
            return False  # a date or a name set to the right
        ended_short = before.box[2] < body.right - 2.2 * before.height
        indented = line.box[0] > body.left + 1.2 * line.height
        return not ended_short and not indented


def _is_heading(text: str) -> bool:
    return len(text) <= LONGEST_HEADING and bool(
        _CHAPTER.match(text) or (_SECTION.match(text) and text[-1] not in "。；;")
    )


def set_paragraphs(pages: list[PageLayout]) -> list[Passage | tuple[int, Table]]:
    """The passages and tables of a document in reading order."""
    furniture = find_furniture(pages)
    setter = Setter(measure(pages, furniture))
    for page in pages:
        placed: list[tuple[float, int, TextLine | Table]] = [
            ((line.box[1] + line.box[3]) / 2, index, line) for index, line in enumerate(page.lines)
        ]
        placed += [(table.box[1], -1, table) for table in page.tables]
        placed.sort(key=itemgetter(0, 1))
        if page.watermark:
            setter.furniture(page.watermark, page)
        for _, index, item in placed:
            if isinstance(item, Table):
                setter.table(item, page)
            elif (page.number, index) in furniture:
                setter.furniture(item, page)
            else:
                setter.line(item, page)
    setter.end()
    return setter.blocks
