"""Born-digital PDFs drawn here in every manner seen in reports, and read back: the grid must come out exactly."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from drawn_pdf import (
    APPLICATIONS,
    COLUMNS,
    PORTRAIT,
    ROWS,
    STYLES,
    Merged,
    both,
    drawn,
    edges,
    letter,
    prose,
    strokes,
    table,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from extract.document import Document, Grid, Paragraph, Source, Unreadable
from extract.readers import pdf
from extract.readers.pdf_parts.paragraphs import text_lines


def read(data: bytes) -> Document:
    return pdf.read(source_of(data), data)


def source_of(data: bytes) -> Source:
    digest = hashlib.sha256(data).hexdigest()
    return Source(digest[:12], "a.pdf", "pdf", digest)


def merged(grid: Grid) -> list[Merged]:
    return [(cell.row, cell.col, cell.row_span, cell.col_span, cell.text) for cell in grid.cells]


def texts(document: Document, role: str | None = None) -> list[str]:
    return [b.text for b in document.blocks if isinstance(b, Paragraph) and (role is None or b.role == role)]


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.__name__)
def test_every_manner_of_drawing_rules(style: Callable[..., None]) -> None:
    document = read(drawn(table(style=style)))
    (grid,) = document.grids()
    assert merged(grid) == APPLICATIONS
    assert not any(cell.doubt for cell in grid.cells)
    assert not document.notes


def test_cells_drawn_as_rectangles() -> None:
    def boxes(canvas: Canvas) -> None:
        for row, col, rows, cols, _ in APPLICATIONS:
            x, y = COLUMNS[col], ROWS[row]
            canvas.rect(x, 842 - ROWS[row + rows], COLUMNS[col + cols] - x, ROWS[row + rows] - y)
        letter(canvas, APPLICATIONS, COLUMNS, ROWS, 842)

    assert merged(read(drawn(boxes)).grids()[0]) == APPLICATIONS


@pytest.mark.parametrize("rotate", [90, 180, 270])
@pytest.mark.parametrize("upright", [True, False], ids=["shown upright", "shown turned"])
def test_turned_pages(rotate: int, upright: bool) -> None:
    """A landscape page by /Rotate, or content turned on an upright page: read either way, and found again where it
    is shown.
    """

    def draw(canvas: Canvas) -> None:
        if upright:
            canvas.setPageRotation(rotate)
        angle, dx, dy = {90: (90, 595, 0), 180: (180, 595, 842), 270: (270, 0, 842)}[rotate]
        canvas.translate(dx, dy)
        canvas.rotate(angle)
        high = 842.0 if rotate == 180 else 595.0
        table(height=high)(canvas)
        prose((80, 60, 12, "三、收到和处理政府信息公开申请情况"), height=high)(canvas)

    # reportlab swaps the sides of a page that it marks as turned: the sheet itself is upright in every case
    data = drawn(draw, size=(842.0, 595.0) if upright and rotate != 180 else PORTRAIT)
    document = read(data)
    (grid,) = document.grids()
    assert merged(grid) == APPLICATIONS
    assert texts(document) == ["三、收到和处理政府信息公开申请情况"]
    cell = next(cell for cell in grid.cells if cell.text == "4119")
    if upright:
        assert cell.locator.bbox == pytest.approx((320, 220, 400, 250), abs=0.6)
        assert pdf.settle(data, 1, cell.locator.bbox) == "4119"  # type: ignore[arg-type]
    else:
        turned = {90: (220, 842 - 400, 250, 842 - 320), 180: (195, 592, 275, 622), 270: (345, 320, 375, 400)}[rotate]
        assert cell.locator.bbox == pytest.approx(turned, abs=0.6)


def test_crop_box_is_the_page() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setCropBox((40, 300, 560, 800))
        table()(canvas)
        prose((80, 30, 10, "在裁切线以外"))(canvas)

    data = drawn(draw)
    document = read(data)
    cell = next(cell for cell in document.grids()[0].cells if cell.text == "4119")
    assert cell.locator.bbox == pytest.approx((280, 178, 360, 208), abs=0.6)
    assert pdf.settle(data, 1, cell.locator.bbox) == "4119"  # type: ignore[arg-type]
    assert texts(document) == []
    assert [note.kind for note in document.notes] == ["hidden_text"]


def test_table_cut_by_the_page_end() -> None:
    """The last rule of the first part and the first rule of the second are missing; the stub of the second part is
    empty.
    """
    head: list[Merged] = [
        (0, 0, 1, 2, "申请人情况"),
        (0, 2, 1, 1, "总计"),
        (1, 0, 1, 1, "（四）"),
        (1, 1, 1, 1, "1.本机关不掌握"),
        (1, 2, 1, 1, "10"),
    ]
    tail: list[Merged] = [
        (0, 0, 2, 1, ""),
        (0, 1, 1, 1, ""),
        (0, 2, 1, 1, "3"),
        (1, 1, 1, 1, "2.重复申请"),
        (1, 2, 1, 1, "0"),
    ]
    xs = [80.0, 130, 300, 400]

    def first(canvas: Canvas) -> None:
        strokes(canvas, [e for e in edges(head, xs, [700, 740, 780]) if e[1] != e[3] or e[1] != 780], 842)
        letter(canvas, head, xs, [700, 740, 780], 842)
        prose((280, 820, 9, "- 3 -"))(canvas)

    def second(canvas: Canvas) -> None:
        strokes(canvas, [e for e in edges(tail, xs, [80, 110, 140]) if e[1] != e[3] or e[1] != 80], 842)
        letter(canvas, tail, xs, [80, 110, 140], 842)
        prose((280, 820, 9, "- 4 -"))(canvas)

    document = read(drawn(first, second))
    assert [merged(grid) for grid in document.grids()] == [head, tail]
    assert texts(document) == texts(document, "furniture") == ["- 3 -", "- 4 -"]
    assert [(grid.table, grid.page) for grid in document.grids()] == [(1, 1), (2, 2)]


def test_a_row_cut_by_the_page_end_beneath_a_head_that_comes_again() -> None:
    head: list[Merged] = [
        (0, 0, 2, 2, "勾稽关系"),
        (0, 2, 1, 2, "申请人情况"),
        (1, 2, 1, 1, "自然人"),
        (1, 3, 1, 1, "总计"),
    ]
    above: list[Merged] = [
        *head, (2, 0, 1, 1, "（三）不予公开"), (2, 1, 1, 1, "8.属于"), (2, 2, 1, 1, "3"), (2, 3, 1, 1, "4"),
        (3, 0, 1, 1, "（四）"), (3, 1, 1, 1, "1.本机关"), (3, 2, 1, 1, "10"), (3, 3, 1, 1, "12"),
    ]  # fmt: skip
    below: list[Merged] = [
        *head, (2, 0, 2, 1, "无法提供"), (2, 1, 1, 1, "不掌握"), (2, 2, 1, 1, ""), (2, 3, 1, 1, ""),
        (3, 1, 1, 1, "2.没有"), (3, 2, 1, 1, "5"), (3, 3, 1, 1, "6"),
    ]  # fmt: skip
    xs, ys = [80.0, 160, 300, 380, 460], [600.0, 630, 660, 700, 780]
    on_top = [y - 540 for y in ys]
    document = read(drawn(table(above, xs, ys), table(below, xs, on_top)))
    first, second = (merged(grid) for grid in document.grids())
    assert first == [*above[:-3], (3, 1, 1, 1, "1.本机关不掌握"), *above[-2:]]
    assert second == [*head, (2, 0, 1, 1, "无法提供"), (2, 1, 1, 1, "2.没有"), (2, 2, 1, 1, "5"), (2, 3, 1, 1, "6")]


def test_pieces_of_one_line_in_fonts_of_several_heights_are_one_line() -> None:
    """Sorted by height, the pieces of the smaller font come first, and those of the other stand between them."""
    pieces = [("2022", 100.0, 11), ("年", 128, 9), ("月", 150, 9), ("日", 176, 9), ("1", 140, 11), ("15", 162, 11)]
    text, boxes, ranges = "", [], []
    for said, left, size in pieces:
        width = 6.0 if said.isdigit() else 9.0
        ranges.append((len(text), len(text) + len(said)))
        boxes += [(left + width * at, 500.0 - size, left + width * (at + 1), 500.0) for at in range(len(said))]
        text += said
    lettering = SimpleNamespace(text=text, boxes=boxes, ignored=set())
    assert [line.text.replace(" ", "") for line in text_lines(lettering, ranges)] == ["2022年1月15日"]


@pytest.mark.parametrize("indent", ["\u3000\u3000", "\u00a0\u00a0\u00a0\u00a0"])
def test_lines_indented_by_blanks_stand_where_they_are_printed(indent: str) -> None:
    lines = [
        f"{indent}街道健全信息公开机制落实公开责任提升公开质量",
        "全年公开信息十二条。",
        f"{indent}收到申请三件。",
        f"二、其他事项{indent}",
    ]
    document = read(drawn(prose(*((80.0, 100 + 16 * at, 9, said) for at, said in enumerate(lines)))))
    assert "".join(texts(document)) == "".join(line.strip() for line in lines)


def test_a_date_set_to_the_right_ends_its_paragraph() -> None:
    lines = [
        "街道健全信息公开机制落实公开责任提升质量" * 2,
        "澍铎街道办事处",
        "2022年1月17日",
        "主办单位某某区人民政府办公室",
    ]
    left = [80.0, 440 - 63, 440 - 68, 80.0]
    document = read(
        drawn(prose(*((x, 100 + 14 * at, 9, said) for at, (x, said) in enumerate(zip(left, lines, strict=True)))))
    )
    assert texts(document)[-2:] == lines[-2:]


def test_second_reading_keeps_together_what_pdfium_parts() -> None:
    """Between characters set one by one, on a page whose print runs downwards, PDFium ends a line after each."""

    def draw(canvas: Canvas) -> None:
        for y in (700, 660, 620):
            canvas.drawString(100, y, "2")
            canvas.drawString(105.6, y, "8")
            canvas.drawString(160, y, "5")

    assert read(drawn(draw)).reread() == ["28", "5"] * 3


def test_table_open_at_both_sides() -> None:
    lines = [e for e in edges(APPLICATIONS, COLUMNS, ROWS) if e[0] != e[2] or e[0] not in (COLUMNS[0], COLUMNS[-1])]

    def draw(canvas: Canvas) -> None:
        strokes(canvas, lines, 842)
        letter(canvas, APPLICATIONS, COLUMNS, ROWS, 842)

    assert merged(read(drawn(draw)).grids()[0]) == APPLICATIONS


def test_boxes_around_paragraphs_are_no_tables() -> None:
    frame: list[Merged] = [(0, 0, 1, 1, "本报告由某某街道办事处编制。"), (1, 0, 1, 1, "联系电话见网站。")]
    document = read(drawn(table(frame, [80.0, 500], [100.0, 140, 180])))
    assert not document.grids()
    assert texts(document) == ["本报告由某某街道办事处编制。", "联系电话见网站。"]


def test_table_inside_a_frame_and_inside_a_cell() -> None:
    inner: list[Merged] = [(0, 0, 1, 1, "规章"), (0, 1, 1, 1, "0"), (1, 0, 1, 1, "文件"), (1, 1, 1, 1, "5")]
    outer: list[Merged] = [(0, 0, 1, 1, "外"), (0, 1, 1, 1, ""), (1, 0, 1, 1, "尾"), (1, 1, 1, 1, "末")]
    document = read(
        drawn(
            both(
                table([(0, 0, 1, 1, "")], [40.0, 550], [60.0, 700]),
                table(outer, [80.0, 150, 500], [100.0, 300, 340]),
                table(inner, [200.0, 300, 400], [150.0, 180, 210]),
            )
        )
    )
    assert sorted((merged(grid) for grid in document.grids()), key=str) == sorted([inner, outer], key=str)


def test_a_number_over_a_rule_stays_whole_and_is_doubted() -> None:
    cells: list[Merged] = [
        (0, 0, 1, 1, "甲"),
        (0, 1, 1, 1, "73802895.90"),
        (0, 2, 1, 1, ""),
        (1, 0, 1, 1, "乙"),
        (1, 1, 1, 1, "3"),
        (1, 2, 1, 1, "4"),
    ]
    (grid,) = read(drawn(table(cells, [80.0, 140, 175, 230], [100.0, 130, 160]))).grids()
    assert merged(grid) == cells
    assert [bool(cell.doubt) for cell in grid.cells] == [False, True, True, False, False, False]


def test_a_missing_rule_is_doubted() -> None:
    """A rule that stops half way leaves an L-shaped cell, which no table has."""
    lines = list(edges([(r, c, 1, 1, "") for r in range(2) for c in range(2)], [80, 180, 280], [100, 130, 160]))
    lines.remove((180, 100, 180, 130))
    lines.remove((80, 130, 180, 130))

    def draw(canvas: Canvas) -> None:
        strokes(canvas, lines, 842)
        prose((90, 120, 9, "1"), (190, 120, 9, "2"), (90, 150, 9, "3"), (190, 150, 9, "4"))(canvas)

    (grid,) = read(drawn(draw)).grids()
    assert {cell.text: bool(cell.doubt) for cell in grid.cells} == {"1 2": True, "3": True, "4": False}


def test_a_number_wrapped_in_a_narrow_cell() -> None:
    cells: list[Merged] = [(0, 0, 1, 1, "金额"), (0, 1, 1, 1, "件"), (1, 0, 1, 1, ""), (1, 1, 1, 1, "")]
    xs, ys = [80.0, 120, 200], [100.0, 130, 160]
    parts = both(
        table(cells, xs, ys),
        prose((84, 142, 9, "738028"), (84, 153, 9, "95.90"), (124, 142, 9, "12"), (124, 153, 9, "34")),
    )
    (grid,) = read(drawn(parts)).grids()
    assert [cell.text for cell in grid.cells][2:] == ["73802895.90", "12 34"]


def test_paragraphs_titles_headings_and_furniture() -> None:
    full = "全年主动公开政府信息共计一百二十三条其中网站公开一百条微信公众号公开二十三条"
    running = (240, 30, 9, "某某街道年度报告")
    first = prose(
        running,
        (200, 100, 20, "某某街道办事处"), (150, 130, 20, "政府信息公开工作年"), (200, 160, 20, "度报告"),
        (104, 200, 12, "一、总体情况"),
        (104, 225, 12, full[:36]), (80, 245, 12, full + "并"), (80, 265, 12, "逐步完善。"),
        (104, 285, 12, "（一）主动公开情况"),
        (104, 305, 12, full[:36]),
        (280, 820, 9, "第 1 页 共 2 页"),
    )  # fmt: skip
    second = prose(
        running, (80, 80, 12, "续上一页的句子。"), (104, 110, 12, "二、其他事项"), (280, 820, 9, "第 2 页 共 2 页")
    )
    document = read(drawn(first, second))
    assert texts(document, "title") == ["某某街道办事处政府信息公开工作年度报告"]
    assert texts(document, "heading") == ["一、总体情况", "（一）主动公开情况", "二、其他事项"]
    assert texts(document, "body") == [full[:36] + full + "并逐步完善。", full[:36] + "续上一页的句子。"]
    assert sorted(texts(document, "furniture")) == ["某某街道年度报告"] * 2 + ["第 1 页 共 2 页", "第 2 页 共 2 页"]
    assert next(b.locator.page for b in document.blocks if isinstance(b, Paragraph) and b.text == "二、其他事项") == 2


def test_text_that_nobody_sees() -> None:
    def draw(canvas: Canvas) -> None:
        table()(canvas)
        invisible = canvas.beginText(345, 842 - 120)
        invisible.setFont("song", 9)
        invisible.setTextRenderMode(3)
        invisible.textOut("999")
        invisible.setTextRenderMode(0)
        canvas.drawText(invisible)
        canvas.setFillColorRGB(1, 1, 1)
        prose((410, 175, 9, "88"), (410, 275, 1.2, "77"))(canvas)
        canvas.setFillColorRGB(0, 0, 0.4)
        canvas.rect(80, 842 - 80, 200, 20, stroke=0, fill=1)
        canvas.setFillColorRGB(1, 1, 1)
        prose((90, 75, 10, "白字深底看得见"))(canvas)

    document = read(drawn(draw))
    assert merged(document.grids()[0]) == APPLICATIONS
    assert texts(document) == ["白字深底看得见"]
    assert [(note.kind, note.message[:1]) for note in document.notes] == [("hidden_text", "7")]


def test_a_watermark_falls_in_no_cell() -> None:
    def draw(canvas: Canvas) -> None:
        table()(canvas)
        canvas.saveState()
        canvas.translate(150, 560)
        canvas.rotate(35)
        canvas.setFillGray(0.8)
        canvas.setFont("song", 40)
        canvas.drawString(0, 0, "某某区 2023")
        canvas.restoreState()

    document = read(drawn(draw))
    assert merged(document.grids()[0]) == APPLICATIONS
    assert [text.replace(" ", "") for text in texts(document, "furniture")] == ["某某区2023"]


def picture(canvas: Canvas) -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    canvas.drawImage(ImageReader(Image.new("RGB", (60, 80), (230, 230, 220))), 0, 0, 595, 842)


def test_scanned_pages_are_told() -> None:
    def recognised(canvas: Canvas) -> None:
        picture(canvas)
        hidden = canvas.beginText(100, 600)
        hidden.setFont("song", 10)
        hidden.setTextRenderMode(3)
        hidden.textOut("一、本年新收政府信息公开申请数量 21 0 0 0 0 0 21" * 3)
        canvas.drawText(hidden)

    mixed = drawn(picture, table(), recognised)
    document = read(mixed)
    assert [(note.kind, note.locator.page) for note in document.notes if note.locator] == [
        ("scanned_page", 1),
        ("scanned_page", 3),
    ]
    assert merged(document.grids()[0]) == APPLICATIONS


def test_fonts_that_tell_no_letters() -> None:
    data = drawn(table(), plain=True).replace(b"/ToUnicode", b"/NoUnicode")
    document = read(data)
    assert [note.kind for note in document.notes] == ["no_text_layer"]
    assert not document.blocks


def test_letters_drawn_as_shapes() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(80):
            path = canvas.beginPath()
            path.moveTo(50 + number * 5, 400)
            path.curveTo(52 + number * 5, 410, 54 + number * 5, 410, 54 + number * 5, 400)
            path.lineTo(51 + number * 5, 395)
            path.close()
            canvas.drawPath(path, stroke=0, fill=1)

    assert [note.kind for note in read(drawn(draw)).notes] == ["no_text_layer"]


def test_files_that_cannot_be_read() -> None:
    locked = drawn(table(), encrypt=StandardEncryption("secret", canPrint=0))
    with pytest.raises(Unreadable, match="password"):
        read(locked)
    whole = drawn(table())
    for broken in (whole[: len(whole) // 3], b"%PDF-1.7\n" + bytes(2000), b"%PDF-1.4\ntrailer<</Root 1 0 R>>\n%%EOF"):
        with pytest.raises(Unreadable):
            read(broken)
    empty = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n"
    with pytest.raises(Unreadable):
        read(empty)


def test_too_many_pages() -> None:
    document = read(drawn(*[lambda canvas: None] * 502))
    assert [note.kind for note in document.notes] == ["unread_pages"]
    assert "502" in document.notes[0].message


def test_endless_objects_end() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(70_000):
            canvas.line(number % 590, number % 800, number % 590 + 9, number % 800)

    started = time.monotonic()
    document = read(drawn(draw, table()))
    assert time.monotonic() - started < 20
    assert merged(document.grids()[-1]) == APPLICATIONS
    assert "unread_pages" in [note.kind for note in document.notes]


def test_sniffs_by_content() -> None:
    assert pdf.sniffs(b"%PDF-1.7\n", ".doc")
    assert pdf.sniffs(b"\r\n" * 500 + b"%PDF-1.4", "")
    assert not pdf.sniffs(b"PK\x03\x04" + bytes(100), ".pdf")
    assert not pdf.sniffs(bytes(1100) + b"%PDF-", ".pdf")


@pytest.mark.parametrize("by_columns", [False, True])
def test_second_reading_keeps_rows_together(by_columns: bool) -> None:
    """The numbers of a row come in order, whether the file was written row by row or column by column."""
    rows = [[f"{row}{col}" for col in range(7)] for row in range(30)]
    cells = [(row, col, 1, 1, rows[row][col]) for row in range(30) for col in range(7)]
    if by_columns:
        cells.sort(key=lambda cell: cell[1])
    data = drawn(table(cells, [60.0 + 60 * col for col in range(8)], [60.0 + 22 * row for row in range(31)]))
    document = read(data)
    assert merged(document.grids()[0]) == sorted(cells)
    assert document.reread() == ["\t".join(row) for row in rows]


def test_metadata_as_stated() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setTitle("某某街道2023年报告")
        canvas.setAuthor("某某街道")

    assert read(drawn(draw)).metadata == {"title": "某某街道2023年报告", "author": "某某街道"}
    assert read(drawn(table())).metadata == {}


@st.composite
def grids(draw: st.DrawFn) -> tuple[list[Merged], list[float], list[float]]:
    """A random grid with random merges, at least two cells wide, its texts of digits and Chinese."""
    height, width = draw(st.integers(1, 7)), draw(st.integers(2, 7))
    xs, ys = [60.0], [60.0]
    xs += [xs[0] + sum(widths) for widths in _sums(draw(st.lists(st.integers(24, 60), min_size=width, max_size=width)))]
    ys += [
        ys[0] + sum(heights) for heights in _sums(draw(st.lists(st.integers(16, 40), min_size=height, max_size=height)))
    ]
    taken = [[False] * width for _ in range(height)]
    cells: list[Merged] = []
    for row in range(height):
        for col in range(width):
            if taken[row][col]:
                continue
            cols = draw(st.integers(1, width - col))
            while any(taken[row][col : col + cols]):
                cols -= 1
            rows = draw(st.integers(1, height - row))
            while any(any(line[col : col + cols]) for line in taken[row : row + rows]):
                rows -= 1
            for line in taken[row : row + rows]:
                line[col : col + cols] = [True] * cols
            cells.append((row, col, rows, cols, draw(st.sampled_from(["", "0", "21", "规", "-8", "—", "7.5", "规章"]))))
    return cells, xs, ys


def _sums(steps: list[int]) -> list[list[int]]:
    return [steps[: end + 1] for end in range(len(steps))]


def places_used(cells: list[Merged]) -> list[Merged]:
    """The cells counted by the rows and columns in which some cell begins: a rule that stands nowhere cannot be
    read.
    """
    rows = sorted({cell[0] for cell in cells})
    cols = sorted({cell[1] for cell in cells})

    def at(places: list[int], place: int) -> int:
        return sum(1 for each in places if each < place)

    return [
        (at(rows, r), at(cols, c), at(rows, r + h) - at(rows, r), at(cols, c + w) - at(cols, c), text)
        for r, c, h, w, text in cells
    ]


@settings(max_examples=150, deadline=None)
@given(grids(), st.sampled_from(STYLES))
def test_random_grids_come_back(
    grid: tuple[list[Merged], list[float], list[float]], style: Callable[..., None]
) -> None:
    cells, xs, ys = grid
    expected = places_used(cells)
    document = read(drawn(table(cells, xs, ys, style)))
    found = document.grids()
    if sum(1 for cell in cells if cell[4]) < (2 if len(cells) < 3 else 1) or max(cell[1] for cell in expected) == 0:
        assert not found  # one column, or hardly a word: no table
    else:
        assert [merged(each) for each in found] == [expected]
        assert not any(cell.doubt for cell in found[0].cells)
    said = re.sub(r"\s", "", "".join(document.reread()))
    assert sorted(said) == sorted("".join(cell[4] for cell in cells))


def numbers_row(y: float, label: str, *numbers: str) -> list[tuple[float, float, float, str]]:
    placed = [(80.0, y, 9.0, label)] if label else []
    return placed + [(300 + 50 * col - 2.5 * len(number), y, 9, number) for col, number in enumerate(numbers) if number]


def test_a_table_without_rules() -> None:
    """Columns by white space: found where numbers stand in columns, each cell doubted; prose stays prose."""
    document = read(
        drawn(
            prose(
                (104, 60, 12, "三、收到和处理申请情况"),
                (80, 90, 9, "项目"), (291, 85, 9, "自然"), (295, 96, 9, "人"), (341, 90, 9, "企业"), (391, 90, 9, "总计"),
                *numbers_row(120, "一、本年新收政府信息公开申请数量", "21", "0", "21"),
                *numbers_row(140, "二、上年结转", "0", "", "0"),
                (80, 160, 9, "（二）部分公开（区分处理的，只计"),
                *numbers_row(165, "", "4", "10", "14"),
                (80, 170, 9, "这一情形）"),
                *numbers_row(190, "（七）总计", "—", "1,234", "/"),
                (104, 230, 12, "二〇二三年全年共公开 12 条和 30 条"),
            )
        )
    )  # fmt: skip
    (grid,) = document.grids()
    assert [[cell.text for cell in row] for row in grid.own_cells()] == [
        ["项目", "自然人", "企业", "总计"],
        ["一、本年新收政府信息公开申请数量", "21", "0", "21"],
        ["二、上年结转", "0", "", "0"],
        ["（二）部分公开（区分处理的，只计这一情形）", "4", "10", "14"],
        ["（七）总计", "—", "1,234", "/"],
    ]
    assert all(cell.doubt for cell in grid.cells)
    assert not grid.sure_places
    assert texts(document) == ["三、收到和处理申请情况", "二〇二三年全年共公开 12 条和 30 条"]


def test_the_real_report(real_reports: Path) -> None:
    """Every printed number of a real report, in the order of its truth; and each row beside its own label."""
    truth = json.loads((real_reports / "hongze-2023.truth.json").read_text(encoding="utf-8"))
    document = read((real_reports / "hongze-2023.pdf").read_bytes())
    rows = [[cell.text for cell in row] for grid in document.grids() for row in grid.own_cells()]
    found = [text for row in rows for text in row if re.fullmatch(r"-?[\d.]+", text)]
    assert found == list(truth["cells"].values())
    assert len(found) == 186
    labelled = {
        next((text for text in reversed(row) if not re.fullmatch(r"-?[\d.]+", text)), ""): row[-1] for row in rows
    }
    assert labelled["行政处罚"] == truth["cells"]["penalties.decisions"]
    assert labelled["1.本机关不掌握相关政府信息"] == truth["cells"]["applications.unavailable.not_held.total"]
    assert "\t".join(["1.本机关不掌握相关政府信息", "10", "0", "0", "0", "0", "0", "10"]) in document.reread()
