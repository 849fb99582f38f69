"""Rows and columns of the forms found in grids: by label and order together, whatever the layout lost."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from official import (
    appeals_table,
    applications_rows,
    applications_table,
    kinds_of_issue,
    numbers,
    page,
    proactive_table,
    read,
    values_of,
)
from papers import LABEL, Box, Table, judge_page, paper

from extract.codebook import form
from extract.row_order import ROWS, _in_order


def cut(table: str, after: int) -> list[str]:
    """A table cut in two after so many rows, as a page break cuts it; spans that reach over the cut are left as they are."""
    rows = re.findall(r"<tr>.*?</tr>", table, re.DOTALL)
    return [f"<table>{''.join(part)}</table>" for part in (rows[:after], rows[after:]) if part]


def of_applications(values: dict[str, int]) -> dict[str, int]:
    return {code: value for code, value in values.items() if code.startswith("applications.")}


@given(st.integers(1, 27), st.sampled_from(["2019", "2021"]))
@settings(max_examples=40, deadline=None)
def test_a_table_cut_anywhere_is_read_as_one(after: int, name: str) -> None:
    values = numbers(name)
    pieces = cut(applications_table(dict(values), name), after)
    assert values_of(read(page(*pieces))) == of_applications(values)


def test_a_header_cut_by_a_page_break_keeps_the_order_of_its_columns() -> None:
    values = numbers()
    head, body = cut(applications_table(dict(values)), 2)
    loose = re.sub(
        r' (?:row|col)span="\d+"', "", head
    )  # what is left of the header's upper rows has columns of its own
    body = body.replace("<tr>", "<tr><td></td><td></td>", 1).replace("其他</td></tr>", "其他</td><td></td></tr>", 1)
    assert values_of(read(page(loose, body))) == of_applications(values)


def test_a_label_lost_between_its_neighbours_is_given_by_order_and_told() -> None:
    values = numbers()
    markup = applications_table(dict(values)).replace("2.重复申请", "")
    report = read(page(markup))
    assert values_of(report) == of_applications(values)
    assert "label_near" in kinds_of_issue(report)
    facts = report.reading.facts  # type: ignore[union-attr]
    assert facts.matched_by[facts.cell.index("applications.not_processed.repeated.total")] == "near"


def test_a_row_with_a_lost_cell_is_read_in_doubt() -> None:
    values = numbers()
    markup = re.sub(r"(2.重复申请.*?)<td>\d+</td>(?=</tr>)", r"\1", applications_table(dict(values)))
    report = read(page(markup))
    facts = report.reading.facts  # type: ignore[union-attr]
    proofs = dict(zip(facts.cell, facts.proof, strict=True))
    row = "applications.not_processed.repeated"
    assert {proofs[code] for code in proofs if code.startswith(row)} == {"disputed"} and f"{row}.total" not in proofs
    assert proofs["applications.received.total"] != "disputed"
    assert "cell_lost" in kinds_of_issue(report)


def test_an_extra_row_is_never_taken_for_a_row_of_the_form() -> None:
    values = numbers()
    extra = "<tr><td>其他事项补充说明</td>" + "<td>9</td>" * 7 + "</tr>"
    markup = applications_table(dict(values))
    report = read(page(markup.replace("<tr><td>2.重复申请", extra + "<tr><td>2.重复申请")))
    assert values_of(report) == of_applications(values)
    assert kinds_of_issue(report).count("unclaimed_number") == 7


def test_a_single_row_of_other_handling_makes_it_form_2019() -> None:
    values = numbers("2019")
    report = read(page(applications_table(dict(values), "2019")))
    assert report.reading is not None and report.reading.forms()["applications"] == "2019"


def test_channels_as_rows() -> None:
    values = numbers()
    layout = form("2021")
    head = "<tr><td></td>" + "".join(f"<td>{c.label_zh}</td>" for c in layout.columns["appeals"]) + "</tr>"
    body = "".join(
        f"<tr><td>{r.label_zh}</td>"
        + "".join(f"<td>{values[f'appeals.{r.code}.{c.code}']}</td>" for c in layout.columns["appeals"])
        + "</tr>"
        for r in layout.rows["appeals"]
    )
    got = values_of(read(page(f"<table>{head}{body}</table>", applications_table(dict(values)))))
    assert {code: value for code, value in got.items() if code.startswith("appeals.")} == {
        c: v for c, v in values.items() if c.startswith("appeals.")
    }


@pytest.mark.parametrize("place", ["before", "behind"])
def test_a_row_of_nothing_beside_the_values_of_appeals_is_no_second_reading(place: str) -> None:
    """Word closes a table with a row of no height that carries the widths of its columns; programs add an empty one."""
    values = numbers()
    table = appeals_table(dict(values))
    at = table.rindex("<tr>") if place == "before" else table.rindex("</table>")
    report = read(page(applications_table(dict(values)), table[:at] + f"<tr>{'<td></td>' * 15}</tr>" + table[at:]))
    facts = report.reading.facts if report.reading else pytest.fail("not read")
    assert values_of(report) == {code: value for code, value in values.items() if code.startswith("app")}
    assert "disputed" not in facts.proof


def test_appeals_without_any_number_are_blank() -> None:
    values = numbers()
    table = re.sub(r"<td>\d+</td>", "<td></td>", appeals_table(dict(values)))
    report = read(page(applications_table(dict(values)), table + table))
    facts = report.reading.facts if report.reading else pytest.fail("not read")
    states = [state for code, state in zip(facts.cell, facts.state, strict=True) if code.startswith("appeals.")]
    assert states == ["blank"] * 15


def test_an_empty_form_is_no_report() -> None:
    empty: dict[str, int | str] = dict.fromkeys(numbers(), "")
    form_alone = page(applications_table(empty), appeals_table(empty), proactive_table(empty))
    bare = re.sub(rb"<title>.*?</title>", b"", form_alone)
    assert not read(bare).is_report
    assert read(form_alone).is_report


def test_a_row_of_blanks_under_a_label_spelt_as_none_is_blank() -> None:
    values = numbers()
    table = applications_table(dict(values))
    label = "4.保护第三方的合法权益"
    table = table.replace("4.保护第三方合法权益", label)
    at = table.index(label) + len(label)
    table = table[:at] + re.sub(r">\d+<", "><", table[at:], count=7)
    report = read(page(table))
    facts = report.reading.facts if report.reading else pytest.fail("not read")
    found = {c: (s, m) for c, s, m in zip(facts.cell, facts.state, facts.matched_by, strict=True) if "third_party" in c}
    assert len(found) == 7 and set(found.values()) == {("blank", "near")}


def test_a_row_that_holds_the_rest_of_a_label_is_no_row_of_blanks() -> None:
    values = numbers()
    table = applications_table(dict(values))
    begun, rest = "4.保", "护第三方合法权益"
    at = table.index(begun + rest)
    end = table.index("</tr>", at) + len("</tr>")
    row = table[at:end].replace(rest, "")
    table = table[:at] + row + f"<tr><td>{rest}</td>{'<td></td>' * 7}</tr>" + table[end:]
    table = table.replace('rowspan="22"', 'rowspan="23"').replace('rowspan="8"', 'rowspan="9"')
    report = read(page(table))
    assert not [code for code in values_of(report) if "third_party" in code]
    assert "unclaimed_number" in kinds_of_issue(report)


@pytest.mark.parametrize("nothing", ["", "—", "无"])
def test_a_channel_without_cases_in_the_turned_table_of_appeals(nothing: str) -> None:
    values: dict[str, int | str] = dict(numbers())
    values |= {code: nothing for code in values if code.startswith("appeals.litigation_direct")}
    layout = form("2021")
    rows = ["".join(f"<td>{c.label_zh}</td>" for c in layout.columns["appeals"])] + [
        "".join(f"<td>{values[f'appeals.{r.code}.{c.code}']}</td>" for c in layout.columns["appeals"])
        for r in layout.rows["appeals"]
    ]
    labels = ["", *(r.label_zh for r in layout.rows["appeals"])]
    table = "".join(f"<tr><td>{label}</td>{row}</tr>" for label, row in zip(labels, rows, strict=True))
    got = values_of(read(page(applications_table(values), f"<table>{table}</table>")))
    assert {code: value for code, value in got.items() if code.startswith("appeals.")} == {
        code: None if value == nothing else value for code, value in values.items() if code.startswith("appeals.")
    }


def test_two_rows_of_one_name_where_one_is_missing_are_not_read() -> None:
    """Which of them is the form's row cannot be told."""
    values = numbers()
    table = applications_table(dict(values))
    row = re.search(r"<tr><td>2\.重复申请</td>.*?</tr>", table)
    assert row is not None
    twice = table.replace(row[0], row[0] + re.sub(r">\d+<", ">7<", row[0]))
    twice = twice.replace('rowspan="22"', 'rowspan="23"').replace('rowspan="5"', 'rowspan="6"')
    report = read(page(twice))
    assert not [code for code in values_of(report) if "not_processed.repeated" in code]
    assert "label_out_of_order" in kinds_of_issue(report)


