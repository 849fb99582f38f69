"""Accuracy of the reading, kind by kind, on sample documents of a fresh seed.

python benchmarks/accuracy.py [--reports 100] [--seed S] [--kinds html,docx] [--folder DIR] [--jobs 2]

A cell of the truth is a code with the digits as printed, or blank or dash. recall = cells read right / cells printed; precision = cells read
right / cells published; perfect = reports with every cell right and none too many; silent = wrong cells whose proof is not disputed.
s/page = processor time of the whole reading for each page that holds anything, all threads together (kinds without pages: for each document);
wall = seconds by the clock for each such page with all jobs at work; MB = the
most memory that a process has held so far.
"""

from __future__ import annotations

import argparse
import csv
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from multiprocessing import get_context
from pathlib import Path

from extract.document import Document, Grid, Source
from extract.facts import Facts
from extract.numerals import read_number
from extract.report import read_report
from extract.sources import identify_file, walk

ALL_KINDS = "html,html-ugly,text"
Truth = dict[str, dict[str, tuple[str, float | None]]]


def make_city(folder: Path, kind: str, reports: int, seed: int) -> None:
    """A city that publishes in one kind only, of about that many reports."""
    offices = max(2, -(-reports // 7))
    command = [
        sys.executable,
        "-m",
        "sample",
        str(folder),
        "--offices",
        str(offices),
        "--years",
        "2019-2025",
        "--seed",
        str(seed),
        "--kinds",
        kind,
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def truth_of(folder: Path) -> Truth:
    """path -> cell code -> (state, value as printed)."""
    cells: Truth = defaultdict(dict)
    with (folder / "_truth" / "cells.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            value = read_number(row["printed"]).value if row["state"] == "reported" else None
            cells[row["path"]][row["cell"]] = (row["state"], value)
    return cells


def score_cells(folder: Path, jobs: int) -> tuple[Counter[str], list[str], int]:
    """Counts for one city, the wrong cells in words, and the most memory that a process has held (MB)."""
    truth, wrong, count, most = truth_of(folder), [], Counter[str](), 0
    sources = [s for path in walk(folder) if isinstance(s := identify_file(folder, path), Source)]
    tasks = [(folder, source, truth[source.path]) for source in sources]
    with ProcessPoolExecutor(jobs, get_context("forkserver")) if jobs > 1 else nullcontext() as crew:
        for found, lines, megabytes in map(score_report, tasks) if crew is None else crew.map(score_report, tasks):
            count.update(found)
            wrong += lines
            most = max(most, megabytes)
    return count, wrong, most


def score_report(task: tuple[Path, Source, dict[str, tuple[str, float | None]]]) -> tuple[Counter[str], list[str], int]:
    """Counts for one report, its wrong cells in words, and the most memory that this process has held so far (MB)."""
    folder, source, printed = task
    started = time.process_time()
    report = read_report(source, (folder / source.path).read_bytes())
    spent = round(1000 * (time.process_time() - started))
    count, wrong = Counter(milliseconds=spent, pages=pages_of(report.document)), []
    facts = report.reading.facts if report.reading else Facts()
    place = {code: index for index, code in enumerate(facts.cell)}
    right = 0
    for code, (state, value) in printed.items():
        at = place.get(code)
        if at is not None and facts.state[at] == state and facts.value[at] == value:
            right += 1
            continue
        silent = at is not None and facts.proof[at] != "disputed" and facts.state[at] != "illegible"
        count["silent"] += silent
        read = None if at is None else (facts.raw_text[at], facts.proof[at])
        wrong.append(f"{'SILENT ' if silent else ''}{source.path} {code}: printed {state} {value}, read {read}")
    extra = [code for code in facts.cell if code not in printed]
    wrong += [f"SILENT {source.path} {code}: not printed, read {facts.raw_text[place[code]]!r}" for code in extra]
    count.update(reports=1, printed=len(printed), published=len(facts), right=right, extra=len(extra))
    count["silent"] += len(extra)
    count["perfect"] += right == len(printed) and not extra
    count.update(facts.proof)
    return count, wrong, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def pages_of(document: Document | None) -> int:
    """The last page on which anything was read; 1 for kinds that have none."""
    blocks = document.blocks if document else []
    return max(((block.page if isinstance(block, Grid) else block.locator.page) or 1 for block in blocks), default=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--reports", type=int, default=100)
    parser.add_argument("--seed", type=int, default=9001)
    parser.add_argument("--kinds", default=ALL_KINDS)
    parser.add_argument("--folder", type=Path, help="keep the cities here")
    parser.add_argument("--show", type=int, default=5, help="wrong cells to print per kind")
    parser.add_argument("--jobs", type=int, default=1, help="processes that read")
    options = parser.parse_args()
    print(
        f"{'kind':<18}{'reports':>8}{'cells':>8}{'recall %':>10}{'precision %':>12}{'perfect %':>11}{'silent':>8}{'disputed %':>12}{'s/page':>8}{'wall':>8}{'MB':>7}"
    )
    with tempfile.TemporaryDirectory() as temporary:
        for kind in options.kinds.split(","):
            folder = (options.folder or Path(temporary)) / kind
            make_city(folder, kind, options.reports, options.seed)
            started = time.perf_counter()
            count, wrong, megabytes = score_cells(folder, options.jobs)
            wall = time.perf_counter() - started
            published = max(count["published"], 1)
            print(
                f"{kind:<18}{count['reports']:>8}{count['printed']:>8}{100 * count['right'] / count['printed']:>10.3f}{100 * count['right'] / published:>12.3f}"
                f"{100 * count['perfect'] / count['reports']:>11.1f}{count['silent']:>8}{100 * count['disputed'] / published:>12.3f}"
                f"{count['milliseconds'] / 1000 / max(count['pages'], 1):>8.2f}{wall / max(count['pages'], 1):>8.2f}{megabytes:>7}",
                flush=True,
            )
            for line in sorted(wrong, key=lambda line: not line.startswith("SILENT"))[: options.show]:
                print("   ", line)


if __name__ == "__main__":
    main()
