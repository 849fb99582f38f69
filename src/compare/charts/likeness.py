"""How alike the prose of a district's offices is: the similarity matrix."""

from __future__ import annotations

import numpy as np
from matplotlib.patches import Rectangle

from compare.charts.parts import shaded_table
from compare.charts.style import Chart, canvas, finish, nothing_to_show
from compare.checks.texts import SAME_OFFICES, SAME_YEARS
from compare.language import say
from compare.palette import DEEP, ORANGE
from compare.panel import Panel
from compare.views.likeness import FEWEST_GRAMS, district_matrix, likest


def similarity(panel: Panel, district: str | None = None, year: int = 0, language: str = "zh") -> Chart:
    """Offices of one district against each other in one year: the Jaccard index of character 5-grams of sections 一, 五
    and 六, numbers made alike. The diagonal is each office against its own report of the year before. Framed: what D04
    and E03 look at.

    Without a district, that with the most alike pair.
    """
    title = say(language, "How alike are the texts?", "各机关文字相似度")
    if district is None:
        district, year = likest(panel)
    matrix = district_matrix(panel, district, year or (panel.years[-1] if panel.years else 0))
    if len(matrix.offices) < 2:
        why = say(language, "No two offices of one district have texts that are long enough to be compared.",
                  "没有同一区县的两个机关具备可供比较的文字。")  # fmt: skip
        return nothing_to_show(panel, language, title, why)
    names = list(matrix.offices["office"])
    texts = np.where(np.isnan(matrix.values), "", np.char.mod("%.2f", np.nan_to_num(matrix.values)))
    size = 0.52 * len(names)
    figure, axes = canvas(max(7.4, 1.6 + size), 1.3 + 0.36 * len(names))
    shaded_table(axes[0, 0], matrix.values, texts, names, names, 1.0)
    axes[0, 0].tick_params(axis="x", rotation=90)
    for (y, x), value in np.ndenumerate(matrix.values):
        if value >= (SAME_YEARS if x == y else SAME_OFFICES):
            axes[0, 0].add_patch(Rectangle((x - 0.47, y - 0.44), 0.94, 0.88, fill=False, edgecolor=ORANGE, lw=2))
        elif x == y and value == value:
            axes[0, 0].add_patch(
                Rectangle((x - 0.47, y - 0.44), 0.94, 0.88, fill=False, edgecolor=DEEP, lw=0.8, ls=":")
            )
    place = matrix.district or say(language, "district unknown", "区县不明")
    told = say(
        language,
        f"{place}, {matrix.year}. 0: nothing in common, 1: the same text but for its numbers. Dotted diagonal: the office's "
        f"own text of the year before. Framed: {SAME_OFFICES} and more between offices, {SAME_YEARS} and more between years.",
        f"{place}，{matrix.year}年。0为毫无相同，1为除数字外完全相同。对角线（虚框）为与本机关上年报告比较；橙框：机关间不低于{SAME_OFFICES}，年度间不低于{SAME_YEARS}。",
    )
    absent = say(
        language,
        f"Not shown: {matrix.left_out} offices without a text of {FEWEST_GRAMS} different 5-grams, or beyond the first 24.",
        f"未列出：文字过短、无报告或排在24个之后的机关{matrix.left_out}个。",
    )
    return finish(figure, panel, matrix.pairs(), language, title, told, absent if matrix.left_out else "")
