"""The standing set of figures: every chart once, in both languages, as PNG, SVG and CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from compare import charts, flags, panel
from compare.assessment import Assessed
from compare.charts import Chart
from compare.language import LANGUAGES

PROFILES = 3  # offices drawn one by one: those that most needs looking at
RATES = ("disclosure", "clearance", "refusal")
FUNNELS = ("disclosure", "refusal")
SLOPES = ("permits", "penalties", "applications_received")
SINGLE = ("office-", "carry-over-", "text-", "card-")  # how the names of figures of one office begin


def standing(
    loaded: panel.Panel, assessments: Assessed, found: pd.DataFrame
) -> Iterator[tuple[str, Callable[..., Chart]]]:
    """Name and drawing of each figure of the standing set; the drawing takes `language`."""
    yield "coverage", partial(charts.coverage, loaded, found)
    yield "data-quality", partial(charts.data_quality, loaded, assessments)
    yield "anomalies", partial(charts.anomalies, loaded)
    yield "outcomes", partial(charts.outcomes, loaded)
    yield "outcomes-by-office", partial(charts.outcomes, loaded, "office")
    yield "grounds", partial(charts.refusal_grounds, loaded)
    yield "grounds-by-office", partial(charts.refusal_grounds, loaded, "office")
    for name in RATES:
        yield f"compare-{name}", partial(charts.compare_offices, loaded, name)
    for name in FUNNELS:
        yield f"funnel-{name}", partial(charts.funnel, loaded, name)
    for measure in SLOPES:
        yield f"year-on-year-{measure}", partial(charts.year_on_year, loaded, measure)
    yield "carry-over", partial(charts.carry_over, loaded)
    yield "similarity", partial(charts.similarity, loaded)
    yield from of_offices(loaded, assessments, found)


def of_offices(
    loaded: panel.Panel, assessments: Assessed, found: pd.DataFrame
) -> Iterator[tuple[str, Callable[..., Chart]]]:
    """The figures of single offices, and the card of the report that ranks first."""
    for office in offices_to_look_at(loaded, found):
        yield f"office-{office}", partial(charts.office_profile, loaded, office)
        yield f"carry-over-{office}", partial(charts.carry_over, loaded, office)
        yield f"text-{office}", partial(charts.text_changes, loaded, office)
    flagged = [report for report in found["report_id"] if report] if len(found) else []
    for report in [*flagged, *loaded.reports["report_id"]][:1]:
        yield f"card-{report}", partial(charts.report_card, loaded, assessments, report)


def offices_to_look_at(loaded: panel.Panel, found: pd.DataFrame) -> list[str]:
    """The offices of the highest ranked flags, then the first of the panel: PROFILES of them."""
    flagged = [office for office in found["office_id"] if office in loaded.offices.index] if len(found) else []
    return list(dict.fromkeys([*flagged, *loaded.offices.index]))[:PROFILES]


def draw_language(out: Path, selection: dict[str, Any], reviews: Path | None, language: str) -> list[Path]:
    """Draw the standing set in one language into out/figures."""
    loaded = panel.load(out, **selection)
    assessments = flags.assess(loaded)
    found = flags.make(loaded, assessments, reviews)
    drawings = standing(loaded, assessments, found)
    return [charts.save(draw(language=language), out / "figures", f"{name}.{language}") for name, draw in drawings]


def draw_all(out: Path, selection: dict[str, Any], reviews: Path | None = None, jobs: int = 2) -> list[Path]:
    """Draw the standing set in both languages, side by side where `jobs` > 1; returns the pictures. Raises
    NotPublishedError as panel.load."""
    panel.load(out, **selection)
    if jobs < 2:
        return [path for language in LANGUAGES for path in draw_language(out, selection, reviews, language)]
    with ProcessPoolExecutor(min(jobs, len(LANGUAGES))) as pool:
        drawn = [pool.submit(draw_language, out, selection, reviews, language) for language in LANGUAGES]
        return [path for job in drawn for path in job.result()]
