"""Plain text: one cell per line, one row per line, and lines in which only the labels mark the rows."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from official import NOTICE, applications_rows, kinds_of_issue, numbers, read, values_of

from extract.codebook import APPEALS, APPLICATIONS, cell_code, form
from extract.document import Source
from extract.readers import text as reader
from extract.readers.text_parts import pages, pieces

TITLE = ["雾屿街道办事处2022年政府信息公开工作年度报告", NOTICE, "一、总体情况", "全年主动公开政府信息12条。"]
Rows = list[list[str]]


def tables(values: dict[str, int | str], name: str = "2021") -> list[Rows]:
    """The three tables as rows of cells, as a dump shows them: merged cells once, empty places left empty."""
    layout = form(name)
    proactive: Rows = []
    for block in ("documents", "permits", "penalties", "fees", "procurement"):
        columns = layout.columns.get(block, ())
        if columns:
            proactive += [[columns[0].parent_zh], ["信息内容", *(c.label_zh for c in columns)]]
        for row in layout.rows.get(block, ()):
            proactive.append([row.label_zh, *(str(values[f"{row.code}.{c.code}"]) for c in columns)])
    applications: Rows = [
        ["申请人情况"],
        ["", "自然人", "法人或其他组织", "总计"],
        ["", "", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", ""],
    ]
    seen: set[str] = set()
    for stub, group, label, code in applications_rows(layout):
        labels = (
            [label]
            if not stub
            else ["" if stub in seen else stub, *([] if not group else ["" if group in seen else group]), label]
        )
        seen |= {stub, group}
        applications.append(
            labels + [str(values[cell_code(APPLICATIONS, code, c.code)]) for c in layout.columns[APPLICATIONS]]
        )
    outcomes = [c.label_zh for c in layout.columns[APPEALS]]
    appeals: Rows = [
        ["行政复议", "行政诉讼"],
        [*outcomes, "未经复议直接起诉", "复议后起诉"],
        [*[""] * 5, *outcomes, *outcomes],
    ]
    appeals.append(
        [str(values[cell_code(APPEALS, r.code, c.code)]) for r in layout.rows[APPEALS] for c in layout.columns[APPEALS]]
    )
    return [proactive, applications, appeals]


def cell_per_line(rows: Rows) -> str:
    return "\n\n".join("\n".join(f"\t{cell}" for cell in row) for row in rows)


def label_above(row: list[str], space: str) -> str:
    """A row as programs write it that turn pages into text: a label that fills two lines stands above its numbers, and pages are numbered."""
    cells = [cell for cell in row if cell]
    at = next((place for place, cell in enumerate(cells) if len(cell) > 18 and "勾稽" not in cell), -1)
    if at < 0:
        return space.join(cells)
    label = cells[at]
    above = [*([space.join(cells[:at])] if at else []), label[:13], label[13:]]
    return "\n".join([*above, space.join(cells[at + 1 :]), "- 4 -"])


def narrow(row: list[str], behind: bool) -> str:
    """A row as programs turn a printed table into text whose labels stand in narrow cells: a numbered label in many short lines."""
    at = next((place for place, cell in enumerate(row) if cell[:1].isdigit() and cell[1:2] == "."), -1)
    if at < 0:
        return " ".join(cell for cell in row if cell)
    lines = [row[at][:4], *(row[at][start : start + 3] for start in range(4, len(row[at]), 3))]
    groups, numbers = [cell for cell in row[:at] if cell], " ".join(row[at + 1 :])
    return "\n".join([*groups, *lines, numbers] if behind else [*groups, f"{lines[0]} {numbers}", *lines[1:]])


def drawn(rows: Rows, rule: str) -> str:
    """A table drawn with characters, a rule between its rows, long cells broken into lines of eight characters."""
    width = max(map(len, rows))
    lines = [rule.join(["+", *["+"] * width])]
    for row in rows:
        cells = [
            [cell[at : at + 8] for at in range(0, len(cell) or 1, 8)] for cell in [*row, *[""] * (width - len(row))]
        ]
        for at in range(max(map(len, cells))):
            lines.append("|".join(["", *(cell[at] if at < len(cell) else "  " for cell in cells), ""]))
        lines.append(rule.join(["+", *["+"] * width]))
    return "\n".join(lines)


def on_page(row: list[str]) -> str:
    """A row as programs write it that keep the places of a page: a numbered label in a narrow cell, its numbers beside the middle of its lines."""
    cells = [cell for cell in row if cell]
    at = next((place for place, cell in reversed(list(enumerate(cells))) if not cell.isdigit()), -1)
    if at < 0 or len(cells) - at <= 7:
        return "   ".join(cells)
    label, numbers = cells[at], "".join(cell.ljust(6) for cell in cells[at + 1 :])
    pieces = [label[start : start + 12] for start in range(0, len(label), 12)]
    beside = ["", *pieces] if len(pieces) == 1 else [*pieces[: len(pieces) // 2], "", *pieces[len(pieces) // 2 :]]
    if len(pieces) % 2:
        beside.remove("")
    middle, groups = len(beside) // 2, "   ".join(cells[:at])
    lines = [(groups if line == middle and groups else "").ljust(20) + piece for line, piece in enumerate(beside)]
    lines[middle] = lines[middle].ljust(60) + numbers
    return "\n".join(lines)


def text_of(tables_as_text: list[str]) -> bytes:
    headings = [
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
    ]
    parts = [f"{heading}\n\n{table}\n\n" for heading, table in zip(headings, tables_as_text, strict=True)]
    return ("\n".join(TITLE) + "\n" + "\n".join(parts) + "\n五、存在的主要问题及改进情况\n无\n").encode()


LAYOUTS = {
    "one cell per line, tabs": lambda rows: cell_per_line(rows),
    "one row per line, tabs": lambda rows: "\n".join("\t".join(row) for row in rows),
    "one row per line, bars": lambda rows: "\n".join(f"{'|'.join(row)}|" for row in rows),
    "one row per line, bars, merged cells at the end": lambda rows: "\n".join(f"{' | '.join(filter(None, row))} |{'|' * (15 - len(row))}" for row in rows),
    "one cell per line, bars": lambda rows: "\n".join("\n".join(["|", *(f"{cell} |" if cell else "|" for cell in row)]) for row in rows),
    "one cell per line, a bar behind each": lambda rows: "\n".join("\n".join([*(f"{cell} |" for cell in row if cell), "|||"]) for row in rows),
    "one cell per line, bars between": lambda rows: "\n|\n".join(cell for row in rows for cell in row if cell),
    "one row per line, spaces": lambda rows: "\n".join("   ".join(cell for cell in row if cell) for row in rows),
    "one row per line, single spaces": lambda rows: "\n".join(" ".join(cell for cell in row if cell) for row in rows),
    "one cell per line, nothing else": lambda rows: "\n".join(cell for row in rows for cell in row if cell),
    "the table in one line, tabs": lambda rows: "\t".join(cell for row in rows for cell in row if cell),
    "the table in one line, spaces": lambda rows: " ".join(cell for row in rows for cell in row if cell),
    "long labels above their numbers": lambda rows: "\n".join(label_above(row, "   ") for row in rows),
    "long labels above their numbers, single spaces": lambda rows: "\n".join(label_above(row, " ") for row in rows),
    "labels in narrow cells, numbers beside their middle": lambda rows: "\n".join(map(on_page, rows)),
    "labels in narrow cells, numbers behind them": lambda rows: "\n".join(narrow(row, behind=True) for row in rows),
    "labels in narrow cells, numbers beside their first line": lambda rows: "\n".join(narrow(row, behind=False) for row in rows),
    "one row per line, commas, cells in quotes over several lines": lambda rows: "\n".join(",".join(f'"{c[:2]}\n{c[2:]}"' if 3 < len(c) < 7 else c for c in row) for row in rows),
    "one cell per line, short labels spread out": lambda rows: "\n".join("　　".join(cell) if len(cell) == 2 and not cell.isdigit() else cell for row in rows for cell in row if cell),
    "one cell per line, labels wrapped": lambda rows: "\n".join(re.sub(r"^(.{5})(?=.)", r"\1\n", c) if len(c) > 9 else c for r in rows for c in r if c),
}  # fmt: skip


@pytest.mark.parametrize("name", ["2019", "2021"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_every_cell(layout: str, name: str) -> None:
    values = numbers(name)
    report = read(text_of([LAYOUTS[layout](rows) for rows in tables(dict(values), name)]), "made-up.txt")
    assert values_of(report) == values, report.notes[:5]


@pytest.mark.parametrize("empty", [("business", "research", "other"), ("natural_person", "research"), ("total",)])
@pytest.mark.parametrize("layout", ["one cell per line, tabs", "one row per line, tabs", "one row per line, bars"])
def test_blanks_keep_their_places_where_the_layout_keeps_them(layout: str, empty: tuple[str, ...]) -> None:
    values: dict[str, int | str] = dict(numbers())
    blank = [code for code in values if code.startswith("applications.") and code.rsplit(".", 1)[1] in empty]
    values |= dict.fromkeys(blank, "")
    report = read(text_of([LAYOUTS[layout](rows) for rows in tables(values)]), "made-up.txt")
    assert values_of(report) == {code: None if value == "" else value for code, value in values.items()}


@pytest.mark.parametrize(
    "layout",
    [
        "one row per line, spaces",
        "one cell per line, nothing else",
        "one cell per line, bars",
        "one cell per line, a bar behind each",
        "the table in one line, tabs",
        "the table in one line, spaces",
    ],
)
def test_where_blanks_have_vanished_a_short_row_is_told_and_never_guessed(layout: str) -> None:
    values: dict[str, int | str] = dict(numbers())
    values |= {f"applications.granted.{who}": "" for who in ("business", "research")}
    report = read(text_of([LAYOUTS[layout](rows) for rows in tables(values)]), "made-up.txt")
    got = values_of(report)
    assert not any(code.startswith("applications.granted.") for code in got)
    assert got == {code: value for code, value in values.items() if not code.startswith("applications.granted.")}
    assert {"cells_do_not_fit", "unclaimed_number"} & set(kinds_of_issue(report))


def test_values_of_appeals_are_never_those_of_applications() -> None:
    """Where all blanks have vanished, seven numbers may be left of section 四, right behind a last row of section 三 without any."""
    values: dict[str, int | str] = dict(numbers())
    values |= {code: "" for code in values if code.startswith("applications.carried_forward.")}
    few = [code for code in values if code.startswith("appeals.")][::2]
    values |= {code: "" for code in values if code.startswith("appeals.") and code not in few[:7]}
    report = read(text_of([LAYOUTS["one row per line, single spaces"](rows) for rows in tables(values)]), "made-up.txt")
    assert not [code for code in values_of(report) if code.startswith(("applications.carried_forward", "appeals"))]


def test_a_pipe_table_without_bars_at_its_ends() -> None:
    """As programs write it that turn pages into Markdown: a bar at the beginning of a line parts an empty cell."""
    values = numbers()

    def barred(rows: Rows) -> str:
        lines = [" | ".join(row) + "  " for row in rows]
        return "\n".join([lines[0], "|".join(["---"] * len(rows[0])) + "  ", *lines[1:]])

    report = read(text_of([barred(rows) for rows in tables(dict(values))]), "made-up.md")
    assert values_of(report) == values


@pytest.mark.parametrize("layout", ["one row per line, tabs", "one cell per line, nothing else"])
@pytest.mark.parametrize("empty", ["-", "—", "/", "零", "无"])
def test_signs_for_nothing_among_numbers_leave_the_row_in_its_line(empty: str, layout: str) -> None:
    values: dict[str, int | str] = dict(numbers())
    values |= {code: empty for code in values if code.endswith((".corrected", ".pending", ".research"))}
    report = read(text_of([LAYOUTS[layout](rows) for rows in tables(values)]), "made-up.txt")
    nothing = 0 if empty == "零" else None
    assert values_of(report) == {code: nothing if value == empty else value for code, value in values.items()}


@pytest.mark.parametrize("charset", ["utf-8", "utf-16"])
def test_rules_beneath_heads_are_no_rows_however_far_behind(charset: str) -> None:
    """Pipe tables behind more prose than is looked at to tell what a file is."""
    values = numbers()

    def barred(rows: Rows) -> str:
        lines = ["| " + " | ".join([*row, *[""] * (15 - len(row))]) + " |" for row in rows]
        return "\n".join([lines[0], "|" + " --- |" * 15, *lines[1:]])

    plain = text_of([barred(rows) for rows in tables(dict(values))]).decode()
    plain = plain.replace("一、总体情况", "一、总体情况\n" + "街道健全公开机制，落实公开责任。" * 300)
    report = read(plain.encode(charset), "made-up.txt")
    assert values_of(report) == values
    assert report.source.kind == "markdown"


def test_gb18030_and_utf16_text() -> None:
    values = numbers()
    plain = text_of([cell_per_line(rows) for rows in tables(dict(values))]).decode()
    for charset in ("gb18030", "utf-16"):
        assert values_of(read(plain.encode(charset), "made-up.txt")) == values


def test_a_title_with_room_around_its_year_is_no_row() -> None:
    lines = [
        "",
        "        雾屿街道办事处政府信息公开        2022     年度         ",
        "              工作报告",
        "一、总体情况",
        *["公开信息若干。" * 30] * 2,
    ]
    report = read("\n".join(lines).encode(), "made-up.txt")
    assert report.identity is not None and report.identity.year == 2022


def test_prose_keeps_its_lines() -> None:
    report = read(text_of([cell_per_line(rows) for rows in tables(dict(numbers()))]), "made-up.txt")
    assert [section.number for section in report.sections] == [0, 1, 2, 3, 4, 5]
    assert ("items_disclosed", 12) in {(figure.quantity, figure.value) for figure, _ in report.stated}


LAID_OUT = """
一、本年新收政府信息公开申请数量              56 21 79 9        37   37 239
三、本年度办 （一）予以公开                4 0 0 10          5    0 19
              2.其他法律行政法规禁止公开 0 0 56 0         0   12 68
              3.危及“三安全一稳定” 0 0 0 0            0   1 1
