"""What each fact rests on: the form's own arithmetic, and a second, independent reading of the same document.

verified  labels matched exactly or by alias, and an identity with a non-zero operand and no blank counted as zero closes over the number
agreed    two independent readings say the same
single    one reading
disputed  two readings differ, or the reader distrusts the cell (what the other reading saw is kept)

Identities prove numbers, never labels. A value that no reading gave is never published.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import cache, lru_cache
from operator import attrgetter, itemgetter
from typing import NamedTuple

import numpy as np

from .codebook import APPLICATIONS, FORMS, Identity, form_cells, identities
from .facts import AGREED, DISPUTED, SINGLE, VERIFIED, Facts
from .labels import NEAR
from .second_reading import Second, Seen

LEFT_OF, RIGHT_OF = attrgetter("left"), attrgetter("right")
CLOSE = 1e-9  # values are whole numbers where identities run; this only absorbs float addition
Values = tuple[float | None, ...]


class Rule(NamedTuple):
    """An identity of a form with what takes its two sides from the values of the form's cells."""

    identity: Identity
    left: Callable[[Values], Values]
    right: Callable[[Values], Values]


class Rules(NamedTuple):
    """The identities of a form over the values of its `cells`: by the cells that stand in them, and all of them at once.

    `sides` is int64 (2, identities, longest side): the places of the cells on the left and on the right, filled up with the place behind the last
    cell.
    """

    form: str
    cells: dict[str, int]
    by_cell: dict[str, tuple[Rule, ...]]
    sides: np.ndarray


@cache
def _rules(form: str) -> Rules:
    cells = {code: place for place, code in enumerate(sorted(form_cells(form)))}
    every = tuple(Rule(one, _taker(one.left, cells), _taker(one.right, cells)) for one in identities(form))
    by_cell: dict[str, list[Rule]] = defaultdict(list)
    for rule in every:
        for code in rule.identity.left + rule.identity.right:
            by_cell[code].append(rule)
    sides = [[side(one) for one in identities(form)] for side in (LEFT_OF, RIGHT_OF)]
    return Rules(form, cells, {code: tuple(found) for code, found in by_cell.items()}, _places(sides, cells))


def _places(sides: list[list[tuple[str, ...]]], cells: dict[str, int]) -> np.ndarray:
    longest = max(len(codes) for side in sides for codes in side)
    behind = len(cells)
    return np.array([[[*(cells[c] for c in codes), *[behind] * (longest - len(codes))] for codes in s] for s in sides])


def _taker(codes: tuple[str, ...], cells: dict[str, int]) -> Callable[[Values], Values]:
    """What takes the values of some cells, always as a tuple."""
    if len(codes) > 1:
        return itemgetter(*(cells[code] for code in codes))
    place = cells[codes[0]]
    return itemgetter(slice(place, place + 1))


def prove(facts: Facts, second: Second) -> None:
    """Settle `proof`, and where two readings differ `value`, `raw_text` and `other_reading`, in place."""
    form = next((f for f, s in zip(facts.form, facts.section, strict=True) if s == APPLICATIONS), "")
    rules = _rules(form if form in FORMS else FORMS[-1])
    for index in second.same:
        facts.proof[index] = AGREED
    for index, seen in sorted(second.differs.items()):
        _settle_difference(facts, index, seen, rules, _is_alone(facts, index, second, rules))
    if any(facts.doubt):
        for index, doubt in enumerate(facts.doubt):
            if doubt and index not in second.differs:
                facts.proof[index] = DISPUTED
    _doubt_fractions(facts)
    _verify(facts, rules)


def _doubt_fractions(facts: Facts) -> None:
    """No count is a fraction: where a picture shows one (the reader gave its own second reading), a speck may have been read as a point."""
    if facts.other.count(None) == len(facts):
        return
    for index, other in enumerate(facts.other):
        value = facts.value[index]
        if other is not None and value is not None and value % 1 and not facts.cell[index].endswith(".amount"):
            facts.proof[index] = DISPUTED


