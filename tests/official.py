"""The official tables as HTML, drawn from the forms' own CSVs, with a number of its own in every cell: what malformed variants are made from."""

from __future__ import annotations

from extract.codebook import APPEALS, APPLICATIONS, Form, cell_code, form
from extract.document import Source
from extract.report import Report, read_report

SOURCE = Source("0" * 12, "made-up.html", "", "0" * 64)
NOTICE = "【虚构样例】本报告由程序生成，所述城市、机构和数字均为虚构。"


def numbers(name: str = "2021") -> dict[str, int]:
    """A different number for every cell: a value in the wrong place shows at once. No identity holds."""
    return {code: 101 + index for index, (code, _, _) in enumerate(form(name).cells())}


def applications_rows(layout: Form) -> list[tuple[str, str, str, str]]:
    """(stub, group, label, row code) of each row of section 三, in printed order."""
    rows, results = [], "三、本年度办理结果"
    for line in layout.rows[APPLICATIONS]:
        grouped = line.parent_zh not in ("", results)
        rows.append((results if line.parent_zh else "", line.parent_zh if grouped else "", line.label_zh, line.code))
    return rows


def applications_table(values: dict[str, int | str], name: str = "2021", td: str = "td") -> str:
    """Section 三 with the spans that the notice prints."""
    layout = form(name)
    rows = applications_rows(layout)
    head = (
        f'<tr><{td} colspan="3" rowspan="3">（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）</{td}><{td} colspan="7">申请人情况</{td}></tr>'
        f'<tr><{td} rowspan="2">自然人</{td}><{td} colspan="5">法人或其他组织</{td}><{td} rowspan="2">总计</{td}></tr>'
        f"<tr><{td}>商业<br>企业</{td}><{td}>科研<br>机构</{td}><{td}>社会公益组织</{td}><{td}>法律服务机构</{td}><{td}>其他</{td}></tr>"
    )
    body, seen = [], set()
    for stub, group, label, code in rows:
        cells = ""
        if not stub:
            cells += f'<{td} colspan="3">{label}</{td}>'
        else:
            if stub not in seen:
                cells += f'<{td} rowspan="{sum(1 for r in rows if r[0])}">{stub}</{td}>'
            if group and group not in seen:
                cells += f'<{td} rowspan="{sum(1 for r in rows if r[1] == group)}">{group}</{td}>'
            cells += f"<{td}>{label}</{td}>" if group else f'<{td} colspan="2">{label}</{td}>'
            seen |= {stub, group}
        cells += "".join(
            f"<{td}>{values[cell_code(APPLICATIONS, code, c.code)]}</{td}>" for c in layout.columns[APPLICATIONS]
        )
        body.append(f"<tr>{cells}</tr>")
    return f"<table>{head}{''.join(body)}</table>"


def proactive_table(values: dict[str, int | str], name: str = "2021") -> str:
    """Section 二 as one table."""
    layout, parts = form(name), []
    for block in ("documents", "permits", "penalties", "fees", "procurement"):
        if block not in layout.rows:
            continue
        columns = layout.columns[block]
        parts.append(f'<tr><td colspan="4">{columns[0].parent_zh}</td></tr>')
        parts.append("<tr><td>信息内容</td>" + "".join(f"<td>{c.label_zh}</td>" for c in columns) + "</tr>")
        for row in layout.rows[block]:
            parts.append(
                f"<tr><td>{row.label_zh}</td>"
                + "".join(f"<td>{values[f'{row.code}.{c.code}']}</td>" for c in columns)
                + "</tr>"
            )
    return f"<table>{''.join(parts)}</table>"


def appeals_table(values: dict[str, int | str]) -> str:
    """Section 四: three header rows and the row of 15."""
    layout = form("2021")
    outcomes = "".join(f"<td>{c.label_zh[:2]}<br>{c.label_zh[2:]}</td>" for c in layout.columns[APPEALS])
    tall = outcomes.replace("<td>", '<td rowspan="2">')
    row = "".join(
        f"<td>{values[cell_code(APPEALS, r.code, c.code)]}</td>"
        for r in layout.rows[APPEALS]
        for c in layout.columns[APPEALS]
    )
    return (
        '<table><tr><td colspan="5">行政复议</td><td colspan="10">行政诉讼</td></tr>'
        f'<tr>{tall}<td colspan="5">未经复议直接起诉</td><td colspan="5">复议后起诉</td></tr><tr>{outcomes}{outcomes}</tr><tr>{row}</tr></table>'
    )


def page(*tables: str) -> bytes:
    """A page of a fictional office around these tables."""
    return f"<html><head><title>雾屿街道办事处2022年政府信息公开工作年度报告</title></head><body><p>{NOTICE}</p>{''.join(tables)}</body></html>".encode()


def full_page(values: dict[str, int | str], name: str = "2021") -> bytes:
    """All three tables."""
    return page(proactive_table(values, name), applications_table(values, name), appeals_table(values))


def read(data: bytes, path: str = "made-up.html") -> Report:
    """Read it as the build does."""
    return read_report(SOURCE._replace(path=path), data)


def values_of(report: Report) -> dict[str, float | None]:
    """Cell code → value of every fact read."""
    assert report.reading is not None, report.notes
    return dict(zip(report.reading.facts.cell, report.reading.facts.value, strict=True))


def kinds_of_issue(report: Report) -> list[str]:
    """Kinds of the issues told, in order."""
    return [note.kind for note in report.notes]
