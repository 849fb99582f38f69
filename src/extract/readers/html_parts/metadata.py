"""What the head of a page says of it."""

from __future__ import annotations

from .tree import Node, attribute
from .wording import tidy

META_KEYS = {
    "articletitle": "title", "og:title": "title", "title": "title", "pubdate": "published", "publishdate": "published", "article:published_time": "published",
    "contentsource": "source", "source": "source", "author": "author", "og:url": "url", "url": "url", "sitename": "publisher",
}  # fmt: skip


def metadata(elements: dict[str, list[Node]]) -> dict[str, str]:
    """What the page's head says of itself, under the names that document.Document lists."""
    named = [
        (attribute(meta, "name") or attribute(meta, "property"), attribute(meta, "content"))
        for meta in elements["meta"]
    ]
    found = said_of_itself(named, [title.text() for title in elements["title"]])
    for element in elements["publishtime"]:
        found.setdefault("published", tidy(element.text()))
    return found


def said_of_itself(named: list[tuple[str, str]], titles: list[str]) -> dict[str, str]:
    """The same from the names and contents of its pieces of metadata, and its titles."""
    found: dict[str, str] = {}
    for name, content in named:
        key = META_KEYS.get(name.lower())
        if key and content.strip():
            found.setdefault(key, tidy(content))
    title = tidy(titles[0]) if titles else ""
    if title:
        found["page_title"] = title
        found.setdefault("title", title)
    return found