行政复议               行政诉讼
                   持 正 果 结 计 持 正 果 结 计
0 0 1 6 7 0 3 1 0 4 0 0 1 0 1
全年 2020 年受理申请 3 件 0 件办结
"""


def test_numbers_with_one_space_between_them_are_cells_of_a_laid_out_row() -> None:
    """As tools write a PDF's text with its layout kept: narrow columns leave but one space between their numbers."""
    document = reader.read(Source("0123456789ab", "report.txt", "text", ""), LAID_OUT.encode())
    [grid] = document.grids()
    rows = [[cell.text for cell in row] for row in grid.own_cells()]
    assert rows[0] == ["一、本年新收政府信息公开申请数量", "56", "21", "79", "9", "37", "37", "239"]
    assert rows[1] == ["三、本年度办 （一）予以公开", "4", "0", "0", "10", "5", "0", "19"]
    assert rows[2] == ["2.其他法律行政法规禁止公开", "0", "0", "56", "0", "0", "12", "68"]
    assert rows[-1] == ["0", "0", "1", "6", "7", "0", "3", "1", "0", "4", "0", "0", "1", "0", "1"]
    assert not grid.sure_places
    assert [block.text for block in document.paragraphs()] == ["全年 2020 年受理申请 3 件 0 件办结"]


