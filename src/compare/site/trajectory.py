"""One figure of one office over the years: its values, its own normal band, the middle of its peers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from compare.language import Words, capital
from compare.palette import BREAKS
from compare.published import Measure
from compare.site.svg import Drawing, count, log_ticks

WIDTH, HEIGHT = 360.0, 236.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 16.0, 52.0, 34.0


class Year(NamedTuple):
    """One year of one figure; NaN where nothing is known. `grade` is what D05 and D06 make of it, `items` says that
    kinds of items were counted in place of decisions, `there` that the year has a report; `link` leads to the cell, ""
    where there is none."""

    year: int
    value: float
    low: float
    high: float
    peers: float
    grade: str
    items: bool
    there: bool
    link: str


def known(value: float) -> bool:
    """Whether there is a number."""
    return value == value


class Scales(NamedTuple):
    """From year and value to the place on the drawing; the vertical axis is log(1 + x)."""

    years: tuple[int, int]
    top: float

    def x(self, year: float) -> float:
        first, last = self.years
        return LEFT + (year - first + 0.5) / (last - first + 1) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        share = math.log1p(max(value, 0)) / math.log1p(self.top)
        return HEIGHT - BOTTOM - 12 - share * (HEIGHT - TOP - BOTTOM - 14)


def trajectory(name: str, measure: Measure, series: Sequence[Year], marked: int = 0) -> str:
    """The drawing of one measure; `marked` is a year to ring. Marks link to their cells: filled dot a positive figure,
    open dot a printed zero, square a count of kinds of items, orange what is flagged; on the axis a cross for a missing
    report and a dash for a blank."""
    label = Words(capital(measure.label_en), measure.label_zh)
    drawing = Drawing(WIDTH, HEIGHT, Words(f"{name}: {label.en}", f"{name}：{label.zh}"))
    drawing.text(0, 10, Words(label.en, f"{label.zh}（{measure.unit_zh}）"), "name")
    numbers = [v for year in series for v in (year.value, year.high, year.peers) if known(v)]
    if not any(known(year.value) for year in series):
        drawing.text(WIDTH / 2, HEIGHT / 2, Words("nothing reported", "没有数据"), "soft", "middle")
        return drawing.svg()
    scales = Scales((series[0].year, series[-1].year), max([*numbers, 2.0]) * 1.25)
    draw_frame(drawing, scales, series)
    draw_band(drawing, scales, series)
    draw_runs(drawing, scales, [(y.year, y.peers) for y in series], "peers")
    draw_runs(drawing, scales, [(y.year, math.nan if y.items else y.value) for y in series], "own")
    for year in series:
        draw_mark(drawing, scales, year, name, year.year == marked)
    last = next((y for y in reversed(series) if known(y.value)), None)
    if last and not last.grade and last.year != marked:
        drawing.text(scales.x(last.year), scales.y(last.value) - 12, count(last.value), "last-number", "middle")
    return drawing.svg()


def draw_frame(drawing: Drawing, scales: Scales, series: Sequence[Year]) -> None:
    """Years, round numbers, and a dotted line where the form (2021) or the law (2024) changed."""
    last = HEIGHT
    for tick in log_ticks(scales.top / 1.25):
        y = scales.y(tick)
        if last - y < 13 and tick:
            continue
        last = y
        drawing.line(LEFT, y, WIDTH - RIGHT, y, "grid")
        drawing.text(LEFT - 7, y, count(tick), "tick", "end")
    step = math.ceil(len(series) / 8)
    for number, year in enumerate(series):
        if (len(series) - 1 - number) % step == 0:
            drawing.text(scales.x(year.year), HEIGHT - 10, str(year.year), "tick", "middle")
    for changed, said in BREAKS.items():
        if series[0].year < changed <= series[-1].year:
            x = scales.x(changed - 0.5)
            drawing.line(x, TOP - 24, x, HEIGHT - BOTTOM + 4, "break")
            drawing.text(x + 4, TOP - 19, said, "tiny")


def draw_band(drawing: Drawing, scales: Scales, series: Sequence[Year]) -> None:
    """The office's own normal range, each run of years that has one."""
    for run in runs([(year, known(year.low) and known(year.high)) for year in series]):
        half = 0.0 if len(run) > 1 else 0.25
        ends = [(scales.x(y.year - half), scales.x(y.year + half), y) for y in run]
        upper = [(x, scales.y(y.high)) for left, right, y in ends for x in dict.fromkeys((left, right))]
        lower = [(x, scales.y(y.low)) for left, right, y in ends for x in dict.fromkeys((left, right))]
        drawing.path([*upper, *lower[::-1]], "band", closed=True)


def runs(flagged: Sequence[tuple[Year, bool]]) -> list[list[Year]]:
    """Neighbouring years for which something is known."""
    found: list[list[Year]] = [[]]
    for year, wanted in flagged:
        if wanted:
            found[-1].append(year)
        elif found[-1]:
            found.append([])
    return [run for run in found if run]


def draw_runs(drawing: Drawing, scales: Scales, points: Sequence[tuple[int, float]], kind: str) -> None:
    """A line, broken where a year is missing and where the form or the law changed."""
    run: list[tuple[float, float]] = []
    for year, value in [*points, (0, math.nan)]:
        if run and (not known(value) or year in BREAKS):
            if len(run) > 1:
                drawing.path(run, kind)
            run = []
        if known(value):
            run.append((scales.x(year), scales.y(value)))


def draw_mark(drawing: Drawing, scales: Scales, year: Year, name: str, ringed: bool) -> None:
    """One year's mark with its link; a flagged one with its number; a sign on the axis where there is no number."""
    x = scales.x(year.year)
    if not known(year.value):
        tip = f"{name} {year.year}: {'–' if year.there else '×'}"
        drawing.text(x, HEIGHT - BOTTOM + 4, "–" if year.there else "×", "absent", "middle", year.link, tip)
        return
    y, tip = scales.y(year.value), f"{name} {year.year}: {count(year.value)}"
    if ringed:
        drawing.dot(x, y, 12, "ring")
    if year.items:
        drawing.square(x, y, 4, "items", year.link, tip)
    elif year.grade == "priority":
        drawing.triangle(x, y, 6.5, "far", year.link, tip)
    else:
        drawing.dot(
            x,
            y,
            5.2 if year.grade else 3.8,
            "far" if year.grade else "zero" if year.value == 0 else "mark",
            year.link,
            tip,
        )
    if year.grade or ringed:
        away = 20 if ringed else 14
        if y > TOP + 20:
            drawing.text(x, y - away, count(year.value), "far-number", "middle")
        else:  # at the upper edge there is no room above: beside the mark, on the side of the middle
            side = -1 if x > WIDTH / 2 else 1
            drawing.text(x + side * (away - 3), y, count(year.value), "far-number", "end" if side < 0 else "start")
