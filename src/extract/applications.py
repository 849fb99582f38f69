"""Section 三: 25 (23) rows by 7 applicants. Rows by label and order together; columns by the header's order, or the form's where none is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from .applicants import APPLICANTS, UNKNOWN, applicant_order, fewer_applicants, is_header, named_order
from .codebook import APPEALS, APPLICATIONS, cell_code
from .document import Cell, Note
from .labels import ALIAS, ENUMERATOR, EXACT, NEAR, ROW, cut_after_number, plain, role_of, roles
from .numerals import BLANK, DASH, read_number
from .row_order import CALLED_SO_ELSEWHERE, FEWEST_ROWS, PARTS_2021, UNDIVIDED, Named, assign_rows, is_like_a_row
from .rows import Claim, FormTable, Row, cells_behind, split_labels, window

WIDTH = len(APPLICANTS)
WIDEST = 40  # cells behind a label; a row with more is none of this table


def row_code(row: Row) -> tuple[str, str] | None:
    """(row code, matched_by) by the row's own label, or None. A lone 总计 or 其他 counts only with values beside it. A label in two cells
    ("四、结转下年度继续办" and "理") names its row if it is the form's own wording once joined."""
    if row.label is None:
        return None
    role = role_of(row.label.text, ROW, APPLICATIONS)
    if role is None and row.label is not row.cells[0]:
        joined = (role_of(text, ROW, APPLICATIONS) for text in split_labels(row))
        role = next((one for one in joined if one and one.matched_by == EXACT), None)
    if role is None and (cut := cut_after_number(row.label.text)):
        return cut, NEAR
    return (role.code, role.matched_by) if role else None


def _named(data: list[Row], notes: list[Note]) -> Iterator[Named]:
    """The rows with what their labels name. A row that the end of a page cuts in two, within its label too, is one: each of its values stands
    whole in one of the parts, or the row is told and not read."""
    at = 0
    while at < len(data):
        row, found = data[at], row_code(data[at])
        rest = data[at + 1] if at + 1 < len(data) else None
        whole = _named_together(row, rest) if rest is not None and rest.grid is not row.grid else None
        if found and whole and found[1] != NEAR and found[0] != whole[0]:
            whole = None
        if rest is None or whole is None:
            yield row, found
        elif any(one.text and other.text for one, other in zip(row.values, rest.values, strict=True)):
            message = f"row {whole[0]} is cut by the end of a page, and so are its numbers: not read"
            notes.append(Note("cells_do_not_fit", message, row.cells[0].locator))
            at += 1
        else:
            values = [one if one.text else other for one, other in zip(row.values, rest.values, strict=True)]
            yield replace(row, values=values), whole
            at += 1
        at += 1


def _named_together(row: Row, rest: Row) -> tuple[str, str] | None:
    """What the labels of two rows name if they are parts of one: the last row of a grid and the first one with values of the next."""
    if row.label is None or rest.label is None or row_code(rest) is not None:
        return None
    if row.index != len(row.grid.rows) - 1 or len(row.values) != len(rest.values):
        return None
    role = role_of(row.label.text + rest.label.text, ROW, APPLICATIONS)
    return (role.code, role.matched_by) if role else None


def recognise(rows: list[Row]) -> tuple[list[FormTable], list[Note]]:
    """Section 三 from rows in reading order. None at all where fewer than three rows of it are found with values."""
    notes: list[Note] = []
    data = [row for row in _before_appeals(rows) if may_be_data(row)]
    named = list(_named(data, notes))
    if sum(1 for _, found in named if found) < FEWEST_ROWS:
        return [], notes
    order, columns_matched = _order([row for row in rows if is_header(row)], data)
    if not order:
        notes.append(
            Note("header_missing", "the head of section 三 names applicants in no order that can be told: not read")
        )
        return [], notes
    if columns_matched == NEAR:
        notes.append(
            Note("header_missing", "section 三 shows no head that tells its columns: read in the form's order")
        )
    assigned = assign_rows(named, notes)
    columns = _Columns(order, [row for row, _, _ in assigned])
    claims: list[Claim] = []
    tables: dict[int, None] = {}
    for row, code, matched in assigned:
        claims.extend(_claim(row, code, _weakest(matched, columns_matched), columns, notes))
        tables.setdefault(row.grid.table)
    if not claims:
        return [], notes
    name = "2021" if any(code in PARTS_2021 for _, code, _ in assigned) else "2019"
    if not any(code in PARTS_2021 or code == UNDIVIDED for _, code, _ in assigned):
        name = ""
    return [FormTable(APPLICATIONS, name, claims, list(tables))], notes


