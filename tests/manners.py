"""Manners in which offices bend the tables of the forms: each changes a Paper's layout, never what its cells print."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from papers import EXTRA, HEAD, LABEL, VALUE, Box, Paper, Table, spread

OUTCOMES = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
CHANNELS = ("行政复议", "未经复议直接起诉", "复议后起诉")
Manner = Callable[[Paper], None]


def _data(table: Table) -> list[list[Box]]:
    return [row for row in table if any(box.code for box in row)]


def _copied(rows: Table) -> Table:
    return [[replace(box) for box in row] for row in rows]


# --- how any table is laid out ---


def without_spans(made: Paper) -> None:
    for box in made.boxes():
        box.rows = box.cols = 1


def merged_places_empty(made: Paper) -> None:
    made.bend(lambda t: [[replace(b, rows=1, cols=1) if o else Box("") for b, o in row] for row in spread(t)])


def merged_labels_repeated(made: Paper) -> None:
    def write(box: Box, begins: bool) -> Box:
        return replace(box, rows=1, cols=1) if begins else Box("" if box.code else box.text)

    made.bend(lambda t: [[write(b, o) for b, o in row] for row in spread(t)])


def empty_column_before(made: Paper) -> None:
    made.bend(lambda t: [[Box(""), *row] for row in t])


def empty_columns_behind(made: Paper) -> None:
    made.bend(lambda t: [[*row, Box(""), Box("")] for row in t])


def empty_rows_between(made: Paper) -> None:
    made.bend(lambda t: [line for row in t for line in (row, [Box("", 1, 4)], [Box("") for _ in range(10)])])


def colons_behind_labels(made: Paper) -> None:
    for box in made.boxes():
        box.text += "：" if box.role != VALUE else ""


def one_table_for_all(made: Paper) -> None:
    made.applications[0] = [*made.proactive.pop(), *made.applications[0], *made.appeals.pop()]


def everything_shown_twice(made: Paper) -> None:
    for tables in made.sections():
        tables += [_copied(table) for table in tables]


# --- section 二 ---


def _items(table: Table) -> list[Table]:
    """The table cut before each item of article 20."""
    parts: list[Table] = []
    for row in table:
        if len(row) == 1:
            parts.append([])
        parts[-1].append(row)
    return parts


def a_table_for_each_item(made: Paper) -> None:
    made.proactive[:] = _items(made.proactive[0])


def a_table_for_each_row(made: Paper) -> None:
    parts = _items(made.proactive[0])
    made.proactive[:] = [[*_copied(part[:2]), row] for part in parts for row in part[2:]]


def items_in_a_column(made: Paper) -> None:
    rows: Table = []
    for part in _items(made.proactive[0]):
        part[1].insert(0, Box(part[0][0].text, len(part) - 1, 1, HEAD))
        rows += part[1:]
    made.proactive[0] = rows


def no_items(made: Paper) -> None:
    made.proactive[0] = [row for row in made.proactive[0] if len(row) > 1]


def no_content_label(made: Paper) -> None:
    made.proactive[0] = [[box for box in row if box.text != "信息内容"] for row in made.proactive[0]]


def units_in_headers(made: Paper) -> None:
    for table in made.proactive + made.applications:
        for box in (box for row in table for box in row):
            if box.role == HEAD and ("数" in box.text or box.text in ("自然人", "总计")) and "勾稽" not in box.text:
                box.text += "（件）"


def rows_numbered(made: Paper) -> None:
    for number, row in enumerate(_data(made.proactive[0]), 1):
        row[0].text = f"{number}.{row[0].text}"


# --- section 三 ---


def total_first(made: Paper) -> None:
    table = made.applications[0]
    table[1].insert(0, table[1].pop())
    for row in _data(table):
        row.insert(len(row) - 7, row.pop())


def total_a_row_higher(made: Paper) -> None:
    table = made.applications[0]
    table[0].append(replace(table[1].pop(), rows=3))
    table[0][1].cols = 6


def total_first_a_row_higher(made: Paper) -> None:
    total_first(made)
    table = made.applications[0]
    table[0].insert(1, replace(table[1].pop(0), rows=3))
    table[0][2].cols = 6


def organisations_in_another_order(made: Paper) -> None:
    table = made.applications[0]
    table[2][1], table[2][2] = table[2][2], table[2][1]
    for row in _data(table):
        row[-5], row[-4] = row[-4], row[-5]


def persons_last(made: Paper) -> None:
    table = made.applications[0]
    table[1].insert(1, table[1].pop(0))
    for row in _data(table):
        row.insert(-1, row.pop(len(row) - 7))


def enumerator_in_a_cell_of_its_own(made: Paper) -> None:
    def part(box: Box) -> list[Box]:
        return [Box(box.text[:2]), Box(box.text[2:])] if re.match(r"\d\.", box.text) and box.role == LABEL else [box]

    made.applications[0] = [[piece for box in row for piece in part(box)] for row in made.applications[0]]


def group_in_front_of_the_label(made: Paper) -> None:
    group = ""
    for row in _data(made.applications[0]):
        labels = [box for box in row if not box.code]
        if labels[-1].text[0].isdigit():
            group = next((box.text for box in labels if box.text.startswith("（")), group)
            labels[-1].text = group + labels[-1].text
            row[:] = [box for box in row if box.code or (box in (labels[-1], *labels[:-1]) and box.text != group)]


def _groups_as_rows(made: Paper, filling: str | None) -> None:
    rows: Table = []
    for row in made.applications[0]:
        group = next((box for box in row if box.text.startswith("（") and box.rows > 1 and box.role == LABEL), None)
        if group is not None:
            row.remove(group)
            rows.append(
                [
                    Box(group.text, 1, 2),
                    *(Box(filling or "", role=EXTRA) for _ in range(7 if filling is not None else 0)),
                ]
            )
        rows.append(row)
    made.applications[0] = rows


def groups_as_rows(made: Paper) -> None:
    _groups_as_rows(made, None)


def groups_as_empty_rows(made: Paper) -> None:
    _groups_as_rows(made, "")


def groups_as_rows_of_sums(made: Paper) -> None:
    _groups_as_rows(made, "7")


def _sums_under_groups(made: Paper, name: str) -> None:
    rows: Table = []
    left = 0
    for row in made.applications[0]:
        group = next((box for box in row if box.text.startswith("（") and box.rows > 1 and box.role == LABEL), None)
        if group is not None:
            left, group.rows = group.rows, group.rows + 1
        rows.append(row)
        left -= 1
        if left == 0:
            rows.append([Box(name), *(Box("9", role=EXTRA) for _ in range(7))])
    made.applications[0] = rows


def sums_called_heji(made: Paper) -> None:
    _sums_under_groups(made, "合计")


def sums_called_xiaoji(made: Paper) -> None:
    _sums_under_groups(made, "小计")


def a_last_row_of_sums(made: Paper) -> None:
    made.applications[0].append([Box("总计", 1, 3), *(Box("9", role=EXTRA) for _ in range(7))])


def row_numbers(made: Paper) -> None:
    table = made.applications[0]
    table[0].insert(0, Box("序号", 3, 1, HEAD))
    for number, row in enumerate(_data(table), 1):
        row.insert(0, Box(str(number), role=EXTRA))


def column_numbers(made: Paper) -> None:
    numbers = [Box(str(number), role=EXTRA) for number in range(1, 8)]
    made.applications[0].insert(3, [Box("栏次", 1, 3), *numbers])


def remarks_column(made: Paper) -> None:
    table = made.applications[0]
    table[0].append(Box("备注", 3, 1, HEAD))
    for number, row in enumerate(_data(table)):
        row.append(Box("含上年转办件" if number == 4 else ""))


def subtotal_column(made: Paper) -> None:
    table = made.applications[0]
    table[1][1].cols = 6
    table[2].append(Box("小计", role=HEAD))
    for row in _data(table):
        row.insert(-1, Box("8", role=EXTRA))


def header_on_every_page(made: Paper) -> None:
    table = made.applications[0]
    head = table[:3]
    for at in (20, 14, 8):
        table[at:at] = _copied(head)


def _within(table: Table) -> Table:
    """The table with spans that end where it ends."""
    return [[replace(box, rows=min(box.rows, len(table) - at)) for box in row] for at, row in enumerate(table)]


def cut_in_three(made: Paper) -> None:
    table = made.applications[0]
    made.applications[:] = [_within(table[:9]), _within(table[9:17]), _within(table[17:])]


def a_table_for_each_line(made: Paper) -> None:
    table = made.applications[0]
    made.applications[:] = [_within([*_copied(table[:3]), row]) for row in table[3:]]


def applicants_as_rows(made: Paper) -> None:
    table = made.applications[0]
    data = _data(table)
    labels = [Box([box for box in row if not box.code][-1].text) for row in data]
    columns = zip(*([box for box in row if box.code] for row in data), strict=True)
    names = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
    made.applications[0] = [[Box(""), *labels], *([Box(n), *column] for n, column in zip(names, columns, strict=True))]


# --- section 四 ---


def _fifths(made: Paper) -> list[list[Box]]:
    values = made.appeals[0][3]
    return [values[0:5], values[5:10], values[10:15]]


def _outcome_row() -> list[Box]:
    return [Box(outcome, role=HEAD) for outcome in OUTCOMES]


def channels_as_rows(made: Paper) -> None:
    rows = [[Box(c), *values] for c, values in zip(CHANNELS, _fifths(made), strict=True)]
    made.appeals[0] = [[Box(""), *_outcome_row()], *rows]


def channels_as_rows_total_first(made: Paper) -> None:
    channels_as_rows(made)
    for row in made.appeals[0]:
        row.insert(1, row.pop())


def outcomes_as_rows(made: Paper) -> None:
    columns = zip(*_fifths(made), strict=True)
    made.appeals[0] = [
        [Box("", 2), Box("行政复议", 2), Box("行政诉讼", 1, 2)],
        [Box(CHANNELS[1]), Box(CHANNELS[2])],
        *([Box(outcome), *values] for outcome, values in zip(OUTCOMES, columns, strict=True)),
    ]


def appeals_as_a_list(made: Paper) -> None:
    rows: Table = []
    for channel, values in zip(CHANNELS, _fifths(made), strict=True):
        rows += [[Box(outcome), value] for outcome, value in zip(OUTCOMES, values, strict=True)]
        rows[-5].insert(0, Box(channel, 5))
    made.appeals[0] = rows


def a_table_for_each_channel(made: Paper) -> None:
    parts = zip(CHANNELS, _fifths(made), strict=True)
    made.appeals[:] = [[[Box(c, 1, 5, HEAD)], _outcome_row(), values] for c, values in parts]


def channels_beneath_each_other(made: Paper) -> None:
    a_table_for_each_channel(made)
    made.appeals[:] = [[row for table in made.appeals for row in table]]


def reconsideration_and_litigation_apart(made: Paper) -> None:
    first, second, third = _fifths(made)
    litigation = [[Box("行政诉讼", 1, 10, HEAD)], [Box(c, 1, 5, HEAD) for c in CHANNELS[1:]]]
    made.appeals[:] = [
        [[Box("行政复议", 1, 5, HEAD)], _outcome_row(), first],
        [*litigation, _outcome_row() + _outcome_row(), second + third],
    ]


def litigation_first(made: Paper) -> None:
    table = made.appeals[0]
    table[0].reverse()
    for row in (table[1], table[3]):
        row[:] = row[5:] + row[:5]


def outcomes_in_another_order(made: Paper) -> None:
    table = made.appeals[0]
    for row, starts in ((table[1], (0,)), (table[2], (0, 5)), (table[3], (0, 5, 10))):
        for at in starts:
            row[at], row[at + 1] = row[at + 1], row[at]


def totals_of_channels_first(made: Paper) -> None:
    table = made.appeals[0]
    for row, starts in ((table[1], (0,)), (table[2], (0, 5)), (table[3], (0, 5, 10))):
        for at in starts:
            row.insert(at, row.pop(at + 4))


def a_label_before_the_values(made: Paper) -> None:
    made.appeals[0][0].insert(0, Box("类别", 3, 1, HEAD))
    made.appeals[0][3].insert(0, Box("数量（件）"))


def a_note_beneath(made: Paper) -> None:
    made.appeals[0].append([Box("注：行政复议、行政诉讼数量含上年度结转数量", 1, 15)])


ANY: tuple[Manner, ...] = (
    without_spans, merged_places_empty, merged_labels_repeated, empty_column_before, empty_columns_behind, empty_rows_between, colons_behind_labels,
)  # fmt: skip
PROACTIVE: tuple[Manner, ...] = (
    a_table_for_each_item, a_table_for_each_row, items_in_a_column, no_items, no_content_label, units_in_headers, rows_numbered,
)  # fmt: skip
APPLICATIONS: tuple[Manner, ...] = (
    total_first, total_a_row_higher, total_first_a_row_higher, organisations_in_another_order, persons_last, enumerator_in_a_cell_of_its_own,
    group_in_front_of_the_label, groups_as_rows, groups_as_empty_rows, groups_as_rows_of_sums, sums_called_heji, sums_called_xiaoji, a_last_row_of_sums,
    row_numbers, column_numbers, remarks_column, subtotal_column, header_on_every_page, cut_in_three, a_table_for_each_line, applicants_as_rows,
)  # fmt: skip
APPEALS: tuple[Manner, ...] = (
    channels_as_rows, channels_as_rows_total_first, outcomes_as_rows, appeals_as_a_list, a_table_for_each_channel, channels_beneath_each_other,
    reconsideration_and_litigation_apart, litigation_first, outcomes_in_another_order, totals_of_channels_first, a_label_before_the_values, a_note_beneath,
)  # fmt: skip
WHOLE: tuple[Manner, ...] = (one_table_for_all, everything_shown_twice)
ALL = ANY + PROACTIVE + APPLICATIONS + APPEALS + WHOLE
# What the form does not ask for: numbers that no cell may claim, each of them told.
WITH_EXTRA_NUMBERS = {groups_as_rows_of_sums, sums_called_heji, sums_called_xiaoji, a_last_row_of_sums, subtotal_column}
