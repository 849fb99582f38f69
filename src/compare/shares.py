"""A share against the same office's other years, shrunk towards the share of all (empirical Bayes)."""

from __future__ import annotations

import numpy as np

from compare.funnel import FEWEST_DECIDED, arcsine

PRIOR = 8.0  # decided applications that the share of all is worth beside the office's own
OWN_VARIANCE = 0.01  # between the years of one office, on the arcsine scale


def own_history(count: np.ndarray, total: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(z, expected share), float64 offices × years, of count/total against the office's other years; NaN where the year
    has fewer than FEWEST_DECIDED or the office no other year.

    p = (r_others + 8 p̄)/(n_others + 8); z = (asin√(r/n) − asin√p) / √(1/(4n) + 1/(4(n_others + 8)) + 0.01).
    """
    known = (total > 0) & (count >= 0) & (count <= total)
    r, n = np.where(known, count, 0.0), np.where(known, total, 0.0)
    pooled = r.sum() / n.sum() if n.sum() else np.nan
    r_others, n_others = r.sum(axis=1, keepdims=True) - r, n.sum(axis=1, keepdims=True) - n
    expected = (r_others + PRIOR * pooled) / (n_others + PRIOR)
    usable = known & (n >= FEWEST_DECIDED) & (n_others > 0)
    share = np.where(usable, r / np.where(usable, n, 1.0), np.nan)
    error = np.sqrt(1 / (4 * np.where(usable, n, 1.0)) + 1 / (4 * (n_others + PRIOR)) + OWN_VARIANCE)
    return (arcsine(share) - arcsine(expected)) / error, np.where(usable, expected, np.nan)
