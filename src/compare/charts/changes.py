"""Two years of one measure: the slope of each office."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from compare.charts.style import WIDE, Chart, canvas, finish, log1p_axis, nothing_to_show, spread_labels
from compare.language import capital, say
from compare.palette import BLUE, LINE, ORANGE, SOFT
from compare.panel import Panel
from compare.panel import measure as measure_of
from compare.views.changes import changes, last_two

NAMED_CHANGES = 12


def year_on_year(panel: Panel, measure: str, year_from: int = 0, year_to: int = 0, language: str = "zh") -> Chart:
    """Slope chart of one measure in two years (the last two of the panel where none are named), largest relative
    changes named with both figures and an arrow.

    Offices whose figure is blank or missing in either year are counted beneath and not drawn.
    """
    rule = measure_of(measure)
    last = last_two(panel)
    year_from, year_to = year_from or last[0], year_to or last[1]
    label = say(language, capital(rule.label_en), rule.label_zh)
    title = say(language, f"{label}: {year_from} and {year_to}", f"{label}：{year_from}年与{year_to}年")
    data = changes(panel, measure, year_from, year_to)
    if data.empty:
        why = say(language, f"No office has this figure in two years ({year_from}, {year_to}).",
                  f"没有机关在{year_from}年和{year_to}年都有此数据。")  # fmt: skip
        return nothing_to_show(panel, language, title, why)
    named = data[data["change"] != 0].head(NAMED_CHANGES)
    figure, axes = canvas(WIDE * 0.86, 5.2)
    plot = axes[0, 0]
    slope_axis(plot, data[["before", "after"]].to_numpy(dtype=float))
    lines: list[Any] = list(data.itertuples())
    for place, line in reversed(list(enumerate(lines))):
        is_named = place < len(named)
        colour = (ORANGE if line.change > 0 else BLUE) if is_named else "#c9d0d8"
        ends = [line.before, line.after]
        plot.plot(
            [0, 1],
            ends,
            "-o",
            color=colour,
            ms=4.5 if is_named else 3,
            lw=1.9 if is_named else 1,
            zorder=3 if is_named else 1,
        )
    label_ends(plot, named)
    zero = int(((data["before"] == 0) & (data["after"] == 0)).sum())
    if zero > 1:
        said = say(language, f"0 in both years: {zero} offices", f"两年均为0：{zero}个机关")
        plot.text(0.5, 0, said, ha="center", va="bottom", fontsize=8.5, color=SOFT)
    plot.set(xlim=(-0.16, 1.95))
    plot.set_xticks([0, 1], [str(year_from), str(year_to)], fontsize=11, fontweight="bold")
    plot.tick_params(axis="x", length=0)
    plot.spines[["left", "bottom"]].set_visible(False)
    told = say(
        language,
        f"{len(data)} offices with both years. Named: the {len(named)} largest relative changes, ↑ orange up, ↓ blue "
        "down. Axis log(1+x).",
        f"两年均有数据的机关{len(data)}个。标名者为相对变化最大的{len(named)}个：↑橙为升，↓蓝为降。纵轴为log(1+x)。",
    )
    left_out = len(panel.offices) - len(data)
    absent = say(language, f"Not shown: {left_out} {'office' if left_out == 1 else 'offices'} without a comparable figure "
                 "in one of the two years.", f"未列出：其中一年没有可比数字的机关{left_out}个。") if left_out else ""  # fmt: skip
    return finish(figure, panel, data, language, title, told, absent)


def slope_axis(plot: Axes, values: np.ndarray) -> None:
    """A log(1+x) axis that spans the values and a little more, so that the slopes and their names have room."""
    log1p_axis(plot, float(values.max()))
    low, high = np.log1p(values.min()), np.log1p(values.max())
    room = max(0.07 * (high - low), 0.25)
    plot.set_ylim(np.expm1(max(low - room, -2.0)), np.expm1(high + room))
    inside = [tick for tick in plot.get_yticks() if values.min() <= tick <= values.max()]
    plot.set_yticks(inside if len(inside) > 1 else sorted({float(values.min()), *inside, float(values.max())}))
    plot.tick_params(axis="y", length=0)
    for x in (0, 1):
        plot.axvline(x, color=LINE, lw=1, zorder=0)


def label_ends(plot: Axes, named: pd.DataFrame) -> None:
    """Name the lines at their right ends, moved apart so that no name covers another, and back inside where that
    pushed them out."""
    if named.empty:
        return
    bottom, top = (float(np.log1p(edge)) for edge in plot.get_ylim())
    heights = np.log1p(named["after"].to_numpy(dtype=float))
    placed = spread_labels(heights, gap=(top - bottom) / 24)
    placed = placed + max(bottom + 0.01 - placed.min(), 0) - max(placed.max() - top, 0)
    lines: list[Any] = list(named.itertuples())
    for line, y, height in zip(lines, placed, heights, strict=True):
        rises = line.change > 0
        colour = ORANGE if rises else BLUE
        plot.plot([1.02, 1.09], [np.expm1(height), np.expm1(y)], color=colour, lw=0.7)
        text = f"{'↑' if rises else '↓'} {line.office}  {line.before:,.0f} → {line.after:,.0f}"
        plot.text(1.1, np.expm1(y), text, va="center", fontsize=8.5, color="#a33a06" if rises else BLUE)
