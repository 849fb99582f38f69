"""The readers of old Word files: binary documents, RTF, web archives; what is named .doc is told apart by content."""

from __future__ import annotations

import pickle
import shutil
import struct
import subprocess
from collections.abc import Callable
from contextlib import suppress
from email.message import EmailMessage
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
    Spot,
    docx,
    paragraph,
    paragraphs,
    report_docx,
    spots_of,
    table,
    texts_of,
)
from test_reader_docx import tilings

from extract.document import Document, Grid, Unreadable
from extract.readers import docx as docx_reader
from extract.readers import legacy, rtf, sheet
from extract.readers.office_parts.compound import Compound, kind_of
from extract.readers.office_parts.mhtml import html_part, is_mhtml
from extract.readers.office_parts.pieces import word_lines

EXAMPLES = Path(__file__).parent / "examples"
DOC = (EXAMPLES / "office-report.doc").read_bytes()
XLS = (EXAMPLES / "office-report.xls").read_bytes()
RTF = (EXAMPLES / "office-report.rtf").read_bytes()
needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")


def assert_whole(document: Document) -> None:
    assert [spots_of(grid) for grid in document.grids()] == [spots() for spots in REPORT_GRIDS]
    assert [text for _, text in paragraphs(document)][:4] == [TITLE, FICTIONAL, HEADINGS[0], OVERVIEW]
    order = [block.table if isinstance(block, Grid) else block.text[:2] for block in document.blocks]
    assert order == [TITLE[:2], "【虚", "一、", "20", "二、", 1, "三、", 2, "四、", 3, "五、", "一是", "六、", "无。"]


# Binary documents


def test_binary_report_comes_back_whole() -> None:
    document = legacy.read(SOURCE, DOC)
    assert_whole(document)
    assert document.notes == []
    assert document.grids()[1].cells[0].locator == ("0123456789ab", None, 2, 1, 1, None, "docx")


def test_piece_table_says_what_the_tags_of_the_same_report_say() -> None:
    document = pickle.loads(pickle.dumps(legacy.read(SOURCE, DOC)))
    assert document.reread() == docx_reader.read(SOURCE, report_docx()).reread()


def test_rows_of_the_piece_table_stand_in_where_conversion_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legacy, "_converted", lambda source, data: None)
    monkeypatch.setattr(legacy, "_converted_by_office", lambda source, data: None)
    document = legacy.read(SOURCE, DOC)
    assert [note.kind for note in document.notes] == ["fallback"]
    assert [len(grid.rows) for grid in document.grids()][-2:] == [15, 4]
    row = [cell.text for cell in document.grids()[-2].own_cells()[3]]
    assert row == ["一、本年新收政府信息公开申请数量", "21", "4", "0", "1", "0", "2", "28"]
    assert all("merged cells are unknown" in cell.doubt for grid in document.grids() for cell in grid.cells)


def test_conversion_that_loses_text_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legacy, "read_word", lambda source, data: docx_reader.read(source, docx(paragraph("残"))))
    assert legacy._converted(SOURCE, DOC) is None


@needs_office
def test_office_converts_where_the_library_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legacy, "_converted", lambda source, data: None)
    document = legacy.read(SOURCE, DOC)
    assert_whole(document)
    assert [note.kind for note in document.notes] == ["fallback"]
    assert "LibreOffice" in document.notes[0].message


