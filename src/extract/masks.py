"""What two tables have in common that differ in nothing but their numbers: their texts with signs in place of numbers."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from itertools import pairwise

from .document import Grid
from .known import known
from .labels import ROW, fold, roles, stem
from .numerals import BLANK, DASH, REPORTED, read_number
from .rows import FEWEST_COUNTED, LABEL, kind_of

LONGEST_NUMBER = 20  # characters
# What stands for any plain number, for anything that may stand in a number's place, for any digit, and any full-width digit: signs that no text of a
# cell holds.
NUMBER, VALUE, DIGIT, WIDE_DIGIT = "\x1c", "\x1d", "\x1e", "\x1f"
SIGNS = frozenset((NUMBER, VALUE, DIGIT, WIDE_DIGIT))
PLAIN_NUMBER = re.compile(r"[-+－＋]?[0-9０-９][0-9０-９,]*(?:\.[0-9]+)?(元|万元)?")
YEAR = re.compile(
    r"[0-9]{4}"
)  # or the number of a file: no label of the forms holds so many digits, nor are rows counted by them
ANY_DIGIT = {
    ord(digit): sign
    for digits, sign in (("0123456789", DIGIT), ("０１２３４５６７８９", WIDE_DIGIT))
    for digit in digits
}
# Cells from left to right that may only count columns: 1 2 3, with empty cells between them or not.
COUNTED = re.compile("\x1f1\x1f+2\x1f+3\x1f")
VALUES = frozenset({REPORTED, DASH, BLANK})


def masked_texts(grid: Grid) -> tuple[str, ...]:
    """The texts of a grid's cells as far as they tell what the cells are: all but numbers. What may count rows (the first cell of each) or columns is
    kept."""
    texts = grid.texts
    if "3" in texts and COUNTED.search("\x1f".join(["", *texts, ""])):
        return tuple(texts)
    masked = list(map(_known_masked, texts))
    firsts = grid.shape.lines.firsts
    if len([at for at in firsts if masked[at] == NUMBER or texts[at].isdigit()]) >= FEWEST_COUNTED:
        for first in firsts:
            masked[first] = texts[first]
    return tuple(masked)


def _masked(text: str) -> str:
    """A plain number, with the unit of money behind it or none, as a sign for any such number; other numbers, and words with a year or the number of a file
    in them, with a sign for each digit; other texts as they are. Labels of the forms hold no digit but the number of their row, so that it matters
    where these digits stand and not which they are."""
    is_number = len(text) <= LONGEST_NUMBER and read_number(text).state == REPORTED
    if is_number and (found := PLAIN_NUMBER.fullmatch(text)):
        return f"{NUMBER}{found[1] or ''}"
    return text.translate(ANY_DIGIT) if is_number or has_year(text) else text


_known_masked = known(_masked, 16384)


def has_year(text: str) -> bool:
    """Whether words hold a year, or the number of a file."""
    return YEAR.search(text) is not None and read_number(text).state != REPORTED


def any_has_year(texts: Sequence[str]) -> bool:
    """Whether any of these texts are words that hold a year."""
    return YEAR.search("\n".join(texts)) is not None and any(map(has_year, texts))


def signs(masked: Sequence[str], values: Iterable[int]) -> tuple[Hashable, ...]:
    """The `masked` texts of a grid with VALUE for whatever stands in a number's place (`places_of_values`), be it a number, a dash or nothing, and one
    sign for all spellings of a label that differ in punctuation and spaces alone."""
    found: list[Hashable] = list(map(_known_sign, masked))
    for place in values:
        found[place] = VALUE
    return tuple(found)


def places_of_values(grid: Grid) -> list[int]:
    """The indexes of the cells that stand in a number's place behind the label of a row."""
    texts = grid.texts
    kinds = list(map(_known_kind, texts))
    found: list[int] = []
    for first, end in pairwise((*grid.shape.lines.firsts, len(texts))):
        row = kinds[first:end]
        if LABEL not in row:
            continue
        behind = end - row[::-1].index(LABEL)
        if names_row(texts[behind - 1]):
            found += [at for at in range(behind, end) if kinds[at] == VALUE]
    return found


def _kind(text: str) -> str:
    """LABEL, VALUE for what may stand in a number's place, or something else."""
    kind = kind_of(text)
    return VALUE if kind in VALUES and len(text) <= LONGEST_NUMBER else kind


_known_kind = known(_kind, 4096)


def _names_row(text: str) -> bool:
    """Whether a label may name a row of the forms."""
    return any(role.kind == ROW for role in roles(text))


names_row = known(_names_row, 4096)


def _sign(text: str) -> Hashable:
    """What a label of the forms is to those who read it: what it names, and the words by which it is weighed against others. Other texts as they are."""
    named = roles(text) if SIGNS.isdisjoint(text) else ()  # white space to those who read labels
    return (fold(text), stem(text), named) if named else text


_known_sign = known(_sign, 4096)
