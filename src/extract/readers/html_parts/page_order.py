"""What a page read tag by tag holds, and the parts of it that may be furniture, titles or headings; its head and its foot."""

from __future__ import annotations

from dataclasses import dataclass, field

from .links import mostly_linked
from .tags import BLANKS, IN_HEAD, Disorderly, Tag, plain_text, read_tag

NEARLY = 40  # characters by which a length may be told wrong


@dataclass(slots=True, eq=False)
class Part:
    """An element that may be furniture, a title or a heading: what it is in itself, and how much is in it: characters, those that are no space, those
    in links."""

    above: Part | None
    name: str = ""
    is_furniture: bool = False
    characters: int = 0
    solid: int = 0
    linked: int = 0
    role: str = ""


@dataclass(slots=True)
class Orderly:
    """What a page holds in reading order: its paragraphs and the part in which each stands, and of each regular table how many paragraphs stand
    before it; the addresses and words of its pictures; what its head says (names and contents, titles)."""

    texts: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    tables: list[int] = field(default_factory=list)
    pictures: list[tuple[str, str]] = field(default_factory=list)
    meta: list[tuple[str, str]] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)


def role_of(part: Part, above: str, whole: int) -> str:
    """What the text of a part is, by what the part above it is and how many characters the page has. Raises Disorderly where that is too close to be
    told."""
    if above == "furniture":
        return above
    all_links = mostly_linked(part.linked, part.solid)
    if part.is_furniture:
        if abs(part.characters * 2 - whole) < NEARLY:
            raise Disorderly
        if part.characters * 2 < whole or all_links:
            return "furniture"
    if part.name == "h1":
        return "title"
    if part.name in ("h2", "h3", "h4"):
        return "heading"
    return "furniture" if part.name in ("ul", "ol") and all_links else above


def read_head(pieces: list[str], page: Orderly) -> int:
    """What stands before the body; returns where the text behind its tag is."""
    inside: list[str] = []
    at = 0
    while at + 1 < len(pieces):
        if pieces[at].strip(BLANKS):
            raise Disorderly
        piece = pieces[at + 1]
        if piece[:9].lower() == "<!doctype" and at == 0:
            at += 2
            continue
        tag = read_tag(piece)
        if tag is None:
            raise Disorderly
        if tag.name == "body" and not tag.is_end and inside in ([], ["html"]):
            return at + 2
        if tag.name == "title":
            at = _title(pieces, at, tag, page)
        elif tag.name in ("html", "head"):
            _open_or_close(tag, inside)
            at += 2
        elif tag.name == "link" or (tag.name in IN_HEAD and "head" in inside):
            note_meta(tag, page)
            at += 2
        else:
            raise Disorderly
    raise Disorderly


def _title(pieces: list[str], at: int, tag: Tag, page: Orderly) -> int:
    if tag.is_end or pieces[at + 3 : at + 4] != ["</title>"]:
        raise Disorderly
    page.titles.append(plain_text(pieces[at + 2]))
    return at + 4


def note_meta(tag: Tag, page: Orderly) -> None:
    """Keep what a piece of metadata says."""
    if tag.name == "meta":
        page.meta.append(tag.told)


def read_foot(pieces: list[str], at: int) -> None:
    """Raises Disorderly where anything stands behind the body."""
    rest = "".join(pieces[at:]).strip(BLANKS)
    if rest.lower() not in ("", "</html>"):
        raise Disorderly


def _open_or_close(tag: Tag, inside: list[str]) -> None:
    if not tag.is_end and tag.name not in inside and (tag.name == "html") == (not inside):
        inside.append(tag.name)
    elif tag.is_end and tag.name == "head" and inside and inside[-1] == "head":
        inside.pop()
    else:
        raise Disorderly
