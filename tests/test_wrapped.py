"""Reports inside something else: a page in JSON, in a Word file, in an archive, behind escaped tags, as preformatted lines; rows that commas part."""

from __future__ import annotations

import html as entities
import io
import json
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from official import kinds_of_issue, read, values_of
from papers import TITLE, Paper, Table, html, judge, paper, text

from extract.readers.text_parts.commas import are_commas, by_pattern, with_tabs
from extract.readers.text_parts.long_lines import unfolded

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def zipped(parts: dict[str, bytes | str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return made.getvalue()


def related(identity: str, kind: str, target: str) -> str:
    return (
        f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}">'
        f'<Relationship Id="{identity}" Type="{RELATIONS}/{kind}" Target="{target}"/></Relationships>'
    )


def word_around(page: str, body: str = '<w:altChunk r:id="rPage"/>') -> bytes:
    """A Word file that takes in a page, as programs write it that make Word files of web pages."""
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return zipped(
        {
            "[Content_Types].xml": CONTENT_TYPES,
            "_rels/.rels": related("r1", "officeDocument", "word/document.xml"),
            "word/document.xml": f'<w:document xmlns:w="{main}" xmlns:r="{RELATIONS}"><w:body>{body}</w:body></w:document>',
            "word/_rels/document.xml.rels": related("rPage", "aFChunk", "page.html"),
            "word/page.html": page,
        }
    )


def preformatted(made: Paper) -> str:
    lines = text(made, lambda table: ["\t".join(box.text for box in row) for row in table])
    return f"<html><head><title>{TITLE}</title></head><body><pre>{entities.escape(lines)}</pre></body></html>"


def as_json(page: str, **how: bool) -> bytes:
    told = {"code": 0, "data": {"title": TITLE, "publishTime": "2023-01-18 09:30:00", "content": page}}
    return json.dumps(told, **how).encode()


WRAPPED: dict[str, tuple[str, Callable[[Paper], bytes]]] = {
    "JSON": ("report.json", lambda made: as_json(html(made), ensure_ascii=False)),
    "JSON, every sign escaped": ("report.json", lambda made: as_json(html(made))),
    "a list in JSON": ("api", lambda made: b"[" + as_json(html(made)) + b"]"),
    "tags written as text": ("page.html", lambda made: f"<html><body><div>{entities.escape(html(made))}</div></body></html>".encode()),
    "a Word file that takes in a page": ("report.docx", lambda made: word_around(html(made))),
    "an archive": ("report.zip", lambda made: zipped({"报告/": b"", "报告/report.html": html(made), "报告/readme.lnk": b"x"})),
    "an archive of a Mac": ("report.zip", lambda made: zipped({"r.html": html(made), "__MACOSX/._r.html": b"\0\5\x16\7"})),
    "preformatted lines": ("page.html", lambda made: preformatted(made).encode()),
}  # fmt: skip


@pytest.mark.parametrize("name", WRAPPED)
@pytest.mark.parametrize("year", ["2019", "2021"])
def test_what_is_wrapped_is_read(name: str, year: str) -> None:
    made = paper(year)
    path, wrap = WRAPPED[name]
    report = read(wrap(made), path)
    assert judge(report, made.expected()).is_perfect(), report.notes
    assert report.identity is not None and report.identity.year == 2022
    assert set(report.reading.facts.proof) <= {"verified", "agreed"} if report.reading else False


def test_json_tells_when_the_page_was_published() -> None:
    report = read(as_json(html(paper())), "report.json")
    assert report.identity is not None and str(report.identity.published_on) == "2023-01-18"


@pytest.mark.parametrize(
    "data",
    [b'{"a": 1}', b"[" * 100_000, b'{"content": "<table', '{"content": "没有表格"}'.encode(), b"{\\rt"],
    ids=["no text", "deep", "cut", "no markup", "no JSON"],
)
def test_json_without_a_report_is_told(data: bytes) -> None:
    report = read(data, "report.json")
    assert not report.is_report and kinds_of_issue(report)


def test_word_files_with_text_of_their_own_keep_it() -> None:
    body = "<w:p><w:r><w:t>另附网页</w:t></w:r></w:p>"
    report = read(word_around(html(paper()), body), "report.docx")
    assert report.document is None or not report.document.grids()


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"a.html": "<p>1</p>", "b.docx": b"2"}, "an archive of 2 documents (a.html, b.docx"),
        ({"a.exe": b"MZ"}, "an archive, or an office file, that holds no document"),
        ({"a.html": b"<p>" + b" " * 40_000_000}, "zip bomb"),
        ({"../../b.zip": zipped({"a.html": "<p>1</p>"})}, "an archive, or an office file, that holds no document"),
    ],
    ids=["two documents", "no document", "a bomb", "an archive in it"],
)  # fmt: skip
def test_archives_that_are_not_one_document_are_told(parts: dict[str, bytes | str], says: str) -> None:
    report = read(zipped(parts), "report.zip")
    assert [note.kind for note in report.notes] == ["unread_file"]
    assert says in report.notes[0].message


