"""What counts as right: planted mistakes and what the simulation does wrong by nature, against the flags of a city."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import numpy as np
import pandas as pd
from planted_tables import Drawn
from simple_rules import RULES

from compare import anomalies, panel, rules
from sample.planters import Planted

Place = tuple[int, int]  # office number, year
Counts = Counter[tuple[str, ...]]

ELEVEN = ("row_sum", "flow", "carry", "stock", "appeal", "text", "copy", "unit", "transposition", "share", "spike")
UNSEEN = (
    "transposition",
)  # most swaps are smaller than the change from year to year: the printed forms cannot show them
SERIES = ("unit", "spike", "transposition", "copy", "item_count", "twin")
# What each check is about: kinds of planted mistakes, then what the simulation did wrong by nature.
ABOUT: dict[str, tuple[str, ...]] = {
    "A01": ("row_sum", "leaf"), "A02": ("row_sum", "leaf"), "A03": ("flow", "row_sum"), "A04": ("appeal",),
    "A05": ("impossible",), "A06": ("item_count",), "B01": ("text",), "B02": ("text",), "B03": ("text",), "B04": (),
    "B05": ("text",), "B06": ("text",), "B07": ("decisions_text",), "B08": (), "B09": (), "C01": ("absent",),
    "C02": ("late",), "C03": ("wrong_year_title",), "C04": ("missing_section",), "C05": ("missing_section", "blanks"),
    "C06": ("wrong_form", "old_row"), "C07": (), "C08": (), "D01": ("carry", "copy", "twin"),
    "D02": ("stock", "copy", "twin"), "D03": ("copy",), "D04": ("copy_narrative", "retained"), "D05": (*SERIES, "fee_unit"),
    "D06": SERIES, "D07": ("unit", "vanished", "item_count", "early_zero", "twin", "reform"), "D08": ("transposition", "unit", "spike"),
    "D09": (), "D10": (), "E01": ("share", "twin"), "E02": ("share", "twin"), "E03": ("borrowed_narrative",), "E04": (),
    "E05": ("twin",), "E06": (), "E07": (),
}  # fmt: skip
BY_NATURE = ("item_count", "early_zero", "absent", "old_row", "blanks", "retained", "reform")
RETAINED = 0.75  # of the sentences of last year's report, kept by nature: nearly a copy of its prose
AUDITED = ("item_count", "absent")  # what an audit would count as right at the level of reports
EXACT = ("A01", "A02", "A03", "A04", "A05", "B01", "B02", "B03", "B06", "B07", "D01", "D02")
EXACT_KINDS = ("row_sum", "flow", "carry", "stock", "appeal", "text", "leaf", "impossible", "decisions_text")
AUDITORS = ("certain", "priority")
SHOWN = ("certain", "priority", "review", "look")
Reached = dict[Place, set[tuple[str, str]]]


class Truth(NamedTuple):
    """`wrong` says for each place what is wrong there, `offices` which number an office_id has, `last` the last year."""

    planted: list[Planted]
    wrong: dict[Place, set[str]]
    offices: dict[str, int]
    last: int


def truth_of(drawn: Drawn, offices: dict[str, int]) -> Truth:
    """Everything that is wrong in a city: kinds planted and kinds that the simulation did by nature. A copy of a year
    in which kinds of items were counted is such a count too. What a whole district shares stands at office −1."""
    simulated, wrong = drawn.made.panel, dict[Place, set[str]]()
    years = simulated.years
    for mistake in drawn.made.planted:
        wrong.setdefault((mistake.office, mistake.year), set()).add(mistake.kind)
    for event in simulated.events:
        if event.kind in BY_NATURE:
            wrong.setdefault((event.office, event.year), set()).add(event.kind)
            if "copy" in wrong.get((event.office, event.year + 1), ()):
                wrong[event.office, event.year + 1].add(event.kind)
        if event.kind == "district_reform":
            wrong.setdefault((-1, event.year - 1), set()).add("reform")
    kept = (simulated.prose[:, 1:] == simulated.prose[:, :-1]).mean(axis=2) >= RETAINED
    for office, at in np.argwhere(kept & simulated.present[:, 1:] & simulated.present[:, :-1]):
        wrong.setdefault((int(office), years[at + 1]), set()).add("retained")
    for office, at in np.argwhere((simulated.applications == 2019) & (np.array(years)[None, :] >= 2021)):
        wrong.setdefault((int(office), years[at]), set()).add("old_row")
    blank = np.isin(drawn.states, ["blank", "dash"]).any(axis=1)
    for office, at in np.argwhere(drawn.place >= 0):
        if blank[drawn.place[office, at]] or simulated.prose_only[office]:
            wrong.setdefault((int(office), years[at]), set()).add("blanks")
    return Truth(drawn.made.planted, wrong, offices, years[-1])


def count(truth: Truth, found: pd.DataFrame) -> Counts:
    """(what, which, 'n' or 'hit') → count: precision by check and tier, recall by kind, reports."""
    counts: Counts = Counter()
    reached: Reached = {}
    for flag in found[found["tier"].isin(SHOWN)].itertuples():
        place = (truth.offices.get(str(flag.office_id), -1), int(flag.year))
        here = truth.wrong.get(place, set()) & set(ABOUT[flag.check])
        groups = [("check", flag.check), ("tier", flag.tier)]
        if flag.check in EXACT:
            groups.append(("exact", "all shown"))
            if flag.tier in AUDITORS:
                groups.append(("exact", "auditors' list"))
        if flag.tier in AUDITORS:
            groups += [("auditors", "all checks"), ("auditors", flag.check)]
        for group in groups:
            counts[(*group, "n")] += 1
            counts[(*group, "audit")] += bool(here)
            counts[(*group, "strict")] += bool(here - set(BY_NATURE))
        reached.setdefault(place, set()).add((flag.check, flag.tier))
    return counts + count_recall(truth, reached) + count_reports(truth, reached)


def count_recall(truth: Truth, reached: Reached) -> Counts:
    """Recall of each planted kind by the checks about it: in any tier that is shown, and in the auditors' two."""
    counts: Counts = Counter()
    for mistake in truth.planted:
        told = reached.get((mistake.office, mistake.year), set())
        about = {(check, tier) for check, tier in told if mistake.kind in ABOUT[check]}
        counts["kind", mistake.kind, "n"] += 1
        counts["kind", mistake.kind, "shown"] += bool(about)
        counts["kind", mistake.kind, "auditors"] += any(tier in AUDITORS for _, tier in about)
        if mistake.kind in EXACT_KINDS:
            counts["exact", "recall", "n"] += 1
            counts["exact", "recall", "shown"] += bool(about)
    return counts


