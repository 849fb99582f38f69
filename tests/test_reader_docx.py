"""The DOCX reader: documents built by hand, each with one habit of Word, and what must come out of it."""

from __future__ import annotations

import pickle
import random
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from office_documents import (
    FICTIONAL,
    HEADINGS,
    NAMESPACES,
    OVERVIEW,
    REPORT_GRIDS,
    SOURCE,
    TITLE,
    W_NAMESPACE,
    Spot,
    cell,
    content_types,
    docx,
    paragraph,
    paragraphs,
    relationships,
    report_docx,
    spots_of,
    table,
    texts_of,
    zipped,
)

from extract.document import MAX_SPAN, Grid, Link, Unreadable
from extract.readers import docx as reader
from extract.readers.office_parts.numbering import chinese_number, formatted

EXAMPLES = Path(__file__).parent / "examples"
MAIN_RELATIONS = "word/_rels/document.xml.rels"


def texts(body: str, **extra: str) -> list[str]:
    """The paragraphs of a body; `extra` are parts of the folder word."""
    parts: dict[str, str | bytes] = {f"word/{name}.xml": content for name, content in extra.items()}
    parts[MAIN_RELATIONS] = relationships(*((f"r{name}", name, f"{name}.xml", False) for name in extra))
    return [text for _, text in paragraphs(reader.read(SOURCE, docx(body, parts)))]


def only_grid(body: str) -> list[list[str | None]]:
    (grid,) = reader.read(SOURCE, docx(body)).grids()
    return texts_of(grid)


def rows(*lines: str) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{line}</w:tr>" for line in lines) + "</w:tbl>"


def run(content: str) -> str:
    return f"<w:p><w:r>{content}</w:r></w:p>"


@pytest.mark.parametrize("data", [report_docx(), (EXAMPLES / "office-report.docx").read_bytes()])
def test_report_comes_back_whole(data: bytes) -> None:
    document = reader.read(SOURCE, data)
    assert [spots_of(grid) for grid in document.grids()] == [spots() for spots in REPORT_GRIDS]
    assert [text for _, text in paragraphs(document)][:4] == [TITLE, FICTIONAL, HEADINGS[0], OVERVIEW]
    kinds = [block.table if isinstance(block, Grid) else block.text[:2] for block in document.blocks]
    assert kinds == [TITLE[:2], "【虚", "一、", "20", "二、", 1, "三、", 2, "四、", 3, "五、", "一是", "六、", "无。"]


def test_second_reading_says_the_same_in_its_own_way() -> None:
    document = pickle.loads(pickle.dumps(reader.read(SOURCE, report_docx())))
    lines = document.reread()
    assert lines[:4] == [TITLE, FICTIONAL, HEADINGS[0], OVERVIEW]
    assert "行政规范性文件\t3\t1\t12" in lines
    assert "一、本年新收政府信息公开申请数量\t21\t4\t0\t1\t0\t2\t28" in lines
    first = "".join(text for grid in document.grids() for text in [spot.text for spot in spots_of(grid)])
    assert sorted("".join(lines)) == sorted(
        first + "".join(text for _, text in paragraphs(document)) + "\t" * "".join(lines).count("\t")
    )


def test_locators_count_from_one_and_carry_no_box() -> None:
    grid = reader.read(SOURCE, report_docx()).grids()[1]
    total = next(cell for cell in grid.cells if cell.text == "28")
    assert total.locator == ("0123456789ab", None, 2, 4, 10, None, "docx")
    assert (total.row, total.col) == (3, 9)


@st.composite
def tilings(draw: st.DrawFn) -> list[Spot]:
    """Cells that tile a rectangle of at least two columns, their texts distinct, blank or in several scripts."""
    height, width = draw(st.integers(1, 7)), draw(st.integers(2, 7))
    chance = random.Random(draw(st.integers(0, 2**32)))
    text = st.sampled_from(["", "0", "3.5", "总计", "-8", "a b", "（一）", "1.属于国家秘密", "<&>"])
    free = {(row, col) for row in range(height) for col in range(width)}
    spots = []
    for row, col in sorted(free):
        if (row, col) not in free:
            continue
        rows_, cols = chance.randint(1, min(3, height - row)), chance.randint(1, min(3, width - col))
        if col == 0:
            cols = min(cols, width - 1)  # no row of one cell alone: that would be a frame, not a table
        while any((r, c) not in free for r in range(row, row + rows_) for c in range(col, col + cols)):
            rows_, cols = (rows_ - 1, cols) if rows_ > 1 else (rows_, cols - 1)
        free -= {(r, c) for r in range(row, row + rows_) for c in range(col, col + cols)}
        spots.append(Spot(row, col, rows_, cols, draw(text)))
    return spots


