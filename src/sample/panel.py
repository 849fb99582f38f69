"""The numbers of the fictional city: offices × years × cells, before anybody writes them down or makes a mistake.

The law of each quantity follows what was seen in published reports (31 % of office-years without applications, a
mean near 4.3, 57 % without permits, a few offices with a hundred thousand): Γ-office × Γ-year Poisson applications,
a Dirichlet mix of outcomes per office, log-normal levels with an office's own volatility, permanent level shifts,
districts that are given powers by a reform, item counts in place of decisions in the first years. All sums of the
forms close, carry-over and document stock hold from year to year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sample import cells, places, proceedings

Figures = NDArray[np.float64]

ITEM_COUNT_SHARE = 0.06  # of the active offices in 2019 and 2020: kinds of items where decisions belong
EARLY_ZERO_SHARE = 0.10  # of the active offices in 2019 and 2020: 0 where decisions were taken
SHIFT_SHARE = 0.08  # of the offices: one permanent change of level by a factor e or 1/e
REFORM_SHARE = 2 / 15  # of the districts: powers handed to all offices in one year
ABSENT_SHARE = 0.02  # of the reports after 2020 were never published; twice that in the first two years
FORM_CHANGE = 2021  # first report year of the second form
PROSE_ONLY_SHARE = 0.015  # of the offices have no table in section 二 and tell their decisions in a sentence
SLOTS = 48  # sentences of prose that an office decides upon anew, or keeps, each year


class Event(NamedTuple):
    """Something true about the city that looks like a mistake, or is one by nature: level shift, reform, item
    count, absent report."""

    office: int
    year: int
    kind: str
    detail: str


@dataclass
class Panel:
    """Everything the city's offices print, as arrays.

    `figures[office, year, cell]` holds the value of every cell of both forms, whichever form is used (cells in the
    order of `cells.every_code()`; amounts of procurement in yuan, fees in 10,000 yuan). `proactive` and
    `applications` name the form (2019 or 2021) of sections 二 and 三. `present` is False where no report was
    published. `stated` maps a quantity to what the prose says of it, NaN where it says nothing. `prose[office,
    year, slot]` seeds the wording of each sentence. `dropped` is the section left out, 0 for none;
    `prose_only[office]` says that section 二 has no table.
    """

    offices: list[places.Office]
    years: tuple[int, ...]
    seed: int
    figures: Figures
    proactive: NDArray[np.int64]
    applications: NDArray[np.int64]
    present: NDArray[np.bool_]
    published: NDArray[np.datetime64]
    title_year: NDArray[np.int64]
    dropped: NDArray[np.int64]
    prose: NDArray[np.int64]
    prose_only: NDArray[np.bool_]
    items: Figures
    mentions: dict[str, NDArray[np.bool_]]
    stated: dict[str, Figures] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def column(self, code: str) -> Figures:
        """offices × years of one cell, as a view that may be written to."""
        return self.figures[:, :, cells.position()[code]]

    def on_form(self) -> NDArray[np.bool_]:
        """offices × years × cells: whether the cell stands on the form that this report uses."""
        every = cells.every_code()
        shown = np.zeros(self.figures.shape, dtype=bool)
        for name in cells.FORMS:
            in_proactive = np.isin(every, cells.proactive_codes(name))
            in_applications = np.isin(every, cells.application_codes(name))
            shown |= (self.proactive == int(name))[:, :, None] & in_proactive
            shown |= (self.applications == int(name))[:, :, None] & in_applications
        return shown | np.isin(every, cells.appeal_codes())

    def columns(self) -> dict[str, NDArray[np.generic]]:
        """One row per published report, as columns: office, office_zh, district_zh, year, published_on, every cell
        (NaN where not on the form) and stated.<quantity> (NaN where not mentioned)."""
        chosen = self.present
        office, year = np.nonzero(chosen)
        table: dict[str, NDArray[np.generic]] = {
            "office": office,
            "office_zh": np.array([self.offices[index].name for index in office], dtype=object),
            "district_zh": np.array([self.offices[index].district for index in office], dtype=object),
            "year": np.array(self.years)[year],
            "published_on": self.published[chosen],
            "form_proactive": self.proactive[chosen],
            "form_applications": self.applications[chosen],
        }
        printed = np.where(self.on_form(), self.figures, np.nan)[chosen]
        table.update({code: printed[:, index] for index, code in enumerate(cells.every_code())})
        table.update({f"stated.{quantity}": values[chosen] for quantity, values in self.stated.items()})
        return table


def simulate(offices: int, years: Sequence[int], seed: int) -> Panel:
    """A city of `offices` street offices that report for `years` (consecutive, ascending). ValueError for
    impossible sizes."""
    if not years or list(years) != list(range(years[0], years[-1] + 1)):
        raise ValueError("years must be consecutive and ascending")
    settled = places.settle(offices, seed)
    rng = np.random.default_rng([seed, 2019])
    shape = (offices, len(years))
    panel = Panel(
        offices=settled,
        years=tuple(years),
        seed=seed,
        figures=np.zeros((*shape, len(cells.every_code()))),
        proactive=np.tile(np.where(np.array(years) < FORM_CHANGE, 2019, 2021), (offices, 1)),
        applications=np.tile(np.where(np.array(years) < FORM_CHANGE, 2019, 2021), (offices, 1)),
        present=np.ones(shape, dtype=bool),
        published=_publication_days(years, offices, rng),
        title_year=np.tile(np.array(years), (offices, 1)),
        dropped=np.zeros(shape, dtype=np.int64),
        prose=_wording(settled, len(years), rng),
        prose_only=rng.random(offices) < PROSE_ONLY_SHARE,
        items=np.rint(np.exp(rng.normal(5.6, 0.8, (offices, 1)) + rng.normal(0, 0.3, shape))),
        mentions=_mentions(shape, rng),
    )
    for quantity in ("permits", "penalties"):
        panel.mentions[quantity][panel.prose_only] = True
    _mix_forms(panel, rng)
    _add_activity(panel, rng)
    _add_documents(panel, rng)
    _add_money(panel, rng)
    proceedings.add_applications(panel.column, shape, rng)
    proceedings.add_appeals(panel.column, np.array(years), shape, rng)
    _leave_out_years(panel, rng)
    state_from_tables(panel)
    return panel


def state_from_tables(panel: Panel) -> None:
    """Let the prose of every report say what its tables say, where it says anything. Call again after the tables
    were changed."""
    lawsuits = panel.column("appeals.litigation_direct.total") + panel.column(
        "appeals.litigation_after_reconsideration.total"
    )
    sources = {
        "items_disclosed": panel.items,
        "applications_received": panel.column("applications.received.total"),
        "applications_carried_in": panel.column("applications.carried_in.total"),
        "applications_answered": panel.column("applications.results_total.total"),
        "applications_carried_forward": panel.column("applications.carried_forward.total"),
        "reconsiderations": panel.column("appeals.reconsideration.total"),
        "lawsuits": lawsuits,
        "permits": panel.column("permits.decisions"),
        "penalties": panel.column("penalties.decisions"),
    }
    panel.stated = {name: np.where(panel.mentions[name], values, np.nan) for name, values in sources.items()}


def _mentions(shape: tuple[int, int], rng: np.random.Generator) -> dict[str, NDArray[np.bool_]]:
    """Which quantity each report's prose mentions: four reports in five speak of applications, three in five of
    appeals."""
    applications = rng.random(shape) < 0.8
    appeals = rng.random(shape) < 0.6
    ledger = applications & (rng.random(shape) < 0.45)
    return {
        "items_disclosed": rng.random(shape) < 0.9,
        "applications_received": applications,
        "applications_carried_in": ledger & (rng.random(shape) < 0.5),
        "applications_answered": ledger,
        "applications_carried_forward": ledger & (rng.random(shape) < 0.7),
        "reconsiderations": appeals,
        "lawsuits": appeals,
        "permits": rng.random(shape) < 0.15,
        "penalties": rng.random(shape) < 0.15,
    }


def _publication_days(years: Sequence[int], offices: int, rng: np.random.Generator) -> NDArray[np.datetime64]:
    """All in January of the following year, as the reference date asks; lateness is planted."""
    january = np.array([f"{year + 1}-01-04" for year in years], dtype="datetime64[D]")
    return january + rng.integers(0, 28, (offices, len(years))).astype("timedelta64[D]")


def _wording(settled: list[places.Office], years: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Seeds of the sentences. An office keeps a sentence from the year before with a chance of its own (Beta(2.2,
    4.5) in each year); of the new ones three in ten come from the district's template."""
    offices = len(settled)
    fresh = rng.integers(1, 2**31, (offices, years, SLOTS))
    district = np.unique([office.district for office in settled], return_inverse=True)[1]
    template = rng.integers(1, 2**31, (district.max() + 1, SLOTS))
    wording = np.where(rng.random(fresh.shape) < 0.3, template[district][:, None, :], fresh)
    kept = rng.random(fresh.shape) < rng.beta(2.2, 4.5, (offices, years, 1))
    for year in range(1, years):
        wording[:, year] = np.where(kept[:, year], wording[:, year - 1], wording[:, year])
    return wording


