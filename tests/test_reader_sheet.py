"""The spreadsheet reader: workbooks built by hand, the same report from LibreOffice, separated values."""

from __future__ import annotations

import pickle
import re
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from office_documents import (
    FICTIONAL,
    HEADINGS,
    OVERVIEW,
    REPORT_GRIDS,
    SOURCE,
    TITLE,
    content_types,
    docx,
    paragraph,
    paragraphs,
    relationships,
    report_xlsx,
    spots_of,
    texts_of,
    xlsx,
    zipped,
)

from extract.document import Document, Grid, Unreadable
from extract.readers import sheet as reader
from extract.readers.office_parts.recordflat import _rk, _table

EXAMPLES = Path(__file__).parent / "examples"


def read_cells(cells: dict[str, object], *merges: str) -> Document:
    return reader.read(SOURCE, xlsx({"表": (cells, list(merges))}))


@pytest.mark.parametrize("name", ["office-report.xlsx", "office-report.xls", "office-report.ods"])
def test_report_comes_back_whole(name: str) -> None:
    data = (EXAMPLES / name).read_bytes()
    document = reader.read(SOURCE, data)
    assert [spots_of(grid) for grid in document.grids()] == [spots() for spots in REPORT_GRIDS]
    assert paragraphs(document)[:4] == [
        ("title", TITLE), ("body", FICTIONAL), ("heading", HEADINGS[0]), ("body", OVERVIEW),
    ]  # fmt: skip
    order = [block.table if isinstance(block, Grid) else block.text[:2] for block in document.blocks]
    assert order == [TITLE[:2], "【虚", "一、", "20", "二、", "第二", 1, "三、", 2, "四、", 3, "五、"]
    assert reader.sniffs(data[:8192], Path(name).suffix)


def test_the_committed_workbook_is_the_one_built_here() -> None:
    built = reader.read(SOURCE, report_xlsx())
    kept = reader.read(SOURCE, (EXAMPLES / "office-report.xlsx").read_bytes())
    assert [spots_of(grid) for grid in built.grids()] == [spots_of(grid) for grid in kept.grids()]


def test_second_reading_of_a_workbook() -> None:
    document = pickle.loads(pickle.dumps(reader.read(SOURCE, report_xlsx())))
    lines = document.reread()
    assert lines[0] == TITLE
    assert "行政事业性收费\t0.092" in lines
    assert "一、本年新收政府信息公开申请数量\t21\t4\t0\t1\t0\t2\t28" in lines


def test_second_reading_of_an_old_workbook_says_what_the_first_says() -> None:
    document = reader.read(SOURCE, (EXAMPLES / "office-report.xls").read_bytes())
    seen = ["\t".join(cell.text for cell in row if cell.text) for grid in document.grids() for row in grid.own_cells()]
    lines = document.reread()
    assert lines[0] == TITLE and set(filter(None, seen)) <= set(lines)


def table_of_strings(strings: list[tuple[str, bool]], sizes: list[int]) -> list[bytes]:
    """An SST record and the records that continue it, of those sizes; a string may go on in the next record, which says its width anew."""
    parts, left = [struct.pack("<II", len(strings), len(strings))], sizes[0]
    for text, rich in strings:
        wide = any(character > "\u00ff" for character in text)
        head = struct.pack("<HB", len(text), wide | 8 * rich) + (struct.pack("<H", 1) if rich else b"")
        if left < len(head) + 2:
            parts.append(b"")
            left = sizes[len(parts) % len(sizes)]
        parts[-1] += head
        left -= len(head)
        for character in text:
            raw = character.encode("utf-16-le" if wide else "latin-1")
            if left < len(raw):
                parts.append(bytes([wide]))
                left = sizes[len(parts) % len(sizes)]
            parts[-1] += raw
            left -= len(raw)
        parts[-1] += b"\0\0\0\0" * rich
        left -= 4 * rich
    return parts


