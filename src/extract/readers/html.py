"""HTML pages, as government sites publish them: pasted from Word, laid out with tables, in any character set."""

from __future__ import annotations

from collections.abc import Set
from functools import partial
from itertools import count, repeat

from ..charset import begins_in_gb18030, begins_in_utf8, in_utf8, tells_its_set
from ..document import MAX_GRID_CELLS, Document, Link, Note, Paragraph, Source, Unreadable, new_locator
from .html_parts.dress import undressed
from .html_parts.links import ATTACHMENT, all_links, attached, names_furniture
from .html_parts.metadata import metadata, said_of_itself
from .html_parts.orderly import read_in_order
from .html_parts.pieces import GB18030, UTF8
from .html_parts.plain import flatten_seen
from .html_parts.regular import MARK, Taken, take_regular_tables
from .html_parts.sheets import SHEETS, with_hidden_marked
from .html_parts.shown import ODD, uncover
from .html_parts.tables import (
    BLOCK,
    METHOD,
    Row,
    TableAsWritten,
    grid_as_written,
    grid_of,
    holds_table,
    is_layout,
    rows_of,
    tables_within,
)
from .html_parts.tags import FURNITURE
from .html_parts.tree import TEXT, Node, Tree, attribute, cell_around, divided, gather, parse, remove, within
from .html_parts.wording import tidy

KIND = "html"
MAX_DEPTH = 180  # real pages stay under 60; deeper nesting is an attack on the recursion below

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
FRAMES = {"iframe": "src", "frame": "src", "embed": "src", "object": "data"}
SCRIPTS = ("script", "style", "noscript", "template")
NAMES = f"meta title publishtime a {' '.join(SCRIPTS)} {ODD}"  # elements that are looked for wherever they stand
CDATA = b"<![CDATA["
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
    taken = _taken_apart(undressed(data))
    if any(sheet in taken.lean for sheet in SHEETS):
        marked = with_hidden_marked(data)
        taken = taken if marked == data else _taken_apart(undressed(marked))
    if CDATA in taken.lean:  # regular tables hold none
        taken = take_regular_tables(taken.page.whole().replace(CDATA, b"").replace(b"]]>", b""))
    document = _read_orderly(source, taken)
    if document is None and taken.tables:
        document = _read_tree(source, taken)
    # Where a table that was taken does not come up in the tree as one by itself, the page is no page of regular tables.
    document = document or _read_tree(source, Taken(taken.page, taken.page.whole(), []))
    assert document is not None
    framed = next((link.target for link in document.links if link.kind == "frame"), "")
    if not document.blocks and framed:
        raise Unreadable(f"the page only frames another one ({framed[:120]}): save that page itself")
    if not document.blocks:
        raise Unreadable("the page holds no text: save it again from the browser once it is fully loaded")
    return document


def _taken_apart(data: bytes) -> Taken:
    """The page with its regular tables taken. Most pages are in UTF-8, most others in GB18030: whether all of it is shows when its pieces are read, most
    of which have been read before."""
    if not tells_its_set(data):
        charset = UTF8 if begins_in_utf8(data) else GB18030 if begins_in_gb18030(data) else ""
        try:
            if charset:
                taken = take_regular_tables(data, charset)
                taken.lean.decode()
                return taken
        except UnicodeDecodeError:
            pass
    return take_regular_tables(in_utf8(data))


def _read_orderly(source: Source, taken: Taken) -> Document | None:
    """The page by its tags as they come; None where it takes a tree."""
    page = read_in_order(taken.lean.decode())
    if page is None:
        return None
    document = Document(source, [], said_of_itself(page.meta, page.titles))
    document.reread = taken.page.reread
    document.links += [Link(address, words, "image") for address, words in page.pictures]
    of = source.document_id
    fields = (repeat(of), repeat(None), repeat(None), count(1), repeat(None), repeat(None), repeat(METHOD))
    locators = map(new_locator, zip(*fields, strict=False))
    paragraphs = list(map(Paragraph, page.texts, locators, [part.role for part in page.parts]))
    done = 0
    for number, (before, table) in enumerate(zip(page.tables, taken.tables, strict=False), start=1):
        document.blocks += paragraphs[done:before]
        document.blocks.append(grid_as_written(table, number, of))
        done = before
    document.blocks += paragraphs[done:]
    return document if len(page.tables) == len(taken.tables) else None


def _read_tree(source: Source, taken: Taken) -> Document | None:
    """The page by the tree of what was left of it; None where the tables that were taken are not found again in their places, or where their cells
    count for more than what they say."""
    tree = parse(taken.lean)
    found = gather(tree, NAMES)
    document = Document(source, [], metadata(found))
    scripted = _take_scripts(found)
    uncovered = uncover(tree, found, taken.lean.lower())
    if taken.tables and uncovered.measured:
        return None
    if uncovered.changed:
        document.reread = partial(flatten_seen, taken.page.whole(), uncovered.hidden_read)
    else:
        document.reread = taken.page.reread
    if uncovered.tables_left_out:
        message = f"{uncovered.tables_left_out} tables that the page hides were not read"
        document.notes.append(Note("hidden_text", message))
    flow = _Flow(document, scripted, any(map(attached, found["a"])), taken.tables)
    flow.run(tree)
    return document if not taken.tables or flow.regular_found == list(range(len(taken.tables))) else None


def _take_scripts(found: dict[str, list[Node]]) -> set[int]:
    """Scripts and styles out of the tree; returns the cells that held a script, for the script may write their number."""
    cells = [cell_around(script) for script in found["script"]]
    for name in SCRIPTS:
        for node in found[name]:
            remove(node)
    return {cell.mem_id for cell in cells if cell is not None}


