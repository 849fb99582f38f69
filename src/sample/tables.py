"""The tables of a report as rows of boxes with spans, labels spelled as the office spells them. "\\n" in a label is
a line break."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sample import cells
from sample.cells import Block, Line, cell_code
from sample.entries import Entry
from sample.hands import Hand
from sample.report import Report

APPLICATIONS_NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
WIDTH = 4  # columns of section 二 in both forms

_REMARKS = {  # the labels of one province's template, with digits and table words inside
    "规章": "规章（设区的市、自治州人民政府应提供相关数据）",
    "规范性文件": "规范性文件（行政机关制定发布的决定、公告等）",
    "上一年项目数量": "上一年项目数量（指{last}年事项数）",
    "本年增/减": "本年增/减（较上一年增加或减少的项目数，减用负值表示，如-8）",
    "处理决定数量": "处理决定数量（指{year}年办件量）",
    "其他对外管理服务事项": "其他对外管理服务事项（指行政许可以外的政务服务事项，含行政处罚、行政强制以外的各类事项）",
}


@dataclass(slots=True)
class Box:
    """One cell of a laid-out table. `role` is label, head, value (a cell of the form) or extra (a number that no
    form knows)."""

    text: str
    row_span: int = 1
    col_span: int = 1
    role: str = "label"


@dataclass(slots=True)
class Table:
    """`name` is proactive, applications or appeals; `width` the number of columns once spans are spread."""

    name: str
    width: int
    rows: list[list[Box]] = field(default_factory=list)


def merged_rows(table: Table) -> list[list[tuple[Box, bool]]]:
    """The rows as a word processor keeps them: each cell, and True where it begins, False where it goes on from above.

    A cell merged to the right is one cell; a cell merged from above is a cell of its own in every row.
    """
    waiting: dict[int, tuple[int, Box]] = {}  # column -> rows still covered, and by what
    rows = []
    for boxes in table.rows:
        row: list[tuple[Box, bool]] = []
        column, queue = 0, list(boxes)
        while queue or column in waiting:
            if column in waiting:
                left, box = waiting.pop(column)
                row.append((box, False))
                if left > 1:
                    waiting[column] = (left - 1, box)
            else:
                box = queue.pop(0)
                row.append((box, True))
                if box.row_span > 1:
                    waiting[column] = (box.row_span - 1, box)
            column += box.col_span
        rows.append(row)
    return rows


def proactive(report: Report, hand: Hand, printed: dict[str, Entry]) -> list[Table]:
    """Section 二: one table, or one for each item of article 20."""
    form = cells.form(report.proactive)
    groups: dict[str, list[Block]] = {}
    for name in cells.PROACTIVE_BLOCKS:
        if name in form:
            groups.setdefault(form[name].columns[0].parent, []).append(form[name])
    made = [Table("proactive", WIDTH)]
    for article, blocks in groups.items():
        if hand.split_proactive and made[-1].rows:
            made.append(Table("proactive", WIDTH))
        made[-1].rows += _article(article, blocks, report, hand, printed)
    if hand.trailing_row:
        made[-1].rows.append([Box("", role="head") for _ in range(WIDTH)])
    return made


def _article(
    article: str, blocks: list[Block], report: Report, hand: Hand, printed: dict[str, Entry]
) -> list[list[Box]]:
    """The item's head row, its column labels and its rows."""
    columns = blocks[0].columns
    widths = _widths(len(columns) + (blocks[0].name == "fees" and hand.money_column and report.proactive == "2019"))
    head = [Box("信息内容", role="head")]
    head += [
        Box(_column_label(blocks[0].name, line, report, hand), 1, width, "head")
        for line, width in zip(columns, widths, strict=False)
    ]
    if len(widths) > len(columns):
        head.append(Box("收费金额", 1, widths[-1], "head"))
    rows = [[Box(article, 1, WIDTH, "head")], head]
    for block in blocks:
        for line in block.rows:
            values = [
                Box(printed[f"{line.code}.{column.code}"].text, 1, width, "value")
                for column, width in zip(columns, widths, strict=False)
            ]
            if len(widths) > len(columns):
                values.append(Box("", 1, widths[-1], "extra"))
            rows.append([Box(_row_label(block.name, line, report, hand)), *values])
            rows += _extra_rows(line, report, hand)
    return rows


def _widths(columns: int) -> list[int]:
    """Spread the three places right of the label over one, two or three columns."""
    return {1: [3], 2: [1, 2], 3: [1, 1, 1]}[columns]


def _extra_rows(line: Line, report: Report, hand: Hand) -> list[list[Box]]:
    """Rows that some offices add to form 2019 and that the form does not know."""
    if report.proactive != "2019":
        return []
    if hand.hubei and line.code == "normative_documents":
        count = str(report.prose[0] % 60)
        return [[Box("其他主动公开文件（除规范性文件以外的文件）"), *(Box(count, role="extra") for _ in range(3))]]
    if hand.sub_rows and line.code == "other_services":
        return [
            [Box(f"其中：{name}"), *(Box(str(report.prose[at] % 9), role="extra") for at in range(3))]
            for name in ("行政检查", "行政确认")
        ]
    return []