def test_preformatted_words_beside_a_table_stay_words() -> None:
    page = html(paper()).replace("</body>", "<pre>" + "行政许可\t99\n" * 12 + "</pre></body>")
    assert judge(read(page.encode()), paper().expected()).is_perfect()


def comma_rows(quoted: bool) -> Callable[[Table], list[str]]:
    def lines(table: Table) -> list[str]:
        return [",".join(f'"{box.text}"' if quoted or "," in box.text else box.text for box in row) for row in table]

    return lines


@pytest.mark.parametrize("year", ["2019", "2021"])
@pytest.mark.parametrize("path", ["report.txt", "report.csv"])
@pytest.mark.parametrize("quoted", [False, True], ids=["bare", "quoted"])
def test_rows_parted_by_commas_are_read(year: str, path: str, quoted: bool) -> None:
    made = paper(year)
    report = read(text(made, comma_rows(quoted)).encode(), path)
    assert judge(report, made.expected()).is_perfect(), report.notes


def test_a_quoted_thousand_is_one_number() -> None:
    made = paper(values={"penalties.decisions": "1,278"})
    report = read(text(made, comma_rows(False)).encode(), "report.txt")
    assert values_of(report)["penalties.decisions"] == 1278


def test_a_comma_that_may_stand_inside_a_number_parts_nothing() -> None:
    made = paper(values={"penalties.decisions": "1，278"})
    report = read(text(made, comma_rows(False)).replace("，278", ",278").encode(), "report.txt")
    assert "penalties.decisions" not in values_of(report)
    assert "glued_cells" in kinds_of_issue(report)
    assert judge(report, made.expected()).lost == {"penalties.decisions"}


def in_one_line(made: Paper, separator: str) -> str:
    pieces = text(made, lambda table: [box.text for row in table for box in row]).split("\n")
    return separator.join(piece for piece in pieces if piece)


@pytest.mark.parametrize("year", ["2019", "2021"])
@pytest.mark.parametrize(
    "separator", ["\t", "|", " ", "\u3000", " | "], ids=["tabs", "bars", "spaces", "wide spaces", "spaced bars"]
)
def test_a_report_in_one_line_is_read(year: str, separator: str) -> None:
    made = paper(year)
    report = read(in_one_line(made, separator).encode(), "report.txt")
    assert judge(report, made.expected()).is_perfect(), report.notes


def test_tables_of_one_line_each_are_read_and_keep_their_places() -> None:
    made = paper()
    dump = text(made, lambda table: [" ".join(box.text for row in table for box in row)])
    report = read(dump.encode(), "report.txt")
    assert judge(report, made.expected()).is_perfect(), report.notes
    assert report.reading is not None
    facts, lines = report.reading.facts, dump.split("\n")
    for locator, raw_text in zip(facts.locator, facts.raw_text, strict=True):
        assert locator.bbox is not None
        first_line, first, last_line, last = map(int, locator.bbox)
        assert first_line == last_line and raw_text in lines[first_line - 1][first - 1 : last]


@given(st.lists(st.text("1234567890 \t|申请", max_size=300), max_size=6))
def test_pieces_of_long_lines_stand_where_they_say(lines: list[str]) -> None:
    pieces = unfolded(lines)
    assert pieces is None or len(pieces) > len(lines)
    for piece in pieces or []:
        assert lines[piece.line - 1][piece.first - 1 : piece.last] == piece.text


WORDS = st.text("规章行政许可处罚", min_size=1, max_size=8)
NUMBERS = st.integers(0, 999_999).map(str)


@given(st.lists(st.tuples(WORDS, st.lists(NUMBERS, min_size=7, max_size=7)), min_size=6, max_size=20))
def test_seven_numbers_are_seven_cells(rows: list[tuple[str, list[str]]]) -> None:
    lines = [",".join([word, *values]) for word, values in rows]
    assert are_commas(lines)
    assert with_tabs(lines) == ([line.replace(",", "\t") for line in lines], [])
    assert [by_pattern(line) for line in lines] == with_tabs(lines)[0]


@given(st.lists(st.text(max_size=60), max_size=30))
def test_no_line_is_lost(lines: list[str]) -> None:
    told, unclear = with_tabs(lines)
    assert all("," in line for line, now in zip(lines, told, strict=True) if line != now)
    assert all(told[at] == lines[at] for at in unclear)
