"""Files made to harm, each read in a process of its own: seconds, memory, and what is told of it.

python benchmarks/hostile.py [--large] [--only NAME,NAME] [--megabytes 1900] [--seconds 120]

--large has those too that take long however careful a reader is. Needs Linux. Prints Markdown; fails where a file is not told of, or where its
process had to be ended from outside.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import harm

from extract.crew import _bound_memory
from extract.document import Source
from extract.report import read_report


def files(secret: Path, with_large: bool) -> Iterator[tuple[str, Callable[[], bytes]]]:
    for name, data in harm.small(secret).items():
        yield name, lambda data=data: data  # type: ignore[misc]
    if with_large:
        yield from harm.large()


def read_alone(name: str, data: bytes, options: argparse.Namespace) -> tuple[float, float, str]:
    """Seconds of processor time, megabytes at most, and what is told, from a process that reads this file and ends."""
    there, here = os.pipe()
    pid = os.fork()
    if not pid:
        _bound_memory(options.megabytes)
        resource.setrlimit(resource.RLIMIT_CPU, (int(options.seconds), int(options.seconds)))
        report = read_report(Source("0" * 12, name, "", "0" * 64), data)
        os.write(here, told(report).encode()[:4000])
        os._exit(0)
    os.close(here)
    with os.fdopen(there, "rb") as pipe:
        said = pipe.read().decode("utf-8", "replace")
    _, status, used = os.wait4(pid, 0)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, said if status == 0 else f"ENDED ({status})"


def told(report: object) -> str:
    notes = list(dict.fromkeys(f"{note.kind}: {note.message[:90]}" for note in report.notes))  # type: ignore[attr-defined]
    more = f" (and {len(notes) - 2} more)" if len(notes) > 2 else ""
    return ("report; " if report.is_report else "") + "; ".join(notes[:2]).replace("\n", " ") + more  # type: ignore[attr-defined]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--large", action="store_true", help="also those of hundreds of megabytes")
    parser.add_argument("--only", default="", help="names of files, with commas between")
    parser.add_argument("--megabytes", type=int, default=1900)
    parser.add_argument("--seconds", type=float, default=120)
    options = parser.parse_args()
    wanted, bad = set(filter(None, options.only.split(","))), []
    read_report(Source("0" * 12, "a.html", "", ""), b"<p>a</p>")  # what is loaded once is loaded
    print("| file | MB | seconds | memory, MB | told |\n|---|---:|---:|---:|---|")
    with tempfile.TemporaryDirectory() as folder:
        secret = Path(folder) / "secret.txt"
        secret.write_text("SECRET")
        for name, make in files(secret, options.large):
            if wanted and name not in wanted:
                continue
            data = make()
            started = time.monotonic()
            seconds, megabytes, said = read_alone(name, data, options)
            print(f"| {name} | {len(data) / 2**20:.1f} | {seconds:.1f} | {megabytes:.0f} | {said[:220]} |", flush=True)
            ended = "ENDED" in said and name not in harm.DEADLY
            failed = not said or "reader_failed" in said or ended or "SECRET" in said
            bad += [name] if failed or time.monotonic() - started > 10 * options.seconds else []
    print(
        f"\n{len(bad)} files were not told of as they should: {', '.join(bad)}"
        if bad
        else "\nEvery file was told of by its reader."
    )
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
