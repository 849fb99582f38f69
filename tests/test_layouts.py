"""Tables read by a layout that is known: what they give is what the recognisers give, whatever stands in the document."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from official import SOURCE, appeals_table, applications_table, numbers, page, proactive_table

from extract import labels, layout_study, layouts, readers
from extract.claimed import Recognition
from extract.document import Grid
from extract.forms import recognise_together
from extract.readers import html
from sample.__main__ import main as make_city

ROW = re.compile(r"<tr>.*?</tr>", re.DOTALL)
NUMBERS = [
    "0",
    "1",
    "2",
    "3",
    "",
    "-",
    "/",
    "17",
    "+8",
    "-3",
    "12,34",
    "84.6万元",
    "0元",
    "1.5",
    "５",
    "2,300",
    "22（其中修订16件）",
    "8（其中修订3件）",
    "６",
    "４０",
    "+４",
    "3件",
    "#",
    "2021-01-15",
    "见附件",
    "20231231235959",
]
Change = Callable[[str, random.Random], str]


def tables(name: str = "2021") -> list[str]:
    values: dict[str, int | str] = dict(numbers(name))
    return [proactive_table(values, name), applications_table(values, name), appeals_table(values)]


def grids_of(pieces: list[str]) -> list[Grid]:
    return html.read(SOURCE, page(*pieces)).grids()


def told(found: Recognition) -> tuple[object, ...]:
    """All that a recognition says, cell by cell."""
    claimed = [
        (table.section, table.form, grid.table, *one)
        for table in found.tables
        for grid, part in table.parts
        for one in zip(*part, strict=True)
    ]
    return claimed, [table.tables for table in found.tables], found.notes, found.unclaimed


def renumbered(piece: str, chance: random.Random) -> str:
    """The same table with other numbers in it, and other years."""
    piece = re.sub(r"20(\d\d)", lambda _: f"20{chance.randrange(10, 30)}", piece)
    return re.sub(r">\d+<", lambda _: f">{chance.randrange(1000)}<", piece)


def test_digits_only_number_the_labels_of_the_forms() -> None:
    """So that of a year or a number with a remark it matters where its digits stand and not which they are."""
    full, stems = labels._official()
    assert full and stems and not [text for text in stems if any(map(str.isdigit, text))]
    assert not [text for text in full if re.search(r"\d{2}|(?<!^)\d", text)]


def test_a_table_that_differs_in_nothing_but_numbers_is_not_recognised_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    first = told(layouts.recognise(grids_of(tables())))
    monkeypatch.setattr(layouts, "recognise_together", lambda grids: pytest.fail("a known layout was recognised anew"))
    again = layouts.recognise(grids_of([renumbered(piece, random.Random(1)) for piece in tables()]))
    assert told(again) == first
    assert sum(len(part.codes) for table in again.tables for _, part in table.parts) == len(numbers())


@pytest.mark.parametrize(
    ("first", "second"),
    [("5（其中修订2件）", "8（其中修订3件）"), ("１２", "＋７"), ("3件", "6件"), ("84.6万元", "9万元")],
)
def test_numbers_written_alike_are_one_layout(first: str, second: str, monkeypatch: pytest.MonkeyPatch) -> None:
    piece, *others = tables()
    head = "<table><tr><td>名称</td><td>{}年年度报告</td></tr><tr><td>索引号</td><td>SP-{}</td></tr></table>"
    layouts.recognise(grids_of([head.format(2021, 29219), re.sub(r">\d+<", f">{first}<", piece, count=1), *others]))
    _forbid_study(monkeypatch)
    layouts.recognise(grids_of([head.format(2022, 14547), re.sub(r">\d+<", f">{second}<", piece, count=1), *others]))


def _forbid_study(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("study", "study_rows", "recognise_together"):
        monkeypatch.setattr(layouts, name, lambda grid: pytest.fail("a known layout was recognised anew"))


def test_tables_that_differ_in_wrong_spans_are_one_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row merged over all columns is written with any span; which cell is which the rows tell alone."""
    wide = '<tr><td colspan="{}">第二十条第（五）项</td></tr>'
    piece, *others = tables()
    assert "第二十条第（五）项" in piece
    row = next(row for row in ROW.findall(piece) if "第二十条第（五）项" in row)
    first = told(layouts.recognise(grids_of([piece.replace(row, wide.format(4)), *others])))
    _forbid_study(monkeypatch)
    again = told(layouts.recognise(grids_of([piece.replace(row, wide.format(9)), *others])))
    assert again == first


