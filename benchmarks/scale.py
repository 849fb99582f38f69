"""Does it scale: documents per second and memory as folders grow, jobs, a cluster, a second run, kills at random moments.

python benchmarks/scale.py [growth] [jobs] [cluster] [again] [kills] [pool] [--reports 20000] [--pdfs 2000] [--kills 50] [--jobs 2] [--folder DIR] [--quick]

Without a name it does all of them. Every run is the command that people call, in a process of its own; memory is the largest resident set of
any single process of the run, asked ten times a second; times are by the clock, so the machine should be idle. Prints Markdown.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import psutil

SEED = 77
MIX = "html,docx,text"
KINDS = ("html", "docx", "text")


class Run(NamedTuple):
    """One run: seconds by the clock, megabytes of the largest process, what it printed."""

    seconds: float
    megabytes: float
    printed: str


def make_city(folder: Path, kinds: str, reports: int) -> Path:
    """A city of about that many reports; made once, kept in the folder."""
    if not folder.exists():
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
            str(SEED),
            "--kinds",
            kinds,
        ]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return folder


def count(raw: Path) -> int:
    return sum(path.is_file() for folder in raw.glob("district-*") for path in folder.rglob("*"))


def command_of(raw: Path, out: Path, jobs: int, *more: str) -> list[str]:
    return [sys.executable, "-m", "extract", "build", str(raw), "--out", str(out), "--jobs", str(jobs), *more]


def timed(command: list[str]) -> Run:
    """Run a command and watch its memory. CalledProcessError where it fails."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    largest = [0]
    watcher = threading.Thread(target=watch, args=(process.pid, largest), daemon=True)
    watcher.start()
    printed, errors = process.communicate()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, printed, errors)
    return Run(time.monotonic() - started, largest[0] / 2**20, printed)


def watch(pid: int, largest: list[int]) -> None:
    """Keep the largest resident set of a process and of all beneath it, until it ends."""
    try:
        top = psutil.Process(pid)
        while True:
            for process in [top, *top.children(recursive=True)]:
                try:
                    largest[0] = max(largest[0], process.memory_info().rss)
                except psutil.NoSuchProcess:
                    continue
            time.sleep(0.1)
    except psutil.NoSuchProcess:
        return


def digest(out: Path) -> str:
    """One digest of all published tables."""
    total = hashlib.sha256()
    for path in sorted(p for p in out.iterdir() if p.is_file() and p.name != "run.json"):
        total.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:12]


