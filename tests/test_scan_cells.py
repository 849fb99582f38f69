"""Cells of scanned tables: what is read in them is right or is doubted, however worn, thick ruled or close to a rule it stands."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from extract.facts import AGREED, DISPUTED, SINGLE, Facts
from extract.proof import prove
from extract.readers.scan_parts.cell_marks import marks_of
from extract.readers.scan_parts.cell_reading import read_cells
from extract.readers.scan_parts.lattice import LatticeCell
from extract.readers.scan_parts.straighten import skew_of
from extract.readers.scan_parts.strokes import digit_by_shape
from extract.second_reading import Second

DOTS = 200
FACES = ("NotoSerifSC-Regular", "LXGWWenKai-Regular", "NotoSansSC-Regular")
WIDTH, HEIGHT = 120, 80


def printed(text: str, face: str, size: int = 26, at: float = WIDTH / 2) -> np.ndarray:
    """A cell with this text around `at`, no rules."""
    cell = Image.new("L", (WIDTH, HEIGHT), 255)
    font = ImageFont.truetype(f"src/sample/fonts/{face}.ttf", size)
    ImageDraw.Draw(cell).text((at, HEIGHT / 2), text, 0, font, anchor="mm")
    return np.asarray(cell)


def ruled(cell: np.ndarray, thick: int) -> tuple[np.ndarray, tuple[float, float, float, float]]:
    """The cell with black rules around it, and where their middles lie."""
    around = thick // 2 + 1
    page = cv2.copyMakeBorder(cell, *[around] * 4, cv2.BORDER_CONSTANT, value=0)
    page = cv2.copyMakeBorder(page, 6, 6, 6, 6, cv2.BORDER_CONSTANT, value=255)
    middle = 6 + around / 2
    return page, (middle, middle, page.shape[1] - middle, page.shape[0] - middle)


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("size", [20, 27, 40])
def test_the_shape_of_a_digit_is_told_only_where_it_is_sure(face: str, size: int) -> None:
    told = {}
    for digit in "0123456789":
        ink = printed(digit, face, size) < 150
        rows, columns = np.nonzero(ink)
        told[digit] = digit_by_shape(ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1])
    assert told["0"] == "0"
    assert {told[digit] for digit in "23456789"} == {""}
    assert told["1"] in ("1", "")


@pytest.mark.parametrize("thick", [2, 5, 8])
@pytest.mark.parametrize("text", ["0", "45", "8"])
def test_thick_rules_and_digits_close_to_them(thick: int, text: str) -> None:
    page, quad = ruled(printed(text, FACES[0], at=9 + 7 * len(text)), thick)
    marks = marks_of(cv2.GaussianBlur(page, (0, 0), 0.8), quad, DOTS)
    assert not marks.doubt
    assert marks.glyphs
    assert all(height <= 26 and width <= 18 * len(text) for _, _, width, height, _ in marks.glyphs)


@pytest.mark.parametrize("seed", [5, 7])
def test_worn_numbers_are_right_or_doubted(seed: int) -> None:
    """Strokes of one direction break away, as on a copy of a copy: pieces as small as specks are what is left of them."""
    dice, cells, page, texts = np.random.default_rng(seed), [], [], []
    for text in ("13", "34", "41", "22", "7", "27", "86", "30", "5", "9", "108", "63"):
        for face in FACES:
            cell = printed(text, face).copy()
            for row in dice.choice(np.arange(24, 56), 9, replace=False):
                cell[row, dice.random(WIDTH) < 0.8] = 255
            quad = (0.0, float(HEIGHT * len(cells)), float(WIDTH), float(HEIGHT * (len(cells) + 1)))
            cells.append(LatticeCell(len(cells), 0, 1, 1, quad))
            page.append(cell)
            texts.append(text)
    readings = read_cells(cells, np.vstack(page), DOTS)
    right = [one.text == text for one, text in zip(readings, texts, strict=True)]
    doubted = [bool(one.doubt) or one.other_text != one.text for one in readings]
    assert all(good or doubt for good, doubt in zip(right, doubted, strict=True))
    assert sum(right) >= 0.9 * len(right)


def test_the_lid_beyond_a_tilted_sheet_does_not_tell_its_skew() -> None:
    sheet = np.full((1100, 800), 255, np.uint8)
    for top in range(100, 900, 40):
        cv2.line(sheet, (100, top), (600, top), 0, 2)
    turned = cv2.warpAffine(sheet, cv2.getRotationMatrix2D((400, 550), -1.6, 1.0), (800, 1100), borderValue=255)
    turned[-30:] = 20
    assert skew_of(turned, 100.0) == pytest.approx(1.6, abs=0.1)


def test_a_count_that_a_picture_shows_as_a_fraction_is_disputed() -> None:
    def proof_of(cell: str, other: str | None) -> str:
        facts = Facts()
        for name, value in {
            "cell": cell, "value": 1.3, "state": "reported", "raw_text": "1.3", "other": other, "proof": SINGLE, "form": "2021",
            "section": "applications", "matched_by": "exact", "doubt": "", "other_reading": "",
        }.items():  # fmt: skip
            getattr(facts, name).append(value)
        prove(facts, Second({0}, {}))
        return str(facts.proof[0])

    assert proof_of("applications.granted.total", "1.3") == DISPUTED
    assert proof_of("applications.granted.total", None) == AGREED
    assert proof_of("fees.amount", "1.3") == AGREED
