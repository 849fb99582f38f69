"""Pages and what they attach: a table without a title takes office and year from the page that links to it, and stands for it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from papers import html, html_table, paper
from test_build import frame

from extract.attached import file_names
from extract.build import build
from extract.document import Link

SIGNED = "<p>雾屿街道办事处</p><p>2023年1月20日</p></body>"


def page_without_tables(link: str) -> str:
    """A report whose tables are elsewhere."""
    bare = re.sub(r"<table.*?</table>", "<p>统计表见附件</p>", html(paper()), flags=re.DOTALL)
    return bare.replace("</body>", f'<p>附件：<a href="{link}">统计表</a></p>{SIGNED}')


def table_only() -> str:
    """The tables without title, office or year."""
    return "<html><body>" + "".join(map(html_table, paper().tables())) + "</body></html>"


@pytest.mark.parametrize(
    ("link", "file"),
    [
        ("./P0202301.doc", "P0202301.doc"),
        ("/module/download/downfile.jsp?classid=0&showname=x&filename=P0202301.doc", "P0202301.doc"),
        ("%E9%99%84%E4%BB%B61.xls?v=3", "附件1.xls"),
        ("t.files/附件.doc", "page.files/附件.doc"),
    ],
)
def test_an_attached_table_is_the_pages(tmp_path: Path, link: str, file: str) -> None:
    raw = tmp_path / "raw"
    (raw / file).parent.mkdir(parents=True)
    (raw / "page.html").write_text(page_without_tables(link), encoding="utf-8")
    (raw / file).write_text(table_only(), encoding="utf-8")
    build(raw, tmp_path / "out")
    reports = frame(tmp_path / "out", "reports.csv").set_index("source_path")
    assert reports["office_zh"].tolist() == ["雾屿街道"] * 2 and reports["year"].tolist() == [2022, 2022]
    assert reports["office_id"].nunique() == 1
    assert reports.loc[file, "is_primary"] and not reports.loc["page.html", "is_primary"]
    assert reports.loc[file, "published_on"] == "2023-01-20" and reports.loc[file, "cells_read"] == 200
    issues = frame(tmp_path / "out", "issues.csv")
    assert issues.loc[issues["kind"] == "named_by_page", "source_path"].tolist() == [file]
    facts = frame(tmp_path / "out", "wide.csv")
    assert facts["report_id"].tolist() == [reports.loc[file, "report_id"]]


def test_a_file_elsewhere_is_not_the_pages(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    (raw / "other").mkdir(parents=True)
    (raw / "page.html").write_text(page_without_tables("a.doc"), encoding="utf-8")
    (raw / "other" / "a.doc").write_text(table_only(), encoding="utf-8")
    build(raw, tmp_path / "out")
    reports = frame(tmp_path / "out", "reports.csv").set_index("source_path")
    assert reports.loc["other/a.doc", "office_id"] == "unknown"


def test_names_of_files_in_links() -> None:
    links = [
        Link("https://x.gov.cn/a/b/2022%E5%B9%B4%E6%8A%A5.docx?x=1", "", "attachment"),
        Link("/download?name=t.pdf&id=3", "", "attachment"),
        Link("logo.png", "", "image"),
        Link("/a/b", "", "attachment"),
    ]
    assert file_names(links, pictures=False) == "2022年报.docx|t.pdf"
    assert file_names(links, pictures=True) == "2022年报.docx|t.pdf|logo.png"


def test_two_reports_on_one_page_are_told_once() -> None:
    from official import kinds_of_issue, numbers, read

    other = paper("2021", {code: value + 1 for code, value in numbers("2021").items()})
    both = html(paper()).replace("</body>", html(other).partition("<body>")[2])
    report = read(both.encode())
    assert kinds_of_issue(report).count("several_reports") == 1 and "repeated_cell" not in kinds_of_issue(report)
    assert report.reading is not None and set(report.reading.facts.proof) == {"disputed"}
