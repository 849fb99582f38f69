"""Section 二: the small tables of documents, permits, penalties, coercion, fees and procurement, standing in one grid or in several."""

from __future__ import annotations

from dataclasses import dataclass, field

from .codebook import PROACTIVE, cell_code, form_cells
from .document import Cell, Note
from .labels import ALIAS, COLUMN, EXACT, NEAR, ROW, likeness, role_of, roles, unit_in
from .numerals import BLANK, read_number
from .rows import Claim, FormTable, Row

BLOCKS = ("documents", "permits", "penalties", "fees", "procurement")
# The columns each block may have, by form: what a damaged header is measured against.
HEADERS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("2021", ("documents",), ("issued", "repealed", "effective")),
    ("2019", ("documents",), ("made", "newly_public", "total_public")),
    ("2019", ("permits", "penalties"), ("previous_items", "change", "decisions")),
    ("2021", ("permits", "penalties"), ("decisions",)),
    ("2019", ("fees",), ("previous_items", "change")),
    ("2021", ("fees",), ("amount",)),
    ("2019", ("procurement",), ("items", "amount")),
)
HOME = {"previous_items": "permits", "change": "permits", "decisions": "permits", "items": "procurement"}
LIKE_ENOUGH = 0.6


@dataclass(slots=True)
class Header:
    """The columns now in force: a code, or None for a column that the form does not have."""

    form: str
    blocks: tuple[str, ...]
    columns: list[str | None]
    matched_by: str
    units: list[str]
    places: list[int] = field(default_factory=list)


def is_header(row: Row) -> bool:
    """Whether the row names columns of section 二 and holds no number."""
    if row.has_numbers:
        return False
    texts = [cell.text for cell in row.cells if cell.text]
    if not texts:
        return False
    if any(
        r.block in BLOCKS for text in texts for r in roles(text) if r.kind == COLUMN and not _also_section_three(text)
    ):
        return True
    return any(r.code == "content" for r in roles(texts[0])) and len(texts) > 1


def _also_section_three(text: str) -> bool:
    return any(r.block in ("applications", "appeals") for r in roles(text))


def row_block(row: Row) -> tuple[str, str, str] | None:
    """(block, row code, matched_by) of the row of section 二 that this row's label names, or None."""
    if row.label is None:
        return None
    role = role_of(row.label.text, ROW)
    return (role.block, role.code, role.matched_by) if role and role.block in BLOCKS else None


def read_header(row: Row) -> Header | None:
    """The header that this row is, measured against what the forms have; None where it is like none of them."""
    cells = (
        row.cells[1:]
        if any(r.code == "content" for r in roles(row.cells[0].text))
        else [c for c in row.cells if c.text]
    )
    while cells and not cells[-1].text:
        cells = cells[:-1]
    best: Header | None = None
    best_score = 0.0
    for form, blocks, codes in HEADERS:
        if len(cells) < len(codes):
            continue
        columns, scores, exact = _align(cells, codes, blocks[0])
        score = sum(scores) / len(codes) - 0.2 * (len(cells) - len(codes))
        if score > best_score and max(scores) >= 0.85 and min(scores) >= 0.2:
            best_score = score
            units = [unit_in(c.text) for c in cells]
            best = Header(form, blocks, columns, exact, units, [c.col for c in cells])
    return best


def _align(cells: list[Cell], codes: tuple[str, ...], block: str) -> tuple[list[str | None], list[float], str]:
    """Give each code its cell: by position where the counts agree, else the best later cell for each code in turn."""
    columns: list[str | None] = [None] * len(cells)
    scores, at, matched = [], 0, EXACT
    for left, code in enumerate(codes):
        last = len(cells) - (len(codes) - left)
        options = [(_score(cells[i].text, code, block), -i) for i in range(at, last + 1)]
        score, place = max(options)
        columns[-place] = code
        at = -place + 1
        scores.append(score)
        role = role_of(cells[-place].text, COLUMN, HOME.get(code, block))
        if role is None or role.code != code:
            matched = ALIAS if matched != NEAR else NEAR
        elif role.matched_by == ALIAS and matched == EXACT:
            matched = ALIAS
    return columns, scores, matched


def _score(text: str, code: str, block: str) -> float:
    home = HOME.get(code, block)
    for role in roles(text):
        if role.kind == COLUMN and role.code == code and role.block == home:
            return 1.0
    home_block = "permits" if home == "permits" else block
    like = likeness(text, COLUMN, home_block, code)
    return like if like >= LIKE_ENOUGH else (0.3 if text else 0.2)


