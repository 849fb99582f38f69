"""Pages whose tables are lines of text in <pre>, as a text file looks once a browser or a content system has wrapped it."""

from __future__ import annotations

import html as entities
import re

from ...charset import decode
from ...document import Grid, Locator, Paragraph
from .plain import NO_TEXT
from .tables import METHOD

TABLE = re.compile(rb"<table\b", re.IGNORECASE)
FEWEST_LINES = 10
BREAKS = re.compile(r"<(?:br|/p|/div|/li|/h[1-6]|/title|/pre|p|div|pre|li|h[1-6])\b[^<>]*>", re.IGNORECASE)
ANY_TAG = re.compile(r"<[/!?a-zA-Z][^<>]*>")


def lines_of(data: bytes) -> str | None:
    """The text of a page line by line, the lines and tabs of <pre> kept; None where the page has a table or its <pre> are but a few lines."""
    if TABLE.search(data):
        return None
    markup = decode(data).encode("utf-8", "replace")
    inside = re.findall(rb"<pre\b[^>]*>(.*?)(?:</pre\s*>|\Z)", markup, re.IGNORECASE | re.DOTALL)
    if sum(part.count(b"\n") + part.lower().count(b"<br") for part in inside) < FEWEST_LINES:
        return None
    text = BREAKS.sub("\n", NO_TEXT.sub(b"", markup).decode("utf-8", "replace"))
    return entities.unescape(ANY_TAG.sub("", text))


def without_lines(blocks: list[Paragraph | Grid]) -> list[Paragraph | Grid]:
    """Blocks of the text as blocks of the page: their lines are counted in a text that nobody else has, so they keep none."""
    for block in blocks:
        if isinstance(block, Paragraph):
            block.locator = _on_page(block.locator)
        else:
            for cell in block.cells:
                cell.locator = _on_page(cell.locator)
    return blocks


def _on_page(locator: Locator) -> Locator:
    return locator._replace(bbox=None, method=METHOD)
