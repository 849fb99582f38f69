"""Doubts about sections 三 and 四 that were read from lines of a text file: programs that write a page as text break heads and numbers over lines,
and put cells in an order of their own. What the words do not settle is doubted; tables whose cells were marked are left alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from .codebook import APPEALS, APPLICATIONS
from .document import Cell, Document, Grid, Note, Paragraph
from .facts import Facts, Reading
from .forms import SECTION_NUMERAL
from .head_order import Word, across, beside, tells_applicants, tells_outcomes
from .labels import NEAR
from .numerals import REPORTED, read_number

TEXT = "text"  # the method of places in text files
LAID_OUT = (APPLICATIONS, APPEALS)  # the sections whose columns a head must tell
LONGEST_HEAD = 30  # lines
BESIDE = 2  # lines between a number and what is left of it
FEWEST_LEFT = 2  # numbers: a lone one numbers the page, or its row does not add up without it
FEWEST_BESIDE = 3  # numbers left over: fewer are slips
PIECE = re.compile(r"\S+")
HEADING = re.compile("[一二三四五六七](?:[、.．]|[)）])")
Lines = dict[int, list[Word]]  # line, counted from 1 -> the pieces that stand in it

OPEN_ORDER = "what is left of the head tells no order of the columns"
NO_SUM = "it stands in a line that does not add up"
NUMBERS_LEFT = "numbers that no label claims stand by its line, and may be the rest of its own"
SHIFTED = "numbers are left over beside its rows, of which most do not add up"
OUT_OF_ORDER = "its row stands where the form has another one, in lines"


def doubt_lines(document: Document, reading: Reading) -> None:
    """Doubt, in place, the facts of sections 三 and 四 that the lines they stand in do not settle, and tell why, once for each table and reason."""
    facts = reading.facts
    for table in reading.recognition.tables:
        if table.section not in LAID_OUT:
            continue
        if all(grid.sure_places for grid, _ in table.parts):
            if table.section == APPLICATIONS and len(reading.recognition.unclaimed) >= FEWEST_BESIDE:
                _doubt_shifted(reading, table.section)
            continue
        own = [at for at, name in enumerate(facts.section) if name == table.section]
        if own and all(facts.locator.methods[at] == TEXT for at in own):
            reasons = _reasons(reading, table.section, own, _lines(document))
        elif table.section == APPEALS and all(facts.matched_by[at] == NEAR for at in own):
            reasons = iter([(NO_SUM, _unbalanced(facts, own))])
        else:
            continue
        for why, doubted in reasons:
            _doubt(reading, table.section, doubted, why)


def _doubt_shifted(reading: Reading, section: str) -> None:
    """Where numbers are left over beside the rows of a text table and most rows do not add up, a column of the office's own was taken for one of the
    form's."""
    facts = reading.facts
    own = [at for at, name in enumerate(facts.section) if name == section and facts.locator.methods[at] == TEXT]
    filled = {facts.cell[at].rpartition(".")[0] for at in own if facts.value[at]}
    wrong = {facts.cell[at].rpartition(".")[0] for at in _unbalanced(facts, own)}
    if 2 * len(wrong) > len(filled):
        _doubt(reading, section, own, SHIFTED)


def _reasons(reading: Reading, section: str, own: list[int], lines: Lines) -> Iterator[tuple[str, list[int]]]:
    """(why, indexes of facts) of everything that is to be doubted."""
    facts = reading.facts
    of_line: dict[int, list[int]] = defaultdict(list)
    for at in own:
        of_line[_line_of(facts, at)].append(at)
    if all(facts.matched_by[at] == NEAR for at in own) and not _tells(facts, section, own, _head(lines, min(of_line))):
        yield OPEN_ORDER, own
        return
    left = [line for line in _left(lines, of_line) if _is_beside(line, of_line, lines, section)]
    yield NUMBERS_LEFT, [at for line in left for at in _beside(line, of_line, section)]
    yield OUT_OF_ORDER, _out_of_order(reading, own)
    # Beside rows that have too few numbers or too many, one that has just enough may have some of another row.
    mixed = section in reading.rebuilt and any(note.kind == "cells_do_not_fit" for note in reading.notes)
    unsure = [at for at in own if mixed or facts.matched_by[at] == NEAR]
    yield NO_SUM, _unbalanced(facts, unsure)


