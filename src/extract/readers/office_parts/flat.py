"""A second, independent reading of WordprocessingML: tags in a row, no tree, no grid.

It knows what opens, what closes and what is text, and accepts revisions as the first reading does.
Automatic numbers, which stand in no text, are not in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from extract.readers.office_parts.celltext import clean, join_lines, resolve_entities
from extract.readers.office_parts.package import in_transitional_utf8

_TOKEN = re.compile(r"<(/?)(?:[\w.-]+:)?([\w.-]+)([^<>]*?)(/?)>|([^<]+)")
_SILENT = frozenset(["Fallback", "moveFrom", "del", "rt"])
_ENCODING = re.compile(rb'^\s*<\?xml[^>]*encoding=["\']([\w.-]+)')
_MAX_LINES = 200_000
_PREFIXED = 'xmlns:w="'
# What asks for the path that leads to a tag, or for more than the ends of paragraphs, cells and rows.
_NEEDS_PATH = re.compile(r"<w:(?:del|moveFrom|vanish|cellDel|rt|br|cr|tab|ptab|noBreakHyphen)\b|<mc:Fallback\b")
_DELETED_RUNS = re.compile(r"<w:(del|moveFrom)(?: [^<>]*[^<>/])?>.*?</w:\1>", re.DOTALL)
_OPEN, _CLOSE, _ROW_END, _CELL_END, _PARAGRAPH_END = "<w:tbl>", "</w:tbl>", "</w:tr>", "</w:tc>", "</w:p>"
_BOX, _BOX_END = "<w:txbxContent>", "</w:txbxContent>"
_CHARACTERS = re.compile(r"<w:t(?: [^<>]*)?>([^<]*)")
_NESTED = re.compile("\0(\\d+)\0")  # stands for a table within another; no XML holds a NUL


def flatten(data: bytes) -> list[str]:
    """The printed lines of a document part: one a paragraph, one a table row with its cells parted by tabs."""
    data = in_transitional_utf8(data)
    encoding = _ENCODING.match(data)
    try:
        text = data.decode(encoding[1].decode() if encoding else "utf-8", "replace")
    except LookupError:
        text = data.decode("utf-8", "replace")
    if "</w:del>" in text or "</w:moveFrom>" in text:
        text = _DELETED_RUNS.sub("", text)
    flat = _Flat()
    if _PREFIXED not in text or "\0" in text:
        _take_whole(flat, text)
        return flat.lines
    for piece in _pieces(text):
        if len(flat.lines) > _MAX_LINES:
            break
        if _NEEDS_PATH.search(piece):
            _take_by_rows(flat, piece)
        elif piece.startswith(_OPEN):
            flat.lines += _table_lines(piece)
        else:
            flat.lines += filter(None, (_line(paragraph) for paragraph in piece.split(_PARAGRAPH_END)))
    flat.end_line()
    return flat.lines


def _pieces(text: str) -> Iterator[str]:
    """The text cut before and after each outermost table, so that one revision does not slow the reading of all;
    tables in text boxes stay in the piece around them."""
    boxes = _BOX in text
    done, begin = 0, text.find(_OPEN)
    while begin >= 0:
        if boxes and text.count(_BOX, done, begin) > text.count(_BOX_END, done, begin):
            begin = text.find(_OPEN, begin + 1)
            continue
        end = _end_of_table(text, begin)
        yield text[done:begin]
        yield text[begin:end]
        done, begin = end, text.find(_OPEN, end)
    yield text[done:]


def _end_of_table(text: str, begin: int) -> int:
    depth, place = 0, begin
    while True:
        close = text.find(_CLOSE, place)
        if close < 0:
            return len(text)
        depth += text.count(_OPEN, place, close) - 1
        place = close + len(_CLOSE)
        if depth <= 0:
            return place


def _take_by_rows(flat: _Flat, piece: str) -> None:
    """A piece in which something needs its path: of a table only the rows in which it stands."""
    if not piece.startswith(_OPEN) or piece.count(_OPEN) > 1:
        _take_whole(flat, piece)
        return
    *rows, rest = piece.split(_ROW_END)
    for row in rows:
        if _NEEDS_PATH.search(row):
            _take_whole(flat, row + _ROW_END)
        else:
            flat.lines += _row_lines(row, [])
    _take_whole(flat, rest)


def _table_lines(table: str) -> list[str]:
    """The lines of a table in which only the ends of paragraphs, cells and rows matter; those of a table within it
    follow the row in which it stands."""
    nested: list[list[str]] = []
    begin = table.rfind(_OPEN)
    while begin > 0:
        end = table.find(_CLOSE, begin) + len(_CLOSE)
        rows = table[begin:end].split(_ROW_END)
        nested.append([line for row in rows for line in _row_lines(row, nested)])
        table = f"{table[:begin]}\0{len(nested) - 1}\0{table[end:]}"
        begin = table.rfind(_OPEN, 0, begin)
    return [line for row in table.split(_ROW_END) for line in _row_lines(row, nested)]


def _row_lines(row: str, nested: list[list[str]]) -> list[str]:
    cells = [
        _line(cell) if cell.count(_PARAGRAPH_END) < 2 else join_lines(map(_line, cell.split(_PARAGRAPH_END)))
        for cell in row.split(_CELL_END)[:-1]
    ]
    lines = ["\t".join(cells)] if any(cells) else []
    for mark in _NESTED.findall(row) if nested else ():
        lines += nested[int(mark)]
    return lines


def _line(piece: str) -> str:
    return clean(resolve_entities("".join(_CHARACTERS.findall(piece))))


def _take_whole(flat: _Flat, text: str) -> None:
    """Every tag, with the path that leads to it: for revisions, hidden text and alternatives."""
    for closing, name, attributes, closed, characters in _TOKEN.findall(text):
        if characters:
            flat.take_text(characters)
        elif closing:
            flat.close(name)
        else:
            flat.open(name, attributes)
            if closed:
                flat.close(name)


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
        elif name == "tc" and self._rows:
            self._end_cell()
        elif name == "tr" and self._rows:
            self._end_row()

    def take_text(self, characters: str) -> None:
        if self._path and self._path[-1] == "t" and not self._silent_since and not self._run_hidden:
            self._text += resolve_entities(characters)

    def end_line(self) -> None:
        text, self._text = clean(self._text), ""
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
        row = self._rows[-1]
        if not row.cell_deleted:
            row.cells.append(join_lines(row.lines))
        row.lines, row.cell_deleted = [], False

    def _end_row(self) -> None:
        row = self._rows.pop()
        if row.deleted:
            return
        target = self._rows[-1].nested if self._rows else self.lines
        if any(row.cells):
            target.append("\t".join(row.cells))
        target.extend(row.nested)
