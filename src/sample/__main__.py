"""`python -m sample OUT --offices N --years 2019-2025 --seed S`: write a fictional city and the truth about it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tqdm import tqdm

from sample import city, hands, kinds, page, plants, truth


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 0 when the city stands, 2 when it was asked for something impossible."""
    options = _parser().parse_args(arguments)
    try:
        years = _years(options.years)
        names = _kinds(options.kinds)
        counts = {} if options.no_plants else _counts(options.plants)
        _empty(options.out)
        made = city.city(options.offices, years, options.seed, counts)
        few = city.scanned(made, kinds.few_names()) if options.kinds is None else {}
        written = write(made, options.out, names, few)
    except (ValueError, OSError) as problem:
        print(f"sample: {problem}", file=sys.stderr)
        return 2
    print(f"{written} reports of {options.offices} fictional street offices in {options.out}")
    print(f"{len(made.planted)} planted mistakes; the truth about all of it in {options.out / truth.FOLDER}")
    return 0


def write(made: city.City, out: Path, names: Sequence[str], few: Mapping[tuple[int, int], str] | None = None) -> int:
    """Write every document of the city under `out` and the truth beside it; returns the number of documents.

    `few` names the kind of the documents, by office and year, that are of another kind than their office's and `names` say.
    Documents are made, written and forgotten one by one. OSError where a file cannot be written.
    """
    paths: dict[tuple[int, int], str] = {}
    total = int(made.panel.present.sum())
    with truth.Truth(out / truth.FOLDER) as book:
        for report, hand in tqdm(city.reports(made), total=total, unit="report", disable=not sys.stderr.isatty()):
            name = (few or {}).get((report.office.number, report.year))
            name = name or city.kind_of(report.seed, report.office.number, report.year, names)
            kind = kinds.by_name()[name]
            laid = page.lay_out(report, hand)
            path = Path(report.office.district_key, report.office.key, f"{report.year}{kind.suffix}")
            (out / path).parent.mkdir(parents=True, exist_ok=True)
            (out / path).write_bytes(kinds.write(laid, kind.name))
            book.document(path.as_posix(), kind.name, laid)
            paths[report.office.number, report.year] = path.as_posix()
        book.city(made, paths, (hands.draw(made.panel.seed, office.number).habits() for office in made.panel.offices))
    return len(paths)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sample", description="Write a fictional city whose street offices publish annual reports."
    )
    parser.add_argument(
        "out", type=Path, metavar="OUT", help="folder to write to; it must be empty, new, or a city written before"
    )
    parser.add_argument("--offices", type=int, default=36, metavar="N", help="number of street offices (default 36)")
    parser.add_argument("--years", default="2019-2025", metavar="A-B", help="report years (default 2019-2025)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="same seed, same bytes (default 1)")
    parser.add_argument(
        "--kinds",
        metavar="K,K",
        help=f"kinds of files (default {','.join(kinds.default_names())}, and one each of {','.join(kinds.FEW)})",
    )
    parser.add_argument(
        "--plants", metavar="K=N,K=N", help=f"numbers of planted mistakes, of: {', '.join(plants.PLANTERS)}"
    )
    parser.add_argument("--no-plants", action="store_true", help="plant no mistakes")
    return parser


def _years(text: str) -> list[int]:
    first, _, last = text.partition("-")
    if not first.isdigit() or not (last or first).isdigit():
        raise ValueError(f"--years wants 2019-2025 or a single year, not {text!r}")
    years = list(range(int(first), int(last or first) + 1))
    if not years or years[0] < 2019 or years[-1] > 2100:
        raise ValueError(f"--years must ascend and begin in 2019 or later, not {text!r}")
    return years


def _kinds(text: str | None) -> tuple[str, ...]:
    if text is None:
        for kind in kinds.left_out():
            print(f"sample: {kind.name} is left out: it needs {kind.needs}, which is not installed", file=sys.stderr)
        return kinds.default_names()
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if unknown := [name for name in names if name not in kinds.by_name()]:
        raise ValueError(f"unknown kind {', '.join(unknown)}; known are {', '.join(kinds.by_name())}")
    if lacking := [name for name in names if not kinds.installed(kinds.by_name()[name])]:
        needs = ", ".join(sorted({kinds.by_name()[name].needs for name in lacking}))
        raise ValueError(f"{', '.join(lacking)} cannot be written without {needs}: pip install {needs}")
    if not names:
        raise ValueError(f"--kinds names none of {', '.join(kinds.by_name())}")
    return names


def _counts(text: str | None) -> dict[str, int] | None:
    if text is None:
        return None
    counts: dict[str, int] = {}
    for part in text.split(","):
        kind, _, number = part.strip().partition("=")
        if kind not in plants.PLANTERS:
            raise ValueError(f"unknown mistake {kind!r} in --plants; known are {', '.join(plants.PLANTERS)}")
        if not number.isdigit():
            raise ValueError(f"--plants wants {kind}=NUMBER, not {part.strip()!r}")
        counts[kind] = int(number)
    return counts


def _empty(out: Path) -> None:
    """Make room: a city written before is removed whole; a folder that holds anything else is left alone.
    ValueError then."""
    if not out.exists():
        return
    if not out.is_dir():
        raise ValueError(f"{out} is a file, not a folder")
    strangers = [
        item.name for item in out.iterdir() if item.name != truth.FOLDER and not item.name.startswith("district-")
    ]
    if strangers:
        raise ValueError(f"{out} holds {strangers[0]} and maybe more that is no city; name an empty or new folder")
    for path in sorted(out.rglob("*"), reverse=True):
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink()


if __name__ == "__main__":
    sys.exit(main())