def test_columns_of_documents_in_another_order_are_read_by_their_names() -> None:
    values = numbers()
    rows = re.findall(r"<tr>.*?</tr>", proactive_table(dict(values)), re.DOTALL)
    turned = [
        re.sub(r"(<td[^>]*>[^<]*</td>)(<td[^>]*>[^<]*</td>)(<td[^>]*>[^<]*</td>)(?=</tr>)", r"\3\1\2", row)
        if row.count("<td") == 4
        else row
        for row in rows
    ]
    table = f"<table>{''.join(turned)}</table>"
    assert table != f"<table>{''.join(rows)}</table>"
    assert values_of(read(page(table, applications_table(dict(values)), appeals_table(dict(values))))) == values


def test_one_empty_cell_across_all_applicants_is_blank_for_each() -> None:
    values = numbers()
    table = applications_table(dict(values))
    at = table.index("2.重复申请</td>") + len("2.重复申请</td>")
    table = table[:at] + re.sub(r"(?:<td>\d+</td>){7}", '<td colspan="7"></td>', table[at:], count=1)
    empty = {code for code in values if code.startswith("applications.not_processed.repeated.")}
    assert values_of(read(page(table))) == {
        code: None if code in empty else value for code, value in of_applications(values).items()
    }


def test_appeals_with_a_lost_cell_are_not_read() -> None:
    values = numbers()
    table = appeals_table(dict(values))
    lost = re.sub(r"<td>\d+</td>(?=</tr></table>)", "", table)
    report = read(page(lost, applications_table(dict(values))))
    assert not any(code.startswith("appeals.") for code in values_of(report))
    assert "cells_do_not_fit" in kinds_of_issue(report)


