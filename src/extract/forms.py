"""From grids to tables of a statutory form: each section by itself, never by the report year. Identities never assign labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, compress
from types import ModuleType

from . import appeals, applications, proactive
from .claimed import Recognition, SectionTable, in_columns
from .codebook import APPEALS, APPLICATIONS, PROACTIVE
from .document import LOCATOR_OF, Cell, Grid, Note, Paragraph
from .labels import COLUMN, GROUP, ROW, roles, stem
from .numerals import REPORTED, read_number
from .rows import WORDS, FormTable, Row, cut_rows


@dataclass(slots=True)
class Found:
    """The tables of the forms as their recognisers found them, and what must be told."""

    tables: list[FormTable] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def grid_numbers(self) -> set[int]:
        """Numbers of the grids in which a table of a form stands."""
        return {number for table in self.tables for number in table.tables}


SECTIONS = ((PROACTIVE, proactive), (APPLICATIONS, applications), (APPEALS, appeals))
SECTION_NUMERAL = {PROACTIVE: "二", APPLICATIONS: "三", APPEALS: "四"}
NOT_TELLING = frozenset({"total", "other", "results_total", "other_handling.other"})
FEWEST_LABELS, LONGEST_LINE = 3, 2000
FEWEST_NUMBERS = 3  # in a table that nobody read: fewer are a page's own (a date, a file number)


def recognise_together(grids: list[Grid]) -> Recognition:
    """Recognise the tables of the forms in a document's grids, taken in reading order so that a table cut in pieces is read as one."""
    result = Found()
    rows = [row for grid in grids for row in cut_rows(grid)]
    found = {name: _recognise_section(section, rows, result) for name, section in SECTIONS}
    turned: list[Grid] = []
    if not all(found.values()):
        turned = _recognise_turned(grids, [name for name, table in found.items() if not table], result)
    settle_form(result.tables)
    notes = [*result.notes, *unread(grids, result)]
    return Recognition(in_columns(result.tables, [*grids, *turned]), left_over(rows, result), notes)


def _recognise_section(section: ModuleType, rows: list[Row], result: Found) -> bool:
    tables, notes = section.recognise(rows)
    result.tables.extend(tables)
    result.notes.extend(notes)
    return bool(tables)


def _recognise_turned(grids: list[Grid], missing: list[str], result: Found) -> list[Grid]:
    """A section that was not found may stand with its rows as columns. Order of sections stays as printed on the form. Returns the turned grids."""
    used = result.grid_numbers()
    turned: list[Grid] = []
    for grid in grids:
        if grid.table in used or not _can_be_turned(grid):
            continue
        turned.append(_turned(grid))
        rows = cut_rows(turned[-1])
        for name, section in SECTIONS:
            if name in missing and _recognise_section(section, rows, Found(result.tables)):
                missing.remove(name)
    return turned


def _can_be_turned(grid: Grid) -> bool:
    """Whether each place of the table has its cell: a span that is wrong by one leaves a hole, and would shift the labels."""
    return grid.sure_places and not any(None in row for row in grid.rows)


def may_be_turned(grid: Grid) -> bool:
    """Whether any section is found in a table once its rows are columns."""
    if not _can_be_turned(grid):
        return False
    rows = cut_rows(_turned(grid))
    return any(section.recognise(rows)[0] for _, section in SECTIONS)


def _turned(grid: Grid) -> Grid:
    """The grid with rows as columns; the locators still tell where each cell stands."""
    cells = [replace(c, row=c.col, col=c.row, row_span=c.col_span, col_span=c.row_span) for c in grid.cells]
    return Grid(sorted(cells, key=lambda cell: (cell.row, cell.col)), grid.table, grid.page)


