"""What surrounds a run: full disks, folders that cannot be written, odd paths, tables among the reports. Each is told in a line; nothing is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_build import frame, page_of, published
from test_crash_safety import OFFICES, tables_of, write_reports

from extract import readers
from extract.__main__ import main
from extract.build import build
from extract.crew import local_crew
from extract.reading import BATCH, LEAST, _shrinking

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="bounds and names as Linux has them")
BUILD = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), -1)); from extract.__main__ import main; sys.exit(main(sys.argv[2:]))"


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_reports(tmp_path_factory.mktemp("surroundings") / "raw", each=2)


def run_with_files_of(size: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A run in which no file may become larger than so many bytes, as on a disk that is full."""
    command = [sys.executable, "-c", BUILD, str(size), "build", *arguments, "--jobs", "2"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@LINUX
@pytest.mark.parametrize("size", [20_000, 150_000])
def test_a_full_disk_is_told_and_leaves_the_old_tables_and_what_was_read(raw: Path, tmp_path: Path, size: int) -> None:
    out = tmp_path / "out"
    build(raw, out)
    before = {path.name: path.read_bytes() for path in published(out)}
    more = write_reports(tmp_path / "more", each=2)
    (more / "0" / "2030.html").write_bytes(page_of(OFFICES[0], 2020))
    run = run_with_files_of(size, str(more), "--out", str(out))
    assert run.returncode == 1 and run.stdout == ""
    assert "nothing was published" in run.stderr and run.stderr.count("\n") == 1, run.stderr
    assert {path.name: path.read_bytes() for path in published(out)} == before
    assert build(more, out).reports == 9
    build(more, tmp_path / "fresh")
    assert tables_of(out) == tables_of(tmp_path / "fresh")


@LINUX
def test_a_folder_that_cannot_be_made_is_told(raw: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", str(raw), "--out", "/proc/tables"]) != 0
    errors = capsys.readouterr().err
    assert "/proc/tables" in errors and errors.count("\n") == 1


@LINUX
def test_folders_whose_names_are_no_text_are_read_and_written(raw: Path, tmp_path: Path) -> None:
    strange = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xd1\xee \xff"))
    strange.mkdir()
    (strange / "raw").symlink_to(raw)
    assert build(strange / "raw", strange / "out", 2).reports == 8
    assert build(strange / "raw", strange / "out").unchanged
    run = json.loads((strange / "out" / "run.json").read_text(encoding="utf-8"))
    assert (strange / "out" / run["raw"]).resolve() == raw.resolve()


@LINUX
def test_the_longest_names_and_deep_folders_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "raw"
    for _ in range(12):
        folder = folder / ("夹" * 80)
    folder.mkdir(parents=True)
    (folder / f"{'长' * 83}.html").write_bytes(page_of(OFFICES[0], 2021))
    assert build(tmp_path / "raw", tmp_path / "out", 2).reports == 1
    assert frame(tmp_path / "out", "reports.csv")["source_path"].str.len().item() > 1000


def test_tables_among_the_reports_are_no_input(raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_reports(tmp_path / "raw", each=1)
    assert build(folder, folder / "tables").files == 4
    assert build(folder, folder / "tables").unchanged
    (folder / "tables-of-another").mkdir()
    (folder / "tables-of-another" / "a.html").write_bytes(page_of(OFFICES[0], 2029))
    assert build(folder, folder / "tables").files == 5
    assert main(["build", str(folder), "--out", str(folder)]) == 2
    errors = capsys.readouterr().err
    assert "one of their own" in errors and errors.count("\n") == 1


def test_two_runs_with_memories_of_their_own_do_not_write_to_one_folder(raw: Path, tmp_path: Path) -> None:
    from extract.lock import Busy
    from extract.publish import Destination

    first, second = (Destination(tmp_path / "out", tmp_path / name) for name in ("one", "two"))
    assert set(first.locks()) & set(second.locks())
    build(raw, tmp_path / "out", cache_folder=tmp_path / "one")
    from extract.lock import Lock

    with Lock(tmp_path / "out" / ".cache" / "lock", "it"), pytest.raises(Busy):
        build(raw, tmp_path / "out", cache_folder=tmp_path / "two")


def test_arrow_shares_the_heap_of_the_program() -> None:
    """The call comes too late once Arrow is loaded, and memory would grow again with the folder."""
    early = "import sys, extract.__main__, extract.crew, extract.storage; from extract.heap import keep_few_heaps, sweep; keep_few_heaps(); sweep()"
    shown = "assert 'pyarrow' not in sys.modules; import pyarrow; print(pyarrow.default_memory_pool().backend_name)"
    run = subprocess.run([sys.executable, "-c", f"{early}; {shown}"], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "system"


def test_lists_become_columns_without_pandas_and_frames_can_still_be_had() -> None:
    """Arrow asks for it with the first list; a run that needs no frame must not pay for it."""
    early = "import sys; from extract.heap import keep_pandas_out; keep_pandas_out(); import pyarrow as pa; table = pa.table({'n': [1, None]})"
    shown = "print('pandas' in sys.modules); print(len(table.to_pandas()))"
    run = subprocess.run([sys.executable, "-c", f"{early}; {shown}"], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "2"]


def test_workers_read_without_pandas() -> None:
    """Asked by eval, for a function of this file would bring its imports along."""
    asked = "__import__('pyarrow').array(['a']), 'pandas' in __import__('sys').modules"
    with local_crew(1, 0) as crew:
        assert crew.executor.submit(eval, asked).result()[1] is False


@given(st.integers(0, 3000), st.integers(1, 16))
def test_batches_hold_every_item_once_and_get_smaller_to_the_end(count: int, places: int) -> None:
    batches = list(_shrinking(list(range(count)), places))
    sizes = [len(batch) for batch in batches]
    assert [item for batch in batches for item in batch] == list(range(count))
    assert sizes == sorted(sizes, reverse=True) and all(0 < size <= BATCH for size in sizes)
    assert all(size == LEAST for size in sizes[-2:-1]) or len(sizes) < 2


def test_a_page_is_read_without_the_readers_of_other_kinds() -> None:
    """They bring image and PDF libraries along, some 25 MB and a third of a second for every process that reads."""
    read = "from extract.document import Source; from extract.readers import read; import sys"
    page = "read(Source('a' * 12, 'a.html', '', 'a' * 64, ''), b'<html><table><tr><td>1</td></tr></table></html>')"
    asked = "print([name for name in ('cv2', 'pypdfium2', 'PIL', 'extract.readers.scan', 'extract.readers.pdf') if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", f"{read}; {page}; {asked}"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


# How files of the kinds begin whose readers are not asked without a sign.
BEGINNINGS = {
    "pdf": (b"%PDF-1.4\n",),
    "docx": (b"PK\x03\x04" + bytes(26) + b"word/document.xml", b"PK\x03\x04"),
    "wordxml": (b"<?xml version='1.0'?><w:wordDocument xmlns:w='http://schemas.microsoft.com/office/word/2003/wordml'>",),
    "odt": (b"PK\x03\x04" + bytes(22) + b"\x08\0\0\0mimetypeapplication/vnd.oasis.opendocument.text",),
    "rtf": (b"{\\rtf1",),
    "legacy": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
    "scan": (
        b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"II*\0", b"MM\0*", b"GIF87a", b"GIF89a", b"RIFF\0\0\0\0WEBP",
        b"BM\0\0\0\0\0\0\0\0\0\0\0\0\x28\0\0\0\0",
    ),
}  # fmt: skip


@given(
    st.sampled_from([(name, head) for name, heads in BEGINNINGS.items() for head in heads]),
    st.sampled_from([b"", b"\xef\xbb\xbf", b" \r\n", b"x" * 900]),
    st.binary(max_size=40),
    st.sampled_from([".docx", ".doc", ""]),
)
def test_no_reader_is_passed_over_that_would_take_a_file(
    kind: tuple[str, bytes], before: bytes, after: bytes, suffix: str
) -> None:
    name, beginning = kind
    assert any(readers._reader(name).sniffs(beginning + after, end) for end in (".docx", ""))
    for head in (beginning + after, before + beginning + after):
        taken = [one for one in readers.READERS if readers._reader(one).sniffs(head, suffix)]
        assert all(readers._may_be(one, head) for one in taken)