def count_reports(truth: Truth, reached: Reached) -> Counts:
    """Reports with a flag of the tiers certain and priority (and with review) against reports with a mistake, in all
    years and in the last one."""
    counts: Counts = Counter()
    kinds = {mistake.kind for mistake in truth.planted}
    for tiers, name in ((AUDITORS, "certain+priority"), ((*AUDITORS, "review"), "with review")):
        for span in ("all years", "last year"):
            flagged = {
                place
                for place, told in reached.items()
                if (span == "all years" or place[1] == truth.last) and any(tier in tiers for _, tier in told)
            }
            group = ("report", f"{name}, {span}")
            counts[(*group, "flagged")] += len(flagged)
            counts[(*group, "audit")] += sum(bool(truth.wrong.get(p, set()) & (kinds | set(AUDITED))) for p in flagged)
            counts[(*group, "strict")] += sum(bool(truth.wrong.get(p, set()) & kinds) for p in flagged)
            for mistake in truth.planted:
                if mistake.kind in ELEVEN and (span == "all years" or mistake.year == truth.last):
                    hit = (mistake.office, mistake.year) in flagged
                    seen = mistake.kind not in UNSEEN
                    for key, of in (
                        ("planted", True),
                        ("found", hit),
                        ("planted seen", seen),
                        ("found seen", seen and hit),
                    ):
                        counts[(*group, key)] += of
    return counts


def count_series(truth: Truth, drawn: Drawn, loaded: panel.Panel) -> Counts:
    """Simple rules and ours on the series of permits and penalties: precision, and recall by kind."""
    counts: Counts = Counter()
    cells = {"permits": "permits.decisions", "penalties": "penalties.decisions"}
    found = rules.run(loaded, ["A06", "D05", "D06"])
    failing = found[(found["status"] == rules.FAIL) & found["instance"].isin(cells)]
    for measure, cell in cells.items():
        planted = {(m.office, m.year): m.kind for m in truth.planted if cell in m.cells}
        events = drawn.made.panel.events
        items = {(e.office, e.year) for e in events if e.kind == "item_count" and e.detail == cell}
        copies = {(m.office, m.year) for m in truth.planted if m.kind == "copy"}
        x = loaded.grid(loaded.measure(measure))
        told: dict[str, set[Place]] = {name: places(truth, loaded, rule(x)) for name, rule in RULES.items()}
        ours = failing[failing["instance"] == measure]
        strong = [(t or {}).get("grade", "priority") == "priority" for t in ours["told"]]
        told["odds with A06 (review)"] = keys(truth, ours)
        told["odds with A06 (priority)"] = keys(truth, ours[np.array(strong, dtype=bool)])
        fitted = anomalies.scores(loaded, measure)
        told["S5 with A06, z ≥ 3.5 (review)"] = keys(truth, fitted[fitted["z"].abs() >= anomalies.REVIEW])
        told["S8 with A06, z ≥ 3.5 (priority)"] = keys(truth, fitted[fitted["isolation"] >= anomalies.REVIEW])
        for name in told:
            if name.startswith(("S5", "S8")):
                told[name] |= keys(truth, ours[ours["check"] == "A06"])
        for name, flagged in told.items():
            for span in ("", " last"):
                here = {place for place in flagged if not span or place[1] == truth.last}
                counts["series", name, f"n{span}"] += len(here)
                counts["series", name, f"strict{span}"] += len(here & (set(planted) | copies))
                counts["series", name, f"audit{span}"] += len(here & (set(planted) | items | copies))
                for kind in ("unit", "spike", "transposition"):
                    meant = {p for p, k in planted.items() if k == kind and (not span or p[1] == truth.last)}
                    counts["series", name, f"{kind}{span} n"] += len(meant)
                    counts["series", name, f"{kind}{span}"] += len(meant & here)
    return counts


def places(truth: Truth, loaded: panel.Panel, told: np.ndarray) -> set[Place]:
    """(office, year) of the true entries of offices × years."""
    names = [truth.offices[str(office)] for office in loaded.offices.index]
    return {(names[o], loaded.years[y]) for o, y in np.argwhere(told)}


def keys(truth: Truth, frame: pd.DataFrame) -> set[Place]:
    """(office, year) of the rows of a frame."""
    return {(truth.offices[str(o)], int(y)) for o, y in zip(frame["office_id"], frame["year"], strict=True)}
