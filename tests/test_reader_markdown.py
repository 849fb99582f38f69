"""The Markdown reader: pipe tables in the manners that conversion tools leave them."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from office_documents import FICTIONAL, SOURCE, paragraphs, texts_of

from extract.document import Link, Unreadable
from extract.readers import markdown as reader
from extract.readers import read

REPORT = f"""# 青禾街道办事处2023年政府信息公开工作年度报告

{FICTIONAL}

## 一、总体情况

全年主动公开**89**条，见[附件](http://example.invalid/表.docx)。![图1](img/1.png)

## 二、主动公开政府信息情况

| 第二十条第（一）项 ||||
|---|---|---|---|
| 信息内容 | 本年制发<br>件数 | 本年废止件数 | 现行有效件数 |
| 规章 | 0 |  | 0 |
| 行政规范性文件 | 3 | 1 | 12 |

结束。
"""


def grids(text: str) -> list[list[list[str | None]]]:
    return [texts_of(grid) for grid in reader.read(SOURCE, text.encode()).grids()]


def test_report() -> None:
    document = pickle.loads(pickle.dumps(reader.read(SOURCE, REPORT.encode("gb18030"))))
    assert paragraphs(document) == [
        ("title", "青禾街道办事处2023年政府信息公开工作年度报告"),
        ("body", FICTIONAL),
        ("heading", "一、总体情况"),
        ("body", "全年主动公开89条，见附件。"),
        ("heading", "二、主动公开政府信息情况"),
        ("body", "结束。"),
    ]
    assert [texts_of(grid) for grid in document.grids()] == [
        [
            ["第二十条第（一）项", "", "", ""],
            ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
            ["规章", "0", "", "0"],
            ["行政规范性文件", "3", "1", "12"],
        ]
    ]
    assert set(document.links) == {
        Link("http://example.invalid/表.docx", "附件", "attachment"),
        Link("img/1.png", "图1", "image"),
    }
    assert "行政规范性文件\t3\t1\t12" in document.reread()


def test_locators_point_to_lines() -> None:
    document = reader.read(SOURCE, REPORT.encode())
    cell = next(cell for cell in document.grids()[0].cells if cell.text == "12")
    assert REPORT.split("\n")[int((cell.locator.bbox or (0,))[0]) - 1].startswith("| 行政规范性文件")
    assert (cell.locator.table, cell.locator.row, cell.locator.col, cell.locator.method) == (1, 4, 4, "text")


MANNERS = [
    ("no separator", "| 规章 | 0 | 0 |\n| 文件 | 3 | 1 |\n| 合计 | 3 | 1 |", [[["规章", "0", "0"], ["文件", "3", "1"], ["合计", "3", "1"]]]),
    ("no outer bars", "内容 | 件数\n--- | ---\n许可 | 13\n处罚 | 0", [[["内容", "件数"], ["许可", "13"], ["处罚", "0"]]]),
    (
        "colspan padding",
        "| 许可 | 3361 | ||\n|---|---|---|---|\n| 处罚 | 13 | | ||",
        [[["许可", "3361", "", "", None], ["处罚", "13", "", "", ""]]],
    ),
    ("escaped bar", "| a\\|b | 1 |\n|---|---|\n| c | 2 |", [[["a|b", "1"], ["c", "2"]]]),
    ("wrapped cell", "| 本年新收\n申请数量 | 21 |\n|---|---|\n| 结转 | 2 |", [[["本年新收申请数量", "21"], ["结转", "2"]]]),
    ("bar, newline, value", "| 许可\n| 13\n| 2\n\n| 处罚\n| 0\n| 1", [[["许可", "13", "2"], ["处罚", "0", "1"]]]),
    (
        "a small table for each row",
        "| 列1 | 列2 |\n|---|---|\n| 许可 | 13 |\n\n| 列1 | 列2 |\n|---|---|\n| 处罚 | 0 |",
        [[["列1", "列2"], ["许可", "13"], ["列1", "列2"], ["处罚", "0"]]],
    ),
    (
        "prose between tables",
        "| a | 1 |\n|---|---|\n\n四、结转\n\n| b | 2 |\n|---|---|",
        [[["a", "1"]], [["b", "2"]]],
    ),
    (
        "neighbours of another width",
        "| a | 1 | 2 |\n|---|---|---|\n\n\n| b | 2 |\n|---|---|",
        [[["a", "1", "2"]], [["b", "2"]]],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in MANNERS], ids=[case[0] for case in MANNERS])
def test_manners(text: str, expected: list[list[list[str]]]) -> None:
    assert grids(text) == expected


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_grid_comes_back(data: st.DataObject) -> None:
    width = data.draw(st.integers(2, 8))
    text = st.sampled_from(["", "0", "-8", "3.5", "（一）予以公开", "a b", "总计", "…"])
    rows = data.draw(st.lists(st.lists(text, min_size=width, max_size=width), min_size=1, max_size=8))
    rows[0][-1] = "总计"  # the last column is not empty throughout
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    written = "\n".join([lines[0], "|" + "---|" * width, *lines[1:]])
    assert grids(written) == [rows]


def test_sniffs_strictly() -> None:
    assert reader.sniffs("文字\n| a | b |\n| :-- | --: |\n".encode(), ".txt")
    assert reader.sniffs(b"| a\n| b\n| c\n", ".txt")
    assert reader.sniffs("# 标题\n正文".encode(), ".md")
    assert not reader.sniffs("首页 | 新闻 | 公开\n----\n正文\n".encode(), ".txt")
    assert not reader.sniffs(b"| a | b |\n| c | d |\n", ".txt")
    assert not reader.sniffs(b"<html><body>| a |\n|---|\n", ".html")
    assert not reader.sniffs(b"PK\x03\x04|---|\n", ".md")
    assert not reader.sniffs(b"", ".md")


def test_front_matter_is_metadata() -> None:
    document = reader.read(SOURCE, "---\ntitle: 青禾年报\ndate: 2024-01-20\nlayout: x\n---\n正文\n".encode())
    assert document.metadata == {"title": "青禾年报", "published": "2024-01-20"}
    assert paragraphs(document) == [("body", "正文")]


def test_empty_files_are_refused() -> None:
    with pytest.raises(Unreadable, match="no text"):
        reader.read(SOURCE, b"\n\n|---|\n")


def test_a_cell_of_its_own_is_prose() -> None:
    document = reader.read(SOURCE, "| 只有一格 |\n|---|\n| 又一格 |\n".encode())
    assert paragraphs(document) == [("body", "只有一格"), ("body", "又一格")]


def test_hostile_lines_end_soon() -> None:
    document = reader.read(SOURCE, ("|" * 200_000 + "\n|---|---|\n" + "| 1 | 2 |\n" * 15_000).encode())
    assert max(len(grid.cells) for grid in document.grids()) < 21_000
    assert "too_large" in {note.kind for note in document.notes}


AS_A_TOOL_WRITES_IT = """第二十条第（一）项  
---  
信息内容| 本年制发件数| 本年废止件数| 现行有效件数  
规章| 0| 0| 0  
行政规范性文件| 0| 3| 4  
第二十条第（五）项  
信息内容| 本年处理决定数量  
行政许可| 107  
"""


def test_rows_without_outer_bars_need_no_rule_beneath_the_first() -> None:
    """html2text writes the rule of a table beneath its first row, which may have a single cell and no bar."""
    assert grids(AS_A_TOOL_WRITES_IT) == [
        [
            ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
            ["规章", "0", "0", "0"],
            ["行政规范性文件", "0", "3", "4"],
        ],
        [["信息内容", "本年处理决定数量"], ["行政许可", "107"]],
    ]


WITH_HTML = """---
title: 题目
---
# 青禾街道办事处2023年政府信息公开工作年度报告

若 1 < 2，**全年**公开89条。

<table><tr><td rowspan="2">行政许可</td><td>107</td></tr>
<tr><td>2</td></tr></table>

| 规章 | 0 |
|---|---|
| 行政规范性文件 | 3 |

完。
"""


@pytest.mark.parametrize("name", ["report.md", "report.txt", "report"])
def test_tables_in_html_are_read_as_a_page_is(name: str) -> None:
    document = read(SOURCE._replace(path=name), WITH_HTML.encode())
    assert document.source.kind in ("markdown", "text")
    assert [text for _, text in paragraphs(document)] == [
        "青禾街道办事处2023年政府信息公开工作年度报告",
        "若 1 < 2，全年公开89条。",
        "完。",
    ]
    assert [texts_of(grid) for grid in document.grids()] == [
        [["行政许可", "107"], ["行政许可", "2"]],
        [["规章", "0"], ["行政规范性文件", "3"]],
    ]
