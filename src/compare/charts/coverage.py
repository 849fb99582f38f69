"""What there is and how well it was read: the coverage heatmap and the data-quality chart."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from compare.charts.style import (
    BREAKS,
    FAINT,
    GREY,
    INK,
    OUTCOME_COLOURS,
    TIER_COLOURS,
    TIERS_ZH,
    Chart,
    canvas,
    finish,
    nothing_to_show,
    say,
)
from compare.checks.publication import expected
from compare.flags import TIERS
from compare.panel import PROOFS, STATES, Panel
from compare.rules import FAIL, NOT_ASSESSABLE, PASS

MOST_OFFICES = 60  # more rows than that cannot be read: districts are shown instead
PROOF_NAMES = {
    "verified": ("verified by arithmetic", "勾稽验证"),
    "agreed": ("two readings agree", "两读一致"),
    "single": ("one reading", "仅一读"),
    "disputed": ("readings differ", "两读不一"),
    "blank": ("printed blank or dash", "空白或划线"),
    "illegible": ("illegible", "无法辨认"),
}


def coverage_data(panel: Panel, flags: pd.DataFrame) -> pd.DataFrame:
    """Office × year: found, expected, late (bool), tier (the worst, '' where no flag), flags (count), report_id."""
    frame = panel.skeleton()
    place = frame.pop("place").to_numpy()
    frame["found"] = place >= 0
    frame["expected"] = expected(panel).ravel() | frame["found"]
    frame["report_id"] = panel.reports["report_id"].reindex(np.where(place >= 0, place, -1)).to_numpy()
    own = flags[flags["check"] != "C01"] if len(flags) else flags
    late = set(flags.loc[flags["check"] == "C02", "report_id"]) if len(flags) else set()
    frame["late"] = frame["report_id"].isin(late)
    worst = (
        own.assign(order=own["tier"].map(TIERS.index)).groupby("report_id")["order"].min()
        if len(own)
        else pd.Series(dtype=int)
    )
    frame["tier"] = [TIERS[int(o)] if o == o else "" for o in frame["report_id"].map(worst)]
    frame["flags"] = (
        frame["report_id"]
        .map(own.groupby("report_id").size() if len(own) else pd.Series(dtype=int))
        .fillna(0)
        .astype(int)
    )
    return frame


def coverage(panel: Panel, flags: pd.DataFrame, language: str = "zh") -> Chart:
    """Heatmap offices × years: a missing report that was to be expected is an empty crossed box, a late one bears a
    dot, colour is the worst tier of its flags.

    With more than MOST_OFFICES offices the rows are districts and the colour the share of reports found.
    """
    title = say(language, "Which reports are there, and what was found in them", "报告覆盖情况与最高提示等级")
    if not len(panel.offices):
        return nothing_to_show(
            panel,
            language,
            title,
            say(language, "No report has both an office and a year.", "没有同时识别出机关和年度的报告。"),
        )
    data = coverage_data(panel, flags)
    if len(panel.offices) > MOST_OFFICES:
        return district_coverage(panel, data, title, language)
    rows = len(panel.offices)
    figure, axes = canvas(2.6 + 0.72 * len(panel.years) + 1.7, 1.5 + 0.235 * rows)
    plot = axes[0, 0]
    lines: list[Any] = list(data.itertuples())
    for number, line in enumerate(lines):
        y, x = divmod(number, len(panel.years))
        if line.found:
            plot.add_patch(
                Rectangle((x - 0.47, y - 0.43), 0.94, 0.86, facecolor=TIER_COLOURS[line.tier], edgecolor="none")
            )
            ink = "white" if line.tier in ("certain", "priority") else INK
            plot.text(x, y, f"{line.flags}" if line.flags else "", ha="center", va="center", fontsize=7.5, color=ink)
        elif line.expected:
            plot.add_patch(
                Rectangle((x - 0.47, y - 0.43), 0.94, 0.86, facecolor="white", edgecolor=GREY, linewidth=0.8)
            )
            plot.plot([x - 0.16, x + 0.16], [y - 0.2, y + 0.2], color=GREY, lw=1)
            plot.plot([x - 0.16, x + 0.16], [y + 0.2, y - 0.2], color=GREY, lw=1)
        if line.late:
            plot.plot(x + 0.34, y - 0.02, "o", color=INK, ms=3.4, mec="white", mew=0.6)
    plot.set(xlim=(-0.5, len(panel.years) - 0.5), ylim=(rows - 0.5, -0.5))
    plot.set_xticks(range(len(panel.years)), [str(year) for year in panel.years])
    plot.set_yticks(range(rows), list(panel.offices["office"]))
    plot.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    plot.spines[:].set_visible(False)
    tiers = [tier for tier in (*TIERS, "") if tier in set(data["tier"])]
    handles = [Patch(color=TIER_COLOURS[t], label=say(language, t or "nothing found", TIERS_ZH[t])) for t in tiers]
    handles.append(Patch(facecolor="white", edgecolor=GREY, label=say(language, "× missing", "× 缺报告")))
    late = plot.plot(
        [], [], "o", color=INK, ms=4, linestyle="none", label=say(language, "after 31 January", "1月31日后发布")
    )
    for year in (y for y in BREAKS if panel.years[0] < y <= panel.years[-1]):
        plot.axvline(sum(y < year for y in panel.years) - 0.5, color=GREY, linestyle=(0, (2, 3)), linewidth=0.9)
    plot.legend(handles=[*handles, *late], loc="upper left", bbox_to_anchor=(1.01, 1), fontsize=8.5, borderaxespad=0)
    found = int(data["found"].sum())
    due = int(data["expected"].sum())
    told = say(
        language,
        f"{found} of {due} expected reports found; the number is how many flags",
        f"应有{due}份，已有{found}份；格内数字为提示数",
    )
    return finish(figure, panel, data, language, title, told)


def district_coverage(panel: Panel, data: pd.DataFrame, title: str, language: str) -> Chart:
    """The same by district: share of reports found in each year."""
    unknown = say(language, "(district unknown)", "（区县未知）")
    share = (
        data[data["expected"]]
        .assign(district=data["district_zh"].replace("", unknown))
        .groupby(["district", "year"])["found"]
        .agg(["mean", "size"])
        .reset_index()
    )
    table = share.pivot(index="district", columns="year", values="mean")
    table = table.loc[table.mean(axis=1).sort_values().index][:MOST_OFFICES]
    figure, axes = canvas(2.6 + 0.72 * len(panel.years), 1.5 + 0.235 * len(table))
    plot = axes[0, 0]
    plot.imshow(table.to_numpy(), cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for (y, x), value in np.ndenumerate(table.to_numpy()):
        plot.text(
            x,
            y,
            "" if np.isnan(value) else f"{value:.0%}",
            ha="center",
            va="center",
            fontsize=7.5,
            color="white" if value > 0.6 else INK,
        )
    plot.set_xticks(range(len(table.columns)), [str(year) for year in table.columns])
    plot.set_yticks(range(len(table)), list(table.index))
    plot.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    plot.spines[:].set_visible(False)
    told = say(
        language,
        f"{len(panel.offices)} offices, by district: share of reports found",
        f"{len(panel.offices)}个机关，按区县：已有报告的比例",
    )
    return finish(figure, panel, share, language, title, told)


def quality_data(panel: Panel, assessments: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Share of the printed cells by year and proof or state; share of assessments by check and status."""
    blank = np.isin(panel.states, [STATES.index("blank"), STATES.index("dash")])
    illegible = panel.states == STATES.index("illegible")
    classes = {"blank": blank, "illegible": illegible}
    for proof in PROOFS[1:]:
        classes[proof] = (panel.proofs == PROOFS.index(proof)) & ~blank & ~illegible & (panel.states > 0)
    counts = pd.DataFrame({name: mask.sum(axis=1) for name, mask in classes.items()})
    by_year = counts.groupby(panel.reports["year"].astype("Int64").to_numpy()).sum()
    cells = (
        by_year.rename_axis("group")
        .reset_index()
        .melt("group", var_name="class", value_name="count")
        .assign(part="cells by year")
    )
    status = assessments.groupby(["check", "status"]).size().rename("count").reset_index()
    return cells, status.rename(columns={"check": "group", "status": "class"}).assign(part="assessments by check")


