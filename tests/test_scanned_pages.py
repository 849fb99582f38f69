"""Scanned pages as machines and offices make them: turned, in strips, stamped, worn, cut, half born digital."""

from __future__ import annotations

import io
import re

import cv2
import numpy as np
import pypdfium2 as pdfium
import pytest
from drawn_pdf import APPLICATIONS, Merged, drawn, table
from PIL import Image, ImageDraw, ImageFont

from extract import readers
from extract.document import Document, Grid, Source
from extract.readers import scan
from extract.readers.scan_parts.cell_marks import marks_of
from extract.readers.scan_parts.crossings import at_crossings, over_corners
from sample.writers import binding

SOURCE = Source("0" * 12, "a.pdf", "", "0" * 64)
DOTS = 200
PRINTED = {
    (row, col): text.replace("—", "-")
    for row, col, _, _, text in APPLICATIONS
    if not re.search("[\u4e00-\u9fff]", text) and text
}
ZEROS: list[Merged] = [(row, col, 1, 1, "0") for row in range(12) for col in range(5)]


def sheet(cells: list[Merged] = APPLICATIONS, **places: list[float]) -> Image.Image:
    """A printed page with one table, photographed."""
    document = pdfium.PdfDocument(drawn(table(cells, **places)))
    return document[0].render(scale=DOTS / 72, grayscale=True).to_pil().convert("L")


def pdf_of(*sheets: Image.Image, turn: int = 0, coding: str = "packed", strips: bool = False) -> bytes:
    parts = [binding.cut(one) if strips else [one] for one in sheets]
    return binding.pdf([[binding.encode(part, coding) for part in page] for page in parts], DOTS, turn)


def png_of(image: Image.Image) -> bytes:
    return binding.png(image, DOTS)


def only_grid(document: Document) -> Grid:
    (grid,) = document.grids()
    return grid


def numbers(grid: Grid) -> dict[tuple[int, int], str]:
    """The numbers and strokes of the table by place."""
    return {(cell.row, cell.col): cell.text for cell in grid.cells if re.fullmatch("[-+/.,0-9]+", cell.text)}


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_that_lies_the_wrong_way_round(quarters: int) -> None:
    upright, lying = sheet(), sheet().rotate(90 * quarters, expand=True)
    grid = only_grid(scan.read(SOURCE, png_of(lying)))
    assert numbers(grid) == PRINTED
    expected = next(c for c in only_grid(scan.read(SOURCE, png_of(upright))).cells if c.text == "4119").locator.bbox
    found = next(cell for cell in grid.cells if cell.text == "4119").locator.bbox
    assert expected and found
    marked = np.zeros((upright.height, upright.width), np.uint8)
    marked[round(expected[1]) : round(expected[3]), round(expected[0]) : round(expected[2])] = 1
    rows, columns = np.nonzero(np.rot90(marked, quarters))
    assert found == pytest.approx((columns.min(), rows.min(), columns.max(), rows.max()), abs=6)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("strips", [False, True])
def test_a_viewer_turns_the_page(turn: int, strips: bool) -> None:
    """Boxes are in points of the page as it is shown, however the picture lies in the file."""
    document = scan.read(SOURCE, pdf_of(sheet().rotate(turn, expand=True), turn=turn, strips=strips))
    assert numbers(only_grid(document)) == PRINTED
    cell = next(cell for cell in only_grid(document).cells if cell.text == "4119")
    assert cell.locator.bbox == pytest.approx((320, 220, 400, 250), abs=2)


def test_fax_coded_pages() -> None:
    bilevel = sheet().point(lambda grey: 255 * (grey > 128))
    assert numbers(only_grid(scan.read(SOURCE, pdf_of(bilevel, coding="fax")))) == PRINTED


def test_a_red_seal_over_numbers() -> None:
    stamped = sheet().convert("RGB")
    ImageDraw.Draw(stamped).ellipse((850, 400, 1250, 800), outline=(205, 30, 36), width=9)
    over = np.minimum(np.asarray(stamped), np.asarray(sheet().convert("RGB")))
    assert numbers(only_grid(scan.read(SOURCE, png_of(Image.fromarray(over))))) == PRINTED


