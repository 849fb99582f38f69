"""How every chart looks: the project's own font, one palette, breaks, source line, labels that keep apart."""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, MaxNLocator

from compare.flags import write_csv
from compare.panel import Panel

FONT = "Noto Sans SC"
INK, GREY, FAINT, PAPER = "#1f2933", "#7b8794", "#d9dee4", "#ffffff"
BLUE, ORANGE, GREEN, PURPLE, SKY = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#56B4E9",
)  # Okabe and Ito: survive colour-blindness
# One hue growing darker with gravity, so that grey print keeps the order.
TIER_COLOURS = {
    "certain": "#7f2704",
    "priority": "#d94801",
    "review": "#fd8d3c",
    "look": "#fdd0a2",
    "reading-doubtful": "#bcbddc",
    "": "#e3eef7",
}
OUTCOME_COLOURS = ("#08519c", "#6baed6", "#d94801", "#fdae6b", "#969696", "#525252")
BREAKS = {2021: ("form 2021", "2021表式"), 2024: ("review first", "复议前置")}
TIERS_ZH = {
    "certain": "确定",
    "priority": "优先",
    "review": "复核",
    "look": "留意",
    "reading-doubtful": "读数存疑",
    "": "无提示",
}


class Chart(NamedTuple):
    """A figure and the data that it shows: one row per mark."""

    figure: Figure
    data: pd.DataFrame


@cache
def register_font() -> None:
    """Make the project's font known to matplotlib; no system font is used."""
    for weight in ("Regular", "Bold"):
        with as_file(files("compare") / "fonts" / f"NotoSansSC-{weight}.ttf") as path:
            font_manager.fontManager.addfont(path)


def apply() -> None:
    """Set matplotlib up for the project's charts. Called by every chart, since seaborn's set_theme() puts another
    font back."""
    register_font()
    plt.rcParams.update(
        {
            "font.family": [FONT],
            "axes.unicode_minus": False,
            "font.size": 9.5,
            "axes.titlesize": 11,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.edgecolor": GREY,
            "axes.labelcolor": INK,
            "text.color": INK,
            "xtick.color": INK,
            "ytick.color": INK,
            "axes.titlelocation": "left",
            "figure.dpi": 110,
            "savefig.dpi": 150,
            "figure.facecolor": PAPER,
            "legend.frameon": False,
        }
    )


def say(language: str, en: str, zh: str) -> str:
    """The text in the language asked for. Raises ValueError for a language that is neither en nor zh."""
    if language not in ("en", "zh"):
        raise ValueError(f"language must be 'en' or 'zh', not {language!r}")
    return en if language == "en" else zh


def canvas(width: float, height: float, rows: int = 1, columns: int = 1, **options: Any) -> tuple[Figure, np.ndarray]:
    """A figure in the project's style and its axes as a 2-d array; detached from pyplot, so that a notebook shows
    it once."""
    apply()
    figure, axes = plt.subplots(rows, columns, figsize=(width, height), squeeze=False, layout="constrained", **options)
    plt.close(figure)
    return figure, axes


def finish(figure: Figure, panel: Panel, data: pd.DataFrame, language: str, title: str, subtitle: str = "") -> Chart:
    """Put title, subtitle and source line on a figure; a made-up city is called so on every chart."""
    count = len(panel.reports)
    source = say(
        language, f"Source: annual disclosure reports, {count} read", f"来源：政府信息公开工作年度报告，共{count}份"
    )
    if panel.fictional:
        source += say(
            language, " · FICTIONAL SAMPLE: places and figures are made up", " · 虚构样例：地名与数字均为编造"
        )
    height = figure.get_figheight()
    top, bottom = 1 - (0.62 if subtitle else 0.40) / height, 0.32 / height
    layout = figure.get_layout_engine()
    if isinstance(layout, ConstrainedLayoutEngine):
        layout.set(rect=(0, bottom, 1, top - bottom))
    figure.text(0.012, 1 - 0.10 / height, title, fontsize=13, fontweight="bold", va="top")
    if subtitle:
        figure.text(0.012, 1 - 0.36 / height, subtitle, fontsize=9, color=GREY, va="top")
    figure.text(0.012, 0.08 / height, source, fontsize=8, color=ORANGE if panel.fictional else GREY, va="bottom")
    return Chart(figure, data.reset_index(drop=True))


def nothing_to_show(panel: Panel, language: str, title: str, why: str) -> Chart:
    """A chart that says what cannot be shown and why, instead of failing."""
    figure, axes = canvas(7, 2.2)
    axes[0, 0].axis("off")
    axes[0, 0].text(0.5, 0.5, why, ha="center", va="center", color=GREY, fontsize=11, wrap=True)
    return finish(figure, panel, pd.DataFrame({"note": [why]}), language, title)


def year_axis(axes: Axes, years: list[int]) -> None:
    """Whole years only, each of them where there is room."""
    axes.set_xlim(years[0] - 0.4, years[-1] + 0.4)
    axes.set_xticks(years if len(years) <= 8 else years[:: -(-len(years) // 8)])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:.0f}"))


def draw_breaks(axes: Axes, years: list[int], language: str, named: bool = True) -> None:
    """A dotted line where the form (2021) and the law on appeals (2024) changed: a jump there is no anomaly by
    itself."""
    for year, (en, zh) in BREAKS.items():
        if years[0] < year <= years[-1]:
            axes.axvline(year - 0.5, color=GREY, linestyle=(0, (2, 3)), linewidth=0.9, zorder=0)
            if named:
                axes.annotate(
                    say(language, en, zh),
                    (year - 0.5, 1),
                    xycoords=("data", "axes fraction"),
                    xytext=(2, -1),
                    textcoords="offset points",
                    fontsize=6.5,
                    color=GREY,
                    va="top",
                )


def log1p_axis(axes: Axes, highest: float) -> None:
    """A log(1 + x) axis with plain numbers: zero has a place on it."""
    axes.set_yscale("function", functions=(np.log1p, np.expm1))
    steps = [0, *(base * 10**power for power in range(8) for base in (1, 3))]
    inside = [step for step in steps if step <= highest * 1.4]
    axes.set_ylim(-0.15, max(highest * 1.6, 3))
    axes.set_yticks(inside if len(inside) <= 6 else [0, *inside[1:][:: -(-(len(inside) - 1) // 5)]])
    axes.yaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.0f}"))
    axes.minorticks_off()


def whole_numbers(axes: Axes) -> None:
    """Counts are whole: no ticks between them."""
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


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
    """Write <name>.png and, beside it, <name>.csv with the data of the chart; returns the path of the picture."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    write_csv(chart.data, target / f"{name}.csv")
    apply()
    chart.figure.savefig(target / f"{name}.png", metadata={"Software": None})
    return target / f"{name}.png"
