"""D08 and E06: numbers as they are written: digits that changed places, and numbers that are all round."""

from __future__ import annotations

import numpy as np
import pandas as pd

from compare.checks.series import assessed
from compare.panel import Panel
from compare.panel import measure as measure_of
from compare.rules import all_rows, judge, outcome, rule, stack

SWAP_FROM, SWAP_TO = 2.5, 0.5  # |z| as printed, at least; |z| with two digits changed places, at most
ROUND_FROM, ROUND_COUNT = 100, 3


@rule(
    "D08",
    ("No two digits that changed places", "无相邻数字颠倒"),
    "S3",
    "|z| ≥ 2.5 as printed, ≤ 0.5 with two adjacent digits changed",
    (
        "{value:,.0f} {measure_en} (z = {z:+.1f}): with two digits changed it would be {swapped:,.0f}, "
        "what its other years lead to expect ({expected:,.0f})",
        "{measure_zh}{value:,.0f}件（z={z:+.1f}）：若相邻两位颠倒则为{swapped:,.0f}，与其他年份推算的{expected:,.0f}相符",
    ),
    kind="statistical",
    whole=True,
)
def swapped_digits(panel: Panel) -> pd.DataFrame:
    """D08: two adjacent digits changed bring an outlying count to where it is expected. A look only: most swaps are
    too small to be seen.

    False positives: any year that lies low or high by chance.
    """
    frames = []
    for measure in ("permits", "penalties", "applications_received"):
        frame = assessed(panel, measure)
        z = frame["z"].to_numpy(dtype=float)
        best = np.full(len(frame), np.nan)
        for at in np.flatnonzero(np.abs(z) >= SWAP_FROM):
            candidates = np.array(digit_swaps(int(frame["value"].iloc[at])), dtype=float)
            if len(candidates):
                best[at] = candidates[np.argmin(np.abs(np.log(candidates / float(frame["expected"].iloc[at]))))]
        with np.errstate(invalid="ignore"):
            expected, scale = (frame[name].to_numpy(dtype=float) for name in ("expected", "scale"))
            after = (np.log(best) - np.log(expected)) / scale
        failing = np.abs(after) <= SWAP_TO
        status = judge(~np.isnan(z), ~failing)
        cells = measure_of(measure).cells_2021.split()
        value, expected = frame["value"].to_numpy(), frame["expected"].to_numpy()
        result = outcome(panel, frame["place"].to_numpy(), value, expected, status, measure, cells)
        frames.append(result.assign(
            value=value, expected=expected, swapped=best, z=z, grade="look",
            measure_en=measure_of(measure).label_en, measure_zh=measure_of(measure).label_zh,
        ))  # fmt: skip
    return stack(frames)


def digit_swaps(number: int) -> list[int]:
    """The positive numbers that come of changing two adjacent digits, without those that begin with 0."""
    digits = str(number)
    swapped = {digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :] for i in range(len(digits) - 1)}
    return sorted(int(text) for text in swapped if text != digits and text[0] != "0")


@rule(
    "E06",
    ("Numbers are not all round", "数字并非均为整百"),
    "S3",
    "chance of k counts divisible by 100: Π 1/100",
    (
        "{left:.0f} of its counts of 100 and more are divisible by 100 (by chance 1 in 100 each)",
        "100以上的数量中有{left:.0f}个为整百数（偶然概率各为百分之一）",
    ),
    kind="statistical",
)
def numbers_are_counted(panel: Panel) -> pd.DataFrame:
    """E06: of the counts of 100 and more that do not follow from one another (decisions, documents, applications), three
    or more are divisible by 100.

    False positives: figures that were estimated and say so (余).
    """
    cells = [c for c in panel.cells if c.endswith(".decisions") or c.startswith("normative_documents.")]
    cells.append("applications.received.total")
    numbers = np.nan_to_num(panel.values[:, panel.columns(cells)])
    large = numbers >= ROUND_FROM
    rounded = (large & (numbers % 100 == 0)).sum(axis=1).astype(float)
    status = judge(large.sum(axis=1) >= ROUND_COUNT, rounded < ROUND_COUNT)
    frame = outcome(panel, all_rows(panel), rounded, large.sum(axis=1).astype(float), status, "round", cells)
    return frame.assign(z=2 * rounded, grade="look")
