"""Pages whose every element is closed where it was opened, read without a tree.

Once their regular tables are taken, many pages are nothing but divisions, paragraphs, lists, links and tables that place things. A browser makes of
these what stands there; so paragraphs, tables and pictures can be told from the tags as they come. Where a tag calls for a browser's judgement, or an
element for that of `shown`, the page is left to its tree.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from .links import ATTACHMENT, QUOTED_FILE, names_furniture
from .regular import ENTITY, HAS, MARK, UNUSUAL
from .tables import LAYOUT_TEXT
from .wording import tidy

_EACH_TAG = re.compile(r"(<[^<>]*>)")
_RAW = re.compile(r"<(script|style)(?:[ \t\r\n\f][^<>]*)?>(?:(?!<!--).)*?</\1>", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"<!--(?!-?>)(?:(?!<!--|--!?>).)*-->", re.DOTALL)
_TAG = re.compile(rf"<(/?)([a-z][\w:]*)({HAS})/?>", re.IGNORECASE | re.ASCII)
_VALUE = re.compile(
    r"([a-z_:][\w:.-]*)(?:[ \t\n\f\r]*=[ \t\n\f\r]*(\"[^\"]*\"|'[^']*'|[^ \t\n\f\r\"'<>=`/]+))?",
    re.IGNORECASE | re.ASCII,
)
_ENTITY = re.compile(ENTITY)
_UNUSUAL = tuple(word.decode() for word in UNUSUAL)
_REGULAR = re.compile(rf"<table {MARK}=(\d+)>")
_REST_OF_REGULAR = ["<tr>", "<td>", "</td>", "<td>", "</td>", "</tr>", "</table>"]

# Elements that part text, those of them in which nothing but words need stand for them to be one piece, and those that do not part it.
PARTS = frozenset({"div", "p", "li", "section", "article", "h1", "h2", "h3", "h4", "table"})
OTHER_BLOCKS = frozenset(
    {"ul", "ol", "header", "footer", "nav", "main", "aside", "form", "center", "h5", "h6", "tbody", "tr", "td"}
)
INLINE = frozenset({"span", "a", "b", "strong", "i", "em", "u", "font", "o:p", "small"})
NO_TEXT = frozenset({"table", "tbody", "tr"})
IN_TABLES = {"tbody": ("table",), "tr": ("table", "tbody"), "td": ("tr",)}
VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "wbr", "base"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
FURNITURE = frozenset({"nav", "footer", "aside", "form", "header"})
IN_HEAD = frozenset({"meta", "link", "base", "title"})
BLANKS = " \t\n\f\r"  # what HTML takes for white space
DEEPEST = 100
NEARLY = 40  # characters by which a length may be told wrong


class Tag(NamedTuple):
    """A tag: its name, whether it ends an element, whether the element's names are those of furniture, what it tells (of a picture: its address and
    words; of a piece of metadata: its name and content), whether it begins a paragraph like any other."""

    name: str
    is_end: bool
    is_furniture: bool
    told: tuple[str, str]
    is_plain: bool


class Line(NamedTuple):
    """A paragraph, and the part of the page in which it stands."""

    text: str
    part: Part


@dataclass(slots=True, eq=False)
class Part:
    """An element that may be furniture, a title or a heading: what it is in itself, and how much is in it: characters, those that are no space, those
    in links."""

    above: Part | None
    name: str = ""
    is_furniture: bool = False
    characters: int = 0
    solid: int = 0
    linked: int = 0
    role: str = ""


@dataclass(slots=True)
class Orderly:
    """What a page holds in reading order: paragraphs and the indexes of its regular tables; the addresses and words of its pictures; what its head says
    (names and contents, titles)."""

    blocks: list[Line | int] = field(default_factory=list)
    pictures: list[tuple[str, str]] = field(default_factory=list)
    meta: list[tuple[str, str]] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)


class Disorderly(Exception):
    """The page takes a tree to be read."""


def read_in_order(lean: str) -> Orderly | None:
    """The page without its regular tables, read tag by tag; None where it takes a tree."""
    try:
        if "<!--" in lean:
            lean = _COMMENT.sub(_nothing, lean)
        if "<s" in lean or "<S" in lean:
            lean = _RAW.sub(_nothing, lean)
        return _Walk(_EACH_TAG.split(lean)).run()
    except Disorderly:
        return None


def _nothing(found: re.Match[str]) -> str:
    """A tag that says nothing, in place of a comment, a script or a style: text does not run on behind it. Raises Disorderly where it stands within a
    tag."""
    before = found.start()
    if found.string.rfind("<", 0, before) > found.string.rfind(">", 0, before):
        raise Disorderly
    return "<link>"


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
        at = self._head()
        self.stack.append(_Open("body", self.whole))
        count = len(self.pieces)
        while at < count:
            self._text(self.pieces[at])
            if at + 1 == count:
                raise Disorderly
            tag = _tag(self.pieces[at + 1])
            if tag is None:
                at = self._regular(at + 1)
            elif tag.name == "body":
                break
            elif tag.is_plain and self.pieces[at + 3 : at + 4] == ["</p>"] and not self.links:
                self._paragraph(self.pieces[at + 2])
                at += 4
            else:
                self._take(tag)
                at += 2
        if len(self.stack) != 1 or not tag or not tag.is_end:
            raise Disorderly
        self._flush()
        self._foot(at + 2)
        self._settle()
        return self.page

    def _head(self) -> int:
        """What stands before the body; returns where the text behind its tag is."""
        inside: list[str] = []
        at = 0
        while at + 1 < len(self.pieces):
            if self.pieces[at].strip(BLANKS):
                raise Disorderly
            piece = self.pieces[at + 1]
            if piece[:9].lower() == "<!doctype" and at == 0:
                at += 2
                continue
            tag = _tag(piece)
            if tag is None:
                raise Disorderly
            if tag.name == "body" and not tag.is_end and inside in ([], ["html"]):
                return at + 2
            if tag.name == "title":
                at = self._title(at, tag)
            elif tag.name in ("html", "head"):
                _open_or_close(tag, inside)
                at += 2
            elif tag.name == "link" or (tag.name in IN_HEAD and "head" in inside):
                self._meta(tag)
                at += 2
            else:
                raise Disorderly
        raise Disorderly

    def _title(self, at: int, tag: Tag) -> int:
        if tag.is_end or self.pieces[at + 3 : at + 4] != ["</title>"]:
            raise Disorderly
        self.page.titles.append(_plain(self.pieces[at + 2]))
        return at + 4

    def _meta(self, tag: Tag) -> None:
        if tag.name == "meta":
            self.page.meta.append(tag.told)

    def _foot(self, at: int) -> None:
        rest = "".join(self.pieces[at:]).strip(BLANKS)
        if rest.lower() not in ("", "</html>"):
            raise Disorderly

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
        text = _plain(piece)
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
        text = _plain(piece)
        self._count(text, top.part)
        line = tidy(text)
        if line:
            self.page.blocks.append(Line(line, top.part))

    def _count(self, text: str, part: Part) -> None:
        part.characters += len(text)
        if part is not self.whole:
            part.solid += len("".join(text.split()))
        if self.cells:
            self.in_cells += len(text.strip())

    def _regular(self, at: int) -> int:
        """Pass over a table that was taken; returns where the text behind it is."""
        mark = _REGULAR.fullmatch(self.pieces[at])
        holder = self.stack[-1]
        if mark is None or self.pieces[at + 2 : at + 16 : 2] != _REST_OF_REGULAR or holder.name in NO_TEXT:
            raise Disorderly
        if self.links or self.paragraphs:
            raise Disorderly
        self._begin_block(divides=True)
        self._count(_plain(self.pieces[at + 5]), holder.part)
        self._note_table()
        self.page.blocks.append(int(mark[1]))
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
        text = tidy("".join(self.inline))
        self.inline.clear()
        if text:
            self.page.blocks.append(Line(text, part or self.stack[-1].part))

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
            self._meta(tag)

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
            part.role = _role(part, part.above.role, whole)


def _role(part: Part, above: str, whole: int) -> str:
    if above == "furniture":
        return above
    all_links = part.linked > 0 and part.linked >= 0.8 * part.solid
    if part.is_furniture:
        if abs(part.characters * 2 - whole) < NEARLY:
            raise Disorderly
        if part.characters * 2 < whole or all_links:
            return "furniture"
    if part.name == "h1":
        return "title"
    if part.name in ("h2", "h3", "h4"):
        return "heading"
    return "furniture" if part.name in ("ul", "ol") and all_links else above


def _open_or_close(tag: Tag, inside: list[str]) -> None:
    if not tag.is_end and tag.name not in inside and (tag.name == "html") == (not inside):
        inside.append(tag.name)
    elif tag.is_end and tag.name == "head" and inside and inside[-1] == "head":
        inside.pop()
    else:
        raise Disorderly


def _plain(piece: str) -> str:
    """The text of a piece without tags as a browser has it."""
    if "<" in piece or "\0" in piece:  # a tag written unusually; what parsers drop
        raise Disorderly
    if "&" in piece:
        piece = piece.replace("&nbsp;", "\xa0")  # by far the most frequent
        if piece.count("&") != len(_ENTITY.findall(piece)):
            raise Disorderly
        piece = html.unescape(piece)
    return piece


@lru_cache(maxsize=2048)
def _tag(tag: str) -> Tag | None:
    """A tag that a page read in order may hold; None for a table that was taken. Raises Disorderly for any other."""
    if tag.startswith(f"<table {MARK}="):
        return None
    found = _TAG.fullmatch(tag)
    lower = tag.lower()
    if found is None or any(word in lower for word in _UNUSUAL):
        raise Disorderly
    name, is_end = found[2].lower(), bool(found[1])
    values: dict[str, str] = {}
    for key, value in _VALUE.findall(found[3]):
        values.setdefault(key.lower(), value.strip("\"'"))
    if any("&" in value for value in values.values()) or MARK in values:
        raise Disorderly
    if name == "a" and _attached(values):
        raise Disorderly
    told = ("", "")
    if name == "img":
        told = values.get("src", ""), values.get("alt", "")
    elif name == "meta":
        told = values.get("name") or values.get("property", ""), values.get("content", "")
    is_furniture = names_furniture(values.get("class"), values.get("id"))
    return Tag(name, is_end, is_furniture, told, name == "p" and not is_end and not is_furniture)


def _attached(values: dict[str, str]) -> bool:
    address, click = values.get("href", ""), values.get("onclick", "")
    return bool(ATTACHMENT.search(address) or QUOTED_FILE.search(click) or QUOTED_FILE.search(address))