class _Flow:
    """Walks the tree once and writes paragraphs and grids in reading order."""

    def __init__(
        self, document: Document, scripted: Set[int], has_attachments: bool, regular: list[TableAsWritten]
    ) -> None:
        self.document = document
        self.regular = regular
        self.regular_found: list[int] = []
        self.scripted = scripted
        self.has_attachments = has_attachments
        self.document_id = document.source.document_id
        self.inline: list[str] = []
        self.tables = count(1)
        self.lines = count(1)
        self.length = 0  # characters of the page
        self.divided: set[int] = set()  # the elements that are more than one piece of text

    def run(self, tree: Tree) -> None:
        top = tree.body or tree.root
        if top is None:
            return
        self.length = len(top.text())
        self.divided = divided(top)
        self.walk(top, "body", 0)
        self.flush("body")

    def walk(self, element: Node, role: str, depth: int) -> None:
        """Read one element and all below it; text of inline elements gathers until the next block begins."""
        if depth > MAX_DEPTH:
            self.inline.append(element.text())
            if depth == MAX_DEPTH + 1:
                self.document.notes.append(
                    Note("nesting_too_deep", f"elements nested deeper than {MAX_DEPTH} were read as plain text")
                )
            return
        for child in element.iter(include_text=True):
            tag = child.tag
            if tag == TEXT:
                text = child.text()
                if self.inline or not text.isspace():  # no paragraph begins with a space
                    self.inline.append(text)
            elif tag == "table":
                self.flush(role)
                self.table(child, role, depth + 1)
            elif tag == "img":
                self.image(child)
            elif tag == "a" and (target := attached(child)):
                self.document.links.append(Link(target, tidy(child.text()), "attachment"))
                self.inline.append(child.text())
            elif tag in FRAMES:
                self.frame(child, attribute(child, FRAMES[tag]))
            elif tag in BLOCK:
                if self.inline:
                    self.flush(role)
                self.block(child, tag, role, depth)
            elif tag not in DROPPED:
                self.walk(child, role, depth + 1)

    def block(self, child: Node, tag: str, role: str, depth: int) -> None:
        inner = self.role(child, tag, role)
        if child.mem_id in self.divided:
            self.walk(child, inner, depth + 1)
        else:
            self.inline.append(child.text())
            if self.has_attachments:
                self.attachments(child)
        if self.inline:
            self.flush(inner)

    def role(self, element: Node, tag: str, role: str) -> str:
        """What the text of an element is. What is called a menu or a form and holds half of the page is neither, unless it is all links."""
        if role == "furniture":
            return role
        attributes = element.attributes
        named = names_furniture(attributes.get("class"), attributes.get("id"))
        if (named or tag in FURNITURE) and (len(element.text()) * 2 < self.length or all_links(element)):
            return "furniture"
        if tag == "h1":
            return "title"
        if tag in ("h2", "h3", "h4"):
            return "heading"
        return "furniture" if tag in ("ul", "ol") and all_links(element) else role

    def attachments(self, element: Node) -> None:
        """Note the files that links in an element lead to."""
        for a in within(element, "a"):
            if target := attached(a):
                self.document.links.append(Link(target, tidy(a.text()), "attachment"))

    def frame(self, element: Node, target: str) -> None:
        """What a frame shows is another file: a document (shown by a viewer, too) is an attachment, a page a frame."""
        if target and not target.startswith(("data:", "javascript:", "about:")):
            kind = "attachment" if ATTACHMENT.search(target) else "frame"
            self.document.links.append(Link(target, tidy(attribute(element, "title")), kind))

    def image(self, element: Node) -> None:
        source = attribute(element, "src")
        if source and not source.startswith("data:"):
            self.document.links.append(Link(source, tidy(attribute(element, "alt")), "image"))

    def flush(self, role: str) -> None:
        """End the paragraph that has gathered."""
        if not self.inline:
            return
        text = tidy("".join(self.inline))
        self.inline.clear()
        if text:
            locator = new_locator((self.document_id, None, None, next(self.lines), None, None, METHOD))
            self.document.blocks.append(Paragraph(text, locator, role))

    def table(self, element: Node, role: str, depth: int) -> None:
        """A data table becomes a grid; a layout table is walked cell by cell."""
        if self.regular and (mark := attribute(element, MARK)):
            self.regular_grid(int(mark))
            return
        rows = rows_of(element)
        is_column = all(len(row.cells) <= 1 for row in rows)  # then it is a layout, whatever stands in it
        may_nest = not is_column and bool(within(element, "table"))
        nested = may_nest and any(holds_table(cell) for row in rows for cell in row.cells)
        if is_layout(rows, nested):
            for row in rows:
                for cell in row.cells:
                    self.walk(cell, role, depth + 2)
                    self.flush(role)
            return
        self.grid(element, rows)
        if nested:
            self.regular_found.append(
                -1
            )  # the outer cells hold the text of the inner ones, which it takes a tree to set apart
            for inner in (inner for row in rows for cell in row.cells for inner in tables_within(cell)):
                self.table(inner, role, depth + 2)

    def regular_grid(self, index: int) -> None:
        self.regular_found.append(index)
        number = next(self.tables)
        self.document.blocks.append(grid_as_written(self.regular[index], number, self.document_id))

    def grid(self, element: Node, rows: list[Row]) -> None:
        number = next(self.tables)
        caption = tidy("".join(part.text() for part in element.iter() if part.tag == "caption"))
        grid = grid_of(element, rows, number, self.document_id, self.scripted, caption)
        if grid.texts:
            self.document.blocks.append(grid)
        if len(grid.texts) >= MAX_GRID_CELLS:
            message = f"table {number} has more than {MAX_GRID_CELLS} cells: the rest was not read"
            self.document.notes.append(Note("table_too_large", message))
