"""Planted mistakes: one function each. Its docstring says what goes wrong, `frequency` how often in a city of its
own accord.

A planter gets the panel, a random generator and the places (office, year index) that are still free, and returns
what it did, or None where the mistake cannot be made there. No report carries two mistakes; a mistake that needs
last year's report leaves that one alone too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sample import cells
from sample.panel import Panel, state_from_tables

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


PLANTERS: dict[str, Planter] = {}


def planter(
    frequency: float, needs_previous: bool = False, in_prose: bool = False, in_proactive: bool = False
) -> Callable[[Act], Act]:
    """Register a function as the planter of the mistake that bears its name; see `Planter` for the flags."""

    def register(act: Act) -> Act:
        PLANTERS[act.__name__] = Planter(act.__name__, act, frequency, needs_previous, in_prose, in_proactive)
        return act

    return register


@planter(frequency=0.008)
def row_sum(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """The 总计 of one row of section 三 is not the sum of its six applicants (A01, and A02 in the column of totals)."""
    form = str(panel.applications[office, year])
    rows = [
        row
        for row in ("received", *cells.result_rows(form))
        if _at(panel, f"applications.{row}.total", office, year) > 0
    ]
    if not rows:
        return None
    code = f"applications.{rng.choice(rows)}.total"
    return _off_by_some(panel, rng, code, office, year)


@planter(frequency=0.006)
def flow(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """一 + 二 is not 三（七） + 四 (A03): more applications received than dealt with or carried forward, rows and
    columns still close."""
    if _at(panel, "applications.received.total", office, year) == 0:
        return None
    step = int(rng.integers(1, 4))
    touched = ("applications.received.natural_person", "applications.received.total")
    for code in touched:
        panel.column(code)[office, year] += step
    return touched, f"{step} more received than dealt with or carried forward"


@planter(frequency=0.015, needs_previous=True)
def carry(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """What is carried in is not what last year's report carried forward (D01); inside the report all identities
    close."""
    carried, received = "applications.carried_in", "applications.received"
    if _at(panel, f"{received}.natural_person", office, year) < 1:
        return None
    step = int(rng.integers(1, min(4, _at(panel, f"{received}.natural_person", office, year) + 1)))
    if _at(panel, f"{carried}.natural_person", office, year) >= step and rng.random() < 0.5:
        step = -step
    for applicant in ("natural_person", cells.TOTAL):
        panel.column(f"{carried}.{applicant}")[office, year] += step
        panel.column(f"{received}.{applicant}")[office, year] -= step
    return (
        f"{carried}.natural_person",
        f"{carried}.total",
    ), f"carried in differs by {step:+d} from last year's carried forward"


@planter(frequency=0.005, needs_previous=True, in_proactive=True)
def stock(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """Documents in force do not follow from last year's, issued and repealed (D02, form 2021); later years go on
    from the wrong figure."""
    effective = panel.column("normative_documents.effective")
    if (
        effective[office, year] == 0
        or panel.proactive[office, year - 1] != 2021
        or panel.proactive[office, year] != 2021
    ):
        return None
    step = int(rng.integers(1, 6))
    if rng.random() < 0.5 and effective[office, year:].min() > step:
        step = -step
    effective[office, year:] += step
    return ("normative_documents.effective",), f"{step:+d} documents that nobody issued or repealed"


@planter(frequency=0.004)
def appeal(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """The 总计 of a channel of section 四 is not the sum of its outcomes (A04), often a 0 left standing."""
    channels = [name for name in cells.CHANNELS if _at(panel, f"appeals.{name}.total", office, year) > 0]
    if not channels:
        return None
    code = f"appeals.{rng.choice(channels)}.total"
    if rng.random() < 0.5:
        before = _at(panel, code, office, year)
        panel.column(code)[office, year] = 0
        return (code,), f"total printed as 0 instead of {before}"
    return _off_by_some(panel, rng, code, office, year)


@planter(frequency=0.02, in_prose=True)
def text(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """The prose states another number of applications received, or of reconsiderations, than the table (B01, B03,
    B06)."""
    names = {
        "applications_received": "applications.received.total",
        "reconsiderations": "appeals.reconsideration.total",
    }
    weights = {"applications_received": 0.75, "reconsiderations": 0.25}
    spoken = [name for name in names if not np.isnan(panel.stated[name][office, year])]
    if not spoken:
        return None
    chances = np.array([weights[name] for name in spoken])
    name = str(rng.choice(spoken, p=chances / chances.sum()))
    before = int(panel.stated[name][office, year])
    after = before + int(rng.integers(1, 5)) * (-1 if before > 4 and rng.random() < 0.5 else 1)
    panel.stated[name][office, year] = after
    return (names[name],), f"{name}: the prose says {after}, the table {before}"


@planter(frequency=0.006, needs_previous=True)
def copy(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """All tables are last year's, number for number (D03). Only between reports of the same forms, where last year
    shows something, and where next year's carry-over and stock of documents still follow, so that the mistake stays
    in its own report."""
    same = panel.proactive[office, year] == panel.proactive[office, year - 1]
    if not same or panel.applications[office, year] != panel.applications[office, year - 1]:
        return None
    if np.nansum(np.abs(panel.figures[office, year - 1])) == 0:
        return None
    if (panel.figures[office, year] == panel.figures[office, year - 1]).all():
        return None
    passed_on = (
        "applications.carried_forward.total",
        "applications.carried_forward.natural_person",
        "normative_documents.effective",
    )
    last = year + 1 == len(panel.years)
    if not last and any(_at(panel, code, office, year) != _at(panel, code, office, year - 1) for code in passed_on):
        return None
    panel.figures[office, year] = panel.figures[office, year - 1]
    return (), "all tables are those of the year before"


@planter(frequency=0.015, needs_previous=True)
def copy_narrative(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """Almost every sentence is last year's, with the new numbers put in (D04)."""
    taken = rng.random(panel.prose.shape[2]) < 0.99
    panel.prose[office, year] = np.where(taken, panel.prose[office, year - 1], panel.prose[office, year])
    return (), "the prose is that of the year before"


