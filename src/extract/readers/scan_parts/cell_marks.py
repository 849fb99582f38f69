"""The marks within one cell: what is ink of its own, what is left over from rules and specks, and in which lines it stands."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from extract.readers.scan_parts.ink import DARK_BELOW
from extract.readers.scan_parts.strokes import (
    DASH_FLATNESS,
    DASH_WIDTH_INCHES,
    digit_by_shape,
    parts_missing,
    stroke_shape,
)

Line = tuple[int, int, int, int]
WORN = "a stroke or a worn digit"
INSET_INCHES = 0.014
RESIDUE_INCHES = 0.022
EDGE_STEP_INCHES, TRIES_AT_EDGE = 0.005, 2
RUN_INCHES, LEAST_RUN_INCHES, RUN_SHARE = 0.2, 0.13, 0.55  # longer than a character's strokes, or of the cell's side
NEAR_INCHES, HIGHEST_LINE_INCHES = 0.03, 0.15
GLYPH_INCHES = 0.045
OVERRUN_INCHES = 0.068  # a digit that runs over the cell's edge is taller
DOT_INCHES = 0.012
LINE_GAP_INCHES = 0.012
THIN_LINE_INCHES = 0.06
DASH_FILL = 0.55
POINT_REACH = 0.7  # of the height of the digits: how far a point stands from them
LOST_DASH_INCHES = 0.018
SOLID_INCHES = 0.03  # beside a whole character smaller pieces are its parts or specks, never characters themselves
PARTS_INCHES = 0.018  # parts of one broken glyph are no farther apart
LEAST_GLYPH_AREA = 0.00035  # square inches
PAD_ABOVE, PAD_BESIDE = 0.14, 0.22
FAINT_BELOW = 215
FRINGE_ABOVE = 140  # of 255: paler ink at an edge is the blur of a stroke within


@dataclass(slots=True)
class Marks:
    """The marks of a cell. `paper` is the cell's own grey image, specks and rules painted over; `lines` are boxes (left, top, right, bottom)
    within it; `shape` is '/' or '-' where the one mark is one by its shape; `leans` tells a single stroke between a slash and a one;
    `doubt` says why the marks are distrusted.

    `whole` is the grey image with nothing but rules painted over, `whole_line` the box of its one line with the small pieces around it, and
    `trimmed` the share of the ink within that box which `paper` lacks: specks, or parts of worn characters. `like` is the digit that the
    one mark is by its shape, "" where it is none for sure.
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
    reached, paper = np.zeros(4, bool), marks.paper
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
    labels, stats = pieces_without_residue(paper, dpi)
    if len(stats) == 1:
        marks.doubt = "faint mark" if faint(paper, dpi) else ""
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
        marks.doubt = "faint mark" if faint(paper, dpi) else ""
        return marks
    if lost_sign(stats, glyph, drop, dpi):
        marks.doubt = marks.doubt or "a mark before the number"
    if edges_reached(marks).any():
        marks.doubt = "ink runs over the cell's edge"
    marks.lines = text_lines(stats[glyph], stats[dot], dpi)
    if len(marks.lines) == 1:
        marks.whole_line, marks.trimmed = whole_line(marks.lines[0], stats, drop, dpi)
    marks.shape, marks.leans = stroke_shape(marks.glyphs, len(marks.lines), labels, np.nonzero(glyph)[0], dpi)
    if marks.shape and parts_missing(stats, glyph):
        marks.doubt = marks.doubt or WORN
    if len(marks.glyphs) == 1 and not marks.shape and not marks.trimmed:
        left, top, width, height = marks.glyphs[0][:4]
        marks.like = digit_by_shape(labels[top : top + height, left : left + width] == np.nonzero(glyph)[0][0])
    return marks


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
    x, y = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    inside = (x >= left) & (x < right) & (y >= top) & (y < bottom)
    ink = stats[inside, cv2.CC_STAT_AREA].sum()
    return (left, top, right, bottom), float(stats[inside & drop, cv2.CC_STAT_AREA].sum() / max(ink, 1))


def peel(paper: np.ndarray, dpi: float) -> None:
    """Paint over what thick rules left along the edges of a cell: lines of pixels, edge by edge, of which long runs are dark."""
    for turn in range(4):
        side = np.rot90(paper, turn)
        least = min(RUN_INCHES * dpi, max(LEAST_RUN_INCHES * dpi, RUN_SHARE * side.shape[1]))
        for row in side[: round(RESIDUE_INCHES * dpi)]:
            dark = (row < DARK_BELOW).astype(np.uint8)[None, :]
            closed = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((1, 5), np.uint8))[0]
            edges = np.flatnonzero(np.diff(np.concatenate([[0], closed.astype(np.int8), [0]])))
            long = [(start, stop) for start, stop in edges.reshape(-1, 2) if stop - start >= least]
            if not long:
                break
            for start, stop in long:
                row[start:stop] = 255