def data_quality(panel: Panel, assessments: pd.DataFrame, language: str = "zh") -> Chart:
    """How far the numbers are proved, by year, and what share of each check could be assessed."""
    title = say(
        language, "How well the reports were read, and what could be checked", "数据质量：数字证明程度与可核查比例"
    )
    cells, checked = quality_data(panel, assessments)
    if cells.empty or not cells["count"].sum():
        return nothing_to_show(
            panel, language, title, say(language, "No cell of any form was read.", "没有读出任何统计表单元格。")
        )
    checks = sorted(checked["group"].unique())
    figure, axes = canvas(10.5, max(3.4, 1.9 + 0.26 * len(checks)), columns=2)
    order = [name for name in PROOF_NAMES if cells.loc[cells["class"] == name, "count"].sum() > 0]
    colours = dict(zip(PROOF_NAMES, ("#08519c", "#6baed6", "#fdae6b", "#d94801", FAINT, INK), strict=True))
    names = {name: say(language, *PROOF_NAMES[name]) for name in order}
    stacked(axes[0, 0], cells, [int(g) for g in sorted(cells["group"].unique())], order, names, colours)
    axes[0, 0].set_title(say(language, "Cells by year and proof", "各年单元格及其证明"))
    words = {PASS: ("holds", "成立"), FAIL: ("fails", "不成立"), NOT_ASSESSABLE: ("not assessable", "无法判断")}
    statuses = [s for s in words if s in set(checked["class"])]
    stacked(
        axes[0, 1],
        checked,
        checks,
        statuses,
        {s: say(language, *words[s]) for s in statuses},
        {PASS: OUTCOME_COLOURS[1], FAIL: OUTCOME_COLOURS[2], NOT_ASSESSABLE: FAINT},
    )
    axes[0, 1].set_title(say(language, "Assessments by check", "各项检查的判断结果"))
    return finish(figure, panel, pd.concat([cells, checked]), language, title)


def stacked(
    plot: Axes, frame: pd.DataFrame, groups: list, order: list[str], names: dict[str, str], colours: dict[str, str]
) -> None:
    """Horizontal bars of 100 %, one per group, with the count behind each."""
    table = frame.pivot_table(index="group", columns="class", values="count", aggfunc="sum", fill_value=0).reindex(
        groups
    )[order]
    total = table.sum(axis=1)
    left = np.zeros(len(table))
    for name in order:
        share = (table[name] / total.where(total > 0)).fillna(0).to_numpy(dtype=float)
        plot.barh(range(len(table)), share, left=left, color=colours[name], label=names[name], height=0.72)
        left = left + share
    for y, count in enumerate(total):
        plot.text(1.01, y, f"n={count:,.0f}", va="center", fontsize=7.5, color=GREY)
    plot.set_yticks(range(len(table)), [str(group) for group in groups])
    plot.set(ylim=(len(table) - 0.4, -0.6), xlim=(0, 1.14))
    plot.set_xticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    plot.tick_params(axis="y", length=0)
    plot.legend(loc="upper left", bbox_to_anchor=(0, -0.08), ncols=2 if len(order) > 3 else 3, fontsize=8.5)
