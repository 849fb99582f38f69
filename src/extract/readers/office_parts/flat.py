"""A second, independent reading of WordprocessingML: tags in a row, no tree, no grid.

It knows what opens, what closes and what is text, and accepts revisions as the first reading does.
Automatic numbers, which stand in no text, are not in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from extract.readers.office_parts.celltext import clean, join_lines
from extract.readers.office_parts.package import in_transitional_utf8

_TOKEN = re.compile(r"<(/?)(?:[\w.-]+:)?([\w.-]+)([^<>]*?)(/?)>|([^<]+)")
_ENTITY = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot|apos));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_SILENT = frozenset(["Fallback", "moveFrom", "del", "rt"])
_ENCODING = re.compile(rb'^\s*<\?xml[^>]*encoding=["\']([\w.-]+)')
_MAX_LINES = 200_000
_PREFIXED = 'xmlns:w="'
_NEEDS_PATH = re.compile(r"<w:(?:del|moveFrom|vanish|cellDel|rt)\b|:Fallback\b")
_ROW_END = "</w:tr>"
_TABLE_EDGES = re.compile(r"<(/?)w:(tbl|txbxContent)(?:\s[^<>]*)?>")
_LINE_TAGS = re.compile(r"<w:t(?:\s[^<>]*)?>([^<]*)</w:t>|<(/?)w:(p|tr|tc|br|cr|tab|ptab|noBreakHyphen)\b([^<>]*)>")


def flatten(data: bytes) -> list[str]:
    """The printed lines of a document part: one a paragraph, one a table row with its cells parted by tabs."""
    data = in_transitional_utf8(data)
    encoding = _ENCODING.match(data)
    try:
        text = data.decode(encoding[1].decode() if encoding else "utf-8", "replace")
    except LookupError:
        text = data.decode("utf-8", "replace")
    flat = _Flat()
    for piece in _pieces(text) if _PREFIXED in text else [text]:
        if len(flat.lines) > _MAX_LINES:
            break
        if _PREFIXED in text and not _NEEDS_PATH.search(piece):
            _take_plain(flat, piece)
        else:
            _take_whole(flat, piece)
    flat.end_line()
    return flat.lines


def _pieces(text: str) -> Iterator[str]:
    """The text cut before and after each outermost table, so that one revision does not slow the reading of all tables."""
    depth = begin = 0
    for edge in _TABLE_EDGES.finditer(text):
        closing, name = edge.groups()
        if not closing:
            if depth == 0 and name == "tbl":
                yield text[begin : edge.start()]
                begin = edge.start()
            depth += 1
        else:
            depth = max(0, depth - 1)
            if depth == 0 and name == "tbl":
                yield from _rows_of(text[begin : edge.end()])
                begin = edge.end()
    yield text[begin:]


def _rows_of(table: str) -> Iterator[str]:
    """A table cut after each row; left whole where another table or a text box stands in it."""
    if table.count("<w:tbl>") + table.count("<w:tbl ") > 1 or "txbxContent" in table:
        yield table
        return
    *rows, rest = table.split(_ROW_END)
    for row in rows:
        yield row + _ROW_END
    yield rest


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


def _take_plain(flat: _Flat, text: str) -> None:
    """The same for a piece without revisions, hidden text or alternatives: only the tags that begin and end lines matter."""
    for characters, closing, name, attributes in _LINE_TAGS.findall(text):
        if not name:
            flat.add(characters)
        elif closing or attributes.endswith("/"):
            flat.end(name)
        else:
            flat.begin(name)


def _resolved(entity: re.Match[str]) -> str:
    decimal, hexadecimal, name = entity.groups()
    if name:
        return _NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if code < 0x110000 else ""


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
            self._text += _ENTITY.sub(_resolved, characters)

    def add(self, characters: str) -> None:
        self._text += _ENTITY.sub(_resolved, characters) if "&" in characters else characters

    def begin(self, name: str) -> None:
        self.end_line()
        if name == "tr":
            self._rows.append(_Row())

    def end(self, name: str) -> None:
        """The end of an element, be it one that has no content."""
        if name in ("tab", "ptab", "noBreakHyphen"):
            self._text += "-" if name == "noBreakHyphen" else " "
        elif name == "tc" and self._rows:
            self._end_cell()
        elif name == "tr" and self._rows:
            self._end_row()
        else:
            self.end_line()

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
