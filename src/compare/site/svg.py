"""Small drawings as SVG text: marks that are links, in both languages, without a drawing library.

Colours and fonts are set by the classes of the style sheet, so that screen, print and contrast are decided in one place.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from html import escape

from compare.evidence_parts.places import Words


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
    name: str
    parts: list[str] = field(default_factory=list)

    def line(self, x0: float, y0: float, x1: float, y1: float, kind: str) -> None:
        """A straight line of a class."""
        places = f'x1="{number(x0)}" y1="{number(y0)}" x2="{number(x1)}" y2="{number(y1)}"'
        self.parts.append(f'<line class="{kind}" {places}/>')

    def path(self, points: list[tuple[float, float]], kind: str, closed: bool = False) -> None:
        """A line through points, or a closed shape."""
        steps = " ".join(f"{number(x)},{number(y)}" for x, y in points)
        self.parts.append(f'<{"polygon" if closed else "polyline"} class="{kind}" points="{steps}"/>')

    def box(self, x: float, y: float, width: float, height: float, kind: str, link: str = "", tip: str = "") -> None:
        """A rectangle, a link where `link` says so."""
        size = f'x="{number(x)}" y="{number(y)}" width="{number(max(width, 0))}" height="{number(height)}"'
        self.parts.append(linked(f'<rect class="{kind}" {size}>{tipped(tip)}</rect>', link, tip))

    def dot(self, x: float, y: float, radius: float, kind: str, link: str = "", tip: str = "") -> None:
        """A circle, a link where `link` says so; the link reaches a little further than the circle."""
        mark = f'<circle class="{kind}" cx="{number(x)}" cy="{number(y)}" r="{number(radius)}">{tipped(tip)}</circle>'
        if link:
            reach = max(radius + 3, 6)
            mark = f'<circle class="reach" cx="{number(x)}" cy="{number(y)}" r="{number(reach)}"/>{mark}'
        self.parts.append(linked(mark, link, tip))

    def text(
        self, x: float, y: float, words: str | Words, kind: str = "", anchor: str = "start", link: str = ""
    ) -> None:
        """Text whose middle line is at y; in both languages where it has two."""
        said = [("", words)] if isinstance(words, str) else [("zh", words.zh), ("en", words.en)]
        for language, text in said:
            classes = " ".join(filter(None, (kind, language)))
            tongue = ' lang="en"' if language == "en" else ""
            place = f'x="{number(x)}" y="{number(y)}" text-anchor="{anchor}"'
            inner = f'<text class="{classes}"{tongue} {place} dy=".35em">{escape(text)}</text>'
            self.parts.append(linked(inner, link, text))

    def svg(self) -> str:
        """The finished drawing. Its links can be reached by mouse; the table beside it holds the same for the keyboard."""
        size = f'viewBox="0 0 {number(self.width)} {number(self.height)}"'
        label = escape(self.name, quote=True)
        return f'<svg class="drawing" {size} role="group" aria-label="{label}">{"".join(self.parts)}</svg>'


def tipped(tip: str) -> str:
    """What the mouse shows over a mark."""
    return f"<title>{escape(tip)}</title>" if tip else ""


def linked(mark: str, link: str, tip: str) -> str:
    """A mark as a link; out of the tab order, since a table beside the drawing holds the same links."""
    if not link:
        return mark
    target, label = escape(link, quote=True), escape(tip or link, quote=True)
    return f'<a href="{target}" tabindex="-1" aria-label="{label}">{mark}</a>'


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
