"""The head of section 三: which applicant each column holds, by the words of the head and the order they stand in.

The grid's own columns are not asked: a span that is wrong by one would shift them, and the head's rows tell the order by themselves:
自然人 · 法人或其他组织 · 总计 in one row, the five kinds of organisation in the next.
"""

from __future__ import annotations

import re
from functools import lru_cache

from .codebook import APPLICATIONS, form
from .document import TEXT_OF
from .labels import ALIAS, COLUMN, EXACT, NEAR, near_role, role_of, roles
from .rows import Row

APPLICANTS = tuple(line.code for line in form("2021").columns[APPLICATIONS])
ORGANISATIONS = APPLICANTS[1:-1]
GROUP_CODE, ALL_CODE, UNKNOWN = "organisations", "applicants", "?"
USUAL = (list(APPLICANTS), [APPLICANTS[-1], *APPLICANTS[:-1]])
OTHER_COLUMN = re.compile("备注|说明|[上去]年|同期|同比|增减|占比|小计")  # of the office's own
FEWEST_NAMED = 5  # of seven columns: with fewer the head counts as lost


def is_header(row: Row) -> bool:
    """Whether the row names applicants."""
    return not row.has_numbers and _name_applicants(row.texts)


@lru_cache(maxsize=2048)
def _name_applicants(texts: tuple[str, ...]) -> bool:
    """Whether one of these labels names an applicant or a group of them, and nothing that other tables have too."""
    return any(_code(text) not in ("", UNKNOWN, "total", "other") for text in texts)


def named_order(header: list[Row]) -> list[str]:
    """The applicants that the head names, from left to right, UNKNOWN where the form has no such column."""
    return _joined(_first_head([list(map(_code, map(TEXT_OF, row.cells))) for row in header]))


def applicant_order(header: list[Row], order: list[str]) -> tuple[list[str], str]:
    """(codes of the applicants from left to right, UNKNOWN where the form has no such column, how they were matched): `order` is the head's
    `named_order`.

    No codes where the head names the applicants in an order that cannot be told.
    """
    matched = EXACT if all(_is_exact(cell.text) for row in header for cell in row.cells) else ALIAS
    if order.count(UNKNOWN) == 1 and (whole := _mended(order)):
        order, matched = whole, ALIAS
    named = [code for code in order if code != UNKNOWN]
    if named[:1] == ["total"] and not all(row.grid.sure_places for row in header):
        return [], NEAR  # in lines, 总计 before 自然人 may be the first column as well as one that stands a row higher
    if sorted(named) == sorted(APPLICANTS):
        if named[0] == APPLICANTS[0] or all(row.grid.sure_places for row in header):
            return order, matched
        # In lines 法人或其他组织 may come before 自然人 because that cell is a row taller, not because it stands to the left of it.
        named.remove(APPLICANTS[0])
        return (list(APPLICANTS), NEAR) if named == list(APPLICANTS[1:]) else ([], NEAR)
    usual = list(USUAL[named[:1] == ["total"]])
    if len(named) < FEWEST_NAMED:
        return usual, NEAR
    return (usual, ALIAS) if named == [code for code in usual if code in named] else ([], NEAR)


def _mended(order: list[str]) -> list[str]:
    """The order with the one damaged word in it as the applicant that is missing; none where it is the first or the last one and not in that one's place: a
    column of the office's own (备注) may stand there as well."""
    missing = [code for code in APPLICANTS if code not in order]
    whole = [missing[0] if code == UNKNOWN else code for code in order] if len(missing) == 1 else []
    return whole if whole in USUAL or (whole and UNKNOWN not in (order[0], order[-1])) else []


def fewer_applicants(header: list[Row], order: list[str]) -> list[str]:
    """The applicants that the head names (`named_order`) where it names them in the form's order and leaves some out, perhaps with UNKNOWN for a
    column behind them; else none."""
    named = order[:-1] if order[-1:] == [UNKNOWN] else order
    usual = [code for code in APPLICANTS if code in named]
    if (
        named != order
        and len(named) == len(APPLICANTS) - 1
        and not any(OTHER_COLUMN.search(row.texts[-1]) for row in header)
    ):
        return []  # the word behind the others may be the one that is missing, damaged
    if not all(row.grid.sure_places for row in header) and (named[-1:] != ["total"] or not _names_nothing_else(header)):
        return []  # a line shows a part of a head whose labels break over lines
    return order if named == usual and 2 <= len(named) < len(APPLICANTS) and named[0] == APPLICANTS[0] else []