@settings(max_examples=80, deadline=None)
@given(tilings())
def test_any_merged_grid_comes_back(spots: list[Spot]) -> None:
    (grid,) = reader.read(SOURCE, docx(table(spots))).grids()
    assert spots_of(grid) == sorted(spots)


def test_horizontal_merges_of_old_word() -> None:
    first = '<w:tc><w:tcPr><w:hMerge w:val="restart"/></w:tcPr><w:p><w:r><w:t>合</w:t></w:r></w:p></w:tc>'
    more = "<w:tc><w:tcPr><w:hMerge/></w:tcPr><w:p/></w:tc>"
    assert only_grid(rows(first + more + cell(paragraph("9")), cell(paragraph("1")) * 3)) == [
        ["合", "合", "9"],
        ["1", "1", "1"],
    ]


def test_block_merged_both_ways_is_one_cell() -> None:
    def part(across: str, down: str, text: str = "") -> str:
        marks = f'<w:hMerge w:val="{across}"/><w:vMerge w:val="{down}"/>'
        return f"<w:tc><w:tcPr>{marks}</w:tcPr>{paragraph(text)}</w:tc>"

    body = rows(
        part("restart", "restart", "块") + part("continue", "restart") + cell(paragraph("1")),
        part("restart", "continue") + part("continue", "continue") + cell(paragraph("2")),
    )
    assert only_grid(body) == [["块", "块", "1"], ["块", "块", "2"]]


def test_continued_merge_without_a_start_is_a_cell_of_its_own() -> None:
    body = rows(cell(paragraph("5")) + cell(paragraph("a")), cell("", merge="continue") + cell(paragraph("b")))
    assert only_grid(body) == [["5", "a"], ["", "b"]]


def test_text_hidden_in_a_continued_merge_is_told() -> None:
    body = rows(
        cell(paragraph("甲"), merge="restart") + cell(paragraph("1")),
        cell(paragraph("77"), merge="continue") + cell(paragraph("2")),
    )
    document = reader.read(SOURCE, docx(body))
    assert texts_of(document.grids()[0]) == [["甲", "1"], ["甲", "2"]]
    assert [(note.kind, note.locator.row if note.locator else 0) for note in document.notes] == [("hidden_text", 2)]


def test_columns_left_free_before_a_row() -> None:
    free = '<w:trPr><w:gridBefore w:val="2"/></w:trPr>'
    assert only_grid(rows(cell(paragraph("a")) * 3, free + cell(paragraph("b")))) == [
        ["a", "a", "a"],
        [None, None, "b"],
    ]


def test_slivers_of_columns_are_dropped() -> None:
    grid = "<w:tblGrid>" + "".join(f'<w:gridCol w:w="{width}"/>' for width in (599, 1, 600)) + "</w:tblGrid>"
    body = f"<w:tbl>{grid}<w:tr>{cell(paragraph('a'), 2)}{cell(paragraph('b'))}</w:tr>"
    body += f"<w:tr>{cell(paragraph('c'))}{cell(paragraph('d'), 2)}</w:tr></w:tbl>"
    assert only_grid(body) == [["a", "b"], ["c", "d"]]


REVISED = [
    (
        "<w:p><w:ins><w:r><w:t>新增</w:t></w:r></w:ins><w:del><w:r><w:delText>删</w:delText></w:r></w:del></w:p>",
        ["新增"],
    ),
    ("<w:p><w:del><w:r><w:t>误</w:t></w:r></w:del><w:r><w:t>12</w:t></w:r></w:p>", ["12"]),
    ("<w:p><w:moveFrom><w:r><w:t>前</w:t></w:r></w:moveFrom><w:r><w:t>后</w:t></w:r></w:p>", ["后"]),
    ("<w:p><w:moveTo><w:r><w:t>移</w:t></w:r></w:moveTo></w:p>", ["移"]),
    ("<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>上</w:t></w:r></w:p>" + paragraph("下"), ["上下"]),
    ("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r><w:r><w:t>显</w:t></w:r></w:p>", ["显"]),
    ('<w:p><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>显</w:t></w:r></w:p>', ["显"]),
]


@pytest.mark.parametrize(("body", "expected"), REVISED)
def test_revisions_are_accepted_in_both_readings(body: str, expected: list[str]) -> None:
    document = reader.read(SOURCE, docx(body))
    assert [text for _, text in paragraphs(document)] == expected
    assert document.reread() == expected


