"""Reading errors put into one of two readings of a consistent report: none of them ends as a number that nothing doubts."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from official import SOURCE
from papers import html, paper

from extract import readers
from extract.codebook import form, form_cells
from extract.document import Cell, Document
from extract.facts import Facts, read_facts
from extract.proof import prove
from extract.second_reading import second_readings

ROWS = [line.code for line in form("2021").rows["applications"]]
FRAME = {"received", "carried_in", "results_total", "carried_forward"}
APPLICANTS = [line.code for line in form("2021").columns["applications"]][:-1]
LIKE = {"0": "68", "1": "7", "2": "7", "3": "85", "4": "9", "5": "63", "6": "80", "7": "1", "8": "30", "9": "0"}


def consistent(rng: random.Random) -> dict[str, int]:
    """A report of form 2021 in which every identity holds."""
    values = dict.fromkeys(sorted(form_cells("2021")), 0)
    for code in values:
        if not code.startswith("app"):
            values[code] = rng.randint(0, 500)
    for who in ["natural_person", *rng.sample(APPLICANTS[1:], 2)]:
        for row in set(ROWS) - FRAME:
            values[f"applications.{row}.{who}"] = rng.choice((0, 0, 0, 0, 1, 2, 5, 13, 30))
        done = sum(values[f"applications.{row}.{who}"] for row in set(ROWS) - FRAME)
        before, after = rng.randint(0, done), rng.randint(0, 5)
        frame = {
            "results_total": done,
            "carried_in": before,
            "carried_forward": after,
            "received": done + after - before,
        }
        values |= {f"applications.{row}.{who}": value for row, value in frame.items()}
    for row in ROWS:
        values[f"applications.{row}.total"] = sum(values[f"applications.{row}.{who}"] for who in APPLICANTS)
    for channel in (line.code for line in form("2021").rows["appeals"]):
        parts = {outcome: rng.choice((0, 0, 1, 4)) for outcome in ("upheld", "corrected", "other", "pending")}
        values |= {f"appeals.{channel}.{outcome}": value for outcome, value in parts.items()}
        values[f"appeals.{channel}.total"] = sum(parts.values())
    return values


class Readings:
    """A document read, its cells by code, and the lines of its second reading: what errors are put into."""

    def __init__(self, rng: random.Random) -> None:
        self.rng, self.truth = rng, consistent(rng)
        self.document: Document = readers.read(SOURCE, html(paper("2021", dict(self.truth))).encode())
        self.lines: list[str] | None = self.document.reread()
        facts = read_facts(self.document).facts
        places = {cell.locator: cell for grid in self.document.grids() for cell in grid.cells}
        self.cells: dict[str, Cell] = {code: places[at] for code, at in zip(facts.cell, facts.locator, strict=True)}

    def misread(self, text: str) -> str:
        """The text with a digit taken for a like one, or with one digit more, or not seen at all."""
        at = self.rng.randrange(len(text))
        wrong = text[:at] + self.rng.choice(LIKE[text[at]]) + text[at + 1 :]
        return self.rng.choice((wrong, wrong, wrong, text + "1", ""))

    def some(self) -> list[Cell]:
        return self.rng.sample(list(self.cells.values()), self.rng.choice((1, 1, 2, 3, 6, 20)))

    def proved(self) -> Facts:
        facts = read_facts(self.document).facts
        prove(facts, second_readings(facts, self.lines))
        return facts


def in_the_first(readings: Readings) -> None:
    for cell in readings.some():
        cell.text = readings.misread(cell.text)


def in_the_second(readings: Readings) -> None:
    assert readings.lines is not None
    numbers = [at for at, line in enumerate(readings.lines) if line.isdigit()]
    for at in readings.rng.sample(numbers, 3):
        readings.lines[at] = readings.misread(readings.lines[at])


def in_one_of_two_readings_of_the_cells(readings: Readings) -> None:
    readings.lines = None
    for cell in readings.cells.values():
        cell.other_text = cell.text
    for cell in readings.some():
        wrong = readings.misread(cell.text)
        cell.text, cell.other_text = readings.rng.choice(((wrong, cell.text), (cell.text, wrong)))


def two_rows_exchanged(readings: Readings) -> None:
    one, other = readings.rng.sample(ROWS, 2)
    for who in [*APPLICANTS, "total"]:
        a, b = readings.cells[f"applications.{one}.{who}"], readings.cells[f"applications.{other}.{who}"]
        a.text, b.text = b.text, a.text


def a_row_shifted(readings: Readings) -> None:
    row = readings.rng.choice(ROWS)
    cells = [readings.cells[f"applications.{row}.{who}"] for who in [*APPLICANTS, "total"]]
    at = readings.rng.randrange(6)
    texts = [cell.text for cell in cells]
    for cell, text in zip(cells, [*texts[:at], "", *texts[at:-1]], strict=True):
        cell.text = text


ERRORS = (in_the_first, in_the_second, in_one_of_two_readings_of_the_cells, two_rows_exchanged, a_row_shifted)


@pytest.mark.parametrize("put_errors", ERRORS, ids=lambda errors: errors.__name__)
def test_an_error_in_one_reading_is_doubted_or_settled_right(put_errors: Callable[[Readings], None]) -> None:
    marked = 0
    for seed in range(14):
        readings = Readings(random.Random(f"{put_errors.__name__}-{seed}"))
        put_errors(readings)
        facts = readings.proved()
        for code, value, proof, other in zip(facts.cell, facts.value, facts.proof, facts.other_reading, strict=True):
            assert value == readings.truth[code] or proof == "disputed", (seed, code, value, proof)
            marked += proof == "disputed" or bool(other)
    assert marked >= 14


def test_blanks_of_which_the_other_reading_has_a_number_are_doubted() -> None:
    readings = Readings(random.Random(5))
    readings.cells["applications.granted.total"].text = ""
    readings.cells["permits.decisions"].text = ""
    facts = readings.proved()
    found = {code: facts.proof[at] for at, code in enumerate(facts.cell)}
    assert found["applications.granted.total"] == found["permits.decisions"] == "disputed"
    assert found["penalties.decisions"] == "agreed"


def test_a_page_number_behind_a_row_is_no_difference() -> None:
    readings = Readings(random.Random(6))
    assert readings.lines is not None
    at = readings.lines.index("四、政府信息公开行政复议、行政诉讼情况")
    readings.lines.insert(at, "7")
    facts = readings.proved()
    assert "disputed" not in facts.proof