def pieces_without_residue(paper: np.ndarray, dpi: float) -> tuple[np.ndarray, np.ndarray]:
    """The pieces of ink in a cell, parts of a broken glyph taken as one, what is left of rules painted over.

    Returns labels (int32, the cell's shape) and OpenCV's statistics (n, 5), the area counted in dark pixels.
    """
    dark = np.where(paper < DARK_BELOW, np.uint8(255), np.uint8(0))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8, ltype=cv2.CV_32S)
    residue = rule_residue(stats, paper.shape, dpi)
    if residue.any():
        erase(paper, labels, residue)
        dark[residue[labels]] = 0
    longest = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    longest[0] = 0
    longest[residue] = 0
    solid = longest >= (SOLID_INCHES if (longest >= GLYPH_INCHES * dpi).any() else 0.0) * dpi
    solid[0] = False
    firm = np.where(solid[labels] & (dark > 0), np.uint8(255), np.uint8(0))
    reach = 1 + 2 * round(PARTS_INCHES * dpi / 2)
    count, grouped = cv2.connectedComponents(
        cv2.dilate(firm, np.ones((reach, reach), np.uint8)), connectivity=8, ltype=cv2.CV_32S
    )
    grouped[dark == 0] = 0
    loose = np.where((dark > 0) & (grouped == 0), np.uint8(255), np.uint8(0))
    more, apart = cv2.connectedComponents(loose, connectivity=8, ltype=cv2.CV_32S)
    labels = np.where(apart > 0, apart + count - 1, grouped)
    return labels, statistics(labels, count + more - 1)


def statistics(labels: np.ndarray, count: int) -> np.ndarray:
    """Left, top, width, height and area of each label, int (count, 5); the paper's own row (0) is all zeros."""
    ys, xs = np.nonzero(labels)
    which = labels[ys, xs]
    low_x, low_y = np.full(count, labels.shape[1]), np.full(count, labels.shape[0])
    high_x, high_y = np.zeros(count, int), np.zeros(count, int)
    np.minimum.at(low_x, which, xs)
    np.minimum.at(low_y, which, ys)
    np.maximum.at(high_x, which, xs + 1)
    np.maximum.at(high_y, which, ys + 1)
    stats = np.stack([low_x, low_y, high_x - low_x, high_y - low_y, np.bincount(which, minlength=count)], axis=1)
    stats[0] = 0
    return stats


def rule_residue(stats: np.ndarray, shape: tuple[int, ...], dpi: float) -> np.ndarray:
    """Which pieces are left over from the rules around the cell: at its edge and no thicker than a rule, or wholly within a rule's reach (bool)."""
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    at_side = (left == 0) | (left + wide == shape[1])
    at_end = (top == 0) | (top + high == shape[0])
    thin = RESIDUE_INCHES * dpi
    small = np.maximum(wide, high) < OVERRUN_INCHES * dpi
    residue = (at_side & (wide <= thin)) | (at_end & (high <= thin)) | ((at_side | at_end) & small)
    residue |= (left + wide <= thin) | (left >= shape[1] - thin) | (top + high <= thin) | (top >= shape[0] - thin)
    residue[0] = False
    return residue


def glyphs_and_dots(stats: np.ndarray, dpi: float) -> tuple[np.ndarray, np.ndarray]:
    """Which pieces are as large as a character or a dash, and which are smaller and may be points (bool arrays)."""
    wide, high, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    flat = (wide >= DASH_WIDTH_INCHES * dpi) & (wide >= DASH_FLATNESS * high) & (area >= DASH_FILL * wide * high)
    glyph = ((np.maximum(wide, high) >= GLYPH_INCHES * dpi) & (area >= LEAST_GLYPH_AREA * dpi * dpi)) | flat
    dot = ~glyph & (area >= 2)
    glyph[0] = dot[0] = False
    return glyph, dot


