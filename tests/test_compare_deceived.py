"""What may be a misreading that deceived both readings: only where one digit would settle all that is wrong, and only where numbers are misread."""

from __future__ import annotations

from pathlib import Path

import compare_city
import pytest
from test_compare_checks import loaded_city, told
from test_compare_findings import found_on

from compare import deceived, flags, lookalikes
from compare.panel import Panel

DOUBTED = compare_city.report_id(7, 2024)  # one of whose numbers two readings read differently


def agreed_but_one(report: str, cell: str) -> str:
    return "disputed" if report == DOUBTED and cell == "permits.decisions" else "agreed"


def misread_city() -> compare_city.City:
    """Five reports in which something does not add up or stands apart, of which one digit settles the first and third."""
    cells = compare_city.city(12)
    for office in range(4):
        granted = cells[office, 2022]
        granted["applications.received.natural_person"] += 1 - granted["applications.granted.natural_person"]
        granted["applications.received.total"] += 1 - granted["applications.granted.natural_person"]
        for row in ("granted", "results_total"):
            granted[f"applications.{row}.total"] += 1 - granted["applications.granted.natural_person"]
        granted["applications.results_total.natural_person"] += 1 - granted["applications.granted.natural_person"]
        granted["applications.granted.natural_person"] = 1.0
    cells[0, 2022]["applications.granted.natural_person"] = (
        4.0  # a 1, which a 4 looks like: its row and its column are off
    )
    cells[1, 2022]["applications.granted.natural_person"] = 6.0  # no digit like a 1
    cells[2, 2022]["appeals.reconsideration.total"] = 1.0
    for outcome, count in zip(compare_city.OUTCOMES, (7, 0, 0, 0), strict=True):
        cells[2, 2022][f"appeals.reconsideration.{outcome}"] = float(count)
    cells[3, 2022]["applications.granted.natural_person"] = 4.0
    cells[3, 2022]["applications.refused.state_secret.total"] += 2  # a second sum that the digit does not close
    return cells


def published(folder: Path, proof: object = agreed_but_one, **parts: object) -> Panel:
    return loaded_city(folder, misread_city(), proof=proof, **parts)


def tiers_of(loaded: Panel) -> list[set[str]]:
    found = flags.make(loaded)
    return [{tier for check, _, tier in found_on(found, office, 2022) if check.startswith("A0")} for office in range(4)]


def test_one_digit_that_settles_all_sums_is_for_review_where_numbers_are_misread(tmp_path: Path) -> None:
    assert tiers_of(published(tmp_path)) == [{"review"}, {"certain"}, {"review"}, {"certain"}]


def test_where_all_readings_agree_a_broken_sum_is_certain(tmp_path: Path) -> None:
    loaded = published(tmp_path, proof=lambda report, cell: "agreed")
    assert tiers_of(loaded) == [{"certain"}] * 4


def test_disputes_in_pictures_say_nothing_of_pages_of_text(tmp_path: Path) -> None:
    loaded = published(tmp_path, report=lambda row: row | {"kind": "scan" if row["report_id"] == DOUBTED else "html"})
    assert tiers_of(loaded) == [{"certain"}] * 4


@pytest.mark.parametrize(("few", "doubted"), [(1000, {"html", "text"}), (1, {"text"})])
def test_many_reports_of_one_kind_speak_for_themselves(
    few: int, doubted: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """36 of the 84 reports are text, and one of these is disputed."""
    monkeypatch.setattr(deceived, "FEW", few)
    loaded = published(tmp_path, report=lambda row: row | {"kind": "text" if row["year"] % 2 == 0 else "html"})
    assert deceived.kinds_in_doubt(loaded, {"html": 1, "text": 1}) == doubted


def test_the_sentence_says_that_one_digit_would_settle_it(tmp_path: Path) -> None:
    found = flags.make(published(tmp_path))
    mine = found[found["report_id"] == compare_city.report_id(0, 2022)].iloc[0]
    assert "one digit printed or read otherwise would settle it" in mine["message_en"]
    assert "picture" not in mine["message_en"] and "若有一位数字误印或误读即可相符" in mine["message_zh"]
    other = found[found["report_id"] == compare_city.report_id(1, 2022)].iloc[0]
    assert "one digit" not in other["message_en"]


def test_a_flow_that_does_not_close_is_no_digit(tmp_path: Path) -> None:
    """Two columns off by the same number share no cell that would close both."""
    cells = compare_city.city(12)
    for applicant in ("natural_person", "total"):
        cells[0, 2022][f"applications.received.{applicant}"] += 3
    found = flags.make(loaded_city(tmp_path, cells, proof=agreed_but_one))
    assert ("A03", "S1", "certain") in found_on(found, 0, 2022)


@pytest.mark.parametrize(("times", "tier"), [("doubled", "review"), ("seven", "priority")])
def test_a_year_apart_by_a_digit_seen_twice(times: str, tier: str, tmp_path: Path) -> None:
    cells = compare_city.city(12)
    usual = "330"  # amid the 282 to 374 of its other years
    apart = usual[:1] + usual if times == "doubled" else f"{7 * float(usual):.0f}"
    cells[2, 2022]["permits.decisions"] = float(apart)
    found = flags.make(loaded_city(tmp_path, cells, proof=agreed_but_one))
    assert {mine for _, _, mine in found_on(found, 2, 2022)} == {tier}


def test_a_text_that_differs_by_a_digit(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    cells[0, 2023]["permits.decisions"], cells[1, 2023]["permits.decisions"] = 117.0, 250.0
    stated = [told(0, 2023, "permits", 717.0), told(1, 2023, "permits", 717.0)]
    found = flags.make(loaded_city(tmp_path, cells, stated=stated, proof=agreed_but_one))
    of = found[found["check"] == "B07"].set_index("report_id")["tier"]
    assert [of[compare_city.report_id(office, 2023)] for office in (0, 1)] == ["review", "priority"]


def test_a_digit_lost_is_asked_of_pictures_alone() -> None:
    assert 206 in set(lookalikes.other_readings(26.0)) and 206 not in set(lookalikes.other_readings(26.0, lost=False))
    assert {11.0, 7.0} - set(lookalikes.other_readings(1.0, lost=False)) == {11.0}
