"""Write the site of a published folder: gather once, then write the offices' pages side by side."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from compare import figures, flags, panel
from compare.evidence import Parts, parts_of_reports
from compare.site.comparison_pages import Page, comparison_pages, write_comparisons
from compare.site.content import Common, Office, common_of, flag_rows, identities, offices_of, sides_of_identity
from compare.site.environment import script_value, write_text
from compare.site.office_pages import reports_behind, write_offices
from compare.site.start_pages import write_districts, write_methods, write_start
from compare.site.workbook import write_workbook

FOLDERS = ("office", "report", "flag", "district", "chart", "evidence", "figures", "assets")
MARK = ".jiedao-site"  # beside it, the folders above are ours and may be made anew
AT_ONCE = 24  # offices per task: their facts are read from the tables together
THUMBNAIL = 560  # pixels
FONTS = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")


def write(out: Path, to: Path, selection: dict[str, Any], reviews: Path | None = None, jobs: int = 1) -> Path:
    """Write the site of a published folder into `to` and return its index.html. Flags are made anew; figures are
    drawn where none stand. `jobs` processes write offices' pages at once.

    Raises NotPublishedError as panel.load does.
    """
    loaded = panel.load(out, **selection)
    assessments = flags.assess(loaded)
    found = flags.make(loaded, assessments, reviews)
    prepare(to)
    common = common_of(loaded, to)
    flagged = flag_rows(loaded, assessments, found, reviews)
    known = identities(loaded)
    for flag in flagged:
        flag["identity"] = sides_of_identity(known, flag)
    offices = offices_of(loaded, found, flagged)
    pictures = copy_figures(out, to, selection, reviews)
    flags.write_csv(found, to / "flags.csv")
    write_assets(to, loaded)
    write_all_offices(common, offices, neighbours_of([flag["flag_id"] for flag in flagged]), jobs)
    pages = comparison_pages(loaded)
    write_comparisons(common, pages, pictures)
    write_districts(common, offices)
    write_methods(common, loaded, assessments, found)
    write_workbook(loaded, flagged, to / "audit.xlsx")
    return write_index(common, loaded, offices, flagged, pages, pictures)


def write_index(
    common: Common,
    loaded: panel.Panel,
    offices: list[Office],
    flagged: list[dict[str, Any]],
    pages: list[Page],
    pictures: set[str],
) -> Path:
    """The start page is written last: where it stands, all that it leads to stands too."""
    return write_start(common, loaded, offices, flagged, pages, pictures)


def prepare(to: Path) -> None:
    """Make the folder of the site; where an earlier run has left its mark, its pages go first, so that none outlives
    its office."""
    if (to / MARK).is_file():
        for name in FOLDERS:
            shutil.rmtree(to / name, ignore_errors=True)
    to.mkdir(parents=True, exist_ok=True)
    (to / MARK).write_text("Pages written by `python -m compare site`; a new run replaces them.\n", encoding="utf-8")
    for name in FOLDERS:
        (to / name).mkdir(exist_ok=True)


def neighbours_of(ids: list[str]) -> dict[str, tuple[str, str]]:
    """For each flag the one before and the one after it by rank, "" at the ends."""
    return {flag: (ids[at - 1] if at else "", ids[at + 1] if at + 1 < len(ids) else "") for at, flag in enumerate(ids)}


def tasks(offices: list[Office], jobs: int) -> Iterator[list[Office]]:
    """Offices in groups, in the order of their files, since the published tables keep that order: a group's facts
    stand together."""
    ordered = sorted(offices, key=lambda office: str(office.reports[0]["source_path"]) if office.reports else "")
    size = max(1, min(AT_ONCE, -(-len(offices) // max(jobs, 1))))
    for at in range(0, len(ordered), size):
        yield ordered[at : at + size]


def write_all_offices(common: Common, offices: list[Office], neighbours: dict[str, tuple[str, str]], jobs: int) -> None:
    """Write every office with its reports and flags; with more than one job, in processes of their own."""
    groups, where = list(tasks(offices, jobs)), parts_of_reports(common.out)
    own = [
        {flag["flag_id"]: neighbours[flag["flag_id"]] for office in group for flag in office.flags} for group in groups
    ]
    parts = [parts_of(where, reports_behind(group)) for group in groups]
    if jobs < 2 or len(groups) < 2:
        for group, beside, part in zip(groups, own, parts, strict=True):
            write_offices(common, group, beside, part)
        return
    with ProcessPoolExecutor(min(jobs, len(groups))) as pool:
        list(pool.map(write_offices, [common] * len(groups), groups, own, parts))


def parts_of(where: dict[str, dict[str, set[int]]], report_ids: set[str]) -> Parts:
    """The row groups of each file that hold these reports."""
    return {
        name: tuple(sorted(set().union(*(by_report.get(report, set()) for report in report_ids))))
        for name, by_report in where.items()
    }


def write_assets(to: Path, loaded: panel.Panel) -> None:
    """Style, script, fonts (a browser takes them only where the machine has no Chinese font), and the codebook's
    labels as a script."""
    for name in ("style.css", "site.js"):
        text = (files("compare.site") / "templates" / name).read_text(encoding="utf-8")
        write_text(to / "assets" / name, text)
    for name in FONTS:
        with as_file(files("compare") / "fonts" / name) as font:
            shutil.copyfile(font, to / "assets" / name)
    labels = {
        str(cell): [row["label_zh"], row["label_en"]]
        for cell, row in loaded.codebook[["label_zh", "label_en"]].fillna("").iterrows()
    }
    write_text(to / "assets" / "codebook.js", script_value("jiedao.codebook", labels))


def copy_figures(out: Path, to: Path, selection: dict[str, Any], reviews: Path | None) -> set[str]:
    """Copy the standing figures beside the pages, with thumbnails; returns the names of those that are there in both
    languages. Where a part of the data was asked for, the standing figures would show another part: none then."""
    if any(selection.values()):
        return set()
    if not any((out / "figures").glob("*.zh.png")):
        figures.draw_all(out, selection, reviews)
    names = set()
    for path in sorted((out / "figures").glob("*.zh.png")):
        name = path.name.removesuffix(".zh.png")
        pictures = [path.with_name(f"{name}.{language}.png") for language in figures.LANGUAGES]
        if name.startswith("office-") or not all(picture.is_file() for picture in pictures):
            continue
        names.add(name)
        for picture in pictures:
            shutil.copyfile(picture, to / "figures" / picture.name)
            thumbnail(picture, to / "figures" / f"small-{picture.name}")
    return names


def thumbnail(picture: Path, target: Path) -> None:
    """The upper part of a figure, small."""
    from PIL import Image

    image = Image.open(picture).convert("RGB")
    height = round(THUMBNAIL * image.height / image.width)
    small = image.resize((THUMBNAIL, height), Image.Resampling.LANCZOS).crop((0, 0, THUMBNAIL, min(height, 340)))
    small.quantize(64).save(target, "PNG", optimize=True)
