"""The data behind charts and pages: the ledger, grounds, funnel, likeness and wording of texts, report cards."""

from __future__ import annotations

from pathlib import Path

import compare_city
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare import flags, matrices, panel, rules
from compare.rules import FAIL, PASS
from compare.views import cards, changes, coverage, ledger, likeness, outcomes, quality, rates, trajectories, wording

OPENING = "本街道全年共主动公开政府信息{}条，其中通过政府网站公开{}条。我们加强了审核，规范了流程。"
MIDDLE = "全年共收到申请{}件，均已按期答复。对涉及第三方权益的事项依法征求意见，答复的规范性不断提高。"
# Words of each office's own: 160 different characters are as many different runs of five.
OWN = {number: "".join(chr(0x4E00 + 400 * number + step) for step in range(160)) + "。" for number in range(2)}


def loaded_city(folder: Path, cells: compare_city.City, sections: pd.DataFrame | None = None) -> panel.Panel:
    """The panel of a made-up city, with prose where it is given."""
    out = compare_city.publish(folder / "processed", cells)
    if sections is not None:
        sections.to_csv(out / "sections.csv", index=False, encoding="utf-8-sig")
    return panel.load(out)


def prose(office: int, year: int, text: str) -> dict[str, object]:
    """A row of sections.csv."""
    return {"report_id": compare_city.report_id(office, year), "section": 1, "title": "一、总体情况", "text": text}


def test_a_ledger_that_is_broken_says_by_how_much(tmp_path: Path) -> None:
    cells = compare_city.city(2, years=(2021, 2024))
    cells[0, 2023]["applications.carried_in.total"] += 2
    cells[1, 2022]["applications.received.total"] = float("nan")
    frame = ledger.ledger(loaded_city(tmp_path, cells)).set_index(["office_id", "year"])
    office, other = (compare_city.report_id(number, 2021).split("-")[0] for number in (0, 1))
    assert frame.loc[(office, 2023), "gap_before"] == 2 and frame.loc[(office, 2023), "gap_within"] == 2
    assert frame.loc[(office, 2022), "gap_before"] == 0 and np.isnan(frame.loc[(office, 2021), "gap_before"])
    assert np.isnan(frame.loc[(other, 2022), "gap_within"])
    whole = ledger.ledger_of_all(frame.reset_index()).set_index("year")
    assert whole.loc[2022, "reports"] == 1 and whole.loc[2023, "broken_before"] == 1 == whole.loc[2023, "broken_within"]


def test_few_refusals_are_pooled_and_none_is_lost(tmp_path: Path) -> None:
    cells = compare_city.city(4, years=(2023, 2024))
    cells[0, 2024]["applications.refused.state_secret.total"] = 40
    loaded = loaded_city(tmp_path, cells)
    mix = outcomes.ground_mix(loaded, "office")
    raw = outcomes.refusals(loaded)[list(outcomes.grounds())].to_numpy().sum()
    assert mix["n"].sum() == raw == mix[list(outcomes.grounds())].to_numpy().sum()
    large = mix[mix["key"] != outcomes.TOGETHER]
    assert (large["n"] >= 10).all() and (mix["key"] == outcomes.TOGETHER).sum() <= 1
    assert len(outcomes.grounds()) == 8


def test_a_funnel_needs_twenty_offices_and_judges_no_small_ones(tmp_path: Path) -> None:
    few = loaded_city(tmp_path / "few", compare_city.city(6))
    points, limits = rates.funnel_points(few, "disclosure")
    assert limits.lines.empty and set(points["place"]) <= {"none", "small"}
    many = loaded_city(tmp_path / "many", compare_city.city(24, years=(2022, 2024)))
    points, limits = rates.funnel_points(many, "disclosure")
    lines = limits.lines
    assert (
        limits.usable >= 20
        and (lines["low998"] <= lines["low95"]).all()
        and (lines["high95"] <= lines["high998"]).all()
    )
    assert not points.loc[points["denominator"] < 10, "place"].ne("small").any()
    one_year, _ = rates.funnel_points(many, "disclosure", 2023)
    assert one_year["denominator"].sum() < points["denominator"].sum()


def test_kinds_of_items_are_shown_and_compared_with_nothing(tmp_path: Path) -> None:
    cells = compare_city.city(3, years=(2019, 2022))
    column = {"permits.previous_items": 50.0, "permits.change": 4.0, "permits.decisions": 54.0}
    assert set(column) <= set(cells[0, 2020])
    cells[0, 2020] |= column
    loaded = loaded_city(tmp_path, cells)
    frame = trajectories.trajectory(loaded, "permits").set_index(["office_id", "year"])
    office = compare_city.report_id(0, 2020).split("-")[0]
    assert frame.loc[(office, 2020), "value"] == 54 and frame.loc[(office, 2020), "items"]
    assert office not in set(changes.changes(loaded, "permits", 2020, 2021)["office_id"])


