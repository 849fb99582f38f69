"""The city as a whole: its numbers with planted mistakes, its reports one after the other, each with its kind and
hand."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sample import cells, hands, kinds, panel, plants
from sample.hands import Hand
from sample.panel import Figures, Panel
from sample.report import Report

DOCUMENTS_TO_A_SCAN = 80


@dataclass
class City:
    """`panel` holds what is printed, `true_figures` (same shape as panel.figures) what stood there before mistakes
    were planted."""

    panel: Panel
    true_figures: Figures
    planted: list[plants.Planted]


def city(offices: int, years: Sequence[int], seed: int, counts: Mapping[str, int] | None = None) -> City:
    """The numbers of a city, without any document. `counts` as in `plants.plant`: None plants each mistake at its
    own frequency, an empty mapping none. ValueError for impossible sizes and unknown mistakes."""
    simulated = panel.simulate(offices, years, seed)
    truth = simulated.figures.copy()
    return City(simulated, truth, plants.plant(simulated, counts))


def reports(made: City) -> Iterator[tuple[Report, Hand]]:
    """Every published report with its office's hand, office by office and year by year."""
    simulated = made.panel
    touched = _touched(made.planted)
    for number, office in enumerate(simulated.offices):
        hand = hands.draw(simulated.seed, office.number)
        for at, year in enumerate(simulated.years):
            if simulated.present[number, at]:
                yield _report(made, number, at, touched.get((number, year), frozenset())), hand


def kind_of(seed: int, office: int, year: int, names: Sequence[str]) -> str:
    """The kind an office publishes in: its usual one, in one year of six another. Kinds are drawn by their weight."""
    weights = [kinds.by_name()[name].weight for name in names]
    rng = random.Random(f"kind-{seed}-{office}")
    usual = rng.choices(names, weights)[0]
    other = random.Random(f"kind-{seed}-{office}-{year}")
    return other.choices(names, weights)[0] if other.random() < 1 / 6 else usual


def scanned(made: City, names: Sequence[str]) -> dict[tuple[int, int], str]:
    """(office, year) → kind of the few documents that are of these kinds, each of another office: one for every `DOCUMENTS_TO_A_SCAN`."""
    numbers, years = np.nonzero(made.panel.present)
    rng = random.Random(f"scanned-{made.panel.seed}")
    places: dict[int, int] = {}
    for at in rng.sample(range(len(numbers)), len(numbers)):
        places.setdefault(made.panel.offices[numbers[at]].number, made.panel.years[years[at]])
    few = list(places.items())[: len(numbers) // DOCUMENTS_TO_A_SCAN]
    return dict(zip(few, names, strict=False))


def _touched(planted: list[plants.Planted]) -> dict[tuple[int, int], frozenset[str]]:
    return {(mistake.office, mistake.year): frozenset(mistake.cells) for mistake in planted}


def _report(made: City, number: int, at: int, touched: frozenset[str]) -> Report:
    simulated = made.panel
    proactive, applications = str(simulated.proactive[number, at]), str(simulated.applications[number, at])
    codes = cells.codes(proactive, applications)
    index = [cells.position()[code] for code in codes]
    received = simulated.column("applications.received.total")
    stated = {name: float(values[number, at]) for name, values in simulated.stated.items()}
    published: datetime.date = simulated.published[number, at].item()
    return Report(
        office=simulated.offices[number],
        year=simulated.years[at],
        seed=simulated.seed,
        proactive=proactive,
        applications=applications,
        published_on=published,
        title_year=int(simulated.title_year[number, at]),
        figures=dict(zip(codes, simulated.figures[number, at, index].tolist(), strict=True)),
        truth=dict(zip(codes, made.true_figures[number, at, index].tolist(), strict=True)),
        stated={name: value for name, value in stated.items() if not np.isnan(value)},
        prose=tuple(simulated.prose[number, at].tolist()),
        touched=touched,
        dropped=int(simulated.dropped[number, at]),
        prose_only=bool(simulated.prose_only[number]),
        last_received=float(received[number, at - 1]) if at and simulated.present[number, at - 1] else None,
    )