def test_numbers_that_no_cell_claims_are_told_of_known_layouts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The Hubei template's row of other documents: each report has its own numbers in it."""
    piece, *others = tables()
    row = next(row for row in ROW.findall(piece) if "行政规范性文件" in row)
    extra = row + "<tr><td>其他主动公开文件</td><td>{0}</td><td>{0}</td><td>{0}</td></tr>"
    layouts.recognise(grids_of([piece.replace(row, extra.format(25)), *others]))
    _forbid_study(monkeypatch)
    found = layouts.recognise(grids_of([piece.replace(row, extra.format(31)), *others]))
    assert [(cell.text, label) for cell, label in found.unclaimed] == [("31", "其他主动公开文件")] * 3


def test_a_year_in_a_label_is_no_other_spelling_of_it() -> None:
    """结果维持 alone is the form's own wording, 2013结果维持 is not, whatever was known before."""
    *others, piece = tables()
    layouts.recognise(grids_of([*others, piece]))
    dated = [*others, piece.replace("结果维持", "2013结果维持", 1)]
    assert told(layouts.recognise(grids_of(dated))) == told(recognise_together(grids_of(dated)))


@pytest.mark.parametrize("ask", [
    lambda one, other: one == other, lambda one, other: one != other, lambda one, other: one < other, lambda one, other: one >= 3,
    lambda one, other: {one}, lambda one, other: sorted([(one, 2), (other, 1)]), lambda one, other: [one] == [other], lambda one, other: one - other == 1,
    lambda one, other: sum([one, other]) == 7, lambda one, other: range(one), lambda one, other: f"{one}", lambda one, other: max(one, other),
    lambda one, other: bool(one), lambda one, other: [0][one], lambda one, other: one * 2, lambda one, other: one in {1: 2}, lambda one, other: one in [other],
])  # fmt: skip
def test_an_untold_column_cannot_be_used_unnoticed(ask: Callable[[Any, Any], object]) -> None:
    with pytest.raises(layout_study.Asked):
        ask(layout_study._Untold(), layout_study._Untold())
    with pytest.raises(layout_study.Asked):
        ask(layout_study._Untold() + 1, 1 - layout_study._Untold())


def _other_numbers(piece: str, chance: random.Random) -> str:
    return re.sub(r">\d+<", lambda _: f">{chance.choice(NUMBERS)}<", piece)


def _a_row_that_counts(piece: str, chance: random.Random) -> str:
    """1 2 3 … in the places of a row's numbers."""
    rows = ROW.findall(piece)
    row, start = chance.choice(rows), chance.choice((0, 1, 2))
    places = iter(range(start, start + 50))
    return piece.replace(row, re.sub(r">\d+<", lambda _: f">{next(places)}<", row), 1)


def _without_a_row(piece: str, chance: random.Random) -> str:
    return piece.replace(chance.choice(ROW.findall(piece)), "", 1)


def _row_again(piece: str, chance: random.Random) -> str:
    row = chance.choice(ROW.findall(piece))
    return piece.replace(row, row + row, 1)


def _a_character_lost(piece: str, chance: random.Random) -> str:
    at = chance.choice([match.start() for match in re.finditer("[\u4e00-\u9fff]", piece)])
    return piece[:at] + piece[at + 1 :]


def _a_cell_lost(piece: str, chance: random.Random) -> str:
    cell = chance.choice(re.findall(r"<td[^>]*>[^<]*</td>", piece))
    return piece.replace(cell, "", 1)


def _a_number_before_the_label(piece: str, chance: random.Random) -> str:
    row = chance.choice(ROW.findall(piece))
    return piece.replace(row, row.replace("<tr>", f"<tr><td>甲</td><td>{chance.randrange(100)}</td>", 1), 1)


def _with_a_year(piece: str, chance: random.Random) -> str:
    """A year or the number of a file behind a label or before it."""
    label = chance.choice(re.findall(r">([^<>0-9]{2,})<", piece))
    year = chance.choice(("2019年", "（指2020年事项数）", "SP000-2021-29219", "2022"))
    return piece.replace(label, chance.choice((year + label, label + year)), 1)


def _rows_numbered(piece: str, chance: random.Random) -> str:
    """Numbers before some rows, counting or not."""
    start, step = chance.choice(((0, 1), (1, 1), (1, 2), (4, 1)))
    places = iter(range(start, start + 500, step))
    some = set(chance.sample(range(60), chance.choice((1, 2, 3, 60))))
    rows = iter(range(10_000))
    return re.sub(r"<tr>", lambda _: f"<tr><td>{next(places)}</td>" if next(rows) in some else "<tr>", piece)


