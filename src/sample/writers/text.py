"""Plain text as it comes out of word processors and web pages.

Four ways, by the office's hand: every cell on a line of its own, indented by a tab, a blank line after each row (a
Word dump; a cell merged from above leaves an empty indented line); one row a line with tabs; with several spaces;
with pipes.
"""

from __future__ import annotations

from sample.page import Page, Paragraph
from sample.tables import Table


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
    if style == "cells":
        return [line for row in word_rows(table) for line in (*_cell_lines(row), "")]
    rows = [[text.replace("\n", "") for text in row] for row in word_rows(table)]
    if style == "pipes":
        return ["| " + " | ".join(row) + " |" for row in rows]
    blank = any(box.text.strip() == "" for boxes in table.rows for box in boxes)
    between = "\t" if style == "tabs" or blank else "    "
    return [between.join(row if between == "\t" else [text for text in row if text]) for row in rows]


def _cell_lines(row: list[str]) -> list[str]:
    """A cell's first line is indented, the lines that follow inside it are not."""
    return ["\t" + text for text in row]


def word_rows(table: Table) -> list[list[str]]:
    """The rows as a word processor counts their cells: merged to the right is one cell, merged from above is an
    empty cell of its own."""
    waiting: dict[int, tuple[int, int]] = {}  # column → (rows still covered, columns wide)
    rows = []
    for boxes in table.rows:
        texts: list[str] = []
        column = 0
        queue = list(boxes)
        while queue or column in waiting:
            if column in waiting:
                left, width = waiting.pop(column)
                texts.append("")
                if left > 1:
                    waiting[column] = (left - 1, width)
                column += width
                continue
            box = queue.pop(0)
            texts.append(box.text)
            if box.row_span > 1:
                waiting[column] = (box.row_span - 1, box.col_span)
            column += box.col_span
        rows.append(texts)
    return rows
