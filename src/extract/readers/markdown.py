"""Markdown and other text with pipe tables, as conversion tools leave it: headings, paragraphs, rows between bars.

A cell left empty stays empty: whether `||` stands for a merged cell or a blank one cannot be told. Small tables with
equal numbers of columns and nothing between them are one table that a tool cut up; their invented headers stay as rows.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

from extract.charset import decode, utf16_without_mark
from extract.document import (
    MAX_GRID_CELLS,
    MAX_SPAN,
    Cell,
    Document,
    Grid,
    Link,
    Locator,
    Note,
    Paragraph,
    Source,
    Unreadable,
)
from extract.readers.office_parts.celltext import clean, join_lines
from extract.readers.text_parts.bars import redrawn

KIND = "markdown"
METHOD = "text"
MAX_LINES = 200_000
MAX_LINE = 20_000
_FEWEST_BARS = 30  # lines that hold a bar and nothing else: a converter that parts all cells so
_LONGEST_CELL = 6  # lines of one cell between two bars

_BARS = str.maketrans("│┃｜￨", "||||")  # tables drawn with box characters
_SEPARATOR = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_BAR = re.compile(r"(?<!\\)\|")
_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:b|strong|em|i|u|s|span|font|p|div|center|sup|sub|a)\b[^<>]*>", re.IGNORECASE)
_IMAGE = re.compile(r"!\[([^\[\]]*)\]\(\s*<?([^()<>\s]+)>?[^()]*\)")
_LINK = re.compile(r"(?<!!)\[([^\[\]]*)\]\(\s*<?([^()<>\s]+)>?[^()]*\)")
_EMPHASIS = re.compile(r"(\*\*|__|~~|`)(?=\S)(.+?)(?<=\S)\1")
# What is struck out is not printed; a raised mark points to a note; a number set as a formula is a number.
_STRUCK = re.compile(r"~~[^~]*~~|<(?:s|del|strike)>.*?</(?:s|del|strike)>", re.IGNORECASE)
_NOTE_MARK = re.compile(r"(?<=[\d\w）)])<sup>[\s\[\](（注)）\d①-⑳*]{1,8}</sup>|\[\^\w{1,8}\]", re.IGNORECASE)
_FORMULA = re.compile(r"\$\s*([+-]?[\d.,]+)\s*\$")
_NO_VALUE = frozenset(
    {"nan", "NaN", "None", "<NA>", "NaT", *(f"Unnamed: {n}" for n in range(40))}
)  # pandas for an empty cell
_ATTACHMENT = re.compile(r"\.(?:docx?|wps|rtf|xlsx?|et|csv|pdf|zip|rar)(?:[?#]|$)", re.IGNORECASE)
_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)\n---[ \t]*(?:\n|$)", re.DOTALL)
_FRONT_KEYS = {"title": "title", "author": "author", "date": "published", "source": "source", "url": "url"}
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def sniffs(head: bytes, suffix: str) -> bool:
    """Whether the bytes are text with a pipe table: a `|---|` line, or three lines that begin with a bar.

    A file named .md is Markdown also without one.
    """
    if utf16_without_mark(head[:512]) or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = decode(head).encode("utf-8", "replace")
    if (
        not head.strip()
        or _CONTROL.search(head)
        or head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"{\\rtf", b"%PDF"))
    ):
        return False
    lines = decode(head).splitlines()
    if suffix.lower() in (".md", ".markdown"):
        return True
    if any(map(_is_separator, lines)):
        return True
    # Bars that only part cells ("规章|0|0|") are plain text: a pipe table begins its rows with one.
    rows = [
        line.lstrip() for line in lines if line.strip(" |") and (line.count("|") >= 2 or line.lstrip().startswith("|"))
    ]
    return len(rows) >= 3 and all(row.startswith("|") for row in rows)


def holds_table(data: bytes) -> bool:
    """Whether a `|---|` line stands anywhere in a text, be it behind pages of prose."""
    return any(map(_is_separator, decode(data).splitlines()))


def read(source: Source, data: bytes) -> Document:
    """The Document of Markdown bytes. Raises Unreadable where they are empty or beyond the bounds of a report."""
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n").translate(_BARS)
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        raise Unreadable(f"The file has over {MAX_LINES} lines: no report has that many.")
    document = Document(source, [])
    document.reread = partial(_reread, text)
    start = _take_front_matter(text, document)
    drawn = [line or "" for line in redrawn([line[:MAX_LINE] for line in lines])]
    _Lines(document).take(_bars_in_place(drawn), start)
    if not document.blocks:
        raise Unreadable("The file holds no text: fetch the report again.")
    return document


def _reread(text: str) -> list[str]:
    """The second reading: every line for itself, bars as tabs, markup off."""
    lines = (
        "\t".join(clean(part) for part in re.split(r"\|", re.sub(r"[*_`~#>]+", "", line))) for line in text.split("\n")
    )
    return [line.strip("\t") for line in lines if line.strip("\t -:")]


def _is_separator(line: str) -> bool:
    return "|" in line and "-" in line and bool(_SEPARATOR.match(line[:MAX_LINE]))


def _take_front_matter(text: str, document: Document) -> int:
    """Take the key: value lines between two rules at the top; the number of lines they fill."""
    found = _FRONT_MATTER.match(text)
    if not found:
        return 0
    for line in found[1].split("\n"):
        key, _, value = line.partition(":")
        if key.strip().lower() in _FRONT_KEYS and value.strip():
            document.metadata[_FRONT_KEYS[key.strip().lower()]] = clean(value).strip("\"'")
    return found[0].count("\n")


@dataclass(slots=True)
class _Row:
    """A row of a pipe table: its raw cells, the lines (from 0) that it begins and ends in, and the columns that the table's `|---|` line has (0 where
    there is none). `ends_only` says that a bar ends the row and none begins it."""

    cells: list[str]
    first: int
    last: int
    width: int = 0
    ends_only: bool = False


def _complete(rows: list[_Row]) -> None:
    """Give rows the empty cells at their end that the writer left out: up to the columns of the `|---|` line, and one behind a last bar where other
    rows of the table end without one."""
    bars_part = not all(row.ends_only for row in rows)
    for row in rows:
        if row.ends_only and bars_part:
            row.cells.append("")
        row.cells += [""] * min(row.width - len(row.cells), MAX_SPAN)


def _bars_in_place(lines: list[str]) -> list[str]:
    """Lines in which bars stand on lines of their own between the cells: each row joined on the line of its first bar.

    Two such lines with nothing between end a row; where no two do, the rows cannot be told, and the bars alone are taken away.
    """
    bars = [at for at, line in enumerate(lines) if line.strip() == "|"]
    ends = sum(1 for one, other in pairwise(bars) if other == one + 1)
    if len(bars) < _FEWEST_BARS:
        return lines
    if not ends:
        return ["" if line.strip() == "|" else line for line in lines]
    gaps = [(one, other, [line.strip() for line in lines[one + 1 : other]]) for one, other in pairwise(bars)]
    apart = [any(between) and not all(between) for _, _, between in gaps]  # text parted from its bars by an empty line
    outside = sum(apart) * 20 < len(gaps)  # where that is rare, it stands between two tables and in no cell
    joined = list(lines)
    first, cells = bars[0], [""]
    for (one, other, between), is_apart in zip(gaps, apart, strict=True):
        if not between or len(between) > _LONGEST_CELL or (outside and is_apart):
            joined[first] = "|".join([*cells, ""]) if len(cells) > 1 else ""
            first, cells = other, [""]
        else:
            cells.append("".join(between))
            joined[one + 1 : other] = [""] * len(between)
        joined[other] = ""
    joined[first] = "|".join([*cells, ""]) if len(cells) > 1 else ""
    return joined


@dataclass(slots=True)
class _Lines:
    """Goes down the lines once: rows gather in a table until something else than an empty line comes."""

    document: Document
    _rows: list[_Row] = field(default_factory=list)
    _gap: bool = False  # an empty line came after the last row
    _open: bool = False  # the last row has not been closed by a bar
    _bare: bool = False  # bars stand only between the cells: one at either end of a line parts an empty cell
    _tables: int = 0
    _width: int = 0

    def take(self, lines: list[str], start: int) -> None:
        """Take all lines from `start` on."""
        for number, line in enumerate(lines[start:], start):
            following = lines[number + 1] if number + 1 < len(lines) else ""
            if not line.strip():
                self._gap, self._open = bool(self._rows), False
            elif _is_separator(line):
                self._gap = self._open = False
                self._width = len(_BAR.split(line.strip().removeprefix("|").removesuffix("|")))
                if self._rows:
                    self._rows[-1].width = self._width
            elif line.lstrip().startswith("|") or ("|" in line and ("|" in following or self._goes_on())):
                self._take_row(line, number)
            elif self._open:  # a cell's text wrapped into a new line without a bar
                self._rows[-1].cells[-1] += "\n" + line
                self._rows[-1].last = number
            else:
                self._end_table()
                self._take_paragraph(line, number)
        self._end_table()

    def _goes_on(self) -> bool:
        return bool(self._rows) and not self._gap

    def _take_row(self, line: str, number: int) -> None:
        parts = _BAR.split(line.strip())
        begins = parts[0] == ""
        closed = parts[-1] == "" and len(parts) > 1
        self._bare |= not (begins or closed or self._open)
        if self._open and not self._gap:
            row = self._rows[-1]
            if begins and len(parts) <= 2 and len(row.cells) < MAX_SPAN:  # bar and value on lines of their own
                row.cells.append(parts[1] if len(parts) > 1 else "")
                row.last = number
                return
            if not begins:
                row.cells[-1] += "\n" + parts[0]
                row.cells.extend(parts[1 : -1 if closed else None])
                row.last, self._open = number, not closed
                return
        if self._bare:
            self._rows.append(_Row(parts, number, number, self._width))
            self._gap = False
            return
        cells = parts[1 if begins else 0 : -1 if closed and len(parts) > 2 else None]
        self._rows.append(_Row(cells, number, number, self._width, closed and not begins))
        self._gap, self._open = False, begins and (not closed or len(parts) == 2)

    def _take_paragraph(self, line: str, number: int) -> None:
        heading = _HEADING.match(line)
        text = self._plain(heading[2] if heading else re.sub(r"^\s*(?:>\s?)+|^\s*[-*+]\s+", "", line))
        if not text or re.fullmatch(r"[-*_ ]{3,}", text):
            return
        role = "body"
        if heading:
            first = len(heading[1]) == 1 and not any(isinstance(b, Paragraph) for b in self.document.blocks)
            role = "title" if first else "heading"
        where = (number + 1, 1, number + 1, max(len(line), 1))
        locator = Locator(self.document.source.document_id, None, None, None, None, where, METHOD)
        self.document.blocks.append(Paragraph(text, locator, role))

    def _end_table(self) -> None:
        rows, self._rows, self._gap, self._open, self._bare, self._width = self._rows, [], False, False, False, 0
        if not rows:
            return
        _complete(rows)
        group: list[list[str]] = []
        where: list[_Row] = []
        for row in rows:
            texts = ["" if cell in _NO_VALUE else self._plain(cell) for cell in map(str.strip, row.cells[:MAX_SPAN])]
            broken = where and row.first > where[-1].last + 2 and len(texts) != len(group[-1])
            if broken:
                self._add_grid(group, where)
                group, where = [], []
            group.append(texts)
            where.append(row)
        self._add_grid(group, where)

    def _add_grid(self, rows: list[list[str]], where: list[_Row]) -> None:
        """Rows as a Grid, empty columns kept: they may be padding, or the values of an office that leaves every zero blank. A single column is prose."""
        width = max((place + 1 for row in rows for place, text in enumerate(row) if text), default=0)
        document_id = self.document.source.document_id
        if width <= 1:
            for row, lines in zip(rows, where, strict=True):
                if row and row[0]:
                    box = (lines.first + 1, 1, lines.last + 1, 1)
                    self.document.blocks.append(
                        Paragraph(row[0], Locator(document_id, None, None, None, None, box, METHOD))
                    )
            return
        self._tables += 1
        cells: list[Cell] = []
        for number, (row, lines) in enumerate(zip(rows, where, strict=True)):
            box = (lines.first + 1, 1, lines.last + 1, 1)
            for col, text in enumerate(row):
                locator = Locator(document_id, None, self._tables, number + 1, col + 1, box, METHOD)
                cells.append(Cell(text, number, col, 1, 1, locator))
            if len(cells) > MAX_GRID_CELLS:
                message = f"Table {self._tables} has over {MAX_GRID_CELLS} cells: the rest is not read."
                self.document.notes.append(Note("too_large", message))
                break
        self.document.blocks.append(Grid(cells, self._tables))

    def _plain(self, text: str) -> str:
        """The text without Markdown's and HTML's inline marks; pictures and attachments in it become links."""
        for alternative, target in _IMAGE.findall(text):
            self.document.links.append(Link(target, alternative, "image"))
        text = _IMAGE.sub("", text)
        for label, target in _LINK.findall(text):
            if _ATTACHMENT.search(target):
                self.document.links.append(Link(target, clean(label), "attachment"))
        text = _NOTE_MARK.sub("", _STRUCK.sub("", _LINK.sub(r"\1", text)))
        text = _EMPHASIS.sub(r"\2", _TAG.sub("", _BREAK.sub("\n", text))).replace("\\|", "|")
        text = _FORMULA.sub(r"\1", text)
        text = re.sub(r"\\([\\`*_{}\[\]()#+.!~-])", r"\1", text)
        return join_lines(html.unescape(text).split("\n"))
