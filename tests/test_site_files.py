"""The site as files: links, ways to the cell, sizes, hostile texts, the workbook, decisions."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import compare_city
import openpyxl
import pandas as pd
import pytest
import site_city
from lxml import html

from compare import __main__ as command
from compare import palette
from compare.charts import style
from compare.rules import REGISTRY
from compare.site import environment, words, writing

EVIL = "<script>alert(1)</script>=cmd|'街道"
UTF8_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1"
WHOLE_REPORT = {"tables", "text", "card"}  # where a mark stands for many cells, or for a text


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return site_city.city(tmp_path_factory) / "site"


@pytest.fixture(scope="module")
def documents(site: Path) -> dict[str, Any]:
    """Every page of the site by its address, parsed."""
    return {path.relative_to(site).as_posix(): html.parse(path).getroot() for path in sorted(site.rglob("*.html"))}


def targets(address: str, document: Any, path: str = ".//a[@href] | .//svg//a[@href]") -> Iterator[tuple[str, str]]:
    """The pages and places that a page's links lead to, as addresses within the site; links that leave it are left
    out."""
    for link in document.xpath(path):
        parts = urlsplit(link.get("href"))
        if parts.scheme:
            continue
        target = (Path("/") / Path(address).parent / unquote(parts.path)) if parts.path else Path("/") / address
        pieces: list[str] = []
        for piece in target.parts[1:]:
            if piece == ".." and pieces:
                pieces.pop()
            elif piece != ".":
                pieces.append(piece)
        yield "/".join(pieces), unquote(parts.fragment)


def small_site(folder: Path, cells: compare_city.City, **more: Any) -> Path:
    """The site of a made-up city with one standing figure; returns its folder."""
    out = compare_city.publish(folder / "processed", cells, **more)
    style.save(style.nothing_to_show(writing.panel.load(out), "zh", "t", "w"), out / "figures", "coverage.zh")
    assert command.main(["site", str(out), "--to", str(folder / "site")]) == 0
    return folder / "site"


def test_every_link_leads_somewhere(site: Path, documents: dict[str, Any]) -> None:
    ids = {address: {e.get("id") for e in document.xpath("//*[@id]")} for address, document in documents.items()}
    for address, document in documents.items():
        for target, fragment in targets(address, document):
            if target.startswith("..") or target.split("/")[0] not in (*writing.FOLDERS, "index.html", "methods.html"):
                continue  # originals and tables lie beside the site
            assert (site / target).is_file(), (address, target)
            if fragment and target in ids:
                assert fragment in ids[target], (address, target, fragment)
        for picture in document.xpath("//img/@src"):
            assert (site / address).parent.joinpath(unquote(picture)).resolve().is_file(), (address, picture)


def test_originals_are_linked_where_they_lie(site: Path, documents: dict[str, Any]) -> None:
    for address in [name for name in documents if name.startswith("report/")]:
        hrefs = [link.get("href") for link in documents[address].xpath("//dl//a[@href]")]
        assert any((site / "report" / unquote(urlsplit(href).path)).resolve().is_file() for href in hrefs), address


def test_from_every_mark_of_every_drawing_the_cell_is_three_clicks_away(documents: dict[str, Any]) -> None:
    def shows_cell(address: str, fragment: str) -> bool:
        """A report at a cell, or a finding with its evidence."""
        if address.startswith("report/"):
            return "." in fragment or fragment in WHOLE_REPORT
        return address.startswith("flag/") and bool(documents[address].xpath("//figure//mark | //figure//img"))

    def leads_to_cell(address: str, fragment: str, clicks: int) -> bool:
        if shows_cell(address, fragment):
            return True
        drawn = documents[address].xpath("//main//svg//a[@href]") if address.startswith("chart/") else []
        path = "//main//svg//a[@href]" if drawn else "//main//table//a[@href]"
        return clicks > 0 and any(leads_to_cell(*t, clicks - 1) for t in targets(address, documents[address], path))

    checked = 0
    for address in [name for name in documents if name.startswith(("chart/", "office/"))]:
        path = "//main//svg//a[@href] | //main//table[contains(@class, 'shaded')]//td//a[@href]"
        for target in set(targets(address, documents[address], path)):
            if not target[0].startswith("methods.html"):  # a check of which no report says anything
                assert leads_to_cell(*target, 2), (address, target)
                checked += 1
    assert checked > 400


def test_every_view_of_the_catalogue_has_its_page(site: Path) -> None:
    pages = {path.stem for path in (site / "chart").glob("*.html")}
    assert {"anomalies", "disclosure", "funnel-disclosure", "outcomes", "grounds", "permits", "ledger"} <= pages
    assert {"similarity", "quality", "outcomes-by-office", "grounds-by-office", "outcomes-2023"} <= pages
    for page in pages:
        assert (site / "figures" / f"site-{page}.csv").is_file()
    report = max((site / "report").glob("*-2023-*.html"), key=lambda path: path.stat().st_size).read_text("utf-8")
    assert 'id="card"' in report and '<table class="wording">' in report and "<ins>" in report


def test_no_page_is_larger_than_two_megabytes_with_what_it_loads(site: Path) -> None:
    assets = sum(path.stat().st_size for path in (site / "assets").iterdir())
    largest = max(path.stat().st_size for path in site.rglob("*") if path.suffix in (".html", ".js", ".css", ".png"))
    assert assets + largest <= environment.LARGEST


def test_a_page_that_grows_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "LARGEST", 10)
    empty: dict[str, Any] = {name: {} for name in ("rules", "rates", "tiers", "proofs", "states", "methods", "tables")}
    with pytest.raises(ValueError, match="at most"):
        environment.write_page(tmp_path, "methods.html", "methods.html", common=Anything(), **empty)


class Anything:
    """What a template may ask for."""

    fictional, version = False, ""


def test_colours_and_words_come_from_their_tables(site: Path) -> None:
    css = (site / "assets" / "style.css").read_text(encoding="utf-8")
    for name in set(re.findall(r"var\(--([a-z0-9-]+)\)", css)) - {"share"}:
        assert f"--{name}:" in css, name
    assert all(key.colour in css for key in palette.TIERS.values())
    assert set(REGISTRY) <= set(words.chinese_of_checks()), "every check has its row in reference/checks.csv"
    kinds = re.findall(r"^\| `([a-z_]+)` \|", (Path(__file__).parents[1] / "METHODOLOGY.md").read_text("utf-8"), re.M)
    told = set(words.issue_words())
    assert {kind for kind in kinds if kind in told} == told, "every issue kind of the methodology has Chinese words"


def test_the_workbook_runs_nothing_and_leads_to_the_pages(site: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(site / "audit.xlsx")
    names = ["flags", "reports", "figures", "indicators", "codebook", "checks"]
    assert [name.split()[0] for name in book.sheetnames] == names
    for sheet in book:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
        assert sheet.max_row > 1 and sheet.auto_filter.ref and sheet.freeze_panes
    for sheet in book.worksheets[:4]:
        linked = [row[0].hyperlink for row in sheet.iter_rows(min_row=2)]
        assert "\n" in sheet["A1"].value, "both languages"
        assert all(link is not None and (site / link.target.split("#")[0]).is_file() for link in linked), sheet.title


@pytest.mark.browser  # needs a program beside Python, as the browser is one
def test_the_workbook_opens_in_libreoffice(site: Path, tmp_path: Path) -> None:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("no LibreOffice on the PATH")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    call = [
        program,
        profile,
        "--headless",
        "--convert-to",
        UTF8_CSV,
        "--outdir",
        str(tmp_path),
        str(site / "audit.xlsx"),
    ]
    subprocess.run(call, check=True, capture_output=True, timeout=180)
    lines = (tmp_path / "audit.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith('"rank') and len(lines) > 2


def test_text_of_documents_is_escaped_everywhere(tmp_path: Path) -> None:
    cells = compare_city.city(3, years=(2022, 2024))
    cells[0, 2023]["applications.granted.total"] += 3
    hostile = {"office_zh": EVIL, "title": EVIL, "district_zh": EVIL, "url": "javascript:alert(1)", "kind": EVIL}
    out = compare_city.publish(tmp_path / "processed", cells, report=lambda row: row | hostile)
    lines = [(compare_city.report_id(0, year), 1, EVIL, f"{EVIL}第{year}年。{EVIL}。") for year in (2022, 2023)]
    sections = pd.DataFrame(lines, columns=["report_id", "section", "title", "text"])
    sections.to_csv(out / "sections.csv", index=False, encoding="utf-8-sig")
    issues = pd.DataFrame([(EVIL, lines[0][0], EVIL, EVIL)], columns=["source_path", "report_id", "kind", "message"])
    issues.to_csv(out / "issues.csv", index=False, encoding="utf-8-sig")
    style.save(style.nothing_to_show(writing.panel.load(out), "zh", "t", "w"), out / "figures", "coverage.zh")
    assert command.main(["site", str(out), "--to", str(tmp_path / "site")]) == 0
    seen = 0
    for path in (tmp_path / "site").rglob("*"):
        if path.suffix in (".html", ".js", ".svg"):
            text = path.read_text(encoding="utf-8")
            assert "<script>alert" not in text and "javascript:" not in text, path
            seen += "&lt;script&gt;" in text
    assert seen > 20
    book = openpyxl.load_workbook(tmp_path / "site" / "audit.xlsx")
    assert any(cell.value == EVIL and cell.data_type == "s" for row in book.worksheets[0].iter_rows() for cell in row)


def test_a_second_run_leaves_no_page_of_an_office_that_is_gone(tmp_path: Path) -> None:
    to = small_site(tmp_path, compare_city.city(3, years=(2022, 2024)))
    assert len(list((to / "office").iterdir())) == 3
    assert "http" not in (to / "index.html").read_text(encoding="utf-8")
    small_site(tmp_path, compare_city.city(2, years=(2022, 2024)))
    assert len(list((to / "office").iterdir())) == 2


def test_one_report_makes_a_whole_site(tmp_path: Path) -> None:
    cells = compare_city.city(2)
    to = small_site(tmp_path, {(0, 2023): cells[0, 2023]})
    start = html.parse(to / "index.html").getroot().text_content()
    assert "No certain contradiction" in start and "没有发现确定的自相矛盾" in start
    told = html.parse(to / "chart" / "similarity.html").getroot().text_content()
    assert "没有同一区县的两个机关" in told


def test_a_strange_folder_is_not_emptied(tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "mine.txt").write_text("mine", encoding="utf-8")
    writing.prepare(tmp_path)
    assert (tmp_path / "report" / "mine.txt").is_file()


def test_decisions_are_shown_with_their_history(tmp_path: Path) -> None:
    cells = compare_city.city(3, years=(2022, 2024))
    cells[0, 2023]["applications.granted.total"] += 3
    to = small_site(tmp_path, cells)
    flag = sorted((to / "flag").iterdir())[0]
    rows = [
        f"{flag.stem},look again,first sight,王,2026-01-02",
        f"{flag.stem},confirmed,called the office,李,2026-01-09",
    ]
    text = "\n".join(["flag_id,decision,reason,by,on", *rows])
    (tmp_path / "reviews.csv").write_text(text, encoding="utf-8-sig")
    small_site(tmp_path, cells)
    text = flag.read_text(encoding="utf-8")
    assert text.index("first sight") < text.index("called the office") and "2026-01-09" in text


def test_more_offices_than_a_site_holds_are_refused_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    city = compare_city.publish(tmp_path / "processed", compare_city.city(3, years=(2021, 2022)))
    monkeypatch.setattr(writing, "MOST_OFFICES", 2)
    assert command.main(["site", str(city), "--to", str(tmp_path / "site")]) == 2
    told = capsys.readouterr().err
    assert "more than one site holds (2)" in told and "--province" in told
    assert not (tmp_path / "site").exists()


def test_only_one_province(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    city = compare_city.publish(tmp_path / "processed", compare_city.city(3, years=(2021, 2022)))
    assert command.main(["flags", str(city), "--province", "无此省"]) == 2
    assert "No report matches province 无此省" in capsys.readouterr().err
