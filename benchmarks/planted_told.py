"""The counts of many cities as Markdown, each ratio with its 95 % interval by resampling whole cities."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from planted_counts import ABOUT, SHOWN, Counts

Ratio = Callable[[Counts], tuple[float, float]]
Cities = Mapping[str, list[Counts]]  # setting → the counts of its cities


def ratio(of: tuple[str, ...], to: tuple[str, ...]) -> Ratio:
    """A ratio of two counts, as (numerator, denominator)."""
    return lambda counts: (counts[of], counts[to])


def both_last(name: str) -> Ratio:
    """Recall of unit slips and spikes in the last year, of one rule on the series."""
    g = ("series", name)
    hit, meant = ([(*g, f"{kind} last{end}") for kind in ("unit", "spike")] for end in ("", " n"))
    return lambda counts: (sum(counts[key] for key in hit), sum(counts[key] for key in meant))


def told(cities: list[Counts], made: Ratio, plain: bool = False) -> str:
    """A pooled ratio with its interval over cities, '—' where there is nothing to divide by."""
    pairs = np.array([made(counts) for counts in cities], dtype=float).reshape(-1, 2)
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


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def goals(cities: Cities) -> str:
    """What was promised, setting by setting."""
    made = {
        "exact rules R": ratio(("exact", "recall", "shown"), ("exact", "recall", "n")),
        "exact rules P, all tiers": ratio(("exact", "all shown", "audit"), ("exact", "all shown", "n")),
        "exact rules P, certain and priority": ratio(("exact", "auditors' list", "audit"), ("exact", "auditors' list", "n")),
        "all checks P, certain and priority": ratio(("auditors", "all checks", "audit"), ("auditors", "all checks", "n")),
        "copied tables P": ratio(("check", "D03", "audit"), ("check", "D03", "n")),
        "copied tables R": ratio(("kind", "copy", "shown"), ("kind", "copy", "n")),
    }  # fmt: skip
    rows = [[setting, *(told(c, one) for one in made.values())] for setting, c in cities.items()]
    return table(["mistakes of each kind, reports misread", *made], rows)


def reports_table(cities: Cities) -> str:
    """Report level, tier by tier."""
    rows = []
    for name in ("certain+priority, all years", "certain+priority, last year", "with review, all years"):
        for setting, c in cities.items():
            group = ("report", name)
            made = (("audit", "flagged"), ("strict", "flagged"), ("found seen", "planted seen"), ("found", "planted"))
            rows.append([name, setting, *(told(c, ratio((*group, of), (*group, to))) for of, to in made)])
    head = ["tiers", "mistakes, misread", "P audit", "P strict", "R without transpositions", "R of all eleven kinds"]
    return table(head, rows)


def series_table(cities: list[Counts], what: str) -> str:
    """Ours beside simple rules."""
    rows = []
    for name in dict.fromkeys(key[1] for counts in cities for key in counts if key[0] == "series"):
        g = ("series", name)
        rows.append([
            name,
            *(told(cities, ratio((*g, of), (*g, "n")), plain) for of, plain in (("audit", False), ("strict", True))),
            *(told(cities, ratio((*g, kind), (*g, f"{kind} n"))) for kind in ("unit", "spike", "transposition")),
            told(cities, ratio((*g, "audit last"), (*g, "n last")), True), told(cities, both_last(name), True),
        ])  # fmt: skip
    head = [what, "P audit", "P strict", "R unit", "R spike", "R transposition", "last year P audit", "last year R unit and spike"]  # fmt: skip
    return table(head, rows)


def checks_table(cities: list[Counts]) -> str:
    """Precision of each check: of all its flags, and of those in the auditors' list."""
    checks = sorted({key[1] for counts in cities for key in counts if key[0] == "check"})
    rows = [
        [
            check,
            f"{sum(k['check', check, 'n'] for k in cities) / len(cities):.1f}",
            told(cities, ratio(("check", check, "audit"), ("check", check, "n"))),
            told(cities, ratio(("check", check, "strict"), ("check", check, "n")), True),
            told(cities, ratio(("auditors", check, "audit"), ("auditors", check, "n"))),
            ", ".join(ABOUT[check]) or "nothing planted",
        ]
        for check in checks
    ]
    return table(["check", "flags per city", "P audit", "P strict", "P audit, certain and priority", "about"], rows)


def kinds_table(cities: Cities) -> str:
    """Recall of each kind of mistake, in any tier shown and in the auditors' two."""
    kinds = list(dict.fromkeys(key[1] for c in cities.values() for counts in c for key in counts if key[0] == "kind"))
    rows = []
    for kind in kinds:
        cells = [
            told(c, ratio(("kind", kind, which), ("kind", kind, "n")))
            for c in cities.values()
            for which in ("shown", "auditors")
        ]
        rows.append([kind, *cells])
    head = [f"{setting}: {which}" for setting in cities for which in ("any tier", "certain and priority")]
    return table(["kind", *head], rows)


def tiers_table(cities: Cities) -> str:
    """Flags and precision of each tier."""
    rows = []
    for setting, c in cities.items():
        for tier in SHOWN:
            flags = sum(k["tier", tier, "n"] for k in c) / max(len(c), 1)
            made = ratio(("tier", tier, "audit"), ("tier", tier, "n"))
            rows.append([setting, tier, f"{flags:.1f}", told(c, made)])
    return table(["mistakes, misread", "tier", "flags per city", "P audit"], rows)