def test_a_misprinted_label_is_told_by_its_place_where_only_lines_are_left() -> None:
    values = numbers()
    plain = text_of([LAYOUTS["one row per line, single spaces"](rows) for rows in tables(dict(values))]).decode()
    assert "其他法律行政法规禁止公开" in plain
    report = read(plain.replace("其他法律行政法规禁止公开", "其他法律行政止公开").encode(), "made-up.txt")
    assert values_of(report) == values
    assert "label_near" in kinds_of_issue(report)


def test_bars_that_only_part_cells_leave_room_for_empty_ones_at_both_ends() -> None:
    """Each row as wide as the table, the cells of a column of remarks among them; nothing stands before the first bar or behind the last."""
    values = numbers()

    def parted(rows: Rows) -> str:
        width = max(len(row) for row in rows) + 1
        body = len(form("2021").columns[APPLICATIONS])
        padded = [
            [*row[: len(row) - body], *[""] * (width - len(row) - 1), *row[-body:], ""]
            if len(row) > body
            else [*row, *[""] * (width - len(row))]
            for row in rows
        ]
        padded[1][-1] = "备注"
        return "\n".join("|".join(row) for row in padded)

    report = read(text_of(["", parted(tables(dict(values))[1]), ""]), "made-up.txt")
    assert values_of(report) == {code: value for code, value in values.items() if code.startswith("applications")}


