"""Reports whose tables are gone: lines of labels and numbers. The labels of the forms themselves cut the lines into rows.

Serves twice: as the reading of text in which nothing marks the cells, and as the second, independent reading of every other kind.
Cells are never split: numbers that touch each other or their label stay one token, and a row of the wrong length is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from itertools import chain, repeat
from typing import NamedTuple

from .codebook import APPEALS, APPLICATIONS
from .document import Cell, Grid, Locator, Paragraph
from .heads import JOINED, LONGEST_TOKEN, Token, header_rows, join_labels
from .known import known
from .labels import ROW, cut_after_number, likeness, official_stems, role_of, stem
from .numerals import BLANK, ILLEGIBLE, read_number
from .row_order import ORDER, ROWS

PIECES = re.compile(r"[\t \u3000|]+")
MOST_PIECES, LONGEST_PIECE = 14, 8  # lines of a label in a narrow cell, characters of one
MOST_WORDS = 45  # before a run of numbers: what is named stands in them
TOO_LONG = "。" * (LONGEST_TOKEN + 1)  # for any piece that is too long for a label
LIKE_ENOUGH = 0.8
PREFIX = 4  # characters of a label that must stand before a page or line break for the row to be known by them
LONGEST_RUN = 40
APPLICANTS = 7
AFTER_HEADER = 6  # characters: 总计 and a word before the numbers
NOTHING = frozenset({"零", "无"})
BULLETS = frozenset("-*•·—")
PAGE_NUMBER, NUMBERS_PAGE = re.compile(r"\s*[-—–]\s*\d{1,3}\s*[-—–]\s*"), "-—–"
WORDS, NUMBERS = "w", "n"  # the marks of pieces
WORDS_AND_NUMBERS = re.compile(f"({WORDS}*){NUMBERS}+")

Run = tuple[list[Token], list[Token]]  # words, and the numbers (or dashes) that follow them
Named = tuple[str, str, int]  # block, row code, and where the row stands among those of section 三
NAMELESS: Named = ("", "", len(ROWS))


class FlatRow(NamedTuple):
    """The numbers that follow a label of the form, none where the next row of section 三 follows it. `code` is the row's; all of section 四 is one
    row without a code."""

    block: str
    code: str
    numbers: tuple[str, ...]


new_row = partial(tuple.__new__, FlatRow)  # without the step through Python that NamedTuple's own constructor takes


def _mark(piece: str) -> str:
    # Words that are numbers in a cell ("三") are words in a line: the "三" of a heading must not end a row. No heading is called 零 or 无.
    return WORDS if "\u3400" <= piece[0] <= "\u9fff" and piece not in NOTHING else _mark_in_cell(piece)


def _mark_in_cell(piece: str) -> str:
    return WORDS if read_number(piece).state in (ILLEGIBLE, BLANK) else NUMBERS


def _cut(line: str) -> tuple[tuple[str, ...], str]:
    """The pieces of a line between tabs, bars and spaces, and for each the mark that tells words from numbers. A long line is prose: one piece;
    a line "- 4 -" numbers the page and is none."""
    if len(line) > LONGEST_TOKEN and "。" in line:
        return (line,), WORDS
    if line.isdecimal():
        return (line,), _mark_in_cell(line)
    if line.lstrip()[:1] in NUMBERS_PAGE and PAGE_NUMBER.fullmatch(line):
        return (), ""
    if "\t" not in line and (len(line) <= 3 or (" " not in line and "|" not in line)):
        text = line.strip("| \t")
        return ((text,), _mark(text) if len(text) <= LONGEST_TOKEN else WORDS) if text else ((), "")
    if len(line) > 400 or "。" in line:
        return (line,), WORDS
    pieces = [piece for piece in PIECES.split(line) if piece]
    if len(pieces) > 1 and pieces[0] in BULLETS and _mark(pieces[1]) == WORDS:
        del pieces[0]  # "- 行政许可 3": a mark of the list, not a dash in the row before
    return tuple(pieces), "".join(map(_mark, pieces))


_known_cut = known(_cut, 8192)


def _pieces(lines: Sequence[str]) -> tuple[list[str], str]:
    """The pieces of all lines, and the mark of each."""
    texts: list[str] = []
    marks: list[str] = []
    for pieces, marked in map(_known_cut, lines):
        texts += pieces
        marks.append(marked)
    return texts, "".join(marks)


def runs(lines: list[str]) -> Iterator[Run]:
    """Cut lines into runs of words and the numbers that follow them."""
    texts, marks = _pieces(lines)
    places = chain.from_iterable([repeat(at, len(_known_cut(line)[1])) for at, line in enumerate(lines)])
    tokens = list(zip(texts, places, strict=True))
    for run in WORDS_AND_NUMBERS.finditer(marks):
        yield tokens[run.start() : run.end(1)], tokens[run.end(1) : run.end()]


def rows(lines: Sequence[str]) -> list[FlatRow]:
    """Every row of the forms that the lines show, in reading order."""
    found: list[FlatRow] = []
    reached, end = -1, 0
    texts, marks = _pieces(lines)
    for run in WORDS_AND_NUMBERS.finditer(marks):
        (start, middle), end = run.span(1), run.end()
        # Most often the last piece is the row's whole label.
        named = _known_row(texts[middle - 1]) if middle > start and len(texts[middle - 1]) <= LONGEST_TOKEN else None
        if named is None:
            words = texts[max(start, middle - MOST_WORDS) : middle]
            named = _name_in_words(tuple([w if len(w) <= LONGEST_TOKEN else TOO_LONG for w in words]), reached)
        block, code, place = named or NAMELESS
        if place > reached + 1 > 0:
            found += _empty_rows(texts[start:middle], reached, place)
        if named is None:
            continue
        if block == APPLICATIONS:
            reached = place
        found.append(new_row((block, code, tuple(texts[middle : min(end, middle + LONGEST_RUN)]))))
    found += _empty_rows(texts[end:], reached, len(ROWS))
    return found


@lru_cache(maxsize=256)  # most often the head of section 四
def _name_in_words(words: tuple[str, ...], reached: int) -> Named | None:
    """What the last words before a run of numbers name, of which the very last one alone names nothing."""
    named = _name(words, reached)
    if named is not None:
        return named[0], named[1], _place(named[0], named[1])
    return (APPEALS, "", len(ROWS)) if _ends_appeals_header(words) else None


def _place(block: str, code: str) -> int:
    """Where a row stands among those of section 三; behind all of them for other rows."""
    return ORDER[code] if block == APPLICATIONS else len(ROWS)


def _empty_rows(words: list[str], reached: int, end: int) -> list[FlatRow]:
    """The rows of section 三 between two that are known by their numbers (places in ROWS), of which only the label stands there. A label before
    one of an earlier row is the head of a group."""
    found: list[FlatRow] = []
    if reached < 0:
        return found
    for word in reversed(words if reached + 1 < end else []):
        block, code, place = (_known_row(word) if len(word) <= LONGEST_TOKEN else None) or NAMELESS
        if block == APPLICATIONS and reached < place < end:
            end = place
            found.append(FlatRow(block, code, ()))
    return found[::-1]


def _name(words: Sequence[str], reached: int) -> tuple[str, str, str] | None:
    """(block, row code, label) that the last words before a run of numbers name."""
    if not words or len(words[-1]) > LONGEST_TOKEN:
        return None
    text = ""
    for word in reversed(words[-JOINED:]):
        if len(word) > LONGEST_TOKEN:
            break
        text = word + text
        named = _known_row(text)
        if named is not None:
            return named[0], named[1], text
    code = _begins(words[-1], reached)
    return (APPLICATIONS, code, words[-1]) if code else _in_pieces(words, reached)


def _in_pieces(words: Sequence[str], reached: int) -> tuple[str, str, str] | None:
    """A numbered row whose label a narrow cell broke into more lines than are joined: from its number on the words read like the form's."""
    text = ""
    for word in reversed(words[-MOST_PIECES:]):
        if len(word) > LONGEST_PIECE:
            break
        text = word + text
        if code := cut_after_number(word):
            return (APPLICATIONS, code, text) if ORDER[code] > reached and _reads_like(text, code) else None
    return None


