"""E01 and E02: shares of outcomes against all offices of the year, and against the office's own other years."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from compare.funnel import ALARM, funnel
from compare.indicators import combine, rule_of
from compare.panel import Panel, measure
from compare.rules import judge, outcome, rule, stack
from compare.shares import own_history

FUNNEL_SHARES = ("disclosure", "refusal", "correction")
OWN_SHARES = ("disclosure", "refusal")
OWN_ALARM, OWN_REVIEW = 3.75, 3.0902323061678132


def sides(panel: Panel, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Numerator and denominator of an indicator per report, float64."""
    made = rule_of(name)
    return combine(panel, made.numerator), combine(panel, made.denominator)


def cells_of(name: str) -> list[str]:
    """The cells of form 2021 that an indicator rests on."""
    made = rule_of(name)
    terms = [t for t in f"{made.numerator} {made.denominator}".split() if t not in "+-"]
    return list(dict.fromkeys(cell for term in terms for cell in measure(term).cells_2021.split()))


def told_of(name: str, count: np.ndarray, total: np.ndarray, expected: np.ndarray) -> dict[str, Any]:
    """What the sentences of E01 and E02 name."""
    made = rule_of(name)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = count / total
    return {
        "count": count, "total": total, "share": share * 100, "expected": expected * 100,
        "label_en": made.label_en, "label_zh": made.label_zh,
    }  # fmt: skip


@rule(
    "E01",
    ("Shares of outcomes within the funnel of all offices", "比率处于各机关漏斗范围之内"),
    "S3",
    "Spiegelhalter 2005: arcsine funnel, 99.8 %, additive overdispersion",
    (
        "{label_en} {share:.0f} % ({count:,.0f} of {total:,.0f}), all offices of the year {expected:.0f} %; z = {z:+.1f} "
        "with the spread between offices allowed for",
        "{label_zh}{share:.0f}%（{total:,.0f}件中{count:,.0f}件），同年各机关合计{expected:.0f}%；计入机关间差异后z={z:+.1f}",
    ),
    kind="statistical",
    whole=True,
)
def shares_in_funnel(panel: Panel) -> pd.DataFrame:
    """E01: disclosure, refusal and correction rate of a year lie outside the 99.8 % limits of a funnel over all offices
    of that year, adjusted for overdispersion; only where 10 or more were decided, in years with 20 such offices. A look:
    it tells offices that are different, seldom a mistake.

    False positives: case mix, as where houses are pulled down.
    """
    frames = []
    for name in FUNNEL_SHARES:
        count, total = sides(panel, name)
        for column in range(len(panel.years)):
            rows = panel.place[:, column]
            rows = rows[rows >= 0]
            made = funnel(count[rows], total[rows])
            failing = np.abs(made.z) >= ALARM
            status = judge(~np.isnan(made.z), ~failing)
            target = np.full(len(rows), made.target)
            frame = outcome(panel, rows, count[rows], total[rows] * target, status, name, cells_of(name))
            frames.append(frame.assign(z=made.z, grade="look", **told_of(name, count[rows], total[rows], target)))
    return stack(frames)


@rule(
    "E02",
    ("Shares of outcomes like the office's own other years", "比率与该机关其他年份相近"),
    "S3",
    "empirical Bayes share of the office's other years (prior worth 8 decisions)",
    (
        "{label_en} {share:.0f} % ({count:,.0f} of {total:,.0f}); its other years lead to expect {expected:.0f} %; "
        "z = {z:+.1f}",
        "{label_zh}{share:.0f}%（{total:,.0f}件中{count:,.0f}件），由其他年份推算应约{expected:.0f}%；z={z:+.1f}",
    ),
    kind="statistical",
    merge=True,
    whole=True,
)
def shares_like_own(panel: Panel) -> pd.DataFrame:
    """E02: disclosure or refusal rate of a year with 10 or more decided differs from the office's own other years,
    shrunk towards all offices: priority at |z| ≥ 3.75, review at 3.09.

    False positives: one applicant with a mass of like applications.
    """
    frames = []
    for name in OWN_SHARES:
        count, total = sides(panel, name)
        z, expected = own_history(panel.grid(count), panel.grid(total))
        office, year = np.nonzero(panel.place >= 0)
        rows = panel.place[office, year]
        z, expected = z[office, year], expected[office, year]
        status = judge(~np.isnan(z), ~(np.abs(z) >= OWN_REVIEW))
        frame = outcome(panel, rows, count[rows], total[rows] * expected, status, name, cells_of(name))
        grade = np.where(np.abs(z) >= OWN_ALARM, "priority", "review")
        frames.append(frame.assign(z=z, grade=grade, **told_of(name, count[rows], total[rows], expected)))
    return stack(frames)
