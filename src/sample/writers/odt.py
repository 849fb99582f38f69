"""OpenDocument text, as LibreOffice saves it: spans on the first cell, covered cells behind it, runs of spaces as elements.

By the office's word habits also: deleted text in the list of changes, the title in a text box, runs cut anywhere.
"""

from __future__ import annotations

import random
import re
from xml.sax.saxutils import escape

from sample.page import Page, Paragraph
from sample.tables import Box, Table, merged_rows
from sample.writers.packing import pack

_MIMETYPE = "application/vnd.oasis.opendocument.text"
_URN = "urn:oasis:names:tc:opendocument:xmlns"
_NAMESPACES = (
    " ".join(f'xmlns:{name}="{_URN}:{full}:1.0"' for name, full in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"), ("meta", "meta"), ("manifest", "manifest"),
    ))
    + ' xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"'
)  # fmt: skip
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MANIFEST = (
    f"{_HEAD}<manifest:manifest {_NAMESPACES.replace('office:version', 'manifest:version')}>"
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_MIMETYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    '<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
_SPACES = re.compile(" {2,}")


def write(page: Page) -> bytes:
    """The page as an .odt file, its media type first."""
    writer = _Writer(page)
    body = "".join(map(writer.block, page.blocks))
    content = f"<office:body><office:text>{writer.changes()}{body}</office:text></office:body>"
    meta = f"<dc:title>{escape(page.title)}</dc:title><dc:creator>{escape(page.publisher)}</dc:creator>"
    return pack(
        {
            "mimetype": _MIMETYPE,
            "content.xml": f"{_HEAD}<office:document-content {_NAMESPACES}>{content}</office:document-content>",
            "meta.xml": f"{_HEAD}<office:document-meta {_NAMESPACES}><office:meta>{meta}</office:meta></office:document-meta>",
            "META-INF/manifest.xml": _MANIFEST,
        }
    )


class _Writer:
    def __init__(self, page: Page) -> None:
        self.rng = random.Random(f"odt-{page.report.draw}")
        self.habits = set(page.hand.word_habits)
        self.tables = 0

    def block(self, block: Paragraph | Table) -> str:
        if isinstance(block, Table):
            return self._table(block) + "<text:p/>"
        lines = "".join(self._paragraph(line, block.role) for line in block.text.split("\n"))
        if block.role == "title" and "text_box" in self.habits:
            return f"<text:p><draw:frame><draw:text-box>{lines}</draw:text-box></draw:frame></text:p>"
        return lines

    def changes(self) -> str:
        """The list of tracked deletions, which stands before the text and counts as gone."""
        if "tracked_changes" not in self.habits:
            return ""
        gone = "".join(
            f'<text:changed-region text:id="ct{at}"><text:deletion><text:p>{self.rng.randint(1, 99)}</text:p></text:deletion></text:changed-region>'
            for at in range(3)
        )
        return f"<text:tracked-changes>{gone}</text:tracked-changes>"

    def _paragraph(self, text: str, role: str = "body") -> str:
        tag = 'text:h text:outline-level="1"' if role == "heading" else "text:p"
        return f"<{tag}>{self._runs(text)}</{tag.split(' ')[0]}>"

    def _runs(self, text: str) -> str:
        if "split_runs" not in self.habits or len(text) < 2:
            return _spaced(text)
        at = self.rng.randint(1, len(text) - 1)
        return f"<text:span>{_spaced(text[:at])}</text:span><text:span>{_spaced(text[at:])}</text:span>"

    def _table(self, table: Table) -> str:
        self.tables += 1
        columns = f'<table:table-column table:number-columns-repeated="{table.width}"/>'
        rows = "".join(f"<table:table-row>{self._row(row)}</table:table-row>" for row in merged_rows(table))
        return f'<table:table table:name="表{self.tables}">{columns}{rows}</table:table>'

    def _row(self, row: list[tuple[Box, bool]]) -> str:
        return "".join(
            self._cell(box) if begins else "<table:covered-table-cell/>" * box.col_span for box, begins in row
        )

    def _cell(self, box: Box) -> str:
        spans = "".join(
            f' table:number-{name}-spanned="{span}"'
            for name, span in (("columns", box.col_span), ("rows", box.row_span))
            if span > 1
        )
        text = "<text:line-break/>".join(map(self._runs, box.text.split("\n")))
        covered = "<table:covered-table-cell/>" * (box.col_span - 1)
        return (
            f'<table:table-cell office:value-type="string"{spans}><text:p>{text}</text:p></table:table-cell>{covered}'
        )


def _spaced(text: str) -> str:
    return _SPACES.sub(lambda run: f' <text:s text:c="{len(run[0]) - 1}"/>', escape(text))
