"""Many damaged documents of every kind through the whole build: every one accounted for, no exception, no worker lost for good.

python benchmarks/fuzz.py [--documents 10000] [--scans 50] [--seed S] [--jobs 2] [--keep DIR] [--quick]

Prints Markdown. A failure is an issue of the kind reader_failed (an exception that no reader foresaw) or reading_broken_off (time, memory, or
a dead worker), a file that is in neither reports.csv nor issues.csv, or a traceback; the inputs that failed are kept under --keep.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from mutations import PICTURE_KINDS, mutated, originals

FAILURES = ("reader_failed", "reading_broken_off")


def column(path: Path, *names: str) -> list[tuple[str, ...]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [tuple(row[name] for name in names) for row in csv.DictReader(file)]


def write_damaged(raw: Path, documents: int, scans: int, seed: int) -> int:
    """Write the damaged documents, two hundred to a folder, and return how many there are."""
    makers = [mutated(originals(), documents, seed)]
    if scans:
        makers.append(mutated(originals(PICTURE_KINDS, examples=False), scans, seed + 1))
    count = 0
    for maker in makers:
        for name, data in maker:
            folder = raw / f"{count // 200:04}"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{count:06}-{name}").write_bytes(data)
            count += 1
    return count


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--scans", type=int, default=50, help="damaged scans and photographs besides (seconds each)")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="keep the inputs that failed here")
    parser.add_argument("--quick", action="store_true", help="300 documents, 3 scans")
    options = parser.parse_args()
    if options.quick:
        options.documents, options.scans = 300, 3
    with tempfile.TemporaryDirectory() as temporary:
        raw, out = Path(temporary) / "raw", Path(temporary) / "out"
        count = write_damaged(raw, options.documents, options.scans, options.seed)
        started = time.monotonic()
        command = [sys.executable, "-m", "extract", "build", str(raw), "--out", str(out), "--jobs", str(options.jobs)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        seconds = time.monotonic() - started
        issues = column(out / "issues.csv", "source_path", "kind", "message")
        told = {path.removeprefix("'") for path, *_ in [*column(out / "reports.csv", "source_path"), *issues]}
        reports = len(column(out / "reports.csv", "source_path"))
        lost = {path.relative_to(raw).as_posix() for path in raw.rglob("*") if path.is_file()} - told
        failed = [(path, kind, message) for path, kind, message in issues if kind in FAILURES]
        if options.keep:
            for path, *_ in failed:
                options.keep.mkdir(parents=True, exist_ok=True)
                shutil.copy(raw / path, options.keep)
    kinds = Counter(kind for _, kind, _ in issues)
    print(f"Fuzzing: {count:,} damaged documents, seed {options.seed}, {options.jobs} jobs, {seconds:.0f} s\n")
    print("| what | count |\n|---|---:|")
    print(
        f"| read as reports | {reports:,} |\n| unread, with a sentence | {kinds['unread_file']:,} |\n| told to be no report | {kinds['not_a_report']:,} |"
    )
    print(f"| same bytes as another | {kinds['same_bytes']:,} |\n| in neither table | {len(lost)} |")
    print(
        f"| unforeseen exceptions | {kinds['reader_failed']} |\n| broken off (time, memory, dead worker) | {kinds['reading_broken_off']} |"
    )
    print(f"| tracebacks | {run.stderr.count('Traceback')} |\n| exit code of the run | {run.returncode} |")
    for path, kind, message in failed[:40]:
        print(f"\n{path}: {kind}: {message}")
    return bool(lost or failed or run.returncode or "Traceback" in run.stderr)


if __name__ == "__main__":
    sys.exit(main())
