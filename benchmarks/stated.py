"""Figures stated in prose, read back from sample reports of a fresh seed.

python benchmarks/stated.py [--reports 1000] [--seed S] [--show 0]

Two sets of wordings. `sample`: the joined clauses and whole sentences that every sample city uses; the reader was improved on them (on other
seeds). `held out`: whole sentences of benchmarks/held_out_wordings.csv, which nothing else uses and on which nothing was tuned. A figure is a quantity with its value, unit
and qualifier (approximate, cumulative); the same figure told twice in a report counts once. recall = figures read right / figures stated;
precision = figures read right / figures read. The last line of each set is not of figures, but of the problems and remedies of section 五, told
right where kind and text are.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from extract.document import Source
from extract.improvements import items
from extract.report import read_report
from sample import city, kinds, page

HELD_OUT = Path(__file__).parent / "held_out_wordings.csv"
SETS: dict[str, Path | None] = {"sample": None, "held out": HELD_OUT}
YEARS = range(2019, 2026)
FAMILIES = (
    "items_disclosed", "applications", "reconsiderations", "lawsuits", "permits", "penalties", "coercion", "documents", "fees",
    "information_fees", "procurement",
)  # fmt: skip
Figure = tuple[str, float, str, str]


def family(quantity: str) -> str:
    """The group of quantities that a line of the table is about."""
    return next(name for name in sorted(FAMILIES, key=len, reverse=True) if quantity.startswith(name))


def told(figures: Iterable[Figure]) -> set[Figure]:
    """The figures, their values rounded as far as print goes."""
    return {(quantity, round(value, 6), unit, qualifier) for quantity, value, unit, qualifier in figures}


def once(figures: Iterable[Figure]) -> set[tuple[str, float]]:
    """Quantity and value alone: a figure told twice, as 未收到 and as 0件, is one."""
    return {(quantity, value) for quantity, value, _, _ in figures}


def score(table: Path | None, reports: int, seed: int, show: int) -> tuple[Counter[str], dict[str, Counter[str]]]:
    """Counts over the reports of one city, in all and by family."""
    whole, parts, shown = Counter[str](), defaultdict[str, Counter[str]](Counter), 0
    made = city.city(max(2, -(-reports // 7)), YEARS, seed, {})
    for report, hand in city.reports(made):
        laid = page.lay_out(report, hand, table)
        read = read_report(Source("0" * 12, "report.html", "html", "0" * 64), kinds.write(laid, "html"))
        stated = told((one.quantity, one.value, one.unit, one.qualifier) for one in laid.stated)
        found = told((one.quantity, one.value, one.unit, one.qualifier) for one, _ in read.stated)
        whole["reports"] += 1
        whole["perfect"] += found <= stated and once(found) == once(stated)
        named = [(item.kind, item.text) for part in read.sections if part.number == 5 for item in items(part)]
        truth = Counter(laid.improvements)
        parts["improvements"].update(stated=truth.total(), read=len(named), right=(truth & Counter(named)).total())
        for name, figures in (("stated", once(stated)), ("read", once(found)), ("right", once(stated & found))):
            whole[name] += len(figures)
            for one in figures:
                parts[family(one[0])][name] += 1
        if not (found <= stated and once(found) == once(stated)) and shown < show:
            shown += 1
            sentences = {one.quantity: one.sentence for one in laid.stated} | {
                one.quantity: one.sentence for one, _ in read.stated
            }
            for mark, one in [("-", one) for one in sorted(stated - found)] + [
                ("+", one) for one in sorted(found - stated)
            ]:
                print(f"{mark} {one[0]}={one[1]:g}{one[2]}~{one[3]}  {sentences[one[0]]}")
    return whole, parts


def line(name: str, count: Counter[str]) -> str:
    recall, precision = (100 * count["right"] / max(count[of], 1) for of in ("stated", "read"))
    return f"{count['stated']:>8}{count['read']:>8}{recall:>10.2f}{precision:>12.2f}   {name}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--reports", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=90303)
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--show", type=int, default=0, help="reports whose misread figures are printed, per set")
    options = parser.parse_args()
    print(f"{'stated':>8}{'read':>8}{'recall %':>10}{'precision %':>12}")
    for name in options.sets.split(","):
        whole, parts = score(SETS[name], options.reports, options.seed, options.show)
        perfect = 100 * whole["perfect"] / max(whole["reports"], 1)
        print(line(f"{name}: {whole['reports']} reports, {perfect:.1f} % of them without any fault", whole))
        for part in (*FAMILIES, "improvements"):
            if parts[part]["stated"] or parts[part]["read"]:
                print(line(f"  {part}", parts[part]))


if __name__ == "__main__":
    main()
