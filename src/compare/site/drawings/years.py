"""Years beside each other: the slope of two, the strip of far ones, the waterfall of the carry-over."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from compare.language import Words
from compare.palette import BREAKS
from compare.site.drawings.columns import WIDTH
from compare.site.svg import Drawing, count, log_ticks, spread

LEVELS = 6  # rows of names above a strip


class Change(NamedTuple):
    """One office in two years."""

    name: str
    link: str
    before: float
    after: float


class Far(NamedTuple):
    """One office-year and its distance from what its other years lead to expect; grade priority, review or ''."""

    name: str
    year: int
    link: str
    value: float
    z: float
    grade: str


class Balance(NamedTuple):
    """One year of the carry-over: the four counts with their links; `before` and `within` are the marks where the year
    does not continue the last, or does not add up ("" for none)."""

    year: int
    counts: tuple[float, float, float, float]
    links: tuple[str, str, str, str]
    before: str = ""
    within: str = ""


STEPS = (
    Words("carried in", "上年结转"), Words("received", "新收"), Words("decided", "办结"),
    Words("carried forward", "结转下年"),
)  # fmt: skip
STEP_KINDS = ("carried", "received", "decided", "carried")


def slopes(name: Words, years: tuple[int, int], changes: Sequence[Change], named: int = 14) -> str:
    """Each office as a line between two years on a log(1 + x) axis; the largest relative changes are named."""
    height, top, left, right = 540.0, 34.0, 70.0, 480.0
    drawing = Drawing(WIDTH, height, name)
    highest = max([max(c.before, c.after) for c in changes] + [1.0])
    lowest = min([min(c.before, c.after) for c in changes] + [highest])
    base = math.log1p(lowest)

    def place(value: float) -> float:
        span = max(math.log1p(highest) - base, 0.5)
        return height - 24 - (math.log1p(value) - base) / span * (height - 24 - top - 10)

    for x, year in ((left, years[0]), (right, years[1])):
        drawing.line(x, top, x, height - 14, "axis")
        drawing.text(x, 16, str(year), "row strong", "middle")
    for tick in (t for t in log_ticks(highest) if lowest <= t <= highest):
        drawing.text(left - 12, place(tick), count(tick), "tick", "end")
    size = [abs(math.log1p(c.after) - math.log1p(c.before)) for c in changes]
    far = [i for i in sorted(range(len(changes)), key=lambda i: -size[i])[:named] if size[i] > 0]
    for index in [i for i in range(len(changes)) if i not in set(far)] + far[::-1]:
        change = changes[index]
        kind = ("up" if change.after > change.before else "down") if index in far else "rest"
        ends = [(left, place(change.before)), (right, place(change.after))]
        tip = f"{change.name}: {count(change.before)} → {count(change.after)}"
        drawing.path(ends, f"slope {kind}")
        for x, y in ends:
            drawing.dot(x, y, 4 if index in far else 2.6, f"end {kind}", change.link, tip)
    label_slopes(drawing, [changes[index] for index in far], place, right, (top, height - 20))
    return drawing.svg()


def label_slopes(drawing: Drawing, far: Sequence[Change], place, right: float, room: tuple[float, float]) -> None:  # type: ignore[no-untyped-def]
    """Names at the right ends, moved apart so that none covers another; an arrow says the direction without colour."""
    ends = [place(change.after) for change in far]
    for change, end, y in zip(far, ends, spread(ends, 20.0, room[0], room[1]), strict=True):
        rises = change.after > change.before
        kind = "up" if rises else "down"
        drawing.line(right + 6, end, right + 26, y, f"leader line-{kind}")
        text = f"{'↑' if rises else '↓'} {change.name}  {count(change.before)} → {count(change.after)}"
        drawing.text(right + 30, y, text, f"row {kind}-text", link=change.link)


def strip(name: Words, points: Sequence[Far], limit: float) -> str:
    """Every office-year by its z: ordinary ones small and grey, flagged ones larger and named above them, each side in
    rows of its own."""
    left = 8.0
    far = sorted((p for p in points if p.grade), key=lambda p: -abs(p.z))
    rows = min(max(sum(p.z > 0 for p in far), sum(p.z < 0 for p in far)), LEVELS)
    cloud = 14 + rows * 19.0
    height = cloud + 92
    drawing = Drawing(WIDTH, height, name)

    def place(z: float) -> float:
        return left + (max(-limit, min(z, limit)) + limit) / (2 * limit) * (WIDTH - 2 * left)

    for z in (-10, -5, 0, 5, 10):
        if abs(z) <= limit:
            drawing.line(place(z), 6, place(z), height - 26, "grid")
            drawing.text(place(z), height - 12, f"{z:+d}" if z else "0", "tick", "middle")
    drawing.text(WIDTH - left, height - 12, "z", "tick", "end")
    for at, point in enumerate(p for p in points if not p.grade):
        y = cloud + (at * 0.618034) % 1 * 54
        drawing.dot(place(point.z), y, 2.3, "ordinary-dot", point.link, tip_of(point))
    for side in (-1, 1):
        for at, point in enumerate([p for p in far if p.z * side > 0]):
            draw_far(drawing, point, place(point.z), at, side, cloud)
    return drawing.svg()


def draw_far(drawing: Drawing, point: Far, x: float, at: int, side: int, cloud: float) -> None:
    """A flagged office-year: its mark in the middle of the cloud, its name in a row above."""
    y = cloud + 27
    if at < LEVELS:
        level = 12 + at * 19.0
        drawing.line(x, y, x, level, "leader")
        told = f"{point.name} {point.year}: {count(point.value)}"
        drawing.text(x - side * 6, level, told, "row halo", "end" if side > 0 else "start", point.link, tip_of(point))
    if point.grade == "priority":
        drawing.triangle(x, y, 7, "far", point.link, tip_of(point))
    else:
        drawing.dot(x, y, 5.4, "grade-review", point.link, tip_of(point))


def tip_of(point: Far) -> str:
    """What the mouse shows over an office-year."""
    return f"{point.name} {point.year}: {count(point.value)}, z = {point.z:+.1f}"


def waterfall(name: Words, balances: Sequence[Balance], wide: float = WIDTH) -> str:
    """The ledger of applications year by year: carried in and received go up, decided goes down, the rest is carried
    forward; diamonds stand where a year does not add up or does not continue the one before."""
    top, bottom, height, left = 64.0, 30.0, 300.0, 46.0
    drawing = Drawing(wide, height, name)
    most = max([balance.counts[0] + balance.counts[1] for balance in balances] + [3.0])

    def y(value: float) -> float:
        return height - bottom - value / most * (height - bottom - top)

    for tick in round_ticks(most):
        drawing.line(left, y(tick), wide, y(tick), "grid")
        drawing.text(left - 7, y(tick), count(tick), "tick", "end")
    step = (wide - left) / max(len(balances), 3)
    name_steps(drawing)
    for at, balance in enumerate(balances):
        x = left + step * at
        if balance.year in BREAKS and at:
            drawing.line(x, top - 26, x, height - bottom, "break")
            drawing.text(x + 4, top - 22, BREAKS[balance.year], "tiny")
        draw_balance(drawing, balance, x, step, y)
        drawing.text(x + step / 2, height - 12, str(balance.year), "tick", "middle")
        if balance.before:
            drawing.diamond(
                x, y(balance.counts[0]) - 6, 6, "far", balance.links[0], f"{balance.year}: {balance.before}"
            )
            drawing.text(x, y(balance.counts[0]) - 21, balance.before, "far-number", "middle")
        if balance.within:
            drawing.diamond(x + step / 2, top - 12, 6, "far", balance.links[2], f"{balance.year}: {balance.within}")
            drawing.text(x + step / 2 + 10, top - 12, balance.within, "far-number")
    return drawing.svg()


def round_ticks(most: float) -> list[float]:
    """Zero and a few round numbers up to the most."""
    rough = max(most, 4) / 4
    power = 10 ** math.floor(math.log10(rough))
    step = next((base * power for base in (1, 2, 5) if base * power >= 0.8 * rough), 10 * power)
    return [float(step * at) for at in range(int(most / step) + 1)]


def name_steps(drawing: Drawing) -> None:
    """The sum that the four bars make, above the drawing."""
    x = 0.0
    for sign, kind, words in zip(("", "+", "−", "="), STEP_KINDS, STEPS, strict=True):
        if sign:
            drawing.text(x, 12, sign, "tick")
            x += 14
        drawing.box(x, 5, 14, 14, f"step {kind}")
        drawing.text(x + 20, 12, words, "row")
        x += 20 + max(len(words.en) * 7.2, len(words.zh) * 13) + 12


def draw_balance(drawing: Drawing, balance: Balance, x: float, step: float, y) -> None:  # type: ignore[no-untyped-def]
    """The four bars of one year, each with its number and its link."""
    width = min(step / 4.5, 34.0)
    start = x + step / 2 - width * 2.06
    level = 0.0
    for number_, (value, kind, link, words) in enumerate(
        zip(balance.counts, STEP_KINDS, balance.links, STEPS, strict=True)
    ):
        base = max(level - value, 0.0) if kind == "decided" else 0.0 if number_ == 3 else level
        tip = Words(f"{balance.year}, {words.en}: {count(value)}", f"{balance.year}年{words.zh}：{count(value)}")
        at = start + number_ * width * 1.03
        drawing.box(at, y(base + value), width, y(base) - y(base + value), f"step {kind}", link, tip)
        sign = ("", "+", "−", "")[number_]
        inside = kind == "decided" and y(base) - y(base + value) > 26  # beside the bar before it there is no room above
        drawing.text(
            at + width / 2,
            y(base + value) + (11 if inside else -8),
            f"{sign}{count(value)}",
            "tick in-step" if inside else "tick",
            "middle",
            link,
            tip,
        )
        level = base if kind == "decided" else level + value