def claim_row(row: Row, header: Header | None, fallback_form: str) -> tuple[list[Claim], str, list[Note]]:
    """Claims of one row of section 二, the form it was read by, and what must be told about it."""
    found = row_block(row)
    assert found is not None
    block, code, matched = found
    notes: list[Note] = []
    if header is None or block not in header.blocks:
        header = _default_header(block, fallback_form)
        if header is None:
            return [], "", notes
        notes.append(
            Note(
                "header_missing",
                f"no header stands over the row {code}: read by the columns of form {header.form}",
                row.cells[0].locator,
            )
        )
    values = list(row.values)
    while len(values) > len(header.columns) and not values[-1].text:
        values.pop()
    places = header.columns
    if len(values) != len(places):
        if len(values) > len(places) or not values or not row.grid.sure_places:
            notes.append(
                Note(
                    "cells_do_not_fit",
                    f"row {code} has {len(values)} values for {len(places)} columns: not read",
                    row.cells[0].locator,
                )
            )
            return [], header.form, notes
        by_place = dict(zip(header.places, header.columns, strict=True))
        places = [by_place.get(cell.col) for cell in values]
        if None in places:
            notes.append(
                Note(
                    "cells_do_not_fit",
                    f"row {code} has {len(values)} values for {len(header.columns)} columns: not read",
                    row.cells[0].locator,
                )
            )
            return [], header.form, notes
    weakest = (
        NEAR if NEAR in (matched, header.matched_by) else ALIAS if ALIAS in (matched, header.matched_by) else EXACT
    )
    claims = []
    for column, cell, unit in zip(
        places, values, header.units if len(header.units) == len(values) else [""] * len(values), strict=True
    ):
        if column is not None and cell_code(block, code, column) in form_cells(header.form):
            claims.append(Claim(cell_code(block, code, column), cell, weakest, unit))
    return claims, header.form, notes


def _default_header(block: str, form: str) -> Header | None:
    for name, blocks, codes in HEADERS:
        if name == form and block in blocks:
            return Header(name, blocks, list(codes), NEAR, [""] * len(codes), [])
    return None


def recognise(rows: list[Row]) -> tuple[FormTable | None, list[Note]]:
    """Section 二 from rows in reading order. None where no row of it stands under a header of it."""
    header: Header | None = None
    claims: list[Claim] = []
    notes: list[Note] = []
    votes: dict[str, int] = {}
    tables: dict[int, None] = {}
    anchored = False
    waiting: list[Row] = []
    for row in rows:
        if is_header(row):
            new = read_header(row)
            if new is not None:
                header, anchored = new, True
                tables.setdefault(row.grid.table)
            continue
        if row.label is not None and any(r.code == "article_20" for r in roles(row.label.text)):
            anchored, header = True, None
            continue
        if row_block(row) is None or not row.values or not _plausible(row):
            continue
        if header is None or row_block(row)[0] not in header.blocks:  # type: ignore[index]
            if anchored:
                waiting.append(row)
            continue
        _take(row, header, "", claims, notes, votes, tables)
    form = max(votes, key=lambda name: votes[name]) if votes else ""
    for row in waiting:  # rows whose own header is lost follow the form that the others show
        if form:
            _take(row, None, form, claims, notes, votes, tables)
        else:
            notes.append(
                Note(
                    "header_missing",
                    "a row of section 二 stands under no header that tells the form: not read",
                    row.cells[0].locator,
                )
            )
    if not claims:
        return None, notes
    return FormTable(PROACTIVE, form, claims, list(tables)), notes


def _take(
    row: Row,
    header: Header | None,
    form: str,
    claims: list[Claim],
    notes: list[Note],
    votes: dict[str, int],
    tables: dict[int, None],
) -> None:
    found, name, said = claim_row(row, header, form)
    claims.extend(found)
    notes.extend(said)
    if found:
        votes[name] = votes.get(name, 0) + len(found)
        tables.setdefault(row.grid.table)


def _plausible(row: Row) -> bool:
    """Values that can be values: short texts, not sentences."""
    return all(len(cell.text) <= 40 for cell in row.values) and any(
        read_number(c.text).state != BLANK or not c.text for c in row.values
    )
