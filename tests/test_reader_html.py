"""HTML: malformed tables, each with the reading it must give."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from official import applications_table, full_page, kinds_of_issue, numbers, page, read, values_of

from extract.document import MAX_SPAN, Grid, Paragraph, Source, Unreadable
from extract.readers import html

SOURCE = Source("0" * 12, "made-up.html", "html", "0" * 64)


def test_a_clean_page_gives_every_cell_of_both_forms() -> None:
    for name in ("2019", "2021"):
        values = numbers(name)
        assert values_of(read(full_page(values, name))) == values


def wrap_in_layout(markup: str) -> str:
    inner = markup.partition("<body>")[2].partition("</body>")[0]
    return markup.replace(inner, f"<table><tr><td>导航</td></tr><tr><td>{inner}</td></tr></table>")


# Each takes the page's markup and spoils it as real pages are spoilt; the numbers must not change.
SPOILT = {
    "rowspan overshoots": lambda m: m.replace('rowspan="8"', 'rowspan="9"'),
    "rowspan undershoots": lambda m: m.replace('rowspan="8"', 'rowspan="7"'),
    "rowspan of the stub overshoots": lambda m: re.sub(r'rowspan="2[0-9]"', 'rowspan="40"', m),
    "rowspan zero": lambda m: m.replace('rowspan="5"', 'rowspan="0"'),
    "colspan in pixels": lambda m: m.replace('colspan="3"', 'colspan="3px"'),
    "colspan is nonsense": lambda m: m.replace('<td colspan="2">', '<td colspan="two">'),
    "giant span": lambda m: m.replace('rowspan="3"', 'rowspan="99999999"', 1),
    "cells never closed": lambda m: m.replace("</td>", "").replace("</tr>", ""),
    "head cells": lambda m: m.replace("<td", "<th").replace("</td>", "</th>"),
    "upper case": lambda m: re.sub(r"</?(?:td|tr|table)\b", lambda tag: tag[0].upper(), m),
    "paragraphs and spans in every cell": lambda m: re.sub(r"(<td[^>]*>)(\d+)(</td>)", r'\1<p style="x"><span>\2</span></p>\3', m),
    "digits in spans of their own": lambda m: re.sub(r"(<td[^>]*>)(\d)(\d+)(</td>)", r"\1<span>\2</span><span>\3</span>\4", m),
    "non-breaking spaces": lambda m: re.sub(r"(<td[^>]*>)(\d+)(</td>)", r"\1&nbsp;\2&nbsp;\3", m),
    "padding column": lambda m: m.replace("</tr>", "<td></td></tr>"),
    "empty rows": lambda m: m.replace("</tr>", "</tr><tr></tr><tr><td></td></tr>"),
    "layout table around everything": wrap_in_layout,
    "comments in cells": lambda m: m.replace("<td>1", "<td><!-- 9 -->1"),
    "hidden text in cells": lambda m: re.sub(r"(<td[^>]*>)(\d+)(</td>)", r'\1<span style="display: none">9</span>\2\3', m),
    "stub repeated after a page break": lambda m: m.replace("<td rowspan=\"5\">（五）不予处理", "<td>三、本年度办理结果</td><td rowspan=\"5\">（五）不予处理"),
    "table bodies": lambda m: m.replace("<table>", "<table><tbody>").replace("</table>", "</tbody></table>"),
}  # fmt: skip


@pytest.mark.parametrize("kind", SPOILT)
def test_malformed_tables_are_read_as_printed(kind: str) -> None:
    values = numbers()
    clean = full_page(values).decode()
    spoilt = SPOILT[kind](clean)
    assert spoilt != clean
    assert values_of(read(spoilt.encode())) == values


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_character_set_is_found_whatever_the_page_declares(charset: str) -> None:
    values = numbers()
    declared = full_page(values).decode().replace("<head>", '<head><meta charset="gb2312">')
    assert values_of(read(declared.encode(charset))) == values


def test_a_gbk_page_that_begins_as_if_in_utf_8_is_read() -> None:
    values = numbers()
    begun = full_page(values).decode().replace("<head>", "<head><title>漏</title>")
    assert begun.encode("gb18030").split(b"<title>")[1][:2].decode("utf-8") == "©"
    assert values_of(read(begun.encode("gb18030"))) == values


def test_two_numbers_in_one_cell_never_run_together() -> None:
    values: dict[str, int | str] = dict(numbers())
    values["applications.received.natural_person"] = "<p>3</p><p>4</p>"
    report = read(full_page(values))
    assert report.reading is not None
    facts = report.reading.facts
    index = facts.cell.index("applications.received.natural_person")
    assert (facts.state[index], facts.value[index]) == ("illegible", None)
    assert "illegible" in kinds_of_issue(report)


@pytest.mark.parametrize("behind", ["", "<table><tr><td>甲</td><td>乙</td></tr></table>"])
@pytest.mark.parametrize(
    "markup",
    [
        "<dl><dt>发布机构</dt><dd>江岸区</dd></dl>",
        "<dl><dt>发布机构<dd>江岸区</dl>",
        "<div><center>发布机构</center>江岸区</div>",
        "<div>发布机构<hr>江岸区</div>",
        "<div><h5>发布机构</h5>江岸区</div>",
        "<blockquote><header>发布机构</header>江岸区</blockquote>",
    ],
)
def test_what_a_browser_sets_apart_is_apart(markup: str, behind: str) -> None:
    document = html.read(
        Source("0" * 12, "a.html", "html", "0" * 64), f"<html><body><p>前</p>{markup}{behind}</body></html>".encode()
    )
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == ["前", "发布机构", "江岸区"]


@pytest.mark.parametrize("part", ["p", "dd"])
def test_tables_written_as_lines_of_words_and_spaces(part: str) -> None:
    """A page drops the spaces between Chinese words: the labels of a head run together, and are told apart by what they are."""
    values = numbers()
    rows = re.findall(r"<tr>.*?</tr>", full_page(dict(values)).decode(), re.DOTALL)
    space = f"</{part}><{part}>" if part == "dd" else "&nbsp;&nbsp;&nbsp; "
    lines = [space.join(re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row.replace("<br>", ""), re.DOTALL)) for row in rows]
    body = "".join(f"<{part}>{line}</{part}>" for line in lines)
    title = "雾屿街道办事处2022年政府信息公开工作年度报告"
    report = read(
        f"<html><head><title>{title}</title></head><body><p>{title}</p><dl>{body}</dl></body></html>".encode()
    )
    assert values_of(report) == values


def test_blank_stays_blank_and_a_dash_a_dash() -> None:
    values: dict[str, int | str] = dict(numbers())
    values |= {"applications.received.research": "", "permits.decisions": "/", "penalties.decisions": "&nbsp;"}
    facts = read(full_page(values)).reading.facts  # type: ignore[union-attr]
    states = dict(zip(facts.cell, facts.state, strict=True))
    assert states["applications.received.research"] == states["penalties.decisions"] == "blank"
    assert states["permits.decisions"] == "dash"


def test_total_before_the_others_follows_the_header() -> None:
    values = numbers()
    table = applications_table(values)
    moved = []
    for row in re.findall(r"<tr>.*?</tr>", table, re.DOTALL):
        cells = re.findall(r"<td[^>]*>.*?</td>", row, re.DOTALL)
        if len(re.findall(r"<td>\d+</td>", row)) == 7:
            cells.insert(-6, cells.pop())
        elif "自然人" in row:
            cells.insert(0, cells.pop())
        moved.append("<tr>" + "".join(cells) + "</tr>")
    got = values_of(read(page("<table>" + "".join(moved) + "</table>")))
    assert got == {code: value for code, value in values.items() if code.startswith("applications.")}


def test_a_number_that_no_row_of_the_form_claims_is_told() -> None:
    values = numbers()
    extra = "<tr><td>其他主动公开文件</td><td>77</td><td>78</td><td>79</td></tr>"
    report = read(
        full_page(values)
        .decode()
        .replace('<tr><td colspan="4">第二十条第（五）项', extra + '<tr><td colspan="4">第二十条第（五）项')
        .encode()
    )
    assert values_of(report) == values
    told = [note for note in report.notes if note.kind == "unclaimed_number"]
    assert [note.message.split()[0] for note in told] == ["77", "78", "79"] and all(
        note.locator is not None for note in told
    )


def test_numbers_in_furniture_are_no_issue() -> None:
    values = numbers()
    around = '<div class="nav"><ul><li><a href="/a">行政许可 12</a></li></ul></div><table><tr><td>索引号</td><td>0143/2024-2</td><td>浏览次数</td><td>388</td></tr></table>'
    report = read(full_page(values).decode().replace("<body>", f"<body>{around}").encode())
    assert values_of(report) == values and report.reading is not None and report.reading.recognition.unclaimed == []


def test_text_glued_to_its_label_is_refused() -> None:
    report = read(
        "雾屿街道2020年政府信息公开工作年度报告\n一、总体情况\n行政许可396442278\n行政处罚2200003252\n".encode(),
        "made-up.txt",
    )
    assert report.reading is not None and len(report.reading.facts) == 0
    assert kinds_of_issue(report).count("glued_cells") == 2


@pytest.mark.parametrize("data", [b"<html></html>", b"<html><body><script>1</script></body></html>", b"<!-- -->"])
def test_a_page_without_text_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable):
        html.read(SOURCE, data)


def test_hostile_markup_is_bounded() -> None:
    wide = b"<table>" + b'<tr><td colspan="1000000">1</td><td rowspan="1000000">2</td></tr>' * 50 + b"</table>"
    grids = html.read(SOURCE, wide).grids()
    assert all(len(row) <= 60 * MAX_SPAN for grid in grids for row in grid.rows)
    assert read(b"<div>" * 5000 + "行政许可".encode() + b"</div>" * 5000).notes
    assert read(b"<table><tr><td>" * 500 + b"1").notes is not None


def test_scripts_and_entities_stay_text() -> None:
    markup = (
        "<table><tr><td>&lt;script&gt;alert(1)&lt;/script&gt;</td><td>2</td></tr><tr><td>x</td><td>3</td></tr></table>"
    )
    grid = html.read(SOURCE, markup.encode()).grids()[0]
    assert grid.cells[0].text == "<script>alert(1)</script>"


@st.composite
def layouts(draw: st.DrawFn) -> list[tuple[int, int, int, int]]:
    """Rectangles (row, col, height, width) that tile a small grid."""
    height, width = draw(st.integers(1, 6)), draw(st.integers(2, 6))
    free = {(r, c) for r in range(height) for c in range(width)}
    tiles = []
    for r in range(height):
        for c in range(width):
            if (r, c) in free:
                h, w = draw(st.integers(1, height - r)), draw(st.integers(1, width - c))
                while any((r + i, c + j) not in free for i in range(h) for j in range(w)):
                    h, w = max(1, h - 1), max(1, w - 1)
                free -= {(r + i, c + j) for i in range(h) for j in range(w)}
                tiles.append((r, c, h, w))
    return tiles


@given(layouts())
@settings(max_examples=60, deadline=None)
def test_any_tiling_by_spans_is_laid_out_as_drawn(tiles: list[tuple[int, int, int, int]]) -> None:
    rows = max(r + h for r, _, h, _ in tiles)
    text = {tile: f"格{index}" for index, tile in enumerate(tiles)}
    markup = "".join(
        "<tr>" + "".join(f'<td rowspan="{t[2]}" colspan="{t[3]}">{text[t]}</td>' for t in tiles if t[0] == r) + "</tr>"
        for r in range(rows)
    )
    blocks = html.read(SOURCE, f"<p>x</p><table>{markup}</table>".encode()).blocks
    grids = [block for block in blocks if isinstance(block, Grid)]
    if not grids:  # one cell to a row is a layout table: its text arrives as paragraphs
        assert all(sum(1 for t in tiles if t[0] == r) <= 1 for r in range(rows))
        return
    for r, c, h, w in tiles:
        for i in range(h):
            for j in range(w):
                cell = grids[0].rows[r + i][c + j]
                assert cell is not None and cell.text == text[(r, c, h, w)]
