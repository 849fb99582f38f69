"""Section 三: 25 (23) rows by 7 applicants. Rows by label and order together; columns by the header's order, or the form's where none is left."""

from __future__ import annotations

from bisect import bisect_left

from .codebook import APPLICATIONS, cell_code, form
from .document import Cell, Note
from .labels import ALIAS, COLUMN, EXACT, GROUP, NEAR, ROW, likeness, role_of, roles
from .rows import Claim, FormTable, Row

APPLICANTS = tuple(line.code for line in form("2021").columns[APPLICATIONS])
# Both forms' rows in printed order: the parts of （六）, then its single row.
_PARTS = [line.code for line in form("2021").rows[APPLICATIONS]]
ROWS = (*_PARTS[:-2], "other_handling.undivided", *_PARTS[-2:])
ORDER = {code: index for index, code in enumerate(ROWS)}
PARTS_2021 = frozenset(code for code in ROWS if code.startswith("other_handling.") and not code.endswith("undivided"))
UNDIVIDED = "other_handling.undivided"
WIDTH = len(APPLICANTS)
AS_GOOD_AS_NAMED = 0.72
IN_A_GAP = 0.4
FEWEST_ROWS = 3


def row_code(row: Row) -> tuple[str, str] | None:
    """(row code, matched_by) by the row's own label, or None. A lone 总计 or 其他 counts only with values beside it."""
    if row.label is None:
        return None
    role = role_of(row.label.text, ROW, APPLICATIONS)
    return (role.code, role.matched_by) if role else None


def is_header(row: Row) -> bool:
    """Whether the row names applicants."""
    if row.has_numbers:
        return False
    codes = {r.code for c in row.cells if c.text for r in roles(c.text) if r.block == APPLICATIONS and r.kind == COLUMN}
    return bool(codes - {"total", "other"})


def applicant_order(header: list[Row]) -> tuple[list[str], str, bool]:
    """Codes of the applicants from left to right, how they were matched, and whether an unknown column stands among them."""
    places: dict[str, int] = {}
    reading: list[str] = []
    grids: set[int] = (
        set()
    )  # columns of two grids have nothing to do with each other: a page break may cut the header itself
    matched = EXACT
    for row in header:
        for cell in row.cells:
            role = role_of(cell.text, COLUMN, APPLICATIONS) if cell.text else None
            if role and role.code not in places:
                places[role.code] = cell.col
                grids.add(row.grid.table)
                reading.append(role.code)
                matched = ALIAS if role.matched_by == ALIAS else matched
    if len(places) == WIDTH and len(set(places.values())) == WIDTH and len(grids) == 1:
        return sorted(places, key=lambda code: places[code]), matched, False
    order = list(APPLICANTS)
    if "total" in reading and "natural_person" in reading and reading.index("total") < reading.index("natural_person"):
        order = ["total", *order[:-1]]
    if len(places) >= 5:
        return order, matched if len(places) == WIDTH else ALIAS, False
    return order, NEAR, False


def recognise(rows: list[Row]) -> tuple[FormTable | None, list[Note]]:
    """Section 三 from rows in reading order. None where fewer than three rows of it are found with values."""
    notes: list[Note] = []
    data = [row for row in rows if _may_be_data(row)]
    named = [(row, row_code(row)) for row in data]
    if sum(1 for _, found in named if found) < FEWEST_ROWS:
        return None, notes
    first = next(i for i, (_, found) in enumerate(named) if found)
    last = max(i for i, (_, found) in enumerate(named) if found)
    # Rows just before the first and after the last named one may have lost their labels; never reach into another table's rows.
    named = named[max(0, first - 2) : last + 3]
    assigned = _without_heading_sum(_assign(named, notes))
    order, columns_matched, _ = applicant_order([row for row in rows if is_header(row)])
    if columns_matched == NEAR:
        notes.append(
            Note("header_missing", "section 三 shows no header of applicants: columns read in the form's order")
        )
    claims: list[Claim] = []
    tables: dict[int, None] = {}
    for row, code, matched in assigned:
        claims.extend(_claim(row, code, matched, order, columns_matched, notes))
        tables.setdefault(row.grid.table)
    if not claims:
        return None, notes
    name = "2021" if any(code in PARTS_2021 for _, code, _ in assigned) else "2019"
    if not any(code in PARTS_2021 or code == UNDIVIDED for _, code, _ in assigned):
        name = ""
    return FormTable(APPLICATIONS, name, claims, list(tables)), notes


def _without_heading_sum(assigned: list[tuple[Row, str, str]]) -> list[tuple[Row, str, str]]:
    """Where （六） stands as three rows, numbers on its heading are a sum that the form does not ask for: no cell claims them."""
    divided = any(code in PARTS_2021 for _, code, _ in assigned)
    return [one for one in assigned if one[1] != UNDIVIDED] if divided else assigned


