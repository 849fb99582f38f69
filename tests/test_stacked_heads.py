"""Labels of section 二 that wrap in narrow columns, in text laid out as on the page."""

from __future__ import annotations

from official import numbers, read, values_of
from test_reader_text import LAYOUTS, tables, text_of

ABOVE = ["                 第二十条第（一）项", "                 本年制        本年废       现行有", "   信息内容", "                 发件数        止件数       效件数"]  # fmt: skip
SPACES = LAYOUTS["one row per line, spaces"]


def page(head: list[str], rows: list[str]) -> bytes:
    values = dict(numbers())
    other = [SPACES(table) for table in tables(values)[1:]]
    return text_of(["\n".join([*head, *rows]), *other])


def documents_in(head: list[str]) -> dict[str, float | None]:
    rows = ["   规章             1            2            3", "   行政规范性文件       4            5            6"]
    found = values_of(read(page(head, rows), "made-up.txt"))
    return {
        cell: value for cell, value in found.items() if cell.startswith(("government_rules", "normative_documents"))
    }


def test_a_label_in_two_lines_is_one() -> None:
    found = documents_in(ABOVE)
    assert [cell.rpartition(".")[2] for cell in found] == ["issued", "repealed", "effective"] * 2
    assert list(found.values()) == [1, 2, 3, 4, 5, 6]


def test_pieces_in_another_order_are_that_order() -> None:
    upper, lower = (
        "                 现行有        本年废       本年制",
        "                 效件数        止件数       发件数",
    )
    found = documents_in([ABOVE[0], upper, ABOVE[2], lower])
    assert [found[cell] for cell in documents_in(ABOVE)] == [3, 2, 1, 6, 5, 4]


def test_pieces_that_stand_over_other_columns_make_no_label() -> None:
    shifted = [*ABOVE[:3], "                 止件数        效件数       发件数"]
    assert documents_in(shifted) == {}
