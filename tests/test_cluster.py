"""The same code over any executor: threads, processes, a Dask cluster; and folders at addresses."""

from __future__ import annotations

import shutil
import sys
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path

import fsspec
import pytest
from deadly import read_deadly
from test_build import frame, page_of
from test_crash_safety import OFFICES, tables_of, write_reports

from extract.__main__ import main
from extract.batches import Limits
from extract.build import build
from extract.crew import Crew, hand_out

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_reports(tmp_path_factory.mktemp("cluster") / "raw")
    (folder / "broken.html").write_bytes(b"<html></html>")
    (folder / "manifest.csv").write_text("path,url\n0/2021.html,https://example.invalid/2021\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def expected(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("expected")
    build(raw, out)
    return tables_of(out)


def test_any_executor_does_the_work(raw: Path, expected: dict[str, bytes], tmp_path: Path) -> None:
    with ThreadPoolExecutor(3) as threads:
        build(raw, tmp_path, crew=Crew(threads, 3))
    assert tables_of(tmp_path) == expected


def test_addresses_serve_as_input_and_output(raw: Path, expected: dict[str, bytes], tmp_path: Path) -> None:
    memory, root = fsspec.filesystem("memory"), f"/{uuid.uuid4().hex}"
    memory.put(str(raw), f"{root}/raw", recursive=True)
    memory.pipe(f"{root}/raw/_truth/cells.csv", b"no input")
    with ThreadPoolExecutor(2) as threads:
        crew = Crew(threads, 2)
        summary = build(f"memory:/{root}/raw", f"memory:/{root}/out", crew=crew, cache_folder=tmp_path / "cache")
        assert (summary.files, summary.reports) == (21, 20)
        published = {path.rpartition("/")[2]: memory.cat_file(path) for path in memory.find(f"{root}/out")}
        assert b"memory:/" in published.pop("run.json")
        assert published == expected
        assert build(f"memory:/{root}/raw", f"memory:/{root}/out", crew=crew, cache_folder=tmp_path / "cache").unchanged
        memory.pipe(f"{root}/raw/0/2021.html", page_of(OFFICES[0], 2021, **{"permits.decisions": 1}))
        assert build(f"memory:/{root}/raw", f"memory:/{root}/out", crew=crew, cache_folder=tmp_path / "cache").read == 1


def test_an_address_that_takes_nothing_is_told_before_anything_is_read(
    raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ValueError("no credentials")

    monkeypatch.setattr(fsspec.get_filesystem_class("memory"), "pipe_file", refuse)
    call = ["build", str(raw), "--out", f"memory://{uuid.uuid4().hex}", "--cache", str(tmp_path / "cache")]
    assert main(call) == 1
    errors = capsys.readouterr().err
    assert "no credentials" in errors and "memory://" in errors and errors.count("\n") == 1


def test_file_addresses_are_folders_of_this_machine(raw: Path, expected: dict[str, bytes], tmp_path: Path) -> None:
    assert main(["build", raw.as_uri(), "--out", (tmp_path / "o").as_uri(), "--jobs", "1"]) == 0
    assert tables_of(tmp_path / "o") == expected


def test_a_dask_cluster_gives_the_same_tables_and_survives_a_deadly_document(
    raw: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    import dask

    # Our own retry is enough: the scheduler need not let a document bring down three more workers before it gives up on it.
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
    ):
        address = cluster.scheduler_address
        assert main(["build", str(raw), "--out", str(tmp_path / "o"), "--scheduler", address]) == 0
        assert tables_of(tmp_path / "o") == expected
        packed = shutil.make_archive(str(tmp_path / "packed"), "zip", raw)
        out = (
            f"memory://{uuid.uuid4().hex}"  # an address for the reports that all workers reach, and one for the tables
        )
        cache = ["--cache", str(tmp_path / "cache")]
        assert main(["build", f"zip://::file://{packed}", "--out", out, "--scheduler", address, *cache]) == 0
        memory = fsspec.filesystem("memory")
        assert {path.rpartition("/")[2]: memory.cat_file(path) for path in memory.find(out)}.items() >= expected.items()
        few = write_reports(tmp_path / "few", each=1)
        (few / "0" / "wait.html").write_bytes(page_of(OFFICES[0], 2024) + b"<p>WAIT</p>")
        summary = build(few, tmp_path / "o2", scheduler=address, limits=Limits(seconds=10, clock=4), read=read_deadly)
    assert summary.reports == 4
    assert (
        frame(tmp_path / "o2", "issues.csv").set_index("source_path").loc["0/wait.html", "kind"] == "reading_broken_off"
    )


class Unfair(Executor):
    """One worker after the other; one that dies takes everything with it that waits, as a Dask worker does."""

    def __init__(self) -> None:
        self.waiting: deque = deque()
        self.ready = threading.Semaphore(0)
        threading.Thread(target=self._work, daemon=True).start()

    def submit(self, fn: Callable, /, *args: object, **kwargs: object) -> Future:
        future: Future = Future()
        self.waiting.append((future, fn, args))
        self.ready.release()
        return future

    def _work(self) -> None:
        while self.ready.acquire():
            time.sleep(0.002)  # let some gather
            if not self.waiting:
                continue
            future, fn, args = self.waiting.popleft()
            try:
                future.set_result(fn(*args))
            except RuntimeError as error:
                for one in [future, *(waiting for waiting, _, _ in self.waiting)]:
                    one.set_exception(error)
                self.waiting.clear()


def double(items: list[int]) -> list[int]:
    if set(items) & {7, 23, 24}:
        raise RuntimeError("died")
    return [2 * item for item in items]


@pytest.mark.parametrize("size", [1, 4, 40])
def test_only_the_guilty_are_lost_where_a_dying_worker_takes_others_with_it(size: int) -> None:
    done, lost = [], []
    batches = iter([list(range(start, start + size)) for start in range(0, 40, size)])
    hand_out(
        Crew(Unfair(), 3), lambda items: (double, (items,)), batches,
        take=lambda items, result: done.extend(result) or [], lost=lambda item, error: lost.append(item),
    )  # fmt: skip
    assert sorted(lost) == [7, 23, 24]
    assert sorted(done) == [2 * item for item in range(40) if item not in lost]


def test_without_dask_or_a_scheduler_one_line_says_so(
    raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    call = ["build", str(raw), "--out", str(tmp_path), "--scheduler", "tcp://127.0.0.1:9"]
    assert main(call) == 2
    errors = capsys.readouterr().err
    assert "jiedao[cluster]" in errors and errors.count("\n") == 1
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    assert main(["build", "s3://bucket/reports", "--out", str(tmp_path)]) == 2
    errors = capsys.readouterr().err
    assert "fsspec" in errors and errors.count("\n") == 1