def _order(header: list[Row], data: list[Row]) -> tuple[list[str], str]:
    """The applicants from left to right and how they were matched: those that the head names, be they fewer than the form has, where the rows have
    as many values; else as `applicant_order` has it."""
    order = named_order(header)
    fewer = fewer_applicants(header, order)
    named = len(fewer) - (fewer[-1:] == [UNKNOWN])
    if fewer and (
        all(len(row.values) in (len(fewer), named) for row in data) or max(map(_reach, data)) in (len(fewer), named)
    ):
        return fewer, ALIAS
    return applicant_order(header, order)


def _filled(row: Row) -> tuple[int, ...]:
    """The columns in which the values of a row stand that are not empty."""
    return tuple([cell.col for cell in row.values if cell.text.strip()])


def _reach(row: Row) -> int:
    """Cells from the first value of a row that is not empty to the last."""
    filled = [at for at, cell in enumerate(row.values) if cell.text.strip()]
    return filled[-1] - filled[0] + 1 if filled else 0


def _before_appeals(rows: list[Row]) -> Iterator[Row]:
    """The rows without those that bear no label and stand under a head of section 四: its values, of which blanks may have vanished."""
    behind = False
    for row in rows:
        behind = _heads_appeals(row.texts) or (behind and row_code(row) is None)
        if not behind or (row.label is not None and row.label.text):
            yield row


@lru_cache(maxsize=2048)
def _heads_appeals(texts: tuple[str, ...]) -> bool:
    """Whether a row names outcomes that no other table has."""
    outcomes = ("upheld", "corrected", "pending")
    return any(role.block == APPEALS and role.code in outcomes for text in texts for role in roles(text))


def concerns(row: Row) -> bool:
    """Whether a row may be one of section 三 or of its head: others change nothing of what is recognised."""
    return is_header(row) or may_be_data(row)


def _weakest(*matched: str) -> str:
    return NEAR if NEAR in matched else ALIAS if ALIAS in matched else EXACT


def may_be_data(row: Row) -> bool:
    """A row with about as many values as there are applicants; with any number at all where only this table has its label."""
    width = len(row.values)
    if 5 <= width <= 12 and row.is_data:
        return True
    found = row_code(row) if 1 <= width <= WIDEST else None
    if found is None and width == WIDTH and not is_header(row):
        return is_like_a_row(row)  # all its cells are blank, and its label is spelt as none is
    if found is None or is_header(row):  # 总计 and 其他 end the head as well, with empty places behind them
        return False
    if width >= 5:
        return True
    numbered = row.label is not None and bool(ENUMERATOR.match(plain(row.label.text)))
    return (numbered or found[0] not in CALLED_SO_ELSEWHERE) and (row.has_numbers or _spans_all(row))


def _spans_all(row: Row) -> bool:
    """Whether the values reach over all applicants, as one blank for all of them does."""
    return row.grid.sure_places and sum(cell.col_span for cell in row.values) == WIDTH


