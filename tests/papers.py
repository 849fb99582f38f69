"""Made-up reports as tables of boxes that know which cell of the form they print: what layouts are bent from, and what every reading is held against.

A `Paper` has the tables of each section; `expected()` is its truth: cell code → what is printed. Whatever a test does to the layout, that truth stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from official import NOTICE, numbers, read

from extract.codebook import APPEALS, APPLICATIONS, cell_code, form
from extract.numerals import read_number
from extract.report import Report

TITLE = "雾屿街道办事处2022年政府信息公开工作年度报告"
STUB = "三、本年度办理结果"
HEADINGS = ("二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况")
LABEL, HEAD, VALUE, EXTRA = "label", "head", "value", "extra"


@dataclass(slots=True)
class Box:
    """One cell as printed; `code` where it is a cell of the form."""

    text: str
    rows: int = 1
    cols: int = 1
    role: str = LABEL
    code: str = ""


Row = list[Box]
Table = list[Row]


@dataclass(slots=True)
class Paper:
    """The tables of sections 二, 三 and 四."""

    proactive: list[Table]
    applications: list[Table]
    appeals: list[Table]

    def sections(self) -> tuple[list[Table], list[Table], list[Table]]:
        return self.proactive, self.applications, self.appeals

    def tables(self) -> list[Table]:
        return [table for tables in self.sections() for table in tables]

    def boxes(self) -> list[Box]:
        return [box for table in self.tables() for row in table for box in row]

    def expected(self) -> dict[str, str]:
        """Cell code → text as printed."""
        return {box.code: box.text for box in self.boxes() if box.code}

    def bend(self, change: Callable[[Table], Table]) -> None:
        """Change every table."""
        for tables in self.sections():
            tables[:] = [change(table) for table in tables]


def paper(name: str = "2021", values: dict[str, object] | None = None, applications: str = "") -> Paper:
    """A report in that form, with a number of its own in every cell; section 三 may follow the other form."""
    printed = {**numbers(applications or name), **numbers(name), **(values or {})}
    return Paper(
        [proactive_rows(printed, name)], [applications_rows(printed, applications or name)], [appeals_rows(printed)]
    )


def _value(values: dict[str, object], code: str, cols: int = 1) -> Box:
    return Box(str(values[code]), 1, cols, VALUE, code)


def proactive_rows(values: dict[str, object], name: str) -> Table:
    layout, rows = form(name), []
    for block, columns in ((b, layout.columns[b]) for b in layout.rows if b not in (APPLICATIONS, APPEALS)):
        widths = {1: (3,), 2: (1, 2), 3: (1, 1, 1)}[len(columns)]
        heads = [Box(c.label_zh, 1, w, HEAD) for c, w in zip(columns, widths, strict=True)]
        rows += [[Box(columns[0].parent_zh, 1, 4, HEAD)], [Box("信息内容", role=HEAD), *heads]]
        for line in layout.rows[block]:
            cells = [_value(values, f"{line.code}.{c.code}", w) for c, w in zip(columns, widths, strict=True)]
            rows.append([Box(line.label_zh), *cells])
    return rows


def applications_rows(values: dict[str, object], name: str) -> Table:
    layout = form(name)
    lines = layout.rows[APPLICATIONS]
    groups = [line.parent_zh if line.parent_zh not in ("", STUB) else "" for line in lines]
    note = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    heads = [Box(c.label_zh, role=HEAD) for c in layout.columns[APPLICATIONS]]
    person, total = replace(heads[0], rows=2), replace(heads[-1], rows=2)
    rows = [
        [Box(note, 3, 3, HEAD), Box("申请人情况", 1, 7, HEAD)],
        [person, Box("法人或其他组织", 1, 5, HEAD), total],
        heads[1:-1],
    ]
    seen: set[str] = set()
    for line, group in zip(lines, groups, strict=True):
        labels = []
        if line.parent_zh and STUB not in seen:
            labels.append(Box(STUB, sum(1 for one in lines if one.parent_zh)))
        if group and group not in seen:
            labels.append(Box(group, groups.count(group)))
        labels.append(Box(line.label_zh, 1, 1 if group else 2 if line.parent_zh else 3))
        seen |= {group, STUB} if line.parent_zh else set()
        cells = [_value(values, cell_code(APPLICATIONS, line.code, c.code)) for c in layout.columns[APPLICATIONS]]
        rows.append(labels + cells)
    return rows


def appeals_rows(values: dict[str, object]) -> Table:
    layout = form("2021")
    outcomes = [c.label_zh for c in layout.columns[APPEALS]]
    codes = [cell_code(APPEALS, r.code, c.code) for r in layout.rows[APPEALS] for c in layout.columns[APPEALS]]
    return [
        [Box("行政复议", 1, 5, HEAD), Box("行政诉讼", 1, 10, HEAD)],
        [Box(o, 2, 1, HEAD) for o in outcomes] + [Box(t, 1, 5, HEAD) for t in ("未经复议直接起诉", "复议后起诉")],
        [Box(o, role=HEAD) for o in outcomes * 2],
        [_value(values, code) for code in codes],
    ]


def spread(table: Table) -> list[list[tuple[Box, bool]]]:
    """The table with merged cells over all their places: each box, and whether it begins there."""
    taken: dict[tuple[int, int], Box] = {}
    lines = []
    for r, row in enumerate(table):
        line: list[tuple[Box, bool]] = []
        queue = list(row)
        while queue or any(place[0] == r and place[1] >= len(line) for place in taken):
            c = len(line)
            if (r, c) in taken:
                line.append((taken[r, c], False))
                continue
            box = queue.pop(0)
            taken |= {(r + i, c + j): box for i in range(box.rows) for j in range(box.cols) if i or j}
            line.append((box, True))
        lines.append(line)
    return lines


def html_table(table: Table) -> str:
    def cell(box: Box) -> str:
        spans = (f" rowspan={box.rows}" if box.rows > 1 else "") + (f" colspan={box.cols}" if box.cols > 1 else "")
        return f"<td{spans}>{box.text}</td>"

    return "<table border=1>" + "".join(f"<tr>{''.join(map(cell, row))}</tr>" for row in table) + "</table>"


def html(made: Paper) -> str:
    """The report as a page: its title, six headings, the tables."""
    parts = [f"<h1>{TITLE}</h1><p>{NOTICE}</p><p>一、总体情况</p><p>2022年工作平稳。</p>"]
    for heading, tables in zip(HEADINGS, made.sections(), strict=True):
        parts += [f"<p>{heading}</p>", *map(html_table, tables)]
    parts.append("<p>五、存在的主要问题及改进情况</p><p>一是宣传不够。</p><p>六、其他需要报告的事项</p><p>无。</p>")
    return f"<html><head><title>{TITLE}</title></head><body>{''.join(parts)}</body></html>"


def text(made: Paper, lines_of: Callable[[Table], Iterable[str]]) -> str:
    """The report as text, its tables as the lines that `lines_of` makes of them."""
    lines = [TITLE, NOTICE, "", "一、总体情况", "2022年工作平稳，全年公开信息44条。", ""]
    for heading, tables in zip(HEADINGS, made.sections(), strict=True):
        lines += [heading, *(line for table in tables for line in lines_of(table)), ""]
    return "\n".join([*lines, "五、存在的主要问题及改进情况", "一是宣传不够。", "六、其他需要报告的事项", "无。"])


@dataclass(slots=True)
class Verdict:
    """How a reading stands to the truth. `silent` are wrong cells that nothing marks as doubtful, the worst that can happen."""

    right: set[str]
    doubted: set[str]
    lost: set[str]
    silent: dict[str, str]
    issues: set[str]
    near: set[str]

    def is_perfect(self) -> bool:
        return not (self.doubted or self.lost or self.silent)


def judge(report: Report, expected: dict[str, str]) -> Verdict:
    """Hold a reading against the truth: value and state of every cell."""
    issues = {note.kind for note in report.notes} - {"date_unknown"}
    verdict = Verdict(set(), set(), set(expected), {}, issues, set())
    if report.reading is None:
        return verdict
    facts = report.reading.facts
    verdict.lost -= set(facts.cell)
    for index, code in enumerate(facts.cell):
        truth = read_number(expected[code]) if code in expected else None
        doubted = facts.proof[index] == "disputed" or facts.state[index] == "illegible"
        if truth and (facts.state[index], facts.value[index]) == (truth.state, truth.value):
            (verdict.doubted if doubted else verdict.right).add(code)
        elif doubted:
            verdict.doubted.add(code)
        else:
            verdict.silent[code] = f"printed {expected.get(code)!r}, read {facts.raw_text[index]!r}"
        if facts.matched_by[index] == "near":
            verdict.near.add(code)
    return verdict


def judge_page(made: Paper) -> Verdict:
    """The paper as a page, read and judged."""
    return judge(read(html(made).encode()), made.expected())
