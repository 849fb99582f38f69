"""Findings across years, offices and readings: what is one finding, how strong it is, and what weakens it."""

from __future__ import annotations

import math
from pathlib import Path

import compare_city
import numpy as np
import pandas as pd
import pytest
from test_compare_checks import LONG, OTHER, failures, loaded_city, sections, status, told

from compare import __main__ as command
from compare import copies, diligence, flags, indicators, lookalikes, panel, reviews, rules, surprisal
from compare.checks import series
from compare.narrative_likeness import grams

Cells = compare_city.City


def rid(office: int, year: int) -> str:
    """The id of a report of the fixture."""
    return compare_city.report_id(office, year)


def found_on(found: pd.DataFrame, office: int, year: int) -> list[tuple[str, str, str]]:
    """(check, severity, tier) of the flags of one report."""
    mine = found[found["report_id"] == rid(office, year)]
    return list(zip(mine["check"], mine["severity"], mine["tier"], strict=True))


def test_a_wrong_total_carried_forward_is_one_finding(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    cells[0, 2022]["applications.carried_forward.total"] += 3  # its row is off, and next year carries in another number
    found = flags.make(loaded_city(tmp_path, cells))
    assert found_on(found, 0, 2022) == [("A01", "S1", "certain")] and found_on(found, 0, 2023) == []
    assert f"{rid(0, 2023)}/applications.carried_in.total" in found["fact_ids"].iloc[0].split()


def test_a_stock_that_next_year_puts_right_is_one_finding(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    cells[0, 2023]["normative_documents.effective"] += 7
    found = flags.make(loaded_city(tmp_path, cells))
    assert found_on(found, 0, 2023) == [("D02", "S2", "priority")] and found_on(found, 0, 2024) == []
    cells[0, 2024]["normative_documents.effective"] += 14  # off once more, by as much and to the same side
    found = flags.make(loaded_city(tmp_path, cells))
    assert found_on(found, 0, 2024) == [("D02", "S2", "priority")]


def test_a_blank_beside_a_stock_counts_as_none(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    for office in (0, 1):
        cells[office, 2023]["normative_documents.repealed"] = math.nan
    cells[1, 2023]["normative_documents.effective"] += 2
    for name in ("issued", "repealed", "effective"):
        cells[2, 2023][f"normative_documents.{name}"] = math.nan
    loaded = loaded_city(tmp_path, cells)
    assert status(loaded, "D02", 0, 2023, "normative_documents") == rules.PASS
    assert status(loaded, "D02", 1, 2023, "normative_documents") == rules.FAIL
    assert status(loaded, "D02", 2, 2023, "normative_documents") == rules.NOT_ASSESSABLE


def test_figures_that_move_together_are_no_priority(tmp_path: Path) -> None:
    cells = compare_city.city(12)
    for office in (2, 5):
        cells[office, 2022]["permits.decisions"] *= 7
    cells[5, 2022]["penalties.decisions"] = float(round(cells[5, 2022]["penalties.decisions"] * 7))
    found = flags.make(loaded_city(tmp_path, cells))
    assert {tier for _, _, tier in found_on(found, 2, 2022)} == {"priority"}
    assert {tier for _, _, tier in found_on(found, 5, 2022)} == {"review"}
    message = found.loc[found["report_id"] == rid(5, 2022), "message_en"].iloc[0]
    assert "moved alike" in message and "own normal range" in message and "peers changed" in message


def test_ends_of_a_series_are_told(tmp_path: Path) -> None:
    cells = compare_city.city(12)
    for office, year in ((1, 2025), (2, 2019), (3, 2022)):
        cells[office, year]["permits.decisions"] *= 10
    found = flags.make(loaded_city(tmp_path, cells)).set_index("report_id")
    assert "new level or error" in found.at[rid(1, 2025), "message_en"]
    assert "old level or error" in found.at[rid(2, 2019), "message_en"]
    assert "level or error" not in found.at[rid(3, 2022), "message_en"]


def test_identical_pairs_are_told_by_what_chance_would_make() -> None:
    surprisals = np.array([6.0, 5.0, 4.0, 3.0, 1.6, 1.2, 0.4] + [2.2] * 30 + [np.nan])
    equal = np.zeros(len(surprisals), dtype=bool)
    assert surprisal.least_surprisal(surprisals, equal) == (2.5, pytest.approx(0.001, abs=2e-4), 0)
    equal[:5] = True  # down to 1.6 chance would make 30·10^−2.2 + 10^−1.6 = 0.22 of five pairs: within 5 %
    least, chance, count = surprisal.least_surprisal(surprisals, equal)
    assert (least, count) == (1.6, 5) and chance == pytest.approx(0.215, abs=0.01)
    equal[5] = True  # 0.34 of six: still; 0.4 is below what is ever asked
    equal[6] = True
    assert surprisal.least_surprisal(surprisals, equal)[0] == 1.2
    surprisals[7:47] = 1.3  # now chance alone would make two of the six down to 1.2
    assert surprisal.least_surprisal(surprisals, equal)[0] == 1.6


def test_doubtful_cells_are_no_evidence_of_a_copy(tmp_path: Path) -> None:
    """A report of one number, and that one misread, is nobody's copy."""
    cells = compare_city.city(8)
    for year in (2022, 2023):
        cells[0, year] = {"fees.amount": 6.9239}
    out = loaded_city(tmp_path, cells, proof=lambda report, cell: "disputed" if rid(0, 2023) == report else "verified")
    assert status(out, "D03", 0, 2023, "tables") == rules.NOT_ASSESSABLE


def test_a_division_of_a_total_is_less_surprising_where_the_office_divides_like_that() -> None:
    parts, shares = np.array([[3.0, 1.0, 0.0], [0.0, 0.0, 0.0]]), np.array([0.6, 0.3, 0.1])
    first, again = surprisal.division(parts, shares, known=False), surprisal.division(parts, shares, known=True)
    assert first[0] > again[0] > 0 and first[1] == pytest.approx(0, abs=1e-12)
    from scipy.stats import dirichlet_multinomial

    expected = dirichlet_multinomial.logpmf([3, 1, 0], 10 * shares, 4)
    assert first[0] == pytest.approx(-expected / np.log(10))


def test_fees_in_yuan_are_told_apart_from_the_years_that_are_right() -> None:
    nothing = np.nan
    x = np.array([
        [nothing, nothing, 2.0, 21_000.0, 2.2, 1.9, 2.1],
        [nothing, nothing, 2.0, 21_000.0, 22_000.0, 1.9, 2.1],
        [nothing, nothing, 2.0, 21_000.0, 22_000.0, 1.9, nothing],
        [nothing, nothing, 2.0, 21_000.0, nothing, nothing, nothing],
        [nothing, nothing, 2.0, 3.0, 2.2, 25.0, 2.1],
    ])  # fmt: skip
    _, slip = series.slipped(x, np.full((len(x), 1), np.nan))
    assert [np.flatnonzero(row).tolist() for row in slip] == [[3], [3, 4], [3, 4], [], []]
    assert np.isnan(series.level_of_others(x)).all()  # four others are too few


def test_fees_of_other_offices_tell_which_level_is_yuan() -> None:
    x = np.full((7, 5), 3.0)
    x[0] = [2.0, 2.1, 21_000.0, 22_000.0, 19_000.0]
    x[1] = [0.0002, 0.00021, 2.1, 2.2, 1.9]
    _, slip = series.slipped(x, series.level_of_others(x))
    assert [np.flatnonzero(row).tolist() for row in slip[:3]] == [[2, 3, 4], [0, 1], []]


def test_a_reform_is_one_note_although_a_report_is_missing(tmp_path: Path) -> None:
    cells = compare_city.city(12)
    for values in cells.values():
        values["penalties.decisions"] += 60
    for office in range(6):
        for year in (2019, 2020, 2021):
            cells[office, year]["penalties.decisions"] = 0.0
    del cells[4, 2021]  # it shows the same change a year earlier
    found = flags.make(loaded_city(tmp_path, cells))
    notes = found[found["check"] == "D07"]
    assert len(notes) == 1 and "6 of 6 offices" in notes["message_en"].iloc[0] and notes["tier"].iloc[0] == "look"


def test_what_is_carried_on_did_not_come_in(tmp_path: Path) -> None:
    """收到 with 结转下年 or 办理 in another clause is not said of all that was handled."""
    cells = compare_city.city(8)
    office = next(o for o in range(8) if cells[o, 2023]["applications.carried_in.total"] > 0)
    whole = sum(cells[office, 2023][f"applications.{row}.total"] for row in ("received", "carried_in"))
    for sentence, severities in (
        (f"收到申请{whole:.0f}件，均已办理，无结转下年度办理件。", ["S3"]),
        (f"办理申请{whole:.0f}件，均已答复。", []),
        (f"收到和上年结转的申请共{whole:.0f}件，结转至下年0件。", []),
    ):
        found = flags.make(
            loaded_city(tmp_path, cells, stated=[told(office, 2023, "applications_received", whole, sentence)])
        )
        assert list(found.loc[found["check"] == "B01", "severity"]) == severities, sentence


def test_a_sentence_that_stands_twice_is_no_sum_of_its_parts(tmp_path: Path) -> None:
    parts = {"": 2, ".natural_person": 2, ".organisation": 0}
    once = [told(0, 2023, f"applications_received{k}", v, "共收到2件，公民2件，法人0件。") for k, v in parts.items()]
    twice = [row | {"section": section} for section in ("1", "3") for row in once]
    assert "B04" not in set(flags.make(loaded_city(tmp_path, compare_city.city(8), stated=twice))["check"])
    once[0]["value"], once[2]["value"] = 3, 3
    found = flags.make(loaded_city(tmp_path, compare_city.city(8), stated=once))
    assert list(found.loc[found["check"] == "B04", "operands"]) == ["left=5 right=3"]


def test_received_beside_carried_in_is_not_both(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    office = next(o for o in range(8) if cells[o, 2023]["applications.carried_in.total"] > 0)
    received, carried = (cells[office, 2023][f"applications.{row}.total"] for row in ("received", "carried_in"))
    for sentence, severities in (("受理申请，上年结转另计。", ["S3"]), ("受理申请（含上年结转）。", [])):
        stated = [
            told(office, 2023, "applications_received", received + carried, sentence),
            told(office, 2023, "applications_carried_in", carried, sentence),
        ]
        found = flags.make(loaded_city(tmp_path, cells, stated=stated))
        assert list(found.loc[found["check"] == "B01", "severity"]) == severities, sentence


@pytest.mark.parametrize(
    ("rows", "late"),
    [
        ("", [(0, "S3"), (1, "S2")]),
        ("street,虚构市,,02-28,no\n", [(1, "S2")]),
        ("street,虚构市,,02-28,no\nstreet,虚构市,虚构东区,01-10,yes\n", [(0, "S2"), (1, "S2"), (2, "S2")]),
        ("street,别市,,06-30,no\n", [(0, "S3"), (1, "S2")]),
    ],
)
def test_local_deadlines(rows: str, late: list[tuple[int, str]], tmp_path: Path) -> None:
    cells = {(office, 2022): values for (office, year), values in compare_city.city(3).items() if year == 2022}
    days = {rid(0, 2022): "2023-02-20", rid(1, 2022): "2023-04-05", rid(2, 2022): "2023-01-20"}
    out = compare_city.publish(
        tmp_path / "processed", cells, report=lambda row: row | {"published_on": days[str(row["report_id"])]}
    )
    if rows:
        (tmp_path / "deadlines.csv").write_text("level,city_zh,district_zh,due,named\n" + rows, encoding="utf-8-sig")
    found = rules.run(panel.load(out), ["C02"])
    failing = found[found["status"] == rules.FAIL]
    assert sorted(zip(failing["report_id"], failing["severity"], strict=True)) == [(rid(o, 2022), s) for o, s in late]


def test_deadlines_that_are_none_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = compare_city.publish(tmp_path / "processed", compare_city.city(2))
    (tmp_path / "deadlines.csv").write_text("level,city_zh,district_zh,due,named\nstreet,,,31-01,no\n")
    assert command.main(["flags", str(out)]) == 2 and "31-01" in capsys.readouterr().err


def test_an_office_is_not_missed_before_it_was_created(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    for year in (2019, 2020):
        del cells[3, year]
    out = compare_city.publish(tmp_path / "processed", cells)
    office = rid(3, 2021).split("-")[0]
    assert {i for _, i in failures(panel.load(out), "C01")} == {"2019", "2020"}
    lines = f"office_id,first_year,last_year,note\n{office},2020,,created in 2020\nelsewhere,2000,2001,gone\n"
    (tmp_path / "lineage.csv").write_text(lines, encoding="utf-8-sig")
    assert {i for _, i in failures(panel.load(out), "C01")} == {"2020"}


def test_a_report_before_the_year_is_over(tmp_path: Path) -> None:
    days = {rid(0, 2022): "2022-06-01", rid(1, 2022): "2022-12-20", rid(2, 2022): "2021-12-31"}
    loaded = loaded_city(
        tmp_path,
        compare_city.city(8),
        report=lambda row: row | ({"published_on": days[row["report_id"]]} if row["report_id"] in days else {}),
    )
    assert failures(loaded, "C03") == {(rid(0, 2022), "date"), (rid(2, 2022), "date")}


def test_a_notice_that_was_not_in_force(tmp_path: Path) -> None:
    loaded_city(tmp_path, compare_city.city(8))
    old, new = "根据国办公开办函〔2019〕60号要求。", "根据国办公开办函〔2021〕 30 号要求。"
    sections(tmp_path, {(0, 2023): {0: old, 1: ""}, (1, 2023): {0: new, 1: ""}, (2, 2020): {0: "", 1: old + new}})
    loaded = panel.load(tmp_path / "processed")
    assert {r for r, i in failures(loaded, "B09") if i == "notice"} == {rid(0, 2023)}
    assert status(loaded, "B09", 3, 2023, "notice") == rules.NOT_ASSESSABLE


def test_who_was_copied_from_is_not_told(tmp_path: Path) -> None:
    loaded_city(tmp_path, compare_city.city(24))
    author = {1: LONG, 5: OTHER[:200], 6: ""}
    sections(tmp_path, {
        (0, 2022): author,
        (13, 2022): author,  # published the same day, but later in the list
        (0, 2023): author,  # the author writes the same again: like its own, not a copy of the copy
        (20, 2023): {1: OTHER, 5: LONG[:150], 6: ""},
    })  # fmt: skip
    assert failures(panel.load(tmp_path / "processed"), "E03") == {(rid(13, 2022), "prose")}


def test_a_copy_takes_the_other_districts_template_along() -> None:
    mine, template = grams(LONG), grams(OTHER)
    both = np.union1d(mine, template)
    author = copies.Prose(both, np.isin(both, mine))  # what the district shares was taken out
    borrower = copies.Prose(both, np.ones(len(both), dtype=bool))  # nobody there has that template
    assert copies.likeness(author, borrower) == copies.likeness(borrower, author) == 1.0


def test_templates_are_taken_out_by_year() -> None:
    shared, texts = grams(LONG), []
    for office in range(10):
        own = grams(OTHER[office * 60 : office * 60 + 100])
        texts.append(np.union1d(shared, own) if office < 4 else own)
    codes = np.arange(10)
    district = np.zeros(10, dtype=np.int64)
    nothing = np.zeros(0, dtype=np.uint64)
    for years, left in ((np.full(10, 2022), False), (np.arange(2010, 2030, 2), True)):
        kept = copies.without_templates(texts, codes, years, [district], nothing)
        assert bool(len(np.intersect1d(kept[0], shared))) is left


@pytest.mark.parametrize(
    ("printed", "read", "alike"),
    [
        (1, 7, True), (7, 1, True), (8, 3, True), (13, 18, True), (13, 14, False), (10, 18, True), (26760, 2676, True), (2676, 26676, True),
        (0, 11, False), (5, 0, False), (20, 26, True), (21, 27, True), (12, 21, False), (3, -5, False), (1.5, 7.5, False),
    ],
)  # fmt: skip
def test_one_digit_that_looks_alike(printed: float, read: float, alike: bool) -> None:
    assert lookalikes.may_be_misread(printed, read) is alike


@pytest.mark.parametrize(("kind", "tier"), [("html", "certain"), ("scan", "review")])
def test_in_a_picture_one_digit_may_be_the_reading(kind: str, tier: str, tmp_path: Path) -> None:
    cells = compare_city.city(8)
    cells[0, 2022]["appeals.reconsideration.total"] = 1.0
    for outcome, count in zip(compare_city.OUTCOMES, (7, 0, 0, 0), strict=True):
        cells[0, 2022][f"appeals.reconsideration.{outcome}"] = float(count)
    cells[1, 2022]["appeals.reconsideration.total"] = 0.0  # 2 + 1 + 1: no single digit
    loaded = loaded_city(tmp_path, cells, report=lambda row: row | {"kind": kind})
    found = flags.make(loaded)
    assert found_on(found, 0, 2022) == [("A04", "S1", tier)]
    assert ("one digit read otherwise" in found.loc[found["tier"] == tier, "message_en"].iloc[0]) is (kind == "scan")
    assert ("A04", "S1", "certain") in found_on(found, 1, 2022)


def test_decisions_on_what_is_no_longer_raised_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cells = compare_city.city(8)
    cells[0, 2022]["applications.granted.total"] += 3
    cells[5, 2024]["appeals.reconsideration.total"] += 1
    out = compare_city.publish(tmp_path / "processed", cells)
    made = flags.make(panel.load(out)).set_index("report_id")["flag_id"]
    file = tmp_path / "reviews.csv"
    lines = [
        f"{made[rid(0, 2022)]},confirmed",
        f"{made[rid(5, 2024)].partition('-')[0]}-0000,dismissed",
        "abcdef0123-4567,open",
    ]
    file.write_text("flag_id,decision\n" + "\n".join(lines) + "\n", encoding="utf-8")
    assert reviews.without_flag(file, list(made)) == ["abcdef0123-4567"]
    assert command.main(["flags", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "1 stand, 1 are stale" in printed and "1 are on findings no longer raised" in printed
    assert "abcdef0123-4567" in printed


def test_reports_of_nobody_do_not_share_decisions(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    nobody = {rid(0, 2022), rid(1, 2022)}
    for office in (0, 1):
        cells[office, 2022]["applications.granted.total"] += 3
    loaded = loaded_city(
        tmp_path, cells, report=lambda row: row | ({"office_id": "unknown"} if row["report_id"] in nobody else {})
    )
    ids = flags.make(loaded).set_index("report_id")["flag_id"].str.partition("-")[0]
    assert ids[rid(0, 2022)] != ids[rid(1, 2022)]


def test_flags_tell_proof_and_page(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    cells[0, 2022]["applications.granted.total"] += 3
    weak = "applications.granted.total"
    found = flags.make(loaded_city(tmp_path, cells, proof=lambda r, c: "single" if c == weak else "verified"))
    assert found["proof"].tolist() == ["single"] and found["page"].tolist() == [2]


def test_percentiles_leave_small_numbers_out(tmp_path: Path) -> None:
    cells = compare_city.city(12)
    for office in range(12):
        cells[office, 2023] |= {"applications.results_total.total": 20.0 if office else 9.0}
        cells[office, 2023] |= {"applications.granted.total": float(office), "applications.partly_granted.total": 0.0}
    ranked = indicators.percentiles(loaded_city(tmp_path, cells), "disclosure")
    mine = ranked[ranked["year"] == 2023].set_index("office_id")
    small = mine.loc[rid(0, 2023).split("-")[0]]
    assert small["small"] and math.isnan(small["district_percentile"]) and math.isnan(small["city_percentile"])
    highest = mine.loc[rid(11, 2023).split("-")[0]]
    assert highest["city_offices"] == 11 and highest["city_percentile"] == pytest.approx((11 - 0.5) / 11 * 100)
    assert highest["district_offices"] == 6 and highest["district_percentile"] == pytest.approx((6 - 0.5) / 6 * 100)


def test_diligence_of_reports(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    cells[0, 2023]["applications.granted.total"] += 3
    cells[1, 2023]["applications.received.research"] = math.nan
    del cells[2, 2023]
    late = {rid(0, 2023): {"published_on": "2024-02-10"}}
    loaded_city(tmp_path, cells, report=lambda row: row | late.get(row["report_id"], {}))
    whole = dict.fromkeys(range(7), LONG[:300])
    sections(tmp_path, {(0, 2022): whole, (0, 2023): whole, (1, 2023): {1: OTHER, 2: "", 5: "", 6: ""}})
    made = diligence.diligence(panel.load(tmp_path / "processed"))
    mine = made.set_index("report_id")
    first, other = mine.loc[rid(0, 2023)], mine.loc[rid(1, 2023)]
    assert (first["days"], first["late"], first["sections"], first["likeness_own"]) == (40, 10, 6, 1.0)
    assert first["assessable"] > first["passed"] > 30
    assert (other["sections"], other["cells"] - other["filled"]) == (4, 1) and math.isnan(other["likeness_own"])
    assert other["likeness_peer"] == first["likeness_peer"] < 0.1
    assert made["report_id"].isna().sum() == 1
