"""One palette for charts and pages: what each colour stands for, in both languages.

Hues are blue against orange, which all kinds of colour-blindness keep apart; within a hue, darker is graver, so that
grey print keeps the order. No colour is the only carrier of a message: marks differ in shape, parts bear their names.
"""

from __future__ import annotations

from typing import NamedTuple

from compare.language import Words

INK, SOFT, QUIET, LINE, WASH, PAPER = "#17212b", "#52606d", "#7b8794", "#dde2e8", "#f5f6f8", "#ffffff"
BLUE, BAND, ORANGE, DEEP, PALE = "#0b5c9e", "#cfe4f4", "#c2480b", "#8f2d06", "#f2b27a"
ON_DARK, ON_LIGHT = PAPER, INK


class Key(NamedTuple):
    """An entry of a legend: a colour, the colour of text upon it, what it stands for, and the sign that says the same
    without colour ("" where the words stand beside it anyway)."""

    colour: str
    ink: str
    words: Words
    sign: str = ""


TIERS = {
    "certain": Key("#7a1f0b", ON_DARK, Words("certain", "确定"), "◆"),
    "priority": Key("#c2480b", ON_DARK, Words("priority", "优先"), "▲"),
    "review": Key("#f0943a", ON_LIGHT, Words("review", "复核"), "●"),
    "look": Key("#fad7ae", ON_LIGHT, Words("look", "留意"), "○"),
    "reading-doubtful": Key("#cfcbe3", ON_LIGHT, Words("reading doubtful", "读数存疑"), "?"),
    "": Key("#e8eef3", ON_LIGHT, Words("no flag", "无提示")),
}
OUTCOMES = {
    "granted": ("#0b4f8a", ON_DARK),
    "partly_granted": ("#7db4dc", ON_LIGHT),
    "refused": ("#c2480b", ON_DARK),
    "unavailable": ("#f2b27a", ON_LIGHT),
    "not_processed": ("#d3d9df", ON_LIGHT),
    "other_handling": ("#5d6873", ON_DARK),
}
PROOFS = {
    "verified": Key("#0b4f8a", ON_DARK, Words("verified by arithmetic", "勾稽验证")),
    "agreed": Key("#7db4dc", ON_LIGHT, Words("two readings agree", "两读一致")),
    "single": Key("#f2b27a", ON_LIGHT, Words("one reading only", "仅一读")),
    "disputed": Key("#c2480b", ON_DARK, Words("readings differ", "两读不一")),
    "illegible": Key("#17212b", ON_DARK, Words("illegible", "无法辨认")),
    "blank": Key("#e3e7ec", ON_LIGHT, Words("printed blank or dash", "空白或划线")),
}
STATUSES = {
    "PASS": Key("#7db4dc", ON_LIGHT, Words("holds", "成立"), "●"),
    "FAIL": Key("#c2480b", ON_DARK, Words("fails", "不成立"), "◆"),
    "NOT_ASSESSABLE": Key("#e3e7ec", ON_LIGHT, Words("not assessable", "无法判断"), "○"),
}
# Where a jump may be law and no anomaly: the form of 2021, and the Reconsideration Law in force from 2024.
BREAKS = {2021: Words("new form", "新表式"), 2024: Words("review first", "复议前置")}


def css() -> str:
    """The palette as custom properties of a style sheet."""
    plain = {
        "ink": INK, "soft": SOFT, "quiet": QUIET, "line": LINE, "wash": WASH, "paper": PAPER, "blue": BLUE,
        "band": BAND, "orange": ORANGE, "deep": DEEP, "pale": PALE,
    }  # fmt: skip
    named = {f"tier-{name or 'none'}": key.colour for name, key in TIERS.items()}
    named |= {f"on-tier-{name or 'none'}": key.ink for name, key in TIERS.items()}
    named |= {f"part-{name.replace('_', '-')}": colour for name, (colour, _) in OUTCOMES.items()}
    named |= {f"proof-{name}": key.colour for name, key in PROOFS.items()}
    named |= {f"status-{name.lower().replace('_', '-')}": key.colour for name, key in STATUSES.items()}
    return ":root{" + "".join(f"--{name}:{colour};" for name, colour in (plain | named).items()) + "}\n"