def _names_nothing_else(header: list[Row]) -> bool:
    """Whether behind the first name of each line of a head there is no word that names no applicant."""
    codes = [[_code(text) for text in row.texts] for row in header]
    known = [next((at for at, code in enumerate(line) if code not in ("", UNKNOWN)), 0) for line in codes]
    return not any(UNKNOWN in line[first:] for line, first in zip(codes, known, strict=True))


@lru_cache(maxsize=8192)
def _code(text: str) -> str:
    """The applicant or group of applicants that a cell of the head names, UNKNOWN for other words, "" for none and for what is
    no column (三、本年度办理结果)."""
    for role in roles(text):
        if role.block == APPLICATIONS and (role.kind == COLUMN or role.code in (GROUP_CODE, ALL_CODE)):
            return role.code
    near = near_role(text, COLUMN, (APPLICATIONS,)) if text else None
    return near.code if near else UNKNOWN if text and not roles(text) else ""


def _is_exact(text: str) -> bool:
    role = role_of(text, COLUMN, APPLICATIONS) or near_role(text, COLUMN, (APPLICATIONS,))
    return role is None or role.matched_by == EXACT


def _first_head(rows: list[list[str]]) -> list[list[str]]:
    """The rows until every applicant is named: what follows repeats the head. Words before the first name are a note or a label, not a column."""
    taken: list[list[str]] = []
    missing = set(APPLICANTS)
    for codes in rows:
        if not missing:
            break
        known = [at for at, code in enumerate(codes) if code not in ("", UNKNOWN)]
        taken.append([code for code in codes[known[0] :] if code] if known else [])
        missing.difference_update(codes)
    return taken


def _joined(rows: list[list[str]]) -> list[str]:
    """One order from the rows of a head: the organisations stand where the cell above them stands, 总计 where it stands beside the others."""
    main = next((codes for codes in rows if "natural_person" in codes), [])
    grouped = GROUP_CODE in main
    inner = [code for codes in rows if codes is not main or grouped for code in codes if code in ORGANISATIONS]
    inner = _with_unknown(rows, main, list(dict.fromkeys(inner)))
    order: list[str] = []
    for code in main:
        if code == GROUP_CODE and not set(inner) - {UNKNOWN} <= set(order):
            order += inner
        elif code == UNKNOWN or (
            code not in (ALL_CODE, GROUP_CODE, *order) and not (grouped and code in ORGANISATIONS)
        ):
            order.append(code)
    if not grouped and inner:
        place = order.index(UNKNOWN) if UNKNOWN in order else order.index("natural_person") + 1 if order else 0
        order[place : place + (UNKNOWN in order)] = [code for code in inner if code not in order]
    order = order if "total" in order else _with_total(rows, order)
    above = next((codes for codes in rows if ALL_CODE in codes and codes is not main), [])
    return [*order, UNKNOWN] if above[-1:] == [UNKNOWN] and UNKNOWN not in order else order  # 备注 beside 申请人情况


def _with_unknown(rows: list[list[str]], main: list[str], inner: list[str]) -> list[str]:
    """The organisations with a damaged word or a column of the office's own among them, where their row is one of its own."""
    row = next((codes for codes in rows if codes is not main and any(code in ORGANISATIONS for code in codes)), [])
    first = next((at for at, code in enumerate(row) if code in ORGANISATIONS), 0)
    last = next((at for at in range(first, len(row)) if row[at] in ("total", "natural_person")), len(row))
    own = row[first:last]  # what stands behind 总计 is no organisation
    whole = set(ORGANISATIONS) <= set(own) or (len(own) == len(ORGANISATIONS) and set(inner) <= set(own))
    only = all(code in ORGANISATIONS or code == UNKNOWN for code in own)
    return own if whole and only and len(own) == len(set(own) - {UNKNOWN}) + own.count(UNKNOWN) else inner


def _with_total(rows: list[list[str]], order: list[str]) -> list[str]:
    """总计 in a row of its own, above or below the others: before 申请人情况 it is the first column, else the last."""
    row = next((codes for codes in rows if "total" in codes), [])
    if not row:
        return order
    first = ALL_CODE in row and row.index("total") < row.index(ALL_CODE)
    return ["total", *order] if first else [*order, "total"]