def _mix_forms(panel: Panel, rng: np.random.Generator) -> None:
    """4 % of the offices keep the single row （六） of 2019 in section 三 of their later reports."""
    keeps = rng.random(len(panel.offices)) < 0.04
    panel.applications[keeps] = 2019


def _add_activity(panel: Panel, rng: np.random.Generator) -> None:
    """Permits, penalties, coercion and other services: levels, volatility, shifts, reform, and what the first years
    make of them."""
    offices, years = len(panel.offices), len(panel.years)
    calendar = np.array(panel.years)
    size = rng.lognormal(0, 0.4, offices)
    volatility = 0.25 * rng.lognormal(0, 0.35, offices)
    district = np.unique([office.district for office in panel.offices], return_inverse=True)[1]
    shift = _level_shifts(panel, rng)
    reform = _reforms(panel, district, rng)
    laws = {
        "permits": (0.45, 1200, 1.6),
        "penalties": (0.45, 110, 1.3),
        "coercion": (0.04, 12, 1.0),
        "other_services": (0.3, 400, 1.4),
    }
    for name, (share, median, spread) in laws.items():
        active = rng.random(offices) < share
        level = np.log(median * size) + rng.normal(0, spread, offices)
        wave = rng.normal(0, 0.05, years)[None, :] + rng.normal(0, 0.05, (district.max() + 1, years))[district]
        noise = rng.normal(0, 1, (offices, years)) * volatility[:, None]
        decisions = rng.poisson(np.exp(np.minimum(level[:, None] + shift + wave + noise, 12.5)))
        powers = np.tile(active[:, None], (1, years))
        if name in ("permits", "penalties"):
            given = (reform[:, None] > 0) & (rng.random(offices) < 0.85)[:, None]
            powers = np.where(given, calendar[None, :] >= reform[:, None], powers)
        decisions = np.where(powers, decisions, 0)
        _write_activity(panel, name, decisions.astype(float), rng)


