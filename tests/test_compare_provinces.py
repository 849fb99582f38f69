"""A country province by province, and parts of it: the same flags, read without the rest, written beside the whole."""

from __future__ import annotations

import re
from pathlib import Path

import compare_city
import pandas as pd
import pyarrow.parquet as parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare import __main__ as command
from compare import cells, flag_files, flags, panel, provinces, published, site
from compare.published import read_rows, read_table
from compare.site import country as pages
from compare.site import writing


def country(folder: Path) -> Path:
    """24 offices of four districts: two in 甲省, one in 乙省, one of no known province, with mistakes in each."""
    cells = compare_city.city(24)
    for office in (0, 7, 13, 20):
        cells[office, 2022]["applications.granted.total"] += 3 + office
    cells[8, 2023]["permits.decisions"] *= 30
    of_district = {"990100": "甲省", "990101": "甲省", "990102": "乙省", "990103": ""}
    return compare_city.publish(
        folder / "processed", cells, report=lambda row: row | {"province_zh": of_district[str(row["district_id"])]}
    )


@pytest.mark.parametrize(("jobs", "piece"), [(1, 5000), (2, 7)])
def test_province_by_province(jobs: int, piece: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, to = country(tmp_path), tmp_path / "flags.csv"
    counts = {name: len(reports) for name, reports in provinces.provinces_of(out).items()}
    assert list(counts.items()) == [("乙省", 42), ("甲省", 84), ("unknown", 42), (provinces.NOT_PRIMARY, 0)]
    parts = {name: flags.make(panel.load(out, province=name)) for name in ("乙省", "甲省", "unknown")}
    whole = provinces.write(out, {"years": ""}, None, to)
    assert (whole.provinces, whole.reports) == (1, 168)
    monkeypatch.setattr(provinces, "LARGEST", 100)
    monkeypatch.setattr(flag_files, "PIECE", piece)
    made = provinces.write(out, {"years": ""}, None, to, jobs)
    assert (made.provinces, made.reports) == (3, 168)
    expected = flags.ranked(pd.concat(parts.values()))
    flags.write_csv(expected, tmp_path / "expected.csv")
    assert to.read_bytes() == (tmp_path / "expected.csv").read_bytes()
    assert list(made.flags["flag_id"]) == list(expected["flag_id"])
    tiers = made.flags["tier"].map(flags.TIERS.index)
    assert tiers.is_monotonic_increasing and {"certain", "priority"} <= set(made.flags["tier"])
    counted = ["passed", "failed", "not_assessable"]
    exact = made.summary.set_index("check").loc[["A01", "A03", "D01"], counted]
    pd.testing.assert_frame_equal(exact, whole.summary.set_index("check").loc[["A01", "A03", "D01"], counted])
    assert provinces.write(out, {"province": "甲省"}, None, to).provinces == 1
    assert provinces.write(out, {"years": "2022"}, None, to).reports < 168


def test_a_part_does_not_replace_the_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = country(tmp_path)
    assert command.main(["flags", str(out), "--province", "甲省", "--years", "2021-2023"]) == 0
    part = out / "flags-甲省-2021-2023.csv"
    assert str(part) in capsys.readouterr().out and not (out / "flags.csv").exists()
    assert set(read_table(out, part.name)["district_zh"]) <= {"虚构东区", "虚构西区"}
    assert command.main(["flags", str(out), "--province", "unknown", "--to", str(tmp_path / "here.csv")]) == 0
    assert set(read_table(tmp_path, "here.csv")["district_zh"]) == {"虚构北区"}
    options = command.parser().parse_args(["flags", str(out), "--offices", "甲/街道", "..", "--district", "东 区"])
    assert command.flags_file(options) == out / "flags-东-区-甲-街道--.csv"


def test_index_of_a_country(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, to = country(tmp_path), tmp_path / "site"
    monkeypatch.setattr(writing, "MOST_OFFICES", 20)
    monkeypatch.setattr(pages, "OFFICES_ON_A_PAGE", 7)
    provinces.write(out, {}, None, out / "flags.csv")
    (to / "甲省").mkdir(parents=True)
    (to / "甲省" / "index.html").write_text("written before", encoding="utf-8")
    site.write(out, to, {"years": ""})
    index = (to / "index.html").read_text(encoding="utf-8")
    assert "3个省份，24个机关" in index and 'href="甲省/index.html"' in index and index.count("未生成") == 2
    addresses = {page: set(re.findall(r'href="([^"#:]+)"', page.read_text("utf-8"))) for page in to.glob("*/p*.html")}
    assert {page.name for page in addresses} == {"p01.html", "p02.html", "p02-2.html", "p03.html"}
    for page, found in addresses.items():
        of_province = {a for a in found if a.startswith("../甲省/")}
        assert bool(of_province) is page.name.startswith("p02")
        assert all((page.parent / address).is_file() for address in found - of_province)
    loaded = panel.load(out, province="甲省")
    offices = {f"../甲省/office/{office}.html" for office in loaded.offices.index}
    assert offices <= set.union(*addresses.values())
    wrong = flags.make(loaded)
    assert f"{len(wrong[wrong['check'] != 'C01'])}条提示" in (to / "province" / "p02.html").read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="more than one site holds"):
        monkeypatch.setattr(writing, "MOST_OFFICES", 5)
        site.write(out, to, {"province": "甲省"})


texts = st.text(st.sampled_from('甲乙 ",\n一0'), max_size=6)


@given(
    st.lists(st.tuples(st.sampled_from(["a", "b", "c", ""]), texts), max_size=12),
    st.sets(st.sampled_from(["a", "c", None])),
    st.integers(1, 60),
)
def test_rows_are_read_without_the_others(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], wanted: set[str | None], block: int
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    pd.DataFrame(rows, columns=["key", "text"]).assign(year=2021).to_csv(
        folder / "t.csv", index=False, encoding="utf-8-sig"
    )
    everything = read_table(folder, "t.csv")
    chosen = everything["key"].isin({key for key in wanted if key}) | (everything["key"].isna() & (None in wanted))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(published, "BLOCK", block)  # whatever a block cuts through, records stay whole
        read = read_rows(folder, "t.csv", "key", wanted)
        pieces = list(published.whole_records(folder / "t.csv"))
    pd.testing.assert_frame_equal(read, everything[chosen].reset_index(drop=True))
    assert b"".join(pieces) == (folder / "t.csv").read_bytes()


def test_only_the_row_groups_of_a_part_are_read(tmp_path: Path) -> None:
    out = country(tmp_path)
    whole = panel.load(out)
    table = parquet.read_table(out / "facts.parquet")
    parquet.write_table(table.sort_by("report_id"), out / "facts.parquet", row_group_size=2000)
    file = parquet.ParquetFile(out / "facts.parquet")
    part = panel.load(out, district="990102")
    groups = cells.groups_with(file, part.reports)
    assert 0 < len(groups) < file.num_row_groups / 3
    rows = pd.Index(whole.reports["report_id"]).get_indexer(pd.Index(part.reports["report_id"]))
    assert pd.DataFrame(part.values).equals(pd.DataFrame(whole.values[rows]))
    assert cells.groups_with(file, whole.reports) == list(range(file.num_row_groups))
