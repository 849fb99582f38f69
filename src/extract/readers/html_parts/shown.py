"""A page as its readers see it: what the page hides, strikes out or sets as a note mark is taken out of the tree; what stands in fields is put in.

A hidden row or cell is never on the paper; a hidden block may be the very content that a script uncovers, so it is left out only where the rest
of the page holds as much.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .tree import Node, Tree, around, attribute, cell_around, remove, within

HIDING = r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em|rem|%)?\s*(?:;|$|[\"'])"
HIDDEN_FLAG = re.compile(r"(?:^|\s)hidden(?:\s|=|/|>|$)", re.IGNORECASE)
HIDDEN_STYLE = re.compile(HIDING, re.IGNORECASE)
STRUCK_STYLE = re.compile(r"text-decoration[\w-]*\s*:[^;]*line-through", re.IGNORECASE)
STRUCK, FIELDS = ("del", "s", "strike"), ("input", "select")
ODD = " ".join(("sup", *STRUCK, *FIELDS))
NOTE_MARK = re.compile(r"[\s\[\]()（）【】〔〕注*＊※\d①-⑳]{1,8}")
PARTS_OF_TABLES = frozenset({"td", "th", "tr"})
NO_TEXT_FIELDS = frozenset({"hidden", "checkbox", "radio", "button", "submit", "reset", "image", "file", "password"})
# Words one of which stands in the lower-case markup of every page that hides text: looking for them costs least.
MAY_HIDE = (b"display", b"hidden", b"line-through", b"font-size:0", b"font-size: 0")
HIDERS = ", ".join(
    ("[hidden]", *(f"[style*='{word}' i]" for word in ("none", "hidden", "through", "size:0", "size: 0")))
)
CELLS = "td, th"
LONG_BLOCK = 200  # characters: a shorter hidden block is a menu, a tip or a code, never the content


class Uncovered(NamedTuple):
    """What was done to a page: whether anything, how many tables it hides that were left out, whether its hidden blocks were read, whether that
    was decided by how many cells or characters it hides and shows."""

    changed: bool
    tables_left_out: int = 0
    hidden_read: bool = False
    measured: bool = False


def uncover(tree: Tree, odd: dict[str, list[Node]], markup: bytes) -> Uncovered:
    """Bring the tree to what a person sees, in place. `odd` holds its elements with the names of ODD, `markup` is the page in lower case."""
    changed = False
    for mark in odd["sup"]:
        changed |= _take_note_mark(mark)
    for name in STRUCK:
        for node in odd[name]:
            remove(node)
            changed = True
    for name in FIELDS:
        for field in odd[name]:
            changed |= _fill(field)
    return _take_hidden(tree, changed) if any(word in markup for word in MAY_HIDE) else Uncovered(changed)


def _take_hidden(tree: Tree, changed: bool) -> Uncovered:
    hidden = _hidden(tree)
    blocks = [node for node in hidden if node.tag not in PARTS_OF_TABLES and _is_block(node)]
    ids = {node.mem_id for node in blocks}
    for node in hidden:
        if node.mem_id not in ids and not _hides_all(node):
            remove(node)
    if not blocks or _rest_is_less(tree, blocks):
        return Uncovered(changed or bool(hidden), 0, bool(blocks), bool(blocks))
    tables = sum(len(block.css("table")) for block in blocks)
    for block in blocks:
        remove(block)
    return Uncovered(True, tables, False, True)


def _hidden(tree: Tree) -> list[Node]:
    """The outermost hidden elements; struck-out text counts as hidden."""
    found: list[Node] = []
    inside: set[int] = set()
    for node in tree.css(HIDERS):
        if _is_hidden(node) and node.tag not in ("html", "body"):
            if not any(above.mem_id in inside for above in around(node)):
                found.append(node)
            inside.add(node.mem_id)
    return found


def _is_hidden(node: Node) -> bool:
    attributes = node.attributes
    style = attributes.get("style") or ""
    return "hidden" in attributes or bool(HIDDEN_STYLE.search(style) or STRUCK_STYLE.search(style))


def _is_block(node: Node) -> bool:
    return node.tag in ("table", "tbody") or bool(node.css_first(CELLS)) or len(node.text().strip()) > LONG_BLOCK


def _hides_all(part: Node) -> bool:
    """Whether a hidden row leaves its table without any other: then a script shows the rows, and they are the content."""
    if part.tag != "tr" or part.parent is None:
        return False
    others = [row for row in part.parent.iter() if row.tag == "tr" and row.mem_id != part.mem_id]
    return all(HIDDEN_STYLE.search(attribute(row, "style")) or "hidden" in row.attributes for row in others)


def _rest_is_less(tree: Tree, blocks: list[Node]) -> bool:
    """Whether the hidden blocks hold more than twice what the page shows: cells where they hold tables, else text."""
    hidden, shown = sum(len(block.css(CELLS)) for block in blocks), len(tree.css(CELLS))
    if hidden >= 50:
        return hidden > 2 * (shown - hidden)
    length = sum(len(block.text()) for block in blocks)
    return length > 2 * (len(tree.text()) - length)


def _take_note_mark(mark: Node) -> bool:
    """A raised "1" or "[1]" behind other text in a cell points to a note and is no digit of the number before it."""
    cell = cell_around(mark)
    text = mark.text()
    if cell is None or not NOTE_MARK.fullmatch(text or " "):
        return False
    if len(cell.text().strip()) > len(text.strip()):
        remove(mark)
    return True


def _fill(field: Node) -> bool:
    """What stands in a text field of a cell, or is chosen from a list in it, stands on the page as text."""
    cell = cell_around(field)
    if cell is None or len(cell.text()) > LONG_BLOCK:  # a search box in a layout table
        return False
    if field.tag == "select":
        field.insert_after(_chosen(field))
        remove(field)
        return True
    value = attribute(field, "value")
    if not value or (attribute(field, "type") or "text").lower() in NO_TEXT_FIELDS:
        return False
    field.insert_after(value)
    return True


def _chosen(choice: Node) -> str:
    options = within(choice, "option")
    selected = [option for option in options if "selected" in option.attributes]
    return (selected or options)[0].text() if options else ""
