"""Files written side by side by processes of their own: the same files as one process writes, and nothing lost with a process that is ended."""

from __future__ import annotations

import errno
from pathlib import Path

import deadly
import pyarrow.parquet as pq
import pytest
from test_crash_safety import tables_of, write_reports

from extract.build import build


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_reports(tmp_path_factory.mktemp("lanes") / "raw")


@pytest.fixture(scope="module")
def whole(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables as one process writes them, in one piece."""
    out = tmp_path_factory.mktemp("lanes") / "whole"
    build(raw, out)
    return out


@pytest.fixture
def in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few documents in a piece, so that processes write them."""
    monkeypatch.setattr("extract.results.TOGETHER", 6)


@pytest.mark.usefixtures("in_pieces")
@pytest.mark.parametrize("jobs", [1, 2])
def test_processes_write_what_one_would_have_written(raw: Path, whole: Path, tmp_path: Path, jobs: int) -> None:
    build(raw, tmp_path / "out", jobs)
    for name, content in tables_of(whole).items():
        written = tmp_path / "out" / name
        if name.endswith(".parquet"):
            assert pq.read_metadata(written).num_row_groups == 4, name
            assert pq.read_table(written).equals(pq.read_table(whole / name)), name
        else:  # one table has its rows in blocks for each piece
            assert sorted(written.read_bytes().splitlines()) == sorted(content.splitlines()), name


@pytest.mark.usefixtures("in_pieces")
def test_a_lane_whose_process_is_ended_is_begun_anew(
    raw: Path, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extract.results.tidy_and_prose", deadly.DyingLane(tmp_path / "died", 1))
    build(raw, tmp_path / "out", 2)
    assert (tmp_path / "died").read_text() == "x"
    for name in ("permits.csv", "sections.csv", "issues.csv", "reports.csv"):
        assert (tmp_path / "out" / name).read_bytes() == (whole / name).read_bytes(), name


@pytest.mark.usefixtures("in_pieces")
def test_a_lane_that_cannot_go_on_ends_the_run_and_leaves_the_tables(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for lane, error, message in (
        (deadly.DyingLane(tmp_path / "dies", 99), OSError, "was ended 3 times"),
        (deadly.full_disk, OSError, "No space left"),
        (deadly.impossible_rows, RuntimeError, "ZeroDivisionError"),
    ):
        monkeypatch.setattr("extract.results.reports_and_cells", lane)
        with pytest.raises(error, match=message) as raised:
            build(raw, tmp_path / "out")
        assert not isinstance(raised.value, OSError) or raised.value.errno in (errno.EIO, errno.ENOSPC)
        assert not (tmp_path / "out" / ".unfinished").exists() and tables_of(tmp_path / "out") == {}
    assert (tmp_path / "dies").read_text() == "xxx"
