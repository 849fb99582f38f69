"""Plain text as it comes out of word processors and web pages.

Four ways, by the office's hand: every cell on a line of its own, indented by a tab, a blank line after each row (a
Word dump; a cell merged from above leaves an empty indented line); one row a line with tabs; with several spaces;
with pipes.
"""

from __future__ import annotations

from sample.page import Page, Paragraph
from sample.tables import Table, merged_rows


def write(page: Page) -> bytes:
    """The page as UTF-8 text, or GB 18030 where the hand declares a Chinese character set."""
    lines: list[str] = []
    for block in page.blocks:
        if isinstance(block, Paragraph):
            lines.append(_paragraph(block))
        else:
            lines += [*_table(block, page.hand.text_style), ""]
    text = "\n".join(lines) + "\n"
    if page.hand.charset == "utf-8 bom":
        return text.encode("utf-8-sig")
    return text.encode("gb18030" if page.hand.charset.startswith("gb") else "utf-8")


def _paragraph(block: Paragraph) -> str:
    if block.role == "title":
        middle = block.text.find("工作") + 2
        return f"{block.text[:middle]}\n{block.text[middle:]}" if middle > 2 and len(block.text) > 24 else block.text
    return {"signature": f" \n{block.text}", "date": f"\n {block.text}\n"}.get(block.role, block.text)


def _table(table: Table, style: str) -> list[str]:
    rows = [[box.text if begins else "" for box, begins in row] for row in merged_rows(table)]
    if style == "cells":
        return [line for row in rows for line in (*("\t" + text for text in row), "")]
    rows = [[text.replace("\n", "") for text in row] for row in rows]
    if style == "pipes":
        return ["| " + " | ".join(row) + " |" for row in rows]
    blank = any(box.text.strip() == "" for boxes in table.rows for box in boxes)
    between = "\t" if style == "tabs" or blank else "    "
    return [between.join(row if between == "\t" else [text for text in row if text]) for row in rows]
