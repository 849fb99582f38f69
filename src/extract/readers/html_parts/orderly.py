"""Pages whose every element is closed where it was opened, read without a tree.

Once their regular tables are taken, many pages are nothing but divisions, paragraphs, lists, links and tables that place things. A browser makes of
these what stands there; so paragraphs, tables and pictures can be told from the tags as they come. Where a tag calls for a browser's judgement, or an
element for that of `shown`, the page is left to its tree.
"""

from __future__ import annotations

from dataclasses import dataclass

from .page_order import Orderly, Part, note_meta, read_foot, read_head, role_of
from .tables import LAYOUT_TEXT
from .tags import (
    BLANKS,
    FURNITURE,
    HEADINGS,
    IN_TABLES,
    INLINE,
    NO_TEXT,
    OTHER_BLOCKS,
    PARTS,
    REGULAR,
    REST_OF_REGULAR,
    VOID,
    Disorderly,
    Tag,
    cut_at_tags,
    plain_text,
    read_tag,
)
from .wording import tidy

LONGEST = 200_000  # characters
_ENDS_OF_PARAGRAPHS = (["</p>"], ["</P>"])
DEEPEST = 100  # elements in each other


def read_in_order(lean: str) -> Orderly | None:
    """The page without its regular tables, read tag by tag; None where it takes a tree, or is so long that it may be made to hold this up."""
    if len(lean) > LONGEST:
        return None
    try:
        return _Walk(cut_at_tags(lean)).run()
    except Disorderly:
        return None


@dataclass(slots=True)
class _Open:
    """An element that is open: whether blocks stand in it, and whether any of them parts it. Of a row or table, how many cells it has; of a cell, how
    much stood in cells before, and whether a table with cells of its own stands in it; of a table, whether a row of it has two cells, and
    whether a cell of it is as long as a page and holds such a table."""

    name: str
    part: Part
    holds_blocks: bool = False
    is_divided: bool = False
    cells: int = 0
    before: int = 0
    holds_table: bool = False
    has_columns: bool = False
    holds_page: bool = False


