"""All comparison pages, those first that say most, and how they are written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from compare import flags
from compare.assessment import Assessed
from compare.panel import Panel
from compare.site.comparisons.page import QUESTIONS, Page
from compare.site.comparisons.quality import quality_page, similarity_page
from compare.site.comparisons.rates import funnel_page, rate_page
from compare.site.comparisons.results import ground_pages, result_pages
from compare.site.comparisons.years import change_page, far_page, ledger_pages
from compare.site.content import Common
from compare.site.environment import write_page

SLOPES = {"permits": "permits", "penalties": "penalties", "applications_received": "applications"}


def comparison_pages(loaded: Panel, assessments: Assessed) -> list[Page]:
    """Every comparison page of a panel."""
    pages = [far_page(loaded)]
    pages += [rate_page(loaded, name, f"compare-{name}") for name in ("disclosure", "clearance", "refusal")]
    pages += [funnel_page(loaded, name, f"funnel-{name}") for name in ("disclosure", "refusal")]
    pages += [*result_pages(loaded), *ground_pages(loaded), *ledger_pages(loaded)]
    if len(loaded.years) > 1:
        pages += [change_page(loaded, name, page, f"year-on-year-{name}") for name, page in SLOPES.items()]
    return [*pages, similarity_page(loaded), quality_page(loaded, assessments)]


def write_comparisons(common: Common, pages: Sequence[Page], pictures: set[str]) -> list[str]:
    """Write the comparison pages with their CSVs; `pictures` are the names of the figures that stand beside them."""
    written = []
    listed = [page for page in pages if not page.under]
    for page in pages:
        flags.write_csv(page.data, Path(common.to) / "figures" / f"site-{page.name}.csv")
        own = [other for other in pages if other.under == page.name]
        parent = next((other for other in listed if other.name == page.under), None)
        written.append(
            write_page(
                common.to,
                f"chart/{page.name}.html",
                "chart.html",
                common=common,
                page=page,
                parent=parent,
                under=own or [other for other in pages if page.under and other.under == page.under],
                groups=grouped(listed),
                picture=page.picture if page.picture in pictures else "",
                vector=(common.to / "figures" / f"{page.picture}.zh.svg").is_file(),
            )
        )
    return written


def grouped(pages: Sequence[Page]) -> list[tuple[object, list[Page]]]:
    """The pages under the questions that they answer."""
    return [(words, [p for p in pages if p.question == name]) for name, words in QUESTIONS.items()]