def _row_label(block: str, line: Line, report: Report, hand: Hand) -> str:
    label = hand.spelling(block, "row", line.code, line.label)
    label = re.sub(r"^(\d)\.", rf"\g<1>{hand.numbering}", label)
    return _remarked(label, report, hand) if label == line.label else label


def _column_label(block: str, line: Line, report: Report, hand: Hand) -> str:
    label = hand.spelling(block, "column", line.code, line.label)
    if line.code == "amount" and block == "procurement" and hand.amount_unit == "万元 in header":
        label = f"{label}（万元）"
    if line.code == "amount" and block == "procurement" and hand.amount_unit == "元 in header":
        label = f"{label}（单位：元）"
    if label != line.label:
        return label
    label = _remarked(label, report, hand)
    return _broken(label) if hand.broken_headers and len(label) < 9 else label


def _remarked(label: str, report: Report, hand: Hand) -> str:
    if not hand.hubei or report.proactive != "2019" or label not in _REMARKS:
        return label
    return _REMARKS[label].format(year=report.year, last=report.year - 1)


def _broken(label: str) -> str:
    """The label over two lines, as in a narrow column."""
    if len(label) < 3:
        return label
    middle = 2 if len(label) == 4 else (len(label) + 1) // 2
    return f"{label[:middle]}\n{label[middle:]}"


def applications(report: Report, hand: Hand, printed: dict[str, Entry]) -> Table:
    """Section 三: three label columns, six applicants and their total."""
    block = cells.form(report.applications)["applications"]
    columns = list(block.columns)
    if hand.total_first:
        columns = [columns[-1], *columns[:-1]]
    table = Table("applications", 10, _applications_head(columns, report, hand))
    frame = {"received", "carried_in", "carried_forward"}
    results = [line for line in block.rows if line.code not in frame]
    for line in block.rows:
        if line.code in frame:
            labels = [Box(_row_label("applications", line, report, hand), 1, 3)]
        else:
            labels = _result_labels(line, results, report, hand)
        values = [
            Box(printed[cell_code("applications", line.code, column.code)].text, role="value") for column in columns
        ]
        table.rows.append(labels + values)
    return table


def _applications_head(columns: list[Line], report: Report, hand: Hand) -> list[list[Box]]:
    label = {line.code: _column_label("applications", line, report, hand) for line in columns}
    organisations = [
        Box(label[line.code], role="head") for line in columns if line.code not in ("natural_person", "total")
    ]
    natural, group = Box(label["natural_person"], 2, 1, "head"), Box("法人或其他组织", 1, 5, "head")
    note = Box(APPLICATIONS_NOTE, 3, 3, "head")
    total = Box(label["total"], 2, 1, "head")
    if hand.high_total and not hand.total_first:
        first = [note, Box("申请人情况", 1, 6, "head"), Box(label["total"], 3, 1, "head")]
        return [first, [natural, group], organisations]
    second = [total, natural, group] if hand.total_first else [natural, group, total]
    return [[note, Box("申请人情况", 1, 7, "head")], second, organisations]


def _result_labels(line: Line, results: list[Line], report: Report, hand: Hand) -> list[Box]:
    """Stub 三、本年度办理结果, group and row label: each written where it begins, or as the hand repeats it."""
    at = results.index(line)
    labels: list[Box] = []
    cut = next(index for index, row in enumerate(results) if row.code.startswith("unavailable"))
    stub = "三、本年度办理结果"
    if hand.stub == "span" and at == 0:
        labels.append(Box(stub, len(results)))
    elif hand.stub == "repeated" and at in (0, cut):
        labels.append(Box(stub, cut if at == 0 else len(results) - cut))
    elif hand.stub == "first":
        labels.append(Box(stub if at == 0 else ""))
    text = _row_label("applications", line, report, hand)
    if line.parent.startswith("（"):
        siblings = [row for row in results if row.parent == line.parent]
        if siblings[0] is line:
            labels.append(Box(line.parent, len(siblings)))
        return [*labels, Box(text)]
    return [*labels, Box(text, 1, 2)]


def appeals(hand: Hand, printed: dict[str, Entry]) -> Table:
    """Section 四: fifteen columns under three channels, one row of figures."""
    block = cells.form("2021")["appeals"]
    spell = {line.code: hand.spelling("appeals", "column", line.code, line.label) for line in block.columns}
    if hand.broken_headers:
        spell = {code: _broken(label) for code, label in spell.items()}
    channels = {line.code: hand.spelling("appeals", "row", line.code, line.label) for line in block.rows}
    table = Table("appeals", 15)
    table.rows.append([Box(channels["reconsideration"], 1, 5, "head"), Box("行政诉讼", 1, 10, "head")])
    table.rows.append(
        [Box(spell[line.code], 2, 1, "head") for line in block.columns]
        + [Box(channels[code], 1, 5, "head") for code in cells.CHANNELS[1:]]
    )
    table.rows.append([Box(spell[line.code], role="head") for _ in cells.CHANNELS[1:] for line in block.columns])
    table.rows.append([Box(printed[code].text, role="value") for code in cells.appeal_codes()])
    return table
