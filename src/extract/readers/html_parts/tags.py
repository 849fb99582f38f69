"""Tags and texts of pages whose elements are closed in order: what may stand in such a page, and what it says.

A tag or a text of which only a browser could tell what it says raises Disorderly.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import NamedTuple

from .links import file_at, names_furniture
from .regular import MARK
from .regular_cells import ENTITY, HAS, UNUSUAL

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
REGULAR = re.compile(rf"<table {MARK}=(\d+)>")
REST_OF_REGULAR = ["<tr>", "<td>", "</td>", "<td>", "</td>", "</tr>", "</table>"]

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


class Disorderly(Exception):
    """The page takes a tree to be read."""


class Tag(NamedTuple):
    """A tag: its name, whether it ends an element, whether the element's names are those of furniture, what it tells (of a picture: its address and
    words; of a piece of metadata: its name and content), whether it begins a paragraph like any other."""

    name: str
    is_end: bool
    is_furniture: bool
    told: tuple[str, str]
    is_plain: bool


def cut_at_tags(markup: str) -> list[str]:
    """Texts and tags by turns, a text first and last; a tag that says nothing in place of each comment, script and style. Raises Disorderly where one of
    these stands within a tag."""
    if "<!--" in markup:
        markup = _COMMENT.sub(_nothing, markup)
    if "<s" in markup or "<S" in markup:
        markup = _RAW.sub(_nothing, markup)
    return _EACH_TAG.split(markup)


def _nothing(found: re.Match[str]) -> str:
    """A tag that says nothing, in place of a comment, a script or a style: text does not run on behind it. Raises Disorderly where it stands within a
    tag."""
    before = found.start()
    if found.string.rfind("<", 0, before) > found.string.rfind(">", 0, before):
        raise Disorderly
    return "<link>"


def plain_text(piece: str) -> str:
    """The text of a piece without tags as a browser has it."""
    if "<" in piece or "\0" in piece:  # a tag written unusually; what parsers drop
        raise Disorderly
    if "&" in piece:
        piece = piece.replace("&nbsp;", "\xa0")  # by far the most frequent
        if "&" not in piece:
            return piece
        if piece.count("&") != len(_ENTITY.findall(piece)):
            raise Disorderly
        piece = html.unescape(piece)
    return piece


@lru_cache(maxsize=2048)
def read_tag(tag: str) -> Tag | None:
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
    if name == "a" and file_at(values.get("href", ""), values.get("onclick", "")):
        raise Disorderly
    told = ("", "")
    if name == "img":
        told = values.get("src", ""), values.get("alt", "")
    elif name == "meta":
        told = values.get("name") or values.get("property", ""), values.get("content", "")
    is_furniture = names_furniture(values.get("class"), values.get("id"))
    return Tag(name, is_end, is_furniture, told, name == "p" and not is_end and not is_furniture)
