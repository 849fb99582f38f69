"""Rich Text Format as a stream of events: text as it prints, ends of paragraphs, cells and rows, row definitions.

Rules: Rich Text Format specification 1.9.1. Groups inherit and restore; \\u is followed by \\uc characters to skip;
\\'hh stands in the code page of its font.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from extract.document import Unreadable

MAX_DEPTH = 400
MAX_TOKENS = 8_000_000

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|((?:\\'[0-9a-fA-F]{2})+)|\\(.)|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.DOTALL
)
_SKIPPED = frozenset(
    [
        *("colortbl", "stylesheet", "listtable", "listoverridetable", "revtbl", "rsidtbl", "themedata", "datastore"),
        *("header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"),
        *("footnote", "annotation", "ftnsep", "ftnsepc", "aftnsep", "aftnsepc", "bkmkstart", "bkmkend"),
        *("pict", "objdata", "shprslt", "sp", "fldinst", "xe", "tc", "nonesttables"),
        *("comment", "doccomm", "keywords", "operator", "category", "manager", "company"),
        *("creatim", "revtim", "printim", "buptim"),
    ]
)
_READ_THOUGH_STARRED = frozenset(["nesttableprops", "shpinst", "shptxt"])  # and \\ud within \\info
_CHARACTERS = {
    "tab": " ", "emspace": " ", "enspace": " ", "qmspace": " ", "emdash": "—", "endash": "–",
    "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•",
}  # fmt: skip
_SYMBOLS = {b"~": " ", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\"}
_ENDS = {"par": "par", "sect": "par", "page": "par", "column": "par", "line": "line", "lbr": "line"} | {
    word: word for word in ("cell", "row", "nestcell", "nestrow")
}
_ROW_PROPERTIES = frozenset(["trowd", "cellx", "trleft", "clmgf", "clmrg", "clvmgf", "clvmrg"])
_FORMATS = ("ansicpg", "f", "fcharset", "af", "uc", "v", "deleted", "plain", "pard", "intbl", "itap", "outlinelevel")
_DESTINATIONS = ("fonttbl", "info", "title", "author")
_SAYING = frozenset(
    word.encode() for word in ("u", *_CHARACTERS, *_SKIPPED, *_ENDS, *_ROW_PROPERTIES, *_DESTINATIONS, *_FORMATS)
)
_CODECS = {
    128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5",
    932: "cp932", 936: "gb18030", 949: "cp949", 950: "big5", 54936: "gb18030", 65001: "utf-8",
}  # fmt: skip
_ANSI_FONTS = (0, 1, 77)  # \fcharset: ANSI, default, Macintosh: the code page of the document holds


class Event(NamedTuple):
    """`kind`: text, par, line, cell, row, nestcell, nestrow, a row property, or info (title or author in `name`).

    `level` is the nesting of the table it stands in (0: none), `outline` the outline level of its paragraph or -1.
    """

    kind: str
    text: str = ""
    number: int = 0
    level: int = 0
    outline: int = -1
    name: str = ""


@dataclass(slots=True)
class _Group:
    """What a group inherits and what ends with it."""

    skipped: bool = False
    destination: str = ""
    fallback: int = 1
    font: int = -1
    hidden: bool = False
    in_table: bool = False
    nesting: int = 1
    outline: int = -1


@dataclass(slots=True)
class _Machine:
    group: _Group = field(default_factory=_Group)
    stack: list[_Group] = field(default_factory=list)
    codec: str = "cp1252"
    fonts: dict[int, str] = field(default_factory=dict)
    font: int = -1  # the font that the font table is defining
    starred: bool = False
    to_skip: int = 0  # characters still to skip after a \\u
    raw: bytearray = field(default_factory=bytearray)
    text: str = ""

    @property
    def level(self) -> int:
        """How many tables the present paragraph stands in."""
        return self.group.nesting if self.group.in_table or self.group.nesting > 1 else 0

    def event(self, kind: str, number: int = 0) -> Event:
        return Event(kind, "", number, self.level, self.group.outline)

    def take_bytes(self, data: bytes) -> None:
        if self.to_skip:
            skipped = min(self.to_skip, len(data))
            self.to_skip -= skipped
            data = data[skipped:]
        if data and not self.group.skipped and not self.group.hidden:
            self.raw += data

    def take_text(self, text: str) -> None:
        if self.to_skip:
            self.to_skip -= 1
        elif not self.group.skipped and not self.group.hidden:
            self.settle()
            self.text += text

    def settle(self) -> None:
        """Decode the bytes gathered so far in the code page of their font."""
        if self.raw:
            codec = self.fonts.get(self.group.font, self.codec)
            self.text += self.raw.decode(codec, "replace")
            self.raw.clear()

    def flush(self) -> Iterator[Event]:
        """The text gathered so far as an event."""
        self.settle()
        if not self.text:
            return
        text, self.text = self.text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"), ""
        destination = self.group.destination
        if destination in ("title", "author"):
            yield Event("info", text, name=destination)
        elif destination not in ("fonttbl", "info"):
            yield Event("text", text, 0, self.level, self.group.outline)


def events(data: bytes) -> Iterator[Event]:
    """The events of RTF bytes. Raises Unreadable where groups are nested without bound or the text never ends."""
    machine = _Machine()
    place, tokens, end = 0, 0, len(data)
    while place < end:
        token = _TOKEN.match(data, place)
        tokens += 1
        if token is None or tokens > MAX_TOKENS:
            if tokens > MAX_TOKENS:
                raise Unreadable("The RTF file has more control words than any report: refused.")
            place += 1
            continue
        place = token.end()
        word, number, hexadecimal, symbol, brace, plain = token.groups()
        if plain is not None:
            machine.take_bytes(plain)
        elif hexadecimal is not None:
            machine.take_bytes(bytes.fromhex(hexadecimal.replace(b"\\'", b"").decode("ascii")))
        elif word == b"bin":
            place += min(max(int(number or 0), 0), end - place)
        elif word is not None and word not in _SAYING and not machine.starred:
            machine.to_skip = 0  # most words only dress what stands there
            if machine.raw or machine.text:
                yield from machine.flush()
        elif word is not None:
            yield from _take_word(machine, word.decode("ascii"), None if number is None else int(number))
        elif brace is not None:
            yield from machine.flush()
            _take_brace(machine, brace)
        elif symbol is not None:
            yield from _take_symbol(machine, symbol)
    yield from machine.flush()


def _take_brace(machine: _Machine, brace: bytes) -> None:
    machine.to_skip = 0
    machine.starred = False
    if brace == b"{":
        if len(machine.stack) >= MAX_DEPTH:
            raise Unreadable(f"The RTF file nests over {MAX_DEPTH} groups: refused.")
        machine.stack.append(machine.group)
        machine.group = replace(machine.group)
    elif machine.stack:
        machine.group = machine.stack.pop()


def _take_symbol(machine: _Machine, symbol: bytes) -> Iterator[Event]:
    if symbol == b"*":
        machine.starred = True
    elif symbol in b"\r\n":
        yield from machine.flush()
        if not machine.group.skipped:
            yield machine.event("par")
    elif symbol in _SYMBOLS:
        machine.take_text(_SYMBOLS[symbol])


def _take_word(machine: _Machine, word: str, number: int | None) -> Iterator[Event]:
    starred, machine.starred = machine.starred, False
    group = machine.group
    if word == "u" and number is not None:
        machine.to_skip = 0
        machine.take_text(chr(number & 0xFFFF))
        machine.to_skip = group.fallback
        return
    if word in _CHARACTERS:
        machine.take_text(_CHARACTERS[word])
        return
    machine.to_skip = 0
    if machine.raw or machine.text:
        yield from machine.flush()
    if word in _SKIPPED or (starred and not _is_read(word, group)):
        group.skipped = True
    if group.skipped:
        return
    if word in _ENDS:
        yield machine.event(_ENDS[word])
    elif word in _ROW_PROPERTIES:
        yield machine.event(word, number or 0)
    elif word in _DESTINATIONS:
        group.destination = word if word in ("fonttbl", "info") or group.destination == "info" else group.destination
    else:
        _take_format(machine, word, number)


def _is_read(word: str, group: _Group) -> bool:
    """Whether a starred destination holds text that prints; the Unicode form of the title and author counts too."""
    return word in _READ_THOUGH_STARRED or (word == "ud" and group.destination == "info")


def _take_format(machine: _Machine, word: str, number: int | None) -> None:
    group = machine.group
    if word == "ansicpg":
        machine.codec = _CODECS.get(number or 0, "cp1252")
    elif word == "f" and group.destination == "fonttbl":
        machine.font = number or 0
    elif word == "fcharset" and group.destination == "fonttbl":
        if number not in _ANSI_FONTS and number in _CODECS:
            machine.fonts[machine.font] = _CODECS[number]
    elif word in ("f", "af"):
        group.font = number or 0
    elif word == "uc":
        group.fallback = max(number or 0, 0)
    elif word in ("v", "deleted"):
        group.hidden = number != 0
    elif word == "plain":
        group.font, group.hidden = -1, False
    elif word == "pard":
        group.in_table, group.nesting, group.outline = False, 1, -1
    elif word == "intbl":
        group.in_table = True
    elif word == "itap":
        group.nesting = max(number or 0, 1)
        group.in_table = (number or 0) > 0
    elif word == "outlinelevel":
        group.outline = number or 0
