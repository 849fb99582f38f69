"""Files that lie beside the page which links to them: what a table without a title does not say of itself, the page does.

Offices publish the text of a report as a page and its tables as an attachment, which names neither office nor year. Only files in the page's own
folder, or in the folder of files that a browser saves with it, are taken for its attachments; each name so taken is told as an issue.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .document import Link
from .neighbours import PLACE
from .notices import Notice
from .schemas import overwritten

FILE_NAME = re.compile(
    r"[^/\\=&?'\"|]+\.(?:docx?|wps|pdf|xlsx?|et|rtf|ofd|odt|ods|png|jpe?g|gif|tiff?|bmp)(?![\w.])", re.IGNORECASE
)
MOST = 40  # names kept of one page
TAKEN = ("office_zh", *PLACE, "year", "published_on")
Row = dict[str, Any]


def file_names(links: Iterable[Link], pictures: bool) -> str:
    """The names of the files that a document attaches (and shows, where `pictures`), as they would lie on a disk, joined by |."""
    kinds = ("attachment", "image") if pictures else ("attachment",)
    found = (FILE_NAME.findall(unquote(link.target)) for link in links if link.kind in kinds)
    return "|".join(list(dict.fromkeys(names[-1].strip() for names in found if names))[:MOST])


def take_from_pages(reports: pa.Table, named: np.ndarray) -> tuple[pa.Table, np.ndarray, list[Notice]]:
    """The reports (columns of reports.csv) with office and year of those that lack them taken from the page that attaches them, which of them
    are named now (bool), and the issues that tell it.

    `named` (bool, one per report) says whether a report names its office (else office_zh is a file name).
    """
    lacking = np.flatnonzero(~named | pc.is_null(reports["year"]).to_numpy())
    pages = np.flatnonzero(named & pc.is_valid(reports["attachments"]).to_numpy())
    if not len(lacking) or not len(pages):
        return reports, named, []
    by_file: dict[str, list[Row]] = defaultdict(list)
    for page in reports.take(pa.array(pages)).to_pylist():
        for name in page["attachments"].split("|"):
            by_file[name.casefold()].append(page)
    taken: dict[int, Row] = {}
    told: list[Notice] = []
    for index, row in zip(lacking.tolist(), reports.take(pa.array(lacking)).to_pylist(), strict=True):
        owners = [page for page in by_file[_name(row).casefold()] if _lies_beside(row, page)]
        if len({(page["office_id"], page["year"]) for page in owners}) == 1:
            taken[index] = _taken(row, owners[0], bool(named[index]))
            told.append(_told(row, taken[index], owners[0]))
    named = named.copy()
    named[list(taken)] = True
    return _settled(reports, taken), named, told


def _name(row: Row) -> str:
    return str(row["source_path"]).rpartition("/")[2]


def _lies_beside(row: Row, page: Row) -> bool:
    """Whether a file lies in the folder of a page, or in the folder that a browser saves with it (page.html, page_files/)."""
    folder, of_page = row["source_path"].rpartition("/")[0], page["source_path"].rpartition(".")[0]
    return row["source_path"] != page["source_path"] and (
        folder == of_page.rpartition("/")[0] or folder in (f"{of_page}_files", f"{of_page}.files")
    )


def _taken(row: Row, page: Row, is_named: bool) -> Row:
    taken = {name: row[name] if is_named and name in (*PLACE, "office_zh") else page[name] for name in TAKEN}
    taken |= {name: row[name] or page[name] for name in ("year", "published_on")}
    return taken | {"report_id": f"{taken['office_id']}-{taken['year'] or 'unknown'}-{row['document_id'][:6]}"}


def _told(row: Row, taken: Row, page: Row) -> Notice:
    message = f"its own text does not say whose report it is, or of which year: {taken['office_zh']} {taken['year']} is taken from {page['source_path']}, which links to it"
    return Notice(row["source_path"], "named_by_page", message, taken["report_id"])


def _settled(reports: pa.Table, taken: dict[int, Row]) -> pa.Table:
    for name in (*TAKEN, "report_id") if taken else ():
        reports = overwritten(reports, name, {index: row[name] for index, row in taken.items()})
    return reports
