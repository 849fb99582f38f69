"""What a second, independent reading of the same document saw in the cells of the facts: whole rows laid beside each other."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import NamedTuple

from . import flat
from .codebook import APPEALS, APPLICATIONS
from .facts import Facts
from .numerals import BLANK, Number, read_number


class Seen(NamedTuple):
    """What one reading saw in a cell."""

    text: str
    number: Number


class Second(NamedTuple):
    """Indexes of the facts of which the second reading says the same, and what it saw instead in others. A fact in neither was not read again."""

    same: set[int]
    differs: dict[int, Seen]


def second_readings(facts: Facts, lines: list[str] | None, rebuilt: frozenset[str] = frozenset()) -> Second:
    """Lay the facts beside the reader's own second reading of a cell (scans), else beside the numbers that `lines` have behind the same label.

    `lines` is the document's second reading, None where there is none that is independent of the first; `rebuilt` names the sections for which
    it is not, because the first reading took them from lines as well.
    """
    second = Second(set(), {})
    for index, other in enumerate(facts.other):
        if other is not None:
            _note(facts, index, Seen(other, read_number(other)), second)
    if lines is None:
        return second
    candidates: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for row in flat.rows(lines):
        candidates[row.code or row.block].append(row.numbers)
    for code, members in _by_row(facts).items():
        if code in candidates and facts.other[members[0]] is None and facts.section[members[0]] not in rebuilt:
            _compare_row(facts, members, candidates[code], second)
    return second


def _note(facts: Facts, index: int, seen: Seen, second: Second) -> None:
    if facts.state[index] == seen.number.state and facts.value[index] == seen.number.value:
        second.same.add(index)
    else:
        second.differs[index] = seen


@cache
def _row_of(code: str) -> str:
    """The row that a cell stands in, as flat rows are called: section 四 is one row, named by its block."""
    head, _, rest = code.partition(".")
    if head == APPLICATIONS:
        return rest.rsplit(".", 1)[0]
    return APPEALS if head == APPEALS else head


def _by_row(facts: Facts) -> dict[str, list[int]]:
    """Facts by the row they stand in: row -> indexes from left to right."""
    groups: dict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(map(_row_of, facts.cell)):
        groups[row].append(index)
    places = [(at.row or 0, at.col or 0) for at in facts.locator]
    for members in groups.values():
        members.sort(key=places.__getitem__)
    return groups


def _compare_row(facts: Facts, members: list[int], candidates: list[tuple[str, ...]], second: Second) -> None:
    """Lay the numbers of a row beside those that the second reading has behind the same label. Empty cells have no place in flat text: skip them."""
    filled = [index for index in members if facts.state[index] != BLANK]
    if not filled:
        return
    printed = tuple([facts.raw_text[index] for index in filled])
    if any(numbers[: len(filled)] == printed for numbers in candidates):
        second.same.update(members)
        return
    best = _best(facts, filled, candidates)
    if best is None:
        return
    second.same.update(set(members) - set(filled))  # empty in both
    for index, seen in zip(filled, best, strict=True):
        _note(facts, index, seen, second)


def _best(facts: Facts, filled: list[int], candidates: list[tuple[str, ...]]) -> list[Seen] | None:
    """Of the rows of numbers behind a label the one that says the same, else the first of the same length."""
    best: list[Seen] | None = None
    for numbers in candidates:
        if len(numbers) < len(filled):
            continue
        seen = [Seen(text, read_number(text)) for text in numbers[: len(filled)]]
        second = Second(set(), {})
        for index, one in zip(filled, seen, strict=True):
            _note(facts, index, one, second)
        if not second.differs:
            return seen
        best = best or (seen if len(numbers) == len(filled) else None)
    return best
