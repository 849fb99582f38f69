"""Offices beside each other: two years, one rate with its interval, the mix of outcomes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from compare.charts.style import (
    BLUE,
    FAINT,
    GREY,
    INK,
    ORANGE,
    OUTCOME_COLOURS,
    Chart,
    canvas,
    finish,
    log1p_axis,
    nothing_to_show,
    say,
    spread_labels,
)
from compare.indicators import SMALL, pooled, rule_of
from compare.panel import Panel
from compare.panel import measure as measure_of

MOST_ROWS = 40
NAMED_CHANGES = 9
OUTCOMES = ("granted", "partly_granted", "refused", "unavailable", "not_processed", "other_handling")


def year_on_year(panel: Panel, measure: str, year_from: int = 0, year_to: int = 0, language: str = "zh") -> Chart:
    """Slope chart of one measure in two years (the last two of the panel where none are named), largest changes named.

    Offices whose figure is blank or missing in either year are counted in the subtitle and not drawn.
    """
    rule = measure_of(measure)
    years = panel.years
    year_to = year_to or (years[-1] if years else 0)
    year_from = year_from or (years[-2] if len(years) > 1 else year_to)
    label = say(language, f"{rule.label_en.capitalize()} ({rule.unit_en})", f"{rule.label_zh}（{rule.unit_zh}）")
    title = f"{label}: {year_from} → {year_to}" if language == "en" else f"{label}：{year_from}年与{year_to}年"
    wide = (
        panel.series(measure)
        .pivot(index=["office_id", "office"], columns="year", values="value")
        .reindex(columns=[year_from, year_to])
    )
    both = wide.dropna().reset_index() if year_from != year_to else wide.iloc[:0].reset_index()
    if both.empty:
        why = say(
            language,
            f"No office has this figure in both {year_from} and {year_to}.",
            f"没有机关在{year_from}年和{year_to}年都有此数据。",
        )
        return nothing_to_show(panel, language, title, why)
    both.columns = ["office_id", "office", "before", "after"]
    both["change"] = np.log1p(both["after"]) - np.log1p(both["before"])
    named = both["change"].abs().rank(ascending=False, method="first") <= NAMED_CHANGES
    figure, axes = canvas(7.2, 5.6)
    plot = axes[0, 0]
    slope_axis(plot, both[["before", "after"]].to_numpy(dtype=float))
    lines: list[Any] = list(both.itertuples())
    for line, is_named in zip(lines, named, strict=True):
        colour = (ORANGE if line.change > 0 else BLUE) if is_named else FAINT
        plot.plot(
            [0, 1],
            [line.before, line.after],
            "-o",
            color=colour,
            ms=4,
            lw=1.8 if is_named else 1,
            zorder=3 if is_named else 1,
        )
    label_ends(plot, both[named])
    plot.set(xlim=(-0.25, 1.95))
    plot.set_xticks([0, 1], [str(year_from), str(year_to)])
    plot.spines["bottom"].set_visible(False)
    left_out = len(wide) - len(both)
    told = say(
        language,
        f"{len(both)} offices with both years, {left_out} without; "
        f"named: the {int(named.sum())} largest relative changes (log(1+x) axis)",
        f"两年均有数据{len(both)}个机关，缺{left_out}个；标名者为相对变化最大的{int(named.sum())}个（log(1+x)轴）",
    )
    return finish(figure, panel, both, language, title, told)


def slope_axis(plot: Axes, values: np.ndarray) -> None:
    """A log(1 + x) axis that spans the values and a little more, so that the slopes and their names have room."""
    log1p_axis(plot, float(values.max()))
    low, high = np.log1p(values.min()), np.log1p(values.max())
    room = max(0.08 * (high - low), 0.25)
    plot.set_ylim(np.expm1(max(low - room, -2.0)), np.expm1(high + room))
    inside = [tick for tick in plot.get_yticks() if values.min() <= tick <= values.max()]
    plot.set_yticks(inside if len(inside) > 1 else sorted({float(values.min()), *inside, float(values.max())}))


def label_ends(plot: Axes, named: pd.DataFrame) -> None:
    """Name the lines at their right ends, moved apart so that no name covers another, and back inside where that
    pushed them out."""
    if named.empty:
        return
    bottom, top = (float(np.log1p(edge)) for edge in plot.get_ylim())
    heights = np.log1p(named["after"].to_numpy(dtype=float))
    placed = spread_labels(heights, gap=(top - bottom) / 21)
    placed = placed + max(bottom + 0.01 - placed.min(), 0) - max(placed.max() - top, 0)
    lines: list[Any] = list(named.itertuples())
    for line, y, height in zip(lines, placed, heights, strict=True):
        colour = ORANGE if line.change > 0 else BLUE
        plot.plot([1.015, 1.07], [np.expm1(height), np.expm1(y)], color=colour, lw=0.7)
        text = f"{line.office}  {line.before:,.0f} → {line.after:,.0f}"
        plot.text(1.085, np.expm1(y), text, va="center", fontsize=8.5, color=colour)


def compare_offices(panel: Panel, name: str = "disclosure", language: str = "zh") -> Chart:
    """Ranked dots of one indicator pooled over the panel's years, with 95 % intervals; n below 10 is grey, set
    apart and not ranked.

    No position numbers are printed: intervals that overlap say that the order means nothing.
    """
    rule = rule_of(name)
    title = say(language, rule.label_en.capitalize() + " by office", f"各机关{rule.label_zh}")
    data = pooled(panel, name).dropna(subset=["value"])
    if data.empty:
        why = say(
            language, "No office has both figures that this rate needs.", "没有机关同时具备计算该比率的两个数字。"
        )
        return nothing_to_show(panel, language, title, why)
    data.insert(1, "office", panel.offices["office"].reindex(data["office_id"]).to_numpy())
    data = data.sort_values(["small", "value", "office_id"], ascending=[True, False, True])
    total, shown = len(data), rows_shown(data)
    figure, axes = canvas(8.2, 1.6 + 0.24 * len(shown))
    plot = axes[0, 0]
    overall = data["numerator"].sum() / data["denominator"].sum()
    plot.axvline(overall, color=INK, lw=0.9, linestyle=(0, (4, 3)), zorder=0)
    share = rule.interval == "share"
    draw_intervals(plot, shown, share)
    period = f"{panel.years[0]}–{panel.years[-1]}"
    left_out = (
        say(language, f"; {total - len(shown)} more in the CSV", f"；另有{total - len(shown)}个见CSV")
        if total > len(shown)
        else ""
    )
    told = say(
        language,
        f"{period} together, 95 % interval; dashed: all offices ({overall:.1%}); "
        f"grey: n < {SMALL}, not ranked{left_out}",
        f"{period}年合计，95%区间；虚线为全体（{overall:.1%}）；灰色为n<{SMALL}，不参与排序{left_out}",
    )
    return finish(figure, panel, data, language, title, told)


def rows_shown(data: pd.DataFrame) -> pd.DataFrame:
    """All rows where they fit; else the top and the bottom of those that may be ranked, both ends in sight."""
    if len(data) <= MOST_ROWS:
        return data
    ranked, half = data[~data["small"]], MOST_ROWS // 2
    if ranked.empty:
        return data.head(MOST_ROWS)
    return pd.concat([ranked.head(half), ranked.tail(max(min(half, len(ranked) - half), 0))])


def draw_intervals(plot: Axes, shown: pd.DataFrame, share: bool) -> None:
    """A dot and its interval for each row, numerator/denominator at the right edge."""
    right = 1.0 if share else float(np.nanmax(shown[["value", "high"]].to_numpy(dtype=float)))
    lines: list[Any] = list(shown.itertuples())
    for y, line in enumerate(lines):
        colour = GREY if line.small else BLUE
        plot.plot(
            [line.low, line.high], [y, y], color=colour, lw=1 if line.small else 2.2, alpha=0.5, solid_capstyle="butt"
        )
        plot.plot(line.value, y, "o", color=colour, mfc="white" if line.small else colour, ms=5)
        counts = f"{line.numerator:,.0f}/{line.denominator:,.0f}"
        plot.text(right * 1.02, y, counts, va="center", fontsize=7.5, color=GREY)
    plot.set_yticks(range(len(shown)), list(shown["office"]))
    plot.set(ylim=(len(shown) - 0.4, -0.6), xlim=(0, right * 1.14))
    ticks = [t for t in plot.get_xticks() if 0 <= t <= right + 1e-9]
    plot.set_xticks(ticks, [f"{t:.0%}" if share else f"{t:g}" for t in ticks])
    plot.tick_params(axis="y", length=0)


def outcome_table(panel: Panel, by: str) -> tuple[pd.DataFrame, pd.Series]:
    """Applications by group of results, and their total; groups in which nothing was decided are left out."""
    frame = panel.series(OUTCOMES[0])[["office_id", "office", "district_zh", "year"]]
    for name in OUTCOMES:
        frame[name] = panel.series(name)["value"]
    table = frame.dropna(subset=list(OUTCOMES), how="all").groupby(by, sort=True)[list(OUTCOMES)].sum()
    table = table[table.sum(axis=1) > 0]
    if by != "year":
        table = table.loc[table.sum(axis=1).sort_values(ascending=False, kind="stable").index][:MOST_ROWS]
    return table, table.sum(axis=1)


def outcomes(panel: Panel, by: str = "year", language: str = "zh") -> Chart:
    """What became of the applications: bars of 100 % by year or (`by='office'`) by office, with n, the applications
    decided.

    The parts are the six groups of results, comparable in both forms; reports without any of them are left out.
    """
    title = say(language, "What became of the applications", "申请办理结果构成")
    table, total = outcome_table(panel, by)
    if table.empty:
        return nothing_to_show(
            panel,
            language,
            title,
            say(language, "No application was decided in these reports.", "这些报告中没有已办结的申请。"),
        )
    figure, axes = canvas(8.2, 1.9 + 0.3 * len(table))
    plot = axes[0, 0]
    left = np.zeros(len(table))
    for name, colour in zip(OUTCOMES, OUTCOME_COLOURS, strict=True):
        share = (table[name] / total).to_numpy()
        rule = measure_of(name)
        plot.barh(
            range(len(table)),
            share,
            left=left,
            color=colour,
            height=0.74,
            label=say(language, rule.label_en, rule.label_zh),
        )
        for part in np.flatnonzero(share >= 0.07):
            light = colour in (OUTCOME_COLOURS[1], OUTCOME_COLOURS[3])
            plot.text(
                left[part] + share[part] / 2,
                part,
                f"{share[part]:.0%}",
                ha="center",
                va="center",
                fontsize=7.5,
                color=INK if light else "white",
            )
        left = left + share
    for y, count in enumerate(total):
        plot.text(1.01, y, f"n={count:,.0f}", va="center", fontsize=8, color=GREY if count < SMALL else INK)
    plot.set_yticks(range(len(table)), [str(group) for group in table.index])
    plot.set(ylim=(len(table) - 0.4, -0.6), xlim=(0, 1.12))
    plot.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    plot.tick_params(axis="y", length=0)
    plot.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=6,
        fontsize=8.5,
        columnspacing=1.1,
        handlelength=1.1,
        borderaxespad=0.3,
    )
    told = say(
        language, f"share of the applications decided; grey n: below {SMALL}", f"占办结申请的比例；灰色n为不足{SMALL}件"
    )
    return finish(figure, panel, table.assign(n=total).reset_index(), language, title, told)
