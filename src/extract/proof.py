"""What each fact rests on: the form's own arithmetic, and a second, independent reading of the same document.

verified  labels matched exactly or by alias, and an identity with a non-zero operand and no blank counted as zero closes over the number
agreed    two independent readings say the same
single    one reading
disputed  two readings differ, or the reader distrusts the cell (what the other reading saw is kept)

Identities prove numbers, never labels. A value that no reading gave is never published.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import NamedTuple

from . import flat
from .codebook import APPEALS, FORMS, Identity, identities
from .facts import AGREED, DISPUTED, SINGLE, VERIFIED, Facts
from .labels import NEAR
from .numerals import BLANK, REPORTED, Number, read_number

CLOSE = 1e-9  # values are whole numbers where identities run; this only absorbs float addition


class Seen(NamedTuple):
    """What one reading saw in a cell."""

    text: str
    number: Number


@cache
def _identities_of(form: str) -> dict[str, tuple[Identity, ...]]:
    """Cell code -> the identities of that form that it stands in."""
    by_cell: dict[str, list[Identity]] = defaultdict(list)
    for identity in identities(form):
        for code in identity.left + identity.right:
            by_cell[code].append(identity)
    return {code: tuple(found) for code, found in by_cell.items()}


def prove(facts: Facts, lines: list[str] | None) -> None:
    """Settle `proof`, and where two readings differ `value`, `raw_text` and `other_reading`, in place.

    `lines` is the document's second reading, None where there is none that is independent of the first.
    """
    second = _second_readings(facts, lines)
    place = {code: index for index, code in enumerate(facts.cell)}
    form = next((f for f, s in zip(facts.form, facts.section, strict=True) if s == "applications"), "")
    rules = identities(form if form in FORMS else FORMS[-1])
    by_cell = _identities_of(form if form in FORMS else FORMS[-1])
    for index, seen in enumerate(second):
        if seen is not None and not _same(facts, index, seen):
            _settle_difference(facts, index, seen, by_cell.get(facts.cell[index], ()), place)
        elif facts.doubt[index]:
            facts.proof[index] = DISPUTED
        elif seen is not None:
            facts.proof[index] = AGREED
    for identity in rules:
        _verify(facts, identity, place)


def _verify(facts: Facts, identity: Identity, place: dict[str, int]) -> None:
    """Raise the facts of an identity that closes non-trivially to verified. Disputed facts stay: a sum may close by chance over a wrong reading."""
    if not _closes(facts, identity, place, None, 0.0):
        return
    for code in identity.left + identity.right:
        index = place[code]
        if facts.matched_by[index] != NEAR and facts.proof[index] in (SINGLE, AGREED):
            facts.proof[index] = VERIFIED


def _closes(facts: Facts, identity: Identity, place: dict[str, int], replaced: int | None, by: float) -> bool:
    """Whether an identity closes with a number in every cell and one of them not zero; one cell's value may be tried out."""
    total, largest = 0.0, 0.0
    for sign, side in ((1.0, identity.left), (-1.0, identity.right)):
        for code in side:
            index = place.get(code)
            if index is None or facts.state[index] != REPORTED:
                return False
            value = by if index == replaced else facts.value[index]
            if value is None:
                return False
            total += sign * value
            largest = max(largest, abs(value))
    return largest > 0 and abs(total) < CLOSE


def _same(facts: Facts, index: int, seen: Seen) -> bool:
    return facts.state[index] == seen.number.state and facts.value[index] == seen.number.value


def _settle_difference(
    facts: Facts, index: int, seen: Seen, rules: tuple[Identity, ...], place: dict[str, int]
) -> None:
    """Two readings differ. Arithmetic may choose between two numbers if exactly one closes its row and its column non-trivially; else disputed."""
    facts.other_reading[index] = seen.text
    facts.proof[index] = DISPUTED
    first, other = facts.value[index], seen.number.value
    if first is None or other is None or facts.matched_by[index] == NEAR or not _has_row_and_column(rules):
        return
    first_closes = all(_closes(facts, rule, place, index, first) for rule in rules)
    other_closes = all(_closes(facts, rule, place, index, other) for rule in rules)
    if first_closes == other_closes:
        return
    if other_closes:
        facts.other_reading[index] = facts.raw_text[index]
        facts.value[index], facts.raw_text[index] = other, seen.text
    facts.proof[index] = VERIFIED


def _has_row_and_column(rules: tuple[Identity, ...]) -> bool:
    kinds = {rule.identity for rule in rules}
    return "A01" in kinds and bool(kinds & {"A02", "A03"})


def _second_readings(facts: Facts, lines: list[str] | None) -> list[Seen | None]:
    """For each fact what the second reading saw, None where there is none: the reader's own for scans, else the row of numbers behind the same label."""
    second: list[Seen | None] = [None] * len(facts)
    for index, other in enumerate(facts.other):
        if other is not None:
            second[index] = Seen(other, read_number(other))
    if lines is None:
        return second
    rows: dict[tuple[str, str], list[tuple[flat.Token, ...]]] = defaultdict(list)
    for row in flat.rows(lines):
        rows[row.block if row.block == APPEALS else "", row.code].append(row.numbers)
    for key, members in _by_row(facts).items():
        if second[members[0]] is None:
            _compare_row(facts, members, rows.get(key, []), second)
    return second


def _by_row(facts: Facts) -> dict[tuple[str, str], list[int]]:
    """Facts by the row they stand in: (block, row code) -> indexes from left to right."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, code in enumerate(facts.cell):
        head, _, rest = code.partition(".")
        if head == APPEALS:
            groups[APPEALS, ""].append(index)
        elif head == "applications":
            groups["", rest.rsplit(".", 1)[0]].append(index)
        else:
            groups["", head].append(index)
    for members in groups.values():
        members.sort(key=lambda index: (facts.locator[index].row or 0, facts.locator[index].col or 0))
    return groups


def _compare_row(
    facts: Facts, members: list[int], candidates: list[tuple[flat.Token, ...]], second: list[Seen | None]
) -> None:
    """Lay the numbers of a row beside those that the second reading has behind the same label. Empty cells have no place in flat text: skip them."""
    filled = [index for index in members if facts.state[index] != BLANK]
    best: list[Seen] | None = None
    for tokens in candidates:
        if len(tokens) < len(filled):
            continue
        seen = [Seen(token.text, read_number(token.text)) for token in tokens[: len(filled)]]
        if all(_same(facts, index, one) for index, one in zip(filled, seen, strict=True)):
            best = seen
            break
        best = best or (seen if len(tokens) == len(filled) else None)
    if best is None or not filled:
        return
    for index, one in zip(filled, best, strict=True):
        second[index] = one
    for index in members:
        if facts.state[index] == BLANK:
            second[index] = Seen("", read_number(""))
