"""Corrections: applied where the source still says what a person saw, refused where it does not."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest
from test_build import page_of

from extract import build, corrections
from extract.__main__ import main
from extract.document import Locator, Locators
from extract.facts import Facts

HEAD = "document_id,cell,expected,value,reason,evidence,by,on\n"
GOOD = "abc,permits.decisions,26760,2676,a zero too many,page 3,AB,2026-01-31\n"


def facts(text: str = "26760", value: float | None = 26760.0) -> Facts:
    """Facts of a document with one cell."""
    return Facts(
        cell=["permits.decisions"], value=[value], unit=["件"], state=["reported"], raw_text=[text], other=[None],
        other_reading=[""], form=["2021"], section=["proactive"], matched_by=["exact"], proof=["single"], doubt=[""],
        locator=Locators([Locator("abc", 3, 1, 4, 2, None, "html")]),
    )  # fmt: skip


def read(tmp_path: Path, *rows: str) -> tuple[list[corrections.Correction], list[str]]:
    """Corrections and the messages of what was refused."""
    path = tmp_path / "corrections.csv"
    path.write_text(HEAD + "".join(rows), encoding="utf-8-sig")
    made, notes = corrections.read_corrections(path)
    return made, [note.message for note in notes]


def test_a_correction_replaces_the_value_and_keeps_what_was_read(tmp_path: Path) -> None:
    made, refused = read(tmp_path, GOOD)
    mine = facts()
    (note,) = corrections.apply(mine, made)
    assert refused == [] and note.kind == "corrected" and "2676" in note.message and "AB" in note.message
    assert (mine.value, mine.state, mine.proof) == ([2676.0], ["corrected"], ["agreed"])
    assert mine.raw_text == ["26760"] and mine.other_reading == ["26760"]
    assert note.locator == mine.locator[0]


@pytest.mark.parametrize(("text", "value"), [("2676", 2676.0), ("", None), ("26761", 26761.0)])
def test_a_changed_source_refuses_it(text: str, value: float | None, tmp_path: Path) -> None:
    made, _ = read(tmp_path, GOOD)
    mine = facts(text, value)
    (note,) = corrections.apply(mine, made)
    assert note.kind == "correction_refused" and "the source changed" in note.message
    assert (mine.value, mine.state, mine.proof) == ([value], ["reported"], ["single"])


def test_a_cell_that_is_not_there_refuses_it(tmp_path: Path) -> None:
    made, _ = read(tmp_path, GOOD.replace("permits.", "penalties."))
    (note,) = corrections.apply(facts(), made)
    assert note.kind == "correction_refused" and "no such cell" in note.message


def test_a_number_may_be_corrected_to_nothing(tmp_path: Path) -> None:
    made, _ = read(tmp_path, GOOD.replace(",2676,", ",,"))
    mine = facts()
    corrections.apply(mine, made)
    assert mine.value == [None] and mine.state == ["corrected"]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (GOOD.replace("permits.decisions", "permits.nothing"), "no form has a cell"),
        (GOOD.replace("2026-01-31", "31.1.2026"), "is no day"),
        (GOOD.replace(",2676,", ",many,"), "is no number"),
        (GOOD.replace("a zero too many", ""), "reason must be given"),
        (GOOD.replace("AB", ""), "by must be given"),
    ],
)
def test_a_row_that_cannot_be_understood_is_told(row: str, told: str, tmp_path: Path) -> None:
    made, refused = read(tmp_path, row)
    assert made == [] and told in refused[0] and "line 2" in refused[0]


def test_one_cell_is_corrected_once(tmp_path: Path) -> None:
    made, refused = read(tmp_path, GOOD, GOOD.replace("2676,", "2677,"))
    assert [c.value for c in made] == [2676.0] and "corrected above" in refused[0]


def test_a_file_without_the_columns_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("cell,value\n", encoding="utf-8")
    with pytest.raises(ValueError, match="must have the columns"):
        corrections.read_corrections(path)


def test_the_projects_own_table_can_be_read() -> None:
    _, notes = corrections.read_corrections()
    assert notes == []


def publish(folder: Path, rows: str) -> tuple[Path, build.Summary]:
    """Publish the two reports in folder/raw with a file of corrections of these rows."""
    (folder / "corrections.csv").write_text(HEAD + rows, encoding="utf-8-sig")
    summary = build.build(folder / "raw", folder / "out", corrections=folder / "corrections.csv")
    return folder / "out", summary


def issues(out: Path) -> list[tuple[str, str]]:
    """(kind, message) of the issues that tell of corrections."""
    with (out / "issues.csv").open(encoding="utf-8-sig") as file:
        return [(row["kind"], row["message"]) for row in csv.DictReader(file) if row["kind"].startswith("correct")]


def test_corrections_reach_every_table_and_nothing_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    for year, permits in ((2021, 26760), (2022, 2801)):
        page = page_of("雾屿街道办事处", year, **{"permits.decisions": permits})
        (tmp_path / "raw" / f"{year}.html").write_bytes(page)
    out, first = publish(tmp_path, "")
    reports = pd.read_csv(out / "reports.csv", dtype=str, encoding="utf-8-sig").set_index("year")
    document = reports.at["2021", "document_id"]
    mine = GOOD.replace("abc", document)

    out, second = publish(tmp_path, mine + GOOD.replace("abc", "gone12345678"))
    assert (first.read, second.read, second.known, second.unchanged) == (2, 0, 2, False)
    facts = pd.read_parquet(out / "facts.parquet")
    fact = facts[(facts["cell"] == "permits.decisions") & (facts["year"] == 2021)].squeeze()
    assert (fact["value"], fact["state"], fact["proof"]) == (2676, "corrected", "agreed")
    assert (fact["raw_text"], fact["other_reading"]) == ("26760", "26760")
    permits = pd.read_csv(out / "permits.csv", encoding="utf-8-sig").set_index("year")["decisions"]
    assert permits.to_dict() == {2021: 2676, 2022: 2801}
    after = pd.read_csv(out / "reports.csv", dtype=str, encoding="utf-8-sig").set_index("year")
    assert after.at["2021", "corrected"] == "1" and after.at["2022", "corrected"] == "0"
    assert int(after.at["2021", "reported"]) == int(reports.at["2021", "reported"]) - 1
    kinds = issues(out)
    assert [kind for kind, _ in kinds] == ["corrected", "correction_refused"]
    assert "a zero too many" in kinds[0][1] and "gone12345678" in kinds[1][1]
    assert publish(tmp_path, mine + GOOD.replace("abc", "gone12345678"))[1].unchanged

    out, _ = publish(tmp_path, mine.replace(",26760,", ",26706,"))  # another text was expected
    assert [kind for kind, _ in issues(out)] == ["correction_refused"]
    assert pd.read_csv(out / "permits.csv", encoding="utf-8-sig").set_index("year")["decisions"].at[2021] == 26760
    assert publish(tmp_path, "")[1].read == 0


def test_a_file_that_cannot_be_used_is_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.csv").write_text("cell,value\n", encoding="utf-8")
    for name, told in (("bad.csv", "must have the columns"), ("none.csv", "none.csv")):
        assert main(["build", str(tmp_path), "--corrections", str(tmp_path / name)]) == 2
        assert told in capsys.readouterr().err
