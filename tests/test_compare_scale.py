"""A panel taken part by part gives the same flags as the whole, whatever the parts, and holds no more than a part of it."""

from __future__ import annotations

import mmap
import subprocess
import sys
import tempfile
from pathlib import Path

import compare_city
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_compare_checks import LONG, OTHER, sections, told

from compare import assessment, column_files, flags, matrices, panel, rules, scratch


def planted(folder: Path) -> Path:
    """A city of 24 offices in four districts with mistakes of many kinds, stated figures and prose."""
    cells = compare_city.city(24)
    cells[0, 2022]["applications.granted.total"] += 3
    cells[1, 2022]["permits.decisions"] *= 10
    cells[2, 2024]["normative_documents.effective"] += 5
    cells[3, 2023] = dict(cells[3, 2022])
    cells[5, 2023] = dict(cells[9, 2022])
    cells[23, 2021]["penalties.decisions"] = 0.0
    del cells[7, 2023]
    stated = [told(4, 2023, "permits", 1.0), told(20, 2023, "applications_received", 90, "共收到申请。")]
    unknown = compare_city.report_id(11, 2022)
    out = compare_city.publish(
        folder / "processed",
        cells,
        stated=stated,
        report=lambda row: row | ({"office_id": "unknown"} if row["report_id"] == unknown else {}),
    )
    sections(folder, {
        (2, 2022): {1: LONG, 5: LONG[300:500], 6: ""},
        (2, 2023): {1: LONG, 5: LONG[300:500], 6: ""},
        (1, 2022): {1: OTHER, 5: OTHER[200:420], 6: ""},
        (13, 2023): {1: OTHER, 5: OTHER[200:400], 6: ""},
    })  # fmt: skip
    return out


@pytest.mark.parametrize("size", [1, 11, 60])
def test_parts_give_the_flags_of_the_whole(size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = planted(tmp_path)
    whole = panel.load(out)
    expected = flags.make(whole)
    assert {"A01", "D02", "D03", "D05", "D04", "E03", "E05", "B01", "B07", "C01"} <= set(expected["check"])
    monkeypatch.setattr(matrices, "PART", size)
    loaded = panel.load(out)
    assert all(isinstance(made.base, mmap.mmap) for made in (loaded.values, loaded.states, loaded.proofs, loaded.pages))
    assert not isinstance(whole.values.base, mmap.mmap)
    parts = list(loaded.parts())
    assert len(parts) > 2 and sorted(row for _, rows in parts for row in rows) == list(range(len(loaded.reports)))
    pd.testing.assert_frame_equal(flags.make(loaded), expected)
    ours, theirs = flags.assess(loaded), flags.assess(whole)
    pd.testing.assert_frame_equal(ours.counts, theirs.counts)
    assert (ours.tallies == theirs.tallies).all()
    store = loaded.kept("portions", matrices.dealt_out)[1].store
    assert list(store.glob("narratives-*")) and list(store.glob("own grams-*"))
    del loaded, parts
    assert not store.exists()


def test_a_district_is_never_cut_by_a_part_unless_it_is_larger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrices, "PART", 30)
    loaded = panel.load(compare_city.publish(tmp_path / "out", compare_city.city(24)))
    seen = [set(part.offices["district_zh"]) for part, _ in loaded.parts() if len(part.offices)]
    assert sum(map(len, seen)) == len(set.union(*seen)) == 4


def test_tallies_are_the_assessments_counted(tmp_path: Path) -> None:
    loaded = panel.load(planted(tmp_path))
    made = flags.assess(loaded)
    full = rules.run(loaded)
    for status in assessment.STATUSES:
        mine = made.tallies[:, :, assessment.STATUSES.index(status)].sum()
        assert mine == ((full["status"] == status) & (full["row"] >= 0)).sum()
    counted = made.counts.groupby(["check", "status"])["count"].sum()
    assert counted.to_dict() == full.groupby(["check", "status"]).size().to_dict()
    report = compare_city.report_id(0, 2022)
    assert made.of_report(report)["A01"]["FAIL"] == 1 and made.of_report("nobody") == {}


@given(st.integers(1, 400), st.integers(1, 95), st.integers(0, 2**32 - 1))
def test_a_matrix_in_a_file_is_the_one_in_memory(rows: int, columns: int, seed: int) -> None:
    drawn = np.random.default_rng(seed)
    for dtype, filled in ((np.float64, np.nan), (np.int16, 0)):
        ours, theirs = (column_files.laid_out((rows, columns), dtype, filled, in_file) for in_file in (True, False))
        assert np.array_equal(ours, theirs, equal_nan=True)
        where = drawn.integers(0, rows, 30), drawn.integers(0, columns, 30)
        ours[where] = theirs[where] = drawn.integers(0, 100, 30)
        column_files.let_go(ours, theirs)
        assert np.array_equal(ours, theirs, equal_nan=True)
        wanted = drawn.integers(0, rows, drawn.integers(0, 20))
        taken = column_files.taken(ours, wanted)
        assert taken.flags.c_contiguous and taken.dtype == dtype
        assert np.array_equal(taken, theirs[wanted], equal_nan=True)


@pytest.mark.skipif(sys.platform == "win32", reason="nothing tells whether another run lives")
def test_the_folder_of_a_killed_run_is_removed_by_the_next_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    waiting = "from compare.scratch import Scratch; made = Scratch(); print(made.path, flush=True); input()"
    command = [sys.executable, "-c", waiting]
    runs = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    living, killed = (Path((run.stdout or sys.stdin).readline().strip()) for run in runs)
    try:
        (killed / "t.csv").mkdir()
        runs[1].kill()
        runs[1].wait()
        assert killed.parent == tmp_path and killed.is_dir()
        made = scratch.Scratch()
        assert made.path.is_dir() and living.is_dir() and not killed.exists()
        ours = made.path
        del made
        assert not ours.exists()
    finally:
        runs[0].communicate("\n")
    assert list(tmp_path.iterdir()) == []


def test_a_text_for_all_is_one_string() -> None:
    told = rules.as_objects("some instance", 50)
    assert len({id(text) for text in told}) == 1 and told.dtype == object
    status = rules.judge(np.array([True, True, False] * 9), np.array([True, False, True] * 9))
    assert status[:3].tolist() == [rules.PASS, rules.FAIL, rules.NOT_ASSESSABLE] and len({id(s) for s in status}) == 3


def test_arrow_shares_the_heap_of_the_program() -> None:
    """The call comes too late once Arrow is loaded, and what one rule frees would be kept beside what the next one takes."""
    early = "import sys, compare.__main__; from compare.heap import keep_one_heap, sweep; keep_one_heap(); sweep(); sweep(beyond=1)"
    shown = "assert 'pyarrow' not in sys.modules; import pyarrow; print(pyarrow.default_memory_pool().backend_name)"
    run = subprocess.run([sys.executable, "-c", f"{early}; {shown}"], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "system"
