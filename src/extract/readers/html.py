"""HTML pages, as government sites publish them: pasted from Word, laid out with tables, in any character set."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator
from functools import lru_cache, partial
from itertools import count
from typing import Any, TypeAlias

from lxml import etree

from ..charset import decode
from ..document import (
    MAX_GRID_CELLS,
    MAX_SPAN,
    Cell,
    Document,
    Grid,
    Link,
    Locator,
    Note,
    Paragraph,
    Source,
    Unreadable,
)

Element: TypeAlias = Any  # lxml is untyped

KIND = "html"
METHOD = "html"
MAX_DEPTH = 180  # real pages stay under 60; deeper nesting is an attack on the recursion below
LAYOUT_TEXT = 400  # characters: no cell of a statutory table holds that much, a cell of a layout table does

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
BLOCK = {
    "address", "article", "aside", "blockquote", "body", "br", "center", "dd", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "td", "th", "thead", "tfoot", "tr", "ul", "title",
}  # fmt: skip
HAS_BLOCK = etree.XPath(
    "boolean(.//table|.//div|.//p|.//br|.//li|.//section|.//article|.//img|.//h1|.//h2|.//h3|.//h4)"
)
TABLES_WITHIN = etree.XPath("boolean(.//table)")
STRING = etree.XPath("string()")
BREAKS = etree.XPath("count(.//p|.//br|.//div|.//li) > 1")
HIDES = etree.XPath("boolean(.//@style[contains(., 'none') or contains(., 'NONE')])")
HIDDEN = etree.XPath(
    ".//*[contains(translate(@style, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ ', 'abcdefghijklmnopqrstuvwxyz'), 'display:none')]"
)
SPACES = re.compile(r"[\s\u00a0\u3000\u200b\ufeff]+")
BETWEEN_CJK = re.compile(
    r"(?<=[\u2e80-\u9fff\uff00-\uffef“”‘’、。，；：（）]) (?=[\u2e80-\u9fff\uff00-\uffef“”‘’、。，；：（）])"
)
DIGITS = re.compile(r"\d+")
SHORT = 120  # characters: shorter texts are worth remembering
ATTACHMENT = re.compile(r"\.(?:docx?|wps|pdf|xlsx?|rtf|ofd|zip|rar)(?:$|[?#])", re.IGNORECASE)
ATTACHMENT_LINK = re.compile(
    r"""href\s*=[^>]{0,500}?\.(?:docx?|wps|pdf|xlsx?|rtf|ofd|zip|rar)["'?#\s>]""", re.IGNORECASE
)
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
    text = decode(data)
    root = _parse(text)
    document = Document(source, [], _metadata(root))
    document.reread = partial(_flatten, text)
    _Flow(document, source.document_id, bool(ATTACHMENT_LINK.search(text))).run(root)
    if not document.blocks:
        raise Unreadable("the page holds no text: save it again from the browser once it is fully loaded")
    return document