@given(st.lists(st.integers(-1, 30), max_size=40))
def test_the_run_of_rows_in_order_grows_and_is_longest(places: list[int]) -> None:
    kept = sorted(_in_order(places))
    chosen = [places[i] for i in kept]
    assert all(a < b for a, b in pairwise(chosen)) and -1 not in chosen
    longest = [0] * len(places)
    for i, place in enumerate(places):
        if place >= 0:
            longest[i] = 1 + max((longest[j] for j in range(i) if 0 <= places[j] < place), default=0)
    assert len(chosen) == max(longest, default=0)


def test_rows_of_the_forms_stand_in_printed_order() -> None:
    for name in ("2019", "2021"):
        codes = [code for *_, code in applications_rows(form(name))]
        assert codes == [code for code in ROWS if code in codes]


def rows_of(table: str) -> list[str]:
    return re.findall(r"<tr>.*?</tr>", table, re.DOTALL)


# Each spoils section 三 as published reports do; every number must stay in its cell.
MANNERS = {
    "a table for every row, each with the header": lambda t: "".join(f"<table>{''.join(rows_of(t)[:3])}{row}</table>" for row in rows_of(t)[3:]),
    "no spans at all": lambda t: re.sub(r' (?:row|col)span="\d+"', "", t),
    "group and label in one cell": lambda t: t.replace("1.属于国家秘密", "（三）不予公开1.属于国家秘密"),
    "a space between all characters": lambda t: re.sub(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])", " ", t),
    "units in the cells": lambda t: re.sub(r"<td>(\d+)</td>", r"<td>\1件</td>", t),
    "no stub": lambda t: re.sub(r'<td rowspan="\d+">三、本年度办理结果</td>', "", t),
    "traditional characters": lambda t: t.replace("国家秘密", "國家秘密").replace("总计", "總計").replace("结", "結"),
    "a page number between rows": lambda t: t.replace('<tr><td rowspan="3">（四）', '<tr><td colspan="10">- 3 -</td></tr><tr><td rowspan="3">（四）'),
    "an empty cell where the span belongs": lambda t: t.replace("<tr><td>2.", "<tr><td></td><td>2."),
    "a sum on the heading of （六）": lambda t: t.replace(
        '<tr><td rowspan="3">（六）其他处理</td>', f'<tr><td>（六）其他处理</td>{"<td>5</td>" * 7}</tr><tr><td rowspan="3">（六）其他处理</td>'
    ),
}  # fmt: skip


