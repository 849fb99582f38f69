"""Would one digit read otherwise settle a contradiction? Asked of reports that were read from pictures, where two networks
see the same smudge: what contradicts there may be the reading, and the page must be looked at first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compare.panel import Panel
from compare.rules import facts_of

PICTURES = ("scan",)  # kinds of documents that are read from pictures
SUMS = ("A01", "A02", "A03", "A04", "D01", "D02")  # checks whose two sides are sums of their facts
# Digits whose printed shapes share most strokes; each pair is looked up both ways.
ALIKE = {frozenset(pair) for pair in ("06", "08", "09", "14", "17", "27", "35", "38", "39", "49", "56", "58", "68", "69", "89")}  # fmt: skip


def one_digit_settles(panel: Panel, finding: Mapping[Any, Any]) -> bool:
    """Whether the finding rests on a report that was read from a picture, and the sum would close if one digit of one of
    that report's numbers were a digit that looks like it, or one digit more or less."""
    kind = panel.reports["kind"].iloc[finding["row"]] if finding["row"] >= 0 and "kind" in panel.reports else ""
    if finding["check"] not in SUMS or kind not in PICTURES:
        return False
    by = abs(finding["left"] - finding["right"])
    for place in facts_of(panel, {**finding, "other_row": -1}):
        value = panel.values[place]
        if value == value and any(may_be_misread(value, value + step) for step in (-by, by)):
            return True
    return False


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
