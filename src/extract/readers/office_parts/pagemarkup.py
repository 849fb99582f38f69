"""Text with tables in HTML, as conversion tools leave what Markdown cannot express: made one page, for the HTML reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from extract.charset import decode

_BLOCK = re.compile(r"<table[\s>].*?(?:</table\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_FRONT_MATTER = re.compile(r"\s*---[ \t]*\n.*?\n---[ \t]*(?:\n|$)", re.DOTALL)
_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_SEPARATOR = re.compile(r"[|\s:+-]*-[|\s:+-]*$")
_NO_TAG = re.compile(r"<(?![a-zA-Z/!])")
_EMPHASIS = re.compile(r"(\*\*|__|~~|`)(?=\S)(.+?)(?<=\S)\1")


def has_tables(data: bytes) -> bool:
    """Whether text of some kind holds a table in HTML, however much other text stands before it."""
    if b"<" not in data:
        return False
    lowered = data.lower()
    at = lowered.find(b"<table")
    return at >= 0 and lowered.find(b"</t", at) >= 0


def page_of(data: bytes) -> bytes:
    """The text as one HTML page in UTF-8: tables as they stand, pipe tables, headings and paragraphs around them marked up."""
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT_MATTER.match(text)
    at = front.end() if front else 0
    parts = ["<html><body>"]
    for block in _BLOCK.finditer(text, at):
        parts += [*_marked_up(text[at : block.start()]), block[0]]
        at = block.end()
    return "\n".join([*parts, *_marked_up(text[at:]), "</body></html>"]).encode("utf-8", "replace")


def _marked_up(text: str) -> Iterator[str]:
    for in_table, lines in groupby(text.split("\n"), lambda line: line.lstrip().startswith("|")):
        if in_table:
            yield _table([line for line in lines if not _SEPARATOR.match(line)])
        else:
            yield from (_paragraph(line) for line in lines if line.strip())


def _table(lines: list[str]) -> str:
    rows = (
        "".join(f"<td>{_plain(cell)}</td>" for cell in line.strip().removeprefix("|").removesuffix("|").split("|"))
        for line in lines
    )
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


def _paragraph(line: str) -> str:
    heading = _HEADING.match(line)
    if heading:
        return f"<h{len(heading[1])}>{_plain(heading[2])}</h{len(heading[1])}>"
    return line if line.lstrip().startswith("<") else f"<p>{_plain(line)}</p>"


def _plain(text: str) -> str:
    return _EMPHASIS.sub(r"\2", _NO_TAG.sub("&lt;", text))
