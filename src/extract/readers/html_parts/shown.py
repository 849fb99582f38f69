"""A page as its readers see it: what the page hides, strikes out or sets as a note mark is taken out of the tree; what stands in fields is put in.

Asked only of pages whose markup holds any of it (`ODD`). A hidden row or cell is never on the paper; a hidden block may be the very content that
a script uncovers, so it is left out only where the rest of the page holds as much.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

from lxml import etree

Element: TypeAlias = Any  # lxml is untyped

HIDING = r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em|rem|%)?\s*(?:;|$|[\"'])"
HIDDEN_FLAG = re.compile(r"(?:^|\s)hidden(?:\s|=|/|>|$)", re.IGNORECASE)
# What tells that a page holds any of it, in lower-case markup: a plain word, looked for first because that costs nothing, and the pattern it begins.
SIGNS = (
    ("hidden", b"display", rb"display\s*:\s*none"), ("hidden", b"visibility", rb"visibility\s*:\s*hidden"),
    ("hidden", b"font-size:0", rb"font-size:0(?:px|pt|em|rem|%)?\s*[;\"']"), ("hidden", b"font-size: 0", rb"font-size: 0(?:px|pt|em|rem|%)?\s*[;\"']"),
    ("hidden", b" hidden", rb" hidden[\s>=/]"), ("hidden", b"line-through", rb"line-through"),
    ("struck", b"<del", rb"<del[\s>]"), ("struck", b"<s", rb"<s[\s>]"), ("struck", b"<strike", rb"<strike[\s>]"),
    ("marks", b"<sup", rb"<sup[\s>]"), ("fields", b"<input", rb"<input[\s>]"), ("fields", b"<select", rb"<select[\s>]"),
)  # fmt: skip
PATTERNS = {pattern: re.compile(pattern) for *_, pattern in SIGNS}
HIDDEN_STYLE = re.compile(HIDING, re.IGNORECASE)
STRUCK_STYLE = re.compile(r"text-decoration[\w-]*\s*:[^;]*line-through", re.IGNORECASE)
STRUCK = ("del", "s", "strike")
NOTE_MARK = re.compile(r"[\s\[\]()（）【】〔〕注*＊※\d①-⑳]{1,8}")
PARTS_OF_TABLES = frozenset({"td", "th", "tr"})
NO_TEXT_FIELDS = frozenset({"hidden", "checkbox", "radio", "button", "submit", "reset", "image", "file", "password"})
MAY_HIDE = etree.XPath(
    "//*[@hidden or contains(@style, 'one') or contains(@style, 'ONE') or contains(@style, 'idden') or contains(@style, 'IDDEN')"
    " or contains(@style, 'size') or contains(@style, 'SIZE') or contains(@style, 'through')]"
)
STRING = etree.XPath("string()")
CELLS = etree.XPath("count(.//td|.//th)")
LONG_BLOCK = 200  # characters: a shorter hidden block is a menu, a tip or a code, never the content


class Uncovered(NamedTuple):
    """What was done to a page: whether anything, how many tables it hides that were left out, whether its hidden blocks were read."""

    changed: bool
    tables_left_out: int = 0
    hidden_read: bool = False


def uncover(root: Element, markup: bytes) -> Uncovered:
    """Bring the tree to what a person sees, in place. `markup` is the page in lower case: it tells what need not be looked for."""
    odd = {name for name, word, pattern in SIGNS if word in markup and PATTERNS[pattern].search(markup)}
    changed = False
    if "marks" in odd:
        taken = [_take_note_mark(mark) for mark in list(root.iter("sup"))]
        changed |= any(taken)
    if "struck" in odd:
        struck = list(root.iter(*STRUCK))
        changed |= bool(struck)
        for element in struck:
            _remove(element)
    if "fields" in odd:
        changed |= _fill_fields(root)
    return _take_hidden(root, changed) if "hidden" in odd else Uncovered(changed)


def _take_hidden(root: Element, changed: bool) -> Uncovered:
    hidden = _hidden(root)
    blocks = [element for element in hidden if element.tag not in PARTS_OF_TABLES and _is_block(element)]
    for element in hidden:
        if element not in blocks and not _hides_all(element):
            _remove(element)
    if not blocks or _rest_is_less(root, blocks):
        return Uncovered(changed or bool(hidden), 0, bool(blocks))
    tables = sum(1 for block in blocks for _ in block.iter("table"))
    for block in blocks:
        _remove(block)
    return Uncovered(True, tables, False)


def _hidden(root: Element) -> list[Element]:
    """The outermost hidden elements; struck-out text counts as hidden."""
    found: list[Element] = []
    inside: set[Element] = set()
    for element in MAY_HIDE(root):
        style = element.get("style") or ""
        if element.get("hidden") is None and not HIDDEN_STYLE.search(style) and not STRUCK_STYLE.search(style):
            continue
        if element.tag not in ("html", "body") and not any(above in inside for above in element.iterancestors()):
            inside.add(element)
            found.append(element)
    return found


def _is_block(element: Element) -> bool:
    return element.tag in ("table", "tbody") or CELLS(element) > 0 or len(STRING(element).strip()) > LONG_BLOCK


def _hides_all(part: Element) -> bool:
    """Whether a hidden row leaves its table without any other: then a script shows the rows, and they are the content."""
    if part.tag != "tr" or part.getparent() is None:
        return False
    others = (row for row in part.getparent().iterchildren("tr") if row is not part)
    return all(HIDDEN_STYLE.search(row.get("style") or "") or row.get("hidden") is not None for row in others)


def _rest_is_less(root: Element, blocks: list[Element]) -> bool:
    """Whether the hidden blocks hold more than twice what the page shows: cells where they hold tables, else text."""
    hidden, shown = (sum(CELLS(block) for block in blocks), CELLS(root))
    if hidden >= 50:
        return bool(hidden > 2 * (shown - hidden))
    length = sum(len(STRING(block)) for block in blocks)
    return length > 2 * (len(STRING(root)) - length)


def _take_note_mark(mark: Element) -> bool:
    """A raised "1" or "[1]" behind other text in a cell points to a note and is no digit of the number before it."""
    cell = next((above for above in mark.iterancestors("td", "th")), None)
    if cell is None or not NOTE_MARK.fullmatch(STRING(mark) or " "):
        return False
    if len(STRING(cell).strip()) > len(STRING(mark).strip()):
        _remove(mark)
    return True


def _fill_fields(root: Element) -> bool:
    """What stands in a text field of a cell, or is chosen from a list in it, stands on the page as text."""
    filled = False
    for field in list(root.iter("input", "select")):
        cell = next((above for above in field.iterancestors("td", "th")), None)
        if cell is None or len(STRING(cell)) > LONG_BLOCK:  # a search box in a layout table
            continue
        if field.tag == "select":
            field.tail = f"{_chosen(field)}{field.tail or ''}"
            _remove(field)
        elif (field.get("type") or "text").lower() not in NO_TEXT_FIELDS and field.get("value"):
            field.tail = f"{field.get('value')}{field.tail or ''}"
        else:
            continue
        filled = True
    return filled


def _chosen(choice: Element) -> str:
    options: list[Element] = list(_options(choice))
    selected = [option for option in options if option.get("selected") is not None]
    return STRING((selected or options)[0]) if options else ""


def _options(choice: Element) -> Iterator[Element]:
    return choice.iter("option")  # type: ignore[no-any-return]


def _remove(element: Element) -> None:
    """Take an element out of the tree; the text behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = f"{parent.text or ''}{element.tail}"
        else:
            before.tail = f"{before.tail or ''}{element.tail}"
    parent.remove(element)