class _Walk:
    def __init__(self, pieces: list[str]) -> None:
        self.pieces = pieces
        self.page = Orderly()
        self.parts: list[Part] = []
        self.whole = Part(None, "body")
        self.inline: list[str] = []
        self.stack: list[_Open] = []
        self.links = self.paragraphs = self.headings = self.forms = self.cells = 0  # that are open
        self.in_links = 0  # characters in the link that is open
        self.in_cells = 0  # characters in cells so far, without spaces at the ends of their pieces

    def run(self) -> Orderly:
        at = read_head(self.pieces, self.page)
        self.stack.append(_Open("body", self.whole))
        count = len(self.pieces)
        while at < count:
            piece = self.pieces[at]
            if piece == "\n" and not (self.inline or self.links):  # as between most elements
                self.stack[-1].part.characters += 1
            else:
                self._text(piece)
            if at + 1 == count:
                raise Disorderly
            tag = read_tag(self.pieces[at + 1])
            if tag is None:
                at = self._regular(at + 1)
            elif tag.name == "body":
                break
            elif tag.is_plain and self.pieces[at + 3 : at + 4] in _ENDS_OF_PARAGRAPHS and not self.links:
                self._paragraph(self.pieces[at + 2])
                at += 4
            else:
                self._take(tag)
                at += 2
        if len(self.stack) != 1 or not tag or not tag.is_end:
            raise Disorderly
        self._flush()
        read_foot(self.pieces, at + 2)
        self._settle()
        return self.page

    def _text(self, piece: str) -> None:
        if not piece:
            return
        top = self.stack[-1]
        part = top.part
        if top.name in NO_TEXT and piece.strip(BLANKS):
            raise Disorderly
        if piece.isspace():
            part.characters += len(piece)
            self.in_links += len(piece) if self.links else 0
            if self.inline:
                self.inline.append(piece)
            return
        text = plain_text(piece)
        self._count(text, part)
        self.in_links += len(text) if self.links else 0
        self.inline.append(text)

    def _paragraph(self, piece: str) -> None:
        """A paragraph of one piece of text, as most are."""
        top = self.stack[-1]
        if self.paragraphs or top.name in NO_TEXT:
            raise Disorderly
        if self.inline or not top.is_divided:
            self._begin_block(divides=True)
        text = plain_text(piece)
        self._count(text, top.part)
        self._add(tidy(text), top.part)

    def _count(self, text: str, part: Part) -> None:
        part.characters += len(text)
        if part is not self.whole:
            part.solid += len("".join(text.split()))
        if self.cells:
            self.in_cells += len(text.strip())

    def _regular(self, at: int) -> int:
        """Pass over a table that was taken; returns where the text behind it is."""
        mark = REGULAR.fullmatch(self.pieces[at])
        holder = self.stack[-1]
        if mark is None or self.pieces[at + 2 : at + 16 : 2] != REST_OF_REGULAR or holder.name in NO_TEXT:
            raise Disorderly
        if int(mark[1]) != len(self.page.tables):
            raise Disorderly
        if self.links or self.paragraphs:
            raise Disorderly
        self._begin_block(divides=True)
        self._count(plain_text(self.pieces[at + 5]), holder.part)
        self._note_table()
        self.page.tables.append(len(self.page.texts))
        return at + 15

    def _take(self, tag: Tag) -> None:
        name = tag.name
        if name in VOID:
            self._void(tag)
        elif tag.is_end:
            self._end(name)
        elif name in INLINE:
            if name == "a" and self.links:
                raise Disorderly
            self.links += name == "a"
            self._push(name, self.stack[-1].part)
        else:
            self._begin(tag)

    def _push(self, name: str, part: Part) -> None:
        if len(self.stack) > DEEPEST:
            raise Disorderly
        self.stack.append(_Open(name, part))

    def _begin(self, tag: Tag) -> None:
        name = tag.name
        above = self.stack[-1].name
        if name not in PARTS and name not in OTHER_BLOCKS:
            raise Disorderly
        if self.paragraphs:
            raise Disorderly
        if name in IN_TABLES:  # what they are called says nothing
            if above not in IN_TABLES[name]:
                raise Disorderly
            self._table_part(name)
            return
        if above in NO_TEXT or self._minds(name, above):
            raise Disorderly
        self.paragraphs += name == "p"
        self.headings += name in HEADINGS
        self.forms += name == "form"
        self._begin_block(name in PARTS)
        part = self.stack[-1].part
        is_furniture = tag.is_furniture or name in FURNITURE
        if name != "table" and (is_furniture or name in HEADINGS or name in ("ul", "ol")):
            part = Part(part, name, is_furniture)
            self.parts.append(part)
        self._push(name, part)

    def _minds(self, name: str, above: str) -> bool:
        """Whether an element may not stand where it does, so that a browser would end or leave out something."""
        if name == "li":
            return above not in ("ul", "ol")
        return (self.headings > 0 and name in HEADINGS) or (self.forms > 0 and name == "form")

    def _table_part(self, name: str) -> None:
        part = self.stack[-1].part
        if name == "td":
            self.cells += 1
            row, table = self.stack[-1], self._table()
            row.cells += 1
            table.cells += 1
            table.has_columns = table.has_columns or row.cells > 1
        self._push(name, part)
        self.stack[-1].before = self.in_cells

    def _table(self) -> _Open:
        """The innermost table that is open."""
        return next(one for one in reversed(self.stack) if one.name == "table")

    def _end_of_cell(self, cell: _Open) -> None:
        self.cells -= 1
        if cell.holds_table and self.in_cells - cell.before > LAYOUT_TEXT:
            self._table().holds_page = True

    def _end_of_table(self, table: _Open) -> None:
        """A table of one column places things, whatever stands in it; another one where a cell of it is a page (see `tables.is_layout`)."""
        if table.has_columns and not table.holds_page:
            raise Disorderly
        if table.cells > 1:
            self._note_table()

    def _note_table(self) -> None:
        for one in self.stack:
            one.holds_table = True

    def _begin_block(self, divides: bool) -> None:
        if self.inline:
            self._flush()
        for one in reversed(self.stack):
            if one.is_divided or (one.holds_blocks and not divides):
                break
            one.holds_blocks, one.is_divided = True, divides

    def _end(self, name: str) -> None:
        ended = self.stack.pop()
        if ended.name != name or not self.stack:
            raise Disorderly
        if name in INLINE:
            if name == "a":  # elements in a link hold none
                self.links = 0
                ended.part.linked += self.in_links
                self.in_links = 0
            return
        self.paragraphs -= name == "p"
        self.headings -= name in HEADINGS
        self.forms -= name == "form"
        if name == "td":
            self._end_of_cell(ended)
        elif name == "table":
            self._end_of_table(ended)
        if ended.holds_blocks and not ended.is_divided:
            raise Disorderly
        if self.inline:
            self._flush(ended.part)
        if ended.part is not self.stack[-1].part:
            above, part = self.stack[-1].part, ended.part
            above.characters += part.characters
            above.solid += part.solid
            above.linked += part.linked

    def _flush(self, part: Part | None = None) -> None:
        self._add(tidy("".join(self.inline)), part or self.stack[-1].part)
        self.inline.clear()

    def _add(self, text: str, part: Part) -> None:
        if text:
            self.page.texts.append(text)
            self.page.parts.append(part)

    def _void(self, tag: Tag) -> None:
        name = tag.name
        if tag.is_end:
            raise Disorderly
        if name in ("br", "hr"):
            self._begin_block(name == "br")
        elif name == "img":
            self._divide()
            source, words = tag.told
            if source and not source.startswith("data:"):
                self.page.pictures.append((source, tidy(words)))
        elif name == "input":
            if self.cells:
                raise Disorderly
        elif name == "meta":
            note_meta(tag, self.page)

    def _divide(self) -> None:
        """A picture parts no text, but its elements are no longer one piece."""
        for one in self.stack:
            one.holds_blocks = one.is_divided = True

    def _settle(self) -> None:
        """Tell what each part is, from the outside in, as the tree's walk does."""
        self.whole.role = "body"
        whole = self.whole.characters
        for part in self.parts:
            assert part.above is not None
            part.role = role_of(part, part.above.role, whole)