def broken_glyph(stats: np.ndarray, dpi: float) -> np.ndarray:
    """Which pieces, each too small for a character, stand together as a worn character would (bool); a cell of mere specks has none."""
    area = stats[:, cv2.CC_STAT_AREA]
    x = stats[:, cv2.CC_STAT_LEFT] + stats[:, cv2.CC_STAT_WIDTH] / 2
    y = stats[:, cv2.CC_STAT_TOP] + stats[:, cv2.CC_STAT_HEIGHT] / 2
    reach = 0.06 * dpi
    near = (np.abs(x[:, None] - x) < reach) & (np.abs(y[:, None] - y) < reach) & (area > 2) & (area > 2)[:, None]
    near[0] = near[:, 0] = False
    together = (near * area).sum(axis=1)
    heart = int(together.argmax())
    many = near[heart].sum() >= 2 and together[heart] >= LEAST_GLYPH_AREA * dpi * dpi
    return near[heart] if many else np.zeros(len(stats), bool)


def lost_sign(stats: np.ndarray, glyph: np.ndarray, drop: np.ndarray, dpi: float) -> bool:
    """Whether a piece taken for a speck stands where a worn minus would: just before the first glyph, at half its height."""
    boxes = stats[glyph]
    first = boxes[boxes[:, cv2.CC_STAT_LEFT].argmin()]
    left, top, _, height = first[:4]
    x = stats[:, cv2.CC_STAT_LEFT] + stats[:, cv2.CC_STAT_WIDTH]
    y = stats[:, cv2.CC_STAT_TOP] + stats[:, cv2.CC_STAT_HEIGHT] / 2
    before = (x <= left) & (x > left - 0.09 * dpi) & (np.abs(y - top - 0.55 * height) < 0.2 * height)
    wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    return bool((drop & before & (wide >= LOST_DASH_INCHES * dpi) & (wide >= 1.3 * high)).any())


def near_text(stats: np.ndarray, glyph: np.ndarray, dot: np.ndarray, dpi: float) -> np.ndarray:
    """Of the small pieces those that belong to the text: any at its foot between two glyphs, larger ones beside or within it.

    All others are specks. A point of a 9-point number at 200 dpi is two pixels wide, as specks are: only its place tells it from them.
    """
    if not glyph.any() or not dot.any():
        return np.zeros_like(dot)
    boxes = stats[glyph]
    left, top = boxes[:, cv2.CC_STAT_LEFT], boxes[:, cv2.CC_STAT_TOP]
    right, bottom = left + boxes[:, cv2.CC_STAT_WIDTH], top + boxes[:, cv2.CC_STAT_HEIGHT]
    x = stats[:, cv2.CC_STAT_LEFT] + stats[:, cv2.CC_STAT_WIDTH] / 2
    y = stats[:, cv2.CC_STAT_TOP] + stats[:, cv2.CC_STAT_HEIGHT] / 2
    reach = 0.05 * dpi
    beside = (
        (x[:, None] > left - reach)
        & (x[:, None] < right + reach)
        & (y[:, None] >= top)
        & (y[:, None] <= bottom + reach / 2)
    )
    large = np.minimum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) >= DOT_INCHES * dpi
    at_foot = (y[:, None] > bottom - 0.3 * (bottom - top)) & (y[:, None] <= bottom + reach / 2)
    step = POINT_REACH * (bottom - top)
    after = ((x[:, None] >= right - 1) & (x[:, None] < right + step) & at_foot).any(axis=1)
    before = ((x[:, None] <= left + 1) & (x[:, None] > left - step) & at_foot).any(axis=1)
    within = (x > left.min()) & (x < right.max())
    return dot & within & ((beside.any(axis=1) & large) | (after & before))


def erase(paper: np.ndarray, labels: np.ndarray, drop: np.ndarray) -> None:
    """Paint the dropped pieces, and the grey fringe around them, the colour of paper; other pieces keep their fringe."""
    dropped = drop[labels].astype(np.uint8)
    kept = ((labels > 0) & (dropped == 0)).astype(np.uint8)
    fringe = cv2.subtract(cv2.dilate(dropped, np.ones((5, 5), np.uint8)), cv2.dilate(kept, np.ones((3, 3), np.uint8)))
    paper[(fringe > 0) | (dropped > 0)] = 255


def faint(paper: np.ndarray, dpi: float) -> bool:
    """Whether a cell without glyphs still shows something as large as one, greyer than paper."""
    margin = round(0.03 * dpi)
    inner = paper[margin:-margin, margin:-margin]
    if min(inner.shape, default=0) < 4:
        return False
    grey = np.where(cv2.blur(inner, (3, 3)) < FAINT_BELOW, np.uint8(255), np.uint8(0))
    _, _, stats, _ = cv2.connectedComponentsWithStats(grey, connectivity=8)
    return bool((np.maximum(stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]) >= GLYPH_INCHES * dpi).any())


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
