"""The site: in a browser from the start page to the cell, in both languages, without a network; and as files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import compare_city
import openpyxl
import pytest
import site_city
from lxml import html

from compare import __main__ as command
from compare.charts import style
from compare.site import environment, writing

LANGUAGES = ("zh", "en")
TEMPLATES = ("office", "report", "flag", "district", "chart")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return site_city.city(tmp_path_factory) / "site"


@pytest.fixture(scope="module")
def documents(site: Path) -> dict[str, Any]:
    """Every page of the site by its address, parsed."""
    return {path.relative_to(site).as_posix(): html.parse(path).getroot() for path in sorted(site.rglob("*.html"))}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """The system's Chromium, headless."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium on the PATH: the site cannot be driven")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A fresh page that fails the test where its console shows an error or a request leaves the disk."""
    opened = chromium.new_page(viewport={"width": 1200, "height": 900})
    faults: list[str] = []
    opened.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on(
        "request", lambda request: None if request.url.startswith(("file:", "data:")) else faults.append(request.url)
    )
    yield opened
    opened.close()
    assert not faults, faults


@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
def test_from_the_start_page_to_the_cell(page: Any, site: Path, language: str) -> None:
    page.goto((site / "index.html").as_uri())
    if language == "en":
        page.click("#language")
    page.wait_for_selector("#flag-list[data-ready]")
    every = page.locator("#flag-list tbody tr").count()
    page.select_option("select[name=tier]", "certain")
    tiers = page.locator("#flag-list tbody .badge")
    assert 0 < tiers.count() < every
    assert {tiers.nth(n).inner_text() for n in range(tiers.count())} == {"certain" if language == "en" else "确定"}
    sentence = page.locator("#flag-list tbody a").first.inner_text()
    page.locator("#flag-list tbody a").first.click()
    assert page.locator("h1").inner_text() == sentence
    assert page.locator("figure mark, figure img").count() >= 1
    page.locator(".trail a").nth(1).click()
    page.locator("#figures ~ .scroll a").first.click()
    chosen = page.locator("td.chosen")
    assert chosen.count() == 1 and page.locator("#chosen").is_visible()
    assert page.locator("#chosen b").inner_text() == (
        chosen.inner_text().strip() or page.locator("#chosen b").inner_text()
    )
    shown = "en" if language == "en" else "zh"
    assert page.evaluate("document.documentElement.lang") == shown
    assert page.locator(f".{'zh' if shown == 'en' else 'en'}:visible").count() == 0


@pytest.mark.browser
def test_every_filter_narrows_and_clearing_widens(page: Any, site: Path) -> None:
    page.goto((site / "index.html").as_uri())
    page.wait_for_selector("#flag-list[data-ready]")
    everything = page.locator("#count").inner_text()
    for name in ("district", "year", "tier", "check"):
        value = page.locator(f"select[name={name}] option").nth(1).get_attribute("value")
        page.select_option(
            f"select[name={name}]", value or page.locator(f"select[name={name}] option").nth(1).inner_text()
        )
        assert " / " in page.locator("#count").inner_text() or page.locator("#count").inner_text() == everything
        page.click("button[type=reset]")
        page.wait_for_function("text => document.getElementById('count').textContent === text", arg=everything)
    page.fill("input[name=text]", "nowhere to be found")
    assert page.locator("#flag-list tbody tr").count() == 0


@pytest.mark.browser
def test_a_table_is_sorted_by_the_keyboard(page: Any, site: Path) -> None:
    page.goto((site / "chart" / "outcomes-by-office.html").as_uri())
    button = page.locator("table.sortable th.n button").first
    button.focus()
    page.keyboard.press("Enter")
    texts = page.locator("table.sortable tbody tr td:nth-child(2)").all_inner_texts()
    numbers = [float(text.replace(",", "")) for text in texts]
    assert len(numbers) > 2 and numbers == sorted(numbers)
    page.keyboard.press("Enter")
    assert page.locator("table.sortable th.n").first.get_attribute("aria-sort") == "descending"


