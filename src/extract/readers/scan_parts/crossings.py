"""What is left of worn rules where they cross: pieces as large as a character and as thin as rules, which pass for neither by their size."""

from __future__ import annotations

import numpy as np

THIN_PIECE_INCHES = 0.0125  # the ink of two thin strokes by their length together; characters hold more
REACH_INCHES = 0.01


def as_thin_as_rules(pieces: np.ndarray, dpi: float) -> np.ndarray:
    """Which pieces (int (n, 5): left, top, right, bottom, area) hold no more ink than two rules along their sides would (bool)."""
    length = pieces[:, 2] - pieces[:, 0] + pieces[:, 3] - pieces[:, 1]
    return np.asarray(pieces[:, 4] <= THIN_PIECE_INCHES * dpi * length)


def over_corners(
    pieces: np.ndarray, row: np.ndarray, column: np.ndarray, crossings: np.ndarray, dpi: float
) -> np.ndarray:
    """Which thin pieces lie over a corner of their place (`row`, `column`) in a lattice of crossings, float (rows + 1, columns + 1, 2) (bool)."""
    over = np.zeros(len(pieces), bool)
    for below in (0, 1):
        for right in (0, 1):
            x, y = crossings[row + below, column + right].T
            over |= (pieces[:, 0] <= x) & (x <= pieces[:, 2]) & (pieces[:, 1] <= y) & (y <= pieces[:, 3])
    return over & as_thin_as_rules(pieces, dpi)


def touching(pieces: np.ndarray, rules: np.ndarray, slope: float, dpi: float) -> np.ndarray:
    """The thin pieces that stand on, hang from or cross one of the horizontal rules, float (n, 3): position, start, end."""
    thin = pieces[as_thin_as_rules(pieces, dpi)]
    x = (thin[:, 0] + thin[:, 2]) / 2
    y = rules[:, 0][:, None] + slope * x[None, :]
    reach = REACH_INCHES * dpi
    over = (thin[:, 1] <= y + reach) & (thin[:, 3] >= y - reach)
    over &= (rules[:, 1][:, None] <= x) & (x <= rules[:, 2][:, None])
    return np.asarray(thin[over.any(axis=0)])
