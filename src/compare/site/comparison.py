"""The drawings of the comparison pages: a rate with its interval, parts of a whole, two years, far years."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from compare.evidence_parts.places import Words
from compare.site.svg import Drawing, count, log_ticks, number, spread

ROW = 22.0
WIDTH = 860.0
LONGEST_NAME = 18


def room_for(names: Sequence[str | Words]) -> float:
    """How wide the column of names must be: a Chinese character is as wide as the letters are high."""
    longest = max((len(name if isinstance(name, str) else name.zh) for name in names), default=0)
    return 26 + 12.8 * min(longest, LONGEST_NAME)


def shortened(name: str | Words) -> str | Words:
    """A name that fits its column."""
    return f"{name[: LONGEST_NAME - 1]}…" if isinstance(name, str) and len(name) > LONGEST_NAME else name


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


class Bar(NamedTuple):
    """One bar of 100 %: counts of its parts, and where bar and parts lead."""

    name: str | Words
    link: str
    parts: tuple[float, ...]
    links: tuple[str, ...]


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


def dot_plot(title: str, rows: Sequence[Rate], overall: float, share: bool) -> str:
    """Dots with 95 % intervals, small n open and grey, the whole as a dashed line."""
    left, right, top = room_for([row.name for row in rows]), 104.0, 30.0
    drawing = Drawing(WIDTH, top + ROW * len(rows) + 14, title)
    highest = 1.0 if share else max([row.high for row in rows if row.high == row.high] + [1e-9])

    def place(value: float) -> float:
        return left + value / highest * (WIDTH - left - right)

    bottom = top + ROW * len(rows)
    for step in range(5):
        x = place(highest * step / 4)
        drawing.line(x, top - 6, x, bottom, "grid")
        drawing.text(x, 12, f"{step * 25} %" if share else number(highest * step / 4), "tick", "middle")
    drawing.line(place(overall), top - 6, place(overall), bottom, "overall")
    for at, row in enumerate(rows):
        y, kind = top + ROW * (at + 0.5), "small" if row.small else "plain"
        drawing.text(left - 10, y, shortened(row.name), "row", "end", row.link)
        if row.low == row.low:
            drawing.line(place(row.low), y, place(row.high), y, f"interval {kind}")
        told = f"{row.value:.1%}" if share else number(row.value)
        tip = f"{row.name}: {count(row.numerator)} / {count(row.denominator)} = {told}"
        drawing.dot(place(row.value), y, 4.4, "zero soft-mark" if row.small else "mark", row.link, tip)
        drawing.text(WIDTH - right + 14, y, f"{count(row.numerator)} / {count(row.denominator)}", "tick")
    return drawing.svg()


def parts_of_whole(title: str, bars: Sequence[Bar], classes: Sequence[str], labels: Sequence[Words]) -> str:
    """Bars of 100 % with n; each part is a link of its own."""
    left, right, top = room_for([bar.name for bar in bars]), 84.0, 26.0
    drawing = Drawing(WIDTH, top + 26 * len(bars) + 6, title)
    inside = WIDTH - left - right
    for step in range(5):
        drawing.text(left + inside * step / 4, 10, f"{step * 25} %", "tick", "middle")
    for at, bar in enumerate(bars):
        y, total, x = top + 26 * at, sum(bar.parts), left
        drawing.text(left - 10, y + 10, shortened(bar.name), "row", "end", bar.link)
        for part, kind, label, link in zip(bar.parts, classes, labels, bar.links, strict=True):
            width = inside * part / total if total else 0.0
            if width > 0:
                name = bar.name if isinstance(bar.name, str) else bar.name.zh
                tip = f"{name} · {label.zh} {label.en}: {count(part)} / {count(total)} ({part / total:.0%})"
                drawing.box(x, y, width, 20, f"part {kind}", link or bar.link, tip)
                if width > 36:
                    drawing.text(x + width / 2, y + 10, f"{part / total:.0%}", f"inside on-{kind}", "middle")
            x += width
        drawing.text(WIDTH - right + 12, y + 10, f"n = {count(total)}", "tick")
    return drawing.svg()


def slopes(title: str, years: tuple[int, int], changes: Sequence[Change], named: int = 12) -> str:
    """Each office as a line between two years on a log(1 + x) axis; the largest relative changes are named."""
    height, top, left, right = 540.0, 34.0, 70.0, 470.0
    drawing = Drawing(WIDTH, height, title)
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
    """Names at the right ends, moved apart so that none covers another."""
    ends = [place(change.after) for change in far]
    for change, end, y in zip(far, ends, spread(ends, 19.0, room[0], room[1]), strict=True):
        kind = "up" if change.after > change.before else "down"
        drawing.line(right + 6, end, right + 26, y, f"leader {kind}")
        text = f"{change.name}  {count(change.before)} → {count(change.after)}"
        drawing.text(right + 30, y, text, f"row {kind}-text", link=change.link)


def strip(title: str, points: Sequence[Far], limit: float, review: float, named: int = 8) -> str:
    """Every office-year by its z: ordinary ones small and grey, far ones larger; the furthest are named, each side in
    its own column of free rows."""
    height, middle, left = 188.0, 82.0, 8.0
    drawing = Drawing(WIDTH, height, title)

    def place(z: float) -> float:
        return left + (max(-limit, min(z, limit)) + limit) / (2 * limit) * (WIDTH - 2 * left)

    drawing.box(place(-review), 8, place(review) - place(-review), 150, "ordinary")
    for z in (-10, -review, 0, review, 10):
        if abs(z) <= limit:
            drawing.line(place(z), 8, place(z), 158, "grid")
            drawing.text(place(z), 172, number(z), "tick", "middle")
    drawing.text(WIDTH - left, 172, "z", "tick", "end")
    far = sorted((p for p in points if p.grade), key=lambda p: -abs(p.z))
    for at, point in enumerate(points):
        if not point.grade:
            y = middle + ((at * 0.618034) % 1 - 0.5) * 110
            drawing.dot(place(point.z), y, 2.2, "ordinary-dot", point.link, tip_of(point))
    for side in (-1, 1):
        own = [p for p in far if p.z * side > 0]
        for at, point in enumerate(own):
            y = 18 + (at % named) * 18.0 if at < named else 18 + (at * 0.618034 % 1) * 130
            drawing.dot(place(point.z), y, 5, f"grade-{point.grade}", point.link, tip_of(point))
            if at < named:
                inner = place(point.z) - side * 10
                name = f"{point.name} {point.year}: {count(point.value)}"
                drawing.text(inner, y, name, "row halo", "end" if side > 0 else "start", point.link)
    return drawing.svg()


def tip_of(point: Far) -> str:
    """What the mouse shows over an office-year."""
    return f"{point.name} {point.year}: {count(point.value)}, z = {point.z:+.1f}"
