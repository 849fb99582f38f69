"""The planted benchmark keeps step with the code, and counts what it says."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import planted
import planted_cities
import planted_counts

from sample.planters import Planted


@pytest.fixture(scope="module")
def results() -> planted_cities.Results:
    """One city of 24 offices, three years, two of each kind: nothing misread, and in most reports a number."""
    kinds = ("row_sum", "flow", "appeal")
    return planted_cities.run_city(kinds, 2, 9101, 24, range(2021, 2024), (0.0, 0.6))


def test_planted_contradictions_are_found_and_counted(results: planted_cities.Results) -> None:
    assert list(results) == ["2, 0.0%", "2, 60.0%", "2, 60.0% in pictures"]
    clean, misread = (results[setting][0] for setting in list(results)[:2])
    assert clean["exact", "recall", "n"] == clean["exact", "recall", "shown"] == 6
    assert clean["exact", "auditors' list", "n"] == clean["exact", "auditors' list", "strict"] >= 6
    shown, listed = (
        (misread["exact", name, "n"], misread["exact", name, "audit"]) for name in ("all shown", "auditors' list")
    )
    assert shown[0] > shown[1] > 0  # some are misreadings that deceived both readings
    assert listed[1] / listed[0] > shown[1] / shown[0]


def test_the_report_is_written_of_what_was_run(results: planted_cities.Results) -> None:
    options = Namespace(seeds=1, first_seed=9101, plants="2", offices=24, quick=True, kinds_seeds=0, file_seeds=0)
    text = "\n".join(planted.report({"eleven": results}, options))
    assert "| 2, 0.0% | 1.000 | 1.000 |" in text and "Through documents" not in text


def test_what_is_about_another_kind_is_no_hit() -> None:
    truth = planted_counts.Truth([Planted(0, 2022, "flow", (), "")], {(0, 2022): {"flow"}}, {"x": 0}, 2023)
    counts = planted_counts.count_recall(truth, {(0, 2022): {("A04", "certain")}})
    assert counts["kind", "flow", "n"] == 1 and counts["kind", "flow", "shown"] == 0