@pytest.mark.browser
def test_an_office_is_found_by_a_part_of_its_name(page: Any, site: Path, documents: dict[str, Any]) -> None:
    address = next(name for name in documents if name.startswith("office/"))
    name = documents[address].find(".//h1").text_content().strip()
    page.goto((site / "index.html").as_uri())
    page.focus("#find")
    page.wait_for_function("document.getElementById('found').children.length > 0")
    page.fill("#find", name[-4:-1])
    page.keyboard.press("Enter")
    page.wait_for_url("**/office/*.html*")
    assert page.locator("h1").inner_text().strip().endswith(name[-4:]) or name[-4:-1] in page.locator("h1").inner_text()


@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_serious(page: Any, site: Path, documents: dict[str, Any], language: str) -> None:
    from axe_playwright_python.base import AXE_FILE_PATH

    axe = Path(AXE_FILE_PATH).read_text(encoding="utf-8")
    shown = ["index.html", "methods.html"]
    shown += [next(name for name in documents if name.startswith(f"{folder}/")) for folder in TEMPLATES]
    for address in shown:
        page.goto(f"{(site / address).as_uri()}?language={language}")
        page.evaluate(axe)
        violations = page.evaluate("axe.run(document, { preload: false })")["violations"]
        grave = [(v["id"], v["nodes"][0]["html"]) for v in violations if v["impact"] in ("serious", "critical")]
        assert not grave, (address, grave)


@pytest.mark.browser
@pytest.mark.parametrize("width", [380, 1200])
def test_no_page_is_wider_than_its_window(chromium: Any, site: Path, documents: dict[str, Any], width: int) -> None:
    opened = chromium.new_page(viewport={"width": width, "height": 800})
    for folder in ("index", "methods", *TEMPLATES):
        address = next(name for name in documents if name.startswith(folder))
        opened.goto((site / address).as_uri())
        assert opened.evaluate("document.documentElement.scrollWidth") <= width, address
    opened.close()


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


def test_every_link_leads_somewhere(site: Path, documents: dict[str, Any]) -> None:
    ids = {address: {e.get("id") for e in document.xpath("//*[@id]")} for address, document in documents.items()}
    for address, document in documents.items():
        for target, fragment in targets(address, document):
            if target.startswith("..") or target.split("/")[0] not in (*writing.FOLDERS, "index.html", "methods.html"):
                continue  # originals and tables lie beside the site
            assert (site / target).is_file(), (address, target)
            if fragment and target in ids and not target.startswith("report/"):
                assert fragment in ids[target], (address, target, fragment)


def test_originals_are_linked_where_they_lie(site: Path, documents: dict[str, Any]) -> None:
    for address in [name for name in documents if name.startswith("report/")]:
        hrefs = [link.get("href") for link in documents[address].xpath("//dl//a[@href]")]
        assert any((site / "report" / unquote(urlsplit(href).path)).resolve().is_file() for href in hrefs), address


def test_a_link_to_a_cell_finds_the_cell_wherever_it_was_printed(documents: dict[str, Any]) -> None:
    found = missed = 0
    for address, document in documents.items():
        for target, fragment in targets(address, document):
            if target.startswith("report/") and fragment and "." in fragment:
                there = bool(documents[target].xpath("//*[@id=$id]", id=fragment))
                found, missed = found + there, missed + (not there)
    assert found > 500 and missed == 0, (found, missed)


def test_from_every_mark_of_every_drawing_the_cell_is_three_clicks_away(documents: dict[str, Any]) -> None:
    def leads_to_cell(address: str, fragment: str, clicks: int) -> bool:
        if address.startswith("report/"):
            return bool(fragment)
        if clicks == 0:
            return False
        path = "//svg//a[@href]" if address.startswith("chart/") else "//table//a[@href]"
        return any(leads_to_cell(*target, clicks - 1) for target in targets(address, documents[address], path))

    checked = 0
    for address in [name for name in documents if name.startswith("chart/")]:
        for target in set(targets(address, documents[address], "//svg//a[@href]")):
            assert leads_to_cell(*target, 2), (address, target)
            checked += 1
    assert checked > 50


def test_no_page_is_larger_than_two_megabytes(site: Path) -> None:
    for path in site.rglob("*"):
        if path.suffix in (".html", ".js", ".css"):
            assert path.stat().st_size <= environment.LARGEST, path


