"""Fold the yearly editions of the national list of divisions into the two tables that `extract.gazetteer` reads.

Source: 国家统计局《统计用区划代码和城乡划分代码》, the statistical division codes of the National Bureau of
Statistics (scheme "NBS"), one edition a year. These are not the 行政区划代码 of the Ministry of Civil Affairs: in two
lists of about the same date a quarter of the nine-digit codes name different offices, so the two schemes must never
be mixed.

    python -m collect.gazetteer 2016=FOLDER 2017=FOLDER … [--to FOLDER]

Each FOLDER holds one edition as provinces.csv, cities.csv, areas.csv and streets.csv with the columns `code` and `name`
(at its top, or in a folder `dist` or `package/dist` below). docs/how-to/gazetteer.md says where editions come from.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

LEVELS = {"provinces": "province", "cities": "city", "areas": "district"}
CODE_LENGTH = {"provinces": 2, "cities": 4, "areas": 6, "streets": 9}
REFERENCE = Path(__file__).parents[1] / "extract" / "reference"

Spans = dict[tuple[str, str], tuple[int, int]]


class BrokenEditionError(Exception):
    """An edition that cannot be folded. The message names the file and the line."""


def edition_folder(folder: Path) -> Path:
    """The folder that holds the four tables of an edition: `folder` itself or one of the places packages put them."""
    for place in (folder, folder / "dist", folder / "package" / "dist"):
        if (place / "streets.csv").is_file():
            return place
    raise BrokenEditionError(f"{folder}: no streets.csv here, nor in dist or package/dist below")


def read_edition(path: Path, code_length: int) -> Iterator[tuple[str, str]]:
    """(code, name) of each row of one table. Refuses a code of another length and a name that plain CSV could not
    carry."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            code, name = row["code"], row["name"].strip()
            if len(code) != code_length or not code.isdigit():
                raise BrokenEditionError(f"{path}: {code!r} is no code of {code_length} digits")
            if not name or any(mark in name for mark in ',"\n\r'):
                raise BrokenEditionError(f"{path}: the name of {code} is {name!r}, which a plain table cannot carry")
            yield code, name


def fold(editions: Mapping[int, Iterable[tuple[str, str]]]) -> Spans:
    """First and last edition of every (code, name). A name that left and came back spans the gap as well."""
    spans: Spans = {}
    for year in sorted(editions):
        for key in editions[year]:
            first, _ = spans.get(key, (year, year))
            spans[key] = (first, year)
    return spans


def write_offices(path: Path, spans: Spans) -> None:
    """code,name,first,last sorted by code, then by first edition; no quotes, no byte order mark: it is searched as
    bytes."""
    lines = [f"{code},{name},{first},{last}\n" for (code, name), (first, last) in in_order(spans)]
    path.write_text("code,name,first,last\n" + "".join(lines), encoding="utf-8", newline="\n")


def write_divisions(path: Path, spans_by_level: Mapping[str, Spans]) -> None:
    """level,code,name,first,last: provinces (2 digits), cities (4), districts and counties (6)."""
    lines = [
        f"{level},{code},{name},{first},{last}\n"
        for level, spans in spans_by_level.items()
        for (code, name), (first, last) in in_order(spans)
    ]
    path.write_text("level,code,name,first,last\n" + "".join(lines), encoding="utf-8", newline="\n")


def in_order(spans: Spans) -> list[tuple[tuple[str, str], tuple[int, int]]]:
    """By code, then by first edition, then by name: the same editions always give the same bytes."""
    return sorted(spans.items(), key=lambda item: (item[0][0], item[1], item[0][1]))


def edition_argument(text: str) -> tuple[int, Path]:
    """`2021=FOLDER` → (2021, Path(FOLDER))."""
    year, mark, folder = text.partition("=")
    if not mark or not year.isdigit() or not folder:
        raise argparse.ArgumentTypeError(f"{text!r} is not YEAR=FOLDER")
    return int(year), Path(folder)


def main(arguments: list[str] | None = None) -> int:
    """Command line; 0 when both tables were written, 2 when an edition is broken (nothing is written then)."""
    parser = argparse.ArgumentParser(prog="python -m collect.gazetteer", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("editions", nargs="+", type=edition_argument, metavar="YEAR=FOLDER")
    parser.add_argument(
        "--to", type=Path, default=REFERENCE, help="folder of the two tables (default: extract/reference)"
    )
    options = parser.parse_args(arguments)
    try:
        folders = {year: edition_folder(folder) for year, folder in options.editions}
        folded = {
            table: fold({year: read_edition(folder / f"{table}.csv", length) for year, folder in folders.items()})
            for table, length in CODE_LENGTH.items()
        }
    except (BrokenEditionError, OSError, KeyError) as error:
        print(f"gazetteer: {error}", file=sys.stderr)
        return 2
    options.to.mkdir(parents=True, exist_ok=True)
    write_offices(options.to / "offices.csv", folded["streets"])
    write_divisions(options.to / "divisions.csv", {level: folded[table] for table, level in LEVELS.items()})
    districts = sum(len(folded[table]) for table in LEVELS)
    print(
        f"{len(folded['streets'])} offices and {districts} divisions of {len(folders)} editions written to {options.to}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
