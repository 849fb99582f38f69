"""Files made to harm a reader, by name: what packs small and unpacks large, points outside, nests, repeats, claims or never ends.

The small ones are read in the tests; `large` has those that take seconds or hundreds of megabytes, for benchmarks/hostile.py.
"""

from __future__ import annotations

import base64
import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from sample.writers.compound import contain

TITLE = "雾屿街道办事处2022年政府信息公开工作年度报告"
WORD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="{}" ContentType="application/vnd.openxmlformats-officedocument.{}.main+xml"/></Types>'
)
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'
BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
DEADLY = {"ring-of-forms.pdf", "tree-of-forms.pdf"}  # PDFium draws every form before it answers
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
RELATION = '<Relationship Id="rId{}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" Target="{}"/>'
OPEN_SHEET = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:{0}>{1}</office:{0}></office:body></office:document-content>'
)


def zipped(members: dict[str, bytes | str]) -> bytes:
    """An archive of these members."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def docx_of(document: str | bytes, **more: str | bytes) -> bytes:
    """A Word file with this main part."""
    members = {"[Content_Types].xml": TYPES.format("/word/document.xml", "wordprocessingml.document")}
    return zipped(members | {"word/document.xml": document} | more)


def xlsx_of(sheet: str | bytes, strings: str | bytes = "") -> bytes:
    """A workbook with this sheet, and these shared texts."""
    relations = RELATION.format(1, "worksheet", "worksheets/sheet1.xml") + (
        RELATION.format(2, "sharedStrings", "sharedStrings.xml") if strings else ""
    )
    return zipped(
        {
            "[Content_Types].xml": TYPES.format("/xl/workbook.xml", "spreadsheetml.sheet"),
            "_rels/.rels": RELATIONS.format(RELATION.format(1, "officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": BOOK,
            "xl/_rels/workbook.xml.rels": RELATIONS.format(relations),
            "xl/worksheets/sheet1.xml": sheet,
        }
        | ({"xl/sharedStrings.xml": strings} if strings else {})
    )


def open_document(kind: str, body: str) -> bytes:
    """An OpenDocument file: kind is spreadsheet or text."""
    return zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": OPEN_SHEET.format(kind, body),
            "META-INF/manifest.xml": "<m/>",
        }
    )


def pdf_of(objects: list[bytes]) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    body, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end


def stream(content: bytes, entries: bytes = b"", packed: bool = True) -> bytes:
    """A PDF stream object."""
    if packed:
        content, entries = zlib.compress(content, 9), entries + b" /Filter /FlateDecode"
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def page_of(content: bytes, resources: bytes = b"", *more: bytes) -> bytes:
    """A PDF of one page; `more` are objects from number 5 on."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << %s >> >>" % resources
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", pages, page, stream(content), *more])


def shared_pages(depth: int) -> bytes:
    """A tree of pages without a ring, whose every node stands ten times in the one above: 10 to the `depth` pages."""
    nodes = [
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b"%d 0 R " % (number + 3) * 10, 10 ** (depth - number))
        for number in range(depth)
    ]
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            *nodes,
            b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 600 800] >>" % (depth + 1),
        ]
    )


def many_pages(count: int) -> bytes:
    """A PDF of many empty pages."""
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(count))
    pages = [b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] >>"] * count
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
            *pages,
        ]
    )


def form_tree(depth: int, last: int | None = None) -> bytes:
    """A page that draws a form twice that draws a form twice …; `last` names the form the last one draws (itself: a ring)."""
    forms = []
    for number in range(depth):
        below = number + 6 if number < depth - 1 else (last or 0)
        drawn = b"/F Do /F Do" if below else b"0 0 9 9 re f"
        entries = b"/Type /XObject /Subtype /Form /BBox [0 0 600 800]"
        resources = b" /Resources << /XObject << /F %d 0 R >> >>" % below if below else b""
        forms.append(stream(drawn, entries + resources))
    return page_of(b"/F Do", b"/XObject << /F 5 0 R >>", *forms)


def picture_page(width: int, height: int, content: bytes, filters: bytes = b"/FlateDecode", bits: int = 1) -> bytes:
    """A page that is one picture of so many pixels."""
    entries = (
        b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent %d /Filter %s"
    )
    image = stream(content, entries % (width, height, bits, filters), packed=False)
    return page_of(b"q 600 0 0 800 0 0 cm /I Do Q", b"/XObject << /I 5 0 R >>", image)


def entities(depth: int) -> str:
    """A document type in which ten times ten times … entities stand for each other."""
    lines = ['<!ENTITY a0 "ha">', *(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, depth))]
    return f"<?xml version='1.0'?><!DOCTYPE d [{''.join(lines)}]>"


