"""Every office-year as a point by how far it lies from what the office's other years lead to expect."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from compare.anomalies import MEASURES
from compare.charts.style import SMALLEST, WIDE, Chart, canvas, finish, nothing_to_show
from compare.language import capital, say
from compare.palette import DEEP, INK, LINE, ORANGE, PALE, QUIET, SOFT
from compare.panel import Panel
from compare.panel import measure as measure_of
from compare.views.far import far_years

NAMED = 6  # at each side of a strip
FURTHEST = 15.0
MOST_LEVELS, STEP = 4, 0.17  # rows of names above a cloud, and the height of each
CLOUD = 0.42  # how high the cloud of ordinary years is; names stand above it


def anomalies(panel: Panel, language: str = "zh") -> Chart:
    """Strip of z by measure: small and grey what is ordinary, a large dot what D05 or D06 flag for review, a triangle
    what they flag as priority; those flagged are named with their figure."""
    title = say(language, "Years that stand out from an office's own history", "与自身历史相比突出的年份")
    data = far_years(panel)
    if data.empty:
        why = say(
            language,
            "No office has three years with a positive figure: its own normal range cannot be told.",
            "没有机关具备三个年份的正数，无法推算自身正常范围。",
        )
        return nothing_to_show(panel, language, title, why)
    shown = [m for m in MEASURES if (data["measure"] == m).any()]
    levels = [levels_of(data[data["measure"] == m]) for m in shown]
    heights = [0.62 + STEP * level for level in levels]
    figure, axes = canvas(WIDE, 0.55 + 1.25 * sum(heights), rows=len(shown), sharex=True, height_ratios=heights)
    limit = float(min(max(data["z"].abs().max() * 1.1, 6.0), FURTHEST))
    for plot, measure, level in zip(axes[:, 0], shown, levels, strict=True):
        draw_strip(plot, data[data["measure"] == measure], limit, level)
        label = say(language, capital(measure_of(measure).label_en), measure_of(measure).label_zh)
        plot.set_title(label, fontsize=10, pad=3)
    axes[-1, 0].set_xticks([z for z in range(-15, 16, 5) if abs(z) <= limit])
    axes[-1, 0].set_xlabel(
        say(
            language,
            "z: distance from the expected value, in its own spread",
            "z：偏离预期值的程度（以自身波动为单位）",
        )
    )
    count = int((data["grade"] != "").sum())
    told = say(
        language,
        f"{len(data):,} office-years; {count} flagged: ● review, ▲ priority (it also stands apart from the years before "
        f"and after). Beyond ±{FURTHEST:.0f} drawn at the edge.",
        f"共{len(data):,}个机关年度，提示{count}个：●复核，▲优先（同时偏离前后年份）。超出±{FURTHEST:.0f}者画在边上。",
    )
    return finish(figure, panel, data, language, title, told, absent_of(panel, shown, data, language))


def absent_of(panel: Panel, shown: list[str], data: pd.DataFrame, language: str) -> str:
    """Measures and office-years of which nothing can be told."""
    gone = [say(language, measure_of(m).label_en, measure_of(m).label_zh) for m in MEASURES if m not in shown]
    known = sum(int((panel.series(m)["value"] > 0).sum()) for m in MEASURES)
    without = known - len(data)
    told = []
    if without > 0:
        told.append(say(language, f"Not shown: {without:,} figures of offices with fewer than 3 positive years.",
                        f"未列出：正数不足3年的机关的数字{without:,}个。"))  # fmt: skip
    if gone:
        joined = ", ".join(gone) if language == "en" else "、".join(gone)
        told.append(say(language, f"No strip: {joined}.", f"不画：{joined}。"))
    return (" " if language == "en" else "").join(told)


def levels_of(frame: pd.DataFrame) -> int:
    """How many rows of names a strip needs above its cloud."""
    flagged = frame.loc[frame["grade"] != "", "z"]
    return min(max(int((flagged > 0).sum()), int((flagged < 0).sum())), MOST_LEVELS)


def draw_strip(plot: Axes, frame: pd.DataFrame, limit: float, levels: int) -> None:
    """One measure: points spread by a fixed pattern (no chance in a chart), the flagged ones named above the cloud."""
    plain = frame[frame["grade"] == ""]
    height = (np.arange(len(plain)) * 0.618034 % 1.0) * CLOUD
    plot.axvline(0, color=LINE, lw=1, zorder=0)
    plot.scatter(plain["z"].clip(-limit, limit), height, s=11, c="#c3cbd3", edgecolors=QUIET, linewidths=0.3, zorder=2)
    for grade, marker, colour in (("review", "o", PALE), ("priority", "^", ORANGE)):
        own = frame[frame["grade"] == grade]
        plot.scatter(
            own["z"].clip(-limit, limit), np.full(len(own), CLOUD / 2), s=46, c=colour, marker=marker, edgecolors=DEEP,
            linewidths=0.8, zorder=3,
        )  # fmt: skip
    for side in (-1, 1):
        own = frame[(frame["grade"] != "") & (frame["z"] * side > 0)]
        name_points(plot, list(own.head(NAMED).itertuples()), limit, side, len(own) - NAMED)
    plot.set(xlim=(-limit * 1.04, limit * 1.04), ylim=(-0.1, CLOUD + 0.1 + STEP * levels), yticks=[])
    plot.spines["left"].set_visible(False)
    plot.xaxis.grid(True)


def name_points(plot: Axes, named: list[Any], limit: float, side: int, more: int) -> None:
    """The flagged points of one side, from the edge inwards, each name in a row of its own above the cloud."""
    for row, point in enumerate(named):
        at = float(np.clip(point.z, -limit, limit))
        level = CLOUD + 0.1 + STEP * (row % MOST_LEVELS)
        plot.plot([at, at], [CLOUD / 2, level], color=QUIET, lw=0.6, zorder=1)
        plot.text(
            at - 0.01 * limit * side, level, f"{point.office} {point.year}: {point.value:,.0f}", fontsize=SMALLEST,
            ha="right" if side > 0 else "left", va="center", color=INK, zorder=4,
        )  # fmt: skip
    if more > 0:
        plot.text(
            side * limit,
            CLOUD / 2 - 0.24,
            f"+{more}",
            fontsize=SMALLEST,
            ha="right" if side > 0 else "left",
            color=SOFT,
        )