def _write_activity(panel: Panel, name: str, decisions: Figures, rng: np.random.Generator) -> None:
    """Kinds of items (form 2019) and decisions; in 2019 and 2020 some offices print the item count, others 0, in
    place of decisions."""
    shape = (len(panel.offices), len(panel.years))
    items = np.where(decisions > 0, np.rint(rng.lognormal(3.2, 0.8, (shape[0], 1))) + np.zeros(shape), 0)
    change = np.where((decisions > 0) & (rng.random(shape) < 0.25), rng.integers(-9, 20, shape), 0)
    change = np.maximum(change, 1 - items) * (items > 0)
    panel.column(f"{name}.previous_items")[:] = items
    panel.column(f"{name}.change")[:] = change
    early = (np.array(panel.years) < FORM_CHANGE)[None, :] & (decisions > 0)
    draw = rng.random(shape)
    counted = early & (draw < ITEM_COUNT_SHARE)
    zeroed = early & (draw > 1 - EARLY_ZERO_SHARE)
    panel.column(f"{name}.decisions")[:] = np.where(counted, items + change, np.where(zeroed, 0, decisions))
    for kind, where in (("item_count", counted), ("early_zero", zeroed)):
        for office, year in np.argwhere(where):
            panel.events.append(Event(int(office), panel.years[year], kind, f"{name}.decisions"))


