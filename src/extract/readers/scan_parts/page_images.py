"""From the bytes of a PDF or an image file to grey page images, within bounds.

A PDF page that is one embedded picture gives that picture itself (no resampling); any other page is rendered.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import NamedTuple

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image, ImageOps

from extract.document import Unreadable

MAX_PAGES = 100
MAX_PIXELS = 100_000_000
LOWEST_RENDER_DPI, HIGHEST_RENDER_DPI = 200.0, 300.0
LOWEST_PICTURE_DPI = 90.0  # an embedded picture coarser than this is rendered with the rest of its page
POINTS_PER_INCH = 72.0
A4_SHORT_SIDE_INCHES = 8.27
A4_HEIGHT = 1.414  # of its width
TALLEST_PAGE = 2.2  # of its width: a taller picture holds several pages
COLOURED = 70  # of 255, between the lightest and the darkest channel
BLANK_ABOVE, BLANK_INCHES = 0.6, 0.08

GrayImage = np.ndarray  # (height, width) uint8, 0 is black


class PageImage(NamedTuple):
    """One page as pixels. `gray` is uint8 (height, width); `units_per_pixel` turns its pixels into the document's units.

    The document's units are PDF points for a PDF and pixels of the image itself for an image file (`units_per_pixel` is then 1).
    `dpi` is pixels per inch of paper, told by the file or taken from an A4 page's width; `top` the first pixel row of a piece of a page;
    `turns` how many quarters, against the clock, the picture was turned from how the page shows it.
    """

    number: int
    gray: GrayImage
    dpi: float
    units_per_pixel: tuple[float, float]
    top: int = 0
    turns: int = 0

    def turned(self, turns: int) -> PageImage:
        """The page turned by so many quarters against the clock; `place` still finds its own pixels."""
        turned = np.ascontiguousarray(np.rot90(self.gray, turns - self.turns))
        return self._replace(gray=turned, turns=turns % 4)

    def place(self, corners: np.ndarray) -> np.ndarray:
        """Points of the picture as it lies here, float (n, 2), as points of the page in the document's units."""
        high, wide = self.gray.shape
        x, y = corners[:, 0], corners[:, 1]
        x, y = ((x, y), (high - y, x), (wide - x, high - y), (y, wide - x))[self.turns]
        return np.stack([x * self.units_per_pixel[0], (y + self.top) * self.units_per_pixel[1]], axis=1)


def is_pdf(data: bytes) -> bool:
    """Whether the bytes begin as a PDF does (the mark may stand within the first kilobyte)."""
    return b"%PDF-" in data[:1024]


def page_count(data: bytes) -> int:
    """How many pages or frames the file has. Raises `Unreadable` for a file that cannot be opened."""
    if is_pdf(data):
        document = open_pdf(data)
        try:
            return len(document)
        finally:
            document.close()
    with open_image(data) as image:
        return int(getattr(image, "n_frames", 1))


def pages(data: bytes, only: Collection[int] | None = None) -> Iterator[PageImage]:
    """The first `MAX_PAGES` pages (of a PDF those of `only`, counted from 1), one at a time.

    Raises `Unreadable` for broken files and for pages of too many pixels.
    """
    yield from (pdf_pages(data, only) if is_pdf(data) else image_frames(data))


def open_pdf(data: bytes) -> pdfium.PdfDocument:
    """The opened PDF. Raises `Unreadable` where PDFium cannot open it (broken, or closed by a password)."""
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise Unreadable(f"The PDF cannot be opened ({error}). It may be cut off or closed by a password.") from error


