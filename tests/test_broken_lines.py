"""Sections 三 and 四 in lines of text whose heads and numbers are broken, as `pdftotext -layout` writes narrow cells."""

from __future__ import annotations

import pytest
from official import numbers, read
from test_head_order import APPLICANTS, OUTCOMES, broken
from test_reader_text import LAYOUTS, tables, text_of

from extract.report import Report

SPACES = LAYOUTS["one row per line, spaces"]
CHANNELS = ["行政复议   行政诉讼", "未经复议直接起诉   复议后起诉"]


def laid_out(labels: tuple[str, ...], width: int) -> list[str]:
    return ["   ".join(line) for line in broken(labels, width)]


def added_up() -> dict[str, int | str]:
    """Numbers of which every row of sections 三 and 四 adds up, whatever stands in which column."""
    parts = {"natural_person": 5, "business": 3, "upheld": 2, "pending": 1}
    totals = {"applications": 8, "appeals": 3}
    found: dict[str, int | str] = {}
    for cell, value in numbers().items():
        section, column = cell.partition(".")[0], cell.rpartition(".")[2]
        found[cell] = value if section not in totals else totals[section] if column == "total" else parts.get(column, 0)
    return found


def dumped(order: tuple[str, ...] = APPLICANTS, behind: str = "") -> Report:
    """The report of a dump whose heads are broken; `order` is that of the applicants in the head, the rows keep the form's own."""
    whole = tables(added_up())
    applications = [*laid_out(order, 2), *(SPACES([row]) for row in whole[1][3:])]
    appeals = [*CHANNELS, *laid_out(OUTCOMES * 3, 1), SPACES([whole[2][-1]]), behind]
    return read(text_of([SPACES(whole[0]), "\n".join(applications), "\n".join(appeals)]), "made-up.txt")


def disputed(report: Report, section: str) -> list[str]:
    """The disputed cells of a section, of which some must have been read."""
    facts = report.reading.facts  # type: ignore[union-attr]
    assert section in facts.section
    rows = zip(facts.section, facts.cell, facts.proof, strict=True)
    return [cell for name, cell, proof in rows if name == section and proof == "disputed"]


def test_a_broken_head_that_tells_the_order_is_trusted() -> None:
    report = dumped()
    assert disputed(report, "applications") == disputed(report, "appeals") == []


@pytest.mark.parametrize(
    "order", [(*APPLICANTS[:1], *APPLICANTS[5:0:-1], APPLICANTS[6]), (*APPLICANTS[1:6], APPLICANTS[0], APPLICANTS[6])]
)
def test_a_broken_head_in_another_order_makes_the_whole_table_doubtful(order: tuple[str, ...]) -> None:
    """Its sums close all the same where applicants changed places."""
    report = dumped(order)
    assert len(disputed(report, "applications")) == report.reading.facts.section.count("applications")  # type: ignore[union-attr]
    assert [note.kind for note in report.notes if "head" in note.message and note.kind == "doubtful_place"]


def test_numbers_without_a_label_may_be_the_rest_of_those_above_them() -> None:
    assert len(disputed(dumped(behind="   8   8"), "appeals")) == 15
    assert disputed(dumped(behind="五、存在的主要问题及改进情况\n8   8"), "appeals") == []


@pytest.mark.parametrize("alone", [True, False])
def test_sums_show_the_total_only_where_two_parts_stand_in_one_row(alone: bool) -> None:
    """5 and 5 may be an applicant and the total of the table, or its total and an applicant; 5, 3 and 8 may not."""
    values = added_up()
    if alone:
        values |= {
            cell: 5 if cell.endswith((".natural_person", ".total")) else 0 for cell in values if "applic" in cell
        }
    whole = tables(values)
    head = ["总计", *laid_out(APPLICANTS[:6], 2)]
    lines = "\n".join([*head, *(SPACES([row]) for row in whole[1][3:])])
    report = read(text_of([SPACES(whole[0]), lines, SPACES(whole[2])]), "made-up.txt")
    assert bool(disputed(report, "applications")) == alone


@pytest.mark.parametrize("shifted", [True, False])
def test_a_column_too_many_that_was_taken_for_one_of_the_forms_is_doubted(shifted: bool) -> None:
    """Lines are numbered behind their labels without a word over it, and the head names an empty column of remarks."""
    whole = tables(added_up())
    head, rows = "\t".join(["", "", "", *APPLICANTS, "备注"]), whole[1][3:]
    lines = [head]
    for at, row in enumerate(rows):
        values = row[-7:]
        lines.append("\t".join([row[-8], "", "", *([str(at + 3), *values, ""] if shifted else [*values, ""])]))
    report = read(text_of([SPACES(whole[0]), "\n".join(lines), SPACES(whole[2])]), "made-up.txt")
    assert bool(disputed(report, "applications")) == shifted
