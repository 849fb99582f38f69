"""Pictures of sheets bound into one file: a PDF of JPEG, packed or fax-coded pictures, a TIFF of several pages."""

from __future__ import annotations

import io
import zlib
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from PIL import Image, TiffImagePlugin

STRIPS = 3  # pictures a page, where software cuts a page into strips


class Picture(NamedTuple):
    """A picture as it goes into a PDF: pixels, encoded data and what its dictionary says of the coding."""

    width: int
    height: int
    data: bytes
    told: str


def encode(sheet: Image.Image, coding: str, quality: int = 80) -> Picture:
    """A sheet as a picture. `coding` is jpeg, packed (lossless grey, or bits where it is black and white) or fax."""
    if coding == "fax":
        return Picture(*sheet.size, *_fax(sheet))
    if coding == "jpeg":
        space = "DeviceGray" if sheet.mode == "L" else "DeviceRGB"
        told = f"/ColorSpace /{space} /BitsPerComponent 8 /Filter /DCTDecode"
        return Picture(*sheet.size, jpeg(sheet, quality), told)
    grey = np.asarray(sheet.convert("L"))
    if np.isin(grey, (0, 255)).all():
        data, depth = np.packbits(grey > 127, axis=1).tobytes(), 1
    else:
        data, depth = grey.tobytes(), 8
    told = f"/ColorSpace /DeviceGray /BitsPerComponent {depth} /Filter /FlateDecode"
    return Picture(*sheet.size, zlib.compress(data, 6), told)


def jpeg(sheet: Image.Image, quality: int) -> bytes:
    """A sheet as a JPEG file."""
    buffer = io.BytesIO()
    sheet.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def png(sheet: Image.Image, dots: int) -> bytes:
    """A sheet as a PNG file that tells its resolution."""
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG", dpi=(dots, dots))
    return buffer.getvalue()


def tiff(sheets: list[Image.Image], dots: int) -> bytes:
    """All sheets as the pages of one TIFF, fax-coded where they are black and white."""
    bilevel = all(np.isin(np.asarray(sheet), (0, 255)).all() for sheet in sheets)
    pages = [sheet.convert("1") if bilevel else sheet for sheet in sheets]
    buffer = io.BytesIO()
    coding = "group4" if bilevel else "jpeg"
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:], compression=coding, dpi=(dots, dots))
    return buffer.getvalue()


def _fax(sheet: Image.Image) -> tuple[bytes, str]:
    """Group 4 data of a black and white sheet, taken out of a TIFF of one strip."""
    buffer = io.BytesIO()
    sheet.convert("1").save(buffer, "TIFF", compression="group4", tiffinfo={TiffImagePlugin.ROWSPERSTRIP: sheet.height})
    with Image.open(io.BytesIO(buffer.getvalue())) as image:
        tags = dict(image.tag_v2)  # type: ignore[attr-defined]
    start, size = tags[TiffImagePlugin.STRIPOFFSETS][0], tags[TiffImagePlugin.STRIPBYTECOUNTS][0]
    white_is_zero = tags[TiffImagePlugin.PHOTOMETRIC_INTERPRETATION] == 0
    parameters = (
        f"<< /K -1 /Columns {sheet.width} /Rows {sheet.height} /BlackIs1 {'false' if white_is_zero else 'true'} >>"
    )
    told = f"/ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /CCITTFaxDecode /DecodeParms {parameters}"
    return buffer.getvalue()[start : start + size], told


def cut(sheet: Image.Image) -> list[Image.Image]:
    """A sheet in strips, top to bottom."""
    edges = [round(sheet.height * part / STRIPS) for part in range(STRIPS + 1)]
    return [sheet.crop((0, top, sheet.width, end)) for top, end in pairwise(edges)]


def pdf(pages: list[list[Picture]], dots: int, turn: int = 0) -> bytes:
    """A PDF whose pages are pictures, those of one page below one another. `turn` is how far a viewer turns every page."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    kids = []
    for pictures in pages:
        kids.append(len(objects) + 1)
        objects += _page(pictures, dots, turn, kids[-1])
    listed = " ".join(f"{kid} 0 R" for kid in kids)
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{listed}] >>".encode()
    return _file(objects)


def _page(pictures: list[Picture], dots: int, turn: int, number: int) -> list[bytes]:
    """The objects of one page: itself, its contents, its pictures."""
    scale = 72 / dots
    wide, high = pictures[0].width * scale, sum(picture.height for picture in pictures) * scale
    names = " ".join(f"/Im{index} {number + 2 + index} 0 R" for index in range(len(pictures)))
    turned = f"/Rotate {turn} " if turn else ""
    page = (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {wide:.2f} {high:.2f}] {turned}/Contents {number + 1} 0 R "
        f"/Resources << /XObject << {names} >> >> >>"
    )
    drawn, y = [], high
    for index, picture in enumerate(pictures):
        y -= picture.height * scale
        drawn.append(f"q {wide:.2f} 0 0 {picture.height * scale:.2f} 0 {max(y, 0):.2f} cm /Im{index} Do Q")
    objects = [page.encode(), _stream("", "\n".join(drawn).encode())]
    for picture in pictures:
        size = f"/Type /XObject /Subtype /Image /Width {picture.width} /Height {picture.height}"
        objects.append(_stream(f"{size} {picture.told}", picture.data))
    return objects


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
