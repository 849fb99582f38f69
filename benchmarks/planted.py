"""Planted mistakes found again: precision and recall of checks, tiers and reports on fresh fictional cities.

python benchmarks/planted.py [--seeds 20] [--first-seed 5001] [--offices 300] [--plants 5,10,30] [--misread 0,0.005,0.02]
                             [--out benchmarks/planted.md] [--jobs 2]

A city of 300 offices and seven years is simulated, mistakes of every kind are planted, and its tables are written as
extract would publish them; a share of the reports gets one number read wrong, in four of five cases by one of the two
readings only. Then `compare` raises its flags. A flag is right where its report carries a mistake of a kind that the check
is about. *strict* counts planted mistakes only; *audit* also what the simulation did wrong by nature: item counts printed
as decisions (and, for D07 alone, zeros of the first years; for C01, reports that were never published; for C06, the old
row （六）; for C05,
zeros left blank and tables told in prose). Intervals are 95 %, by resampling whole cities.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from planted_tables import Drawn, Tables, draw, publish
from simple_rules import RULES

from compare import anomalies, flags, panel, rules
from sample import city, plants

YEARS = range(2019, 2026)
NUMBERS = ("row_sum", "flow", "carry", "stock", "appeal", "text", "copy", "unit", "transposition", "share", "spike")
UNSEEN = ("transposition",)  # most swaps are smaller than the change from year to year
# What each check is about: kinds of planted mistakes, then what the simulation did wrong by nature.
ABOUT: dict[str, tuple[str, ...]] = {
    "A01": ("row_sum",), "A02": ("row_sum",), "A03": ("flow", "row_sum"), "A04": ("appeal",), "A05": (),
    "A06": ("item_count",), "B01": ("text",), "B02": ("text",), "B03": ("text",), "B04": (), "B05": ("text",),
    "B06": ("text",), "B07": (), "B08": (), "B09": (), "C01": ("absent",), "C02": ("late",), "C03": ("wrong_year_title",),
    "C04": ("missing_section",), "C05": ("missing_section", "blanks"), "C06": ("wrong_form", "old_row"), "C07": (), "C08": (),
    "D01": ("carry", "copy"), "D02": ("stock", "copy"), "D03": ("copy",), "D04": ("copy_narrative",),
    "D05": ("unit", "spike", "transposition", "copy", "item_count"),
    "D06": ("unit", "spike", "transposition", "copy", "item_count"),
    "D07": ("unit", "item_count", "early_zero"), "D08": ("transposition", "unit", "spike"), "D09": (), "D10": (),
    "E01": ("share",), "E02": ("share",), "E03": ("copy_narrative",), "E04": (), "E05": (), "E06": (), "E07": (),
}  # fmt: skip
BY_NATURE = ("item_count", "early_zero", "absent", "old_row", "blanks")
EXACT = ("A01", "A02", "A03", "A04", "A05", "B01", "B02", "B03", "B06", "D01", "D02")
EXACT_KINDS = ("row_sum", "flow", "carry", "stock", "appeal", "text")
AUDITORS = ("certain", "priority")
SHOWN = ("certain", "priority", "review", "look")
Counts = Counter[tuple[str, ...]]
Setting = tuple[int, float, int]


def run_city(planted: int, seed: int, offices: int, misread: tuple[float, ...]) -> dict[Setting, Counts]:
    """The counts of one city, for each share of misread reports."""
    made = city.city(offices, YEARS, seed, dict.fromkeys(plants.PLANTERS, planted))
    drawn = draw(made)
    results = {}
    for number, share in enumerate(misread):
        with tempfile.TemporaryDirectory(prefix="planted-") as folder:
            tables = publish(drawn, Path(folder), share, np.random.default_rng([seed, 77, number]))
            started = time.perf_counter()
            loaded = panel.load(tables.folder)
            found = flags.make(loaded)
            counts = count(drawn, tables, found)
            counts["seconds",] = round(1000 * (time.perf_counter() - started))
            if share == 0:
                counts += count_series(drawn, loaded)
        results[planted, share, seed] = counts
    return results


def wrong_by_place(drawn: Drawn) -> dict[tuple[int, int], set[str]]:
    """(office, year) → what is wrong there: kinds planted and kinds that the simulation did by nature."""
    wrong: dict[tuple[int, int], set[str]] = {}
    for mistake in drawn.made.planted:
        wrong.setdefault((mistake.office, mistake.year), set()).add(mistake.kind)
    for event in drawn.made.panel.events:
        if event.kind in BY_NATURE:
            wrong.setdefault((event.office, event.year), set()).add(event.kind)
    applications, years = drawn.made.panel.applications, drawn.made.panel.years
    for office, at in np.argwhere((applications == 2019) & (np.array(years)[None, :] >= 2021)):
        wrong.setdefault((int(office), years[at]), set()).add("old_row")
    blank = np.isin(drawn.states, ["blank", "dash"]).any(axis=1)
    for office, at in np.argwhere(drawn.place >= 0):
        without_table = drawn.made.panel.prose_only[office]
        if blank[drawn.place[office, at]] or without_table:
            wrong.setdefault((int(office), years[at]), set()).add("blanks")
    return wrong


def count(drawn: Drawn, tables: Tables, found: pd.DataFrame) -> Counts:
    """(what, which, 'n' or 'hit') → count: precision by check and tier, recall by kind, reports."""
    counts: Counts = Counter()
    wrong = wrong_by_place(drawn)
    reached: dict[tuple[int, int], set[tuple[str, str]]] = {}
    for flag in found[found["tier"].isin(SHOWN)].itertuples():
        place = (int(str(flag.office_id)[2:]), int(flag.year)) if flag.office_id else (-1, int(flag.year))
        here = wrong.get(place, set())
        right = bool(here & set(ABOUT[flag.check]))
        strict = bool(here & set(ABOUT[flag.check]) - set(BY_NATURE))
        groups = [("check", flag.check), ("tier", flag.tier), (f"tier {flag.tier}", flag.check)]
        if flag.check in EXACT:
            groups.append(("exact", "all shown"))
            if flag.tier in AUDITORS:
                groups.append(("exact", "auditors' list"))
        if flag.tier in AUDITORS:
            groups.append(("auditors", "all checks"))
        for group in groups:
            counts[(*group, "n")] += 1
            counts[(*group, "audit")] += right
            counts[(*group, "strict")] += strict
        reached.setdefault(place, set()).add((flag.check, flag.tier))
    counts += count_recall(drawn, reached)
    counts += count_reports(drawn, wrong, reached)
    return counts


def count_recall(drawn: Drawn, reached: dict[tuple[int, int], set[tuple[str, str]]]) -> Counts:
    """Recall of each planted kind by the checks about it: in any tier that is shown, and in the auditors' two."""
    counts: Counts = Counter()
    for mistake in drawn.made.planted:
        told = reached.get((mistake.office, mistake.year), set())
        about = {(check, tier) for check, tier in told if mistake.kind in ABOUT[check]}
        counts["kind", mistake.kind, "n"] += 1
        counts["kind", mistake.kind, "shown"] += bool(about)
        counts["kind", mistake.kind, "auditors"] += any(tier in AUDITORS for _, tier in about)
        if mistake.kind in EXACT_KINDS:
            counts["exact", "recall", "n"] += 1
            counts["exact", "recall", "shown"] += bool(about)
    return counts


