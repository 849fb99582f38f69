"""Figures stated in prose: a corpus of sentences with what they say, and what they only seem to say."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.chinese_numerals import number
from extract.document import Locator, Paragraph
from extract.narrative import Section, sections
from extract.stated import Stated, flat_agreement, stated_figures

CORPUS = Path(__file__).parent / "examples" / "stated.csv"
PLACE = Locator("0" * 12, 1, None, 1, None, None, "text")


def corpus() -> list[dict[str, str]]:
    with CORPUS.open(encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def section_of(text: str, number_: int = 1) -> Section:
    return Section(number_, "", [Paragraph(line, PLACE) for line in text.split("\n")], list(range(1, text.count("\n") + 2)))


def told(figure: Stated) -> str:
    qualifier = f"~{figure.qualifier}" if figure.qualifier else ""
    return f"{figure.quantity}={figure.value:.12g}{figure.unit}{qualifier}"


@pytest.mark.parametrize("case", corpus(), ids=lambda case: case["text"][:24])
def test_sentence(case: dict[str, str]) -> None:
    figures = stated_figures([section_of(case["text"], int(case["section"]))], int(case["year"]))
    assert sorted(map(told, figures)) == sorted(filter(None, case["expected"].split(";")))


def test_corpus_is_large_and_holds_traps() -> None:
    cases = corpus()
    assert len(cases) >= 120
    assert sum(not case["expected"] for case in cases) >= 30