def open_image(data: bytes) -> Image.Image:
    """The opened image, not yet decoded. Raises `Unreadable` for unknown or broken bytes and for too many pixels."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data))
    except Exception as error:  # Pillow's plugins raise many kinds for hostile bytes
        raise Unreadable(
            f"The image cannot be opened ({type(error).__name__}). It may be cut off or of an unknown kind."
        ) from error
    refuse_too_many_pixels(image.width, image.height)
    return image


def refuse_too_many_pixels(width: float, height: float) -> None:
    """Raise `Unreadable` for a page of more than `MAX_PIXELS`."""
    if width * height > MAX_PIXELS:
        raise Unreadable(f"A page of {width:.0f} × {height:.0f} pixels is more than is read; save it at 300 dpi.")


def image_frames(data: bytes) -> Iterator[PageImage]:
    """The frames of an image file (pages of a TIFF; of a GIF or WebP only the first) as upright grey images."""
    image = open_image(data)
    frames = min(int(getattr(image, "n_frames", 1)), MAX_PAGES) if image.format == "TIFF" else 1
    for index in range(frames):
        try:
            image.seek(index)
            refuse_too_many_pixels(image.width, image.height)
            told = image.info.get("dpi", (0, 0))
            gray = gray_of(ImageOps.exif_transpose(image))
        except Unreadable:
            raise
        except Exception as error:
            raise Unreadable(f"Page {index + 1} of the image cannot be decoded ({type(error).__name__}).") from error
        yield PageImage(index + 1, gray, paper_dpi(gray, told), (1.0, 1.0))


def pieces(page: PageImage) -> Iterator[PageImage]:
    """A page as it is, or a picture of several pages one below the other cut where nothing stands between them."""
    height, width = page.gray.shape
    if height <= TALLEST_PAGE * width:
        yield page
        return
    blank = page.gray.min(axis=1) > page.gray.max() * BLANK_ABOVE
    start, least = 0, BLANK_INCHES * page.dpi
    while height - start > TALLEST_PAGE * width:
        low, high = start + round(0.7 * A4_HEIGHT * width), start + round(1.3 * A4_HEIGHT * width)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], blank[low:high].astype(np.int8), [0]])))
        gaps = [(int(end - first), int(first + end) // 2) for first, end in zip(edges[::2], edges[1::2], strict=True)]
        longest, middle = max(gaps, default=(0, 0))
        cut = low + middle if longest >= least else min(start + round(TALLEST_PAGE * width), height)
        yield page._replace(gray=page.gray[start:cut], top=start)
        start = cut
    yield page._replace(gray=page.gray[start:], top=start)


def gray_of(image: Image.Image) -> GrayImage:
    """A Pillow image as uint8 grey (height, width); transparency becomes paper, 16-bit greys are scaled down, and seals in
    colour count by their lightest channel, so that black under red stays to be seen."""
    if image.mode in ("I;16", "I;16B", "I;16L", "I"):
        return np.clip(np.asarray(image, dtype=np.float32) / 257.0, 0, 255).astype(np.uint8)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layers = image.convert("RGBA")
        paper = Image.new("RGBA", layers.size, "white")
        image = Image.alpha_composite(paper, layers)
    if image.mode not in ("RGB", "YCbCr", "CMYK", "P"):
        return np.asarray(image.convert("L"), dtype=np.uint8)
    colours = np.asarray(image.convert("RGB"))
    lightest = colours.max(axis=2)
    paler = np.minimum(lightest.astype(np.uint16) * 5 // 4, 255).astype(np.uint8)
    return np.where(lightest - colours.min(axis=2) > COLOURED, paler, np.asarray(image.convert("L")))


def paper_dpi(gray: GrayImage, told: tuple[float, float]) -> float:
    """Pixels per inch: what the file tells where the page is then 5 to 17 inches wide, else as if it were an A4 page."""
    short_side = min(gray.shape)
    with suppress(TypeError, ValueError, IndexError, ZeroDivisionError):
        dpi = float(told[0])
        if 72 < dpi <= 1200 and 5 <= short_side / dpi <= 17:
            return dpi
    return max(short_side / A4_SHORT_SIDE_INCHES, 40.0)


def pdf_pages(data: bytes, only: Collection[int] | None = None) -> Iterator[PageImage]:
    """The pages of a PDF as grey images, `units_per_pixel` in PDF points."""
    document = open_pdf(data)
    try:
        for index in range(min(len(document), MAX_PAGES)):
            if only is not None and index + 1 not in only:
                continue
            try:
                page = document[index]
                yield embedded_picture(page, index + 1) or rendered(page, index + 1)
            except (pdfium.PdfiumError, ValueError, MemoryError) as error:
                raise Unreadable(f"Page {index + 1} of the PDF cannot be drawn ({error}).") from error
    finally:
        document.close()


def embedded_picture(page: pdfium.PdfPage, number: int) -> PageImage | None:
    """The picture of a page that is exactly one picture over the whole page, upright; None for every other page."""
    if pdfium_c.FPDFPage_CountObjects(page.raw) != 1:
        return None
    picture = next(page.get_objects(max_depth=1), None)
    if not isinstance(picture, pdfium.PdfImage):
        return None
    a, b, c, d, _, _ = picture.get_matrix().get()
    quarters = page.get_rotation() // 90
    width, height = page.get_size()[:: -1 if quarters % 2 else 1]
    if abs(b) > 0.5 or abs(c) > 0.5 or a < 0.97 * width or d < 0.97 * height or a > 1.03 * width or d > 1.03 * height:
        return None
    pixels_wide, pixels_high = picture.get_px_size()
    if pixels_wide / width * POINTS_PER_INCH < LOWEST_PICTURE_DPI:
        return None
    refuse_too_many_pixels(pixels_wide, pixels_high)
    gray = gray_of(picture.get_bitmap(render=False).to_pil())
    if gray.shape != (pixels_high, pixels_wide):
        return None
    gray = np.ascontiguousarray(np.rot90(gray, -quarters))
    units = (width / pixels_wide, height / pixels_high)
    return PageImage(number, gray, pixels_wide / width * POINTS_PER_INCH, units[:: -1 if quarters % 2 else 1])


def rendered(page: pdfium.PdfPage, number: int) -> PageImage:
    """The page drawn at the resolution of its pictures, within 200 and 300 dpi."""
    width, height = page.get_size()
    dpi = min(max([LOWEST_RENDER_DPI, *picture_dpis(page)]), HIGHEST_RENDER_DPI)
    scale = dpi / POINTS_PER_INCH
    refuse_too_many_pixels(width * scale, height * scale)
    gray = gray_of(page.render(scale=scale).to_pil())
    return PageImage(number, gray, dpi, (width / gray.shape[1], height / gray.shape[0]))


def picture_dpis(page: pdfium.PdfPage) -> Iterator[float]:
    """Pixels per inch of the larger pictures of a page."""
    for picture in page.get_objects(filter=(pdfium_c.FPDF_PAGEOBJ_IMAGE,), max_depth=2):
        a, b, c, d, _, _ = picture.get_matrix().get()
        width, height = max(abs(a), abs(b)), max(abs(c), abs(d))
        if width * height > 10_000:  # square points: smaller ones are seals and emblems
            yield picture.get_px_size()[0] / width * POINTS_PER_INCH
