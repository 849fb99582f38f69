"""Merged cells are rectangles. Where places of a lattice join to another shape an edge is lost: the cheapest edges that mend it are drawn."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np

MOST_CUTS_TRIED_IN_PAIRS = 24
CLEARLY_CHEAP = 0.0


class Cut(NamedTuple):
    """A run of missing edges on one rule: `rule` is its number, `start` to `stop` the places along it."""

    vertical: bool
    rule: int
    start: int
    stop: int
    price: float


def components(has_down: np.ndarray, has_across: np.ndarray) -> np.ndarray:
    """The number of the merged cell that each lattice place belongs to, int (rows, columns)."""
    rows, columns = has_down.shape[0], has_across.shape[1]
    owner = np.arange(rows * columns).reshape(rows, columns)
    while True:
        before = owner.copy()
        for column in range(1, columns):
            open_edge = ~has_down[:, column]
            least = np.minimum(owner[:, column - 1], owner[:, column])
            owner[open_edge, column - 1] = owner[open_edge, column] = least[open_edge]
        for row in range(1, rows):
            open_edge = ~has_across[row]
            least = np.minimum(owner[row - 1], owner[row])
            owner[row - 1, open_edge] = owner[row, open_edge] = least[open_edge]
        if (owner == before).all():
            return owner


def not_rectangular(owner: np.ndarray) -> np.ndarray:
    """The numbers of the merged cells that are no rectangles, int (n,)."""
    odd = []
    for one in np.unique(owner):
        rows, columns = np.nonzero(owner == one)
        if len(rows) != (np.ptp(rows) + 1) * (np.ptp(columns) + 1):
            odd.append(int(one))
    return np.array(odd, dtype=int)


def rectangles(
    has_down: np.ndarray, has_across: np.ndarray, prices_down: np.ndarray, prices_across: np.ndarray, doubts: np.ndarray
) -> np.ndarray:
    """Draw edges until every merged cell is a rectangle; changes `has_down`, `has_across` and `doubts` in place.

    Returns the owner of each place, int (rows, columns).
    """
    owner = components(has_down, has_across)
    odd = not_rectangular(owner)
    while odd.size:
        inside = owner == odd[0]
        cuts = list(possible_cuts(inside, has_down, has_across, prices_down, prices_across))
        chosen = cheapest_mending(inside, cuts, has_down, has_across)
        clear = chosen is not None and all(cut.price <= CLEARLY_CHEAP for cut in chosen)
        for cut in cuts if chosen is None else chosen:
            draw(cut, has_down, has_across)
        if not clear:
            doubts[inside] = True
        owner = components(has_down, has_across)
        odd = not_rectangular(owner)
    return owner


def possible_cuts(
    inside: np.ndarray, has_down: np.ndarray, has_across: np.ndarray, prices_down: np.ndarray, prices_across: np.ndarray
) -> Iterator[Cut]:
    """The runs of missing edges between places of one merged cell, along each rule that enters it."""
    between = inside[:, 1:] & inside[:, :-1] & ~has_down[:, 1:-1]
    for index in range(between.shape[1]):
        for start, stop in runs(between[:, index]):
            yield Cut(True, index + 1, start, stop, float(prices_down[start:stop, index + 1].sum()))
    between = inside[1:] & inside[:-1] & ~has_across[1:-1]
    for index in range(between.shape[0]):
        for start, stop in runs(between[index]):
            yield Cut(False, index + 1, start, stop, float(prices_across[index + 1, start:stop].sum()))


def runs(flags: np.ndarray) -> list[tuple[int, int]]:
    """Start and end (exclusive) of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return [(int(start), int(stop)) for start, stop in zip(edges[::2], edges[1::2], strict=True)]


def cheapest_mending(
    inside: np.ndarray, cuts: list[Cut], has_down: np.ndarray, has_across: np.ndarray
) -> tuple[Cut, ...] | None:
    """The cheapest one or two cuts (or three) that leave only rectangles of this merged cell; None where none do."""
    for count in (1, 2, 3):
        if count > 1 and len(cuts) > MOST_CUTS_TRIED_IN_PAIRS // (count - 1):
            return None
        mending = [some for some in combinations(cuts, count) if mends(inside, some, has_down, has_across)]
        if mending:
            return min(mending, key=lambda some: sum(cut.price for cut in some))
    return None


def mends(inside: np.ndarray, cuts: tuple[Cut, ...], has_down: np.ndarray, has_across: np.ndarray) -> bool:
    """Whether these cuts leave only rectangles within one merged cell."""
    rows, columns = np.nonzero(inside)
    top, bottom, left, right = rows.min(), rows.max() + 1, columns.min(), columns.max() + 1
    down, across = has_down.copy(), has_across.copy()
    for cut in cuts:
        draw(cut, down, across)
    owner = components(down[top:bottom, left : right + 1], across[top : bottom + 1, left:right])
    odd = not_rectangular(owner)
    mine = np.unique(owner[inside[top:bottom, left:right]])
    return not np.isin(odd, mine).any()


def draw(cut: Cut, has_down: np.ndarray, has_across: np.ndarray) -> None:
    """Put the edges of a cut in place."""
    if cut.vertical:
        has_down[cut.start : cut.stop, cut.rule] = True
    else:
        has_across[cut.rule, cut.start : cut.stop] = True
