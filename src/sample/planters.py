"""What a planter is: a function that makes one kind of mistake in one report, and what planters share.

A planter gets the panel, a random generator and a place (office, year index) that is still free, and returns what it
did, or None where the mistake cannot be made there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sample.panel import Panel

SERIES = ("permits.decisions", "penalties.decisions")


class Planted(NamedTuple):
    """One planted mistake: where, what kind, in which cells, and in words what was done. `year` is the report year."""

    office: int
    year: int
    kind: str
    cells: tuple[str, ...]
    detail: str


Done = tuple[tuple[str, ...], str] | None
Act = Callable[[Panel, np.random.Generator, int, int], Done]


@dataclass(frozen=True)
class Planter:
    """A kind of mistake. `needs_previous`: only where last year's report was published and is free of mistakes;
    `in_prose`: made after the tables are settled; `in_proactive`: only where section 二 has a table."""

    kind: str
    act: Act
    frequency: float
    needs_previous: bool = False
    in_prose: bool = False
    in_proactive: bool = False


REGISTERED: dict[str, Planter] = {}


def planter(
    frequency: float, needs_previous: bool = False, in_prose: bool = False, in_proactive: bool = False
) -> Callable[[Act], Act]:
    """Register a function as the planter of the mistake that bears its name; see `Planter` for the flags."""

    def register(act: Act) -> Act:
        REGISTERED[act.__name__] = Planter(act.__name__, act, frequency, needs_previous, in_prose, in_proactive)
        return act

    return register


def at(panel: Panel, code: str, office: int, year: int) -> int:
    """The figure that a report prints, as a whole number."""
    return int(panel.column(code)[office, year])


def off_by_some(panel: Panel, rng: np.random.Generator, code: str, office: int, year: int) -> Done:
    """Print a figure one to three too high or too low."""
    before = at(panel, code, office, year)
    step = int(rng.integers(1, 4))
    after = before - step if before > step and rng.random() < 0.5 else before + step
    panel.column(code)[office, year] = after
    return (code,), f"{after} instead of {before}"


def series(panel: Panel, rng: np.random.Generator, office: int, year: int, least: int) -> str | None:
    """One of the series whose value here is at least `least`."""
    fitting = [code for code in SERIES if at(panel, code, office, year) >= least]
    return str(rng.choice(fitting)) if fitting else None
