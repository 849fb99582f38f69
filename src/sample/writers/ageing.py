"""What paper, copier and scanner do to a printed sheet. Every effect is a function of pixels and of a random generator.

Grey images are float32 (height, width), 0 black and 255 white; coloured ones have a third axis of three. Lengths in inches.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Pixels = NDArray[np.float32]
Mask = NDArray[np.bool_]


class Machine(NamedTuple):
    """One pass over the glass. `skew` in degrees; `blur` the deviation of the lens in inches; `noise`, `shading` in greys;
    `paper` the grey of the paper; `ink` the grey of full black; `bow` how far lines bend, in inches."""

    dots: int
    skew: float
    blur: float
    noise: float
    shading: float
    paper: float
    ink: float
    bow: float
    lid: bool
    fold: bool
    quality: int


def machine(mode: str, rng: np.random.Generator) -> Machine:
    """The machine of a mode: `clean`, `degraded` or `photocopy`."""
    dots = {"clean": int(rng.choice([200, 240, 300])), "degraded": 150, "photocopy": int(rng.choice([200, 200, 300]))}
    steepest = {"clean": 0.7, "degraded": 2.0, "photocopy": 1.0}[mode]
    return Machine(
        dots=dots[mode],
        skew=float(rng.uniform(-steepest, steepest)),
        blur=float(rng.uniform(0.0012, 0.0034)),
        noise=float(rng.uniform(1, 5) if mode == "clean" else rng.uniform(6, 10)),
        shading=float({"clean": rng.uniform(0, 5), "degraded": rng.uniform(6, 14), "photocopy": 5.0}[mode]),
        paper=float(rng.uniform(228, 255)),
        ink=float(rng.uniform(0, 55)),
        bow=float(rng.choice([0.0, 0.0, 0.006])),
        lid=bool(rng.random() < 0.15),
        fold=bool(rng.random() < 0.15),
        quality=30 if mode == "degraded" else int(rng.integers(60, 92)),
    )


def scanned(sheet: Image.Image, through: Machine, rng: np.random.Generator) -> Image.Image:
    """One sheet through one machine: turned, bent, blurred, its contrast, light and noise."""
    fill = 255 if sheet.mode == "L" else (255, 255, 255)
    skew = through.skew + float(rng.uniform(-0.15, 0.15))
    sheet = sheet.rotate(skew, Image.Resampling.BICUBIC, fillcolor=fill)
    sheet = sheet.filter(ImageFilter.GaussianBlur(through.blur * through.dots))
    pixels = np.asarray(sheet, dtype=np.float32)
    if through.bow:
        pixels = bowed(pixels, through.bow * through.dots, rng)
    pixels = through.ink + pixels * ((through.paper - through.ink) / 255)
    field = light(pixels.shape[:2], rng) * through.shading
    if through.fold:
        field = field + shadow(pixels.shape[:2], through.dots, rng)
    field = field + rng.standard_normal(pixels.shape[:2], dtype=np.float32) * through.noise
    pixels = pixels + (field if pixels.ndim == 2 else field[..., None])
    if through.lid:
        pixels = with_lid(pixels, through.dots, rng)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def copied(sheet: Image.Image, through: Machine, rng: np.random.Generator) -> Image.Image:
    """A sheet in black and white as a tired copier gives it: strokes thin or fat, specks, rules that break and fade."""
    pixels = np.asarray(sheet, dtype=np.float32)
    grey = pixels if pixels.ndim == 2 else pixels.mean(axis=2)
    grey = grey + light(grey.shape, rng) * float(rng.uniform(3, 14))
    grey = np.where(specks(grey.shape, through.dots, rng), 255.0 - grey, grey)
    black = grey < through.ink + (through.paper - through.ink) * float(rng.uniform(0.5, 0.72))
    black &= ~gaps(black, through.dots, rng) & ~gaps(black.T, through.dots, rng).T
    if rng.random() < 0.2:
        black |= edge(black.shape, through.dots, rng)
    return Image.fromarray(np.where(black, 0, 255).astype(np.uint8))


def light(shape: tuple[int, ...], rng: np.random.Generator) -> Pixels:
    """A smooth field around 0, of deviation near 1: where it is high, thin strokes fade."""
    coarse = rng.standard_normal((shape[0] // 80 + 2, shape[1] // 80 + 2), dtype=np.float32)
    field = Image.fromarray(coarse).resize((shape[1], shape[0]), Image.Resampling.BICUBIC)
    return np.asarray(field, dtype=np.float32)


def shadow(shape: tuple[int, ...], dots: int, rng: np.random.Generator) -> Pixels:
    """The dark band along the side where the sheet rises to the binding."""
    depth, reach = float(rng.uniform(20, 80)), float(rng.uniform(0.2, 0.9)) * dots
    band = -depth * np.exp(-np.arange(shape[1], dtype=np.float32) / reach)
    return np.broadcast_to(band if rng.random() < 0.5 else band[::-1], shape)


def with_lid(pixels: Pixels, dots: int, rng: np.random.Generator) -> Pixels:
    """The dark ground beyond the sheet at one or two sides, where the lid stood open."""
    covered = pixels.copy()
    for side in rng.choice(4, int(rng.integers(1, 3)), replace=False):
        turned = np.rot90(covered, int(side))
        turned[: int(rng.uniform(0.03, 0.16) * dots)] = float(rng.uniform(10, 90))
    return covered


def edge(shape: tuple[int, ...], dots: int, rng: np.random.Generator) -> Mask:
    """A black strip along the left or right side."""
    strip = np.zeros(shape, dtype=bool)
    wide = int(rng.uniform(0.03, 0.15) * dots)
    ragged = wide + (rng.random(shape[0]) * 0.02 * dots).astype(int)
    strip[np.arange(shape[1])[None, :] < ragged[:, None]] = True
    return strip if rng.random() < 0.5 else strip[:, ::-1]


def bowed(pixels: Pixels, most: float, rng: np.random.Generator) -> Pixels:
    """Rows shifted up and down along a slow wave, as paper that does not lie flat."""
    height, width = pixels.shape[:2]
    wave = most * np.sin(np.arange(width) / width * float(rng.uniform(2, 5)) + float(rng.uniform(0, 6)))
    whole = np.floor(wave).astype(int)
    part = (wave - whole).astype(np.float32)
    part = part if pixels.ndim == 2 else part[:, None]
    rows, columns = np.arange(height)[:, None], np.arange(width)[None, :]
    upper = pixels[np.clip(rows + whole, 0, height - 1), columns]
    lower = pixels[np.clip(rows + whole + 1, 0, height - 1), columns]
    bent: Pixels = upper * (1 - part) + lower * part
    return bent


def gaps(black: Mask, dots: int, rng: np.random.Generator) -> Mask:
    """Where rules along rows break: a stretch of an eighth of a millimetre to a millimetre, one in 25 to 60, of whatever
    is black for 0.3 inch in a row."""
    height, width = black.shape
    run = int(0.3 * dots)
    sums = np.cumsum(black, axis=1, dtype=np.int32)
    rule = np.zeros_like(black)
    rule[:, run // 2 : width - run // 2] = (sums[:, run:] - sums[:, :-run] >= 0.93 * run)[:, : width - 2 * (run // 2)]
    size = max(3, int(float(rng.uniform(0.015, 0.045)) * dots))
    weak = rng.random((height // size + 1, width // size + 1)) < 1 / float(rng.uniform(25, 60))
    return rule & np.kron(weak, np.ones((size, size), dtype=bool))[:height, :width]


def specks(shape: tuple[int, ...], dots: int, rng: np.random.Generator) -> Mask:
    """Places that the copier got wrong: single dots, a few in ten thousand, and some grains of toner."""
    wrong = rng.random(shape, dtype=np.float32) < float(rng.uniform(0.0001, 0.0005))
    for _ in range(int(rng.integers(0, 25))):
        size = max(2, int(float(rng.uniform(0.008, 0.02)) * dots))
        y, x = int(rng.integers(0, shape[0] - size)), int(rng.integers(0, shape[1] - size))
        wrong[y : y + size, x : x + size] = True
    return wrong