def test_a_card_tells_what_fails_with_both_sides(tmp_path: Path) -> None:
    cells = compare_city.city(2, years=(2022, 2024))
    cells[0, 2023]["applications.granted.total"] += 3
    loaded = loaded_city(tmp_path, cells)
    assessments = flags.assess(loaded)
    report = compare_city.report_id(0, 2023)
    card = cards.card_of(assessments, report).set_index("check")
    assert card.loc["A01", "status"] == FAIL and " ≠ " in card.loc["A01", "operands"]
    assert card.loc["A04", "status"] == PASS and card.loc["A04", "operands"] == ""
    said = rules.run(loaded, ["A01"])
    said = said[said["report_id"] == report]["status"].value_counts()
    assert card.loc["A01", ["fails", "holds"]].to_list() == [said[FAIL], said[PASS]] and said[FAIL] == 1


def test_coverage_and_quality_count_every_report_and_cell(tmp_path: Path) -> None:
    cells = compare_city.city(6, years=(2021, 2024))
    del cells[2, 2022]
    loaded = loaded_city(tmp_path, cells)
    assert coverage.missing(loaded) == 1
    by_district = coverage.by_district(coverage.coverage(loaded, flags.make(loaded)))
    assert by_district["expected"].sum() - by_district["found"].sum() == 1
    counted = quality.quality(loaded, flags.assess(loaded))
    assert counted.loc[counted["part"] == quality.BY_YEAR, "count"].sum() == sum(
        len(values) for values in cells.values()
    )


def test_likeness_is_high_for_copies_and_low_for_ones_own_words(tmp_path: Path) -> None:
    cells = compare_city.city(3, years=(2023, 2024))
    rows = [prose(number, year, OPENING.format(year, number) + OWN[number]) for number in OWN for year in (2023, 2024)]
    rows += [prose(2, 2024, OPENING.format(7, 7) + OWN[0]), prose(2, 2023, "无")]
    loaded = loaded_city(tmp_path, cells, pd.DataFrame(rows))
    district, year = likeness.likest(loaded)
    matrix = likeness.district_matrix(loaded, district, 2024)
    place = {str(name): at for at, name in enumerate(matrix.offices["office_id"])}
    one, two, three = (place[compare_city.report_id(number, 2024).split("-")[0]] for number in range(3))
    assert year == 2024 and matrix.values[one, three] > 0.95 > 0.5 > matrix.values[one, two]
    assert matrix.values[one, one] > 0.95 and np.isnan(matrix.values[three, three])
    assert abs(one - three) == 1, "alike offices are neighbours"
    assert len(matrix.pairs()) == 5


@pytest.mark.parametrize("size", [2, 13])
def test_likeness_part_by_part_is_that_of_the_whole(size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two districts of six offices; with parts of 2 reports a district lies in several parts."""
    cells = compare_city.city(12, years=(2023, 2024))
    rows = [prose(o, y, OPENING.format(y, o) + OWN[o % 2]) for o in range(12) for y in (2023, 2024)]
    whole = loaded_city(tmp_path, cells, pd.DataFrame(rows))
    expected = {d: likeness.district_matrix(whole, d, 2024) for d in set(whole.offices["district_zh"])}
    monkeypatch.setattr(matrices, "PART", size)
    parts = panel.load(whole.folder)
    np.testing.assert_array_equal(likeness.with_year_before(parts), likeness.with_year_before(whole))
    assert not np.isnan(likeness.with_year_before(whole)).all() and "grams" not in parts._kept
    for district, matrix in expected.items():
        made = likeness.district_matrix(parts, district, 2024)
        assert len(made.offices) + made.left_out == 6 and len(matrix.offices) == 6
        if size == 13:
            np.testing.assert_array_equal(made.values, matrix.values)
            pd.testing.assert_frame_equal(made.offices, matrix.offices)
    assert not len(likeness.district_matrix(parts, "nowhere", 2024).pairs())


def test_changed_numbers_are_marked_and_nothing_else() -> None:
    before = {1: OPENING.format(120, 80) + MIDDLE.format(5)}
    after = {1: OPENING.format(131, 80) + MIDDLE.format(7) + "新设了公开专栏。"}
    lines = wording.compare_texts(before, after)
    changed = [piece.text for line in lines for piece in line.after if piece.changed]
    assert changed == ["131", "7"]
    assert [line.kind for line in lines] == ["numbers", "same", "numbers", "same", "added"]
    assert 0.8 < wording.kept_share(lines) < 1


TEXT = st.text(st.sampled_from("甲乙丙丁12３。；，\n公开申请"), max_size=60)


@given(TEXT, TEXT)
def test_no_sentence_is_lost_or_made_up(one: str, two: str) -> None:
    lines = wording.compare_texts({1: one}, {1: two})
    for side, text in (("before", one), ("after", two)):
        told = ["".join(piece.text for piece in getattr(line, side)) for line in lines]
        assert [sentence for sentence in told if sentence] == wording.sentences(text)