@pytest.mark.parametrize("manner", MANNERS)
def test_manners_of_section_three(manner: str) -> None:
    values = numbers()
    clean = applications_table(dict(values))
    spoilt = MANNERS[manner](clean)
    assert spoilt != clean
    assert values_of(read(page(spoilt))) == of_applications(values)


HUBEI = {
    "规章</td>": "规章(设区的市、自治州人民政府应提供相关数据)</td>",
    "其他对外管理服务事项</td>": "其他对外管理服务事项(指行政许可以外的政务服务事项，含行政给付、行政处罚、行政强制等)</td>",
    "上一年项目数量": "上一年项目数量(指2019年事项数)",
    "处理决定数量": "处理决定数量(指2020年办件量)",
    "本年增/减": "本年增/减(指增减数，减用负值表示，如-8)",
}
CUT = {"本年新制作数量": "本年新", "本年新公开数量": "本年新", "本年增/减": "本年增/"}


@pytest.mark.parametrize(
    "changed", [HUBEI, CUT], ids=["remarks with digits in labels and headers", "headers cut short"]
)
def test_manners_of_section_two(changed: dict[str, str]) -> None:
    values = numbers("2019")
    table = proactive_table(dict(values), "2019")
    for old, new in changed.items():
        assert old in table
        table = table.replace(old, new)
    assert values_of(read(page(table, applications_table(dict(values), "2019"), appeals_table(dict(values))))) == values


def test_a_misread_label_under_its_head_is_near_and_told() -> None:
    values = numbers("2019")
    table = proactive_table(dict(values), "2019").replace("行政许可</td>", "行政许川</td>")
    rest = applications_table(dict(values), "2019"), appeals_table(dict(values)).replace("尚未审结", "尚末审结")
    report = read(page(table, *rest))
    assert values_of(report) == values and "label_near" in kinds_of_issue(report)
    assert report.reading is not None
    facts = report.reading.facts
    near = {code for code, how in zip(facts.cell, facts.matched_by, strict=True) if how == "near"}
    assert near == {f"permits.{column}" for column in ("previous_items", "change", "decisions")}


def test_a_misread_label_alone_under_its_head_is_read() -> None:
    values = numbers("2021")
    table = re.search(r"<tr>[^\n]*?处理决定数量.*?</tr>\s*<tr>.*?</tr>", proactive_table(dict(values)), re.DOTALL)
    assert table is not None
    rows = re.findall(r"<tr>.*?</tr>", table[0], re.DOTALL)[-2:]
    report = read(page(f"<table>{''.join(rows)}</table>".replace("行政许可", "行政许川"), appeals_table(dict(values))))
    assert values_of(report)["permits.decisions"] == values["permits.decisions"]


def test_a_misread_label_never_takes_the_place_of_a_row_that_is_named() -> None:
    values = numbers("2019")
    table = proactive_table(dict(values), "2019")
    named = next(row for row in re.findall(r"<tr>.*?</tr>", table, re.DOTALL) if ">行政许可<" in row)
    extra = re.sub(r">\d+<", ">7<", named.replace("行政许可", "行政许司"))
    report = read(page(table.replace(named, extra + named), applications_table(dict(values), "2019")))
    assert {code: value for code, value in values_of(report).items() if code.startswith("permits.")} == {
        code: value for code, value in values.items() if code.startswith("permits.")
    }


def test_section_two_in_one_table_five_or_without_its_heads() -> None:
    values = numbers()
    whole = proactive_table(dict(values))
    rest = applications_table(dict(values)), appeals_table(dict(values))
    inner = whole.removeprefix("<table>").removesuffix("</table>")
    five = "".join(f"<table>{part}</table>" for part in re.split(r'(?=<tr><td colspan="4">)', inner) if part)
    bare = re.sub(r'<tr><td colspan="4">.*?</tr>', "", whole)
    for variant in (five, bare):
        assert values_of(read(page(variant, *rest))) == values


