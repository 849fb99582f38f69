"""DOCX as other programs and other hands make them; and plain tables taken from bytes against the same tables from the tree."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from office_documents import (
    SOURCE,
    W_NAMESPACE,
    cell,
    content_types,
    docx,
    paragraph,
    paragraphs,
    relationships,
    report_docx,
    texts_of,
)
from test_reader_docx import EXAMPLES, INLINE, MAIN_RELATIONS, NUMBERING, REVISED, STYLES, rows, run

from extract.document import Document, Grid, Unreadable
from extract.readers import docx as reader
from extract.readers import read as read_any
from extract.readers.office_parts import plain, word

Taker = Callable[..., tuple[bytes, list[plain.PlainTable]]]


def leave_all(data: bytes, is_numbered: Callable[[str], bool]) -> tuple[bytes, list[plain.PlainTable]]:
    return data, []


def content(document: Document | None) -> object:
    if document is None:
        return None
    blocks = [
        (block.table, block.cells) if isinstance(block, Grid) else (block.text, block.role) for block in document.blocks
    ]
    return blocks, document.notes, document.links, document.metadata


def read_or_none(data: bytes) -> Document | None:
    try:
        return reader.read(SOURCE, data)
    except Unreadable:
        return None


def both_ways(data: bytes) -> tuple[object, object, int]:
    """What the reader makes of the bytes, what it makes of them by the tree alone, how many tables it took from bytes."""
    taken: list[plain.PlainTable] = []

    def counted(data: bytes, is_numbered: Callable[[str], bool]) -> tuple[bytes, list[plain.PlainTable]]:
        lean, tables = usual(data, is_numbered)
        taken.extend(tables)
        return lean, tables

    usual: Taker = word.take_plain_tables
    try:
        word.take_plain_tables = counted
        first = content(read_or_none(data))
        word.take_plain_tables = leave_all
        return first, content(read_or_none(data)), len(taken)
    finally:
        word.take_plain_tables = usual


RUN_PROPERTIES = ["", "<w:rPr/>", "<w:rPr><w:b/><w:sz w:val=\"21\"/></w:rPr>", "<w:rPr><w:vanish/></w:rPr>",
                  '<w:rPr><w:strike w:val="0"/></w:rPr>', "<w:rPr><w:dstrike/></w:rPr>",
                  '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>', "<w:rPr><w:rPrChange><w:rPr><w:b/></w:rPr></w:rPrChange></w:rPr>"]  # fmt: skip
RUN_CONTENTS = ["<w:t>12</w:t>", '<w:t xml:space="preserve"> 3 </w:t>', "<w:t/>", "<w:t>&lt;a&amp;b&#x4e00;&gt;</w:t>", "<w:t>a&gt;b</w:t>",
                "<w:br/>", "<w:t>一</w:t><w:br/><w:t>二</w:t>", "<w:tab/><w:t>x</w:t>", "<w:instrText>PAGE</w:instrText>", "<w:noBreakHyphen/>",
                "<w:lastRenderedPageBreak/><w:t>政府</w:t>", "<w:t>a\u00a0b\u3000c</w:t>", "<w:t>x  y</w:t>", "<w:sym w:font=\"宋体\" w:char=\"3007\"/>"]  # fmt: skip
PARAGRAPH_PROPERTIES = ["", "<w:pPr/>", '<w:pPr><w:jc w:val="center"/><w:rPr><w:b/></w:rPr></w:pPr>', '<w:pPr><w:pStyle w:val="a5"/></w:pPr>',
                        '<w:pPr><w:pStyle w:val="n"/></w:pPr>', '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>',
                        "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>"]  # fmt: skip
CELL_PROPERTIES = ["", "<w:tcPr/>", '<w:tcPr><w:tcW w:w="600" w:type="dxa"/><w:gridSpan w:val="2"/></w:tcPr>', "<w:tcPr><w:vMerge/></w:tcPr>",
                   '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>', "<w:tcPr><w:hMerge/></w:tcPr>", "<w:tcPr><w:cellDel/></w:tcPr>",
                   "<w:tcPr><w:gridSpan w:val='2'/></w:tcPr>", '<w:tcPr><w:gridSpan w:val = "2"/></w:tcPr>', '<w:tcPr><w:vMerge w:val="continue"/></w:tcPr>']  # fmt: skip
ROW_PROPERTIES = ["", "<w:trPr><w:cantSplit/><w:trHeight w:val=\"300\"/></w:trPr>", '<w:trPr><w:gridBefore w:val="1"/></w:trPr>',
                  "<w:trPr><w:del/></w:trPr>", "<w:tblPrEx><w:jc w:val=\"center\"/></w:tblPrEx>"]  # fmt: skip
WRAPPINGS = ["{}", "{}", "{}", "<w:ins w:id=\"1\">{}</w:ins>", "<w:del w:id=\"1\">{}</w:del>", "<w:hyperlink>{}</w:hyperlink>",
             "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>", "<w:bookmarkStart w:id=\"0\" w:name=\"a\"/>{}<w:bookmarkEnd w:id=\"0\"/>"]  # fmt: skip


def usually(chance: random.Random, usual: list[str], odd: list[str]) -> str:
    """One of the usual pieces nine times out of ten, so that many tables are plain but for one place."""
    return chance.choice(usual if chance.random() < 0.93 else odd)


def some_table(chance: random.Random) -> str:
    def some_run() -> str:
        text = f"<w:r>{usually(chance, RUN_PROPERTIES[:3], RUN_PROPERTIES)}{usually(chance, RUN_CONTENTS[:5], RUN_CONTENTS)}</w:r>"
        wrapped = usually(chance, WRAPPINGS[:4], WRAPPINGS).format(text)
        return (
            wrapped.replace("w:t>", "w:delText>").replace("<w:t ", "<w:delText ") if "<w:del " in wrapped else wrapped
        )

    def some_paragraph() -> str:
        inside = "".join(some_run() for _ in range(chance.choice((0, 1, 1, 1, 2, 3))))
        return f"<w:p>{usually(chance, PARAGRAPH_PROPERTIES[:4], PARAGRAPH_PROPERTIES)}{inside}</w:p>"

    def some_cell() -> str:
        inside = "".join(some_paragraph() for _ in range(chance.choice((1, 1, 1, 2))))
        return f"<w:tc>{usually(chance, CELL_PROPERTIES[:5], CELL_PROPERTIES)}{inside}</w:tc>"

    width = chance.randint(1, 4)
    lines = [
        usually(chance, ROW_PROPERTIES[:2], ROW_PROPERTIES) + "".join(some_cell() for _ in range(width))
        for _ in range(chance.randint(1, 4))
    ]
    return rows(*lines)


PARTS: dict[str, str | bytes] = {
    "word/styles.xml": STYLES,
    "word/numbering.xml": NUMBERING,
    MAIN_RELATIONS: relationships(("a", "styles", "styles.xml", False), ("b", "numbering", "numbering.xml", False)),
}


@settings(max_examples=250, deadline=None)
@given(st.integers(0, 2**32))
def test_plain_tables_and_the_tree_say_the_same(seed: int) -> None:
    chance = random.Random(seed)
    first, second, _ = both_ways(
        docx(paragraph("前") + some_table(chance) + paragraph("中") + some_table(chance), PARTS)
    )
    assert first == second


def test_plain_tables_are_the_rule() -> None:
    first, second, taken = both_ways(report_docx())
    assert first == second
    assert taken == 3


@pytest.mark.parametrize("body", [body for body, _ in REVISED] + [run(inline) for inline, _ in INLINE])
def test_the_same_of_every_habit_of_word_in_a_cell(body: str) -> None:
    first, second, _ = both_ways(docx(rows(cell(body) + cell(paragraph("9")), cell(paragraph("1")) * 2)))
    assert first == second


def test_damaged_tables_are_refused_or_read_alike() -> None:
    """Bytes of the main part turned, cut and doubled: where both ways can read them they agree."""
    chance = random.Random(20)
    whole = "".join(some_table(random.Random(seed)) for seed in range(3)).encode()
    agreed = 0
    for _ in range(150):
        at, end = sorted(chance.randrange(len(whole)) for _ in range(2))
        damaged = chance.choice((whole[:at] + whole[end:], whole[:end] + whole[at:], whole[:at] + b"<" + whole[at:]))
        first, second, _ = both_ways(docx(damaged.decode("utf-8", "ignore"), PARTS))
        if second is not None:
            assert first == second
            agreed += 1
    assert agreed > 0


def test_the_end_of_a_row_in_the_properties_of_a_cell_is_refused() -> None:
    broken = cell(paragraph("1")).replace("<w:tc>", "<w:tc><w:tcPr></w:tr></w:tcPr>", 1)
    first, second, taken = both_ways(docx(rows(cell(paragraph("9")) + broken, cell(paragraph("1")) * 2)))
    assert (first, second, taken) == (None, None, 0)


def test_a_member_whose_bytes_are_not_those_of_its_sum_is_refused() -> None:
    data = bytearray(report_docx())
    entry = data.rindex(b"word/document.xml") - 46  # in the zip's directory, where the sum has its place after 16 bytes
    assert data[entry : entry + 4] == b"PK\x01\x02"
    assert read_or_none(bytes(data)) is not None
    data[entry + 16] ^= 1
    with pytest.raises(Unreadable, match="damaged"):
        reader.read(SOURCE, bytes(data))


STRUCK = [
    ("<w:r><w:rPr><w:strike/></w:rPr><w:t>47</w:t></w:r><w:r><w:t>0</w:t></w:r>", "0", True),
    ("<w:r><w:rPr><w:dstrike w:val=\"1\"/></w:rPr><w:t>47</w:t></w:r>", "", True),
    ('<w:r><w:rPr><w:strike w:val="0"/></w:rPr><w:t>47</w:t></w:r>', "47", False),
    ('<w:r><w:t>5</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>1</w:t></w:r>', "5", True),
    ('<w:r><w:t>平方千米</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>甲</w:t></w:r>', "平方千米甲", False),
]  # fmt: skip


@pytest.mark.parametrize(("content", "text", "doubted"), STRUCK)
def test_what_is_struck_or_raised_is_left_out_and_doubted(content: str, text: str, doubted: bool) -> None:
    document = reader.read(SOURCE, docx(rows(cell(f"<w:p>{content}</w:p>") + cell(paragraph("9")))))
    first, other = document.grids()[0].cells
    assert (first.text, bool(first.doubt)) == (text, doubted)
    assert (other.text, other.doubt) == ("9", "")
    assert [note.kind for note in document.notes] == ["struck_text"] * doubted
    if doubted:
        assert document.reread() != [f"{text}\t9"]  # the second reading has the letters, so the two differ


def test_raised_marks_beside_sentences_stay() -> None:
    body = '<w:p><w:r><w:t>5平方米</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>2</w:t></w:r></w:p>'
    assert [text for _, text in paragraphs(reader.read(SOURCE, docx(body)))] == ["5平方米2"]


def frame(width: int, height: int) -> str:
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
    extent = f'<wp:extent cx="{width}" cy="{height}"/>'
    return f'<w:p><w:r><w:drawing><wp:inline xmlns:wp="{drawing}">{extent}<a:blip r:embed="i"/></wp:inline></w:drawing></w:r></w:p>'


@pytest.mark.parametrize(("width", "height", "told"), [(5_400_000, 3_600_000, True), (900_000, 900_000, False)])
def test_a_large_picture_is_told(width: int, height: int, told: bool) -> None:
    parts: dict[str, str | bytes] = {MAIN_RELATIONS: relationships(("i", "image", "media/image1.png", False))}
    document = reader.read(SOURCE, docx(frame(width, height) + rows(cell(paragraph("1")) * 2), parts))
    assert [note.kind for note in document.notes] == ["picture"] * told
    assert [link.target for link in document.links] == ["word/media/image1.png"]


def test_objects_of_other_programs_are_told() -> None:
    relations = relationships(("e", "package", "embeddings/表.xlsx", False), ("h", "header", "header1.xml", False))
    header = f'<w:hdr xmlns:w="{W_NAMESPACE}">{rows(cell(paragraph("1")) * 2)}</w:hdr>'
    parts: dict[str, str | bytes] = {MAIN_RELATIONS: relations, "word/header1.xml": header}
    lonely = reader.read(SOURCE, docx(paragraph("正文"), parts))
    assert [note.kind for note in lonely.notes] == ["embedded", "embedded"]
    assert ["表.xlsx" in lonely.notes[0].message, "header1" in lonely.notes[1].message] == [True, True]
    beside = reader.read(SOURCE, docx(rows(cell(paragraph("1")) * 2), parts))
    assert len(beside.notes) == 1  # a table in a page's head is no loss where the body has its own


def test_calculated_fields_show_their_result() -> None:
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    field = f"<w:p>{marks[0]}<w:r><w:instrText>=SUM(LEFT)</w:instrText></w:r>{marks[1]}<w:r><w:t>12</w:t></w:r>{marks[2]}</w:p>"
    document = reader.read(SOURCE, docx(rows(cell(paragraph("总计")) + cell(field))))
    assert texts_of(document.grids()[0]) == [["总计", "12"]]
    assert document.reread() == ["总计\t12"]


@pytest.mark.parametrize("suffix", [".docm", ".doc", ".wps", ".pdf", ".txt", ""])
def test_a_document_is_known_by_its_content(suffix: str) -> None:
    macro = {"[Content_Types].xml": content_types("word/document.xml", "x").replace(
        "application/vnd.openxmlformats-officedocument.x.main+xml", "application/vnd.ms-word.document.macroEnabled.main+xml"
    )}  # fmt: skip
    data = docx(rows(cell(paragraph("1")) * 2), macro)  # type: ignore[arg-type]
    document = read_any(SOURCE._replace(path="年报" + suffix), data)
    assert document.source.kind == "docx"
    assert len(document.grids()) == 1


def test_marks_of_editing_keep_nothing_apart() -> None:
    """Word writes who changed what when on every paragraph and run: the words of a cell are one text all the same."""
    pieces = enumerate(["本年", "新收", "12"])
    runs = "".join(f'<w:r w:rsidRPr="00{at}"><w:t>{text}</w:t></w:r>' for at, text in pieces)
    line = "".join(f'<w:tc><w:p w:rsidR="00A{at}">{runs}</w:p></w:tc>' for at in range(2))
    first, second, taken = both_ways(docx(rows(line, line).replace("<w:tr>", '<w:tr w:rsidTr="00B">')))
    assert first == second
    assert taken == 1


def test_rows_above_one_another_stay_in_order() -> None:
    body = rows(*(cell(paragraph(str(at))) + cell(paragraph(str(at))) for at in range(30)))
    grid = reader.read(SOURCE, docx(body)).grids()[0]
    assert all(int(a.text) <= int(b.text) for a, b in pairwise(grid.cells))


OLD_BODY = (
    "<w:body><wx:sect><wx:sub-section><w:p><w:r><w:t>一、总体情况</w:t></w:r></w:p></wx:sub-section>"
    '<w:tbl><w:tr><w:tc><w:tcPr><w:vmerge w:val="restart"/></w:tcPr><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc>'
    "<w:tc><w:p>{annotation}</w:p></w:tc></w:tr><w:tr><w:tc><w:tcPr><w:vmerge/></w:tcPr><w:p/></w:tc>"
    "<w:tc><w:p><w:r><w:t>2</w:t></w:r></w:p></w:tc></w:tr></w:tbl></wx:sect></w:body>"
)
ANNOTATIONS = "".join(
    f'<aml:annotation w:type="Word.{kind}"><aml:content><w:r><w:t>{text}</w:t></w:r></aml:content></aml:annotation>'
    for kind, text in (("Deletion", "9"), ("Insertion", "1"))
)
OLD_WORD = (
    '<?xml version="1.0"?><?mso-application progid="Word.Document"?>'
    '<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" '
    'xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint" xmlns:aml="http://schemas.microsoft.com/aml/2001/core">'
    + OLD_BODY.format(annotation=ANNOTATIONS)
    + "</w:wordDocument>"
)
FLAT_DOCX = (
    '<?xml version="1.0"?><pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage"><pkg:part '
    'pkg:name="/word/document.xml" pkg:contentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml">'
    f'<pkg:xmlData><w:document xmlns:w="{W_NAMESPACE}"><w:body><w:p><w:r><w:t>一、总体情况</w:t></w:r></w:p>'
    + rows(
        cell(paragraph("甲"), merge="restart") + cell(paragraph("1")), cell("", merge="continue") + cell(paragraph("2"))
    )
    + "</w:body></w:document></pkg:xmlData></pkg:part></pkg:package>"
)


@pytest.mark.parametrize("content", [OLD_WORD, FLAT_DOCX], ids=["Word 2003 XML", "flat DOCX"])
@pytest.mark.parametrize("name", ["年报.xml", "年报.doc"])
def test_word_documents_in_one_file_of_xml(content: str, name: str) -> None:
    document = read_any(SOURCE._replace(path=name), content.encode())
    assert document.source.kind == "wordxml"
    assert [text for _, text in paragraphs(document)] == ["一、总体情况"]
    assert texts_of(document.grids()[0]) == [["甲", "1"], ["甲", "2"]]
    assert document.reread() == ["一、总体情况", "甲\t1", "\t2"]


def test_the_report_comes_back_whole_from_xml() -> None:
    examples = [(EXAMPLES / f"office-report.{suffix}").read_bytes() for suffix in ("xml", "docx")]
    first, second = (read_any(SOURCE._replace(path="a"), data) for data in examples)
    assert (first.blocks, first.reread()) == (second.blocks, second.reread())


def test_xml_without_a_document_is_refused() -> None:
    empty = '<?xml version="1.0"?><pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage"/>'
    with pytest.raises(Unreadable, match="without a Word document"):
        read_any(SOURCE._replace(path="a.xml"), empty.encode())