def _is_alone(facts: Facts, index: int, second: Second, rules: Rules) -> bool:
    """Whether arithmetic may settle a difference: the reader read this very cell again, or no other cell of its row and its column was read
    differently. Where lines are laid beside a grid, several differences in a row mean that one of them has the row in the wrong place, and sums
    are blind to places."""
    if facts.other[index] is not None:
        return True
    beside = {
        code for rule in rules.by_cell.get(facts.cell[index], ()) for code in rule.identity.left + rule.identity.right
    }
    return not any(facts.cell[other] in beside for other in second.differs if other != index)


def _values(facts: Facts, rules: Rules) -> list[float | None]:
    """The value of each cell of the form; None where no number is printed."""
    found = dict(zip(facts.cell, facts.value, strict=True))
    return list(map(found.get, rules.cells))


def _verify(facts: Facts, rules: Rules) -> None:
    """Raise the facts of identities that close non-trivially to verified. Disputed facts stay, and prove no other: a sum may close by chance over a
    wrong reading."""
    known = np.array(facts.value, dtype=np.float64)  # NaN where no number is printed
    if DISPUTED in facts.proof:
        known[[proof == DISPUTED for proof in facts.proof]] = np.nan
    places = _places_of(rules.form, tuple(facts.cell))
    values = np.full(len(rules.cells) + 2, np.nan)
    values[places] = known
    values[len(rules.cells)] = 0.0
    both = values[rules.sides]
    left, right = np.add.reduce(both, axis=2)
    is_closed = (np.abs(left - right) < CLOSE) & np.logical_or.reduce(both, axis=(0, 2))
    inside = np.zeros(len(values), dtype=bool)
    inside[rules.sides[:, is_closed]] = True
    inside[len(rules.cells)] = False
    for index in np.flatnonzero(inside[places]).tolist():
        if facts.matched_by[index] != NEAR and facts.proof[index] in (SINGLE, AGREED):
            facts.proof[index] = VERIFIED


@lru_cache(maxsize=256)  # most reports have the cells of one form
def _places_of(form: str, codes: tuple[str, ...]) -> np.ndarray:
    """The place of each of these cells among the form's, int64; two behind the last for cells that the form does not have."""
    cells = _rules(form).cells
    return np.array([cells.get(code, len(cells) + 1) for code in codes], dtype=np.int64)


def _closes(rule: Rule, values: Values) -> bool:
    """Whether an identity closes with a number in every cell and one of them not zero."""
    left, right = rule.left(values), rule.right(values)
    if None in left or None in right or not (any(left) or any(right)):
        return False
    return abs(sum(left) - sum(right)) < CLOSE  # type: ignore[arg-type]


def _settle_difference(facts: Facts, index: int, seen: Seen, rules: Rules, alone: bool) -> None:
    """Two readings differ. Arithmetic may choose between two numbers if exactly one closes its row and its column non-trivially; else disputed."""
    facts.other_reading[index] = seen.text
    facts.proof[index] = DISPUTED
    code, first, other = facts.cell[index], facts.value[index], seen.number.value
    own = rules.by_cell.get(code, ())
    if first is None or other is None or facts.matched_by[index] == NEAR or not _has_row_and_column(own) or not alone:
        return
    values = _values(facts, rules)
    closes = []
    for tried in (first, other):
        values[rules.cells[code]] = tried
        closes.append(all(_closes(rule, tuple(values)) for rule in own))
    if closes[0] == closes[1]:
        return
    if closes[1]:
        facts.other_reading[index] = facts.raw_text[index]
        facts.value[index], facts.raw_text[index] = other, seen.text
    facts.proof[index] = VERIFIED


def _has_row_and_column(rules: tuple[Rule, ...]) -> bool:
    kinds = {rule.identity.identity for rule in rules}
    return "A01" in kinds and bool(kinds & {"A02", "A03"})
