"""The site in a browser: from the start page to the cell, in both languages, without a network, for everybody."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import site_city
from lxml import html

LANGUAGES = ("zh", "en")
TEMPLATES = ("office", "report", "flag", "district", "chart")
# Three Latin words in a row are a sentence; names of files and of the project are not.
ENGLISH = re.compile(r"\b[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}\b")

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return site_city.city(tmp_path_factory) / "site"


@pytest.fixture(scope="module")
def addresses(site: Path) -> list[str]:
    """One page of each type."""
    found = ["index.html", "methods.html"]
    for folder in TEMPLATES:
        found.append(min(path.relative_to(site).as_posix() for path in (site / folder).glob("*.html")))
    return [*found, "chart/similarity.html", "chart/quality.html", "chart/funnel-disclosure.html"]


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
    """A fresh page of a Chinese reader that fails the test where its console shows an error or a request leaves the
    disk."""
    opened = chromium.new_page(viewport={"width": 1200, "height": 900}, locale="zh-CN")
    faults: list[str] = []
    opened.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on(
        "request", lambda request: None if request.url.startswith(("file:", "data:")) else faults.append(request.url)
    )
    yield opened
    opened.close()
    assert not faults, faults


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_the_start_page_to_the_cell(page: Any, site: Path, language: str) -> None:
    page.goto((site / "index.html").as_uri())
    if language == "en":
        page.click("#language")
    page.wait_for_selector("#flag-list[data-ready]")
    every = page.locator("#flag-list tbody tr").count()
    page.select_option("select[name=tier]", "certain")
    page.wait_for_function("n => document.querySelectorAll('#flag-list tbody tr').length < n", arg=every)
    tiers = page.locator("#flag-list tbody .tier")
    assert 0 < tiers.count() < every
    names = {tiers.nth(n).inner_text().split()[-1] for n in range(tiers.count())}
    assert names == {"certain" if language == "en" else "◆确定" if "◆确定" in names else "确定"}
    sentence = page.locator("#flag-list tbody a.go").first.inner_text()
    page.locator("#flag-list tbody a.go").first.click()
    assert page.locator("h1").inner_text() == sentence
    assert page.locator("figure mark, figure img").count() >= 1
    page.locator(".trail a").nth(1).click()
    assert "/office/" in page.url
    page.locator("#own-flags ~ .scroll a.go").first.click()
    assert "/flag/" in page.url
    page.locator(".trail a").nth(1).click()
    page.locator("#figures ~ .scroll a").first.click()
    page.wait_for_selector("td.chosen")  # the script marks it once the page is there
    chosen = page.locator("td.chosen")
    assert chosen.count() == 1 and page.locator("#chosen").is_visible()
    assert page.locator("#chosen b").inner_text().strip()
    assert page.evaluate("document.documentElement.lang") == ("en" if language == "en" else "zh-Hans")
    assert page.locator(f".{'zh' if language == 'en' else 'en'}:visible").count() == 0


def test_a_mark_of_a_drawing_leads_to_its_cell_by_the_mouse(page: Any, site: Path) -> None:
    page.goto((site / "chart" / "outcomes-2023.html").as_uri())
    page.locator("svg a .part").first.click()
    assert "/report/" in page.url and page.locator("td.chosen").count() == 1


@pytest.mark.parametrize(("locale", "language"), [("de-DE", "en"), ("zh-CN", "zh-Hans")])
def test_the_first_page_speaks_the_readers_language(chromium: Any, site: Path, locale: str, language: str) -> None:
    opened = chromium.new_page(locale=locale)
    opened.goto((site / "index.html").as_uri())
    assert opened.evaluate("document.documentElement.lang") == language
    assert ("确定" in opened.title() or "核查" in opened.title()) == (language != "en")
    opened.close()


def test_every_filter_narrows_and_clearing_widens(page: Any, site: Path) -> None:
    page.goto((site / "index.html").as_uri())
    page.wait_for_selector("#flag-list[data-ready]")
    everything = page.locator("#count").inner_text()
    total = int(everything.split()[0])
    for name in ("district", "year", "tier", "check"):
        option = page.locator(f"select[name={name}] option").nth(1)
        page.select_option(f"select[name={name}]", option.get_attribute("value") or option.inner_text())
        page.wait_for_timeout(200)
        assert 0 < int(page.locator("#count").inner_text().split()[0]) <= total and f"{name}=" in page.url
        assert name == "district" or " / " in page.locator("#count").inner_text(), "the small city may be one district"
        page.click("button[type=reset]")
        page.wait_for_function("text => document.getElementById('count').textContent === text", arg=everything)
    page.fill("input[name=text]", "nowhere to be found")
    page.wait_for_function("document.querySelectorAll('#flag-list tbody tr').length === 0")
    page.fill("input[name=text]", "街道")
    page.wait_for_function("document.querySelectorAll('#flag-list tbody tr').length > 0")


def test_the_list_of_findings_is_sorted_by_year(page: Any, site: Path) -> None:
    page.goto((site / "index.html").as_uri())
    page.wait_for_selector("#flag-list[data-ready]")
    page.locator("#flag-list th[data-by=year] button").click()
    page.wait_for_function("document.querySelector('[data-by=year]').getAttribute('aria-sort') === 'ascending'")
    page.wait_for_timeout(100)
    years = [int(text) for text in page.locator("#flag-list tbody td:nth-child(5)").all_inner_texts()]
    assert len(years) > 5 and years == sorted(years)


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


def test_an_office_is_found_by_a_part_of_its_name(page: Any, site: Path) -> None:
    name = html.parse(min((site / "office").glob("*.html"))).getroot().find(".//h1").text_content().strip()
    page.goto((site / "index.html").as_uri())
    page.focus("#find")
    page.wait_for_function("document.getElementById('found-offices').children.length > 0")
    part = name.removesuffix("办事处")[-4:-1]
    page.fill("#find", part)
    page.keyboard.press("Enter")
    page.wait_for_url("**/office/*.html*")
    assert part in page.locator("h1").inner_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_serious_and_one_language_is_spoken(
    page: Any, site: Path, addresses: list[str], language: str
) -> None:
    from axe_playwright_python.base import AXE_FILE_PATH

    axe = Path(AXE_FILE_PATH).read_text(encoding="utf-8")
    for address in addresses:
        page.goto(f"{(site / address).as_uri()}?language={language}")
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
        page.evaluate(axe)
        violations = page.evaluate("axe.run(document, { preload: false, resultTypes: ['violations'] })")["violations"]
        grave = [(v["id"], v["nodes"][0]["html"]) for v in violations if v["impact"] in ("serious", "critical")]
        assert not grave, (address, grave)
        if language == "zh":
            said = page.locator("body").inner_text() + page.title()
            said += " ".join(
                page.locator("[aria-label]").evaluate_all("all => all.map(e => e.getAttribute('aria-label'))")
            )
            assert not ENGLISH.findall(said), address


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_its_window_nor_than_paper(
    chromium: Any, site: Path, addresses: list[str], width: int
) -> None:
    opened = chromium.new_page(viewport={"width": width, "height": 800})
    for address in addresses:
        opened.goto((site / address).as_uri())
        assert opened.evaluate("document.documentElement.scrollWidth") <= width, address
    opened.emulate_media(media="print")
    assert opened.locator("nav:visible, form:visible").count() == 0
    opened.close()
