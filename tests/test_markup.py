"""Markup of the tables as sites and word processors really leave it: what a person sees is read; what nobody can see or read is told."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Callable

import pytest
from official import read
from papers import Verdict, html, judge, paper

Spoil = Callable[[str], str]
VALUE = r"(<td[^>]*>)(\d+)(</td>)"


def in_values(pattern: str) -> Spoil:
    """Write the pattern into every cell of a number, N standing for the number."""
    return lambda page: re.sub(VALUE, lambda cell: cell[1] + pattern.replace("N", cell[2]) + cell[3], page)


def in_labels(change: Callable[[str], str]) -> Spoil:
    """Change the text of every cell that holds no number."""
    return lambda page: re.sub(
        r"(<td[^>]*>)([^<\d]{3,})(</td>)", lambda cell: cell[1] + change(cell[2]) + cell[3], page
    )


def body_of(page: str) -> str:
    return page.partition("<body>")[2].partition("</body>")[0]


def around_body(before: str, after: str) -> Spoil:
    return lambda page: page.replace("<body>", "<body>" + before).replace("</body>", after + "</body>")


def with_footer_first(page: str) -> str:
    """The last row of section 三 in a tfoot that stands before the rows."""
    first, table, rest = page.split("<table border=1>", 2)
    rows = re.findall(r"<tr>.*?</tr>", table)
    last = next(row for row in rows if "四、结转" in row)
    body = "".join(row for row in rows[3:] if row != last)
    after = table.partition("</table>")[2]
    made = f"<thead>{''.join(rows[:3])}</thead><tfoot>{last}</tfoot><tbody>{body}</tbody></table>{after}"
    return "<table border=1>".join([first, made, rest]) if "三、" in table else page


def with_footer(page: str) -> str:
    head, _, tail = page.partition("<table border=1>")
    first, _, rest = tail.partition("<table border=1>")
    return head + "<table border=1>" + first + with_footer_first("<table border=1>" + rest)


def other_numbers(markup: str) -> str:
    return re.sub(r">(\d+)<", lambda number: f">{int(number[1]) + 1}<", markup)


SEEN: dict[str, Spoil] = {
    # layout
    "a layout table around the page": lambda m: m.replace(body_of(m), f"<table><tr><td></td><td>{body_of(m)}</td><td></td></tr></table>"),
    "a menu in the layout table": lambda m: m.replace(
        body_of(m), "<table>" + "".join(f"<tr><td>栏目{n}</td><td>{n}</td></tr>" for n in range(20)) + f"<tr><td colspan=2>{body_of(m)}</td></tr></table>"
    ),
    "a table around each table": lambda m: m.replace("<table ", "<table><tr><td>统计表</td><td>单位：件</td></tr><tr><td colspan=2><table ").replace(
        "</table>", "</table></td></tr></table>"
    ),
    "a table in each cell": in_values("<table><tr><td>N</td></tr></table>"),
    "a long note in a last row": lambda m: m.replace("</table>", f"<tr><td colspan=4>{'说明：以上数据按有关规定统计。' * 40}</td></tr></table>"),
    "the site's form around the page": around_body("<form>", "</form>"),
    "the page in a block called search": around_body('<div id="search_content">', "</div>"),
    "caption": lambda m: m.replace("<table border=1>", "<table border=1><caption>统计表（单位：件）2022</caption>"),
    "footer first": with_footer,
    # tags
    "rows and cells never closed": lambda m: re.sub(r"</(?:td|tr)>", "", m),
    "tables never closed": lambda m: m.replace("</table>", ""),
    "cells without a row": lambda m: re.sub(r"(<table[^>]*>)<tr>", r"\1", m),
    "a form around the rows": lambda m: m.replace("<table border=1>", "<table border=1><form>").replace("</table>", "</form></table>"),
    "paragraphs around cells": lambda m: m.replace("<td", "<p><td").replace("</td>", "</td></p>"),
    "too many ends": lambda m: m.replace("</td>", "</td></td></div>"),
    "quotes and > in attributes": lambda m: re.sub(VALUE, r"""<td title="a > b" style='font-family:"宋体"'>\2\3""", m),
    "XHTML with CDATA": lambda m: '<?xml version="1.0"?>' + in_values("<![CDATA[N]]>")(m),
    # characters
    "entities": lambda m: re.sub(r"[\u4e00-\u9fff]", lambda c: f"&#{ord(c[0])};", m),
    "digits as entities": lambda m: re.sub(VALUE, lambda c: c[1] + "".join(f"&#{ord(d)};" for d in c[2]) + c[3], m),
    "full-width digits": lambda m: re.sub(VALUE, lambda c: c[1] + "".join(chr(ord(d) + 0xFEE0) for d in c[2]) + c[3], m),
    "no-break spaces": in_values("&nbsp;&nbsp;N&nbsp;"),
    "zero-width characters in numbers": lambda m: re.sub(r"(<td[^>]*>\d)(\d+</td>)", r"\1&#8203;&#65279;&zwnj;\2", m),
    "zero-width characters in labels": in_labels(lambda t: t[0] + "&#8203;&shy;&#x200d;" + t[1:]),
    "no-break spaces in labels": in_labels(lambda t: t[0] + "&nbsp;&nbsp;" + t[1:]),
    "lines broken in labels": in_labels(lambda t: t[:2] + "\r\n\t\t" + t[2:]),
    "a paragraph for each character": in_labels(lambda t: "".join(f"<p>{c}</p>" for c in t)),
    # what Word and Excel leave
    "Word's empty paragraphs": in_values("<p class=MsoNormal><span lang=EN-US>N<o:p></o:p></span></p><p><o:p>&nbsp;</o:p></p>"),
    "digits in spans": lambda m: re.sub(VALUE, lambda c: c[1] + "".join(f"<span>{d}</span>" for d in c[2]) + c[3], m),
    "conditional comments": in_values("<![if !supportMisalignedColumns]>N<![endif]>"),
    "Excel's hidden last row": lambda m: m.replace("</table>", "<tr height=0 style='display:none'>" + "<td width=72></td>" * 10 + "</tr></table>"),
    "Excel's hidden merged cells": lambda m: re.sub(VALUE, r'\1\2\3<td style="display: none;">8</td>', m),
    # what the page hides
    "hidden rows": lambda m: m.replace("<tr><td>行政处罚", "<tr style='DISPLAY: none'><td>行政处罚</td><td colspan=3>7</td></tr><tr><td>行政处罚"),
    "rows with the hidden attribute": lambda m: m.replace("<tr><td>行政处罚", "<tr hidden><td>行政处罚</td><td colspan=3>7</td></tr><tr><td>行政处罚"),
    "hidden spans": in_values('<span style="display:none;">7</span>N'),
    "invisible spans": in_values('N<span style="visibility:hidden">9</span>'),
    "letters of no size": in_values('<span style="font-size:0">7</span>N'),
    "another report, hidden": lambda m: m.replace("<body>", f'<body><div style="display:none">{other_numbers(body_of(m))}</div>'),
    "another report in a comment": lambda m: m.replace("<body>", f"<body><!--{other_numbers(body_of(m))}-->"),
    "the source in a hidden field": lambda m: m.replace("<body>", f"<body><textarea style='display:none'>{entities.escape(m)}</textarea>"),
    "shown by a script": around_body('<div id="content" style="display:none">', "</div><script>show()</script>"),
    # what is no digit of the number
    "note marks": in_values("N<sup>1</sup>"),
    "note marks in brackets": in_values("N<sup>[1]</sup>"),
    "circled note marks": in_values("N①"),
    "struck-out numbers": in_values("<s>5</s>N"),
    "corrected numbers": in_values("<del>5</del><ins>N</ins>"),
    "numbers struck out by style": in_values('<span style="text-decoration:line-through">5</span>N'),
    "scripts in cells": in_values("<script>var a=1;</script>N"),
    "styles in cells": in_values("<style>td{x:1}</style>N"),
    # fields
    "text fields": in_values('<input type="text" value="N" readonly>'),
    "fields of no kind": in_values("<input value=N>"),
    "areas of text": in_values("<textarea>N</textarea>"),
    "lists to choose from": in_values("<select><option>1</option><option selected>N</option></select>"),
    # beside the tables
    "a related list": around_body("", "<div class=related><table><tr><td>行政许可</td><td>3</td></tr><tr><td>行政处罚</td><td>4</td></tr></table></div>"),
    "the same tables for telephones": around_body("", '<div class="mobile">X</div>'),
}  # fmt: skip


def judged(name: str, spoil: Spoil) -> Verdict:
    made = paper(name)
    page = html(made)
    spoilt = spoil(page).replace('<div class="mobile">X</div>', f'<div class="mobile">{body_of(page)}</div>')
    assert spoilt != page
    return judge(read(spoilt.encode()), made.expected())


@pytest.mark.parametrize("kind", SEEN)
def test_what_a_person_sees_is_read(kind: str) -> None:
    for name in ("2021", "2019") if "行政" not in kind else ("2021",):
        verdict = judged(name, SEEN[kind])
        assert verdict.is_perfect() and not verdict.near, verdict


SPANS = [(f"{axis}span={old}", f"{axis}span={new}") for axis, old, new in (
    ("row", 8, 9), ("row", 8, 7), ("row", 8, 0), ("row", 22, 0), ("row", 22, 100), ("row", 22, 20), ("row", 5, 4), ("row", 5, 6), ("row", 3, 2), ("row", 3, 4),
    ("row", 2, 3), ("row", 2, 1), ("col", 7, 6), ("col", 7, 9), ("col", 5, 4), ("col", 5, 6), ("col", 5, '"5px"'), ("col", 3, "3px"), ("col", 3, '"100%"'), ("col", 3, 0),
    ("col", 3, -3), ("col", 2, 1), ("col", 2, 4), ("col", 10, 9),
)]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), SPANS)
def test_wrong_spans_move_no_number(old: str, new: str) -> None:
    verdict = judged("2021", lambda page: page.replace(old, new))
    assert verdict.is_perfect() and not verdict.near, verdict


# What stands in a cell cannot be read from the file: the cells are doubted, the reason is told.
UNREADABLE = {
    "pictures of numbers": (in_values('<img src="n/N.gif">'), "doubtful_place"),
    "numbers written by scripts": (in_values('<script>document.write("N")</script>'), "doubtful_place"),
    "two numbers in a cell": (in_values("<p>1</p><p>N</p>"), "illegible"),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_cannot_be_read_is_told(kind: str) -> None:
    spoil, issue = UNREADABLE[kind]
    verdict = judged("2021", spoil)
    assert len(verdict.doubted) == 200 and issue in verdict.issues, verdict


def test_spacer_pictures_are_no_numbers() -> None:
    made = paper("2021", {"permits.decisions": ""})
    page = html(made).replace("<td colspan=3></td>", '<td colspan=3><img src="s.gif" width=1 height=1></td>')
    assert judge(read(page.encode()), made.expected()).is_perfect()


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be", "gbk", "utf-8-sig"])
def test_charsets_that_nothing_declares(charset: str) -> None:
    made = paper()
    assert judge(read(html(made).encode(charset)), made.expected()).is_perfect()


def test_a_traditional_copy_in_big5() -> None:
    from extract.codebook import read_reference

    traditional = {row["simplified"]: row["traditional"] for row in read_reference("traditional.csv")}
    made = paper()
    page = "".join(traditional.get(character, character) for character in html(made))
    for charset in ("utf-8", "gb18030", "big5hkscs"):
        verdict = judge(read(page.encode(charset, "ignore")), made.expected())
        assert verdict.is_perfect(), (charset, verdict)


def test_a_page_that_only_frames_another_says_so() -> None:
    report = read(b'<html><frameset cols="20%,80%"><frame src="menu.htm"><frame src="sheet001.htm"></frameset></html>')
    assert [note.kind for note in report.notes] == ["unread_file"] and "menu.htm" in report.notes[0].message