def _may_be_data(row: Row) -> bool:
    """A row with about as many values as there are applicants. Blank rows count where the label is one of the form's."""
    width = len(row.values)
    if not 5 <= width <= 12:
        return False
    return row.is_data or row_code(row) is not None


def _assign(named: list[tuple[Row, tuple[str, str] | None]], notes: list[Note]) -> list[tuple[Row, str, str]]:
    """Give rows their codes: named rows in the form's order first, then rows between them whose label is near or lost."""
    known = [(row, *found) if found else (row, "", "") for row, found in named]
    kept = _in_order([ORDER[code] if code else -1 for _, code, _ in known])
    result: list[tuple[Row, str, str]] = []
    gap: list[Row] = []
    before = -1
    for index, (row, code, matched) in enumerate(known):
        if index in kept:
            result.extend(_fill(gap, before, ORDER[code], notes))
            gap = []
            result.append((row, code, matched))
            before = ORDER[code]
        elif code:
            result.append((row, code, NEAR))
            notes.append(
                Note(
                    "label_out_of_order",
                    f"{row.label.text if row.label else ''}: stands where the form has another row",
                    row.cells[0].locator,
                )
            )
        else:
            gap.append(row)
    result.extend(_fill(gap, before, len(ROWS), notes))
    return result


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


def _fill(gap: list[Row], before: int, after: int, notes: list[Note]) -> list[tuple[Row, str, str]]:
    """Codes for unnamed rows between two named ones: by likeness, in order; a lost label only where rows and missing codes pair off exactly."""
    if not gap:
        return []
    missing = _missing_between(before, after, len(gap))
    filled: list[tuple[Row, str, str]] = []
    at = 0
    pairs_off = len(gap) == len(missing)
    for index, row in enumerate(gap):
        text = row.label.text if row.label else ""
        best, place = max(
            ((likeness(text, ROW, APPLICATIONS, code), -i) for i, code in enumerate(missing) if i >= at),
            default=(0.0, 0),
        )
        expected = likeness(text, ROW, APPLICATIONS, missing[index]) if pairs_off else 0.0
        code = ""
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


def _missing_between(before: int, after: int, rows: int) -> list[str]:
    """The codes that the form has between two places. （六） stands either as one row or as three: as many rows as there are decide."""
    between = list(ROWS[before + 1 : after])
    parts = [code for code in between if code in PARTS_2021]
    if UNDIVIDED not in between or not parts:
        return between
    divided = len(parts) < len(PARTS_2021) or rows >= len(between) - 1
    return (
        [code for code in between if code != UNDIVIDED] if divided else [code for code in between if code not in parts]
    )


def _is_group(text: str) -> bool:
    return any(r.kind == GROUP for r in roles(text))


def _claim(row: Row, code: str, matched: str, order: list[str], columns_matched: str, notes: list[Note]) -> list[Claim]:
    """The claims of one row. Seven values are given to the seven applicants in order; other counts only where the grid's columns settle it."""
    values = list(row.values)
    while len(values) > WIDTH and not values[-1].text:
        values.pop()
    while len(values) > WIDTH and not values[0].text:
        values.pop(0)
    weakest = NEAR if NEAR in (matched, columns_matched) else ALIAS if ALIAS in (matched, columns_matched) else EXACT
    if len(values) == WIDTH:
        return [
            Claim(cell_code(APPLICATIONS, code, applicant), cell, weakest)
            for applicant, cell in zip(order, values, strict=True)
        ]
    if len(values) > WIDTH:
        notes.append(
            Note(
                "cells_do_not_fit",
                f"row {code} has {len(values)} values for {WIDTH} columns: not read",
                row.cells[0].locator,
            )
        )
        return []
    return _claim_short(row, code, values, order, notes)


def _claim_short(row: Row, code: str, values: list[Cell], order: list[str], notes: list[Note]) -> list[Claim]:
    """A row with a cell lost: the grid's own columns say which values are left, if the merged cells above agree with them."""
    if not row.grid.sure_places:
        values = []
    start = values[0].col if values else 0
    spans = sum(cell.col_span for cell in values)
    if values and spans == WIDTH:  # merged cells: the first column of each span carries it
        places = [cell.col - start for cell in values]
    elif values and [cell.col - start for cell in values] == list(range(len(values))):
        places = list(range(len(values)))
    else:
        notes.append(
            Note(
                "cells_do_not_fit",
                f"row {code} has {len(values)} values for {WIDTH} columns: not read",
                row.cells[0].locator,
            )
        )
        return []
    notes.append(
        Note("cell_lost", f"row {code} has {len(values)} of {WIDTH} cells: read from the left", row.cells[0].locator)
    )
    return [
        Claim(cell_code(APPLICATIONS, code, order[place]), cell, NEAR)
        for place, cell in zip(places, values, strict=True)
    ]
