"""Planted cases: each rule fires where it should, holds where it should, and says when it cannot know."""

from __future__ import annotations

import math
from pathlib import Path

import compare_city
import numpy as np
import pandas as pd
import pytest

from compare import __main__ as command
from compare import flags, panel, rules, surprisal

STATED = {"unit": "件", "section": 1, "proof": "agreed", "page": 1, "row": 1}


def found_in(folder: Path, cells: compare_city.City, **how: object) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(assessments, flags) of a city published into the folder."""
    loaded = panel.load(compare_city.publish(folder / "processed", cells, **how))  # type: ignore[arg-type]
    return rules.run(loaded), flags.make(loaded)


def status_of(assessments: pd.DataFrame, check: str, office: int, year: int, instance: str) -> str:
    """What a check said of one instance."""
    wanted = (assessments["check"] == check) & (assessments["instance"] == instance)
    report = assessments["report_id"] == compare_city.report_id(office, year)
    return str(assessments.loc[wanted & report, "status"].squeeze())


def test_a_city_without_mistakes_has_no_flag(tmp_path: Path) -> None:
    assessments, found = found_in(tmp_path, compare_city.city(12))
    # One report of the fixture sues after refusals only, which is worth a look.
    assert list(found["check"]) == ["D10"] and list(found["tier"]) == ["look"]
    assert (assessments["status"] == rules.FAIL).sum() == 1
    assert set(assessments["check"]) >= {
        "A01",
        "A02",
        "A03",
        "A04",
        "A05",
        "C01",
        "C02",
        "C03",
        "C06",
        "D01",
        "D02",
        "D03",
        "D06",
    }


@pytest.mark.parametrize(
    ("office", "year", "changes", "check", "instance"),
    [
        (0, 2022, {"applications.granted.total": 3}, "A01", "applications.granted"),
        (1, 2023, {"applications.results_total.total": -2}, "A01", "applications.results_total"),
        (2, 2019, {"applications.received.natural_person": 5}, "A01", "applications.received"),
        (
            3,
            2020,
            {"applications.results_total.natural_person": 4, "applications.results_total.total": 4},
            "A02",
            "applications.natural_person",
        ),
        (4, 2021, {"appeals.reconsideration.total": 2}, "A04", "appeals.reconsideration"),
    ],
)
def test_one_broken_sum_is_one_flag(
    office: int, year: int, changes: dict[str, float], check: str, instance: str, tmp_path: Path
) -> None:
    cells = compare_city.city(8)
    for cell, change in changes.items():
        cells[office, year][cell] += change
    assessments, found = found_in(tmp_path, cells)
    assert status_of(assessments, check, office, year, instance) == rules.FAIL
    assert list(found["check"]) == [check]
    assert list(found["tier"]) == ["certain"] and list(found["severity"]) == ["S1"]
    assert f"{compare_city.report_id(office, year)}/{next(iter(changes))}" in found["fact_ids"].iloc[0].split()


def test_two_mistakes_in_one_report_are_two_flags(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    cells[0, 2022]["applications.granted.total"] += 3
    cells[0, 2022]["applications.refused.state_secret.total"] += 1
    _, found = found_in(tmp_path, cells)
    assert list(found["check"]) == ["A01", "A01"]


def test_blank_parts_count_as_zero_but_a_blank_total_cannot_be_assessed(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    for applicant in ("research", "social_welfare", "legal_service", "other"):
        cells[0, 2022][f"applications.received.{applicant}"] = math.nan
    cells[1, 2022]["applications.received.total"] = math.nan
    for outcome in (*compare_city.OUTCOMES, "total"):
        cells[2, 2022][f"appeals.reconsideration.{outcome}"] = math.nan
    assessments, found = found_in(tmp_path, cells)
    assert status_of(assessments, "A01", 0, 2022, "applications.received") == rules.PASS
    assert status_of(assessments, "A01", 1, 2022, "applications.received") == rules.NOT_ASSESSABLE
    assert status_of(assessments, "A03", 1, 2022, "applications.total") == rules.NOT_ASSESSABLE
    assert status_of(assessments, "A04", 2, 2022, "appeals.reconsideration") == rules.NOT_ASSESSABLE
    # Blanks in rows that have numbers are told, as a habit, and nothing else is.
    assert set(found["check"]) == {"C05"} and set(found["tier"]) == {"look"}
    assert set(found["report_id"]) == {compare_city.report_id(office, 2022) for office in (0, 1)}


def test_impossible_counts(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    cells[0, 2022]["penalties.decisions"] = -1.0
    cells[1, 2022]["government_rules.issued"] = 1.0
    cells[1, 2022]["government_rules.effective"] = 1.0
    cells[2, 2019]["permits.change"] = -8.0  # signed and exempt
    _, found = found_in(tmp_path, cells)
    a05 = found[found["check"] == "A05"].set_index("report_id")
    assert a05["severity"].to_dict() == {compare_city.report_id(0, 2022): "S1", compare_city.report_id(1, 2022): "S2"}


def stated_rows(office: int, year: int, quantity: str, value: float, sentence: str) -> dict[str, object]:
    """A row of stated.csv."""
    rid = compare_city.report_id(office, year)
    return {**STATED, "report_id": rid, "year": year, "quantity": quantity, "value": value, "sentence": sentence}


def test_prose_against_tables(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    received = {office: cells[office, 2023]["applications.received.total"] for office in range(4)}
    carried = cells[2, 2023]["applications.carried_in.total"] = cells[2, 2023]["applications.carried_in.total"] or 0.0
    stated = [
        stated_rows(0, 2023, "applications_received", received[0], "共收到申请。"),
        stated_rows(0, 2023, "applications_received", 1, "其中当面申请1件。"),
        stated_rows(1, 2023, "applications_received", received[1] + 2, "共收到申请。"),
        stated_rows(2, 2023, "applications_received", received[2] + carried, "办理申请，含上年结转。"),
        stated_rows(3, 2023, "reconsiderations", 9, "行政复议9件。"),
        stated_rows(4, 2023, "lawsuits", 1, "行政诉讼1件。"),
    ]
    assessments, found = found_in(tmp_path, cells, stated=stated)
    assert status_of(assessments, "B01", 0, 2023, "applications_received") == rules.PASS
    assert status_of(assessments, "B01", 0, 2023, "applications_received#2") == rules.PASS
    assert status_of(assessments, "B01", 2, 2023, "applications_received") == rules.PASS
    assert status_of(assessments, "B03", 4, 2023, "lawsuits") == rules.PASS
    flagged = {(check, report) for check, report in zip(found["check"], found["report_id"], strict=True)}
    assert flagged == {("B01", compare_city.report_id(1, 2023)), ("B03", compare_city.report_id(3, 2023))}


def test_received_in_the_loose_sense_is_only_a_look(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    office = next(o for o in range(8) if cells[o, 2023]["applications.carried_in.total"] > 0)
    whole = sum(cells[office, 2023][f"applications.{row}.total"] for row in ("received", "carried_in"))
    stated = [stated_rows(office, 2023, "applications_received", whole, "共收到申请。")]
    _, found = found_in(tmp_path, cells, stated=stated)
    assert list(found["check"]) == ["B01"] and list(found["tier"]) == ["look"]


def test_publication_and_form(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    del cells[4, 2021]
    changed = {
        compare_city.report_id(0, 2022): {"published_on": "2023-02-10"},
        compare_city.report_id(1, 2022): {"form_proactive": "2019"},
        compare_city.report_id(2, 2022): {"published_on": ""},
        compare_city.report_id(3, 2023): {"title_year": 2022},
    }
    assessments, found = found_in(tmp_path, cells, report=lambda row: row | changed.get(row["report_id"], {}))
    assert status_of(assessments, "C02", 2, 2022, "date") == rules.NOT_ASSESSABLE
    late = found[found["check"] == "C02"].squeeze()
    assert late["operands"] == "left=10 right=0" and late["tier"] == "look" and "2023-02-10" in late["message_en"]
    assert list(found.loc[found["check"] == "C06", "tier"]) == ["priority"]
    assert list(found.loc[found["check"] == "C03", "year"]) == [2023]
    missing = found[found["check"] == "C01"].squeeze()
    assert missing["year"] == 2021 and missing["report_id"] == "" and missing["tier"] == "review"


def test_a_year_that_a_title_claims_is_not_told_missing_too(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    del cells[4, 2021], cells[5, 2021]
    titled = {compare_city.report_id(4, 2022): {"title_year": 2021}}
    assessments, found = found_in(tmp_path, cells, report=lambda row: row | titled.get(row["report_id"], {}))
    assert list(found.loc[found["check"] == "C03", "year"]) == [2022]
    assert list(found.loc[found["check"] == "C01", "office_id"]) == [compare_city.report_id(5, 2021).split("-")[0]]
    status = assessments[(assessments["check"] == "C01") & (assessments["year"] == 2021)].set_index("office_id")[
        "status"
    ]
    assert status[compare_city.report_id(4, 2021).split("-")[0]] == rules.NOT_ASSESSABLE


def test_one_misdated_report_does_not_make_everyone_late(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    cells[0, 2017] = cells.pop((0, 2019))
    assessments, found = found_in(tmp_path, cells)
    years = found.loc[found["check"] == "C01", ["office_id", "year"]]
    assert set(years["year"]) == {2018, 2019} and years["office_id"].nunique() == 1
    assert (
        assessments.loc[(assessments["check"] == "C01") & (assessments["year"] == 2018), "status"] == "FAIL"
    ).sum() == 1


def test_carry_over_and_stock(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    for applicant, change in (("natural_person", 2), ("total", 2)):  # the flow still balances
        cells[0, 2023][f"applications.carried_in.{applicant}"] += change
        cells[0, 2023][f"applications.received.{applicant}"] -= change
    cells[1, 2024]["normative_documents.effective"] += 5
    cells[2, 2021]["normative_documents.effective"] += 90  # base year: its own past is another form
    assessments, found = found_in(tmp_path, cells)
    carry = found[found["check"] == "D01"].squeeze()
    assert carry["report_id"] == compare_city.report_id(0, 2023) and carry["severity"] == "S1"
    assert status_of(assessments, "D02", 1, 2024, "normative_documents") == rules.FAIL
    assert compare_city.report_id(2, 2021) not in set(assessments.loc[assessments["check"] == "D02", "report_id"])


def test_copied_tables(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    cells[0, 2023] = dict(cells[0, 2022])
    nothing = dict.fromkeys(cells[1, 2022], 0.0)
    cells[1, 2022], cells[1, 2023] = dict(nothing), dict(nothing)  # all zero twice: no surprise
    assessments, found = found_in(tmp_path, cells)
    assert status_of(assessments, "D03", 0, 2023, "tables") == rules.FAIL
    assert list(found.loc[found["check"] == "D03", "report_id"]) == [compare_city.report_id(0, 2023)]
    assert status_of(assessments, "D03", 1, 2023, "tables") == rules.PASS
    assert status_of(assessments, "D03", 2, 2021, "tables") == rules.NOT_ASSESSABLE  # the form changed


def test_surprisal_follows_its_formula(tmp_path: Path) -> None:
    cells = {(0, 2023): dict.fromkeys(compare_city.form_cells("2021")["cell"], 0.0)}
    cells[0, 2023] |= {
        "permits.decisions": 100.0,
        "applications.granted.total": 2.0,
        "applications.partly_granted.total": 1.0,
    }
    loaded = panel.load(compare_city.publish(tmp_path / "out", cells))
    spread = math.sqrt(100 + 30**2)
    expected = -math.log10(1 / (math.sqrt(2 * math.pi) * spread)) + 0.4
    assert surprisal.surprisal_of(loaded, np.array([0]))[0] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("proof", "exact", "statistical", "look"),
    [
        ("verified", "certain", "priority", "look"),
        ("agreed", "certain", "priority", "look"),
        ("single", "review", "review", "look"),
        ("disputed", "reading-doubtful", "reading-doubtful", "reading-doubtful"),
    ],
)
def test_tiers_follow_the_weakest_proof(proof: str, exact: str, statistical: str, look: str, tmp_path: Path) -> None:
    cells = compare_city.city(8)
    cells[0, 2022]["applications.granted.total"] += 3
    cells[1, 2022]["permits.decisions"] *= 10
    cells[2, 2024]["normative_documents.effective"] += 5
    weak = {"applications.granted.total", "permits.decisions", "normative_documents.effective"}
    _, found = found_in(tmp_path, cells, proof=lambda report, cell: proof if cell in weak else "verified")
    tiers = found.drop_duplicates("check").set_index("check")["tier"]
    assert tiers["A01"] == exact and tiers["D05"] == statistical
    assert tiers["D02"] == {"certain": "priority"}.get(exact, exact)


def test_flags_are_stable_and_carry_decisions(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    cells[0, 2022]["applications.granted.total"] += 3
    cells[5, 2024]["appeals.reconsideration.total"] += 1
    out = compare_city.publish(tmp_path / "processed", cells)
    assert command.main(["flags", str(out)]) == 0
    first = panel.read_table(out, "flags.csv")
    assert list(first.columns) == flags.COLUMNS
    decided = first["flag_id"].iloc[0]
    (tmp_path / "reviews.csv").write_text(
        f"flag_id,decision,reason,by,on\n{decided},confirmed,seen on the page,AB,2026-01-02\n", encoding="utf-8"
    )
    assert command.main(["flags", str(out)]) == 0
    again = panel.read_table(out, "flags.csv")
    assert list(again["flag_id"]) == list(first["flag_id"]) and first["flag_id"].is_unique
    assert again.set_index("flag_id")["decision"].fillna("").to_dict() == dict(
        zip(first["flag_id"], ["confirmed", ""], strict=True)
    )
    assert (out / "flags.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_named_reviews_must_exist(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = compare_city.publish(tmp_path / "processed", compare_city.city(2))
    assert command.main(["flags", str(out), "--reviews", str(tmp_path / "none.csv")]) == 2
    assert "none.csv" in capsys.readouterr().err


def test_a_name_that_a_spreadsheet_would_run_is_harmless(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    cells[0, 2022]["applications.granted.total"] += 3
    evil = "=HYPERLINK(1)"
    out = compare_city.publish(tmp_path / "processed", cells, report=lambda row: row | {"office_zh": evil})
    assert command.main(["flags", str(out)]) == 0
    text = (out / "flags.csv").read_text(encoding="utf-8-sig")
    assert f",'{evil}" in text and f",{evil}" not in text
