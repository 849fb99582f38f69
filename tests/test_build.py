"""From a folder to published files: complete, described, the same for any number of jobs, and nothing lost on the way."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from official import NOTICE, full_page, numbers
from test_proof import consistent

from extract.__main__ import main
from extract.build import build
from extract.codebook import all_cells
from extract.schemas import tables

REPORT = full_page(consistent())


def page_of(office: str, year: int, **changed: int | str) -> bytes:
    """A consistent report of a fictional office."""
    markup = full_page(consistent() | changed).decode().replace("雾屿街道办事处2022年", f"{office}{year}年")
    return markup.replace(NOTICE, f"{NOTICE}</p><p>云汐市栖霞湾区人民政府{office}</p><p>{year + 1}年1月20日").encode()


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with good reports, copies, broken files and things that are no reports."""
    folder = tmp_path_factory.mktemp("raw")
    (folder / "a").mkdir()
    for year in (2021, 2022, 2023):
        (folder / "a" / f"{year}.html").write_bytes(
            page_of("雾屿街道办事处", year, **{"permits.decisions": 2000 + year})
        )
    (folder / "again.html").write_bytes((folder / "a" / "2022.html").read_bytes())
    (folder / "later.html").write_bytes(
        page_of("雾屿街道办事处", 2022, **{"permits.decisions": 7}).replace(
            "2023年1月20日".encode(), "2023年3月2日".encode()
        )
    )
    (folder / "no-name.html").write_bytes(full_page(consistent()).decode().replace("雾屿街道办事处2022年", "").encode())
    (folder / "broken.html").write_bytes(b"<html><body></body></html>")
    (folder / "notes.txt").write_text("今天开会。", encoding="utf-8")
    (folder / "empty.html").write_bytes(b"")
    (folder / "archive.rar").write_bytes(b"Rar!\x1a\x07\x00" + bytes(50))
    (folder / "=cmd.html").write_bytes(page_of("沁岚街道办事处", 2022))
    (folder / "_truth").mkdir()
    (folder / "_truth" / "cells.csv").write_text("not input", encoding="utf-8")
    (folder / "manifest.csv").write_text("path,url\na/2021.html,https://example.invalid/2021\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def out(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    build(raw, folder, jobs=1)
    return folder


def published(out: Path) -> list[Path]:
    """The files for readers, without the memory of the run."""
    return sorted(path for path in out.iterdir() if not path.name.startswith("."))


def frame(out: Path, name: str) -> pd.DataFrame:
    if name.endswith(".parquet"):
        return pq.read_table(out / name).to_pandas()
    return pd.read_csv(out / name, dtype={"office_id": str, "district_id": str})


def test_every_file_is_published_with_its_columns(out: Path) -> None:
    for name, table in tables().items():
        assert list(frame(out, name).columns) == [column.name for column in table.columns], name


def test_every_input_is_in_reports_or_in_issues(raw: Path, out: Path) -> None:
    reports, issues = frame(out, "reports.csv"), frame(out, "issues.csv")
    seen = {path.removeprefix("'") for path in [*reports["source_path"], *issues["source_path"]]}
    inputs = {
        p.relative_to(raw).as_posix()
        for p in raw.rglob("*")
        if p.is_file() and "_truth" not in p.parts and p.name != "manifest.csv"
    }
    assert seen == inputs
    kinds = dict(zip(issues["source_path"], issues["kind"], strict=True))
    assert (
        kinds["broken.html"] == "unread_file"
        and kinds["notes.txt"] == "not_a_report"
        and kinds["empty.html"] == "empty_file"
    )
    assert kinds["archive.rar"] == "unread_file" and kinds["a/2022.html"] == "same_bytes"
    assert issues["message"].str.len().gt(15).all()


def test_one_report_of_an_office_and_year_is_primary(out: Path) -> None:
    reports = frame(out, "reports.csv")
    same = reports[(reports["year"] == 2022) & (reports["office_zh"] == "雾屿街道")]
    assert len(same) == 2 and list(same.loc[same["is_primary"], "source_path"]) == ["later.html"]
    permits = frame(out, "permits.csv").set_index("report_id")["decisions"]
    assert set(permits.index) == set(reports.loc[reports["is_primary"], "report_id"])
    assert permits[same.loc[same["is_primary"], "report_id"].iloc[0]] == 7
    assert (frame(out, "issues.csv")["kind"] == "not_primary").sum() == 1
    assert frame(out, "facts.parquet")["report_id"].nunique() == len(reports)


def test_ids_hold_from_year_to_year_and_name_what_is_unknown(out: Path) -> None:
    reports = frame(out, "reports.csv").set_index("source_path")
    assert reports.loc[["a/2021.html", "again.html", "a/2023.html"], "office_id"].nunique() == 1
    assert reports.loc["a/2021.html", "url"] == "https://example.invalid/2021"
    assert reports["fictional"].all()
    unknown = reports.loc["no-name.html"]
    assert unknown["office_id"] == "unknown" and unknown["office_zh"] == "no-name.html" and pd.isna(unknown["year"])
    assert unknown["cells_read"] == 200
    assert reports["report_id"].is_unique


def test_tidy_tables_say_what_the_facts_say(out: Path) -> None:
    facts = frame(out, "facts.parquet")
    primary = set(frame(out, "reports.csv").query("is_primary")["report_id"])
    wide = frame(out, "wide.csv").set_index("report_id")
    known = facts[facts["report_id"].isin(primary)]
    for report, cell, value in known[["report_id", "cell", "value"]].itertuples(index=False):
        assert wide.loc[report, cell] == value or (pd.isna(value) and pd.isna(wide.loc[report, cell]))
    assert wide[[c for c in all_cells() if c.endswith(".made")]].isna().all(axis=None)
    leaves, printed = frame(out, "applications.csv"), frame(out, "totals.csv")
    for report in primary:
        results = leaves[(leaves["report_id"] == report) & (leaves["stage"] == "result")]["count"].sum()
        total = printed.query("report_id == @report and item == 'results_total' and applicant == 'total'")[
            "count"
        ].item()
        assert results == total == 6
    appeals = frame(out, "appeals.csv")
    assert set(appeals["outcome"]) == {"upheld", "corrected", "other", "pending"}
    permits = frame(out, "permits.csv")
    assert set(permits["change_state"]) == {"not_on_form"} and set(permits["decisions_state"]) == {"reported"}


def test_csv_opens_right_in_excel_and_runs_nothing(out: Path) -> None:
    raw_bytes = (out / "reports.csv").read_bytes()
    assert raw_bytes.startswith(b"\xef\xbb\xbfreport_id,")
    cells = [cell for row in csv.reader(io.StringIO(raw_bytes.decode("utf-8-sig"))) for cell in row]
    assert "'=cmd.html" in cells and not any(cell.startswith(("=", "@")) for cell in cells)


def test_datapackage_is_valid(out: Path) -> None:
    from frictionless import Package

    package = Package(str(out / "datapackage.json"))
    assert len(package.resources) == len(tables())
    report = package.validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "message"])[:5]


