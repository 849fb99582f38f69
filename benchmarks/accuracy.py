"""Accuracy of the reading, kind by kind, on sample documents of a fresh seed.

python benchmarks/accuracy.py [--reports 100] [--seed S] [--kinds html,docx] [--folder DIR]

A cell of the truth is a code with the digits as printed, or blank or dash. recall = cells read right / cells printed; precision = cells read
right / cells published; perfect = reports with every cell right and none too many; silent = wrong cells whose proof is not disputed.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

from extract.build import read_batch
from extract.document import Source
from extract.numerals import read_number
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


def score_cells(folder: Path) -> tuple[Counter[str], list[str]]:
    """Counts for one city, and the first wrong cells in words."""
    truth, wrong, count = truth_of(folder), [], Counter[str]()
    sources = [s for path in walk(folder) if isinstance(s := identify_file(folder, path), Source)]
    for source in sources:
        facts = read_batch(str(folder), [source])["facts.parquet"].to_pylist()
        printed = truth[source.path]
        published = {fact["cell"]: fact for fact in facts}
        right = 0
        for code, (state, value) in printed.items():
            fact = published.get(code)
            if fact and fact["state"] == state and fact["value"] == value:
                right += 1
                continue
            silent = fact is not None and fact["proof"] != "disputed" and fact["state"] != "illegible"
            count["silent"] += silent
            count["disputed_wrong"] += fact is not None and not silent
            wrong.append(
                f"{source.path} {code}: printed {state} {value}, read {fact and (fact['raw_text'], fact['proof'])}"
            )
        extra = set(published) - set(printed)
        wrong += [f"{source.path} {code}: not printed, read {published[code]['raw_text']!r}" for code in extra]
        count.update(reports=1, printed=len(printed), published=len(published), right=right, extra=len(extra))
        count["silent"] += len(extra)
        count["perfect"] += right == len(printed) and not extra
        count.update(f["proof"] for f in facts)
    return count, wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--reports", type=int, default=100)
    parser.add_argument("--seed", type=int, default=9001)
    parser.add_argument("--kinds", default=ALL_KINDS)
    parser.add_argument("--folder", type=Path, help="keep the cities here")
    parser.add_argument("--show", type=int, default=5, help="wrong cells to print per kind")
    options = parser.parse_args()
    print(
        f"{'kind':<18}{'reports':>8}{'cells':>8}{'recall %':>10}{'precision %':>12}{'perfect %':>11}{'silent':>8}{'disputed %':>12}"
    )
    with tempfile.TemporaryDirectory() as temporary:
        for kind in options.kinds.split(","):
            folder = (options.folder or Path(temporary)) / kind
            make_city(folder, kind, options.reports, options.seed)
            count, wrong = score_cells(folder)
            published = max(count["published"], 1)
            print(
                f"{kind:<18}{count['reports']:>8}{count['printed']:>8}{100 * count['right'] / count['printed']:>10.3f}{100 * count['right'] / published:>12.3f}"
                f"{100 * count['perfect'] / count['reports']:>11.1f}{count['silent']:>8}{100 * count['disputed'] / published:>12.3f}",
                flush=True,
            )
            for line in wrong[: options.show]:
                print("   ", line)


if __name__ == "__main__":
    main()
