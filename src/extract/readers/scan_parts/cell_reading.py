"""Two independent readings of every cell: blank by ink, slash and dash by shape, numbers by two networks held to digits and signs."""

from __future__ import annotations

import re
from collections.abc import Iterable

import cv2
import numpy as np

from extract.readers.scan_parts.adding import unequal_rows_doubted
from extract.readers.scan_parts.cell_marks import WORN, Marks, marks_of
from extract.readers.scan_parts.cell_numbers import (
    FIRST,
    SECOND,
    THIRD,
    CellReading,
    number_of,
    number_reading,
    sure_together,
)
from extract.readers.scan_parts.lattice import LatticeCell
from extract.readers.scan_parts.recognisers import STRIP_HEIGHT, Reading, at_strip_height, recogniser

LABELS = "tiny"
SHORT_LINE = 5.5  # a line up to so many times as long as high may be a number
SURE_TEXT = 0.5
SURE_WITH_SHAPE = 0.9
FULL_ROW, MOST_FADED = 3, 2
FEWEST_SLASHES = 3
SURE_LABEL = 0.95
VALUE = re.compile(r"[+-]?\d[\d,.]*\s*(?:亿?万?元|[件条项宗个次份起篇部]|[（(])|[+-]?\d[\d,.]*$")
MANGLED = re.compile(r"(?=.*\d)[\d.,:;'·\s]{3,}")
LOOKS_CHINESE = re.compile(r"[\u4e00-\u9fff（）%％]")
LIKE_STROKE = frozenset({"", "1", "/", "7", "11"})  # what networks read where a slash stands
SURE_DIGIT, SURE_SEVEN = 0.8, 0.95
HIGH_DASH_INCHES = 0.022  # above the middle of the row's numbers
LIKE_NUMBER = set("一十日口了丨工二三")

Place = tuple[int, int]  # the number of a cell, and that of a line in it


def read_cells(cells: list[LatticeCell], page: np.ndarray, dpi: float) -> list[CellReading]:
    """Read the cells of an evened page (uint8). The readings stand in the order of the cells."""
    marks = [marks_of(page, cell.quad, dpi) for cell in cells]
    for cell, found in zip(cells, marks, strict=True):
        if cell.worn and found.like == "1":
            found.like = ""  # on a worn page what is left of a 4 or a 7 is one upright stroke, too
    short = [
        (cell, line)
        for cell, found in enumerate(marks)
        if (found.shape != "-" or found.doubt == WORN) and not is_upright_stub(found)
        for line in range(len(found.lines))
        if is_short(found.lines[line])
    ]
    strips = dict(zip(short, [marks[cell].strip(line) for cell, line in short], strict=True))
    second = read_some(SECOND, strips, short)
    first = dict(second)
    asked = [
        place
        for place in short
        if not marks[place[0]].shape
        and not is_plainly_words(second[place])
        and not told_by_shape(marks[place[0]], second[place])
    ]
    first |= read_some(FIRST, strips, asked)
    worn = [place for place in short if marks[place[0]].doubt == WORN]
    first |= read_some(FIRST, strips, worn)
    labels = label_lines(marks, set(short))
    lines = [range(len(found.lines)) for found in marks]
    one = [[first.get((index, line)) for line in mine] for index, mine in enumerate(lines)]
    two = [[second.get((index, line)) for line in mine] for index, mine in enumerate(lines)]
    unsure = [index for index, found in enumerate(marks) if asks_third(found, one[index], two[index])]
    third = read_some(THIRD, strips, [(index, line) for index in unsure for line in lines[index]])
    readings = []
    for index, (cell, found) in enumerate(zip(cells, marks, strict=True)):
        three = [third.get((index, line)) for line in lines[index]]
        reading = cell_reading(found, one[index], two[index], three, labels.get(index, {}))
        readings.append(reading._replace(doubt=cell.doubt or reading.doubt))
    readings = lone_slashes_doubted(cells, high_dashes_doubted(cells, marks, readings, dpi))
    return unequal_rows_doubted(cells, lone_blanks_doubted(cells, readings))


def read_some(network: str, strips: dict[Place, np.ndarray], places: list[Place]) -> dict[Place, Reading]:
    """What a network reads in the strips of these places."""
    return dict(zip(places, recogniser(network).read([strips[place] for place in places]), strict=True))


