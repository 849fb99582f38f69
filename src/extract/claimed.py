"""What the tables of the forms claim of a document's grids, as columns: made from the claims of the recognisers, or known from a table laid out alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, count, groupby
from typing import NamedTuple

from .document import Cell, Grid, Note, Places
from .rows import Claim, FormTable

Texts = tuple[str, ...]


class Claimed(NamedTuple):
    """What one section's table claims of one grid: columns of equal length. `places` are indexes of the grid's cells; `units` those that the heads
    of the columns name; `doubts` say why a place is uncertain, "" where it is not."""

    codes: Texts
    places: Places
    matched_by: Texts
    units: Texts
    doubts: Texts


@dataclass(slots=True)
class SectionTable:
    """One section's table as recognised: which form it is, and what it claims grid by grid. `tables` are the grids it stands in."""

    section: str
    form: str
    parts: list[tuple[Grid, Claimed]]
    tables: list[int]


@dataclass(slots=True)
class Recognition:
    """What the forms claim in a document, the numbers left over inside recognised grids, and what must be told."""

    tables: list[SectionTable] = field(default_factory=list)
    unclaimed: list[tuple[Cell, str]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def grid_numbers(self) -> set[int]:
        """Numbers of the grids in which a table of a form stands."""
        return {number for table in self.tables for number in table.tables}


def in_columns(tables: Iterable[FormTable], grids: Iterable[Grid]) -> list[SectionTable]:
    """Tables as their recognisers found them, by what they claim of the grids in which their cells stand."""
    homes = {id(cell): grid for grid in grids for cell in grid.cells}
    return [SectionTable(one.section, one.form, list(_parts(one.claims, homes)), one.tables) for one in tables]


def _parts(claims: list[Claim], homes: dict[int, Grid]) -> Iterator[tuple[Grid, Claimed]]:
    every = chain.from_iterable(_divided(claim, homes) for claim in claims)
    for _, run in groupby(every, lambda one: id(one[0])):
        grids, of_grid = zip(*run, strict=True)
        yield grids[0], columns_of(of_grid, places_of(grids[0]))


def _divided(claim: Claim, homes: dict[int, Grid]) -> Iterator[tuple[Grid, Claim]]:
    """A claim by the grids in which its cells stand, most often one."""
    places = groupby(range(len(claim.cells)), lambda at: id(homes[id(claim.cells[at])]))
    for own in (list(run) for _, run in places):
        begin, end = own[0], own[-1] + 1
        part = claim._replace(codes=claim.codes[begin:end], cells=claim.cells[begin:end], units=claim.units[begin:end])
        yield homes[id(claim.cells[begin])], part


def places_of(grid: Grid) -> Callable[[Cell], int]:
    """What tells the index of any cell of this grid."""
    places = dict(zip(map(id, grid.cells), count()))
    return lambda cell: places[id(cell)]


def columns_of(claims: Iterable[Claim], place_of: Callable[[Cell], int]) -> Claimed:
    """What these claim of one grid, in which all their cells stand: `place_of` tells their indexes."""
    codes: list[str] = []
    cells: list[Cell] = []
    matched_by: list[str] = []
    units: list[str] = []
    doubts: list[str] = []
    for own_codes, own_cells, matched, own_units, doubt in claims:
        width = len(own_cells)
        codes += own_codes
        cells += own_cells
        matched_by += [matched] * width
        units += own_units or [""] * width
        doubts += [doubt] * width
    return Claimed(tuple(codes), tuple(map(place_of, cells)), tuple(matched_by), tuple(units), tuple(doubts))
