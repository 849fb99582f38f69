"""Heads of tables of which only lines of words are left: labels joined that broke, parted where they run together, and set in rows."""

from __future__ import annotations

from functools import lru_cache

from .codebook import APPEALS, APPLICATIONS
from .labels import COLUMN, GROUP, ROW, role_of, roles

LONGEST_TOKEN = 90
JOINED = 5  # a label breaks into at most that many lines
LONGEST_HEAD = 20  # characters of a label in a head

Token = tuple[str, int]  # a piece of a line and the line it stands in, counted from 0


def join_labels(words: list[Token]) -> list[Token]:
    """Words with labels that broke over lines joined again; words that are no label of the forms are left out."""
    joined: list[Token] = []
    at = 0
    while at < len(words):
        for length in range(min(JOINED, len(words) - at), 0, -1):
            text = "".join(word for word, _ in words[at : at + length])
            if len(text) <= LONGEST_TOKEN and roles(text):
                joined.append((text, words[at][1]))
                at += length
                break
        else:
            joined += [(label, words[at][1]) for label in _labels_in(words[at][0])]
            at += 1
    return joined


@lru_cache(maxsize=1024)
def _labels_in(text: str) -> tuple[str, ...]:
    """The labels of heads that run together in one piece, as pages leave them that part them by spaces; () where anything else stands there."""
    found: list[str] = []
    while text:
        ends = range(min(len(text), LONGEST_HEAD), 1, -1)
        end = next((end for end in ends if any(r.kind != ROW or r.block == APPEALS for r in roles(text[:end]))), 0)
        if not end:
            return ()
        found.append(text[:end])
        text = text[end:]
    return tuple(found)


def header_rows(labels: list[Token]) -> list[list[Token]]:
    """Header labels as rows: the columns of a small table of section 二 side by side from its 信息内容 on, those of the wide tables in one row, for
    their order tells the columns where lines do not."""
    built: list[list[Token]] = []
    open_header = before = False
    for text, at in labels:
        found = roles(text)
        starts = any(r.kind == GROUP and r.code == "content" for r in found)
        wide = not starts and any(r.block in (APPLICATIONS, APPEALS) for r in found)
        small = starts or (not wide and role_of(text, COLUMN) is not None)
        if (small and open_header and not starts) or (wide and before):
            built[-1].append((text, at))
        else:
            built.append([(text, at)])
        open_header, before = small, wide
    return built
