"""Small drawings as SVG text: marks that are links, in both languages, without a drawing library.

Colours and fonts are set by the classes of the style sheet, so that screen, print and contrast are decided in one place.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from html import escape

from compare.language import Words

Texts = str | Words


def number(value: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{value:.1f}".rstrip("0").rstrip(".") if value == value else "0"


def count(value: float) -> str:
    """A figure as people read it: 1,234 or 12.5."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}".rstrip("0").rstrip(".")


@dataclass
class Drawing:
    """A drawing of width × height units that grows with its place on the page; `name` is what a screen reader says."""

    width: float
    height: float
    name: Words
    parts: list[str] = field(default_factory=list)

    def line(self, x0: float, y0: float, x1: float, y1: float, kind: str) -> None:
        """A straight line of a class."""
        places = f'x1="{number(x0)}" y1="{number(y0)}" x2="{number(x1)}" y2="{number(y1)}"'
        self.parts.append(f'<line class="{kind}" {places}/>')

    def path(self, points: list[tuple[float, float]], kind: str, closed: bool = False) -> None:
        """A line through points, or a closed shape."""
        steps = " ".join(f"{number(x)},{number(y)}" for x, y in points)
        self.parts.append(f'<{"polygon" if closed else "polyline"} class="{kind}" points="{steps}"/>')

    def box(self, x: float, y: float, width: float, height: float, kind: str, link: str = "", tip: Texts = "") -> None:
        """A rectangle, a link where `link` says so."""
        size = f'x="{number(x)}" y="{number(y)}" width="{number(max(width, 0))}" height="{number(height)}"'
        self.parts.append(linked(f'<rect class="{kind}" {size}/>', link, tip))

    def dot(self, x: float, y: float, radius: float, kind: str, link: str = "", tip: Texts = "") -> None:
        """A circle, a link where `link` says so."""
        mark = f'<circle class="{kind}" cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"/>'
        self.parts.append(linked(reach(x, y, radius, mark, link), link, tip))

    def square(self, x: float, y: float, half: float, kind: str, link: str = "", tip: Texts = "") -> None:
        """A square around a point."""
        size = f'x="{number(x - half)}" y="{number(y - half)}" width="{number(half * 2)}" height="{number(half * 2)}"'
        self.parts.append(linked(reach(x, y, half, f'<rect class="{kind}" {size}/>', link), link, tip))

    def triangle(self, x: float, y: float, half: float, kind: str, link: str = "", tip: Texts = "") -> None:
        """A triangle, point up, around a point."""
        corners = [(x - half, y + half * 0.8), (x, y - half), (x + half, y + half * 0.8)]
        steps = " ".join(f"{number(a)},{number(b)}" for a, b in corners)
        self.parts.append(linked(reach(x, y, half, f'<polygon class="{kind}" points="{steps}"/>', link), link, tip))

    def diamond(self, x: float, y: float, half: float, kind: str, link: str = "", tip: Texts = "") -> None:
        """A diamond around a point."""
        corners = [(x - half, y), (x, y - half), (x + half, y), (x, y + half)]
        steps = " ".join(f"{number(a)},{number(b)}" for a, b in corners)
        self.parts.append(linked(reach(x, y, half, f'<polygon class="{kind}" points="{steps}"/>', link), link, tip))

    def text(
        self, x: float, y: float, words: Texts, kind: str = "", anchor: str = "start", link: str = "", tip: Texts = ""
    ) -> None:
        """Text whose middle line is at y; in both languages where it has two."""
        said = [("", words)] if isinstance(words, str) else [("zh", words.zh), ("en", words.en)]
        pieces = []
        for language, text in said:
            classes = " ".join(filter(None, (kind, language)))
            named = f' class="{classes}"' if classes else ""
            tongue = ' lang="en"' if language == "en" else ""
            at = f' text-anchor="{anchor}"' if anchor != "start" else ""
            pieces.append(f'<text{named}{tongue} x="{number(x)}" y="{number(y)}"{at} dy=".35em">{escape(text)}</text>')
        self.parts.append(linked("".join(pieces), link, tip or words))

    def svg(self) -> str:
        """The finished drawing. Its links can be reached by mouse; the table beside it holds the same for the keyboard."""
        size = f'viewBox="0 0 {number(self.width)} {number(self.height)}"'
        zh, en = escape(self.name.zh, quote=True), escape(self.name.en, quote=True)
        label = f'aria-label="{zh}" data-label-zh="{zh}" data-label-en="{en}"'
        return f'<svg class="drawing" {size} role="group" {label}>{"".join(self.parts)}</svg>'


def reach(x: float, y: float, half: float, mark: str, link: str) -> str:
    """A mark whose link reaches a little further than its ink."""
    if not link:
        return mark
    return f'<circle class="reach" cx="{number(x)}" cy="{number(y)}" r="{number(max(half + 4, 8))}"/>{mark}'


def linked(mark: str, link: str, tip: Texts) -> str:
    """A mark as a link; out of the tab order, since a table beside the drawing holds the same links. What the mouse shows
    over it (`tip`) is the name that a screen reader says; in two languages the page's script changes both."""
    zh, en = (tip, tip) if isinstance(tip, str) else (tip.zh, tip.en)
    if not link:
        return f"<g>{titled(zh, en)}{mark}</g>" if zh else mark
    target = escape(link, quote=True)
    return f'<a href="{target}" tabindex="-1">{titled(zh or link, en or link)}{mark}</a>'


def titled(zh: str, en: str) -> str:
    """A mark's title."""
    other = f' data-zh="{escape(zh, quote=True)}" data-en="{escape(en, quote=True)}"' if zh != en else ""
    return f"<title{other}>{escape(zh)}</title>"


def log_ticks(highest: float) -> list[float]:
    """Few round numbers for a log(1 + x) axis, zero among them."""
    steps = [0.0, *(float(base * 10**power) for power in range(9) for base in (1, 3))]
    inside = [step for step in steps if step <= max(highest, 1) * 1.3]
    return inside if len(inside) <= 5 else [0.0, *inside[1:][:: math.ceil((len(inside) - 1) / 4)]]


def spread(places: list[float], gap: float, low: float, high: float) -> list[float]:
    """Label places moved apart to at least `gap`, held between low and high where there is room; the order is kept."""
    order = sorted(range(len(places)), key=lambda index: places[index])
    moved = [min(max(places[index], low), high) for index in order]
    for here in range(1, len(moved)):
        moved[here] = max(moved[here], moved[here - 1] + gap)
    if moved and moved[-1] > high:
        moved[-1] = high
        for here in range(len(moved) - 2, -1, -1):
            moved[here] = min(moved[here], moved[here + 1] - gap)
    result = [0.0] * len(places)
    for place, index in zip(moved, order, strict=True):
        result[index] = place
    return result
