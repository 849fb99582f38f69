"""Rich Text Format: rows with cell edges in twips, vertical merges by \\clvmgf and \\clvmrg.

Chinese stands as \\u with a fallback, or as GBK bytes, by the office's habit.
"""

from __future__ import annotations

import random

from sample.page import Page, Paragraph
from sample.tables import Box, Table, merged_rows

_WIDTH = 8300
_ALIGN = {"title": "\\qc", "signature": "\\qr", "date": "\\qr"}


def write(page: Page) -> bytes:
    """The page as an .rtf file."""
    bytes_ = random.Random(f"rtf-{page.seed_of_hand()}").random() < 0.5
    body = "\n".join(
        _paragraph(block, bytes_) if isinstance(block, Paragraph) else _table(block, bytes_) for block in page.blocks
    )
    head = "{\\rtf1\\ansi\\ansicpg936\\deff0\\uc1"
    head += "{\\fonttbl{\\f0\\fnil\\fcharset134 SimSun;}{\\f1\\fnil\\fcharset134 FangSong;}}"
    info = f"{{\\info{{\\title {_text(page.title, bytes_)}}}}}"
    return f"{head}{info}\n{body}\n}}".encode("ascii")


def _paragraph(block: Paragraph, bytes_: bool) -> str:
    return f"\\pard{_ALIGN.get(block.role, '')}\\f1\\fs32 {_text(block.text, bytes_)}\\par"


def _table(table: Table, bytes_: bool) -> str:
    return "\n".join(_row(row, table.width, bytes_) for row in merged_rows(table)) + "\n\\pard\\par"


def _row(row: list[tuple[Box, bool]], width: int, bytes_: bool) -> str:
    edges, texts, column = [], [], 0
    for box, begins in row:
        column += box.col_span
        merge = ("\\clvmgf" if begins else "\\clvmrg") if box.row_span > 1 else ""
        border = "\\clbrdrt\\brdrs\\clbrdrl\\brdrs\\clbrdrb\\brdrs\\clbrdrr\\brdrs"
        edges.append(f"{merge}{border}\\cellx{_WIDTH * column // width}")
        texts.append(f"\\pard\\intbl\\qc {_text(box.text, bytes_) if begins else ''}\\cell")
    return "\\trowd\\trgaph108" + "".join(edges) + "\n" + "".join(texts) + "\\row"


def _text(text: str, bytes_: bool) -> str:
    return "".join(_character(character, bytes_) for character in text)


def _character(character: str, bytes_: bool) -> str:
    if character == "\n":
        return "\\line "
    if character in "\\{}":
        return "\\" + character
    if ord(character) < 128:
        return character
    if bytes_:
        return "".join(f"\\'{byte:02x}" for byte in character.encode("gb18030"))
    code = ord(character)
    return f"\\u{code - 65536 if code > 32767 else code}?"
