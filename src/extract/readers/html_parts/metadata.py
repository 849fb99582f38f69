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
    found: dict[str, str] = {}
    for meta in elements["meta"]:
        key = META_KEYS.get((attribute(meta, "name") or attribute(meta, "property")).lower())
        if key and attribute(meta, "content").strip():
            found.setdefault(key, tidy(attribute(meta, "content")))
    titles = [tidy(title.text()) for title in elements["title"]]
    if titles and titles[0]:
        found["page_title"] = titles[0]
        found.setdefault("title", titles[0])
    for element in elements["publishtime"]:
        found.setdefault("published", tidy(element.text()))
    return found
