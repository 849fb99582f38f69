"""What a fact rests on: arithmetic and second readings, each case by itself."""

from __future__ import annotations

import pytest
from official import appeals_table, applications_table, full_page, page, proactive_table, read

from extract.codebook import form_cells
from extract.document import Cell, Document, Grid, Locator, Source
from extract.facts import Facts, read_facts
from extract.proof import prove
from extract.second_reading import second_readings


def consistent(name: str = "2021") -> dict[str, int | str]:
    """A report whose arithmetic holds: 5 new applications of persons and 2 of businesses, 4 granted, 2 refused, 1 carried forward."""
    values: dict[str, int | str] = dict.fromkeys(form_cells(name), 0)
    for row, person, business in (
        ("received", 5, 2),
        ("granted", 3, 1),
        ("refused.state_secret", 1, 1),
        ("results_total", 4, 2),
        ("carried_forward", 1, 0),
    ):
        values[f"applications.{row}.natural_person"] = person
        values[f"applications.{row}.business"] = business
        values[f"applications.{row}.total"] = person + business
    return values | {"permits.decisions": 2676, "appeals.reconsideration.upheld": 1, "appeals.reconsideration.total": 1}


def proofs(values: dict[str, int | str]) -> dict[str, str]:
    facts = read(full_page(values)).reading.facts  # type: ignore[union-attr]
    return dict(zip(facts.cell, facts.proof, strict=True))


def test_arithmetic_that_closes_over_a_number_verifies_it() -> None:
    proof = proofs(consistent())
    assert proof["applications.received.natural_person"] == proof["applications.granted.total"] == "verified"
    assert proof["applications.received.research"] == "verified"  # a zero within a row that closes over 7
    assert proof["appeals.reconsideration.pending"] == "verified"


def test_rows_of_zeros_prove_nothing() -> None:
    proof = proofs(consistent())
    assert proof["applications.carried_in.research"] == "agreed"
    assert proof["appeals.litigation_direct.total"] == "agreed"


def test_numbers_without_an_identity_rest_on_two_readings() -> None:
    assert proofs(consistent())["permits.decisions"] == "agreed"


def test_a_total_printed_wrong_is_published_as_printed() -> None:
    values = consistent() | {"appeals.reconsideration.total": 0}
    facts = read(full_page(values)).reading.facts  # type: ignore[union-attr]
    index = facts.cell.index("appeals.reconsideration.total")
    assert (facts.value[index], facts.proof[index]) == (0, "agreed")


def test_no_blank_counts_as_zero() -> None:
    values = consistent()
    for row in ("received", "granted"):
        values |= {f"applications.{row}.{who}": "" for who in ("research", "social_welfare", "legal_service", "other")}
    proof = proofs(values)
    assert proof["applications.received.research"] == "agreed"  # blank in both readings
    assert proof["applications.received.natural_person"] == "verified"  # its column still closes with numbers only


def empty_row(row: str, more: dict[str, int | str] | None = None) -> dict[str, int | str]:
    """The consistent report with a row of section 三 that is wholly blank."""
    codes = form_cells("2021")
    return consistent() | {code: "" for code in codes if code.startswith(f"applications.{row}.")} | (more or {})


@pytest.mark.parametrize(
    "row",
    [
        "carried_in",
        "refused.other_law",
        "refused.third_party_rights",
        "other_handling.no_correction_overdue",
        "other_handling.other",
    ],
)
def test_a_row_that_both_readings_show_empty_is_agreed(row: str) -> None:
    assert {proofs(empty_row(row))[f"applications.{row}.{who}"] for who in ("natural_person", "total")} == {"agreed"}


def test_a_row_that_only_one_reading_shows_empty_is_disputed() -> None:
    values = empty_row("refused.other_law")
    report = read(full_page(values))
    assert report.reading is not None
    facts = report.reading.facts
    label = "2.其他法律行政法规禁止公开"
    # A label by itself tells nothing where the table it belongs to has not begun.
    for lines, proof in (([label, *"0000000"], "disputed"), ([label], "single")):
        fresh = read_facts(report.document).facts  # type: ignore[arg-type]
        prove(fresh, second_readings(fresh, lines))
        assert fresh.proof[facts.cell.index("applications.refused.other_law.total")] == proof


