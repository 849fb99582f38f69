"""People's corrections of what was read: a recorded decision replaces a fact, and is refused where the source no longer
says what the person saw.

They are applied when results are published (`corrected`), never when a document is read: what was read stays remembered
as read.

A row of corrections: `document_id`, `cell`, `expected` (the text that stood there when it was looked at), `value` (the
right number; blank where nothing is printed), `reason`, `evidence`, `by`, `on` (YYYY-MM-DD). One row per document and
cell; a second one is told and refused.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from .codebook import all_cells
from .document import Note
from .facts import AGREED, Facts
from .numerals import read_number

CORRECTED = "corrected"
COLUMNS = ("document_id", "cell", "expected", "value", "reason", "evidence", "by", "on")
REQUIRED = ("document_id", "cell", "value", "reason", "by", "on")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Correction(NamedTuple):
    """One recorded decision; `value` is None where the cell prints nothing."""

    document_id: str
    cell: str
    expected: str
    value: float | None
    reason: str
    evidence: str
    by: str
    on: str


def read_corrections(path: Path | None = None) -> tuple[list[Correction], list[Note]]:
    """The corrections of a file (reference/corrections.csv where none is named) and a note for each row refused.

    Raises ValueError where the file has not the columns COLUMNS, OSError where it cannot be read.
    """
    source = files("extract") / "reference" / "corrections.csv" if path is None else path
    if path is None and not source.is_file():
        return [], []
    reader = csv.DictReader(source.read_text(encoding="utf-8-sig").splitlines())
    if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
        raise ValueError(f"{source} must have the columns {', '.join(COLUMNS)}; {', '.join(missing)} not found")
    kept: dict[tuple[str, str], Correction] = {}
    notes = []
    for number, row in enumerate(reader, 2):
        made = _correction({name: (row[name] or "").strip() for name in COLUMNS})
        if isinstance(made, str):
            notes.append(Note("correction_refused", f"line {number} of {source.name}: {made}"))
        elif (made.document_id, made.cell) in kept:
            notes.append(Note("correction_refused", f"line {number} of {source.name}: {made.cell} was corrected above"))
        else:
            kept[made.document_id, made.cell] = made
    return list(kept.values()), notes


def _correction(row: Mapping[str, str]) -> Correction | str:
    """The correction of one row, or what is wrong with it."""
    if empty := [name for name in REQUIRED if name != "value" and not row[name]]:
        return f"{', '.join(empty)} must be given"
    if row["cell"] not in all_cells():
        return f"no form has a cell {row['cell']}"
    if not DAY.fullmatch(row["on"]):
        return f"{row['on']!r} is no day: write 2026-01-31"
    number = read_number(row["value"])
    if row["value"] and number.value is None:
        return f"{row['value']!r} is no number"
    value = number.value if row["value"] else None
    return Correction(
        row["document_id"], row["cell"], row["expected"], value, row["reason"], row["evidence"], row["by"], row["on"]
    )


def apply(facts: Facts, corrections: Iterable[Correction]) -> list[Note]:
    """Apply the corrections of one document to its facts, in place; returns a note for each, applied or refused.

    A correction is refused where the document has no such cell, or where the text in it is not the expected one: the
    source changed, or is read otherwise now, and somebody must look again. What was read before stays in
    `other_reading`; `raw_text` is left as printed. A corrected fact is `agreed`: a person has compared it with the page.
    """
    place = {cell: index for index, cell in enumerate(facts.cell)}
    notes = []
    for correction in corrections:
        index = place.get(correction.cell)
        if index is None:
            told = f"{correction.cell}: the document has no such cell"
            notes.append(Note("correction_refused", f"{told} ({_who(correction)})"))
            continue
        locator = facts.locator[index]
        if facts.raw_text[index].strip() != correction.expected:
            told = f"{correction.cell}: “{facts.raw_text[index]}” stands there, “{correction.expected}” was expected"
            notes.append(Note("correction_refused", f"{told}: the source changed ({_who(correction)})", locator))
            continue
        before = facts.value[index]
        if not facts.other_reading[index]:
            facts.other_reading[index] = "" if before is None else f"{before:g}"
        facts.value[index] = correction.value
        facts.state[index] = CORRECTED
        facts.proof[index] = AGREED
        told = f"{correction.cell}: {_shown(before)} corrected to {_shown(correction.value)}"
        notes.append(Note("corrected", f"{told}: {correction.reason} ({_who(correction)})", locator))
    return notes


def _shown(value: float | None) -> str:
    return "nothing" if value is None else f"{value:g}"


def _who(correction: Correction) -> str:
    evidence = f", {correction.evidence}" if correction.evidence else ""
    return f"{correction.by}, {correction.on}{evidence}"