@planter(frequency=0.010, in_proactive=True)
def unit(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """Permits or penalties wrong by a power of ten: ×10, ×100, ×10 000 or ÷10, as when 万 or a zero is mistaken
    (D05)."""
    code = _series(panel, rng, office, year, least=10)
    if code is None:
        return None
    before = _at(panel, code, office, year)
    power = int(rng.choice([1, 2, 4, -1, -2], p=[0.4, 0.2, 0.1, 0.2, 0.1]))
    if power < 0 and before < 100:
        power = 1
    after = before * 10**power if power > 0 else max(1, round(before / 10**-power))
    panel.column(code)[office, year] = after
    return (code,), f"{after} instead of {before}: a factor of 10^{power}"


@planter(frequency=0.006, in_proactive=True)
def transposition(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """Two adjacent digits of permits or penalties change places (D08)."""
    code = _series(panel, rng, office, year, least=10)
    if code is None:
        return None
    digits = str(_at(panel, code, office, year))
    places = [
        at for at in range(len(digits) - 1) if digits[at] != digits[at + 1] and not (at == 0 and digits[1] == "0")
    ]
    if not places:
        return None
    at = int(rng.choice(places))
    swapped = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
    panel.column(code)[office, year] = int(swapped)
    return (code,), f"{swapped} instead of {digits}"


@planter(frequency=0.004)
def share(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """Disclosure collapses: what was granted appears as 本机关不掌握 in a report with ten results or more (E01,
    E02). All sums close."""
    decided = _at(panel, "applications.results_total.total", office, year)
    moved = sum(_at(panel, f"applications.{row}.total", office, year) for row in ("granted", "partly_granted"))
    if decided < 10 or moved < 0.3 * decided:
        return None
    touched: list[str] = []
    for applicant in (*cells.APPLICANTS, cells.TOTAL):
        taker = f"applications.unavailable.not_held.{applicant}"
        for row in ("granted", "partly_granted"):
            giver = f"applications.{row}.{applicant}"
            count = _at(panel, giver, office, year)
            if count:
                panel.column(giver)[office, year] = 0
                panel.column(taker)[office, year] += count
                touched += [giver, taker]
    return tuple(dict.fromkeys(touched)), f"{moved} granted turned into 本机关不掌握相关政府信息"


@planter(frequency=0.008, in_proactive=True)
def spike(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """Permits or penalties four to eight times their true number in one year (D06)."""
    code = _series(panel, rng, office, year, least=5)
    if code is None:
        return None
    before = _at(panel, code, office, year)
    after = round(before * float(rng.uniform(4, 8)))
    panel.column(code)[office, year] = after
    return (code,), f"{after} instead of {before}"


@planter(frequency=0.04)
def late(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """Published after 31 March, even a year and a half later (C02)."""
    day = (
        np.datetime64(f"{panel.years[year] + 1}-04-01") + int(rng.choice([0, 60, 120, 420])) + int(rng.integers(0, 60))
    )
    panel.published[office, year] = day
    return (), f"published on {day}"


@planter(frequency=0.005, in_proactive=True)
def wrong_form(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """Section 二 follows the form that was not in force for that year (C06)."""
    used = 2019 if panel.proactive[office, year] == 2021 else 2021
    panel.proactive[office, year] = used
    return (), f"section 二 follows the form of {used}"


@planter(frequency=0.008)
def missing_section(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """One of sections 四, 五, 六 is left out, table and all (C04)."""
    section = int(rng.choice([4, 5, 6], p=[0.3, 0.3, 0.4]))
    panel.dropped[office, year] = section
    touched = cells.appeal_codes() if section == 4 else ()
    return touched, f"section {section} is missing"


@planter(frequency=0.008)
def wrong_year_title(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """The title still bears last year's number, the period the figures cover is right (C03)."""
    panel.title_year[office, year] = panel.years[year] - 1
    return (), f"the title says {panel.years[year] - 1}"


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


def _at(panel: Panel, code: str, office: int, year: int) -> int:
    return int(panel.column(code)[office, year])


def _off_by_some(panel: Panel, rng: np.random.Generator, code: str, office: int, year: int) -> Done:
    before = _at(panel, code, office, year)
    step = int(rng.integers(1, 4))
    after = before - step if before > step and rng.random() < 0.5 else before + step
    panel.column(code)[office, year] = after
    return (code,), f"{after} instead of {before}"


def _series(panel: Panel, rng: np.random.Generator, office: int, year: int, least: int) -> str | None:
    """One of the series whose value here is at least `least`."""
    fitting = [code for code in SERIES if _at(panel, code, office, year) >= least]
    return str(rng.choice(fitting)) if fitting else None
