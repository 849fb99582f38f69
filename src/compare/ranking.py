"""Ranking of rates with zeros: gamma–Poisson empirical Bayes (W. DuMouchel, The American Statistician 53, 1999), and
the false discovery rate of Benjamini and Hochberg (1995)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

FEWEST_UNITS = 30  # fewer do not tell the prior


class Prior(NamedTuple):
    """λ ~ Γ(shape, rate): the spread of the true rates around the expected counts."""

    shape: float
    rate: float


def gamma_prior(observed: np.ndarray, expected: np.ndarray) -> Prior:
    """The prior of O ~ Poisson(E·λ), λ ~ Γ(α, β), by maximum likelihood of the negative binomial of O."""
    from scipy.optimize import minimize
    from scipy.special import gammaln

    o, e = np.asarray(observed, dtype=float), np.asarray(expected, dtype=float)

    def loss(log_parameters: np.ndarray) -> float:
        a, b = np.exp(log_parameters)
        return -float((gammaln(a + o) - gammaln(a) + a * np.log(b / (b + e)) + o * np.log(e / (b + e))).sum())

    best = minimize(loss, np.zeros(2), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-10, "maxiter": 4000})
    a, b = np.exp(best.x)
    return Prior(float(a), float(b))


def posterior_mean(observed: np.ndarray, expected: np.ndarray, prior: Prior) -> np.ndarray:
    """(O + α)/(E + β), float64."""
    return (np.asarray(observed, dtype=float) + prior.shape) / (np.asarray(expected, dtype=float) + prior.rate)


def posterior_quantile(observed: np.ndarray, expected: np.ndarray, prior: Prior, share: float = 0.05) -> np.ndarray:
    """The quantile of Γ(O + α, E + β), float64: at 0.05 what ranks (EB05), at 0.95 an upper bound."""
    from scipy.special import gammaincinv

    return gammaincinv(np.asarray(observed, dtype=float) + prior.shape, share) / (np.asarray(expected) + prior.rate)


def adjusted(p: np.ndarray) -> np.ndarray:
    """Benjamini–Hochberg adjusted p-values, float64, in the order given: min over j ≥ i of p(j)·m/j, at most 1."""
    p = np.asarray(p, dtype=float)
    order = np.argsort(p)
    stepped = p[order] * len(p) / np.arange(1, len(p) + 1)
    result = np.empty(len(p))
    result[order] = np.minimum(np.minimum.accumulate(stepped[::-1])[::-1], 1.0)
    return result
