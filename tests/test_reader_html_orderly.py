"""Pages read tag by tag read exactly as their trees do, or are left to them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_reader_html_regular import PIECES, PLAIN, alike, read

from extract.document import Document, Paragraph
from extract.readers import html
from extract.readers.html_parts.orderly import read_in_order

HEAD = (
    "<head><meta charset=utf-8><META name='PubDate' content='2022-01-20'><title>年度报告 &amp; 附表</title><style>td>p{color:red}</style>"
    "<script>if(1<2)document.write('<p>x</p>')</script></head>"
)
FURNITURE = (
    '<div class="nav"><ul><li><a href="/1.html">首页</a></li><li><a href="/2.html">政务公开</a></li></ul></div>'
    '<div id="footer"><p>主办单位：人民政府办公室</p></div><form><input type="text" value="请输入">搜索</form>'
)
WORDS = (
    "主动公开",
    "一、总体情况",
    " ",
    "&nbsp;&nbsp;",
    "12",
    "3",
    "\n",
    "申请9件。" * 9,
    "&ldquo;三公&rdquo;",
    "a b",
    "&lt;",
    "",
)
INLINE = ("span", "a", "b", "font", "o:p")
BLOCKS = (
    "div",
    "div",
    "section",
    "article",
    "nav",
    "footer",
    "header",
    "main",
    "aside",
    "ul",
    "h2",
    "p",
    "p",
    "table",
    "center",
    "br",
    "img",
    "hr",
)
ANY = (
    *INLINE,
    *BLOCKS,
    "li",
    "ol",
    "h1",
    "h5",
    "tr",
    "td",
    "tbody",
    "form",
    "label",
    "input",
    "sup",
    "dl",
    "blockquote",
    "th",
    "font",
)
NAMES = (
    "",
    "",
    "",
    "",
    ' class="nav"',
    ' id="menu"',
    " class='MsoNormal'",
    ' style="color:red"',
    " src=a.png alt=图",
    " href='/y'",
)
ODD_NAMES = (" hidden", ' style="display:none"', " href=/x.doc", " title='a>b'")
VOID = ("br", "hr", "img", "input")
HOLD_WORDS = ("p", "h1", "h2", "h5", *INLINE)


def element(chance: random.Random, depth: int, odd: float, tags: tuple[str, ...] = BLOCKS) -> str:
    """An element with what stands in it; `odd` is how often it is one that may not stand there, or bears names that are minded."""
    name = chance.choice(ANY if chance.random() < odd else (*tags, *INLINE))
    tag = f"<{name}{chance.choice(ODD_NAMES if chance.random() < odd else NAMES)}>"
    if name in VOID:
        return tag
    if name == "table":
        return chance.choice((PLAIN, f"{tag}{rows(chance, depth, odd)}</table>"))
    if name in ("ul", "ol"):
        return f"{tag}{''.join(f'<li>{inside(chance, depth, odd)}</li>' for _ in range(2))}</{name}>"
    return f"{tag}{inside(chance, depth, odd, () if name in HOLD_WORDS else BLOCKS)}</{name}>"


def rows(chance: random.Random, depth: int, odd: float) -> str:
    found = []
    for _ in range(chance.choice((1, 2))):
        cells = [inside(chance, depth, odd) for _ in range(chance.choice((1, 1, 1, 2)))]
        if chance.random() < 0.3:
            cells[-1] += "本年度共收到申请9件。" * 50 + PLAIN
        found.append(f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>")
    return "".join(found)


def inside(chance: random.Random, depth: int, odd: float, tags: tuple[str, ...] = BLOCKS) -> str:
    parts = [chance.choice(WORDS)]
    for _ in range(chance.choice((0, 1, 2, 3)) if depth else 0):
        parts += [element(chance, depth - 1, odd, tags), chance.choice(WORDS)]
    return "".join(parts)


def page(chance: random.Random) -> str:
    head = chance.choice((HEAD, "<head><title>报告</title></head>", ""))
    odd = chance.choice((0, 0, 0.02, 0.2))
    body = "".join(element(chance, 3, odd) + chance.choice(WORDS) for _ in range(chance.choice((1, 3, 6))))
    return f"{chance.choice(('', '<!doctype html>'))}<html>{head}<body>{chance.choice(('', FURNITURE))}{body}{chance.choice(('', PLAIN))}</body></html>\n"


def read_by_tree(markup: str) -> Document | str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(html, "read_in_order", lambda lean: None)
        return read(markup)


def test_a_page_in_order_is_read_without_a_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    prose = "".join(f"<p>&nbsp;&nbsp;本年度<b>共</b>收到申请{count}件。</p>" for count in range(9))
    markup = f"<!doctype html><html>{HEAD}<body>{FURNITURE}<h1>年度报告</h1><table><tr><td>&nbsp;</td><td>{prose * 9}{PLAIN}</td></tr></table></body></html>"
    by_tree = read_by_tree(markup)
    monkeypatch.setattr(html, "_read_tree", lambda *_: pytest.fail("a tree was made of a page in order"))
    document = read(markup)
    assert isinstance(document, Document) and alike(document, by_tree)
    paragraphs = [block for block in document.blocks if isinstance(block, Paragraph)]
    assert document.metadata == {"published": "2022-01-20", "page_title": "年度报告 & 附表", "title": "年度报告 & 附表"}
    assert [one.role for one in paragraphs[:5]] == ["furniture", "furniture", "furniture", "furniture", "title"]
    assert paragraphs[5].text == "本年度共收到申请0件。" and len(document.grids()) == 1


@pytest.mark.parametrize(
    "piece",
    ["<p>1<p>2</p></p>", "<a href='x.doc'>附件</a>", "<sup>1</sup>", "<div hidden>x</div>", "<p>1", "</p>", "<iframe src=a.html></iframe>", "&#49;", "<td>1</td>", "<!--"],
)  # fmt: skip
def test_what_takes_a_browser_to_tell_is_left_to_the_tree(piece: str) -> None:
    markup = "<html><body><div>前</div>{}<p>后</p></body></html>"
    assert read_in_order(markup.format("")) is not None
    assert read_in_order(markup.format(piece)) is None
    assert alike(read(markup.format(piece)), read_by_tree(markup.format(piece)))


@given(st.integers(0, 2**32), st.lists(st.tuples(st.floats(0, 0.99), st.sampled_from(PIECES)), max_size=2))
@settings(max_examples=200, deadline=None)
def test_every_page_reads_as_its_tree_does(seed: int, inserted: list[tuple[float, str]]) -> None:
    markup = page(random.Random(seed))
    for where, piece in inserted:
        at = int(where * len(markup))
        markup = markup[:at] + piece + markup[at:]
    assert alike(read(markup), read_by_tree(markup))
