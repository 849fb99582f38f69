"""The column of names at the left of a drawing."""

from __future__ import annotations

from collections.abc import Sequence

from compare.language import Words
from compare.site.svg import Texts

WIDTH = 860.0
LONGEST_NAME = 18
WIDEST_WORDS = 300.0


def room_for(names: Sequence[Texts]) -> float:
    """How wide the column of names must be: a Chinese character is as wide as the letters are high."""
    return 26 + max((room_of(name) for name in names), default=0.0)


def room_of(name: Texts) -> float:
    """How wide a name is, in its wider language."""
    texts = (name,) if isinstance(name, str) else name
    wide = max(sum(13.0 if ord(sign) > 0x2E7F else 7.2 for sign in text) for text in texts)
    return min(wide, LONGEST_NAME * 13.0 if isinstance(name, str) else WIDEST_WORDS)


def shortened(name: Texts) -> Texts:
    """A name that fits its column."""
    if isinstance(name, Words):
        return name
    return f"{name[: LONGEST_NAME - 1]}…" if len(name) > LONGEST_NAME else name
