"""What tables of one layout claim, found by looking at one of them by itself, and without its columns where its rows say enough.

Pages are full of spans that are wrong by one, or by many where a row is merged over all columns. What stands in a row of the forms its labels and the
order of its cells most often tell alone. So a table is first studied with columns and spans that nobody can ask for: where nobody does, what was
found holds for every table whose rows say the same, however its columns stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple, NoReturn

from . import appeals, applications, proactive
from .claimed import Claimed, columns_of, places_of
from .codebook import APPEALS, APPLICATIONS, PROACTIVE
from .document import LOCATOR_OF, Grid, Lines, Locator, Note, Shape
from .forms import Found, left_over, unread
from .masks import any_has_year, names_row
from .numerals import REPORTED
from .rows import Row, cut_rows


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
    """What the sections have in tables of one layout, and the numbers that no cell of the form claims: the place of each and the label it stands
    beside. `is_empty` where no row says anything at all; `is_free` where it would be the same whatever number, dash or blank stood in its cells."""

    shares: dict[str, Share]
    unclaimed: tuple[tuple[int, str], ...]
    is_empty: bool
    is_free: bool


class Asked(Exception):
    """What a table says depends on the columns in which its cells stand."""


class _Untold:
    """A column or a span that nobody may ask for: it can be handed on and added to, and whoever wants to know it gets Asked. No two of them are one
    object, for Python takes an object to equal itself without asking."""

    __slots__ = ()

    def _asked(self, *_: object) -> NoReturn:
        raise Asked

    def _still_untold(self, _: object) -> _Untold:
        return _Untold()

    __add__ = __radd__ = __sub__ = __rsub__ = _still_untold
    __mul__ = __rmul__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __neg__ = _asked
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __hash__ = __bool__ = __index__ = __int__ = __float__ = _asked  # type: ignore[assignment]
    __str__ = __repr__ = __format__ = _asked


def study_rows(grid: Grid, values: Sequence[int]) -> Layout | None:
    """`study` of a grid whose columns are not told. Raises Asked where they are asked for."""
    return study(_without_columns(grid), values)


def study(grid: Grid, values: Sequence[int]) -> Layout | None:
    """Recognise the table of one grid by itself; None where anything about it depends on what stands before or after it. `values` are its
    `places_of_values`."""
    rows = cut_rows(grid)
    gathered = proactive.gather(rows)
    if not gathered.stands_alone() or any(map(_begins_with_number, rows)):
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
    if next(unread([grid], found), None) is not None:
        return None
    found.notes = [note for of_section in notes.values() for note in of_section]
    unclaimed = left_over(rows, found)
    if (found.notes or unclaimed) and any_has_year(grid.texts):
        return None  # what is told may quote the words
    place_of = LOCATOR_OF if isinstance(grid, _Bare) else places_of(grid)
    shares: dict[str, Share] = {}
    for table in found.tables:
        told = [Told(note.kind, note.message, _place_of(note, grid)) for note in notes[table.section]]
        shares[table.section] = Share(columns_of(table.claims, place_of), table.form, tuple(told))
    is_free = not found.notes and not unclaimed and all(map(_says_the_same, rows)) and _claims_all(shares, values)
    return Layout(shares, tuple([(place_of(cell), label) for cell, label in unclaimed]), not rows, is_free)


def _claims_all(shares: dict[str, Share], values: Sequence[int]) -> bool:
    """Whether every cell that may hold a number is claimed: then no blank among them decides which cells a row's values are."""
    return set(chain.from_iterable([share.claimed.places for share in shares.values()])).issuperset(values)


def _says_the_same(row: Row) -> bool:
    """Whether a row is taken for the same with numbers in it and without, by all that asks whether it holds any: the other states of its cells are asked
    for where cells are left over. Rows that nothing names are known by their own numbers and blanks (see `masks.signs`)."""
    if row.label is None or not row.values or not names_row(row.label.text):
        return True
    same = row.grid, row.index, row.cells, row.texts, row.kinds, row.label, row.values
    filled = row if row.has_numbers else Row(*same, has_numbers=True, is_data=True)
    empty = row if not row.is_data else Row(*same, has_numbers=False, is_data=False)
    if proactive.is_header(empty) or applications.is_header(empty) or appeals.is_header(empty):
        return False  # no row with a number in it is a head
    try:
        return applications.may_be_data(filled) == applications.may_be_data(empty)
    except Asked:
        return False


class _Bare(Grid):
    """A table that tells its rows and nothing of its columns. In place of its locator each cell has its index among the cells."""

    __slots__ = ()

    def locators(self, places: Iterable[int]) -> list[Locator]:
        return list(places)  # type: ignore[arg-type]


class _BareShape(Shape):
    """Where the cells of a table stand whose columns and spans are untold."""

    __slots__ = ()

    def __init__(self, lines: Lines) -> None:
        self.lines, count = lines, len(lines.rows)
        self.cols, self.col_numbers, self.row_spans, self.col_spans = (
            _untold(start * count, count) for start in range(4)
        )


_every_untold: list[Any] = []


def _untold(start: int, count: int) -> Any:
    """That many untold numbers; all tables have the same ones, but no table has one twice."""
    while len(_every_untold) < start + count:
        _every_untold.append(_Untold())
    return tuple(_every_untold[start : start + count])


def _without_columns(grid: Grid) -> Grid:
    """The same table with untold columns and spans."""
    bare = _Bare.of_texts(grid.texts, _BareShape(grid.shape.lines), grid.table, "", "", grid.caption)
    bare.sure_places = grid.sure_places
    return bare


def _place_of(note: Note, grid: Grid) -> int | None:
    return next((at for at, cell in enumerate(grid.cells) if cell.locator is note.locator), None)


def _begins_with_number(row: Row) -> bool:
    """Whether a number stands before a row's label."""
    if row.label is None or row.label is row.cells[0]:
        return False
    label = next(at for at, cell in enumerate(row.cells) if cell is row.label)
    return REPORTED in row.kinds[:label]