def overlapping_zip(members: int, megabytes: int) -> bytes:
    """An archive whose every member is the same packed megabytes: small, and whole in the eyes of whoever trusts the directory."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = b" " * (megabytes << 20)
    packed = packer.compress(content) + packer.flush()
    crc = zlib.crc32(content)
    name = b"word/document.xml"
    sizes = struct.pack("<3I2H", crc, len(packed), len(content), len(name), 0)
    local = struct.pack("<4s5H", b"PK\x03\x04", 20, 0, 8, 0, 0) + sizes + name + packed
    entry = struct.pack("<4s6H", b"PK\x01\x02", 20, 20, 0, 8, 0, 0) + sizes + struct.pack("<3H2I", 0, 0, 0, 0, 0)
    directory = b"".join(entry + b"word/%012d" % number for number in range(members - 1)) + entry + name
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, members, members, len(directory), len(local), 0)
    return local + directory + end


def looped_compound(what: str) -> bytes:
    """An old Word file whose chain of sectors (fat), list of its table's sectors (difat) or directory leads back into itself, or claims a size that nothing has."""
    data = bytearray(contain({"WordDocument": b"\xec\xa5" + bytes(6000), "1Table": bytes(5000)}))
    fat = struct.unpack_from("<I", data, 76)[0]
    at = 512 * (fat + 1)
    if what == "fat":
        struct.pack_into("<I", data, at, 0)
    if what == "difat":
        struct.pack_into("<3I", data, 64, 0xFFFFFFFE, 1, 0x7FFFFFFF)
        struct.pack_into("<2I", data, 68, 1, 0x7FFFFFFF)
        data[512 * 2 + 508 : 512 * 2 + 512] = struct.pack("<I", 1)
    directory = 512 * (struct.unpack_from("<I", data, 48)[0] + 1)
    if what == "directory":
        struct.pack_into("<3I", data, directory + 128 + 68, 1, 1, 1)
        struct.pack_into("<3I", data, directory + 68, 0, 0, 0)
    if what == "size":
        struct.pack_into("<Q", data, directory + 128 + 120, 1 << 40)
    return bytes(data)


def endless_workbook(tables: int) -> bytes:
    """An .xls whose list of tables, of which its header counts so many, leads from a sector of zeros to the first one and from there to itself."""
    data = bytearray(contain({"Workbook": b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(6000)}))
    struct.pack_into("<2I", data, 68, 1, tables)
    return bytes(data)