def count_reports(
    drawn: Drawn, wrong: dict[tuple[int, int], set[str]], reached: dict[tuple[int, int], set[tuple[str, str]]]
) -> Counts:
    """Reports with a flag of the tiers certain and priority (and with review) against reports with a mistake, in all
    years and in the last one."""
    counts: Counts = Counter()
    kinds = set(plants.PLANTERS)
    for tiers, name in ((AUDITORS, "certain+priority"), ((*AUDITORS, "review"), "with review")):
        for years, span in ((set(YEARS), "all years"), ({YEARS[-1]}, "last year")):
            flagged = {p for p, told in reached.items() if p[1] in years and any(tier in tiers for _, tier in told)}
            group = ("report", f"{name}, {span}")
            counts[(*group, "flagged")] += len(flagged)
            counts[(*group, "audit")] += sum(
                bool(wrong.get(p, set()) & (kinds | {"item_count", "absent"})) for p in flagged
            )
            counts[(*group, "strict")] += sum(bool(wrong.get(p, set()) & kinds) for p in flagged)
            for mistake in drawn.made.planted:
                if mistake.year in years and mistake.kind in NUMBERS:
                    hit = (mistake.office, mistake.year) in flagged
                    counts[(*group, "planted")] += 1
                    counts[(*group, "found")] += hit
                    if mistake.kind not in UNSEEN:
                        counts[(*group, "planted seen")] += 1
                        counts[(*group, "found seen")] += hit
    return counts