def _reads_like(text: str, code: str) -> bool:
    return likeness(text, ROW, APPLICATIONS, code) >= LIKE_ENOUGH


def _row_named(text: str) -> Named | None:
    """The row that a label names by itself. Section 四 has no row; 合计 and the like name too many."""
    role = role_of(text, ROW)
    if role is None or role.block == APPEALS or (role.code == "results_total" and role.matched_by != "exact"):
        return None
    return role.block, role.code, _place(role.block, role.code)


_known_row = known(_row_named, 8192)


@lru_cache(maxsize=8192)
def _begins(text: str, reached: int) -> str | None:
    """The next row of section 三 that begins with these words, where a line break cut its label."""
    printed = stem(text)
    if cut := cut_after_number(text):
        return cut if ORDER[cut] > reached else None
    if len(printed) < PREFIX:
        return None
    official = official_stems(ROW, APPLICATIONS)
    options = [code for code in ROWS[reached + 1 :] if official[code].startswith(printed)]
    if len(options) >= 1:
        return options[0]
    near = [code for code in ROWS[reached + 1 : reached + 4] if likeness(text, ROW, APPLICATIONS, code) >= 0.75]
    return near[0] if near else None


def _ends_appeals_header(words: Sequence[str]) -> bool:
    """Whether the words before the numbers are the head of section 四: outcomes at the end, channels before them."""
    tail = "".join([stem(word) for word in words[-MOST_WORDS:] if len(word) <= LONGEST_TOKEN])
    ends = tail.endswith("总计") or "总计" in tail[-AFTER_HEADER:]  # 数量 or 件数 may stand before the numbers
    return ends and tail.count("审结") >= 2 and ("复议" in tail or "诉讼" in tail)


