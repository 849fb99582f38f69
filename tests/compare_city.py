"""A test fixture: a small, made-up city written straight into the published files, without extraction, so that
compare stands alone.

Every place is fictional. The figures are drawn so that all identities hold; a test then plants what it wants to
find.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

FORMS = Path(__file__).parents[1] / "src" / "extract" / "reference" / "forms"
APPLICANTS = ("natural_person", "business", "research", "social_welfare", "legal_service", "other")
OUTSIDE = ("received", "carried_in", "results_total", "carried_forward")
OUTCOMES = ("upheld", "corrected", "other", "pending")
CHANNELS = {
    "reconsideration": (2, 1, 0, 1),
    "litigation_direct": (1, 0, 0, 0),
    "litigation_after_reconsideration": (0, 0, 0, 0),
}

Cells = dict[str, float]
City = dict[tuple[int, int], Cells]  # (office number, year) -> cell -> value; a cell that is NaN is printed blank


@cache
def form_cells(form: str) -> pd.DataFrame:
    """The cells of one form with block, codes and labels."""
    with (FORMS / f"{form}.csv").open(encoding="utf-8-sig") as file:
        lines = list(csv.DictReader(file))
    rows = [line for line in lines if line["axis"] == "row"]
    columns = [line for line in lines if line["axis"] == "column"]
    cells = []
    for row in rows:
        for column in (c for c in columns if c["block"] == row["block"]):
            front = f"{row['block']}." if row["block"] in ("applications", "appeals") else ""
            cells.append(
                {
                    "cell": f"{front}{row['code']}.{column['code']}",
                    "block": row["block"],
                    "row_code": row["code"],
                    "column_code": column["code"],
                    "label_zh": f"{row['label_zh']} · {column['label_zh']}",
                    "label_en": f"{row['label_en']} · {column['label_en']}",
                    "unit": "件",
                }
            )
    return pd.DataFrame(cells)


def form_of(year: int) -> str:
    """The form that a report of that year uses."""
    return "2021" if year >= 2021 else "2019"


@cache
def result_rows(form: str) -> list[str]:
    """Codes of the result rows of a form."""
    return [row for row in form_cells(form).query("block == 'applications'")["row_code"].unique() if row not in OUTSIDE]


def applications(rng: np.random.Generator, form: str, received: int, carried_in: int) -> Cells:
    """Section 三 with every identity holding: everything is decided but a few carried forward."""
    cells: Cells = {f"applications.{row}.{a}": 0.0 for row in (*OUTSIDE, *result_rows(form)) for a in APPLICANTS}
    cells["applications.received.natural_person"], cells["applications.received.business"] = float(received), 1.0
    cells["applications.carried_in.natural_person"] = float(carried_in)
    forward = int(rng.integers(0, 3))
    decided = received + carried_in - forward
    shares = rng.multinomial(max(decided, 0), [0.5, 0.2, 0.2, 0.1])
    for row, count in zip(
        ("granted", "partly_granted", "unavailable.not_held", "refused.process_information"), shares, strict=True
    ):
        cells[f"applications.{row}.natural_person"] = float(count)
    cells["applications.granted.business"] = 1.0
    cells["applications.carried_forward.natural_person"] = float(forward)
    for applicant in APPLICANTS:
        cells[f"applications.results_total.{applicant}"] = sum(
            cells[f"applications.{row}.{applicant}"] for row in result_rows(form)
        )
    for row in (*OUTSIDE, *result_rows(form)):
        cells[f"applications.{row}.total"] = sum(cells[f"applications.{row}.{a}"] for a in APPLICANTS)
    return cells


def city(offices: int = 8, years: tuple[int, int] = (2019, 2025), seed: int = 3) -> City:
    """All cells of a made-up city, each report without a mistake."""
    rng = np.random.default_rng(seed)
    result: City = {}
    for office in range(offices):
        permits, penalties, carried, effective = 900 * rng.lognormal(0, 0.8), 90 * rng.lognormal(0, 0.6), 0, 3
        for year in range(years[0], years[1] + 1):
            form = form_of(year)
            cells = {cell: 0.0 for cell in form_cells(form)["cell"] if not cell.startswith(("applications", "appeals"))}
            cells["permits.decisions"] = float(round(permits * rng.lognormal(0, 0.15)))
            cells["penalties.decisions"] = float(round(penalties * rng.lognormal(0, 0.15)))
            if form == "2021":
                issued = int(rng.integers(0, 3))
                effective += issued
                cells |= {
                    "normative_documents.issued": float(issued),
                    "normative_documents.effective": float(effective),
                    "fees.amount": 1.25,
                }
            cells |= applications(rng, form, int(rng.poisson(14)) + 4, carried)
            carried = int(cells["applications.carried_forward.natural_person"])
            for channel, counts in CHANNELS.items():
                cells |= {f"appeals.{channel}.{o}": float(c) for o, c in zip(OUTCOMES, counts, strict=True)}
                cells[f"appeals.{channel}.total"] = float(sum(counts))
            result[office, year] = cells
    return result


def identity_lines() -> list[dict[str, str]]:
    """identities.csv as published: one line per row, column or channel and form."""
    lines = []
    for form in ("2019", "2021"):
        rows = (*OUTSIDE, *result_rows(form))
        for row in rows:
            left = " ".join(f"applications.{row}.{a}" for a in APPLICANTS)
            lines.append(("A01", f"applications.{row}", form, left, f"applications.{row}.total"))
        for a in (*APPLICANTS, "total"):
            results = " ".join(f"applications.{row}.{a}" for row in result_rows(form))
            lines.append(("A02", f"applications.{a}", form, results, f"applications.results_total.{a}"))
    for a in (*APPLICANTS, "total"):
        sides = [" ".join(f"applications.{row}.{a}" for row in pair) for pair in (OUTSIDE[:2], OUTSIDE[2:])]
        lines.append(("A03", f"applications.{a}", "2019/2021", *sides))
    for channel in CHANNELS:
        left = " ".join(f"appeals.{channel}.{o}" for o in OUTCOMES)
        lines.append(("A04", f"appeals.{channel}", "2019/2021", left, f"appeals.{channel}.total"))
    return [
        dict(zip(("identity", "instance", "form", "left", "right", "source"), (*line, "fixture"), strict=True))
        for line in lines
    ]


def report_id(office: int, year: int) -> str:
    """The id of a report of the fixture."""
    return f"99010{office // 6}{office:03d}-{year}-abcdef"


def publish(
    folder: Path,
    cells: City,
    proof: Callable[[str, str], str] = lambda report, cell: "verified",
    stated: list[dict[str, object]] | None = None,
    report: Callable[[dict[str, object]], dict[str, object]] = lambda row: row,
) -> Path:
    """Write the published files of a city into `folder`: `proof` grades each fact, `report` may change a row of
    reports.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    reports, facts = [], []
    for (office, year), values in sorted(cells.items()):
        who = office_of(office, year)
        reports.append(report(report_row(who, year, len(values))))
        facts += [fact_row(who, cell, value, proof(str(who["report_id"]), cell)) for cell, value in values.items()]
    table = pd.DataFrame(facts).astype({"year": "Int64", "page": "Int64", "value": "float64"})
    table.to_parquet(folder / "facts.parquet")
    write_tables(folder, pd.DataFrame(reports), stated or [])
    return folder


