"""Does it scale: documents per second and memory as folders grow, jobs, a cluster, a second run, kills at random moments.

python benchmarks/scale.py [growth] [jobs] [cluster] [again] [kills] [pool] [--reports 20000] [--pdfs 2000] [--kills 50] [--jobs 2] [--folder DIR] [--quick]

Without a name it does all of them. Every run is the command that people call, in a process of its own; memory is the largest resident set of
any single process of the run, asked ten times a second. Beside the clock stands the processor time of all processes: on a machine that does
other work as well the clock says little, the ratio of processor times still something. Prints Markdown.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from runs import MIX, SEED, Run, build_command, clear, count, digest, make_city, timed

KINDS = ("html", "docx", "text")


def growth(folder: Path, options: argparse.Namespace) -> None:
    """Documents per second by kind and for the mix, at a tenth and at full size."""
    head = "| documents | kind | seconds | per second | processor seconds | ms each | largest process, MB |"
    print(f"\n### Growth, {options.jobs} jobs\n\n{head}\n|---:|---|---:|---:|---:|---:|---:|")
    wanted = [(kind, options.reports // 10) for kind in KINDS]
    wanted += [(MIX, options.reports // 10), (MIX, options.reports), ("pdf", options.pdfs // 10), ("pdf", options.pdfs)]
    seen: dict[str, list[tuple[int, Run]]] = {}
    for kind, reports in wanted:
        raw = make_city(folder / f"{kind.replace(',', '-')}-{reports}", kind, reports)
        with tempfile.TemporaryDirectory() as out:
            run = timed(build_command(raw, Path(out) / "out", options.jobs))
        documents = count(raw)
        seen.setdefault(kind, []).append((documents, run))
        rates = f"{run.seconds:.1f} | {documents / run.seconds:.1f} | {run.processor:.1f} | {1000 * run.processor / documents:.1f}"
        print(f"| {documents:,} | {kind} | {rates} | {run.megabytes:.0f} |", flush=True)
    print()
    for kind, runs in seen.items():
        if len(runs) == 2:
            print(compared(kind, *runs))


def compared(kind: str, small: tuple[int, Run], large: tuple[int, Run]) -> str:
    """How the cost of a document and the memory change from the small folder to the large one."""
    (few, first), (many, second) = small, large
    clock = (second.seconds / many) / (first.seconds / few) - 1
    processor = (second.processor / many) / (first.processor / few) - 1
    memory = second.megabytes / first.megabytes - 1
    return f"{kind}, {many / few:.1f} times the documents: time for each {clock:+.0%}, processor time {processor:+.0%}, memory {memory:+.0%}"


def jobs(folder: Path, options: argparse.Namespace) -> None:
    """Two jobs against one."""
    raw = make_city(folder / f"mix-{options.reports // 10}", MIX, options.reports // 10)
    print(f"\n### Jobs, {count(raw):,} documents\n\n{PAIRED.format('jobs')}")
    alone = None
    for number in (1, 2):
        with tempfile.TemporaryDirectory() as out:
            run = timed(build_command(raw, Path(out) / "out", number))
            alone = alone or run
            print(paired(number, run, alone, Path(out) / "out"), flush=True)


PAIRED = "| {} | seconds | times as fast | processor seconds | tables |\n|---:|---:|---:|---:|---|"


def paired(number: int, run: Run, alone: Run, out: Path) -> str:
    return f"| {number} | {run.seconds:.1f} | {alone.seconds / run.seconds:.2f} | {run.processor:.1f} | {digest(out)} |"


def cluster(folder: Path, options: argparse.Namespace) -> None:
    """A local Dask cluster of two workers against one of one. Publishing is done where the command runs, by as many threads."""
    from distributed import LocalCluster

    raw = make_city(folder / f"mix-{options.reports // 10}", MIX, options.reports // 10)
    print(f"\n### Dask, {count(raw):,} documents\n\n{PAIRED.format('workers')}")
    alone = None
    for number in (1, 2):
        with (
            tempfile.TemporaryDirectory() as out,
            LocalCluster(n_workers=number, threads_per_worker=1, dashboard_address=None) as workers,
        ):
            command = build_command(raw, Path(out) / "out", number, "--scheduler", workers.scheduler_address)
            run = timed(command)
            alone = alone or run
            print(paired(number, run, alone, Path(out) / "out"), flush=True)


def again(folder: Path, options: argparse.Namespace) -> None:
    """A second run over unchanged reports, and one after a single change."""
    raw = make_city(folder / f"mix-{options.reports}", MIX, options.reports)
    print(
        f"\n### Again, {count(raw):,} documents\n\n| run | seconds | processor seconds | what it said |\n|---|---:|---:|---|"
    )
    with tempfile.TemporaryDirectory() as out:
        command = build_command(raw, Path(out) / "out", options.jobs)
        for name, more in (("first", []), ("second", []), ("second, every file hashed", ["--rehash"])):
            run = timed([*command, *more])
            print(f"| {name} | {run.seconds:.1f} | {run.processor:.1f} | {run.printed.splitlines()[0]} |", flush=True)
        added = raw / "added.txt"
        try:
            added.write_text("今天开会。", encoding="utf-8")
            run = timed(command)
            print(
                f"| one file added | {run.seconds:.1f} | {run.processor:.1f} | {run.printed.splitlines()[0]} |",
                flush=True,
            )
        finally:
            added.unlink()


def kills(folder: Path, options: argparse.Namespace) -> None:
    """Kill -9 at random moments, each followed by a resumed run, which may be killed again; the end compared with an undisturbed run."""
    raw = make_city(folder / f"mix-{options.reports // 10}", MIX, options.reports // 10)
    moments = random.Random(SEED)
    with tempfile.TemporaryDirectory() as temporary:
        out, calm = Path(temporary) / "out", Path(temporary) / "calm"
        whole = timed(build_command(raw, calm, options.jobs)).seconds
        killed = ended = same = 0
        while killed < options.kills:
            process = subprocess.Popen(
                build_command(raw, out, options.jobs), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            try:
                process.wait(moments.uniform(0, whole / 3))
            except subprocess.TimeoutExpired:
                os.kill(process.pid, signal.SIGKILL)
                killed += 1
            process.wait()
            if process.returncode == 0:  # done between kills: compare, and begin anew
                ended, same = ended + 1, same + (digest(out) == digest(calm))
                clear(out)
        timed(build_command(raw, out, options.jobs))
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
