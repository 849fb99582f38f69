"""Section 二: the small tables of documents, permits, penalties, coercion, fees and procurement, standing in one grid or in several."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, compress

from .codebook import FORMS, PROACTIVE, cell_code, form_cells
from .document import TEXT_OF, Cell, Grid, Note
from .labels import ALIAS, COLUMN, EXACT, GROUP, NEAR, ROW, likeness, near_role, role_of, roles, unit_in
from .numerals import BLANK, read_number
from .rows import Claim, FormTable, Row, split_labels, window

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
LONGEST_VALUE = 40  # characters


@dataclass(slots=True)
class Header:
    """The columns now in force: a code, or None for a column that the form does not have."""

    form: str
    blocks: tuple[str, ...]
    columns: list[str | None]
    matched_by: str
    units: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    behind: int = 0  # empty cells behind the last column
    end: int = 0  # where the grid's columns end that the last column covers
    grid: Grid | None = None


def is_header(row: Row) -> bool:
    """Whether the row names columns of section 二 and holds no number."""
    return not row.has_numbers and _name_columns(row.texts)


@lru_cache(maxsize=2048)
def _name_columns(texts: tuple[str, ...]) -> bool:
    filled = [text for text in texts if text]
    if any(map(_names_column, filled)):
        return True
    return len(filled) > 1 and any(r.code == "content" for r in roles(filled[0]))


@lru_cache(maxsize=8192)
def _names_column(text: str) -> bool:
    """Whether a label names a column of section 二 and nothing of the other sections."""
    named = roles(text)
    if any(r.block in ("applications", "appeals") for r in named):
        return False
    return any(r.kind == COLUMN and r.block in BLOCKS for r in named)


@lru_cache(maxsize=8192)
def _is_item(text: str) -> bool:
    """Whether a label names an item of article 20, above which nothing of section 二 stands."""
    return any(r.code == "article_20" for r in roles(text))


def row_block(row: Row) -> tuple[str, str, str] | None:
    """(block, row code, matched_by) of the row of section 二 that this row's label names, or None."""
    if row.label is None:
        return None
    named = _row_named(row.label.text)
    if named is None and row.label is not row.cells[0]:  # "行政规范性" and "文件" in two cells
        joined = map(_row_named, split_labels(row))
        named = next((one for one in joined if one and one[2] == EXACT), None)
    return named


@lru_cache(maxsize=8192)
def _row_named(text: str) -> tuple[str, str, str] | None:
    role = role_of(text, ROW)
    return (role.block, role.code, role.matched_by) if role and role.block in BLOCKS else None


def near_block(row: Row) -> tuple[str, str, str] | None:
    """`row_block` of a label in which one character is misread: it counts only under a header of its block."""
    role = near_role(row.label.text, ROW, BLOCKS) if row.label is not None else None
    return (role.block, role.code, NEAR) if role else None


def read_header(row: Row) -> Header | None:
    """The header that this row is, measured against what the forms have; None where it is like none of them."""
    cells = _column_cells(row)
    while cells and not cells[-1].text:
        cells = cells[:-1]
    behind = next((at for at, cell in enumerate(reversed(row.cells)) if cell.text), 0)
    best = _likest(tuple([cell.text for cell in cells]))
    if best is None:
        return None
    form, blocks, columns, matched, units = best
    end = cells[-1].col + cells[-1].col_span
    return Header(
        form, blocks, list(columns), matched, list(units), [cell.col for cell in cells], behind, end, row.grid
    )


@lru_cache(maxsize=4096)
def _likest(
    texts: tuple[str, ...],
) -> tuple[str, tuple[str, ...], tuple[str | None, ...], str, tuple[str, ...]] | None:
    """(form, blocks, columns, how they matched, units) of the header that these texts are likest to; None where they are like none."""
    best = None
    best_score = 0.0
    for form, blocks, codes in HEADERS:
        if len(texts) < len(codes):
            continue
        columns, scores, exact = _align(texts, codes, blocks[0])
        score = sum(scores) / len(codes) - 0.2 * (len(texts) - len(codes))
        if score > best_score and max(scores) >= 0.85 and min(scores) >= 0.2:
            best_score = score
            best = (form, blocks, tuple(columns), exact, tuple(unit_in(text) for text in texts))
    return best


def _column_cells(row: Row) -> list[Cell]:
    """The cells that may name columns: those behind 信息内容, else all but what is empty or an item of article 20."""
    kinds = [_groups(cell.text) for cell in row.cells]
    content = next((at for at, codes in enumerate(kinds) if "content" in codes), None)
    if content is not None:
        return row.cells[content + 1 :]
    return [cell for cell, codes in zip(row.cells, kinds, strict=True) if cell.text and "article_20" not in codes]


