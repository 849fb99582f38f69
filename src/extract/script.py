"""Copies of pages in traditional characters: made simplified character by character, so that places in the text stay what they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache

from extract.codebook import read_reference

# What no page of this kind lacks in traditional characters, and no page in simplified ones holds three of.
_TELLING = "開報區處務條與總關辦請縣"
FEWEST = 3


@cache
def _table() -> dict[int, str]:
    return {ord(pair["traditional"]): pair["simplified"] for pair in read_reference("traditional.csv")}


@cache
def _traditional() -> re.Pattern[str]:
    return re.compile(f"[{''.join(map(chr, _table()))}]")


def simplified(text: str) -> str:
    """The text in simplified characters, as long as it was."""
    return text.translate(_table()) if _traditional().search(text) else text


def is_traditional(texts: Iterable[str]) -> bool:
    """Whether texts are a copy in traditional characters."""
    together = "".join(texts)
    return any(map(together.__contains__, _TELLING)) and sum(map(together.count, _TELLING)) >= FEWEST


def as_read(texts: Iterable[str]) -> Callable[[str], str]:
    """How texts like these are to be read: `simplified`, or as they are."""
    return simplified if is_traditional(texts) else str
