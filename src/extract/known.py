"""What a function gave before, remembered for the places where it is asked hundreds of times a document."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

LONGEST = 2048  # characters or bytes of what is remembered: longer pieces are prose, which hardly comes back, and may be as long as a file
Key = TypeVar("Key", str, bytes)
Given = TypeVar("Given")


class _Known(dict[Key, Given]):
    def __init__(self, function: Callable[[Key], Given], most: int) -> None:
        self._function: Callable[[Key], Given] = function
        self._most = most

    def __missing__(self, key: Key) -> Given:
        given = self._function(key)
        if len(key) <= LONGEST:
            if len(self) >= self._most:
                self.clear()
            self[key] = given
        return given


def known(function: Callable[[Key], Given], most: int) -> Callable[[Key], Given]:
    """The same function of one text or piece of bytes, remembering what it gave; all is forgotten once it remembers `most`.

    Quicker where the answer is remembered than functools.lru_cache, which keeps count of what was asked last. Neither an error nor what was given
    for more than LONGEST is remembered.
    """
    return _Known(function, most).__getitem__
