"""Every manner of laying out the tables gives every cell, in both forms; bent in several ways at once, no cell is wrong without a mark."""

from __future__ import annotations

import copy
import random

import manners
import pytest
from papers import html, judge_page, paper

from extract.codebook import form_cells


@pytest.mark.parametrize("name", ["2019", "2021"])
@pytest.mark.parametrize("manner", manners.ALL, ids=lambda manner: manner.__name__)
def test_every_manner_gives_every_cell(manner: manners.Manner, name: str) -> None:
    made = paper(name)
    before = html(made)
    manner(made)
    assert html(made) != before
    verdict = judge_page(made)
    assert verdict.is_perfect() and verdict.right == form_cells(name), verdict
    assert not verdict.near, verdict.near
    assert ("unclaimed_number" in verdict.issues) == (manner in manners.WITH_EXTRA_NUMBERS), verdict.issues


ZEROS = {
    "digits": ("0",),
    "blank": ("",),
    "dash": ("-", "—", "/", "无"),
    "mixed": ("0", "", "-", "—", "/", "０", " ", "\u00a0", "○"),
}


def values_drawn(rng: random.Random, name: str) -> dict[str, object]:
    """Small numbers, many zeros written in one way, some numbers with units and remarks."""
    zeros = ZEROS[rng.choice(list(ZEROS))]
    spellings = ("{}", "{}", "{}", "{}", "{}件", " {} ", "{}（含上年1件）", "{}①")

    def draw() -> str:
        value = rng.choice((0, 0, 0, 1, 2, 3, 12, 105, 1234))
        return rng.choice(spellings).format(value) if value else rng.choice(zeros)

    return {code: draw() for code in form_cells(name)}


@pytest.mark.parametrize("seed", range(80))
def test_bent_in_several_ways_no_cell_is_silently_wrong(seed: int) -> None:
    rng = random.Random(seed)
    name, other = rng.choice(("2019", "2021")), rng.choice(("", "", "2019", "2021"))
    made = paper(name, values_drawn(rng, name) | (values_drawn(rng, other) if other else {}), other)
    used = []
    for group in (manners.APPLICATIONS, manners.APPEALS, manners.PROACTIVE, manners.ANY):
        if rng.random() < 0.5:
            bent, manner = copy.deepcopy(made), rng.choice(group)
            try:
                manner(bent)
            except (IndexError, ValueError):  # a manner that needs what another one took away
                continue
            made = bent
            used.append(manner.__name__)
    verdict = judge_page(made)
    assert not verdict.silent, (used, verdict.silent)
    assert not verdict.lost or verdict.issues - {"header_missing"}, (used, len(verdict.lost))