def growth(folder: Path, options: argparse.Namespace) -> None:
    """Documents per second by kind and for the mix, at a tenth and at full size."""
    print(
        f"\n### Growth, {options.jobs} jobs\n\n| documents | kind | seconds | per second | largest process, MB |\n|---:|---|---:|---:|---:|"
    )
    wanted = [(kind, options.reports // 10) for kind in KINDS]
    wanted += [(MIX, options.reports // 10), (MIX, options.reports), ("pdf", options.pdfs // 10), ("pdf", options.pdfs)]
    seen: dict[str, list[tuple[int, Run]]] = {}
    for kind, reports in wanted:
        raw = make_city(folder / f"{kind.replace(',', '-')}-{reports}", kind, reports)
        with tempfile.TemporaryDirectory() as out:
            run = timed(command_of(raw, Path(out) / "out", options.jobs))
        documents = count(raw)
        seen.setdefault(kind, []).append((documents, run))
        print(
            f"| {documents:,} | {kind} | {run.seconds:.1f} | {documents / run.seconds:.1f} | {run.megabytes:.0f} |",
            flush=True,
        )
    print()
    for kind, runs in seen.items():
        if len(runs) == 2:
            (few, small), (many, large) = runs
            per_document = (large.seconds / many) / (small.seconds / few) - 1
            print(
                f"{kind}, {many / few:.1f} times the documents: time for each {per_document:+.0%}, memory {large.megabytes / small.megabytes - 1:+.0%}"
            )


def jobs(folder: Path, options: argparse.Namespace) -> None:
    """Two jobs against one."""
    raw = make_city(folder / f"mix-{options.reports // 10}", MIX, options.reports // 10)
    print(f"\n### Jobs, {count(raw):,} documents\n\n| jobs | seconds | times as fast | tables |\n|---:|---:|---:|---|")
    alone = 0.0
    for number in (1, 2):
        with tempfile.TemporaryDirectory() as out:
            run = timed(command_of(raw, Path(out) / "out", number))
            alone = alone or run.seconds
            print(
                f"| {number} | {run.seconds:.1f} | {alone / run.seconds:.2f} | {digest(Path(out) / 'out')} |",
                flush=True,
            )


def cluster(folder: Path, options: argparse.Namespace) -> None:
    """A local Dask cluster of two workers against one of one."""
    from distributed import LocalCluster

    raw = make_city(folder / f"mix-{options.reports // 10}", MIX, options.reports // 10)
    print(
        f"\n### Dask, {count(raw):,} documents\n\n| workers | seconds | times as fast | tables |\n|---:|---:|---:|---|"
    )
    alone = 0.0
    for number in (1, 2):
        with (
            tempfile.TemporaryDirectory() as out,
            LocalCluster(n_workers=number, threads_per_worker=1, dashboard_address=None) as workers,
        ):
            run = timed(command_of(raw, Path(out) / "out", 1, "--scheduler", workers.scheduler_address))
            alone = alone or run.seconds
            print(
                f"| {number} | {run.seconds:.1f} | {alone / run.seconds:.2f} | {digest(Path(out) / 'out')} |",
                flush=True,
            )


def again(folder: Path, options: argparse.Namespace) -> None:
    """A second run over unchanged reports, and one after a single change."""
    raw = make_city(folder / f"mix-{options.reports}", MIX, options.reports)
    print(f"\n### Again, {count(raw):,} documents\n\n| run | seconds | what it said |\n|---|---:|---|")
    with tempfile.TemporaryDirectory() as out:
        command = command_of(raw, Path(out) / "out", options.jobs)
        for name, more in (("first", []), ("second", []), ("second, every file hashed", ["--rehash"])):
            run = timed([*command, *more])
            print(f"| {name} | {run.seconds:.1f} | {run.printed.splitlines()[0]} |", flush=True)
        added = raw / "added.txt"
        try:
            added.write_text("今天开会。", encoding="utf-8")
            run = timed(command)
            print(f"| one file added | {run.seconds:.1f} | {run.printed.splitlines()[0]} |", flush=True)
        finally:
            added.unlink()


def kills(folder: Path, options: argparse.Namespace) -> None:
    """Kill -9 at random moments, each followed by a resumed run, which may be killed again; the end compared with an undisturbed run."""
    raw = make_city(folder / f"mix-{options.reports // 10}", MIX, options.reports // 10)
    moments = random.Random(SEED)
    with tempfile.TemporaryDirectory() as temporary:
        out, calm = Path(temporary) / "out", Path(temporary) / "calm"
        whole = timed(command_of(raw, calm, options.jobs)).seconds
        killed = ended = same = 0
        while killed < options.kills:
            process = subprocess.Popen(
                command_of(raw, out, options.jobs), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            try:
                process.wait(moments.uniform(0, whole / 3))
            except subprocess.TimeoutExpired:
                os.kill(process.pid, signal.SIGKILL)
                killed += 1
            process.wait()
            if process.returncode == 0:  # done between kills: compare, and begin anew
                ended, same = ended + 1, same + (digest(out) == digest(calm))
                subprocess.run(["rm", "-rf", str(out)], check=True)
        timed(command_of(raw, out, options.jobs))
        ended, same = ended + 1, same + (digest(out) == digest(calm))
        print(
            f"\n### Kills, {count(raw):,} documents\n\n| kills | runs to the end | of these identical to an undisturbed run |\n|---:|---:|---:|"
        )
        print(f"| {killed} | {ended} | {same} |")


def pool(folder: Path, options: argparse.Namespace) -> None:
    """What isolated workers cost: the same batches through them and through concurrent.futures."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from extract.batches import Limits, read_documents
    from extract.crew import Crew, Processes, hand_out
    from extract.document import Source
    from extract.reading import BATCH
    from extract.sources import identify_file, walk

    raw = make_city(folder / f"mix-{options.reports // 10}", MIX, options.reports // 10)
    sources = [s for path in walk(raw) if isinstance(s := identify_file(raw, path), Source)]
    batches = [sources[at : at + BATCH] for at in range(0, len(sources), BATCH)]
    print(f"\n### Workers, {len(sources):,} documents, {options.jobs} processes\n\n| workers | seconds |\n|---|---:|")
    makers: dict[str, Callable[[], object]] = {
        "concurrent.futures": lambda: ProcessPoolExecutor(options.jobs, mp_context=get_context("forkserver")),
        "isolated": lambda: Processes(options.jobs, 1900),
    }
    for name in ("concurrent.futures", "isolated", "concurrent.futures", "isolated"):
        with makers[name]() as executor:  # type: ignore[attr-defined]
            hand_out(
                Crew(executor, options.jobs), lambda b: (len, (b,)), iter([[1], [2]]), lambda b, r: [], raises
            )  # start them
            started = time.monotonic()
            work = lambda b: (read_documents, (str(raw), b, Limits()))  # noqa: E731
            hand_out(Crew(executor, options.jobs), work, iter(batches), lambda b, part: part.left, raises)
            print(f"| {name} | {time.monotonic() - started:.1f} |", flush=True)


def raises(item: object, error: BaseException) -> None:
    raise error


MEASURES = {"growth": growth, "jobs": jobs, "cluster": cluster, "again": again, "kills": kills, "pool": pool}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("measures", nargs="*", help=f"any of {', '.join(MEASURES)} (default: all)")
    parser.add_argument("--reports", type=int, default=20_000)
    parser.add_argument("--pdfs", type=int, default=2_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="keep the cities here, for the next time")
    parser.add_argument("--quick", action="store_true", help="400 reports, 40 PDFs, 3 kills")
    options = parser.parse_args()
    if options.quick:
        options.reports, options.pdfs, options.kills = 400, 40, 3
    if unknown := [name for name in options.measures if name not in MEASURES]:
        parser.error(f"unknown measure {unknown[0]}: {', '.join(MEASURES)}")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the beginning")
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for name in options.measures or MEASURES:
            MEASURES[name](folder, options)


if __name__ == "__main__":
    main()