def grids(paragraphs: list[Paragraph], first_table: int, document_id: str) -> list[Grid]:
    """Grids rebuilt from lines in which only labels mark the rows; one grid, empty where no row of the forms is found."""
    lines = [paragraph.text for paragraph in paragraphs]
    built: list[list[Token]] = []
    useful = 0
    for words, numbers in runs(lines):
        said = [word for word, _ in words]
        named = _name(said, -1)
        if named is None and useful and _may_be_row(said, numbers):
            built.append(
                [words[-1], *numbers]
            )  # its label is misprinted: its place among the others may tell which it is
            continue
        if named is None and not (len(numbers) >= 3 and _ends_appeals_header(said)):
            continue
        useful += 1
        header = join_labels(words)
        if named is not None:
            header = [piece for piece in header if piece[0] != named[2]]
        built.extend(header_rows(header))
        label = [(named[2], words[-1][1])] if named else []
        built.append(label + numbers)
    if useful < 3:
        return []
    cells = []
    for r, row in enumerate(built):
        for c, (text, at) in enumerate(row):
            bbox = paragraphs[at].locator.bbox
            cells.append(
                Cell(
                    text,
                    r,
                    c,
                    1,
                    1,
                    Locator(
                        document_id,
                        paragraphs[at].locator.page,
                        first_table,
                        r + 1,
                        c + 1,
                        bbox,
                        paragraphs[at].locator.method,
                    ),
                )
            )
    return [Grid(cells, first_table, sure_places=False)]


def _may_be_row(words: list[str], numbers: list[Token]) -> bool:
    """Whether words that are no label of the forms stand before exactly the numbers of a row of section 三."""
    return len(numbers) == APPLICANTS and bool(words) and PREFIX <= len(words[-1]) <= LONGEST_TOKEN // 2