def test_deleted_rows_and_cells_are_gone_in_both_readings() -> None:
    gone_row = "<w:trPr><w:del/></w:trPr>" + cell(paragraph("99")) * 2
    gone_cell = "<w:tc><w:tcPr><w:cellDel/></w:tcPr><w:p><w:r><w:t>88</w:t></w:r></w:p></w:tc>"
    document = reader.read(SOURCE, docx(rows(cell(paragraph("1")) * 2, gone_row, gone_cell + cell(paragraph("2")) * 2)))
    assert texts_of(document.grids()[0]) == [["1", "1"], ["2", "2"]]
    assert document.reread() == ["1\t1", "2\t2"]


def test_text_box_is_read_once_behind_its_paragraph() -> None:
    box = f"<w:txbxContent>{paragraph('框内')}</w:txbxContent>"
    both = (
        f'<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    body = f"<w:p><w:r><w:t>一、</w:t></w:r><w:r>{both}</w:r><w:r><w:t>总体情况</w:t></w:r></w:p>" + paragraph("后")
    document = reader.read(SOURCE, docx(body))
    assert [text for _, text in paragraphs(document)] == ["一、总体情况", "框内", "后"]
    assert document.reread().count("框内") == 1


def test_fallback_is_taken_where_the_choice_is_empty() -> None:
    box = f"<w:pict><v:textbox><w:txbxContent>{paragraph('备用')}</w:txbxContent></v:textbox></w:pict>"
    both = f"<mc:AlternateContent><mc:Choice/><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    assert texts(f"<w:p><w:r>{both}</w:r></w:p>") == ["备用"]


def test_nested_table_becomes_a_grid_of_its_own() -> None:
    inner = table([Spot(0, 0, 1, 1, "内"), Spot(0, 1, 1, 1, "7")])
    outer = rows(
        cell(paragraph("外部说明文字在此")) + cell(inner + paragraph("尾")),
        cell(paragraph("第二行的文字")) + cell(paragraph("3")),
    )
    document = reader.read(SOURCE, docx(outer))
    assert [texts_of(grid) for grid in document.grids()] == [
        [["外部说明文字在此", "尾"], ["第二行的文字", "3"]],
        [["内", "7"]],
    ]
    assert [grid.table for grid in document.grids()] == [1, 2]


def test_layout_table_is_descended_into() -> None:
    framed = reader.read(SOURCE, docx(rows(cell(paragraph("框住的一段话")), cell(paragraph("又一段")))))
    assert [text for _, text in paragraphs(framed)] == ["框住的一段话", "又一段"]
    assert framed.grids() == []
    beside = rows(cell(paragraph("左栏")) + cell(paragraph("一、总体情况") + report_body() + paragraph("完")))
    assert [text for _, text in paragraphs(reader.read(SOURCE, docx(beside)))] == ["左栏", "一、总体情况", "完"]
    whole = reader.read(SOURCE, docx(rows(cell(paragraph("一、总体情况") + report_body() + paragraph("完")))))
    assert [spots_of(grid) for grid in whole.grids()] == [spots() for spots in REPORT_GRIDS]
    assert [text for _, text in paragraphs(whole)] == ["一、总体情况", "完"]


def report_body() -> str:
    return "".join(table(spots()) + "<w:p/>" for spots in REPORT_GRIDS)


INLINE = [
    ("<w:t>a</w:t><w:tab/><w:t>b</w:t>", "a b"),
    ("<w:t>政府</w:t><w:br/><w:t>信息</w:t>", "政府信息"),
    ("<w:t>Q</w:t><w:br/><w:t>A</w:t>", "Q A"),
    ("<w:t>3</w:t><w:noBreakHyphen/><w:t>4</w:t>", "3-4"),
    ('<w:sym w:font="Wingdings" w:char="F0FE"/><w:t>是</w:t>', "☑是"),
    ('<w:sym w:font="宋体" w:char="3007"/>', "〇"),
    ("<w:instrText>PAGE</w:instrText><w:t>7</w:t>", "7"),
    ("<w:t>&#160;0\u3000</w:t>", "0"),
    ("<w:t>正文</w:t><w:footnoteReference/>", "正文"),
    ("<w:ruby><w:rt><w:r><w:t>hàn</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>汉</w:t></w:r></w:rubyBase></w:ruby>", "汉"),
]


@pytest.mark.parametrize(("content", "expected"), INLINE)
def test_inline_elements_as_printed(content: str, expected: str) -> None:
    assert texts(run(content)) == [expected]
    assert only_grid(rows(cell(run(content)) + cell(paragraph("x")))) == [[expected, "x"]]


def test_wrappers_hide_nothing() -> None:
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph('控件')}</w:sdtContent></w:sdt>"
    field_ = '<w:p><w:fldSimple w:instr="DATE"><w:r><w:t>2023</w:t></w:r></w:fldSimple></w:p>'
    tagged = "<w:p><w:smartTag><w:r><w:t>武汉</w:t></w:r></w:smartTag></w:p>"
    assert texts(control + field_ + tagged) == ["控件", "2023", "武汉"]
    row = f"<w:sdt><w:sdtContent><w:tr>{cell(paragraph('1')) * 2}</w:tr></w:sdtContent></w:sdt>"
    held = f"<w:sdt><w:sdtContent>{cell(paragraph('2'))}</w:sdtContent></w:sdt>"
    assert only_grid(f"<w:tbl>{row}<w:tr>{held * 2}</w:tr></w:tbl>") == [["1", "1"], ["2", "2"]]


