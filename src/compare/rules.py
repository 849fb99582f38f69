"""What a rule is: its id, its severity, its sentences, and the shape of what it finds. Checks and statistical rules
register here.

A rule is one function `(panel) -> frame`. The frame has one row per assessment, with the columns of COLUMNS;
further columns may be named in the rule's sentences and are kept, as `told`, for failures only: a nation's
assessments are millions of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from compare.panel import PROOFS, STATES, Panel

PASS, FAIL, NOT_ASSESSABLE = "PASS", "FAIL", "NOT_ASSESSABLE"
# row and other_row: places in panel.reports (−1 none); cells and other_cells: codes separated by spaces, in that and
# the other report.
COLUMNS = [
    "check",
    "report_id",
    "office_id",
    "year",
    "status",
    "left",
    "right",
    "instance",
    "severity",
    "row",
    "cells",
    "other_row",
    "other_cells",
]

Assess = Callable[[Panel], pd.DataFrame]


@dataclass(frozen=True)
class Rule:
    """One rule of the catalogue. `says_en` and `says_zh` are format strings over the columns of a failing row.

    `kind` is exact (arithmetic and dates: S1 can be certain) or statistical; a statistical rule tells `z` (what
    ranks) and `grade` (priority, review or look: what its strength allows where its facts are proved). `merge` says that
    all failures of one report are one finding. `whole` says that the rule compares offices with one another, or with
    what all of them have in common, so that it must see the whole panel; the others may be run on a part of its offices.
    """

    check: str
    title_en: str
    title_zh: str
    severity: str
    source: str
    says_en: str
    says_zh: str
    assess: Assess
    kind: str = "exact"
    merge: bool = False
    whole: bool = False


REGISTRY: dict[str, Rule] = {}


def rule(
    check: str,
    title: tuple[str, str],
    severity: str,
    source: str,
    says: tuple[str, str],
    kind: str = "exact",
    merge: bool = False,
    whole: bool = False,
) -> Callable[[Assess], Assess]:
    """Register a function as a rule of the catalogue; title and says are (English, Chinese). Raises ValueError for
    an id used twice."""

    def register(assess: Assess) -> Assess:
        if check in REGISTRY:
            raise ValueError(f"two rules are called {check}")
        texts = (title[0], title[1], severity, source, says[0], says[1])
        REGISTRY[check] = Rule(check, *texts, assess, kind, merge, whole)
        return assess

    return register


def outcome(
    panel: Panel,
    rows: np.ndarray,
    left: np.ndarray,
    right: np.ndarray,
    status: np.ndarray,
    instance: str,
    cells: Sequence[str] = (),
    other_rows: np.ndarray | None = None,
    other_cells: Sequence[str] = (),
    severity: str | np.ndarray = "",
    **more: Any,
) -> pd.DataFrame:
    """Assessments of one instance of a rule over several reports. `rows` are places in panel.reports; `more` are
    further columns."""
    who = panel.kept("who", who_reported)
    texts = {
        "check": "",
        "status": status,
        "instance": instance,
        "severity": severity,
        "cells": " ".join(cells),
        "other_cells": " ".join(other_cells),
    }
    told = {name: as_objects(text, len(rows)) for name, text in texts.items()}
    return pd.DataFrame(
        {
            "check": told["check"],
            "report_id": who["report_id"].take(rows),
            "office_id": who["office_id"].take(rows),
            "year": who["year"].take(rows),
            "status": told["status"],
            "left": left,
            "right": right,
            "instance": told["instance"],
            "severity": told["severity"],
            "row": rows,
            "cells": told["cells"],
            "other_row": -1 if other_rows is None else other_rows,
            "other_cells": told["other_cells"],
            **more,
        },
        index=pd.RangeIndex(len(rows)),
    )


def as_objects(text: str | np.ndarray, count: int) -> pd.Series:
    """A text for all, or one each, as a column of Python's strings: what is made and taken apart often. A text for all is
    one string."""
    if isinstance(text, str):
        values = np.empty(count, dtype=object)
        values.fill(text)
    else:
        values = np.asarray(text).astype(object)
    return pd.Series(values, dtype=object, copy=False)


def who_reported(panel: Panel) -> dict[str, Any]:
    """report_id, office_id (texts) and year (float64) per report, as arrays."""
    reports = panel.reports
    return {
        "report_id": pd.array(reports["report_id"].to_numpy(dtype=object), dtype="str"),
        "office_id": pd.array(reports["office_id"].to_numpy(dtype=object), dtype="str"),
        "year": reports["year"].to_numpy(dtype=float, na_value=np.nan),
    }


def judge(assessable: np.ndarray, holds: np.ndarray) -> np.ndarray:
    """PASS, FAIL or NOT_ASSESSABLE for each report, object: the same three strings for all of them."""
    told = np.array([NOT_ASSESSABLE, FAIL, PASS], dtype=object)
    return told[np.where(assessable, np.where(holds, 2, 1), 0)]


def stack(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The assessments of all instances of a rule, one under the other; an empty frame with the right columns where
    there is none."""
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=[*COLUMNS, "told"])


