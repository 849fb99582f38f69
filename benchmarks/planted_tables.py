"""The sample city written straight into the published tables, as extract would publish it had it read every report, with
proofs and with misreadings where asked; no document is laid out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from extract import codebook
from sample import cells, city, hands, prose
from sample.sentences import Stated

PICTURES = 0.25  # of the reports, where only pictures are misread
ONE_READING_SHARE = 0.8  # of the misreadings: the two readings differ; the others deceive both
MISTAKEN_FOR = {"0": "68", "1": "74", "2": "7", "3": "8", "4": "1", "5": "6", "6": "58", "7": "12", "8": "36", "9": "4"}


class Misread(NamedTuple):
    """One number read wrong: the row of reports.csv, the cell, what stood there, what was read, and the proof it got."""

    report: int
    cell: str
    printed: float
    read: float
    proof: str


class Tables(NamedTuple):
    """What was published: `place` (int32, offices × years) is the row of reports.csv, −1 where none; `misread` what was
    read wrong."""

    folder: Path
    place: np.ndarray
    misread: list[Misread]


class Drawn(NamedTuple):
    """A city with what does not depend on misreadings: values and states (object) reports × cells of every code, and
    the rows of stated.csv and sections.csv. `first` is the number of its first office: cities stand side by side."""

    made: city.City
    place: np.ndarray
    values: np.ndarray
    states: np.ndarray
    stated: pd.DataFrame
    sections: pd.DataFrame
    first: int = 0


def draw(made: city.City, first: int = 0) -> Drawn:
    """Everything that the city's reports print, once per city. `first` as in Drawn."""
    simulated = made.panel
    present = simulated.present
    place = np.full(present.shape, -1, dtype=np.int32)
    place[present] = np.arange(present.sum())
    shown = simulated.on_form() & present[:, :, None]
    codes = np.array(cells.every_code())
    proactive = np.isin(codes, cells.proactive_codes("2019") + cells.proactive_codes("2021"))
    shown &= ~(simulated.prose_only[:, None, None] & proactive)
    shown &= ~((simulated.dropped == 4)[:, :, None] & np.isin(codes, cells.appeal_codes()))
    states = np.where(shown, "reported", "missing").astype(object)
    mark_empty_zeros(made, codes, proactive, states)
    values = np.where(states == "reported", simulated.figures, np.nan)
    stated, sections = [], []
    for row, (report, hand) in enumerate(city.reports(made)):
        written = prose.compose(report, hand)
        who = report_id(first + report.office.number, report.year)
        stated += [
            (row, who, *figure) for figure in written.stated if figure.section != report.dropped or not report.dropped
        ]
        sections += [
            (who, number, "\n".join(written.paragraphs[number]))
            for number in range(7)
            if number != report.dropped or not number
        ]
    told = pd.DataFrame(stated, columns=["report", "report_id", *Stated._fields]).assign(proof="agreed", page=1, row=1)
    text = pd.DataFrame(sections, columns=["report_id", "section", "text"]).assign(title="")
    return Drawn(made, place, values[present], states[present], told, text, first)


def mark_empty_zeros(made: city.City, codes: np.ndarray, proactive: np.ndarray, states: np.ndarray) -> None:
    """Zeros that an office's hand leaves blank or marks with a dash, but for those that a planted mistake made."""
    simulated = made.panel
    middle = np.array([c.startswith("applications.") and c.rsplit(".", 1)[1] in cells.APPLICANTS[1:] for c in codes])
    for number, office in enumerate(simulated.offices):
        hand = hands.draw(simulated.seed, office.number)
        where = {
            "blank": np.ones(len(codes), dtype=bool),
            "middle": middle,
            "dash": np.ones(len(codes), dtype=bool) if hand.dash_everywhere else proactive,
        }.get(hand.zeros)
        if where is not None:
            empty = (simulated.figures[number] == 0) & where & (states[number] == "reported")
            states[number][empty] = "dash" if hand.zeros == "dash" else "blank"
    years = {year: at for at, year in enumerate(simulated.years)}
    position = cells.position()
    for mistake in made.planted:
        for code in mistake.cells:
            at = (mistake.office, years[mistake.year], position[code])
            if states[at] in ("blank", "dash"):
                states[at] = "reported"