@needs_office
def test_revisions_and_fields_of_a_binary_document(tmp_path: Path) -> None:
    revised = "<w:p><w:r><w:t>全年</w:t></w:r><w:del><w:r><w:delText>88</w:delText></w:r></w:del>"
    revised += "<w:ins><w:r><w:t>89</w:t></w:r></w:ins><w:r><w:t>条</w:t></w:r></w:p>"
    field = '<w:p><w:fldSimple w:instr="AUTHOR"><w:r><w:t>青禾</w:t></w:r></w:fldSimple></w:p>'
    hidden = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r><w:r><w:t>显</w:t></w:r></w:p>"
    inner = table([Spot(0, 0, 1, 1, "内"), Spot(0, 1, 1, 1, "7")])
    grid = f"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>外部的说明文字</w:t></w:r></w:p></w:tc><w:tc>{inner}<w:p/></w:tc></w:tr></w:tbl>"
    data = converted(docx(revised + field + hidden + grid + paragraph("完")), "doc", tmp_path)
    lines = word_lines(data)
    assert [line for line in lines if len(line) == 1] == [["全年89条"], ["青禾"], ["显"], ["完"]]
    assert ["内", "7"] in lines
    document = legacy.read(SOURCE, data)
    assert [text for _, text in paragraphs(document)] == ["全年89条", "青禾", "显", "完"]
    assert [texts_of(grid) for grid in document.grids()] == [[["外部的说明文字", ""]], [["内", "7"]]]


def converted(data: bytes, kind: str, folder: Path) -> bytes:
    """A DOCX in another format, by LibreOffice."""
    (folder / "in.docx").write_bytes(data)
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", kind]
    subprocess.run(
        [*command, "--outdir", str(folder), str(folder / "in.docx")], check=True, capture_output=True, timeout=120
    )
    return (folder / f"in.{kind}").read_bytes()


def test_compound_directory_tells_kinds_apart() -> None:
    assert kind_of(DOC) == "word"
    assert kind_of(XLS) == "sheet"
    assert "WordDocument" in Compound(DOC).names()
    assert Compound(DOC).read("worddocument")[:2] == b"\xec\xa5"


def renamed(data: bytes, old: str, new: str) -> bytes:
    """A compound file with a stream of another name."""
    changed = bytearray(data)
    entry = data.index(old.encode("utf-16-le") + b"\0\0")
    changed[entry : entry + 66] = new.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 2 * len(new) + 2)
    return bytes(changed)


def encrypted() -> bytes:
    """The binary report with the flag that says its text is encrypted."""
    main = Compound(DOC).read("WordDocument")
    data = bytearray(DOC)
    flags = struct.unpack_from("<H", main, 10)[0] | 0x0100
    struct.pack_into("<H", data, DOC.index(main[:64]) + 10, flags)
    return bytes(data)


REFUSED: dict[str, tuple[bytes, str]] = {
    "workbook": (XLS, "Excel workbook"),
    "other": (renamed(DOC, "WordDocument", "VordDocument"), "without a Word document"),
    "protected package": (renamed(DOC, "WordDocument", "EncryptedPackage"), "password"),
    "encrypted": (encrypted(), "password"),
    "cut": (DOC[:4000], r"damaged|no stream|piece table"),
    "header only": (DOC[:512], "directory"),
    "sector size": (DOC[:30] + b"\x63" + DOC[31:], "sector sizes"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_word_document_is_refused(data: bytes, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legacy, "_converted_by_office", lambda source, data: None)
    with pytest.raises(Unreadable, match=message):
        legacy.read(SOURCE, data)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(DOC) - 1), st.binary(min_size=1, max_size=8))
def test_damaged_binary_documents_end_in_a_sentence(place: int, noise: bytes) -> None:
    data = DOC[:place] + noise + DOC[place + len(noise) :]
    with suppress(Unreadable):
        assert all(isinstance(cell, str) for line in word_lines(data) for cell in line)


def test_sniffs_old_files_by_content() -> None:
    heads = {"doc": DOC[:8192], "rtf": RTF[:8192], "docx": report_docx()[:8192], "html": b"<html><body>"}
    claimed = {
        name: [reader.KIND for reader in (legacy, rtf, docx_reader, sheet) if reader.sniffs(head, ".doc")]
        for name, head in heads.items()
    }
    assert claimed == {"doc": ["legacy"], "rtf": ["rtf"], "docx": ["docx"], "html": []}
    telling = DOC[:512] + "WordDocument".encode("utf-16-le")
    assert legacy.sniffs(telling, ".xls") and not sheet.sniffs(telling, ".xls")
    assert not legacy.sniffs(XLS[:8192], ".xls")


