"""The cells of both statutory forms and the forms' own arithmetic, read from `reference/`: every other module asks here."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

FORMS = ("2019", "2021")
BOTH_FORMS = "2019/2021"
PROACTIVE, APPLICATIONS, APPEALS = "proactive", "applications", "appeals"
SECTION_OF_BLOCK = {
    "documents": PROACTIVE, "permits": PROACTIVE, "penalties": PROACTIVE, "fees": PROACTIVE, "procurement": PROACTIVE,
    "applications": APPLICATIONS, "appeals": APPEALS,
}  # fmt: skip

# What may be compared across the two forms (domain rule: counts of decisions and newly made documents; the parts of （六） with its single row).
COMPARABLE = {
    "normative_documents.made": "normative_documents.issued",
    "government_rules.made": "government_rules.issued",
}
FIXED_UNITS = {"fees.amount": "万元"}
WITHOUT_FIXED_UNIT = "procurement.amount"


class Line(NamedTuple):
    """One row or column of a form, as its CSV has it."""

    block: str
    axis: str
    code: str
    parent_zh: str
    label_zh: str
    label_en: str


class Identity(NamedTuple):
    """Σ left = Σ right, in cell codes. `instance` is the row, column or channel it runs over; `form` is 2019, 2021 or 2019/2021."""

    identity: str
    instance: str
    form: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Form:
    """One statutory form: its rows and columns by block, in printed order, and its cells in printed order."""

    name: str
    rows: dict[str, tuple[Line, ...]]
    columns: dict[str, tuple[Line, ...]]

    def cells(self) -> Iterator[tuple[str, Line, Line]]:
        """Every cell of the form: (code, row, column)."""
        for block, rows in self.rows.items():
            for row in rows:
                for column in self.columns[block]:
                    yield cell_code(block, row.code, column.code), row, column


def read_reference(name: str) -> list[dict[str, str]]:
    """The rows of one table of `reference/`."""
    text = (files("extract") / "reference" / name).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def cell_code(block: str, row: str, column: str) -> str:
    """The code of a cell: sections 三 and 四 carry their block in front."""
    return f"{block}.{row}.{column}" if block in (APPLICATIONS, APPEALS) else f"{row}.{column}"


@cache
def form(name: str) -> Form:
    """The form of that name (2019 or 2021)."""
    rows: dict[str, list[Line]] = {}
    columns: dict[str, list[Line]] = {}
    for record in read_reference(f"forms/{name}.csv"):
        line = Line(**record)
        (rows if line.axis == "row" else columns).setdefault(line.block, []).append(line)
    return Form(name, {b: tuple(r) for b, r in rows.items()}, {b: tuple(c) for b, c in columns.items()})


@cache
def form_cells(name: str) -> frozenset[str]:
    """The cell codes of one form."""
    return frozenset(code for code, _, _ in form(name).cells())


@cache
def section_cells(section: str, name: str) -> tuple[str, ...]:
    """The cell codes of one section (proactive, applications, appeals) of one form, in printed order."""
    return tuple(code for code, row, _ in form(name).cells() if SECTION_OF_BLOCK[row.block] == section)


@cache
def all_cells() -> tuple[str, ...]:
    """Every cell code of either form: section 二 of 2019 then 2021, then 三, then 四, in printed order."""
    order: dict[str, None] = {}
    for section in (PROACTIVE, APPLICATIONS, APPEALS):
        # Form 2021 first for 三, so that its three parts of （六） stand before the single row of 2019.
        for name in FORMS if section == PROACTIVE else reversed(FORMS):
            for code in section_cells(section, name):
                order.setdefault(code)
    return tuple(order)


@cache
def cell_index() -> dict[str, int]:
    """Cell code -> place in `all_cells()`."""
    return {code: index for index, code in enumerate(all_cells())}


def _expand(terms: str, name: str) -> tuple[str, ...]:
    """Row or column codes named by one side of an identity; RESULTS stands for the result rows of that form."""
    if terms != "RESULTS":
        return tuple(terms.split())
    outside = {"received", "carried_in", "results_total", "carried_forward"}
    return tuple(line.code for line in form(name).rows[APPLICATIONS] if line.code not in outside)


def _expand_identity(rule: dict[str, str], name: str) -> Iterator[Identity]:
    """One identity for each row or column that the rule runs over."""
    block, over_rows = rule["block"], rule["each"] == "row"
    for line in (form(name).rows if over_rows else form(name).columns)[block]:
        sides = []
        for side in (rule["left"], rule["right"]):
            pairs = [(line.code, term) if over_rows else (term, line.code) for term in _expand(side, name)]
            sides.append(tuple(cell_code(block, row, column) for row, column in pairs))
        yield Identity(rule["identity"], f"{block}.{line.code}", name, sides[0], sides[1], rule["source"])


@cache
def identities(name: str) -> tuple[Identity, ...]:
    """The identities A01–A04 of one form, expanded to cell codes."""
    return tuple(i for rule in read_reference("identities.csv") for i in _expand_identity(rule, name))


@cache
def all_identities() -> tuple[Identity, ...]:
    """The identities of both forms; those that both share appear once, with form 2019/2021."""
    by_content: dict[tuple[str, ...], Identity] = {}
    for name in FORMS:
        for identity in identities(name):
            key = (identity.identity, *identity.left, "=", *identity.right)
            seen = by_content.get(key)
            by_content[key] = identity if seen is None else seen._replace(form=BOTH_FORMS)
    return tuple(by_content.values())


def unit_of(code: str) -> str:
    """The unit that the form itself gives a cell; blank where the document must print it."""
    if code == WITHOUT_FIXED_UNIT:
        return ""
    return FIXED_UNITS.get(code, "件" if code.split(".")[-1] not in ("previous_items", "change", "items") else "项")


def codebook_rows() -> list[dict[str, object]]:
    """The published codebook: one row per cell, labels in Chinese and English."""
    described: dict[str, tuple[Line, Line]] = {}
    for name in FORMS:
        for code, row, column in form(name).cells():
            described[code] = (row, column)  # the later form's wording wins
    comparable = COMPARABLE | {new: old for old, new in COMPARABLE.items()}
    parts = [c for c in all_cells() if ".other_handling." in c and ".undivided." not in c]
    for part in parts:
        applicant = part.rsplit(".", 1)[1]
        single = f"applications.other_handling.undivided.{applicant}"
        comparable[part] = single
        comparable[single] = " ".join(p for p in parts if p.endswith(f".{applicant}"))
    return [_codebook_row(code, *described[code], comparable.get(code, "")) for code in all_cells()]


def _codebook_row(code: str, row: Line, column: Line, comparable: str) -> dict[str, object]:
    stub = f"{row.parent_zh} " if row.parent_zh and row.block in (APPLICATIONS, APPEALS) else ""
    return {
        "cell": code, "block": row.block, "row_code": row.code, "column_code": column.code,
        "label_zh": f"{stub}{row.label_zh} · {column.label_zh}", "label_en": f"{row.label_en} · {column.label_en}",
        "unit": unit_of(code), "in_2019": code in form_cells("2019"), "in_2021": code in form_cells("2021"),
        "comparable_with": comparable,
    }  # fmt: skip
