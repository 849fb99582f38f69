"""Every office-year as a point by how far it lies from what the office's other years lead to expect."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from compare.anomalies import MEASURES, REVIEW, scores
from compare.charts.style import (
    FAINT,
    GREY,
    INK,
    ORANGE,
    SKY,
    Chart,
    canvas,
    finish,
    nothing_to_show,
    say,
    spread_labels,
)
from compare.panel import Panel
from compare.panel import measure as measure_of

NAMED = 7
FURTHEST = 15.0


def anomalies(panel: Panel, language: str = "zh") -> Chart:
    """Strip of z by measure: grey within ±3.5, blue outside (review), orange outside and isolated (priority); the
    furthest are named."""
    title = say(language, "Years that stand out from an office's own history", "与自身历史相比突出的年份")
    parts = [scores(panel, measure).assign(measure=measure) for measure in MEASURES]
    data = pd.concat(parts, ignore_index=True).dropna(subset=["z"])
    columns = [
        "office_id",
        "office",
        "district_zh",
        "year",
        "measure",
        "value",
        "expected",
        "low",
        "high",
        "z",
        "isolation",
        "power",
        "slip",
    ]
    data = data[columns]
    if data.empty:
        why = say(
            language,
            "No office has four years with a positive figure: its own normal range cannot be told.",
            "没有机关具备四个年份的正数，无法推算自身正常范围。",
        )
        return nothing_to_show(panel, language, title, why)
    data["grade"] = np.select(
        [(data["z"].abs() >= REVIEW) & (data["isolation"] >= REVIEW), data["z"].abs() >= REVIEW],
        ["priority", "review"],
        "",
    )
    shown = [m for m in MEASURES if (data["measure"] == m).any()]
    figure, axes = canvas(10.5, 1.5 + 1.35 * len(shown), rows=len(shown), sharex=True)
    limit = float(min(max(data["z"].abs().max() * 1.1, REVIEW * 1.6), FURTHEST))
    for plot, measure in zip(axes[:, 0], shown, strict=True):
        draw_strip(plot, data[data["measure"] == measure], limit)
        plot.set_ylabel(
            say(language, measure_of(measure).label_en.replace(" ", "\n"), measure_of(measure).label_zh),
            rotation=0,
            ha="right",
            va="center",
        )
    axes[-1, 0].set_xlabel(
        say(
            language, "z: distance from the expected value in its own spread", "z：偏离预期值的程度（以自身波动为单位）"
        )
    )
    count = (data["grade"] != "").sum()
    told = say(
        language,
        f"{len(data):,} office-years; {count} beyond ±{REVIEW}: "
        "blue review, orange also isolated from the neighbouring years",
        f"共{len(data):,}个机关年度；超出±{REVIEW}的{count}个：蓝色为复核，橙色为同时偏离相邻年份",
    )
    return finish(figure, panel, data.sort_values("z", key=np.abs, ascending=False), language, title, told)


def draw_strip(plot: Axes, frame: pd.DataFrame, limit: float) -> None:
    """One measure: points spread by a fixed pattern (no chance in a chart), the furthest named beneath one another."""
    z = frame["z"].clip(-limit, limit).to_numpy()
    height = (np.arange(len(frame)) * 0.618034 % 1.0 - 0.5) * 0.5
    colour = frame["grade"].map({"": FAINT, "review": SKY, "priority": ORANGE}).to_numpy()
    plot.axvspan(-REVIEW, REVIEW, color="#f4f6f8", zorder=0)
    plot.axvline(0, color=GREY, lw=0.7, zorder=1)
    plot.scatter(
        z,
        height,
        s=np.where(frame["grade"] == "", 10, 34),
        c=list(colour),
        edgecolors=list(frame["grade"].map(lambda grade: INK if grade else GREY)),
        linewidths=0.4,
        zorder=2,
    )
    far = frame.assign(at=z, height=height)[frame["grade"].to_numpy() != ""]
    far = far.loc[far["z"].abs().sort_values(ascending=False).index[:NAMED]]
    for side in (far[far["at"] > 0], far[far["at"] < 0]):
        if side.empty:
            continue
        inner = side["at"].iloc[0] > 0
        for line, y in zip(side.itertuples(), spread_labels(side["height"].to_numpy() * 1.6, 0.3), strict=True):
            x = line.at - 0.02 * limit if inner else line.at + 0.02 * limit
            plot.annotate(
                f"{line.office} {line.year}: {line.value:,.0f}",
                (line.at, line.height),
                xytext=(x, y),
                fontsize=7.5,
                ha="right" if inner else "left",
                va="center",
                arrowprops={"arrowstyle": "-", "lw": 0.4, "color": GREY},
                zorder=3,
            )
    plot.set(xlim=(-limit * 1.05, limit * 1.05), ylim=(-1.15, 1.15), yticks=[])
    plot.spines["left"].set_visible(False)
