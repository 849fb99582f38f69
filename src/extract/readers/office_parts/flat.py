"""A second, independent reading of WordprocessingML: tags in a row, no tree, no grid.

It knows what opens, what closes and what is text, and accepts revisions as the first reading does.
Automatic numbers, which stand in no text, are not in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from extract.readers.office_parts.flatlines import (
    CHARACTERS,
    LONGEST,
    NEEDS_PATH,
    NEW_ROW,
    REMEMBERED,
    SPREAD,
    Flat,
    marks_in,
)
from extract.readers.office_parts.package import in_transitional_utf8

_ENCODING = re.compile(rb'^\s*<\?xml[^>]*encoding=["\']([\w.-]+)')
_MAX_LINES = 200_000
_PREFIXED = b'xmlns:w="'
_DELETED_RUNS = re.compile(rb"<w:(del|moveFrom)(?: [^<>]*[^<>/])?>.*?</w:\1>", re.DOTALL)
_REVISED = b" w:author="  # every revision names who made it
_INSERTION, _INSERTION_END = re.compile(rb"<w:ins\b[^<>]*>"), b"</w:ins>"  # do nothing to what is printed
_CELL_BEGINS, _CELL_END = b"<w:tc", b"</w:tc>"
_OPEN, _CLOSE, _ROW_END = b"<w:tbl>", b"</w:tbl>", b"</w:tr>"
_BOX, _BOX_END = b"<w:txbxContent>", b"</w:txbxContent>"
_RUN_AFTER_RUN = b"</w:t></w:r><w:r"
# Where text goes on, if nothing asks for its path.
_RUNS_MEET = re.compile(rb"</w:t></w:r><w:r(?: [^<>]*[^<>/])?><w:t(?: [^<>]*[^<>/])?>")


def flatten(data: bytes) -> list[str]:
    """The printed lines of a document part: one a paragraph, one a table row with its cells parted by tabs."""
    data = _in_utf8(in_transitional_utf8(data))
    flat = Flat()
    if _PREFIXED not in data:
        flat.take_whole(data)
        return flat.lines
    revised = _REVISED in data
    if revised:
        data = _INSERTION.sub(b"", _DELETED_RUNS.sub(b"", data)).replace(_INSERTION_END, b"")
    if NEEDS_PATH.search(data, 0, data.find(_ROW_END)) or not _take_rows(flat, data):
        flat = Flat()
        for piece in _pieces(data if revised else _DELETED_RUNS.sub(b"", data)):
            if len(flat.lines) > _MAX_LINES:
                break
            _take_piece(flat, piece)
    flat.end_line()
    return flat.lines


def _take_rows(flat: Flat, data: bytes) -> bool:
    """Take everything, of rows that were seen before what they said; False where something asks for its path."""
    if _RUN_AFTER_RUN in data:
        data = _RUNS_MEET.sub(b"", data)
    *rows, rest = data.split(_ROW_END)
    for row in rows:
        if not _take_row(flat, row):
            return False
    return flat.take(rest)


def _take_row(flat: Flat, row: bytes) -> bool:
    """Take what ends with a row, its end tag left out; False, and nothing taken, where something asks for its path."""
    lines = _lines_of_row(row) if len(row) < LONGEST and flat.stands_before(row) else None
    if lines is None:
        return flat.take(row + _ROW_END)
    flat.add(lines)
    return True


@lru_cache(maxsize=1024)  # what it gives depends on these bytes alone, for nothing is open before or behind them
def _lines_of_row(row: bytes) -> tuple[str, ...] | None:
    """The lines of what ends with a row, its end tag left out; None where it asks for its path, or leaves something open."""
    cells = _cells_of(row)
    if cells is not None:
        return ("\t".join(cells),) if any(cells) else ()
    flat = Flat()
    whole = flat.take(row + _ROW_END)
    return tuple(flat.lines) if whole and flat.is_between() else None


def _cells_of(row: bytes) -> list[str] | None:
    """What the cells of a row say, its end tag left out; None where it is more than a row, or something in it asks for its path."""
    *cells, rest = row.split(_CELL_END)
    begin = cells[0].find(_CELL_BEGINS) if cells and not rest else -1
    if begin < 0 or not _opens_row(cells[0][:begin]):
        return None
    cells[0] = cells[0][begin:]
    texts = list(map(_text_of_cell, cells))
    return None if None in texts else texts  # type: ignore[return-value]


@lru_cache(maxsize=SPREAD)
def _opens_row(markup: bytes) -> bool:
    """Whether this opens a row, and does nothing else."""
    return marks_in(markup) == NEW_ROW and not CHARACTERS.search(markup)


@lru_cache(maxsize=REMEMBERED)
def _text_of_cell(cell: bytes) -> str | None:
    """What a cell says, its end tag left out; None where it holds a row, or something in it asks for its path."""
    flat = Flat()
    flat.open_row()
    whole = flat.take(cell + _CELL_END)
    return flat.only_cell() if whole else None


def _take_piece(flat: Flat, piece: bytes) -> None:
    """Take a table or what stands between tables, as a whole if nothing asks for its path."""
    part = Flat()
    if flat.is_between() and _take_rows(part, piece) and part.is_between():
        flat.lines += part.lines
    elif not flat.take(piece):
        _take_by_rows(flat, piece)


def _in_utf8(data: bytes) -> bytes:
    encoding = _ENCODING.match(data)
    name = encoding[1].decode().lower() if encoding else "utf-8"
    try:
        return data if name in ("utf-8", "utf8") else data.decode(name, "replace").encode()
    except LookupError:
        return data


def _pieces(data: bytes) -> Iterator[bytes]:
    """The data cut before and after each outermost table, so that one revision does not slow the reading of all;
    tables in text boxes stay in the piece around them."""
    boxes = _BOX in data
    done, begin = 0, data.find(_OPEN)
    while begin >= 0:
        if boxes and data.count(_BOX, done, begin) > data.count(_BOX_END, done, begin):
            begin = data.find(_OPEN, begin + 1)
            continue
        end = _end_of_table(data, begin)
        yield data[done:begin]
        yield data[begin:end]
        done, begin = end, data.find(_OPEN, end)
    yield data[done:]


def _end_of_table(data: bytes, begin: int) -> int:
    depth, place = 0, begin
    while True:
        close = data.find(_CLOSE, place)
        if close < 0:
            return len(data)
        depth += data.count(_OPEN, place, close) - 1
        place = close + len(_CLOSE)
        if depth <= 0:
            return place


def _take_by_rows(flat: Flat, piece: bytes) -> None:
    """A piece in which something needs its path: of a table only the rows in which it stands."""
    if not piece.startswith(_OPEN) or piece.count(_OPEN) > 1:
        flat.take_whole(piece)
        return
    *rows, rest = piece.split(_ROW_END)
    for row in rows:
        if not _take_row(flat, row):
            flat.take_whole(row + _ROW_END)
    flat.take_whole(rest)
