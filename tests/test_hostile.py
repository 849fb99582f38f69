"""Files made to harm: each ends in a clear issue, in bounded time and memory, and nothing that is published can bite."""

from __future__ import annotations

import csv
import io
import os
import sys
from pathlib import Path

import harm
import pyarrow as pa
import pytest
from test_build import frame, page_of
from test_crash_safety import OFFICES

from extract.batches import Limits
from extract.build import build
from extract.document import Source
from extract.readers import MOST_TEXT
from extract.rendering import harmless
from extract.report import read_report

LIMITS = Limits(seconds=40, megabytes=1200)
GOOD = page_of(OFFICES[0], 2022)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder of harmful files beside one good report, and what came of it."""
    folder = tmp_path_factory.mktemp("hostile")
    secret = folder / "secret.txt"
    secret.write_text("泄露的秘密 SECRET", encoding="utf-8")
    raw = folder / "raw"
    raw.mkdir()
    for name, content in harm.small(secret).items():
        (raw / name).write_bytes(content)
    (raw / "good.html").write_bytes(GOOD)
    build(raw, folder / "out", 2, limits=LIMITS)
    return raw, folder / "out"


def test_every_harmful_file_is_told_and_the_good_one_read(built: tuple[Path, Path]) -> None:
    raw, out = built
    reports, issues = frame(out, "reports.csv"), frame(out, "issues.csv")
    assert "good.html" in set(reports["source_path"])
    assert set(reports["source_path"]) | set(issues["source_path"]) == {path.name for path in raw.iterdir()}
    assert "reader_failed" not in set(issues["kind"]), issues[issues["kind"] == "reader_failed"][
        ["source_path", "message"]
    ].values.tolist()
    assert issues["message"].str.len().between(16, 500).all()


def test_no_harmful_file_had_to_be_stopped_from_outside(built: tuple[Path, Path]) -> None:
    """Readers bound themselves; the watchdog and the bound of memory are for what nobody has thought of."""
    issues = frame(built[1], "issues.csv")
    stopped = issues[issues["kind"] == "reading_broken_off"]
    assert stopped[["source_path", "message"]].values.tolist() == []


def test_packed_files_are_named_as_such(built: tuple[Path, Path]) -> None:
    issues = frame(built[1], "issues.csv").set_index("source_path")["message"]
    for name in ("page.html.gz", "bomb.html.gz", "archive.zip"):
        assert "an archive" in issues[name], name


def test_nothing_from_outside_the_folder_is_published(built: tuple[Path, Path]) -> None:
    for path in built[1].rglob("*"):
        if path.is_file():
            assert b"SECRET" not in path.read_bytes(), path.name
    assert b"SECRET" not in b"".join(c for _, c in read_parts(built[1]))


def read_parts(out: Path) -> list[tuple[str, bytes]]:
    facts, grids = frame(out, "facts.parquet"), frame(out, "grids.parquet")
    return [("facts", facts.to_csv().encode()), ("grids", grids.to_csv().encode())]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes and links as POSIX has them")
def test_what_is_no_file_and_what_leads_out_is_refused_by_name(tmp_path: Path) -> None:
    raw, outside = tmp_path / "raw", tmp_path / "outside"
    (raw / "in").mkdir(parents=True)
    outside.mkdir()
    (outside / "report.html").write_bytes(page_of(OFFICES[1], 2022))
    (raw / "in" / "good.html").write_bytes(GOOD)
    (raw / "inner-link.html").symlink_to(raw / "in" / "good.html")
    (raw / "link.html").symlink_to(outside / "report.html")
    (raw / "dangling.html").symlink_to(raw / "nowhere")
    (raw / "ring").symlink_to(raw)
    (raw / "there.html").symlink_to(raw / "back.html")
    (raw / "back.html").symlink_to(raw / "there.html")
    (raw / "folder.docx").mkdir()
    (raw / "nothing.pdf").write_bytes(b"")
    with (raw / "sparse.html").open("wb") as file:
        file.truncate(3 << 30)
    (raw / "folder-link").symlink_to(outside)
    os.mkfifo(raw / "pipe.html")
    if Path("/dev/zero").exists():
        (raw / "device.html").symlink_to("/dev/zero")
    summary = build(raw, tmp_path / "out")
    told = frame(tmp_path / "out", "issues.csv").set_index("source_path")["kind"].to_dict()
    expected = {
        "link.html": "outside_raw_folder", "dangling.html": "cannot_open", "folder-link": "outside_raw_folder", "ring": "cannot_open",
        "there.html": "cannot_open", "back.html": "cannot_open", "nothing.pdf": "empty_file", "folder.docx": "cannot_open", "sparse.html": "too_large",
        "pipe.html": "not_a_file", "device.html": "outside_raw_folder", "in/good.html": "same_bytes",
    }  # fmt: skip
    assert {path: told.get(path) for path in expected} == expected and summary.reports == 1
    assert build(raw, tmp_path / "out").unchanged


@pytest.mark.parametrize("content", [b"path,url\na," + b"x" * 200_000 + b"\n", b"", b"\xff\xfe\x00", None])
def test_a_list_of_addresses_that_cannot_be_read_is_told_and_stops_nothing(
    content: bytes | None, tmp_path: Path
) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "good.html").write_bytes(GOOD)
    if content is None:
        (raw / "manifest.csv").symlink_to(__file__)
    else:
        (raw / "manifest.csv").write_bytes(content)
    limit = csv.field_size_limit(131_072)  # as it is in a process of its own; a library that other tests load lifts it
    try:
        assert build(raw, tmp_path / "out").reports == 1
    finally:
        csv.field_size_limit(limit)
    told = frame(tmp_path / "out", "issues.csv").set_index("source_path")["kind"].to_dict()
    expected = "outside_raw_folder" if content is None else "empty_file" if not content else "cannot_open"
    assert told.get("manifest.csv") == (None if content == b"\xff\xfe\x00" else expected)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not allow such names")
def test_names_with_formulas_quotes_newlines_and_no_encoding_are_published_unharmed(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    names = ["=1+1.html", "@x.html", "+cmd|' calc'!A0.html", 'quo"te,comma.html', "new\nline.html", "ret\rurn.html", "\tTab.html", "-8.html", "＝全角.html", "a'b.html", "bell\x07.html"]  # fmt: skip
    for number, name in enumerate(names):
        (raw / name).write_bytes(page_of(OFFICES[0], 2021, **{"permits.decisions": number}))
    undecodable = os.fsencode(raw) + b"/\xd1\xee.html"
    Path(os.fsdecode(undecodable)).write_bytes(page_of(OFFICES[1], 2021))
    (raw / "notes.txt").write_text("=HYPERLINK(1)", encoding="utf-8")
    summary = build(raw, tmp_path / "out", 2)
    assert summary.reports == len(names) + 1
    for path in (tmp_path / "out").glob("*.csv"):
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")):
            for cell in row:
                assert not cell.startswith(("=", "@", "\t", "\r", "\n", "＝", "＋", "＠")), (path.name, cell)
                assert (
                    not cell.startswith(("+", "-"))
                    or cell[1:].replace(".", "").replace(",", "").isdigit()
                    or cell in "+-"
                ), (path.name, cell)
                assert "\x07" not in cell
    reports = frame(tmp_path / "out", "reports.csv")
    assert {'quo"te,comma.html', "new\nline.html", "'=1+1.html", "\\xd1\\xee.html", "a'b.html"} <= set(
        reports["source_path"]
    )
    assert build(raw, tmp_path / "out").unchanged


def test_a_file_past_the_size_limit_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "good.html").write_bytes(GOOD)
    with (tmp_path / "raw" / "huge.pdf").open("wb") as file:
        file.truncate(5 * 2**30)
    build(tmp_path / "raw", tmp_path / "out")
    assert frame(tmp_path / "out", "issues.csv").set_index("source_path").loc["huge.pdf", "kind"] == "too_large"


@pytest.mark.parametrize("name", ["a.html", "a.txt", "a.md"])
def test_a_text_of_endless_length_is_refused_before_it_is_taken_apart(name: str) -> None:
    report = read_report(Source("0" * 12, name, "", "0" * 64), GOOD + b" " * MOST_TEXT)
    assert [note.kind for note in report.notes] == ["unread_file"] and "no report is that large" in report.notes[
        0
    ].message


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("=1+1", "'=1+1"), ("-8", "-8"), ("+19", "+19"), ("-8,000.5", "-8,000.5"), ("-8+cmd", "'-8+cmd"), ("@a", "'@a"), ("\n=1", "'\n=1"),
        ("plain", "plain"), ("", ""), (None, None), ("a\x00b", "a\ufffdb"), ("\x01=1", "\ufffd=1"), ("＝1", "'＝1"), ("a=1", "a=1"),
    ],
)  # fmt: skip
def test_cells_that_a_spreadsheet_would_run_are_made_harmless(text: str | None, published: str | None) -> None:
    assert harmless(pa.array(["first", text], pa.string())).to_pylist()[1] == published
