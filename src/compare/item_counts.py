"""Kinds of items counted where decisions belong: what form 2019 made some offices print."""

from __future__ import annotations

import numpy as np

from compare.panel import Panel

SERIES = ("permits", "penalties", "coercion")
SMALL = 0.5  # of the median of the office's other positive years


def item_counts(panel: Panel, measure: str) -> np.ndarray:
    """For each report, bool: the decisions of a table of form 2019 are last year's items plus the change, and few.

    `measure` is permits, penalties or coercion; any other has no such column and gives False throughout. Few: at most
    half the median of the office's other positive years; an office with fewer than two of them cannot be told, and
    the coincidence alone decides.
    """
    if measure not in SERIES:
        return np.zeros(len(panel.reports), dtype=bool)
    decisions, items, change = (
        panel.values[:, panel.column(f"{measure}.{name}")] for name in ("decisions", "previous_items", "change")
    )
    coincide = (decisions > 0) & (decisions == items + np.nan_to_num(change))
    if not coincide.any():
        return coincide
    grid = panel.grid(np.where(coincide | (decisions <= 0), np.nan, decisions))
    some = ~np.isnan(grid).all(axis=1)
    usual = np.full(len(grid), np.nan)
    usual[some] = np.nanmedian(grid[some], axis=1)
    enough = (~np.isnan(grid)).sum(axis=1) >= 2
    limit = np.full(len(panel.reports), np.inf)
    for office, year in np.argwhere(panel.place >= 0):
        limit[panel.place[office, year]] = SMALL * usual[office] if enough[office] else np.inf
    return coincide & (decisions <= limit)
