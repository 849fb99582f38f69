"""Remembering what a function gave: the same answers, asked once, and no more of them than was said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.known import LONGEST, known


@given(st.lists(st.sampled_from("0123456789")), st.integers(1, 12))
def test_answers_are_those_of_the_function_however_few_are_remembered(asked: list[str], most: int) -> None:
    calls: list[str] = []

    def square(digit: str) -> int:
        calls.append(digit)
        return int(digit) ** 2

    remembering = known(square, most)
    assert list(map(remembering, asked)) == [int(digit) ** 2 for digit in asked]
    if most > 9:
        assert sorted(calls) == sorted(set(asked))


def test_all_is_forgotten_once_so_many_are_remembered() -> None:
    calls: list[str] = []

    def note(word: str) -> None:
        calls.append(word)

    remembering = known(note, 2)
    for word in ("a", "b", "a", "c", "c", "a"):
        remembering(word)
    assert calls == ["a", "b", "c", "a"]


def test_what_is_as_long_as_a_file_is_not_remembered() -> None:
    calls: list[int] = []

    def note(text: bytes) -> int:
        calls.append(len(text))
        return len(text)

    remembering = known(note, 2)
    for length in (LONGEST, LONGEST, LONGEST + 1, LONGEST + 1):
        assert remembering(b"x" * length) == length
    assert calls == [LONGEST, LONGEST + 1, LONGEST + 1]


def test_an_error_is_not_remembered() -> None:
    answers = iter([ValueError("not yet"), 7])

    def ask(_: str) -> int:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    remembering = known(ask, 2)
    with pytest.raises(ValueError, match="not yet"):
        remembering("a")
    assert remembering("a") == remembering("a") == 7
