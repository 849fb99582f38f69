"""Markdown as conversion tools write it: headings with #, pipe tables, a rule of dashes under whatever row came first.

Merged cells are empty or repeated where they go on, as the tool has it; line breaks inside cells are <br>.
"""

from __future__ import annotations

import random

from sample.page import Page, Paragraph
from sample.tables import Table, merged_rows

_MARKS = {"title": "# ", "heading": "## ", "subheading": "### "}


def write(page: Page) -> bytes:
    """The page as UTF-8 Markdown."""
    repeat = random.Random(f"markdown-{page.seed_of_hand()}").random() < 0.4
    blocks = [
        _MARKS.get(block.role, "") + block.text if isinstance(block, Paragraph) else _table(block, repeat)
        for block in page.blocks
    ]
    return ("\n\n".join(blocks) + "\n").encode()


def _table(table: Table, repeat: bool) -> str:
    lines = []
    for row in merged_rows(table):
        cells: list[str] = []
        for box, begins in row:
            text = box.text.strip().replace("\n", "<br>").replace("|", "\\|")
            shown = text if begins or repeat else ""
            cells += [shown] + [text if repeat and box.role != "value" else ""] * (box.col_span - 1)
        lines.append("| " + " | ".join(cells) + " |")
    lines.insert(1, "|" + " --- |" * table.width)
    return "\n".join(lines)
