"""Which way up a page lies: the way in which a network reads its lines most surely."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from extract.readers.scan_parts.ink import Ink, ink_of
from extract.readers.scan_parts.page_images import PageImage
from extract.readers.scan_parts.prose import Box, line_boxes
from extract.readers.scan_parts.recognisers import recogniser
from extract.readers.scan_parts.straighten import Upright, straighten

NETWORK = "tiny"
MOST_LINES, FEWEST_LINES = 6, 4
FEWEST_GLYPHS = 12
SHORTEST, LONGEST = 3.0, 22.0  # of their height: lines worth a look
SURE, PLAINLY_BETTER = 0.85, 0.05
CHINESE = re.compile("[\u4e00-\u9fff]")


class Laid(NamedTuple):
    """A page as it lies now, straightened, with its ink."""

    page: PageImage
    upright: Upright
    ink: Ink


def faced(page: PageImage, turns: int) -> Laid:
    """The page straightened and turned so that it can be read; `turns` quarters, as the page before it lay, are tried first."""
    best = laid(page, turns)
    sureness = sure_of(best)
    if sureness >= SURE or len(best.ink.glyphs) < FEWEST_GLYPHS:
        return best
    for other in (0, 2, 1, 3):
        if other != turns:
            candidate = laid(page, other)
            found = sure_of(candidate)
            if found > sureness + PLAINLY_BETTER:
                best, sureness = candidate, found
            if sureness >= SURE:
                break
    return best


def laid(page: PageImage, turns: int) -> Laid:
    """The page turned by so many quarters, straightened."""
    turned = page.turned(turns)
    upright = straighten(turned)
    return Laid(turned, upright, ink_of(upright.paper, upright.dpi))


def sure_of(lying: Laid) -> float:
    """How surely a few lines of a page are read, 0 to 1, lines without words counting half; 0 where there are no lines."""
    ink, paper = lying.ink, lying.upright.paper
    boxes = line_boxes(np.concatenate([ink.glyphs, ink.strokes]), [], paper.shape, lying.upright.dpi)
    worth = [box for box in boxes if SHORTEST <= (box[2] - box[0]) / max(box[3] - box[1], 1) <= LONGEST]
    if not worth:
        return 0.0
    worth = worth[:: max(1, len(worth) // MOST_LINES)][:MOST_LINES]
    readings = recogniser(NETWORK).read([strip(paper, box) for box in worth])
    sure = [one.average * (1.0 if len(CHINESE.findall(one.text)) >= 2 else 0.5) for one in readings]
    return float(sum(sure) / max(len(sure), FEWEST_LINES))


def strip(paper: np.ndarray, box: Box) -> np.ndarray:
    """The picture of a line with a little paper around it."""
    left, top, right, bottom = box
    pad = 0.18 * (bottom - top)
    return paper[max(0, int(top - pad)) : int(bottom + pad) + 1, max(0, int(left - pad)) : int(right + pad) + 1]
