"""One rate of all offices: ranked dots with intervals, and a funnel."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from compare.language import Words
from compare.site.drawings.columns import WIDTH, room_for, shortened
from compare.site.svg import Drawing, count, number, spread

ROW = 24.0
NAMED = 14


class Rate(NamedTuple):
    """One row of a dot plot: a share with its interval; `small` means that n is too small to be ranked."""

    name: str
    link: str
    numerator: float
    denominator: float
    value: float
    low: float
    high: float
    small: bool


class Unit(NamedTuple):
    """One office of a funnel; `place` as compare.views.rates tells it."""

    name: str
    link: str
    numerator: float
    denominator: float
    value: float
    place: str


def dot_plot(name: Words, rows: Sequence[Rate], overall: float, share: bool, gap: int = 0) -> str:
    """Dots with 95 % intervals, small n open and grey, the whole as a dashed line. `gap` is the row before which others
    are left out."""
    left, right, top = room_for([row.name for row in rows]), 128.0, 52.0
    drawing = Drawing(WIDTH, top + ROW * len(rows) + 14, name)
    highest = 1.0 if share else max([row.high for row in rows if row.high == row.high] + [1e-9])

    def place(value: float) -> float:
        return left + value / highest * (WIDTH - left - right)

    bottom = top + ROW * len(rows)
    for step in range(5):
        x = place(highest * step / 4)
        drawing.line(x, top - 6, x, bottom, "grid")
        drawing.text(x, top - 16, f"{step * 25} %" if share else f"{highest * step / 4:.2g}", "tick", "middle")
    drawing.line(place(overall), top - 26, place(overall), bottom, "overall")
    told = f"{overall:.1%}" if share else f"{overall:.2f}"
    drawing.text(place(overall), top - 36, Words(f"all offices {told}", f"全体{told}"), "row", "middle")
    drawing.text(WIDTH - 62, top - 16, Words("part / all", "分子／分母"), "tick")
    for at, row in enumerate(rows):
        if gap and at == gap:
            drawing.line(0, top + ROW * at, WIDTH, top + ROW * at, "left-out")
        draw_rate(drawing, row, top + ROW * (at + 0.5), place, share, left)
    return drawing.svg()


def draw_rate(drawing: Drawing, row: Rate, y: float, place, share: bool, left: float) -> None:  # type: ignore[no-untyped-def]
    """One row."""
    kind = "small" if row.small else "plain"
    told = f"{row.value:.0%}" if share else f"{row.value:.2f}"
    tip = f"{row.name}: {count(row.numerator)} / {count(row.denominator)} = {told}"
    drawing.text(left - 10, y, shortened(row.name), "row", "end", row.link, tip)
    if row.low == row.low:
        drawing.line(place(row.low), y, place(row.high), y, f"interval {kind}")
    drawing.dot(place(row.value), y, 4.6, "zero soft-mark" if row.small else "mark", row.link, tip)
    drawing.text(WIDTH - 76, y, told, "tick" if row.small else "row", "end")
    drawing.text(WIDTH - 62, y, f"{count(row.numerator)} / {count(row.denominator)}", "tick")


def funnel(name: Words, units: Sequence[Unit], target: float, lines: pd.DataFrame, least: int) -> str:
    """Offices by cases and share, with limits named at their right ends; `lines` as compare.views.rates.Limits."""
    left, right, top, bottom, height = 52.0, 112.0, 18.0, 48.0, 430.0
    drawing = Drawing(WIDTH, height, name)
    most = max([unit.denominator for unit in units] + [least + 2.0])

    def x(n: float) -> float:
        return left + math.sqrt(n / most) * (WIDTH - left - right)

    def y(share: float) -> float:
        return height - bottom - share * (height - bottom - top)

    for step in range(5):
        drawing.line(left, y(step / 4), WIDTH - right, y(step / 4), "grid")
        drawing.text(left - 8, y(step / 4), f"{step * 25} %", "tick", "end")
    last = -40.0
    for tick in (0, 10, 25, 50, 100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600):
        if tick <= most and x(tick) - last >= 34:
            last = x(tick)
            drawing.text(last, height - bottom + 16, f"{tick:,}", "tick", "middle")
    drawing.text(
        (left + WIDTH - right) / 2,
        height - 8,
        Words("cases decided (square-root axis)", "办结件数（平方根轴）"),
        "tick",
        "middle",
    )
    draw_limits(drawing, target, lines, x, y, WIDTH - right)
    small, far = [u for u in units if u.place == "small"], [u for u in units if u.place.startswith("outside")]
    for unit in [*small, *(u for u in units if u.place in ("inside", "none"))]:
        drawing.dot(
            x(unit.denominator),
            y(unit.value),
            4.2,
            "zero soft-mark" if unit in small else "mark",
            unit.link,
            tip_of(unit),
        )
    for unit in far:
        if unit.place == "outside998":
            drawing.triangle(x(unit.denominator), y(unit.value), 7, "far", unit.link, tip_of(unit))
        else:
            drawing.dot(x(unit.denominator), y(unit.value), 5.4, "grade-review", unit.link, tip_of(unit))
    name_far(drawing, far[:NAMED], x, y, WIDTH - right)
    return drawing.svg()


def draw_limits(drawing: Drawing, target: float, lines: pd.DataFrame, x, y, end: float) -> None:  # type: ignore[no-untyped-def]
    """The limits and the target, each named at its end; nothing where there are none."""
    if lines.empty:
        return
    n = [x(value) for value in lines["n"]]
    sides = {key: [y(value) for value in lines[key]] for key in ("low95", "high95", "low998", "high998")}
    inner = list(zip(n, sides["high95"], strict=True)) + list(zip(n, sides["low95"], strict=True))[::-1]
    drawing.path(inner, "inside-limits", closed=True)
    for key, places in sides.items():
        drawing.path(list(zip(n, places, strict=True)), "limit outer" if key.endswith("998") else "limit")
    drawing.line(n[0], y(target), end, y(target), "overall")
    names: list[tuple[Words, float]] = [(Words("99.8 %", "99.8%"), sides[key][-1]) for key in ("high998", "low998")]
    names += [(Words("95 %", "95%"), sides[key][-1]) for key in ("high95", "low95")]
    names.append((Words(f"all {target:.0%}", f"全体{target:.0%}"), y(target)))
    for (words, _), place in zip(names, spread([p for _, p in names], 15, 8, 420), strict=True):
        drawing.text(end + 8, place, words, "tick")


def name_far(drawing: Drawing, far: Sequence[Unit], x, y, end: float) -> None:  # type: ignore[no-untyped-def]
    """Names beside the offices outside the limits, moved apart."""
    places = spread([y(unit.value) for unit in far], 17, 8, 420)
    for unit, place in zip(far, places, strict=True):
        at = x(unit.denominator)
        inner = at > end * 0.72
        told = f"{unit.name} {count(unit.numerator)} / {count(unit.denominator)}"
        if abs(place - y(unit.value)) > 6:
            drawing.line(at, y(unit.value), at + (-10 if inner else 10), place, "leader")
        drawing.text(
            at + (-13 if inner else 13), place, told, "row halo", "end" if inner else "start", unit.link, tip_of(unit)
        )


def tip_of(unit: Unit) -> str:
    """What the mouse shows over an office."""
    return f"{unit.name}: {count(unit.numerator)} / {count(unit.denominator)} = {number(unit.value * 100)} %"
