"""The page of an original as a picture, cropped around a table, with cells boxed."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import Any, NamedTuple

Box = tuple[float, float, float, float]  # left, top, right, bottom, in the units of the page

POINTS_TO_PIXELS = 2.0  # 144 dpi: small print stays readable
WIDEST = 1240
MOST_PIXELS = 60_000_000
MARGIN = 12.0
TALLEST = 0.8  # of the crop's width; a longer table is cut to a window around the cell, its header set above
MARKED, OTHER, PAPER = (185, 60, 0), (11, 83, 148), (255, 255, 255)
COLOURS = 24
PLAINLY = 3.0  # times more of the way lies along one side of the page than along the other


class CannotShowError(Exception):
    """The original is there, but its page cannot be shown. The message says why."""


class Crop(NamedTuple):
    """A finished picture: PNG bytes and its size in pixels."""

    png: bytes
    width: int
    height: int


def page_picture(path: Path, page: int) -> tuple[Any, float]:
    """A page of a PDF (as displayed) or of an image file, as an RGB Pillow image and pixels per unit of its boxes.

    Raises CannotShowError for a file that cannot be opened, a page that is not there, or too many pixels.
    """
    try:
        head = path.read_bytes()[:1024]
        return pdf_page(path, page) if b"%PDF" in head else image_frame(path, page)
    except CannotShowError:
        raise
    except Exception as error:  # PDFium and Pillow's plugins raise many kinds for damaged files
        raise CannotShowError(f"{path.name}, page {page}: {type(error).__name__}") from error


def pdf_page(path: Path, page: int) -> tuple[Any, float]:
    """One page drawn by PDFium."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        if not 1 <= page <= len(document):
            raise CannotShowError(f"{path.name} has no page {page}")
        sheet = document[page - 1]
        width, height = sheet.get_size()
        if width * height * POINTS_TO_PIXELS**2 > MOST_PIXELS:
            raise CannotShowError(f"{path.name}, page {page}: too large to be drawn")
        return sheet.render(scale=POINTS_TO_PIXELS).to_pil().convert("RGB"), POINTS_TO_PIXELS
    finally:
        document.close()


def image_frame(path: Path, page: int) -> tuple[Any, float]:
    """One frame of an image file, upright."""
    from PIL import Image, ImageOps

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        image = Image.open(path)
    if image.width * image.height > MOST_PIXELS * 4:
        raise CannotShowError(f"{path.name}: too large to be drawn")
    if page > 1:
        image.seek(page - 1)
    return ImageOps.exif_transpose(image).convert("RGB"), 1.0


def boxed_crop(picture: Any, scale: float, area: Box, marked: list[Box], others: list[Box], header: Box | None) -> Crop:
    """Cut `area` (a table with a little margin) out of the page and box the cells; `header`, where the cut loses it,
    stands above. Boxes are in page units."""
    from PIL import Image, ImageDraw

    drawn = picture.copy()
    paint = ImageDraw.Draw(drawn, "RGBA")
    line = max(2, round(picture.width / 420))
    for boxes, colour, tint in ((others, OTHER, 0), (marked, MARKED, 46)):
        for box in boxes:
            edge = grown(scaled(box, scale), line / 2)
            paint.rectangle(edge, outline=(*colour, 255), width=line, fill=(255, 210, 60, tint))
    margin = MARGIN * (scale if scale > 1 else picture.width / 600)
    outer = within(grown(scaled(area, scale), margin), drawn.size)
    focus = around([scaled(box, scale) for box in marked])
    window = narrowed(outer, focus, TALLEST * (outer[2] - outer[0]))
    parts = [drawn.crop(tuple(round(edge) for edge in window))]
    if header is not None and window[1] > scaled(header, scale)[3]:
        strip = within(grown(scaled(header, scale), line), drawn.size)
        parts.insert(0, drawn.crop(tuple(round(e) for e in (outer[0], strip[1], outer[2], strip[3]))))
    height = sum(part.height for part in parts) + 8 * (len(parts) - 1)
    sheet = Image.new("RGB", (parts[-1].width, height), (217, 222, 228))
    at = 0
    for part in parts:
        sheet.paste(part, (0, at))
        at += part.height + 8
    if sheet.width > WIDEST:
        sheet = sheet.resize((WIDEST, max(1, round(sheet.height * WIDEST / sheet.width))), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    sheet.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return Crop(out.getvalue(), sheet.width, sheet.height)


def quarters(cells: list[tuple[int, Box]]) -> int:
    """By how many quarters, counter-clockwise, a page must be turned so that a table's columns follow each other from
    left to right; 0 where its cells (column and box) do not plainly tell."""
    if len({column for column, _ in cells}) < 2:
        return 0
    middle = sum(column for column, _ in cells) / len(cells)
    across = sum((column - middle) * (box[0] + box[2]) for column, box in cells)
    down = sum((column - middle) * (box[1] + box[3]) for column, box in cells)
    if abs(across) >= abs(down):
        return 2 if across < 0 and -across > PLAINLY * abs(down) else 0
    if abs(down) < PLAINLY * abs(across):
        return 0
    return 1 if down > 0 else 3


def turned(box: Box, size: tuple[float, float], by: int) -> Box:
    """A box on a page of this size (width, height) after so many quarters counter-clockwise."""
    for _ in range(by):
        box, size = (box[1], size[0] - box[2], box[3], size[0] - box[0]), (size[1], size[0])
    return box


def scaled(box: Box, scale: float) -> Box:
    """A box in pixels."""
    return box[0] * scale, box[1] * scale, box[2] * scale, box[3] * scale


def grown(box: Box, by: float) -> Box:
    """A box with room around it."""
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def within(box: Box, size: tuple[int, int]) -> Box:
    """A box held on the page; the whole page where nothing would be left."""
    held = max(box[0], 0), max(box[1], 0), min(box[2], size[0]), min(box[3], size[1])
    return held if held[2] - held[0] >= 1 and held[3] - held[1] >= 1 else (0, 0, size[0], size[1])


def around(boxes: list[Box]) -> Box:
    """The box around several."""
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


def narrowed(outer: Box, focus: Box, tallest: float) -> Box:
    """`outer` cut to at most `tallest`, with `focus` in its middle; never less than `focus` itself."""
    height = max(tallest, focus[3] - focus[1] + 40)
    if outer[3] - outer[1] <= height:
        return outer
    middle = min(max((focus[1] + focus[3]) / 2, outer[1] + height / 2), outer[3] - height / 2)
    return outer[0], middle - height / 2, outer[2], middle + height / 2
