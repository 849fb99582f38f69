"""Word documents, written as the XML that Word itself writes: merged cells by gridSpan and vMerge, runs cut anywhere.

By the office's word habits also: tracked changes (deleted text beside the inserted one that counts), the title in a
text box (once for new and once, as fallback, for old versions of Word), tables inside a cell of another table,
content controls around paragraphs.
"""

from __future__ import annotations

import random
from xml.sax.saxutils import escape

from sample.page import Page, Paragraph
from sample.tables import Box, Table, merged_rows
from sample.writers.packing import pack

_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" mc:Ignorable="wps"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CONTENT_TYPES = (
    f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_OFFICE}.document.main+xml"/>'
    f'<Override PartName="/word/footer1.xml" ContentType="{_OFFICE}.footer+xml"/>'
    '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    "</Types>"
)
_PACKAGE_RELATIONS = (
    f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="word/document.xml"/>'
    '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"'
    ' Target="docProps/core.xml"/></Relationships>'
)
_DOCUMENT_RELATIONS = (
    f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/footer" Target="footer1.xml"/></Relationships>'
)
_FOOTER = (
    f'{_HEAD}<w:ftr {_NAMESPACES}><w:p><w:r><w:t>- </w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    "<w:r><w:t> -</w:t></w:r></w:p></w:ftr>"
)
_SECTION = '<w:sectPr><w:footerReference w:type="default" r:id="rId1"/><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>'
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_TEXT_WIDTH = 8300  # twentieths of a point


def write(page: Page) -> bytes:
    """The page as a .docx file."""
    body = _Writer(page).body()
    return pack(
        {
            "[Content_Types].xml": _CONTENT_TYPES,
            "_rels/.rels": _PACKAGE_RELATIONS,
            "docProps/core.xml": _properties(page),
            "word/document.xml": f"{_HEAD}<w:document {_NAMESPACES}><w:body>{body}{_SECTION}</w:body></w:document>",
            "word/_rels/document.xml.rels": _DOCUMENT_RELATIONS,
            "word/footer1.xml": _FOOTER,
        }
    )


def _properties(page: Page) -> str:
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(page.title)}</dc:title>'
        f"<dc:creator>{escape(page.publisher)}</dc:creator></cp:coreProperties>"
    )


class _Writer:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.rng = random.Random(f"docx-{page.report.draw}")
        self.habits = set(page.hand.word_habits)
        self.changes = 0

    def body(self) -> str:
        return "".join(
            self._block(block) if isinstance(block, Paragraph) else self._outer_table(block)
            for block in self.page.blocks
        )

    def _block(self, block: Paragraph) -> str:
        if block.role == "title" and "text_box" in self.habits:
            return self._text_box(self._paragraph(block.text, "center"))
        align = {"title": "center", "signature": "right", "date": "right"}.get(block.role, "both")
        written = self._paragraph(block.text, align, bold=block.role == "heading")
        if "content_control" in self.habits and block.role == "body" and self.rng.random() < 0.3:
            return f"<w:sdt><w:sdtPr/><w:sdtContent>{written}</w:sdtContent></w:sdt>"
        return written

    def _paragraph(self, text: str, align: str, bold: bool = False) -> str:
        lines = text.split("\n")
        return "".join(f'<w:p><w:pPr><w:jc w:val="{align}"/></w:pPr>{self._runs(line, bold)}</w:p>' for line in lines)

    def _runs(self, text: str, bold: bool = False) -> str:
        """The text in one run or in many, perhaps with one of them a correction that was tracked."""
        pieces = self._pieces(text)
        marked = -1
        if "tracked_changes" in self.habits and text.strip() and self.rng.random() < 0.15:
            marked = self.rng.randrange(len(pieces))
        return "".join(self._run(piece, bold, at == marked) for at, piece in enumerate(pieces))

    def _pieces(self, text: str) -> list[str]:
        if "split_runs" not in self.habits:
            return [text]
        pieces, at = [], 0
        while at < len(text):
            length = self.rng.randint(1, 6) if len(text) < 40 else self.rng.randint(4, 20)
            pieces.append(text[at : at + length])
            at += length
        return pieces or [""]

    def _run(self, text: str, bold: bool, marked: bool) -> str:
        look = "<w:rPr><w:b/></w:rPr>" if bold else ""
        run = f'<w:r>{look}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
        if not marked:
            return run
        self.changes += 1
        told = f'w:id="{self.changes}" w:author="校对"'
        old = str(self.rng.randint(1, 99)) if text.strip().isdigit() else text[::-1]
        deleted = f'<w:r>{look}<w:delText xml:space="preserve">{escape(old)}</w:delText></w:r>'
        return f"<w:del {told}>{deleted}</w:del><w:ins {told}>{run}</w:ins>"

    def _text_box(self, content: str) -> str:
        """A shape with text: as new versions of Word draw it, and once more as the fallback for old ones."""
        inside = f"<w:txbxContent>{content}</w:txbxContent>"
        new = (
            '<w:drawing><wp:inline><wp:extent cx="5000000" cy="600000"/><wp:docPr id="1" name="文本框"/><a:graphic>'
            '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvSpPr/>'
            f"<wps:spPr/><wps:txbx>{inside}</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing>"
        )
        old = f'<w:pict><v:shape style="width:400pt;height:50pt"><v:textbox>{inside}</v:textbox></v:shape></w:pict>'
        return (
            f'<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps">{new}</mc:Choice>'
            f"<mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
        )

    def _outer_table(self, table: Table) -> str:
        written = self._table(table)
        if "nested_table" in self.habits:
            frame = f'<w:tblPr/><w:tblGrid><w:gridCol w:w="{_TEXT_WIDTH}"/></w:tblGrid>'
            written = f"<w:tbl>{frame}<w:tr><w:tc><w:tcPr/>{written}<w:p/></w:tc></w:tr></w:tbl>"
        return written + "<w:p/>"

    def _table(self, table: Table) -> str:
        column = _TEXT_WIDTH // table.width
        grid = f'<w:gridCol w:w="{column}"/>' * table.width
        rows = "".join(self._row(row, column) for row in merged_rows(table))
        look = f"<w:tblPr><w:tblBorders>{_BORDERS}</w:tblBorders></w:tblPr>"
        return f"<w:tbl>{look}<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"

    def _row(self, row: list[tuple[Box, bool]], column: int) -> str:
        return "<w:tr>" + "".join(self._cell(box, begins, column) for box, begins in row) + "</w:tr>"

    def _cell(self, box: Box, begins: bool, column: int) -> str:
        merge = ""
        if box.row_span > 1:
            merge = '<w:vMerge w:val="restart"/>' if begins else "<w:vMerge/>"
        span = f'<w:gridSpan w:val="{box.col_span}"/>' if box.col_span > 1 else ""
        content = self._paragraph(box.text, "center") if begins else "<w:p/>"
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{column * box.col_span}" w:type="dxa"/>{span}{merge}</w:tcPr>{content}</w:tc>'
        )
