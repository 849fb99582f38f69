"""What stands beside the pages: style, script, the codebook's labels, fonts cut to the characters of this site, figures."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pyarrow.compute as compute
import pyarrow.parquet as parquet

from compare import figures
from compare.language import LANGUAGES
from compare.palette import css
from compare.panel import Panel
from compare.rules import REGISTRY
from compare.site.environment import script_value, write_text
from compare.site.words import chinese_of

THUMBNAIL = 560  # pixels
FONTS = {"NotoSansSC-Regular.ttf": "regular.woff", "NotoSansSC-Bold.ttf": "bold.woff"}
ALWAYS = (
    "".join(map(chr, range(0x20, 0x7F))) + "·–—‘’“”…←→↑↓↕×−±≠≤≥■□▲△◆◇●○　、。《》「」『』【】〓！％（），．：；？％"
)


def write_assets(to: Path, loaded: Panel, signs: Iterable[str], where: dict[str, dict[str, set[int]]]) -> None:
    """Style, script, the codebook's labels as a script, and fonts that hold `signs` (a browser takes them only where the
    machine has no Chinese font)."""
    folder = files("compare.site") / "templates"
    write_text(to / "assets" / "style.css", css() + (folder / "style.css").read_text(encoding="utf-8"))
    for name in ("site.js", "icon.svg"):
        write_text(to / "assets" / name, (folder / name).read_text(encoding="utf-8"))
    labels = {
        str(cell): [row["label_zh"], row["label_en"]]
        for cell, row in loaded.codebook[["label_zh", "label_en"]].fillna("").iterrows()
    }
    write_text(to / "assets" / "codebook.js", script_value("jiedao.codebook", labels))
    write_fonts(to / "assets", {*signs, *signs_of_pages(loaded, where)})


def signs_of_pages(loaded: Panel, where: dict[str, dict[str, set[int]]]) -> set[str]:
    """The characters of what is no note: templates, names, titles, labels, rules, and the tables as read (`where` these
    stand: as of parts_of_reports)."""
    found = set(ALWAYS)
    for entry in (files("compare.site") / "templates").iterdir():
        found.update(entry.read_text(encoding="utf-8"))
    for column in ("office_zh", "district_zh", "title", "source_path"):
        if column in loaded.reports:
            found.update(*loaded.reports[column].fillna("").astype(str))
    found.update(*loaded.codebook["label_zh"].fillna("").astype(str))
    for rule in REGISTRY.values():
        found.update(rule.title_zh, rule.says_zh, rule.source, *chinese_of(rule.check))
    grids = loaded.folder / "grids.parquet"
    if grids.is_file():
        file = parquet.ParquetFile(grids)
        for number in sorted(set().union(*where["grids.parquet"].values())):
            texts = compute.unique(file.read_row_group(number, columns=["text"])["text"])
            found.update(*(text or "" for text in texts.to_pylist()))
    return found


def write_fonts(folder: Path, signs: set[str]) -> None:
    """The project's font in two weights, cut to the characters that the pages use, with its licence."""
    from fontTools import subset

    for name, target in FONTS.items():
        options = subset.Options(flavor="woff", hinting=False, layout_features=["*"], notdef_outline=True)
        with as_file(files("compare") / "fonts" / name) as path:
            font = subset.load_font(str(path), options)
            cut = subset.Subsetter(options)
            cut.populate(unicodes=sorted({ord(sign) for sign in signs}))
            cut.subset(font)
            subset.save_font(font, str(folder / target), options)
    with as_file(files("compare") / "fonts" / "OFL.txt") as licence:
        shutil.copyfile(licence, folder / "OFL.txt")


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
        pictures = [path.with_name(f"{name}.{language}.png") for language in LANGUAGES]
        if name.startswith(figures.SINGLE) or not all(picture.is_file() for picture in pictures):
            continue
        names.add(name)
        for picture in pictures:
            for file in (picture, picture.with_suffix(".svg")):
                if file.is_file():
                    shutil.copyfile(file, to / "figures" / file.name)
            thumbnail(picture, to / "figures" / f"small-{picture.name}")
    return names


def thumbnail(picture: Path, target: Path) -> None:
    """The upper part of a figure, small."""
    from PIL import Image

    image = Image.open(picture).convert("RGB")
    height = round(THUMBNAIL * image.height / image.width)
    small = image.resize((THUMBNAIL, height), Image.Resampling.LANCZOS).crop((0, 0, THUMBNAIL, min(height, 340)))
    small.quantize(64).save(target, "PNG", optimize=True)
