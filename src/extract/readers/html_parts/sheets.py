"""What a page's own style sheets hide or strike out, marked at the elements themselves: there both readings look for it.

Only words, cells and rows are marked. Larger parts (panels, menus) are hidden by sheets so that a script may show them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from .shown import HIDDEN_STYLE, STRUCK_STYLE

SHEETS = (b"<style", b"<STYLE")
MOST_SHEETS, LONGEST_SHEET, MOST_CLASSES = 20, 50_000, 200
MARK = b' hidden=""'
_SHEET = re.compile(rb"<style\b([^<>]*)>", re.IGNORECASE)
_END = re.compile(rb"</style", re.IGNORECASE)
_FOR_SCREENS = re.compile(rb"media\s*=\s*[\"']?[^\"'>]*\b(?:screen|all)\b", re.IGNORECASE)
_COMMENT = re.compile(r"/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)|<!--|-->")
# @media, @font-face: for some readers alone, or of no elements. The first closing brace behind another one ends it.
_SPECIAL = re.compile(r"@[^@{};]*+(?:;|\{(?:[^{}]*+\{[^{}]*+\})*+[^{}]*+\})")
_CLASS = re.compile(r"([a-z]*)\.([\w-]+)", re.IGNORECASE | re.ASCII)
_SHOWS = re.compile(r"(?:^|[;\s\"'])(?:display|visibility|font-size|text-decoration[\w-]*)\s*:", re.IGNORECASE)
_ELEMENT = re.compile(
    rb"<(span|i|b|em|font|strong|small|u|label|td|th|tr)(?=\s)"
    rb"([^<>]*?\sclass\s*=\s*(?:\"([^\"<>]*)\"|'([^'<>]*)'|([^\s\"'<>]+))[^<>]*)>",
    re.IGNORECASE,
)

Class = tuple[str, str]  # of which elements, "" of any; its name


def with_hidden_marked(markup: bytes) -> bytes:
    """The markup with MARK in the tag of each element that a class of a style sheet hides; as it is where there is none."""
    hidden = _hidden_classes(markup)
    return _ELEMENT.sub(lambda tag: _marked(tag, hidden), markup) if hidden else markup


def _marked(tag: re.Match[bytes], hidden: set[Class]) -> bytes:
    name, attributes = tag[1].lower().decode(), tag[2]
    classes = (tag[3] or tag[4] or tag[5] or b"").decode("ascii", "replace").split()
    if not any(("", one) in hidden or (name, one) in hidden for one in classes):
        return tag[0]
    if _SHOWS.search(attributes.decode("ascii", "replace")):  # its own style counts more than any sheet
        return tag[0]
    return b"<%b%b%b>" % (tag[1], MARK, attributes)


def _hidden_classes(markup: bytes) -> set[Class]:
    """The classes that the sheets hide, of two rules for the same class by the later one; none where there are too many to be a page's own."""
    hidden: set[Class] = set()
    for sheet in _sheets(markup):
        for rule in _SPECIAL.sub("", _COMMENT.sub("", sheet)).split("}"):
            selectors, _, declarations = rule.partition("{")
            if not _SHOWS.search(declarations):
                continue
            named = {
                (one[1].lower(), one[2]) for each in selectors.split(",") if (one := _CLASS.fullmatch(each.strip()))
            }
            hides = HIDDEN_STYLE.search(declarations) or STRUCK_STYLE.search(declarations)
            hidden = hidden | named if hides else hidden - named
    return hidden if len(hidden) <= MOST_CLASSES else set()


def _sheets(markup: bytes) -> Iterator[str]:
    """The style sheets for screens."""
    for begin in islice(_SHEET.finditer(markup), MOST_SHEETS):
        end = _END.search(markup, begin.end(), begin.end() + LONGEST_SHEET)
        if end and (b"media" not in begin[1].lower() or _FOR_SCREENS.search(begin[1])):
            yield markup[begin.end() : end.start()].decode("ascii", "replace")
