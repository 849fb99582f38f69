"""The sample city read back: the same facts in every kind of file, and the numbers in recognised tables end as facts."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from extract.document import Source
from extract.numerals import read_number
from extract.report import Report, read_report
from extract.sources import identify_file, walk
from sample import city, kinds
from sample.__main__ import main as make_city

SEED = 20260


def facts_of(report: Report) -> dict[str, tuple[str, float | None]]:
    assert report.reading is not None, report.notes
    facts = report.reading.facts
    return {code: (facts.state[i], facts.value[i]) for i, code in enumerate(facts.cell)}


@pytest.mark.parametrize("kind", [name for name in kinds.default_names() if name != "html"])
def test_the_same_report_gives_the_same_facts_in_every_kind(kind: str) -> None:
    made = city.city(6, range(2019, 2026), SEED, {})
    compared = 0
    for report, hand in list(city.reports(made))[::4]:
        readings = []
        for name in ("html", kind):
            path = f"x{kinds.by_name()[name].suffix}"
            readings.append(read_report(Source("0" * 12, path, "", "0" * 64), kinds.render(report, name, hand)))
        assert facts_of(readings[0]) == facts_of(readings[1]), (kind, report)
        assert readings[0].identity is not None and readings[1].identity is not None
        assert readings[0].identity.office_zh == readings[1].identity.office_zh
        compared += 1
    assert compared >= 8


def test_numbers_in_recognised_tables_end_as_facts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """At least 99 % of the numbers standing in recognised tables are facts, and all facts are what the truth says was printed."""
    make_city([str(tmp_path), "--offices", "12", "--years", "2019-2025", "--seed", str(SEED)])
    truth: dict[str, dict[str, tuple[str, float | None]]] = defaultdict(dict)
    with (tmp_path / "_truth" / "cells.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            truth[row["path"]][row["cell"]] = (
                row["state"],
                read_number(row["printed"]).value if row["state"] == "reported" else None,
            )
    claimed = left = 0
    for path in walk(tmp_path):
        source = identify_file(tmp_path, path)
        assert isinstance(source, Source)
        report = read_report(source, (tmp_path / path).read_bytes())
        assert report.reading is not None and report.identity is not None, report.notes
        assert report.identity.fictional, path
        assert facts_of(report) == truth[path], path
        claimed += report.reading.facts.state.count("reported")
        left += len(report.reading.recognition.unclaimed)
    share = claimed / (claimed + left)
    with capsys.disabled():
        print(f"\n{claimed:,} of {claimed + left:,} numbers in recognised tables are facts: {share:.3%}")
    assert share >= 0.99 and claimed > 5000
