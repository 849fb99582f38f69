"""The cells of both statutory forms, read from the one place where their labels live: extract's
reference/forms/*.csv, as data.

A cell code is `<row>.<column>` in section 二, `applications.<row>.<applicant>` in section 三,
`appeals.<channel>.<outcome>` in section 四.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

FORMS = ("2019", "2021")
PROACTIVE_BLOCKS = ("documents", "permits", "penalties", "fees", "procurement")
APPLICANTS = ("natural_person", "business", "research", "social_welfare", "legal_service", "other")
TOTAL = "total"
CHANNELS = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
OUTCOMES = ("upheld", "corrected", "other", "pending")
DIVIDED = ("no_correction_overdue", "fee_unpaid_overdue", "other")
UNDIVIDED = "other_handling.undivided"
FRAME_ROWS = ("received", "carried_in", "results_total", "carried_forward")


@dataclass(frozen=True, slots=True)
class Line:
    """A row or a column of a form: its code, the official label, and the label of the group above it ("" where
    none)."""

    code: str
    label: str
    parent: str


@dataclass(frozen=True)
class Block:
    """A part of a form with its rows and columns in official order."""

    name: str
    rows: tuple[Line, ...]
    columns: tuple[Line, ...]

    def codes(self) -> tuple[str, ...]:
        """The block's cell codes in reading order."""
        return tuple(cell_code(self.name, row.code, column.code) for row in self.rows for column in self.columns)


def cell_code(block: str, row: str, column: str) -> str:
    """The code of one cell. Sections 三 and 四 carry the block's name in front, section 二 does not."""
    return f"{block}.{row}.{column}" if block in ("applications", "appeals") else f"{row}.{column}"


@cache
def form(name: str) -> dict[str, Block]:
    """The blocks of form `name` ("2019" or "2021"), in the order of the form."""
    text = files("extract").joinpath(f"reference/forms/{name}.csv").read_text(encoding="utf-8-sig")
    lines: dict[str, dict[str, list[Line]]] = {}
    for row in csv.DictReader(text.splitlines()):
        axes = lines.setdefault(row["block"], {"row": [], "column": []})
        axes[row["axis"]].append(Line(row["code"], row["label_zh"], row["parent_zh"]))
    return {block: Block(block, tuple(axes["row"]), tuple(axes["column"])) for block, axes in lines.items()}


@cache
def proactive_codes(name: str) -> tuple[str, ...]:
    """The codes of section 二 of form `name`: 22 in 2019, 10 in 2021."""
    return tuple(code for block in PROACTIVE_BLOCKS if block in form(name) for code in form(name)[block].codes())


@cache
def application_codes(name: str) -> tuple[str, ...]:
    """The codes of section 三 of form `name`: 161 in 2019, 175 in 2021."""
    return form(name)["applications"].codes()


@cache
def appeal_codes() -> tuple[str, ...]:
    """The 15 codes of section 四, the same in both forms."""
    return form("2021")["appeals"].codes()


@cache
def codes(proactive: str, applications: str) -> tuple[str, ...]:
    """All codes of a report whose section 二 follows form `proactive` and whose section 三 follows form
    `applications`."""
    return proactive_codes(proactive) + application_codes(applications) + appeal_codes()


@cache
def every_code() -> tuple[str, ...]:
    """The codes of both forms together, each once: the columns of the panel."""
    both = (*codes("2019", "2019"), *codes("2021", "2021"))
    return tuple(dict.fromkeys(both))


@cache
def position() -> dict[str, int]:
    """Code → its place in `every_code()`."""
    return {code: index for index, code in enumerate(every_code())}


@cache
def result_rows(name: str) -> tuple[str, ...]:
    """The rows of 三、本年度办理结果 that add up to （七）总计, in form `name`."""
    return tuple(row.code for row in form(name)["applications"].rows if row.code not in FRAME_ROWS)