class _Columns:
    """What stands in the columns: the seven applicants, and perhaps columns that the form does not have (小计, 备注)."""

    def __init__(self, order: list[str], rows: list[Row]) -> None:
        self.printed = tuple(order)
        self.is_of_the_form = UNKNOWN not in order
        self.applicants = [code for code in order if code != UNKNOWN]
        self.width = len(self.applicants)
        self._rows = rows
        self._behind: dict[int, dict[int, int]] = {}
        self._filled: dict[int, tuple[int, ...]] = {}

    def _cells_behind(self, width: int) -> dict[int, int]:
        """`cells_behind` for that many columns: most tables have no cell to spare and never ask."""
        if width not in self._behind:
            self._behind[width] = cells_behind(self._rows, width)
        return self._behind[width]

    def begins_elsewhere(self, row: Row, col: int) -> bool:
        """Whether the values of a row without a label begin in another column than those of most rows of its grid that have one, or stand where
        its label should."""
        if len(row.cells) > self.width and row.cells[0].text:
            return True
        named = [one for one in self._rows if one.grid is row.grid and one.label and one.label.text and one.values]
        usual = Counter(one.values[0].col for one in named).most_common(1)
        return bool(usual) and row.grid.sure_places and usual[0][0] != col

    def place(self, row: Row) -> tuple[Sequence[str], Sequence[Cell]] | None:
        """Applicants and cells of a row with enough cells; None where its cells fit neither the columns printed nor the form's."""
        if len(row.values) == len(self.printed) and self.is_of_the_form:
            return self.printed, row.values
        orders: list[Sequence[str]] = [self.printed]
        if list(self.printed[: self.width]) == self.applicants and len(self.printed) > self.width:
            orders.append(self.applicants)  # an extra column at the end may have no cell in this row
        for order in orders:
            values = window(row.values, len(order), self._cells_behind(len(order)).get(row.grid.table))
            if values is not None:
                cells = [cell for code, cell in zip(order, values, strict=True) if code != UNKNOWN]
                return [code for code in order if code != UNKNOWN], cells
        return self._by_columns(row) if self.is_of_the_form else None

    def _by_columns(self, row: Row) -> tuple[Sequence[str], Sequence[Cell]] | None:
        """Where cells that span columns were written out, empty places stand between the values: in the columns where they stand in the full rows."""
        if row.grid.table not in self._filled:
            full = Counter(_filled(one) for one in self._rows if one.grid is row.grid)
            usual = [(columns, count) for columns, count in full.most_common(2) if len(columns) == self.width]
            sure = row.grid.sure_places and usual and usual[0][1] >= FEWEST_ROWS
            self._filled[row.grid.table] = usual[0][0] if sure else ()
        columns = self._filled[row.grid.table]
        cells = [cell for cell in row.values if cell.col in columns]
        if len(cells) != self.width or not set(columns).issuperset(_filled(row)):
            return None
        return self.applicants, cells


def _claim(row: Row, code: str, matched: str, columns: _Columns, notes: list[Note]) -> list[Claim]:
    """The claims of one row: as many values as columns are given to them in order; other counts only where the grid's columns settle it."""
    if len(row.values) < columns.width:
        return _claim_short(row, code, matched, columns.applicants, notes)
    placed = columns.place(row)
    if placed is None:
        notes.append(_misfit(row, code, columns.width))
        return []
    applicants, cells = placed
    if not (row.label and row.label.text) and columns.begins_elsewhere(row, cells[0].col):
        notes.append(
            _misfit(row, code, columns.width)
        )  # its label is lost, and what stands in the first column may be lost with it
        return []
    return [Claim(_codes(code, tuple(applicants)), cells, matched)]


@lru_cache(maxsize=1024)
def _codes(code: str, applicants: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(cell_code(APPLICATIONS, code, applicant) for applicant in applicants)


def _misfit(row: Row, code: str, width: int) -> Note:
    message = f"row {code} has {len(row.values)} values for {width} columns: not read"
    return Note("cells_do_not_fit", message, row.cells[0].locator)


def _claim_short(row: Row, code: str, matched: str, order: list[str], notes: list[Note]) -> list[Claim]:
    """A row with fewer cells than applicants: merged cells are read where their spans fill the row; where one cell is lost, the others are read
    from the left in doubt, for which one is lost cannot be told."""
    values = row.values
    start = values[0].col
    if sum(cell.col_span for cell in values) == len(order) and row.grid.sure_places:
        return [claim for cell in values for claim in _claim_merged(cell, cell.col - start, code, matched, order)]
    columns = [cell.col - start for cell in values]
    if not row.grid.sure_places or columns != list(range(len(values))) or len(values) < len(order) - 1:
        notes.append(_misfit(row, code, len(order)))
        return []
    doubt = f"the row has {len(values)} of {len(order)} cells: read from the left"
    notes.append(Note("cell_lost", f"row {code}: {doubt}", row.cells[0].locator))
    return [Claim(_codes(code, tuple(order[: len(values)])), values, NEAR, doubt=doubt)]


def _claim_merged(cell: Cell, place: int, code: str, matched: str, order: list[str]) -> list[Claim]:
    """A cell over several applicants is blank or dashed for each of them; a number in it is nobody's."""
    if cell.col_span > 1 and read_number(cell.text).state not in (BLANK, DASH):
        return []
    applicants = order[place : place + cell.col_span]
    return [Claim(_codes(code, tuple(applicants)), [cell] * len(applicants), matched)]