def unread(grids: list[Grid], result: Found) -> Iterator[Note]:
    """Tables that hold labels of the forms, or nothing but numbers, and from which nothing was read."""
    used = result.grid_numbers()
    for grid in grids:
        if grid.table in used or sum(read_number(c.text).state == REPORTED for c in grid.cells) < FEWEST_NUMBERS:
            continue
        bare = (
            (cell, cell.text.rstrip("0123456789. ")) for cell in grid.cells
        )  # a label with a number run into it is one, too
        labels = [cell for cell, text in bare if any(role.kind != GROUP for role in roles(text))]
        wordless = not any(WORDS.search(cell.text) for cell in grid.cells)
        if labels or wordless:
            what = f"labels of the form (“{labels[0].text[:30]}”)" if labels else "numbers without labels"
            message = f"table {grid.table} holds {what} but was not read: compare with the document"
            yield Note("table_not_read", message, (labels or grid.cells)[0].locator)


def unread_lines(lines: Sequence[Paragraph], missing: Iterable[str]) -> Iterator[Note]:
    """Sections of which nothing was read, though labels that no other table has stand in lines by themselves, and numbers in others."""
    pieces = [(piece, line) for line in lines if len(line.text) <= LONGEST_LINE for piece in line.text.split()]
    if sum([read_number(piece).state == REPORTED for piece, _ in pieces]) < FEWEST_NUMBERS:
        return
    for section in missing:
        named: dict[str, Paragraph] = {}
        for piece, line in pieces:
            for code in _codes_of(piece, section):
                named.setdefault(code, line)
        if len(named) >= FEWEST_LABELS:
            at = next(iter(named.values()))
            message = f"lines hold labels of section {SECTION_NUMERAL[section]} (“{at.text[:30]}”) but were not read: compare with the document"
            yield Note("table_not_read", message, at.locator)


def _codes_of(text: str, section: str) -> Iterator[str]:
    """The codes of this section that a text names and no other section has."""
    for role in roles(text):
        own = role.block == section if section in (APPLICATIONS, APPEALS) else role.block in proactive.BLOCKS
        if own and role.kind == (ROW if section == APPLICATIONS else COLUMN) and role.code not in NOT_TELLING:
            yield role.code


def settle_form(tables: Sequence[FormTable | SectionTable]) -> None:
    """Section 三 without any row of （六） tells no form: it follows section 二 of the same document."""
    for table in tables:
        if not table.form:
            table.form = next((t.form for t in tables if t.section == "proactive"), "2021")


def left_over(rows: list[Row], result: Found) -> list[tuple[Cell, str]]:
    """Numbers inside recognised grids that no cell of the form claims, with the label they stand beside; labels glued to numbers too."""
    cells_claimed = list(chain.from_iterable([claim.cells for table in result.tables for claim in table.claims]))
    reported = [cell for row in rows for cell, kind in zip(row.cells, row.kinds, strict=True) if kind == REPORTED]
    if set(map(id, cells_claimed)).issuperset(map(id, reported)):
        return []  # as in most tables
    claimed = set(map(id, map(LOCATOR_OF, cells_claimed)))
    numbers = result.grid_numbers()
    told = {id(note.locator) for note in result.notes if note.kind == "cells_do_not_fit"}  # whole rows
    left: list[tuple[Cell, str]] = []
    for row in rows:
        if REPORTED not in row.kinds or row.grid.table not in numbers or id(row.cells[0].locator) in told:
            continue
        cells = list(compress(row.cells, map(REPORTED.__eq__, row.kinds)))
        if not claimed.issuperset(map(id, map(LOCATOR_OF, cells))):
            label = row.label.text if row.label is not None else ""
            left += [(cell, label) for cell in cells if id(cell.locator) not in claimed]
    return left


def glued(text: str) -> bool:
    """Whether a text is a label of the forms with numbers run into it ("行政许可396442278"): cells that cannot be told apart."""
    words = text.rstrip("0123456789.")
    return (
        len(words) < len(text) and len(words) >= 2 and any(r.kind == "row" for r in roles(words)) and bool(stem(words))
    )
