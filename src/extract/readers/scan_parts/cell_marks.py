"""The marks within one cell: what is ink of its own, what is left over from rules and specks, and in which lines it stands."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from extract.readers.scan_parts.pieces import (
    broken_glyph,
    crumbs,
    cut_by_edge,
    erase,
    faint,
    glyphs_and_dots,
    lost_sign,
    near_text,
    peel,
    pieces_without_residue,
)
from extract.readers.scan_parts.strokes import digit_by_shape, parts_missing, stroke_shape

Line = tuple[int, int, int, int]
WORN = "a stroke or a worn digit"
INSET_INCHES = 0.014
EDGE_STEP_INCHES, TRIES_AT_EDGE = 0.005, 2
NEAR_INCHES, HIGHEST_LINE_INCHES = 0.03, 0.15
FALLEN_REACH, FALLEN_SPREAD, FALLEN_INK, MOST_FALLEN = 0.95, 0.45, 0.04, 2  # of the line's height; characters
LINE_GAP_INCHES = 0.012
THIN_LINE_INCHES = 0.06
PAD_ABOVE, PAD_BESIDE = 0.14, 0.22
MOST_TRIMMED = 0.25  # of the ink in a line: a dash or slash among so much else is the rest of a broken digit
CUT_WITHIN = 0.8  # of its height
FRINGE_ABOVE = 140  # of 255: paler ink at an edge is the blur of a stroke within


@dataclass(slots=True)
class Marks:
    """The marks of a cell. `paper` is the cell's own grey image, specks and rules painted over; `lines` are boxes (left, top, right, bottom)
    within it; `shape` is '/' or '-' where the one mark is one by its shape; `leans` tells a single stroke between a slash and a one;
    `doubt` says why the marks are distrusted.

    `whole` is the grey image with nothing but rules painted over, `whole_line` the box of its one line with the small pieces around it, and
    `trimmed` the share of the ink within that box which `paper` lacks: specks, or parts of worn characters. `like` is the digit that the
    one mark is by its shape, "" where it is none for sure; `cut` at which sides (left, top, right, bottom) stands what may be half a digit.
    """

    paper: np.ndarray
    lines: list[Line] = field(default_factory=list)
    glyphs: list[np.ndarray] = field(default_factory=list)
    shape: str = ""
    doubt: str = ""
    leans: bool = False
    whole: np.ndarray | None = None
    whole_line: Line | None = None
    trimmed: float = 0.0
    like: str = ""
    cut: np.ndarray = field(default_factory=lambda: np.zeros(4, bool))

    def strip(self, line: int) -> np.ndarray:
        """The picture of one line, with a little paper around it: where it is the only one, with the small pieces around it."""
        if self.whole is not None and self.whole_line is not None:
            return framed(self.whole, self.whole_line)
        return framed(self.paper, self.lines[line])

    def cleaned_strip(self) -> np.ndarray:
        """The picture of the only line without the small pieces around it."""
        return framed(self.paper, self.lines[0])


def framed(paper: np.ndarray, line: Line) -> np.ndarray:
    """A line cut out with a little paper around it."""
    left, top, right, bottom = line
    above = max(2, round(PAD_ABOVE * (bottom - top)))
    beside = max(2, round(PAD_BESIDE * (bottom - top)))
    padded = cv2.copyMakeBorder(paper, above, above, beside, beside, cv2.BORDER_CONSTANT, value=255)
    return padded[top : bottom + 2 * above, left : right + 2 * beside]


def marks_of(page: np.ndarray, quad: tuple[float, float, float, float], dpi: float) -> Marks:
    """The marks inside a cell of an evened page (uint8), `quad` its rules: left, top, right, bottom.

    A character that stands close to a rule is looked at again with less of the cell cut off at that side.
    """
    inset = np.full(4, INSET_INCHES * dpi)
    marks = marks_within(page, quad, inset, dpi)
    for _ in range(TRIES_AT_EDGE):
        at_edge = edges_reached(marks)
        if not at_edge.any():
            return marks
        inset = inset - at_edge * max(1.0, EDGE_STEP_INCHES * dpi)
        nearer = marks_within(page, quad, inset, dpi)
        if nearer.glyphs and not edges_reached(nearer).any():
            return nearer
    return marks


def edges_reached(marks: Marks) -> np.ndarray:
    """At which sides (bool: left, top, right, bottom) a glyph is cut off by the edge of the cell's picture: by more than its pale fringe."""
    reached, paper = marks.cut.copy(), marks.paper
    for left, top, width, height in [box[:4] for box in marks.glyphs]:
        rows, columns = slice(top, top + height), slice(left, left + width)
        at = [left == 0, top == 0, left + width == paper.shape[1], top + height == paper.shape[0]]
        edges = [paper[rows, 0], paper[0, columns], paper[rows, -1], paper[-1, columns]]
        reached |= np.array(at) & [bool((edge < FRINGE_ABOVE).any()) for edge in edges]
    return reached