@given(
    st.lists(st.tuples(st.text(st.characters(max_codepoint=0x9FFF, exclude_categories=["Cs"]), max_size=30), st.booleans()), max_size=12),
    st.lists(st.integers(12, 60), min_size=1, max_size=5),
)  # fmt: skip
def test_strings_of_an_old_workbook_go_on_over_records(strings: list[tuple[str, bool]], sizes: list[int]) -> None:
    first, *following = table_of_strings(strings, sizes)
    assert _table(first, following) == [text for text, _ in strings]


@pytest.mark.parametrize(
    ("packed", "value"),
    [(0x3FF00000, 1.0), (3 << 2 | 2, 3.0), ((-5 & 0x3FFFFFFF) << 2 | 2, -5.0), (1234 << 2 | 3, 12.34)],
)
def test_packed_numbers(packed: int, value: float) -> None:
    assert _rk(packed) == value


def test_locators_are_places_of_the_sheet() -> None:
    cells: dict[str, object] = {"B3": "规章", "C3": 0, "B4": "文件", "C4": 12}
    grid = read_cells(cells).grids()[0]
    twelve = next(cell for cell in grid.cells if cell.text == "12")
    assert (twelve.row, twelve.col) == (1, 1)
    assert twelve.locator == ("0123456789ab", 1, 1, 4, 3, None, "sheet")
    assert (grid.page, grid.caption) == (1, "表")


@pytest.mark.parametrize(
    ("value", "expected"),
    [(3.0, "3"), (0.092, "0.092"), (96171.6, "96171.6"), (24252.311082, "24252.311082"), (-8, "-8"), (0.1 + 0.2, "0.3"),
     (1e17, "100000000000000000"), (0.00000125, "0.00000125"), (True, "TRUE"), ("0 ", "0 "), ("", "")],
)  # fmt: skip
def test_numbers_as_a_person_sees_them(value: object, expected: str) -> None:
    assert reader.as_printed(value) == expected


def test_blank_stays_blank_and_zero_stays_zero() -> None:
    assert texts_of(read_cells({"A1": "许可", "B1": 0, "D1": 2, "A2": "处罚", "D2": 0}).grids()[0]) == [
        ["许可", "0", "", "2"],
        ["处罚", "", "", "0"],
    ]


def test_lone_rows_head_a_table_or_stand_as_prose() -> None:
    cells: dict[str, object] = {
        "A1": "青禾街道办事处2023年年报", "A2": "全年公开89条。", "A4": "第二十条第（五）项", "A5": "信息内容", "B5": "数量",
        "A6": "许可", "B6": 13, "A7": "第二十条第（六）项", "A8": "处罚", "B8": 0, "A9": "注：数字为虚构。",
        "A10": "三、收到和处理申请情况", "A11": "一、本年新收", "B11": 2, "A12": "二、上年结转", "A13": "三、结果", "B13": 2,
    }  # fmt: skip
    document = read_cells(cells, "A10:B10")
    assert [texts_of(grid) for grid in document.grids()] == [
        [["第二十条第（五）项", ""], ["信息内容", "数量"], ["许可", "13"], ["第二十条第（六）项", ""], ["处罚", "0"]],
        [["一、本年新收", "2"], ["二、上年结转", ""], ["三、结果", "2"]],
    ]
    assert paragraphs(document) == [
        ("title", "青禾街道办事处2023年年报"), ("body", "全年公开89条。"), ("body", "第二十条第（五）项"),
        ("body", "注：数字为虚构。"), ("heading", "三、收到和处理申请情况"),
    ]  # fmt: skip


@pytest.mark.parametrize("when", ["2024年1月20日", "2024-01-20", "二〇二四年一月二十日"])
@pytest.mark.parametrize("who", ["青禾街道办事处", "云汐市人民政府青禾街道办事处（盖章）"])
def test_a_signature_right_beneath_a_table_is_none_of_its_rows(who: str, when: str) -> None:
    cells: dict[str, object] = {
        "A1": "类型", "B1": "结果维持", "C1": "总计", "A2": "行政复议", "B2": 1, "C2": 1, "A3": "行政诉讼", "C4": who, "C5": when,
    }  # fmt: skip
    document = read_cells(cells)
    assert [texts_of(grid) for grid in document.grids()] == [
        [["类型", "结果维持", "总计"], ["行政复议", "1", "1"], ["行政诉讼", "", ""]]
    ]
    assert paragraphs(document)[-2:] == [("body", who), ("body", when)]