def _cut_in_two(piece: str, chance: random.Random) -> str:
    row = chance.choice(ROW.findall(piece))
    return piece.replace(row, f"</table><table>{row}", 1)


def _wrong_spans(piece: str, chance: random.Random) -> str:
    """Spans at some cells, right or wrong."""
    often = chance.choice((0.01, 0.05, 0.4))
    spans = ('colspan="2"', 'colspan="7"', 'rowspan="2"', 'rowspan="3"', 'colspan="3" rowspan="2"', 'colspan="1"')
    return re.sub(
        r"<td[^>]*>", lambda found: f"<td {chance.choice(spans)}>" if chance.random() < often else found[0], piece
    )


def _turned(piece: str, chance: random.Random) -> str:
    """Rows as columns, where no cell is merged."""
    rows = [re.findall(r"<td[^>]*>[^<]*</td>", row) for row in ROW.findall(piece)]
    columns = zip_longest(*rows, fillvalue="<td></td>")
    return "<table>" + "".join(f"<tr>{''.join(cells)}</tr>" for cells in columns) + "</table>"


def _an_unknown_row(piece: str, chance: random.Random) -> str:
    """A row that the form does not have, with numbers in it."""
    row = chance.choice(ROW.findall(piece))
    cells = "".join(f"<td>{chance.randrange(99)}</td>" for _ in range(chance.randrange(1, 9)))
    return piece.replace(row, f"{row}<tr><td>其他主动公开文件</td>{cells}</tr>", 1)


def _emptied(piece: str, chance: random.Random) -> str:
    """Nothing, or the same mark, in all the cells of some rows, and in any cell here and there."""

    def emptied(row: re.Match[str]) -> str:
        mark, often = chance.choice(("", "", "-", "0")), chance.choice((0, 0.2, 1))
        return re.sub(r">\d+<", lambda found: f">{mark}<" if chance.random() < often else found[0], row[0])

    return ROW.sub(emptied, piece)


def _respelt(piece: str, chance: random.Random) -> str:
    """Other marks and spaces in the labels."""
    marks = {"、": "，", "（": "(", "）": ")", ".": "．", "/": " /"}
    for mark, other in marks.items():
        if chance.random() < 0.5:
            piece = re.sub(rf"(?<=[\u4e00-\u9fff\d]){re.escape(mark)}(?=[\u4e00-\u9fff])", other, piece)
    return _emptied(piece, chance)


CHANGES: list[Change] = [
    _other_numbers, _a_row_that_counts, _without_a_row, _row_again, _a_character_lost, _a_cell_lost, _a_number_before_the_label, _cut_in_two, renumbered,
    _with_a_year, _rows_numbered, _wrong_spans, _wrong_spans, _turned, _an_unknown_row, _emptied, _respelt,
]  # fmt: skip


@given(
    st.integers(0, 2**32),
    st.lists(st.tuples(st.integers(0, 2), st.sampled_from(CHANGES)), max_size=3),
    st.sampled_from(["2019", "2021"]),
    st.lists(st.integers(0, 3), min_size=1, max_size=5) | st.just([0, 1, 2]),
)
@settings(max_examples=150, deadline=None)
def test_known_layouts_give_what_the_recognisers_give(
    seed: int, changes: list[tuple[int, Change]], name: str, order: list[int]
) -> None:
    chance = random.Random(seed)
    whole = [*tables(name), "<table><tr><td>发布机构</td><td>街道</td></tr><tr><td>序号</td><td>12</td></tr></table>"]
    for at, change in changes:
        whole[at] = change(whole[at], chance)
    # The second time every layout is known; then most that are known whatever stands in their cells, however their labels are spelt.
    for vary in (renumbered, renumbered, _other_numbers, _emptied, _respelt):
        pieces = [vary(whole[at], chance) for at in order]
        grids = grids_of(pieces)
        assert told(layouts.recognise(grids)) == told(recognise_together(grids_of(pieces)))


@pytest.mark.parametrize("kind", ["html", "docx"])
def test_sample_documents_read_alike_by_layout(kind: str, tmp_path: Path) -> None:
    make_city([str(tmp_path), "--offices", "6", "--years", "2019-2025", "--seed", "77", "--kinds", kind])
    by_layout = 0
    for path in sorted(tmp_path.rglob(f"*.{kind}")):
        source, data = SOURCE._replace(path=path.name), path.read_bytes()
        grids = readers.read(source, data).grids()
        found = layouts._from_layouts(grids)
        by_layout += found is not None
        if found is not None:
            assert told(found) == told(recognise_together(readers.read(source, data).grids())), path.name
    assert by_layout > 20