@lru_cache(maxsize=8192)
def _groups(text: str) -> frozenset[str]:
    return frozenset(role.code for role in roles(text) if role.kind == GROUP)


def _align(texts: tuple[str, ...], codes: tuple[str, ...], block: str) -> tuple[list[str | None], list[float], str]:
    """Give each code its text: by its name where all are named, else by position where the counts agree, else the best later text for each code in
    turn."""
    named = [next((code for code in codes if _score(text, code, block) == 1.0), None) for text in texts]
    if None not in named and sorted(filter(None, named)) == sorted(codes) and tuple(named) != codes:
        return named, [1.0] * len(codes), ALIAS
    columns: list[str | None] = [None] * len(texts)
    scores, at, matched = [], 0, EXACT
    for left, code in enumerate(codes):
        last = len(texts) - (len(codes) - left)
        options = [(_score(texts[i], code, block), -i) for i in range(at, last + 1)]
        score, place = max(options)
        columns[-place] = code
        at = -place + 1
        scores.append(score)
        role = role_of(texts[-place], COLUMN, HOME.get(code, block))
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


def claim_row(
    row: Row, header: Header | None, fallback_form: str, named: tuple[str, str, str]
) -> tuple[list[Claim], str, list[Note]]:
    """Claims of one row of section 二, which is `named` as `row_block` has it; the form it was read by, and what must be told about it."""
    block, code, matched = named
    notes: list[Note] = []
    if matched == NEAR and row.label is not None:
        message = f"“{row.label.text[:40]}” was read as the row {code} by its likeness and place"
        notes.append(Note("label_near", message, row.cells[0].locator))
    if header is None or block not in header.blocks:
        header = _default_header(block, fallback_form)
        if header is None:
            return [], "", notes
        message = f"no header stands over the row {code}: read by the columns of form {header.form}"
        notes.append(Note("header_missing", message, row.cells[0].locator))
    placed = _place(row, header)
    if placed is None:
        message = f"row {code} has {len(row.values)} values for {len(header.columns)} columns: not read"
        return [], header.form, [*notes, Note("cells_do_not_fit", message, row.cells[0].locator)]
    weakest = (
        NEAR if NEAR in (matched, header.matched_by) else ALIAS if ALIAS in (matched, header.matched_by) else EXACT
    )
    of_form = form_cells(header.form)
    claimed = [
        (cell_of_form, cell, unit)
        for column, unit, cell in placed
        if column is not None and (cell_of_form := cell_code(block, code, column)) in of_form
    ]
    if not claimed:
        return [], header.form, notes
    codes, cells, units = zip(*claimed, strict=True)
    doubt = _lost_cell(row, header)
    if doubt:
        notes.append(Note("cell_lost", f"row {code}: {doubt}", row.cells[0].locator))
    return [Claim(codes, cells, weakest, units, doubt)], header.form, notes


def _lost_cell(row: Row, header: Header) -> str:
    """Why the places of a row are uncertain: it has fewer cells than its header has columns and ends before the last of them, so that one was lost,
    and which one cannot be told. "" where it has them all."""
    count = len(row.values)
    if count >= len(header.columns) or row.values[-1].col + row.values[-1].col_span >= header.end:
        return ""
    return f"the row has {count} of {len(header.columns)} cells: read from the left"


def _place(row: Row, header: Header) -> list[tuple[str | None, str, Cell]] | None:
    """(column, its unit, cell) of each value: by their number where it is the header's, else by the grid's columns. None where neither tells."""
    units = header.units or [""] * len(header.columns)
    same = row.grid is header.grid and row.grid.sure_places
    values = window(row.values, len(header.columns), header.behind if same else 0)
    if values is not None:
        return [(*pair, cell) for pair, cell in zip(zip(header.columns, units, strict=True), values, strict=True)]
    by_place = dict(zip(header.places, zip(header.columns, units, strict=True), strict=True)) if same else {}
    filled = [cell for cell in row.values if cell.text]
    if not by_place or any(cell.col not in by_place for cell in filled):
        return None
    return [(*by_place[cell.col], cell) for cell in row.values if cell.col in by_place]


def _default_header(block: str, form: str) -> Header | None:
    for name, blocks, codes in HEADERS:
        if name == form and block in blocks:
            return Header(name, blocks, list(codes), NEAR)
    return None


