"""Bars of 100 % with their parts named above the first, and tables whose cells are shaded by their share."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from compare.language import Words
from compare.site.drawings.columns import WIDTH, room_for, room_of, shortened
from compare.site.svg import Drawing, Texts, count

BAR, STEP = 21.0, 27.0
LEAST_LABELLED = 34.0  # units of width below which a part's share does not fit into it


class Bar(NamedTuple):
    """One bar of 100 %: counts of its parts, and where bar and parts lead; `told` is what stands behind it."""

    name: Texts
    link: str
    parts: tuple[float, ...]
    links: tuple[str, ...]
    told: Texts = ""


class Kind(NamedTuple):
    """A part of every bar: its class in the style sheet, its name."""

    css: str
    words: Words


def parts_of_whole(name: Words, bars: Sequence[Bar], kinds: Sequence[Kind], small: float = 0) -> str:
    """Bars of 100 % with n; each part is a link of its own. n below `small` stands in brackets."""
    there = [at for at in range(len(kinds)) if any(bar.parts[at] > 0 for bar in bars)]
    kinds = [kinds[at] for at in there]
    bars = [
        bar._replace(parts=tuple(bar.parts[at] for at in there), links=tuple(bar.links[at] for at in there))
        for bar in bars
    ]
    left, right = room_for([bar.name for bar in bars]), 96.0
    top = 46.0
    drawing = Drawing(WIDTH, top + STEP * len(bars) + 26, name)
    inside = WIDTH - left - right
    if bars and kinds:
        name_parts(drawing, bars[0], kinds, left, inside, top)
    for at, bar in enumerate(bars):
        y, total, x = top + STEP * at, sum(bar.parts), left
        drawing.text(left - 10, y + BAR / 2, shortened(bar.name), "row", "end", bar.link)
        for part, kind, link in zip(bar.parts, kinds, bar.links, strict=True):
            width = inside * part / total if total else 0.0
            if width > 0:
                drawing.box(x, y, width, BAR, f"part {kind.css}", link or bar.link, tip_of(bar, part, total, kind))
                if width > LEAST_LABELLED:
                    drawing.text(x + width / 2, y + BAR / 2, f"{part / total:.0%}", f"inside on-{kind.css}", "middle")
            x += width
        n = bar.told or (f"n = ({count(total)})" if total < small else f"n = {count(total)}")
        drawing.text(WIDTH - right + 12, y + BAR / 2, n, "tick")
    for step in range(5):
        drawing.text(left + inside * step / 4, top + STEP * len(bars) + 10, f"{step * 25} %", "tick", "middle")
    return drawing.svg()


def tip_of(bar: Bar, part: float, total: float, kind: Kind) -> Words:
    """What the mouse shows over a part."""
    zh, en = (bar.name, bar.name) if isinstance(bar.name, str) else (bar.name.zh, bar.name.en)
    told = f"{count(part)} / {count(total)} ({part / total:.1%})"
    return Words(f"{en} · {kind.words.en}: {told}", f"{zh} · {kind.words.zh}：{told}")


def name_parts(drawing: Drawing, first: Bar, kinds: Sequence[Kind], left: float, inside: float, top: float) -> None:
    """The names of the parts above the first bar, with lines to their middles, held over the bar and apart."""
    total, x = sum(first.parts) or 1.0, 0.0
    middles = []
    for part in first.parts:
        middles.append(left + (x + part / 2) / total * inside)
        x += part
    wide = [room_of(kind.words) * 0.93 + 12 for kind in kinds]
    places = middles[:]
    for k in range(1, len(places)):
        places[k] = max(places[k], places[k - 1] + (wide[k - 1] + wide[k]) / 2)
    places[-1] = min(places[-1], WIDTH - wide[-1] / 2)
    for k in range(len(places) - 2, -1, -1):
        places[k] = min(places[k], places[k + 1] - (wide[k + 1] + wide[k]) / 2)
    for kind, place, middle in zip(kinds, places, middles, strict=True):
        drawing.text(place, 12, kind.words, f"row name-{kind.css}", "middle")
        drawing.path([(place, 21), (place, 26), (middle, top - 7), (middle, top - 1)], f"leader line-{kind.css}")


class Cell(NamedTuple):
    """A cell of a shaded table: its share of what the darkest would be (None: empty), what it says, where it leads,
    whether it is framed."""

    share: float | None
    text: str
    link: str = ""
    framed: bool = False
    tip: str = ""


def shaded_table(caption: Words, heads: Sequence[Texts], rows: Sequence[tuple[Texts, str, Sequence[Cell]]]) -> str:
    """A table in HTML whose cells are the darker the larger their share. `rows`: name, where it leads, cells."""
    head = "".join(f'<th scope="col">{worded(text)}</th>' for text in heads)
    body = []
    for name, link, cells in rows:
        told = f'<a href="{escape(link, quote=True)}">{worded(name)}</a>' if link else worded(name)
        body.append(f'<tr><th scope="row">{told}</th>{"".join(shaded_cell(cell) for cell in cells)}</tr>')
    zh, en = escape(caption.zh), escape(caption.en)
    return (
        f'<table class="shaded"><caption class="unseen"><span class="zh">{zh}</span><span class="en" lang="en">{en}</span>'
        f"</caption><thead><tr><td></td>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    )


def shaded_cell(cell: Cell) -> str:
    """One cell: eleven steps of shade, white letters on the dark ones."""
    if cell.share is None:
        return "<td></td>"
    step = round(min(max(cell.share, 0.0), 1.0) * 10)
    kind = f"s{step}{' framed' if cell.framed else ''}"
    tip = f' title="{escape(cell.tip, quote=True)}"' if cell.tip else ""
    inner = (
        f'<a href="{escape(cell.link, quote=True)}"{tip}>{escape(cell.text)}</a>' if cell.link else escape(cell.text)
    )
    return f'<td class="{kind}">{inner}</td>'


def worded(text: Texts) -> str:
    """A text as HTML, in both languages where it has two."""
    if isinstance(text, str):
        return escape(text)
    return f'<span class="zh">{escape(text.zh)}</span><span class="en" lang="en">{escape(text.en)}</span>'
