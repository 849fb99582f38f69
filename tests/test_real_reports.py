"""The real reports with hand-checked truth: exactly their cells, nothing more, nothing less."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from extract.codebook import APPEALS
from extract.document import Source
from extract.numerals import read_number
from extract.report import Report, read_report

DOCUMENTS = (
    "houhu-2021.txt",
    "pingtan-2019.html",
    "pingtan-2021.html",
    "pingtan-2022.html",
    "shuyang-fgj-2023.html",
    "hongze-2023.pdf",
)


def read(folder: Path, name: str) -> tuple[Report, dict[str, Any]]:
    data = (folder / name).read_bytes()
    truth = json.loads((folder / f"{Path(name).stem}.truth.json").read_text(encoding="utf-8"))
    return read_report(Source("0" * 12, name, "", "0" * 64), data), truth


@pytest.mark.parametrize("name", DOCUMENTS)
def test_cells_are_exactly_those_of_the_truth(real_reports: Path, name: str) -> None:
    report, truth = read(real_reports, name)
    assert report.reading is not None
    facts = report.reading.facts
    read_cells = {code: (facts.state[i], facts.value[i]) for i, code in enumerate(facts.cell)}
    printed = {
        code: ("blank", None) if digits is None else ("reported", read_number(digits).value)
        for code, digits in truth["cells"].items()
    }
    assert read_cells == printed
    units = {code: facts.unit[facts.cell.index(code)] for code in truth.get("units", {})}
    assert units == truth.get("units", {})


@pytest.mark.parametrize("name", DOCUMENTS)
def test_year_and_place_are_found_and_every_fact_is_proved(real_reports: Path, name: str) -> None:
    report, truth = read(real_reports, name)
    assert report.identity is not None and report.reading is not None
    assert report.identity.year == truth["year"]
    assert truth["office"] in (report.identity.office_zh, *report.identity.named)
    assert set(report.reading.facts.proof) <= {"verified", "agreed"}
    assert report.reading.recognition.unclaimed == []


def test_houhu_street_2021_as_an_auditor_would_check_it(real_reports: Path) -> None:
    report, _ = read(real_reports, "houhu-2021.txt")
    assert report.reading is not None and report.identity is not None
    facts = report.reading.facts
    values = dict(zip(facts.cell, facts.value, strict=True))
    assert values["permits.decisions"] == 2676 and values["penalties.decisions"] == 534
    assert values["applications.received.total"] == 3 and values["applications.granted.total"] == 3
    assert sum(v or 0 for code, v in values.items() if code.startswith(APPEALS)) == 0
    assert str(report.identity.published_on) == "2022-01-17"
    assert report.identity.signed_by == "江岸区人民政府后湖街道办事处"
    stated = {(figure.quantity, figure.value) for figure, _ in report.stated}
    assert {("items_disclosed", 89), ("applications_received", 3), ("reconsiderations", 0), ("lawsuits", 0)} <= stated
    first = next(section for section in report.sections if section.number == 1)
    assert "（三）政府信息管理和平台建设" in first.text and "（三）监督保障" in first.text
    assert [section.number for section in report.sections] == [0, 1, 2, 3, 4, 5, 6]


def test_totals_that_are_printed_wrong_are_published_as_printed(real_reports: Path) -> None:
    report, truth = read(real_reports, "hongze-2023.pdf")
    assert report.reading is not None
    facts = report.reading.facts
    for code in truth["printed_mistakes"]:
        index = facts.cell.index(code)
        assert (facts.value[index], facts.proof[index]) == (0, "agreed")
