"""Would one digit read otherwise settle a finding? Asked first of reports that were read from pictures, where two networks
see the same smudge: what contradicts there, or stands apart, may be the reading, and the page must be looked at first.

Elsewhere digits are letters in a file, which two ways of reading take alike; so there the question is stricter, and counts
only where the run itself shows that numbers are misread (`deceived`)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from compare.panel import PROOFS, UNKNOWN, Panel
from compare.rules import facts_of

PICTURES = ("scan",)  # kinds of documents that are read from pictures
SUMS = ("A01", "A02", "A03", "A04", "D01", "D02")  # checks whose two sides are sums of their facts
TEXTS = ("B07",)  # checks of a number that no sum proves, against one that the text states
SERIES = ("D05", "D06")  # checks of such a number against the office's other years
TABLE_SUMS = ("A01", "A02", "A03", "A04")  # checks of sums within one table
AMID = 1 / 3  # of the normal range, on a logarithmic scale, that lies on either side of its middle third
# Digits whose printed shapes share most strokes; each pair is looked up both ways.
ALIKE = {frozenset(pair) for pair in ("06", "08", "09", "14", "17", "27", "35", "38", "39", "49", "56", "58", "68", "69", "89")}  # fmt: skip


def one_digit_settles(panel: Panel, finding: Mapping[Any, Any]) -> bool:
    """Whether the finding would not be made if one digit of one of the report's numbers were a digit that looks like it, or
    one digit more or less: a sum would close; the table would say what the text says; a year would lie within the office's
    own normal range."""
    check = finding["check"]
    if check in SUMS:
        return sum_may_close(panel, finding)
    if check in TEXTS:
        return may_be_misread(finding["right"], finding["left"])
    return check in SERIES and year_may_be_usual(panel, finding)


def one_number_settles(panel: Panel, finding: Mapping[Any, Any], broken: Iterable[Mapping[Any, Any]]) -> bool:
    """Whether one digit of one number settles all that is wrong: every sum of the table that does not add up (`broken`:
    all failures of TABLE_SUMS in the report) would close; the table would say what the text says; a year would lie in the
    middle of the office's own normal range."""
    check = finding["check"]
    if check in TABLE_SUMS:
        return sums_may_close(panel, finding, broken)
    if check in TEXTS:
        return may_be_misread(finding["right"], finding["left"])
    return check in SERIES and year_may_be_amid(panel, finding)


def pictures(panel: Panel) -> np.ndarray:
    """Which reports were read from pictures, bool."""
    return np.isin(kinds_of(panel), PICTURES)


def kinds_of(panel: Panel) -> np.ndarray:
    """The kind of each report's document (str), UNKNOWN where none is told."""
    kinds = panel.reports.get("kind", pd.Series("", index=panel.reports.index))
    return kinds.astype(object).fillna("").replace("", UNKNOWN).to_numpy(dtype=str)


def sum_may_close(panel: Panel, finding: Mapping[Any, Any]) -> bool:
    """Whether another reading of one of the report's own numbers is off by just as much as the sum."""
    by = abs(finding["left"] - finding["right"])
    for place in facts_of(panel, {**finding, "other_row": -1}):
        value = panel.values[place]
        if value == value and any(may_be_misread(value, value + step) for step in (-by, by)):
            return True
    return False


def sums_may_close(panel: Panel, finding: Mapping[Any, Any], broken: Iterable[Mapping[Any, Any]]) -> bool:
    """Whether all broken sums of the finding's table share a number, of which another reading closes each of them."""
    sides, row = panel.kept("sums", sides_of_sums), finding["row"]
    sums = [one for one in broken if (one["check"] == "A04") == (finding["check"] == "A04")]
    for cell in set.intersection(*(set(one["cells"].split()) for one in sums)) if sums else ():
        value = panel.values[row, panel.column(cell)]
        steps = {(one["right"] - one["left"]) * (1 if cell in sides[one["cells"]] else -1) for one in sums}
        proved = PROOFS[panel.proofs[row, panel.column(cell)]] == "verified"  # by a sum that it would break
        if not proved and value == value and len(steps) == 1 and may_be_misread(value, value + steps.pop()):
            return True
    return False


def sides_of_sums(panel: Panel) -> dict[str, frozenset[str]]:
    """The cells of a sum, as failures name them, → those that are added up: the others are its total."""
    return {f"{line.left} {line.right}": frozenset(str(line.left).split()) for line in panel.identities.itertuples()}


def year_may_be_amid(panel: Panel, finding: Mapping[Any, Any]) -> bool:
    """Whether another reading of the year's number, one digit that looks alike or was seen twice, lies in the middle third
    of the office's own normal range."""
    doubted = year_in_doubt(panel, finding)
    if doubted is None:
        return False
    printed, *ends = doubted
    low, high = (math.log1p(max(end, 0)) for end in ends)
    third = (high - low) * AMID
    return any(low + third <= math.log1p(read) <= high - third for read in other_readings(printed, lost=False))


def year_may_be_usual(panel: Panel, finding: Mapping[Any, Any]) -> bool:
    """Whether another reading of the year's number lies within the office's own normal range."""
    doubted = year_in_doubt(panel, finding)
    if doubted is None:
        return False
    printed, low, high = doubted
    return any(low <= read <= high for read in other_readings(printed))


def year_in_doubt(panel: Panel, finding: Mapping[Any, Any]) -> tuple[float, float, float] | None:
    """The year's number, and between what the office's own normal range lies; None where a sum of the report proves the number: then
    it is what was printed."""
    told = finding["told"] or {}
    places = facts_of(panel, {**finding, "other_row": -1})
    if len(places) != 1 or "low" not in told or PROOFS[panel.proofs[places[0]]] == "verified":
        return None
    return float(panel.values[places[0]]), told["low"], told["high"]


def may_be_misread(printed: float, read: float) -> bool:
    """Whether one whole number may be read as the other: one digit that looks alike, lost, or seen twice."""
    if min(printed, read) < 0 or printed % 1 or read % 1:
        return False
    one, other = f"{printed:.0f}", f"{read:.0f}"
    if len(one) == len(other):
        different = [frozenset(pair) for pair in zip(one, other, strict=True) if pair[0] != pair[1]]
        return len(different) == 1 and different[0] in ALIKE
    shorter, longer = sorted((one, other), key=len)
    return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))


def other_readings(printed: float, lost: bool = True) -> Iterator[float]:
    """What a whole number may be where it was misread: one digit that looks alike, one seen twice, or one that was `lost`.
    Nothing of other numbers."""
    if printed < 0 or printed % 1:
        return
    digits = f"{printed:.0f}"
    for at, digit in enumerate(digits):
        for other in "0123456789":
            if frozenset((digit, other)) in ALIKE:
                yield float(digits[:at] + other + digits[at + 1 :])
        if at and digits[at - 1] == digit:
            yield float(digits[:at] + digits[at + 1 :])
    for at in range(len(digits) + 1 if lost else 0):
        yield from (float(digits[:at] + digit + digits[at:]) for digit in "0123456789")
