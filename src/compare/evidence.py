"""From a fact to its place: `trace` says where a number stands, `picture` shows it, `behind` finds the facts of a bar.

A PDF page or a scan is cropped around the table with the cell boxed; a table of a web page, a Word document or a
spreadsheet is drawn again from its published cells with the cell marked; of a text file the lines are shown too. Only
published files and the untouched originals are read: where an original is gone, the drawn table says so.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from compare.evidence_parts import lines, originals, pages, places, redrawn
from compare.evidence_parts.archive import Archive, Parts, parts_of_reports, told
from compare.published import measure

__all__ = [
    "Archive",
    "Parts",
    "Picture",
    "behind",
    "parts_of_reports",
    "picture",
    "pictures_in",
    "told",
    "trace",
    "trace_in",
]
ON_PAGE = ("pdf", "ocr")  # methods whose bbox is a place on a page
STYLE = (
    "<style>.evidence table.redrawn{border-collapse:collapse;font-size:13px}.evidence .redrawn td"
    "{border:1px solid #9aa5b1;padding:2px 7px;text-align:left}.evidence .redrawn td.number{text-align:right}"
    ".evidence mark{background:#ffd23c;outline:3px solid #b93c00;padding:0 3px;color:#1f2933}"
    ".evidence td.other{outline:2px solid #0b5394}.evidence .gap td{color:#52606d;text-align:center}"
    ".evidence .gap .zh::after{content:' · '}.evidence .lines{font-family:monospace;font-size:13px}"
    ".evidence .lines code{white-space:pre-wrap}</style>"
)


class Picture(NamedTuple):
    """What shows a fact: `kind` is png or html; `content` the bytes (UTF-8 for html); width and height in pixels (0 for
    html); notes say what it is, and why it is not more. A notebook shows it as it is."""

    kind: str
    content: bytes
    width: int
    height: int
    note_en: str
    note_zh: str

    def _repr_html_(self) -> str:
        if self.kind == "png":
            source = base64.b64encode(self.content).decode("ascii")
            inner = f'<img alt="" style="max-width:100%" src="data:image/png;base64,{source}">'
        else:
            inner = self.content.decode("utf-8")
        return f'{STYLE}<div class="evidence">{inner}<p>{escape(self.note_en)} · {escape(self.note_zh)}</p></div>'


def archive_of(out: str | Path, fact_id: str) -> Archive:
    """The archive of the one report that a fact belongs to."""
    return Archive(Path(out), (fact_id.partition("/")[0],))


def behind(out: str | Path, report_id: str, name: str) -> list[str]:
    """The fact_ids of the cells that a measure (reference/measures.csv) counts in a report: from a bar to its facts.

    Raises KeyError for a name that is no measure.
    """
    rule = measure(name)
    facts = Archive(Path(out), (report_id,)).facts.index
    cells = dict.fromkeys([*rule.cells_2021.split(), *rule.cells_2019.split()])
    return [fact_id for cell in cells if (fact_id := f"{report_id}/{cell}") in facts]


def trace(out: str | Path, fact_id: str) -> dict[str, Any]:
    """Where a published number comes from: what it is (label, office, year), value, state, what stood there, the other
    reading, its proof, its place in words, file and address.

    Raises KeyError for an unknown fact_id, NotPublishedError where the tables are not there.
    """
    return trace_in(archive_of(out, fact_id), fact_id)


def trace_in(archive: Archive, fact_id: str) -> dict[str, Any]:
    """`trace` in tables that are already read."""
    fact = archive.fact(fact_id)
    cell, original = str(fact["cell"]), archive.original(fact)
    known = cell in archive.codebook.index
    label = archive.codebook.loc[cell] if known else pd.Series({"label_en": cell, "label_zh": cell})
    proof = places.PROOFS.get(told(fact.get("proof")), places.PROOFS[""])
    method = places.METHODS.get(told(fact.get("method")), places.Words(told(fact.get("method")), ""))
    state = places.STATES.get(told(fact["state"]), places.Words(told(fact["state"]), told(fact["state"])))
    where = places.in_words(fact)
    value = fact["value"]
    return {
        "fact_id": fact_id,
        "report_id": str(fact["report_id"]),
        "office_zh": told(fact.get("office_zh")),
        "year": places.whole(fact.get("year")),
        "cell": cell,
        "label_en": told(label["label_en"]),
        "label_zh": told(label["label_zh"]),
        "value": None if pd.isna(value) else float(value),
        "unit": told(fact.get("unit")),
        "state": told(fact["state"]),
        "state_en": state.en,
        "state_zh": state.zh,
        "raw_text": told(fact.get("raw_text")),
        "other_reading": told(fact.get("other_reading")),
        "proof": told(fact.get("proof")),
        "proof_en": proof.en,
        "proof_zh": proof.zh,
        "form": told(fact.get("form")),
        "matched_by": told(fact.get("matched_by")),
        "method": told(fact.get("method")),
        "method_en": method.en,
        "method_zh": method.zh,
        **{name: places.whole(fact.get(name)) for name in ("page", "table", "row", "col")},
        "place_en": where.en,
        "place_zh": where.zh,
        "source_path": told(fact.get("source_path")),
        "original": str(original) if original else "",
        "url": archive.urls.get(str(fact["report_id"]), ""),
    }


def picture(out: str | Path, fact_id: str) -> Picture:
    """The place of a fact as a picture: PNG where the original has pages, HTML where its table or its lines are drawn.

    Raises KeyError for an unknown fact_id, NotPublishedError where the tables are not there.
    """
    return pictures_in(archive_of(out, fact_id), [fact_id])[0]


def pictures_in(archive: Archive, fact_ids: Sequence[str], beside: Sequence[str] = ()) -> list[Picture]:
    """One picture per page or table on which the facts stand, all their cells marked; the facts `beside` are outlined
    where they stand on the same pages. Facts that are not there (a missing cell) show nothing."""
    wanted = archive.facts.reindex([fact for fact in dict.fromkeys(fact_ids) if fact in archive.facts.index])
    others = archive.facts.reindex([fact for fact in dict.fromkeys(beside) if fact in archive.facts.index])
    if wanted.empty:
        return []
    pages_of = others.apply(page_key, axis=1) if len(others) else pd.Series(dtype=object)
    found = []
    for key, facts in wanted.groupby(wanted.apply(page_key, axis=1), sort=False):
        found.append(show(archive, facts, others[pages_of == key] if len(others) else others))
    return found


def page_key(fact: pd.Series) -> str:
    """The page or table that one picture shows."""
    return f"{fact['report_id']}/{places.whole(fact.get('table'))}/{places.whole(fact.get('page'))}"


def show(archive: Archive, facts: pd.DataFrame, others: pd.DataFrame) -> Picture:
    """Facts of one table on one page."""
    first = facts.iloc[0]
    method, original = told(first.get("method")), archive.original(first)
    name = told(first.get("source_path"))
    if original is None:
        gone = f"The original {name} is not there any more; drawn from the published cells."
        return drawn(archive, facts, others, gone, f"原件{name}已不在原处；此图由已公布的单元格重绘。")
    if method in ON_PAGE and facts["x0"].notna().all() and places.whole(first.get("page")):
        try:
            return cropped(archive, original, facts, others)
        except pages.CannotShowError as problem:
            why = f"The page cannot be shown ({problem}); drawn from the published cells."
            return drawn(archive, facts, others, why, "原页无法显示；此图由已公布的单元格重绘。")
    if method == "text" and facts["x0"].notna().all():
        return lines_and_table(archive, original, facts, others)
    return drawn(
        archive, facts, others, f"The table as read from {name}, drawn again.", f"由{name}读出的表格，按原样重绘。"
    )


def table_of(archive: Archive, fact: pd.Series) -> list[redrawn.GridCell]:
    """The published cells of the table in which a fact stands; empty where it is in none."""
    table = places.whole(fact.get("table"))
    return archive.grids.get((str(fact["report_id"]), table), []) if table else []


def spots(facts: pd.DataFrame) -> list[tuple[int, int]]:
    """Row and column of each fact that has both."""
    placed = facts.dropna(subset=["row", "col"])
    return [(int(row), int(col)) for row, col in zip(placed["row"], placed["col"], strict=True)]


def drawn(archive: Archive, facts: pd.DataFrame, others: pd.DataFrame, note_en: str, note_zh: str) -> Picture:
    """The table drawn again with the cells marked."""
    cells = table_of(archive, facts.iloc[0])
    if not cells:
        text = "；".join(told(raw) for raw in facts["raw_text"])
        inner = f"<p><mark>{escape(text) or '&nbsp;'}</mark></p>"
    else:
        inner = redrawn.table_html(cells, spots(facts), spots(others))
    return Picture("html", inner.encode("utf-8"), 0, 0, note_en, note_zh)


def lines_and_table(archive: Archive, original: Path, facts: pd.DataFrame, others: pd.DataFrame) -> Picture:
    """The lines of the text file in which the cells stand, and the table that was read from them."""
    note = (
        f"Lines of {told(facts.iloc[0]['source_path'])}, and the table as read from them.",
        f"{told(facts.iloc[0]['source_path'])}的原文行，以及由此读出的表格。",
    )
    table = drawn(archive, facts, others, *note)
    content = originals.text_lines(original)
    by_line: dict[int, list[lines.Marked]] = {}
    for _, fact in facts.iterrows():
        top, left, bottom, right = (int(fact[edge]) for edge in ("x0", "y0", "x1", "y1"))
        cell = lines.Marked((top, left, bottom, right), told(fact["raw_text"]), places.whole(fact.get("col")) or 0)
        by_line.setdefault(top, []).append(cell)
    # Of many lines the first two are enough: the table beneath marks all of them.
    parts = [part for part in (lines.lines_html(content, cells) for cells in list(by_line.values())[:2]) if part]
    return table._replace(content="".join([*parts, table.content.decode("utf-8")]).encode("utf-8"))


def cropped(archive: Archive, original: Path, facts: pd.DataFrame, others: pd.DataFrame) -> Picture:
    """The page cropped around the table, the cells boxed; a page that lies on its side is turned."""
    page = places.whole(facts.iloc[0]["page"]) or 1
    image, scale = pages.page_picture(original, page)
    on_page = [cell for cell in table_of(archive, facts.iloc[0]) if cell.page == page]
    turns = pages.quarters([(cell.col, cell.box) for cell in on_page if cell.box])
    size = image.width / scale, image.height / scale
    image = image.rotate(90 * turns, expand=True) if turns else image
    marked, beside = ([pages.turned(box, size, turns) for box in boxes(rows)] for rows in (facts, others))
    area = pages.around([*(pages.turned(cell.box, size, turns) for cell in on_page if cell.box), *marked])
    top = set(redrawn.header_rows(on_page))
    head = [pages.turned(cell.box, size, turns) for cell in on_page if cell.box and cell.row in top]
    crop = pages.boxed_crop(image, scale, area, marked, beside, pages.around(head) if head else None)
    name = told(facts.iloc[0]["source_path"])
    return Picture("png", crop.png, crop.width, crop.height, f"Page {page} of {name}.", f"{name}第{page}页。")


def boxes(rows: pd.DataFrame) -> list[pages.Box]:
    """The boxes of the facts that have one."""
    if not len(rows) or "x0" not in rows:
        return []
    placed = rows.dropna(subset=["x0", "y0", "x1", "y1"])[["x0", "y0", "x1", "y1"]].astype(float)
    return [(left, top, right, bottom) for left, top, right, bottom in placed.itertuples(index=False)]
