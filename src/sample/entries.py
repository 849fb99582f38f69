"""How a value stands in its cell: digits, a blank, a dash, a unit behind it, a remark, full-width digits."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import NamedTuple

from sample.cells import APPLICANTS
from sample.hands import Hand
from sample.report import Report

_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_MIDDLE = frozenset(APPLICANTS[1:])


class Entry(NamedTuple):
    """The text of a cell, the digits in it (sign and decimal point included, "" where none), its state and its unit."""

    text: str
    printed: str
    state: str
    unit: str


def entries(report: Report, hand: Hand) -> dict[str, Entry]:
    """Every cell of the report as this hand writes it. Zeros that a planted mistake made are always written as
    digits."""
    rng = random.Random(f"entries-{report.draw}")
    return {code: _entry(code, report, hand, rng) for code in report.codes()}


def amount(yuan: float, hand: Hand) -> tuple[str, str]:
    """An amount of procurement as (digits, unit): in 元 with fen, or in 万元 with up to six decimals."""
    exact = Decimal(f"{yuan:.2f}")
    if hand.amount_unit.startswith("万元"):
        return _plain(exact / 10000), "万元"
    return _plain(exact), "元"


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _entry(code: str, report: Report, hand: Hand, rng: random.Random) -> Entry:
    value = report.figures[code]
    unit = ""
    if code == "procurement.amount":
        digits, unit = amount(value, hand)
    elif code == "fees.amount":
        digits, unit = _plain(Decimal(f"{value:.6f}")), "万元"
    else:
        digits = str(int(value))
    if value == 0 and code not in report.touched and (empty := _empty(code, hand)) is not None:
        return Entry(empty, "", "dash" if empty else "blank", unit)
    if code.endswith(".change") and value > 0 and hand.plus_sign:
        digits = f"+{digits}"
    text = f"{int(value):,}" if hand.thousands and value >= 1000 and value == int(value) and not unit else digits
    if code == "procurement.amount" and hand.amount_unit.endswith("in cell"):
        text += unit
    if hand.remarks and code.startswith("normative_documents.") and value >= 5:
        text += f"（其中修订{rng.randint(1, int(value) - 1)}件）"
    if hand.full_width:
        text = text.translate(_FULL_WIDTH)
    return Entry(f"  {text}" if hand.inner_space and rng.random() < 0.3 else text, digits, "reported", unit)


def _empty(code: str, hand: Hand) -> str | None:
    """What stands for a zero: "" or a dash; None where the digit 0 is written."""
    if hand.zeros == "blank":
        return ""
    if hand.zeros == "middle" and code.startswith("applications.") and code.rsplit(".", 1)[1] in _MIDDLE:
        return ""
    if hand.zeros == "dash" and (hand.dash_everywhere or not code.startswith(("applications.", "appeals."))):
        return hand.dash
    return None