def test_output_does_not_depend_on_jobs_and_a_second_run_changes_nothing(raw: Path, out: Path, tmp_path: Path) -> None:
    build(raw, tmp_path / "two", jobs=2)
    for path in published(out):
        if path.name != "run.json":
            assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name
    before = {path.name: path.stat().st_mtime_ns for path in published(out)}
    assert build(raw, out, jobs=2).unchanged
    assert {path.name: path.stat().st_mtime_ns for path in published(out)} == before


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "one.html").write_bytes(page_of("雾屿街道办事处", 2022))
    build(tmp_path / "raw", tmp_path / "out")
    (tmp_path / "raw" / "one.html").write_bytes(page_of("雾屿街道办事处", 2022, **{"permits.decisions": 5}))
    assert not build(tmp_path / "raw", tmp_path / "out").unchanged
    assert frame(tmp_path / "out", "permits.csv")["decisions"].tolist() == [5]


def test_a_run_that_fails_leaves_the_old_tables(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(raw, tmp_path)
    before = {path.name: path.read_bytes() for path in published(tmp_path)}
    monkeypatch.setattr("extract.results.offices", lambda reports: 1 / 0)
    monkeypatch.setattr("extract.build._previous", lambda destination: {})
    with pytest.raises(ZeroDivisionError):
        build(raw, tmp_path)
    assert {path.name: path.read_bytes() for path in published(tmp_path)} == before


def test_a_stopped_run_leaves_nothing_half_written(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    for number in range(400):
        (tmp_path / "raw" / f"{number}.html").write_bytes(
            page_of("雾屿街道办事处", 2022, **{"permits.decisions": number})
        )
    command = [
        sys.executable,
        "-m",
        "extract",
        "build",
        str(tmp_path / "raw"),
        "--out",
        str(tmp_path / "out"),
        "--jobs",
        "2",
    ]
    run = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # in the background shells ignore it
    )  # fmt: skip
    for _ in range(400):
        if (tmp_path / "out" / ".cache" / "manifest.sqlite").exists():
            break
        time.sleep(0.02)
    os.killpg(run.pid, signal.SIGINT)
    _, errors = run.communicate(timeout=60)
    # Where it comes while text is run as code (a dataclass is made), Python ends by the signal itself: 130 for a shell too.
    assert run.returncode in (130, -signal.SIGINT) and "Stopped" in errors and "Traceback" not in errors
    assert published(tmp_path / "out") == [] and not (tmp_path / "out" / ".unfinished").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["build", "{0}/rwa"], "no such folder"), (["build", "{0}/raw/one.html"], "is a file"), (["build", "{0}/empty"], "holds no file"),
        (["build", "{0}/raw", "--jobs", "0"], "at least one"), (["show", "{0}/raw/two.html"], "no such file"), (["show", "{0}/raw"], "is a folder"),
    ],
)  # fmt: skip
def test_what_is_called_wrongly_is_told_in_one_line(
    tmp_path: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "empty").mkdir()
    (tmp_path / "raw" / "one.html").write_bytes(REPORT)
    code = main(
        [a.format(tmp_path) for a in arguments] + (["--out", str(tmp_path / "o")] if arguments[0] == "build" else [])
    )
    errors = capsys.readouterr().err
    assert code == 2 and said in errors and errors.count("\n") == 1


