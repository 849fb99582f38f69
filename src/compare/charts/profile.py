"""One office over the years: small multiples with its own normal band."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from compare.anomalies import MEASURES
from compare.charts.style import (
    SMALLEST,
    WIDE,
    Chart,
    canvas,
    draw_breaks,
    finish,
    log1p_axis,
    nothing_to_show,
    year_axis,
)
from compare.language import capital, say
from compare.palette import BAND, BLUE, BREAKS, DEEP, ORANGE, PAPER, QUIET, SOFT
from compare.panel import Panel
from compare.panel import measure as measure_of
from compare.views.trajectories import SHOWN, trajectories


def office_id_of(panel: Panel, office: str) -> str:
    """The id of an office given by id, full name or short name. Raises KeyError with the names there are."""
    if office in panel.offices.index:
        return office
    found = panel.offices.index[panel.offices["office_zh"].eq(office) | panel.offices["office"].eq(office)]
    if len(found) != 1:
        raise KeyError(
            f"{office!r} is {'more than one' if len(found) else 'no'} office of this panel; "
            f"there are {'、'.join(panel.offices['office'][:12])} …"
        )
    return str(found[0])


def office_profile(panel: Panel, office: str, language: str = "zh") -> Chart:
    """Small multiples of one office: permits, penalties, coercion, applications, reconsiderations, documents over
    the years.

    The band is what the office's other years and its peers' change lead to expect (±2 s); a year that D05 or D06 flag
    is marked with its number; zero is an open mark, a printed blank a dash and a missing report a cross on the axis.
    Lines break where the form or the law changed. `office` is an id or a name.
    """
    office_id = office_id_of(panel, office)
    name = str(panel.offices.at[office_id, "office"])
    title = say(language, f"{name}: each figure over the years", f"{name}：历年数据")
    data = trajectories(panel, office_id)
    if data["value"].isna().all():
        why = say(language, "No figure of this office could be read.", "该机关没有可读的数据。")
        return nothing_to_show(panel, language, title, why)
    figure, axes = canvas(WIDE, 5.2, rows=2, columns=3)
    for plot, measure in zip(axes.ravel(), SHOWN, strict=True):
        draw_measure(plot, panel, data[data["measure"] == measure], measure, language)
    told = say(
        language,
        "Band: its own normal range, from its other years and what its peers did. Open mark: a printed zero. Orange: "
        "flagged (● review, ▲ priority). Axis log(1+x).",
        "色带为自身正常范围（由其他年份及同类机关变化推算）。空心点为印出的零；橙色为有提示（●复核，▲优先）。纵轴为log(1+x)。",
    )
    return finish(figure, panel, data, language, title, told, absent_of(panel, data, language))


def absent_of(panel: Panel, data: pd.DataFrame, language: str) -> str:
    """Which years have no report, and which figures have no band."""
    first = data[data["measure"] == SHOWN[0]]
    gone = [str(year) for year in first.loc[first["report_id"].isna(), "year"]]
    bandless = [m for m in MEASURES if data.loc[data["measure"] == m, "low"].isna().all()]
    told = []
    if gone:
        told.append(say(language, f"No report read (×): {', '.join(gone)}.", f"未读到报告（×）：{'、'.join(gone)}年。"))
    if (data["value"].isna() & data["report_id"].notna()).any():
        told.append(say(language, "Printed blank or not on that year's form: –.", "印为空白或当年表式无此项：–。"))
    if data["items"].any():
        told.append(say(
            language, "□: kinds of items counted in place of decisions, compared with nothing.",
            "□：填的是事项数而非决定数，不参与比较。",
        ))  # fmt: skip
    if bandless:
        names = [say(language, measure_of(m).label_en, measure_of(m).label_zh) for m in bandless]
        joined = ", ".join(names) if language == "en" else "、".join(names)
        told.append(say(
            language, f"No band (fewer than 3 positive years): {joined}.", f"正数不足3年，无正常范围：{joined}。"
        ))  # fmt: skip
    return " ".join(told) if language == "en" else "".join(told)


def draw_measure(plot: Axes, panel: Panel, frame: pd.DataFrame, measure: str, language: str) -> None:
    """One small multiple."""
    rule = measure_of(measure)
    label = say(language, capital(rule.label_en), f"{rule.label_zh}（{rule.unit_zh}）")
    plot.set_title(label, fontsize=10)
    years, value = frame["year"].to_numpy(), frame["value"].to_numpy(dtype=float)
    low, high = frame["low"].to_numpy(dtype=float), frame["high"].to_numpy(dtype=float)
    highest = np.nanmax(np.append(np.concatenate([value, high]), 1.0))
    log1p_axis(plot, float(highest), 1 + 0.8 * np.log1p(highest))
    year_axis(plot, panel.years)
    draw_breaks(plot, panel.years, language)
    plot.yaxis.grid(True)
    plot.spines["left"].set_visible(False)
    plot.tick_params(axis="y", length=0)
    plot.tick_params(axis="x", labelsize=SMALLEST)
    if np.isnan(value).all():
        nothing = say(language, "nothing reported", "无数据")
        plot.text(0.5, 0.5, nothing, transform=plot.transAxes, ha="center", color=SOFT)
    known = ~np.isnan(low)
    if known.any():
        plot.fill_between(years, low, high, where=known, color=BAND, linewidth=0, zorder=1)
    if known.sum() == 1:
        plot.errorbar(years[known], low[known], [[0], high[known] - low[known]], color=BAND, lw=9, fmt="none", zorder=1)
    for start, end in runs(years):
        line = np.where(frame["items"], np.nan, value)[start:end]
        plot.plot(years[start:end], line, color=BLUE, linewidth=1.5, zorder=2)
    zero, items, flagged = value == 0, frame["items"].to_numpy(), (frame["grade"].fillna("") != "").to_numpy()
    plain = ~zero & ~flagged & ~items
    plot.plot(years[plain], value[plain], "o", color=BLUE, ms=4.5, zorder=3)
    plot.plot(years[zero & ~items], value[zero & ~items], "o", mfc=PAPER, mec=BLUE, mew=1.3, ms=5, zorder=3)
    plot.plot(years[items], value[items], "s", mfc=PAPER, mec=QUIET, mew=1.2, ms=5, zorder=3)
    for grade, sign in (("review", "o"), ("priority", "^")):
        own = (frame["grade"] == grade).to_numpy()
        plot.plot(years[own], value[own], sign, color=ORANGE, mec=DEEP, ms=8, zorder=4)
    for year, number in zip(years[flagged], value[flagged], strict=True):
        plot.annotate(
            f"{number:,.0f}", (year, number), xytext=(0, 8), textcoords="offset points", ha="center", fontsize=8.5,
            fontweight="bold", color=DEEP,
        )  # fmt: skip
    gone = frame["report_id"].isna().to_numpy()
    base = plot.get_xaxis_transform()
    for absent, sign, colour in ((gone, "x", SOFT), (np.isnan(value) & ~gone, "_", QUIET)):
        if absent.any():
            at = np.full(absent.sum(), 0.035)
            plot.plot(years[absent], at, sign, color=colour, ms=6, mew=1.3, transform=base, clip_on=False)
    name_last(plot, years, value, flagged)


def name_last(plot: Axes, years: np.ndarray, value: np.ndarray, flagged: np.ndarray) -> None:
    """The last figure as a number beside its mark, or what all of them are."""
    known = np.flatnonzero(~np.isnan(value))
    if known.size and not flagged[known[-1]]:
        last = known[-1]
        plot.annotate(
            f"{value[last]:,.0f}", (years[last], value[last]), xytext=(0, 7), textcoords="offset points", ha="center",
            fontsize=SMALLEST, color=BLUE,
        )  # fmt: skip


def runs(years: np.ndarray) -> list[tuple[int, int]]:
    """Stretches of years between the breaks, as (first place, place after the last)."""
    edges = [0, *(place for place, year in enumerate(years) if year in BREAKS and place), len(years)]
    return list(itertools.pairwise(edges))
