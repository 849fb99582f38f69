"""The tree that a browser makes of markup, whatever is missing or wrong in it, by the rules of HTML itself (lexbor), and what is asked of its nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from extract.document import Unreadable

Tree = LexborHTMLParser
Node = LexborNode
ANY_PART = "table, div, p, br, li, section, article, img, h1, h2, h3, h4, h5, h6, dt, dd, center, blockquote, hr, pre, header, footer"
TEXT = "-text"  # the tag of a piece of text


LARGE = 200_000  # bytes: smaller pages cannot be nested so deeply that building their tree takes long
DEEPEST = 5000
NESTING = re.compile(
    rb"<(/?)(?:table|div|ul|ol|dl|section|article|blockquote|center|fieldset|form|main|nav)\b", re.IGNORECASE
)

LONG_TAG, MOST_ATTRIBUTES = 10_000, 500
TAG_OF_THOUSANDS = re.compile(rb"(<[A-Za-z][\w:-]*)\s[^<>]{%d,}" % LONG_TAG)


def parse(markup: bytes) -> Tree:
    """The tree of UTF-8 markup. Raises Unreadable for markup made to exhaust whoever builds its tree."""
    if len(markup) > LARGE and _is_deep(markup):
        raise Unreadable("the elements of the page stand thousands deep in each other: no report is written so")
    if any(markup.find(b">", start, start + LONG_TAG) < 0 for start in range(0, len(markup), LONG_TAG)):
        markup = TAG_OF_THOUSANDS.sub(_bare, markup)
    try:
        return LexborHTMLParser(markup)
    except SelectolaxError as error:
        raise Unreadable(f"no tree could be made of the page ({error}): save it again from the browser") from None


def _bare(tag: re.Match[bytes]) -> bytes:
    """A tag without its attributes if it has thousands: each would be laid beside all others."""
    return tag[1] if tag[0].count(b"=") > MOST_ATTRIBUTES else tag[0]


def _is_deep(markup: bytes) -> bool:
    """Whether elements stand in each other deeper than DEEPEST."""
    depth = 0
    for tag in NESTING.finditer(markup):
        depth += -1 if tag[1] else 1
        if depth > DEEPEST:
            return True
    return False


def gather(tree: Tree, names: str) -> dict[str, list[Node]]:
    """The elements of the tree with these names (words apart by spaces), by name: one walk for all of them."""
    found: dict[str, list[Node]] = {name: [] for name in names.split()}
    for node in tree.css(", ".join(found)):
        found[node.tag or ""].append(node)
    return found


def attribute(node: Node, name: str) -> str:
    """The value of an attribute, "" where there is none."""
    return node.attributes.get(name) or ""


def within(node: Node, selector: str) -> list[Node]:
    """The elements below a node that a selector matches, in reading order, the node itself left out."""
    return [found for found in node.css(selector) if found.mem_id != node.mem_id]


def divided(top: Node) -> set[int]:
    """The elements in which paragraphs, tables or pictures stand, so that they are more than one piece of text."""
    found: set[int] = set()
    for part in top.css(ANY_PART):
        above = part.parent
        while above is not None and above.mem_id not in found:
            found.add(above.mem_id)
            above = above.parent
    return found


def cell_around(node: Node) -> Node | None:
    """The innermost cell in which a node stands."""
    return next((above for above in around(node) if above.tag in ("td", "th")), None)


def around(node: Node) -> Iterator[Node]:
    """The elements in which a node stands, from the inside out."""
    above = node.parent
    while above is not None:
        yield above
        above = above.parent


def remove(node: Node) -> None:
    """Take an element out of the tree, with all that is in it; the text behind it stays."""
    node.decompose(recursive=False)