def told_by_shape(marks: Marks, reading: Reading) -> bool:
    """Whether the shape of the one mark is the digit that the quicker network reads surely: the slower one need not look."""
    return bool(marks.like) and marks.like == reading.number and reading.number_certainty >= SURE_WITH_SHAPE


def asks_third(marks: Marks, first: list[Reading | None], second: list[Reading | None]) -> bool:
    """Whether a cell's number is read differently, or not surely enough, by the first two networks."""
    one, two = [reading for reading in first if reading], [reading for reading in second if reading]
    if (marks.shape and marks.doubt != WORN) or not one or len(one) < len(marks.lines) or is_text(one, two):
        return False
    return number_of(one) != number_of(two) or not sure_together(marks, one, two)


def high_dashes_doubted(
    cells: list[LatticeCell], marks: list[Marks], readings: list[CellReading], dpi: float
) -> list[CellReading]:
    """In a worn table a dash that stands higher than the middle of its row's numbers may be the bar of a 7 or a 5: it is doubted."""
    middles: dict[int, list[float]] = {}
    heights = [
        cell.quad[1] + (found.lines[0][1] + found.lines[0][3]) / 2 if len(found.lines) == 1 else None
        for cell, found in zip(cells, marks, strict=True)
    ]
    for cell, height, reading in zip(cells, heights, readings, strict=True):
        if height is not None and cell.row_span == 1 and reading.text.isdigit():
            middles.setdefault(cell.row, []).append(height)
    for index, (cell, height) in enumerate(zip(cells, heights, strict=True)):
        beside = middles.get(cell.row, []) if cell.worn and readings[index].text == "-" else []
        if height is not None and beside and float(np.median(beside)) - height > HIGH_DASH_INCHES * dpi:
            doubt = readings[index].doubt or "a dash or the rest of a digit"
            readings[index] = readings[index]._replace(doubt=doubt)
    return readings


def lone_slashes_doubted(cells: list[LatticeCell], readings: list[CellReading]) -> list[CellReading]:
    """In a worn table that hardly uses slashes one may be a 7 or a 1 that lost its bar: it is doubted."""
    slashes = [index for index, reading in enumerate(readings) if cells[index].worn and reading.text == "/"]
    if len(slashes) < FEWEST_SLASHES:
        for index in slashes:
            readings[index] = readings[index]._replace(doubt=readings[index].doubt or WORN)
    return readings


def lone_blanks_doubted(cells: list[LatticeCell], readings: list[CellReading]) -> list[CellReading]:
    """In a worn table the only blank among the cells of a row may be a digit that faded away: it is doubted."""
    rows: dict[int, list[int]] = {}
    for index, cell in enumerate(cells):
        if cell.worn and cell.row_span == 1:
            rows.setdefault(cell.row, []).append(index)
    for row in rows.values():
        blanks = [index for index in row if not readings[index].text]
        if len(blanks) <= MOST_FADED and len(row) >= FULL_ROW + len(blanks):
            for index in blanks:
                readings[index] = readings[index]._replace(
                    doubt=readings[index].doubt or "blank in a full row of a worn page"
                )
    return readings


def is_short(line: tuple[int, int, int, int]) -> bool:
    """Whether a line may be a number by its proportions."""
    return line[2] - line[0] <= SHORT_LINE * (line[3] - line[1])


def is_plainly_words(reading: Reading) -> bool:
    """Whether the quicker network reads words without a digit, surely enough that the slower one need not look."""
    words = set(LOOKS_CHINESE.findall(reading.text)) - LIKE_NUMBER
    plain = not any(character.isdigit() for character in reading.text)
    return plain and len(words) >= 2 and reading.certainty >= SURE_TEXT


def is_upright_stub(marks: Marks) -> bool:
    """Whether a cell is written one character below the other, as narrow stubs are."""
    if len(marks.lines) < 4:
        return False
    widths = [line[2] - line[0] for line in marks.lines]
    return max(widths) <= 1.6 * float(np.median([line[3] - line[1] for line in marks.lines])) + 4


