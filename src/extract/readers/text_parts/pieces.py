"""A line of a table cut into its cells: at tabs, at bars, or at runs of spaces."""

from __future__ import annotations

import re
from collections.abc import Sequence

RUN_OF_SPACES = re.compile(r"[ \u3000\u00a0]{2,}|\u3000")
SPACES = re.compile(r"[ \u00a0\u3000\u200b\ufeff\r\f\v]+")
SPREAD_OUT = re.compile(r"[\u4e00-\u9fff](?: [\u4e00-\u9fff]){1,3}")  # a line that is one short label: "规　　章"
NUMBERS_AT_END = re.compile(r"(.*[^\d\s.,%-] |)((?:[-+]?\d+(?:\.\d+)? ){1,20}[-+]?\d+(?:\.\d+)?)")


def tidy(text: str) -> str:
    """Runs of spaces to one, none at the ends."""
    return SPACES.sub(" ", text).strip()


def pieces_of(line: str) -> list[str]:
    """The cells of a line of a table: as they are parted, numbers that only one space parts told apart too."""
    cells = parted(line)
    return cells if "\t" in line or "|" in line else [cell for piece in cells for cell in _numbers_apart(piece)]


def parted(line: str) -> list[str]:
    """The pieces of a line: parted by single tabs or bars (an empty piece is an empty cell), else by runs of spaces."""
    if "\t" in line:
        return [tidy(piece) for piece in line.strip(" \u3000\r").split("\t")]
    if "|" in line:
        return [tidy(piece) for piece in line.strip().removeprefix("|").removesuffix("|").split("|")]
    pieces = [tidy(piece) for piece in RUN_OF_SPACES.split(line.strip()) if piece.strip()]
    return ["".join(pieces)] if SPREAD_OUT.fullmatch(" ".join(pieces)) else pieces


def _numbers_apart(piece: str) -> list[str]:
    """A piece that ends in several numbers, one space between them, as the cells that they are: narrow columns leave no
    more room. A single number stays with its words, which may be a sentence."""
    found = NUMBERS_AT_END.fullmatch(piece)
    if not found:
        return [piece]
    words, numbers = found.groups()
    return ([words.rstrip()] if words else []) + numbers.split()


def places_in(line: str, texts: Sequence[str]) -> list[tuple[int, int]]:
    """Of each of the cells that were cut from a line, in their order, the first and the last character, counted from 1; of an empty one the place behind
    the cell before it, of one that cannot be found again the whole line."""
    found: list[tuple[int, int]] = []
    end = 0
    for text in texts:
        first, last = _place_in(line, text, end)
        if first < 0:
            found.append((1, len(line)))
        else:
            found.append((first + 1, last))
            end = last
    return found


def _place_in(line: str, text: str, after: int) -> tuple[int, int]:
    """Where a text begins and ends in a line behind a place, whatever runs of spaces were made one in it; -1 where it does not."""
    first, end = -1, after
    for word in text.split():
        at = line.find(word, end)
        if at < 0:
            return -1, -1
        first, end = at if first < 0 else first, at + len(word)
    return (after, after) if first < 0 else (first, end)
