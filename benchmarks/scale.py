"""Does it scale: documents per second and memory as folders grow, jobs, a cluster, a second run, kills at random moments.

python benchmarks/scale.py [growth] [jobs] [cluster] [again] [kills] [pool] [--reports 20000] [--pdfs 2000] [--kills 50] [--rounds 3] [--jobs 2]
                           [--folder DIR] [--quick]

Without a name it does all of them. The sample cities are written once and kept for the next time (remove them when the sample has changed).
Every run is the command that people call, in a process of its own; memory is the largest resident set of any single process of the run, asked
ten times a second. Beside the clock stands the processor time of all processes: on a machine that does other work as well the clock says
little, the ratio of processor times still something. Prints Markdown.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
from runs import CITIES, MIX, SEED, Run, build_command, clear, count, digest, make_city, portion, timed

KINDS = ("html", "docx", "text")
SHARES = (0.1, 0.5)  # of a city, beside the whole


def growth(folder: Path, options: argparse.Namespace) -> None:
    """Documents per second of each kind (a twentieth of the city's size), then the mix and PDFs at a tenth, at half, and at full size."""
    head = "| documents | kind | seconds | per second | processor seconds | ms each | largest process, MB |"
    print(f"\n### Growth, {options.jobs} jobs\n\n{head}\n|---:|---|---:|---:|---:|---:|---:|")
    told = []
    for kind in KINDS:
        measured(make_city(folder, kind, options.reports // 20), kind, options.jobs)
    for kind, reports in ((MIX, options.reports), ("pdf", options.pdfs)):
        raw = make_city(folder, kind, reports)
        with tempfile.TemporaryDirectory(dir=folder) as parts:
            sizes = [portion(raw, Path(parts) / f"{share}", share) for share in SHARES]
            runs = [measured(part, kind, options.jobs) for part in (*sizes, raw)]
        told.append(compared(kind, runs))
    print("\n" + "\n".join(told))


def measured(raw: Path, kind: str, jobs: int) -> tuple[int, Run]:
    """One run over a folder, told in a row; how many documents, and the run."""
    with tempfile.TemporaryDirectory() as out:
        run = timed(build_command(raw, Path(out) / "out", jobs))
    documents = count(raw)
    rates = f"{run.seconds:.1f} | {documents / run.seconds:.1f} | {run.processor:.1f} | {1000 * run.processor / documents:.1f}"
    print(f"| {documents:,} | {kind} | {rates} | {run.megabytes:.0f} |", flush=True)
    return documents, run


def compared(kind: str, runs: list[tuple[int, Run]]) -> str:
    """What further documents cost from a tenth to half and from half to all, which leaves out what every run costs once; and memory."""
    (few, first), (half, middle), (many, last) = runs
    early = (middle.processor - first.processor) / (half - few)
    late = (last.processor - middle.processor) / (many - half)
    told = f"{kind}: a further document takes {1000 * early:.1f} ms of processor time up to {half:,}, {1000 * late:.1f} ms up to {many:,}"
    memory = [last.megabytes / earlier.megabytes - 1 for earlier in (first, middle)]
    return f"- {told} ({late / early - 1:+.0%}); memory {memory[0]:+.0%} from {few:,}, {memory[1]:+.0%} from {half:,}"


def jobs(folder: Path, options: argparse.Namespace) -> None:
    """Two jobs against one, over the city."""
    raw = make_city(folder, MIX, options.reports)
    print(f"\n### Jobs, {count(raw):,} documents\n")
    compare_pairs("jobs", options.rounds, lambda number, out: timed(build_command(raw, out, number)))


def cluster(folder: Path, options: argparse.Namespace) -> None:
    """A local Dask cluster of two workers against one of one, over the same. Publishing is done where the command runs, by as many processes."""
    from distributed import LocalCluster

    with quarter(folder, options) as raw:
        print(f"\n### Dask, {count(raw):,} documents\n")

        def run(number: int, out: Path) -> Run:
            with LocalCluster(n_workers=number, threads_per_worker=1, dashboard_address=None) as workers:
                return timed(build_command(raw, out, number, "--scheduler", workers.scheduler_address))

        compare_pairs("workers", options.rounds, run)


@contextlib.contextmanager
def quarter(folder: Path, options: argparse.Namespace) -> Iterator[Path]:
    """A quarter of the city's offices, as a city of its own for as long as it is needed."""
    city = make_city(folder, MIX, options.reports)
    with tempfile.TemporaryDirectory(dir=folder) as part:
        yield portion(city, Path(part), 0.25)


def compare_pairs(what: str, rounds: int, run: Callable[[int, Path], Run]) -> None:
    """One against two in turns, and the quickest round of each: what else the machine does slows some rounds down and speeds none up."""
    print(f"| round | {what} | seconds | processor seconds | of these the command's own process | tables |")
    print("|---:|---:|---:|---:|---:|---|")
    best: dict[int, float] = {}
    for turn in range(1, rounds + 1):
        for number in (1, 2):
            with tempfile.TemporaryDirectory() as out:
                done = run(number, Path(out) / "out")
                best[number] = min(done.seconds, best.get(number, done.seconds))
                row = f"{done.seconds:.1f} | {done.processor:.1f} | {done.own:.1f} | {digest(Path(out) / 'out')}"
                print(f"| {turn} | {number} | {row} |", flush=True)
    print(f"\nTwo {what} are {best[1] / best[2]:.2f} times as fast as one, by the quickest round of each.")


def again(folder: Path, options: argparse.Namespace) -> None:
    """A second run over unchanged reports, and one after a single change."""
    raw = make_city(folder, MIX, options.reports)
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
    """Kill -9 at random moments: two times in three the run itself, which is then resumed and may be killed again, else one of its processes,
    without which it must go on. What it ends with is compared with an undisturbed run."""
    raw = make_city(folder, MIX, options.reports // 20)
    moments = random.Random(SEED)
    with tempfile.TemporaryDirectory() as temporary:
        out, calm = Path(temporary) / "out", Path(temporary) / "calm"
        whole = timed(build_command(raw, calm, options.jobs)).seconds
        killed = helpers = ended = same = failed = 0
        while killed + helpers < options.kills:
            process = subprocess.Popen(
                build_command(raw, out, options.jobs), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            while process.poll() is None and killed + helpers < options.kills:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(moments.uniform(0, whole / 3))
                if process.poll() is None:
                    hit = strike(process, moments)
                    killed, helpers = killed + (hit == "run"), helpers + (hit == "helper")
            process.wait()
            failed += process.returncode not in (0, -signal.SIGKILL)
            if process.returncode == 0:  # done between kills: compare, and begin anew
                ended, same = ended + 1, same + (digest(out) == digest(calm))
                clear(out)
        timed(build_command(raw, out, options.jobs))
        ended, same = ended + 1, same + (digest(out) == digest(calm))
        print(f"\n### Kills, {count(raw):,} documents\n")
        print(
            "| runs killed | their processes killed | runs that failed | runs to the end | of these identical to an undisturbed run |"
        )
        print(f"|---:|---:|---:|---:|---:|\n| {killed} | {helpers} | {failed} | {ended} | {same} |")


def strike(process: subprocess.Popen[bytes], rng: random.Random) -> str:
    """Kill a run, or one of its processes; says which."""
    try:
        beneath = psutil.Process(process.pid).children(recursive=True)
        if beneath and rng.random() < 1 / 3:
            rng.choice(beneath).kill()
            return "helper"
    except psutil.NoSuchProcess:
        return "nothing"
    process.kill()
    process.wait()
    return "run"


def pool(folder: Path, options: argparse.Namespace) -> None:
    """What isolated workers cost: the same batches through them and through concurrent.futures."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from extract.batches import Limits, read_documents
    from extract.crew import Crew, Processes, hand_out
    from extract.document import Source
    from extract.reading import BATCH
    from extract.sources import identify_file, walk

    raw = make_city(folder, MIX, options.reports // 10)
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
    parser.add_argument("--rounds", type=int, default=3, help="of one against two, in jobs and cluster")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=CITIES, help=f"keep the cities here (default: {CITIES})")
    parser.add_argument("--quick", action="store_true", help="400 reports, 40 PDFs, 3 kills, 1 round")
    options = parser.parse_args()
    if options.quick:
        options.reports, options.pdfs, options.kills, options.rounds = 400, 40, 3, 1
    if unknown := [name for name in options.measures if name not in MEASURES]:
        parser.error(f"unknown measure {unknown[0]}: {', '.join(MEASURES)}")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the beginning")
    options.folder.mkdir(parents=True, exist_ok=True)
    for name in options.measures or MEASURES:
        MEASURES[name](options.folder, options)


if __name__ == "__main__":
    main()
