"""HTML pages, as government sites publish them: pasted from Word, laid out with tables, in any character set."""

from __future__ import annotations

import re
from functools import partial
from itertools import count
from typing import Any, TypeAlias

from lxml import etree

from ..charset import decode
from ..document import MAX_GRID_CELLS, Document, Grid, Link, Locator, Note, Paragraph, Source, Unreadable
from .html_parts.plain import flatten, flatten_seen
from .html_parts.shown import uncover
from .html_parts.tables import (
    BLOCK,
    METHOD,
    SCRIPTED,
    STRING,
    TABLES_WITHIN,
    grid_cells,
    is_layout,
    rows_of,
    tables_within,
)
from .html_parts.wording import tidy

Element: TypeAlias = Any  # lxml is untyped

KIND = "html"
MAX_DEPTH = 180  # real pages stay under 60; deeper nesting is an attack on the recursion below

LONGEST_TAG, MOST_ATTRIBUTES = 20_000, 500
LONG_TAG = re.compile(rb"(<[A-Za-z][\w:-]*)\s[^<>]{%d,}" % LONGEST_TAG)

DROPPED = {
    "script",
    "style",
    "noscript",
    "template",
    "head",
    "object",
    "iframe",
    "svg",
    "select",
    "textarea",
    "button",
    "canvas",
}
FURNITURE = {"nav", "footer", "aside", "form", "header"}
FURNITURE_NAME = re.compile(
    r"(?:^|[\s_-])(?:nav\w*|mainnav|menu\w*|breadcrumb\w*|crumb\w*|dqwz|footer\w*|foot|sidebar\w*|related\w*|xgxx|share\w*|search\w*|copyright\w*|toolbar|position)(?:$|[\s_-])",
    re.IGNORECASE,
)
HAS_BLOCK = etree.XPath(
    "boolean(.//table|.//div|.//p|.//br|.//li|.//section|.//article|.//img|.//h1|.//h2|.//h3|.//h4)"
)
ENDINGS = r"\.(?:docx?|wps|pdf|xlsx?|et|rtf|ofd|zip|rar)"
ATTACHMENT = re.compile(ENDINGS + r"(?:$|[?#&'\")])", re.IGNORECASE)
QUOTED_FILE = re.compile(r"['\"]([^'\"]{1,300}" + ENDINGS + r")[^'\"]{0,100}['\"]", re.IGNORECASE)
FRAMES = {"iframe": "src", "frame": "src", "embed": "src", "object": "data"}
META_KEYS = {
    "articletitle": "title", "og:title": "title", "title": "title", "pubdate": "published", "publishdate": "published", "article:published_time": "published",
    "contentsource": "source", "source": "source", "author": "author", "og:url": "url", "url": "url", "sitename": "publisher",
}  # fmt: skip
MARKERS = (
    b"<html",
    b"<!doctype html",
    b"<table",
    b"<body",
    b"<div",
    b"<p>",
    b"<p ",
    b"<meta",
    b"<head",
    b"<td",
    b"<span",
)


def sniffs(head: bytes, suffix: str) -> bool:
    """Whether the first bytes are markup: a tag that opens a page, a table or a paragraph. A UTF-16 page shows it once its zero bytes are gone."""
    plain = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if plain.startswith((b"%pdf", b"pk\x03\x04", b"{\\rtf", b"mime-version")):
        return False
    return plain.startswith((b"<!doctype html", b"<html")) or (plain.startswith(b"<") and any(m in plain for m in MARKERS)) or (
        suffix in (".html", ".htm", ".shtml", ".xhtml") and any(m in plain for m in MARKERS)
    )  # fmt: skip


def read(source: Source, data: bytes) -> Document:
    """Read a page. Raises Unreadable where no markup at all can be found in it."""
    text = decode(data).replace("<![CDATA[", "").replace("]]>", "")
    # libxml2 takes a zero byte for the end of the text, and what follows it would be lost in silence.
    markup = text.replace("\x00", "").encode("utf-8", "replace")
    root = _parse(markup)
    document = Document(source, [], _metadata(root))
    _take_scripts(root)
    uncovered = uncover(root, markup.lower())
    if uncovered.changed:
        document.reread = partial(flatten_seen, text, uncovered.hidden_read)
    else:
        document.reread = partial(flatten, text)
    if uncovered.tables_left_out:
        message = f"{uncovered.tables_left_out} tables that the page hides were not read"
        document.notes.append(Note("hidden_text", message))
    _Flow(document, source.document_id, any(_attached(a) for a in root.iter("a"))).run(root)
    framed = next((link.target for link in document.links if link.kind == "frame"), "")
    if not document.blocks and framed:
        raise Unreadable(f"the page only frames another one ({framed[:120]}): save that page itself")
    if not document.blocks:
        raise Unreadable("the page holds no text: save it again from the browser once it is fully loaded")
    return document


