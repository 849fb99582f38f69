"""Evidence: the place of a fact in words and as a picture, for every kind of document."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import site_city
from lxml import html
from PIL import Image

from compare import evidence
from compare.evidence_parts import lines, originals, pages, places, redrawn
from compare.evidence_parts.redrawn import GridCell

ORANGE = np.array(pages.MARKED)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return site_city.city(tmp_path_factory) / "processed"


@pytest.fixture(scope="module")
def facts(out: Path) -> pd.DataFrame:
    return pd.read_parquet(out / "facts.parquet")


def is_orange(png: bytes) -> np.ndarray:
    """Where a picture is (nearly) of the colour of the box."""
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=int)
    return np.abs(pixels - ORANGE).max(axis=2) < 40


def marked_text(picture: evidence.Picture) -> list[str]:
    """What stands in the marked cells of a drawn table."""
    tree = html.fromstring(f"<div>{picture.content.decode('utf-8')}</div>")
    return [mark.text_content().replace("\xa0", "").strip() for mark in tree.iter("mark")]


def test_the_city_publishes_by_several_methods(facts: pd.DataFrame) -> None:
    assert {"html", "docx", "pdf", "text", "sheet"} <= set(facts["method"])


@pytest.mark.parametrize("method", ["html", "docx", "sheet", "text"])
def test_a_drawn_table_marks_the_cell_that_was_read(out: Path, facts: pd.DataFrame, method: str) -> None:
    own = facts[(facts["method"] == method) & facts["value"].notna()]
    for fact in own.sort_values("value").iloc[:: max(1, len(own) // 12)].itertuples():
        picture = evidence.picture(out, fact.fact_id)
        assert picture.kind == "html"
        marks = marked_text(picture)
        assert marks and all(mark == str(fact.raw_text) for mark in marks), fact.fact_id
        assert str(fact.source_path) in picture.note_en and str(fact.source_path) in picture.note_zh


def test_a_pdf_page_is_boxed_around_the_printed_number(out: Path, facts: pd.DataFrame) -> None:
    pdfplumber = pytest.importorskip("pdfplumber")
    raw = originals.raw_folder(out)
    own = facts[(facts["method"] == "pdf") & (facts["value"] > 0)].iloc[:4]
    assert len(own)
    for fact in own.itertuples():
        picture = evidence.picture(out, fact.fact_id)
        box = is_orange(picture.content)
        assert picture.kind == "png" and box.sum() > 100
        with pdfplumber.open(originals.original(raw, fact.source_path)) as document:
            page = document.pages[int(fact.page) - 1]
            inside = page.crop((fact.x0, fact.y0, fact.x1, fact.y1)).extract_text()
        assert inside.strip() == fact.raw_text
        high, wide = (np.ptp(where) for where in np.nonzero(box))
        assert abs(wide - (fact.x1 - fact.x0) * pages.POINTS_TO_PIXELS) < 14
        assert abs(high - (fact.y1 - fact.y0) * pages.POINTS_TO_PIXELS) < 14


def made_up(folder: Path, **fact: object) -> Path:
    """A published folder with one fact and a small table."""
    (folder / "raw").mkdir(parents=True)
    out = folder / "processed"
    out.mkdir()
    row = {"report_id": "r-2024-a", "fact_id": "r-2024-a/permits.decisions", "cell": "permits.decisions", "year": 2024}
    row |= {
        "office_zh": "虚构街道",
        "value": 7.0,
        "unit": "",
        "state": "reported",
        "raw_text": "7",
        "other_reading": None,
    }
    row |= {"form": "2021", "matched_by": "exact", "proof": "single", "source_path": "a.png", "page": 1.0}
    row |= {"table": 1.0, "row": 2.0, "col": 2.0, "x0": 300.0, "y0": 200.0, "x1": 340.0, "y1": 220.0, "method": "ocr"}
    pd.DataFrame([row | fact]).to_parquet(out / "facts.parquet")
    cells = [(1, 1, "项目"), (1, 2, "<script>alert(1)</script>"), (2, 1, "行政许可"), (2, 2, "7")]
    grid = [
        {"report_id": "r-2024-a", "source_path": "a.png", "table": 1, "row": r, "col": c, "row_span": 1, "col_span": 1}
        | {"text": text, "page": 1.0, "x0": c * 100.0, "y0": r * 100.0, "x1": c * 200.0, "y1": r * 120.0}
        for r, c, text in cells
    ]
    pd.DataFrame(grid).to_parquet(out / "grids.parquet")
    book = pd.DataFrame([{"cell": "permits.decisions", "label_zh": "行政许可", "label_en": "permits"}])
    book.to_csv(out / "codebook.csv", index=False, encoding="utf-8-sig")
    reports = pd.DataFrame([{"report_id": "r-2024-a", "url": "https://example.org/a"}])
    reports.to_csv(out / "reports.csv", index=False, encoding="utf-8-sig")
    (out / "run.json").write_text(json.dumps({"raw": "../raw"}), encoding="utf-8")
    return out


def test_a_scan_is_boxed_in_its_own_pixels(tmp_path: Path) -> None:
    out = made_up(tmp_path)
    Image.new("RGB", (600, 400), "white").save(tmp_path / "raw" / "a.png")
    picture = evidence.picture(out, "r-2024-a/permits.decisions")
    rows, columns = np.nonzero(is_orange(picture.content))
    assert picture.kind == "png"
    assert abs(np.ptp(columns) - 40) < 8 and abs(np.ptp(rows) - 20) < 8


@pytest.mark.parametrize("by", [0, 1, 2, 3])
def test_a_table_on_its_side_is_turned(by: int) -> None:
    """Cells of a lying page, turned by what they tell, stand as on the page before it was laid down."""
    upright = [(c, (c * 60.0, r * 20.0, c * 60.0 + 50.0, r * 20.0 + 15.0)) for r in range(6) for c in range(4)]
    lying = [(column, pages.turned(box, (300.0, 200.0), by)) for column, box in upright]
    turns = pages.quarters(lying)
    size = (300.0, 200.0) if by % 2 == 0 else (200.0, 300.0)
    assert [(column, pages.turned(box, size, turns)) for column, box in lying] == upright


@pytest.mark.parametrize("content", [None, b"no picture at all"])
def test_without_a_usable_original_the_table_is_drawn_and_says_so(tmp_path: Path, content: bytes | None) -> None:
    out = made_up(tmp_path)
    if content:
        (tmp_path / "raw" / "a.png").write_bytes(content)
    picture = evidence.picture(out, "r-2024-a/permits.decisions")
    assert picture.kind == "html" and marked_text(picture) == ["7"]
    assert "published cells" in picture.note_en and "重绘" in picture.note_zh
    assert b"<script>" not in picture.content and b"&lt;script&gt;" in picture.content
    assert "<script>" not in picture._repr_html_()


def test_no_path_leads_out_of_the_folder_of_originals(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"x")
    out = made_up(tmp_path, source_path="../secret.png")
    assert evidence.trace(out, "r-2024-a/permits.decisions")["original"] == ""
    assert evidence.picture(out, "r-2024-a/permits.decisions").kind == "html"


def test_trace_says_what_where_and_how_sure(tmp_path: Path) -> None:
    out = made_up(tmp_path, other_reading="1", proof="disputed")
    (tmp_path / "raw" / "a.png").write_bytes(b"x")
    traced = evidence.trace(out, "r-2024-a/permits.decisions")
    assert (traced["value"], traced["raw_text"], traced["other_reading"]) == (7.0, "7", "1")
    assert traced["place_en"] == "page 1, table 1, row 2, column 2"
    assert traced["place_zh"] == "第1页，第1个表格，第2行，第2列"
    assert traced["proof_en"].startswith("disputed") and traced["proof_zh"].startswith("两读不一")
    assert traced["label_zh"] == "行政许可" and traced["url"] == "https://example.org/a"
    assert Path(traced["original"]).name == "a.png"
    with pytest.raises(KeyError, match="is no fact"):
        evidence.trace(out, "r-2024-a/nothing")


def test_a_sheet_cell_is_named_as_its_program_names_it() -> None:
    fact = pd.Series({"method": "sheet", "page": 1, "row": 43, "col": 28})
    assert places.in_words(fact) == ("sheet 1, cell AB43", "第1个工作表AB43单元格")


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_lines_of_a_text_file_are_read_in_any_charset(tmp_path: Path, charset: str) -> None:
    (tmp_path / "a.txt").write_bytes("第一行\r\n行政许可\t7".encode(charset))
    assert originals.text_lines(tmp_path / "a.txt") == ["第一行", "行政许可\t7"]


@pytest.mark.parametrize(
    ("line", "bbox", "raw", "col", "marked"),
    [
        ("7", (1, 1), "7", 2, "7"),
        ("| 许可 | 7 | 7 |", (1, 1), "7", 3, " 7 "),
        ("许可\t7\t7", (1, 1), "7", 3, "7"),
        ("许可 17 件", (9, 9), "17", 2, "17"),
        ("7 7", (9, 9), "7", 2, "7 7"),
        ("许可,7,7", (1, 1), "7", 3, "7"),
        ("许可, 受理7件, 办结7件", (1, 1), "7", 2, "许可, 受理7件, 办结7件"),
    ],
)
def test_the_cell_is_found_in_its_line(line: str, bbox: tuple[int, int], raw: str, col: int, marked: str) -> None:
    start, end = lines.marked_span(line, *bbox, raw, col)
    assert line[start:end] == marked


def test_columns_stay_in_place_where_cells_are_missing_or_rows_left_out() -> None:
    cells = [GridCell(1, 1, 12, 1, "三"), GridCell(1, 2, 1, 2, "甲")]
    cells += [GridCell(row, 3, 1, 1, str(row)) for row in range(2, 13)]
    tree = html.fromstring(redrawn.table_html(cells, {(9, 3)}))
    rows = tree.findall(".//tr")
    texts = [[cell.text_content().strip() for cell in row] for row in rows]
    assert any("left out" in "".join(row) for row in texts)
    nine = next(row for row in rows if row.find(".//mark") is not None)
    assert nine.find(".//mark").text == "9"
    # The stub reaches from above into the run, and an empty place holds column 2 open.
    seven = next(row for row in texts if row[-1] == "7")
    assert seven == ["三", "", "7"]
    assert [row for row in texts if row[-1] == "9"] == [["", "9"]]


def test_a_long_line_is_shown_around_its_cells() -> None:
    line = "一" * 3000 + "\t7\t8" + "二" * 3000
    cells = [lines.Marked((1, 3002, 1, 3002), "7", 2), lines.Marked((1, 3004, 1, 3004), "8", 3)]
    tree = html.fromstring(lines.lines_html([line], cells))
    assert [mark.text for mark in tree.iter("mark")] == ["7", "8"]
    shown = tree.find(".//li").text_content()
    assert shown.startswith("…一") and shown.endswith("二…") and len(shown) < 500


def test_two_cells_of_a_line_are_marked_in_it_once() -> None:
    text = ["前", "许可\t7\t<8>", "后"]
    cells = [lines.Marked((2, 4, 2, 4), "7", 2), lines.Marked((2, 6, 2, 8), "<8>", 3)]
    tree = html.fromstring(lines.lines_html(text, cells))
    assert [mark.text for mark in tree.iter("mark")] == ["7", "<8>"]
    assert [item.text_content() for item in tree.iter("li")] == text
