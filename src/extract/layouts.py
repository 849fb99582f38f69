"""Tables laid out like one that was recognised before: the same labels, blanks and spans in the same places, only other numbers in it.

Most tables of most reports are such: the forms are statutory, and the offices of a district fill in the same template. Labels, their order and
the places of cells alone decide what a table claims, never the numbers; so what was found once holds for every table that differs in nothing
but its numbers. A document is read this way only where each of its tables was recognised without any doubt and by itself; in any other the
recognisers look at all tables together, as if none had been seen before.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from typing import NamedTuple

from . import appeals, applications, proactive
from .claimed import Claimed, Recognition, SectionTable, columns_of
from .codebook import APPEALS, APPLICATIONS, PROACTIVE
from .document import Grid, Note
from .forms import Found, left_over, recognise_together, settle_form, unread
from .known import known
from .numerals import REPORTED, read_number
from .rows import FEWEST_COUNTED, Row, cut_rows

MOST_KNOWN = 512  # layouts remembered at a time
MOST_CELLS, MOST_CHARACTERS = (
    1000,
    20_000,
)  # of a table that is remembered; all three tables of the form in one have about 300 cells
LONGEST_NUMBER = 20  # characters
# What stands for any plain number, any such number in full-width digits, and any digit: signs that no text of a cell holds.
NUMBER, WIDE_NUMBER, DIGIT, WIDE_DIGIT = "\x1c", "\x1d", "\x1e", "\x1f"
PLAIN_NUMBER = re.compile(r"[-+]?[0-9][0-9,]*(?:\.[0-9]+)?(元|万元)?")
PLAIN_WIDE_NUMBER = re.compile(r"[-+－＋]?[０-９]+")
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
_known: dict[Hashable, Layout | None] = {}


class Told(NamedTuple):
    """A note about a table: `place` is the index of the cell that it points to, if it points to one."""

    kind: str
    message: str
    place: int | None


class Share(NamedTuple):
    """What one section claims of a table, none of it where the section has nothing in it, and what must be told. `form` is that of section 二, or
    that of section 三 as far as its rows tell."""

    claimed: Claimed
    form: str
    notes: tuple[Told, ...]


@dataclass(slots=True, frozen=True)
class Layout:
    """What the sections have in tables of one layout. `is_empty` where no row says anything at all."""

    shares: dict[str, Share]
    is_empty: bool


def recognise(grids: list[Grid]) -> Recognition:
    """Recognise the tables of the forms in a document's grids."""
    return _from_layouts(grids) or recognise_together(grids)


def _from_layouts(grids: list[Grid]) -> Recognition | None:
    """What the layouts of the grids tell; None where one of them tells nothing sure, or where two have to be read together."""
    found: dict[str, list[tuple[Grid, Share]]] = {PROACTIVE: [], APPLICATIONS: [], APPEALS: []}
    is_used = True  # each of the grids
    for grid in grids:
        # Page breaks cut tables anywhere: hardly one is cut like another.
        layout = _layout_of(grid) if grid.page is None and len(grid.texts) <= MOST_CELLS else None
        if layout is None or (found[APPEALS] and not layout.is_empty):
            return None  # rows behind the head of section 四 may belong to it
        for section, share in layout.shares.items():
            others = found[section]
            if others and (section != PROACTIVE or others[0][1].form != share.form):
                return None
            others.append((grid, share))
        is_used &= bool(layout.shares)
    if not is_used and not all(found.values()):
        return None  # a table may be turned
    return _together(found)


def _together(found: dict[str, list[tuple[Grid, Share]]]) -> Recognition:
    tables = [
        SectionTable(
            section, shares[0][1].form, [(grid, share.claimed) for grid, share in shares], [g.table for g, _ in shares]
        )
        for section, shares in found.items()
        if shares
    ]
    settle_form(tables)
    told = [(grid, note) for shares in found.values() for grid, share in shares for note in share.notes]
    return Recognition(tables, notes=[_note(grid, *note) for grid, note in told])


def _note(grid: Grid, kind: str, message: str, place: int | None) -> Note:
    return Note(kind, message, None if place is None else grid.locators([place])[0])


def _layout_of(grid: Grid) -> Layout | None:
    """The layout of a grid; None where its table cannot be recognised by itself and without doubt."""
    key = _key(grid)
    if key not in _known:
        if sum(map(len, grid.texts)) > MOST_CHARACTERS:
            return None
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[key] = _study(grid)
    return _known.get(key)


def _key(grid: Grid) -> Hashable:
    """All of a grid that tells what its cells are: everything but numbers. What may count rows (the first cell of each) or columns is kept."""
    texts, shape = grid.texts, grid.shape
    if "3" in texts and COUNTED.search("\x1f".join(["", *texts, ""])):
        return shape, grid.sure_places, tuple(texts)
    masked = list(map(_known_masked, texts))
    firsts = shape.firsts
    if sum(masked[first] in (NUMBER, WIDE_NUMBER) or texts[first].isdigit() for first in firsts) >= FEWEST_COUNTED:
        for first in firsts:
            masked[first] = texts[first]
    return shape, grid.sure_places, tuple(masked)


def _masked(text: str) -> str:
    """A plain number, with the unit of money behind it or none, as a sign for any such number; other numbers, and words with a year or the number of a file
    in them, with a sign for each digit; other texts as they are. Labels of the forms hold no digit but the number of their row, so that it matters
    where these digits stand and not which they are."""
    is_number = len(text) <= LONGEST_NUMBER and read_number(text).state == REPORTED
    if is_number and (found := PLAIN_NUMBER.fullmatch(text)):
        return f"{NUMBER}{found[1] or ''}"
    if is_number and PLAIN_WIDE_NUMBER.fullmatch(text):
        return WIDE_NUMBER
    return text.translate(ANY_DIGIT) if is_number or _has_year(text) else text


_known_masked = known(_masked, 16384)


def _has_year(text: str) -> bool:
    return YEAR.search(text) is not None and read_number(text).state != REPORTED


def _study(grid: Grid) -> Layout | None:
    """Recognise the table of one grid by itself; None where anything about it must be told, or depends on what stands before or after it."""
    rows = cut_rows(grid)
    gathered = proactive.gather(rows)
    if not gathered.stands_alone() or any(REPORTED in row.kinds[: _place_of_label(row)] for row in rows):
        return None
    found = Found(gathered.found())
    notes = {PROACTIVE: gathered.notes}
    for name, section, concerns in (
        (APPLICATIONS, applications, applications.concerns),
        (APPEALS, appeals, appeals.is_header),
    ):
        if any(map(concerns, rows)):
            tables, notes[name] = section.recognise(rows)
            if not tables:
                return None
            found.tables += tables
    if next(unread([grid], found), None) is not None or left_over(rows, found):
        return None
    if any(notes.values()) and any(map(_has_year, grid.texts)):
        return None  # what is told may quote the words
    shares: dict[str, Share] = {}
    for table in found.tables:
        told = [Told(note.kind, note.message, _place_of(note, grid)) for note in notes[table.section]]
        shares[table.section] = Share(columns_of(table.claims, grid), table.form, tuple(told))
    return Layout(shares, not rows)


def _place_of(note: Note, grid: Grid) -> int | None:
    return next((at for at, cell in enumerate(grid.cells) if cell.locator is note.locator), None)


def _place_of_label(row: Row) -> int:
    for at, cell in enumerate(row.cells):
        if cell is row.label:
            return at
    return 0
