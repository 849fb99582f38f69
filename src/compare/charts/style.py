"""How every chart looks: the project's own font, one palette, one way to head, foot, mark breaks and keep labels apart."""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter

from compare.charts.lettering import FONT, folded, make_printable, register_font
from compare.flags import write_csv
from compare.language import say
from compare.palette import BREAKS, DEEP, INK, LINE, PAPER, QUIET, SOFT
from compare.panel import Panel

WIDE = 9.2  # inches: the width of most charts, so that letters have one size on a page
HEAD, LEAD, SMALLEST = 14, 9.5, 8.0  # points: title, explanation, the smallest letters of any chart


class Chart(NamedTuple):
    """A figure and the data that it shows: one row per mark."""

    figure: Figure
    data: pd.DataFrame


def apply() -> None:
    """Set matplotlib up for the project's charts. Called by every chart, since seaborn's set_theme() puts another
    font back."""
    register_font()
    plt.rcParams.update(
        {
            "font.family": [FONT],
            "axes.unicode_minus": False,
            "font.size": 9.5,
            "axes.titlesize": 10.5,
            "axes.titleweight": "bold",
            "axes.titlelocation": "left",
            "axes.titlepad": 8,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.edgecolor": QUIET,
            "axes.linewidth": 0.8,
            "axes.labelcolor": SOFT,
            "axes.axisbelow": True,
            "grid.color": LINE,
            "grid.linewidth": 0.7,
            "text.color": INK,
            "text.hinting": "none",  # letters as wide as `text_width` reckons
            "xtick.color": SOFT,
            "ytick.color": SOFT,
            "xtick.labelcolor": INK,
            "ytick.labelcolor": INK,
            "xtick.major.size": 3,
            "ytick.major.size": 3,
            "figure.dpi": 110,
            "savefig.dpi": 150,
            "figure.facecolor": PAPER,
            "legend.frameon": False,
            "svg.fonttype": "path",
            "svg.hashsalt": "jiedao",
        }
    )


def canvas(width: float, height: float, rows: int = 1, columns: int = 1, **options: Any) -> tuple[Figure, np.ndarray]:
    """A figure in the project's style and its axes as a 2-d array; detached from pyplot, so that a notebook shows
    it once."""
    apply()
    figure, axes = plt.subplots(rows, columns, figsize=(width, height), squeeze=False, layout="constrained", **options)
    plt.close(figure)
    return figure, axes


def finish(
    figure: Figure, panel: Panel, data: pd.DataFrame, language: str, title: str, subtitle: str = "", absent: str = ""
) -> Chart:
    """Put title, explanation and source line on a figure; `absent` says what is not shown, and why. A made-up city is
    called so on every chart. Long lines are folded, so that nothing is cut."""
    width, height = figure.get_figwidth() - 0.3, figure.get_figheight()
    head, lead = folded(title, width, HEAD), folded(subtitle, width, LEAD) if subtitle else []
    foot = folded(absent, width, SMALLEST) if absent else []
    top = 0.12 + 0.27 * len(head) + 0.19 * len(lead) + 0.1
    bottom = 0.36 + 0.17 * len(foot)
    height += top + bottom
    figure.set_figheight(height)
    layout = figure.get_layout_engine()
    if isinstance(layout, ConstrainedLayoutEngine):
        layout.set(rect=(0.006, bottom / height, 0.988, 1 - (top + bottom) / height))
    at = height - 0.12
    for size, lines, colour, weight in ((HEAD, head, INK, "bold"), (LEAD, lead, SOFT, "normal")):
        for line in lines:
            figure.text(
                0.12 / figure.get_figwidth(),
                at / height,
                line,
                fontsize=size,
                fontweight=weight,
                color=colour,
                va="top",
            )
            at -= 0.27 if size == HEAD else 0.19
    for number, line in enumerate(foot[::-1]):
        figure.text(
            0.12 / figure.get_figwidth(),
            (0.3 + 0.17 * number) / height,
            line,
            fontsize=SMALLEST,
            color=SOFT,
            va="bottom",
        )
    draw_source(figure, panel, language)
    make_printable(figure)
    return Chart(figure, data.reset_index(drop=True))