def test_prompt_of_an_empty_control_is_no_text() -> None:
    prompt = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{paragraph('单击此处')}</w:sdtContent></w:sdt>"
    assert only_grid(rows(cell(prompt) + cell(paragraph("x")))) == [["", "x"]]


def test_break_makes_paragraphs_where_sentences_end() -> None:
    body = run("<w:t>一、总体情况</w:t><w:br/><w:t>全年公开89条。</w:t><w:br/><w:t>二、主动公开</w:t>")
    assert texts(body) == ["一、总体情况全年公开89条。", "二、主动公开"]


STYLES = f"""<w:styles xmlns:w="{W_NAMESPACE}">
<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style>
<w:style w:type="paragraph" w:styleId="a5"><w:name w:val="自定"/><w:basedOn w:val="1"/></w:style>
<w:style w:type="paragraph" w:styleId="a3"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="11"><w:name w:val="toc 1"/></w:style>
<w:style w:type="paragraph" w:styleId="n"><w:name w:val="条"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
</w:styles>"""
NUMBERING = f"""<w:numbering xmlns:w="{W_NAMESPACE}"><w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>
</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>"""


def styled(text: str, style: str) -> str:
    return paragraph(text, f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>')


def numbered(text: str, level: int) -> str:
    return paragraph(text, f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr></w:pPr>')


def test_styles_give_roles() -> None:
    body = styled("标题", "a3") + styled("一", "1") + styled("二", "a5") + styled("目录", "11") + paragraph("正文")
    body += paragraph("大纲", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>') + styled("无名", "zz")
    parts: dict[str, str | bytes] = {
        "word/styles.xml": STYLES,
        MAIN_RELATIONS: relationships(("r1", "styles", "styles.xml", False)),
    }
    roles = [role for role, _ in paragraphs(reader.read(SOURCE, docx(body, parts)))]
    assert roles == ["title", "heading", "heading", "furniture", "body", "heading", "body"]


def test_automatic_numbers_are_printed() -> None:
    body = numbered("总体情况", 0) + numbered("主动公开", 1) + numbered("依申请", 1) + numbered("其他", 2)
    body += numbered("主动公开政府信息情况", 0) + styled("第三节", "n") + numbered("平台", 1)
    body += rows(cell(numbered("属于国家秘密", 2)) + cell(numbered("重复申请", 2)))
    parts: dict[str, str | bytes] = {
        "word/styles.xml": STYLES,
        "word/numbering.xml": NUMBERING,
        MAIN_RELATIONS: relationships(("a", "styles", "styles.xml", False), ("b", "numbering", "numbering.xml", False)),
    }
    document = reader.read(SOURCE, docx(body, parts))
    assert [text for _, text in paragraphs(document)] == [
        "一、总体情况", "（一）主动公开", "（二）依申请", "1.其他", "二、主动公开政府信息情况", "三、第三节", "（一）平台",
    ]  # fmt: skip
    assert texts_of(document.grids()[0]) == [["1.属于国家秘密", "2.重复申请"]]


@pytest.mark.parametrize(
    ("number", "expected"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (105, "一百〇五"), (110, "一百一十")],
)
def test_chinese_numbers(number: int, expected: str) -> None:
    assert chinese_number(number) == expected


@pytest.mark.parametrize(
    ("number", "style", "expected"),
    [(3, "decimalEnclosedCircle", "③"), (4, "upperRoman", "IV"), (28, "lowerLetter", "bb"), (2, "ideographTraditional", "乙"),
     (5, "bullet", ""), (12, "decimalFullWidth", "１２"), (7, "unknownFormat", "7")],
)  # fmt: skip
def test_number_formats(number: int, style: str, expected: str) -> None:
    assert formatted(number, style) == expected


def test_metadata_links_and_headers() -> None:
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>青禾年报</dc:title><dc:creator>青禾</dc:creator></cp:coreProperties>'
    )
    body = '<w:p><w:hyperlink r:id="h"><w:r><w:t>附件</w:t></w:r></w:hyperlink></w:p>'
    body += '<w:p><w:r><w:drawing><a:blip r:embed="i"/></w:drawing></w:r></w:p><w:altChunk r:id="c"/>'
    kinds = [("h", "hyperlink", "http://example.invalid/表.xlsx", True), ("i", "image", "media/image1.png", False)]
    parts: dict[str, str | bytes] = {
        "docProps/core.xml": core,
        "_rels/.rels": relationships(
            ("a", "officeDocument", "word/document.xml", False), ("b", "core-properties", "docProps/core.xml", False)
        ),
        MAIN_RELATIONS: relationships(*kinds, ("x", "header", "header1.xml", False)),
        "word/header1.xml": f'<w:hdr xmlns:w="{W_NAMESPACE}">{paragraph("页眉")}</w:hdr>',
    }
    document = reader.read(SOURCE, docx(body, parts))
    assert document.metadata == {"title": "青禾年报", "author": "青禾"}
    assert document.links == [
        Link("http://example.invalid/表.xlsx", "附件", "attachment"),
        Link("word/media/image1.png", "", "image"),
    ]
    assert [text for _, text in paragraphs(document)] == ["附件"]
    assert [note.kind for note in document.notes] == ["embedded"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_strict_documents_at_another_path(encoding: str) -> None:
    strict = NAMESPACES.replace(W_NAMESPACE, "http://purl.oclc.org/ooxml/wordprocessingml/main")
    content = f'<?xml version="1.0" encoding="{encoding}"?><w:document {strict}><w:body>{paragraph("严格")}</w:body></w:document>'
    types = content_types("content/main.xml", "wordprocessingml.document")
    data = zipped({"[Content_Types].xml": types, "content/main.xml": content.encode(encoding)})
    document = reader.read(SOURCE, data)
    assert [text for _, text in paragraphs(document)] == ["严格"]
    assert document.reread() == ["严格"]


def test_sniffs_by_content() -> None:
    assert reader.sniffs(report_docx()[:8192], ".doc")
    assert reader.sniffs(report_docx()[:8192], ".bin")
    assert not reader.sniffs((EXAMPLES / "office-report.xlsx").read_bytes()[:8192], ".docx")
    assert not reader.sniffs(b"%PDF-1.7", ".docx")
    assert not reader.sniffs(zipped({"a.txt": "x"})[:8192], ".zip")
    assert reader.sniffs(
        zipped({"docProps/app.xml": "x"})[:8192], ".docx"
    )  # what the head does not tell, the suffix does


XXE = '<!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
BROKEN = {
    "cut": report_docx()[:-300],
    "not a zip": b"PK\x03\x04" + b"\0" * 200,
    "no document": zipped({"[Content_Types].xml": "<Types/>"}),
    "broken xml": docx("<w:p><w:r>"),
    "entities": docx(
        "",
        {"word/document.xml": f"{XXE}<w:document {NAMESPACES}><w:body>{run('<w:t>&x;</w:t>')}</w:body></w:document>"},
    ),
    "too deep": docx("<w:sdt><w:sdtContent>" * 300 + "</w:sdtContent></w:sdt>" * 300),
    "bomb": docx("", {"word/document.xml": b"<w:document>" + b" " * 30_000_000}),
    "another root": docx("", {"word/document.xml": "<html/>"}),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
def test_broken_files_are_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(Unreadable, match=r"^[A-Z].*\.$"):
        reader.read(SOURCE, data)


def test_spans_and_sizes_are_bounded() -> None:
    wide = rows(cell(paragraph("a"), 99_999_999) + cell(paragraph("b")), cell(paragraph("c")) * 2)
    document = reader.read(SOURCE, docx(wide))
    assert max(spot.col + spot.cols for spot in spots_of(document.grids()[0])) <= 2 * MAX_SPAN
    assert [note.kind for note in document.notes] == ["too_large"]
    many = reader.read(SOURCE, docx(rows(*[cell(paragraph("1")) * 50] * 500)))
    assert len(many.grids()[0].cells) < 21_000
    assert [note.kind for note in many.notes] == ["too_large"]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=4))
def test_damaged_bytes_never_escape_as_other_errors(place: int, noise: bytes) -> None:
    data = bytearray(report_docx())
    place %= len(data)
    data[place : place + len(noise)] = noise
    with suppress(Unreadable):
        reader.read(SOURCE, bytes(data)).reread()
