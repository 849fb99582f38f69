"""Habits of an office: how it spells, marks zeros, divides tables, words its title, and what its software does to
the markup.

An office keeps its hand through the years. All habits come from published reports; those marked rare below were
looked for and not seen, or seen once.
"""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

FEATURES = (
    "word_markup",
    "cut_spans",
    "padded_nbsp",
    "wrong_spans",
    "metadata_table",
    "layout_table",
    "nested_table",
    "navigation",
    "padding_columns",
    "upper_case",
    "bare_text_cells",
)
WORD_HABITS = ("tracked_changes", "text_box", "nested_table", "split_runs", "content_control")
_TOLD = (
    "zeros",
    "stub",
    "split_proactive",
    "numbering",
    "high_total",
    "total_first",
    "hubei",
    "sub_rows",
    "money_column",
    "remarks",
    "full_width",
    "thousands",
    "broken_headers",
    "trailing_row",
)
CHARSETS = (
    "utf-8",
    "utf-8 undeclared",
    "utf-8 bom",
    "gb18030 declared gb2312",
    "gb18030 undeclared",
    "gb18030 declared utf-8",
)


@dataclass(frozen=True, slots=True)
class Hand:
    """One office's habits. The defaults are those of a careful clerk with a clean template."""

    zeros: str = "digits"  # digits, blank (every zero), middle (the five organisation columns), dash
    dash: str = "-"  # what a dash looks like: - / — 无
    dash_everywhere: bool = False  # else only in section 二
    split_proactive: bool = False  # section 二 as one table for each item of article 20
    stub: str = "span"  # span, repeated (again at （四）, as after a page break), first (only in its first row)
    numbering: str = "."  # after the digit of a sub-row: . 、 ．
    spellings: tuple[tuple[str, str], ...] = ()  # block/axis/code → label, where the office departs from the form
    broken_headers: bool = False  # line breaks inside column labels
    high_total: bool = False  # 总计 stands one header row higher
    total_first: bool = False  # rare: 总计 before 自然人
    hubei: bool = False  # form 2019 with remarks in labels and an extra row
    sub_rows: bool = False  # 其他对外管理服务事项 followed by sub-rows of its own
    money_column: bool = False  # form 2019: an amount column added to the fees
    trailing_row: bool = False
    remarks: bool = False  # 22（其中修订16件）
    full_width: bool = False  # rare
    thousands: bool = False  # rare
    inner_space: bool = False  # "  0"
    plus_sign: bool = True
    amount_unit: str = "元 in cell"  # and 万元 in cell, 万元 in header, bare 元 in header
    title: int = 0
    name: int = 1  # index into Office.spellings() for the title
    signature: int = 5
    date: int = 0
    headings: int = 0
    old_appeals_heading: bool = False
    glued_heading: bool = False
    numbers_restart: bool = False
    who: str = "我街道"
    about: bool = False  # 240余条
    chinese_numerals: bool = False
    traps: bool = True
    features: tuple[str, ...] = ()  # of HTML as it really comes
    word_habits: tuple[str, ...] = ()  # of word processors' files
    charset: str = "utf-8"
    text_style: str = "cells"  # cells (one a line), tabs, spaces, pipes

    def spelling(self, block: str, axis: str, code: str, official: str) -> str:
        """The office's own label, else the official one."""
        key = f"{block}/{axis}/{code}"
        return next((label for name, label in self.spellings if name == key), official)

    def habits(self) -> str:
        """The habits that depart from the careful clerk's, in a few words, for the truth file."""
        plain = Hand()
        told = [name for name in _TOLD if getattr(self, name) != getattr(plain, name)]
        parts = [f"{name}={getattr(self, name)}" for name in told]
        parts += [f"spelling={key}" for key, _ in self.spellings]
        return " ".join(parts)


@cache
def known_spellings() -> tuple[tuple[str, int, str], ...]:
    """(block/axis/code, weight, label) of reference/spellings.csv."""
    text = files("sample").joinpath("reference/spellings.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(
        (f"{row['block']}/{row['axis']}/{row['code']}", int(row["weight"]), row["label"].replace("\\n", "\n"))
        for row in rows
    )


def draw(seed: int, office: int) -> Hand:
    """The hand of office number `office` in the city of `seed`."""
    rng = random.Random(f"hand-{seed}-{office}")
    chance = rng.random
    zeros = rng.choices(("digits", "middle", "blank", "dash"), (80, 8, 5, 7))[0]
    return Hand(
        zeros=zeros,
        dash=rng.choice(("-", "/", "—", "无")),
        dash_everywhere=chance() < 0.4,
        split_proactive=chance() < 0.25,
        stub=rng.choices(("span", "repeated", "first"), (80, 12, 8))[0],
        numbering=rng.choices((".", "、", "．"), (85, 12, 3))[0],
        spellings=_own_spellings(rng),
        broken_headers=chance() < 0.5,
        high_total=chance() < 0.04,
        total_first=chance() < 0.015,
        hubei=chance() < 0.12,
        sub_rows=chance() < 0.02,
        money_column=chance() < 0.03,
        trailing_row=chance() < 0.04,
        remarks=chance() < 0.04,
        full_width=chance() < 0.01,
        thousands=chance() < 0.02,
        inner_space=chance() < 0.08,
        plus_sign=chance() < 0.7,
        amount_unit=rng.choice(("元 in cell", "万元 in cell", "万元 in header", "元 in header")),
        **_wording(rng),
        features=tuple(feature for feature in FEATURES if chance() < 0.4),
        word_habits=tuple(habit for habit in WORD_HABITS if chance() < 0.3),
        charset=rng.choices(CHARSETS, (50, 12, 8, 15, 10, 5))[0],
        text_style=rng.choices(("cells", "tabs", "spaces", "pipes"), (50, 20, 10, 20))[0],
    )


def _wording(rng: random.Random) -> dict[str, Any]:
    """How the office words titles, headings, its own name and its figures."""
    return {
        "title": rng.choices(range(7), (44, 14, 10, 9, 6, 4, 13))[0],
        "name": rng.choices(range(8), (26, 22, 12, 8, 5, 12, 10, 5))[0],
        "signature": rng.choices((0, 2, 3, 5), (40, 20, 20, 20))[0],
        "date": rng.choices(range(3), (80, 15, 5))[0],
        "headings": rng.choices(range(4), (70, 12, 10, 8))[0],
        "old_appeals_heading": rng.random() < 0.15,
        "glued_heading": rng.random() < 0.05,
        "numbers_restart": rng.random() < 0.06,
        "who": rng.choice(("我街道", "本街道", "街道", "我街", "我办", "街道办事处")),
        "about": rng.random() < 0.05,
        "chinese_numerals": rng.random() < 0.04,
        "traps": rng.random() < 0.6,
    }


def _own_spellings(rng: random.Random) -> tuple[tuple[str, str], ...]:
    """A third of the offices depart from the form in one to three labels, for good."""
    if rng.random() > 0.35:
        return ()
    known = known_spellings()
    picked = rng.choices(known, [weight for _, weight, _ in known], k=rng.randint(1, 3))
    return tuple({key: label for key, _, label in picked}.items())