@dataclass(slots=True)
class Gathered:
    """What rows in reading order hold of section 二 before it is settled of which form it is. `guessed` are rows whose label is near one of the
    form, under the header then in force, `waiting` rows that stand under none. `opens` says whether a header, or an item of article 20, stands
    before all of them: then what came before those rows is nothing to them."""

    claims: list[Claim] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    votes: dict[str, int] = field(default_factory=dict)  # form -> cells read by it
    tables: dict[int, None] = field(default_factory=dict)
    guessed: list[tuple[Row, Header, tuple[str, str, str]]] = field(default_factory=list)
    waiting: list[Row] = field(default_factory=list)
    opens: bool = True

    def form(self) -> str:
        """The form by which most cells were read, "" where none was."""
        return max(self.votes, key=lambda name: self.votes[name]) if self.votes else ""

    def found(self) -> list[FormTable]:
        """The section's table, none where nothing was claimed; a second one, first, for cells that the form does not have, which the other form has."""
        if not self.claims:
            return []
        form, grids = self.form(), list(self.tables)
        own, others = _parted(self.claims, form_cells(form))
        found = [FormTable(PROACTIVE, form, own, grids)]
        if others:  # an old block left standing in a new table: each cell keeps the form that has it; the section's own form is told last
            found.insert(0, FormTable(PROACTIVE, next(name for name in FORMS if name != form), others, grids))
        return found

    def stands_alone(self) -> bool:
        """Whether these rows say the same whatever stands before and after them."""
        settled = not (self.guessed or self.waiting) and bool(self.tables) == bool(self.claims)
        told = bool(self.claims) or not self.notes
        return self.opens and settled and told and len(self.found()) <= 1 and len(self.votes) <= 1


def recognise(rows: list[Row]) -> tuple[list[FormTable], list[Note]]:
    """Section 二 from rows in reading order. None at all where no row of it stands under a header of it."""
    found = gather(rows)
    named_codes = {code for claim in found.claims for code in claim.codes}
    for row, over, near in found.guessed:
        _take(row, over, "", near, found, named_codes)
    form = found.form()
    known = {code for claim in found.claims for code in claim.codes}
    for row in found.waiting:  # rows whose own header is lost follow the form that the others show; a page's other lists never overrule the table
        if form:
            _take(row, None, form, row_block(row), found, known)
        else:
            message = "a row of section 二 stands under no header that tells the form: not read"
            found.notes.append(Note("header_missing", message, row.cells[0].locator))
    tables = found.found()
    if len(tables) > 1:
        message = f"section 二 has cells of form {tables[1].form} and of form {tables[0].form}"
        found.notes.append(Note("mixed_forms", message, tables[0].claims[0].cells[0].locator))
    return tables, found.notes


def gather(rows: list[Row]) -> Gathered:
    """Every row of section 二 among these, each under the header that stands over it."""
    found = Gathered()
    header: Header | None = None
    anchored = False
    for row in rows:
        if is_header(row):
            new = read_header(row)
            if new is not None:
                header, anchored = new, True
                found.tables.setdefault(row.grid.table)
            continue
        if row.label is not None and _is_item(row.label.text):
            anchored, header = True, None
            continue
        if not row.values:
            continue
        named = row_block(row)
        near = near_block(row) if named is None else None
        if (named is None and near is None) or not _plausible(row):
            continue
        if not anchored:
            found.opens = False
        elif named is None:
            if header is not None and near is not None and near[0] in header.blocks:
                found.guessed.append((row, header, near))
        elif header is not None and named[0] in header.blocks:
            _take(row, header, "", named, found)
        else:
            found.waiting.append(row)
    return found


def _take(
    row: Row,
    header: Header | None,
    form: str,
    named: tuple[str, str, str] | None,
    into: Gathered,
    known: Set[str] = frozenset(),
) -> None:
    found, name, said = claim_row(row, header, form, named) if named else ([], "", [])
    if known and any(code in known for claim in found for code in claim.codes):
        return
    into.claims.extend(found)
    into.notes.extend(said)
    if found:
        into.votes[name] = into.votes.get(name, 0) + sum(len(claim.codes) for claim in found)
        into.tables.setdefault(row.grid.table)


def _parted(claims: list[Claim], cells: frozenset[str]) -> tuple[list[Claim], list[Claim]]:
    """The claims to cells of a form, and those to other cells."""
    if cells.issuperset(chain.from_iterable([claim.codes for claim in claims])):
        return list(claims), []
    own: list[Claim] = []
    others: list[Claim] = []
    for claim in claims:
        inside = [code in cells for code in claim.codes]
        own += _kept(claim, inside)
        others += _kept(claim, [not it for it in inside])
    return own, others


def _kept(claim: Claim, kept: list[bool]) -> list[Claim]:
    """The part of a claim that is kept, none where nothing is."""
    if all(kept):
        return [claim]
    codes = list(compress(claim.codes, kept))
    cells, units = list(compress(claim.cells, kept)), list(compress(claim.units, kept))
    return [claim._replace(codes=codes, cells=cells, units=units)] if codes else []


def _plausible(row: Row) -> bool:
    """Values that can be values: short texts, not sentences."""
    texts = list(map(TEXT_OF, row.values))
    if max(map(len, texts), default=0) > LONGEST_VALUE:
        return False
    return any(not text or read_number(text).state != BLANK for text in texts)