def _tells(facts: Facts, section: str, own: list[int], words: list[list[Word]]) -> bool:
    """Whether the head tells the order of the columns; the place of 总计 sums tell as well."""
    head = [*([word.text for word in line] for line in words), across(words, section)]
    if section == APPEALS:
        return tells_outcomes(head)
    head += beside(words)
    return tells_applicants(head) or (_total_is_last(facts, own) and tells_applicants(head, total_is_last=True))


def _total_is_last(facts: Facts, own: list[int]) -> bool:
    """Whether every row adds up to its last column, one of them over two parts that are not zero: were the total one of the parts, no second part
    could stand beside it."""
    parts: defaultdict[str, int] = defaultdict(int)
    for at in own:
        row, _, column = facts.cell[at].rpartition(".")
        parts[row] += bool(facts.value[at]) and column != "total"
    return max(parts.values()) > 1 and not _unbalanced(facts, own)


def _doubt(reading: Reading, section: str, doubted: Sequence[int], why: str) -> None:
    facts = reading.facts
    new = [at for at in doubted if not facts.doubt[at]]
    for at in new:
        facts.doubt[at] = why
    if new:
        message = f"section {SECTION_NUMERAL[section]}, {len(new)} cells: {why}; compare with the document"
        reading.notes.append(Note("doubtful_place", message, facts.locator[new[0]]))


def _line_of(facts: Facts, at: int) -> int:
    bbox = facts.locator.bboxes[at]
    return int(bbox[0]) if bbox else 0


def _lines(document: Document) -> Lines:
    """The lines of a text file as its reader cut them."""
    lines: Lines = {}
    for block in document.blocks:
        cells: Iterable[Cell | Paragraph] = block.cells if isinstance(block, Grid) else [block]
        for cell in cells:
            if cell.locator.bbox:
                lines.setdefault(int(cell.locator.bbox[0]), []).extend(_words(cell.text, int(cell.locator.bbox[1])))
    return lines


def _words(text: str, first: int) -> Iterator[Word]:
    """The pieces of a text that begins at this character of its line."""
    return (Word(found[0], first + found.start(), first + found.end() - 1) for found in PIECE.finditer(text))


def _said(words: Iterable[Word]) -> str:
    return "".join([word.text for word in words])


def _head(lines: Lines, first: int) -> list[list[Word]]:
    """The lines before the one with the first value of a table, as far as the heading of its section."""
    head: list[list[Word]] = []
    for at in range(max(1, first - LONGEST_HEAD), first):
        words = lines.get(at, [])
        head = [] if HEADING.match(_said(words)) else [*head, words]
    return head


def _left(lines: Lines, of_line: dict[int, list[int]]) -> Iterator[int]:
    """The lines of nothing but numbers that no cell claims."""
    for at, pieces in lines.items():
        numbers = at not in of_line and len(pieces) >= FEWEST_LEFT
        if numbers and all(read_number(piece.text).state == REPORTED for piece in pieces):
            yield at


def _is_beside(left: int, of_line: dict[int, list[int]], lines: Lines, section: str) -> bool:
    return bool(_beside(left, of_line, section)) and not (
        section == APPEALS and any(HEADING.match(_said(lines.get(at, []))) for at in range(max(of_line) + 1, left))
    )


def _beside(left: int, of_line: dict[int, list[int]], section: str) -> list[int]:
    """The facts whose numbers may go on in that line: those of the lines beside it, in section 四 of all before it, for a page may break there."""
    if section == APPEALS and left > max(of_line):
        return [at for members in of_line.values() for at in members]
    return [at for line in range(left - BESIDE, left + BESIDE + 1) for at in of_line.get(line, [])]


def _out_of_order(reading: Reading, own: list[int]) -> list[int]:
    """The facts of rows of which it was told that they do not stand in their place."""
    told = [note.locator for note in reading.notes if note.kind == "label_out_of_order" and note.locator is not None]
    rows = {(one.table, one.row) for one in told}
    where = reading.facts.locator
    return [at for at in own if (where.tables[at], where.rows[at]) in rows]


def _unbalanced(facts: Facts, unsure: list[int]) -> list[int]:
    """The facts of rows whose parts do not add up to their total; all of section 四 where one channel does not."""
    sums: defaultdict[str, float] = defaultdict(float)
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for at in unsure:
        row, _, column = facts.cell[at].rpartition(".")
        sums[row] += (facts.value[at] or 0) * (-1 if column == "total" else 1)
        rows[row].append(at)
    broken = [row for row, rest in sums.items() if rest]
    if broken and broken[0].startswith(APPEALS):
        return unsure
    return [at for row in broken for at in rows[row]]