def report_id(office: int, year: int) -> str:
    """The id of a report of the benchmark."""
    return f"99{office:07d}-{year}-000000"


def publish(
    drawn: Drawn, folder: Path, misread_share: float, rng: np.random.Generator, in_pictures: bool = False
) -> Tables:
    """Write the tables that compare reads; `misread_share` of the reports get one number read wrong. `in_pictures`: a
    quarter of the reports were read from pictures, and only these are misread, as many in all."""
    folder.mkdir(parents=True, exist_ok=True)
    values = drawn.values.copy()
    proofs = np.where(drawn.states == "reported", "agreed", np.where(drawn.states == "missing", "", "agreed")).astype(
        object
    )
    pictures = rng.random(len(values)) < (PICTURES if in_pictures else 0)
    chances = np.where(pictures, misread_share / PICTURES, 0.0 if in_pictures else misread_share)
    misread = misread_some(drawn, values, proofs, chances, rng)
    verify(drawn, values, proofs, {(m.report, m.cell) for m in misread})
    write_facts(drawn, values, proofs, folder)
    write_descriptions(drawn, np.where(pictures, "scan", "html"), folder)
    return Tables(folder, drawn.place, misread)


def misread_some(
    drawn: Drawn, values: np.ndarray, proofs: np.ndarray, chances: np.ndarray, rng: np.random.Generator
) -> list[Misread]:
    """Put one misreading into a report with its chance (float64): a digit mistaken, lost or doubled in one printed number, which
    is not 0 where the report has such. What is published is always the wrong reading."""
    codes, done = cells.every_code(), []
    for report in np.flatnonzero(rng.random(len(values)) < chances):
        filled = np.flatnonzero(values[report] > 0)
        among = filled if len(filled) else np.flatnonzero(values[report] == 0)
        if not len(among):
            continue
        column = int(rng.choice(among))
        printed = float(values[report, column])
        read = misread_number(printed, rng)
        proof = "disputed" if rng.random() < ONE_READING_SHARE else "agreed"
        values[report, column], proofs[report, column] = read, proof
        done.append(Misread(int(report), codes[column], printed, read, proof))
    return done


def misread_number(printed: float, rng: np.random.Generator) -> float:
    """Another number that a reader may see in its place."""
    digits = f"{printed:.10g}"
    places = [at for at, mark in enumerate(digits) if mark.isdigit()]
    at = int(rng.choice(places))
    way = rng.random()
    if way < 0.6 or len(places) == 1:
        text = digits[:at] + str(rng.choice(list(MISTAKEN_FOR[digits[at]]))) + digits[at + 1 :]
    elif way < 0.85:
        text = digits[:at] + digits[at + 1 :]
    else:
        text = digits[: at + 1] + digits[at:]
    read = float(text) if text not in ("", ".") else 0.0
    return read if read != printed else printed + 1


def verify(drawn: Drawn, values: np.ndarray, proofs: np.ndarray, doubtful: set[tuple[int, str]]) -> None:
    """Give `verified` to the cells over which an identity closes, with a non-zero operand and no blank."""
    position, simulated = cells.position(), drawn.made.panel
    forms = simulated.applications[simulated.present]
    for identity in codebook.all_identities():
        left, right = ([position[c] for c in side] for side in (identity.left, identity.right))
        ours = np.isin(forms.astype(str), identity.form.split("/"))
        total_left, total_right = values[:, left].sum(axis=1), values[:, right].sum(axis=1)
        closes = ours & (total_left == total_right) & (total_left != 0)
        rows = np.flatnonzero(closes)
        for column in (*left, *right):
            proofs[rows, column] = np.where(proofs[rows, column] == "agreed", "verified", proofs[rows, column])


