"""Applications and appeals: how many come in, how they end, what waits for next year. All identities of the form
close by construction."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sample import cells

Column = Callable[[str], NDArray[np.float64]]

OFFICE_SHAPE, YEAR_SHAPE, MEAN = 0.62, 2.5, 4.3  # Γ-office × Γ-year Poisson: about 31 % zeros
NATURAL_SHARE = 0.955
CARRIED_SHARE = 0.07
MIX_CONCENTRATION = 10  # Dirichlet: how firmly an office keeps to the common mix of outcomes

# The common mix of outcomes (shares of the decided), blended from published city and district totals.
OUTCOME_MIX = {
    "granted": 0.45,
    "partly_granted": 0.145,
    "refused.state_secret": 0.001,
    "refused.other_law": 0.004,
    "refused.three_security_one_stability": 0.001,
    "refused.third_party_rights": 0.008,
    "refused.internal_affairs": 0.010,
    "refused.process_information": 0.017,
    "refused.enforcement_files": 0.008,
    "refused.administrative_inquiry": 0.009,
    "unavailable.not_held": 0.200,
    "unavailable.needs_creation": 0.030,
    "unavailable.unclear_after_correction": 0.026,
    "not_processed.petition_complaint": 0.015,
    "not_processed.repeated": 0.008,
    "not_processed.public_publication": 0.001,
    "not_processed.excessive_requests": 0.002,
    "not_processed.confirm_or_reissue": 0.003,
    "other_handling.no_correction_overdue": 0.025,
    "other_handling.fee_unpaid_overdue": 0.002,
    "other_handling.other": 0.035,
}
LEGAL_MIX = (0.55, 0.07, 0.08, 0.09, 0.21)  # the five kinds of organisations among those that are no natural persons


def add_applications(column: Column, shape: tuple[int, int], rng: np.random.Generator) -> None:
    """Fill section 三 of both forms for offices × years, year after year, so that what is carried forward is
    carried in."""
    offices, years = shape
    rate = rng.gamma(OFFICE_SHAPE, MEAN / OFFICE_SHAPE, (offices, 1)) * rng.gamma(YEAR_SHAPE, 1 / YEAR_SHAPE, shape)
    shares = np.array([NATURAL_SHARE, *((1 - NATURAL_SHARE) * np.array(LEGAL_MIX))])
    base = np.array(list(OUTCOME_MIX.values()))
    mix = rng.dirichlet(MIX_CONCENTRATION * base / base.sum(), offices)
    carried = rng.binomial(rng.poisson(rate[:, :1] * shares), CARRIED_SHARE)
    for year in range(years):
        received = rng.poisson(rate[:, year : year + 1] * shares)
        forward = rng.binomial(received + carried, CARRIED_SHARE)
        results = rng.multinomial(received + carried - forward, mix[:, None, :])
        write_row(column, "received", year, received)
        write_row(column, "carried_in", year, carried)
        for index, row in enumerate(OUTCOME_MIX):
            write_row(column, row, year, results[:, :, index])
        undivided = results[:, :, [list(OUTCOME_MIX).index(f"other_handling.{part}") for part in cells.DIVIDED]].sum(
            axis=2
        )
        write_row(column, cells.UNDIVIDED, year, undivided)
        write_row(column, "results_total", year, results.sum(axis=2))
        write_row(column, "carried_forward", year, forward)
        carried = forward


def write_row(column: Column, row: str, year: int, counts: NDArray[np.int64]) -> None:
    """Write offices × 6 applicants of one row and year, and their total."""
    for index, applicant in enumerate(cells.APPLICANTS):
        column(f"applications.{row}.{applicant}")[:, year] = counts[:, index]
    column(f"applications.{row}.total")[:, year] = counts.sum(axis=1)


def add_appeals(column: Column, years: NDArray[np.int64], shape: tuple[int, int], rng: np.random.Generator) -> None:
    """Fill section 四. From 2024 the Reconsideration Law sends refusals to reconsideration first, so direct suits
    grow rare."""
    decided = column("applications.results_total.total")
    first = years >= 2024
    rates = {
        "reconsideration": np.where(first, 0.11, 0.07),
        "litigation_direct": np.where(first, 0.006, 0.03),
        "litigation_after_reconsideration": np.where(first, 0.025, 0.015),
    }
    temper = rng.gamma(0.8, 1 / 0.8, (shape[0], 1))
    for channel, rate in rates.items():
        outcomes = rng.multinomial(rng.poisson(decided * rate[None, :] * temper), [0.55, 0.15, 0.18, 0.12])
        for index, outcome in enumerate(cells.OUTCOMES):
            column(f"appeals.{channel}.{outcome}")[:] = outcomes[:, :, index]
        column(f"appeals.{channel}.total")[:] = outcomes.sum(axis=2)