def _parse(markup: bytes) -> Element:
    # Plain elements: lxml.html's own classes cost a Python call each, a third of the time of a page of many spans.
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, recover=True)
    if len(markup) > LONGEST_TAG:
        markup = LONG_TAG.sub(_bare, markup)
    try:
        root = etree.fromstring(markup, parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise Unreadable(f"no markup could be read ({error}): open the file in a browser and save it again") from None
    if root is None:
        raise Unreadable("no markup could be read: open the file in a browser and save it again")
    return root


def _bare(tag: re.Match[bytes]) -> bytes:
    """A tag without its attributes if it has thousands: libxml2 lays each beside all others, and one such tag takes it minutes."""
    return tag[1] if tag[0].count(b"=") > MOST_ATTRIBUTES else tag[0]


def _take_scripts(root: Element) -> None:
    """Scripts and styles out of the tree; a cell that held a script is marked, for the script may write its number."""
    for script in root.iter("script"):
        for cell in script.iterancestors("td", "th"):
            cell.set(SCRIPTED, "")
    etree.strip_elements(root, "script", "style", "noscript", "template", with_tail=False)


def _metadata(root: Element) -> dict[str, str]:
    """What the page's head says of itself, under the names that document.Document lists."""
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        key = META_KEYS.get((meta.get("name") or meta.get("property") or "").lower())
        if key and meta.get("content", "").strip():
            found.setdefault(key, tidy(meta.get("content")))
    titles = [tidy(STRING(title)) for title in root.iter("title")]
    if titles and titles[0]:
        found["page_title"] = titles[0]
        found.setdefault("title", titles[0])
    for element in root.iter("publishtime"):
        found.setdefault("published", tidy(STRING(element)))
    return found


class _Flow:
    """Walks the tree once and writes paragraphs and grids in reading order."""

    def __init__(self, document: Document, document_id: str, has_attachments: bool) -> None:
        self.document = document
        self.has_attachments = has_attachments
        self.document_id = document_id
        self.inline: list[str] = []
        self.tables = count(1)
        self.lines = count(1)
        self.length = 0  # characters of the page

    def run(self, root: Element) -> None:
        body = root.find("body")
        top = root if body is None else body
        self.length = len(STRING(top))
        self.walk(top, "body", 0)
        self.flush("body")

    def walk(self, element: Element, role: str, depth: int) -> None:
        """Read one element and all below it; text of inline elements gathers until the next block begins."""
        if depth > MAX_DEPTH:
            self.inline.append(STRING(element))
            if depth == MAX_DEPTH + 1:
                self.document.notes.append(
                    Note("nesting_too_deep", f"elements nested deeper than {MAX_DEPTH} were read as plain text")
                )
            return
        if element.text:
            self.inline.append(element.text)
        for child in element:
            tag = child.tag
            if not isinstance(tag, str):
                pass
            elif tag == "table":
                self.flush(role)
                self.table(child, role, depth + 1)
            elif tag == "img":
                self.image(child)
            elif tag == "a" and (target := _attached(child)):
                self.document.links.append(Link(target, tidy(STRING(child)), "attachment"))
                self.inline.append(STRING(child))
            elif tag in FRAMES:
                self.frame(child, child.get(FRAMES[tag]) or "")
            elif tag in BLOCK:
                self.flush(role)
                self.block(child, tag, role, depth)
            elif tag not in DROPPED:
                self.walk(child, role, depth + 1)
            if child.tail:
                self.inline.append(child.tail)

    def block(self, child: Element, tag: str, role: str, depth: int) -> None:
        inner = self.role(child, tag, role)
        if tag != "br" and not HAS_BLOCK(child):
            self.inline.append(STRING(child))
            if self.has_attachments:
                self.attachments(child)
        else:
            self.walk(child, inner, depth + 1)
        self.flush(inner)

    def role(self, element: Element, tag: str, role: str) -> str:
        """What the text of an element is. What is called a menu or a form and holds half of the page is neither, unless it is all links."""
        if role == "furniture":
            return role
        attributes = element.attrib
        named = ("class" in attributes or "id" in attributes) and FURNITURE_NAME.search(
            f"{attributes.get('class', '')} {attributes.get('id', '')}"
        )
        if (named or tag in FURNITURE) and (len(STRING(element)) * 2 < self.length or _all_links(element)):
            return "furniture"
        if tag == "h1":
            return "title"
        if tag in ("h2", "h3", "h4"):
            return "heading"
        return "furniture" if tag in ("ul", "ol") and _all_links(element) else role

    def attachments(self, element: Element) -> None:
        """Note the files that links in an element lead to."""
        for a in element.iter("a"):
            if target := _attached(a):
                self.document.links.append(Link(target, tidy(STRING(a)), "attachment"))

    def frame(self, element: Element, target: str) -> None:
        """What a frame shows is another file: a document (shown by a viewer, too) is an attachment, a page a frame."""
        if target and not target.startswith(("data:", "javascript:", "about:")):
            kind = "attachment" if ATTACHMENT.search(target) else "frame"
            self.document.links.append(Link(target, tidy(element.get("title") or ""), kind))

    def image(self, element: Element) -> None:
        if element.get("src") and not element.get("src", "").startswith("data:"):
            self.document.links.append(Link(element.get("src"), tidy(element.get("alt") or ""), "image"))

    def flush(self, role: str) -> None:
        """End the paragraph that has gathered."""
        if not self.inline:
            return
        text = tidy("".join(self.inline))
        self.inline.clear()
        if text:
            locator = Locator(self.document_id, None, None, next(self.lines), None, None, METHOD)
            self.document.blocks.append(Paragraph(text, locator, role))

    def table(self, element: Element, role: str, depth: int) -> None:
        """A data table becomes a grid; a layout table is walked cell by cell. What stands between its cells comes after it."""
        rows, strays = rows_of(element)
        nested = TABLES_WITHIN(element) and any(TABLES_WITHIN(td) for row in rows for td, _ in row)
        if is_layout(rows, nested):
            for row in rows:
                for td, _ in row:
                    self.walk(td, role, depth + 2)
                    self.flush(role)
        else:
            self.grid(element, rows)
            if nested:
                for inner in (inner for row in rows for td, _ in row for inner in tables_within(td)):
                    self.table(inner, role, depth + 2)
        for stray in strays:
            self.stray(stray, role, depth)

    def grid(self, element: Element, rows: list[list[tuple[Element, str]]]) -> None:
        number = next(self.tables)
        cells = grid_cells(rows, number, self.document_id)
        if cells:
            caption = tidy("".join(STRING(c) for c in element.iterchildren("caption")))
            self.document.blocks.append(Grid(cells, number, caption=caption))
        if len(cells) >= MAX_GRID_CELLS:
            message = f"table {number} has more than {MAX_GRID_CELLS} cells: the rest was not read"
            self.document.notes.append(Note("table_too_large", message))

    def stray(self, element: Element, role: str, depth: int) -> None:
        """An element that stands in a table but in no cell of it, as where a table is never closed."""
        if element.tag == "table" and depth <= MAX_DEPTH:
            self.table(element, role, depth + 1)
        elif element.tag not in DROPPED:
            self.walk(element, self.role(element, element.tag, role), depth + 1)
            self.flush(role)


def _attached(a: Element) -> str:
    """The file that a link leads to, by its address or by what a click on it runs; "" where it is no document."""
    address, click = a.get("href") or "", a.get("onclick") or ""
    if ATTACHMENT.search(address):
        return str(address)
    named = QUOTED_FILE.search(click) or QUOTED_FILE.search(address)
    return named[1] if named else ""


def _all_links(element: Element) -> bool:
    """Whether a list is nothing but links, as navigation and related news are."""
    linked = sum(len(STRING(a)) for a in element.iter("a"))
    return linked > 0 and linked >= 0.8 * len("".join(STRING(element).split()))
