"""The flags of a country, province by province, each in a process of its own: the memory is that of the largest ones."""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from compare import flag_files, flags, panel
from compare.heap import keep_one_heap
from compare.portions import Portion, Portions
from compare.published import blocks_in, blocks_of

LARGEST = 40_000  # reports that are looked at together
DEALT = (panel.REPORTS, "sections.csv", "stated.csv")  # the tables that rules look at
NOT_PRIMARY = ""  # the name of no province


class Told(NamedTuple):
    """What was written: tier, flag_id and decision ("" none) of each flag in their order; `summary` as of flags.summary;
    `reports` how many were looked at, and of how many `provinces` (1: all together)."""

    flags: pd.DataFrame
    summary: pd.DataFrame
    reports: int
    provinces: int


class Found(NamedTuple):
    """What was found in a province: the file of its flags, their summary, and the number of reports."""

    file: Path
    summary: pd.DataFrame
    reports: int


def write(out: Path, selection: Mapping[str, Any], reviews: Path | None, to: Path, jobs: int = 1) -> Told:
    """Write the flags of what was selected (arguments of panel.load) to the file `to`. More than LARGEST reports of several
    provinces are looked at province by province, `jobs` at once: offices of different provinces are then not compared
    with one another.

    Raises NotPublishedError and ValueError as panel.load does.
    """
    whole = not any(value for name, value in selection.items() if name != "years")
    reports = provinces_of(out) if whole else {}
    sizes = {name: len(ids) for name, ids in reports.items() if name != NOT_PRIMARY}
    if len(sizes) > 1 and sum(sizes.values()) > LARGEST:
        return write_provinces(out, selection, reviews, to, reports, jobs)
    found, summary, count = made_of(panel.load(out, **selection), reviews)
    flags.write_csv(found, to)
    return Told(found[flag_files.TOLD], summary, count, 1)


def made_of(loaded: panel.Panel, reviews: Path | None) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """(flags, their summary, number of reports) of a panel that is looked at as a whole."""
    assessments = flags.assess(loaded)
    found = flags.make(loaded, assessments, reviews)
    return found, flags.summary(assessments, found), len(loaded.reports)


def provinces_of(out: Path) -> dict[str, list[str]]:
    """province → its primary reports, in the order of names, UNKNOWN after the others; and last those that are
    NOT_PRIMARY. Empty where no table tells provinces."""
    if not (out / panel.REPORTS).is_file():
        return {}  # panel.load says what is wrong
    ids: dict[str, list[str]] = {NOT_PRIMARY: []}
    for block in blocks_of(out / panel.REPORTS):
        if "province_zh" not in block.column_names:
            return {}
        told = block.select(["report_id", "province_zh", "is_primary"]).to_pandas()
        primary = told["is_primary"].fillna("").str.lower().isin(["true", "1"])
        names = told["province_zh"].fillna(panel.UNKNOWN).where(primary, NOT_PRIMARY)
        for name, of_province in told["report_id"].groupby(names.to_numpy(dtype=object)):
            ids.setdefault(str(name), []).extend(of_province)
    order = sorted(ids, key=lambda name: (name == NOT_PRIMARY, name == panel.UNKNOWN, name))
    return {name: ids[name] for name in order}


def write_provinces(
    out: Path, selection: Mapping[str, Any], reviews: Path | None, to: Path, reports: dict[str, list[str]], jobs: int
) -> Told:
    """Write the flags of all provinces, ranked together. Raises NotPublishedError where no report matches."""
    portions = dealt_out(out, reports, DEALT)
    *provinces, others = (Portion(portions.store, number) for number in range(len(reports)))
    tasks = {
        name: (out, {**selection, "province": name}, reviews, Portion(one.store, one.number, others=others))
        for name, one in zip(reports, provinces, strict=False)
    }
    # A process that ends gives back all it had; what a long one frees, it may keep.
    with ProcessPoolExecutor(jobs, context(), max_tasks_per_child=1) as pool:
        largest_first = sorted(tasks, key=lambda name: -len(reports[name]))
        begun = {name: pool.submit(find, *tasks[name]) for name in largest_first}
        done = [found for name in tasks if (found := begun[name].result()) is not None]
    if not done:
        raise panel.NotPublishedError("No report matches the years asked for.")
    told = flag_files.write_together([found.file for found in done], to)
    summed = pd.concat([found.summary for found in done]).groupby(["check", "title"], as_index=False).sum()
    return Told(told, summed, sum(found.reports for found in done), len(done))


def dealt_out(out: Path, reports: dict[str, list[str]], tables: Sequence[str]) -> Portions:
    """Those of the tables that are published, dealt out to the provinces in one pass over each."""
    part_of = np.repeat(np.arange(len(reports)), [len(ids) for ids in reports.values()])
    report_ids = pd.Index([report for ids in reports.values() for report in ids], dtype=object)
    portions = Portions(partial(blocks_in, out), report_ids, part_of, len(reports))
    for table in tables:
        if (out / table).is_file():
            portions.deal(table)
    return portions


def find(out: Path, selection: Mapping[str, Any], reviews: Path | None, dealt: Portion) -> Found | None:
    """The flags of a province, written to a file beside its tables. None where it has no report of the years asked for.
    Runs as a process of its own."""
    keep_one_heap()
    try:
        loaded = panel.load(out, **selection, dealt=dealt)
    except panel.NotPublishedError:
        if selection.get("years"):
            return None
        raise
    found, summary, count = made_of(loaded, reviews)
    file = dealt.store / f"flags-{dealt.number}.arrow"
    flag_files.keep(found, file)
    return Found(file, summary, count)


def context() -> BaseContext:
    """Processes that are copies of a small one which has loaded what they need, where the system has such; else fresh
    ones."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload([__name__])
    return made
