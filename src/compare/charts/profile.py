"""One office over the years: small multiples with its own normal band."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from compare.anomalies import MEASURES, REVIEW, scores
from compare.charts.style import (
    BLUE,
    GREY,
    ORANGE,
    SKY,
    Chart,
    canvas,
    draw_breaks,
    finish,
    log1p_axis,
    nothing_to_show,
    say,
    year_axis,
)
from compare.panel import Panel
from compare.panel import measure as measure_of

SHOWN = (*MEASURES, "reconsiderations", "documents_issued")


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

    The band is what the office's other years and its peers' change lead to expect (±2 s); a year outside |z| ≥ 3.5
    is marked; zero is an open mark, a blank or missing figure no mark. `office` is an id or a name.
    """
    office_id = office_id_of(panel, office)
    name = str(panel.offices.at[office_id, "office"])
    title = say(language, f"{name}: each figure over the years", f"{name}：历年数据")
    parts = []
    for measure in SHOWN:
        frame = scores(panel, measure) if measure in MEASURES else panel.series(measure)
        parts.append(frame[frame["office_id"] == office_id].assign(measure=measure))
    columns = ["office_id", "office", "year", "measure", "value", "low", "high", "z"]
    data = pd.concat(parts, ignore_index=True).reindex(columns=columns)
    if data["value"].isna().all():
        return nothing_to_show(
            panel, language, title, say(language, "No figure of this office could be read.", "该机关没有可读的数据。")
        )
    figure, axes = canvas(10.5, 5.6, rows=2, columns=3)
    for plot, measure in zip(axes.ravel(), SHOWN, strict=True):
        draw_measure(plot, panel, data[data["measure"] == measure], measure, language)
    bands = int(data.groupby("measure")["low"].any().sum())
    told = say(
        language,
        "band: own normal range (other years ± 2 s, moved with its peers); open mark: zero; no mark: blank or missing",
        "色带为自身正常范围（由其他年份及同类机关变化推算，±2s）；空心点为0；无点为空白或缺报",
    )
    if not bands:
        told = say(
            language,
            "no band: fewer than 4 years with a positive figure; open mark: zero",
            "正数不足4年，不画正常范围；空心点为0",
        )
    return finish(figure, panel, data, language, title, told)


def draw_measure(plot: Axes, panel: Panel, frame: pd.DataFrame, measure: str, language: str) -> None:
    """One small multiple."""
    rule = measure_of(measure)
    plot.set_title(
        say(language, f"{rule.label_en.capitalize()} ({rule.unit_en})", f"{rule.label_zh}（{rule.unit_zh}）"),
        fontsize=9.5,
    )
    years, value = frame["year"].to_numpy(), frame["value"].to_numpy(dtype=float)
    low, high = frame["low"].to_numpy(dtype=float), frame["high"].to_numpy(dtype=float)
    highest = np.nanmax(np.append(np.concatenate([value, high]), 1.0))
    plot.fill_between(years, low, high, color=SKY, alpha=0.28, linewidth=0, step=None)
    plot.plot(years, value, color=BLUE, linewidth=1.3, zorder=2)
    zero, outside = value == 0, np.abs(frame["z"].to_numpy(dtype=float)) >= REVIEW
    plot.plot(years[~zero], value[~zero], "o", color=BLUE, ms=4.5, zorder=3)
    plot.plot(years[zero], value[zero], "o", mfc="white", mec=BLUE, ms=5, zorder=3)
    plot.plot(years[outside], value[outside], "o", color=ORANGE, ms=8, zorder=4)
    for year, number in zip(years[outside], value[outside], strict=True):
        plot.annotate(
            f"{number:,.0f}",
            (year, number),
            xytext=(0, 8),
            textcoords="offset points",
            ha="center",
            fontsize=8,
            color=ORANGE,
        )
    if np.isnan(value).all():
        plot.text(0.5, 0.5, say(language, "not reported", "无数据"), transform=plot.transAxes, ha="center", color=GREY)
    log1p_axis(plot, float(highest))
    year_axis(plot, panel.years)
    draw_breaks(plot, panel.years, language)
