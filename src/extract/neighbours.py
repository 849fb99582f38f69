"""Reports of one folder that name the same office: what one of them does not say of its place, the others do.

An office writes its district under one year's report and leaves it out in the next; its reports must not fall apart into two offices for that.
Only reports in the same folder are neighbours, and only where all placed ones agree; each place so taken is told as an issue.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .gazetteer import office_key
from .notices import Notice
from .schemas import overwritten

PLACE = ("office_id", "level", "district_id", "district_zh", "city_zh", "province_zh")
Row = dict[str, Any]


def share_places(reports: pa.Table, named: np.ndarray) -> tuple[pa.Table, list[Notice]]:
    """The reports (columns of reports.csv), those without a place with the place of their neighbours of the same name, and the issues that tell it.

    `named` (bool, one per report) says whether a report names its office (else office_zh is a file name).
    """
    groups: dict[tuple[str, str], list[tuple[int, Row]]] = defaultdict(list)
    for index, row in _candidates(reports, named):
        groups[_folder(row["source_path"]), office_key(row["office_zh"])].append((index, row))
    taken: dict[int, Row] = {}
    told: list[Notice] = []
    for members in groups.values():
        placed = {tuple(row[name] for name in PLACE): row["source_path"] for _, row in members if row["district_zh"]}
        if len(placed) != 1:
            continue
        [(place, example)] = placed.items()
        for index, row in members:
            if not row["district_zh"]:
                taken[index] = _taken(row, place)
                told.append(_told(row, taken[index], example))
    return _settled(reports, taken), told


def _candidates(reports: pa.Table, named: np.ndarray) -> list[tuple[int, Row]]:
    """The reports that name their office, of the folders where some of them have a place and others have none, by their row."""
    placeless = pc.equal(pc.fill_null(reports["district_zh"], ""), "").to_numpy()
    folders = pc.replace_substring_regex(reports["source_path"], r"[^/]*$", "")
    beside = named
    for some in (named & placeless, named & ~placeless):
        beside = beside & pc.is_in(folders, folders.filter(pa.array(some)).unique()).to_numpy()
    chosen = np.flatnonzero(beside)
    rows = reports.select([*PLACE, "office_zh", "source_path", "year", "document_id"]).take(pa.array(chosen))
    return list(zip(chosen.tolist(), rows.to_pylist(), strict=True))


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _taken(row: Row, place: tuple[str | None, ...]) -> Row:
    taken: Row = dict(zip(PLACE, place, strict=True))
    return taken | {"report_id": f"{taken['office_id']}-{row['year'] or 'unknown'}-{row['document_id'][:6]}"}


def _told(row: Row, taken: Row, example: str) -> Notice:
    message = f"its own text names no district; {taken['district_zh']} is taken from {example}, a report of the same office in the same folder"
    return Notice(row["source_path"], "place_from_neighbour", message, taken["report_id"])


def _settled(reports: pa.Table, taken: dict[int, Row]) -> pa.Table:
    for name in (*PLACE, "report_id") if taken else ():
        reports = overwritten(reports, name, {index: row[name] for index, row in taken.items()})
    return reports
