"""Section 四: one row of 15 numbers under three channels of five outcomes; also split by channel, or turned with channels as rows."""

from __future__ import annotations

from functools import lru_cache

from .codebook import APPEALS, BOTH_FORMS, cell_code, form
from .document import Note
from .labels import ALIAS, COLUMN, EXACT, GROUP, NEAR, ROW, Role, near_role, role_of, roles
from .numerals import BLANK, DASH, read_number
from .rows import Claim, FormTable, Row, window

CHANNELS = tuple(line.code for line in form("2021").rows[APPEALS])
OUTCOMES = tuple(line.code for line in form("2021").columns[APPEALS])
ALL = tuple((channel, outcome) for channel in CHANNELS for outcome in OUTCOMES)
WIDTH = len(ALL)
CHANNEL, OUTCOME = "channel", "outcome"
LITIGATION = "litigation"  # 行政诉讼 over its two kinds


def is_header(row: Row) -> bool:
    """Whether the row names channels, litigation as a whole, or at least three outcomes, and holds no number."""
    return not row.has_numbers and _are_heads(row.texts)


@lru_cache(maxsize=2048)
def _are_heads(texts: tuple[str, ...]) -> bool:
    named = list(map(_names, texts))
    return CHANNEL in named or named.count(OUTCOME) >= 3


@lru_cache(maxsize=8192)
def _names(text: str) -> str:
    """What a label of a head names: a channel (or litigation as a whole), an outcome that no other table has, or "" for neither."""
    for role in roles(text):
        if role.block == APPEALS and role.kind in (ROW, GROUP):
            return CHANNEL
        if role.block == APPEALS and role.kind == COLUMN and role.code not in ("total", "other"):
            return OUTCOME
    return ""


