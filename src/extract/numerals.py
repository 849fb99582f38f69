"""What stands in a cell: text -> (value, unit, state). Nothing is guessed: what is not plainly one number is illegible."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

REPORTED, BLANK, DASH, ILLEGIBLE = "reported", "blank", "dash", "illegible"

DASHES = frozenset({"-", "--", "---", "/", "//", "\\", "—", "——", "–", "―", "─", "一一", "无", "〇/", "*", "-/-"})
ZEROS = frozenset({"零", "〇"})
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
MAX_DIGITS = 15  # beyond that several cells were glued into one, and float64 no longer holds the number exactly

NUMBER = re.compile(
    r"(?P<sign>[+\-−﹣]|增加?|减少?)?\s*"
    r"(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<decimals>\.\d+)?\s*"
    r"(?P<unit>亿元|万元|元|件|条|项|宗|个|次|份|起|篇|部)?\s*"
    r"(?P<remark>\([^()]{1,60}\))?"
)


class Number(NamedTuple):
    """One cell's content. `value` is None unless `state` is reported; `unit` is "" where none is printed; `remark` stood in brackets."""

    value: float | None
    unit: str
    state: str
    remark: str = ""


EMPTY = Number(None, "", BLANK)


@lru_cache(maxsize=65536)
def read_number(text: str) -> Number:
    """Read one cell: "10,690" "＋19" "-8" "240万元" "22（其中修订16件）" "0.092" -> reported; "" -> blank; "/" "—" "无" -> dash; else illegible."""
    plain = INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).strip()
    if not plain:
        return EMPTY
    match = NUMBER.fullmatch(plain)
    if match is None:
        if plain.replace(" ", "") in DASHES:
            return Number(None, "", DASH)
        if plain in ZEROS:
            return Number(0.0, "", REPORTED)
        return Number(None, "", ILLEGIBLE)
    digits = match["digits"].replace(",", "")
    if len(digits) > MAX_DIGITS:
        return Number(None, "", ILLEGIBLE)
    value = float(digits + (match["decimals"] or ""))
    if match["sign"] and match["sign"][0] in "-−﹣减":
        value = -value
    return Number(value, match["unit"] or "", REPORTED, (match["remark"] or "").strip("()"))