def test_a_money_column_that_the_form_does_not_have_is_told() -> None:
    values = numbers("2019")
    table = proactive_table(dict(values), "2019")
    head = "<td>上一年项目数量</td><td>本年增/减</td></tr>"
    body = f"<td>{values['fees.change']}</td></tr>"
    table = table.replace(head, head.replace("</tr>", "<td>收费金额</td></tr>")).replace(
        body, body.replace("</tr>", "<td>77.5</td></tr>")
    )
    report = read(page(table, applications_table(dict(values), "2019"), appeals_table(dict(values))))
    assert values_of(report) == values
    assert kinds_of_issue(report).count("unclaimed_number") == 1


@pytest.mark.parametrize("year", ["2019", "2021"])
@pytest.mark.parametrize("at", [2, 5, -2])
def test_a_label_cut_in_two_cells_is_read_as_one(year: str, at: int) -> None:
    """As programs write it that find a rule where there is none: 四、结转下年度继续办 | 理."""
    made = paper(year)
    spare = {box.text: box.cols for box in made.boxes() if box.role == LABEL and box.cols > 1}
    assert len(spare) >= 6

    def cut(table: Table) -> Table:
        return [[part for box in row for part in cut_in_two(box)] for row in table]

    def cut_in_two(box: Box) -> list[Box]:
        if box.text not in spare:
            return [box]
        return [replace(box, text=box.text[:at], cols=1), replace(box, text=box.text[at:], cols=box.cols - 1)]

    made.bend(cut)
    assert judge_page(made).is_perfect()


@pytest.mark.parametrize("code", ["permits.change", "penalties.previous_items", "procurement.items", "fees.change"])
def test_a_row_of_section_two_that_lost_a_cell_is_doubted(code: str) -> None:
    """Which of its cells is lost nothing tells: those that are left are read from the left, and disputed."""
    made = paper("2019")
    made.bend(lambda table: [[box for box in row if box.code != code] for row in table])
    left = {cell for cell in made.expected() if cell.startswith(code.partition(".")[0])}
    verdict = judge_page(made)
    assert not verdict.silent and "cell_lost" in verdict.issues
    assert left <= verdict.doubted | verdict.lost
    assert verdict.right == set(made.expected()) - left


def flat(rows: list[list[str]], bars: str = "\t") -> str:
    return "\n".join(bars.join(row) for row in rows)


def rows_of_applications(values: dict[str, int], shown: list[str], padding: int) -> list[list[str]]:
    """Section 三 with some of its applicants, each label followed by the empty places of the columns that it spans."""
    layout = form("2021")
    names = [column.label_zh for column in layout.columns["applications"] if column.code in shown]
    rows = [["项目", *[""] * padding, *names]]
    for _, _, label, code in applications_rows(layout):
        rows.append([label, *[""] * padding, *(str(values[f"applications.{code}.{one}"]) for one in shown)])
    return rows


@pytest.mark.parametrize("padding", [0, 2])
@pytest.mark.parametrize(
    "shown",
    [
        ["natural_person", "total"],
        ["natural_person", "business", "research", "social_welfare", "legal_service", "other"],
    ],
)
def test_columns_that_the_head_leaves_out_are_nobodys(shown: list[str], padding: int) -> None:
    values = numbers()
    rows = rows_of_applications(values, shown, padding)
    expected = {code: value for code, value in of_applications(values).items() if code.rpartition(".")[2] in shown}
    markup = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    assert values_of(read(page(f"<table>{markup}</table>"))) == expected
    lines = f"雾屿街道办事处2022年政府信息公开工作年度报告\n\n{flat(rows)}\n"
    report = read(lines.encode(), "made-up.txt")
    assert values_of(report) == expected and report.reading.facts.doubt == [""] * len(expected)  # type: ignore[union-attr]


@pytest.mark.parametrize("word, read_as_total", [("口计", True), ("上年同期", False), ("备注", False)])
def test_a_word_behind_six_applicants_is_the_total_unless_it_says_otherwise(word: str, read_as_total: bool) -> None:
    values = numbers()
    report = read(page(applications_table(dict(values)).replace(">总计<", f">{word}<")))
    kept = {
        cell: value for cell, value in of_applications(values).items() if read_as_total or not cell.endswith(".total")
    }
    assert values_of(report) == kept
    assert (kinds_of_issue(report).count("unclaimed_number") > 0) != read_as_total


