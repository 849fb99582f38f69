"""Word 97-2003 documents, written byte by byte as [MS-DOC] lays them down: one piece of UTF-16 text, tables by paragraph properties.

A cell ends with the mark 07, a row with a further 07 whose paragraph carries the row's definition (edges of the cells, vertical merges).
"""

from __future__ import annotations

import struct

from sample.page import Page, Paragraph
from sample.tables import Box, Table, merged_rows
from sample.writers.compound import contain

_PAGE = 512
_TEXT_START = 1024  # the file information block before it takes 900 bytes
_WIDTH = 8300  # twentieths of a point
_PLAIN = struct.pack("<H", 0)
_IN_TABLE = _PLAIN + struct.pack("<HB", 0x2416, 1)
_MERGE_BEGINS, _MERGE_GOES_ON = 0x0060, 0x0020
_FIB_PAIRS = 93
_STYLES, _SECTIONS, _CHARACTERS, _PARAGRAPHS, _FONTS, _PROPERTIES, _PIECES = (
    1,
    6,
    12,
    13,
    15,
    31,
    33,
)  # pairs in the block

Run = tuple[int, bytes]  # where a paragraph ends, counted in characters, and its style and properties


def write(page: Page) -> bytes:
    """The page as a .doc file."""
    text, runs = _story(page)
    encoded = text.encode("utf-16-le")
    main = bytearray(_TEXT_START) + encoded
    main += b"\0" * (-len(main) % _PAGE)
    end = _TEXT_START + len(encoded)
    characters = len(main) // _PAGE
    main += struct.pack("<2I", _TEXT_START, end).ljust(_PAGE - 1, b"\0") + b"\x01"
    pages = _paragraph_pages(runs)
    first = len(main) // _PAGE
    main += b"".join(content for _, content in pages)
    bounds = [_TEXT_START, *(fc for fc, _ in pages)]
    parts = {
        _STYLES: _style_sheet(),
        _SECTIONS: struct.pack("<2IHIHI", 0, len(text), 0, 0xFFFFFFFF, 0, 0xFFFFFFFF),
        _CHARACTERS: struct.pack("<3I", _TEXT_START, end, characters),
        _PARAGRAPHS: struct.pack(f"<{len(bounds)}I", *bounds)
        + struct.pack(f"<{len(pages)}I", *range(first, first + len(pages))),
        _FONTS: _font_table(),
        _PROPERTIES: bytes(500),
        _PIECES: struct.pack("<BI2IHIH", 2, 16, 0, len(text), 0, _TEXT_START, 0),
    }
    table, places = _table_stream(parts)
    main[:900] = _information_block(len(main), len(text), places)
    return contain({"WordDocument": bytes(main), "1Table": table})


def _story(page: Page) -> tuple[str, list[Run]]:
    """The text with its marks, and the properties of every paragraph."""
    pieces: list[str] = []
    runs: list[Run] = []
    length = 0

    def put(text: str, properties: bytes) -> None:
        nonlocal length
        pieces.append(text)
        length += len(text)
        runs.append((length, properties))

    for block in page.blocks:
        if isinstance(block, Paragraph):
            put(block.text.replace("\n", "\x0b") + "\r", _PLAIN)
            continue
        for row in merged_rows(block):
            for box, begins in row:
                put((box.text if begins else "").replace("\n", "\x0b") + "\x07", _IN_TABLE)
            put("\x07", _row_properties(block, row))
        put("\r", _PLAIN)
    return "".join(pieces), runs