def columns_of(header: list[Row]) -> tuple[list[tuple[str, str]], str]:
    """(channel, outcome) of each column from left to right, and how the labels matched. Empty where the header tells too little.

    By the words and their order, not by the grid's columns, which a wrong span shifts; only where the channels' outcomes are not listed alike do
    columns decide.
    """
    outcomes = _outcomes(header)
    codes = [code for _, code, _ in outcomes]
    matched = EXACT if all(how == EXACT for _, _, how in outcomes) else ALIAS
    channels = channel_order(header)
    parts = [codes[at : at + len(OUTCOMES)] for at in range(0, len(codes), len(OUTCOMES))]
    if len(codes) == len(channels) * len(OUTCOMES) and all(sorted(part) == sorted(OUTCOMES) for part in parts):
        if all(part == parts[0] for part in parts):
            return [(channel, outcome) for channel in channels for outcome in parts[0]], matched
        by_place = [code for _, code, _ in sorted(outcomes)]
        columns = [(channels[at // len(OUTCOMES)], code) for at, code in enumerate(by_place)]
        distinct = len({col for col, _, _ in outcomes}) == len(outcomes) and len(set(columns)) == len(columns)
        return (columns, matched) if distinct else ([], NEAR)
    # A header in which a word or two is damaged, but all three channels or most outcomes still stand: the form's own order.
    if len(codes) >= 9 and len(channels) >= 2 and _is_usual(channels, codes):
        return list(ALL), ALIAS
    return [], NEAR


def _is_usual(channels: list[str], codes: list[str]) -> bool:
    """Whether what a header still names stands in the form's own order."""
    rest = iter(OUTCOMES * len(CHANNELS))
    return channels == [channel for channel in CHANNELS if channel in channels] and all(code in rest for code in codes)


def _outcomes(header: list[Row]) -> list[tuple[int, str, str]]:
    """(column, outcome, how it matched) of every cell of the header that names an outcome, in reading order. Where one row names all of them, the
    others repeat it: cells that were merged downwards and written out in every row."""
    rows = [[(cell.col, role) for cell in row.cells if (role := _outcome(cell.text)) is not None] for row in header]
    whole = [found for found in rows if len(found) == WIDTH]
    return [(col, role.code, role.matched_by) for found in whole[-1:] or rows for col, role in found]


@lru_cache(maxsize=8192)
def _outcome(text: str) -> Role | None:
    """The outcome that a label names, be it with one character misread: all fifteen must then stand in an order of the form."""
    return (role_of(text, COLUMN, APPEALS) or near_role(text, COLUMN, (APPEALS,))) if text else None


def channel_order(header: list[Row]) -> list[str]:
    """The channels that a header names, from left to right: the two kinds of 行政诉讼 stand where 行政诉讼 stands."""
    top: list[str] = []
    litigation: list[str] = []
    for row in header:
        for cell in row.cells:
            code = _channel(cell.text)
            if code and code not in top and code not in litigation:
                (litigation if code in CHANNELS[1:] else top).append(code)
    if LITIGATION not in top:
        seen = [code for row in header for cell in row.cells if (code := _channel(cell.text))]
        return list(dict.fromkeys(seen))
    at = top.index(LITIGATION)
    return [*top[:at], *litigation, *top[at + 1 :]]


@lru_cache(maxsize=8192)
def _channel(text: str) -> str:
    """The channel, or litigation as a whole, that a label names; "" for other labels."""
    for role in roles(text):
        if role.block == APPEALS and role.kind in (ROW, GROUP):
            return role.code
    return ""


def recognise(rows: list[Row]) -> tuple[list[FormTable], list[Note]]:
    """Section 四 from rows in reading order. None at all where no row of values follows a header of it."""
    header: list[Row] = []
    claims: list[Claim] = []
    notes: list[Note] = []
    tables: dict[int, None] = {}
    empty: Row | None = None  # a row of blanks under this header: its values only if no other row is

    def take(row: Row, found: list[Claim]) -> bool:
        claims.extend(found)
        if found:
            tables.setdefault(row.grid.table)
        return bool(found)

    used = False  # a row of values stood under this header: another header begins another part of the table
    for row in rows:
        if _is_blank_channel(row, header):
            used |= take(row, _claim_channel(row, header))
        elif is_header(row):
            if empty is not None and not used and columns_of(header)[0]:
                used = take(empty, _claim(empty, header, notes))
            header = [] if used else header
            header.append(row)
            used, empty = False, None
        elif not header or (row.index == header[-1].index and row.grid is header[-1].grid):
            continue
        elif not any(row.texts):
            empty = empty or row
        else:
            told = len(notes)
            if take(row, _claim(row, header, notes)):
                used = True
            elif len(notes) > told:
                header = []  # the row that belongs to this header could not be read: none that follows may pass for it
    if empty is not None and header and not used:
        take(empty, _claim(empty, header, notes))
    if not claims:
        if header and not notes:
            at = header[-1].cells[0].locator
            message = "the head of section 四 stands there, but no row of values beneath it"
            notes.append(Note("table_without_values", message, at))
        return [], notes
    return [FormTable(APPEALS, BOTH_FORMS, claims, list(tables))], notes


def _is_blank_channel(row: Row, header: list[Row]) -> bool:
    """A channel whose five cells are all empty or dashes, under a header of outcomes alone: a row of the turned table, though it looks like a header."""
    if row.has_numbers or row.label is None or not _channel(row.label.text) or len(row.values) < len(OUTCOMES):
        return False
    return (
        len(_outcomes(header)) == len(OUTCOMES)
        and not channel_order(header)
        and all(read_number(cell.text).state in (BLANK, DASH) for cell in row.values)
    )


def _claim_channel(row: Row, header: list[Row]) -> list[Claim]:
    """A row of the turned table: one channel, its outcomes in the order of the header above."""
    channel = role_of(row.label.text, ROW, APPEALS) if row.label is not None else None
    values = window(row.values, len(OUTCOMES), None)
    outcomes = [code for _, code, _ in _outcomes(header)]
    if channel is None or values is None:
        return []
    matched = EXACT if channel.matched_by == EXACT and all(how == EXACT for *_, how in _outcomes(header)) else ALIAS
    if sorted(outcomes) != sorted(OUTCOMES):
        outcomes, matched = list(OUTCOMES), NEAR
    return [Claim([cell_code(APPEALS, channel.code, outcome) for outcome in outcomes], values, matched)]


def _claim(row: Row, header: list[Row], notes: list[Note]) -> list[Claim]:
    if row.label is not None and len(row.values) < WIDTH - 2 and (turned := _claim_channel(row, header)):
        return turned
    columns, matched = columns_of(header)
    expected = columns or list(ALL)
    if row.label is not None and row.label.text and len(row.values) < min(WIDTH - 2, len(expected)):
        return []
    at = row.cells[0].locator
    values = window(row.values, len(expected), _empty_behind(header, row))
    filled = [cell for cell in row.values if cell.text.strip()]
    if values is None and columns and len(filled) == len(expected) and row.grid.sure_places:
        values = filled  # between them stand the empty places of cells that span columns, written out
    if values is None or not (columns or row.is_data):
        if row.is_data and len(row.values) >= 3:
            message = f"the appeals row has {len(row.values)} values for {len(expected)} columns: not read"
            notes.append(Note("cells_do_not_fit", message, at))
        return []
    if not row.is_data and not columns and len(values) != WIDTH:
        return []
    if not columns and not _is_usual(channel_order(header), [code for _, code, _ in _outcomes(header)]):
        notes.append(
            Note(
                "header_missing", "the head of section 四 names its columns in no order that can be told: not read", at
            )
        )
        return []
    if not columns:
        message = "the head of section 四 cannot be read: its 15 values were taken in the form's own order"
        notes.append(Note("header_missing", message, at))
    return [Claim([cell_code(APPEALS, *place) for place in expected], values, matched)]


def _empty_behind(header: list[Row], row: Row) -> int | None:
    """How many empty cells the header has behind its last outcome, where it stands in the row's own grid."""
    named = [one for one in header if one.grid is row.grid and any(_outcome(cell.text) for cell in one.cells)]
    if not named:
        return None
    return len(named[-1].cells) - 1 - max(at for at, cell in enumerate(named[-1].cells) if cell.text)
