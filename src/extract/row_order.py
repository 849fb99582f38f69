"""Which row of section 三 each row of a table is: by its label and by the order of the form together.

Rows named as the form names them come first, in its order; rows between them whose label is near or lost are given what is missing there. A name
that two rows bear, and sums that the form does not have, are settled or refused here.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from itertools import pairwise

from .codebook import APPLICATIONS, form
from .document import Note
from .labels import GROUP, NEAR, ROW, likeness, roles
from .rows import Row, split_labels

# Both forms' rows in printed order: the parts of （六）, then its single row.
_PARTS = [line.code for line in form("2021").rows[APPLICATIONS]]
ROWS = (*_PARTS[:-2], "other_handling.undivided", *_PARTS[-2:])
ORDER = {code: index for index, code in enumerate(ROWS)}
PARTS_2021 = frozenset(code for code in ROWS if code.startswith("other_handling.") and not code.endswith("undivided"))
UNDIVIDED = "other_handling.undivided"
TOTAL_ROW, LAST_ROW = ORDER["results_total"], ORDER["carried_forward"]
OTHER_PART = "other_handling.other"
CALLED_SO_ELSEWHERE = ("results_total", OTHER_PART)  # 总计 and 其他 stand in other tables too
SEVERAL_LABELS = re.compile(r"\d[.、．][^\d]{3,}\d[.、．]")
AS_GOOD_AS_NAMED = 0.72
IN_A_GAP = 0.4
FEWEST_ROWS = 3

Named = tuple[Row, tuple[str, str] | None]


def assign_rows(named: list[Named], notes: list[Note]) -> list[tuple[Row, str, str]]:
    """(row, code, how it was matched) of every row that is one of the form's. `named` are the rows with what their own labels name; what is
    settled or refused on the way is added to `notes`."""
    return [one for copy in _copies(named) for one in _assign(_without_heading_sum(copy), notes)]


def _copies(named: list[Named]) -> list[list[Named]]:
    """The rows, cut where the table begins anew: pages show it twice, for screens and for telephones, or for two reports."""
    known = [i for i, (row, found) in enumerate(named) if found or is_like_a_row(row)]
    first, last = known[0], known[-1]
    # Rows just before the first and after the last named one may have lost their labels; never reach into another table's rows.
    copies: list[list[Named]] = [[]]
    seen: set[str] = set()
    for row, found in named[max(0, first - 2) : last + 3]:
        code = found[0] if found else ""
        if code in ROWS[:2] and code in seen and len(seen) >= FEWEST_ROWS:
            copies.append([])
            seen = set()
        if code:
            seen.add(code)
        copies[-1].append((row, found))
    return copies


def is_like_a_row(row: Row) -> bool:
    """Whether the label is a damaged spelling of some row's, as scans have them, and no group's."""
    text = row.label.text if row.label is not None else ""
    return (
        bool(text)
        and not _is_group(text)
        and max(likeness(text, ROW, APPLICATIONS, code) for code in ROWS) >= AS_GOOD_AS_NAMED
    )


def _without_heading_sum(named: list[Named]) -> list[Named]:
    """Where （六） stands as three rows, numbers on its heading are a sum that the form does not ask for: no cell claims them. Where it stands as one,
    a row called 其他 is none of its parts."""
    codes = {found[0] for _, found in named if found}
    divided = bool(codes & PARTS_2021 - {OTHER_PART}) or (OTHER_PART in codes and UNDIVIDED not in codes)
    if divided:
        return [one for one in named if one[1] is None or one[1][0] != UNDIVIDED]
    return [(row, None if found and found[0] == OTHER_PART else found) for row, found in named]


def _assign(named: list[Named], notes: list[Note]) -> list[tuple[Row, str, str]]:
    """Give rows their codes: named rows in the form's order first, then rows between them whose label is near or lost."""
    if _is_whole(named):
        return [(row, *found) for row, found in named if found]
    once, again, refused = _each_once(named, notes)
    known = [(row, *found) if found else (row, "", "") for row, found in once]
    kept = _in_order([ORDER[code] if code else -1 for _, code, _ in known])
    other_form = _of_the_other_form({code for _, code, _ in known})
    result: list[tuple[Row, str, str]] = []
    gap: list[Row] = []
    before = -1
    for index, (row, code, matched) in enumerate(known):
        if index in kept:
            result.extend(_fill(gap, _missing_between(before, ORDER[code], len(gap), other_form), refused, notes))
            gap = []
            result.append((row, code, matched))
            before = ORDER[code]
        elif code in CALLED_SO_ELSEWHERE:
            notes.append(_out_of_order(row, "stands where the form has no such row: not read"))
        elif code:
            result.append((row, code, NEAR))
            notes.append(_out_of_order(row, "stands where the form has another row"))
        else:
            gap.append(row)
    result.extend(_fill(gap, _missing_between(before, len(ROWS), len(gap), other_form), refused, notes))
    return result + again


def _is_whole(named: list[Named]) -> bool:
    """Whether every row is named and stands in the form's order, as in most documents: then there is nothing to settle."""
    places = [ORDER[found[0]] if found else -1 for _, found in named]
    return -1 not in places and all(before < after for before, after in pairwise(places))


def _out_of_order(row: Row, what: str) -> Note:
    return Note("label_out_of_order", f"{row.label.text if row.label else ''}: {what}", row.cells[0].locator)


