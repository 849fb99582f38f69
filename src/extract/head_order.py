"""Whether the words of a head that lines have broken ("法律服   其", "务机构   他") tell that its columns stand in the form's own order.

Only what stands in one line tells an order, and a piece of a label tells its column only where no other label of that head has it. Where it stays
open which of two columns comes first, no order is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from .codebook import APPEALS, APPLICATIONS, form
from .labels import COLUMN, plain, roles

Line = Sequence[str]
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
CHANNELS = (("复议", "行政复议"), ("诉讼", "行政诉讼")), (("未经",), ("复议后", "后起诉"))


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
