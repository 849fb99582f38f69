"""Planted mistakes: kinds, how many of each, and where. No report carries two mistakes; a mistake that needs last year's
report leaves that one alone too.

Each kind is one function in `slips` or `lapses`; the order in which they stand there decides their random numbers, so new
ones come last.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sample import lapses, slips
from sample.panel import Panel, state_from_tables
from sample.planters import REGISTERED, Planted, Planter

__all__ = ["PLANTERS", "Planted", "Planter", "plant"]

PLANTERS: dict[str, Planter] = {
    kind: planting
    for module in (slips, lapses)
    for kind, planting in REGISTERED.items()
    if planting.act.__module__ == module.__name__
}


def plant(panel: Panel, counts: Mapping[str, int] | None = None) -> list[Planted]:
    """Plant mistakes into `panel` and return them, ordered by office and year.

    `counts` maps kinds to numbers of mistakes: kinds not named are not planted; None plants every kind at its own
    frequency. Fewer are planted where the city has no place left for more. ValueError for an unknown kind.
    """
    if counts is not None and (unknown := sorted(set(counts) - set(PLANTERS))):
        raise ValueError(f"unknown mistake {', '.join(unknown)}; known are {', '.join(PLANTERS)}")
    free = panel.present.copy()
    planted: list[Planted] = []
    for prose in (False, True):
        for number, (kind, planting) in enumerate(PLANTERS.items()):
            if planting.in_prose == prose:
                rng = np.random.default_rng([panel.seed, 49, number])
                wanted = counts.get(kind, 0) if counts is not None else _by_frequency(planting, panel, rng)
                planted += _plant_kind(panel, planting, wanted, free, rng)
        if not prose:
            state_from_tables(panel)
    return sorted(planted)


def _by_frequency(planting: Planter, panel: Panel, rng: np.random.Generator) -> int:
    return int(rng.binomial(int(panel.present.sum()), planting.frequency))


def _plant_kind(
    panel: Panel, planting: Planter, wanted: int, free: NDArray[np.bool_], rng: np.random.Generator
) -> list[Planted]:
    """Try free places in random order until `wanted` mistakes of one kind are made; the places used are no longer
    free."""
    planted: list[Planted] = []
    if wanted == 0:
        return planted
    for office, year in rng.permutation(np.argwhere(free)):
        if len(planted) == wanted:
            break
        if planting.needs_previous and (year == 0 or not free[office, year - 1]):
            continue
        if not free[office, year] or (planting.in_proactive and panel.prose_only[office]):
            continue
        done = planting.act(panel, rng, int(office), int(year))
        if done is None:
            continue
        free[office, year] = False
        if planting.needs_previous:
            free[office, year - 1] = False
        planted.append(Planted(int(office), panel.years[year], planting.kind, *done))
    return planted
