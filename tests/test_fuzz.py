"""Damaged documents of every kind: each ends in a report or in an issue that a person understands, never in an exception."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from mutations import SAMPLE_KINDS, mutated, originals
from test_build import frame

from extract.batches import LASTING, pack, unpack
from extract.build import build
from extract.document import Source
from extract.readers import READERS
from extract.report import Report, read_report

EACH = 12
SLOWEST = 20.0  # seconds of processor time; a whole document takes a twentieth of a second


@pytest.fixture(scope="module")
def whole() -> list[tuple[str, bytes]]:
    return originals()


def source_of(name: str) -> Source:
    return Source("0123456789ab", name, "", "0" * 64)


def test_the_originals_are_of_every_kind_that_there_is_a_reader_for(whole: list[tuple[str, bytes]]) -> None:
    reports = [read_report(source_of(name), data) for name, data in whole]
    assert all(report.is_report for report in reports)
    assert {report.source.kind for report in reports} == set(READERS) - {
        "scan"
    }  # seconds each: benchmarks/fuzz.py has them


@pytest.mark.parametrize("kind", [*SAMPLE_KINDS, "office-report"])
def test_damaged_documents_end_in_a_report_or_an_issue(kind: str, whole: list[tuple[str, bytes]]) -> None:
    chosen = [(name, data) for name, data in whole if name.partition(".")[0] == kind]
    assert chosen
    failed = []
    for name, data in mutated(chosen, EACH, seed=6):
        started = time.process_time()
        report = read_report(source_of(name), data)
        if time.process_time() - started > SLOWEST:
            failed.append(f"{name}: slow")
        failed += [f"{name}: {note.message}" for note in told(report) if note.kind == "reader_failed"]
        assert report.is_report or report.notes, name
    assert not failed


def told(report: Report) -> list:
    """The notes of a report, also of one that cannot be published."""
    part = pack([(report, LASTING)], [])
    kinds = unpack(part.blobs["issues.csv"])["kind"].to_pylist()
    assert "reader_failed" not in kinds or any(note.kind == "reader_failed" for note in report.notes), (
        report.source.path
    )
    return report.notes


def test_a_folder_of_damaged_documents_is_accounted_for(tmp_path: Path, whole: list[tuple[str, bytes]]) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    for name, data in mutated(whole, 60, seed=7):
        (raw / name).write_bytes(data)
    summary = build(raw, tmp_path / "out", 2)
    reports, issues = frame(tmp_path / "out", "reports.csv"), frame(tmp_path / "out", "issues.csv")
    assert set(reports["source_path"]) | set(issues["source_path"]) == {path.name for path in raw.iterdir()}
    assert summary.files == 60
    assert not set(issues["kind"]) & {"reader_failed", "reading_broken_off"}, issues[
        issues["kind"].str.startswith("read")
    ]["message"].tolist()
