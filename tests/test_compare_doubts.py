"""What weakens or joins a finding: numbers that come back by chance, digits that look alike in pictures, the first year
of a series, one wrong number that two checks tell."""

from __future__ import annotations

from pathlib import Path

import compare_city
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_compare_checks import loaded_city, sections, told
from test_compare_findings import found_on, rid

from compare import anomalies, flags, lookalikes, panel, repetition
from compare.rules import year_pairs


def test_zeros_return_where_nothing_ever_was() -> None:
    """60 offices that never have any, 40 whose other years have 12: of the 40 zeros one returned."""
    before, now = np.zeros(100), np.concatenate([np.zeros(60), [0.0], np.full(39, 12.0)])
    kind = np.concatenate([np.zeros(60, dtype=np.int64), np.full(40, 4)])
    rates = repetition.learn(before, now, kind)
    assert rates.zeros[0] == 1.0 and rates.zeros[4] == pytest.approx((1 + 5) / (40 + 5))
    assert list(rates.zeros[[1, 2, 3, 5]]) == [1.0] * 4  # nothing learnt: as if all came back
    assert list(repetition.chance(rates, np.array([0.0, 0.0, np.nan]), np.array([0, 4, 4]))) == [1.0, 6 / 45, 1.0]


def test_small_numbers_return_as_often_as_they_did() -> None:
    before, now = np.full(200, 3.0), np.concatenate([np.full(20, 3.0), np.full(180, 5.0)])
    rates = repetition.learn(before, now, np.zeros(200, dtype=np.int64))
    expected = 10 * repetition.density(np.array([3.0]), repetition.PRIOR_SPREAD)[0]
    assert rates.small[3] == pytest.approx((20 + expected) / 210)
    assert rates.small[5] == pytest.approx(repetition.density(np.array([5.0]), repetition.PRIOR_SPREAD)[0])


def test_the_spread_of_large_numbers_is_learnt() -> None:
    rng = np.random.default_rng(5)
    before = rng.integers(500, 900, 400).astype(float)
    found = [repetition.spread_of(before, before * np.exp(rng.normal(0, s, 400))) for s in (0.1, 0.6)]
    assert found == [pytest.approx(0.1, rel=0.15), pytest.approx(0.6, rel=0.15)]
    assert repetition.spread_of(before[:5], before[:5] * 9) == repetition.PRIOR_SPREAD
    scale = np.sqrt(2 * 676 + (0.5 * 676) ** 2)
    assert repetition.density(np.array([676.0]), 0.5)[0] == pytest.approx(1 / (np.sqrt(2 * np.pi) * scale))


counts = st.lists(st.one_of(st.just(np.nan), st.integers(-3, 30).map(float), st.floats(0, 1e7)), min_size=8, max_size=8)


@given(counts, counts, st.lists(st.integers(0, repetition.CLASSES - 1), min_size=8, max_size=8))
def test_a_chance_is_a_chance(before: list[float], now: list[float], kind: list[int]) -> None:
    classes = np.array(kind)
    found = repetition.chance(repetition.learn(np.array(before), np.array(now), classes), np.array(now), classes)
    assert ((found > 0) & (found <= 1)).all()


def test_a_zero_beside_busy_years_is_a_surprise(tmp_path: Path) -> None:
    """Two zeros in a row of an office with 14 applications a year, among offices that never have two."""
    cells = compare_city.city(24)
    for year in (2022, 2023):
        cells[0, year] |= {cell: 0.0 for cell in cells[0, year] if cell.startswith("applications.")}
    for year in range(2021, 2026):
        cells[1, year] |= {cell: 0.0 for cell in cells[1, year] if cell.startswith("applications.")}
    for office in range(4, 24):
        cells[office, 2021] |= {cell: 0.0 for cell in cells[office, 2021] if cell.startswith("applications.")}
    loaded = loaded_city(tmp_path, cells)
    earlier, later = year_pairs(loaded)
    unsure = np.zeros(len(later), dtype=bool)
    made = repetition.surprises(loaded, "applications.received.total", earlier, later, unsure)
    of = {str(loaded.reports["report_id"].iloc[row]): float(s) for row, s in zip(later, made, strict=True)}
    assert of[rid(0, 2023)] > 0.4 and of[rid(0, 2023)] > of[rid(1, 2024)] + 0.3
    doubted = repetition.surprises(loaded, "applications.received.total", earlier, later, ~unsure)
    assert not doubted.any()


