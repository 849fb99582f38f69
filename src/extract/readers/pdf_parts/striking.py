"""Letters that are no text of the report: struck through (a draft printed with its corrections), or raised behind a
number (the number of a note).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict

from extract.readers.pdf_parts.lettering import Lettering
from extract.readers.pdf_parts.ruling import Rule

MIDDLE = (0.28, 0.72)  # of a letter's height, from above: where a stroke through it runs
SMALLER = 0.8  # of the height of the digits before it: a digit of a note's number
BESIDE = 1.5  # points that a stroke may run on beside its letters: the rule of a cell runs on further


def find_struck(lettering: Lettering, horizontal: list[Rule]) -> tuple[set[int], set[Rule]]:
    """The letters through whose middle a stroke of their own length runs, and these strokes."""
    strokes = _near_letters(lettering, horizontal)
    if not strokes:
        return set(), set()
    lettering.place_all()
    letters = [(*lettering.boxes[index], index) for index in lettering.printed() if index not in lettering.ignored]
    struck: set[int] = set()
    through: set[Rule] = set()
    for stroke in strokes:
        found = _letters_through(letters, stroke)
        if found:
            struck |= found
            through.add(stroke)
    return struck, through


def find_raised(lettering: Lettering) -> set[int]:
    """The digits that stand smaller and higher behind the digits of a number."""
    text, boxes = lettering.text, lettering.boxes
    raised: set[int] = set()
    for begin, end in lettering.words:
        if end - begin < 2 or not (text[begin].isdecimal() and text[end - 1].isdecimal()):
            continue
        _, top, _, bottom = boxes[begin]
        _, last_top, _, last_bottom = boxes[end - 1]
        if last_bottom - last_top < SMALLER * (bottom - top) and last_top + last_bottom < top + bottom:
            lettering.place(range(begin, end))
            raised |= {i for i in range(begin, end) if boxes[i][3] - boxes[i][1] < SMALLER * (bottom - top)}
    return raised


def _near_letters(lettering: Lettering, strokes: list[Rule]) -> list[Rule]:
    """The strokes that run at the middle of some word: next to none on a page that nobody corrected."""
    at_height: defaultdict[float, list[Rule]] = defaultdict(list)
    for stroke in strokes:
        at_height[stroke[0]].append(stroke)
    heights = [*sorted(at_height), math.inf]
    boxes = lettering.boxes
    near: set[Rule] = set()
    above = MIDDLE[0]
    for begin, end in lettering.words if strokes else ():
        x0, top, x1, bottom = boxes[begin]
        _, _, right, last_bottom = boxes[end - 1]
        low = bottom if bottom >= last_bottom else last_bottom
        place = bisect_left(heights, top + above * (bottom - top))
        while heights[place] < low:
            near.update([one for one in at_height[heights[place]] if one[1] < max(x1, right) and x0 < one[2]])
            place += 1
    return sorted(near)


def _letters_through(letters: list[tuple[float, float, float, float, int]], stroke: Rule) -> set[int]:
    """The letters that a stroke runs through; none where it runs on beside them."""
    y, start, end = stroke
    found = [
        (x0, x1, index)
        for x0, top, x1, bottom, index in letters
        if top + MIDDLE[0] * (bottom - top) < y < top + MIDDLE[1] * (bottom - top) and start <= (x0 + x1) / 2 <= end
    ]
    if not found or start < min(found)[0] - BESIDE or end > max(x1 for _, x1, _ in found) + BESIDE:
        return set()
    return {index for _, _, index in found}
