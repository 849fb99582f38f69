"""The text of WordprocessingML runs, and where its lines end (ECMA-376 part 1, 17.3.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from extract.readers.office_parts.celltext import clean, join_lines
from extract.readers.office_parts.numbering import W

P, T, BR, CR = W + "p", W + "t", W + "br", W + "cr"
SYMBOL, HYPHEN = W + "sym", W + "noBreakHyphen"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
INLINE = (T, BR, CR, W + "tab", W + "ptab", SYMBOL, HYPHEN, MATH)
_MARKS = frozenset(INLINE) - {T, BR, CR}

_SYMBOLS = {"F0FE": "☑", "F052": "☑", "F0FC": "✓", "F0A8": "□", "F06F": "□", "F0A3": "□"}
# A manual break stands for a new paragraph where the line before it ends a sentence or the next is numbered.
_SENTENCE_END = tuple("。；！？：;!?")
_NUMBERED = re.compile(
    r"[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、](?!\d)"
)


def symbol_or_mark(node: etree._Element) -> str:
    """What an inline element other than w:t prints: a symbol, a hyphen, a formula's text, or a space for tabs."""
    tag = node.tag
    if tag == MATH:
        return node.text or ""
    if tag == HYPHEN:
        return "-"
    return _symbol(node.get(W + "char", "")) if tag == SYMBOL else " "


def _symbol(char: str) -> str:
    """The character of a w:sym: of the private area (symbol fonts) only boxes and ticks mean something."""
    char = char.upper()
    if char in _SYMBOLS:
        return _SYMBOLS[char]
    if not re.fullmatch("[0-9A-F]{4}", char) or "D800" <= char <= "F8FF":
        return ""
    return chr(int(char, 16))


def lines_of(paragraph: etree._Element) -> list[str]:
    """The printed lines of a w:p, at least one; manual breaks part them."""
    lines: list[str] = []
    text = ""
    for piece in paragraph.iter():  # all of them: most stand in runs of text, and naming what is wanted costs more
        tag = piece.tag
        if tag == T:
            text += piece.text or ""
        elif tag in (BR, CR):
            lines.append(text)
            text = ""
        elif tag in _MARKS:
            text += symbol_or_mark(piece)
    lines.append(text)
    return lines


def paragraphs_of(lines: list[str]) -> Iterator[str]:
    """Lines parted by manual breaks: joined where a break only wraps, kept apart where it makes a paragraph."""
    if len(lines) == 1:
        if only := clean(lines[0]):
            yield clean(only)
        return
    joined: list[str] = []
    for line in map(clean, lines):
        if not line:
            continue
        if joined and (joined[-1].endswith(_SENTENCE_END) or _NUMBERED.match(line)):
            yield join_lines(joined)
            joined = []
        joined.append(line)
    if joined:
        yield join_lines(joined)
