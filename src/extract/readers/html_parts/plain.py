"""The second reading of a page: no tree, no spans, only the order in which the characters stand."""

from __future__ import annotations

import html as entities
import re
from itertools import chain

from extract.known import known

from .shown import HIDDEN_FLAG, HIDDEN_STYLE, NO_TEXT_FIELDS, PARTS_OF_TABLES, STRUCK, STRUCK_STYLE
from .wording import tidy

# Elements with all that stands in them, comments and conditions; most tags of a page are told from them by their first two characters.
NOT_SHOWN = rb"<(?=[sSnNtThH!][cCtToOeE\-\[])(?:(%b)\b.*?</\1\s*>|!--.*?-->|!\[.*?\]>)"
UNSEEN = re.compile(NOT_SHOWN % b"script|style|noscript|template|head", re.IGNORECASE | re.DOTALL)
NO_TEXT = re.compile(NOT_SHOWN % b"script|style|noscript|template|head|select|textarea", re.IGNORECASE | re.DOTALL)
UNSHOWN_BEGINS = re.compile(rb"<(?:!--|!\[|(?:script|style|noscript|template|head|select|textarea)\b)", re.IGNORECASE)
CELL_BEGINS = re.compile(rb"<t[dh]\b", re.IGNORECASE)
REST_OF_TAG = re.compile(rb"^(?=[\s>])[^<>]*>")
# Most tags end no line; they too are told by the first characters of their names.
LINE_END = re.compile(
    rb"<(?=/?[tTpPdDlLhHbBsSaAuUoOcC][dDhHrRaAiI1-6eElLtT\W])/?(?:td|th|tr|table|p|div|li|h[1-6]|br|section|article|ul|ol|dd|dt|caption|center)\b[^>]*>",
    re.IGNORECASE,
)
ANY_TAG = re.compile(rb"<[/!?a-zA-Z][^>]*>")
# A piece with one text, in one line, among tags that neither hide nor part anything, as most cells are.
_DRESS = rb"<(?:/td|/?(?:tr|tbody|table|p|div|span|font|b|strong|o:p|u|i|em|a))(?:\s[^<>]*+)?>"
ONE_TEXT = re.compile(
    rb"(?![0-9A-Za-z_])(?:(?=[\s>])[^<>]*+>)?+(?:\s*+%b)*+\s*+([^<>&\n]*+)(?:\s*+%b)*+\s*+" % (_DRESS, _DRESS)
)
LONG_PIECE = 512  # bytes

TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*)((?:\"[^\"]*\"|'[^']*'|[^<>\"'])*)>")
OPTION = re.compile(r"<option\b([^<>]*)>([^<]*)", re.IGNORECASE)
FIELD_VALUE = re.compile(r"\bvalue\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
FIELD_TYPE = re.compile(r"\btype\s*=\s*[\"']?(\w+)", re.IGNORECASE)
# A cell or row that is never closed ends where the next one begins.
ENDS_UNCLOSED = {"td": ("td", "th", "tr", "tbody"), "th": ("td", "th", "tr", "tbody"), "tr": ("tr", "tbody")}
VOID = frozenset({"br", "hr", "img", "input", "col", "meta", "link", "param", "embed", "area", "base", "wbr"})


def lines_of(markup: bytes) -> list[str]:
    """The text of UTF-8 markup without its tables: tags that end a block end a line, all others vanish. Lines as `document.Document.reread`
    wants them."""
    found = list(map(_known_lines_of_piece, CELL_BEGINS.split(markup)))
    if None in found:  # a script or a comment reaches over cells
        return _lines(NO_TEXT.sub(b"", markup))
    return list(chain.from_iterable(found))  # type: ignore[arg-type]


def flatten_seen(markup: bytes, with_hidden_blocks: bool) -> list[str]:
    """The same for a page that hides text or has fields to fill."""
    seen = seen_markup(UNSEEN.sub(b"", markup).decode("utf-8", "replace"), with_hidden_blocks)
    return _lines(seen.encode("utf-8", "replace"))


def _lines(markup: bytes) -> list[str]:
    return list(chain.from_iterable(map(_known_lines_in, CELL_BEGINS.split(markup))))


def _lines_in(markup: bytes) -> tuple[str, ...]:
    """The lines of a piece of markup that begins inside a tag's attributes or with text."""
    whole = REST_OF_TAG.sub(b"", markup, count=1)
    # A cell with one piece of text has that line, whatever tags stand around it; longer markup has more than one.
    texts = [text for text in ANY_TAG.split(whole) if not text.isspace() and text] if len(whole) < LONG_PIECE else []
    flat = texts[0] if len(texts) == 1 else ANY_TAG.sub(b"", LINE_END.sub(b"\n", whole))
    text = flat.decode("utf-8", "replace").replace("&nbsp;", "\xa0")  # by far the most frequent
    return tuple([line for raw in entities.unescape(text).split("\n") if raw and (line := tidy(raw))])


# Cells of one table are written alike, down to their styles: most of them have been seen before.

_known_lines_in = known(_lines_in, 4096)


def lines_of_piece(markup: bytes) -> tuple[str, ...] | None:
    """The same without what is not shown; None where a thing that is not shown ends in another piece, or where it holds the beginning of a cell, or
    was cut off within a name."""
    if one := ONE_TEXT.fullmatch(markup):
        line = tidy(one[1].decode("utf-8", "replace"))
        return (line,) if line else ()
    if CELL_BEGINS.search(markup) or markup[:1].isalnum() or markup[:1] == b"_":
        return None
    if not UNSHOWN_BEGINS.search(markup):
        return _lines_in(markup)
    shown = NO_TEXT.sub(b"", markup)
    return None if UNSHOWN_BEGINS.search(shown) or CELL_BEGINS.search(shown) else _lines_in(shown)


_known_lines_of_piece = known(lines_of_piece, 4096)


class _Unseen:
    """An element that is not seen, open until its end comes."""

    def __init__(self, name: str) -> None:
        self.name, self.depth, self.tables = name, 1, 0

    def end(self, name: str, tag: re.Match[str]) -> int | None:
        """Where the element ends, if it ends at this tag: behind its own end tag, or before the next cell or row where it has none."""
        step = -1 if tag[1] else 1
        if self.name not in ENDS_UNCLOSED:
            self.depth += step if name == self.name else 0
            return None if self.depth else tag.end()
        if name == "table":
            self.tables += step
            return tag.start() if self.tables < 0 else None
        if self.tables:
            return None
        if name == self.name and tag[1]:
            return tag.end()
        return tag.start() if name in ENDS_UNCLOSED[self.name] else None


def seen_markup(markup: str, with_hidden_blocks: bool) -> str:
    """The markup without what the page hides, strikes out or sets as note marks, with what stands in its fields."""
    kept: list[str] = []
    position = 0
    unseen: _Unseen | None = None
    for tag in TAG.finditer(markup):
        name = tag[2].lower()
        if unseen is not None:
            end = unseen.end(name, tag)
            if end is None:
                continue
            position, unseen = end, None
            if end == tag.end():
                continue
        if name == "input":
            kept += [markup[position : tag.start()], _field_value(tag[3])]
            position = tag.end()
        elif not tag[1] and name not in VOID and _goes(name, tag[3], with_hidden_blocks):
            kept += [markup[position : tag.start()], _chosen_in(markup, tag.end()) if name == "select" else ""]
            unseen = _Unseen(name)
    return "".join([*kept, "" if unseen else markup[position:]])


def _goes(name: str, attributes: str, with_hidden_blocks: bool) -> bool:
    """Whether an element with these attributes is not seen."""
    if name in STRUCK or name in ("sup", "select"):
        return True
    if with_hidden_blocks and name not in PARTS_OF_TABLES:
        return False
    return bool(
        HIDDEN_STYLE.search(attributes) or STRUCK_STYLE.search(attributes) or HIDDEN_FLAG.search(attributes)
    ) and name not in ("html", "body")


def _field_value(attributes: str) -> str:
    kind, value = FIELD_TYPE.search(attributes), FIELD_VALUE.search(attributes)
    if value is None or (kind and kind[1].lower() in NO_TEXT_FIELDS):
        return ""
    return value[1] or value[2] or value[3] or ""


def _chosen_in(markup: str, start: int) -> str:
    end = markup.find("</select", start)
    options = OPTION.findall(markup[start : end if end >= 0 else start + 2000])
    chosen = [text for attributes, text in options if "selected" in attributes.lower()]
    return (chosen or [text for _, text in options] or [""])[0]
