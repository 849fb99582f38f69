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

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from sample.page import Page, Paragraph
from sample.tables import Table
from sample.writers import paper
from sample.writers.paper import Setup
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
_SLASHES = frozenset({"/", "／"})
_SEAL = (0.82, 0.12, 0.14)


def write(page: Page, setup: Setup | None = None) -> bytes:
    """The page as a PDF without timestamps; `setup` is how it is set, by default as its office always does."""
    return _Press(page, setup or paper.of_office(page.seed_of_hand())).print()


@cache
def _register() -> None:
    """Make the three typefaces known to ReportLab, once."""
    for name, file in _FACES.items():
        with as_file(files("sample").joinpath(f"fonts/{file}")) as path:
            pdfmetrics.registerFont(TTFont(name, str(path)))


class _Press:
    """Prints one document; `y` is where the next line begins, from the top of the current page."""

    def __init__(self, page: Page, setup: Setup) -> None:
        _register()
        self.page = page
        self.setup = setup
        self.right, self.bottom = setup.width - setup.right, setup.height - setup.bottom
        self.hand = random.Random(f"strokes-{page.report.draw}")
        self.buffer = io.BytesIO()
        self.canvas = Canvas(self.buffer, pagesize=(setup.width, setup.height), invariant=1, pageCompression=1)
        self.y = setup.top

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
        if self.setup.seal:
            self._seal()
        self._end_page()
        self.canvas.save()
        return self.buffer.getvalue()

    def _end_page(self) -> None:
        if self.setup.numbering:
            text = self.setup.numbering.format(self.canvas.getPageNumber())
            middle = (self.setup.width - self._width(text, 10, self.setup.body_face)) / 2
            self._line(text, middle, self.setup.height - 42, 10, self.setup.body_face)
        self.canvas.showPage()
        self.y = self.setup.top

    def _width(self, text: str, size: float, face: str) -> float:
        return sum(size if ord(character) > 0x2E80 else self._narrow(character, size, face) for character in text)

    def _narrow(self, character: str, size: float, face: str) -> float:
        return pdfmetrics.stringWidth(character, self._face_of(character, face), size) * self.setup.lean

    def _measure(self, face: str) -> Width:
        return lambda text, size: self._width(text, size, face)

    def _face_of(self, character: str, face: str) -> str:
        return self.setup.latin if self.setup.latin and ord(character) < 128 else face

    def _style_of(self, character: str, face: str) -> tuple[str, float]:
        """Typeface and width of a character in percent."""
        return self._face_of(character, face), 100 * (self.setup.lean if ord(character) < 0x2E80 else 1)

    def _line(self, text: str, x: float, y: float, size: float, face: str) -> None:
        """One line of text with its baseline at `y`, changing the face where digits have their own."""
        written = self.canvas.beginText(x, self.setup.height - y)
        start = 0
        for at in range(1, len(text) + 1):
            ends = at == len(text) or self._style_of(text[at], face) != self._style_of(text[start], face)
            if ends:
                name, width = self._style_of(text[start], face)
                written.setFont(name, size)
                if self.setup.lean != 1:
                    written.setHorizScale(width)
                written.textOut(text[start:at])
                start = at
        self.canvas.drawText(written)

    def _paragraph(self, block: Paragraph) -> None:
        setup = self.setup
        size = {"title": 20.0, "fiction": 10.5}.get(block.role, setup.body_size)
        face = setup.heading_face if block.role in ("title", "heading") else setup.body_face
        leading, width = size * 1.6, self.right - setup.left
        indent = 2 * size if block.role in ("body", "heading", "subheading") else 0
        inner = width - (8 if block.role == "fiction" else 0)
        lines = break_lines(block.text, inner, size, self._measure(face), indent)
        if block.role == "fiction" and setup.boxed_notice:
            self._box(len(lines) * leading + 6)
        for number, line in enumerate(lines):
            if self.y + leading > self.bottom:
                self._end_page()
            self.y += leading
            room = width - self._width(line, size, face)
            first = indent if number == 0 else 0
            shift = {"title": room / 2, "signature": room, "date": room, "fiction": 4}.get(block.role, first)
            self._line(line, setup.left + max(shift, 0), self.y - 0.45 * size, size, face)
        self.y += 8 if block.role in ("title", "fiction") else 0

    def _box(self, height: float) -> None:
        """A frame around the next lines."""
        if self.y + height > self.bottom:
            self._end_page()
        left, right, top, end = self.setup.left, self.right, self.y, self.y + height
        self._rules([(left, top, right, top), (left, end, right, end)], self.setup.rule)
        self._rules([(left, top, left, end), (right, top, right, end)], self.setup.rule)

    def _rules(self, lines: list[tuple[float, float, float, float]], thickness: float) -> None:
        """Rules from point to point, as stroked lines or as filled rectangles of their thickness."""
        if self.setup.rule_grey:
            self.canvas.setStrokeGray(self.setup.rule_grey)
            self.canvas.setFillGray(self.setup.rule_grey)
        for x1, y1, x2, y2 in lines:
            if self.setup.filled_rules:
                wide, high = max(x2 - x1, thickness), max(y2 - y1, thickness)
                self.canvas.rect(x1, self.setup.height - y1 - high, wide, high, stroke=0, fill=1)
            else:
                self.canvas.setLineWidth(thickness)
                self.canvas.line(x1, self.setup.height - y1, x2, self.setup.height - y2)
        if self.setup.rule_grey:
            self.canvas.setFillGray(0)

    def _table(self, table: Table) -> None:
        setup = self.setup
        edges = column_edges(table, setup.left, self.right - setup.left, 24.0 if setup.vertical_stub else 52.0)
        measure = self._measure(setup.table_face)
        setting = set_table(table, edges, setup.table_size, measure, setup.vertical_stub, setup.air)
        parts = paginate(setting, self.y + 4, setup.top, self.bottom, setup.cuts_rows)
        for number, (part, printed) in enumerate(zip(parts, shares(setting, parts), strict=True)):
            if number:
                self._end_page()
            if setup.shade < 1:
                self._shade(setting, part)
            self._frame(setting, part)
            for cell, lines, top, bottom in printed:
                self._cell(setting, cell, lines, (top + bottom - len(lines) * setting.leading) / 2)
            self.y = part.tops[-1] + 6

    def _shade(self, setting: Setting, part: Part) -> None:
        """A grey ground under the head cells."""
        self.canvas.setFillGray(self.setup.shade)
        for cell in setting.cells:
            if cell.box.role == "head" and (reach := part.reach(cell)) is not None:
                left, right = setting.edges[cell.column], setting.edges[cell.column + cell.box.col_span]
                self.canvas.rect(
                    left, self.setup.height - reach[1], right - left, reach[1] - reach[0], stroke=0, fill=1
                )
        self.canvas.setFillGray(0)

    def _frame(self, setting: Setting, part: Part) -> None:
        """The rules around every cell that has a share in this page, each stroke once."""
        strokes: set[tuple[float, float, float, float]] = set()
        setup = self.setup
        for cell in setting.cells:
            reach = part.reach(cell)
            if reach is None:
                continue
            left, right = setting.edges[cell.column], setting.edges[cell.column + cell.box.col_span]
            top, bottom = reach
            strokes |= {(left, top, left, bottom), (right, top, right, bottom)}
            if setup.closes_cuts or top > part.tops[0] or not part.cut_above:
                strokes.add((left, top, right, top))
            if setup.closes_cuts or bottom < part.tops[-1] or not part.cut_below:
                strokes.add((left, bottom, right, bottom))
        ends = setting.edges[0], setting.edges[-1]
        frame = [one for one in sorted(strokes) if one[0] == one[2] and one[0] in ends]
        self._rules([one for one in sorted(strokes) if one not in frame or setup.outer == setup.rule], setup.rule)
        if setup.outer != setup.rule:
            self._rules(frame, setup.outer)

    def _cell(self, setting: Setting, cell: Placed, lines: list[str], y: float) -> None:
        """The lines of a cell from `y` on: labels of rows to the left or centred, everything else centred."""
        setup = self.setup
        left, right = setting.edges[cell.column], setting.edges[cell.column + cell.box.col_span]
        at_left = setup.labels_left and cell.box.role == "label" and cell.box.row_span == 1
        place = setup.values if cell.box.role == "value" else "left" if at_left else "centre"
        for line in lines:
            y += setting.leading
            if setup.stroke and cell.box.role == "value" and line in _SLASHES:
                self._stroke((left + right) / 2, y - setting.leading / 2, setting.size * setup.stroke)
                continue
            room = right - left - self._width(line, setting.size, setup.table_face)
            shift = {"left": 2.0, "right": room - 2.0}.get(place, room / 2)
            self._line(line, left + max(shift, 1.0), y - 0.3 * setting.size, setting.size, setup.table_face)

    def _stroke(self, x: float, y: float, tall: float) -> None:
        """A slash drawn with a pen, leaning as the hand happens to."""
        wide, bend = tall * self.hand.uniform(0.35, 0.9), tall * self.hand.uniform(-0.06, 0.06)
        base = self.setup.height - y
        self.canvas.setStrokeGray(0.1)
        self.canvas.setLineWidth(self.hand.uniform(0.7, 1.3))
        self.canvas.bezier(
            *(x - wide / 2, base - tall / 2, x - wide / 6 + bend, base - tall / 6),
            *(x + wide / 6 + bend, base + tall / 6, x + wide / 2, base + tall / 2),
        )
        self.canvas.setStrokeGray(0)

    def _seal(self) -> None:
        """A red round seal over the signature, reaching into whatever stands above it."""
        x, y = self.right - self.hand.uniform(50, 90), self.setup.height - self.y + self.hand.uniform(15, 45)
        self.canvas.setStrokeColorRGB(*_SEAL)
        self.canvas.setFillColorRGB(*_SEAL)
        self.canvas.setLineWidth(2.2)
        self.canvas.circle(x, y, 58, stroke=1, fill=0)
        self.canvas.setFont("hei", 11)
        self.canvas.drawCentredString(x, y - 30, "虚构样例专用章")
        self.canvas.setFont("hei", 30)
        self.canvas.drawCentredString(x, y - 8, "★")
        self.canvas.setStrokeGray(0)
        self.canvas.setFillGray(0)