def _each_once(named: list[Named], notes: list[Note]) -> tuple[list[Named], list[tuple[Row, str, str]], list[Row]]:
    """(the rows, each name once; rows whose name another one bears by better right; rows of one name of which none has a better right).

    A sum under a group is called 合计 as well: its name is taken from it. Of other rows with one name the one that stands beside its neighbour of
    the form keeps it, and the others are shown beside it, so that different numbers make the cell doubtful; where none or several stand so, none
    keeps it.
    """
    places = [ORDER[found[0]] if found else -1 for _, found in named]
    counts = Counter(place for place in places if place >= 0)
    known = [place for place in places if place >= 0]
    kept: list[Named] = []
    again: list[tuple[Row, str, str]] = []
    refused: list[Row] = []
    at = -1
    for (row, found), place in zip(named, places, strict=True):
        at += place >= 0
        if found is not None and place == TOTAL_ROW and _is_inner_sum(known, at):
            if row.has_numbers:  # a row of heads says 总计 as well
                notes.append(_out_of_order(row, "a sum that the form does not have: not read"))
        elif found is None or counts[place] == 1:
            kept.append((row, found))
        elif sum(1 for i, one in enumerate(known) if one == place and _beside(known, i)) != 1:
            notes.append(_out_of_order(row, "more than one row is called so: not read"))
            refused.append(row)
            kept.append((row, None))
        elif _beside(known, at):
            kept.append((row, found))
        else:
            notes.append(_out_of_order(row, "another row is called so and stands in its place"))
            again.append((row, found[0], NEAR))
            kept.append((row, None))  # it takes a place, so that no other row is given the one beside it
    return kept, again, refused


def _beside(places: list[int], at: int) -> bool:
    """Whether the row before or after is the one that the form has there."""
    return (at > 0 and places[at - 1] == places[at] - 1) or (at + 1 < len(places) and places[at + 1] == places[at] + 1)


def _is_inner_sum(places: list[int], at: int) -> bool:
    """Whether a row called 总计 has rows of results, or another such row, between itself and the last row, or stands behind that one."""
    if LAST_ROW in places[:at]:
        return True
    behind = places[at + 1 :]
    end = behind.index(LAST_ROW) if LAST_ROW in behind else len(behind)
    return any(place < TOTAL_ROW or (place == TOTAL_ROW and end < len(behind)) for place in behind[:end])


def _in_order(places: list[int]) -> set[int]:
    """Indexes of the longest run of places that grows strictly (the rows that stand in the form's order); -1 marks rows without a place."""
    tails: list[int] = []
    holders: list[int] = []
    back: dict[int, int] = {}
    for index, place in enumerate(places):
        if place < 0:
            continue
        at = bisect_left(tails, place)
        if at == len(tails):
            tails.append(place)
            holders.append(index)
        else:
            tails[at], holders[at] = place, index
        if at:
            back[index] = holders[at - 1]
    kept: set[int] = set()
    index = holders[-1] if holders else -1
    while index >= 0:
        kept.add(index)
        index = back.get(index, -1)
    return kept


def _fill(gap: list[Row], missing: list[str], refused: list[Row], notes: list[Note]) -> list[tuple[Row, str, str]]:
    """Codes for unnamed rows between two named ones: by likeness, in order; a lost label, and one that several rows bear, only where rows and
    missing codes pair off exactly."""
    if not gap:
        return []
    whole = len(gap) == len(missing)
    if any(row.is_data for row in gap):
        gap = [row for row in gap if row.is_data]  # a row of blanks between them may be the rest of a label
    filled: list[tuple[Row, str, str]] = []
    at = 0
    pairs_off = len(gap) == len(missing)
    for index, row in enumerate(gap):
        if not whole and any(row is other for other in refused):
            continue
        text = row.label.text if row.label else ""
        said = [text, *split_labels(row)]
        best, place = max(((_likeness(said, code), -i) for i, code in enumerate(missing) if i >= at), default=(0.0, 0))
        expected = _likeness(said, missing[index]) if pairs_off else 0.0
        code = ""
        if SEVERAL_LABELS.search(text):
            continue  # rows that run together, and so may their numbers
        if best >= AS_GOOD_AS_NAMED:
            code, at = missing[-place], -place + 1
        elif pairs_off and at <= index and (not text or expected >= IN_A_GAP or _is_group(text)):
            code, at = missing[index], index + 1
        if code:
            filled.append((row, code, NEAR))
            notes.append(
                Note(
                    "label_near",
                    f"“{text[:40]}” was read as the row {code} by its likeness and place",
                    row.cells[0].locator,
                )
            )
    return filled


def _likeness(said: list[str], code: str) -> float:
    """How like a row's label is to a row of the form: as it stands, or joined with the label cells before it."""
    return max(likeness(text, ROW, APPLICATIONS, code) for text in said)


def _of_the_other_form(codes: set[str]) -> frozenset[str]:
    """The rows of （六） that a table cannot have, because it has those of the other form."""
    if UNDIVIDED in codes:
        return PARTS_2021
    return frozenset({UNDIVIDED}) if codes & PARTS_2021 else frozenset()


def _missing_between(before: int, after: int, rows: int, other_form: frozenset[str]) -> list[str]:
    """The codes that the form has between two places. （六） stands either as one row or as three: as many rows as there are decide."""
    between = [code for code in ROWS[before + 1 : after] if code not in other_form]
    parts = [code for code in between if code in PARTS_2021]
    if UNDIVIDED not in between or not parts:
        return between
    divided = len(parts) < len(PARTS_2021) or rows >= len(between) - 1
    return (
        [code for code in between if code != UNDIVIDED] if divided else [code for code in between if code not in parts]
    )


def _is_group(text: str) -> bool:
    return any(r.kind == GROUP for r in roles(text))
