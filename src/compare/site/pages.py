"""Build the site's page from the published tables; every text of a document is escaped by the template."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Hashable
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd

from compare import figures, flags, panel
from compare.charts.coverage import coverage_data
from compare.charts.style import TIER_COLOURS, TIERS_ZH
from compare.rules import REGISTRY

FIGURE_TITLES = {
    "coverage": ("Coverage", "覆盖情况"),
    "data-quality": ("Data quality", "数据质量"),
    "anomalies": ("Anomalies", "异常年份"),
    "outcomes": ("Outcomes by year", "各年办理结果"),
    "outcomes-by-office": ("Outcomes by office", "各机关办理结果"),
    "compare-disclosure": ("Disclosure rate", "公开率"),
    "compare-clearance": ("Clearance rate", "办结率"),
    "year-on-year-permits": ("Permits, two years", "行政许可两年对比"),
    "year-on-year-applications_received": ("Applications, two years", "新收申请两年对比"),
}
MOST_FLAGS = 400  # one plain page stays small; the rest is in flags.csv and the page says so
AUDITORS = [tier for tier in flags.TIERS if tier != "reading-doubtful"]


def write(out: Path, to: Path, selection: dict[str, Any], reviews: Path | None = None) -> Path:
    """Write the site of a published folder into `to` and return its index.html. Flags are made anew; figures are
    drawn where none stand.

    Raises NotPublishedError as panel.load does.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loaded = panel.load(out, **selection)
    found = flags.make(loaded, reviews=reviews)
    if not any((out / "figures").glob("*.zh.png")):
        figures.draw_all(out, selection, reviews)
    to.mkdir(parents=True, exist_ok=True)
    pictures = copy_figures(out / "figures", to / "figures", loaded)
    flags.write_csv(found, to / "flags.csv")
    with as_file(files("compare") / "fonts" / "NotoSansSC-Regular.ttf") as font:
        shutil.copyfile(font, to / font.name)  # a browser takes it only where the machine has no Chinese font
    environment = Environment(
        loader=PackageLoader("compare.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("index.html").render(
        panel=loaded,
        years=loaded.years,
        rows=coverage_rows(loaded, found),
        flags=flag_rows(found),
        flag_count=len(found),
        pictures=pictures,
        tables=table_links(out, to),
        counts=counts(loaded, found),
        colours=TIER_COLOURS,
        tiers_zh=TIERS_ZH,
        auditors=AUDITORS,
        rules=REGISTRY,
        districts=sorted({row["district_zh"] for row in flag_rows(found) if row["district_zh"]}),
        version=version(out),
    )
    handle, name = tempfile.mkstemp(dir=to, prefix=".index.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(page)
    Path(name).chmod(0o644)
    return Path(name).replace(to / "index.html")


def counts(loaded: panel.Panel, found: pd.DataFrame) -> dict[str, int]:
    """The numbers of the first line."""
    tiers: dict[Any, int] = dict(found["tier"].value_counts()) if len(found) else {}
    return {
        "reports": len(loaded.reports),
        "offices": len(loaded.offices),
        **{tier: int(tiers.get(tier, 0)) for tier in flags.TIERS},
    }


def coverage_rows(loaded: panel.Panel, found: pd.DataFrame) -> list[dict[str, Any]]:
    """One row per office: its names and, for each year, found, expected, late, tier and number of flags."""
    data = coverage_data(loaded, found)
    by_office = data.groupby("office_id", sort=False)
    columns = ["found", "expected", "late", "tier", "flags", "year"]
    return [
        {
            "office": group["office"].iloc[0],
            "district": group["district_zh"].iloc[0],
            "cells": group[columns].to_dict("records"),
        }
        for _, group in by_office
    ]


def flag_rows(found: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """The ranked flags of the auditors' tiers, as many as one page bears; doubtful readings are for analysts only."""
    shown = found[found["tier"].isin(AUDITORS)].head(MOST_FLAGS)
    return shown.astype(object).where(shown.notna(), "").to_dict("records")


def copy_figures(source: Path, target: Path, loaded: panel.Panel) -> list[dict[str, str]]:
    """Copy the standing figures beside the page; returns name and titles of each that is there in both languages."""
    target.mkdir(parents=True, exist_ok=True)
    offices = {f"office-{office}": (name, name) for office, name in loaded.offices["office"].items()}
    pictures = []
    for name, (title_en, title_zh) in {**FIGURE_TITLES, **offices}.items():
        files = [source / f"{name}.{language}.{kind}" for language in figures.LANGUAGES for kind in ("png", "csv")]
        if all(file.is_file() for file in files):
            for file in files:
                shutil.copyfile(file, target / file.name)
            pictures.append({"name": name, "title_en": title_en, "title_zh": title_zh})
    return pictures


def table_links(out: Path, to: Path) -> list[dict[str, str]]:
    """Links from the page to the published tables, relative, so that both folders can be moved together."""
    tables = sorted([*out.glob("*.csv"), *out.glob("*.parquet")])
    return [
        {"name": t.name, "href": quote(os.path.relpath(t.resolve(), to.resolve()).replace(os.sep, "/"))} for t in tables
    ]


def version(out: Path) -> str:
    """What run.json says of the run, where it says it."""
    try:
        run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return str(run.get("version", "")) if isinstance(run, dict) else ""
