"""The carry-over of applications as a waterfall: in, decided, forward, and whether the next year takes it up."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from compare.charts.lettering import text_width
from compare.charts.profile import office_id_of
from compare.charts.style import SMALLEST, WIDE, Chart, canvas, finish, nothing_to_show
from compare.language import Words, say
from compare.palette import BLUE, BREAKS, DEEP, INK, ORANGE, PAPER, QUIET, SOFT
from compare.panel import Panel
from compare.views.ledger import STEPS, ledger, ledger_of_all

NAMES = {
    "carried_in": Words("carried in", "上年结转"),
    "received": Words("received", "新收"),
    "decided": Words("decided", "办结"),
    "carried_forward": Words("carried forward", "结转下年"),
}
HATCHES = {"carried_in": "////", "carried_forward": "////"}
COLOURS = {"carried_in": "#7db4dc", "received": BLUE, "decided": "#c3cad2", "carried_forward": "#7db4dc"}


def carry_over(panel: Panel, office: str = "", language: str = "zh") -> Chart:
    """The ledger of applications, year by year: carried in and received go up, decided goes down, what is left is
    carried forward. Orange: the year does not add up (A03), or the next year takes up another number (D01).

    `office` is an id or a name; empty: all offices together, then broken reports are counted instead.
    """
    name = (
        str(panel.offices.at[office_id_of(panel, office), "office"])
        if office
        else say(language, "All offices", "全部机关")
    )
    title = say(language, f"{name}: the ledger of applications", f"{name}：申请结转账")
    frame = ledger(panel)
    data = frame[frame["office_id"] == office_id_of(panel, office)] if office else ledger_of_all(frame)
    whole = data.dropna(subset=list(STEPS))
    if whole.empty:
        why = say(language, "No report has all four figures of the ledger.", "没有报告同时具备四项数字。")
        return nothing_to_show(panel, language, title, why)
    figure, axes = canvas(WIDE, 3.7)
    draw_waterfall(axes[0, 0], whole, bool(office), language)
    name_steps(figure, axes[0, 0], language)
    if office:
        told = say(
            language,
            "Carried in + received − decided = carried forward; the next year has to carry in the same. ◆ marks where "
            "it does not.",
            "上年结转＋新收－办结＝结转下年，下一年的上年结转应与之相同；◆为不符处。",
        )
    else:
        broken = int(whole["broken_within"].sum()), int(whole["broken_before"].sum())
        told = say(
            language,
            f"Sums of the reports that have all four figures. ◆ counts reports: {broken[0]} do not add up in themselves (in "
            f"the middle of a year), {broken[1]} do not continue the year before (between two years).",
            f"四项齐全的报告合计。◆为报告数：自身不平{broken[0]}份（年份正中），与上年不衔接{broken[1]}份（两年之间）。",
        )
    return finish(figure, panel, data, language, title, told, absent_of(panel, data, whole, bool(office), language))


def absent_of(panel: Panel, data: pd.DataFrame, whole: pd.DataFrame, one: bool, language: str) -> str:
    """Years without a report or without one of the four figures."""
    if not one:
        left = int((panel.place >= 0).sum() - whole["reports"].sum())
        return (
            say(language, f"Left out: {left} reports that lack a figure.", f"未计入：缺数的报告{left}份。")
            if left
            else ""
        )
    gone = [str(year) for year in panel.years if year not in set(whole["year"])]
    joined = ", ".join(gone) if language == "en" else "、".join(gone)
    return (
        say(language, f"Not shown, no report or a figure is blank: {joined}.", f"缺报告或有空白，未画：{joined}年。")
        if gone
        else ""
    )


def draw_waterfall(plot: Axes, whole: pd.DataFrame, one: bool, language: str) -> None:
    """Four bars a year; the level that each leaves is carried to the next by a thin line."""
    width, previous = 0.2, None
    rows: list[Any] = list(whole.itertuples())
    for line in rows:
        level, x = 0.0, float(line.year) - 0.34
        for step in STEPS:
            value = float(getattr(line, step))
            base = level - value if step == "decided" else 0.0 if step == "carried_forward" else level
            look: dict[str, Any] = {
                "color": COLOURS[step],
                "hatch": HATCHES.get(step),
                "edgecolor": PAPER,
                "linewidth": 0.6,
            }
            plot.bar(x, value, width, bottom=base, zorder=2, **look)
            sign = {"received": "+", "decided": "−"}.get(step, "")
            top = max(base, base + value)
            plot.text(x, top, f"{sign}{value:,.0f}", ha="center", va="bottom", fontsize=SMALLEST, color=INK)
            level = base if step == "decided" else level + value if step != "carried_forward" else value
            x += 0.23
        if one:
            mark_gap(plot, line.gap_within, (float(line.year) + 0.35, level))
            if previous is not None and line.gap_before == line.gap_before:
                joint = (
                    (float(previous.year) + 0.46, float(line.year) - 0.45),
                    (previous.carried_forward, line.carried_in),
                )
                plot.plot(
                    *joint, color=ORANGE if line.gap_before else QUIET, lw=1.6 if line.gap_before else 0.9, zorder=1
                )
                mark_gap(plot, line.gap_before, (float(line.year) - 0.5, max(joint[1])))
        previous = line
    if not one:
        for line in rows:
            mark_broken(plot, line)
    years = [int(year) for year in whole["year"]]
    plot.set_xticks(years, [str(year) for year in years])
    for year, words in BREAKS.items():
        if years[0] < year <= years[-1]:
            plot.axvline(year - 0.5, color=QUIET, linestyle=(0, (1.5, 2.5)), linewidth=0.9, zorder=0)
            plot.text(
                year - 0.47,
                1.0,
                words.said(language),
                fontsize=SMALLEST,
                color=SOFT,
                va="top",
                transform=plot.get_xaxis_transform(),
            )
    highest = float((whole["carried_in"] + whole["received"]).max())
    plot.set(xlim=(years[0] - 0.55, max(years[-1], years[0] + 2) + 0.6), ylim=(0, max(highest * 1.22, 4)))
    plot.yaxis.grid(True)
    plot.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    plot.spines["left"].set_visible(False)
    plot.tick_params(axis="both", length=0)


def mark_gap(plot: Axes, gap: float, at: tuple[float, float]) -> None:
    """A diamond with the difference where two numbers that should be the same are not."""
    if gap == gap and gap:
        plot.plot(*at, "D", color=ORANGE, mec=DEEP, ms=6, zorder=4)
        plot.annotate(
            f"{gap:+,.0f}", at, xytext=(0, 13), textcoords="offset points", ha="center", fontsize=8.5, fontweight="bold",
            color=DEEP,
        )  # fmt: skip


def mark_broken(plot: Axes, line: Any) -> None:
    """How many reports of a year do not add up, or do not continue the year before."""
    for count, x in ((line.broken_before, line.year - 0.5), (line.broken_within, line.year + 0.02)):
        if count:
            plot.plot(x, 0.9, "D", color=ORANGE, mec=DEEP, ms=6, transform=plot.get_xaxis_transform(), zorder=4)
            plot.annotate(
                f"{count}", (x, 0.9), xycoords=plot.get_xaxis_transform(), xytext=(7, 0), textcoords="offset points",
                va="center", fontsize=8.5, fontweight="bold", color=DEEP,
            )  # fmt: skip


def name_steps(figure: Figure, plot: Axes, language: str) -> None:
    """The four bars by name above the chart, as the sum that they make."""
    x, wide = 0.0, figure.get_figwidth() - 0.6
    for number, step in enumerate(STEPS):
        sign = ("", "+ ", "− ", "= ")[number]
        plot.text(x, 1.08, sign, transform=plot.transAxes, fontsize=10, va="center", color=SOFT)
        x += text_width(sign, 10) / wide + (0.006 if sign else 0)
        patch = Rectangle((x, 1.055), 0.16 / wide, 0.05, transform=plot.transAxes, clip_on=False, facecolor=COLOURS[step],
                          edgecolor=PAPER, lw=0.6, hatch=HATCHES.get(step))  # fmt: skip
        plot.add_patch(patch)
        x += 0.22 / wide
        plot.text(x, 1.08, NAMES[step].said(language), transform=plot.transAxes, fontsize=9, va="center")
        x += (text_width(NAMES[step].said(language), 9) + 0.22) / wide