def worn(image: Image.Image, seed: int) -> Image.Image:
    """Black and white, a tenth of all pieces of rules gone."""
    black = np.asarray(image) < 128
    rng = np.random.default_rng(seed)
    for turned in (black, black.T):
        runs = cv2.morphologyEx(turned.astype(np.uint8), cv2.MORPH_OPEN, np.ones((1, 40), np.uint8)) > 0
        weak = np.kron(rng.random((turned.shape[0] // 7 + 1, turned.shape[1] // 7 + 1)) < 0.1, np.ones((7, 7))) > 0
        turned &= ~(runs & weak[: turned.shape[0], : turned.shape[1]])
    return Image.fromarray(np.where(black, 0, 255).astype(np.uint8))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sides_of_digits_below_each_other_are_no_rules(seed: int) -> None:
    xs, ys = [100.0 + 60 * column for column in range(6)], [100.0 + 16 * row for row in range(13)]
    grid = only_grid(scan.read(SOURCE, png_of(worn(sheet(ZEROS, xs=xs, ys=ys), seed))))
    wrong = [cell for cell in grid.cells if cell.text != "0" and not cell.doubt]
    assert len(grid.own_cells()) == 12 and len(grid.cells) >= 58 and not wrong


def test_a_row_alone_on_its_page() -> None:
    """Fifteen numbers that the page end parted from their heads, in a row lower than any character's stroke is long."""
    row: list[Merged] = [(0, column, 1, 1, str(column)) for column in range(15)]
    xs = [60.0 + 32 * column for column in range(16)]
    grid = only_grid(scan.read(SOURCE, png_of(sheet(row, xs=xs, ys=[90.0, 102.0]))))
    assert [cell.text for cell in grid.cells] == [str(column) for column in range(15)]


@pytest.mark.parametrize("high", [14.0, 19.0])
@pytest.mark.parametrize("side", [0, 1], ids=["top", "bottom"])
@pytest.mark.parametrize("is_worn", [False, True], ids=["clean", "worn"])
def test_a_row_alone_and_open_at_one_side(is_worn: bool, side: int, high: float) -> None:
    """Its digits stand whole inside the cells, which end where the vertical rules end."""
    row: list[Merged] = [(0, column, 1, 1, str(column)) for column in range(15)]
    ends = [90.0, 90.0 + high]
    page = np.array(sheet(row, xs=[60.0 + 32 * column for column in range(16)], ys=ends))
    y = round(ends[side] * DOTS / 72)
    page[y - 3 : y + 4] = 255
    if is_worn:
        page[round((90 + high / 2) * DOTS / 72) + np.arange(-3, 3)[:, None], np.arange(160, page.shape[1], 89)] = 255
    document = scan.read(SOURCE, png_of(Image.fromarray(page)))
    grid = only_grid(document)
    assert [cell.text for cell in grid.cells] == [str(column) for column in range(15)]
    reached = [cell.locator.bbox[1 + 2 * side] for cell in grid.cells if cell.locator.bbox is not None]
    assert len(reached) == 15 and all(abs(edge - y) <= 0.06 * DOTS for edge in reached)
    assert [note.kind for note in document.notes] == ["open_table"]


def test_a_long_rule_without_columns_is_no_table() -> None:
    page = np.full((2339, 1654), 255, np.uint8)
    for start in range(200, 1400, 160):
        page[600:603, start : start + 150] = 0
    assert not scan.read(SOURCE, png_of(Image.fromarray(page)), prose=False).grids()


def test_what_is_left_of_crossing_rules_is_no_text() -> None:
    cross, digit, character = [90, 92, 110, 108, 60], [90, 92, 103, 113, 130], [88, 88, 112, 112, 250]
    pieces = np.array([cross, digit, character], np.int32)
    crossings = np.array([[[x, y] for x in (100.0, 200.0)] for y in (100.0, 150.0)])
    place = np.zeros(3, int)
    assert over_corners(pieces, place, place, crossings, DOTS).tolist() == [True, False, False]
    rules = np.array([[100.0, 50.0, 400.0]])
    beside = np.array([30.0, 0.0, 0.0])
    x, goes_on, ends_far = (cross[0] + cross[2]) / 2, 100.0 + 0.2 * DOTS, 100.0 + 0.5 * DOTS
    column = np.array([[x, goes_on, goes_on + 60.0]])  # its ink begins a row below: between, it is taken to go on
    assert at_crossings(pieces, rules, column, (0.0, 0.0), DOTS).tolist() == [cross]
    for across, down in ((rules + beside, column), (rules, column + beside), (rules, np.array([[x, ends_far, 300.0]]))):
        assert not len(at_crossings(pieces, across, down, (0.0, 0.0), DOTS))


def test_hairlines_too_faint_for_ink_are_rules() -> None:
    """A light print: the characters are dark, the rules hardly darker than the paper."""
    page = np.array(sheet())
    dark = np.where(page < 200, np.uint8(255), np.uint8(0))
    for shape in ((1, 60), (60, 1)):
        page[cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones(shape, np.uint8)) > 0] = 214
    assert numbers(only_grid(scan.read(SOURCE, png_of(Image.fromarray(page))))) == PRINTED


def test_edges_with_one_bare_end_are_there() -> None:
    """Numbers in neighbouring cells of a worn page, the rule between them broken at one end in every row, stay apart."""
    xs, ys = [100.0 + 40 * column for column in range(6)], [100.0 + 18 * row for row in range(13)]
    page = np.array(sheet(ZEROS, xs=xs, ys=ys))
    for row in range(12):
        x, y = round(xs[1 + row % 4] * DOTS / 72), round(ys[row + row % 2] * DOTS / 72)
        cut = slice(y + 5, y + 20) if row % 2 == 0 else slice(y - 20, y - 5)
        page[cut, x - 4 : x + 5] = 255
    grid = only_grid(scan.read(SOURCE, png_of(worn(Image.fromarray(page), 1))))
    assert [len(row) for row in grid.own_cells()] == [5] * 12
    assert not [cell for cell in grid.cells if cell.text != "0" and not cell.doubt]


def test_pages_of_pictures_and_pages_of_letters_in_one_file() -> None:
    second: list[Merged] = [
        (row, col, rows, cols, "5" if text == "4119" else text) for row, col, rows, cols, text in APPLICATIONS
    ]
    made = pdfium.PdfDocument.new()
    for data in (drawn(table()), pdf_of(sheet(second))):
        made.import_pages(pdfium.PdfDocument(data))
    buffer = io.BytesIO()
    made.save(buffer)
    document = readers.read(SOURCE, buffer.getvalue())
    assert [(grid.page, grid.table) for grid in document.grids()] == [(1, 1), (2, 2)]
    assert [numbers(grid)[4, 3] for grid in document.grids()] == ["4119", "5"]
    assert [grid.cells[0].locator.method for grid in document.grids()] == ["pdf", "ocr"]
    assert document.source.kind == "pdf" and not document.notes


@pytest.mark.parametrize("face", ["NotoSerifSC-Regular", "LXGWWenKai-Regular", "NotoSansSC-Regular"])
@pytest.mark.parametrize("size", [20, 24, 34])
def test_only_a_stroke_is_a_slash(face: str, size: int) -> None:
    font = ImageFont.truetype(f"src/sample/fonts/{face}.ttf", size)
    for text in "0123456789/":
        cell = Image.new("L", (120, 80), 255)
        ImageDraw.Draw(cell).text((60, 40), text, 0, font, anchor="mm")
        squeezed = cell.resize((100, 80), Image.Resampling.BICUBIC)
        marks = marks_of(np.asarray(squeezed), (0, 0, 100, 80), DOTS)
        assert marks.shape == ("/" if text == "/" else ""), text


@pytest.mark.parametrize("bend", [-2, 0, 2])
def test_a_slash_drawn_with_a_pen(bend: int) -> None:
    page = np.full((80, 120), 255, np.uint8)
    points = np.array([[50, 62], [57 + bend, 40], [70, 16]], np.int32)
    cv2.polylines(page, [points], False, 30, 3, cv2.LINE_AA)
    assert marks_of(page, (0, 0, 120, 80), DOTS).shape == "/"
