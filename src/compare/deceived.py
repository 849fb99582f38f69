"""Which findings may be misreadings that deceived both readings: those that one digit read otherwise would settle, where
the run shows that numbers are misread.

A misreading that deceives one reading is seen: the two differ, and the number is disputed. One that deceives both is not.
But the first tell how many of the second to expect in documents of one kind (web pages, Word, text); and where so
many are to be expected that the findings which one digit would settle can no longer be trusted, these are for review, and
the others stay as they are. Reports in which every reading agrees, as pages of text nearly always do, raise no such doubt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from compare.lookalikes import TABLE_SUMS, kinds_of, one_digit_settles, one_number_settles, pictures
from compare.panel import PROOFS, Panel

IN_PICTURE, IN_TYPE = "picture", "type"  # where the digit stands that would settle a finding
# Misreadings that deceive both readings to be expected for each that deceives one: a fifth of all, as in the benchmark.
DECEIVED = 0.25
TRUSTED = 0.9  # of the findings that one digit would settle, this many must be no misreadings
FEW = 100  # reports of one kind, from which on its own disputes say more than those of all kinds
LISTED = ("certain", "priority")

Finding = dict[Hashable, Any]


def doubts(panel: Panel, findings: Iterable[Finding], tiers: Sequence[str], failures: pd.DataFrame) -> list[str]:
    """For each finding IN_PICTURE or IN_TYPE where one digit read otherwise would settle it, which makes it review at most;
    "" where none would, or where nothing speaks for a misreading. `tiers` are those by proof alone; `failures` every failed check, as
    assessments have them."""
    in_pictures, kinds, broken = panel.kept("pictures", pictures), kinds_of(panel), sums_by_report(failures)
    settled: list[tuple[str, str]] = []  # where the digit stands, and in which kind of document
    for finding, tier in zip(findings, tiers, strict=True):
        row, where = finding["row"], ""
        if row >= 0 and in_pictures[row]:
            where = IN_PICTURE if one_digit_settles(panel, finding) else ""
        elif row >= 0 and tier in LISTED and not finding["shared"]:
            where = IN_TYPE if one_number_settles(panel, finding, broken.get(row, ())) else ""
        settled.append((where, str(kinds[row]) if where else ""))
    doubted = kinds_in_doubt(panel, Counter(kind for where, kind in settled if where == IN_TYPE))
    return ["" if where == IN_TYPE and kind not in doubted else where for where, kind in settled]


def sums_by_report(failures: pd.DataFrame) -> Mapping[int, list[Finding]]:
    """The sums of one table that do not add up, by the row of their report."""
    sums: dict[int, list[Finding]] = {}
    columns = ["row", "check", "cells", "left", "right"]
    for failure in failures.loc[failures["check"].isin(TABLE_SUMS), columns].to_dict("records"):
        sums.setdefault(int(failure["row"]), []).append(failure)
    return sums


def kinds_in_doubt(panel: Panel, settled: Mapping[str, int]) -> set[str]:
    """The kinds of documents in which, of so many findings that one digit would settle, more may be misreadings than can be
    borne. How often a kind is misread is told by its own disputes, and where there are few such reports by those of all kinds
    too (pictures left out)."""
    in_type = ~panel.kept("pictures", pictures)
    disputed = (panel.proofs == PROOFS.index("disputed")).any(axis=1)[in_type]
    kinds = kinds_of(panel)[in_type]
    reports, misread = Counter(kinds), Counter(kinds[disputed])
    in_all = np.count_nonzero(disputed) / max(len(disputed), 1)
    doubted = set()
    for kind, number in settled.items():
        often = (misread[kind] + FEW * in_all) / (reports[kind] + FEW)
        if DECEIVED * often * reports[kind] > (1 - TRUSTED) * number:
            doubted.add(kind)
    return doubted
