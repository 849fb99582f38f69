"""Document -> facts, and what inside recognised tables was left unread. Facts are columns: objects for millions of them would cost more than the reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from . import flat
from .claimed import Claimed, Recognition, SectionTable
from .codebook import APPEALS, APPLICATIONS, PROACTIVE
from .document import Document, Grid, Locator, Locators, Note, Paragraph, taken
from .forms import glued, recognise_together, unread_lines
from .known import known
from .labels import roles
from .layouts import recognise
from .numerals import ILLEGIBLE, REPORTED, read_number
from .shown_cells import Shown, joined, shown_in
from .stacked_heads import mend_heads

SINGLE, AGREED, VERIFIED, DISPUTED = "single", "agreed", "verified", "disputed"
MANY_REPEATED = 20  # cells shown twice: more than a slip
LONG_TEXT = 40  # characters: an unclaimed cell that long is prose caught in a table


@dataclass(slots=True)
class Facts:
    """The facts of one document as columns of equal length, in the order in which the forms print them.

    `value` is None where no number is printed; `other` is what an independent reading of the same cell saw, None where there was none;
    `doubt` is the reader's own distrust of the cell. `proof` begins as single: proof.prove settles it.
    """

    cell: list[str] = field(default_factory=list)
    value: list[float | None] = field(default_factory=list)
    unit: list[str] = field(default_factory=list)
    state: list[str] = field(default_factory=list)
    raw_text: list[str] = field(default_factory=list)
    other: list[str | None] = field(default_factory=list)
    other_reading: list[str] = field(default_factory=list)
    form: list[str] = field(default_factory=list)
    section: list[str] = field(default_factory=list)
    matched_by: list[str] = field(default_factory=list)
    proof: list[str] = field(default_factory=list)
    doubt: list[str] = field(default_factory=list)
    locator: Locators = field(default_factory=Locators)
    _shown: Shown | None = field(default=None, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.cell)

    def shown(self) -> Shown:
        """The codes of all cells; the facts are complete when it is asked for."""
        if self._shown is None:
            self._shown = shown_in(tuple(self.cell))
        return self._shown


@dataclass(slots=True)
class Reading:
    """What was read from one document: facts, the recognised tables and their grids, what to tell, and the text that no table of a form holds.

    `rebuilt` names the sections whose table was rebuilt from lines: the lines are then no second reading of them.
    """

    facts: Facts
    recognition: Recognition
    grids: list[Grid]
    notes: list[Note]
    prose: list[Paragraph]
    rebuilt: frozenset[str] = frozenset()

    def forms(self) -> dict[str, str]:
        """Section (proactive, applications, appeals) -> form of its table."""
        return {table.section: table.form for table in self.recognition.tables}


def read_facts(document: Document) -> Reading:
    """Read every cell of the forms that stands in the document. Nothing is repaired: what cannot be told apart is an issue, no fact."""
    mend_heads(document)
    recognition = recognise(document.grids())
    grids = document.grids()
    notes = list(document.notes)
    grids, rebuilt = _from_lines(document, grids, recognition, notes)
    facts = Facts()
    _add_tables(facts, recognition.tables, notes)
    notes = _told_once(notes, facts)
    numbers = recognition.grid_numbers()
    notes.extend(recognition.notes)
    notes.extend(
        Note("unclaimed_number", _unclaimed(cell.text, label), cell.locator) for cell, label in recognition.unclaimed
    )
    used = [grid for grid in grids if grid.table in numbers]
    return Reading(facts, recognition, used, notes, _prose(document, recognition, rebuilt), rebuilt)


def _from_lines(
    document: Document, grids: list[Grid], recognition: Recognition, notes: list[Note]
) -> tuple[list[Grid], frozenset[str]]:
    """Where no grid holds a section's table, the lines may: rows cut by the labels alone. Adds to `recognition` what it finds; returns the grids,
    the rebuilt one among them, and the sections that stand in it."""
    found = {table.section for table in recognition.tables}
    missing = frozenset({PROACTIVE, APPLICATIONS, APPEALS} - found)
    if not missing:
        return grids, missing
    lines = list(document.paragraphs())
    if not found:
        notes.extend(_glued(lines))
    built = flat.grids(lines, len(grids) + 1, document.source.document_id)
    from_lines = recognise_together(built)
    tables = [table for table in from_lines.tables if table.section in missing]
    if found or tables:
        unread = sorted(missing.difference(table.section for table in tables))
        notes.extend(unread_lines([*lines, *_in_unread_grids(grids, recognition)], unread) if unread else ())
    if tables:
        recognition.tables += tables
        recognition.notes += from_lines.notes
        recognition.unclaimed += from_lines.unclaimed if not found else []
        return [*grids, *built], frozenset(table.section for table in tables)
    if built and not found:
        message = "labels of the form are there, but their cells cannot be told apart; give the original document"
        notes.append(Note("cells_cannot_be_told_apart", message, built[0].cells[0].locator))
    return grids, frozenset()


def _in_unread_grids(grids: list[Grid], recognition: Recognition) -> Iterator[Paragraph]:
    """The cells of grids that hold no table of a form, as lines: heads may stand there, and their numbers elsewhere."""
    used = recognition.grid_numbers()
    return (Paragraph(cell.text, cell.locator) for grid in grids if grid.table not in used for cell in grid.cells)


def _glued(lines: list[Paragraph]) -> list[Note]:
    rest = "label and numbers run together and cannot be told apart; give the original document"
    return [
        Note("glued_cells", f"“{piece[:40]}”: {rest}", line.locator)
        for line in lines
        for piece in line.text.split()
        if glued(piece)
    ]


def _unclaimed(text: str, label: str) -> str:
    where = (
        f"stands beside “{label[:40]}”, and no cell of the form claims it"
        if label
        else "stands where no label of the form reaches"
    )
    return f"{text[:30]} {where}: compare with the document"


def _add_tables(facts: Facts, tables: list[SectionTable], notes: list[Note]) -> None:
    facts._shown = joined(tuple([claimed.codes for table in tables for _, claimed in table.parts]))
    seen: dict[str, int] = {}
    for table in tables:
        for grid, claimed in table.parts:
            if facts._shown is not None:
                _add_cells(facts, table, grid, claimed, notes)
            else:
                _add_unless_seen(facts, table, grid, claimed, seen, notes)


def _add_unless_seen(
    facts: Facts, table: SectionTable, grid: Grid, claimed: Claimed, seen: dict[str, int], notes: list[Note]
) -> None:
    """Append the claimed cells that are not in the facts yet; lay the others beside what is there."""
    whole = len(set(claimed.codes)) == len(claimed.codes) and seen.keys().isdisjoint(claimed.codes)
    for one in [claimed] if whole else map(Claimed, *(zip(column) for column in claimed)):
        if one.codes[0] in seen:
            _repeat(facts, seen[one.codes[0]], grid, one.places[0], notes)
        else:
            seen.update(zip(one.codes, count(len(facts))))
            _add_cells(facts, table, grid, one, notes)


def _add_cells(facts: Facts, table: SectionTable, grid: Grid, claimed: Claimed, notes: list[Note]) -> None:
    """Append the claimed cells, column by column. None of them is in the facts yet."""
    codes, places, matched_by, units, doubts = claimed
    texts = taken(grid.texts, places)
    states = list(map(_known_state, texts))
    nothing = [""] * len(codes)
    others: Sequence[str | None] = [None] * len(codes)
    own, is_doubted = nothing, False
    if not grid.is_plain:
        cells = taken(grid.cells, places)
        others = [cell.other_text for cell in cells]
        own = [cell.doubt for cell in cells]
        is_doubted = any(own)
        if is_doubted:
            doubts = tuple([doubt or of_cell for doubt, of_cell in zip(doubts, own, strict=True)])
    if is_doubted or ILLEGIBLE in states:
        _tell_doubts(zip(codes, texts, states, own, grid.locators(places), strict=True), notes)
    facts.cell += codes
    facts.value += map(_known_value, texts)
    facts.unit += _units(codes, units, texts) if table.section == PROACTIVE else nothing
    facts.state += states
    facts.raw_text += texts
    facts.other += others
    facts.other_reading += nothing
    facts.form += [table.form] * len(codes)
    facts.section += [table.section] * len(codes)
    facts.matched_by += matched_by
    facts.proof += [SINGLE] * len(codes)
    facts.doubt += doubts
    facts.locator.add(grid.located(places))


def _tell_doubts(cells: Iterable[tuple[str, str, str, str, Locator]], notes: list[Note]) -> None:
    """Tell which cells are no numbers and which the reader distrusts: (code, text, state, doubt, where) of each."""
    for code, text, state, doubt, locator in cells:
        if state == ILLEGIBLE:
            notes.append(
                Note("illegible", f"{code}: “{text[:40]}” is not a number: compare with the document", locator)
            )
        if doubt:
            notes.append(Note("doubtful_place", f"{code}: {doubt}", locator))


def _units(codes: Sequence[str], heads: Sequence[str], texts: Sequence[str]) -> list[str]:
    """For each amount the unit printed in its cell, else in its header; counts carry none."""
    return [
        (_unit_of_money(text) or head) if code.endswith(".amount") else ""
        for code, text, head in zip(codes, texts, heads, strict=True)
    ]


def _unit_of_money(text: str) -> str:
    unit = read_number(text).unit
    return unit if unit.endswith("元") else ""


_known_value = known(lambda text: read_number(text).value, 4096)
_known_state = known(lambda text: read_number(text).state, 4096)


def _repeat(facts: Facts, index: int, grid: Grid, place: int, notes: list[Note]) -> None:
    """A cell that the document shows twice: the first stays; a different second is told and makes the fact doubtful."""
    text = grid.texts[place]
    first, again = read_number(facts.raw_text[index]), read_number(text)
    if (first.state, first.value) != (again.state, again.value):
        facts.doubt[index] = "the document shows this cell twice, with different numbers"
        facts.other_reading[index] = text
        notes.append(
            Note(
                "repeated_cell",
                f"{facts.cell[index]} is shown twice: {facts.raw_text[index]} and {text}",
                grid.cells[place].locator,
            )
        )


def _told_once(notes: list[Note], facts: Facts) -> list[Note]:
    """Many cells shown twice with different numbers are one thing to tell: two reports in one document. What only the later one shows is doubted:
    it may be another office's, or another year's."""
    repeated = [note for note in notes if note.kind == "repeated_cell"]
    if len(repeated) < MANY_REPEATED:
        return notes
    again = {note.locator.table for note in repeated if note.locator is not None}
    for index, table in enumerate(facts.locator.tables):
        if table in again and not facts.doubt[index]:
            facts.doubt[index] = "it stands in a table that shows other cells again, with different numbers"
    message = f"{len(repeated)} cells are shown twice with different numbers: the document may hold several reports; give each a file of its own"
    return [
        *(note for note in notes if note.kind != "repeated_cell"),
        Note("several_reports", message, repeated[0].locator),
    ]


def _prose(document: Document, recognition: Recognition, rebuilt: frozenset[str]) -> list[Paragraph]:
    """The paragraphs, and the text of every grid that is no table of a form, in reading order."""
    numbers = recognition.grid_numbers()
    from_lines = [part for table in recognition.tables if table.section in rebuilt for part in table.parts]
    claimed = {one.bbox for grid, part in from_lines for one in grid.locators(part.places)} - {None}
    prose: list[Paragraph] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            in_table = from_lines and (block.locator.bbox in claimed or _is_cell(block.text))
            if block.role != "furniture" and not in_table:
                prose.append(block)
            continue
        if block.table not in numbers:
            prose += [Paragraph(cell.text, cell.locator) for cell in block.cells if cell.text]
        elif max(map(len, block.texts), default=0) > LONG_TEXT:
            long = [cell for cell in block.cells if len(cell.text) > LONG_TEXT]
            prose += [Paragraph(cell.text, cell.locator) for cell in long if not _is_form_label(cell.text)]
    return prose


def _is_cell(text: str) -> bool:
    """Whether a line by itself is a cell of a table of the forms: a number or a label."""
    return len(text) <= LONG_TEXT and (read_number(text).state == REPORTED or bool(roles(text)))


def _is_form_label(text: str) -> bool:
    return bool(roles(text)) or "勾稽" in text
