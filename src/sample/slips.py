"""Mistakes in the figures, and what was taken over from last year: one planter each. Its docstring says what goes wrong,
`frequency` how often in a city of its own accord."""

from __future__ import annotations

import numpy as np

from sample import cells
from sample.panel import Panel
from sample.planters import Done, at, off_by_some, planter, series


@planter(frequency=0.008)
def row_sum(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """The 总计 of one row of section 三 is not the sum of its six applicants (A01, and A02 in the column of totals)."""
    form = str(panel.applications[office, year])
    rows = [
        row
        for row in ("received", *cells.result_rows(form))
        if at(panel, f"applications.{row}.total", office, year) > 0
    ]
    if not rows:
        return None
    code = f"applications.{rng.choice(rows)}.total"
    return off_by_some(panel, rng, code, office, year)


@planter(frequency=0.006)
def flow(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """一 + 二 is not 三（七） + 四 (A03): more applications received than dealt with or carried forward, rows and
    columns still close."""
    if at(panel, "applications.received.total", office, year) == 0:
        return None
    step = int(rng.integers(1, 4))
    touched = ("applications.received.natural_person", "applications.received.total")
    for code in touched:
        panel.column(code)[office, year] += step
    return touched, f"{step} more received than dealt with or carried forward"


@planter(frequency=0.015, needs_previous=True)
def carry(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """What is carried in is not what last year's report carried forward (D01); inside the report all identities
    close."""
    carried, received = "applications.carried_in", "applications.received"
    if at(panel, f"{received}.natural_person", office, year) < 1:
        return None
    step = int(rng.integers(1, min(4, at(panel, f"{received}.natural_person", office, year) + 1)))
    if at(panel, f"{carried}.natural_person", office, year) >= step and rng.random() < 0.5:
        step = -step
    for applicant in ("natural_person", cells.TOTAL):
        panel.column(f"{carried}.{applicant}")[office, year] += step
        panel.column(f"{received}.{applicant}")[office, year] -= step
    return (
        f"{carried}.natural_person",
        f"{carried}.total",
    ), f"carried in differs by {step:+d} from last year's carried forward"


@planter(frequency=0.005, needs_previous=True, in_proactive=True)
def stock(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """Documents in force do not follow from last year's, issued and repealed (D02, form 2021); later years go on
    from the wrong figure."""
    effective = panel.column("normative_documents.effective")
    if (
        effective[office, year] == 0
        or panel.proactive[office, year - 1] != 2021
        or panel.proactive[office, year] != 2021
    ):
        return None
    step = int(rng.integers(1, 6))
    if rng.random() < 0.5 and effective[office, year:].min() > step:
        step = -step
    effective[office, year:] += step
    return ("normative_documents.effective",), f"{step:+d} documents that nobody issued or repealed"


@planter(frequency=0.004)
def appeal(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """The 总计 of a channel of section 四 is not the sum of its outcomes (A04), often a 0 left standing."""
    channels = [name for name in cells.CHANNELS if at(panel, f"appeals.{name}.total", office, year) > 0]
    if not channels:
        return None
    code = f"appeals.{rng.choice(channels)}.total"
    if rng.random() < 0.5:
        before = at(panel, code, office, year)
        panel.column(code)[office, year] = 0
        return (code,), f"total printed as 0 instead of {before}"
    return off_by_some(panel, rng, code, office, year)


@planter(frequency=0.02, in_prose=True)
def text(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """The prose states another number of applications received, or of reconsiderations, than the table (B01, B03,
    B06)."""
    names = {
        "applications_received": "applications.received.total",
        "reconsiderations": "appeals.reconsideration.total",
    }
    weights = {"applications_received": 0.75, "reconsiderations": 0.25}
    spoken = [name for name in names if not np.isnan(panel.stated[name][office, year])]
    if not spoken:
        return None
    chances = np.array([weights[name] for name in spoken])
    name = str(rng.choice(spoken, p=chances / chances.sum()))
    before = int(panel.stated[name][office, year])
    after = before + int(rng.integers(1, 5)) * (-1 if before > 4 and rng.random() < 0.5 else 1)
    panel.stated[name][office, year] = after
    return (names[name],), f"{name}: the prose says {after}, the table {before}"


@planter(frequency=0.006, needs_previous=True)
def copy(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """All tables are last year's, number for number (D03). Only between reports of the same forms, where last year
    shows something, and where next year's carry-over and stock of documents still follow, so that the mistake stays
    in its own report."""
    same = panel.proactive[office, year] == panel.proactive[office, year - 1]
    if not same or panel.applications[office, year] != panel.applications[office, year - 1]:
        return None
    if np.nansum(np.abs(panel.figures[office, year - 1])) == 0:
        return None
    if (panel.figures[office, year] == panel.figures[office, year - 1]).all():
        return None
    passed_on = (
        "applications.carried_forward.total",
        "applications.carried_forward.natural_person",
        "normative_documents.effective",
    )
    last = year + 1 == len(panel.years)
    if not last and any(at(panel, code, office, year) != at(panel, code, office, year - 1) for code in passed_on):
        return None
    panel.figures[office, year] = panel.figures[office, year - 1]
    return (), "all tables are those of the year before"


@planter(frequency=0.015, needs_previous=True)
def copy_narrative(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """Almost every sentence is last year's, with the new numbers put in (D04)."""
    taken = rng.random(panel.prose.shape[2]) < 0.99
    panel.prose[office, year] = np.where(taken, panel.prose[office, year - 1], panel.prose[office, year])
    return (), "the prose is that of the year before"


@planter(frequency=0.010, in_proactive=True)
def unit(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """Permits or penalties wrong by a power of ten: ×10, ×100, ×10 000 or ÷10, as when 万 or a zero is mistaken
    (D05)."""
    code = series(panel, rng, office, year, least=10)
    if code is None:
        return None
    before = at(panel, code, office, year)
    power = int(rng.choice([1, 2, 4, -1, -2], p=[0.4, 0.2, 0.1, 0.2, 0.1]))
    if power < 0 and before < 100:
        power = 1
    after = before * 10**power if power > 0 else max(1, round(before / 10**-power))
    panel.column(code)[office, year] = after
    return (code,), f"{after} instead of {before}: a factor of 10^{power}"


@planter(frequency=0.006, in_proactive=True)
def transposition(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """Two adjacent digits of permits or penalties change places (D08)."""
    code = series(panel, rng, office, year, least=10)
    if code is None:
        return None
    digits = str(at(panel, code, office, year))
    places = [i for i in range(len(digits) - 1) if digits[i] != digits[i + 1] and not (i == 0 and digits[1] == "0")]
    if not places:
        return None
    i = int(rng.choice(places))
    swapped = digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]
    panel.column(code)[office, year] = int(swapped)
    return (code,), f"{swapped} instead of {digits}"


@planter(frequency=0.004)
def share(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """Disclosure collapses: what was granted appears as 本机关不掌握 in a report with ten results or more (E01,
    E02). All sums close."""
    decided = at(panel, "applications.results_total.total", office, year)
    moved = sum(at(panel, f"applications.{row}.total", office, year) for row in ("granted", "partly_granted"))
    if decided < 10 or moved < 0.3 * decided:
        return None
    touched: list[str] = []
    for applicant in (*cells.APPLICANTS, cells.TOTAL):
        taker = f"applications.unavailable.not_held.{applicant}"
        for row in ("granted", "partly_granted"):
            giver = f"applications.{row}.{applicant}"
            count = at(panel, giver, office, year)
            if count:
                panel.column(giver)[office, year] = 0
                panel.column(taker)[office, year] += count
                touched += [giver, taker]
    return tuple(dict.fromkeys(touched)), f"{moved} granted turned into 本机关不掌握相关政府信息"


@planter(frequency=0.008, in_proactive=True)
def spike(panel: Panel, rng: np.random.Generator, office: int, year: int) -> Done:
    """Permits or penalties four to eight times their true number in one year (D06)."""
    code = series(panel, rng, office, year, least=5)
    if code is None:
        return None
    before = at(panel, code, office, year)
    after = round(before * float(rng.uniform(4, 8)))
    panel.column(code)[office, year] = after
    return (code,), f"{after} instead of {before}"
