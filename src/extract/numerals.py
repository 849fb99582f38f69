"""What stands in a cell: text -> (value, unit, state). Nothing is guessed: what is not plainly one number is illegible."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from .chinese_numerals import number as numeral

REPORTED, BLANK, DASH, ILLEGIBLE = "reported", "blank", "dash", "illegible"

# What stands for "nothing to report". A lone 一 is none: it may be the numeral; "O" is none: it is a letter, whatever was meant.
DASH_MARKS = re.compile(r"[-—–―─‒−]{1,8}|[/\\]{1,3}|[*＊]|-/-|〇/|一一")
DASHES = frozenset({"无", "暂无", "没有", "不涉及", "无此项", "无此类", "N/A", "n/a", "NA"})
# Two digits side by side ("三四") may mean "three or four": read out, a number has a zero in it or a place word.
CHINESE = re.compile(
    r"(?P<numeral>十[一二三四五六七八九]|[零〇○一二两三四五六七八九十](?:[一二三四五六七八九零〇○]?[十百千零〇○][一二三四五六七八九零〇○十百千]{0,7})?)(?P<unit>件次|件|条|项|宗|个|次|份|起|篇|部|家|例)?"
)
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
CONTROL = (
    "".join(map(chr, range(0x21))) + "\x7f"
)  # what programs leave of fields around a number; inside one it may part two cells
# Compatibility characters that NFKC would turn into plain digits: "3①" is 3 with a note, never 31; "½" and "3²" are no numbers of a report.
NOT_DIGITS = re.compile(
    "[\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u209f\u2150-\u218b\u2460-\u24ff\u2776-\u2793\u3200-\u33ff]"
)
NOTE_MARKS = re.compile(
    "(?<=[\\d０-９元件条项]) ?(?:[\u00b2\u00b3\u00b9\u2070-\u2079\u2460-\u2473\u2776-\u277f*＊※]+|\\[\\d{1,2}\\]|[【〔]注?\\d{0,2}[】〕])$"
)
MAX_DIGITS = 15  # beyond that several cells were glued into one, and float64 no longer holds the number exactly

UNITS = "亿元|万元|元|件次|人次|条次|件|条|项|宗|个|次|份|起|篇|部|家|例|类|期"
NUMBER = re.compile(
    r"(?P<sign>[+\-−–—]|增加?|减少?|负)?\s*¥?\s*"
    r"(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<decimals>\.\d+)?\s*"
    rf"(?P<unit>{UNITS})?"
    r"[。;]?\s*(?P<remark>\([^()]{1,60}\))?[。;]?"
)
BRACKETED = frozenset(UNITS.split("|"))  # a unit in brackets behind its number: 128.6（万元）
MINUS = "-−–—减负"


# A Chinese character that stands in no number, in no mark for nothing and in no note beside a number. Words in a remark have a bracket before them.
WORD = re.compile(
    "(?![零〇一二两三四五六七八九十百千万亿元增加减少负件人次条项宗个份起篇部家例类期无暂没有不涉及此注])[\u4e00-\u9fff]"
)
BRACKET = re.compile("[(（﹙︵\U0001f110-\U0001f129]")


class Number(NamedTuple):
    """One cell's content. `value` is None unless `state` is reported; `unit` is "" where none is printed; `remark` stood in brackets."""

    value: float | None
    unit: str
    state: str
    remark: str = ""


EMPTY, WORDS = Number(None, "", BLANK), Number(None, "", ILLEGIBLE)


@lru_cache(maxsize=4096)
def read_number(text: str) -> Number:
    """Read one cell: "10,690" "＋19" "-8" "240万元" "22（其中修订16件）" "0.092" "3①" -> reported; "" -> blank; "/" "—" "无" -> dash; else illegible."""
    if text.isdecimal() and text.isascii() and len(text) <= MAX_DIGITS:  # by far the most frequent
        return Number(float(text), "", REPORTED)
    if WORD.search(text) and not BRACKET.search(text):
        return WORDS
    note = NOTE_MARKS.search(text)
    bare = text if note is None else text[: note.start()]
    if NOT_DIGITS.search(bare):
        return Number(None, "", ILLEGIBLE)
    plain = INVISIBLE.sub("", unicodedata.normalize("NFKC", bare)).strip().strip(CONTROL)
    if not plain:
        return EMPTY
    match = NUMBER.fullmatch(plain)
    if match is None:
        return _without_digits(plain)
    digits = match["digits"].replace(",", "")
    if len(digits) > MAX_DIGITS:
        return Number(None, "", ILLEGIBLE)
    value = float(digits + (match["decimals"] or ""))
    if match["sign"] and match["sign"][0] in MINUS:
        value = 0.0 - value
    remark = (match["remark"] or "").strip("()") or (note[0].strip() if note else "")
    if not match["unit"] and remark in BRACKETED:
        return Number(value, remark, REPORTED)
    return Number(value, match["unit"] or "", REPORTED, remark)


def _without_digits(plain: str) -> Number:
    """What is no number in digits: a mark for nothing, a Chinese numeral, else illegible."""
    close = plain.replace(" ", "").strip("()。")
    if DASH_MARKS.fullmatch(close) or close in DASHES:
        return Number(None, "", DASH)
    match = CHINESE.fullmatch(plain.replace(" ", "").rstrip("。"))  # （三） numbers a heading
    value = numeral(match["numeral"]) if match and close != "一" else None
    if match is None or value is None:
        return Number(None, "", ILLEGIBLE)
    return Number(value, match["unit"] or "", REPORTED)
