"""Text as it is printed: spaces made plain, the wrapped lines of a cell joined again."""

from __future__ import annotations

import re
from collections.abc import Iterable

# No-break, ideographic and typographic spaces and control characters print as a plain space.
_SPACES = re.compile("[ \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\x00-\x1f]+")
# Zero-width marks, directional marks, soft hyphens and byte order marks print as nothing.
_NOTHING = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
# Chinese characters, punctuation, full-width forms, quotes, circled numbers: a wrap between two leaves no space.
_CHINESE = re.compile(
    "[\u2014\u2018-\u201d\u2026\u2460-\u24ff\u2e80-\u303f\u3200-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]"
)

_ENTITY = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot|apos));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}


def clean(text: str) -> str:
    """The text with runs of any kind of space made one plain space, invisible marks dropped, ends stripped."""
    if text.isprintable() and "  " not in text:  # the common case: plain spaces only, no invisible marks
        return text.strip()
    return _NOTHING.sub("", _SPACES.sub(" ", text)).strip()


def join_lines(lines: Iterable[str]) -> str:
    """The lines of one cell as one text: joined by nothing between two Chinese characters, by a space otherwise."""
    joined = ""
    for line in lines:
        line = clean(line)
        if not line:
            continue
        if joined and not (_CHINESE.match(line[0]) and _CHINESE.match(joined[-1])):
            joined += " "
        joined += line
    return joined


def resolve_entities(text: str) -> str:
    """Characters of XML with the entities that XML itself defines put right; others stay as they stand."""
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(entity: re.Match[str]) -> str:
    decimal, hexadecimal, name = entity.groups()
    if name:
        return _NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if code < 0x110000 else ""
