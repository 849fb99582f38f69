"""Mistakes of publication and form, and rarer ones in the figures: one planter each, as in `slips`."""

from __future__ import annotations

import numpy as np

from sample import cells
from sample.panel import Panel
from sample.planters import Done, at, off_by_some, planter, series


@planter(frequency=0.04)
def late(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """Published after 31 March, even a year and a half later (C02)."""
    day = (
        np.datetime64(f"{panel.years[year] + 1}-04-01") + int(rng.choice([0, 60, 120, 420])) + int(rng.integers(0, 60))
    )
    panel.published[office, year] = day
    return (), f"published on {day}"


@planter(frequency=0.005, in_proactive=True)
def wrong_form(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """Section 二 follows the form that was not in force for that year (C06)."""
    used = 2019 if panel.proactive[office, year] == 2021 else 2021
    panel.proactive[office, year] = used
    return (), f"section 二 follows the form of {used}"


@planter(frequency=0.008)
def missing_section(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """One of sections 四, 五, 六 is left out, table and all (C04)."""
    section = int(rng.choice([4, 5, 6], p=[0.3, 0.3, 0.4]))
    panel.dropped[office, year] = section
    touched = cells.appeal_codes() if section == 4 else ()
    return touched, f"section {section} is missing"


@planter(frequency=0.008)
def wrong_year_title(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """The title still bears last year's number, the period the figures cover is right (C03)."""
    panel.title_year[office, year] = panel.years[year] - 1
    return (), f"the title says {panel.years[year] - 1}"


@planter(frequency=0.004)
def leaf(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """One applicant's number in one result row is wrong, so that its row (A01) and its column (A02) are off alike."""
    form = str(panel.applications[office, year])
    leaves = [f"applications.{row}.{applicant}" for row in cells.result_rows(form) for applicant in cells.APPLICANTS]
    filled = [
        code
        for code in leaves
        if not code.startswith("applications.results_total") and at(panel, code, office, year) > 0
    ]
    return off_by_some(panel, rng, str(rng.choice(filled)), office, year) if filled else None


@planter(frequency=0.003, in_proactive=True)
def impossible(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """A street office prints one 规章, which it has no power to issue (A05)."""
    names = (
        ("issued", "repealed") if panel.proactive[office, year] == 2021 else ("made", "newly_public", "total_public")
    )
    touched = tuple(f"government_rules.{name}" for name in names)
    for code in touched:
        panel.column(code)[office, year] = 1
    return touched, "one government rule of a street office"


@planter(frequency=0.002, needs_previous=True)
def twin(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """All tables are those of another office of the year before (E05). Only where what is carried in and on, and the
    stock of documents, still follow, so that the mistake stays in its own report."""
    kept = ("carried_in.natural_person", "carried_in.total", "carried_forward.natural_person", "carried_forward.total")
    kept_codes = [
        *(f"applications.{code}" for code in kept),
        "normative_documents.effective",
        "normative_documents.issued",
        "normative_documents.repealed",
    ]
    same = panel.present[:, year - 1] & (panel.proactive[:, year - 1] == panel.proactive[office, year])
    same &= panel.applications[:, year - 1] == panel.applications[office, year]
    for code in kept_codes:
        same &= panel.column(code)[:, year - 1] == panel.column(code)[office, year]
    same &= (panel.figures[:, year - 1] > 0).sum(axis=1) >= 8
    same[office] = False
    if panel.prose_only[office] or not same.any():
        return None
    other = int(rng.choice(np.flatnonzero(same)))
    panel.figures[office, year] = panel.figures[other, year - 1]
    return (), f"all tables are those of {panel.offices[other].name} the year before"


@planter(frequency=0.004)
def borrowed_narrative(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """Almost every sentence is that of an office in another district, published before, with the own name and numbers
    put in (E03)."""
    elsewhere = np.array([other.district != panel.offices[office].district for other in panel.offices])
    earlier = elsewhere & panel.present[:, year] & (panel.published[:, year] < panel.published[office, year])
    if not earlier.any():
        return None
    other = int(rng.choice(np.flatnonzero(earlier)))
    taken = rng.random(panel.prose.shape[2]) < 0.99
    panel.prose[office, year] = np.where(taken, panel.prose[other, year], panel.prose[office, year])
    return (), f"the prose is that of {panel.offices[other].name}"


@planter(frequency=0.004, in_proactive=True)
def vanished(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """Permits or penalties are printed as 0 in one year between others (D07)."""
    code = series(panel, rng, office, year, least=20)
    last = len(panel.years) - 1
    if code is None or year in (0, last) or min(at(panel, code, office, year + step) for step in (-1, 1)) < 20:
        return None
    before = at(panel, code, office, year)
    panel.column(code)[office, year] = 0
    return (code,), f"0 instead of {before}"


@planter(frequency=0.002, in_proactive=True)
def fee_unit(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """Fees are printed in yuan where 10,000 yuan are asked for (D05)."""
    amount = panel.column("fees.amount")
    if amount[office, year] == 0 or panel.proactive[office, year] != 2021:
        return None
    before = float(amount[office, year])
    amount[office, year] = round(before * 10_000, 2)
    return ("fees.amount",), f"{before * 10_000:g} instead of {before:g}: yuan"


@planter(frequency=0.004, in_prose=True)
def decisions_text(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """The prose states another number of permits or penalties than section 二 (B07)."""
    spoken = [name for name in ("permits", "penalties") if panel.stated[name][office, year] > 0]
    if not spoken or panel.prose_only[office]:
        return None
    name = str(rng.choice(spoken))
    before = int(panel.stated[name][office, year])
    after = before + int(rng.integers(1, 10))
    panel.stated[name][office, year] = after
    return (f"{name}.decisions",), f"{name}: the prose says {after}, the table {before}"
