"""Born-digital PDF as word processors export it, drawn with ReportLab.

Tables are cut by the page end wherever it falls, their heads are not repeated, the page number stands between the
parts, the stub of section 三 runs down its column one character a line (cut by the page end like everything else). By
the office's habit rules are lines or thin filled rectangles, a cut table has closing rules or none, rows are cut in the
middle of a label, the notice stands in a box that looks like a one-column table, and digits are set in another
typeface than the text.
"""

from __future__ import annotations

import io
import random
from functools import cache
from importlib.resources import as_file, files

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from sample.page import Page, Paragraph
from sample.tables import Table
from sample.writers.typesetting import (
    Part,
    Placed,
    Setting,
    Width,
    break_lines,
    column_edges,
    paginate,
    set_table,
    shares,
)

_FACES = {"song": "NotoSerifSC-Regular.ttf", "kai": "LXGWWenKai-Regular.ttf", "hei": "NotoSansSC-Regular.ttf"}
_PAGE_WIDTH, _PAGE_HEIGHT = A4
_TOP, _BOTTOM, _LEFT, _RIGHT = 72.0, _PAGE_HEIGHT - 70, 62.0, _PAGE_WIDTH - 62


def write(page: Page) -> bytes:
    """The page as a PDF without timestamps."""
    return _Press(page).print()


@cache
def _register() -> None:
    """Make the three typefaces known to ReportLab, once."""
    for name, file in _FACES.items():
        with as_file(files("sample").joinpath(f"fonts/{file}")) as path:
            pdfmetrics.registerFont(TTFont(name, str(path)))


