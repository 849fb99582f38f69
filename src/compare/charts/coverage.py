"""Which reports are there: the heatmap of offices and years."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from compare.charts.parts import shaded_table
from compare.charts.style import SMALLEST, WIDE, Chart, canvas, finish, nothing_to_show
from compare.flags import TIERS as ORDER
from compare.language import capital, say
from compare.palette import BREAKS, INK, PAPER, QUIET, SOFT, TIERS
from compare.panel import Panel
from compare.views.coverage import by_district
from compare.views.coverage import coverage as coverage_data

MOST_OFFICES = 60  # more rows than that cannot be read: districts are shown instead


def coverage(panel: Panel, flags: pd.DataFrame, language: str = "zh") -> Chart:
    """Heatmap offices × years: a missing report that was to be expected is an empty crossed box, a late one bears a
    dot, colour is the worst tier of its flags, the number how many there are.

    With more than MOST_OFFICES offices the rows are districts and the colour the share of reports found.
    """
    title = say(language, "Which reports are there, and what was found in them", "报告覆盖情况与最高提示等级")
    if not len(panel.offices):
        why = say(language, "No report has both an office and a year.", "没有同时识别出机关和年度的报告。")
        return nothing_to_show(panel, language, title, why)
    data = coverage_data(panel, flags)
    if len(panel.offices) > MOST_OFFICES:
        return district_coverage(panel, data, title, language)
    rows = row_places(panel)
    lowest = max(rows.values()) + 1
    figure, axes = canvas(2.9 + 0.72 * len(panel.years) + 1.9, 0.55 + 0.225 * (lowest + 1))
    plot = axes[0, 0]
    marks: list[Any] = list(data.itertuples())
    for mark in marks:
        draw_report(plot, panel.years.index(mark.year), rows[mark.office_id], mark)
    label_rows(plot, panel, rows, language)
    head_years(plot, panel, data, lowest, language)
    draw_key(plot, data, language)
    due, found = int(data["expected"].sum()), int(data["found"].sum())
    told = say(
        language,
        f"{found} of {due} expected reports found. Colour and sign: gravest flag; number: how many flags.",
        f"应有{due}份，已有{found}份。颜色与符号为最高提示等级，数字为提示条数。",
    )
    return finish(figure, panel, data, language, title, told, unplaced(panel, language))


def unplaced(panel: Panel, language: str) -> str:
    """What is said of reports that have no row or column here."""
    count = len(panel.reports) - int((panel.place >= 0).sum())
    if not count:
        return ""
    return say(
        language,
        f"Not shown: {count} {'report whose' if count == 1 else 'reports whose'} office or year is not known.",
        f"未列出：机关或年度不明的报告{count}份。",
    )


def row_places(panel: Panel) -> dict[str, float]:
    """The height of each office's row; a new district begins a row and a half further down, beneath its name."""
    places: dict[str, float] = {}
    at, before = 0.0, None
    for office, district in panel.offices["district_zh"].items():
        if district != before:
            at, before = at + (1.0 if before is None else 1.35), district
        places[str(office)] = at
        at += 1.0
    return places


def draw_report(plot: Axes, x: int, y: float, mark: Any) -> None:
    """One report, or its absence."""
    size = ((x - 0.47, y - 0.44), 0.94, 0.88)
    if mark.found:
        key = TIERS[mark.tier]
        hatch = "////" if mark.tier == "reading-doubtful" else None
        plot.add_patch(Rectangle(*size, facecolor=key.colour, edgecolor=PAPER if hatch else "none", hatch=hatch, lw=0))
        told = f"{key.sign} {mark.flags}" if mark.flags else ""
        plot.text(x, y, told, ha="center", va="center", fontsize=SMALLEST, color=key.ink)
    elif mark.expected:
        plot.add_patch(Rectangle(*size, facecolor=PAPER, edgecolor=QUIET, linewidth=0.8))
        plot.plot(x, y, "x", color=SOFT, ms=5, mew=1)
    if mark.late:
        plot.plot(x + 0.34, y, "o", color=INK, ms=3.6, mec=PAPER, mew=0.7)


