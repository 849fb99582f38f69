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

from . import appeals, applications, proactive
from .claimed import Claimed, Recognition, SectionTable, in_columns
from .codebook import APPEALS, APPLICATIONS, PROACTIVE
from .document import Grid
from .forms import Found, left_over, recognise_together, settle_form, unread
from .rows import Row, cut_rows

MOST_KNOWN = 512  # layouts remembered at a time
LONGEST_NUMBER = 9  # digits
NUMBER = "#"
# Cells from left to right that may only count columns: 1 2 3, with empty cells between them or not.
COUNTED = re.compile("\x1f1\x1f+2\x1f+3\x1f")
_known: dict[Hashable, Layout | None] = {}


@dataclass(slots=True, frozen=True)
class Layout:
    """What tables of one layout claim, each section by itself; None where no row of them concerns the section. `form` is that of section 二, or
    of section 三 as far as its rows tell. `is_empty` where no row says anything at all."""

    claimed: dict[str, Claimed]
    forms: dict[str, str]
    is_empty: bool


def recognise(grids: list[Grid]) -> Recognition:
    """Recognise the tables of the forms in a document's grids."""
    return _from_layouts(grids) or recognise_together(grids)


def _from_layouts(grids: list[Grid]) -> Recognition | None:
    """What the layouts of the grids tell; None where one of them tells nothing sure, or where two have to be read together."""
    found: dict[str, list[tuple[Grid, Claimed]]] = {PROACTIVE: [], APPLICATIONS: [], APPEALS: []}
    forms: dict[str, str] = {}
    for grid in grids:
        layout = _layout_of(grid)
        if layout is None or (found[APPEALS] and not layout.is_empty):
            return None  # rows behind the head of section 四 may belong to it
        for section, claimed in layout.claimed.items():
            form = layout.forms[section]
            if found[section] and (section != PROACTIVE or forms[section] != form):
                return None
            forms[section] = form
            found[section].append((grid, claimed))
    if not all(found.values()):
        return None
    tables = [
        SectionTable(section, forms[section], parts, [grid.table for grid, _ in parts])
        for section, parts in found.items()
    ]
    settle_form(tables)
    return Recognition(tables)


def _layout_of(grid: Grid) -> Layout | None:
    """The layout of a grid; None where its table cannot be recognised by itself and without doubt."""
    key = _key(grid)
    if key not in _known:
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[key] = _study(grid)
    return _known.get(key)


def _key(grid: Grid) -> Hashable:
    """All of a grid that tells what its cells are: everything but plain numbers. What may count rows (the first cell of each) or columns is kept."""
    texts, shape = grid.texts, grid.shape
    if "3" in texts and COUNTED.search("\x1f".join(["", *texts, ""])):
        return shape, grid.sure_places, tuple(texts)
    masked = [NUMBER if text.isdecimal() and _is_plain_number(text) else text for text in texts]
    for first in shape.firsts:
        masked[first] = texts[first]
    return shape, grid.sure_places, tuple(masked)


def _is_plain_number(text: str) -> bool:
    return text.isascii() and len(text) <= LONGEST_NUMBER


def _study(grid: Grid) -> Layout | None:
    """Recognise the table of one grid by itself; None where anything about it must be told, or depends on what stands before or after it."""
    rows = cut_rows(grid)
    gathered = proactive.gather(rows)
    if not gathered.stands_alone() or any(map(_has_number_before_label, rows)):
        return None
    found = Found(gathered.found())
    for section, concerns in ((applications, applications.concerns), (appeals, appeals.is_header)):
        if any(map(concerns, rows)):
            tables, notes = section.recognise(rows)
            if notes or not tables:
                return None
            found.tables += tables
    if next(unread([grid], found), None) is not None or left_over(rows, found):
        return None
    tables = in_columns(found.tables, [grid])
    claimed = {table.section: table.parts[0][1] for table in tables}
    return Layout(claimed, {table.section: table.form for table in tables}, not rows)


def _has_number_before_label(row: Row) -> bool:
    """Whether a number, and not the first cell, stands where words may count: left of the label."""
    if row.label is None:
        return False
    before = row.texts[: row.cells.index(row.label)]
    return any(map(str.isdecimal, before))
