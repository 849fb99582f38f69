"""From grids to tables of a statutory form: each section by itself, never by the report year. Identities never assign labels."""

from __future__ import annotations

from dataclasses import dataclass, field

from . import appeals, applications, proactive
from .document import Cell, Grid, Note
from .labels import roles, stem
from .numerals import REPORTED, read_number
from .rows import FormTable, Row, cut_rows


@dataclass(slots=True)
class Recognition:
    """What the forms claim in a document, the numbers left over inside recognised grids, and what must be told."""

    tables: list[FormTable] = field(default_factory=list)
    unclaimed: list[tuple[Cell, str]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def grid_numbers(self) -> set[int]:
        """Numbers of the grids in which a table of a form stands."""
        return {number for table in self.tables for number in table.tables}


def recognise(grids: list[Grid]) -> Recognition:
    """Recognise the tables of the forms in a document's grids, taken in reading order so that a table cut in pieces is read as one."""
    result = Recognition()
    rows = [row for grid in grids for row in cut_rows(grid)]
    for section in (proactive, applications, appeals):
        table, notes = section.recognise(rows)
        result.notes.extend(notes)
        if table is not None:
            result.tables.append(table)
    _settle_form(result.tables)
    result.unclaimed = _left_over(rows, result)
    return result


def _settle_form(tables: list[FormTable]) -> None:
    """Section 三 without any row of （六） tells no form: it follows section 二 of the same document."""
    for table in tables:
        if not table.form:
            table.form = next((t.form for t in tables if t.section == "proactive"), "2021")


def _left_over(rows: list[Row], result: Recognition) -> list[tuple[Cell, str]]:
    """Numbers inside recognised grids that no cell of the form claims, with the label they stand beside; labels glued to numbers too."""
    claimed = {id(claim.cell) for table in result.tables for claim in table.claims}
    numbers = result.grid_numbers()
    left: list[tuple[Cell, str]] = []
    for row in rows:
        if row.grid.table not in numbers:
            continue
        label = row.label.text if row.label is not None else ""
        for cell in row.cells:
            if id(cell) not in claimed and cell.text and read_number(cell.text).state == REPORTED:
                left.append((cell, label))
    return left


def glued(text: str) -> bool:
    """Whether a text is a label of the forms with numbers run into it ("行政许可396442278"): cells that cannot be told apart."""
    words = text.rstrip("0123456789.")
    return (
        len(words) < len(text) and len(words) >= 2 and any(r.kind == "row" for r in roles(words)) and bool(stem(words))
    )
