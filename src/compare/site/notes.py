"""What the published tables tell of reports beside their figures, read once and cut by report."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.compute as compute

from compare.published import blocks_of
from compare.site.content import Notes, Row

COLUMNS = {
    "stated.csv": ["report_id", "value", "unit", "sentence", "section"],
    "issues.csv": ["report_id", "kind", "message"],
    "sections.csv": ["report_id", "section", "text"],
}


class NoteTables:
    """The notes of some reports of a published folder; a table that is not published holds nothing."""

    def __init__(self, out: Path, report_ids: Iterable[str]) -> None:
        wanted = pyarrow.array(sorted(report_ids), pyarrow.string())
        self.tables: dict[str, Any] = {}
        self.places: dict[str, dict[str, tuple[int, int]]] = {}
        for name, columns in COLUMNS.items():
            table = read_texts(out / name, columns, wanted)
            order = compute.sort_indices(table, sort_keys=[("report_id", "ascending")])
            self.tables[name] = table.take(order)
            self.places[name] = runs_of(self.tables[name]["report_id"].to_pylist())

    def rows(self, name: str, report_id: str) -> list[Row]:
        """A report's rows of one table, in their order."""
        start, end = self.places[name].get(report_id, (0, 0))
        return list(self.tables[name].slice(start, end - start).to_pylist()) if end > start else []

    def of(self, report_ids: Iterable[str]) -> Notes:
        """The notes of some reports."""
        notes = Notes()
        for report_id in report_ids:
            notes.stated[report_id] = [
                {**row, "value": number(row["value"])} for row in self.rows("stated.csv", report_id)
            ]
            notes.issues[report_id] = self.rows("issues.csv", report_id)
            texts = notes.texts.setdefault(report_id, {})
            for row in self.rows("sections.csv", report_id):
                section = int(number(row["section"]) or 0)
                texts[section] = f"{texts[section]}\n{row['text']}" if section in texts else row["text"]
        return notes

    def signs(self) -> set[str]:
        """Every character that stands in these tables."""
        found: set[str] = set()
        for table in self.tables.values():
            for column in table.columns:
                for chunk in column.chunks:
                    found.update(*chunk.to_pylist())
        return found


def number(text: str) -> float | None:
    """A published number; None where the field is empty."""
    return float(text) if text else None


def read_texts(path: Path, columns: list[str], wanted: pyarrow.Array) -> pyarrow.Table:
    """Some columns of the rows of these reports in a published CSV, all of them texts, "" where a field is empty or the
    column is not there. No other rows are held."""
    found = [pyarrow.table({name: pyarrow.array([], pyarrow.string()) for name in columns})]
    for block in blocks_of(path) if path.is_file() else ():
        chosen = block.filter(compute.is_in(block["report_id"], value_set=wanted))
        absent = pyarrow.nulls(chosen.num_rows, pyarrow.string())
        texts = [chosen[name] if name in chosen.column_names else absent for name in columns]
        found.append(pyarrow.table([compute.fill_null(text, "") for text in texts], names=columns))
    return pyarrow.concat_tables(found).combine_chunks()


def runs_of(ids: list[str]) -> dict[str, tuple[int, int]]:
    """For each id of a sorted list its first place and the place after its last."""
    found: dict[str, tuple[int, int]] = {}
    for place, report_id in enumerate(ids):
        found[report_id] = (found[report_id][0] if report_id in found else place, place + 1)
    return found
