"""A second, independent reading of WordprocessingML: tags in a row, no tree, no grid.

It knows what opens, what closes and what is text, and accepts revisions as the first reading does.
Automatic numbers, which stand in no text, are not in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from extract.readers.office_parts.celltext import clean, join_lines, resolve_entities
from extract.readers.office_parts.package import in_transitional_utf8

_TOKEN = re.compile(r"<(/?)(?:[\w.-]+:)?([\w.-]+)([^<>]*?)(/?)>|([^<]+)")
_SILENT = frozenset(["Fallback", "moveFrom", "del", "rt"])
_ENCODING = re.compile(rb'^\s*<\?xml[^>]*encoding=["\']([\w.-]+)')
_MAX_LINES = 200_000
_REMEMBERED, _LONGEST = 4096, 8192  # pieces of markup, of about 200 bytes; longer ones are looked at each time
_PREFIXED = b'xmlns:w="'
# What asks for the path that leads to a tag.
_NEEDS_PATH = re.compile(rb"<w:(?:del|moveFrom|vanish|cellDel|rt)\b|<mc:Fallback\b")
_DELETED_RUNS = re.compile(rb"<w:(del|moveFrom)(?: [^<>]*[^<>/])?>.*?</w:\1>", re.DOTALL)
_OPEN, _CLOSE, _ROW_END = b"<w:tbl>", b"</w:tbl>", b"</w:tr>"
_BOX, _BOX_END = b"<w:txbxContent>", b"</w:txbxContent>"
# Where text goes on, if nothing asks for its path.
_RUNS_MEET = re.compile(rb"</w:t></w:r><w:r(?: [^<>]*[^<>/])?><w:t(?: [^<>]*[^<>/])?>")
_CHARACTERS = re.compile(rb"<w:t(?: [^<>]*)?>([^<]*)")
# Where lines, cells and rows end, where rows begin, what prints without characters; in the order of _MARKS.
_ENDS = re.compile(rb"<(?:(/w:p)|(/w:tc)|(/w:tr)|(w:tr)|(w:br|w:cr)|(w:tab|w:ptab)|(w:noBreakHyphen))[\s/>]")
_LINE, _CELL, _ROW, _NEW_ROW = "pcrR"
_MARKS = (_LINE, _CELL, _ROW, _NEW_ROW, _LINE, " ", "-")


def flatten(data: bytes) -> list[str]:
    """The printed lines of a document part: one a paragraph, one a table row with its cells parted by tabs."""
    data = _in_utf8(in_transitional_utf8(data))
    flat = _Flat()
    if _PREFIXED not in data:
        _take_whole(flat, data)
        return flat.lines
    if not _take_known_rows(flat, data):
        flat = _Flat()
        for piece in _pieces(_DELETED_RUNS.sub(b"", data)):
            if len(flat.lines) > _MAX_LINES:
                break
            if not flat.take_between(_CHARACTERS.split(piece)):
                _take_by_rows(flat, piece)
    flat.end_line()
    return flat.lines


def _take_known_rows(flat: _Flat, data: bytes) -> bool:
    """Take everything, of rows that were seen before what they said; False where something asks for its path."""
    *rows, rest = _RUNS_MEET.sub(b"", data).split(_ROW_END)
    for row in rows:
        lines = _lines_of_row(row) if len(row) < _LONGEST and flat.is_between() else None
        if lines is not None:
            flat.lines += lines
        elif not flat.take_between(_CHARACTERS.split(row + _ROW_END)):
            return False
    return flat.take_between(_CHARACTERS.split(rest))


@lru_cache(maxsize=1024)  # what it gives depends on these bytes alone, for nothing is open before or behind them
def _lines_of_row(row: bytes) -> tuple[str, ...] | None:
    """The lines of what ends with a row, its end tag left out; None where it asks for its path, or leaves something open."""
    flat = _Flat()
    whole = flat.take_between(_CHARACTERS.split(row + _ROW_END))
    return tuple(flat.lines) if whole and flat.is_between() else None


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


def _take_by_rows(flat: _Flat, piece: bytes) -> None:
    """A piece in which something needs its path: of a table only the rows in which it stands."""
    if not piece.startswith(_OPEN) or piece.count(_OPEN) > 1:
        _take_whole(flat, piece)
        return
    *rows, rest = piece.split(_ROW_END)
    for row in rows:
        if not flat.take_between(_CHARACTERS.split(row + _ROW_END)):
            _take_whole(flat, row + _ROW_END)
    _take_whole(flat, rest)


def _take_whole(flat: _Flat, data: bytes) -> None:
    """Every tag, with the path that leads to it: for revisions, hidden text and alternatives."""
    for closing, name, attributes, closed, characters in _TOKEN.findall(data.decode("utf-8", "replace")):
        if characters:
            flat.take_text(characters)
        elif closing:
            flat.close(name)
        else:
            flat.open(name, attributes)
            if closed:
                flat.close(name)


@lru_cache(maxsize=_REMEMBERED)
def _marks_in(markup: bytes) -> str | None:
    """The marks in a piece of markup, None where it asks for its path; most pieces come again and again."""
    if _NEEDS_PATH.search(markup):
        return None
    return "".join([_MARKS[end.lastindex - 1] for end in _ENDS.finditer(markup) if end.lastindex])


@dataclass(slots=True)
class _Row:
    """A table row being read: its finished cells, the lines of the open cell, the rows of tables nested in it."""

    cells: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    nested: list[str] = field(default_factory=list)
    deleted: bool = False
    cell_deleted: bool = False


class _Flat:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self._rows: list[_Row] = []
        self._path: list[str] = []
        self._silent_since = 0  # the depth at which a silent element opened; 0 while none is open
        self._run_hidden = False
        self._mark_deleted = False
        self._text = ""

    def is_between(self) -> bool:
        """Whether no row is open and nothing is left of a line, so that what follows reads as it does by itself."""
        return not (self._rows or self._text)

    def take_between(self, pieces: list[bytes]) -> bool:
        """Take markup and characters by turns; False, and nothing taken, where some markup asks for its path."""
        markup = pieces[::2]
        marks = list(map(_marks_in if max(map(len, markup)) < _LONGEST else _marks_in.__wrapped__, markup))
        if None in marks:
            return False
        texts = pieces[1::2]
        texts.append(b"")
        for ends, text in zip(marks, texts, strict=True):
            for mark in ends:  # type: ignore[union-attr]
                if mark == _LINE:
                    self.end_line()
                elif mark == _CELL:
                    self._end_cell()
                elif mark == _ROW:
                    self._end_row()
                elif mark == _NEW_ROW:
                    self.end_line()
                    self._rows.append(_Row())
                else:
                    self._text += mark
            self._text += text.decode("utf-8", "replace")
        return True

    def open(self, name: str, attributes: str) -> None:
        path = self._path
        parent = path[-1] if path else ""
        path.append(name)
        if self._silent_since:
            return
        if name == "del" and parent in ("rPr", "trPr"):
            self._note_deletion(parent)
        elif name in _SILENT:
            self._silent_since = len(path)
        elif name == "tr":
            self.end_line()
            self._rows.append(_Row())
        elif name == "p" or (name in ("br", "cr") and parent == "r"):
            self._begin_line(name)
        elif name in ("tab", "ptab", "noBreakHyphen") and parent == "r":
            self._text += "-" if name == "noBreakHyphen" else " "
        elif name == "cellDel" and self._rows:
            self._rows[-1].cell_deleted = True
        elif name == "vanish" and path[-3:-1] == ["r", "rPr"]:
            self._run_hidden = not re.search(r'val="(?:0|false|off)"', attributes)

    def close(self, name: str) -> None:
        depth = len(self._path)
        if depth and self._path[-1] == name:
            self._path.pop()
        if self._silent_since:
            if depth <= self._silent_since:
                self._silent_since = 0
            return
        if name == "r":
            self._run_hidden = False
        elif name == "p" and not self._mark_deleted:
            self.end_line()
        elif name == "tc":
            self._end_cell()
        elif name == "tr":
            self._end_row()

    def take_text(self, characters: str) -> None:
        if self._path and self._path[-1] == "t" and not self._silent_since and not self._run_hidden:
            self._text += characters

    def end_line(self) -> None:
        if not self._text:
            return
        text, self._text = clean(resolve_entities(self._text)), ""
        if text:
            (self._rows[-1].lines if self._rows else self.lines).append(text)

    def _begin_line(self, name: str) -> None:
        if name == "p" and self._mark_deleted:
            self._mark_deleted = False
        else:
            self.end_line()

    def _note_deletion(self, parent: str) -> None:
        if parent == "trPr":
            if self._rows:
                self._rows[-1].deleted = True
        elif self._path[-3:-2] == ["pPr"]:
            self._mark_deleted = True

    def _end_cell(self) -> None:
        self.end_line()
        if not self._rows:
            return
        row = self._rows[-1]
        if not row.cell_deleted:
            row.cells.append(join_lines(row.lines) if len(row.lines) > 1 else "".join(row.lines))
        row.lines, row.cell_deleted = [], False

    def _end_row(self) -> None:
        self.end_line()
        if not self._rows:
            return
        row = self._rows.pop()
        if row.deleted:
            return
        target = self._rows[-1].nested if self._rows else self.lines
        if any(row.cells):
            target.append("\t".join(row.cells))
        target.extend(row.nested)
