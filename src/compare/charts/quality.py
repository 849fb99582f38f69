"""How well the reports were read, and what could be checked."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from compare.assessment import Assessed
from compare.charts.lettering import fitted
from compare.charts.parts import Part, parts_of_whole
from compare.charts.style import SMALLEST, WIDE, Chart, canvas, finish, nothing_to_show
from compare.language import capital, say
from compare.palette import INK, PAPER, PROOFS, SOFT, STATUSES
from compare.panel import Panel
from compare.rules import FAIL, REGISTRY
from compare.views.quality import BY_CHECK, BY_KIND, BY_YEAR, CLASSES, KINDS, classes_of_cells, proved_share, quality

NAMES = 1.0  # how much room the titles of checks take, in widths of the bar


def data_quality(panel: Panel, assessments: Assessed, language: str = "zh") -> Chart:
    """How far the numbers are proved, by year and by kind of file, and what share of each check could be assessed."""
    title = say(language, "How well the reports were read, and what could be checked", "数据质量：读得准不准，能查多少")
    data = quality(panel, assessments)
    cells = data[data["part"] == BY_YEAR]
    if cells.empty or not cells["count"].sum():
        why = say(language, "No cell of any form was read.", "没有读出任何统计表单元格。")
        return nothing_to_show(panel, language, title, why)
    groups = {part: data[data["part"] == part]["group"].nunique() for part in (BY_YEAR, BY_KIND, BY_CHECK)}
    heights = [count + 2.6 for count in groups.values()]
    figure, axes = canvas(WIDE, 0.255 * sum(heights), rows=3, height_ratios=heights)
    above, middle, below = axes[:, 0]
    draw_cells(above, cells, {}, language)
    above.set_title(say(language, "Printed cells by year", "各年度印出的单元格"))
    draw_cells(
        middle, data[data["part"] == BY_KIND], {kind: words.said(language) for kind, words in KINDS.items()}, language
    )
    middle.set_title(say(language, "Printed cells by kind of file", "各类文件印出的单元格"))
    draw_checks(below, data[data["part"] == BY_CHECK], language)
    below.set_title(say(language, "Assessments by check", "各项检查的判断"))
    share = proved_share(classes_of_cells(panel))
    proved = f"{share:.1%}" if share == share else "–"
    told = say(
        language,
        f"{proved} of the cells with something in them are proved by arithmetic or by a second reading. "
        "A blank is no zero; a check whose figures are missing is not assessable.",
        f"有内容的单元格中{proved}经勾稽或第二次读数证明。空白不等于零；缺数的检查记为无法判断。",
    )
    return finish(figure, panel, data, language, title, told)


def table_of(frame: pd.DataFrame, classes: list[str]) -> tuple[pd.DataFrame, np.ndarray]:
    """Counts, groups × classes, and the total of each group."""
    table = frame.pivot_table(index="group", columns="class", values="count", aggfunc="sum", fill_value=0)
    table = table.reindex(columns=classes, fill_value=0).sort_index()
    return table, table.sum(axis=1).to_numpy(dtype=float)


def draw_cells(plot: Axes, frame: pd.DataFrame, names: dict[str, str], language: str) -> None:
    """Bars of cells by proof."""
    table, total = table_of(frame, list(CLASSES))
    safe = np.where(total > 0, total, 1.0)
    parts = [
        Part(table[name].to_numpy() / safe, PROOFS[name].colour, PROOFS[name].ink, PROOFS[name].words.said(language))
        for name in CLASSES
        if table[name].sum()
    ]
    parts_of_whole(
        plot, [names.get(str(group), str(group)) for group in table.index], parts, list(total), 1, WIDE - 2.0
    )


def draw_checks(plot: Axes, frame: pd.DataFrame, language: str) -> None:
    """Bars of assessments: what fails stands first, at the left, where small shares can be compared."""
    table, total = table_of(frame, [FAIL, "PASS", "NOT_ASSESSABLE"])
    safe, left = np.where(total > 0, total, 1.0), np.zeros(len(table))
    for name in table.columns:
        share = table[name].to_numpy() / safe
        plot.barh(
            range(len(table)), share, left=left, color=STATUSES[name].colour, height=0.76, edgecolor=PAPER, lw=0.6
        )
        left = left + share
    for y, (failed, count) in enumerate(zip(table[FAIL], total, strict=True)):
        told = f"{failed:,.0f} / {count:,.0f}"
        plot.text(1.012, y, told, va="center", fontsize=SMALLEST, color=INK if failed else SOFT)
    plot.text(1.012, -1, say(language, "fails / all", "不成立／全部"), va="center", fontsize=SMALLEST, color=SOFT)
    for y, check in enumerate(table.index):
        plot.text(-NAMES, y, str(check), va="center", fontsize=SMALLEST, color=SOFT)
        plot.text(-NAMES + 0.075, y, check_title(str(check), language), va="center", fontsize=8.5)
    plot.set(ylim=(len(table) - 0.4, -1.7), xlim=(-NAMES, 1.14), yticks=[])
    plot.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    plot.spines[["left", "bottom"]].set_visible(False)
    for x, name in ((0.0, FAIL), (0.2, "PASS"), (0.4, "NOT_ASSESSABLE")):
        plot.plot(x + 0.012, -1, "s", color=STATUSES[name].colour, ms=7)
        plot.text(x + 0.035, -1, capital(STATUSES[name].words.said(language)), va="center", fontsize=8.5)


def check_title(check: str, language: str) -> str:
    """A check's title, cut to the room that there is."""
    rule = REGISTRY.get(check)
    title = (rule.title_en if language == "en" else rule.title_zh) if rule else ""
    return fitted(title, (NAMES - 0.09) / (NAMES + 1.14) * (WIDE - 1.1), 8.5)
