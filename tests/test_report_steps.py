"""Documents that are taken to the end together, all of them through one step before the next."""

from __future__ import annotations

from typing import Any

import pytest
from mutations import originals
from test_fuzz import source_of

from extract import report
from extract.report import Report, finish, opened, read_report

OTHERS = [
    ("notice.html", "<html><body><p>关于清明节放假的通知</p></body></html>".encode()),
    ("broken.pdf", b"%PDF-1.4\n"),
]


@pytest.fixture(scope="module")
def documents() -> list[tuple[str, bytes]]:
    return [*originals(), *OTHERS]


def everything(read: Report) -> tuple[Any, ...]:
    facts = read.reading.facts if read.reading else None
    cells = list(zip(facts.cell, facts.raw_text, facts.proof, facts.locator, strict=True)) if facts else []
    return read.source, read.is_report, read.identity, cells, read.sections, read.stated, read.notes


def test_documents_taken_together_read_as_each_by_itself(documents: list[tuple[str, bytes]]) -> None:
    together = [opened(source_of(name), data) for name, data in documents]
    finish(together)
    assert sum(one.is_report for one in together) == len(documents) - len(OTHERS)
    for (name, data), one in zip(documents, together, strict=True):
        assert everything(one) == everything(read_report(source_of(name), data)), name


@pytest.mark.parametrize("step", ["read_facts", "identify", "prove", "stated_figures"])
def test_a_document_that_fails_in_a_step_ends_alone(
    step: str, documents: list[tuple[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    some = documents[:3]
    well = [everything(read_report(source_of(name), data)) for name, data in some]
    work, calls = getattr(report, step), iter(range(len(some)))

    def fails_once(*given: Any) -> Any:
        if next(calls) == 1:
            raise ZeroDivisionError("no such thing")
        return work(*given)

    monkeypatch.setattr(report, step, fails_once)
    together = [opened(source_of(name), data) for name, data in some]
    finish(together)
    assert [everything(one) for one in together[::2]] == well[::2]
    failed = together[1]
    assert not failed.is_report and failed.reading is failed.identity is None and not failed.stated
    (note,) = failed.notes
    assert note.kind == "reader_failed" and "ZeroDivisionError: no such thing" in note.message
