"""The reader of scans on pages drawn here: structure, numbers, blanks, strokes by shape, doubts, bounds."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from extract.document import Document, Grid, Source, Unreadable
from extract.readers import scan

DPI = 200
LEFT, TOP, WIDE, HIGH = 150, 300, 160, 60
SOURCE = Source("0" * 12, "page.png", "scan", "0" * 64)
ROWS = [
    ["0", "27", "", "-8", "1"],
    ["3118", "/", "0", "77.25", "0"],
    ["0", "0", "96", "", "10452"],
    ["6", "0", "0", "11", "-"],
]


def drawn(rows: list[list[str]]) -> np.ndarray:
    """A white A4 page with a ruled table, its first row one merged cell without text."""
    page = np.full((2339, 1654), 255, np.uint8)
    columns, count = len(rows[0]), len(rows) + 1
    for line in range(count + 1):
        cv2.line(page, (LEFT, TOP + line * HIGH), (LEFT + columns * WIDE, TOP + line * HIGH), 0, 2)
    for line in range(columns + 1):
        first = 0 if line in (0, columns) else 1
        cv2.line(page, (LEFT + line * WIDE, TOP + first * HIGH), (LEFT + line * WIDE, TOP + count * HIGH), 0, 2)
    for row, texts in enumerate(rows, 1):
        for column, text in enumerate(texts):
            write(page, text, LEFT + column * WIDE + WIDE // 2, TOP + row * HIGH + HIGH // 2)
    return page


def write(page: np.ndarray, text: str, x: int, y: int) -> None:
    """A number in the middle of a cell; a slash as one straight stroke."""
    if text == "/":
        cv2.line(page, (x - 5, y + 12), (x + 6, y - 12), 0, 2, cv2.LINE_AA)
        return
    (wide, high), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 0.75, 2)
    cv2.putText(page, text, (x - wide // 2, y + high // 2), cv2.FONT_HERSHEY_SIMPLEX, 0.75, 0, 2, cv2.LINE_AA)


def turned(page: np.ndarray, degrees: float) -> np.ndarray:
    height, width = page.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return cv2.warpAffine(page, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=255)


def encoded(page: np.ndarray, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(page).save(buffer, kind, dpi=(DPI, DPI), **options)
    return buffer.getvalue()


def only_grid(document: Document) -> Grid:
    (grid,) = document.grids()
    return grid


def numbers(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.own_cells()[1:]]


@pytest.mark.parametrize("degrees", [0.0, 1.3, -2.0])
def test_numbers_blanks_and_strokes(degrees: float) -> None:
    grid = only_grid(scan.read(SOURCE, encoded(turned(drawn(ROWS), degrees), "PNG")))
    assert numbers(grid) == ROWS
    assert all(cell.other_text == cell.text and not cell.doubt for cell in grid.cells)
    head = grid.cells[0]
    assert (head.row, head.col, head.row_span, head.col_span) == (0, 0, 1, 5)


def test_noisy_jpeg() -> None:
    page = turned(drawn(ROWS), 0.8).astype(np.float32)
    page = 40 + page * 0.8 + np.random.default_rng(5).normal(0, 6, page.shape)
    data = encoded(np.clip(page, 0, 255).astype(np.uint8), "JPEG", quality=30)
    grid = only_grid(scan.read(SOURCE, data))
    wrong = [
        (cell.text, printed)
        for row, texts in zip(grid.own_cells()[1:], ROWS, strict=True)
        for cell, printed in zip(row, texts, strict=True)
        if cell.text != printed and not cell.doubt and cell.other_text in (None, cell.text)
    ]
    assert not wrong


def test_a_worn_edge_is_restored() -> None:
    page = drawn(ROWS)
    for column in (1, 2, 3):
        x, y = LEFT + column * WIDE, TOP + column * HIGH
        page[y + 8 : y + HIGH - 14, x - 3 : x + 4] = 255
    page[TOP + 2 * HIGH - 3 : TOP + 2 * HIGH + 4, LEFT + 2 * WIDE + 20 : LEFT + 3 * WIDE - 30] = 255
    assert numbers(only_grid(scan.read(SOURCE, encoded(page, "PNG")))) == ROWS


def test_a_table_cut_by_the_page_end_is_closed_and_told() -> None:
    page = drawn(ROWS)
    y = TOP + 5 * HIGH
    page[y - 2 : y + 3, LEFT + 3 : LEFT + 5 * WIDE - 3] = 255
    document = scan.read(SOURCE, encoded(page, "PNG"))
    assert numbers(only_grid(document)) == ROWS
    assert [note.kind for note in document.notes] == ["open_table"]


def test_boxes_lie_on_the_cells() -> None:
    image = scan.read(SOURCE, encoded(drawn(ROWS), "PNG"))
    pdf = scan.read(SOURCE, encoded(drawn(ROWS), "PDF", resolution=DPI))
    cell = next(cell for cell in only_grid(image).cells if cell.text == "3118")
    assert cell.locator.method == "ocr" and cell.locator.page == 1
    expected = (LEFT, TOP + 2 * HIGH, LEFT + WIDE, TOP + 3 * HIGH)
    assert cell.locator.bbox == pytest.approx(expected, abs=4)
    printed = next(cell for cell in only_grid(pdf).cells if cell.text == "3118")
    assert printed.locator.bbox == pytest.approx([edge * 72 / DPI for edge in expected], abs=1.5)


def test_pages_of_a_tiff() -> None:
    first, second = Image.fromarray(drawn(ROWS)), Image.fromarray(drawn(ROWS[:2]))
    buffer = io.BytesIO()
    first.save(buffer, "TIFF", save_all=True, append_images=[second], dpi=(DPI, DPI))
    assert [grid.page for grid in scan.read(SOURCE, buffer.getvalue()).grids()] == [1, 2]


def test_an_empty_page_has_nothing() -> None:
    document = scan.read(SOURCE, encoded(np.full((800, 600), 255, np.uint8), "PNG"))
    assert document.blocks == [] and document.reread() == []


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF"])
def test_pictures_are_sniffed_by_content(kind: str) -> None:
    assert scan.sniffs(encoded(np.full((20, 20), 255, np.uint8), kind)[:8192], ".txt")


@pytest.mark.parametrize("head", [b"%PDF-1.4", b"<html>", b"BM is how a text may begin, too", b"", b"RIFF0000WAVE"])
def test_other_files_are_not(head: bytes) -> None:
    assert not scan.sniffs(head, ".png")


def test_broken_files_are_refused() -> None:
    whole = encoded(drawn(ROWS), "PNG")
    for data in (b"\x89PNG\r\n\x1a\n", whole[:200], whole[: len(whole) // 2], b"%PDF-1.4 nothing"):
        with pytest.raises(Unreadable):
            scan.read(SOURCE, data)


def test_too_many_pixels_are_refused() -> None:
    buffer = io.BytesIO()
    Image.new("1", (20_000, 6_000), 1).save(buffer, "PNG")
    with pytest.raises(Unreadable, match="pixels"):
        scan.read(SOURCE, buffer.getvalue())


def test_a_tall_picture_of_several_pages_is_cut_between_them() -> None:
    pages = [turned(drawn(ROWS), 0.6), turned(drawn(ROWS[1:]), -0.7), turned(drawn(ROWS[2:]), 0.3)]
    grids = scan.read(SOURCE, encoded(np.vstack(pages), "PNG")).grids()
    assert [numbers(grid) for grid in grids] == [ROWS, ROWS[1:], ROWS[2:]]
    assert [grid.table for grid in grids] == [1, 2, 3]
    assert grids[2].cells[0].locator.bbox[1] == pytest.approx(2 * 2339 + TOP, abs=12)  # type: ignore[index]
