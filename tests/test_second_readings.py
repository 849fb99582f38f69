"""Second readings remember rows and cells, and look for tags by their first characters: they must say what they would say without either."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.readers.html_parts import plain
from extract.readers.html_parts.pieces import cut_at_cells
from extract.readers.html_parts.plain import lines_of
from extract.readers.html_parts.wording import BETWEEN_CJK, INVISIBLE, SPACES, tidy
from extract.readers.office_parts.flat import flatten
from extract.readers.office_parts.flatlines import Flat

PART = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="m"><w:body>%s</w:body></w:document>'
BY = 'w:id="%d" w:author="校对"'

words = st.sampled_from(["0", "12", "总计", "一、本年新收", " 甲 乙", "&lt;3", ""])
runs = words.map(lambda text: f"<w:r><w:t>{text}</w:t></w:r>")
marks = st.integers(1, 3).map(lambda number: BY % number)
revised = st.one_of(
    runs,
    st.builds("<w:ins {}>{}</w:ins>".format, marks, runs),
    st.builds("<w:del {}><w:r><w:delText>{}</w:delText></w:r></w:del>".format, marks, words),
    st.builds("<w:r><w:rPr><w:vanish/></w:rPr><w:t>{}</w:t></w:r>".format, words),
    st.sampled_from(["<w:r><w:br/></w:r>", "<w:r><w:t>1</w:t><w:tab/><w:t>2</w:t></w:r>"]),
    st.builds("<mc:AlternateContent><mc:Choice>{}</mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent>".format, runs, runs),
)  # fmt: skip
paragraphs = st.lists(st.one_of(runs, runs, revised), max_size=3).map(lambda inside: f"<w:p>{''.join(inside)}</w:p>")


def _rows(cells: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    row = st.builds(
        "<w:tr>{}{}</w:tr>".format,
        st.sampled_from(["", "", "", f"<w:trPr><w:del {BY % 4}/></w:trPr>"]),
        st.lists(cells.map("<w:tc>{}</w:tc>".format), min_size=1, max_size=3).map("".join),
    )
    return st.lists(row, min_size=1, max_size=4).map(lambda rows: f"<w:tbl>{''.join(rows)}</w:tbl>")


tables = _rows(paragraphs)
nested = _rows(st.one_of(paragraphs, paragraphs, tables.map("{}<w:p/>".format)))
bodies = st.lists(st.one_of(paragraphs, tables, nested), max_size=5).map("".join)


@settings(max_examples=150, deadline=None)
@given(bodies)
def test_rows_that_are_remembered_read_as_tag_by_tag(body: str) -> None:
    part = (PART % body).encode()
    tag_by_tag = Flat()
    tag_by_tag.take_whole(part)
    tag_by_tag.end_line()
    assert flatten(part) == tag_by_tag.lines


ENDING = [
    "td",
    "th",
    "tr",
    "table",
    "p",
    "div",
    "li",
    "h1",
    "h6",
    "br",
    "section",
    "article",
    "ul",
    "ol",
    "dd",
    "dt",
    "caption",
    "center",
]
RUNNING_ON = [
    "span",
    "font",
    "b",
    "i",
    "u",
    "a",
    "o:p",
    "pre",
    "hr",
    "h7",
    "header",
    "tbody",
    "thead",
    "label",
    "option",
    "sub",
    "strong",
    "blockquote",
    "param",
    "tt",
    "dl",
]


def flatten_page(markup: bytes) -> list[str]:
    lines = lines_of(markup)
    assert cut_at_cells(markup).reread() == lines
    return lines


@pytest.mark.parametrize("name", [*ENDING, *map(str.upper, ENDING)])
@pytest.mark.parametrize("attributes", ["", ' class="甲"', "\n", " /"])
def test_tags_that_end_a_line(name: str, attributes: str) -> None:
    assert flatten_page(f"<b>甲<{name}{attributes}>乙</b>".encode()) == ["甲", "乙"]
    assert flatten_page(f"<b>甲</{name}>乙</b>".encode()) == ["甲", "乙"]


@pytest.mark.parametrize("name", RUNNING_ON)
def test_tags_that_end_no_line(name: str) -> None:
    assert flatten_page(f"<b>甲<{name} id='1'>乙</{name}>丙</b>".encode()) == ["甲乙丙"]


@given(st.text(" \t\n\r\x1f\x85\xa0\u2003\u2028\u3000\ufeff\u200b\xada1中文，。“（", max_size=12))
def test_spaces_are_tidied_one_by_one(text: str) -> None:
    seen = INVISIBLE.sub("", text)
    assert tidy(text) == BETWEEN_CJK.sub("", SPACES.sub(" ", seen)).strip()
    assert re.search(r"[\u4e00-\u9fff] [\u4e00-\u9fff]", tidy(text)) is None


PIECES_OF_CELLS = (
    b">", b" width=3>", b"<p>", b"</p>", b"</td>", b"</tr>", b"<tr>", b"<span>", b"</span>", b"<a href=x>", b"</a>", b"<o:p>", b"<br>", b"<b", b"<th>", b"<TD>",
    b"<i >", b"<p/>", b"<pre>", b"<!--", b"-->", b"<script>", b"</script>", b"<select>", b"<", b'"', b"_", b"x", b"3", b"&nbsp;", b"\n", b" ", b"\t", b"\r", b"\x0b",
    b"\xff", "政府".encode(), "\u00a0".encode(),
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES_OF_CELLS), max_size=8).map(b"".join))
@settings(max_examples=300)
def test_a_cell_with_one_text_is_read_like_any_other(piece: bytes) -> None:
    quick = plain.lines_of_piece(piece)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(plain, "ONE_TEXT", re.compile(rb"(?!)"))
        assert plain.lines_of_piece(piece) == quick


@given(
    st.lists(
        st.sampled_from([*PIECES_OF_CELLS, b"<td>", b"<td", b"<th >", b"<th", b"<table>", b"</table>"]), max_size=12
    ).map(b"".join)
)
@settings(max_examples=300)
def test_a_page_in_pieces_is_read_again_as_the_whole_page_is(page: bytes) -> None:
    try:
        pieces = cut_at_cells(page)
    except UnicodeDecodeError:
        return
    assert pieces.reread() == lines_of(page)
    last = len(pieces.pieces) - 1
    assert pieces.uncut((0, 0), (last, len(pieces.pieces[last]))).lower() == page.lower()