def turned(appeals: Rows) -> Rows:
    """Section 四 with an outcome of a channel in each row."""
    outcomes, channels = appeals[2][5:10], ["行政复议", "未经复议直接起诉", "复议后起诉"]
    labels = [(channels[at // 5] if at % 5 == 0 else "", outcomes[at % 5]) for at in range(15)]
    return [[*label, value] for label, value in zip(labels, appeals[3], strict=True)]


@pytest.mark.parametrize("path", ["made-up.txt", "made-up.md"])
def test_a_table_drawn_with_rules_is_one_table(path: str) -> None:
    """Whatever the table says as a whole is read, with its rows as columns here: rules part no tables, and the lines of a broken cell are one."""
    values = numbers()
    proactive, applications, appeals = tables(dict(values))
    report = read(text_of([drawn(rows, "====") for rows in (proactive, applications, turned(appeals))]), path)
    assert values_of(report) == values


def test_a_heading_parts_two_tables() -> None:
    """With nothing but the heading of section 四 between them the second one may still stand with its rows as columns."""
    values = numbers()
    _, applications, appeals = tables(dict(values))
    lines = ["雾屿街道办事处2022年政府信息公开工作年度报告", *("\t".join(row) for row in applications), "四、政府信息公开行政复议、行政诉讼情况", *("\t".join(row) for row in turned(appeals))]  # fmt: skip
    report = read("\n".join(lines).encode(), "made-up.txt")
    assert values_of(report) == {code: value for code, value in values.items() if code.startswith("app")}


def test_a_table_that_lines_do_not_tell_is_told() -> None:
    """Section 四 with a channel in each row, one cell a line: nothing says which numbers are whose, and no reader may pass over them in silence."""
    proactive, applications, appeals = (
        LAYOUTS["one cell per line, nothing else"](rows) for rows in tables(dict(numbers()))
    )
    outcomes = "\n".join(["类别", "结果维持", "结果纠正", "其他结果", "尚未审结", "总计"])
    rows = "\n".join(f"{channel}\n1\n2\n3\n4\n10" for channel in ("行政复议", "未经复议直接起诉", "复议后起诉"))
    report = read(text_of([proactive, applications, f"{outcomes}\n{rows}"]), "made-up.txt")
    told = [note.message for note in report.notes if note.kind == "table_not_read"]
    assert not [code for code in values_of(report) if code.startswith("appeals")] and len(told) == 1 and "四" in told[0]
    whole = read(text_of([proactive, applications, appeals]), "made-up.txt")
    assert "table_not_read" not in kinds_of_issue(whole)


@pytest.mark.parametrize("broken", [True, False])
def test_a_row_under_a_broken_head_is_doubted_where_it_does_not_add_up(broken: bool) -> None:
    """As `pdftotext -layout` writes narrow cells: heads and numbers go on in the next line, and 12 may be the beginning of 126."""
    lines = [LAYOUTS["one row per line, spaces"](rows) for rows in tables(dict(numbers()))[:2]]
    head = [
        "行政复议   行政诉讼",
        "结果   结果   其他   尚未   总计   未经复议直接起诉   复议后起诉",
        "维持   纠正   结果   审结   结   结   其   尚   总   结   结   其   尚   总",
    ]
    row = [12, 1, 0, 0, 13, 3, 0, 0, 1, 4, 5, 0, 0, 0, 5 if not broken else 6]
    lines.append("\n".join([*head, "   ".join(map(str, row))]))
    facts = read(text_of(lines), "made-up.txt").reading.facts  # type: ignore[union-attr]
    proofs = {proof for cell, proof in zip(facts.cell, facts.proof, strict=True) if cell.startswith("appeals")}
    assert ("disputed" in proofs) == broken and len(proofs) > 0


@pytest.mark.parametrize(
    "layout",
    [
        "one row per line, spaces",
        "one row per line, tabs",
        "one row per line, bars",
        "labels in narrow cells, numbers beside their middle",
    ],
)
def test_numbers_are_placed_by_their_characters(layout: str) -> None:
    """Evidence marks the very number, also where a line has the same one several times."""
    data = text_of([LAYOUTS[layout](rows) for rows in tables(dict(numbers()))])
    lines = data.decode().split("\n")
    facts = read(data, "made-up.txt").reading.facts  # type: ignore[union-attr]
    places = set()
    for raw, bbox in zip(facts.raw_text, facts.locator.bboxes, strict=True):
        assert bbox is not None and bbox[0] == bbox[2]
        line, first, last = int(bbox[0]), int(bbox[1]), int(bbox[3])
        assert lines[line - 1][first - 1 : last] == raw
        places.add((line, first))
    assert len(places) == len(facts) > 150


@given(
    st.lists(st.text("甲乙1234 \u3000", min_size=1, max_size=5).map(str.strip), min_size=1, max_size=6),
    st.sampled_from(["\t", "  ", " | ", "\u3000\u3000"]),
)
def test_cells_are_found_again_where_they_were_cut(cells: list[str], space: str) -> None:
    texts = [pieces.tidy(cell) for cell in cells]
    line = space.join(cells)
    for text, (first, last) in zip(texts, pieces.places_in(line, texts), strict=True):
        assert pieces.tidy(line[first - 1 : last]) == text


@pytest.mark.parametrize(("number", "feed"), [("{}", "\n\f"), ("- {} -", "\n\f"), ("   {}", "\n\n\f")])
def test_the_number_of_a_page_is_no_number_of_a_row(number: str, feed: str) -> None:
    values: dict[str, int | str] = dict(numbers()) | {"permits.decisions": ""}
    lines = text_of([LAYOUTS["one row per line, single spaces"](rows) for rows in tables(values)]).decode().split("\n")
    cuts = [lines.index("行政许可") + 1, lines.index("四、政府信息公开行政复议、行政诉讼情况"), len(lines)]
    parts = ["\n".join(lines[begin:end]) for begin, end in zip([0, *cuts], cuts, strict=False)]
    dumped = "".join(f"{page}\n{number.format(at)}{feed}" for at, page in enumerate(parts, 4))
    got = values_of(read(dumped.encode(), "made-up.txt"))
    assert got.get("permits.decisions") is None
    assert got == {code: value for code, value in values.items() if code in got and value != ""} | dict.fromkeys(
        {"permits.decisions"} & set(got)
    )


@pytest.mark.parametrize("last", [["7", "9"], ["7"], ["7", "行政强制"]])
def test_numbers_before_form_feeds_that_do_not_count_pages_stay(last: list[str]) -> None:
    lines = [line for number in last for line in ("行政许可", number, "\f")]
    assert pages.without_page_numbers(lines) == lines
