"""Letters of the project's own font: how wide a text is, where its lines end, and what the font cannot print."""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from typing import Any

from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text

FONT = "Noto Sans SC"
UNPRINTABLE = "〓"  # the printers' sign for a letter that is not in the case
CLOSING, OPENING = "，。；：、！？）”’》％", "（“‘《"
WIDE_FROM = 0x2E7F  # from here on signs are Chinese: a line may end after each


@cache
def register_font() -> FT2Font:
    """Make the project's font known to matplotlib, no system font being used; returns its regular face."""
    faces = []
    for weight in ("Regular", "Bold"):
        with as_file(files("compare") / "fonts" / f"NotoSansSC-{weight}.ttf") as path:
            font_manager.fontManager.addfont(path)
            faces.append(FT2Font(path))
    faces[0].set_size(100, 72)
    return faces[0]


@cache
def advance(sign: str) -> float:
    """The width of one sign in units of the letters' size."""
    face = register_font()
    return face.load_char(ord(sign)).linearHoriAdvance / 65536 / 100 if face.get_char_index(ord(sign)) else 1.0


def text_width(text: str, size: float) -> float:
    """How many inches a text takes at a size in points."""
    return sum(advance(sign) for sign in text) * size / 72


def folded(text: str, width: float, size: float) -> list[str]:
    """A text in lines of at most `width` inches: broken at spaces, and anywhere between Chinese characters, but never
    before a mark that ends something."""
    lines, line = [], ""
    for word in unbreakable(text):
        if line and text_width((line + word).rstrip(), size) > width:
            lines.append(line.rstrip())
            line = word.lstrip()
        else:
            line += word
    return [*lines, line.rstrip()] if line.strip() else lines


def unbreakable(text: str) -> list[str]:
    """A text cut where a line may end."""
    words: list[str] = []
    for sign in text:
        before = words[-1][-1] if words else " "
        latin = ord(sign) <= WIDE_FROM and ord(before) <= WIDE_FROM and before != " "
        if words and (sign in CLOSING or before in OPENING or latin):
            words[-1] += sign
        else:
            words.append(sign)
    return words


def fitted(text: str, width: float, size: float) -> str:
    """A text cut to `width` inches, with … where something is cut off."""
    if text_width(text, size) <= width:
        return text
    while text and text_width(text + "…", size) > width:
        text = text[:-1]
    return text + "…"


def printable(text: str) -> str:
    """The text with 〓 for every sign that the font lacks: a reader sees that a letter is missing, and not a box."""
    face = register_font()
    return "".join(sign if sign == "\n" or face.get_char_index(ord(sign)) else UNPRINTABLE for sign in text)


def make_printable(figure: Figure) -> None:
    """`printable` for every text of a figure, the labels of its axes included."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            labels = [label.get_text() for label in axis.get_majorticklabels()]
            if any(printable(label) != label for label in labels):
                axis.set_ticklabels([printable(label) for label in labels])
    texts: list[Any] = figure.findobj(Text)
    for text in texts:
        said = text.get_text()
        if said and printable(said) != said:
            text.set_text(printable(said))
