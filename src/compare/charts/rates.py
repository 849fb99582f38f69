"""One rate of all offices: ranked with intervals, and in a funnel with limits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from compare import funnel as limits_of
from compare.charts.style import SMALLEST, WIDE, Chart, canvas, finish, halo, nothing_to_show, spread_labels
from compare.indicators import SMALL, rule_of
from compare.language import capital, say
from compare.palette import BLUE, DEEP, INK, LINE, ORANGE, PALE, PAPER, QUIET, SOFT
from compare.panel import Panel
from compare.views.rates import Limits, both_ends, funnel_points, ranked

MOST_ROWS = 40
NAMED = 12


def compare_offices(panel: Panel, name: str = "disclosure", language: str = "zh") -> Chart:
    """Ranked dots of one indicator pooled over the panel's years, with 95 % intervals; n below 10 is grey, set
    apart and not ranked.

    No position numbers are printed: intervals that overlap say that the order means nothing.
    """
    rule = rule_of(name)
    title = say(language, capital(rule.label_en) + " by office", f"各机关{rule.label_zh}")
    data = ranked(panel, name)
    if data.empty:
        why = say(
            language, "No office has both figures that this rate needs.", "没有机关同时具备计算该比率的两个数字。"
        )
        return nothing_to_show(panel, language, title, why)
    shown, share = both_ends(data, MOST_ROWS), rule.interval == "share"
    figure, axes = canvas(WIDE, 0.75 + 0.235 * len(shown))
    overall = data["numerator"].sum() / data["denominator"].sum()
    draw_intervals(axes[0, 0], shown, share, len(shown) < len(data), language)
    draw_overall(axes[0, 0], overall, share, language)
    period = f"{panel.years[0]}–{panel.years[-1]}" if len(panel.years) > 1 else f"{panel.years[0]}"
    told = say(
        language,
        f"{period} together. Line: 95 % interval. Open and grey: n below {SMALL}, not ranked. "
        "Where intervals overlap, the order means nothing.",
        f"{period}年合计。横线为95%区间；灰色空心为n不足{SMALL}，不参与排序。区间重叠者，先后无意义。",
    )
    return finish(figure, panel, data, language, title, told, absent_rates(panel, data, shown, language))


def absent_rates(panel: Panel, data: pd.DataFrame, shown: pd.DataFrame, language: str) -> str:
    """Offices without the rate, and those that the chart has no room for."""
    without, rest = len(panel.offices) - len(data), len(data) - len(shown)
    told = []
    if without:
        told.append(say(
            language, f"{without:,} {'office' if without == 1 else 'offices'} without both figures or without a case",
            f"{without:,}个机关缺数或没有办件",
        ))  # fmt: skip
    if rest:
        told.append(
            say(language, f"{rest:,} offices between the two ends (in the CSV)", f"居中的{rest:,}个机关（见CSV）")
        )
    joined = ("; " if language == "en" else "；").join(told)
    return say(language, f"Not shown: {joined}.", f"未列出：{joined}。") if told else ""


def draw_intervals(plot: Axes, shown: pd.DataFrame, share: bool, gap: bool, language: str) -> None:
    """A dot and its interval for each row; share and numerator/denominator at the right edge."""
    right = 1.0 if share else float(np.nanmax(shown[["value", "high"]].to_numpy(dtype=float)))
    lines: list[Any] = list(shown.itertuples())
    for y, line in enumerate(lines):
        colour = QUIET if line.small else BLUE
        if line.low == line.low:
            width = 1.2 if line.small else 3.2
            plot.plot([line.low, line.high], [y, y], color=colour, lw=width, alpha=0.45, solid_capstyle="butt")
        plot.plot(line.value, y, "o", color=colour, mfc=PAPER if line.small else colour, ms=5.5, mew=1.3, clip_on=False)
        ink = SOFT if line.small else INK
        plot.text(
            right * 1.1,
            y,
            f"{line.value:.0%}" if share else f"{line.value:.2f}",
            va="center",
            ha="right",
            fontsize=8.5,
            color=ink,
        )
        told = f"{line.numerator:,.0f} / {line.denominator:,.0f}"
        plot.text(right * 1.125, y, told, va="center", fontsize=8.5, color=SOFT)
    if gap:
        plot.axhline(len(shown) // 2 - 0.5, color=PAPER, lw=5)
        plot.axhline(len(shown) // 2 - 0.5, color=QUIET, lw=1, linestyle=(0, (1, 4)))
    plot.set_yticks(range(len(shown)), list(shown["office"]))
    plot.set(ylim=(len(shown) - 0.4, -1.7), xlim=(0, right * 1.265))
    ticks = [0, 0.25, 0.5, 0.75, 1] if share else [t for t in plot.get_xticks() if 0 <= t <= right + 1e-9]
    plot.set_xticks(ticks, [f"{t:.0%}" if share else f"{t:g}" for t in ticks])
    plot.xaxis.grid(True)
    plot.tick_params(axis="y", length=0)
    plot.spines[["left", "bottom"]].set_visible(False)
    plot.text(right * 1.125, -1, say(language, "part / all", "分子／分母"), va="center", fontsize=SMALLEST, color=SOFT)


def draw_overall(plot: Axes, overall: float, share: bool, language: str) -> None:
    """The rate of all offices together."""
    told = f"{overall:.1%}" if share else f"{overall:.2f}"
    plot.axvline(overall, color=INK, lw=1, linestyle=(0, (4, 3)), zorder=0)
    said = say(language, f"all offices {told}", f"全体{told}")
    plot.text(
        overall,
        -1.15,
        f" {said} ",
        va="center",
        ha="center",
        fontsize=8.5,
        color=INK,
        bbox={"fc": PAPER, "ec": "none", "pad": 1},
    )


def funnel(panel: Panel, name: str = "disclosure", year: int = 0, language: str = "zh") -> Chart:
    """Offices by how many cases were decided and the share, with the limits that chance and the ordinary spread between
    offices allow (95 % and 99.8 %, adjusted for overdispersion). n below 10 is grey: no count leaves the limits there.

    `year` 0 pools the panel's years. With fewer than 20 offices of 10 or more cases no limits can be drawn, and the
    chart says so.
    """
    rule = rule_of(name)
    period = f"{year}" if year else f"{panel.years[0]}–{panel.years[-1]}" if panel.years else ""
    title = say(
        language,
        f"{capital(rule.label_en)}: which offices lie outside chance?",
        f"{rule.label_zh}漏斗图：哪些机关超出偶然？",
    )
    data, limits = funnel_points(panel, name, year)
    if data.empty:
        why = say(
            language,
            f"No office has both figures of this rate in {period}.",
            f"{period}年没有机关同时具备该比率的两个数字。",
        )
        return nothing_to_show(panel, language, title, why)
    figure, axes = canvas(WIDE, 4.6)
    draw_limits(axes[0, 0], limits, data, language)
    draw_points(axes[0, 0], data)
    outside = int(data["place"].isin(["outside95", "outside998"]).sum())
    if limits.lines.empty:
        told = say(language, f"{period}. Each mark is an office.", f"{period}年。每点一个机关。")
        return finish(figure, panel, data, language, title, told, absent_funnel(data, limits, language))
    told = say(
        language,
        f"{period}. Each mark is an office. Orange lies outside the limits (▲ the outer ones): {outside} of {limits.usable} offices with "
        f"{SMALL} or more cases; one in twenty would by chance.",
        f"{period}年。每点一个机关；橙色在内限之外，▲在外限之外：{limits.usable}个不少于{SMALL}件的机关中有{outside}个（偶然也会有二十分之一）。",
    )
    return finish(figure, panel, data, language, title, told, absent_funnel(data, limits, language))


def absent_funnel(data: pd.DataFrame, limits: Limits, language: str) -> str:
    """What the funnel cannot show."""
    small = int((data["place"] == "small").sum())
    told = []
    if limits.lines.empty:
        told.append(say(
            language,
            f"No limits: they need {limits_of.FEWEST_UNITS} offices with {SMALL} or more cases, there are {limits.usable}.",
            f"无法画控制限：至少需{limits_of.FEWEST_UNITS}个不少于{SMALL}件的机关，仅有{limits.usable}个。",
        ))  # fmt: skip
    if small:
        told.append(say(language, f"Grey and open: {small} with fewer than {SMALL} cases, not judged.",
                        f"灰色空心：{small}个不足{SMALL}件，不作判断。"))  # fmt: skip
    return (" " if language == "en" else "").join(told)


def draw_limits(plot: Axes, limits: Limits, data: pd.DataFrame, language: str) -> None:
    """Limits and target with their names at the right end, and the axes."""
    highest = float(data["denominator"].max())
    lines = limits.lines
    if len(lines):
        plot.fill_between(lines["n"], lines["low95"], lines["high95"], color="#eef4f9", lw=0, zorder=0)
        for side, style in (("95", (0, (3, 3))), ("998", "solid")):
            for end in ("low", "high"):
                plot.plot(lines["n"], lines[f"{end}{side}"], color=QUIET, lw=1, linestyle=style, zorder=1)
        plot.axhline(limits.target, color=INK, lw=1, linestyle=(0, (4, 3)), zorder=1)
        last = lines.iloc[-1]
        whole = say(language, f"all offices {limits.target:.0%}", f"全体{limits.target:.0%}")
        named = {
            whole: limits.target,
            "95 %": last["high95"],
            "99.8 %": last["high998"],
            " 95 %": last["low95"],
            " 99.8 %": last["low998"],
        }
        for (text, _), y in zip(named.items(), spread_labels(np.array(list(named.values())), 0.045), strict=True):
            plot.annotate(text.strip(), (1, y), xycoords=("axes fraction", "data"), xytext=(4, 0), textcoords="offset points",
                          va="center", fontsize=8.5, color=SOFT, annotation_clip=False)  # fmt: skip
    plot.set_xscale("function", functions=(np.sqrt, np.square))
    ticks = [t for t in (0, 10, 25, 50, 100, 200, 400, 800, 1600, 3200, 6400, 12800) if t <= highest * 1.02]
    plot.set_xticks(ticks, [f"{t:,}" for t in ticks])
    plot.set(xlim=(0, max(highest * 1.02, 12)), ylim=(-0.03, 1.06))
    plot.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    plot.set_xlabel(say(language, "cases decided (square-root axis)", "办结件数（平方根轴）"))
    plot.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:.0%}"))
    plot.axvline(SMALL, color=LINE, lw=1, zorder=0)


def draw_points(plot: Axes, data: pd.DataFrame) -> None:
    """The offices; those outside the limits by name."""
    marks: dict[str, dict[str, Any]] = {
        "small": {"marker": "o", "color": PAPER, "edgecolors": QUIET, "s": 26},
        "none": {"marker": "o", "color": BLUE, "edgecolors": PAPER, "s": 38},
        "inside": {"marker": "o", "color": BLUE, "edgecolors": PAPER, "s": 38},
        "outside95": {"marker": "o", "color": PALE, "edgecolors": DEEP, "s": 58},
        "outside998": {"marker": "^", "color": ORANGE, "edgecolors": DEEP, "s": 58},
    }
    for place, look in marks.items():
        own = data[data["place"] == place]
        plot.scatter(own["denominator"], own["value"], linewidths=0.9, zorder=3, **look)
    far = data[data["place"].isin(["outside95", "outside998"])]
    far = far.reindex(far["z"].abs().sort_values(ascending=False).index)[:NAMED]
    named: list[Any] = list(far.itertuples())
    for line, y in zip(named, spread_labels(far["value"].to_numpy(dtype=float), 0.042), strict=True):
        right = line.denominator > data["denominator"].max() * 0.72
        plot.annotate(
            f"{line.office}  {line.numerator:,.0f} / {line.denominator:,.0f}", (line.denominator, line.value),
            xytext=(-9 if right else 9, (y - line.value) * 250), textcoords="offset points",
            ha="right" if right else "left", va="center", fontsize=8.5, color=DEEP, path_effects=halo(),
        )  # fmt: skip