def office_of(office: int, year: int) -> dict[str, object]:
    """The columns that say who and when."""
    rid = report_id(office, year)
    return {
        "report_id": rid,
        "office_id": rid.split("-")[0],
        "office_zh": f"虚构{'甲乙丙丁戊己庚辛壬癸'[office % 10]}{office // 10 or ''}街道",
        "district_id": f"99010{office // 6}",
        "district_zh": f"虚构{'东西南北中上下'[office // 6 % 7]}区",
        "year": year,
    }


def report_row(who: dict[str, object], year: int, count: int) -> dict[str, object]:
    """A row of reports.csv: a street office's report, complete and in time."""
    form = form_of(year)
    counted = dict.fromkeys(
        ("cells_unread", "agreed", "single", "disputed", "blank", "dash", "missing", "illegible"), 0
    )
    return {
        **who,
        **counted,
        **dict.fromkeys(("cells_read", "verified", "reported"), count),
        "document_id": "abcdef123456",
        "is_primary": "true",
        "level": "street",
        "city_zh": "虚构市",
        "province_zh": "",
        "title": f"{who['office_zh']}{year}年政府信息公开工作年度报告",
        "title_year": year,
        "period_from": f"{year}-01-01",
        "period_to": f"{year}-12-31",
        "published_on": f"{year + 1}-01-20",
        "source_path": f"{who['report_id']}.html",
        "kind": "html",
        "fictional": "true",
        "form_proactive": form,
        "form_applications": form,
        "form_appeals": "2019/2021",
    }


def fact_row(who: dict[str, object], cell: str, value: float, proof: str) -> dict[str, object]:
    """A row of facts.parquet; NaN is a cell printed blank."""
    blank = bool(np.isnan(value))
    return {
        "report_id": who["report_id"],
        "year": who["year"],
        "fact_id": f"{who['report_id']}/{cell}",
        "cell": cell,
        "value": None if blank else value,
        "state": "blank" if blank else "reported",
        "proof": proof,
        "page": 2,
    }


def write_tables(folder: Path, reports: pd.DataFrame, stated: list[dict[str, object]]) -> None:
    """The CSVs that compare reads, UTF-8 with BOM."""
    offices = reports.drop_duplicates("office_id")[
        ["office_id", "office_zh", "level", "district_id", "district_zh", "city_zh"]
    ]
    both = {form: form_cells(form) for form in ("2019", "2021")}
    codebook = pd.concat(both.values()).drop_duplicates("cell", keep="last")
    for form, cells in both.items():
        codebook[f"in_{form}"] = codebook["cell"].isin(cells["cell"])
    columns = [
        "report_id",
        "office_id",
        "office_zh",
        "year",
        "quantity",
        "value",
        "unit",
        "qualifier",
        "sentence",
        "section",
        "proof",
        "page",
        "row",
    ]
    tables = {
        "reports.csv": reports,
        "offices.csv": offices.assign(also_named="", reports=1),
        "codebook.csv": codebook.assign(comparable_with=""),
        "identities.csv": pd.DataFrame(identity_lines()),
        "stated.csv": pd.DataFrame(stated, columns=columns),
        "issues.csv": pd.DataFrame(
            columns=["source_path", "report_id", "kind", "message", "page", "table", "row", "col"]
        ),
        "permits.csv": reports[["report_id", "office_id", "office_zh", "district_id", "district_zh", "year"]],
    }
    for name, table in tables.items():
        table.to_csv(folder / name, index=False, encoding="utf-8-sig")
    (folder / "run.json").write_text(
        json.dumps({"raw": "fixture", "counts": {"reports": len(reports)}}), encoding="utf-8"
    )