# Rich Text Format


def test_rtf_report_comes_back_whole() -> None:
    document = rtf.read(SOURCE, RTF)
    assert_whole(document)
    assert "一、本年新收政府信息公开申请数量\t21\t4\t0\t1\t0\t2\t28" in pickle.loads(pickle.dumps(document)).reread()


def chinese(text: str) -> str:
    """Text as RTF of code page 936."""
    escaped = "".join("\\" + char if char in "\\{}" else char for char in text)
    return "".join(
        char if ord(char) < 128 else "".join(f"\\'{byte:02x}" for byte in char.encode("gbk")) for char in escaped
    )


def unicode(text: str) -> str:
    """Text as \\u escapes with fallbacks of code page 936, as Word writes it."""

    def escape(char: str) -> str:
        units = struct.unpack(f"<{len(char.encode('utf-16-le')) // 2}h", char.encode("utf-16-le"))
        return "".join(f"\\u{unit}\\'3f" for unit in units)

    return "".join(char if char.isascii() and char not in "\\{}" else escape(char) for char in text)


def rtf_of(body: str) -> bytes:
    fonts = r"{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset134 SimSun;}}{\colortbl;}{\stylesheet{\s0 Normal;}}"
    return (r"{\rtf1\ansi\ansicpg936\uc1" + fonts + body + "}").encode("ascii")


def rtf_texts(body: str) -> list[str]:
    return [text for _, text in paragraphs(rtf.read(SOURCE, rtf_of(body)))]


def rtf_table(spots: list[Spot], written: Callable[[str], str] = unicode) -> str:
    """A table whose cells tile a rectangle, horizontal merges as wide cells."""
    placed = sorted(((row, spot.col), spot) for spot in spots for row in range(spot.row, spot.row + spot.rows))
    rows: dict[int, tuple[str, str]] = {}
    for (row, _), spot in placed:
        merge = "" if spot.rows == 1 else r"\clvmgf" if row == spot.row else r"\clvmrg"
        define, content = rows.get(row, (r"\trowd\trleft-108", ""))
        text = written(spot.text) if row == spot.row else ""
        rows[row] = (
            define + rf"{merge}\cellx{600 * (spot.col + spot.cols) - 108 + row}",
            content + r"\pard\intbl " + text + r"\cell ",
        )
    return "".join(define + content + r"\row " for _, (define, content) in sorted(rows.items()))


@settings(max_examples=80, deadline=None)
@given(tilings(), st.sampled_from([chinese, unicode]))
def test_any_merged_grid_comes_back_from_rtf(spots: list[Spot], written: Callable[[str], str]) -> None:
    body = rtf_table(spots, written) + r"\pard " + unicode("完") + r"\par"
    (grid,) = rtf.read(SOURCE, rtf_of(body)).grids()
    widest = {spot.col + spot.cols for spot in spots} | {spot.col for spot in spots}
    places = {edge: place for place, edge in enumerate(sorted(widest))}  # a column that no cell ends at is not there
    expected = [s._replace(col=places[s.col], cols=places[s.col + s.cols] - places[s.col]) for s in spots]
    assert spots_of(grid) == sorted(expected)


RTF_TEXTS = [
    (chinese("政府信息公开") + r"\par", ["政府信息公开"]),
    (unicode("街道𠮷") + r"\par", ["街道𠮷"]),
    (r"\uc2 " + "\\u25919\\'d5\\'fe\\u24220\\'b8\\'ae" + r"\par", ["政府"]),
    (r"{\f1 " + "".join(f"\\'{byte:02x}" for byte in "后湖".encode("gb18030")) + r"}\par", ["后湖"]),
    (r"a{\v b}{\deleted c}d{\*\unknown e}{\pict 0123}f\par", ["adf"]),
    (r"{\field{\*\fldinst PAGE}{\fldrslt 7}}\par", ["7"]),
    (r"{\header h\par}{\footer f\par}{\footnote n}x\par", ["x"]),
    (r"{\listtext 1.\tab}x\par\line y\par", ["1. x", "y"]),
    (r"a\~b\_c\emdash d\{e\}\par", ["a b-c—d{e}"]),
    (r"{\bin5 }\}}}x\par".replace(r"\bin5 ", r"\*\blip\bin4 "), ["x"]),
    (r"x\par{\shp{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt \pard box\par}}{\shprslt box\par}}", ["x", "box"]),
]


