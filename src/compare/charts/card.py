"""The report card of one report: what each check says, and both operands of what fails."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from compare.assessment import Assessed
from compare.charts.lettering import folded
from compare.charts.style import SMALLEST, WIDE, Chart, canvas, finish, nothing_to_show
from compare.language import say
from compare.palette import BLUE, DEEP, INK, LINE, ORANGE, PAPER, QUIET, SOFT
from compare.panel import Panel
from compare.rules import FAIL, PASS
from compare.views.cards import FAMILIES, card_of

LOOKS = {FAIL: ("D", ORANGE, DEEP), PASS: ("o", BLUE, BLUE), "": ("o", PAPER, QUIET)}
COLUMN = WIDE / 2 - 0.75  # inches for a check's title


def report_card(panel: Panel, assessments: Assessed, report_id: str, language: str = "zh") -> Chart:
    """One report: every check with ◆ fails, ● holds or ○ not assessable, in the five families of the catalogue; what
    fails with both its sides.

    Raises KeyError where the panel has no such report.
    """
    own = panel.reports.index[panel.reports["report_id"] == report_id]
    if not len(own):
        raise KeyError(f"{report_id!r} is no report of this panel")
    report = panel.reports.loc[own[0]]
    name, year = str(report["office_zh"]), "?" if pd.isna(report["year"]) else str(report["year"])
    title = say(language, f"{name} {year}: report card", f"{name}{year}年报告核查单")
    data = card_of(assessments, report_id)
    if data.empty:
        why = say(language, "No check says anything of this report.", "没有任何检查适用于此报告。")
        return nothing_to_show(panel, language, title, why)
    blocks = {family: block_lines(data[data["family"] == family], language) for family in FAMILIES}
    left, right = (sum(len(blocks[f]) + 1.6 for f in half) for half in ("ABC", "DE"))
    figure, axes = canvas(WIDE, 0.225 * max(left, right) + 0.1, columns=2)
    for plot, families in zip(axes[0], ("ABC", "DE"), strict=True):
        draw_families(plot, {f: blocks[f] for f in families}, max(left, right), language)
    counts = data["status"].value_counts()
    told = say(
        language,
        f"◆ {counts.get(FAIL, 0)} fail, ● {counts.get(PASS, 0)} hold, ○ {len(data) - counts.get(FAIL, 0) - counts.get(PASS, 0)} "
        "cannot be assessed (a figure is blank or missing). A failing check is a question, not a verdict.",
        f"◆不成立{counts.get(FAIL, 0)}项，●成立{counts.get(PASS, 0)}项，○无法判断"
        f"{len(data) - counts.get(FAIL, 0) - counts.get(PASS, 0)}项（有空白或缺数）。不成立只是疑问，不是结论。",
    )
    return finish(figure, panel, data, language, title, told)


def block_lines(rows: pd.DataFrame, language: str) -> list[tuple[str, str, str, str]]:
    """The lines of one family: (status or '' for a line that continues, check, text, colour)."""
    lines: list[tuple[str, str, str, str]] = []
    checks: list[Any] = list(rows.itertuples())
    for row in checks:
        title = row.title_en if language == "en" else row.title_zh
        ink = DEEP if row.status == FAIL else INK if row.status == PASS else SOFT
        first, *rest = folded(title, COLUMN, 9)
        lines.append((row.status, row.check, first, ink))
        lines += [("-", "", text, ink) for text in rest]
        lines += [("-", "", text, DEEP) for text in (folded(row.operands, COLUMN, 9) if row.operands else [])]
    return lines


def draw_families(plot: Axes, blocks: dict[str, list[tuple[str, str, str, str]]], height: float, language: str) -> None:
    """Families beneath one another."""
    y = 0.0
    for family, lines in blocks.items():
        plot.text(0, y, FAMILIES[family].said(language), fontsize=10, fontweight="bold", va="center")
        plot.plot([0, 1], [y + 0.62, y + 0.62], color=LINE, lw=1)
        y += 1.15
        for status, check, text, ink in lines:
            if status != "-":
                marker, colour, edge = LOOKS.get(status, LOOKS[""])
                plot.plot(0.02, y, marker, color=colour, mec=edge, ms=5.5, mew=1.1)
                plot.text(0.055, y, check, fontsize=SMALLEST, va="center", color=SOFT)
            plot.text(0.14, y, text, fontsize=9, va="center", color=ink, fontweight="bold" if ink == DEEP else "normal")
            y += 1
        y += 0.45
    plot.set(xlim=(0, 1), ylim=(height, -0.6))
    plot.axis("off")
