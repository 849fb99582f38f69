"""Clean HTML: one article, plain tables with correct spans, UTF-8 declared."""

from __future__ import annotations

from html import escape

from sample.page import Page, Paragraph
from sample.tables import Table

_STYLE = (
    "body{font-family:serif;max-width:60em;margin:auto}"
    "table{border-collapse:collapse}"
    "td,th{border:1px solid #555;padding:3px 6px;text-align:center}"
)
_TAGS = {"title": "h1", "heading": "h2", "subheading": "h3"}


def write(page: Page) -> bytes:
    """The page as UTF-8 HTML."""
    body = "\n".join(_paragraph(block) if isinstance(block, Paragraph) else _table(block) for block in page.blocks)
    head = (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(page.title)}</title>\n"
        f'<meta name="ContentSource" content="{escape(page.publisher)}">\n'
        f'<meta name="PubDate" content="{page.report.published_on:%Y-%m-%d}">\n'
        f"<style>{_STYLE}</style>\n</head>\n"
    )
    return f"{head}<body>\n<article>\n{body}\n</article>\n</body>\n</html>\n".encode()


def _paragraph(block: Paragraph) -> str:
    tag = _TAGS.get(block.role, "p")
    style = ' style="text-align:right"' if block.role in ("signature", "date") else ""
    return f"<{tag}{style}>{escape(block.text, quote=False)}</{tag}>"


def _table(table: Table) -> str:
    rows = []
    for row in table.rows:
        boxes = []
        for box in row:
            tag = "th" if box.role == "head" else "td"
            rows_spanned = f' rowspan="{box.row_span}"' if box.row_span > 1 else ""
            columns_spanned = f' colspan="{box.col_span}"' if box.col_span > 1 else ""
            text = escape(box.text, quote=False).replace("\n", "<br>")
            boxes.append(f"<{tag}{rows_spanned}{columns_spanned}>{text}</{tag}>")
        rows.append("<tr>" + "".join(boxes) + "</tr>")
    return "<table>\n" + "\n".join(rows) + "\n</table>"
