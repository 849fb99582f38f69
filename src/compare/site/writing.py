"""Write the site of a published folder: gather once, then write the offices' pages side by side."""

from __future__ import annotations

import shutil
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from compare import flags, panel
from compare.evidence import Parts, parts_of_reports
from compare.provinces import NOT_PRIMARY, provinces_of
from compare.published import blocks_of
from compare.site.assets import copy_figures, write_assets
from compare.site.comparisons.writing import comparison_pages, write_comparisons
from compare.site.content import Common, Office, common_of, flag_rows
from compare.site.country import write_country
from compare.site.gathering import offices_of
from compare.site.notes import NoteTables
from compare.site.office_pages import reports_behind, write_offices
from compare.site.start_pages import write_districts, write_methods, write_start
from compare.site.workbook import write_workbook

FOLDERS = ("office", "report", "flag", "district", "province", "chart", "evidence", "figures", "assets")
MARK = ".jiedao-site"  # beside it, the folders above are ours and may be made anew
MOST_OFFICES = (
    4_000  # of one site: all that is shown of them is gathered before it is written, a third of a megabyte for each
)
AT_ONCE = 24  # offices per task: their facts are read from the tables together


def write(out: Path, to: Path, selection: dict[str, Any], reviews: Path | None = None, jobs: int = 1) -> Path:
    """Write the site of a published folder into `to` and return its index.html. Flags are made anew; figures are
    drawn where none stand. `jobs` processes write offices' pages at once.

    A country of more than MOST_OFFICES offices becomes an index of its provinces (see compare.site.country); each of
    them has a site of its own.

    Raises NotPublishedError as panel.load does, and ValueError for a part with more than MOST_OFFICES offices.
    """
    if not any(value for name, value in selection.items() if name != "years") and is_country(out):
        prepare(to)
        return write_country(out, to, str(selection.get("years") or ""))
    loaded = panel.load(out, **selection)
    if len(loaded.offices) > MOST_OFFICES:
        raise ValueError(
            f"{len(loaded.offices):,} offices are more than one site holds ({MOST_OFFICES:,}): "
            f"write one for each province, such as --province {most_common(loaded)} --to site-1"
        )
    assessments = flags.assess(loaded)
    found = flags.make(loaded, assessments, reviews)
    prepare(to)
    common, notes = common_of(loaded, to), NoteTables(out, loaded.reports["report_id"])
    flagged = flag_rows(loaded, assessments, found, reviews)
    offices = offices_of(loaded, assessments, found, flagged)
    pictures = copy_figures(out, to, selection, reviews)
    flags.write_csv(found, to / "flags.csv")
    where = parts_of_reports(common.out, loaded.reports)
    write_assets(to, loaded, notes.signs(), where)
    write_all_offices(common, offices, neighbours_of([flag["flag_id"] for flag in flagged]), notes, where, jobs)
    pages = comparison_pages(loaded, assessments)
    write_comparisons(common, pages, pictures)
    write_districts(common, loaded, offices)
    write_methods(common, loaded, assessments, found)
    write_workbook(common, loaded, flagged, to / "audit.xlsx")
    # The start page is written last: where it stands, all that it leads to stands too.
    return write_start(common, loaded, assessments, offices, flagged, pages, pictures)


def is_country(out: Path) -> bool:
    """Whether a folder holds several provinces and more offices than one site."""
    offices = out / "offices.csv"
    if not offices.is_file() or sum(block.num_rows for block in blocks_of(offices)) <= MOST_OFFICES:
        return False
    return sum(bool(ids) for name, ids in provinces_of(out).items() if name != NOT_PRIMARY) > 1


def most_common(loaded: panel.Panel) -> str:
    """The province of most reports, "NAME" where none is known."""
    names = loaded.reports["province_zh"].dropna()
    return str(names.mode().iloc[0]) if len(names) else "NAME"


def prepare(to: Path) -> None:
    """Make the folder of the site; where an earlier run has left its mark, its pages go first, so that none outlives
    its office."""
    if (to / MARK).is_file():
        for name in FOLDERS:
            shutil.rmtree(to / name, ignore_errors=True)
    to.mkdir(parents=True, exist_ok=True)
    (to / MARK).write_text("Pages written by `python -m compare site`; a new run replaces them.\n", encoding="utf-8")
    for name in FOLDERS:
        (to / name).mkdir(exist_ok=True)


def neighbours_of(ids: list[str]) -> dict[str, tuple[str, str]]:
    """For each flag the one before and the one after it by rank, "" at the ends."""
    return {flag: (ids[at - 1] if at else "", ids[at + 1] if at + 1 < len(ids) else "") for at, flag in enumerate(ids)}


def tasks(offices: list[Office], jobs: int) -> Iterator[list[Office]]:
    """Offices in groups, in the order of their files, since the published tables keep that order: a group's facts
    stand together."""
    ordered = sorted(offices, key=lambda office: str(office.reports[0]["source_path"]) if office.reports else "")
    size = max(1, min(AT_ONCE, -(-len(offices) // max(jobs, 1))))
    for at in range(0, len(ordered), size):
        yield ordered[at : at + size]


def write_all_offices(
    common: Common,
    offices: list[Office],
    neighbours: dict[str, tuple[str, str]],
    notes: NoteTables,
    where: dict[str, dict[str, set[int]]],
    jobs: int,
) -> None:
    """Write every office with its reports and flags; with more than one job, in processes of their own, of which no
    more are given work than can soon begin it. `where` as of parts_of_reports."""

    def work(group: list[Office]) -> tuple[Any, ...]:
        behind = reports_behind(group)
        texts = behind | {str(report["before"]) for office in group for report in office.reports}
        beside = {flag["flag_id"]: neighbours[flag["flag_id"]] for office in group for flag in office.flags}
        return common, group, beside, notes.of(texts), parts_of(where, behind)

    groups = list(tasks(offices, jobs))
    if jobs < 2 or len(groups) < 2:
        for group in groups:
            write_offices(*work(group))
        return
    # Fresh processes, for a fork would carry all that was gathered here once more.
    with ProcessPoolExecutor(min(jobs, len(groups)), get_context("spawn")) as pool:
        waiting: deque[Future[list[str]]] = deque()
        for group in groups:
            if len(waiting) > 2 * jobs:
                waiting.popleft().result()
            waiting.append(pool.submit(write_offices, *work(group)))
        for job in waiting:
            job.result()


def parts_of(where: dict[str, dict[str, set[int]]], report_ids: set[str]) -> Parts:
    """The row groups of each file that hold these reports."""
    return {
        name: tuple(sorted(set().union(*(by_report.get(report, set()) for report in report_ids))))
        for name, by_report in where.items()
    }
