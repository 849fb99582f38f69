"""Where the cells of whole tables come to stand: worked out once for all tables that are laid out alike."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from extract.document import Grid, Shape
from extract.readers.office_parts.placing import METHOD, Place, Placing

Numbers = tuple[int, ...]


class Placement(NamedTuple):
    """Where the cells of a table come to stand: which of them are printed and which are hidden by merges, by their indexes; the shape of the printed
    ones."""

    printed: Numbers
    hidden: Numbers
    shape: Shape


@lru_cache(maxsize=256)  # tables of one form are laid out alike
def placement_of(places: tuple[Place, ...], starts: Numbers, widths: tuple[str, ...]) -> Placement | None:
    """The placement of a table by its cells' places; None where it is too large to be read whole."""
    placing = placed(list(map(str, range(len(places)))), places, starts, Placing("", 0))
    if any(note.kind == "too_large" for note in placing.notes):
        return None
    grid = placing.grid(widths)
    printed = tuple(map(int, grid.texts))
    hidden = tuple(sorted({*range(len(places))} - {*printed}))
    return Placement(printed, hidden, grid.shape)


def grid_of(texts: list[str], placement: Placement, document_id: str, table: int) -> Grid:
    """The table of these cells, of which the placement hides none that says something."""
    return Grid.of_texts([texts[at] for at in placement.printed], placement.shape, table, document_id, METHOD)


def placed(texts: list[str], places: Sequence[Place], starts: Sequence[int], placing: Placing) -> Placing:
    """Put the cells of whole rows in their places; `starts` tells which of them begin one."""
    for start, end in pairwise((*starts, len(texts))):
        if not placing.begin_row():
            break
        placing.take_row(texts[start:end], places[start:end])
    return placing
