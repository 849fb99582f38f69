"""Nothing is ever lost: not to a deadly document, not to a kill at any moment, not to a second run at the same time; and nothing is read twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest
from deadly import read_deadly
from test_build import frame, page_of, published

import extract.build
from extract.__main__ import main
from extract.batches import Limits
from extract.build import build
from extract.crew import Crew, Processes, hand_out
from extract.lock import Busy, Lock

OFFICES = ("雾屿街道办事处", "沁岚街道办事处", "松汀街道办事处", "云浦街道办事处")


def write_reports(folder: Path, each: int = 5) -> Path:
    """A folder with one sub-folder per fictional office."""
    for number, office in enumerate(OFFICES):
        (folder / f"{number}").mkdir(parents=True)
        for year in range(2021, 2021 + each):
            changed = {"permits.decisions": 100 * number + year}
            (folder / f"{number}" / f"{year}.html").write_bytes(page_of(office, year, **changed))
    return folder


def contents(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in published(out)}


def tables_of(out: Path) -> dict[str, bytes]:
    """Everything but run.json, which names the folder it read."""
    return {name: content for name, content in contents(out).items() if name != "run.json"}


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_reports(tmp_path_factory.mktemp("crash") / "raw")


@pytest.fixture(scope="module")
def undisturbed(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("undisturbed") / "out"
    build(raw, out)
    return out


@pytest.mark.skipif(sys.platform != "linux", reason="bounds and signals as Linux has them")
def test_a_deadly_document_becomes_an_issue_and_takes_nothing_with_it(tmp_path: Path) -> None:
    raw = write_reports(tmp_path / "raw", each=2)
    build(raw, tmp_path / "before")
    for word in ("DIE", "CRASH", "HANG", "WAIT", "DEVOUR", "HALF"):
        (raw / "1" / f"{word}.html").write_bytes(page_of(OFFICES[1], 2023) + f"<p>{word}</p>".encode())
    limits = Limits(seconds=8, megabytes=900, clock=4)
    summary = build(raw, tmp_path / "out", 2, limits=limits, read=read_deadly)
    assert (summary.files, summary.reports, summary.read) == (14, 8, 14)
    issues = frame(tmp_path / "out", "issues.csv").set_index("source_path")
    broken = {
        "1/DIE.html": "killed by the system",
        "1/CRASH.html": "segmentation fault",
        "1/HANG.html": "time limit (clock)",
        "1/WAIT.html": "time limit (clock)",
        "1/DEVOUR.html": "out of memory",
    }
    for path, reason in broken.items():
        assert issues.loc[path, "kind"] == "reading_broken_off" and reason in issues.loc[path, "message"], path
    assert issues.loc["1/HALF.html", "kind"] == "reader_failed"
    for name in ("facts.parquet", "grids.parquet", "permits.csv", "reports.csv", "sections.csv"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "before" / name).read_bytes(), name
    # Remembered like any other result, until somebody asks for another try.
    assert build(raw, tmp_path / "out", limits=limits).unchanged
    assert build(raw, tmp_path / "out", retry=True).read == len(broken)
    assert build(raw, tmp_path / "out").reports == 8 + len(broken)


def test_a_worker_whose_memory_is_full_is_replaced_and_no_document_blamed_for_it(tmp_path: Path) -> None:
    raw = write_reports(tmp_path / "raw", each=2)
    (raw / "0" / "2022.html").rename(raw / "0" / "FULL.html")
    assert build(raw, tmp_path / "out", read=read_deadly).reports == 8
    assert "reading_broken_off" not in set(frame(tmp_path / "out", "issues.csv")["kind"])


@pytest.mark.skipif(sys.platform == "win32", reason="no alarm of processor time")
def test_a_document_that_only_computes_is_ended_by_its_processor_time_long_before_the_clock(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "spin.html").write_bytes(page_of(OFFICES[1], 2023) + b"<p>SPIN</p>")
    build(tmp_path / "raw", tmp_path / "out", limits=Limits(seconds=1.5, clock=300), read=read_deadly)
    (issue,) = frame(tmp_path / "out", "issues.csv").to_dict("records")
    assert issue["kind"] == "reading_broken_off" and "time limit (processor)" in issue["message"]


def test_only_what_changed_is_read_and_the_tables_are_those_of_a_fresh_run(tmp_path: Path) -> None:
    raw, out = write_reports(tmp_path / "raw"), tmp_path / "out"
    assert build(raw, out).read == 20
    (raw / "1" / "2022.html").write_bytes(page_of(OFFICES[1], 2022, **{"permits.decisions": 3}))
    (raw / "2" / "2021.html").unlink()
    (raw / "0" / "2020.html").write_bytes(page_of(OFFICES[0], 2020))
    (raw / "3" / "2021.html").rename(raw / "3" / "moved.html")
    summary = build(raw, out, 2)
    assert (summary.read, summary.known, summary.reports) == (3, 17, 20)
    build(raw, tmp_path / "fresh")
    assert tables_of(out) == tables_of(tmp_path / "fresh")


def test_a_touched_file_is_looked_at_and_not_read(tmp_path: Path) -> None:
    raw, out = write_reports(tmp_path / "raw", each=1), tmp_path / "out"
    build(raw, out)
    os.utime(raw / "1" / "2021.html")
    summary = build(raw, out)
    assert summary.unchanged and summary.read == 0


def test_a_change_that_size_and_time_hide_is_found_with_rehash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw, out = write_reports(tmp_path / "raw", each=1), tmp_path / "out"
    # Stamps that never change stand for a file system that keeps no usable times.
    monkeypatch.setattr("extract.storage.LocalFolder.stamp", lambda self, path: "0-0-0-0")
    build(raw, out)
    (raw / "1" / "2021.html").write_bytes(page_of(OFFICES[1], 2021, **{"permits.decisions": 3}))
    assert build(raw, out).unchanged
    assert build(raw, out, rehash=True).read == 1
    assert 3 in frame(out, "permits.csv")["decisions"].tolist()


def test_a_file_written_a_moment_ago_is_hashed_again(tmp_path: Path) -> None:
    raw, out = write_reports(tmp_path / "raw", each=1), tmp_path / "out"
    path = raw / "1" / "2021.html"
    build(raw, out)
    seen = path.stat()
    path.write_bytes(path.read_bytes().replace(b"2121", b"2122"))
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    assert path.stat().st_size == seen.st_size
    assert build(raw, out).read == 1


def test_neighbours_are_settled_anew_without_reading_them_again(tmp_path: Path) -> None:
    raw, out = tmp_path / "raw", tmp_path / "out"
    (raw / "street").mkdir(parents=True)
    for year in (2021, 2022):
        markup = page_of(OFFICES[0], year).decode().replace("云汐市栖霞湾区人民政府", "")
        (raw / "street" / f"{year}.html").write_text(markup, encoding="utf-8")
    build(raw, out)
    assert frame(out, "reports.csv")["district_zh"].isna().all()
    (raw / "street" / "2023.html").write_bytes(page_of(OFFICES[0], 2023))
    assert build(raw, out).read == 1
    reports, facts = frame(out, "reports.csv"), frame(out, "facts.parquet")
    assert reports["district_zh"].notna().all() and reports["office_id"].nunique() == 1
    assert set(facts["report_id"]) == set(reports["report_id"]) == set(frame(out, "wide.csv")["report_id"])
    assert (facts["fact_id"] == facts["report_id"] + "/" + facts["cell"]).all()
    issues = frame(out, "issues.csv")
    assert set(issues["report_id"].dropna()) <= set(reports["report_id"])
    build(raw, tmp_path / "fresh")
    assert tables_of(out) == tables_of(tmp_path / "fresh")


def test_another_extractor_reads_everything_again(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert build(raw, tmp_path).read == 20
    monkeypatch.setattr(extract.build, "extractor_version", lambda: "another")
    assert build(raw, tmp_path).read == 20


@pytest.mark.parametrize("damage", [b"", b"no database", b"SQLite format 3\x00" + bytes(5000)])
def test_a_damaged_manifest_is_made_anew(raw: Path, undisturbed: Path, tmp_path: Path, damage: bytes) -> None:
    build(raw, tmp_path)
    manifest = tmp_path / ".cache" / "manifest.sqlite"
    manifest.write_bytes(damage)
    (tmp_path / "run.json").unlink()
    assert build(raw, tmp_path).read == 20
    assert tables_of(tmp_path) == tables_of(undisturbed)


def test_a_file_that_changes_while_it_is_read_is_told_and_looked_at_again(tmp_path: Path) -> None:
    raw, out = write_reports(tmp_path / "raw", each=1), tmp_path / "out"
    summary = build(raw, out, read=read_after_a_change)
    assert summary.reports == 3
    assert frame(out, "issues.csv").set_index("source_path").loc["1/2021.html", "kind"] == "changed_meanwhile"
    summary = build(raw, out)
    assert (summary.unchanged, summary.read, summary.reports) == (False, 1, 4)


def read_after_a_change(address: str, sources: list, limits: Limits) -> object:
    from extract.batches import read_documents

    (Path(address) / "1" / "2021.html").write_bytes(page_of(OFFICES[1], 2021, **{"permits.decisions": 77}))
    return read_documents(address, sources, limits)


def test_the_second_of_two_runs_says_so_and_stops(
    raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Lock(tmp_path / ".cache" / "lock", "it"):
        with pytest.raises(Busy, match=f"process {os.getpid()}"):
            build(raw, tmp_path)
        assert main(["build", str(raw), "--out", str(tmp_path), "--jobs", "1"]) == 1
        errors = capsys.readouterr().err
        assert "another run" in errors and errors.count("\n") == 1
    assert published(tmp_path) == []
    assert build(raw, tmp_path).reports == 20  # the lock of the run that has ended holds nobody up


def test_a_lock_whose_holder_was_killed_holds_nobody_up(raw: Path, tmp_path: Path) -> None:
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache" / "lock").write_text("process 1 on elsewhere\n", encoding="utf-8")
    assert build(raw, tmp_path).reports == 20
    assert f"process {os.getpid()}" in (tmp_path / ".cache" / "lock").read_text(encoding="utf-8")


def test_a_kill_while_files_are_moved_is_noticed(raw: Path, undisturbed: Path, tmp_path: Path) -> None:
    """A run that died between two of its files leaves tables of two runs; without run.json nobody takes them for one."""
    build(raw, tmp_path)
    (tmp_path / "run.json").unlink()
    (tmp_path / "permits.csv").write_bytes(b"of another run")
    (tmp_path / ".unfinished").mkdir()
    (tmp_path / ".unfinished" / "half.csv").write_bytes(b"x")
    summary = build(raw, tmp_path)
    assert (summary.read, summary.known) == (0, 20)
    assert tables_of(tmp_path) == tables_of(undisturbed) and not (tmp_path / ".unfinished").exists()


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for left processes in /proc")
def test_runs_killed_at_random_moments_end_with_the_tables_of_an_undisturbed_one(tmp_path: Path) -> None:
    raw, out = write_reports(tmp_path / "raw", each=60), tmp_path / "out"
    build(raw, tmp_path / "undisturbed", 2)
    moment = random.Random(6)
    command = [sys.executable, "-m", "extract", "build", str(raw), "--out", str(out), "--jobs", "2"]
    for _ in range(4):
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        time.sleep(moment.uniform(0.5, 4))
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        assert not left_behind(run.pid, 20)
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert tables_of(out) == tables_of(tmp_path / "undisturbed") and not (out / ".unfinished").exists()
    again = subprocess.run(command, capture_output=True, check=True, text=True)
    assert "Nothing has changed" in again.stdout


def test_a_pool_that_breaks_as_it_begins_is_replaced_until_one_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """So it is where the process that starts all workers is killed at the beginning: the next pool may still meet what it left."""

    class Broken:
        def schedule(self, *_: object, **__: object) -> None:
            raise BrokenProcessPool

        stop = join = lambda self: None

    broken, new_pool = [Broken() for _ in range(3)], Processes._new_pool
    monkeypatch.setattr(Processes, "_new_pool", lambda self: broken.pop() if broken else new_pool(self))
    with Processes(1) as executor:
        assert executor.submit(len, "ab").result() == 2


def left_behind(session: int, patience: float) -> list[str]:
    """Processes that a killed run has started and that are still there after so many seconds."""
    end = time.monotonic() + patience
    while True:
        left = [p.name for p in Path("/proc").iterdir() if p.name.isdigit() and session_of(p) == session]
        if not left or time.monotonic() > end:
            return left
        time.sleep(0.2)


def session_of(process: Path) -> int | None:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[3])
    except (OSError, ValueError):
        return None


class Killed(Exception):
    """What a process leaves that somebody else has ended."""

    exitcode = -9


@pytest.mark.parametrize(
    ("error", "times", "blamed"), [(Killed, 3, []), (Killed, 4, [1]), (ValueError, 1, []), (ValueError, 2, [1])]
)
def test_nobody_is_blamed_where_processes_are_ended_from_outside_a_few_times(
    error: type[Exception], times: int, blamed: list[int]
) -> None:
    done, lost, left = [], [], [times]

    class Endangered(Executor):
        def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
            future: Future[list[int]] = Future()
            if 1 in args[0] and left[0]:
                left[0] -= 1
                future.set_exception(error())
            else:
                future.set_result(args[0])
            return future

    crew = Crew(Endangered(), 1, alone=True)
    take = lambda items, result: done.extend(result) or []  # noqa: E731
    hand_out(crew, lambda items: (list, (items,)), iter([[1, 2], [3]]), take, lambda item, error: lost.append(item))
    assert lost == blamed and sorted(done + lost) == [1, 2, 3]