def test_an_office_in_the_last_row_without_a_date_stays_a_row() -> None:
    document = read_cells({"A1": "机构", "B1": "件数", "A2": "青禾街道", "B2": 1, "A3": "白鹭街道"})
    assert [texts_of(grid) for grid in document.grids()] == [[["机构", "件数"], ["青禾街道", "1"], ["白鹭街道", ""]]]


def test_several_sheets_follow_each_other() -> None:
    pair: dict[str, object] = {"A1": "a", "B1": 1}
    document = reader.read(SOURCE, xlsx({"一": (pair, []), "二": ({"A1": "只有文字"}, []), "三": (pair, [])}))
    assert [(grid.table, grid.page, grid.caption) for grid in document.grids()] == [(1, 1, "一"), (2, 3, "三")]
    assert [block.locator.page for block in document.blocks if not isinstance(block, Grid)] == [2]


def test_hidden_sheets_are_told() -> None:
    data = xlsx({"甲": ({"A1": "a", "B1": 1}, []), "乙": ({"A1": "b", "B1": 2}, [])})
    hidden = rewritten(data, "xl/workbook.xml", b'name="\xe4\xb9\x99"', b'state="hidden" name="\xe4\xb9\x99"')
    document = reader.read(SOURCE, hidden)
    assert [texts_of(grid) for grid in document.grids()] == [[["a", "1"]]]
    assert [note.kind for note in document.notes] == ["hidden_sheet"]


