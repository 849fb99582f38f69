"""Section 四: one row of 15 numbers under three channels of five outcomes; also split by channel, or turned with channels as rows."""

from __future__ import annotations

from .codebook import APPEALS, BOTH_FORMS, cell_code, form
from .document import Note
from .labels import ALIAS, COLUMN, EXACT, GROUP, NEAR, ROW, role_of, roles
from .rows import Claim, FormTable, Row

CHANNELS = tuple(line.code for line in form("2021").rows[APPEALS])
OUTCOMES = tuple(line.code for line in form("2021").columns[APPEALS])
ALL = tuple((channel, outcome) for channel in CHANNELS for outcome in OUTCOMES)
WIDTH = len(ALL)


def is_header(row: Row) -> bool:
    """Whether the row names channels, litigation as a whole, or at least three outcomes, and holds no number."""
    if row.has_numbers:
        return False
    outcomes = 0
    for cell in row.cells:
        for role in roles(cell.text) if cell.text else ():
            if role.block == APPEALS and role.kind in (ROW, GROUP):
                return True
            if role.block == APPEALS and role.kind == COLUMN and role.code != "total" and role.code != "other":
                outcomes += 1
                break
    return outcomes >= 3


def columns_of(header: list[Row]) -> tuple[list[tuple[str, str]], str]:
    """(channel, outcome) of each column from left to right, and how the labels matched. Empty where the header tells too little."""
    outcomes: list[tuple[int, str, str]] = []
    channels: list[tuple[int, str]] = []
    for row in header:
        for cell in row.cells:
            role = role_of(cell.text, COLUMN, APPEALS) if cell.text else None
            if role:
                outcomes.append((cell.col, role.code, role.matched_by))
                continue
            role = role_of(cell.text, ROW, APPEALS) if cell.text else None
            if role:
                channels.append((cell.col, role.code))
    matched = EXACT if all(how == EXACT for _, _, how in outcomes) else ALIAS
    named = list(dict.fromkeys(code for _, code in channels))
    codes = [code for _, code, _ in outcomes]
    if (
        len(codes) == len(named) * len(OUTCOMES)
        and codes == list(OUTCOMES) * len(named)
        and named == [c for c in CHANNELS if c in named]
    ):
        return [(channel, outcome) for channel in named for outcome in OUTCOMES], matched
    by_place = sorted(outcomes)
    if (
        len(by_place) == len(named) * len(OUTCOMES)
        and len({place for place, _, _ in by_place}) == len(by_place)
        and len(channels) == len(named)
    ):
        ordered = [code for _, code in sorted(channels)]
        columns = [(ordered[i // len(OUTCOMES)], code) for i, (_, code, _) in enumerate(by_place)]
        if len(set(columns)) == len(columns):
            return columns, matched
    # A header in which a word or two is damaged, but all three channels or most outcomes still stand: the form's own order.
    if len(codes) >= 9 and len(named) >= 2:
        return list(ALL), ALIAS
    return [], NEAR


def recognise(rows: list[Row]) -> tuple[FormTable | None, list[Note]]:
    """Section 四 from rows in reading order. None where no row of values follows a header of it."""
    header: list[Row] = []
    claims: list[Claim] = []
    notes: list[Note] = []
    tables: dict[int, None] = {}
    for row in rows:
        if is_header(row):
            if header and claims and row.grid.table != header[-1].grid.table:
                header = []
            header.append(row)
            continue
        if not header or (row.index == header[-1].index and row.grid is header[-1].grid):
            continue
        found = _claim(row, header, notes)
        if found:
            claims.extend(found)
            tables.setdefault(row.grid.table)
    if not claims:
        if header and not notes:
            at = header[-1].cells[0].locator
            notes.append(
                Note("table_without_values", "the head of section 四 stands there, but no row of values beneath it", at)
            )
        return None, notes
    return FormTable(APPEALS, BOTH_FORMS, claims, list(tables)), notes


def _claim(row: Row, header: list[Row], notes: list[Note]) -> list[Claim]:
    channel = role_of(row.label.text, ROW, APPEALS) if row.label is not None else None
    values = list(row.values)
    columns, matched = columns_of(header)
    if channel is not None and len(values) == len(OUTCOMES):
        return [
            Claim(cell_code(APPEALS, channel.code, outcome), cell, channel.matched_by)
            for outcome, cell in zip(OUTCOMES, values, strict=True)
        ]
    if channel is None and row.label is not None and row.label.text and len(values) < WIDTH - 2:
        return []
    if not row.is_data and not (len(values) >= WIDTH and all(not c.text for c in values)):
        return []
    expected = columns or list(ALL)
    while len(values) > len(expected) and not values[-1].text:
        values.pop()
    while len(values) > len(expected) and not values[0].text:
        values.pop(0)
    if len(values) == len(expected) and (columns or len(values) == WIDTH):
        if not columns:
            message = "the head of section 四 cannot be read: its 15 values were taken in the form's own order"
            notes.append(Note("header_missing", message, row.cells[0].locator))
        return [Claim(cell_code(APPEALS, *place), cell, matched) for place, cell in zip(expected, values, strict=True)]
    if len(values) >= 3:
        notes.append(
            Note(
                "cells_do_not_fit",
                f"the appeals row has {len(values)} values for {len(expected)} columns: not read",
                row.cells[0].locator,
            )
        )
    return []
