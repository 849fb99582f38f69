"""What several charts draw alike: bars of 100 % with their parts named, tables of shaded cells, row labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex, to_rgb
from matplotlib.patches import Rectangle

from compare.charts.lettering import text_width
from compare.charts.style import SMALLEST
from compare.palette import BAND, BLUE, INK, PAPER, QUIET, SOFT

SHADES = LinearSegmentedColormap.from_list("jiedao", [PAPER, BAND, BLUE, "#073a64"])
LEAST_LABELLED = 0.055  # share of a bar below which its number does not fit into it


class Part(NamedTuple):
    """One part of a bar of 100 %: shares by row (float64), its colour, the colour of text on it, and its name."""

    shares: np.ndarray
    colour: str
    ink: str
    name: str


def parts_of_whole(
    plot: Axes, rows: Sequence[str], parts: Sequence[Part], counts: Sequence[float], small: float, inches: float
) -> None:
    """Horizontal bars of 100 %, each part with its share, n behind; the parts are named above the first bar, so that
    no legend is needed. n below `small` is grey and in brackets. `inches` is about how wide the bars are."""
    left = np.zeros(len(rows))
    for part in parts:
        plot.barh(
            range(len(rows)), part.shares, left=left, color=part.colour, height=0.76, edgecolor=PAPER, linewidth=0.8
        )
        for row in map(int, np.flatnonzero(part.shares >= LEAST_LABELLED)):
            plot.text(
                left[row] + part.shares[row] / 2, row, f"{part.shares[row]:.0%}", ha="center", va="center",
                fontsize=SMALLEST, color=part.ink,
            )  # fmt: skip
        left = left + part.shares
    for row, count in enumerate(counts):
        few = count < small
        text = f"({count:,.0f})" if few else f"{count:,.0f}"
        plot.text(1.012, row, text, va="center", fontsize=8.5, color=QUIET if few else INK)
    plot.text(1.012, -0.86, "n", va="center", fontsize=8.5, color=SOFT)
    name_parts(plot, parts, inches)
    plot.set_yticks(range(len(rows)), list(rows))
    plot.set(ylim=(len(rows) - 0.4, -1.9), xlim=(0, 1.09))
    plot.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    plot.tick_params(axis="y", length=0)
    plot.spines[["left", "bottom"]].set_visible(False)
    plot.xaxis.grid(True)


def name_parts(plot: Axes, parts: Sequence[Part], inches: float) -> None:
    """The names of the parts above the first bar, each with a line to its middle, moved apart where they would touch
    and held over the bar. `inches` is about how wide the bar is."""
    present = [part for part in parts if part.shares.size and part.shares.max() > 0]
    if not present:
        return
    ends = np.cumsum([part.shares[0] for part in present])
    middles = np.array([end - part.shares[0] / 2 for part, end in zip(present, ends, strict=True)])
    wide = np.array([(text_width(part.name, 8.5) + 0.14) / inches for part in present])
    places = middles.copy()
    for k in range(1, len(places)):  # from the left: no label before the end of the one before
        places[k] = max(places[k], places[k - 1] + (wide[k - 1] + wide[k]) / 2)
    places[-1] = min(places[-1], 1 - wide[-1] / 2)
    for k in range(len(places) - 2, -1, -1):  # and back from the right edge
        places[k] = min(places[k], places[k + 1] - (wide[k + 1] + wide[k]) / 2)
    places = places + max(0.0, wide[0] / 2 - places[0])
    for part, x, middle in zip(present, places, middles, strict=True):
        plot.text(x, -1.32, part.name, ha="center", va="center", fontsize=8.5, color=darker(part.colour))
        plot.plot([x, middle], [-0.98, -0.42], color=part.colour, lw=1.1)


def light(colour: Any) -> float:
    """How light a colour is, 0 black to 1 white (relative luminance of WCAG)."""
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def darker(colour: str) -> str:
    """A colour dark enough for letters on white (contrast 4.5 and more)."""
    shade = np.array(to_rgb(colour))
    while light(tuple(shade)) > 0.18:
        shade = shade * 0.94
    return to_hex(tuple(shade))


def shaded_table(
    plot: Axes, values: np.ndarray, texts: np.ndarray, rows: Sequence[str], columns: Sequence[str], highest: float
) -> None:
    """A table whose cells are the darker the larger their value, with the number in each; NaN stays empty."""
    for (y, x), value in np.ndenumerate(values):
        if value == value:
            colour = SHADES(min(value / highest, 1.0) * 0.9 if highest else 0.0)
            plot.add_patch(Rectangle((x - 0.47, y - 0.44), 0.94, 0.88, facecolor=colour, edgecolor="none"))
            plot.text(
                x,
                y,
                str(texts[y, x]),
                ha="center",
                va="center",
                fontsize=8.5,
                color=INK if light(colour) > 0.3 else PAPER,
            )
    plot.set(xlim=(-0.5, len(columns) - 0.5), ylim=(len(rows) - 0.5, -0.5))
    plot.set_xticks(range(len(columns)), list(columns))
    plot.set_yticks(range(len(rows)), list(rows))
    plot.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    plot.spines[:].set_visible(False)