def test_a_page_that_grows_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "LARGEST", 10)
    with pytest.raises(ValueError, match="at most"):
        environment.write_page(
            tmp_path, "methods.html", "methods.html", common=Anything(), **{key: {} for key in NAMES}
        )


NAMES = ("rules", "rates", "tiers", "proofs", "states", "methods", "tables")


class Anything:
    """What a template may ask for."""

    fictional, version = False, ""


def test_the_workbook_runs_nothing_and_leads_to_the_pages(site: Path) -> None:
    book = openpyxl.load_workbook(site / "audit.xlsx")
    assert [name.split()[0] for name in book.sheetnames] == [
        "flags",
        "reports",
        "figures",
        "indicators",
        "codebook",
        "checks",
    ]
    for sheet in book:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
        assert sheet.max_row > 1
    first = book.worksheets[0]["A2"].hyperlink.target
    assert (site / first).is_file()


def test_text_of_documents_is_escaped_everywhere(tmp_path: Path) -> None:
    cells = compare_city.city(3, years=(2022, 2024))
    cells[0, 2023]["applications.granted.total"] += 3
    evil = "<script>alert(1)</script>=cmd|'街道"

    def named(row: dict[str, object]) -> dict[str, object]:
        return row | {"office_zh": evil, "title": evil, "district_zh": evil, "url": "javascript:alert(1)"}

    out = compare_city.publish(tmp_path / "processed", cells, report=named)
    style.save(style.nothing_to_show(writing.panel.load(out), "zh", "t", "w"), out / "figures", "coverage.zh")
    assert command.main(["site", str(out), "--to", str(tmp_path / "site")]) == 0
    for path in (tmp_path / "site").rglob("*"):
        if path.suffix in (".html", ".js", ".svg"):
            text = path.read_text(encoding="utf-8")
            assert "<script>alert" not in text and "javascript:" not in text, path
    assert "&lt;script&gt;" in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    flags = openpyxl.load_workbook(tmp_path / "site" / "audit.xlsx").worksheets[0]
    assert any(cell.value == evil and cell.data_type == "s" for row in flags.iter_rows() for cell in row)


def test_a_second_run_leaves_no_page_of_an_office_that_is_gone(tmp_path: Path) -> None:
    out = compare_city.publish(tmp_path / "processed", compare_city.city(3, years=(2022, 2024)))
    style.save(style.nothing_to_show(writing.panel.load(out), "zh", "t", "w"), out / "figures", "coverage.zh")
    writing.write(out, tmp_path / "site", {})
    assert len(list((tmp_path / "site" / "office").iterdir())) == 3
    compare_city.publish(out, compare_city.city(2, years=(2022, 2024)))
    writing.write(out, tmp_path / "site", {})
    assert len(list((tmp_path / "site" / "office").iterdir())) == 2


def test_a_strange_folder_is_not_emptied(tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "mine.txt").write_text("mine", encoding="utf-8")
    writing.prepare(tmp_path)
    assert (tmp_path / "report" / "mine.txt").is_file()


def test_decisions_are_shown_with_their_history(tmp_path: Path) -> None:
    cells = compare_city.city(3, years=(2022, 2024))
    cells[0, 2023]["applications.granted.total"] += 3
    out = compare_city.publish(tmp_path / "processed", cells)
    style.save(style.nothing_to_show(writing.panel.load(out), "zh", "t", "w"), out / "figures", "coverage.zh")
    writing.write(out, tmp_path / "site", {})
    flag = sorted((tmp_path / "site" / "flag").iterdir())[0]
    reviews = tmp_path / "reviews.csv"
    rows = [
        f"{flag.stem},look again,first sight,王,2026-01-02",
        f"{flag.stem},confirmed,called the office,李,2026-01-09",
    ]
    reviews.write_text("\n".join(["flag_id,decision,reason,by,on", *rows]), encoding="utf-8-sig")
    writing.write(out, tmp_path / "site", {}, reviews)
    text = flag.read_text(encoding="utf-8")
    assert text.index("first sight") < text.index("called the office") and "2026-01-09" in text
