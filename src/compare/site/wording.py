"""Two reports' prose beside each other as HTML, with what changed marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from markupsafe import Markup

from compare.views.wording import (
    KINDS,
    NUMBERS,
    SAME,
    Line,
    Piece,
    compare_texts,
    kept_share,
)

Texts = Mapping[int, str]  # section → prose


class Compared:
    """Two texts compared: `share` of the later one kept but for numbers, `changed` the rows that differ, `all` every row
    as HTML."""

    def __init__(self, before: Texts, after: Texts) -> None:
        self.lines = compare_texts(dict(before), dict(after))
        self.share = kept_share(self.lines)
        self.same = sum(line.kind == SAME for line in self.lines)
        self.rows = Markup("".join(row(line) for line in self.lines))  # texts escaped below

    @property
    def numbers(self) -> int:
        """Sentences in which only numbers changed."""
        return sum(line.kind == NUMBERS for line in self.lines)


def row(line: Line) -> str:
    """One sentence: the same stands once across both columns, others beside each other."""
    words = KINDS[line.kind]
    kind = f'<td class="kind"><span class="zh">{words.zh}</span><span class="en" lang="en">{words.en}</span></td>'
    if line.kind == SAME:
        return f'<tr class="same">{kind}<td colspan="2">{pieces(line.after)}</td></tr>'
    return (
        f'<tr class="{line.kind}">{kind}<td>{pieces(line.before, "del")}</td><td>{pieces(line.after, "ins")}</td></tr>'
    )


def pieces(parts: Sequence[Piece], element: str = "mark") -> str:
    """A sentence with its changed runs marked."""
    return "".join(
        f"<{element}>{escape(part.text)}</{element}>" if part.changed else escape(part.text) for part in parts
    )