def test_a_column_of_remarks_never_takes_the_place_of_a_damaged_word() -> None:
    """自然人 of which the head shows nothing that can be read, and 备注 behind 总计."""
    values = numbers()
    table = applications_table(dict(values)).replace(">自然人<", ">口口<")
    table = table.replace('colspan="7">申请人情况</td>', 'colspan="7">申请人情况</td><td rowspan="3">备注</td>')
    table = re.sub(r"(<td>\d+</td>)</tr>", r"\1<td></td></tr>", table)
    assert values_of(read(page(table))) == of_applications(values)


def test_words_for_a_number_behind_padding_are_no_remark() -> None:
    values = numbers()
    shown = [column.code for column in form("2021").columns["applications"]]
    rows = rows_of_applications(values, shown, 1)
    rows[4][-1] = "本级3、街道4"
    lines = f"雾屿街道办事处2022年政府信息公开工作年度报告\n\n{flat(rows)}\n"
    report = read(lines.encode(), "made-up.txt")
    expected = of_applications(values) | {"applications.partly_granted.total": None}
    assert values_of(report) == expected and "illegible" in kinds_of_issue(report)


@pytest.mark.parametrize("padding", [0, 1, 2])
def test_a_remark_beside_a_row_moves_none_of_its_values(padding: int) -> None:
    values = numbers()
    shown = [column.code for column in form("2021").columns["applications"]]
    rows = [[*row, ""] for row in rows_of_applications(values, shown, padding)]
    rows[0][-1], rows[4][-1] = "备注", "含上年2件"
    lines = f"雾屿街道办事处2022年政府信息公开工作年度报告\n\n{flat(rows)}\n"
    assert values_of(read(lines.encode(), "made-up.txt")) == of_applications(values)


@pytest.mark.parametrize(
    "label, at", [("1.本机关不掌握相关政府信息", 3), ("2.重复申请", 3), ("1.申请人无正当理由逾期不补正、", 3)]
)
@pytest.mark.parametrize("rest", [[""] * 7, ["", "", "9", "", "", "", ""]])
def test_a_row_cut_by_the_end_of_a_page_is_one(label: str, at: int, rest: list[str]) -> None:
    """Its label begins on one page and ends on the next, where nothing stands beside it, or where a number goes on: then nobody can say what it was."""
    values = numbers()
    above, row, below = re.split(
        rf"(<tr>(?:(?!<tr>).)*{label}.*?</tr>)", applications_table(dict(values)), flags=re.DOTALL
    )
    beside = "".join(f"<td>{text}</td>" for text in rest)
    official = re.search(rf"{label}[^<]*", row)[0]  # type: ignore[index]
    pages = [
        f"{above}{row.replace(official, official[:at])}</table>",
        f"<table><tr><td></td><td></td><td>{official[at:]}</td>{beside}</tr>{below}",
    ]
    code = next(code for _, _, text, code in applications_rows(form("2021")) if text == official)
    report = read(page(*pages))
    expected = of_applications(values)
    if any(rest):
        assert "cells_do_not_fit" in kinds_of_issue(report)
        expected = {cell: value for cell, value in expected.items() if f".{code}." not in cell}
    assert values_of(report) == expected


def test_what_only_the_second_of_two_reports_shows_is_doubted() -> None:
    """A report in form 2021 and behind it one in form 2019, as a page shows two years: cells of form 2019 are not the first report's."""
    first, second = numbers(), {code: value + 1 for code, value in numbers("2019").items()}
    pages = [proactive_table(dict(first)), applications_table(dict(first)), appeals_table(dict(first))]
    pages += [proactive_table(dict(second), "2019"), applications_table(dict(second), "2019")]
    report = read(page(*pages))
    facts = report.reading.facts  # type: ignore[union-attr]
    proofs = dict(zip(facts.cell, facts.proof, strict=True))
    assert "several_reports" in kinds_of_issue(report)
    assert {proofs[code] for code in proofs.keys() - first.keys()} == {"disputed"}
    assert all(values_of(report)[code] == value for code, value in first.items())


