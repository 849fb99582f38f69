"""Scans: the printed pages photographed again, as image-only PDF or as one long picture.

Three modes. `clean`: 200 to 300 dots per inch, hardly tilted, light noise, JPEG 80. `degraded`: 150 dots per inch,
tilted up to two degrees, uneven light, noise, JPEG 30. `photocopy`: 200 dots per inch in black and white, specks, rules
that break where the copier was weak. What happens to a page follows from the report's seed alone.
"""

from __future__ import annotations

import io
import zlib
from typing import NamedTuple

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from sample.page import Page
from sample.writers import pdf

Grey = NDArray[np.float32]


class Picture(NamedTuple):
    """A page image as it goes into a PDF: pixels, encoded data and the name of the encoding."""

    width: int
    height: int
    data: bytes
    filter: str
    bits: int


def write(page: Page, form: str) -> bytes:
    """The page as a scan. `form` is a mode, giving an image-only PDF, or `picture`, giving one long JPEG of all pages."""
    rng = np.random.default_rng([page.report.seed, page.report.office.number, page.report.year])
    mode = "clean" if form == "picture" else form
    dots = {"clean": int(rng.choice([200, 240, 300])), "degraded": 150, "photocopy": 200}[mode]
    sheets = [_age(sheet, mode, rng) for sheet in _photograph(pdf.write(page), 144 if form == "picture" else dots)]
    if form == "picture":
        return _encode(Image.fromarray(np.vstack([np.asarray(sheet) for sheet in sheets])), 85)
    return _bind([_picture(sheet, mode) for sheet in sheets], dots)


def _photograph(printed: bytes, dots: int) -> list[Image.Image]:
    """Every page of a PDF in grey at this resolution."""
    document = pdfium.PdfDocument(printed)
    try:
        return [document[number].render(scale=dots / 72, grayscale=True).to_pil() for number in range(len(document))]
    finally:
        document.close()


def _age(sheet: Image.Image, mode: str, rng: np.random.Generator) -> Image.Image:
    """Tilt, blur, light and noise of one sheet."""
    tilt = float(rng.uniform(-2.0, 2.0)) if mode == "degraded" else float(rng.uniform(-0.3, 0.3))
    blur = float(rng.uniform(0.3, 0.6))
    sheet = (
        sheet.convert("L").rotate(tilt, Image.Resampling.BICUBIC, fillcolor=255).filter(ImageFilter.GaussianBlur(blur))
    )
    grey = np.asarray(sheet, dtype=np.float32)
    sigma = {"clean": 3.0, "degraded": 9.0, "photocopy": 14.0}[mode]
    grey = grey + rng.standard_normal(grey.shape, dtype=np.float32) * sigma
    if mode != "clean":
        grey = grey + _light(grey.shape, rng) * (12.0 if mode == "degraded" else 38.0)
    if mode == "photocopy":
        grey = np.where(_specks(grey.shape, rng), 255.0 - grey, grey)
        black = grey < 150.0
        black &= ~_gaps(black, rng) & ~_gaps(black.T, rng).T
        return Image.fromarray(np.where(black, 0, 255).astype(np.uint8))
    return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))


def _light(shape: tuple[int, ...], rng: np.random.Generator) -> Grey:
    """A smooth field around 0: where it is high, thin strokes fade."""
    coarse = rng.standard_normal((shape[0] // 60 + 2, shape[1] // 60 + 2), dtype=np.float32)
    field = Image.fromarray(coarse).resize((shape[1], shape[0]), Image.Resampling.BICUBIC)
    return np.asarray(field, dtype=np.float32)


def _gaps(black: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.bool_]:
    """Where horizontal rules break: stretches of eight pixels, one in forty, of whatever is black for 60 in a row."""
    height, width = black.shape
    sums = np.cumsum(black, axis=1, dtype=np.int32)
    rule = np.zeros_like(black)
    rule[:, 30 : width - 30] = sums[:, 60:] - sums[:, :-60] >= 56
    weak = rng.random((height // 8 + 1, width // 8 + 1)) < 1 / 40
    return rule & np.kron(weak, np.ones((8, 8), dtype=bool))[:height, :width]


def _specks(shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.bool_]:
    """Pixels that the copier got wrong, a few in ten thousand."""
    return rng.random(shape, dtype=np.float32) < 0.0004


def _encode(sheet: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    sheet.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def _picture(sheet: Image.Image, mode: str) -> Picture:
    """Encode one sheet: JPEG, or packed bits where it is black and white."""
    if mode == "photocopy":
        bits = np.packbits(np.asarray(sheet) > 127, axis=1)
        return Picture(sheet.width, sheet.height, zlib.compress(bits.tobytes(), 6), "FlateDecode", 1)
    return Picture(sheet.width, sheet.height, _encode(sheet, 80 if mode == "clean" else 30), "DCTDecode", 8)


def _bind(pictures: list[Picture], dots: int) -> bytes:
    """A PDF that holds one picture a page and nothing else."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{3 + 3 * number} 0 R" for number in range(len(pictures)))
    objects.append(f"<< /Type /Pages /Count {len(pictures)} /Kids [{kids}] >>".encode())
    for number, picture in enumerate(pictures):
        wide, high = picture.width * 72 / dots, picture.height * 72 / dots
        first = 3 + 3 * number
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {wide:.2f} {high:.2f}] /Contents {first + 1} 0 R "
            f"/Resources << /XObject << /Im0 {first + 2} 0 R >> >> >>".encode()
        )
        objects.append(_stream("", f"q {wide:.2f} 0 0 {high:.2f} 0 0 cm /Im0 Do Q".encode()))
        told = (
            f"/Type /XObject /Subtype /Image /Width {picture.width} /Height {picture.height} /ColorSpace /DeviceGray "
            f"/BitsPerComponent {picture.bits} /Filter /{picture.filter}"
        )
        objects.append(_stream(told, picture.data))
    return _file(objects)


def _stream(told: str, data: bytes) -> bytes:
    return f"<< {told} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def _file(objects: list[bytes]) -> bytes:
    """Number the objects and add the cross-reference table."""
    written = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start = len(written)
    written += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    written += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    written += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(written)
