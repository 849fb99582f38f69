"""Plain text: what is left of a report after copying it out of Word or a web page.

Tables come as one cell per line (tab-indented where the dump kept the tabs, rows parted by empty lines) or as one row per line with tabs or runs
of spaces between the cells. Where nothing marks the cells, the lines stay paragraphs: telling them apart needs the form, which no reader knows.
"""

from __future__ import annotations

import re
from functools import partial
from itertools import groupby
from operator import itemgetter

from ..charset import decode, utf16_without_mark
from ..document import BBox, Cell, Document, Grid, Locator, Note, Paragraph, Source, Unreadable
from .text_parts.bars import ends_barred_cell, only_bars, opens_barred_row, redrawn
from .text_parts.commas import are_commas, by_pattern, whole_rows, with_tabs
from .text_parts.long_lines import Piece, put_back, unfolded
from .text_parts.pages import without_page_numbers
from .text_parts.pieces import parted, pieces_of, places_in, tidy
from .text_parts.widths import complete
from .text_parts.wrapped import unwrapped

KIND = "text"
METHOD = "text"
MAX_LINE = 100_000
FEWEST_NUMBERS = 5  # one space between them, and no words beside them: a row whose label stands above it
WRAPPED_LABEL = 8  # characters: a label's second line is that short ("企业", "机构", "结果")