def count_series(drawn: Drawn, loaded: panel.Panel) -> Counts:
    """Simple rules and ours on the series of permits and penalties: precision, and recall by kind."""
    counts: Counts = Counter()
    cells = {"permits": "permits.decisions", "penalties": "penalties.decisions"}
    found = rules.run(loaded, ["A06", "D05", "D06"])
    failing = found[(found["status"] == rules.FAIL) & found["instance"].isin(cells)]
    for measure, cell in cells.items():
        truth = {(m.office, m.year): m.kind for m in drawn.made.planted if cell in m.cells}
        items = {(e.office, e.year) for e in drawn.made.panel.events if e.kind == "item_count" and e.detail == cell}
        copies = {(m.office, m.year) for m in drawn.made.planted if m.kind == "copy"}
        x = loaded.grid(loaded.measure(measure))
        told: dict[str, set[tuple[int, int]]] = {name: places(loaded, rule(x)) for name, rule in RULES.items()}
        ours = failing[failing["instance"] == measure]
        strong = [(t or {}).get("grade", "priority") == "priority" for t in ours["told"]]
        told["S5 with A06 (review)"] = keys(ours)
        told["S8 with A06 (priority)"] = keys(ours[np.array(strong, dtype=bool)])
        fitted = anomalies.scores(loaded, measure)
        told["S5 as listed"] = keys(fitted[fitted["z"].abs() >= anomalies.REVIEW])
        told["S8 as listed"] = keys(fitted[fitted["isolation"] >= anomalies.REVIEW])
        for name, flagged in told.items():
            for span, years in (("", set(YEARS)), (" last", {YEARS[-1]})):
                here = {place for place in flagged if place[1] in years}
                counts["series", name, f"n{span}"] += len(here)
                counts["series", name, f"strict{span}"] += len(here & set(truth)) + len(here & copies - set(truth))
                counts["series", name, f"audit{span}"] += len(here & (set(truth) | items | copies))
                for kind in ("unit", "spike", "transposition"):
                    meant = {place for place, k in truth.items() if k == kind and place[1] in years}
                    counts["series", name, f"{kind}{span} n"] += len(meant)
                    counts["series", name, f"{kind}{span}"] += len(meant & here)
    return counts


def places(loaded: panel.Panel, told: np.ndarray) -> set[tuple[int, int]]:
    """(office, year) of the true entries of offices × years."""
    names = [int(str(office)[2:]) for office in loaded.offices.index]
    return {(names[o], loaded.years[y]) for o, y in np.argwhere(told)}


def keys(frame: pd.DataFrame) -> set[tuple[int, int]]:
    """(office, year) of the rows of a frame."""
    return {(int(str(o)[2:]), int(y)) for o, y in zip(frame["office_id"], frame["year"], strict=True)}


Ratio = Callable[[Counts], tuple[float, float]]


def ratio(of: tuple[str, ...], to: tuple[str, ...]) -> Ratio:
    """A ratio of two counts, as (numerator, denominator)."""
    return lambda counts: (counts[of], counts[to])


