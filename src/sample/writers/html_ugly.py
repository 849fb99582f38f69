"""HTML as offices really publish it: pasted from Word, cut into spans, wrapped in layout tables, surrounded by the
site's own furniture.

Which of these happen to a document follows from its hand's features. None changes a cell or a sentence; all change
what stands around them.
"""

from __future__ import annotations

import random
from html import escape

from sample.page import Page, Paragraph
from sample.places import CITY
from sample.tables import Box, Table

_WORD_CELL = (
    "BORDER-BOTTOM: windowtext 1pt solid; BORDER-LEFT: medium none; PADDING-LEFT: 5.4pt; WIDTH: 48.2pt; "
    "mso-border-alt: solid windowtext .5pt"
)
_WORD_PARAGRAPH = (
    "TEXT-JUSTIFY: inter-ideograph; TEXT-ALIGN: justify; LINE-HEIGHT: 25pt; MARGIN: 0pt; mso-pagination: widow-orphan"
)
_WORD_SPAN = "FONT-FAMILY: 仿宋_GB2312; FONT-SIZE: 12pt; mso-hansi-font-family: 宋体"
_EDITOR_CELL = (
    "padding:0 4px;border-left:none;border-right:1px solid windowtext;"
    "border-top:none;border-bottom:1px solid windowtext"
)
_RELATED = (
    "收到和处理政府信息公开申请情况统计表",
    "政府信息公开年度报告",
    "行政许可事项目录",
    "行政处罚公示",
    "政府信息公开指南",
    "依申请公开",
)


def write(page: Page) -> bytes:
    """The page in the character set of its hand, which may be another than the one it declares."""
    return _Writer(page).write()


