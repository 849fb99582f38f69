"""What reports are to each other: which one of an office and year is primary, and which offices there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from .notices import Notice
from .schemas import arrow, replaced

OFFICE = ("office_id", "level", "district_id", "district_zh", "city_zh", "province_zh")
RANKED_BY = ("published_on", "cells_read", "verified", "agreed", "source_path")
TOGETHER = 500  # reports that stand as Python objects at a time
Row = dict[str, Any]


def choose_primary(reports: pa.Table) -> tuple[pa.Table, list[Notice]]:
    """Of several reports for one office and year one with tables is primary before one without, then the latest published, then the better proved,
    then the first path.

    Returns the reports with is_primary set, and the issues that tell of the others.
    """
    rivals = _of_one_office_and_year(reports)
    rows = reports.select([*RANKED_BY, "report_id"]).take(pa.array([i for group in rivals for i in group], pa.int64()))
    found = iter(rows.to_pylist())
    chosen = np.ones(reports.num_rows, dtype=bool)
    told: list[Notice] = []
    for group in rivals:
        members = [(index, next(found)) for index in group]
        best, used = max(
            members, key=lambda m: (m[1]["cells_read"] > 0, m[1]["published_on"] or "", _proved(m[1]), -m[0])
        )
        for index, row in members:
            if index != best:
                chosen[index] = False
                message = (
                    f"another report of the same office and year is used in the tidy tables: {used['source_path']}"
                )
                told.append(Notice(row["source_path"], "not_primary", message, row["report_id"]))
    return replaced(reports, "is_primary", pa.array(chosen)), told


def _of_one_office_and_year(reports: pa.Table) -> list[list[int]]:
    """Rows of reports that share office and year, both known; each group in rising order, groups by their first row."""
    codes, names = _codes(reports["office_id"])
    years = reports["year"].fill_null(-1).to_numpy()
    known = np.flatnonzero((names != "unknown")[codes] & (years >= 0)) if len(codes) else np.zeros(0, dtype=np.int64)
    _, group_of, sizes = np.unique(codes[known] * 100_000 + years[known], return_inverse=True, return_counts=True)
    groups: dict[int, list[int]] = {}
    for at in np.flatnonzero(sizes[group_of] > 1):
        groups.setdefault(int(group_of[at]), []).append(int(known[at]))
    return list(groups.values())


def _codes(column: pa.ChunkedArray) -> tuple[np.ndarray, np.ndarray]:
    """A text column as int64 codes, and the text of each code, sorted."""
    encoded = column.combine_chunks().dictionary_encode()
    names = np.array(encoded.dictionary.to_pylist(), dtype=object)
    order = np.argsort(names)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    codes: np.ndarray = rank[encoded.indices.to_numpy()].astype(np.int64)
    return codes, names[order]


def _proved(row: Row) -> float:
    return (row["verified"] + row["agreed"]) / row["cells_read"] if row["cells_read"] else 0.0


def offices(reports: pa.Table) -> pa.Table:
    """One row per office that a report names, by office_id: the name most used, the others beside it."""
    parts = [arrow("offices.csv").empty_table()]
    for rows in _by_office(reports.select([*OFFICE, "office_zh", "year", "source_path", "signed_by", "is_primary"])):
        groups: dict[str, list[Row]] = {}
        for row in rows:
            groups.setdefault(row["office_id"], []).append(row)
        parts.append(pa.Table.from_pylist([_office(group) for group in groups.values()], schema=arrow("offices.csv")))
    return pa.concat_tables(parts)


def _by_office(reports: pa.Table) -> Iterator[list[Row]]:
    """The rows sorted by office, some thousand at a time, no office torn apart."""
    codes, _ = _codes(reports["office_id"])
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    begin = 0
    for end in [*starts[1:], len(order)] if len(order) else []:
        if end - begin >= TOGETHER or end == len(order):
            yield reports.take(pa.array(order[begin:end])).to_pylist()
            begin = end


def _office(rows: list[Row]) -> Row:
    names: dict[str, int] = {}
    for row in rows:
        for name in (row["office_zh"], row["signed_by"]):
            if name:
                names[name] = names.get(name, 0) + 1
    office = max((row["office_zh"] for row in rows), key=lambda name: (names[name], name))
    newest = max(rows, key=lambda row: (row["year"] or 0, row["source_path"]))
    return {name: newest[name] for name in OFFICE} | {
        "office_zh": office,
        "also_named": "|".join(sorted(set(names) - {office})) or None,
        "reports": sum(bool(row["is_primary"]) for row in rows),
    }
