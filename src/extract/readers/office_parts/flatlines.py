"""Lines of text as tags end them: what WordprocessingML prints, read with no more than what opens, what closes and what is text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from extract.readers.office_parts.celltext import clean, join_lines, resolve_entities

REMEMBERED, LONGEST = 1024, 8192  # pieces of markup, of about 200 bytes; longer ones are looked at each time
SPREAD = 256  # pieces of markup between cells and rows: all that stands between two tables is one, some thousand bytes
# What asks for the path that leads to a tag.
NEEDS_PATH = re.compile(rb"<w:(?:del|moveFrom|vanish|cellDel|rt)\b|<mc:Fallback\b")
CHARACTERS = re.compile(rb"<w:t(?: [^<>]*)?>([^<]*)")
# Where lines, cells and rows end, where rows begin, what prints without characters; in the order of _MARKS.
_ENDS = re.compile(rb"<(?:(/w:p)|(/w:tc)|(/w:tr)|(w:tr)|(w:br|w:cr)|(w:tab|w:ptab)|(w:noBreakHyphen))[\s/>]")
LINE, CELL, ROW, NEW_ROW = "pcrR"
_MARKS = (LINE, CELL, ROW, NEW_ROW, LINE, " ", "-")
_ROW_BEGINS = (b"<w:tr>", b"<w:tr ")
_TOKEN = re.compile(r"<(/?)(?:[\w.-]+:)?([\w.-]+)([^<>]*?)(/?)>|([^<]+)")
_SILENT = frozenset(["Fallback", "moveFrom", "del", "rt"])


@lru_cache(maxsize=SPREAD)
def marks_in(markup: bytes) -> str | None:
    """The marks in a piece of markup, None where it asks for its path; most pieces come again and again."""
    if NEEDS_PATH.search(markup):
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


class Flat:
    """The lines read so far, and the rows that are open."""

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

    def stands_before(self, row: bytes) -> bool:
        """Whether what ends with a row reads as it does by itself: between tables, or where it is a row of a table in a cell and no more."""
        return not self._text and (not self._rows or row.startswith(_ROW_BEGINS))

    def open_row(self) -> None:
        """Begin a table row."""
        self.end_line()
        self._rows.append(_Row())

    def only_cell(self) -> str | None:
        """The text of the one cell that was taken since a row was opened; None where more was taken."""
        if len(self._rows) != 1 or self._text or self.lines or self._rows[0].nested or len(self._rows[0].cells) != 1:
            return None
        return self._rows[0].cells[0]

    def add(self, lines: tuple[str, ...]) -> None:
        """Take the lines of whole rows."""
        if self._rows:
            self._rows[-1].nested += lines
        else:
            self.lines += lines

    def take(self, data: bytes) -> bool:
        """Take markup and characters by turns; False, and nothing taken, where some markup asks for its path."""
        pieces = CHARACTERS.split(data)
        markup = pieces[::2]
        marks = list(map(marks_in if max(map(len, markup)) < LONGEST else marks_in.__wrapped__, markup))
        if None in marks:
            return False
        texts = pieces[1::2]
        texts.append(b"")
        for ends, text in zip(marks, texts, strict=True):
            for mark in ends:  # type: ignore[union-attr]
                if mark == LINE:
                    self.end_line()
                elif mark == CELL:
                    self._end_cell()
                elif mark == ROW:
                    self._end_row()
                elif mark == NEW_ROW:
                    self.open_row()
                else:
                    self._text += mark
            self._text += text.decode("utf-8", "replace")
        return True

    def take_whole(self, data: bytes) -> None:
        """Take every tag, with the path that leads to it: for revisions, hidden text and alternatives."""
        for closing, name, attributes, closed, characters in _TOKEN.findall(data.decode("utf-8", "replace")):
            if characters:
                self.take_text(characters)
            elif closing:
                self.close(name)
            else:
                self.open(name, attributes)
                if closed:
                    self.close(name)

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
            self.open_row()
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
