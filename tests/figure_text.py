"""What the letters of a figure do: which of them cover each other, and which stand beyond its edge."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

COVERED = 0.12  # of the smaller text


def boxes(figure: Figure) -> list[tuple[str, Bbox]]:
    """Every visible text with the box that it takes, in pixels."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    beyond = set(map(id, out_of_view(figure)))
    found = []
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        if text.get_visible() and text.get_text().strip() and id(text) not in beyond:
            box = text.get_window_extent(canvas.get_renderer())
            if box.width > 1 and box.height > 1:
                found.append((text.get_text(), box))
    return found


def out_of_view(figure: Figure) -> Iterator[Text]:
    """Labels of ticks beyond the ends of their axis, or of an axis that is off: they are there, but never drawn."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in axis.get_major_ticks():
                if not (axes.axison and low <= tick.get_loc() <= high):
                    yield from (tick.label1, tick.label2)


def faults(figure: Figure) -> list[str]:
    """Texts that cover each other or leave the figure."""
    placed, edge = boxes(figure), figure.bbox.padded(1)
    told = [f"cut: {text}" for text, box in placed if not (edge.contains(*box.min) and edge.contains(*box.max))]
    for (one, a), (two, b) in combinations(placed, 2):
        common = Bbox.intersection(a, b)
        if common is not None:
            smaller = min(a.width * a.height, b.width * b.height)
            if common.width * common.height > COVERED * smaller:
                told.append(f"{one!r} and {two!r} cover each other")
    return told
