"""The flags of a country, province by province, each in a process of its own: the memory is that of the largest one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from compare import flags, panel
from compare.published import blocks_of

LARGEST = 40_000  # reports that are looked at together


class Made(NamedTuple):
    """What was found: `flags` as of flags.make, `summary` as of flags.summary, `reports` how many were looked at, and of
    how many `provinces` (1: all together)."""

    flags: pd.DataFrame
    summary: pd.DataFrame
    reports: int
    provinces: int


def make(out: Path, selection: Mapping[str, Any], reviews: Path | None = None) -> Made:
    """The flags of what was selected (arguments of panel.load). More than LARGEST reports of several provinces are
    looked at province by province: offices of different provinces are then not compared with one another.

    Raises NotPublishedError and ValueError as panel.load does.
    """
    parts = provinces_of(out) if not any(value for name, value in selection.items() if name != "years") else {}
    if len(parts) < 2 or sum(parts.values()) <= LARGEST:
        return made_of(out, selection, reviews)
    done = []
    for name in parts:
        # A process that ends gives back all it had; what a long one frees, it may keep.
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            done.append(pool.submit(made_or_nothing, out, {**selection, "province": name}, reviews).result())
    return together([made for made in done if made is not None])


def provinces_of(out: Path) -> dict[str, int]:
    """province → how many primary reports there are of it, in the order of names, UNKNOWN last; empty where no table
    tells provinces."""
    counts: Counter[str] = Counter()
    if not (out / "reports.csv").is_file():
        return {}  # panel.load says what is wrong
    for block in blocks_of(out / "reports.csv"):
        if "province_zh" not in block.column_names:
            return {}
        told = block.select(["province_zh", "is_primary"]).to_pandas()
        primary = told["is_primary"].fillna("").str.lower().isin(["true", "1"])
        counts.update(told.loc[primary, "province_zh"].fillna(panel.UNKNOWN))
    return {name: counts[name] for name in sorted(counts, key=lambda name: (name == panel.UNKNOWN, name))}


def made_or_nothing(out: Path, selection: Mapping[str, Any], reviews: Path | None) -> Made | None:
    """As made_of; None where the province has no report of the years asked for."""
    try:
        return made_of(out, selection, reviews)
    except panel.NotPublishedError:
        if selection.get("years"):
            return None
        raise


def made_of(out: Path, selection: Mapping[str, Any], reviews: Path | None) -> Made:
    """The flags of a panel that is looked at as a whole."""
    loaded = panel.load(out, **selection)
    assessments = flags.assess(loaded)
    found = flags.make(loaded, assessments, reviews)
    return Made(found, flags.summary(assessments, found), len(loaded.reports), 1)


def together(parts: list[Made]) -> Made:
    """What was found in several provinces, ranked anew. Raises NotPublishedError where it is nothing."""
    if not parts:
        raise panel.NotPublishedError("No report matches the years asked for.")
    summed = pd.concat([part.summary for part in parts]).groupby(["check", "title"], as_index=False).sum()
    filled = [part.flags for part in parts if len(part.flags)]
    found = flags.ranked(pd.concat(filled, ignore_index=True)) if filled else parts[0].flags
    return Made(found, summed, sum(part.reports for part in parts), len(parts))
