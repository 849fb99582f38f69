"""Is one year of a short series out of line, or has the series changed its level, or neither? The three are weighed
against one another exactly.

A series of n logarithms lies on segments of constant level with normal noise. A *story* says which years stand apart
(none, one or two) and whether the rest has one break of level. Levels are N(0, κσ²) around the centre, a year apart is
N(0, κ₀σ²) on its own, σ² is inverse gamma with ν₀ years' worth of everybody's scale s₀; so the probability of the
series under each story has a closed form, and the odds that a year stands apart follow from the sum over all stories.
Source: conjugate normal–inverse-gamma marginal likelihood (e.g. A. Gelman et al., Bayesian Data Analysis, ch. 3);
product partitions after D. Barry and J. A. Hartigan, The Annals of Statistics 20 (1992).

Beside the two-way robust residual (S5) and its isolation (S8) this finds more at the same precision, above all in the
last year and in series of three or four years: benchmarks/planted.md. The odds rank; they are no probability of error,
because offices do not follow the model.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

YEARS_OF_PRIOR = 8.0  # ν0
LEVELS = 16.0  # κ: a level lies within ±4 σ of the centre
APART = 40.0  # κ0: a year that stands apart may lie anywhere within ±6 σ
CHANCE_APART, CHANCE_BREAK = 0.01, 0.08  # of a year, of a series
FEWEST_YEARS = 3
LEAST_LEVEL = 2  # years on either side of a break: one year alone stands apart

Part = tuple[np.ndarray, float]  # years (bool), κ


class Series:
    """Offices × years of centred logarithms with weights; `score` gives the log probability of one story for all
    offices at once."""

    def __init__(self, y: np.ndarray, extra: np.ndarray, scale: float) -> None:
        self.known = ~np.isnan(y)
        self.weight = np.where(self.known, 1.0 / (1.0 + extra), 0.0)
        self.y = np.where(self.known, y, 0.0)
        self.count = self.known.sum(axis=1)
        self.prior = YEARS_OF_PRIOR / 2, YEARS_OF_PRIOR * scale**2 / 2

    def score(self, parts: list[Part]) -> np.ndarray:
        """log p(series | story) per office, float64, but for a constant of the series: −½ Σ log(1 + κW) −
        (a + n/2) log(b + Q/2), Q = Σ (Σwy² − W ȳ² + W ȳ²/(1 + κW)) over the parts."""
        evidence, squares = np.zeros(len(self.y)), np.zeros(len(self.y))
        for years, kappa in parts:
            w, y = self.weight[:, years], self.y[:, years]
            total = w.sum(axis=1)
            mean = (w * y).sum(axis=1) / np.maximum(total, 1e-12)
            squares += (w * y**2).sum(axis=1) - total * mean**2 * (1 - 1 / (1 + kappa * total))
            evidence -= 0.5 * np.log1p(kappa * total)
        a, b = self.prior
        return evidence - (a + self.count / 2) * np.log(b + np.maximum(squares, 0.0) / 2)

    def with_breaks(self, apart: list[int]) -> np.ndarray:
        """log of the sum over all stories in which exactly the years `apart` stand apart: no break, or one anywhere."""
        years = np.arange(self.y.shape[1])
        rest = ~np.isin(years, apart)
        alone: list[Part] = [(years == year, APART) for year in apart]
        stories = [self.score([(rest, LEVELS), *alone])]
        chance = np.log(CHANCE_BREAK / np.maximum(self.count - 1, 1))
        for start in years[1:][rest[1:]]:
            left, right = rest & (years < start), rest & (years >= start)
            possible = self.known[:, start] & (self.known[:, left].sum(axis=1) >= LEAST_LEVEL)
            possible &= self.known[:, right].sum(axis=1) >= LEAST_LEVEL
            if possible.any():
                score = self.score([(left, LEVELS), (right, LEVELS), *alone])
                stories.append(np.where(possible, score + chance, -np.inf))
        chosen = np.logaddexp.reduce(np.array(stories), axis=0)
        return np.where(self.known[:, apart].all(axis=1), chosen + len(apart) * np.log(CHANCE_APART), -np.inf)


def log_odds(y: np.ndarray, extra: np.ndarray, scale: float) -> np.ndarray:
    """Log odds that a year stands apart from its series, float64 offices × years, NaN where y is NaN or the office has
    fewer than 3 years.

    `y` are logarithms without the peers' changes, centred on each office's median, NaN where unknown; `extra` the
    variance of counting in them, in units of scale²; `scale` everybody's spread from year to year.
    """
    series = Series(y, np.where(np.isnan(extra), 0.0, extra), scale)
    count = y.shape[1]
    stories: dict[tuple[int, ...], np.ndarray] = {(): series.with_breaks([])}
    stories |= {(year,): series.with_breaks([year]) for year in range(count)}
    for pair in combinations(range(count), 2):
        stories[pair] = np.where(series.count >= 5, series.with_breaks(list(pair)), -np.inf)
    total = np.logaddexp.reduce(np.array(list(stories.values())), axis=0)
    odds = np.full(y.shape, np.nan)
    for year in range(count):
        apart = np.logaddexp.reduce(np.array([s for years, s in stories.items() if year in years]), axis=0) - total
        apart = np.minimum(apart, -1e-12)
        odds[:, year] = np.maximum(apart, -700.0) - np.log(-np.expm1(apart))
    return np.where(series.known & (series.count >= FEWEST_YEARS)[:, None], odds, np.nan)
