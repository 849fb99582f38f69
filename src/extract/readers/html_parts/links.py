"""What links lead to, and what tells that an element is furniture of its site: its names, or that it is nothing but links."""

from __future__ import annotations

import re
from functools import lru_cache

from .tree import Node, attribute, within

FURNITURE_NAME = re.compile(
    r"(?:^|[\s_-])(?:nav\w*|mainnav|menu\w*|breadcrumb\w*|crumb\w*|dqwz|footer\w*|foot|sidebar\w*|related\w*|xgxx|share\w*|search\w*|copyright\w*|toolbar|position)(?:$|[\s_-])",
    re.IGNORECASE,
)
ENDINGS = r"\.(?:docx?|wps|pdf|xlsx?|et|rtf|ofd|zip|rar)"
ATTACHMENT = re.compile(ENDINGS + r"(?:$|[?#&'\")])", re.IGNORECASE)
QUOTED_FILE = re.compile(r"['\"]([^'\"]{1,300}" + ENDINGS + r")[^'\"]{0,100}['\"]", re.IGNORECASE)


@lru_cache(maxsize=1024)  # a page has few names for its elements, and its site the same ones
def names_furniture(of_class: str | None, of_id: str | None) -> bool:
    """Whether one of an element's names is that of a menu, a footer or the like."""
    return bool(of_class or of_id) and FURNITURE_NAME.search(f"{of_class or ''} {of_id or ''}") is not None


def attached(a: Node) -> str:
    """The file that a link leads to, by its address or by what a click on it runs; "" where it is no document."""
    return file_at(attribute(a, "href"), attribute(a, "onclick"))


def file_at(address: str, click: str) -> str:
    """The file to which an address leads, or what a click runs; "" where it is no document."""
    if ATTACHMENT.search(address):
        return address
    named = QUOTED_FILE.search(click) or QUOTED_FILE.search(address)
    return named[1] if named else ""


def all_links(element: Node) -> bool:
    """Whether a list is nothing but links, as navigation and related news are."""
    linked = sum(len(a.text()) for a in within(element, "a"))
    return mostly_linked(linked, len("".join(element.text().split())))


def mostly_linked(linked: int, solid: int) -> bool:
    """Whether so many characters in links are nearly all of so many that are no space."""
    return linked > 0 and linked >= 0.8 * solid