def test_two_numbers_of_section_four_are_read_twice() -> None:
    values = consistent() | {code: "" for code in form_cells("2021") if code.startswith("appeals.")}
    values |= {"appeals.reconsideration.upheld": 2, "appeals.reconsideration.total": 3}
    proof = proofs(values)
    assert proof["appeals.reconsideration.total"] == proof["appeals.litigation_direct.total"] == "agreed"


def test_labels_matched_by_likeness_are_never_verified() -> None:
    markup = full_page(consistent()).decode().replace("（一）予以公开", "（一）予以公幵")
    facts = read(markup.encode()).reading.facts  # type: ignore[union-attr]
    index = facts.cell.index("applications.granted.natural_person")
    assert (facts.value[index], facts.matched_by[index], facts.proof[index]) == (3, "near", "agreed")


def two_readings(values: dict[str, int | str], other: dict[str, str]) -> Facts:
    """Facts of a document whose cells carry a second reading of their own, as scans do: the same text but for `other`."""
    report = read(page(proactive_table(values), applications_table(values), appeals_table(values)))
    assert report.document is not None and report.reading is not None
    facts = report.reading.facts
    by_place = {(at.table, at.row, at.col): code for code, at in zip(facts.cell, facts.locator, strict=True)}
    for grid in report.document.grids():
        for cell in grid.cells:
            code = by_place.get((cell.locator.table, cell.locator.row, cell.locator.col))
            if code:
                cell.other_text = other.get(code, cell.text)
    fresh = read_facts(report.document).facts
    prove(fresh, second_readings(fresh, None))
    return fresh


def of(facts: Facts, code: str) -> tuple[float | None, str, str]:
    index = facts.cell.index(code)
    return facts.value[index], facts.proof[index], facts.other_reading[index]


def test_arithmetic_chooses_where_one_reading_closes_row_and_column() -> None:
    code = "applications.granted.natural_person"
    assert of(two_readings(consistent(), {code: "8"}), code) == (3, "verified", "8")
    assert of(two_readings(consistent() | {code: 8}, {code: "3"}), code) == (3, "verified", "8")


@pytest.mark.parametrize("other", ["4", "", "/"])
def test_otherwise_a_difference_is_disputed_and_both_are_kept(other: str) -> None:
    code = "permits.decisions"
    value, proof, kept = of(two_readings(consistent(), {code: other}), code)
    assert (value, proof, kept) == (2676, "disputed", other)


def test_arithmetic_never_chooses_between_blank_and_zero() -> None:
    code = "applications.granted.research"
    assert of(two_readings(consistent(), {code: ""}), code)[1] == "disputed"


def test_a_value_that_no_reading_gave_is_never_published() -> None:
    code = "applications.granted.natural_person"
    facts = two_readings(consistent() | {code: 8}, {code: "9"})  # 3 would close every sum
    assert of(facts, code) == (8, "disputed", "9")


def test_a_disputed_number_proves_no_other() -> None:
    code = "applications.granted.natural_person"
    facts = two_readings(consistent() | {code: 8}, {code: "9"})
    assert of(facts, "applications.granted.total")[1] != "disputed"
    assert of(facts, "applications.granted.business")[1] in ("agreed", "verified")


def test_a_readers_own_distrust_reaches_the_fact() -> None:
    at = Locator("0" * 12, 1, 1, 2, 2, None, "ocr")
    head = [Cell(text, 0, c, 1, 1, at) for c, text in enumerate(("信息内容", "本年处理决定数量"))]
    body = [
        Cell("行政许可", 1, 0, 1, 1, at),
        Cell("12", 1, 1, 1, 1, at, other_text="12", doubt="the rule beneath is broken"),
    ]
    facts = read_facts(Document(Source("0" * 12, "x", "scan", ""), [Grid(head + body, 1)])).facts
    prove(facts, second_readings(facts, None))
    assert of(facts, "permits.decisions")[:2] == (12, "disputed")
