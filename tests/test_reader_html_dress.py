"""Pages whose words are cut into spans read as they do with every span in its place, or are left as they are."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_reader_html_regular import PIECES, SOURCE, alike

from extract.document import Document, Unreadable
from extract.readers import html
from extract.readers.html_parts.dress import undressed

STYLE = "FONT-FAMILY: 仿宋_GB2312; FONT-SIZE: 12pt"
DRESS = (
    "<span>{}</span>", '<span><font face="方正仿宋_GBK">{}</font></span>', "{}", "<o:p>{}</o:p>", "{}<o:p></o:p>",
    f'<span style="{STYLE}">{{}}</span>', '<span lang="EN-US" class="a">{}</span>', "<span style='color:red'>{}</span>", "<b>{}</b>",
)  # fmt: skip
HIDING = (
    "<span style='display:none'>{}</span>",
    '<span hidden="">{}</span>',
    '<span style="FONT-SIZE: 0">{}</span>',
    "<del>{}</del>",
)
ODD = (
    "<SPAN>{}</SPAN>",
    "<span onclick=x()>{}</span>",
    '<span title="a>b">{}</span>',
    "<sup>{}</sup>",
    "&lt;span&gt;{}",
    "<label>{}</label>",
    "<span>{}</span class='b'>",
    "<FONT color=red>{}</FONT>",
)


def cut(text: str, chance: random.Random, ways: tuple[str, ...] = DRESS) -> str:
    """The text cut into pieces, each in a dress of its own."""
    pieces = []
    while text:
        length = chance.randint(1, 3)
        pieces.append(chance.choice(ways).format(text[:length]))
        text = text[length:]
    return "".join(pieces)


def page(chance: random.Random, ways: tuple[str, ...] = DRESS) -> str:
    def cell(text: str) -> str:
        return f'<td style="WIDTH: 48.2pt" valign="center"><p class="MsoNormal" style="MARGIN: 0pt">{cut(text, chance, ways)}</p></td>'

    rows = (("信息内容", "处理决定数量"), ("行政许可", "12"), ("行政处罚", "3"), ("行政强制", "0"))
    table = "".join(f"<tr>{cell(label)}{cell(number)}</tr>" for label, number in rows)
    prose = f'<p style="TEXT-INDENT: 32pt">{cut("本年度新收政府信息公开申请9件。", chance, ways)}</p>'
    return f"<html><body><div>{prose}<table border=1><tbody>{table}</tbody></table>{prose}</div></body></html>"


def read(markup: str, charset: str = "utf-8") -> Document | str:
    try:
        return html.read(SOURCE, markup.encode(charset, "replace"))
    except Unreadable as error:
        return str(error)


def read_dressed(markup: str, charset: str = "utf-8") -> Document | str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(html, "undressed", lambda page: page)
        return read(markup, charset)


def test_a_page_cut_into_spans_keeps_its_words_and_loses_its_dress() -> None:
    markup = page(random.Random(1))
    bare = undressed(markup.encode())
    assert b"span" not in bare and b"font" not in bare and b"o:p" not in bare and b"style" not in bare
    document = read(markup)
    assert isinstance(document, Document)
    assert document.grids()[0].texts == ["信息内容", "处理决定数量", "行政许可", "12", "行政处罚", "3", "行政强制", "0"]
    assert alike(document, read_dressed(markup))


@pytest.mark.parametrize("way", [*HIDING, *ODD])
def test_what_may_hide_or_where_the_end_of_a_span_counts_is_left_to_the_tree(way: str) -> None:
    chance = random.Random(2)
    plain = page(chance)
    markup = plain.replace("</div>", way.format("7") + "</div>", 1)
    assert undressed(plain.encode()) != plain.encode()
    assert undressed(markup.encode()) == markup.encode()
    assert alike(read(markup), read_dressed(markup))


def test_a_page_that_is_not_cut_is_not_touched() -> None:
    markup = page(random.Random(3), ("{}",)).encode()
    assert undressed(markup) is markup


@given(
    st.integers(0, 2**32),
    st.lists(
        st.tuples(
            st.floats(0, 0.99),
            st.sampled_from([*PIECES, "<span>", "</span>", "</font>", "<span style='x", 'style="y"']),
        ),
        max_size=4,
    ),
    st.sampled_from(["utf-8", "gb18030"]),
)
@settings(max_examples=150, deadline=None)
def test_every_page_reads_as_with_its_dress(seed: int, inserted: list[tuple[float, str]], charset: str) -> None:
    chance = random.Random(seed)
    markup = page(chance, (*DRESS, *DRESS, *HIDING, *ODD) if chance.random() < 0.3 else DRESS)
    for where, piece in inserted:
        at = markup.find("<", int(where * len(markup)))  # a tag broken in two is text, its styles with it
        markup = markup[:at] + piece + markup[at:]
    assert alike(read(markup, charset), read_dressed(markup, charset))