def png_of(width: int, height: int) -> bytes:
    """A picture that claims and holds so many pixels, all white, packed a thousand to one."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    row = b"\0" + b"\xff" * ((width + 7) // 8)
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">2I5B", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def ringed_tiff() -> bytes:
    """A TIFF whose second page is its first."""
    tags = [(256, 4, 1, 8), (257, 4, 1, 8), (258, 3, 1, 1), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 0), (279, 4, 1, 8)]  # fmt: skip
    entries = b"".join(struct.pack("<2H2I", *tag) for tag in tags)
    return b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(tags)) + entries + struct.pack("<I", 8) + bytes(8)


def nested_mhtml(depth: int) -> bytes:
    """A page in parts of parts of parts."""
    opened = b"".join(
        b'Content-Type: multipart/related; boundary="b%d"\r\n\r\n--b%d\r\n' % (i, i) for i in range(depth)
    )
    return b"MIME-Version: 1.0\r\n" + opened + b"Content-Type: text/html\r\n\r\n<p>a</p>"


def small(secret: Path) -> dict[str, bytes]:
    """Those that a careful reader is through with in moments. `secret` is a file outside of the folder that some of them ask for."""
    title = f"<p>{TITLE}</p>"
    row = "<w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc></w:tr>"
    wide = row.replace("<w:p>", '<w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr><w:p>', 1)
    outside = f"<?xml version='1.0'?><!DOCTYPE d [<!ENTITY a SYSTEM '{secret.as_uri()}'>]>"
    bomb = docx_of(b"<w:t>" + b" " * 400_000_000)
    good = f"<html><body>{title}</body></html>".encode()
    return {
        "zip-bomb.docx": bomb,
        "zip-in-zip.docx": docx_of(bomb),
        "overlapping.docx": overlapping_zip(20_000, 1),
        "many-members.docx": docx_of(WORD.format(""), **{f"word/media/{i}": b"" for i in range(12_000)}),
        "twice.docx": docx_of(WORD.format(row)) + docx_of(WORD.format("")),
        "climbing.docx": docx_of(WORD.format(f"<w:p><w:r><w:t>{TITLE}</w:t></w:r></w:p>"), **{"../../../tmp/harm": "x"}),
        "entities.docx": docx_of(entities(10) + WORD.format("<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>")),
        "outside.docx": docx_of(outside + WORD.format("<w:p><w:r><w:t>&a;</w:t></w:r></w:p>")),
        "nested.docx": docx_of(WORD.format("<w:tbl><w:tr><w:tc>" * 20_000 + "</w:tc></w:tr></w:tbl>" * 20_000)),
        "spans.docx": docx_of(WORD.format(f"<w:tbl>{wide * 3000}</w:tbl>")),
        "entities.html": (entities(10) + "<html><body>&a9;</body></html>").encode(),
        "outside.html": (outside + f"<html><body>{title} &a;</body></html>").encode(),
        "spans.html": b"<html><body><table>" + b"<tr><td rowspan=999999999 colspan=999999999>1</td></tr>" * 2000 + b"</table></body></html>",
        "nested-tables.html": b"<html><body>" + b"<table><tr><td>" * 50_000 + b"</body></html>",
        "nested-divs.html": good + b"<div>" * 500_000,
        "headings.html": good + "<p>一、总体情况</p><p>二、主动公开政府信息情况</p>".encode() * 20_000,
        "wide.html": b"<table><tr>" + b"<td>1" * 50_000 + b"</table>",
        "attributes.html": good + b"<p " + b"".join(b"a%d=1 " % i for i in range(200_000)) + b">",
        "comment.html": good + b"<!--" + b"- " * 3_000_000,
        "pictures.html": good + b"<img src='data:image/png;base64," + b"A" * 8_000_000 + b"'>",
        "half.html": good.decode().encode("gb18030") + good + good.decode().encode("utf-16"),
        "nothing.html": bytes(5_000_000),
        "nested.mhtml": nested_mhtml(3000),
        "attached.mhtml": b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(b"<p>1</p>" * 100_000) + b"--b--",
        "page.html.gz": gzip.compress(good),
        "bomb.html.gz": gzip.compress(bytes(100_000_000)),
        "rows.xlsx": xlsx_of(SHEET.format("<sheetData>" + "<row><c><v>1</v></c></row>" * 100_000 + "</sheetData>")),
        "far.xlsx": xlsx_of(SHEET.format('<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')),
        "merged.xlsx": xlsx_of(SHEET.format('<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData><mergeCells>' + '<mergeCell ref="A1:XFD1048576"/>' * 20_000 + "</mergeCells>")),
        "strings.xlsx": xlsx_of(SHEET.format('<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>'), f"<sst>{'<si><t>a</t></si>' * 300_000}</sst>"),
        "entities.xlsx": xlsx_of(entities(10) + SHEET.format('<sheetData><row><c t="inlineStr"><is><t>&a9;</t></is></c></row></sheetData>')),
        "repeated.ods": open_document("spreadsheet", '<table:table table:name="a"><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"><text:p>1</text:p></table:table-cell></table:table-row></table:table>'),
        "repeated.odt": open_document("text", '<table:table><table:table-row table:number-rows-repeated="99999999"><table:table-cell table:number-columns-repeated="99999999"><text:p><text:s text:c="999999999"/>1</text:p></table:table-cell></table:table-row></table:table>' * 5),
        "nested.rtf": b"{\\rtf1 " + b"{" * 2_000_000,
        "binary.rtf": b"{\\rtf1 a\\bin2147483647 " + b"b" * 1000 + b"}",
        "cells.rtf": b"{\\rtf1 " + b"\\trowd\\cellx1\\intbl 1\\cell\\row " * 30_000 + b"}",
        "letters.rtf": b"{\\rtf1 " + b"\\u25919?" * 100_000 + b"}",
        "fat.doc": looped_compound("fat"),
        "difat.doc": looped_compound("difat"),
        "directory.doc": looped_compound("directory"),
        "size.doc": looped_compound("size"),
        "uncounted.xls": endless_workbook(0),
        "endless.xls": endless_workbook(1),
        "nested.pdf": pdf_of([b"[" * 500_000]),
        "ring-of-pages.pdf": pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2000000000 >>"]),
        "shared-pages.pdf": shared_pages(9),
        "empty-pages.pdf": many_pages(5_000),
        "bomb.pdf": page_of(b"1 0 0 1 0 0 cm " * 2_000_000),
        "strokes.pdf": page_of(b"".join(b"%d 0 m %d 800 l S\n" % (i % 600, i % 600) for i in range(30_000))),
        "forms.pdf": form_tree(6),
        "references.pdf": pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids 3 0 R /Count 4 0 R >>", b"4 0 R", b"3 0 R"]),
        "previous.pdf": pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"]).replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev 9"),
        "huge-page.pdf": page_of(b"BT /F1 9 Tf 9 9 Td (1) Tj ET").replace(b"[0 0 600 800]", b"[0 0 9e9 9e9]"),
        "huge-picture.pdf": picture_page(60_000, 60_000, zlib.compress(bytes(60_000 * 7_500), 9)),
        "claimed-picture.pdf": picture_page(2**31 - 1, 2**31 - 1, b"\0" * 10),
        "fax-picture.pdf": picture_page(30_000, 30_000, b"\0" * 1000, b"/CCITTFaxDecode"),
        "huge.png": png_of(30_000, 30_000),
        "claimed.png": png_of(8, 8).replace(struct.pack(">2I", 8, 8), struct.pack(">2I", 2**31 - 1, 2**31 - 1)),
        "ring.tiff": ringed_tiff(),
        "one-line.txt": TITLE.encode() * 400_000,
        "lines.txt": b"1\n" * 200_000,
        "bars.md": b"|" * 3_000_000,
        "archive.zip": zipped({"a.html": good, "b.html": good}),
    }  # fmt: skip


def large() -> Iterator[tuple[str, Callable[[], bytes]]]:
    """(name, maker) of those that are large or take long, however careful a reader is; those of DEADLY end its process."""
    yield "ring-of-forms.pdf", lambda: form_tree(3, last=5)
    yield "tree-of-forms.pdf", lambda: form_tree(40)
    row = b"<tr><td>a</td><td>1</td></tr>"
    words = "<w:p><w:r><w:t>a</w:t></w:r></w:p>"
    yield "large.html", lambda: b"<html><body><table>" + row * 5_500_000
    yield "tables.html", lambda: b"<html><body>" + (b"<table>" + row * 3 + b"</table>") * 1_000_000
    yield "deep.html", lambda: b"<div>" * 30_000_000
    yield "large.txt", lambda: (TITLE + "\n").encode() * 2_500_000
    yield "large.md", lambda: b"| a | 1 |\n|---|---|\n" * 9_000_000
    yield "paragraphs.docx", lambda: docx_of(WORD.format(words * 1_200_000))
    yield "rows.docx", lambda: docx_of(WORD.format(f"<w:tbl>{f'<w:tr><w:tc>{words}</w:tc></w:tr>' * 800_000}</w:tbl>"))
    yield "million.xlsx", lambda: xlsx_of(SHEET.format("<sheetData>" + "<row><c><v>1</v></c><c><v>2</v></c></row>" * 1_048_576 + "</sheetData>"))  # fmt: skip
    yield "large.rtf", lambda: b"{\\rtf1 " + b"a\\par " * 20_000_000 + b"}"
    yield "pages.pdf", lambda: many_pages(200_000)
    yield "written.pdf", lambda: page_of(b"BT /F1 1 Tf " + b"1 0 0 1 9 9 Tm (1) Tj " * 1_500_000 + b"ET", b"/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>")  # fmt: skip
    yield "deep.pdf", lambda: page_of(b"q " * 20_000_000)
    yield "crossing.pdf", lambda: page_of(b"".join(b"%d 0 m %d 800 l S\n" % (i % 600, (i * 7) % 600) for i in range(6_000)))  # fmt: skip
    yield "wide.png", lambda: png_of(65_000, 1_500)
    yield "noise.png", _noise
    yield "scanned.pdf", lambda: _pictures(120)
    yield "frames.tiff", lambda: _frames(150)


def _noise() -> bytes:
    """A picture of dots: everything may be a rule, a letter or a speck."""
    import numpy as np
    from PIL import Image

    pixels = np.random.default_rng(1).integers(0, 2, (3300, 2500), dtype=np.uint8) * 255
    made = io.BytesIO()
    Image.fromarray(pixels).save(made, "PNG")
    return made.getvalue()


def _lattice() -> bytes:
    """A page of 200 × 140 ruled cells with a digit in each, as a JPEG."""
    from PIL import Image, ImageDraw

    image = Image.new("L", (1680, 2376), 255)
    draw = ImageDraw.Draw(image)
    for x in range(20, 1660, 12):
        draw.line((x, 20, x, 2360), 0)
    for y in range(20, 2361, 12):
        draw.line((20, y, 1652, y), 0)
    made = io.BytesIO()
    image.save(made, "JPEG")
    return made.getvalue()


def _pictures(pages: int) -> bytes:
    """A PDF of so many pages, each the same picture of many small cells."""
    picture = _lattice()
    entries = b"/Type /XObject /Subtype /Image /Width 1680 /Height 2376 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode"
    kids = b" ".join(b"%d 0 R" % (number + 5) for number in range(pages))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /XObject << /I 3 0 R >> >> >>"
    return pdf_of([
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages), stream(picture, entries, packed=False),
        stream(b"q 600 0 0 800 0 0 cm /I Do Q"), *[page] * pages,
    ])  # fmt: skip


def _frames(count: int) -> bytes:
    """A TIFF of so many pages."""
    from PIL import Image

    page = Image.open(io.BytesIO(_lattice()))
    made = io.BytesIO()
    page.save(made, "TIFF", save_all=True, append_images=[page] * (count - 1), compression="tiff_lzw")
    return made.getvalue()
