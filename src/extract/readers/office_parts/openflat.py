"""A second, independent reading of OpenDocument text: tags in a row, no tree, no grid."""

from __future__ import annotations

import re

from extract.document import Unreadable
from extract.readers.office_parts.celltext import clean, join_lines
from extract.readers.office_parts.package import Package
from extract.readers.office_parts.sheetflat import resolved

_TOKEN = re.compile(r"<(/?)([\w.-]+:[\w.-]+)([^<>]*?)(/?)>|([^<]+)")
_SILENT = frozenset({"text:tracked-changes", "text:note", "office:annotation", "text:ruby-text"})
_MARKS = {"text:s": " ", "text:tab": " ", "text:line-break": "\n"}
_LINES = frozenset({"text:p", "text:h"})
_MAX_LINES = 200_000


def flatten_open_text(data: bytes) -> list[str]:
    """The printed lines: one a paragraph, one a table row with its cells parted by tabs; [] where the file is damaged."""
    try:
        text = Package(data).read("content.xml").decode("utf-8", "replace")
    except Unreadable:
        return []  # no second reading
    flat = _Flat()
    start = text.find("<office:text")
    for closing, name, _, closed, characters in _TOKEN.findall(text, max(start, 0)):
        if characters:
            flat.take_text(characters)
        elif closing:
            flat.close(name)
        else:
            flat.open(name)
            if closed:
                flat.close(name)
        if len(flat.lines) > _MAX_LINES:
            break
    return flat.lines


class _Flat:
    """What is open while the tags go by: rows with their cells, the line being written, a silent element."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._rows: list[
            tuple[list[str], list[str]]
        ] = []  # of each open row its finished cells, the lines of the open cell
        self._text = ""
        self._silent = 0
        self._deep = 0  # of lines that are open: a text box hangs in a paragraph

    def open(self, name: str) -> None:
        if name in _SILENT:
            self._silent += 1
        elif self._silent:
            return
        elif name in _MARKS:
            self._text += _MARKS[name]
        elif name in _LINES:
            self._end_line()
            self._deep += 1
        elif name == "table:table-row":
            self._rows.append(([], []))

    def close(self, name: str) -> None:
        if name in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif self._silent:
            return
        elif name in _LINES:
            self._deep = max(0, self._deep - 1)
            self._end_line()
        elif name == "table:table-cell" and self._rows:
            cells, lines = self._rows[-1]
            cells.append(join_lines(lines))
            lines.clear()
        elif name == "table:table-row" and self._rows:
            cells, _ = self._rows.pop()
            if any(cells):
                self.lines.append("\t".join(cells))

    def take_text(self, characters: str) -> None:
        if self._deep and not self._silent:
            self._text += resolved(characters)

    def _end_line(self) -> None:
        lines, self._text = self._text.split("\n"), ""
        (self._rows[-1][1] if self._rows else self.lines).extend(line for line in map(clean, lines) if line)
