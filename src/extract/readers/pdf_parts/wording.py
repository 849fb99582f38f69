"""What a cell or a line of letters says: words in order, lines joined, blanks where the paper has them."""

from __future__ import annotations

import re

from extract.document import BBox
from extract.readers.pdf_parts.lettering import NOWHERE, Lettering, Span

_SPACES = re.compile(r"[\s\u3000\u00a0\ufeff\u200b\u00ad\x02]+")
_NUMERIC = frozenset("0123456789.,")


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
    if text.isprintable() and " " not in text:  # all other blanks are not printable
        return text
    return _SPACES.sub(" ", text).strip(" ")


def cell_text(lettering: Lettering, words: list[Span], width: float) -> str:
    """What the given words say, read line by line; `width` is that of the cell, in points.

    A number that fills its line and goes on in the next was broken by a narrow column: its pieces join without
    a space.
    """
    text, boxes = lettering.text, lettering.boxes
    first, last = words[0][0], words[-1][1]
    piece = text[first:last]
    if last - first == 1 or boxes[first][0] <= boxes[last - 1][0]:  # one line, in order
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
