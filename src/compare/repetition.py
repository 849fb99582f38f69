"""How often a count comes back in the next year's report of the same office, learnt from all offices of the panel.

Chance differs from count to count: a 0 beside years of ten applications hardly returns, a 0 of an office that never had
any nearly always does; a 3 returns now and then, a 2,676 never. Three rates are learnt for each count from pairs of
consecutive reports: of zeros, by how many the office's other years have; of each number below 10; and of larger ones,
by their spread from year to year. Each is drawn towards what may be said without data, so that a small panel learns
little. Copies among the pairs make repetition look more usual than it is, which errs on the safe side.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from compare.panel import STATES, Panel

SMALL = 10  # below: each number has a rate of its own; from here on a density
OTHER_YEARS = (1e-9, 1.0, 3.0, 10.0)  # mean of the other years: limits of the classes of zeros
CLASSES = len(OTHER_YEARS) + 2  # the last: no other year is known
PRIOR_ZEROS = 5.0  # pairs of zeros, all of them repeated, that each class begins with
PRIOR_SMALL = 10.0  # pairs that the density is worth for a number below SMALL
PRIOR_SPREAD, FEWEST_PAIRS, LEAST_SPREAD = 0.42, 10, 0.05  # 30 % in each of two years; pairs from which it is learnt


class Rates(NamedTuple):
    """Of one count: `zeros` (float64, CLASSES) and `small` (float64, SMALL; the first is not used) chances that it comes
    back, `spread` of the logarithm of larger ones from one year to the next."""

    zeros: np.ndarray
    small: np.ndarray
    spread: float


def surprises(panel: Panel, cell: str, earlier: np.ndarray, later: np.ndarray, unsure: np.ndarray) -> np.ndarray:
    """For pairs of consecutive reports (places) −log10 of the chance that the later one's count is the earlier one's
    again, float64; 0 where one of them is not known or `unsure` (bool per pair). A blank is as good as 0 here: what is
    asked is whether the same comes back."""
    counts = printed(panel, cell)
    before, now = (np.where(unsure, np.nan, counts[rows]) for rows in (earlier, later))
    kind = classes(panel, counts, earlier, later)
    found = chance(learn(before, now, kind), now, kind)
    return np.where(np.isnan(before + now), 0.0, -np.log10(found))


def printed(panel: Panel, cell: str) -> np.ndarray:
    """The count of each report, float64: blanks and dashes 0, NaN where the form has no such cell."""
    column = panel.column(cell)
    empty = np.isin(panel.states[:, column], [STATES.index("blank"), STATES.index("dash")])
    return np.where(empty, 0.0, panel.values[:, column])


def classes(panel: Panel, counts: np.ndarray, earlier: np.ndarray, later: np.ndarray) -> np.ndarray:
    """For each pair the class of the mean of the office's other years, int64 below CLASSES."""
    grid = panel.grid(counts)
    office = np.full(len(panel.reports), -1, dtype=np.int64)
    at, _ = np.nonzero(panel.place >= 0)
    office[panel.place[panel.place >= 0]] = at
    pair = np.stack([counts[earlier], counts[later]])
    rest = np.nansum(grid, axis=1)[office[later]] - np.nansum(pair, axis=0)
    years = (~np.isnan(grid)).sum(axis=1)[office[later]] - (~np.isnan(pair)).sum(axis=0)
    made = np.digitize(rest / np.maximum(years, 1), OTHER_YEARS)
    return np.where(years > 0, made, CLASSES - 1)


def learn(before: np.ndarray, now: np.ndarray, kind: np.ndarray) -> Rates:
    """The rates of one count from pairs of consecutive years; NaN where not known."""
    known = ~np.isnan(before + now)
    spread = spread_of(before[known], now[known])
    zeros, small = np.ones(CLASSES), np.ones(SMALL)
    for number in range(CLASSES):
        met = known & (before == 0) & (kind == number)
        zeros[number] = ((now[met] == 0).sum() + PRIOR_ZEROS) / (met.sum() + PRIOR_ZEROS)
    for number in range(1, SMALL):
        met = known & (before == number)
        expected = PRIOR_SMALL * float(density(np.array([float(number)]), spread)[0])
        small[number] = ((now[met] == number).sum() + expected) / (met.sum() + PRIOR_SMALL)
    return Rates(zeros, small, spread)


def spread_of(before: np.ndarray, now: np.ndarray) -> float:
    """Robust spread of the logarithm from one year to the next, of counts of SMALL and more."""
    large = (before >= SMALL) & (now >= SMALL)
    if large.sum() < FEWEST_PAIRS:
        return PRIOR_SPREAD
    steps = np.log(now[large] / before[large])
    return max(1.4826 * float(np.median(np.abs(steps - np.median(steps)))), LEAST_SPREAD)


def density(x: np.ndarray, spread: float) -> np.ndarray:
    """Chance that a count x > 0 returns: the density at 0 of a normal difference of two years, of variance 2x + (spread
    · x)²; never above 1."""
    scale = np.sqrt(2 * x + (spread * x) ** 2)
    return np.asarray(np.minimum(1.0, 1.0 / (np.sqrt(2 * np.pi) * np.maximum(scale, 0.4))))


def chance(rates: Rates, now: np.ndarray, kind: np.ndarray) -> np.ndarray:
    """Chance that each count comes back, float64 in (0, 1]; 1 where it is not known or negative."""
    x = np.nan_to_num(now)
    result = np.where(x > 0, density(np.maximum(x, 1e-9), rates.spread), 1.0)
    whole = (x > 0) & (x < SMALL) & (x % 1 == 0)
    result[whole] = rates.small[x[whole].astype(np.int64)]
    zero = now == 0
    result[zero] = rates.zeros[kind[zero]]
    return np.asarray(result)
