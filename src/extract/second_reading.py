"""What a second, independent reading of the same document saw in the cells of the facts: whole rows laid beside each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

from . import flat
from .codebook import APPEALS, APPLICATIONS
from .document import COL_FIELD, ROW_FIELD, Places
from .facts import Facts
from .numerals import BLANK, Number, read_number
from .shown_cells import Shown

Take = Callable[[list[str]], tuple[str, ...]]
MORE_BEHIND = 3  # numbers that may follow a row in running text: a page number, a remark


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
    has_others = facts.other.count(None) < len(facts)
    if has_others:
        for index, other in enumerate(facts.other):
            if other is not None:
                _note(facts, index, Seen(other, read_number(other)), second)
    if lines is None:
        return second
    candidates = _numbers_by_row(lines)
    has_blanks = BLANK in facts.state
    for code, (members, take) in _by_row(facts).items():
        laid = candidates.get(code)
        if laid is None or (has_others and facts.other[members[0]] is not None):
            continue
        if rebuilt and facts.section[members[0]] in rebuilt:
            continue
        if take(facts.raw_text) in laid and not (has_blanks and BLANK in take(facts.state)):
            second.same.update(members)  # as most rows are
        else:
            _compare_row(facts, members, laid, second)
    return second


def _numbers_by_row(lines: list[str]) -> dict[str, list[tuple[str, ...]]]:
    """What the lines have behind the label of each row. A label may stand elsewhere too: a row that has numbers is not empty."""
    found: dict[str, list[tuple[str, ...]]] = {}
    several: set[str] = set()
    for block, row, numbers in flat.rows(lines):
        code = row or block
        if code in found:
            found[code].append(numbers)
            several.add(code)
        else:
            found[code] = [numbers]
    for code in several:
        found[code] = list(filter(None, found[code])) or found[code]
    return found


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


def _by_row(facts: Facts) -> dict[str, tuple[Places, Take]]:
    """Facts by the row they stand in: row -> their indexes from left to right, and what takes the values of a column at these."""
    return _rows_of(facts.shown(), facts.locator.parts(ROW_FIELD), facts.locator.parts(COL_FIELD))


@lru_cache(maxsize=256)  # most reports have the cells of one form in the places of one template
def _rows_of(
    shown: Shown, in_rows: tuple[Sequence[Any], ...], in_cols: tuple[Sequence[Any], ...]
) -> dict[str, tuple[Places, Take]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for index, code in enumerate(shown.codes):
        groups[_row_of(code)].append(index)
    places = list(zip(chain.from_iterable(in_rows), chain.from_iterable(in_cols), strict=True))
    rows = {row: tuple(sorted(members, key=places.__getitem__)) for row, members in groups.items()}
    return {
        row: (members, itemgetter(*members) if len(members) > 1 else _only(*members)) for row, members in rows.items()
    }


def _only(index: int) -> Take:
    return lambda column: (column[index],)


def _compare_row(facts: Facts, members: Sequence[int], candidates: list[tuple[str, ...]], second: Second) -> None:
    """Lay the cells of a row beside the numbers that the second reading has behind the same label.

    Empty cells have no place in flat text: as many numbers as the row has filled cells lie beside these, as many as it has cells beside all of them.
    More numbers than cells end in something else (a page number). Any other count is a difference of the whole row.
    """
    states = facts.state
    filled = [index for index in members if states[index] != BLANK]
    printed = tuple(map(facts.raw_text.__getitem__, filled))
    if printed in candidates:
        second.same.update(members)
        return
    columns = [facts.locator.cols[index] or 0 for index in members]
    laid = [seen for numbers in candidates if (seen := _laid(members, columns, filled, numbers)) is not None]
    if not laid:
        return
    found = min((_compared(facts, seen) for seen in laid), key=lambda one: len(one.differs))
    second.same.update(found.same)
    second.differs.update(found.differs)


def _laid(
    members: Sequence[int], columns: list[int], filled: list[int], numbers: tuple[str, ...]
) -> dict[int, str] | None:
    """What the second reading has in each cell of a row; None where it broke off within the row or has another row, which tells nothing."""
    if len(numbers) == len(filled):
        return dict.fromkeys(members, "") | dict(zip(filled, numbers, strict=True))
    if len(members) < len(numbers) == columns[-1] - columns[0] + 1:  # a column of the office's own among them
        return {index: numbers[column - columns[0]] for index, column in zip(members, columns, strict=True)}
    if len(members) <= len(numbers) <= len(members) + MORE_BEHIND:
        return dict(zip(members, numbers, strict=False))
    if len(members) > len(numbers) > len(filled) > 0:
        return dict.fromkeys(members, " ".join(numbers))
    return None


def _compared(facts: Facts, seen: dict[int, str]) -> Second:
    found = Second(set(), {})
    for index, text in seen.items():
        _note(facts, index, Seen(text, read_number(text)), found)
    return found
