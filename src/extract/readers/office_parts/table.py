"""One table of WordprocessingML as a Grid: its elements once, in document order. Nested tables must be out of the
tree before.
"""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from extract.document import MAX_SPAN, Grid, Note
from extract.readers.office_parts.celltext import clean, join_lines
from extract.readers.office_parts.numbering import W
from extract.readers.office_parts.placing import CONTINUE, RESTART, Placing
from extract.readers.office_parts.printed import STRUCK
from extract.readers.office_parts.styles import Styles
from extract.readers.office_parts.text import BR, CR, INLINE, P, T, symbol_or_mark

DOUBT = "print in this cell is struck through, or a raised mark, and was left out"
TR, TC, PPR, VAL = W + "tr", W + "tc", W + "pPr", W + "val"
_GRID_BEFORE, _GRID_SPAN, _V_MERGE, _H_MERGE = W + "gridBefore", W + "gridSpan", W + "vMerge", W + "hMerge"
_STYLE, _NUMBER = W + "pStyle", W + "numPr"
_WIDTHS = f"{W}tblGrid/{W}gridCol"
_LINE_STARTS, _NUMBERING = (P, BR, CR), (_STYLE, _NUMBER)
_EVENTS = (TR, TC, P, *INLINE, _GRID_BEFORE, _GRID_SPAN, _V_MERGE, _H_MERGE, _STYLE, _NUMBER, STRUCK)


def whole_number(node: etree._Element) -> int:
    """The non-negative number of a w:val, at most MAX_SPAN; 0 where there is none."""
    text = node.get(VAL, "")
    return min(int(text), MAX_SPAN) if text.isascii() and text.isdigit() and len(text) < 9 else 0


class TableReader:
    """Reads one w:tbl. `number_of` gives the automatic number of a paragraph, "" where it has none."""

    def __init__(
        self, document_id: str, table: int, styles: Styles, number_of: Callable[[etree._Element], str]
    ) -> None:
        self._placing = Placing(document_id, table)
        self._styles, self._number_of = styles, number_of
        self._span, self._vertical, self._horizontal, self._doubt = 1, "", "", ""
        self._open = False

    @property
    def notes(self) -> list[Note]:
        """What the table's places made worth telling."""
        return self._placing.notes

    def read(self, node: etree._Element) -> Grid:
        """The Grid of a w:tbl, whose cells are located in this document and table."""
        lines: list[str] = []
        text = ""
        for piece in node.iter(*_EVENTS):
            tag = piece.tag
            if tag == T:
                text += piece.text or ""
            elif tag in _LINE_STARTS:
                if text:
                    lines.append(text)
                    text = ""
            elif tag == TC:
                self._end_cell(lines, text)
                lines, text, self._open = [], "", True
            elif tag == TR:
                self._end_cell(lines, text)
                lines, text = [], ""
                if not self._placing.begin_row():
                    break
            elif tag in INLINE:
                text += symbol_or_mark(piece)
            elif tag in _NUMBERING:
                text = text or self._automatic_number(piece)
            else:
                self._take_property(piece, tag)
        self._end_cell(lines, text)
        return self._placing.grid([column.get(W + "w", "") for column in node.iterfind(_WIDTHS)])

    def _take_property(self, node: etree._Element, tag: str) -> None:
        if tag == _GRID_SPAN:
            self._span = max(whole_number(node), 1)
        elif tag == _GRID_BEFORE:
            self._placing.col = whole_number(node)
        elif tag == _V_MERGE:
            self._vertical = RESTART if node.get(VAL) == RESTART else CONTINUE
        elif tag == STRUCK:
            self._doubt = DOUBT
        else:
            self._horizontal = RESTART if node.get(VAL) == RESTART else CONTINUE

    def _automatic_number(self, node: etree._Element) -> str:
        """The number of the paragraph that a w:numPr or a w:pStyle belongs to, asked once for each paragraph."""
        properties = node.getparent()
        if properties is None or properties.tag != PPR:
            return ""
        if node.tag == _STYLE and (
            not self._styles.style(node.get(VAL, "")).list_id or properties.find(_NUMBER) is not None
        ):
            return ""
        paragraph = properties.getparent()
        return "" if paragraph is None else self._number_of(paragraph)

    def _end_cell(self, lines: list[str], text: str) -> None:
        if self._open:
            said = join_lines([*lines, text]) if lines else clean(text)
            self._placing.take(said, self._span, self._vertical, self._horizontal, self._doubt)
            self._open = False
        self._span, self._vertical, self._horizontal, self._doubt = 1, "", "", ""
