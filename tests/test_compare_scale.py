"""A panel taken part by part gives the same flags as the whole, whatever the parts."""

from __future__ import annotations

from pathlib import Path

import compare_city
import pandas as pd
import pytest
from test_compare_checks import LONG, OTHER, sections, told

from compare import assessment, flags, matrices, panel, rules


def planted(folder: Path) -> Path:
    """A city of 24 offices in four districts with mistakes of many kinds, stated figures and prose."""
    cells = compare_city.city(24)
    cells[0, 2022]["applications.granted.total"] += 3
    cells[1, 2022]["permits.decisions"] *= 10
    cells[2, 2024]["normative_documents.effective"] += 5
    cells[3, 2023] = dict(cells[3, 2022])
    cells[5, 2023] = dict(cells[9, 2022])
    cells[23, 2021]["penalties.decisions"] = 0.0
    del cells[7, 2023]
    stated = [told(4, 2023, "permits", 1.0), told(20, 2023, "applications_received", 90, "共收到申请。")]
    unknown = compare_city.report_id(11, 2022)
    out = compare_city.publish(
        folder / "processed",
        cells,
        stated=stated,
        report=lambda row: row | ({"office_id": "unknown"} if row["report_id"] == unknown else {}),
    )
    sections(folder, {
        (2, 2022): {1: LONG, 5: LONG[300:500], 6: ""},
        (2, 2023): {1: LONG, 5: LONG[300:500], 6: ""},
        (1, 2022): {1: OTHER, 5: OTHER[200:420], 6: ""},
        (13, 2023): {1: OTHER, 5: OTHER[200:400], 6: ""},
    })  # fmt: skip
    return out


@pytest.mark.parametrize("size", [1, 11, 60])
def test_parts_give_the_flags_of_the_whole(size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = planted(tmp_path)
    whole = panel.load(out)
    expected = flags.make(whole)
    assert {"A01", "D02", "D03", "D05", "D04", "E03", "E05", "B01", "B07", "C01"} <= set(expected["check"])
    monkeypatch.setattr(matrices, "PART", size)
    loaded = panel.load(out)
    parts = list(loaded.parts())
    assert len(parts) > 2 and sorted(row for _, rows in parts for row in rows) == list(range(len(loaded.reports)))
    pd.testing.assert_frame_equal(flags.make(loaded), expected)
    ours, theirs = flags.assess(loaded), flags.assess(whole)
    pd.testing.assert_frame_equal(ours.counts, theirs.counts)
    assert (ours.tallies == theirs.tallies).all()
    store = loaded.kept("portions", matrices.dealt_out)[1].store
    assert list(store.glob("narratives-*")) and list(store.glob("own grams-*"))
    del loaded, parts
    assert not store.exists()


def test_a_district_is_never_cut_by_a_part_unless_it_is_larger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrices, "PART", 30)
    loaded = panel.load(compare_city.publish(tmp_path / "out", compare_city.city(24)))
    seen = [set(part.offices["district_zh"]) for part, _ in loaded.parts() if len(part.offices)]
    assert sum(map(len, seen)) == len(set.union(*seen)) == 4


def test_tallies_are_the_assessments_counted(tmp_path: Path) -> None:
    loaded = panel.load(planted(tmp_path))
    made = flags.assess(loaded)
    full = rules.run(loaded)
    for status in assessment.STATUSES:
        mine = made.tallies[:, :, assessment.STATUSES.index(status)].sum()
        assert mine == ((full["status"] == status) & (full["row"] >= 0)).sum()
    counted = made.counts.groupby(["check", "status"])["count"].sum()
    assert counted.to_dict() == full.groupby(["check", "status"]).size().to_dict()
    report = compare_city.report_id(0, 2022)
    assert made.of_report(report)["A01"]["FAIL"] == 1 and made.of_report("nobody") == {}
