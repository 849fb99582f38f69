"""The OpenDocument text reader: merged and covered cells, changes, text boxes, and files that are none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from office_documents import FICTIONAL, SOURCE, TITLE, Spot, paragraphs, spots_of, texts_of, zipped

from extract.document import Document, Unreadable
from extract.readers import odt as reader
from extract.readers import read

URN = "urn:oasis:names:tc:opendocument:xmlns"
NAMESPACES = " ".join(
    f'xmlns:{name}="{URN}:{full}:1.0"'
    for name, full in (("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"))
)
MIMETYPE = "application/vnd.oasis.opendocument.text"


def written(body: str, mimetype: str = MIMETYPE) -> bytes:
    content = f"<office:document-content {NAMESPACES}><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    return zipped({"mimetype": mimetype, "content.xml": content})


def document_of(body: str) -> Document:
    return reader.read(SOURCE, written(body))


def cell(text: str, spans: str = "") -> str:
    return f"<table:table-cell{spans}><text:p>{text}</text:p></table:table-cell>"


def table(*rows: str) -> str:
    return "<table:table>" + "".join(f"<table:table-row>{row}</table:table-row>" for row in rows) + "</table:table>"


COVERED = "<table:covered-table-cell/>"
MERGED = table(
    cell("三、本年度办理结果", ' table:number-rows-spanned="2"') + cell("（一）予以公开") + cell("3"),
    COVERED + cell("（二）部分<text:line-break/>公开") + cell("1<text:s/>2"),
    cell("（七）总计", ' table:number-columns-spanned="2"') + COVERED + cell("4"),
)


def test_merged_cells_stand_once() -> None:
    [grid] = document_of(MERGED).grids()
    assert spots_of(grid) == [
        Spot(0, 0, 2, 1, "三、本年度办理结果"),
        Spot(0, 1, 1, 1, "（一）予以公开"),
        Spot(0, 2, 1, 1, "3"),
        Spot(1, 1, 1, 1, "（二）部分公开"),
        Spot(1, 2, 1, 1, "1 2"),
        Spot(2, 0, 1, 2, "（七）总计"),
        Spot(2, 2, 1, 1, "4"),
    ]


def test_second_reading_has_the_rows() -> None:
    lines = document_of(f"<text:p>{TITLE}</text:p>{MERGED}").reread()
    assert lines == [TITLE, "三、本年度办理结果\t（一）予以公开\t3", "（二）部分公开\t1 2", "（七）总计\t4"]


def test_what_was_deleted_or_noted_is_not_read() -> None:
    deleted = "<text:tracked-changes><text:changed-region><text:deletion><text:p>999</text:p></text:deletion></text:changed-region></text:tracked-changes>"
    noted = "<text:note><text:note-body><text:p>脚注</text:p></text:note-body></text:note><office:annotation><text:p>批注</text:p></office:annotation>"
    document = document_of(f"{deleted}<text:p>共公开<text:span>89</text:span>条{noted}。</text:p>")
    assert paragraphs(document) == [("body", "共公开89条。")]
    assert document.reread() == ["共公开89条。"]


def test_boxes_sections_and_lists() -> None:
    body = (
        f"<text:p><draw:frame><draw:text-box><text:p>{TITLE}</text:p>{table(cell('甲') + cell('1'))}</draw:text-box></draw:frame></text:p>"
        f"<text:section><text:h>一、总体情况</text:h><text:list><text:list-item><text:p>{FICTIONAL}</text:p></text:list-item></text:list></text:section>"
    )
    document = document_of(body)
    assert paragraphs(document) == [("body", TITLE), ("heading", "一、总体情况"), ("body", FICTIONAL)]
    assert [texts_of(grid) for grid in document.grids()] == [[["甲", "1"]]]


def test_repeated_cells_and_tables_in_cells() -> None:
    blank = '<table:table-cell table:number-columns-repeated="3"/>'
    document = document_of(table(cell("规章") + blank, f"<table:table-cell>{table(cell('内'))}</table:table-cell>"))
    assert [texts_of(grid) for grid in document.grids()] == [[["规章", "", "", ""], ["", None, None, None]], [["内"]]]


def test_it_is_known_by_its_first_member() -> None:
    assert read(SOURCE._replace(path="report.docx"), written("<text:p>年度报告</text:p>")).source.kind == "odt"
    sheet = written("<text:p/>", "application/vnd.oasis.opendocument.spreadsheet")
    assert not reader.sniffs(sheet[:8192], ".odt")


@pytest.mark.parametrize("body", ["", "<text:p> </text:p>"])
def test_no_text_is_told(body: str) -> None:
    with pytest.raises(Unreadable, match="no text"):
        document_of(body)


def test_a_sheet_named_as_text_is_told() -> None:
    content = f"<office:document-content {NAMESPACES}><office:body><office:spreadsheet/></office:body></office:document-content>"
    with pytest.raises(Unreadable, match="no text document"):
        reader.read(SOURCE, zipped({"mimetype": MIMETYPE, "content.xml": content}))


def test_endless_repetition_and_depth_are_bounded() -> None:
    blanks = '<table:table-cell table:number-columns-repeated="99999999"/>'
    row = f'<table:table-row table:number-rows-repeated="99999999">{blanks}</table:table-row>'
    [grid] = document_of(f"<text:p>表</text:p><table:table>{row}</table:table>").grids()
    assert len(grid.cells) < 25_000
    deep = "<text:section>" * 200 + "<text:p>深</text:p>" + "</text:section>" * 200
    assert [note.kind for note in document_of(f"<text:p>表</text:p>{deep}").notes] == ["too_large"]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 700), st.binary(min_size=1, max_size=6))
def test_damage_raises_only_unreadable(at: int, junk: bytes) -> None:
    data = bytearray(written(f"<text:p>{TITLE}</text:p>{MERGED}"))
    data[at : at + len(junk)] = junk
    try:
        document = reader.read(SOURCE, bytes(data))
    except Unreadable:
        return
    assert document.blocks
    document.reread()
