"""What is left of worn rules where they cross: pieces as large as a character and as thin as rules, which pass for neither by their size."""

from __future__ import annotations

import numpy as np

THIN_PIECE_INCHES = 0.0125  # the ink of two thin strokes by their length together; characters hold more
REACH_INCHES = 0.01
GOES_ON_INCHES = 0.3  # a worn rule is taken to go on so far beyond its last ink: across the row below or above


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


def at_crossings(
    pieces: np.ndarray, across: np.ndarray, down: np.ndarray, slopes: tuple[float, float], dpi: float
) -> np.ndarray:
    """The thin pieces that touch a horizontal rule and, at the same place, a vertical one or the line on which it goes on; a stroke of a character
    touches one of them at most. Rules are float (n, 3): position, start, end; `slopes` are those of the horizontal and of the vertical ones."""
    thin = pieces[as_thin_as_rules(pieces, dpi)]
    x, y = (thin[:, 0] + thin[:, 2]) / 2, (thin[:, 1] + thin[:, 3]) / 2
    on_across = touched(across, thin[:, 1], thin[:, 3], x, slopes[0], REACH_INCHES * dpi, 0)
    on_down = touched(down, thin[:, 0], thin[:, 2], y, slopes[1], REACH_INCHES * dpi, GOES_ON_INCHES * dpi)
    return np.asarray(thin[on_across & on_down])


def touched(
    rules: np.ndarray, low: np.ndarray, high: np.ndarray, along: np.ndarray, slope: float, reach: float, further: float
) -> np.ndarray:
    """Which pieces, from `low` to `high` at `along` the rules, one of the rules comes within `reach` of; it counts `further` than it is inked."""
    position = rules[:, 0][:, None] + slope * along[None, :]
    over = (low <= position + reach) & (high >= position - reach)
    over &= (rules[:, 1][:, None] - further <= along) & (along <= rules[:, 2][:, None] + further)
    return np.asarray(over.any(axis=0))
