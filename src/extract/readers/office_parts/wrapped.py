"""Pages that stand inside another file: as a string of JSON or of a script, as text whose tags are escaped, as a part that a Word document takes in."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from extract.charset import decode
from extract.readers.office_parts.mhtml import html_part, is_mhtml
from extract.readers.office_parts.package import Package

_MARKUP = re.compile(r"<(?:table|p|div|td|br)\b", re.IGNORECASE)
_TITLE = re.compile(r"title|标题|subject", re.IGNORECASE)
_PUBLISHED = re.compile(r"pub\w*(?:date|time)|(?:date|time)\w*pub|发布(?:日期|时间)", re.IGNORECASE)
_TITLE_OF_PAGE = re.compile(r"<title[^<>]{0,100}>[^<]{0,300}", re.IGNORECASE)
# An escaped quote outside a string begins none: without that, each would be followed to the end.
_QUOTED = re.compile(r"""\\.|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`)""", re.DOTALL)
_ESCAPED = re.compile(r"""\\(?:x([0-9a-fA-F]{2})|(.))|["\x00-\x1f]""", re.DOTALL)
_ROW = re.compile(r"<t[rd]\b", re.IGNORECASE)
_LONGEST_NAME = 300  # characters of a title or a date
_PARTS_TAKEN_IN = "aFChunk"
Named = tuple[str, str]  # the name under which JSON holds a string, and the string


def page_in_json(data: bytes) -> bytes | None:
    """The page that JSON holds as strings of markup, as UTF-8, with its title and date where they are told beside it; None where
    the bytes are no JSON, or none with markup in it."""
    text = decode(data).strip()
    if not text.startswith(("{", "[")) or ("<" not in text and "\\u003" not in text.lower()):
        return None
    try:
        held = list(_strings(json.loads(text), ""))
    except (ValueError, RecursionError):
        return None
    markup = [string for _, string in held if _MARKUP.search(string)]
    if not markup:
        return None
    head = "".join(_head(name, string) for name, string in held if len(string) <= _LONGEST_NAME)
    return "\n".join([f"<html><head>{head}</head><body>", *markup, "</body></html>"]).encode("utf-8", "replace")


def _strings(value: Any, name: str) -> Iterator[Named]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(inner, str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner, name)


def _head(name: str, string: str) -> str:
    """What a title or a date becomes in the head of the page; nothing for any other string."""
    if _TITLE.search(name):
        return f"<title>{html.escape(string)}</title>"
    return f'<meta name="PubDate" content="{html.escape(string)}">' if _PUBLISHED.search(name) else ""


def page_in_script(data: bytes) -> bytes | None:
    """The page that a script or a text field holds, which writes it only in the browser, as UTF-8 under the title of the page around it; None where
    neither holds a table."""
    text = decode(data)
    held = [html.unescape(inside) for inside in _insides(text, "textarea")]
    for script in _insides(text, "script"):
        if any(sign in script.lower() for sign in ("<td", "003ctd", "x3ctd")):
            held += [_unquoted(found) for found in _QUOTED.findall(script) if found]
    held = [markup for markup in held if _ROW.search(markup)]
    if not held:
        return None
    title = _TITLE_OF_PAGE.search(text)
    head = f"{title[0]}</title>" if title else ""
    return "\n".join([f"<html><head>{head}</head><body>", *held, "</body></html>"]).encode("utf-8", "replace")


def _insides(text: str, name: str) -> Iterator[str]:
    """The contents of the elements of that name."""
    start = None
    for tag in re.finditer(rf"<(/?){name}\b[^<>]*>?", text, re.IGNORECASE):
        if not tag[1]:
            start = tag.end() if start is None else start
        elif start is not None:
            yield text[start : tag.start()]
            start = None


def _unquoted(literal: str) -> str:
    """What a string of a script says; nothing where it is none. A string of JSON that holds JSON says what its own strings say."""
    inside = _ESCAPED.sub(_in_json, literal[1:-1])
    try:
        said: str = json.loads(f'"{inside}"', strict=False)
    except ValueError:
        return ""
    if not said.lstrip().startswith(("{", "[")):
        return said
    try:
        return "\n".join(string for _, string in _strings(json.loads(said), "") if _MARKUP.search(string))
    except (ValueError, RecursionError):
        return ""


def _in_json(found: re.Match[str]) -> str:
    """What JavaScript writes in a string, as JSON writes it."""
    if found[1]:
        return f"\\u00{found[1]}"
    if found[2]:
        return found[0] if found[2] in '"\\/bfnrtu' else found[2]
    return json.dumps(found[0])[1:-1]


def escaped_page(data: bytes) -> bytes | None:
    """The page whose tags are written as text (&lt;table&gt;), as UTF-8; None where the tables are tags, or there are none."""
    lowered = data.lower()
    if b"&lt;t" not in lowered or b"<table" in lowered or not re.search(rb"&lt;t(?:able|r|d)\b", lowered):
        return None
    return html.unescape(decode(data)).encode("utf-8", "replace")


def page_in_word(data: bytes) -> bytes | None:
    """The page that a Word document takes in as a part (altChunk), which Word shows as its text; None where it takes in none."""
    package = Package(data)
    pages = [
        package.read(relation.target)
        for relation in package.relations("word/document.xml").values()
        if relation.kind == _PARTS_TAKEN_IN and not relation.external and relation.target in package
    ]
    if not pages:
        return None
    return b"\n".join(html_part(page) if is_mhtml(page[:4096]) else page for page in pages)
