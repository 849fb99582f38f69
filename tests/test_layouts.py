"""Tables read by a layout that is known: what they give is what the recognisers give, whatever stands in the document."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from official import SOURCE, appeals_table, applications_table, numbers, page, proactive_table

from extract import labels, layouts, readers
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
    monkeypatch.setattr(layouts, "_study", lambda grid: pytest.fail("a known layout was recognised anew"))
    layouts.recognise(grids_of([head.format(2022, 14547), re.sub(r">\d+<", f">{second}<", piece, count=1), *others]))


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


CHANGES: list[Change] = [
    _other_numbers, _a_row_that_counts, _without_a_row, _row_again, _a_character_lost, _a_cell_lost, _a_number_before_the_label, _cut_in_two, renumbered,
    _with_a_year, _rows_numbered,
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
    for _ in range(2):  # the second time every layout is known
        pieces = [renumbered(whole[at], chance) for at in order]
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
