"""PDFs that have been through other hands: corrected, cut, filled in, stamped, scanned and recognised, printed twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from itertools import pairwise

import pytest
from drawn_pdf import APPLICATIONS, COLUMNS, ROWS, Canvasser, Merged, both, drawn, edges, letter, prose, strokes, table
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from extract.document import Document, Grid, Source, Unreadable
from extract.readers import pdf, scan
from extract.readers import read as read_any

HEIGHT = 842.0


def read(data: bytes) -> Document:
    digest = hashlib.sha256(data).hexdigest()
    return pdf.read(Source(digest[:12], "a.pdf", "pdf", digest), data)


def merged(grid: Grid) -> list[Merged]:
    return [(cell.row, cell.col, cell.row_span, cell.col_span, cell.text) for cell in grid.cells]


def kinds(document: Document) -> list[str]:
    return [note.kind for note in document.notes]


def rows_of(document: Document) -> list[list[str]]:
    return [[cell.text for cell in row] for grid in document.grids() for row in grid.own_cells()]


def struck(x0: float, x1: float, y: float) -> Canvasser:
    return lambda canvas: canvas.rect(x0, HEIGHT - y, x1 - x0, 0.6, stroke=0, fill=1)


def test_a_deletion_printed_with_its_correction() -> None:
    """47 is struck through and 0 stands behind it: the cell says 0, and is doubted; the other cells are not."""
    cells: list[Merged] = [(0, 0, 1, 1, "行政许可"), (0, 1, 1, 1, "470"), (1, 0, 1, 1, "行政处罚"), (1, 1, 1, 1, "9")]
    draw = both(table(cells, [80.0, 200, 300], [100.0, 130, 160]), struck(203, 213.2, 115))
    document = read(drawn(draw))
    (grid,) = document.grids()
    assert [cell.text for cell in grid.cells] == ["行政许可", "0", "行政处罚", "9"]
    assert [bool(cell.doubt) for cell in grid.cells] == [False, True, False, False]
    assert kinds(document) == ["struck_text"]
    assert "行政许可\t470" in document.reread()


def test_rules_and_underlines_strike_nothing() -> None:
    """A rule that runs on beside the letters, a line under them and a rule of the table leave all as it stands."""
    document = read(drawn(both(table(), struck(60, 560, 115), struck(345, 355, 121.5))))
    assert [cell.text for cell in document.grids()[0].cells if cell.text] == [
        cell[4] for cell in APPLICATIONS if cell[4]
    ]
    assert "struck_text" not in kinds(document)


def test_the_number_of_a_note_is_no_digit() -> None:
    """A small 1 raised behind 15 leaves 15, and a doubt."""
    cells: list[Merged] = [(0, 0, 1, 1, "行政许可"), (0, 1, 1, 1, "15"), (1, 0, 1, 1, "行政处罚"), (1, 1, 1, 1, "1521")]

    def draw(canvas: Canvas) -> None:
        table(cells, [80.0, 200, 300], [100.0, 130, 160])(canvas)
        written = canvas.beginText(203 + 10, HEIGHT - 118.2)
        written.setFont("song", 9)
        written.setFont("song", 5)
        written.setRise(3.5)
        written.textOut("1")
        written.setRise(0)
        canvas.drawText(written)

    (grid,) = read(drawn(draw)).grids()
    assert [cell.text for cell in grid.cells] == ["行政许可", "15", "行政处罚", "1521"]
    assert [bool(cell.doubt) for cell in grid.cells] == [False, True, False, False]


HEAD: list[Merged] = [(0, 0, 1, 2, "申请人情况"), (0, 2, 1, 1, "总计"), (1, 0, 1, 1, "（五）不予处理")]
XS = [80.0, 180, 330, 420]


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        (["5.要求行政机关", "3"], ["确认或重新出具", ""], ["5.要求行政机关确认或重新出具", "3"]),
        (["5.要求行政机关", ""], ["确认或重新出具", "3"], ["5.要求行政机关确认或重新出具", "3"]),
        (["5.要求行政机关确认", ""], ["", "3"], ["5.要求行政机关确认", "3"]),
        (["", "3"], ["5.要求行政机关确认", ""], ["5.要求行政机关确认", "3"]),
        (["4.无正当理由", "3"], ["5.要求行政机关", ""], None),  # a row of its own that is left blank
        (["4.无正当理由", ""], ["5.要求行政机关", "2"], None),
        (["4.无正当理由", "3"], ["出具", "2"], None),
    ],
)
def test_a_row_cut_by_the_page_end(above: list[str], below: list[str], joined: list[str] | None) -> None:
    first = [*HEAD, (1, 1, 1, 1, above[0]), (1, 2, 1, 1, above[1])]
    second: list[Merged] = [(0, 0, 2, 1, ""), (0, 1, 1, 1, below[0]), (0, 2, 1, 1, below[1])]
    second += [(1, 1, 1, 1, "6.其他"), (1, 2, 1, 1, "0")]
    document = read(drawn(table(first, XS, [700.0, 730, 780]), table(second, XS, [70.0, 100, 130])))
    texts = rows_of(document)
    expected = [above, below] if joined is None else [joined]
    assert [row[-2:] for row in texts[1:-1] if any(row[-2:])] == expected
    assert texts[-1] == (
        ["6.其他", "0"] if joined is None or len(document.grids()[1].own_cells()) > 1 else ["", "6.其他", "0"]
    )
    numbers = [cell for grid in document.grids() for cell in grid.cells if cell.text == "3"]
    assert all(cell.locator.page == (1 if above[1] == "3" else 2) for cell in numbers)


def test_a_row_of_blanks_at_the_top_of_a_page() -> None:
    """One label and empty cells are a row of a table, not a frame around a paragraph."""
    row: list[Merged] = [(0, 0, 1, 1, "行政规范性文件"), (0, 1, 1, 1, ""), (0, 2, 1, 1, ""), (0, 3, 1, 1, "")]
    document = read(drawn(table(row, [80.0, 200, 300, 400, 500], [72.0, 95])))
    assert [merged(grid) for grid in document.grids()] == [row]
    frame: list[Merged] = [(0, 0, 1, 1, "本报告由某某街道办事处编制。"), (0, 1, 1, 1, "")]
    assert not read(drawn(table(frame, [80.0, 400, 500], [72.0, 95]))).grids()


def picture(canvas: Canvas, mask: object = None) -> None:
    from PIL import Image

    canvas.drawImage(ImageReader(Image.new("RGB", (60, 80), (230, 230, 220))), 0, 0, 595, HEIGHT, mask=mask)


def pale(draw: Canvasser) -> Canvasser:
    def run(canvas: Canvas) -> None:
        canvas.setFillColorRGB(1, 1, 1)
        draw(canvas)

    return run


def invisible(canvas: Canvas) -> None:
    hidden = canvas.beginText(100, 600)
    hidden.setFont("song", 10)
    hidden.setTextRenderMode(3)
    hidden.textOut("一、本年新收政府信息公开申请数量 21 0 0 0 0 0 21" * 3)
    canvas.drawText(hidden)


@pytest.mark.parametrize(
    "layer",
    [both(picture, invisible), both(picture, pale(table())), both(table(), picture)],
    ids=["drawn invisibly", "white on the scan", "under the scan"],
)
def test_recognised_text_of_a_scan_is_no_reading(layer: Canvasser) -> None:
    """Whoever recognised the page may have erred: neither the first nor the second reading rests on that text."""
    document = read(drawn(layer, table()))
    assert [(note.kind, note.locator.page) for note in document.notes if note.locator] == [("scanned_page", 1)]
    assert "recognised text" in document.notes[0].message
    assert [grid.page for grid in document.grids()] == [2]
    assert sum("本年新收" in line for line in document.reread()) == 1


def test_a_background_picture_hides_nothing() -> None:
    def draw(canvas: Canvas) -> None:
        picture(canvas)
        table()(canvas)

    document = read(drawn(draw))
    assert merged(document.grids()[0]) == APPLICATIONS
    assert kinds(document) == ["picture"]


def test_text_under_a_picture_is_left_out() -> None:
    from PIL import Image

    def patch(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(Image.new("RGB", (8, 8), "white")), 321, HEIGHT - 149, 60, 18)

    document = read(drawn(both(table(), patch)))
    cells = [cell for cell in merged(document.grids()[0]) if cell[:2] == (1, 3)]
    assert cells == [(1, 3, 1, 1, "")]
    assert kinds(document) == ["hidden_text"]


def test_form_fields_say_what_they_show() -> None:
    cells: list[Merged] = [(0, 0, 1, 1, "行政许可"), (0, 1, 1, 1, ""), (1, 0, 1, 1, "行政处罚"), (1, 1, 1, 1, "9")]

    def fill(canvas: Canvas) -> None:
        canvas.acroForm.textfield(name="a", value="57", x=210, y=HEIGHT - 126, width=60, height=20, borderWidth=0)

    document = read(drawn(both(table(cells, [80.0, 200, 300], [100.0, 130, 160]), fill)))
    assert [row for row in rows_of(document) if row] == [["行政许可", "57"], ["行政处罚", "9"]]
    assert not kinds(document)


def test_text_printed_twice_to_make_it_bold() -> None:
    def shifted(canvas: Canvas) -> None:
        canvas.translate(0.3, 0)
        letter(canvas, APPLICATIONS, COLUMNS, ROWS, HEIGHT)

    document = read(drawn(both(table(), shifted)))
    assert merged(document.grids()[0]) == APPLICATIONS
    assert document.reread() == read(drawn(table())).reread()


def test_a_file_locked_for_changes_only() -> None:
    locked = drawn(table(), encrypt=StandardEncryption("", ownerPassword="owner", canModify=0))
    assert merged(read(locked).grids()[0]) == APPLICATIONS


@pytest.mark.parametrize(
    "spoil", [lambda data: data[: data.rfind(b"xref") - 5], lambda data: b"junk\r\n" + data + b"<html>"]
)
def test_files_that_can_be_mended(spoil: Callable[[bytes], bytes]) -> None:
    assert merged(read(spoil(drawn(table()))).grids()[0]) == APPLICATIONS


def test_units_of_the_page_are_points_as_pdfium_counts_them() -> None:
    data = drawn(table(), plain=True)
    assert b"/Rotate 0" in data
    scaled = read(data.replace(b"/Rotate 0", b"/UserUnit 2"))
    assert merged(scaled.grids()[0]) == APPLICATIONS
    assert scaled.grids()[0].cells[0].locator.bbox == read(data).grids()[0].cells[0].locator.bbox


@pytest.mark.parametrize("sides", ["left", "right", "top", "bottom", "all"])
def test_a_table_without_outer_rules(sides: str) -> None:
    """Where a side has no rule, the table ends where the rules that meet it end."""
    ends = {"left": (0, COLUMNS[0]), "right": (0, COLUMNS[-1]), "top": (1, ROWS[0]), "bottom": (1, ROWS[-1])}
    missing = ends.values() if sides == "all" else [ends[sides]]
    lines = [
        edge for edge in edges(APPLICATIONS, COLUMNS, ROWS)
        if not any(edge[axis] == edge[axis + 2] == place for axis, place in missing)
    ]  # fmt: skip

    def draw(canvas: Canvas) -> None:
        strokes(canvas, lines, HEIGHT)
        letter(canvas, APPLICATIONS, COLUMNS, ROWS, HEIGHT)

    assert merged(read(drawn(draw)).grids()[0]) == APPLICATIONS


def test_two_rows_between_open_sides() -> None:
    """One rule across and the rules that cut it are a table of two rows; its outer columns have no outer rule."""
    cells = [(row, col, 1, 1, f"{row}{col}") for row in range(2) for col in range(5)]
    xs, ys = [80.0, 140, 200, 260, 320, 380], [100.0, 130, 160]
    lines = [(xs[0], ys[1], xs[-1], ys[1])] + [(x, ys[0], x, ys[-1]) for x in xs[1:-1]]

    def draw(canvas: Canvas) -> None:
        strokes(canvas, lines, HEIGHT)
        letter(canvas, cells, xs, ys, HEIGHT)

    assert merged(read(drawn(draw)).grids()[0]) == cells


def test_wrapped_labels_are_one_line_of_the_second_reading() -> None:
    lines = ["2.其他法", "律行政法", "规禁止公", "开"]
    placed = [(84.0, 110.0 + 11 * at, 9.0, line) for at, line in enumerate(lines)]
    numbers = [(150.0 + 50 * col, 126.0, 9.0, f"1{col}") for col in range(7)]
    document = read(drawn(prose(*placed, *numbers, (84, 160, 9, "3.危及“三"), (84, 171, 9, "安全一稳定”"))))
    assert document.reread() == [
        "2.其他法律行政法规禁止公开",
        "\t".join(f"1{col}" for col in range(7)),
        "3.危及“三安全一稳定”",
    ]


def test_pages_hang_together_only_where_they_follow() -> None:
    """Numbers of pages in a row: the sheet between two halves of a table keeps them apart."""
    first = table([*HEAD, (1, 1, 1, 1, "5.要求"), (1, 2, 1, 1, "3")], XS, [700.0, 730, 780])
    second = table([(0, 0, 1, 1, ""), (0, 1, 1, 1, "确认"), (0, 2, 1, 1, "")], XS, [70.0, 100])
    apart = read(drawn(first, prose((80, 400, 12, "（插页）")), second))
    assert ["", "确认", ""] in rows_of(apart)
    assert list(pairwise(grid.page for grid in apart.grids())) == [(1, 3)]


def test_pages_with_letters_stay_read_where_scans_cannot_be(monkeypatch: pytest.MonkeyPatch) -> None:
    def unable(*_: object, **__: object) -> Document:
        raise Unreadable("Scans cannot be read here.")

    monkeypatch.setattr(scan, "read", unable)
    mixed = drawn(picture, table())
    document = read_any(Source("0" * 12, "a.pdf", "", ""), mixed)
    assert merged(document.grids()[0]) == APPLICATIONS
    assert kinds(document) == ["scanned_page", "unread_pages"]
    with pytest.raises(Unreadable):
        read_any(Source("0" * 12, "a.pdf", "", ""), drawn(picture))


def test_the_second_reading_knows_a_page_number_from_the_last_number_of_a_table() -> None:
    """Beneath everything and the page's own number: left out. Beside other cells, or another number: kept."""
    row = [(84.0, 700.0, 9.0, "（二）部分公开"), (200.0, 700.0, 9.0, "1"), (300.0, 700.0, 9.0, "1")]
    first = prose(*row, (280, 790, 9, "- 1 -"))
    second = prose(*row[:2], (280, 790, 9, "第 3 页"))
    document = read(drawn(first, second, prose(*row[:1], (200, 700, 9, "3"))))
    assert document.reread() == ["（二）部分公开\t1\t1", "（二）部分公开\t1", "第 3 页", "（二）部分公开\t3"]
