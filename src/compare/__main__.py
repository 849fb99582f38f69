"""`python -m compare flags|figures|notebooks|site OUT`: what stands in the published tables, compared, drawn and
shown."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Any

from compare.heap import keep_one_heap

LONGEST_NAME = 60  # characters of a file's name that say which part it holds


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="python -m compare", description=__doc__)
    commands = top.add_subparsers(dest="command", required=True)
    described = {
        "flags": "check the reports and write OUT/flags.csv (of a part: OUT/flags-PART.csv)",
        "figures": "draw the charts into OUT/figures, each with the CSV of its data",
        "notebooks": "execute the notebooks into OUT/notebooks",
        "site": "write the static pages for auditors",
    }
    for name, text in described.items():
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("out", type=Path, help="the folder that `python -m extract build` wrote (data/processed)")
        command.add_argument("--city", default="", help="only this city")
        command.add_argument("--district", default="", help="only this district, by name or code")
        command.add_argument("--offices", nargs="*", default=[], help="only these offices, by name or id")
        command.add_argument("--years", default="", help="only these years: 2021, 2019-2025 or 2019,2021")
        if name != "notebooks":
            command.add_argument("--province", default="", help="only this province (unknown: where none is known)")
            command.add_argument("--reviews", type=Path, help="people's decisions (default: reviews.csv beside OUT)")
        command.add_argument("--jobs", type=int, default=2, help="how many at once (default: 2)")
    commands.choices["flags"].add_argument("--to", type=Path, help="the file to write (default: as said above)")
    commands.choices["notebooks"].add_argument("--language", choices=("zh", "en"), default="zh")
    commands.choices["notebooks"].add_argument(
        "--notebooks", type=Path, help="folder of the notebooks (default: the project's)"
    )
    commands.choices["site"].add_argument(
        "--to", type=Path, default=Path("site"), help="folder of the site (default: site)"
    )
    return top


def make_flags(options: argparse.Namespace) -> int:
    """Write the flags and print what each check found."""
    from compare import flags, provinces

    path = flags_file(options)
    made = provinces.write(options.out, selection(options), reviews_of(options), path, options.jobs)
    print(made.summary.to_string(index=False))
    tiers = made.flags["tier"].value_counts()
    told = ", ".join(f"{tier} {tiers[tier]}" for tier in flags.TIERS if tier in tiers) or "none"
    if made.provinces > 1:
        print(f"{made.provinces} provinces, each by itself: offices are compared within their own")
    print(f"{len(made.flags)} flags on {made.reports} reports ({told}) → {path}")
    tell_decisions(options, list(made.flags["decision"].fillna("")), list(made.flags["flag_id"]))
    return 0


def flags_file(options: argparse.Namespace) -> Path:
    """Where the flags go: as named, else OUT/flags.csv for the whole, and a name of its own for a part, so that it does
    not replace the whole."""
    if options.to:
        return Path(options.to)
    asked = [value if isinstance(value, str) else "-".join(value) for value in selection(options).values() if value]
    part = re.sub(r"[^\w,-]+", "-", "-".join(asked))[:LONGEST_NAME]
    return Path(options.out) / (f"flags-{part}.csv" if part else "flags.csv")


def tell_decisions(options: argparse.Namespace, decided: list[str], flag_ids: list[str]) -> None:
    """Print how many of people's decisions stand, are stale, or are on findings that are no longer raised."""
    from compare import reviews

    gone = reviews.without_flag(reviews_of(options), flag_ids)
    stale = sum(decision.startswith(reviews.STALE) for decision in decided)
    standing = sum(bool(decision) for decision in decided) - stale
    if standing or stale or gone:
        print(
            f"Decisions: {standing} stand, {stale} are stale (their facts changed), {len(gone)} are on findings no longer raised"
        )
        print("".join(f"  {flag_id}\n" for flag_id in gone[:20]), end="")


def make_figures(options: argparse.Namespace) -> int:
    """Draw every chart in both languages."""
    from compare import figures

    paths = figures.draw_all(options.out, selection(options), reviews_of(options), options.jobs)
    print(f"{len(paths)} figures, each with its CSV → {options.out / 'figures'}")
    return 0


def run_notebooks(options: argparse.Namespace) -> int:
    """Execute the notebooks; 1 where one fails."""
    from compare import notebooks, panel

    panel.load(
        options.out, **selection(options)
    )  # a folder that is not processed is told here, not from inside a notebook
    parameters = {**selection(options), "language": options.language}
    failures = 0
    for result in notebooks.execute_all(options.out, parameters, options.notebooks, options.jobs):
        print(result.line())
        failures += bool(result.error)
    return 1 if failures else 0


def write_site(options: argparse.Namespace) -> int:
    """Write the static pages."""
    from compare import site

    print(f"site → {site.write(options.out, options.to, selection(options), reviews_of(options), options.jobs)}")
    return 0


def selection(options: argparse.Namespace) -> dict[str, Any]:
    """What part of the data was asked for."""
    names = ("province", "city", "district", "offices", "years")
    return {name: getattr(options, name) for name in names if hasattr(options, name)}


def reviews_of(options: argparse.Namespace) -> Path:
    """The file of people's decisions: as named, else reviews.csv beside OUT. A named file that is not there is an
    error."""
    if options.reviews is not None and not options.reviews.is_file():
        raise ValueError(f"there is no file {options.reviews}")
    return options.reviews or options.out.resolve().parent / "reviews.csv"


def main(arguments: list[str] | None = None) -> int:
    """Run one command. 2 where there is nothing to work on, 1 where a notebook fails."""
    options = parser().parse_args(arguments)
    keep_one_heap()
    from compare.panel import NotPublishedError

    actions = {"flags": make_flags, "figures": make_figures, "notebooks": run_notebooks, "site": write_site}
    try:
        return actions[options.command](options)
    except (NotPublishedError, ValueError) as problem:
        print(f"compare {options.command}: {problem}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
