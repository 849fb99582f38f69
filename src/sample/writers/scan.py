"""Scans: reports printed, signed, copied and scanned, as PDF, TIFF or picture.

`clean`: 200 to 300 dots per inch, hardly tilted, light noise, in grey, colour or black and white. `degraded`: 150 dots per
inch, tilted up to two degrees, uneven light, noise, JPEG 30. `photocopy`: black and white, specks, rules that break where
the copier was weak. `tiff`: one of these as pages of a TIFF. `picture` and `png`: all pages as one long picture, as web
pages show them. `mixed`: a PDF of which some pages are scans and the others are not. How an office prints, and what its
machines do, is drawn from the report's seed alone.
"""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import replace

import numpy as np
import pypdfium2 as pdfium
from PIL import Image

from sample.page import Page
from sample.writers import ageing, binding, paper, pdf
from sample.writers.ageing import Machine

MODES = ("clean", "clean", "degraded", "photocopy")
TURNS = (0, 90, 180, 270)
MADE_ON = re.compile(rb"(?<=/CreationDate\(D:)\d{14}")
FILE_ID = re.compile(rb"/ID\s*\[<[0-9A-F]{32}><[0-9A-F]{32}>\]")


def write(page: Page, form: str) -> bytes:
    """The page as a scan of this form."""
    rng = np.random.default_rng([page.report.seed, page.report.office.number, page.report.year])
    mode = form if form in MODES else "clean" if form in ("picture", "png") else MODES[rng.integers(4)]
    setup = paper.printed_to_be_scanned(f"{page.seed_of_hand()}-{page.report.year}")
    if form in ("picture", "png"):
        return _long_picture(pdf.write(page, setup), form, rng)
    through = ageing.machine(mode, rng)
    bilevel = mode == "photocopy" or (mode == "clean" and rng.random() < 0.2)
    coloured = not bilevel and rng.random() < 0.3
    if form == "mixed":
        through = through._replace(lid=False)
    if bilevel:  # a finer or paler rule would not be seen at all
        setup = replace(
            setup, rule=max(setup.rule, 0.5), rule_grey=min(setup.rule_grey, 0.25), shade=max(setup.shade, 0.88)
        )
    printed = pdf.write(page, setup)
    sheets = [_aged(sheet, mode, bilevel, through, rng) for sheet in _photograph(printed, through.dots, coloured)]
    if form == "tiff":
        return binding.tiff(sheets, through.dots)
    bound = _bound(sheets, bilevel, through, rng)
    return _mixed(printed, bound, rng) if form == "mixed" else bound


def _photograph(printed: bytes, dots: int, coloured: bool) -> list[Image.Image]:
    """Every page of a PDF at this resolution."""
    document = pdfium.PdfDocument(printed)
    try:
        drawn = [document[at].render(scale=dots / 72, grayscale=not coloured) for at in range(len(document))]
        return [sheet.to_pil().convert("RGB" if coloured else "L") for sheet in drawn]
    finally:
        document.close()


def _aged(sheet: Image.Image, mode: str, bilevel: bool, through: Machine, rng: np.random.Generator) -> Image.Image:
    """One sheet after the machine, and after the copier where it went through one."""
    sheet = ageing.scanned(sheet, through, rng)
    if mode == "photocopy":
        return ageing.copied(sheet, through, rng)
    if bilevel:
        return sheet.convert("L").point(lambda grey: 255 * (grey > (through.ink + through.paper) / 2))
    return sheet


def _bound(sheets: list[Image.Image], bilevel: bool, through: Machine, rng: np.random.Generator) -> bytes:
    """The sheets as a PDF, one time in six lying on the glass the wrong way round."""
    turn = int(rng.choice(TURNS)) if rng.random() < 1 / 6 else 0
    corrected = rng.random() < 0.6  # by the scanner's software, in the file
    strips = rng.random() < 0.12
    coding = ("fax" if rng.random() < 0.6 else "packed") if bilevel else "packed" if rng.random() < 0.15 else "jpeg"
    if through.quality == 30:
        coding = "jpeg"
    lying = [sheet.rotate(turn, expand=True) for sheet in sheets]
    parts = [binding.cut(sheet) if strips else [sheet] for sheet in lying]
    pages = [[binding.encode(part, coding, through.quality) for part in sheet] for sheet in parts]
    return binding.pdf(pages, through.dots, turn if corrected else 0)


def _long_picture(printed: bytes, form: str, rng: np.random.Generator) -> bytes:
    """All sheets one below the other at 144 dots per inch or so, as a JPEG or PNG."""
    through = ageing.machine("clean", rng)._replace(dots=int(rng.choice([130, 144, 160])), lid=False, fold=False)
    sheets = [ageing.scanned(sheet, through, rng) for sheet in _photograph(printed, through.dots, False)]
    whole = Image.fromarray(np.vstack([np.asarray(sheet) for sheet in sheets]))
    return binding.jpeg(whole, 85) if form == "picture" else binding.png(whole, through.dots)


def _mixed(printed: bytes, scanned: bytes, rng: np.random.Generator) -> bytes:
    """Pages of the printed file, at least one of them replaced by its scan."""
    born, copied, made = pdfium.PdfDocument(printed), pdfium.PdfDocument(scanned), pdfium.PdfDocument.new()
    chosen = rng.random(len(born)) < 0.4
    chosen[rng.integers(len(born))] = True
    for at in range(len(born)):
        made.import_pages(copied if chosen[at] else born, [at])
    buffer = io.BytesIO()
    made.save(buffer)
    for document in (born, copied, made):
        document.close()
    return _told_by_content(buffer.getvalue())


def _told_by_content(data: bytes) -> bytes:
    """The file with an identifier made from what it holds and the date that ReportLab's unvarying files bear: PDFium takes
    the lot and the clock, and the same city must give the same bytes."""
    data = MADE_ON.sub(b"20000101000000", data)
    blank = FILE_ID.sub(lambda found: re.sub(rb"[0-9A-F]", b"0", found[0]), data)
    told = hashlib.md5(blank, usedforsecurity=False).hexdigest().upper().encode()
    return FILE_ID.sub(b"/ID[<" + told + b"><" + told + b">]", blank)
