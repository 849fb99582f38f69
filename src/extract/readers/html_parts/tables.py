"""Tables of a page: which only place things, and the cells of those that hold data, spans laid out as browsers do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

from lxml import etree

from extract.document import MAX_GRID_CELLS, MAX_SPAN, Cell, Locator

from .wording import tidy

Element: TypeAlias = Any  # lxml is untyped

METHOD = "html"
LAYOUT_TEXT = 400  # characters: no cell of a statutory table holds that much, a cell of a layout table does
OWN_NUMBERS = 12  # cells that hold nothing but digits: with as many a table holds data, however long a note in it is
SHORT_TEXT, FEWEST_SHORT = 60, 12
BLOCK = {
    "address", "article", "aside", "blockquote", "body", "br", "center", "dd", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "td", "th", "thead", "tfoot", "tr", "ul", "title",
}  # fmt: skip
GROUPS_OF_ROWS = {"thead": 0, "tbody": 1, "tfoot": 2}  # in the order in which browsers set them
CELLS = ("td", "th")
PARTS = frozenset({"tr", "caption", "colgroup", "col", *GROUPS_OF_ROWS})
PICTURE, WRITTEN = "a picture stands in the cell, and no text", "a script writes the cell"
SCRIPTED = "data-scripted"  # marks a cell that held a script, before scripts are taken out
TABLES_WITHIN = etree.XPath(
    "boolean(.//table[count(.//td|.//th) > 1])"
)  # a table of one cell is only a frame around it
STRING = etree.XPath("string()")
BREAKS = etree.XPath("count(.//p|.//br|.//div|.//li) > 1")
DIGITS = re.compile(r"\d+")


class Rows(NamedTuple):
    """The rows of a table as (cell, its text), and the elements that stand in the table but in none of its cells."""

    cells: list[list[tuple[Element, str]]]
    strays: list[Element]


def rows_of(table: Element) -> Rows:
    """The rows in the order in which a browser shows them."""
    rows: list[list[Element]] = []
    strays: list[Element] = []
    _gather(table, rows, strays)
    return Rows([[(cell, STRING(cell)) for cell in row] for row in rows], strays)


def _gather(parent: Element, rows: list[list[Element]], strays: list[Element]) -> None:
    children = list(parent)
    if parent.find("tfoot") is not None:
        children.sort(key=lambda child: GROUPS_OF_ROWS.get(child.tag, 1))
    open_row = False  # cells that stand in no row make one together
    for child in children:
        tag = child.tag
        if tag == "tr":
            own = list(child.iterchildren("td", "th"))
            if len(own) < len(child):
                strays.extend(one for one in child if one.tag not in CELLS and isinstance(one.tag, str))
            rows.append(own)
        elif tag in CELLS:
            if not open_row:
                rows.append([])
            rows[-1].append(child)
        elif tag in GROUPS_OF_ROWS:
            _gather(child, rows, strays)
        elif tag not in PARTS and isinstance(tag, str):
            if tag != "table" and _holds_rows(child):
                _gather(child, rows, strays)  # <table><form><tr>: a form around the rows
            else:
                strays.append(child)
        open_row = tag in CELLS


def _holds_rows(element: Element) -> bool:
    """Whether rows stand in an element that belong to the table around it, not to one inside."""
    inside = set(element.iter("table"))
    return any(next(row.iterancestors("table")) not in inside for row in element.iter("tr"))


def is_layout(rows: list[list[tuple[Element, str]]], nested: bool) -> bool:
    """A table that only places things: one column, or cells as long as pages, or other tables in it and little of its own."""
    if all(len(row) <= 1 for row in rows):
        return True
    long = [td for row in rows for td, text in row if len(text) > LAYOUT_TEXT and len(text.strip()) > LAYOUT_TEXT]
    if nested:
        if any(TABLES_WITHIN(td) for td in long):
            return True
        own = [text for row in rows for td, text in row if len(text) < SHORT_TEXT and not TABLES_WITHIN(td)]
        return len(own) < FEWEST_SHORT
    if not long:
        return False
    return sum(text.strip().isdigit() for row in rows for _, text in row) < OWN_NUMBERS


def tables_within(cell: Element) -> Iterator[Element]:
    """The outermost tables in a cell."""
    for child in cell:
        if child.tag == "table":
            if TABLES_WITHIN(cell):
                yield child
        elif len(child):
            yield from tables_within(child)


def grid_cells(rows: list[list[tuple[Element, str]]], number: int, document_id: str) -> list[Cell]:
    """Cells with their places; a span that is no number counts as its leading digits, else 1."""
    cells: list[Cell] = []
    taken: dict[int, int] = {}  # column -> first row in which it is free again
    height = len(rows)
    for r, row in enumerate(rows):
        col = 0
        for td, text in row:
            while taken and taken.get(col, 0) > r:
                col += 1
            attributes = td.attrib
            row_span = min(_span(attributes["rowspan"], height - r), height - r) if "rowspan" in attributes else 1
            col_span = _span(attributes["colspan"], 1) if "colspan" in attributes else 1
            locator = Locator(document_id, None, number, r + 1, col + 1, None, METHOD)
            cell = Cell(_cell_text(td, text), r, col, row_span, col_span, locator)
            if not cell.text and (SCRIPTED in attributes or (len(td) and _shows_picture(td))):
                cell.doubt = WRITTEN if SCRIPTED in attributes else PICTURE
            cells.append(cell)
            if row_span > 1:
                for c in range(col, col + col_span):
                    taken[c] = r + row_span
            col += col_span
        if len(cells) >= MAX_GRID_CELLS:
            break
    return cells


def _span(text: str, whole: int) -> int:
    """ "3" -> 3, "3px" -> 3, "0" -> all that is left (HTML's rule for rowspan), nonsense -> 1; never past MAX_SPAN."""
    match = DIGITS.search(text[:20])
    if match is None:
        return 1
    return min(int(match[0]) or max(whole, 1), MAX_SPAN)


def _shows_picture(td: Element) -> bool:
    """Whether a picture larger than a spacer stands in the cell: its number may be drawn."""
    sizes = (DIGITS.search(image.get(side) or "99") for image in td.iter("img") for side in ("width", "height"))
    pairs = [int(size[0]) if size else 99 for size in sizes]
    return any(min(pair) > 2 for pair in zip(pairs[::2], pairs[1::2], strict=True))


def _cell_text(td: Element, text: str) -> str:
    """A cell's text. Paragraphs within it are joined without a space, as Chinese wraps, but two numbers never run together."""
    return tidy(_join_blocks(td) if len(text) > 1 and len(td) and BREAKS(td) else text)


def _join_blocks(td: Element) -> str:
    """Text with a space wherever one block ends and the next begins between two digits or letters."""
    pieces: list[str] = []
    for event, element in etree.iterwalk(td, events=("start", "end")):
        tag = element.tag
        if event == "start":
            if tag in BLOCK:
                pieces.append(" ")
            if element.text and isinstance(tag, str):
                pieces.append(element.text)
        else:
            if tag in BLOCK:
                pieces.append(" ")
            if element.tail and element is not td:
                pieces.append(element.tail)
    return "".join(pieces)
