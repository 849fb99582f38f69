"""Tables taken from the bytes of a page read exactly as the tree of the page reads them, or are left to it."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from extract.document import Document, Source, Unreadable
from extract.readers import html
from extract.readers.html_parts.pieces import cut_at_cells
from extract.readers.html_parts.plain import lines_of
from extract.readers.html_parts.regular import Taken, take_regular_tables

SOURCE = Source("0" * 12, "page.html", "html", "0" * 64)
PLAIN = (
    '<table border=1><tbody><tr><th colspan="2">申请<br>人</th><th>总计</th></tr>\n'
    '<tr><td rowspan=2>一、</td><td style="width:5pt"><p><span>自<b>然</b></span>人</p></td><td>&nbsp;1 </td></tr>'
    "<tr><TD>法人</TD><td><p>2</p><p>3</p></td></tr></tbody></table>"
)
IN_USE = "本年度政府信息公开工作年度报告" * 5  # enough for a page in GB18030 to be taken for one
# What may stand anywhere in a table, rightly or wrongly.
PIECES = (
    "<b>", "</b>", "<p>", "</p>", "<td>", "</td>", "<tr>", "</tr>", "<th>", "</th>", "<table>", "</table>", "<br>", "<!-- x -->", "<!--", "3", "x" * 450,
    "<thead>", "</thead>", "<tfoot>", "<caption>c</caption>", "<col>", "<span/>", "<font color=red>", "</font>", "<div>", "</div>", "<sup>1</sup>",
    "<del>5</del>", '<input value="7">', "<script>3</script>", '<td hidden="">', '<tr style="display:none">', "<a href='a.doc'>a</a>", "<img src=x>",
    "&nbsp;", "&#49;", "&amp", "<", ">", '<td rowspan="2" rowspan="3">', "<td title='rowspan=3'>", '<td title="a>b">', "\0", "\x0b", "<select>", "<svg>",
    "<o:p></o:p>", "<textarea>", "<template>", "<table><tr><td>1</td><td>2</td></tr></table>", "<td colspan=0>", "<td rowspan='0'>", "<li>", "</tbody>",
    "</TD>", "</TH>", "</TR>", "<TABLE>", "</td >", "</th >", "<th>9</th>", "<tr></tr>", "<tr>\n</tr>", "<![CDATA[", "]]>", "regular", "<colgroup><col></colgroup>",
)  # fmt: skip


def read(markup: str, charset: str = "utf-8") -> Document | str:
    try:
        return html.read(SOURCE, markup.encode(charset))
    except Unreadable as error:
        return str(error)


def read_by_tree(markup: str) -> Document | str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(html, "take_regular_tables", lambda page, _="": Taken(cut_at_cells(page), page, []))
        return read(markup)


def alike(first: Document | str, second: Document | str) -> bool:
    if isinstance(first, str) or isinstance(second, str):
        return first == second
    told = [(d.blocks, d.metadata, d.links, d.notes, d.reread()) for d in (first, second)]
    return told[0] == told[1]


def test_a_regular_table_is_taken_and_reads_as_its_tree_does() -> None:
    page = f"<html><body><p>前</p>{PLAIN}<p>后</p></body></html>"
    taken = take_regular_tables(page.encode())
    assert [sum(table.begun) for table in taken.tables] == [3] and b"</b>" not in taken.lean
    document = read(page)
    assert isinstance(document, Document)
    texts = [cell.text for cell in document.grids()[0].cells]
    assert texts == ["申请人", "总计", "一、", "自然人", "1", "法人", "2 3"]
    assert alike(document, read_by_tree(page))


@pytest.mark.parametrize(
    "page",
    [
        f"<div style='display:none'>{PLAIN}</div><p>{'字' * 300}</p>",
        f"<table><tr><td>外</td><td>{PLAIN}</td></tr></table>",
        f"<table><tr><td>{PLAIN}</td></tr></table>",
        f"<table><tr><td>{PLAIN}</td><td>{'字' * 500}</td></tr></table>",
        f"<noscript>{PLAIN}</noscript><p>字</p>",
        f"<!-- {PLAIN} --><p>字</p>",
        f"<script>var t = '{PLAIN}';</script><p>字</p>",
        f"<p title='{PLAIN}'>字</p>",
        f"<table><tr>{PLAIN}</tr></table><p>字</p>",
        f"<b><p>字{PLAIN}",
        f"<div class='nav'>{PLAIN}</div><p>字</p>",
        "<table regular=0><tr><td>1</td><td>2</td></tr></table>",
        "<p>&am<table><tr><td>p;</td><td>2</td></tr></table>",
        f"<p>the regular table</p>{PLAIN}",
        f"<![CDATA[<p>字</p>{PLAIN}]]>",
        f"<p>字</p>{PLAIN.replace('总计', '<![CDATA[总]]>计')}",
    ],
)
def test_what_stands_around_a_table_counts(page: str) -> None:
    assert alike(read(page), read_by_tree(page))


@pytest.mark.parametrize(
    "table",
    [
        "<TABLE><TR><TH>申请人</TH><TD>总计</TD></TR><TR><Td>1</tD><td>2</TD></TR></TABLE>",
        "<table><tr><td>申请人</td><th>总计</th></tr><tr><th rowspan=2>1</th><td>2</td></tr><tr><td>3</td></tr></table>",
        "<table><tr></tr>\n<tr> </tr><tr><td>申请人</td><td>总计</td></tr><tr></tr><tr><td rowspan=3>1</td><td>2</td></tr><tr></tr><tr></tr></table>",
        "<table><tr><td><p>甲</p><p>乙<br>丙</p></td><td><span>1</span> <b>2</b></td></tr></table>",
        f"<table><tr><td>{'长' * 133}</td><td>{'<b></b>' * 40}1</td></tr></table>",
    ],
)
def test_tables_written_otherwise_are_taken_too(table: str) -> None:
    page = f"<p>前</p>{table}<p>后</p>"
    assert take_regular_tables(page.encode()).tables
    assert alike(read(page), read_by_tree(page))


@pytest.mark.parametrize("late", [PLAIN, PLAIN.replace("TD>", "td>"), PLAIN.upper().replace("&NBSP;", "&nbsp;")])
def test_cells_written_otherwise_far_down_the_page_are_taken_too(late: str) -> None:
    page = f"<table><tr><td>1</td><td>2</td></tr></table><p>{'字' * 3000}</p>{late}"
    assert len(take_regular_tables(page.encode()).tables) == 2
    assert alike(read(page), read_by_tree(page))


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><th>1</th >2</td><td>3</td></tr></table>",
        "<table><tr><td>1</td >2<td>3</td></tr></table>",
        "<table><tr><td>1</th></td><td>3</td></tr></table>",
        "<table><tr><th>1</th></td><td>3</td></tr><tr><td>1</td>4<td>3</td></tr></table>",
        "<table><tr><td>1</td><td>3</td><tr><td>1</td><td>3</td></tr></table>",
        "<table><tr><td>1</td><td>3</td></table>",
        "<table><tr><td>1</td></tr><tr><td>3</td></tr></table>",
        f"<table><tr><td>1</td><td>{'长' * 134}</td></tr></table>",
    ],
)
def test_what_calls_for_judgement_is_left_to_the_tree(table: str) -> None:
    page = f"<p>前</p>{table}<p>后</p>"
    assert not take_regular_tables(page.encode()).tables
    assert alike(read(page), read_by_tree(page))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(PLAIN)), st.sampled_from(PIECES)), min_size=1, max_size=3),
    st.booleans(),
    st.booleans(),
)
@example([(PLAIN.index("<td>&nbsp;1"), "3")], False, False)
def test_damaged_tables_read_as_their_tree_does(damage: list[tuple[int, str]], cut: bool, in_gb: bool) -> None:
    page = PLAIN
    for at, piece in sorted(damage, reverse=True):
        at = PLAIN.rfind("<", 0, at + 1) if piece.startswith("<") else at
        page = page[: max(at, 0)] + piece + page[max(at, 0) + 4 * cut :]
    page = f"<html><body><p>{IN_USE}</p>{page}<p>后</p>{PLAIN}</body></html>"
    assert alike(read(page, "gb18030" if in_gb else "utf-8"), read_by_tree(page))
    assert cut_at_cells(page.encode()).reread() == lines_of(page.encode())


def test_a_page_in_gb18030_is_cut_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    page = f"<html><body><p>{IN_USE}</p>{PLAIN}<p>后</p></body></html>"
    by_tree = read_by_tree(page)
    monkeypatch.setattr(html, "in_utf8", lambda _: pytest.fail("the whole page was decoded"))
    assert alike(read(page, "gb18030"), by_tree)


@pytest.mark.parametrize("place", ["前", "申请", "总计", "法人", "后"])
def test_a_page_that_is_not_all_gb18030_is_decoded_as_a_whole(place: str) -> None:
    page = f"<html><body><p>{IN_USE}前</p>{PLAIN}<p>后</p></body></html>"
    broken = page.encode("gb18030").replace(place.encode("gb18030"), b"\xff\xff")
    document = html.read(SOURCE, broken)
    assert alike(document, read_by_tree(page.replace(place, "\ufffd\ufffd")))
