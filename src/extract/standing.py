"""What reports are to each other: which one of an office and year is primary, and which offices there are."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from .columns import Batch
from .schemas import arrow

OFFICE = ("office_id", "level", "district_id", "district_zh", "city_zh", "province_zh")


def choose_primary(reports: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Of several reports for one office and year the latest published is primary, then the better proved, then the first path.

    Returns the reports with is_primary set, and the issues that tell of the others.
    """
    rows = reports.select(
        ["report_id", "office_id", "year", "published_on", "cells_read", "verified", "agreed", "source_path"]
    ).to_pylist()
    groups: dict[tuple[Any, ...], list[int]] = {}
    for index, row in enumerate(rows):
        known = row["office_id"] != "unknown" and row["year"] is not None
        groups.setdefault((row["office_id"], row["year"]) if known else (row["report_id"],), []).append(index)
    best = {
        key: max(members, key=lambda i: (rows[i]["published_on"] or "", _proved(rows[i]), -i))
        for key, members in groups.items()
    }
    primary = set(best.values())
    told = Batch()
    for key, members in groups.items():
        for index in members:
            if index != best[key]:
                message = f"another report of the same office and year is used in the tidy tables: {rows[best[key]]['source_path']}"
                told.issue(rows[index]["source_path"], "not_primary", message, rows[index]["report_id"])
    place = reports.schema.get_field_index("is_primary")
    chosen = pa.array([i in primary for i in range(len(rows))], pa.bool_())
    return reports.set_column(place, "is_primary", chosen), told.tables()["issues.csv"]


def _proved(row: dict[str, Any]) -> float:
    return (row["verified"] + row["agreed"]) / row["cells_read"] if row["cells_read"] else 0.0


def offices(reports: pa.Table) -> pa.Table:
    """One row per office that a report names: the name most used, the others beside it."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in reports.select([*OFFICE, "office_zh", "year", "source_path", "signed_by", "is_primary"]).to_pylist():
        groups.setdefault(row["office_id"], []).append(row)
    made = []
    for office_id in sorted(groups):
        rows = groups[office_id]
        names: dict[str, int] = {}
        for row in rows:
            for name in (row["office_zh"], row["signed_by"]):
                if name:
                    names[name] = names.get(name, 0) + 1
        office = max((row["office_zh"] for row in rows), key=lambda name: (names[name], name))
        newest = max(rows, key=lambda row: (row["year"] or 0, row["source_path"]))
        made.append(
            {k: newest[k] for k in OFFICE}
            | {
                "office_zh": office,
                "also_named": "|".join(sorted(set(names) - {office})) or None,
                "reports": sum(bool(r["is_primary"]) for r in rows),
            }
        )
    return pa.Table.from_pylist(made, schema=arrow("offices.csv"))
