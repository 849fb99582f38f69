"""How unlikely it is that a report's numbers come back by chance, in powers of ten."""

from __future__ import annotations

import numpy as np

from compare.panel import Panel

COUNTED = ["permits.decisions", "penalties.decisions", "coercion.decisions", "applications.received.total"]
SURPRISING = 2.5
COPIED = 2.0  # of `copied_surprisal`, which looks at more cells
FURTHER = [
    "normative_documents.issued",
    "normative_documents.made",
    "normative_documents.repealed",
    "other_services.decisions",
    "procurement.items",
    "procurement.amount",
]
CHANNELS = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
OUTCOMES = ("upheld", "corrected", "other", "pending")
CONTRADICTION = 3.0  # what an identical table with a carry-over or a stock that does not follow is worth
OTHER_ROWS = ("received", "carried_in", "results_total", "carried_forward")
PER_RESULT_ROW = 0.4


def surprise(x: np.ndarray) -> np.ndarray:
    """−log10 of the chance that a count x comes back, float64; 0 for 0. p = min(1, 1/(√(2π)·max(s, 0.4))), s = √(x +
    (0.3x)²): the density of a normal year around x, with a Poisson spread and 30 % between years."""
    x = np.maximum(np.nan_to_num(x), 0.0)
    spread = np.sqrt(x + (0.3 * x) ** 2)
    chance = np.minimum(1.0, 1.0 / (np.sqrt(2 * np.pi) * np.maximum(spread, 0.4)))
    return np.where(x > 0, -np.log10(chance), 0.0)


def surprisal_of(panel: Panel, rows: np.ndarray) -> np.ndarray:
    """For each report float64: the surprise of its permits, penalties, coercion and applications received, plus 0.4 for
    each non-zero result row beyond the first."""
    total = sum(surprise(panel.values[rows, panel.column(cell)]) for cell in COUNTED)
    results = [
        cell
        for cell in panel.cells
        if cell.startswith("applications.") and cell.endswith(".total") and cell.split(".")[1] not in OTHER_ROWS
    ]
    return np.asarray(total) + PER_RESULT_ROW * np.maximum(above_zero(panel, rows, results) - 1, 0)


def above_zero(panel: Panel, rows: np.ndarray, cells: list[str]) -> np.ndarray:
    """How many of the cells are above zero, per report."""
    return (np.nan_to_num(panel.values[np.ix_(rows, panel.columns(cells))]) > 0).sum(axis=1)


def copied_surprisal(panel: Panel, earlier: np.ndarray, later: np.ndarray) -> np.ndarray:
    """How unlikely it is that a report's numbers are those of last year's report by chance, float64 per pair.

    `surprisal_of` and the surprise of documents, other services, procurement, fees (in yuan) and outcomes of appeals;
    0.4 for each kind of organisation that applied and for what was carried in and on; and 3 each where the repeated
    numbers contradict themselves: 二 is not last year's 四, or documents were issued or repealed and the stock stands.
    Finds more copies than `surprisal_of` alone at the same precision (benchmarks/planted.md).
    """
    total = surprisal_of(panel, later)
    appeals = [f"appeals.{channel}.{outcome}" for channel in CHANNELS for outcome in OUTCOMES]
    for cell in [*FURTHER, *appeals]:
        total = total + surprise(panel.values[later, panel.column(cell)])
    total = total + surprise(np.minimum(panel.values[later, panel.column("fees.amount")] * 10_000, 10_000))
    organisations = [
        f"applications.received.{a}" for a in ("business", "research", "social_welfare", "legal_service", "other")
    ]
    carried = ["applications.carried_in.total", "applications.carried_forward.total"]
    total = total + PER_RESULT_ROW * above_zero(panel, later, organisations + carried)
    into, onward = (np.nan_to_num(panel.values[:, panel.column(cell)]) for cell in carried)
    issued, repealed = (
        np.nan_to_num(panel.values[later, panel.column(f"normative_documents.{c}")]) for c in ("issued", "repealed")
    )
    return total + CONTRADICTION * ((into[later] != onward[earlier]).astype(float) + (issued != repealed))
