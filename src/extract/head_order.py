"""Whether the words of a head that lines have broken ("法律服   其", "务机构   他") tell that its columns stand in the form's own order.

Only what stands in one line tells an order, or what stands in lines below each other, each column further right than the one before; and a piece of a label tells its
column only where no other label of that head has it. Where it stays open which of two columns comes first, no order is told.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from .codebook import APPEALS, APPLICATIONS, form
from .labels import COLUMN, plain, roles

Line = Sequence[str]
ROOM = 2  # characters left of a column at least, one of them its own first
FEWEST_PIECES = 3  # in a line between whose first and last the pieces of labels stand below each other
Span = tuple[int, int]  # the first and the last of the columns that a piece stands over, counted from 0
FORM = form("2021")
APPLICANTS = [line.label_zh for line in FORM.columns[APPLICATIONS]]
OUTCOMES = [line.code for line in FORM.columns[APPEALS]]
OUTCOME_LABELS = [line.label_zh for line in FORM.columns[APPEALS]]
ORGANISATIONS, ORGANISATION_COLUMNS = "法人或其他组织", (1, 5)
OF_THE_WIDE_CELL = frozenset(
    {"其", "他", "其他", "人"}
)  # in ORGANISATIONS too, whose cell is too wide to be broken into them
CORRECTED, OTHER = OUTCOMES.index("corrected"), OUTCOMES.index("other")
# The beginnings of 结果维持 and 结果纠正 before those of 其他结果 and 尚未审结: each column has one piece in a line.
BEGINNINGS = re.compile("(?:结果,结果,其他|结,结,其),尚")
CHANNELS_OF_ALL = 3  # that have outcomes
CHANNELS = (("复议", "行政复议"), ("诉讼", "行政诉讼")), (("未经",), ("复议后", "后起诉"))


class Word(NamedTuple):
    """A piece of a line, with its first and last character there."""

    text: str
    first: int
    last: int


def across(head: Sequence[Sequence[Word]], section: str) -> Line:
    """The pieces of labels in the middle lines of a head as one line, by where they stand; none where one of them begins or ends no further right than
    another column's, or where no room was kept for the cells left of them."""
    column = _outcome if section == APPEALS else _applicant_at
    named = _named(head, column)
    full = [at for at, line in enumerate(named) if len(line) >= FEWEST_PIECES]
    words = [word for line in named[full[0] : full[-1] + 1] for word in line] if full else []
    words.sort(key=lambda word: word.first + word.last)
    told: list[Word] = []
    for word in words:
        if told and column(told[-1].text) == column(word.text):
            told[-1] = told[-1]._replace(last=max(told[-1].last, word.last))
        elif told and not (told[-1].first < word.first and told[-1].last < word.last):
            return []
        else:
            told.append(word)
    if section == APPEALS and [column(word.text) for word in told] != [*range(len(OUTCOMES))] * CHANNELS_OF_ALL:
        return []  # of a part of it nobody knows where one channel ends and the next begins
    return [word.text for word in told]


def beside(head: Sequence[Sequence[Word]]) -> list[Line]:
    """Pieces of the labels of two neighbouring applicants, of which nothing in any line of the head of section 三 stands left of the end of the first."""
    words: dict[int, list[Word]] = defaultdict(list)
    for line in _named(head, _applicant_at):
        for word in line:
            words[_applicant_at(word.text)].append(word)
    pairs = [(words[at], words[at + 1]) for at in range(len(APPLICANTS) - 1) if words[at] and words[at + 1]]
    return [
        [one[0].text, other[0].text]
        for one, other in pairs
        if max(word.last for word in one) < min(word.first for word in other)
    ]


def _named(head: Sequence[Sequence[Word]], column: Callable[[str], int]) -> list[list[Word]]:
    """Of each line the words that tell a column. No words at all where the lines keep no room as pages do, so that what stands below each other there does
    so by chance: left of the applicants for the labels of rows; in section 四, which has none, left of what stands beneath another column."""
    firsts = [(line, at) for line in head if (at := _first(line, column)) >= 0]
    if column is _outcome:
        is_laid_out = any(at == 0 and line[0].first > ROOM for line, at in firsts)
    else:
        is_laid_out = all(line[at].first - (line[at - 1].last if at else 0) > ROOM for line, at in firsts)
    return [[word for word in line if column(word.text) >= 0] for line in head] if is_laid_out else []


def _first(line: Sequence[Word], column: Callable[[str], int]) -> int:
    return next((at for at, word in enumerate(line) if column(word.text) >= 0), -1)


def _applicant_at(piece: str) -> int:
    span = _applicants(piece)
    return span[0] if span is not None and span[0] == span[1] else -1


def tells_applicants(head: Iterable[Line], total_is_last: bool = False) -> bool:
    """Whether the head of section 三 shows its seven columns in the form's order, each before the next one in some line. `total_is_last` says
    that sums have shown where 总计 stands."""
    told: set[Span] = set()
    for line in head:
        spans = [span for piece in line if (span := _applicants(piece)) is not None]
        steps = [(before[1], after[0]) for before, after in pairwise(spans)]
        if any(before > after for before, after in steps):
            return False
        told.update(steps)
    return told.issuperset(pairwise(range(len(APPLICANTS) - total_is_last)))


def tells_outcomes(head: Sequence[Line]) -> bool:
    """Whether the head of section 四 shows its channels, and the five outcomes of each, in the form's order."""
    told: set[Span] = set()
    for line in head:
        places = [place for piece in line if (place := _outcome(piece)) >= 0]
        rest = iter([*range(len(OUTCOMES))] * 3)
        if not all(place in rest for place in places):
            return False
        told.update(pairwise(places))
        if BEGINNINGS.search(",".join(map(plain, line))):
            told.add((CORRECTED, OTHER))
    return told.issuperset(pairwise(range(len(OUTCOMES)))) and all(_in_order(head, *pair) for pair in CHANNELS)


def _in_order(head: Sequence[Line], first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    """Whether some line names the first channel before the second one, and none the other way round."""
    seen = [
        [1 if piece.startswith(second) else 0 for piece in line if piece.startswith(first + second)] for line in head
    ]
    return [0, 1] in seen and [1, 0] not in seen


@lru_cache(maxsize=2048)
def _applicants(piece: str) -> Span | None:
    """The columns of section 三 over which a piece of its head stands; None where it may stand over others as well."""
    text = plain(piece)
    if text == ORGANISATIONS:
        return ORGANISATION_COLUMNS
    named = {r.code for r in roles(text) if r.block == APPLICATIONS and r.kind == COLUMN}
    holders = [at for at, line in enumerate(FORM.columns[APPLICATIONS]) if line.code in named]
    holders = holders or [at for at, label in enumerate(APPLICANTS) if text and text in label]
    if len(holders) != 1 or (not named and text in ORGANISATIONS and text not in OF_THE_WIDE_CELL):
        return None
    return holders[0], holders[0]


@lru_cache(maxsize=2048)
def _outcome(piece: str) -> int:
    """The outcome that a piece of the head of section 四 names, as its place among the five; -1 where it may be another's as well."""
    text = plain(piece)
    named = {r.code for r in roles(text) if r.block == APPEALS and r.kind == COLUMN}
    holders = [at for at, code in enumerate(OUTCOMES) if code in named]
    holders = holders or [at for at, label in enumerate(OUTCOME_LABELS) if text and text in label]
    return holders[0] if len(holders) == 1 else -1
