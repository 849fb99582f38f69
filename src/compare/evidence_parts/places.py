"""Places, readings and proofs in words, English and Chinese."""

from __future__ import annotations

import pandas as pd

from compare.language import Words

PROOFS = {
    "verified": Words("verified: the form's own arithmetic closes over it", "勾稽验证：表内算式成立"),
    "agreed": Words("agreed: two independent readings say the same", "两读一致：两种独立读法结果相同"),
    "single": Words("single: read one way only", "仅一读：只有一种读法"),
    "disputed": Words("disputed: two readings differ", "两读不一：两种读法结果不同"),
    "": Words("without proof", "无证明"),
}
METHODS = {
    "html": Words("web page", "网页"),
    "docx": Words("Word document", "Word文档"),
    "pdf": Words("PDF with text", "文字版PDF"),
    "ocr": Words("scan or picture, recognised", "扫描件或图片（识别）"),
    "text": Words("text file", "文本文件"),
    "sheet": Words("spreadsheet", "电子表格"),
    "manual": Words("entered by hand", "人工录入"),
}
STATES = {
    "reported": Words("a number stands there", "有数"),
    "blank": Words("printed blank (not a zero)", "空白（不等于零）"),
    "dash": Words("printed as a dash (not a zero)", "划线（不等于零）"),
    "illegible": Words("something stands there that cannot be read", "有内容但无法辨认"),
    "corrected": Words("corrected by hand", "人工更正"),
}


def whole(value: object) -> int | None:
    """A published count as an int; None where it is missing."""
    return None if value is None or pd.isna(value) else int(float(str(value)))  # type: ignore[call-overload]


def column_letter(number: int) -> str:
    """Spreadsheet name of a column counted from 1: 1 → A, 28 → AB."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def in_words(fact: pd.Series) -> Words:
    """Where a fact stands, for a person with the original in hand; everything counted from 1."""
    page, table, row, col = (whole(fact.get(name)) for name in ("page", "table", "row", "col"))
    method = fact.get("method")
    if method == "sheet":
        en = [f"sheet {page}" if page else "", f"cell {column_letter(col)}{row}" if col and row else ""]
        zh = [f"第{page}个工作表" if page else "", f"{column_letter(col)}{row}单元格" if col and row else ""]
        return Words(", ".join(filter(None, en)), "".join(filter(None, zh)))
    line = whole(fact.get("x0")) if method == "text" else None
    named: tuple[tuple[str, str, int | None], ...] = (
        ("page", "第{}页", page),
        ("line", "第{}行文字", line),
        ("table", "第{}个表格", table),
    )
    named += (("row", "第{}行", row), ("column", "第{}列", col))
    en = [f"{name} {number}" for name, _, number in named if number]
    zh = [said.format(number) for _, said, number in named if number]
    return Words(", ".join(en) or "place unknown", "，".join(zh) or "位置不明")