def _level_shifts(panel: Panel, rng: np.random.Generator) -> Figures:
    """offices × years of additions to the log level: 8 % of the offices change by e or 1/e for good, once."""
    offices, years = len(panel.offices), len(panel.years)
    shift = np.zeros((offices, years))
    if years < 3:
        return shift
    for office in np.flatnonzero(rng.random(offices) < SHIFT_SHARE):
        start, step = int(rng.integers(1, years - 1)), float(rng.choice([-1.0, 1.0]))
        shift[office, start:] = step
        panel.events.append(Event(int(office), panel.years[start], "level_shift", f"log level {step:+.0f}"))
    return shift


def _reforms(panel: Panel, district: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """For each office the year in which a reform gave its district powers, 0 for none: about two districts of
    fifteen."""
    count = int(district.max()) + 1
    years = np.zeros(count, dtype=np.int64)
    later = [year for year in panel.years[1:-1] if year >= FORM_CHANGE]
    if later and count >= 3:
        for index in rng.choice(count, max(1, round(count * REFORM_SHARE)), replace=False):
            years[index] = rng.choice(later)
    for office in np.flatnonzero(years[district] > 0):
        panel.events.append(
            Event(int(office), int(years[district[office]]), "district_reform", "permits and penalties begin")
        )
    return years[district]


def _add_documents(panel: Panel, rng: np.random.Generator) -> None:
    """Normative documents of a quarter of the offices; the stock in force follows from issued and repealed
    (identity D02)."""
    offices, years = len(panel.offices), len(panel.years)
    active = rng.random(offices) < 0.25
    issued = rng.poisson(3, (offices, years)) * active[:, None]
    stock = rng.poisson(12, offices) * active
    for year in range(years):
        repealed = rng.binomial(stock.astype(np.int64), 0.08)
        stock = stock + issued[:, year] - repealed
        panel.column("normative_documents.repealed")[:, year] = repealed
        panel.column("normative_documents.effective")[:, year] = stock
        panel.column("normative_documents.total_public")[:, year] = np.maximum(stock, issued[:, year])
    for code in ("issued", "made", "newly_public"):
        panel.column(f"normative_documents.{code}")[:] = issued


def _add_money(panel: Panel, rng: np.random.Generator) -> None:
    """Fees of one office in twenty (kinds in form 2019, 10,000 yuan in form 2021) and central procurement of half
    (yuan and fen)."""
    shape = (len(panel.offices), len(panel.years))
    charges = (rng.random(shape[0]) < 0.05)[:, None] & np.ones(shape, dtype=bool)
    amount = np.exp(rng.normal(2, 1.5, (shape[0], 1)) + rng.normal(0, 0.25, shape))
    panel.column("fees.amount")[:] = np.where(charges, np.maximum(np.round(amount, 4), 0.0001), 0)
    panel.column("fees.previous_items")[:] = np.where(charges, rng.integers(1, 6, (shape[0], 1)), 0)
    panel.column("fees.change")[:] = np.where(charges & (rng.random(shape) < 0.1), 1, 0)
    buys = (rng.random(shape[0]) < 0.5)[:, None] & np.ones(shape, dtype=bool)
    purchases = 1 + rng.poisson(12, shape)
    panel.column("procurement.items")[:] = np.where(buys, purchases, 0)
    panel.column("procurement.amount")[:] = np.where(buys, np.round(purchases * rng.lognormal(11, 0.6, shape), 2), 0)


def _leave_out_years(panel: Panel, rng: np.random.Generator) -> None:
    """Reports that were never published."""
    share = np.where(np.array(panel.years) < FORM_CHANGE, 2 * ABSENT_SHARE, ABSENT_SHARE)
    absent = rng.random((len(panel.offices), len(panel.years))) < share[None, :]
    panel.present[absent] = False
    for office, year in np.argwhere(absent):
        panel.events.append(Event(int(office), panel.years[year], "absent", "no report was published"))
