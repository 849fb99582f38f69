"""Which cells of the forms a document shows, as one object: what follows from the codes alone is remembered by it, without looking at each of them."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain

Codes = tuple[str, ...]
MOST_KNOWN = 256  # documents are of few kinds: most show all cells of one form


class Shown:
    """The codes of the cells that a document shows. Documents that show the same in the same order share one, which is compared by identity."""

    __slots__ = ("codes",)

    def __init__(self, codes: Codes) -> None:
        self.codes = codes


@lru_cache(maxsize=MOST_KNOWN)
def shown_in(codes: Codes) -> Shown:
    """These cells; the same object for the same codes, as long as it is remembered."""
    return Shown(codes)


# By the identities of the parts, which are kept beside it, so that no other object takes these.
_known: dict[tuple[int, ...], tuple[tuple[Codes, ...], Shown | None]] = {}


def joined(parts: tuple[Codes, ...]) -> Shown | None:
    """All the cells that the parts of tables claim; None where one is claimed twice. Layouts that are known hand out the same parts again and again."""
    key = tuple(map(id, parts))
    if key not in _known:
        codes = tuple(chain.from_iterable(parts))
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[key] = parts, shown_in(codes) if len(set(codes)) == len(codes) else None
    return _known[key][1]
