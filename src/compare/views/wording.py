"""The prose of two reports sentence by sentence: what is the same, which numbers changed, what was added or dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache
from itertools import zip_longest
from typing import NamedTuple

from compare.language import Words
from compare.narrative_likeness import normalised

SENTENCE = re.compile(r"[^。！？；\n]*[。！？；]|[^。！？；\n]+")
NUMBER = re.compile(r"[\d０-９][\d０-９,，.．]*(?:[%％‰])?")
ALIKE = 0.55  # of two sentences: from here on one is the other reworded
MOST_SENTENCES = 400
SAME, NUMBERS, REWORDED, REPLACED = "same", "numbers", "reworded", "replaced"
DROPPED, ADDED = "dropped", "added"
KINDS = {
    SAME: Words("same", "相同"),
    NUMBERS: Words("numbers", "数字"),
    REWORDED: Words("reworded", "改写"),
    REPLACED: Words("replaced", "替换"),
    DROPPED: Words("dropped", "删去"),
    ADDED: Words("new", "新增"),
}
TOKEN = re.compile(rf"{NUMBER.pattern}|.", re.DOTALL)  # a number changes as a whole


class Piece(NamedTuple):
    """A run of characters; `changed` where the other text has something else there."""

    text: str
    changed: bool


class Line(NamedTuple):
    """A sentence of the earlier and of the later text beside each other; the side that has none is empty. `kind` is
    same, numbers (only numbers differ), reworded, replaced (nothing in common), dropped or added."""

    section: int
    kind: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


def sentences(text: str) -> list[str]:
    """A text cut after its full stops and line ends, blank ones left out."""
    return [part.strip() for part in SENTENCE.findall(text) if part.strip()][:MOST_SENTENCES]


def compare_texts(before: dict[int, str], after: dict[int, str]) -> list[Line]:
    """Two reports' prose, section by section (section number → text). What stands before the first section (0) is page
    furniture: it is left out where there is more."""
    sections = sorted({*before, *after})
    return [
        line
        for section in (sections if sections == [0] else [s for s in sections if s])
        for line in compare_sentences(section, sentences(before.get(section, "")), sentences(after.get(section, "")))
    ]


def compare_sentences(section: int, before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    """Sentences of one section aligned by their words without numbers."""
    keys = [normalised(text) or text for text in before], [normalised(text) or text for text in after]
    for kind, i0, i1, j0, j1 in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if kind == "equal":
            for one, two in zip(before[i0:i1], after[j0:j1], strict=True):
                yield same_words(section, one, two)
        else:
            yield from replaced(section, before[i0:i1], after[j0:j1])


def same_words(section: int, one: str, two: str) -> Line:
    """Two sentences that differ in numbers or punctuation at most."""
    left, right = NUMBER.findall(one), NUMBER.findall(two)
    if left == right or len(left) != len(right):
        return Line(section, SAME if left == right else REWORDED, *changed_runs(one, two))
    return Line(section, NUMBERS, tuple(marked_numbers(one, right)), tuple(marked_numbers(two, left)))


def marked_numbers(text: str, others: Sequence[str]) -> Iterator[Piece]:
    """A sentence cut at its numbers, those marked that differ from the other sentence's of the same place."""
    at = 0
    for match, other in zip(NUMBER.finditer(text), others, strict=True):
        if match.start() > at:
            yield Piece(text[at : match.start()], False)
        yield Piece(match[0], match[0] != other)
        at = match.end()
    if at < len(text):
        yield Piece(text[at:], False)


def changed_runs(one: str, two: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Two sentences cut into runs that both have and runs that only one has."""
    if one == two:
        return (Piece(one, False),), (Piece(two, False),)
    left, right = [], []
    cut = TOKEN.findall(one), TOKEN.findall(two)
    for kind, i0, i1, j0, j1 in SequenceMatcher(None, *cut, autojunk=False).get_opcodes():
        left += [Piece("".join(cut[0][i0:i1]), kind != "equal")] if i1 > i0 else []
        right += [Piece("".join(cut[1][j0:j1]), kind != "equal")] if j1 > j0 else []
    return tuple(left), tuple(right)


def replaced(section: int, before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    """Sentences that stand in place of others: alike ones beside each other in their order; what lies between them
    replaces each other as far as there are two."""
    rest, gone = list(after), list[str]()
    for one in before:
        scores = [alike(one, two) for two in rest]
        best = max(range(len(rest)), key=lambda place: scores[place], default=-1)
        if best < 0 or scores[best] < ALIKE:
            gone.append(one)
            continue
        yield from beside(section, gone, rest[:best])
        yield Line(section, REWORDED, *changed_runs(one, rest[best]))
        rest, gone = rest[best + 1 :], []
    yield from beside(section, gone, rest)


def beside(section: int, gone: Sequence[str], come: Sequence[str]) -> Iterator[Line]:
    """Sentences that have nothing in common, beside each other as far as there are two."""
    for one, two in zip_longest(gone, come, fillvalue=""):
        kind = REPLACED if one and two else DROPPED if one else ADDED
        yield Line(section, kind, (Piece(one, False),) if one else (), (Piece(two, False),) if two else ())


@cache
def words_of(text: str) -> str:
    """A sentence without numbers and punctuation."""
    return normalised(text)


def alike(one: str, two: str) -> float:
    """Share of characters that two sentences have in common in order, 0 to 1."""
    matcher = SequenceMatcher(None, words_of(one), words_of(two), autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE else 0.0


def kept_share(lines: Sequence[Line]) -> float:
    """Share of the later text's characters in sentences that are the earlier one's but for their numbers; NaN without
    text."""
    total = sum(len(piece.text) for line in lines for piece in line.after)
    kept = sum(len(piece.text) for line in lines if line.kind in (SAME, NUMBERS) for piece in line.after)
    return kept / total if total else float("nan")
