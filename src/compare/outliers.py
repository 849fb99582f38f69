"""Is one year of a short series out of line, or has the series changed its level, or neither? The three are weighed
against one another exactly.

A series of n logarithms lies on segments of constant level with normal noise. A *story* says which years stand apart
(none, one or two) and whether the rest has one break of level. Levels are N(0, κσ²) around the centre, a year apart is
N(0, κ₀σ²) on its own, σ² is inverse gamma with ν₀ years' worth of everybody's scale s₀; so the probability of the
series under each story has a closed form, and the odds that a year stands apart follow from the sum over all stories.
How often years stand apart is not assumed but learnt from all offices' series together (EM), so that where mistakes are
rare more is asked of each.
Source: conjugate normal–inverse-gamma marginal likelihood (e.g. A. Gelman et al., Bayesian Data Analysis, ch. 3);
product partitions after D. Barry and J. A. Hartigan, The Annals of Statistics 20 (1992); empirical Bayes weights after
A. P. Dempster, N. M. Laird and D. B. Rubin, JRSS B 39 (1977).

Beside the two-way robust residual (S5) and its isolation (S8) this finds more at the same precision, above all in the
last year and in series of three or four years: benchmarks/README.md, planted. The odds rank; they are no probability of
error, because offices do not follow the model.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

YEARS_OF_PRIOR = 10.0  # ν0
LEVELS = 16.0  # κ: a level lies within ±4 σ of the centre
APART = 60.0  # κ0: a year that stands apart may lie anywhere within ±8 σ
CHANCE_APART = 0.01  # of a year, before anything is known
PRIOR_APART, PRIOR_YEARS = 4.0, 404.0  # what the chance is drawn towards: as if 4 of 404 years had stood apart
CHANCE_BREAK = 0.08  # of a series
FEWEST_YEARS = 3
LEAST_LEVEL = 2  # years on either side of a break: one year alone stands apart
MOST_ROUNDS = 60

Part = tuple[np.ndarray, float]  # years (bool), κ
Story = tuple[int, ...]  # the years that stand apart


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

    def with_breaks(self, apart: Story) -> np.ndarray:
        """log of the sum over all stories in which exactly the years `apart` stand apart: no break, or one anywhere.
        −inf where one of these years is unknown."""
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
        chosen: np.ndarray = np.logaddexp.reduce(np.array(stories), axis=0)
        return np.where(self.known[:, list(apart)].all(axis=1), chosen, -np.inf)


def log_odds(y: np.ndarray, extra: np.ndarray, scale: float, chance: float | None = None) -> np.ndarray:
    """Log odds that a year stands apart from its series, float64 offices × years, NaN where y is NaN or the office has
    fewer than 3 years.

    `y` are logarithms without the peers' changes, centred on each office's median, NaN where unknown; `extra` the
    variance of counting in them, in units of scale²; `scale` everybody's spread from year to year; `chance` how often
    a year stands apart, learnt from all series where it is None.
    """
    count = y.shape[1]
    odds = np.full(y.shape, np.nan)
    usable = (~np.isnan(y)).sum(axis=1) >= FEWEST_YEARS
    if not usable.any():
        return odds
    series = Series(y[usable], np.where(np.isnan(extra[usable]), 0.0, extra[usable]), scale)
    stories: list[Story] = [(), *((year,) for year in range(count)), *combinations(range(count), 2)]
    scores = np.array([series.with_breaks(story) for story in stories])
    scores[1 + count :, series.count < 5] = -np.inf  # of fewer than five years no two can stand apart
    sizes = np.array([len(story) for story in stories], dtype=float)[:, None]
    weights = posterior(scores, sizes, series.count, chance or learnt_chance(scores, sizes, series.count))
    for year in range(count):
        apart = np.log(weights[[year in story for story in stories]].sum(axis=0).clip(1e-300))
        apart = np.minimum(apart, -1e-12)
        odds[usable, year] = np.where(series.known[:, year], apart - np.log(-np.expm1(apart)), np.nan)
    return odds


def posterior(scores: np.ndarray, sizes: np.ndarray, years: np.ndarray, chance: float) -> np.ndarray:
    """Stories × offices, float64: how probable each story is. `sizes` (stories × 1) years apart, `years` known years
    per office."""
    joint = scores + sizes * np.log(chance) + (years - sizes) * np.log1p(-chance)
    weights: np.ndarray = np.exp(joint - np.logaddexp.reduce(joint, axis=0))
    return weights


def learnt_chance(scores: np.ndarray, sizes: np.ndarray, years: np.ndarray) -> float:
    """How often years stand apart in these series: EM from CHANCE_APART, drawn towards PRIOR_APART of PRIOR_YEARS."""
    chance = CHANCE_APART
    for _ in range(MOST_ROUNDS):
        apart = float((posterior(scores, sizes, years, chance) * sizes).sum())
        before, chance = chance, (apart + PRIOR_APART) / (float(years.sum()) + PRIOR_YEARS)
        if abs(chance - before) < 1e-6:
            break
    return chance
