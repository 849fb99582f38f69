"""The lines of a text file around a cell, with the cell marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

AROUND = 3
LONGEST_LINE = 400


def marked_span(line: str, first: int, last: int, raw_text: str, col: int) -> tuple[int, int]:
    """Where in a line a cell stands, as (start, end) counted from 0: by its characters where they say what was read,
    else by its column between bars, tabs or commas, else where its text stands only once, else the whole line."""
    if raw_text and line[first - 1 : last].strip() == raw_text:
        return first - 1, last
    for bar in ("|", "\t", ","):
        if bar in line:
            span = span_between(line, bar, col)
            if span[1] > span[0] and (bar != "," or line[slice(*span)].strip(' "') == raw_text):
                return span
    if raw_text and line.count(raw_text) == 1:
        start = line.index(raw_text)
        return start, start + len(raw_text)
    return 0, len(line)


def span_between(line: str, bar: str, col: int) -> tuple[int, int]:
    """The place of the col-th part of a line cut at bars; (0, 0) where there is none. A leading bar opens the first
    part."""
    parts = line.split(bar)
    at = 0
    wanted = col if line.lstrip().startswith(bar) else col - 1
    for number, part in enumerate(parts):
        if number == wanted:
            return at, at + len(part)
        at += len(part) + len(bar)
    return 0, 0


class Marked(NamedTuple):
    """A cell in a text: its box (first line, first character, last line, last character), what was read, its column."""

    box: tuple[int, int, int, int]
    raw_text: str
    col: int


def lines_html(lines: list[str], cells: Sequence[Marked]) -> str:
    """The lines around cells that begin on one line, as an ordered list in HTML with all of them marked; text is
    escaped. "" where the file has no such line."""
    first_line = cells[0].box[0]
    last_line = max(cell.box[2] for cell in cells)
    if not 1 <= first_line <= len(lines):
        return ""
    start, end = max(first_line - AROUND, 1), min(max(last_line, first_line) + AROUND, len(lines))
    items = []
    for number in range(start, end + 1):
        line = lines[number - 1]
        spans = [span_of(line, number, cell) for cell in cells if cell.box[0] <= number <= cell.box[2]]
        line, spans = clipped(line, spans)
        items.append(f'<li value="{number}"><code>{"".join(marked_line(line, sorted(spans)))}</code></li>')
    return f'<ol class="lines" start="{start}">{"".join(items)}</ol>'


def clipped(line: str, spans: Sequence[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
    """A long line from a little before its first span on, and the spans that stand in what is left of it."""
    if len(line) <= LONGEST_LINE:
        return line, list(spans)
    first = min((left for left, _ in spans), default=0)
    start = max(first - LONGEST_LINE // 4, 0)
    end = start + LONGEST_LINE
    before, after = "…" if start else "", "…" if end < len(line) else ""
    moved = [(left - start + len(before), min(right, end) - start + len(before)) for left, right in spans if left < end]
    return f"{before}{line[start:end]}{after}", moved


def span_of(line: str, number: int, cell: Marked) -> tuple[int, int]:
    """Where in a line a cell stands; a cell of several lines takes them whole."""
    first_line, first, last_line, last = cell.box
    if first_line == last_line == number:
        return marked_span(line, first, last, cell.raw_text, cell.col)
    return 0, len(line)


def marked_line(line: str, spans: Sequence[tuple[int, int]]) -> Iterator[str]:
    """A line with its spans marked, those that overlap an earlier one cut."""
    at = 0
    for left, right in spans:
        if right <= at and at:
            continue
        left = max(left, at)
        yield f"{escape(line[at:left])}<mark>{escape(line[left:right]) or '&nbsp;'}</mark>"
        at = right
    yield escape(line[at:])