class _Writer:
    def __init__(self, page: Page) -> None:
        self.page, self.hand = page, page.hand
        self.rng = random.Random(f"html-{page.report.draw}")
        self.features = set(page.hand.features)
        self.over = self.rng.choice((-1, 1, 2, 4))  # by how much a wrong rowspan is wrong

    def write(self) -> bytes:
        body = [
            self._paragraph(block) if isinstance(block, Paragraph) else self._table(block) for block in self.page.blocks
        ]
        content = "\n".join(body)
        if "layout_table" in self.features:
            content = (
                '<table width="1000" border="0" cellspacing="0" align="center"><tr><td width="12">&nbsp;</td>'
                f'<td valign="top">{content}</td></tr></table>'
            )
        if "metadata_table" in self.features:
            content = self._metadata() + content
        before, after = self._furniture() if "navigation" in self.features else ("", "")
        charset, _, declared = self.hand.charset.partition(" ")
        head = f"<head>{self._declaration(charset, declared)}<title>{escape(self.page.title)}-{CITY}</title></head>"
        document = f'<html>{head}<body>{before}<div class="TRS_Editor">{content}</div>{after}</body></html>'
        return document.encode("utf-8-sig" if declared == "bom" else charset, errors="strict")

    def _declaration(self, charset: str, declared: str) -> str:
        if declared == "undeclared":
            return ""
        name = declared.removeprefix("declared ") if declared.startswith("declared") else charset
        return f'<META http-equiv="Content-Type" content="text/html; charset={name}">'

    def _furniture(self) -> tuple[str, str]:
        """What the site puts before and after: breadcrumb, search box, today's date, related links, footer, all
        with words of the report."""
        year, office = self.page.report.year, self.page.report.office
        links = "".join(
            f'<li><a href="/{self.rng.randint(1000, 9999)}.html">{office.name}{year - at}年'
            f"{self.rng.choice(_RELATED)}</a><span>{year - at + 1}-01-{self.rng.randint(10, 28)}</span></li>"
            for at in range(1, 5)
        )
        today = f"{year + 2}年{self.rng.randint(1, 12)}月{self.rng.randint(1, 28)}日 星期二"
        before = (
            f'<div class="top"><span id="date">{today}</span><a>繁體版</a><a>无障碍</a>'
            '<input type="text" value="请输入关键字"></div><div class="nav"><ul><li><a>首页</a></li>'
            f"<li><a>走进{office.district[:-1]}</a></li><li><a>政务公开</a></li></ul></div>"
            '<div class="dqwz">当前位置：<a>首页</a> &gt; <a>政务公开</a> &gt; <a>政府信息公开年报</a></div>'
            f"<h1>{escape(self.page.title)}</h1>"
            f'<div class="xl_sx"><span>来源：{escape(self.page.publisher)}</span>'
            f"<span>时间：{self.page.report.published_on:%Y-%m-%d} 09:30</span>"
            f"<span>浏览次数：{self.rng.randint(20, 900)}</span><span>字号：大 中 小</span></div>"
            "<script>function time(){var y=new Date().getFullYear();"
            "document.getElementById('date').innerHTML=y+'年';}</script>"
        )
        after = (
            f'<div class="related"><h3>相关链接</h3><ul>{links}</ul></div>'
            f'<div class="footer"><p>主办单位：{CITY}{office.district}人民政府办公室</p>'
            f"<p>网站标识码：000{self.rng.randint(1000000, 9999999)}</p></div>"
        )
        return before, after

    def _metadata(self) -> str:
        report = self.page.report
        number = f"SP000-{report.year + 1}-{self.rng.randint(10000, 99999)}"
        return (
            f'<table class="xxgk"><tbody><tr><td>名称</td><td colspan="3">{escape(self.page.title)}</td></tr>'
            f"<tr><td>索 引 号</td><td>{number}</td><td>主题分类</td><td>年度报告</td></tr>"
            f"<tr><td>发布机构</td><td>{escape(self.page.publisher)}</td>"
            f"<td>公开日期</td><td>{report.published_on:%Y-%m-%d}</td></tr>"
            "<tr><td>文号</td><td></td><td>有效性</td><td>有效</td></tr></tbody></table>"
        )

    def _paragraph(self, block: Paragraph) -> str:
        if block.role == "fiction":
            return f"<p>{block.text}</p>"
        align = {"title": "center", "signature": "right", "date": "right"}.get(block.role, "left")
        pad = "&nbsp;&nbsp;&nbsp;&nbsp;" if "padded_nbsp" in self.features and align == "left" else ""
        text = pad + self._inline(block.text)
        if "upper_case" in self.features:
            return f'<P style="TEXT-ALIGN: {align}; TEXT-INDENT: 32pt">{text}</P>'
        return f'<p class="MsoNormal" style="text-align:{align};text-indent:2em">{text}</p>'

    def _inline(self, text: str) -> str:
        """The text, whole or cut into spans of one to five characters, as word processors leave it after every
        correction."""
        if "cut_spans" not in self.features:
            return escape(text, quote=False).replace("\n", "<br />")
        pieces = []
        at = 0
        while at < len(text):
            length = self.rng.randint(1, 5) if len(text) < 60 else self.rng.randint(3, 14)
            piece = escape(text[at : at + length], quote=False).replace("\n", "<br />")
            pieces.append(
                self.rng.choice(
                    (f"<span>{piece}</span>", f'<span><font face="方正仿宋_GBK">{piece}</font></span>', piece)
                )
            )
            at += length
        return "".join(pieces) + ("<o:p></o:p>" if "word_markup" in self.features else "")

    def _table(self, table: Table) -> str:
        padded = (
            "padding_columns" in self.features and self.hand.zeros in ("digits", "dash") and table.name != "appeals"
        )
        rows = []
        for boxes in table.rows:
            cells = [self._cell(box, table) for box in boxes]
            if padded:
                cells.append("<td></td>")
            rows.append("<tr>" + "\n".join(cells) + "</tr>")
        attributes = 'border="1" cellspacing="0" cellpadding="0" bordercolor="#000000"'
        if "upper_case" in self.features:
            attributes += ' style="BORDER-COLLAPSE: collapse; MARGIN: auto auto auto 4.65pt"'
        written = f"<table {attributes}><tbody>" + "\n".join(rows) + "</tbody></table>"
        if "nested_table" in self.features:
            return f'<table class="wrap" border="0"><tr><td align="center">{written}</td></tr></table>'
        return f'<div align="center">{written}</div>'

    def _cell(self, box: Box, table: Table) -> str:
        row_span, col_span = self._spans(box, table)
        spans = (f' rowspan="{row_span}"' if row_span > 1 else "") + (f' colspan="{col_span}"' if col_span > 1 else "")
        text = self._inline(box.text) if box.text.strip() else ("&nbsp;" if "padded_nbsp" in self.features else "")
        if "padded_nbsp" in self.features and box.text.strip() and self.rng.random() < 0.2:
            text = f"&nbsp;{text} "
        if "bare_text_cells" in self.features and self.rng.random() < 0.3:
            return f"<td{spans}>{text}</td>"
        if "word_markup" in self.features:
            inner = f'<p class="MsoNormal" style="{_WORD_PARAGRAPH}"><span style="{_WORD_SPAN}">{text}</span></p>'
            return f'<td style="{_WORD_CELL}" valign="center" width="64"{spans}>{inner}</td>'
        return f'<td style="{_EDITOR_CELL}" valign="center"{spans}><p style="text-indent: 0em;">{text}</p></td>'

    def _spans(self, box: Box, table: Table) -> tuple[int, int]:
        """Spans as written: with wrong ones the stub reaches too far or not far enough, and the item heads of
        section 二 are too wide."""
        if "wrong_spans" not in self.features or box.role == "value":
            return box.row_span, box.col_span
        if table.name == "applications" and box.text.startswith("三、") and box.row_span > 1:
            return box.row_span + self.over, box.col_span
        if table.name == "proactive" and box.text.startswith("第二十条"):
            return box.row_span, box.col_span + self.over + 1
        return box.row_span, box.col_span