def write_facts(drawn: Drawn, values: np.ndarray, proofs: np.ndarray, folder: Path) -> None:
    """facts.parquet: every cell that stands in a report."""
    rows, columns = np.nonzero(drawn.states != "missing")
    office, year = np.nonzero(drawn.place >= 0)
    ids = np.array(
        [report_id(drawn.first + int(o), drawn.made.panel.years[y]) for o, y in zip(office, year, strict=True)],
        dtype=object,
    )
    codes = np.array(cells.every_code(), dtype=object)
    pd.DataFrame(
        {
            "report_id": pd.Categorical.from_codes(rows, ids),
            "cell": pd.Categorical.from_codes(columns, codes),
            "value": values[rows, columns],
            "state": pd.Categorical(drawn.states[rows, columns]),
            "proof": pd.Categorical(proofs[rows, columns]),
            "page": np.ones(len(rows), dtype=np.int64),
        }
    ).to_parquet(folder / "facts.parquet")


def write_descriptions(drawn: Drawn, kinds: np.ndarray, folder: Path) -> None:
    """reports.csv with the kind of each document, offices.csv, stated.csv, sections.csv, codebook.csv, identities.csv, run.json."""
    reports = report_rows(drawn).assign(kind=kinds)
    identities = [
        r._asdict() | {"left": " ".join(r.left), "right": " ".join(r.right)} for r in codebook.all_identities()
    ]
    tables = {
        "reports.csv": reports,
        "offices.csv": reports.drop_duplicates("office_id")[
            ["office_id", "office_zh", "level", "district_id", "district_zh", "city_zh"]
        ],
        "stated.csv": drawn.stated.drop(columns="report"),
        "sections.csv": drawn.sections,
        "codebook.csv": pd.DataFrame(codebook.codebook_rows()),
        "identities.csv": pd.DataFrame(identities),
    }
    for name, table in tables.items():
        table.to_csv(folder / name, index=False, encoding="utf-8-sig")
    (folder / "run.json").write_text(json.dumps({"raw": "benchmark"}), encoding="utf-8")


def report_rows(drawn: Drawn) -> pd.DataFrame:
    """reports.csv of the city."""
    simulated = drawn.made.panel
    office, at = np.nonzero(simulated.present)
    year = np.array(simulated.years)[at]
    names = [simulated.offices[o] for o in office]
    title = simulated.title_year[simulated.present]
    states = drawn.states
    frame = pd.DataFrame(
        {
            "report_id": [report_id(drawn.first + int(o), int(y)) for o, y in zip(office, year, strict=True)],
            "office_id": [f"99{drawn.first + o:07d}" for o in office],
            "office_zh": [n.name for n in names],
            "district_id": "",
            "district_zh": [n.district for n in names],
            "city_zh": "虚构市",
            "level": "street",
            "year": year,
            "title_year": title,
            "period_from": [f"{y}-01-01" for y in year],
            "period_to": [f"{y}-12-31" for y in year],
            "published_on": simulated.published[simulated.present].astype(str),
            "document_id": "000000",
            "is_primary": "true",
            "fictional": "true",
            "source_path": "",
            "form_proactive": np.where(
                simulated.prose_only[office], "", simulated.proactive[simulated.present].astype(str)
            ),
            "form_applications": simulated.applications[simulated.present].astype(str),
            "form_appeals": np.where(simulated.dropped[simulated.present] == 4, "", "2019/2021"),
            "cells_read": (states != "missing").sum(axis=1),
            "cells_unread": 0,
        }
    )
    counted = {"reported": "reported", "blank": "blank", "dash": "dash"}
    return frame.assign(**{name: (states == state).sum(axis=1) for name, state in counted.items()})