def _row_properties(table: Table, row: list[tuple[Box, bool]]) -> bytes:
    """In a table, at the end of a row, and the row's definition: edges, then twenty bytes a cell."""
    edges, cells, column = [0], b"", 0
    for box, begins in row:
        column += box.col_span
        edges.append(_WIDTH * column // table.width)
        merge = (_MERGE_BEGINS if begins else _MERGE_GOES_ON) if box.row_span > 1 else 0
        cells += struct.pack("<2H4I", merge, 0, *[0x00010101] * 4)
    definition = struct.pack("<B", len(row)) + struct.pack(f"<{len(edges)}h", *edges) + cells
    return _IN_TABLE + struct.pack("<HBHH", 0x2417, 1, 0xD608, len(definition) + 1) + definition


def _paragraph_pages(runs: list[Run]) -> list[tuple[int, bytes]]:
    """Pages of 512 bytes with the paragraphs' ends and properties, each with the place where its last paragraph ends."""
    pages: list[tuple[int, bytes]] = []
    begin, waiting = 0, list(runs)
    while waiting:
        taken, free = 0, _PAGE - 1
        stored: dict[bytes, tuple[int, bytes]] = {}
        for _, properties in waiting:
            content = _packed(properties)
            room = free if properties in stored else (free - len(content)) // 2 * 2
            if room < 4 * (taken + 2) + 13 * (taken + 1):
                break
            free = room
            stored.setdefault(properties, (room, content))
            taken += 1
        pages.append(_paragraph_page(begin, waiting[:taken], stored))
        begin, waiting = waiting[taken - 1][0], waiting[taken:]
    return pages


def _paragraph_page(begin: int, runs: list[Run], stored: dict[bytes, tuple[int, bytes]]) -> tuple[int, bytes]:
    content = bytearray(_PAGE)
    ends = [_TEXT_START + 2 * at for at in (begin, *(end for end, _ in runs))]
    struct.pack_into(f"<{len(ends)}I", content, 0, *ends)
    for number, (_, properties) in enumerate(runs):
        content[4 * len(ends) + 13 * number] = stored[properties][0] // 2
    for place, packed in stored.values():
        content[place : place + len(packed)] = packed
    content[-1] = len(runs)
    return ends[-1], bytes(content)


def _packed(properties: bytes) -> bytes:
    """Properties behind their length, which is counted in pairs of bytes."""
    if len(properties) % 2:
        return struct.pack("<B", (len(properties) + 1) // 2) + properties
    return struct.pack("<2B", 0, len(properties) // 2) + properties


def _style_sheet() -> bytes:
    """Fifteen styles, of which the first is Normal and the others are empty."""
    head = struct.pack("<10H", 18, 15, 10, 1, 0x5B, 15, 0, 0, 0, 0)
    name = "Normal".encode("utf-16-le")
    style = struct.pack("<5H", 0, 0xFFF1, 0x0002, 0, 0) + struct.pack("<H", 6) + name + b"\0\0"
    style += struct.pack("<3H", 2, 0, 0)
    style = style[:6] + struct.pack("<H", len(style)) + style[8:]
    return head + struct.pack("<H", len(style)) + style + struct.pack("<14H", *[0] * 14)


def _font_table() -> bytes:
    name = "SimSun\0".encode("utf-16-le")
    font = struct.pack("<BHBB", 0x16, 400, 134, 0) + bytes(34) + name
    return struct.pack("<2HB", 1, 0, len(font)) + font


def _table_stream(parts: dict[int, bytes]) -> tuple[bytes, dict[int, tuple[int, int]]]:
    """The parts one after the other, and where each begins and how long it is."""
    stream = bytearray()
    places: dict[int, tuple[int, int]] = {}
    for number, content in parts.items():
        places[number] = (len(stream), len(content))
        stream += content + b"\0" * (-len(content) % 4)
    return bytes(stream), places


def _information_block(size: int, characters: int, places: dict[int, tuple[int, int]]) -> bytes:
    """The block at the beginning of every Word document: version, flags (second table stream, 16-bit text), counts, places."""
    base = struct.pack("<7HI2B2H2I", 0xA5EC, 0xC1, 0, 0x0804, 0, 0x1200, 0xBF, 0, 0, 0, 0, 0, 0, 0)
    words = struct.pack("<H14H", 14, *[0] * 13, 0x0804)
    counts = [0] * 22
    counts[0], counts[3] = size, characters
    longs = struct.pack("<H22I", 22, *counts)
    pairs = [value for number in range(_FIB_PAIRS) for value in places.get(number, (0, 0))]
    return base + words + longs + struct.pack(f"<H{len(pairs)}I", _FIB_PAIRS, *pairs) + struct.pack("<H", 0)
