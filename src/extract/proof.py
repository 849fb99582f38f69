"""What each fact rests on: the form's own arithmetic, and a second, independent reading of the same document.

verified  labels matched exactly or by alias, and an identity with a non-zero operand and no blank counted as zero closes over the number
agreed    two independent readings say the same
single    one reading
disputed  two readings differ, or the reader distrusts the cell (what the other reading saw is kept)

Identities prove numbers, never labels. A value that no reading gave is never published.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from itertools import chain, compress
from operator import itemgetter
from typing import Any, NamedTuple

from .codebook import APPLICATIONS, FORMS, Identity, form_cells, identities
from .facts import AGREED, DISPUTED, VERIFIED, Facts
from .labels import NEAR
from .second_reading import Second, Seen
from .shown_cells import Shown

CLOSE = 1e-9  # values are whole numbers where identities run; this only absorbs float addition
Values = tuple[float | None, ...]
Take = Callable[[Sequence[Any]], tuple[Any, ...]]
UNKNOWN = float("nan")


class Rule(NamedTuple):
    """An identity of a form with what takes its two sides from the values of the form's cells."""

    identity: Identity
    left: Take
    right: Take


class Rules(NamedTuple):
    """The identities of a form over the values of its `cells`, by the cells that stand in them."""

    form: str
    cells: dict[str, int]
    by_cell: dict[str, tuple[Rule, ...]]


@cache
def _rules(form: str) -> Rules:
    cells = {code: place for place, code in enumerate(sorted(form_cells(form)))}
    every = tuple(Rule(one, _taker(one.left, cells), _taker(one.right, cells)) for one in identities(form))
    by_cell: dict[str, list[Rule]] = defaultdict(list)
    for rule in every:
        for code in rule.identity.left + rule.identity.right:
            by_cell[code].append(rule)
    return Rules(form, cells, {code: tuple(found) for code, found in by_cell.items()})


def _taker(codes: tuple[str, ...], cells: dict[str, int]) -> Take:
    """What takes the values of some cells, always as a tuple."""
    if len(codes) > 1:
        return itemgetter(*(cells[code] for code in codes))
    place = cells[codes[0]]
    return itemgetter(slice(place, place + 1))


def prove(facts: Facts, second: Second) -> None:
    """Settle `proof`, and where two readings differ `value`, `raw_text` and `other_reading`, in place."""
    form = facts.form[facts.section.index(APPLICATIONS)] if APPLICATIONS in facts.section else ""
    rules = _rules(form if form in FORMS else FORMS[-1])
    if len(second.same) == len(facts):
        facts.proof[:] = [AGREED] * len(facts)
    else:
        for index in second.same:
            facts.proof[index] = AGREED
    for index, seen in sorted(second.differs.items()):
        _settle_difference(facts, index, seen, rules, _is_alone(facts, index, second, rules))
    if any(facts.doubt):
        for index, doubt in enumerate(facts.doubt):
            if doubt and index not in second.differs:
                facts.proof[index] = DISPUTED
    _doubt_impossible(facts)
    _verify(facts, rules)


def _doubt_impossible(facts: Facts) -> None:
    """No count is a fraction, and only changes are negative: where a picture shows one (the reader gave its own second reading), a speck may have been
    read as a point, the end of another stroke as a sign."""
    if facts.other.count(None) == len(facts):
        return
    for index, other in enumerate(facts.other):
        value, cell = facts.value[index], facts.cell[index]
        if other is None or value is None:
            continue
        if (value % 1 and not cell.endswith(".amount")) or (value < 0 and not cell.endswith(".change")):
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
    proofs = facts.proof
    values = [UNKNOWN if value is None else value for value in facts.value]
    is_disputed = DISPUTED in proofs
    if is_disputed:
        values = [UNKNOWN if proof == DISPUTED else value for value, proof in zip(values, proofs, strict=True)]
    sums, standing_in = _sums_over(rules.form, facts.shown())
    inside: set[int] = set()
    for at in set(chain.from_iterable(compress(standing_in, facts.value))):  # in all others no operand is but zero
        left_of, right_of, members = sums[at]
        if abs(sum(left_of(values)) - sum(right_of(values))) < CLOSE:
            inside.update(members)
    spared = is_disputed or NEAR in facts.matched_by
    for index in inside:
        if not spared or (facts.matched_by[index] != NEAR and proofs[index] != DISPUTED):
            proofs[index] = VERIFIED


@lru_cache(maxsize=256)  # most reports have the cells of one form
def _sums_over(form: str, shown: Shown) -> tuple[list[tuple[Take, Take, frozenset[int]]], list[list[int]]]:
    """The identities of a form whose operands all are among these cells: what takes both sides from the facts' values, and the indexes of
    all operands. And for each fact in which of them it stands."""
    index = {code: at for at, code in enumerate(shown.codes)}
    sums = [
        (_taker(one.left, index), _taker(one.right, index), frozenset(index[code] for code in one.left + one.right))
        for one in identities(form)
        if index.keys() >= {*one.left, *one.right}
    ]
    standing_in: list[list[int]] = [[] for _ in shown.codes]
    for at, (_, _, members) in enumerate(sums):
        for fact in members:
            standing_in[fact].append(at)
    return sums, standing_in


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
