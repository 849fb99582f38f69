"""Funnel limits of a proportion, adjusted for overdispersion.

Source: D. J. Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in Medicine 24 (2005);
Handling over-dispersion of performance indicators, Quality and Safety in Health Care 14 (2005). The additive τ² is the
method of DerSimonian and Laird on z scores winsorised at both tenths.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

ALARM, AMBER = 3.0902323061678132, 1.959963984540054  # 99.8 % and 95 %, two-sided
FEWEST_DECIDED = 10  # below, no count of any kind leaves the limits: show the interval only
FEWEST_UNITS = 20  # for τ²


class Funnel(NamedTuple):
    """`target` the pooled share; `phi` the dispersion, `tau2` the variance between units on the arcsine scale; `z`
    float64 per unit, NaN where it has too few."""

    target: float
    phi: float
    tau2: float
    z: np.ndarray


def arcsine(share: np.ndarray | float) -> np.ndarray:
    """asin √share: a scale on which the variance of a proportion of n is 1/(4n)."""
    return np.arcsin(np.sqrt(np.asarray(share, dtype=float)))


def proportion_limits(n: np.ndarray, target: float, z: float, tau2: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper limit of the share of n around the target, float64, cut off at 0 and 1."""
    half = z * np.sqrt(1 / (4 * np.asarray(n, dtype=float)) + tau2)
    middle = arcsine(target)
    low, high = np.clip(middle - half, 0, np.pi / 2), np.clip(middle + half, 0, np.pi / 2)
    return np.sin(low) ** 2, np.sin(high) ** 2


def winsorise(z: np.ndarray, share: float = 0.1) -> np.ndarray:
    """z with its lowest and highest tenth drawn in to the quantiles, so that outliers do not widen the limits that are
    to find them."""
    low, high = np.quantile(z, [share, 1 - share])
    return np.clip(z, low, high)


def overdispersion(z: np.ndarray, s: np.ndarray) -> tuple[float, float]:
    """(φ, τ²) of z scores with standard errors s: φ = Σz²/N, τ² = max(0, (Nφ − (N−1)) / (Σw − Σw²/Σw)), w = 1/s²."""
    count = len(z)
    if count < 2:
        return 1.0, 0.0
    phi = float((z**2).sum() / count)
    w = 1 / s**2
    spread = w.sum() - (w**2).sum() / w.sum()
    return phi, max(0.0, (count * phi - (count - 1)) / spread) if spread > 0 else 0.0


def funnel(count: np.ndarray, total: np.ndarray) -> Funnel:
    """The funnel of shares count/total (float64, NaN where unknown) of the units with FEWEST_DECIDED and more.

    With fewer than FEWEST_UNITS of them no τ² can be told and every z is NaN.
    """
    usable = (total >= FEWEST_DECIDED) & (count >= 0) & (count <= total)
    z = np.full(len(total), np.nan)
    if usable.sum() < FEWEST_UNITS:
        return Funnel(np.nan, np.nan, np.nan, z)
    n, share = total[usable], count[usable] / total[usable]
    target = float(count[usable].sum() / n.sum())
    s = 1 / (2 * np.sqrt(n))
    away = arcsine(share) - arcsine(target)
    phi, tau2 = overdispersion(winsorise(away / s), s)
    z[usable] = away / np.sqrt(s**2 + tau2)
    return Funnel(target, phi, tau2, z)