def rewritten(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """A package in which one part has `new` instead of `old`."""
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    content = parts[part]
    assert isinstance(content, bytes) and old in content
    return zipped(parts | {part: content.replace(old, new)})


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_values_come_back(data: st.DataObject) -> None:
    width = data.draw(st.integers(2, 6))
    value = st.one_of(st.integers(-999, 10**7), st.sampled_from(["", "总计", "/", "1.属于", "a\nb"]))
    rows = data.draw(st.lists(st.lists(value, min_size=width, max_size=width), min_size=1, max_size=6))
    for row in rows:
        row[0], row[-1] = "标签", 7  # no row of one value, no empty row
    cells = {
        f"{chr(65 + col)}{row + 1}": item
        for row, line in enumerate(rows)
        for col, item in enumerate(line)
        if item != ""
    }
    (grid,) = read_cells(cells).grids()
    expected = [[str(item).replace("\n", " ") for item in line] for line in rows]
    assert texts_of(grid) == expected


CSV = '信息内容,本年制发件数,现行有效件数\n规章,0,0\n"文件,其他",3,12\n合计,,12\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_separated_values_in_any_character_set(encoding: str) -> None:
    data = CSV.encode(encoding)
    assert reader.sniffs(data[:8192], ".csv")
    document = reader.read(SOURCE._replace(path="a/b.csv"), data)
    assert texts_of(document.grids()[0]) == [
        ["信息内容", "本年制发件数", "现行有效件数"], ["规章", "0", "0"], ["文件,其他", "3", "12"], ["合计", "", "12"],
    ]  # fmt: skip
    assert document.reread()[1] == "规章\t0\t0"


def test_tabs_count_as_values_only_by_name() -> None:
    data = CSV.replace(",", "\t").encode()
    assert reader.sniffs(data, ".tsv")
    assert not reader.sniffs(data, ".txt")
    assert reader.sniffs(CSV.encode(), ".txt")
    prose = "全年公开89条，其中网站61条。\n一是不够, 二是有待加强。\n无。\n"
    assert not reader.sniffs(prose.encode(), ".txt")
    assert not reader.sniffs(b"<html>\n<p>a, b, c</p>\n<p>a, b, c</p>\n<p>a, b, c</p>", ".html")
    assert not reader.sniffs(b"{\n'a': 1, 'b': 2, 'c': 3}\n" * 3, ".json")


def test_sniffs_by_content() -> None:
    assert reader.sniffs(report_xlsx()[:8192], ".docx")
    assert not reader.sniffs(docx(paragraph("x"))[:8192], ".xlsx")
    assert not reader.sniffs((EXAMPLES / "office-report.doc").read_bytes()[:8192], ".doc")


def test_a_panic_of_the_library_is_a_damaged_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    import python_calamine

    class PanicException(BaseException):  # named like pyo3's, which cannot be imported
        pass

    class Panicking:
        @staticmethod
        def from_filelike(file: object) -> None:
            raise PanicException("index out of bounds")

    monkeypatch.setattr(python_calamine, "CalamineWorkbook", Panicking)
    with pytest.raises(Unreadable, match="damaged"):
        reader.read(SOURCE, report_xlsx())


XLS = (EXAMPLES / "office-report.xls").read_bytes()
DIMENSIONS = next(re.finditer(rb"\x00\x02\x0e\x00\x00\x00\x00\x00.{10}", XLS, re.DOTALL))[0]
FAR = xlsx({"远": ({"A1": "a", "XFD1048576": 1}, [])})
BROKEN = {
    "cut": report_xlsx()[:-200],
    "spread over a million rows": FAR,
    "a span that ends before it begins": XLS.replace(DIMENSIONS, DIMENSIONS[:4] + b"\x00\x01\0\0" + DIMENSIONS[8:]),
    "a span of a billion cells": XLS.replace(DIMENSIONS, DIMENSIONS[:8] + b"\xff\xff\xff\x0f" + DIMENSIONS[12:]),
    "word document in OLE": (EXAMPLES / "office-report.doc").read_bytes(),
    "cut OLE": (EXAMPLES / "office-report.xls").read_bytes()[:3000],
    "empty": xlsx({"空": ({}, [])}),
    "no workbook": zipped({"[Content_Types].xml": content_types("xl/workbook.xml", "spreadsheetml.sheet"),
                           "_rels/.rels": relationships()}),
}  # fmt: skip


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
def test_broken_files_are_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(Unreadable, match=r"^[A-Z].*\.$"):
        reader.read(SOURCE, data)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 20_000), st.binary(min_size=1, max_size=8), st.sampled_from(["xls", "xlsx"]))
def test_damaged_bytes_never_escape_as_other_errors(place: int, noise: bytes, kind: str) -> None:
    data = bytearray((EXAMPLES / f"office-report.{kind}").read_bytes())
    place %= len(data)
    data[place : place + len(noise)] = noise
    try:
        document = reader.read(SOURCE, bytes(data))
    except Unreadable as error:
        assert str(error)
    else:
        assert document.blocks


def test_equal_neighbours_of_an_open_sheet_stand_as_often_in_the_second_reading() -> None:
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    row = (
        "<table:table-cell><text:p>（一）予以公开</text:p></table:table-cell>"
        '<table:table-cell table:number-columns-repeated="3"><text:p>0</text:p></table:table-cell>'
        "<table:table-cell><text:p>4</text:p></table:table-cell>"
        '<table:table-cell table:number-columns-repeated="1000"/>'
    )
    content = (
        f'<office:document-content xmlns:office="{urn}:office:1.0" xmlns:table="{urn}:table:1.0" xmlns:text="{urn}:text:1.0">'
        f"<office:body><office:spreadsheet><table:table><table:table-row>{row}</table:table-row></table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    mimetype = "application/vnd.oasis.opendocument.spreadsheet"
    document = reader.read(SOURCE, zipped({"mimetype": mimetype, "content.xml": content}))
    assert document.reread() == ["（一）予以公开\t0\t0\t0\t4"]
