"""Tables laid out like one that was recognised before: the same labels and blanks in the same order, only other numbers in it.

Most tables of most reports are such: the forms are statutory, and the offices of a district fill in the same template. Labels, their order and
the places of cells alone decide what a table claims, never the numbers; so what was found once holds for every table that differs in nothing
but its numbers. A document is read this way only where each of its tables was recognised without any doubt and by itself; in any other the
recognisers look at all tables together, as if none had been seen before.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

from .claimed import Recognition, SectionTable
from .codebook import APPEALS, APPLICATIONS, PROACTIVE
from .document import Grid, Note
from .forms import may_be_turned, recognise_together, settle_form
from .layout_study import Asked, Layout, Share, study, study_rows
from .masks import masked_texts, places_of_values, signs

MOST_KNOWN = 512  # layouts remembered at a time
MOST_CELLS, MOST_CHARACTERS = (
    1000,
    20_000,
)  # of a table that is remembered; all three tables of the form in one have about 300 cells
Given = TypeVar("Given")
# By the texts of the cells and the rows they begin in: what tables of that layout claim, None where nothing sure; Asked where it depends on the
# columns, too: then by the whole shape. And whether a table may be turned, by its shape.
_known_by_rows: dict[Hashable, Layout | type[Asked] | None] = {}
_known: dict[Hashable, Layout | None] = {}
_known_turned: dict[Hashable, bool] = {}
# Layouts that are the same whatever stands in the cells, by the signs of these.
_known_free: dict[Hashable, Layout] = {}


def recognise(grids: list[Grid]) -> Recognition:
    """Recognise the tables of the forms in a document's grids."""
    return _from_layouts(grids) or recognise_together(grids)


def _from_layouts(grids: list[Grid]) -> Recognition | None:
    """What the layouts of the grids tell; None where one of them tells nothing sure, or where two have to be read together."""
    found: dict[str, list[tuple[Grid, Share]]] = {PROACTIVE: [], APPLICATIONS: [], APPEALS: []}
    unused: list[Grid] = []
    left: list[tuple[Grid, Layout]] = []
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
        if not layout.shares:
            unused.append(grid)
        if layout.unclaimed:
            left.append((grid, layout))
    if unused and not all(found.values()) and any(map(_may_be_turned, unused)):
        return None
    recognition = _together(found)
    recognition.unclaimed += [(grid.cells[place], label) for grid, one in left for place, label in one.unclaimed]
    return recognition


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
    texts = masked_texts(grid)
    key = grid.shape.lines, grid.sure_places, texts
    known = _known_by_rows.get(key, ...)
    if known is ...:
        if sum(map(len, grid.texts)) > MOST_CHARACTERS:
            return None
        known = _remembered(_known_by_rows, key, lambda: _by_signs(grid, texts))
    if known is not Asked:
        return known  # type: ignore[return-value]
    return _remembered(_known, (grid.shape, grid.sure_places, texts), lambda: study(grid, places_of_values(grid)))


def _by_signs(grid: Grid, texts: tuple[str, ...]) -> Layout | type[Asked] | None:
    """The layout of a grid whose labels and blanks are known from another one, if only by other spellings and in other places; else of its rows."""
    values = places_of_values(grid)
    key = grid.shape.lines, grid.sure_places, signs(texts, values)
    if key in _known_free:
        return _known_free[key]
    layout = _by_rows(grid, values)
    return _remembered(_known_free, key, lambda: layout) if isinstance(layout, Layout) and layout.is_free else layout


def _by_rows(grid: Grid, values: list[int]) -> Layout | type[Asked] | None:
    try:
        return study_rows(grid, values)
    except Asked:
        return Asked


def _may_be_turned(grid: Grid) -> bool:
    return _remembered(_known_turned, (grid.shape, grid.sure_places, masked_texts(grid)), lambda: may_be_turned(grid))


def _remembered(known: dict[Hashable, Given], key: Hashable, find: Callable[[], Given]) -> Given:
    """What is known under this key; found out where nothing is."""
    if key not in known:
        given = find()
        if len(known) >= MOST_KNOWN:
            known.clear()
        known[key] = given
    return known[key]
