"""Text of a page as a browser sets it: runs of white space as one space, and nothing that takes no room."""

from __future__ import annotations

import re
from functools import lru_cache

SPACES = re.compile(r"[\s\u00a0\u3000]+")
INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]"
)  # takes no room: never a space between two digits
BETWEEN_CJK = re.compile(
    r" (?<=[\u2e80-\u9fff\uff00-\uffef“”‘’、。，；：（）] )(?=[\u2e80-\u9fff\uff00-\uffef“”‘’、。，；：（）])"
)


@lru_cache(maxsize=8192)  # the same labels and zeros come back in every document
def tidy(text: str) -> str:
    """Runs of white space to one space, none between Chinese characters, none at the ends."""
    stripped = text.strip()
    if " " not in stripped and stripped.isprintable():
        return stripped  # what takes no room, and every space but the plain one, does not print
    if INVISIBLE.search(text):
        text = INVISIBLE.sub("", text)
    text = text.strip()
    if not SPACES.search(text):
        return text
    return BETWEEN_CJK.sub("", SPACES.sub(" ", text))