def label_rows(plot: Axes, panel: Panel, rows: dict[str, float], language: str) -> None:
    """The offices at the left, each district's name above its own."""
    for district, own in panel.offices.groupby("district_zh", sort=False):
        name = str(district) or say(language, "district unknown", "区县不明")
        plot.text(-0.55, rows[str(own.index[0])] - 1, name, ha="right", va="center", fontsize=9, fontweight="bold")
    plot.set_yticks([rows[str(office)] for office in panel.offices.index], list(panel.offices["office"]))
    plot.tick_params(length=0, bottom=False, labelbottom=False)
    plot.spines[:].set_visible(False)


def head_years(plot: Axes, panel: Panel, data: pd.DataFrame, lowest: float, language: str) -> None:
    """Years above, how many reports of how many below, and dotted lines where form and law changed."""
    sums = data.groupby("year")[["found", "expected"]].sum()
    for x, year in enumerate(panel.years):
        plot.text(x, -0.15, str(year), ha="center", va="center", fontsize=9.5)
        of = f"{int(sums['found'][year])} / {int(sums['expected'][year])}"
        plot.text(x, lowest + 0.05, of, ha="center", va="center", fontsize=SMALLEST, color=SOFT)
        if year in BREAKS and x:
            plot.axvline(x - 0.5, color=QUIET, linestyle=(0, (1.5, 2.5)), linewidth=0.9)
            plot.text(x - 0.46, -0.95, BREAKS[year].said(language), fontsize=SMALLEST, color=SOFT, va="center")
    said = say(language, "found / expected", "已有／应有")
    plot.text(-0.55, lowest + 0.05, said, ha="right", va="center", fontsize=SMALLEST, color=SOFT)
    plot.set(xlim=(-0.5, len(panel.years) - 0.5), ylim=(lowest + 0.5, -1.35))


def draw_key(plot: Axes, data: pd.DataFrame, language: str) -> None:
    """What colours and signs mean, only those that are there."""
    tiers = [tier for tier in (*ORDER, "") if tier in set(data.loc[data["found"], "tier"])]
    handles: list[Any] = [
        Patch(facecolor=TIERS[t].colour, hatch="////" if t == "reading-doubtful" else None, edgecolor=PAPER,
              label=f"{TIERS[t].sign} {capital(TIERS[t].words.said(language))}".strip())
        for t in tiers
    ]  # fmt: skip
    if (data["expected"] & ~data["found"]).any():
        handles += plot.plot(
            [], [], "x", color=SOFT, ms=5, linestyle="none", label=say(language, "No report read", "未读到报告")
        )
    if data["late"].any():
        late = say(language, "After 31 January", "1月31日后发布")
        handles += plot.plot([], [], "o", color=INK, ms=4, linestyle="none", label=late)
    plot.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1), fontsize=8.5, borderaxespad=0)


def district_coverage(panel: Panel, data: pd.DataFrame, title: str, language: str) -> Chart:
    """The same by district: share of reports found in each year, those with the most missing first."""
    table = by_district(data)
    table["district"] = table["district_zh"].replace("", say(language, "(district unknown)", "（区县不明）"))
    wide = table.pivot(index="district", columns="year", values=["found", "expected"])
    sums = table.groupby("district")[["expected", "found"]].sum()
    lacking = (sums["expected"] - sums["found"]).sort_values(ascending=False, kind="stable")
    shown = wide.loc[lacking.index[:MOST_OFFICES]]
    share = (shown["found"] / shown["expected"].where(shown["expected"] > 0)).to_numpy(dtype=float)
    texts = shown["found"].astype(int).astype(str) + "/" + shown["expected"].astype(int).astype(str)
    figure, axes = canvas(max(WIDE * 0.7, 2.6 + 0.8 * len(panel.years)), 0.6 + 0.225 * len(shown))
    shaded_table(axes[0, 0], share, texts.to_numpy(), list(shown.index), [str(y) for y in panel.years], 1.0)
    rest = len(wide) - len(shown)
    told = say(
        language,
        f"{len(panel.offices):,} offices in {len(wide):,} districts: reports found of those expected; most missing first.",
        f"{len(wide):,}个区县的{len(panel.offices):,}个机关：已有／应有份数；缺得多的在前。",
    )
    absent = (
        say(language, f"Not shown: {rest} districts; the CSV has all.", f"未列出：另有{rest}个区县，见CSV。")
        if rest
        else ""
    )
    return finish(figure, panel, table, language, title, told, absent)
