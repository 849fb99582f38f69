"""How unlikely it is that a report's numbers come back by chance, in powers of ten.

Of each count it is asked how probable the same count would be again, of the way in which a total falls into parts how
probable the same division would be (`division`). Within one office the chance of a count is learnt from what other
offices' counts do from year to year (`compare.repetition`); between offices it is that of a usual year (`surprise`),
where zeros, which many reports have alike, are no surprise.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from compare.panel import Panel
from compare.repetition import surprises

COUNTED = ["permits.decisions", "penalties.decisions", "coercion.decisions", "applications.received.total"]
FURTHER = [
    "normative_documents.issued",
    "normative_documents.made",
    "normative_documents.repealed",
    "other_services.decisions",
    "procurement.items",
    "procurement.amount",
    "applications.carried_in.total",
    "applications.carried_forward.total",
]
CHANNELS = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
EVERY_COUNT = [*COUNTED, *FURTHER, *(f"appeals.{channel}.total" for channel in CHANNELS)]
OUTCOMES = ("upheld", "corrected", "other", "pending")
APPLICANTS = ("natural_person", "business", "research", "social_welfare", "legal_service", "other")
OTHER_ROWS = ("received", "carried_in", "results_total", "carried_forward")
PER_RESULT_ROW = 0.4
CONTRADICTION = 3.0  # what an identical table is worth that contradicts itself as this year's
FIRMNESS = 10.0  # decisions that the division of all reports is worth beside the office's own
ALONE = 0.5  # taken off where one count alone came back: offices that decide the same number two years running are more than the law of chance says
AT_ONCE = 2_000  # reports worked on together, so that memory stays flat
BY_CHANCE = 0.05  # of the identical pairs that are told, at most, may be expected by chance
LEAST, MOST = 1.0, 2.5  # limits of what is asked of a pair, whatever chance may expect


def surprise(x: np.ndarray) -> np.ndarray:
    """−log10 of the chance that a count x comes back, float64; 0 for 0. p = min(1, 1/(√(2π)·max(s, 0.4))), s = √(x +
    (0.3x)²): the density of a normal year around x, with a Poisson spread and 30 % between years."""
    x = np.maximum(np.nan_to_num(x), 0.0)
    spread = np.sqrt(x + (0.3 * x) ** 2)
    chance = np.minimum(1.0, 1.0 / (np.sqrt(2 * np.pi) * np.maximum(spread, 0.4)))
    return np.where(x > 0, -np.log10(chance), 0.0)


def division(parts: np.ndarray, shares: np.ndarray, known: bool) -> np.ndarray:
    """−log10 of the chance that a total falls into exactly these parts (reports × kinds, float64): Dirichlet–multinomial
    around `shares`, the division of all reports together, worth FIRMNESS decisions. `known`: the office divided its
    total like this the year before, which makes it more probable."""
    from scipy.special import gammaln

    x = np.maximum(np.nan_to_num(parts), 0.0)
    alpha = FIRMNESS * shares + (x if known else 0.0)
    n, a = x.sum(axis=1), alpha.sum(axis=-1)
    log_p = gammaln(n + 1) - gammaln(x + 1).sum(axis=1) + gammaln(a) - gammaln(n + a)
    log_p = log_p + (gammaln(x + alpha) - gammaln(alpha)).sum(axis=1)
    return np.asarray(-log_p / np.log(10))


def result_cells(panel: Panel) -> list[str]:
    """The totals of the result rows, of both forms."""
    return [
        cell
        for cell in panel.cells
        if cell.startswith("applications.") and cell.endswith(".total") and cell.split(".")[1] not in OTHER_ROWS
    ]


def divisions(panel: Panel) -> list[tuple[np.ndarray, np.ndarray]]:
    """Totals that fall into parts: (columns of the parts, their shares over all reports). Worked out once per panel."""
    made: list[tuple[np.ndarray, np.ndarray]] = panel.kept("divisions", divide)
    return made


def divide(panel: Panel) -> list[tuple[np.ndarray, np.ndarray]]:
    """See `divisions`."""
    groups = [result_cells(panel), [f"applications.received.{applicant}" for applicant in APPLICANTS]]
    groups += [[f"appeals.{channel}.{outcome}" for outcome in OUTCOMES] for channel in CHANNELS]
    made = []
    for cells in groups:
        columns = panel.columns(cells)
        sums = np.array([np.maximum(np.nan_to_num(panel.values[:, column]), 0).sum() for column in columns])
        made.append((columns, (sums + 0.5) / (sums.sum() + 0.5 * len(cells))))
    return made


def surprisal_of(panel: Panel, rows: np.ndarray) -> np.ndarray:
    """For each report float64: the surprise of its permits, penalties, coercion and applications received, plus 0.4 for
    each non-zero result row beyond the first."""
    total = sum(surprise(panel.values[rows, panel.column(cell)]) for cell in COUNTED)
    results = (np.nan_to_num(panel.values[np.ix_(rows, panel.columns(result_cells(panel)))]) > 0).sum(axis=1)
    return np.asarray(total) + PER_RESULT_ROW * np.maximum(results - 1, 0)


def whole_surprisal(panel: Panel, values: np.ndarray, known: bool) -> np.ndarray:
    """How unlikely it is that all these numbers (reports × panel.cells, NaN where not compared) are those of another
    office, float64: counts by `surprise`, divisions by `division`. `known` as there."""
    counts = sum(surprise(values[:, panel.column(cell)]) for cell in EVERY_COUNT)
    return np.asarray(counts) + surprisal_of_divisions(panel, values, known)


def surprisal_of_divisions(panel: Panel, values: np.ndarray, known: bool) -> np.ndarray:
    """The part of `whole_surprisal` that is not in EVERY_COUNT: fees, and how totals fall into parts."""
    total = surprise(np.minimum(values[:, panel.column("fees.amount")] * 10_000, 10_000))
    for columns, shares in divisions(panel):
        total = total + division(values[:, columns], shares, known)
    return np.asarray(total)


def contradictions(panel: Panel, values: np.ndarray, before: np.ndarray) -> np.ndarray:
    """How often numbers repeated from last year contradict themselves, float64 per report: 二 is not last year's 四;
    documents were issued or repealed and the stock stands; kinds of items changed and their number stands."""
    carried = [panel.column(f"applications.{row}.total") for row in ("carried_in", "carried_forward")]
    issued, repealed = (np.nan_to_num(values[:, panel.column(f"normative_documents.{c}")]) for c in ("issued", "repealed"))  # fmt: skip
    found = (np.nan_to_num(values[:, carried[0]]) != np.nan_to_num(before[:, carried[1]])).astype(float)
    found += issued != repealed
    for name in ("permits", "penalties", "coercion", "other_services"):
        found += np.nan_to_num(values[:, panel.column(f"{name}.change")]) != 0
    return found


class Copies(NamedTuple):
    """Pairs of consecutive reports of one office: `surprisal` float64 (NaN where forms differ or nothing can be
    compared), `equal` bool, `numbers` how many numbers were compared; `least` is the surprisal from which an identical
    pair is told, `chance` how many such pairs chance alone would be expected to make, `found` how many there are."""

    surprisal: np.ndarray
    equal: np.ndarray
    numbers: np.ndarray
    least: float
    chance: float
    found: int


def copies(panel: Panel, earlier: np.ndarray, later: np.ndarray, same_form: np.ndarray) -> Copies:
    """Compare reports with those of the year before, number for number; cells of doubtful reading in either are left out.
    `earlier` and `later` are places of reports, `same_form` bool per pair."""
    surprisal, equal = np.full(len(later), np.nan), np.zeros(len(later), dtype=bool)
    numbers, counts = np.zeros(len(later)), surprisal_of_counts(panel, earlier, later, same_form)
    for part in np.array_split(np.flatnonzero(same_form), max(1, -(-int(same_form.sum()) // AT_ONCE))):
        before, now = panel.numbers(earlier[part]), panel.numbers(later[part])
        unsure = panel.doubtful(earlier[part]) | panel.doubtful(later[part])
        equal[part] = ((before == now) | (np.isnan(before) & np.isnan(now)) | unsure).all(axis=1)
        compared = np.where(unsure, np.nan, now)
        numbers[part] = (~np.isnan(compared)).sum(axis=1)
        total = counts[part] + surprisal_of_divisions(panel, compared, known=True)
        total = total + CONTRADICTION * contradictions(panel, compared, np.where(unsure, np.nan, before))
        total = total - ALONE * (several(panel, compared) < 2)
        surprisal[part] = np.where(numbers[part] > 0, total, np.nan)
    return Copies(surprisal, equal, numbers, *least_surprisal(surprisal, equal))


def several(panel: Panel, values: np.ndarray) -> np.ndarray:
    """How many of EVERY_COUNT are not zero, int64 per report."""
    return np.asarray((np.nan_to_num(values[:, panel.columns(EVERY_COUNT)]) > 0).sum(axis=1))


def surprisal_of_counts(panel: Panel, earlier: np.ndarray, later: np.ndarray, same_form: np.ndarray) -> np.ndarray:
    """Of each pair the surprise of all EVERY_COUNT together, float64, learnt from the pairs of the same form; arguments
    as of `copies`. Zeros together add no more than the other numbers do: an office that reports nothing reports nothing
    anywhere, so that its zeros are one surprise and not many."""
    zeros, others = np.zeros(len(later)), np.zeros(len(later))
    before, now = earlier[same_form], later[same_form]
    for cell in EVERY_COUNT:
        column = panel.column(cell)
        doubtful = panel.doubtful_in(column)
        made = surprises(panel, cell, before, now, doubtful[before] | doubtful[now])
        empty = ~(panel.values[now, column] > 0)
        zeros[same_form] += np.where(empty, made, 0.0)
        others[same_form] += np.where(empty, 0.0, made)
    return others + np.minimum(zeros, others)


def least_surprisal(surprisal: np.ndarray, equal: np.ndarray) -> tuple[float, float, int]:
    """(the surprisal from which identical pairs are told, how many chance alone would make from there on, how many there
    are). As low as it may be while of the identical pairs at most BY_CHANCE are to be expected by chance, Σ 10^−s over
    all pairs; never below LEAST nor above MOST."""
    known = np.sort(surprisal[~np.isnan(surprisal)])[::-1]
    chance = np.cumsum(10.0**-known)
    found = np.sort(surprisal[equal & ~np.isnan(surprisal)])[::-1]
    least = MOST
    for number, s in enumerate(found, 1):
        if s < LEAST:
            break
        expected = chance[np.searchsorted(-known, -s, side="right") - 1]
        if expected <= BY_CHANCE * number:
            least = min(least, float(s))
    told = found[found >= least]
    at = np.searchsorted(-known, -least, side="right") - 1
    return least, float(chance[at]) if at >= 0 else 0.0, len(told)