@pytest.mark.parametrize(("body", "expected"), RTF_TEXTS)
def test_rtf_text_as_printed(body: str, expected: list[str]) -> None:
    assert rtf_texts(body) == expected


def test_rtf_merges_across() -> None:
    body = r"\trowd\clmgf\cellx600\clmrg\cellx1200\cellx1800 a\intbl\cell\cell b\cell\row"
    body += r"\trowd\cellx600\cellx1200\cellx1800 \intbl 1\cell 2\cell 3\cell\row\pard x\par"
    assert texts_of(rtf.read(SOURCE, rtf_of(body)).grids()[0]) == [["a", "a", "b"], ["1", "2", "3"]]


def test_rtf_nested_tables() -> None:
    inner = (
        r"\pard\intbl\itap2 i\nestcell 7\nestcell{\*\nesttableprops\trowd\cellx300\cellx600\nestrow}{\nonesttables\par}"
    )
    outer = r"\trowd\cellx900\cellx1800\pard\intbl outer text here\cell " + inner + r"\pard\intbl tail\cell\row"
    document = rtf.read(SOURCE, rtf_of(outer + r"\pard end\par"))
    assert [texts_of(grid) for grid in document.grids()] == [[["outer text here", "tail"]], [["i", "7"]]]
    assert [text for _, text in paragraphs(document)] == ["end"]


def test_rtf_headings_by_outline_level() -> None:
    document = rtf.read(SOURCE, rtf_of(r"\pard\outlinelevel0 " + chinese("一、总体情况") + r"\par\pard x\par"))
    assert paragraphs(document) == [("heading", "一、总体情况"), ("body", "x")]


def test_rtf_information() -> None:
    info = r"{\info{\title " + chinese("年报") + r"}{\author " + chinese("青禾") + r"}{\operator x}}"
    assert rtf.read(SOURCE, rtf_of(info + r"x\par")).metadata == {"title": "年报", "author": "青禾"}


@pytest.mark.parametrize("data", [rtf_of("{" * 1000 + "x"), rtf_of(""), b"{\\rtf1"])
def test_hostile_or_empty_rtf_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable, match=r"^[A-Z].*\.$"):
        rtf.read(SOURCE, data)


@settings(max_examples=80, deadline=None)
@given(
    st.integers(0, len(RTF) - 1),
    st.sampled_from([b"{", b"}", b"\\", b"\\trowd", b"\\cell ", b"\\row ", b"\\u", b"\xff"]),
)
def test_damaged_rtf_never_escapes_as_other_errors(place: int, noise: bytes) -> None:
    with suppress(Unreadable):
        rtf.read(SOURCE, RTF[:place] + noise + RTF[place:]).reread()


# Web archives


@pytest.mark.parametrize("charset", ["gb2312", "utf-8"])
def test_web_archive_gives_its_page(charset: str) -> None:
    page = "<html><body><table><tr><td>规章</td><td>0</td></tr></table></body></html>"
    message = EmailMessage()
    message["MIME-Version"] = "1.0"
    message.set_content(page, subtype="html", charset=charset, cte="quoted-printable")
    message.add_related(b"GIF89a", "image", "gif", cid="<a>")
    data = message.as_bytes()
    assert is_mhtml(data[:8192])
    assert html_part(data).decode("utf-8").strip() == page


def test_what_is_no_web_archive() -> None:
    assert not is_mhtml(b"<html>MIME-Version: 1.0")
    assert not is_mhtml("MIME-Version: 1.0 的说明".encode())
    with pytest.raises(Unreadable, match="no page"):
        html_part(b"MIME-Version: 1.0\nContent-Type: text/plain\n\nx")
