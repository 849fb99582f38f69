"""One report before it is written: what it says, apart from how."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from sample import cells
from sample.places import Office

FICTION = "【虚构样例】本报告由程序生成，所述城市、机构和数字均为虚构。"


@dataclass(slots=True)
class Report:
    """The content of one office's report for one year.

    `proactive` and `applications` name the forms of sections 二 and 三. `figures` holds the printed value of every
    cell of those forms, `truth` what it was before a planted mistake, `touched` the cells that a mistake changed.
    `stated` maps a quantity to what the prose says of it; quantities that it does not mention are absent. `prose`
    seeds the wording, sentence by sentence. `dropped` is a section left out (0: none), `prose_only` says that section
    二 has no table.
    """

    office: Office
    year: int
    seed: int
    proactive: str
    applications: str
    published_on: datetime.date
    title_year: int
    figures: dict[str, float]
    truth: dict[str, float]
    stated: dict[str, float]
    prose: tuple[int, ...]
    touched: frozenset[str] = frozenset()
    dropped: int = 0
    prose_only: bool = False
    last_received: float | None = None
    draw: str = field(default="")

    def __post_init__(self) -> None:
        self.draw = f"{self.seed}-{self.office.number}-{self.year}"

    def codes(self) -> tuple[str, ...]:
        """The cells that this report prints: those of its forms, without the tables that were left out."""
        codes = () if self.prose_only else cells.proactive_codes(self.proactive)
        codes += cells.application_codes(self.applications)
        return codes if self.dropped == 4 else codes + cells.appeal_codes()

    def total_of(self, group: str) -> int:
        """Sum of the totals of the result rows whose code begins with `group`."""
        rows = [row for row in cells.result_rows(self.applications) if row.split(".")[0] == group]
        return int(sum(self.figures[f"applications.{row}.total"] for row in rows))