def _parse(text: str) -> Element:
    # libxml2 takes a zero byte for the end of the text, and what follows it would be lost in silence.
    clean = text.replace("\x00", "").encode("utf-8", "replace")
    # Plain elements: lxml.html's own classes cost a Python call each, a third of the time of a page of many spans.
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, recover=True)
    try:
        root = etree.fromstring(clean, parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise Unreadable(f"no markup could be read ({error}): open the file in a browser and save it again") from None
    if root is None:
        raise Unreadable("no markup could be read: open the file in a browser and save it again")
    return root


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


def tidy(text: str) -> str:
    """Runs of white space to one space, none between Chinese characters, none at the ends."""
    return _tidy_short(text) if len(text) < SHORT else _tidy(text)


def _tidy(text: str) -> str:
    if not SPACES.search(text):
        return text
    return BETWEEN_CJK.sub("", SPACES.sub(" ", text)).strip()


# The same labels and zeros come back in every document.
_tidy_short = lru_cache(maxsize=65536)(_tidy)


class _Flow:
    """Walks the tree once and writes paragraphs and grids in reading order."""

    def __init__(self, document: Document, document_id: str, has_attachments: bool) -> None:
        self.document = document
        self.has_attachments = has_attachments
        self.document_id = document_id
        self.inline: list[str] = []
        self.tables = count(1)
        self.lines = count(1)

    def run(self, root: Element) -> None:
        body = root.find("body")
        self.walk(root if body is None else body, "body", 0)
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
            elif tag == "a" and ATTACHMENT.search(child.get("href") or ""):
                self.document.links.append(Link(child.get("href"), tidy(STRING(child)), "attachment"))
                self.inline.append(STRING(child))
            elif tag in BLOCK:
                self.flush(role)
                self.block(child, tag, role, depth)
            elif tag not in DROPPED:
                self.walk(child, role, depth + 1)
            if child.tail:
                self.inline.append(child.tail)

    def block(self, child: Element, tag: str, role: str, depth: int) -> None:
        inner = _role(child, tag, role)
        if tag != "br" and not HAS_BLOCK(child):
            self.inline.append(STRING(child))
            if self.has_attachments:
                self.attachments(child)
        else:
            self.walk(child, inner, depth + 1)
        self.flush(inner)

    def attachments(self, element: Element) -> None:
        """Note the files that links in an element lead to."""
        for a in element.iter("a"):
            if ATTACHMENT.search(a.get("href") or ""):
                self.document.links.append(Link(a.get("href"), tidy(STRING(a)), "attachment"))

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
        """A data table becomes a grid; a layout table is walked cell by cell."""
        rows = [[(td, STRING(td)) for td in tr.iterchildren("td", "th")] for tr in _rows(element)]
        nested = TABLES_WITHIN(element)
        if _is_layout(rows, nested):
            for row in rows:
                for td, _ in row:
                    self.walk(td, role, depth + 2)
                    self.flush(role)
            return
        number = next(self.tables)
        cells = self.grid_cells(rows, number)
        if cells:
            self.document.blocks.append(
                Grid(cells, number, caption=tidy("".join(STRING(c) for c in element.iterchildren("caption"))))
            )
        if len(cells) >= MAX_GRID_CELLS:
            self.document.notes.append(
                Note("table_too_large", f"table {number} has more than {MAX_GRID_CELLS} cells: the rest was not read")
            )
        if nested:
            for row in rows:
                for td, _ in row:
                    for inner in td.iter("table"):
                        self.table(inner, role, depth + 2)

    def grid_cells(self, rows: list[list[tuple[Element, str]]], number: int) -> list[Cell]:
        """Cells with their places, spans laid out as browsers do; a span that is no number counts as its leading digits, else 1."""
        cells: list[Cell] = []
        taken: dict[int, int] = {}  # column -> first row in which it is free again
        document_id, height = self.document_id, len(rows)
        for r, row in enumerate(rows):
            col = 0
            for td, text in row:
                while taken and taken.get(col, 0) > r:
                    col += 1
                attributes = td.attrib
                row_span = min(_span(attributes["rowspan"], height - r), height - r) if "rowspan" in attributes else 1
                col_span = _span(attributes["colspan"], 1) if "colspan" in attributes else 1
                locator = Locator(document_id, None, number, r + 1, col + 1, None, METHOD)
                cells.append(Cell(_cell_text(td, text), r, col, row_span, col_span, locator))
                if row_span > 1:
                    for c in range(col, col + col_span):
                        taken[c] = r + row_span
                col += col_span
            if len(cells) >= MAX_GRID_CELLS:
                break
        return cells


def _role(element: Element, tag: str, role: str) -> str:
    if role == "furniture" or tag in FURNITURE:
        return "furniture"
    if tag == "h1":
        return "title"
    attributes = element.attrib
    if ("class" in attributes and FURNITURE_NAME.search(attributes["class"])) or (
        "id" in attributes and FURNITURE_NAME.search(attributes["id"])
    ):
        return "furniture"
    if tag in ("h2", "h3", "h4"):
        return "heading"
    if tag in ("ul", "ol") and _all_links(element):
        return "furniture"
    return role


def _all_links(element: Element) -> bool:
    """Whether a list is nothing but links, as navigation and related news are."""
    linked = sum(len(STRING(a)) for a in element.iter("a"))
    return linked > 0 and linked >= 0.8 * len("".join(STRING(element).split()))


def _rows(table: Element) -> Iterator[Element]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("tbody", "thead", "tfoot"):
            yield from child.iterchildren("tr")


def _is_layout(rows: list[list[tuple[Element, str]]], nested: bool) -> bool:
    """A table that only places things: one column, or cells as long as pages, or other tables in it and little of its own."""
    if all(len(row) <= 1 for row in rows):
        return True
    if nested:
        return sum(1 for row in rows for td, text in row if len(text) < 60 and not TABLES_WITHIN(td)) < 12
    return any(len(text) > LAYOUT_TEXT and len(text.strip()) > LAYOUT_TEXT for row in rows for _, text in row)


def _span(text: str, whole: int) -> int:
    """ "3" -> 3, "3px" -> 3, "0" -> all that is left (HTML's rule for rowspan), nonsense -> 1; never past MAX_SPAN."""
    match = DIGITS.search(text[:20])
    if match is None:
        return 1
    return min(int(match[0]) or max(whole, 1), MAX_SPAN)


def _cell_text(td: Element, text: str) -> str:
    """A cell's text. Paragraphs within it are joined without a space, as Chinese wraps, but two numbers never run together."""
    if len(text) > 1 and len(td):
        if HIDES(td):
            for hidden in HIDDEN(td):
                _blank_out(hidden)
            text = STRING(td)
        if BREAKS(td):
            text = _join_blocks(td)
    return tidy(text)


def _blank_out(element: Element) -> None:
    tail = element.tail
    element.clear()
    element.tail = tail


def _join_blocks(td: Element) -> str:
    """Text with a space wherever one block ends and the next begins between two digits or letters."""
    pieces: list[str] = []
    for event, element in etree.iterwalk(td, events=("start", "end")):
        tag = element.tag
        if event == "start":
            if tag in BLOCK:
                pieces.append(" ")
            if element.text and isinstance(tag, str) and tag not in DROPPED:
                pieces.append(element.text)
        else:
            if tag in BLOCK:
                pieces.append(" ")
            if element.tail and element is not td:
                pieces.append(element.tail)
    return "".join(pieces)


# --- the second reading: no tree, no spans, only the order in which the characters stand ---

UNSEEN = re.compile(
    r"<(script|style|noscript|template|head|select|textarea)\b.*?</\1\s*>|<!--.*?-->|<!\[.*?\]>",
    re.IGNORECASE | re.DOTALL,
)
CELL_BEGINS = re.compile(r"<t[dh]\b", re.IGNORECASE)
REST_OF_TAG = re.compile(r"^(?=[\s>])[^<>]*>")
FRAGMENT = 1500  # characters of markup: longer pieces hold prose and do not come back
LINE_END = re.compile(
    r"</?(?:td|th|tr|table|p|div|li|h[1-6]|br|section|article|ul|ol|dd|dt|caption|center)\b[^>]*>", re.IGNORECASE
)
TAG = re.compile(r"<[/!?a-zA-Z][^>]*>")


def _flatten(text: str) -> list[str]:
    """The page's text without its tables: tags that end a block end a line, all others vanish. Lines as `document.Document.reread` wants them."""
    lines: list[str] = []
    for piece in CELL_BEGINS.split(UNSEEN.sub("", text)):
        lines.extend(_lines_short(piece) if len(piece) < FRAGMENT else _lines_in(piece))
    return lines


def _lines_in(markup: str) -> tuple[str, ...]:
    """The lines of a piece of markup that begins inside a tag's attributes or with text."""
    flat = TAG.sub("", LINE_END.sub("\n", REST_OF_TAG.sub("", markup, count=1)))
    return tuple(line for raw in entities.unescape(flat).split("\n") if (line := tidy(raw)))


# Cells of one table are written alike, down to their styles: most of them have been seen before.
_lines_short = lru_cache(maxsize=16384)(_lines_in)