def both_last(name: str) -> Ratio:
    """Recall of unit slips and spikes in the last year, of one rule on the series."""
    g = ("series", name)
    hit, meant = ([(*g, f"{kind} last{end}") for kind in ("unit", "spike")] for end in ("", " n"))
    return lambda counts: (sum(counts[key] for key in hit), sum(counts[key] for key in meant))


def told(cities: list[Counts], made: Ratio, plain: bool = False) -> str:
    """A pooled ratio with its 95 % interval over cities, '—' where there is nothing to divide by."""
    pairs = np.array([made(counts) for counts in cities], dtype=float)
    if pairs[:, 1].sum() == 0:
        return "—"
    value = pairs[:, 0].sum() / pairs[:, 1].sum()
    if plain or len(cities) < 3:
        return f"{value:.3f}"
    rng = np.random.default_rng(1)
    drawn = pairs[rng.integers(0, len(pairs), (2000, len(pairs)))].sum(axis=1)
    drawn = drawn[drawn[:, 1] > 0]
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], [0.025, 0.975])
    return f"{value:.3f} ({low:.3f}–{high:.3f})"


def table(head: list[str], rows: Iterable[list[str]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def report(results: dict[Setting, Counts], plant_counts: list[int], misread: list[float], heading: str) -> str:
    """The whole result as Markdown."""
    settings = list(product(plant_counts, misread))
    cities = {s: [c for key, c in sorted(results.items()) if key[:2] == s] for s in settings}
    label = {s: f"{s[0]} × {s[1]:.1%}" for s in settings}
    parts = ["# Planted mistakes, found again", "", heading, ""]
    parts += ["## Goals", "", goals(cities, settings, label), ""]
    parts += ["## Reports", "", reports_table(cities, settings, label), ""]
    parts += ["## Series of permits and penalties, no misreadings", "", series_tables(cities, plant_counts), ""]
    most = max(plant_counts)
    for share in misread:
        parts += [f"## Checks and kinds, {most} of each kind, {share:.1%} misread", ""]
        parts += [
            checks_table(cities[most, share]),
            "",
            kinds_table(cities[most, share]),
            "",
            tiers_table(cities[most, share]),
            "",
        ]
    return "\n".join(parts)


def goals(cities: dict, settings: list, label: dict) -> str:
    """What was promised, setting by setting."""
    rows = []
    for s in settings:
        c = cities[s]
        rows.append([
            label[s],
            told(c, ratio(("exact", "recall", "shown"), ("exact", "recall", "n"))),
            told(c, ratio(("exact", "all shown", "audit"), ("exact", "all shown", "n"))),
            told(c, ratio(("exact", "auditors' list", "audit"), ("exact", "auditors' list", "n"))),
            told(c, ratio(("auditors", "all checks", "audit"), ("auditors", "all checks", "n"))),
            told(c, ratio(("check", "D03", "audit"), ("check", "D03", "n"))),
            told(c, ratio(("kind", "copy", "shown"), ("kind", "copy", "n"))),
        ])  # fmt: skip
    head = [
        "mistakes of each kind × misread reports",
        "exact rules R",
        "exact rules P, all tiers",
        "exact rules P, certain and priority",
        "all checks P, certain and priority",
        "copied tables P",
        "copied tables R",
    ]
    return table(head, rows)


def reports_table(cities: dict, settings: list, label: dict) -> str:
    """Report level, tier by tier."""
    rows = []
    for name in ("certain+priority, all years", "certain+priority, last year", "with review, all years"):
        for s in settings:
            c = cities[s]
            group = ("report", name)
            rows.append([
                name, label[s],
                told(c, ratio((*group, "audit"), (*group, "flagged"))), told(c, ratio((*group, "strict"), (*group, "flagged"))),
                told(c, ratio((*group, "found seen"), (*group, "planted seen"))), told(c, ratio((*group, "found"), (*group, "planted"))),
            ])  # fmt: skip
    return table(
        ["tiers", "mistakes × misread", "P audit", "P strict", "R without transpositions", "R of all eleven kinds"],
        rows,
    )


def series_tables(cities: dict, plant_counts: list[int]) -> str:
    """Ours beside simple rules."""
    parts = []
    for planted in plant_counts:
        c, rows = cities.get((planted, 0.0), []), []
        names = list(dict.fromkeys(key[1] for counts in c for key in counts if key[0] == "series"))
        for name in names:
            g = ("series", name)
            rows.append([
                name, told(c, ratio((*g, "audit"), (*g, "n"))), told(c, ratio((*g, "strict"), (*g, "n")), True),
                *(told(c, ratio((*g, kind), (*g, f"{kind} n"))) for kind in ("unit", "spike", "transposition")),
                told(c, ratio((*g, "audit last"), (*g, "n last")), True), told(c, both_last(name), True),
            ])  # fmt: skip
        head = [
            f"{planted} of each kind",
            "P audit",
            "P strict",
            "R unit",
            "R spike",
            "R transposition",
            "last year P audit",
            "last year R unit and spike",
        ]
        parts.append(table(head, rows))
    return "\n\n".join(parts)


def checks_table(c: list[Counts]) -> str:
    """Precision of each check."""
    checks = sorted({key[1] for counts in c for key in counts if key[0] == "check"})
    rows = [
        [check, f"{sum(k['check', check, 'n'] for k in c) / len(c):.1f}", told(c, ratio(("check", check, "audit"), ("check", check, "n"))),
         told(c, ratio(("check", check, "strict"), ("check", check, "n")), True), ", ".join(ABOUT[check]) or "nothing planted"]
        for check in checks
    ]  # fmt: skip
    return table(["check", "flags per city", "P audit", "P strict", "about"], rows)


def kinds_table(c: list[Counts]) -> str:
    """Recall of each kind of mistake."""
    kinds = [kind for kind in plants.PLANTERS if any(k["kind", kind, "n"] for k in c)]
    rows = [
        [kind, told(c, ratio(("kind", kind, "shown"), ("kind", kind, "n"))), told(c, ratio(("kind", kind, "auditors"), ("kind", kind, "n")))]
        for kind in kinds
    ]  # fmt: skip
    return table(["kind", "R, any tier shown", "R, certain and priority"], rows)


def tiers_table(c: list[Counts]) -> str:
    """Precision of each tier."""
    rows = [
        [tier, f"{sum(k['tier', tier, 'n'] for k in c) / len(c):.1f}", told(c, ratio(("tier", tier, "audit"), ("tier", tier, "n"))),
         told(c, ratio(("tier", tier, "strict"), ("tier", tier, "n")), True)]
        for tier in SHOWN
    ]  # fmt: skip
    return table(["tier", "flags per city", "P audit", "P strict"], rows)


def main() -> int:
    """Run all cities and write the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first-seed", type=int, default=5001)
    parser.add_argument("--offices", type=int, default=300)
    parser.add_argument("--plants", default="5,10,30")
    parser.add_argument("--misread", default="0,0.005,0.02")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, help="write the Markdown here as well")
    options = parser.parse_args()
    plant_counts = [int(part) for part in options.plants.split(",")]
    misread = tuple(float(part) for part in options.misread.split(","))
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    results: dict[Setting, Counts] = {}
    with ProcessPoolExecutor(options.jobs) as pool:
        jobs = [
            pool.submit(run_city, planted, seed, options.offices, misread) for seed in seeds for planted in plant_counts
        ]
        for number, job in enumerate(jobs, 1):
            results |= job.result()
            print(f"\r{number}/{len(jobs)} cities", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    seconds = np.median([c["seconds",] / 1000 for c in results.values()])
    heading = (
        f"{options.seeds} cities (seeds {seeds[0]}–{seeds[-1]}) of {options.offices} offices, {YEARS[0]}–{YEARS[-1]}, made for each number of "
        f"mistakes; all flags of a city take {seconds:.1f} s (median). How it is counted is told in `benchmarks/planted.py`."
    )
    text = report(results, plant_counts, list(misread), heading)
    print(text)
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