def all_rows(panel: Panel) -> np.ndarray:
    """Every report of the panel, as places in panel.reports."""
    return np.arange(len(panel.reports))


def year_pairs(panel: Panel) -> tuple[np.ndarray, np.ndarray]:
    """Reports of one office in consecutive years: (places of the earlier, places of the later)."""
    earlier, later = panel.place[:, :-1].ravel(), panel.place[:, 1:].ravel()
    both = (earlier >= 0) & (later >= 0)
    consecutive = (
        np.tile(np.diff(np.array(panel.years, dtype=int)) == 1, len(panel.offices)) if len(panel.years) > 1 else both
    )
    return earlier[both & consecutive], later[both & consecutive]


def run(panel: Panel, checks: Sequence[str] = ()) -> pd.DataFrame:
    """Assess the panel by all registered rules (or those named), every assessment a row: COLUMNS, told (dict of what
    sentences name, failures only, else None) and fact_ids (of failures). For panels of a city or two: `assess` keeps
    the failures only."""
    frames = [frame for check in checks or sorted(REGISTRY) if len(frame := assessed_by(panel, check))]
    return with_fact_ids(panel, stack([told_of_failures(frame) for frame in frames]))


def assessed_by(panel: Panel, check: str) -> pd.DataFrame:
    """What one rule says of the panel, with check and severity filled in."""
    frame = REGISTRY[check].assess(panel)
    if len(frame):
        frame["check"] = check
        severity = frame["severity"].to_numpy(dtype=object, copy=True)
        severity[severity == ""] = REGISTRY[check].severity
        frame["severity"] = as_objects(severity, len(frame))
    return frame


def with_told(frame: pd.DataFrame, failing: np.ndarray, told: pd.DataFrame) -> pd.DataFrame:
    """Assessments with what the sentences name, worked out for the `failing` ones (bool) only: one row of `told` each."""
    words = np.full(len(frame), None, dtype=object)
    words[np.flatnonzero(failing)] = told.to_dict("records")
    return frame.assign(told=words)


def told_of_failures(frame: pd.DataFrame) -> pd.DataFrame:
    """COLUMNS and one more, `told`: the rule's further columns of each failing row as a dict. A rule that has worked
    them out for its failures only brings the column `told` itself."""
    if "told" in frame:
        return frame[[*COLUMNS, "told"]]
    told = np.full(len(frame), None, dtype=object)
    failing = np.flatnonzero(frame["status"].to_numpy(dtype=object) == FAIL)
    further = [column for column in frame.columns if column not in COLUMNS]
    told[failing] = frame.iloc[failing][further].to_dict("records") if further else [{} for _ in failing]
    return frame[COLUMNS].assign(told=told)


def with_fact_ids(panel: Panel, frame: pd.DataFrame) -> pd.DataFrame:
    """Add fact_ids, separated by spaces, to the failures: only cells that stand in the document are facts."""
    ids = np.full(len(frame), "", dtype=object)
    report_ids = panel.reports["report_id"].to_numpy(dtype=object)
    failing = np.flatnonzero(frame["status"].to_numpy(dtype=object) == FAIL) if len(frame) else np.zeros(0, dtype=int)
    for position, failure in zip(failing, frame.iloc[failing].to_dict("records"), strict=True):
        ids[position] = " ".join(f"{report_ids[row]}/{panel.cells[col]}" for row, col in facts_of(panel, failure))
    return frame.assign(fact_ids=ids)


def facts_of(panel: Panel, failure: Mapping[Any, Any]) -> list[tuple[int, int]]:
    """The facts behind one assessment as places (report, cell) in the matrices."""
    places = []
    for row, cells in ((failure["row"], failure["cells"]), (failure["other_row"], failure["other_cells"])):
        if row >= 0:
            places += [(int(row), panel.column(cell)) for cell in cells.split()]
    return [place for place in places if panel.states[place] != STATES.index("missing")]


def weakest_proof(panel: Panel, places: Sequence[tuple[int, int]]) -> str:
    """proved (all verified or agreed), single, doubtful (a disputed or illegible one among them), or none where no
    fact is named."""
    if not places:
        return "none"
    proofs = {PROOFS[panel.proofs[place]] for place in places}
    states = {STATES[panel.states[place]] for place in places}
    if "disputed" in proofs or "illegible" in states:
        return "doubtful"
    return "proved" if proofs <= {"verified", "agreed"} else "single"