def label_lines(marks: list[Marks], short: set[tuple[int, int]]) -> dict[int, dict[int, Reading]]:
    """Readings of the lines that are no numbers: long lines, and upright stubs laid down as one line (as line 0).

    `number` of a reading is what a second network reads where the line begins as a value does ("240万元"), else "".
    """
    jobs, strips = [], []
    for index, found in enumerate(marks):
        if found.shape or not found.lines:
            continue
        if is_upright_stub(found):
            jobs.append((index, 0))
            strips.append(laid_down([found.strip(line) for line in range(len(found.lines))]))
            continue
        for line in range(len(found.lines)):
            if (index, line) not in short:
                jobs.append((index, line))
                strips.append(found.strip(line))
    read = recogniser(LABELS).read(strips)
    unsure = [place for place, reading in enumerate(read) if reading.certainty < SURE_LABEL]
    for place, reading in zip(unsure, recogniser(FIRST).read([strips[place] for place in unsure]), strict=True):
        read[place] = max(read[place], reading, key=lambda one: one.certainty)
    values = [place for place, reading in enumerate(read) if VALUE.match(reading.text)]
    again = dict(zip(values, recogniser(FIRST).read([strips[place] for place in values]), strict=True))
    readings: dict[int, dict[int, Reading]] = {}
    for place, ((index, line), reading) in enumerate(zip(jobs, read, strict=True)):
        other = again[place].text if place in again else ""
        readings.setdefault(index, {})[line] = reading._replace(number=other)
    return readings


def laid_down(strips: list[np.ndarray]) -> np.ndarray:
    """Characters that stand below one another, side by side; flat ones (一, 、) keep their size."""
    tallest = max(strip.shape[0] for strip in strips)
    level = []
    for strip in strips:
        missing = tallest - strip.shape[0]
        level.append(
            cv2.copyMakeBorder(strip, missing // 2, missing - missing // 2, 0, 0, cv2.BORDER_CONSTANT, value=255)
        )
    return at_strip_height(np.hstack(level)) if tallest > STRIP_HEIGHT else np.hstack(level)


def cell_reading(
    marks: Marks,
    first: list[Reading | None],
    second: list[Reading | None],
    third: list[Reading | None],
    labels: dict[int, Reading],
) -> CellReading:
    """Put the readings of a cell's lines together."""
    if not marks.lines:
        return CellReading("", "", marks.doubt)
    one, two = [reading for reading in first if reading], [reading for reading in second if reading]
    three = [reading for reading in third if reading]
    if marks.shape:
        seen = [reading.number for reading in second if reading and reading.certainty >= SURE_DIGIT]
        plain = LIKE_STROKE - {"7"} if any(is_seven(reading) for reading in second) else LIKE_STROKE
        other = next((text for text in seen if text not in plain), marks.shape)
        if (
            marks.doubt == WORN
            and three
            and number_of(one).isdigit()
            and number_of(one) in (number_of(two), number_of(three))
        ):
            return CellReading(number_of(one), marks.shape, marks.doubt)
        return CellReading(marks.shape, other, marks.doubt or ("" if other == marks.shape else "slash or digit"))
    if labels or len(one) < len(marks.lines) or is_text(one, two):
        lines = [
            labels[line].text if line in labels else (first[line] or Reading("", 0, "", 0)).text
            for line in range(len(first))
        ]
        text = joined(lines if not is_upright_stub(marks) else [labels[0].text])
        if not VALUE.match(text):
            return CellReading(text, "", "not a number") if MANGLED.fullmatch(text) else CellReading(text, None, "")
        others = [
            labels[line].number or labels[line].text if line in labels else (second[line] or Reading("", 0, "", 0)).text
            for line in range(len(first))
        ]
        return CellReading(text, joined(others), marks.doubt)
    return number_reading(marks, one, two, three)


def is_seven(reading: Reading | None) -> bool:
    """Whether a stroke is read so surely as a 7 that it may be one in italics."""
    return reading is not None and reading.number == "7" and reading.certainty >= SURE_SEVEN


def is_text(first: list[Reading], second: list[Reading]) -> bool:
    """Whether short lines are words rather than a number: Chinese characters that are no misread digits."""
    words = [reading for reading in first if reading.certainty >= SURE_TEXT]
    chinese = [set(LOOKS_CHINESE.findall(reading.text)) - LIKE_NUMBER for reading in words]
    if any(chinese):
        return True
    both = LOOKS_CHINESE.findall("".join(reading.text for reading in second))
    return len(set(both) - LIKE_NUMBER) >= 2


def joined(lines: Iterable[str]) -> str:
    """The lines of a cell as one text: without a space between Chinese characters, with one between Latin ones."""
    text = ""
    for line in lines:
        plain = line.replace("\u3000", " ").replace("\xa0", " ").strip()
        apart = (
            text and plain and text[-1].isascii() and plain[0].isascii() and text[-1].isalnum() and plain[0].isalnum()
        )
        text += (" " if apart else "") + plain
    return text