DRAWN_BARS = "│┃｜￨"  # of tables drawn with characters
YEAR_APART = re.compile(
    r"20\d\d[ \u3000\u00a0]{2,}年"
)  # a title as programs lay it out that keep the room between letters
HEADING = re.compile(r"[一二三四五六七]、\S{2,30}情况")  # of a section: what follows is another table
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def sniffs(head: bytes, suffix: str) -> bool:
    """Whether the first bytes are text of some kind: no control bytes, or UTF-16. The last kind to be asked: anything textual is text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or utf16_without_mark(head[:512]):
        return True
    return bool(head.strip()) and not CONTROL.search(head)


def read(source: Source, data: bytes) -> Document:
    """Read a text file. Raises Unreadable where it is empty or not text."""
    text = decode(data)
    if text.count("\ufffd") > max(20, len(text) // 10):
        raise Unreadable(
            "the file is neither UTF-8 nor GB18030 text: save it again as UTF-8 text, or give the original document"
        )
    if any(bar in text for bar in DRAWN_BARS):
        text = text.translate(dict.fromkeys(map(ord, DRAWN_BARS), "|"))
    lines = [line[:MAX_LINE] for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    lines = without_page_numbers(lines)
    if not any(line.strip() for line in lines):
        raise Unreadable("the file is empty: fetch the report again")
    document = Document(source, [])
    pieces = unfolded(lines) or whole_rows(lines) or _redrawn(lines)
    if pieces is None:
        _take(lines, document)
    else:
        _take([piece.text for piece in pieces], document)
        put_back(document.blocks, pieces)
    return document


def _redrawn(lines: list[str]) -> list[Piece] | None:
    """The lines, drawn tables as rows of one line each; None where none is drawn."""
    told = redrawn(lines)
    if None not in told:
        return None
    return [Piece(line, at, 1, len(lines[at - 1])) for at, line in enumerate(told, 1) if line is not None]


def _take(lines: list[str], document: Document) -> None:
    """The blocks of the lines, and how they are read a second time."""
    rows = list(enumerate(lines))
    if are_commas(lines):
        document.reread = partial(_flatten, list(map(by_pattern, lines)))
        tabbed, unclear = with_tabs(lines)
        rows = list(enumerate(tabbed))
        document.notes += [_unclear(document.source, lines[at], at) for at in unclear]
    else:
        document.reread = partial(_flatten, lines)
        rows = unwrapped(lines) or rows
    _Lines(document, lines, [at for at, _ in rows]).run([line for _, line in rows])


def _unclear(source: Source, line: str, at: int) -> Note:
    """What is told of a row whose commas may part cells or stand inside numbers."""
    place = Locator(source.document_id, None, None, at + 1, None, (at + 1, 1, at + 1, len(line)), METHOD)
    why = "a comma may part two cells or stand inside a number; give the original document"
    return Note("glued_cells", f"“{line.strip()[:40]}”: {why}", place)


def _flatten(lines: list[str]) -> list[str]:
    """The second reading: every line for itself, cells parted by whatever stands between them."""
    return [tidy(line.replace("|", "\t")).strip("\t ") for line in lines if line.strip()]


class _Lines:
    """Goes down the lines once: runs of lines that look like a table become a grid, all others paragraphs. `printed` are the lines as they stand in the
    file, in which the places of cells count, `numbers` those of the lines that are read there, from 0."""

    def __init__(self, document: Document, printed: list[str], numbers: list[int]) -> None:
        self.document = document
        self.printed, self.numbers = printed, numbers
        self.table = 0

    def run(self, lines: list[str]) -> None:
        at = 0
        while at < len(lines):
            if _tabbed(lines[at]):
                at = self.cells_by_line(lines, at)
            elif opens_barred_row(lines, at):
                at = self.barred_cells_by_line(lines, at)
            elif only_bars(lines[at]):
                at += 1  # it only parts the cells above and below
            elif _is_row(lines, at):
                at = self.rows_by_line(lines, at)
            elif ends_barred_cell(lines, at):
                at = self.cells_before_bars(lines, at)
            else:
                self.paragraph(lines[at], at)
                at += 1

    def paragraph(self, line: str, at: int) -> None:
        text = tidy(line)
        if text:
            number = self.numbers[at] + 1
            ((first, last),) = places_in(self.printed[number - 1], [text])
            bbox = (number, first, number, last)
            locator = Locator(self.document.source.document_id, None, None, number, None, bbox, METHOD)
            self.document.blocks.append(Paragraph(text, locator))

    def grid(self, rows: list[list[tuple[str, int, int]]], sure_places: bool = True) -> None:
        """Append a grid from rows of (text, first line, last line)."""
        self.table += 1
        of = self.document.source.document_id
        cells: list[Cell] = []
        for r, row in enumerate(rows):
            for c, ((text, _, _), bbox) in enumerate(zip(row, self.boxes(row), strict=True)):
                cells.append(Cell(text, r, c, 1, 1, Locator(of, None, self.table, r + 1, c + 1, bbox, METHOD)))
        self.document.blocks.append(Grid(cells, self.table, sure_places=sure_places))

    def boxes(self, row: list[tuple[str, int, int]]) -> list[BBox]:
        """Where the cells of a row stand in the file: those that share a line by their characters, of those over several lines the lines."""
        found: list[BBox] = []
        for line, some in groupby(row, key=itemgetter(1)):
            cells = list(some)
            places = places_in(self.printed[self.numbers[line]], [text for text, _, _ in cells])
            for (_, first, last), (begin, end) in zip(cells, places, strict=True):
                top, bottom = self.numbers[first], self.numbers[last]
                box = (begin, end) if top == bottom else (1, len(self.printed[bottom]))
                found.append((top + 1, box[0], bottom + 1, box[1]))
        return found

    def cells_by_line(self, lines: list[str], at: int) -> int:
        """One cell per tab-indented line; an empty line ends the row; a short line without a tab goes on with the cell above it."""
        rows: list[list[tuple[str, int, int]]] = [[]]
        while at < len(lines):
            line = lines[at]
            if _tabbed(line):
                for piece in line.lstrip("\t").split("\t") if line.strip() else [""]:
                    rows[-1].append((tidy(piece), at, at))
            elif not line.strip():
                follows = _next_filled(lines, at)
                if follows is None or not (_tabbed(lines[follows]) or _continues(lines, follows)) or follows - at > 2:
                    break
                if _tabbed(lines[follows]):
                    rows.append([])
            elif rows[-1] and _continues(lines, at):
                text, first, _ = rows[-1][-1]
                rows[-1][-1] = (text + tidy(line), first, at)
            else:
                break
            at += 1
        self.grid([row for row in rows if row])
        return at

    def barred_cells_by_line(self, lines: list[str], at: int) -> int:
        """A bar alone begins a row, a line that ends in a bar is a cell, a line of bars as many empty ones; a line without a bar is the
        beginning of the cell that the next one ends."""
        rows: list[list[tuple[str, int, int]]] = []
        begun: list[tuple[str, int]] = []
        while at < len(lines):
            line = lines[at].strip()
            if line == "|":
                rows.append([])
            elif line.endswith("|"):
                first = begun[0][1] if begun else at
                pieces = line.removesuffix("|").split("|") if line.strip("|") else [""] * len(line)
                pieces[0] = "".join(text for text, _ in begun) + pieces[0]
                rows[-1] += [(tidy(piece), first, at) for piece in pieces]
                begun = []
            elif not ends_barred_cell(lines, at + 1):
                break
            elif line:
                begun.append((line, at))
            at += 1
        self.grid([row for row in rows if row], sure_places=False)  # a bar alone may be an empty cell as well
        return at

    def cells_before_bars(self, lines: list[str], at: int) -> int:
        """Cells with a bar behind each and nothing that opens a row: paragraphs without their bars, the form tells where rows begin."""
        while at < len(lines) and (only_bars(lines[at]) or ends_barred_cell(lines, at)):
            if not only_bars(lines[at]):
                self.paragraph(lines[at].rstrip().removesuffix("|"), at)
            at += 1
        return at

    def rows_by_line(self, lines: list[str], at: int) -> int:
        """One row per line, cells parted by tabs, bars or runs of spaces; a line of the table that holds but one cell stays in it."""
        rows: list[list[tuple[str, int, int]]] = []
        sure = True
        bars: list[tuple[bool, bool]] = []  # of each row: whether a bar begins it, whether one ends it
        while at < len(lines):
            line = lines[at]
            if not line.strip() and line.count("\t") < 2:  # two tabs and more are a row of empty cells
                follows = _next_filled(lines, at + 1)
                if follows is None or follows - at > 2 or not _is_row(lines, follows):
                    break
                at = follows
                continue
            pieces = pieces_of(line)
            if len(pieces) < 2 and not _belongs_between(lines, at):
                break
            sure = sure and (len(pieces) < 2 or "\t" in line or "|" in line)
            rows.append([(piece, at, at) for piece in pieces])
            bars.append((line.strip().startswith("|"), line.strip().endswith("|")))
            at += 1
        complete(rows, bars)
        self.grid(rows, sure)
        return at


def _tabbed(line: str) -> bool:
    """A line that is one cell of a Word table dumped as text: it begins with a tab. A lone tab is an empty cell."""
    return line.startswith("\t") and len(line.strip().split("\t")) <= 1


def _continues(lines: list[str], at: int) -> bool:
    """Whether the line is the rest of a label that broke: short, no sentence, and the table goes on right after it."""
    text = lines[at].strip()
    return (
        0 < len(text) <= WRAPPED_LABEL
        and text[-1] not in "。：:"
        and at + 1 < len(lines)
        and lines[at + 1].startswith("\t")
    )


def _is_row(lines: list[str], at: int) -> bool:
    """Whether the line is a table row by itself: at least two cells, and not a sentence with odd spaces in it."""
    line = lines[at].strip()
    if "。" in line or YEAR_APART.search(line):
        return False
    return len(parted(lines[at])) >= 2 and len(line) < 1000


def _belongs_between(lines: list[str], at: int) -> bool:
    """A short line that is no sentence and is followed by a row: a heading cell that spans the table."""
    text = lines[at].strip()
    follows = at + 1 < len(lines) and (_is_row(lines, at + 1) or len(pieces_of(lines[at + 1])) >= FEWEST_NUMBERS)
    return follows and len(text) < 40 and not text.endswith("。") and HEADING.fullmatch(text) is None


def _next_filled(lines: list[str], at: int) -> int | None:
    """The next line that is not wholly empty (a lone tab counts as filled)."""
    for index in range(at, len(lines)):
        if lines[index].strip() or lines[index].startswith("\t"):
            return index
    return None
