"""Accuracy of the reading of text dumps: the sample's PDFs as pdftotext writes them, once for each way it has.

python benchmarks/dumps.py [--reports 105] [--seed S] [--show 2]

layout keeps the places of the page; reading takes blocks in the order in which they are read, a cell that wraps in lines of its own; raw takes the letters as
they stand in the file. Such text has lost what marked the cells: what it no longer tells is not read, or disputed. Needs pdftotext (poppler).
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from accuracy import make_city, score_cells

WAYS = {"layout": ["-layout"], "reading": [], "raw": ["-raw"]}


def dump(folder: Path, options: list[str]) -> None:
    """Put a text file in the place of each PDF of a city, in its truth too."""
    for pdf in sorted(folder.rglob("*.pdf")):
        subprocess.run(["pdftotext", *options, str(pdf), str(pdf.with_suffix(".txt"))], check=True)
        pdf.unlink()
    truth = folder / "_truth" / "cells.csv"
    truth.write_text(truth.read_text(encoding="utf-8-sig").replace(".pdf,", ".txt,"), encoding="utf-8-sig")


def main() -> int:
    parser = argparse.ArgumentParser(description="Accuracy of the reading of text dumps")
    parser.add_argument("--reports", type=int, default=105)
    parser.add_argument("--seed", type=int, default=90302)
    parser.add_argument("--show", type=int, default=2, help="wrong cells to print for each way")
    options = parser.parse_args()
    if shutil.which("pdftotext") is None:
        print("pdftotext is not there: install poppler (poppler-utils) and run again", file=sys.stderr)
        return 1
    print(
        f"{'pdftotext':<12}{'reports':>8}{'cells':>8}{'recall %':>10}{'precision %':>12}{'silent':>8}{'disputed %':>12}"
    )
    with tempfile.TemporaryDirectory() as temporary:
        for way, arguments in WAYS.items():
            folder = Path(temporary) / way
            make_city(folder, "pdf", options.reports, options.seed)
            dump(folder, arguments)
            count, wrong, _ = score_cells(folder, 1)
            published = max(count["published"], 1)
            print(
                f"{way:<12}{count['reports']:>8}{count['printed']:>8}{100 * count['right'] / count['printed']:>10.2f}"
                f"{100 * count['right'] / published:>12.2f}{count['silent']:>8}{100 * count['disputed'] / published:>12.2f}",
                flush=True,
            )
            for line in sorted(wrong, key=lambda line: not line.startswith("SILENT"))[: options.show]:
                print("   ", line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
