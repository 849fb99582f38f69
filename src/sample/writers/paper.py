"""How a report is set on paper: the sheet, its margins, typefaces and rules. One setup for each office and occasion."""

from __future__ import annotations

import random
from dataclasses import dataclass

A4 = (210 / 25.4 * 72, 297 / 25.4 * 72)  # points


@dataclass(frozen=True, slots=True)
class Setup:
    """Lengths in points; greys from 0 (black) to 1 (paper). The defaults are a word processor's.

    `lean` squeezes the digits to that share of their width, as 仿宋 has them. `stroke` draws a slash in a cell by hand, that
    many times as tall as its type (0: the character is printed). `outer` is the width of the frame around a table.
    """

    width: float = A4[0]
    height: float = A4[1]
    left: float = 62.0
    right: float = 62.0
    top: float = 72.0
    bottom: float = 70.0
    body_face: str = "song"
    table_face: str = "song"
    heading_face: str = "hei"
    latin: str = ""
    lean: float = 1.0
    body_size: float = 12.0
    table_size: float = 9.0
    air: float = 0.55  # above and below the text of a cell, of its size
    rule: float = 0.5
    outer: float = 0.5
    rule_grey: float = 0.0
    shade: float = 1.0  # of header cells
    filled_rules: bool = False
    closes_cuts: bool = True
    vertical_stub: bool = True
    cuts_rows: bool = False
    labels_left: bool = True
    values: str = "centre"  # centre, left or right
    boxed_notice: bool = False
    numbering: str = "-{}-"
    stroke: float = 0.0
    seal: bool = False


def of_office(seed: str) -> Setup:
    """The setup of an office that exports its report from a word processor."""
    habit = random.Random(f"pdf-{seed}")
    body = habit.choice(("song", "kai", "song", "hei"))
    table = habit.choice((body, "song", "kai"))
    heading = habit.choice(("hei", "hei", body))
    latin = habit.choice(("", "", "Times-Roman", "Helvetica"))
    sizes = habit.choice((12.0, 14.0, 16.0)), habit.choice((8.5, 9.0, 9.5))
    filled = habit.random() < 0.35
    closes, stub = habit.random() < 0.5, habit.random() < 0.6
    cuts, at_left = habit.random() < 0.4, habit.random() < 0.5
    boxed, numbering = habit.random() < 0.5, habit.choice(("-{}-", "— {} —", "{}", ""))
    rule = habit.choice((0.48, 0.5, 0.75, 1.0))
    return Setup(
        body_face=body,
        table_face=table,
        heading_face=heading,
        latin=latin,
        body_size=sizes[0],
        table_size=sizes[1],
        filled_rules=filled,
        closes_cuts=closes,
        vertical_stub=stub,
        cuts_rows=cuts,
        labels_left=at_left,
        boxed_notice=boxed,
        numbering=numbering,
        rule=rule,
        outer=rule,
    )


def printed_to_be_scanned(seed: str) -> Setup:
    """The setup of an office that prints its report, signs it and scans the sheets: anything a printer can do."""
    habit = random.Random(f"sheets-{seed}")
    face = habit.choices(("song", "kai", "hei"), (5, 3, 2))[0]
    size = habit.choices((8.5, 9.0, 9.5, 10.0, 10.5, 12.0), (2, 3, 3, 3, 3, 1))[0]
    width, height = (A4[1], A4[0]) if habit.random() < 0.18 else A4
    rule = habit.choices((0.25, 0.35, 0.5, 0.75, 1.0, 1.5), (1, 2, 5, 3, 2, 1))[0]
    latin = habit.choices(("", "Times-Roman", "Helvetica", "Courier"), (6, 5, 3, 1))[0]
    return Setup(
        width=width,
        height=height,
        left=habit.uniform(42, 80),
        right=habit.uniform(42, 80),
        top=habit.uniform(54, 96),
        bottom=habit.uniform(54, 90),
        body_face=face,
        table_face=habit.choice((face, face, "song", "kai", "hei")),
        heading_face=habit.choice(("hei", face)),
        latin=latin,
        lean=habit.choice((1.0, 1.0, 0.9, 0.82)),
        body_size=habit.choice((12.0, 14.0, 15.75, 16.0)),
        table_size=size,
        air=habit.choice((0.3, 0.55, 0.55, 0.8, 1.2)),
        rule=rule,
        outer=habit.choices((rule, 1.5, 2.25), (7, 2, 1))[0],
        rule_grey=habit.choices((0.0, 0.25, 0.45), (8, 1, 1))[0],
        shade=habit.choices((1.0, 0.88, 0.8), (8, 1, 1))[0],
        filled_rules=habit.random() < 0.35,
        closes_cuts=habit.random() < 0.6,
        vertical_stub=habit.random() < 0.6,
        cuts_rows=habit.random() < 0.4,
        labels_left=habit.random() < 0.5,
        values=habit.choices(("centre", "left", "right"), (8, 1, 1))[0],
        boxed_notice=habit.random() < 0.3,
        numbering=habit.choice(("-{}-", "— {} —", "{}", "第{}页", "")),
        stroke=habit.choice((0.0, 0.0, 1.2, 1.7)),
        seal=habit.random() < 0.5,
    )
