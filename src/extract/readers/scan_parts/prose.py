"""What stands around the tables: lines of text, read by one network, set into paragraphs by their indents and lengths."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from extract.readers.scan_parts.recognisers import recogniser

NETWORK = "tiny"
LEAST_LINE_INCHES, LARGEST_LINE_INCHES = 0.055, 0.6
GLYPH_INCHES = 0.04
SAME_LINE_SHARE = 0.5
SPLIT_GAP_INCHES = 1.2
PAD_SHARE = 0.18
TITLE_SIZE = 1.18
MARGIN_SHARE = 0.09
PAGE_NUMBER = re.compile(r"[-—–－−一_·•.\s第]*[\d¹²³]{1,3}[-—–－−一_·•.\s页]*")
HEADING = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[）)]?[、.．]|[（(][一二三四五六七八九十]{1,3}[）)]")

Box = tuple[float, float, float, float]


class Line(NamedTuple):
    """A line of text on a straightened page: its box in pixels and what was read."""

    box: Box
    text: str


class Passage(NamedTuple):
    """One paragraph: the lines' text joined, the box around them, its role as in `extract.document.Paragraph`."""

    text: str
    box: Box
    role: str


def line_boxes(glyphs: np.ndarray, tables: list[Box], shape: tuple[int, ...], dpi: float) -> list[Box]:
    """Boxes of the text lines outside the tables, top to bottom. `glyphs` is int (n, 5): left, top, right, bottom, area."""
    left, top, right, bottom = (glyphs[:, column].astype(float) for column in range(4))
    high, wide = bottom - top, right - left
    least = GLYPH_INCHES * dpi
    mine = (
        ((high >= least) | (wide >= least))
        & (high <= LARGEST_LINE_INCHES * dpi)
        & (wide <= 3 * LARGEST_LINE_INCHES * dpi)
    )
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    for box in tables:
        edge = 0.05 * dpi
        inside = (
            (middle_x > box[0] - edge)
            & (middle_x < box[2] + edge)
            & (middle_y > box[1] - edge)
            & (middle_y < box[3] + edge)
        )
        mine &= ~inside
    rows = np.zeros(shape[0] + 1)
    for start, end in zip(top[mine].astype(int), bottom[mine].astype(int), strict=True):
        rows[start:end] += 1
    boxes = []
    for start, end in bands(rows > 0):
        here = mine & (middle_y >= start) & (middle_y <= end)
        if end - start < LEAST_LINE_INCHES * dpi or here.sum() < 1:
            continue
        boxes += split_line(np.stack([left[here], top[here], right[here], bottom[here]], axis=1), dpi)
    return boxes


def bands(flags: np.ndarray) -> list[tuple[int, int]]:
    """Start and end of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def split_line(pieces: np.ndarray, dpi: float) -> list[Box]:
    """The texts of one band, left to right: parted where nothing stands for more than `SPLIT_GAP_INCHES`; specks alone are dropped."""
    pieces = pieces[np.argsort(pieces[:, 0])]
    reached = np.maximum.accumulate(pieces[:, 2])
    parts = np.split(pieces, np.flatnonzero(pieces[1:, 0] - reached[:-1] > SPLIT_GAP_INCHES * dpi) + 1)
    boxes = []
    for part in parts:
        box = (float(part[:, 0].min()), float(part[:, 1].min()), float(part[:, 2].max()), float(part[:, 3].max()))
        if box[3] - box[1] >= LEAST_LINE_INCHES * dpi and (len(part) > 1 or box[2] - box[0] > LEAST_LINE_INCHES * dpi):
            boxes.append(box)
    return boxes


def read_lines(paper: np.ndarray, boxes: list[Box]) -> list[Line]:
    """Read the lines of an evened page; lines in which nothing was read are left out."""
    strips = []
    for left, top, right, bottom in boxes:
        pad = PAD_SHARE * (bottom - top)
        rows = slice(max(0, int(top - pad)), int(bottom + pad) + 1)
        columns = slice(max(0, int(left - 1.5 * pad)), int(right + 1.5 * pad) + 1)
        strips.append(paper[rows, columns])
    readings = recogniser(NETWORK).read(strips)
    return [Line(box, reading.text) for box, reading in zip(boxes, readings, strict=True) if reading.text]


def passages(lines: list[Line], shape: tuple[int, ...], first_page: bool) -> list[Passage]:
    """Set lines into paragraphs: a line begins one where it is indented or larger, or the line before ended short."""
    if not lines:
        return []
    margin = MARGIN_SHARE * shape[0]
    body = [line for line in lines if not is_page_number(line, shape[0], margin)]
    size = float(np.median([line.box[3] - line.box[1] for line in body])) if body else 0.0
    left = float(np.percentile([line.box[0] for line in body], 10)) if body else 0.0
    right = float(np.percentile([line.box[2] for line in body], 90)) if body else 0.0
    found: list[Passage] = []
    title_open = first_page
    for line in lines:
        if is_page_number(line, shape[0], margin):
            found.append(Passage(line.text, line.box, "furniture"))
            continue
        large = line.box[3] - line.box[1] >= TITLE_SIZE * size
        centred = abs((line.box[0] + line.box[2]) / 2 - shape[1] / 2) < 0.06 * shape[1]
        title = title_open and large and centred and line.box[1] < 0.45 * shape[0]
        title_open = title_open and (title or not any(one.role == "title" for one in found))
        role = "title" if title else "body"
        last = found[-1] if found else None
        if last is not None and last.role == role and continues(last, line, left, right, size, title):
            box = (min(last.box[0], line.box[0]), last.box[1], max(last.box[2], line.box[2]), line.box[3])
            found[-1] = Passage(together(last.text, line.text), box, role)
        else:
            found.append(Passage(line.text, line.box, role))
    return found


def continues(last: Passage, line: Line, left: float, right: float, size: float, title: bool) -> bool:
    """Whether a line goes on with the paragraph before it."""
    gap = line.box[1] - last.box[3]
    if title:
        return gap < 2.5 * size
    indented = line.box[0] > left + 1.2 * size
    full = last.box[2] > right - 2.2 * size
    return gap < 2.2 * size and not indented and full and not HEADING.match(line.text)


def is_page_number(line: Line, height: int, margin: float) -> bool:
    """Whether a line in the upper or lower margin is a page number."""
    return (line.box[3] < margin or line.box[1] > height - margin) and bool(PAGE_NUMBER.fullmatch(line.text))


def together(before: str, after: str) -> str:
    """Two lines of one paragraph as one: a space only between Latin words."""
    apart = before[-1:].isascii() and after[:1].isascii() and before[-1:].isalpha() and after[:1].isalpha()
    return before + (" " if apart else "") + after
