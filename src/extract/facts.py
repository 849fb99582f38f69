"""Document -> facts, and what inside recognised tables was left unread. Facts are columns: objects for millions of them would cost more than the reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from . import flat
from .codebook import APPEALS, APPLICATIONS, PROACTIVE
from .document import DOUBT_OF, LOCATOR_OF, TEXT_OF, Cell, Document, Grid, Locator, Note, Paragraph
from .forms import Recognition, glued, recognise
from .labels import roles
from .numerals import ILLEGIBLE, REPORTED, Number, read_number
from .rows import Claim, FormTable

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
    locator: list[Locator] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.cell)


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
    recognition = recognise(document.grids())
    grids = document.grids()
    notes = list(document.notes)
    grids, rebuilt = _from_lines(document, grids, recognition, notes)
    facts = Facts()
    seen: dict[str, int] = {}
    for table in recognition.tables:
        _add_table(facts, table, seen, notes)
    notes = _told_once(notes)
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
    from_lines = recognise(built)
    tables = [table for table in from_lines.tables if table.section in missing]
    if tables:
        recognition.tables += tables
        recognition.notes += from_lines.notes
        recognition.unclaimed += from_lines.unclaimed if not found else []
        return [*grids, *built], frozenset(table.section for table in tables)
    if built and not found:
        message = "labels of the form are there, but their cells cannot be told apart; give the original document"
        notes.append(Note("cells_cannot_be_told_apart", message, built[0].cells[0].locator))
    return grids, frozenset()


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


def _add_table(facts: Facts, table: FormTable, seen: dict[str, int], notes: list[Note]) -> None:
    codes = [code for claim in table.claims for code in claim.codes]
    if len(set(codes)) == len(codes) and seen.keys().isdisjoint(codes):
        _add_claims(facts, table, table.claims, seen, notes)
        return
    for claim in table.claims:
        for code, cell, unit in zip(claim.codes, claim.cells, claim.units or [""] * len(claim.cells), strict=True):
            if code in seen:
                _repeat(facts, seen[code], cell.text, cell.locator, notes)
            else:
                _add_claims(
                    facts, table, [Claim((code,), (cell,), claim.matched_by, (unit,), claim.doubt)], seen, notes
                )


def _add_claims(
    facts: Facts, table: FormTable, claims: Sequence[Claim], seen: dict[str, int], notes: list[Note]
) -> None:
    """Append the claimed cells, column by column. None of them is in the facts yet."""
    cells = [cell for claim in claims for cell in claim.cells]
    codes = [code for claim in claims for code in claim.codes]
    texts, doubts = list(map(TEXT_OF, cells)), list(map(DOUBT_OF, cells))
    numbers = list(map(read_number, texts))
    values, _, states, _ = zip(*numbers, strict=True)
    count = len(codes)
    if ILLEGIBLE in states or any(doubts):
        _tell_doubts(codes, cells, states, notes)
    seen.update(zip(codes, range(len(facts), len(facts) + count), strict=True))
    facts.cell += codes
    facts.value += values
    facts.unit += _units(claims, numbers)
    facts.state += states
    facts.raw_text += texts
    facts.other += [cell.other_text for cell in cells]
    facts.other_reading += [""] * count
    facts.form += [table.form] * count
    facts.section += [table.section] * count
    facts.proof += [SINGLE] * count
    facts.locator += map(LOCATOR_OF, cells)
    for claim in claims:
        facts.matched_by += [claim.matched_by] * len(claim.codes)
    if any(claim.doubt for claim in claims):
        doubts = [claim.doubt or cell.doubt for claim in claims for cell in claim.cells]
    facts.doubt += doubts


def _tell_doubts(codes: list[str], cells: list[Cell], states: Sequence[str], notes: list[Note]) -> None:
    for code, cell, state in zip(codes, cells, states, strict=True):
        if state == ILLEGIBLE:
            message = f"{code}: “{cell.text[:40]}” is not a number: compare with the document"
            notes.append(Note("illegible", message, cell.locator))
        if cell.doubt:
            notes.append(Note("doubtful_place", f"{code}: {cell.doubt}", cell.locator))


def _units(claims: Sequence[Claim], numbers: list[Number]) -> list[str]:
    """For each amount the unit printed in its cell, else in its header; counts carry none."""
    if not any(claim.units for claim in claims):
        return [""] * len(numbers)
    codes = [code for claim in claims for code in claim.codes]
    heads = [unit for claim in claims for unit in claim.units or [""] * len(claim.codes)]
    return [
        "" if not code.endswith(".amount") else number.unit if number.unit.endswith("元") else head
        for code, number, head in zip(codes, numbers, heads, strict=True)
    ]


def _repeat(facts: Facts, index: int, text: str, locator: Locator, notes: list[Note]) -> None:
    """A cell that the document shows twice: the first stays; a different second is told and makes the fact doubtful."""
    first, again = read_number(facts.raw_text[index]), read_number(text)
    if (first.state, first.value) != (again.state, again.value):
        facts.doubt[index] = "the document shows this cell twice, with different numbers"
        facts.other_reading[index] = text
        notes.append(
            Note("repeated_cell", f"{facts.cell[index]} is shown twice: {facts.raw_text[index]} and {text}", locator)
        )


def _told_once(notes: list[Note]) -> list[Note]:
    """Many cells shown twice with different numbers are one thing to tell: two reports in one document."""
    repeated = [note for note in notes if note.kind == "repeated_cell"]
    if len(repeated) < MANY_REPEATED:
        return notes
    message = f"{len(repeated)} cells are shown twice with different numbers: the document may hold several reports; give each a file of its own"
    return [
        *(note for note in notes if note.kind != "repeated_cell"),
        Note("several_reports", message, repeated[0].locator),
    ]


def _prose(document: Document, recognition: Recognition, rebuilt: frozenset[str]) -> list[Paragraph]:
    """The paragraphs, and the text of every grid that is no table of a form, in reading order."""
    numbers = recognition.grid_numbers()
    from_lines = [table for table in recognition.tables if table.section in rebuilt]
    claimed = {cell.locator.bbox for table in from_lines for claim in table.claims for cell in claim.cells} - {None}
    prose: list[Paragraph] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            in_table = from_lines and (block.locator.bbox in claimed or _is_cell(block.text))
            if block.role != "furniture" and not in_table:
                prose.append(block)
            continue
        if block.table not in numbers:
            prose += [Paragraph(cell.text, cell.locator) for cell in block.cells if cell.text]
        elif max(map(len, map(TEXT_OF, block.cells)), default=0) > LONG_TEXT:
            long = [cell for cell in block.cells if len(cell.text) > LONG_TEXT]
            prose += [Paragraph(cell.text, cell.locator) for cell in long if not _is_form_label(cell.text)]
    return prose


def _is_cell(text: str) -> bool:
    """Whether a line by itself is a cell of a table of the forms: a number or a label."""
    return len(text) <= LONG_TEXT and (read_number(text).state == REPORTED or bool(roles(text)))


def _is_form_label(text: str) -> bool:
    return bool(roles(text)) or "勾稽" in text