class _Press:
    """Prints one document; `y` is where the next line begins, from the top of the current page."""

    def __init__(self, page: Page) -> None:
        _register()
        self.page = page
        habit = random.Random(f"pdf-{page.seed_of_hand()}")
        self.body_face = habit.choice(("song", "kai", "song", "hei"))
        self.table_face = habit.choice((self.body_face, "song", "kai"))
        self.heading_face = habit.choice(("hei", "hei", self.body_face))
        self.latin = habit.choice(("", "", "Times-Roman", "Helvetica"))
        self.body_size = habit.choice((12.0, 14.0, 16.0))
        self.table_size = habit.choice((8.5, 9.0, 9.5))
        self.filled_rules = habit.random() < 0.35
        self.closes_cuts = habit.random() < 0.5
        self.vertical_stub = habit.random() < 0.6
        self.cuts_rows = habit.random() < 0.4
        self.labels_left = habit.random() < 0.5
        self.boxed_notice = habit.random() < 0.5
        self.numbering = habit.choice(("-{}-", "— {} —", "{}", ""))
        self.rule = habit.choice((0.48, 0.5, 0.75, 1.0))
        self.buffer = io.BytesIO()
        self.canvas = Canvas(self.buffer, pagesize=A4, invariant=1, pageCompression=1)
        self.y = _TOP

    def print(self) -> bytes:
        """All pages."""
        self.canvas.setTitle(self.page.title)
        self.canvas.setAuthor(self.page.publisher)
        self.canvas.setProducer("sample")
        for block in self.page.blocks:
            if isinstance(block, Paragraph):
                self._paragraph(block)
            else:
                self._table(block)
        self._end_page()
        self.canvas.save()
        return self.buffer.getvalue()

    def _end_page(self) -> None:
        if self.numbering:
            text = self.numbering.format(self.canvas.getPageNumber())
            middle = (_PAGE_WIDTH - self._width(text, 10, self.body_face)) / 2
            self._line(text, middle, _PAGE_HEIGHT - 42, 10, self.body_face)
        self.canvas.showPage()
        self.y = _TOP

    def _width(self, text: str, size: float, face: str) -> float:
        return sum(
            size if ord(character) > 0x2E80 else pdfmetrics.stringWidth(character, self._face_of(character, face), size)
            for character in text
        )

    def _measure(self, face: str) -> Width:
        return lambda text, size: self._width(text, size, face)

    def _face_of(self, character: str, face: str) -> str:
        return self.latin if self.latin and ord(character) < 128 else face

    def _line(self, text: str, x: float, y: float, size: float, face: str) -> None:
        """One line of text with its baseline at `y`, changing the face where digits have their own."""
        written = self.canvas.beginText(x, _PAGE_HEIGHT - y)
        start = 0
        for at in range(1, len(text) + 1):
            ends = at == len(text) or self._face_of(text[at], face) != self._face_of(text[start], face)
            if ends:
                written.setFont(self._face_of(text[start], face), size)
                written.textOut(text[start:at])
                start = at
        self.canvas.drawText(written)

    def _paragraph(self, block: Paragraph) -> None:
        size = {"title": 20.0, "fiction": 10.5}.get(block.role, self.body_size)
        face = self.heading_face if block.role in ("title", "heading") else self.body_face
        leading, width = size * 1.6, _RIGHT - _LEFT
        indent = 2 * size if block.role in ("body", "heading", "subheading") else 0
        inner = width - (8 if block.role == "fiction" else 0)
        lines = break_lines(block.text, inner, size, self._measure(face), indent)
        if block.role == "fiction" and self.boxed_notice:
            self._box(len(lines) * leading + 6)
        for number, line in enumerate(lines):
            if self.y + leading > _BOTTOM:
                self._end_page()
            self.y += leading
            room = width - self._width(line, size, face)
            first = indent if number == 0 else 0
            shift = {"title": room / 2, "signature": room, "date": room, "fiction": 4}.get(block.role, first)
            self._line(line, _LEFT + max(shift, 0), self.y - 0.45 * size, size, face)
        self.y += 8 if block.role in ("title", "fiction") else 0

    def _box(self, height: float) -> None:
        """A frame around the next lines."""
        if self.y + height > _BOTTOM:
            self._end_page()
        self._rules([(_LEFT, self.y, _RIGHT, self.y), (_LEFT, self.y + height, _RIGHT, self.y + height)])
        self._rules([(_LEFT, self.y, _LEFT, self.y + height), (_RIGHT, self.y, _RIGHT, self.y + height)])

    def _rules(self, lines: list[tuple[float, float, float, float]]) -> None:
        """Rules from point to point, as stroked lines or as filled rectangles of their thickness."""
        for x1, y1, x2, y2 in lines:
            if self.filled_rules:
                wide, high = max(x2 - x1, self.rule), max(y2 - y1, self.rule)
                self.canvas.rect(x1, _PAGE_HEIGHT - y1 - high, wide, high, stroke=0, fill=1)
            else:
                self.canvas.setLineWidth(self.rule)
                self.canvas.line(x1, _PAGE_HEIGHT - y1, x2, _PAGE_HEIGHT - y2)

    def _table(self, table: Table) -> None:
        edges = column_edges(table, _LEFT, _RIGHT - _LEFT, 24.0 if self.vertical_stub else 52.0)
        setting = set_table(table, edges, self.table_size, self._measure(self.table_face), self.vertical_stub)
        parts = paginate(setting, self.y + 4, _TOP, _BOTTOM, self.cuts_rows)
        for number, (part, printed) in enumerate(zip(parts, shares(setting, parts), strict=True)):
            if number:
                self._end_page()
            self._frame(setting, part)
            for cell, lines, top, bottom in printed:
                self._cell(setting, cell, lines, (top + bottom - len(lines) * setting.leading) / 2)
            self.y = part.tops[-1] + 6

    def _frame(self, setting: Setting, part: Part) -> None:
        """The rules around every cell that has a share in this page, each stroke once."""
        strokes: set[tuple[float, float, float, float]] = set()
        for cell in setting.cells:
            reach = part.reach(cell)
            if reach is None:
                continue
            left, right = setting.edges[cell.column], setting.edges[cell.column + cell.box.col_span]
            top, bottom = reach
            strokes |= {(left, top, left, bottom), (right, top, right, bottom)}
            if self.closes_cuts or top > part.tops[0] or not part.cut_above:
                strokes.add((left, top, right, top))
            if self.closes_cuts or bottom < part.tops[-1] or not part.cut_below:
                strokes.add((left, bottom, right, bottom))
        self._rules(sorted(strokes))

    def _cell(self, setting: Setting, cell: Placed, lines: list[str], y: float) -> None:
        """The lines of a cell from `y` on: labels of rows to the left or centred, everything else centred."""
        left, right = setting.edges[cell.column], setting.edges[cell.column + cell.box.col_span]
        at_left = self.labels_left and cell.box.role == "label" and cell.box.row_span == 1
        for line in lines:
            y += setting.leading
            shift = 2.0 if at_left else (right - left - self._width(line, setting.size, self.table_face)) / 2
            self._line(line, left + max(shift, 1.0), y - 0.3 * setting.size, setting.size, self.table_face)