def test_a_head_in_lines_tells_no_order_that_the_height_of_its_cells_may_have_made() -> None:
    """As `pdftotext` writes it: 法人或其他组织, whose cell is lower, comes before 自然人, whose words stand in the middle of two rows."""
    values = numbers()
    names = [column.label_zh for column in form("2021").columns["applications"]]
    rows = rows_of_applications(values, [column.code for column in form("2021").columns["applications"]], 0)[1:]
    head = ["申请人情况", "法人或其他组织", "自然", "人", *names[1:]]
    lines = ["雾屿街道办事处2022年政府信息公开工作年度报告", *head, *(cell for row in rows for cell in row)]
    report = read("\n".join(lines).encode(), "made-up.txt")
    assert values_of(report) == of_applications(values) and "header_missing" in kinds_of_issue(report)
    assert set(report.reading.facts.matched_by) == {"near"}  # type: ignore[union-attr]
    shuffled = [*head[:4], *reversed(names[1:6]), names[6]]
    lines = [lines[0], *shuffled, *(cell for row in rows for cell in row)]
    assert not values_of(read("\n".join(lines).encode(), "made-up.txt"))


@pytest.mark.parametrize("padding", [0, 2])
@pytest.mark.parametrize("head, beside", [("计量单位", "件"), ("行次", "")])
def test_a_column_that_counts_rows_or_names_units_holds_no_values(head: str, beside: str, padding: int) -> None:
    values = numbers()
    rows = rows_of_applications(values, [column.code for column in form("2021").columns["applications"]], padding)
    for number, row in enumerate(rows):
        row.insert(padding + 1, beside or str(number) if number else head)
    markup = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    assert values_of(read(page(f"<table>{markup}</table>"))) == of_applications(values)


@pytest.mark.parametrize("blank", ["", "business", "total"])
def test_values_of_which_each_spans_two_columns_written_out(blank: str) -> None:
    """Each followed by an empty place: where rows are full these tell the columns, and a row with a blank is read by them."""
    values: dict[str, int | None] = dict(numbers())
    if blank:
        values[f"applications.granted.{blank}"] = None
    shown = [column.code for column in form("2021").columns["applications"]]
    rows = [
        [row[0], *(cell for value in row[1:] for cell in (value, ""))] for row in rows_of_applications(values, shown, 0)
    ]  # type: ignore[arg-type]
    lines = f"雾屿街道办事处2022年政府信息公开工作年度报告\n\n{flat(rows)}\n".replace("None", "")
    assert values_of(read(lines.encode(), "made-up.txt")) == of_applications(values)  # type: ignore[arg-type]


def test_rows_that_run_together_are_none_of_them() -> None:
    """Labels of a group in one cell and their numbers in another, nothing between either: 0, 1 and 3 became 013."""
    values = numbers()
    shown = [column.code for column in form("2021").columns["applications"]]
    rows = rows_of_applications(values, shown, 0)
    first = next(at for at, row in enumerate(rows) if row[0].startswith("1.信访"))
    rows[first : first + 3] = (["".join(cells) for cells in zip(*rows[first : first + 3], strict=True)],)
    report = read(f"雾屿街道办事处2022年政府信息公开工作年度报告\n\n{flat(rows)}\n".encode(), "made-up.txt")
    lost = ("petition_complaint", "repeated", "public_publication")
    kept = {cell: value for cell, value in of_applications(values).items() if cell.split(".")[-2] not in lost}
    assert values_of(report) == kept and "unclaimed_number" in kinds_of_issue(report)


@pytest.mark.parametrize("rough", ["约6", "30余", "近100件"])
def test_a_rough_number_is_no_label(rough: str) -> None:
    """In the first place behind padding, with a column of remarks behind: taken for a label it would move all values behind it."""
    values: dict[str, int | str] = dict(numbers())
    values["applications.granted.natural_person"] = rough
    shown = [column.code for column in form("2021").columns["applications"]]
    rows = [[*row, ""] for row in rows_of_applications(values, shown, 2)]  # type: ignore[arg-type]
    rows[0][-1] = "备注"
    report = read(f"雾屿街道办事处2022年政府信息公开工作年度报告\n\n{flat(rows)}\n".encode(), "made-up.txt")
    expected = {
        code: value if value != rough else None for code, value in values.items() if code.startswith("applications")
    }
    assert values_of(report) == expected
    facts = report.reading.facts  # type: ignore[union-attr]
    assert facts.state[facts.cell.index("applications.granted.natural_person")] == "illegible"
