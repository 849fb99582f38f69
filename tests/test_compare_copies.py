"""Near-duplicates: sets of grams, buckets of sketches and common runs, against what they mean written out plainly."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare import copies
from compare.narrative_likeness import held_by, longest_common_run, normalised


@given(*[st.dictionaries(st.integers(0, 12), st.booleans()) for _ in range(2)])
def test_likeness_without_the_templates_of_both(one: dict[int, bool], other: dict[int, bool]) -> None:
    told = [
        copies.Prose(np.array(sorted(d), np.uint64), np.array([d[g] for g in sorted(d)], bool)) for d in (one, other)
    ]
    own = [{gram for gram, mine in d.items() if mine} for d in (one, other)]
    left, right = own[0] - (set(other) - own[1]), own[1] - (set(one) - own[0])
    assert copies.likeness(*told) == (len(left & right) / len(left | right) if left | right else 0.0)


@given(st.lists(st.tuples(*[st.integers(0, 1)] * copies.ROWS), max_size=12))
def test_each_with_each_in_small_buckets_and_with_the_next_in_large_ones(sketches: list[tuple[int, ...]]) -> None:
    band = np.array(sketches, dtype=np.uint32).reshape(-1, copies.ROWS)
    expected = set()
    for one in range(len(sketches)):
        alike = [other for other in range(one + 1, len(sketches)) if sketches[other] == sketches[one]]
        large = sketches.count(sketches[one]) > 4
        expected |= {(one, other) for other in (alike[:1] if large else alike)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(copies, "LARGEST_BUCKET", 4)
        assert set(zip(*(side.tolist() for side in copies.in_buckets(band)), strict=True)) == expected


@given(st.text(st.sampled_from("甲１①㈠Ａé٣ ̈·‗…．，。 8"), max_size=12))
def test_text_is_made_alike_with_and_without_unusual_characters(text: str) -> None:
    composed = unicodedata.normalize("NFKC", text)
    assert normalised(text) == re.sub(r"\d+", "0", re.sub(r"[\W_]+", "", composed))


@given(st.lists(st.integers(0, 6), max_size=20), st.integers(1, 4))
def test_values_held_by_so_many(values: list[int], least: int) -> None:
    told = held_by(np.sort(np.array(values, dtype=np.uint64)), least)
    assert told.tolist() == sorted(value for value in set(values) if values.count(value) >= least)


@given(st.text("甲乙", max_size=9), st.text("甲乙", max_size=9))
def test_longest_common_run(one: str, other: str) -> None:
    runs = {one[at:end] for at in range(len(one)) for end in range(at, len(one) + 1)} | {""}
    told = longest_common_run(one, other)
    assert told in one and told in other and len(told) == max(len(run) for run in runs if run in other)