def test_a_folder_without_any_report_fails_as_a_whole_but_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "x.html").write_text("<p>今天开会</p>", encoding="utf-8")
    assert main(["build", str(tmp_path / "raw"), "--out", str(tmp_path / "o"), "--jobs", "1"]) == 1
    assert "issues.csv says why" in capsys.readouterr().err
    assert frame(tmp_path / "o", "issues.csv")["kind"].tolist() == ["not_a_report"]
    assert len(frame(tmp_path / "o", "permits.csv")) == 0


def test_show_prints_tables_and_issues(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "one.html"
    path.write_bytes(full_page(numbers() | {"permits.decisions": "详见附件"}))
    assert main(["show", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "行政许可" in shown and "Issues (2)" in shown and "详见附件" in shown and "200 cells" in shown
    (tmp_path / "x.html").write_bytes(b"<html></html>")
    assert main(["show", str(tmp_path / "x.html")]) == 1
    assert "unread_file" in capsys.readouterr().out


def test_run_json_names_the_raw_folder_relative_to_the_output(raw: Path, out: Path) -> None:
    run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert (out / run["raw"]).resolve() == raw.resolve()


def test_a_place_left_out_one_year_is_taken_from_the_neighbours_and_told(tmp_path: Path) -> None:
    for folder, years in (("street", (2021, 2022, 2023)), ("elsewhere", (2020,))):
        (tmp_path / "raw" / folder).mkdir(parents=True)
        for year in years:
            markup = page_of("雾屿街道办事处", year).decode()
            unsigned = markup.replace("云汐市栖霞湾区人民政府", "") if year in (2020, 2022) else markup
            (tmp_path / "raw" / folder / f"{year}.html").write_text(unsigned, encoding="utf-8")
    build(tmp_path / "raw", tmp_path / "out")
    reports = frame(tmp_path / "out", "reports.csv").set_index("source_path")
    assert reports.filter(like="street/", axis=0)["office_id"].nunique() == 1
    assert reports.loc["elsewhere/2020.html", "office_id"] != reports.loc["street/2022.html", "office_id"]
    issues = frame(tmp_path / "out", "issues.csv")
    assert issues.loc[issues["kind"] == "place_from_neighbour", "source_path"].tolist() == ["street/2022.html"]