def draw_source(figure: Figure, panel: Panel, language: str) -> None:
    """The last line: where the figures come from, and that a made-up city is made up."""
    count, width, height = len(panel.reports), figure.get_figwidth(), figure.get_figheight()
    source = say(language, f"Source: {count:,} annual disclosure reports", f"来源：{count:,}份政府信息公开工作年度报告")
    figure.text(0.12 / width, 0.1 / height, source, fontsize=SMALLEST, color=SOFT, va="bottom")
    if panel.fictional:
        told = say(language, "FICTIONAL SAMPLE: places and figures are made up", "虚构样例：地名与数字均为编造")
        figure.text(
            1 - 0.12 / width,
            0.1 / height,
            told,
            fontsize=SMALLEST,
            fontweight="bold",
            color=DEEP,
            ha="right",
            va="bottom",
        )


def nothing_to_show(panel: Panel, language: str, title: str, why: str) -> Chart:
    """A chart that says what cannot be shown and why, instead of failing."""
    figure, axes = canvas(WIDE, 1.1)
    axes[0, 0].axis("off")
    lines = folded(why, WIDE - 1.2, 11)
    axes[0, 0].text(0.5, 0.5, "\n".join(lines), ha="center", va="center", color=SOFT, fontsize=11)
    return finish(figure, panel, pd.DataFrame({"note": [why]}), language, title)


def year_axis(axes: Axes, years: list[int]) -> None:
    """Whole years only, each of them where there is room."""
    axes.set_xlim(years[0] - 0.4, years[-1] + 0.4)
    axes.set_xticks(years if len(years) <= 8 else years[:: -(-len(years) // 8)])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:.0f}"))


def draw_breaks(axes: Axes, years: list[int], language: str, named: bool = True) -> None:
    """A dotted line where the form (2021) and the law on appeals (2024) changed: a jump there is no anomaly by
    itself."""
    for year, words in BREAKS.items():
        if years[0] < year <= years[-1]:
            axes.axvline(year - 0.5, color=QUIET, linestyle=(0, (1.5, 2.5)), linewidth=0.9, zorder=0)
            if named:
                axes.annotate(
                    words.said(language), (year - 0.5, 1), xycoords=("data", "axes fraction"), xytext=(2.5, 1),
                    textcoords="offset points", fontsize=SMALLEST, color=SOFT, va="top",
                )  # fmt: skip


def halo() -> list[Any]:
    """What keeps letters readable that stand upon lines."""
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=2.5, foreground=PAPER)]


def log1p_axis(axes: Axes, highest: float, room: float = 1.6) -> None:
    """A log(1 + x) axis with plain numbers: zero has a place on it; `room` times the highest value is its end."""
    axes.set_yscale("function", functions=(np.log1p, np.expm1))
    steps = [0, *(base * 10**power for power in range(9) for base in (1, 3))]
    inside = [step for step in steps if step <= highest * 1.4]
    axes.set_ylim(-0.15, max(highest * room, 3))
    axes.set_yticks(inside if len(inside) <= 5 else [0, *inside[1:][:: -(-(len(inside) - 1) // 4)]])
    axes.yaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.0f}"))
    axes.minorticks_off()


def spread_labels(positions: np.ndarray, gap: float) -> np.ndarray:
    """Move label positions apart until neighbours are at least `gap` apart, keeping their order and, as far as
    possible, their place."""
    order = np.argsort(positions, kind="stable")
    placed = positions[order].astype(float)
    for _ in range(200):
        moved = False
        for k in range(1, len(placed)):
            lack = gap - (placed[k] - placed[k - 1])
            if lack > 1e-9:
                placed[k - 1] -= lack / 2
                placed[k] += lack / 2
                moved = True
        if not moved:
            break
    result = np.empty_like(placed)
    result[order] = placed
    return result


def save(chart: Chart, folder: Path | str, name: str) -> Path:
    """Write <name>.png and <name>.svg and, beside them, <name>.csv with the data of the chart; returns the path of the
    PNG. Each file is there whole or not at all."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    write_csv(chart.data, target / f"{name}.csv")
    apply()
    for suffix, metadata in (("svg", {"Date": None, "Creator": None}), ("png", {"Software": None})):
        content = io.BytesIO()
        chart.figure.savefig(content, format=suffix, metadata=metadata)
        handle, unfinished = tempfile.mkstemp(dir=target, prefix=f".{name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(content.getvalue())
        Path(unfinished).chmod(0o644)
        Path(unfinished).replace(target / f"{name}.{suffix}")
    return target / f"{name}.png"
