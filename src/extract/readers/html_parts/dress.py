"""Words cut into spans, as word processors leave them after every correction, made whole before anything is read.

Such pages carry more dress than text, and no two cells of theirs are written alike; without it they are. What is taken off says nothing: styles
that hide and strike nothing, and the tags of elements that only style. It is taken off the bytes, in any character set of which ASCII is a part: in
none of them does a sign of the markup stand within a character.
"""

from __future__ import annotations

import re
from functools import lru_cache

from .shown import MAY_HIDE

PORTION = 8192  # bytes from the middle of a page, which tell whether its words are cut
STYLES = {b' style="': re.compile(rb'( style="[^"]*")'), b" style='": re.compile(rb"( style='[^']*')")}
LONGEST_STYLE = 1000  # bytes
SHOWN_MARKUP = b"&lt;"  # escaped markup is text, and may hold the very same words
_SAID = r"(?:[ \t\n\f\r]++(?!style|hidden)[a-z][\w:-]*+=(?:\"[^\"<>]*+\"|'[^'<>]*+'))*+"
# Elements that only style; the most frequent tags come first, and an end has no attributes.
_TAG = rf"<(?:span(?:>|{_SAID}>)|/(?:span|font|o:p)>|o:p>|(?:font|o:p){_SAID}>)"
DRESS_TAGS = re.compile(rf"{_TAG}(?:{_TAG})*+".encode())
# Tags of dress written otherwise; elements that end, or stop to be markup of another kind, where a span does; a comment without an end. By the first two
# letters most other tags are told from them.
MINDS_DRESS = re.compile(
    rb"<(?![t/pd][drabh >ti/p])"
    rb"(?:(?:/?(?:span|font|o:p)|sup|sub|del|s|strike|svg|math|canvas|object|ruby|label|button|textarea|xmp|plaintext)[\s>/]"
    rb"|!--(?!(?s:.*?)-->))"
)


def undressed(markup: bytes) -> bytes:
    """The markup without styles and elements that only dress, where its words are cut and none of these matters: the same text in the same cells
    and paragraphs. Else as it is."""
    begin = max(len(markup) - PORTION, 0) // 2
    portion = markup[begin : begin + PORTION]
    if not _is_cut(portion):
        return markup
    bare = markup
    for begins, whole in STYLES.items():
        if begins in portion:
            bare = _without_styles(bare, whole)
    bare = DRESS_TAGS.sub(b"", bare)
    return markup if SHOWN_MARKUP in bare or MINDS_DRESS.search(bare.lower()) else bare


def _is_cut(portion: bytes) -> bool:
    """Whether spans that say nothing but that a word was cut stand in a quarter of the cells or more."""
    return portion.count(b"<span>") * 4 > portion.count(b"</td>") > 0


def _without_styles(markup: bytes, whole: re.Pattern[bytes]) -> bytes:
    """The markup without the attributes that match, but for those that may hide."""
    parts = whole.split(markup)
    if all(map(_is_dress, set(parts[1::2]))):
        return b"".join(parts[::2])
    parts[1::2] = [b"" if _is_dress(style) else style for style in parts[1::2]]
    return b"".join(parts)


@lru_cache(maxsize=1024)
def _is_dress(style: bytes) -> bool:
    """Whether the attribute of a style hides nothing, and ends where it should."""
    lower = style.lower()
    is_whole = len(style) <= LONGEST_STYLE and b"<" not in style and b">" not in style
    return is_whole and not any(word in lower for word in MAY_HIDE)
