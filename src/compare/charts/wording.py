"""The text of two years beside each other, with the changed numbers marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from compare.charts.lettering import CLOSING, printable, text_width
from compare.charts.profile import office_id_of
from compare.charts.style import SMALLEST, WIDE, Chart, canvas, finish, nothing_to_show
from compare.language import say
from compare.palette import DEEP, INK, LINE, SOFT
from compare.panel import NotPublishedError, Panel
from compare.views.wording import (
    ADDED,
    DROPPED,
    KINDS,
    REPLACED,
    SAME,
    TOKEN,
    Line,
    Piece,
    compare_texts,
    kept_share,
)

SIZE, LEADING = 9.0, 0.2  # points of a letter, inches of a line
COLUMN = (WIDE - 1.0) / 2
MOST_LINES = 34  # sentences drawn; the CSV holds all
MARK, STRUCK = "#ffe2a8", "#f6d5c4"


def texts_of(panel: Panel, report_id: str) -> dict[int, str]:
    """Section number → prose of one report; empty where no sections are published."""
    try:
        table = panel.table("sections")
    except NotPublishedError:
        return {}
    own = table[(table["report_id"] == report_id) & table["text"].notna()]
    return {int(s): "\n".join(t) for s, t in own.groupby(own["section"].fillna(0))["text"]}


def text_changes(panel: Panel, office: str, year: int = 0, language: str = "zh") -> Chart:
    """The prose of an office's report of `year` (its last, where none is named) against that of the year before,
    sentence by sentence: changed numbers and words are marked, sentences that are the same are grey.

    What cannot be compared is said. `office` is an id or a name.
    """
    office_id = office_id_of(panel, office)
    name, place = str(panel.offices.at[office_id, "office"]), panel.place[panel.offices.index.get_loc(office_id)]
    have = [y for y, row in zip(panel.years, place, strict=True) if row >= 0]
    year = year or (have[-1] if have else 0)
    title = say(language, f"{name}: the text of {year} against {year - 1}", f"{name}：{year}年与{year - 1}年的文字")
    ids = {y: str(panel.reports.at[row, "report_id"]) for y, row in zip(panel.years, place, strict=True) if row >= 0}
    before, after = (texts_of(panel, ids[y]) if y in ids else {} for y in (year - 1, year))
    if not before or not after:
        why = say(
            language, f"There are no texts of both {year - 1} and {year}.", f"{year - 1}年与{year}年没有同时具备文字。"
        )
        return nothing_to_show(panel, language, title, why)
    lines = compare_texts(before, after)
    shown = [line for line in lines if line.kind != SAME] or lines
    shown = shown[:MOST_LINES]
    rows = [(line, flow(line.before), flow(line.after)) for line in shown]
    height = sum(max(len(left), len(right), 1) * LEADING + 0.13 for _, left, right in rows)
    figure, axes = canvas(WIDE, height + 0.35)
    figure.set_layout_engine("none")
    chart = finish(
        figure,
        panel,
        table_of(lines),
        language,
        title,
        told_of(lines, year, language),
        absent_of(lines, shown, language),
    )
    place_columns(figure, axes[0, 0], height + 0.35, language)
    draw_rows(axes[0, 0], rows, (year - 1, year), language)
    return chart


def told_of(lines: Sequence[Line], year: int, language: str) -> str:
    """What share was kept."""
    share = kept_share(lines)
    return say(
        language,
        f"{share:.0%} of the text of {year} stands in sentences of {year - 1} in which numbers changed at most. Marked: "
        "what differs.",
        f"{year}年文字的{share:.0%}见于{year - 1}年的句子（至多数字不同）。标出者为不同之处。",
    )


def absent_of(lines: Sequence[Line], shown: Sequence[Line], language: str) -> str:
    """Sentences that are not drawn."""
    same, more = sum(line.kind == SAME for line in lines), sum(line.kind != SAME for line in lines) - len(shown)
    if all(line.kind == SAME for line in lines):
        return say(language, f"All {len(lines)} sentences are the same.", f"全部{len(lines)}句相同。")
    told = say(language, f"Not drawn: {same} sentences that are the same", f"未画：相同的{same}句")
    if more > 0:
        told += say(language, f", {more} further changed ones", f"，另有{more}句有变化")
    return told + say(language, "; the CSV has all.", "；CSV含全部。")


def table_of(lines: Sequence[Line]) -> pd.DataFrame:
    """section, kind, before, after; a changed run stands in [brackets]."""

    def told(pieces: Sequence[Piece]) -> str:
        return "".join(f"[{piece.text}]" if piece.changed else piece.text for piece in pieces)

    rows = [(line.section, line.kind, told(line.before), told(line.after)) for line in lines]
    return pd.DataFrame(rows, columns=["section", "kind", "before", "after"])


class Run(NamedTuple):
    """Letters of one line that look alike, from `x` inches on."""

    x: float
    text: str
    changed: bool


def flow(pieces: Sequence[Piece]) -> list[list[Run]]:
    """Pieces broken into lines of COLUMN inches."""
    lines: list[list[Run]] = [[]] if pieces else []
    x = 0.0
    for piece in pieces:
        start = x
        text = ""
        for sign in TOKEN.findall(piece.text):
            width = text_width(sign, SIZE)
            if x + width > COLUMN and sign not in CLOSING:
                lines[-1] += [Run(start, text, piece.changed)] if text else []
                lines.append([])
                x = start = 0.0
                text = ""
            text += sign
            x += width
        lines[-1] += [Run(start, text, piece.changed)] if text else []
    return lines


def place_columns(figure: Figure, plot: Axes, height: float, language: str) -> None:
    """Axes in inches over the body of the figure, so that letters can be placed one beside the other."""
    whole, wide = figure.get_figheight(), figure.get_figwidth()
    foot = [text.get_position()[1] for text in figure.texts if text.get_position()[1] < 0.5]
    bottom = (max(foot) * whole if foot else 0.3) + 0.25
    plot.set_position((0.12 / wide, bottom / whole, (wide - 0.24) / wide, height / whole))
    plot.set(xlim=(0, wide - 0.24), ylim=(height, 0))
    plot.axis("off")


def draw_rows(
    plot: Axes, rows: Sequence[tuple[Line, list[list[Run]], list[list[Run]]]], years: tuple[int, int], language: str
) -> None:
    """The sentences, earlier left, later right, with their kind in front."""
    ends = 0.62, 0.62 + COLUMN + 0.14
    for x, year in zip(ends, years, strict=True):
        plot.text(x, 0.1, str(year), fontsize=10, fontweight="bold", va="center")
    y = 0.35
    for line, left, right in rows:
        plot.plot([0, ends[1] + COLUMN], [y - 0.05, y - 0.05], color=LINE, lw=0.7)
        plot.text(0, y + 0.08, KINDS[line.kind].said(language), fontsize=SMALLEST, color=SOFT, va="center")
        for x, side, colour in ((ends[0], left, STRUCK), (ends[1], right, MARK)):
            draw_side(plot, x, y + 0.08, side, colour, line.kind in (REPLACED, DROPPED, ADDED))
        y += max(len(left), len(right), 1) * LEADING + 0.13


def draw_side(plot: Axes, x: float, y: float, lines: list[list[Run]], mark: str, alone: bool) -> None:
    """One sentence; changed runs on a coloured ground and underlined, so that grey print shows them too."""
    for number, runs in enumerate(lines):
        at = y + number * LEADING
        for run in runs:
            wide = text_width(run.text, SIZE)
            if run.changed:
                plot.add_patch(Rectangle((x + run.x, at - 0.085), wide, 0.17, color=mark, lw=0))
                plot.plot([x + run.x, x + run.x + wide], [at + 0.088] * 2, color=DEEP, lw=0.9)
            colour = DEEP if run.changed else SOFT if alone else INK
            plot.text(x + run.x, at, printable(run.text), fontsize=SIZE, color=colour, va="center")
