"""Run the benchmarks one after the other and write what they print, with the command of each, to benchmarks/README.md.

python benchmarks/run.py [NAME ...] [--quick]     names: accuracy scans degraded photocopies pictures dumps stated speed planted flags growth jobs again kills fuzz country (default: accuracy stated speed planted flags)
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
README = HERE / "README.md"
READABLE = "html,html-ugly,text,docx,odt,pdf,doc,rtf,xlsx,xls,markdown"

# name -> (what it shows, the full command, the quick one)
BENCHMARKS: dict[str, tuple[str, list[str], list[str]]] = {
    "accuracy": (
        "Cells read right on sample documents of a seed that nothing was tuned on, kind by kind. silent = wrong and not disputed.",
        ["accuracy.py", "--reports", "105", "--seed", "90301", "--kinds", READABLE, "--show", "3"],
        ["accuracy.py", "--reports", "14", "--seed", "90301", "--kinds", READABLE, "--show", "3"],
    ),
    "scans": (
        "The same for scans of 200 to 300 dpi in grey, colour or black and white. s/page = seconds of processor time, wall = by the clock, here with two processes on two processors.",
        ["accuracy.py", "--reports", "112", "--seed", "90541", "--kinds", "scan", "--jobs", "2", "--show", "3"],
        ["accuracy.py", "--reports", "7", "--seed", "90541", "--kinds", "scan", "--jobs", "2", "--show", "3"],
    ),
    "degraded": (
        "Scans of 150 dpi, up to 2° askew, noisy, JPEG 30; two processes.",
        ["accuracy.py", "--reports", "56", "--seed", "90541", "--kinds", "scan-degraded", "--jobs", "2", "--show", "3"],
        ["accuracy.py", "--reports", "7", "--seed", "90541", "--kinds", "scan-degraded", "--jobs", "2", "--show", "3"],
    ),
    "photocopies": (
        "Photocopies in black and white: specks, broken rules and characters, shadows; two processes.",
        ["accuracy.py", "--reports", "56", "--seed", "90541", "--kinds", "scan-photocopy", "--jobs", "2", "--show", "3"],
        ["accuracy.py", "--reports", "7", "--seed", "90541", "--kinds", "scan-photocopy", "--jobs", "2", "--show", "3"],
    ),
    "pictures": (
        "All pages of a report as one long picture of 130 to 160 dpi, as web pages show them; such a picture counts as one page.",
        ["accuracy.py", "--reports", "49", "--seed", "90072", "--kinds", "picture", "--show", "3"],
        ["accuracy.py", "--reports", "7", "--seed", "90072", "--kinds", "picture", "--show", "3"],
    ),
    "dumps": (
        "The sample's PDFs as `pdftotext` writes them, in each way it has: what such text no longer tells is missing or disputed. silent = wrong and not disputed.",
        ["dumps.py", "--reports", "105", "--seed", "90302"],
        ["dumps.py", "--reports", "14", "--seed", "90302"],
    ),
    "stated": (
        "Figures stated in prose, read back from sample reports of a fresh seed: the sample's wordings, and wordings held out from all tuning.",
        ["stated.py", "--reports", "1000", "--seed", "90303"],
        ["stated.py", "--reports", "200", "--seed", "90303"],
    ),
    "speed": (
        "Processor time from bytes to columns of facts, proof and prose included, beside the peer's bare table reading, in one process; where it goes.",
        ["speed.py", "--reports", "42", "--rounds", "5", "--profile", "--turns", "7,1"],
        ["speed.py", "--reports", "14", "--rounds", "3", "--profile"],
    ),
    "planted": (
        "Precision and recall of the flags on cities with planted mistakes, beside simple rules.",
        ["planted.py", "--kinds-seeds", "10", "--file-seeds", "10"],
        ["planted.py", "--quick"],
    ),
    "flags": (
        "Processor time and memory of `python -m compare flags` over a district, a city and a province, seven years each.",
        ["flag_sizes.py", "--offices", "36,600,3000"],
        ["flag_sizes.py", "--quick"],
    ),
    "growth": (
        "Documents per second by kind, and whether time and memory grow with the folder.",
        ["scale.py", "growth"],
        ["scale.py", "growth", "--quick"],
    ),
    "jobs": (
        "Two jobs against one, and a local Dask cluster of two workers against one of one; the last column is a digest of all tables.",
        ["scale.py", "jobs", "cluster", "--rounds", "1"],
        ["scale.py", "jobs", "cluster", "--quick"],
    ),
    "again": ("A second run over unchanged reports.", ["scale.py", "again"], ["scale.py", "again", "--quick"]),
    "kills": (
        "kill -9 at random moments, of runs and of single processes of theirs; what they end with beside an undisturbed run.",
        ["scale.py", "kills", "--reports", "8000"],
        ["scale.py", "kills", "--quick"],
    ),
    "fuzz": ("Mutated documents of every kind: nothing may escape, nothing may be lost.", ["fuzz.py"], ["fuzz.py", "--quick"]),
    "country": (
        "The country simulated: 280,000 reports. Reading is reckoned from a city that is read, publishing, the flags of all "
        "31 provinces, the index of all offices and queries are done in full. Where the machine does other work as well, processor seconds say more than the clock.",
        ["country.py", "--city", "1050", "--steps", "read,publish,country,query"],
        ["country.py", "--quick"],
    ),
}  # fmt: skip
DEFAULT = ("accuracy", "stated", "speed", "planted", "flags")


def section(name: str, quick: bool) -> str:
    """Run one benchmark; its section of the README. A benchmark that fails says so there."""
    what, full, short = BENCHMARKS[name]
    command = short if quick else full
    print(f"— {name}: python benchmarks/{' '.join(command)}", flush=True)
    done = subprocess.run(
        [sys.executable, str(HERE / command[0]), *command[1:]], capture_output=True, text=True, check=False
    )
    printed = done.stdout.strip() or "(nothing was printed)"
    print(printed, flush=True)
    failed = (
        ""
        if done.returncode == 0
        else f"\nThis run failed: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else done.returncode}\n"
    )
    body = printed if "\n|---" in f"\n{printed}" else f"```\n{printed}\n```"
    return f"## {name}\n\n{what}\n\n`python benchmarks/{' '.join(command)}`\n\n{body}\n{failed}"


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the benchmarks and write benchmarks/README.md")
    parser.add_argument("names", nargs="*", help="which (default: accuracy stated speed planted flags)")
    parser.add_argument("--quick", action="store_true", help="a few minutes instead of an hour: figures are rougher")
    options = parser.parse_args()
    names = options.names or DEFAULT
    head = (
        "# Benchmarks\n\nWritten by `make bench` (`python benchmarks/run.py`). The figures in tables are printed by the command above them; a note between the two says what changed since.\n"
        f"This run: {os.cpu_count()} processors ({platform.machine()}), Python {platform.python_version()}{', quick sizes' if options.quick else ''}.\n"
    )
    written = {name: section(name, options.quick) for name in names}
    kept = _sections_kept(set(written))
    ordered = [written.get(name) or kept.get(name) for name in BENCHMARKS]
    README.write_text(head + "\n" + "\n".join(part for part in ordered if part), encoding="utf-8")
    return 1 if any("This run failed" in part for part in written.values()) else 0


def _sections_kept(new: set[str]) -> dict[str, str]:
    """Sections of the present README that are not being written anew."""
    if not README.is_file():
        return {}
    _, *parts = README.read_text(encoding="utf-8").split("\n## ")
    found = {part.split("\n", 1)[0].strip(): "## " + part for part in parts}
    return {name: text for name, text in found.items() if name not in new and name in BENCHMARKS}


if __name__ == "__main__":
    sys.exit(main())