@pytest.mark.parametrize(("kind", "proof", "tier"), [
    ("html", "agreed", "priority"), ("scan", "agreed", "review"), ("scan", "verified", "priority"),
])  # fmt: skip
def test_a_year_apart_in_a_picture_may_be_a_lost_digit(kind: str, proof: str, tier: str, tmp_path: Path) -> None:
    cells = compare_city.city(12)
    cells[2, 2022]["permits.decisions"] = cells[2, 2022]["permits.decisions"] // 10
    cells[3, 2022]["permits.decisions"] *= 7  # no one digit explains it
    loaded = loaded_city(tmp_path, cells, report=lambda row: row | {"kind": kind}, proof=lambda report, cell: proof)
    found = flags.make(loaded)
    assert {told_tier for _, _, told_tier in found_on(found, 2, 2022)} == {tier}
    assert {told_tier for _, _, told_tier in found_on(found, 3, 2022)} == {"priority"}


@pytest.mark.parametrize(("printed", "read", "possible"), [
    (717, 117, True), (26, 206, True), (9, 4, True), (1033, 103, True),
    (1120, 120, True), (103, 13, False), (717, 727, False), (26, 62, False), (2676, 267, False),
])  # fmt: skip
def test_other_readings_of_a_number(printed: float, read: float, possible: bool) -> None:
    """A digit that looks alike, one lost, one seen twice; a digit that nobody sees twice was not added."""
    assert (read in set(lookalikes.other_readings(printed))) is possible


def test_no_other_reading_of_what_is_no_count() -> None:
    assert not [*lookalikes.other_readings(717.5), *lookalikes.other_readings(-3.0)]


def test_a_text_that_differs_from_a_picture_by_a_digit(tmp_path: Path) -> None:
    cells = compare_city.city(8)
    cells[0, 2023]["permits.decisions"], cells[1, 2023]["permits.decisions"] = 117.0, 250.0
    stated = [told(0, 2023, "permits", 717.0), told(1, 2023, "permits", 717.0)]
    for kind, tiers in (("html", ("priority", "priority")), ("scan", ("review", "priority"))):
        loaded = loaded_city(tmp_path / kind, cells, stated=stated, report=lambda row, kind=kind: row | {"kind": kind})
        found = flags.make(loaded)
        told_of = found[found["check"] == "B07"].set_index("report_id")["tier"]
        assert (told_of[rid(0, 2023)], told_of[rid(1, 2023)]) == tiers


def test_a_wrong_number_that_the_text_has_right_is_one_finding(tmp_path: Path) -> None:
    cells = compare_city.city(12)
    right = cells[2, 2022]["permits.decisions"]
    cells[2, 2022]["permits.decisions"] = right * 8
    cells[3, 2022]["permits.decisions"] *= 8
    stated = [told(2, 2022, "permits", right), told(3, 2022, "penalties", 1.0)]
    found = flags.make(loaded_city(tmp_path, cells, stated=stated))
    checks = {office: {check for check, _, _ in found_on(found, office, 2022)} for office in (2, 3)}
    assert checks == {2: {"B07"}, 3: {"B07", "D06"}}  # of the other office the text speaks of another number


def test_more_is_asked_of_the_first_year(tmp_path: Path) -> None:
    """A level that ended after the first year looks like a first year that stands apart."""
    cells = compare_city.city(48)
    for office in range(2, 18):
        year, factor = (2019, 2022)[office % 2], 2.0 + office // 2 / 5
        cells[office, year]["permits.decisions"] = float(round(cells[office, year]["permits.decisions"] * factor))
    scored = anomalies.scores(loaded_city(tmp_path, cells), "permits")
    between = scored[scored["odds"].between(1.75, 3.49) & ~scored["together"]]
    assert set(between["year"]) == {2019, 2022}
    assert set(between.loc[between["year"] == 2019, "grade"]) == {"review"}
    assert set(between.loc[between["year"] == 2022, "grade"]) == {"priority"}
    assert set(scored.loc[(scored["odds"] > 3.5) & ~scored["together"], "grade"]) == {"priority"}


@pytest.mark.parametrize(("third", "expected"), [(False, [("E03", "S3", "look")]), (True, [])])
def test_likeness_that_stands_out_is_a_look(third: bool, expected: list[tuple[str, str, str]], tmp_path: Path) -> None:
    """Two offices of two districts share 260 characters of 500; where a third has them too they are a template's."""
    out = compare_city.publish(tmp_path / "processed", compare_city.city(24, years=(2022, 2024)))
    shared = "".join(chr(0x4E00 + number) for number in range(260))
    own = ["".join(chr(0x5000 + 300 * office + number) for number in range(240)) for office in range(24)]
    whose = {1, 8, 15} if third else {1, 8}
    texts = {(o, 2023 + (o != 1)): {1: (shared if o in whose else own[o][::-1]) + own[o]} for o in range(24)}
    sections(tmp_path, texts)
    found = flags.make(panel.load(out))
    assert [one for one in found_on(found, 8, 2024) if one[0] == "E03"] == expected
    assert [one for one in found_on(found, 2, 2024) if one[0] == "E03"] == []
