"""Drawing tables and prose into PDFs, in every manner seen in published reports."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONT_FILE = Path(__file__).parents[1] / "src" / "compare" / "fonts" / "NotoSansSC-Regular.ttf"
pdfmetrics.registerFont(TTFont("song", str(FONT_FILE)))

Merged = tuple[int, int, int, int, str]  # row, column, rows, columns, text
Canvasser = Callable[[Canvas], None]
PORTRAIT = (595.0, 842.0)
STUB = "三、本年度办理结果"
APPLICATIONS: list[Merged] = [
    (0, 0, 1, 3, "（本列数据的勾稽关系）"), (0, 3, 1, 1, "自然人"), (0, 4, 1, 1, "总计"),
    (1, 0, 1, 3, "一、本年新收申请数量"), (1, 3, 1, 1, "21"), (1, 4, 1, 1, "0"),
    (2, 0, 4, 1, STUB), (2, 1, 1, 2, "（一）予以公开"), (2, 3, 1, 1, "7730.28"), (2, 4, 1, 1, ""),
    (3, 1, 2, 1, "（三）不予公开"), (3, 2, 1, 1, "1.属于国家秘密"), (3, 3, 1, 1, "-8"), (3, 4, 1, 1, "/"),
    (4, 2, 1, 1, "2.其他"), (4, 3, 1, 1, "4119"), (4, 4, 1, 1, "3"),
    (5, 1, 1, 2, "（七）总计"), (5, 3, 1, 1, "1,234"), (5, 4, 1, 1, "—"),
]  # fmt: skip
COLUMNS = [80.0, 100, 200, 320, 400, 470]
ROWS = [100.0, 130, 150, 190, 220, 250, 290]


def drawn(*pages: Canvasser, size: tuple[float, float] = PORTRAIT, plain: bool = False, **options: object) -> bytes:
    """A PDF of the given pages. `plain` leaves the content streams uncompressed."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size, pageCompression=0 if plain else 1, **options)  # type: ignore[arg-type]
    for page in pages:
        canvas.setFont("song", 10)
        page(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def edges(cells: list[Merged], xs: list[float], ys: list[float]) -> list[tuple[float, float, float, float]]:
    """Every edge of every cell, once, from the top left corner of the page: x, y, x, y."""
    found = set()
    for row, col, rows, cols, _ in cells:
        for r in (row, row + rows):
            found |= {(xs[c], ys[r], xs[c + 1], ys[r]) for c in range(col, col + cols)}
        for c in (col, col + cols):
            found |= {(xs[c], ys[r], xs[c], ys[r + 1]) for r in range(row, row + rows)}
    return sorted(found)


def strokes(canvas: Canvas, lines: list[tuple[float, float, float, float]], height: float) -> None:
    canvas.setLineWidth(0.5)
    for x0, y0, x1, y1 in lines:
        canvas.line(x0, height - y0, x1, height - y1)


def thin_boxes(canvas: Canvas, lines: list[tuple[float, float, float, float]], height: float) -> None:
    for x0, y0, x1, y1 in lines:
        canvas.rect(x0, height - y1, (x1 - x0) or 0.48, (y1 - y0) or 0.48, stroke=0, fill=1)


def dashes(canvas: Canvas, lines: list[tuple[float, float, float, float]], height: float) -> None:
    canvas.setDash(3, 2)
    strokes(canvas, lines, height)
    canvas.setDash()


def dots(canvas: Canvas, lines: list[tuple[float, float, float, float]], height: float) -> None:
    for x0, y0, x1, y1 in lines:
        count = max(1, int((x1 - x0 + y1 - y0) / 2))
        for step in range(count):
            x, y = x0 + (x1 - x0) * step / count, y0 + (y1 - y0) * step / count
            canvas.rect(x, height - y, 0.7, 0.7, stroke=0, fill=1)


def doubles(canvas: Canvas, lines: list[tuple[float, float, float, float]], height: float) -> None:
    for shift in (-0.9, 0.9):
        strokes(canvas, [(x0 + shift, y0 + shift, x1 + shift, y1 + shift) for x0, y0, x1, y1 in lines], height)


def one_path(canvas: Canvas, lines: list[tuple[float, float, float, float]], height: float) -> None:
    path = canvas.beginPath()
    for x0, y0, x1, y1 in lines:
        path.moveTo(x0, height - y0)
        path.lineTo(x1, height - y1)
    canvas.drawPath(path, stroke=1, fill=0)


def moved_path(canvas: Canvas, lines: list[tuple[float, float, float, float]], height: float) -> None:
    canvas.saveState()
    canvas.translate(50, -20)
    canvas.scale(0.5, 2)
    one_path(canvas, [((x0 - 50) * 2, y0 / 2, (x1 - 50) * 2, y1 / 2) for x0, y0, x1, y1 in lines], (height + 20) / 2)
    canvas.restoreState()


def nested_forms(canvas: Canvas, lines: list[tuple[float, float, float, float]], height: float) -> None:
    name = f"rules{len(lines)}"
    canvas.beginForm(name)
    strokes(canvas, [(x0 - 30, y0 - 40, x1 - 30, y1 - 40) for x0, y0, x1, y1 in lines], height)
    canvas.endForm()
    canvas.beginForm(name + "outer")
    canvas.translate(10, -15)
    canvas.doForm(name)
    canvas.endForm()
    canvas.saveState()
    canvas.translate(20, -25)
    canvas.doForm(name + "outer")
    canvas.restoreState()


STYLES = [strokes, thin_boxes, dashes, dots, doubles, one_path, moved_path, nested_forms]


def letter(
    canvas: Canvas, cells: list[Merged], xs: list[float], ys: list[float], height: float, size: float = 9
) -> None:
    """Write the cells, wrapped to their width."""
    for row, col, rows, cols, text in cells:
        left, top, right, bottom = xs[col], ys[row], xs[col + cols], ys[row + rows]
        fits = max(1, int((right - left - 4) / size))
        numeric = text.isascii()
        lines = [text] if numeric else [text[at : at + fits] for at in range(0, len(text), fits)]
        first = (top + bottom) / 2 - (len(lines) - 1) * (size + 1) / 2 + size * 0.35
        canvas.setFont("song", size)
        for number, line in enumerate(lines):
            canvas.drawString(left + 3, height - first - number * (size + 1), line)


def table(
    cells: list[Merged] = APPLICATIONS,
    xs: list[float] = COLUMNS,
    ys: list[float] = ROWS,
    style: Callable[..., None] = strokes,
    height: float = PORTRAIT[1],
) -> Canvasser:
    def draw(canvas: Canvas) -> None:
        style(canvas, edges(cells, xs, ys), height)
        letter(canvas, cells, xs, ys, height)

    return draw


def prose(*lines: tuple[float, float, float, str], height: float = PORTRAIT[1]) -> Canvasser:
    """Lines of text, each with x, y (from the top, of its baseline) and size."""

    def draw(canvas: Canvas) -> None:
        for x, y, size, text in lines:
            canvas.setFont("song", size)
            canvas.drawString(x, height - y, text)

    return draw


def both(*parts: Canvasser) -> Canvasser:
    def draw(canvas: Canvas) -> None:
        for part in parts:
            part(canvas)

    return draw
