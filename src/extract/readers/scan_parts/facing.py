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
SHORTEST, LONGEST = 3.0, 16.0  # of their height: lines worth a look, and how much of them is looked at
SURE, PLENTY = 0.85, 36
PLAINLY_SURER, PLAINLY_MORE = 0.05, 1.3
LEAST_READ, WELL_READ = 0.5, 0.8  # a line read less surely is guessed, as lines of a page on its side are
CHINESE = re.compile("[\u4e01-\u9fff]")  # but for 一, which any stroke may be


class Laid(NamedTuple):
    """A page as it lies now, straightened, with its ink."""

    page: PageImage
    upright: Upright
    ink: Ink


def faced(page: PageImage, turns: int) -> Laid:
    """The page straightened and turned so that it can be read; `turns` quarters, as the page before it lay, are tried first."""
    best = laid(page, turns)
    sure, words = legible(best)
    if (sure >= SURE and words >= PLENTY) or len(best.ink.glyphs) < FEWEST_GLYPHS:
        return best
    for other in (0, 2, 1, 3):
        if other != turns:
            candidate = laid(page, other)
            found_sure, found_words = legible(candidate)
            surer = found_sure > sure + PLAINLY_SURER and found_words >= words
            if surer or found_words > PLAINLY_MORE * words + FEWEST_LINES:
                best, sure, words = candidate, found_sure, found_words
            if sure >= SURE and words >= PLENTY:
                break
    return best


def laid(page: PageImage, turns: int) -> Laid:
    """The page turned by so many quarters, straightened."""
    turned = page.turned(turns)
    upright = straighten(turned)
    return Laid(turned, upright, ink_of(upright.paper, upright.dpi))


def legible(lying: Laid) -> tuple[float, float]:
    """How surely the longest lines of a page are read, 0 to 1, lines without words counting half, and how many characters in all.

    The characters tell more: a page on its side has lines too, of a few characters that stand one below the other by chance.
    """
    ink, paper = lying.ink, lying.upright.paper
    boxes = line_boxes(np.concatenate([ink.glyphs, ink.strokes]), [], paper.shape, lying.upright.dpi)
    lengths = [(box[2] - box[0]) / max(box[3] - box[1], 1) for box in boxes]
    longest = sorted(range(len(boxes)), key=lambda index: -lengths[index])[:MOST_LINES]
    worth = [boxes[index] for index in longest if lengths[index] >= SHORTEST]
    if not worth:
        return 0.0, 0.0
    readings = recogniser(NETWORK).read([strip(paper, box) for box in worth])
    words = [weight_of(one.average) * len(CHINESE.findall(one.text)) for one in readings]
    sure = [one.average * (1.0 if many >= 2 else 0.5) for one, many in zip(readings, words, strict=True)]
    return float(sum(sure) / max(len(sure), FEWEST_LINES)), float(sum(words))


def weight_of(average: float) -> float:
    """What a character counts of a line read so surely on average: nothing where the network guesses."""
    return average * min(1.0, max(0.0, (average - LEAST_READ) / (WELL_READ - LEAST_READ)))


def strip(paper: np.ndarray, box: Box) -> np.ndarray:
    """The picture of a line's beginning with a little paper around it."""
    left, top, right, bottom = box
    right = min(right, left + LONGEST * (bottom - top))
    pad = 0.18 * (bottom - top)
    return paper[max(0, int(top - pad)) : int(bottom + pad) + 1, max(0, int(left - pad)) : int(right + pad) + 1]
