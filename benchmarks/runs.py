"""What the benchmarks of scale share: sample cities of any size, and commands run as people run them, with their time and memory."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

import psutil

from sample.kinds import default_names

SEED = 77
MIX = "html,docx,text"
YEARS = 7
CITIES = Path(tempfile.gettempdir()) / "jiedao-cities"
SECONDS_BETWEEN_LOOKS = 0.1


class Run(NamedTuple):
    """One run of a command: seconds by the clock, seconds of processor time of all its processes, megabytes of the largest of them, what it printed,
    and of the processor time the part of the command's own process, on which the others may wait."""

    seconds: float
    processor: float
    megabytes: float
    printed: str
    own: float = 0.0


def make_city(cities: Path, kinds: str, reports: int) -> Path:
    """A city of about that many reports of these kinds (none: of every kind but scans); made once, kept in the folder of cities."""
    folder = cities / f"{(kinds or 'city').replace(',', '-')}-{reports}"
    if not (folder / "_truth").is_dir():
        offices = max(2, -(-reports // YEARS))
        size = ["--offices", str(offices), "--years", f"2019-{2018 + YEARS}", "--seed", str(SEED)]
        started = time.monotonic()
        every = ",".join(default_names())  # said, for without a word the sample adds some scans
        command = [sys.executable, "-m", "sample", str(folder), *size, "--kinds", kinds or every]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        print(f"{folder.name} written in {time.monotonic() - started:.0f} s", file=sys.stderr)
    return folder


def portion(city: Path, to: Path, share: float) -> Path:
    """The first part of a city's offices as a city of its own: hard links to the same files."""
    offices = sorted(city.glob("district-*/office-*"))
    for office in offices[: max(1, round(share * len(offices)))]:
        target = to / office.relative_to(city)
        target.mkdir(parents=True)
        for path in office.iterdir():
            (target / path.name).hardlink_to(path)
    return to


def count(raw: Path) -> int:
    """The documents of a city."""
    return sum(path.is_file() for folder in raw.glob("district-*") for path in folder.rglob("*"))


def build_command(raw: Path, out: Path, jobs: int, *more: str) -> list[str]:
    """The command that reads a folder and publishes it."""
    return [sys.executable, "-m", "extract", "build", str(raw), "--out", str(out), "--jobs", str(jobs), *more]


def timed(command: list[str]) -> Run:
    """Run a command and watch its processes. CalledProcessError where it fails."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    watch = Watch(process.pid)
    printed, errors = process.communicate()
    seconds = time.monotonic() - started
    watch.join()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, printed, errors)
    own = sum(spent for (pid, _), spent in watch.processor.items() if pid == process.pid)
    return Run(seconds, sum(watch.processor.values()), watch.largest / 2**20, printed, own)


class Watch(threading.Thread):
    """Looks at a process and all beneath it ten times a second until it ends. `largest`: the largest resident set of any one of them, bytes;
    `processor`: seconds by process, those since its last look missing."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.largest = pid, 0
        self.processor: dict[tuple[int, float], float] = {}
        self.start()

    def run(self) -> None:
        """See the class."""
        try:
            top = psutil.Process(self.pid)
            while top.status() != psutil.STATUS_ZOMBIE:
                for process in [top, *top.children(recursive=True)]:
                    self._look(process)
                time.sleep(SECONDS_BETWEEN_LOOKS)
        except psutil.NoSuchProcess:
            return

    def _look(self, process: psutil.Process) -> None:
        try:
            with process.oneshot():
                self.largest = max(self.largest, process.memory_info().rss)
                times = process.cpu_times()
                self.processor[process.pid, process.create_time()] = times.user + times.system
        except psutil.NoSuchProcess:
            return


def digest(out: Path) -> str:
    """One digest of all published tables."""
    total = hashlib.sha256()
    for path in sorted(p for p in out.iterdir() if p.is_file() and p.name != "run.json"):
        total.update(path.name.encode())
        with path.open("rb") as file:
            total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()[:12]


def clear(folder: Path) -> None:
    """Remove a folder, if it is there."""
    shutil.rmtree(folder, ignore_errors=True)