def marks_within(page: np.ndarray, quad: tuple[float, float, float, float], inset: np.ndarray, dpi: float) -> Marks:
    """The marks of a cell of which so much is cut off at each side (float: left, top, right, bottom)."""
    left, top = round(quad[0] + inset[0]), round(quad[1] + inset[1])
    right, bottom = round(quad[2] - inset[2]), round(quad[3] - inset[3])
    if right - left < 3 or bottom - top < 3:
        return Marks(np.full((3, 3), 255, np.uint8))
    paper = page[max(top, 0) : bottom, max(left, 0) : right].copy()
    if paper.size == 0:
        return Marks(np.full((3, 3), 255, np.uint8))
    peel(paper, dpi)
    marks = Marks(paper)
    cut = cut_by_edge(paper, dpi)
    labels, stats = pieces_without_residue(paper, dpi)
    if len(stats) == 1:
        marks.doubt = "faint mark" if faint(paper, dpi) else "half a character at the cell's edge" if len(cut) else ""
        return marks
    glyph, dot = glyphs_and_dots(stats, dpi)
    if not glyph.any():
        broken = broken_glyph(stats, dpi)
        if broken.any():
            glyph, marks.doubt = broken, "broken mark"
    dot = near_text(stats, glyph, dot & ~glyph, dpi)
    drop = ~(glyph | dot)
    drop[0] = False
    marks.whole = paper.copy()
    if drop.any():
        erase(paper, labels, drop)
    marks.glyphs = [stats[index] for index in np.nonzero(glyph)[0]]
    if not marks.glyphs:
        marks.doubt = "faint mark" if faint(paper, dpi) else "specks or a faded number" if crumbs(stats, dpi) else ""
        return marks
    if lost_sign(stats, glyph, drop, dpi):
        marks.doubt = marks.doubt or "a mark before the number"
    marks.lines = text_lines(stats[glyph], stats[dot], dpi)
    marks.cut = cut_beside_text(cut, marks)
    if edges_reached(marks).any():
        marks.doubt = "ink runs over the cell's edge"
    if len(marks.lines) == 1:
        marks.whole_line, marks.trimmed = whole_line(marks.lines[0], stats, drop, dpi)
    marks.shape, marks.leans = stroke_shape(marks.glyphs, len(marks.lines), labels, np.nonzero(glyph)[0], dpi)
    if marks.shape and (marks.trimmed > MOST_TRIMMED or parts_missing(stats, glyph)):
        marks.doubt = marks.doubt or WORN
    if len(marks.glyphs) == 1 and not marks.shape and not marks.trimmed:
        left, top, width, height = marks.glyphs[0][:4]
        marks.like = digit_by_shape(labels[top : top + height, left : left + width] == np.nonzero(glyph)[0][0])
    return marks


