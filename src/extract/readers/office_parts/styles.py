"""The styles of a WordprocessingML document: which make titles and headings, which number.

styles.xml is often larger than the text it styles and a report uses a handful of its styles: they are looked up one by
one in its bytes, because parsing them all would cost more than reading the document.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

_MAX_BASES = 20
_VALUE = rb'<(?:\w+:)?%s\s[^>]*?\bval="([^"]*)"'
_NAME, _BASE, _OUTLINE, _LIST, _LEVEL = (
    re.compile(_VALUE % name) for name in (b"name", b"basedOn", b"outlineLvl", b"numId", b"ilvl")
)


class Style(NamedTuple):
    """What a style gives its paragraphs: a role (title, heading, furniture, ""), a list id ("" for none), a level."""

    role: str = ""
    list_id: str = ""
    level: int = 0


@dataclass(slots=True)
class Styles:
    """Paragraph styles by id, looked up in `load()`, the bytes of styles.xml (b"" where there is none)."""

    load: Callable[[], bytes]
    _data: bytes | None = None
    _known: dict[str, Style] = field(default_factory=lambda: {"": Style()})

    def style(self, style_id: str) -> Style:
        """The style of that id with what it inherits (17.7.4.3); a style that is not defined gives nothing."""
        if style_id not in self._known:
            self._known[style_id] = self._looked_up(style_id)
        return self._known[style_id]

    def _looked_up(self, style_id: str) -> Style:
        role, list_id, level = "", "", ""
        seen: set[bytes] = set()
        base = style_id.encode()
        while base and base not in seen and len(seen) < _MAX_BASES:
            seen.add(base)
            definition = self._definition(base)
            role = role or _own_role(definition)
            list_id = list_id or _first(_LIST, definition)
            level = level or _first(_LEVEL, definition)
            base = _first(_BASE, definition).encode()
        return Style(role, list_id, int(level) if level.isdigit() else 0)

    def _definition(self, style_id: bytes) -> bytes:
        if self._data is None:
            self._data = self.load()
        place = self._data.find(b'styleId="' + style_id + b'"')
        end = re.compile(rb"</(?:\w+:)?style>").search(self._data, place) if place >= 0 else None
        return self._data[place : end.start()] if end else b""


def _first(pattern: re.Pattern[bytes], definition: bytes) -> str:
    found = pattern.search(definition)
    return found[1].decode("utf-8", "replace") if found else ""


def _own_role(definition: bytes) -> str:
    name = _first(_NAME, definition).lower()
    if name == "title":
        return "title"
    if name.startswith("heading ") or _first(_OUTLINE, definition) in tuple("012345678"):
        return "heading"  # outline level 9 is body text (17.3.1.20)
    return "furniture" if name.startswith(("toc ", "header", "footer")) else ""
