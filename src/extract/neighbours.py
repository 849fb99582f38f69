"""Reports of one folder that name the same office: what one of them does not say of its place, the others do.

An office writes its district under one year's report and leaves it out in the next; its reports must not fall apart into two offices for that.
Only reports in the same folder are neighbours, and only where all placed ones agree; each place so taken is told as an issue.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from .gazetteer import office_key

PLACE = ("office_id", "level", "district_id", "district_zh", "city_zh", "province_zh")


class Shared(NamedTuple):
    """What a report takes from its neighbours: values of columns by name, its new report_id among them, and the issue that tells it."""

    columns: dict[str, str | None]
    message: str

    def applied(self, table: pa.Table) -> pa.Table:
        """The rows of this report, in any published table, with what it takes."""
        for name in table.column_names:
            if name in self.columns:
                table = _with(table, name, pa.repeat(pa.scalar(self.columns[name], pa.string()), table.num_rows))
        if "fact_id" in table.column_names:
            ids = [f"{self.columns['report_id']}/{cell}" for cell in table["cell"].to_pylist()]
            table = _with(table, "fact_id", pa.array(ids, pa.string()))
        return table


def share_places(reports: pa.Table, named: Sequence[bool]) -> dict[int, Shared]:
    """For reports without a place, by their row in `reports` (columns of reports.csv), the place of their neighbours of the same name.

    `named` says of each report whether it names its office (else office_zh is a file name).
    """
    rows = reports.select([*PLACE, "office_zh", "source_path", "year", "document_id"]).to_pylist()
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        if named[index]:
            groups[row["source_path"].rpartition("/")[0], office_key(row["office_zh"])].append(index)
    shared: dict[int, Shared] = {}
    for members in groups.values():
        placed = {_place(rows[i]): rows[i]["source_path"] for i in members if rows[i]["district_zh"]}
        if len(placed) != 1:
            continue
        [(place, example)] = placed.items()
        shared |= {i: _taken(rows[i], place, example) for i in members if not rows[i]["district_zh"]}
    return shared


def _taken(row: dict[str, Any], place: tuple[str | None, ...], example: str) -> Shared:
    taken = dict(zip(PLACE, place, strict=True))
    report_id = f"{taken['office_id']}-{row['year'] or 'unknown'}-{row['document_id'][:6]}"
    message = f"its own text names no district; {taken['district_zh']} is taken from {example}, a report of the same office in the same folder"
    return Shared(taken | {"report_id": report_id}, message[:500])


def _place(row: dict[str, Any]) -> tuple[str | None, ...]:
    return tuple(row[name] for name in PLACE)


def _with(table: pa.Table, name: str, values: pa.Array) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), table.schema.field(name), values)
