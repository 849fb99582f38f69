"""Numbers as Chinese prose writes them: 三, 十二, 一百零五, 两千, 1.2万, 1,136."""

from __future__ import annotations

DIGITS = {
    "零": 0,
    "〇": 0,
    "○": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
PLACES = {"十": 10, "百": 100, "千": 1000}
MYRIADS = {"万": 10_000, "亿": 100_000_000}
CHINESE_NUMERAL_CHARACTERS = "".join(DIGITS) + "".join(PLACES) + "万亿"


def number(text: str) -> float | None:
    """The number that `text` writes, or None where it writes none.

    Takes western digits with thousands separators and a decimal point, Chinese numerals, digits read out (二〇二一), and either before 万 or 亿.
    """
    text = text.replace(",", "").replace("，", "")
    try:
        return float(text) if text.isascii() else _chinese(text)
    except ValueError:
        return None


def _chinese(text: str) -> float | None:
    """A numeral with at least one Chinese character; whole numbers below 10¹², or a western number before 万 or 亿."""
    if text[-1] in MYRIADS and text[:-1].replace(".", "", 1).isdigit() and text[:-1].isascii():
        # round away what the binary fraction adds: 1.1 × 10000 is 11000, not 11000.000000000002
        return round(float(text[:-1]) * MYRIADS[text[-1]], 6)
    if len(text) > 1 and all(character in DIGITS for character in text):
        return float("".join(str(DIGITS[character]) for character in text))
    total, group, digit = 0, 0, -1
    for character in text:
        if character in DIGITS:
            if digit > 0:
                return None
            digit = DIGITS[character]
        elif character in PLACES:
            if digit == 0 or (digit < 0 and character != "十"):
                return None
            group += max(digit, 1) * PLACES[character]
            digit = -1
        elif character in MYRIADS:
            total = (total + group + max(digit, 0)) * MYRIADS[character]
            group, digit = 0, -1
        else:
            return None
    return float(total + group + max(digit, 0))
