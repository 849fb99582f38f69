"""Make the pictures of docs/images again: start page in both languages, an office, a flag with its evidence, three
comparison pages, and the coverage chart.

    python docs/make_screenshots.py [--site site] [--to docs/images]

The site is that of the sample city (`make run` writes it); nothing else may be shown here. Needs Chromium on the PATH
and the packages of the `dev` extra.
"""

from __future__ import annotations

import argparse
import csv
import io
import shutil
import sys
from pathlib import Path
from typing import Any

from PIL import Image

LARGEST = 250_000  # bytes of one picture
WIDTH, HEIGHT = 1200, 820
COLOURS = (0, 256, 128, 64, 32, 16)
CHARTS = ("funnel-disclosure", "outcomes-by-office", "ledger")


def main() -> int:
    """Take the pictures; 2 where there is no site, no Chromium, or a site of real offices."""
    options = arguments().parse_args()
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        print("Chromium is not on the PATH.", file=sys.stderr)
        return 2
    start = options.site / "index.html"
    if not start.is_file() or "虚构样例" not in start.read_text(encoding="utf-8"):
        print(f"{start} is not the site of the sample city: call `make run` with an empty data/raw.", file=sys.stderr)
        return 2
    options.to.mkdir(parents=True, exist_ok=True)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for name, (address, height) in pages_to_show(options.site).items():
            page.set_viewport_size({"width": WIDTH, "height": height})
            language = "zh" if name.endswith("-zh") else "en"
            page.goto(f"{(options.site / address).resolve().as_uri()}?language={language}")
            page.wait_for_load_state("networkidle")
            page.evaluate("document.fonts.ready")
            size = write_small(page.screenshot(), options.to / f"{name}.png")
            print(f"{options.to / name}.png  {size // 1000} kB")
        browser.close()
    chart = (options.site / "figures" / "coverage.en.png").read_bytes()
    print(f"{options.to / 'coverage'}.png  {write_small(chart, options.to / 'coverage.png') // 1000} kB")
    return 0


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--site", type=Path, default=Path("site"))
    parser.add_argument("--to", type=Path, default=Path("docs/images"))
    return parser


def pages_to_show(site: Path) -> dict[str, tuple[str, int]]:
    """Name of each picture → address and height: the flag is the first whose evidence shows a table or a page, the
    office the first of a flag about a single year, else the same."""
    with (site / "flags.csv").open(encoding="utf-8-sig", newline="") as file:
        flags: list[dict[str, Any]] = [row for row in csv.DictReader(file) if row["office_id"]]
    shown = next((f for f in flags if f["check"] in ("A01", "A02", "A03")), flags[0])
    office = next((f for f in flags if f["check"] in ("D05", "D06")), shown)
    pages = {
        "start": ("index.html", HEIGHT),
        "start-zh": ("index.html", HEIGHT),
        "office": (f"office/{office['office_id']}.html", HEIGHT),
        "flag": (f"flag/{shown['flag_id']}.html", HEIGHT),
    }
    return pages | {f"chart-{name}": (f"chart/{name}.html", HEIGHT - 60) for name in CHARTS}


def write_small(png: bytes, path: Path) -> int:
    """Write a picture as it is, or with as many colours as fit into LARGEST bytes; returns its size. Raises ValueError
    where none fits."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in COLOURS:
        out = io.BytesIO()
        reduced = picture.quantize(colours, dither=Image.Dither.NONE) if colours else picture
        reduced.save(out, "PNG", optimize=True)
        if out.tell() <= LARGEST:
            path.write_bytes(out.getvalue())
            return out.tell()
    raise ValueError(f"{path} does not fit into {LARGEST:,} bytes: take a smaller part of the page")


if __name__ == "__main__":
    sys.exit(main())