def cut_beside_text(cut: np.ndarray, marks: Marks) -> np.ndarray:
    """At which sides (bool: left, top, right, bottom) ink cut by the cell's edge (boxes) goes on the only line of the cell, but in no glyph."""
    sides = np.zeros(4, bool)
    if len(marks.lines) != 1:
        return sides
    first, above, last, below = marks.lines[0]
    for left, top, width, height in cut.tolist():
        within = min(top + height, below) - max(top, above) >= CUT_WITHIN * height
        apart = max(first - left - width, left - last)
        if within and 0 <= apart <= below - above:
            sides |= np.array([left == 0, False, left + width == marks.paper.shape[1], False])
    return sides


def whole_line(line: Line, stats: np.ndarray, drop: np.ndarray, dpi: float) -> tuple[Line, float]:
    """A line's box with the small pieces close by, no higher than a line is; and the share of dropped ink in it."""
    left, top, right, bottom = line
    near, highest = NEAR_INCHES * dpi, max(HIGHEST_LINE_INCHES * dpi, bottom - top)
    small = stats[drop & (stats[:, cv2.CC_STAT_AREA] >= 2)]
    for _ in range(4):
        for x, y, width, height in small[:, :4].tolist():
            close = x <= right + near and x + width >= left - near and y <= bottom + near and y + height >= top - near
            if close and max(bottom, y + height) - min(top, y) <= highest:
                left, top = min(left, x), min(top, y)
                right, bottom = max(right, x + width), max(bottom, y + height)
    left, right = fallen_to_pieces((left, top, right, bottom), small)
    x, y = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    inside = (x >= left) & (x < right) & (y >= top) & (y < bottom)
    ink = stats[inside, cv2.CC_STAT_AREA].sum()
    return (left, top, right, bottom), float(stats[inside & drop, cv2.CC_STAT_AREA].sum() / max(ink, 1))


def fallen_to_pieces(line: Line, small: np.ndarray) -> tuple[int, int]:
    """Left and right of a line, moved out over a whole character that lies beside it in small pieces one above the other."""
    left, top, right, bottom = line
    height = bottom - top
    for _ in range(MOST_FALLEN):
        x, y = small[:, 0] + small[:, 2] / 2, small[:, 1] + small[:, 3] / 2
        beside = (y > top) & (y < bottom) & (x > left - FALLEN_REACH * height) & (x < right + FALLEN_REACH * height)
        for stack in (beside & (x < left), beside & (x > right)):
            spread = np.ptp(y[stack]) if stack.any() else 0.0
            if spread >= FALLEN_SPREAD * height and small[stack, 4].sum() >= FALLEN_INK * height * height:
                left, right = (
                    min(left, int(small[stack, 0].min())),
                    max(right, int((small[stack, 0] + small[stack, 2]).max())),
                )
    return left, right


def text_lines(glyphs: np.ndarray, dots: np.ndarray, dpi: float) -> list[Line]:
    """The lines of text of a cell as boxes, top to bottom: glyphs whose heights overlap, thin lines joined to the nearest."""
    order = np.argsort(glyphs[:, cv2.CC_STAT_TOP])
    lines: list[list[int]] = []
    for left, top, width, height in glyphs[order, :4].tolist():
        if lines and top < lines[-1][3] + LINE_GAP_INCHES * dpi:
            line = lines[-1]
            line[0], line[2], line[3] = min(line[0], left), max(line[2], left + width), max(line[3], top + height)
        else:
            lines.append([left, top, left + width, top + height])
    joined: list[list[int]] = []
    thin = THIN_LINE_INCHES * dpi
    for line in lines:
        last = joined[-1] if joined else None
        if last is not None and line[1] - last[3] < thin and (line[3] - line[1] < thin or last[3] - last[1] < thin):
            last[0], last[2], last[3] = min(last[0], line[0]), max(last[2], line[2]), max(last[3], line[3])
        else:
            joined.append(line)
    for left, top, width, height in dots[:, :4].tolist():
        nearest = min(joined, key=lambda line: max(line[1] - top, top + height - line[3], 0))
        nearest[0], nearest[2] = min(nearest[0], left), max(nearest[2], left + width)
    return [(line[0], line[1], line[2], line[3]) for line in joined]
