"""Scans that no form of the benchmarks shows: streaks and folds over the page, texts that touch rules, strokes that are no digits, worn sums."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from extract.document import Cell, Source
from extract.facts import AGREED, DISPUTED, SINGLE, Facts
from extract.proof import prove
from extract.readers import scan
from extract.readers.scan_parts.adding import unequal_rows_doubted
from extract.readers.scan_parts.cell_marks import Marks
from extract.readers.scan_parts.cell_numbers import CellReading, has_stray_stroke
from extract.readers.scan_parts.facing import weight_of
from extract.readers.scan_parts.lattice import LatticeCell
from extract.readers.scan_parts.streaks import without_streaks
from extract.second_reading import Second

SOURCE = Source("0" * 12, "a.png", "", "0" * 64)
DOTS = 200
FONT = ImageFont.truetype("src/sample/fonts/NotoSerifSC-Regular.ttf", 30)
LEFT, TOP, WIDE, HIGH = 250, 400, 200, 80
ROWS = [["项目", "甲", "乙", "丙"], *[[f"第{name}行", "28", "60", "417"] for name in "一二三四五六"]]


def page_with_table(high: int = HIGH, wide: int = WIDE, rows: list[list[str]] = ROWS) -> np.ndarray:
    page = Image.new("L", (1654, 2339), 255)
    draw = ImageDraw.Draw(page)
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            x, y = LEFT + wide * column, TOP + high * row
            draw.rectangle([x, y, x + wide, y + high], outline=0, width=3)
            draw.text((x + wide / 2, y + high / 2), text, 0, FONT, anchor="mm")
    return np.array(page)


def cells_of(page: np.ndarray) -> dict[tuple[int, int], Cell]:
    ok, data = cv2.imencode(".png", page)
    assert ok
    (grid,) = scan.read(SOURCE, data.tobytes(), prose=False).grids()
    return {(cell.row, cell.col): cell for cell in grid.cells}


@pytest.mark.parametrize("at", [30, 60, 88, 100, 140])
def test_what_a_streak_crosses_is_right_or_doubted(at: int) -> None:
    page = page_with_table()
    for column in (1, 3):
        page[:, LEFT + column * WIDE + at : LEFT + column * WIDE + at + 2] = 60
    cells = cells_of(page)
    assert len(cells) == 28
    for (row, column), cell in cells.items():
        if row and column:
            assert cell.text == ROWS[row][column] or cell.doubt
        if row and column == 2:
            assert cell.text == "60" and not cell.doubt


def test_a_fold_over_empty_cells_doubts_them() -> None:
    rows = [ROWS[0], ROWS[1], ["第二行", "28", "", "417"]]
    page = page_with_table(rows=rows)
    page[TOP + 2 * HIGH + 40 : TOP + 2 * HIGH + 42] = 90
    assert cells_of(page)[2, 2].doubt
    assert not cells_of(page)[1, 2].doubt
    assert not cells_of(page_with_table(rows=rows))[2, 2].doubt


def test_lines_that_end_on_the_page_are_no_streaks() -> None:
    page = page_with_table()
    page[200:2200, 1400:1402] = 0
    same, lines = without_streaks(page, DOTS)
    assert not lines and (same == page).all()
    page[:, 1400:1402] = 0
    clean, lines = without_streaks(page, DOTS)
    assert len(lines) == 1 and (clean[:, 1395:1410] == 255).all()
    assert (clean[:, :1390] == page[:, :1390]).all()


def test_rules_from_edge_to_edge_of_a_picture_are_no_streaks() -> None:
    page = np.full((800, 900), 255, np.uint8)
    page[:, 100:850:150] = page[60:790:120] = 0
    same, lines = without_streaks(page, DOTS)
    assert not lines and (same == page).all()


@pytest.mark.parametrize(("high", "wide"), [(34, 74), (44, 70), (44, 66)])
def test_numbers_that_touch_their_rules(high: int, wide: int) -> None:
    rows = [["项目", "甲", "乙", "丙"], *[["行", "2880", "6035", "4178"]] * 6]
    cells = cells_of(page_with_table(high, wide, rows))
    assert len(cells) == 28
    assert all(cell.text == rows[row][column] or cell.doubt for (row, column), cell in cells.items() if row and column)


@pytest.mark.parametrize(
    ("boxes", "stray"),
    [
        ([[10, 2, 5, 56, 150], [40, 20, 14, 20, 120]], True),  # a streak beside a 0
        ([[40, 1, 4, 58, 150]], True),  # a streak alone
        ([[10, 20, 6, 20, 90], [40, 20, 14, 20, 120]], False),  # 10
        ([[40, 20, 6, 20, 90]], False),  # 1
        ([[10, 16, 14, 28, 90], [40, 20, 14, 18, 120]], False),  # old-style figures
    ],
)
def test_strokes_that_are_no_digits(boxes: list[list[int]], stray: bool) -> None:
    marks = Marks(np.full((60, 80), 255, np.uint8), glyphs=[np.array(box) for box in boxes])
    assert has_stray_stroke(marks) is stray


def rows_read(rows: list[list[str]], worn: bool = True) -> list[str]:
    """The doubt of the first number of each row."""
    cells, readings = [], []
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            cells.append(LatticeCell(row, column, 1, 1, (0.0, 0.0, 1.0, 1.0), worn=worn))
            readings.append(CellReading(text, text if text.isdigit() else None, ""))
    read = unequal_rows_doubted(cells, readings)
    return [reading.doubt for cell, reading in zip(cells, read, strict=True) if cell.col == 1]


def test_a_worn_row_that_does_not_add_up_is_doubted() -> None:
    adding = [
        ["甲", "1", "2", "", "3"],
        ["乙", "40", "/", "8", "48"],
        ["丙", "0", "7", "1", "8"],
        ["丁", "9", "9", "9", "27"],
    ]
    wrong = ["戊", "26", "3", "1", "29"]
    assert [bool(doubt) for doubt in rows_read([*adding, wrong])] == [False] * 4 + [True]
    assert not any(rows_read([*adding, wrong], worn=False))
    assert not any(rows_read([*adding[:3], wrong]))  # three rows tell nothing
    assert not any(rows_read([["甲", "", "", "", ""]] * 6 + [wrong]))


def test_lines_that_a_network_guesses_are_no_words() -> None:
    assert weight_of(0.4) == 0
    assert 0 < weight_of(0.65) < weight_of(0.9) == 0.9


@pytest.mark.parametrize(("cell", "proof"), [("applications.granted.total", DISPUTED), ("permits.change", AGREED)])
def test_a_negative_count_in_a_picture_is_disputed(cell: str, proof: str) -> None:
    facts = Facts()
    for name, value in {
        "cell": cell, "value": -12.0, "state": "reported", "raw_text": "-12", "other": "-12", "proof": SINGLE, "form": "2019",
        "section": "applications", "matched_by": "exact", "doubt": "", "other_reading": "",
    }.items():  # fmt: skip
        getattr(facts, name).append(value)
    prove(facts, Second({0}, {}))
    assert facts.proof == [proof]
