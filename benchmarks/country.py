"""The country simulated: 280,000 reports, 55 million cells, published, flagged and paged for real on this machine.

python benchmarks/country.py [--reports 280000] [--city 2100] [--jobs 2] [--folder DIR] [--quick] [--provinces 31]
    [--steps read,publish,flags,country,figures,site,query]

A sample city of every kind of document but scans is read for real, a tenth of it and all of it: the difference is the time that further
documents take. What was read is then put into a manifest again and again under the names of other offices, districts and documents, as if as
many cities had been read; the figures of each city are those of the one that was read. From there on everything is the product's own:
publishing; the flags of all provinces and the index of all offices, as one does for a country; flags, figures and the site of one province of
31; and queries as notebooks ask them, with DuckDB held to 1 GB. Every step is a process of its own; memory is the largest resident set of any process of the step. Since the same figures come again
and again, facts.parquet is smaller than that of a real country. Prints Markdown.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from runs import CITIES, Run, build_command, clear, count, make_city, timed

STEPS = "read,publish,flags,country,figures,site,query"
PROVINCES = 31
OF_ONE = " of one province"
QUERIES = {
    "one measure by year and district, wide.csv": (
        """SELECT year, district_zh, count(*), sum("applications.received.total") FROM '{0}/wide.csv' GROUP BY ALL"""
    ),
    "one measure by year and district, all facts": (
        "SELECT year, district_zh, count(*), sum(value) FROM '{0}/facts.parquet' WHERE cell = 'permits.decisions' GROUP BY ALL"
    ),
    "every measure by year and district, all facts": (
        "SELECT year, district_zh, cell, sum(value) FROM '{0}/facts.parquet' GROUP BY ALL"
    ),
    "one office's history, all facts": (
        "SELECT year, cell, value, state, proof FROM '{0}/facts.parquet' WHERE office_id = '{1}' ORDER BY ALL"
    ),
    "one office's history, wide.csv": "SELECT * FROM '{0}/wide.csv' WHERE office_id = '{1}' ORDER BY year",
    "largest changes from year to year, all facts": (
        "SELECT office_id, year, value - lag(value) OVER (PARTITION BY office_id ORDER BY year) AS change FROM '{0}/facts.parquet' "
        "WHERE cell = 'applications.received.total' ORDER BY abs(change) DESC NULLS LAST LIMIT 50"
    ),
    "largest changes from year to year, permits.csv": (
        "SELECT office_id, year, decisions - lag(decisions) OVER (PARTITION BY office_id ORDER BY year) AS change FROM '{0}/permits.csv' "
        "ORDER BY abs(change) DESC NULLS LAST LIMIT 50"
    ),
    "proof by kind of document": (
        "SELECT kind, sum(verified), sum(agreed), sum(single), sum(disputed) FROM '{0}/reports.csv' GROUP BY ALL"
    ),
}


class Country:
    """The steps, one after the other, in a folder; `table` collects a row for each."""

    def __init__(self, folder: Path, options: argparse.Namespace) -> None:
        self.folder, self.options = folder, options
        self.raw = make_city(CITIES, "", options.city)
        self.small = make_city(CITIES, "", options.city // 10)
        self.read_out, self.out = folder / "read", folder / "country"
        self.table: list[tuple[str, Run]] = []

    def read(self) -> None:
        """Read a tenth of the city and all of it; the country by the difference."""
        clear(self.read_out)
        with tempfile.TemporaryDirectory() as out:
            first = timed(build_command(self.small, Path(out) / "out", self.options.jobs))
        second = timed(build_command(self.raw, self.read_out, self.options.jobs))
        few, many = count(self.small), count(self.raw)
        share = self.options.reports / (many - few)
        told = f"{few:,} documents in {first.seconds:.1f} s, {many:,} in {second.seconds:.1f} s: {(many - few) / (second.seconds - first.seconds):.1f} more a second"
        print(f"{told} with {self.options.jobs} jobs, publishing included\n", flush=True)
        seconds, processor = share * (second.seconds - first.seconds), share * (second.processor - first.processor)
        self.table.append(("reading, reckoned", Run(seconds, processor, second.megabytes, "")))

    def publish(self) -> None:
        """Publish the country."""
        clear(self.out)
        cities = max(1, round(self.options.reports / count(self.raw)))
        places = [str(path) for path in (self.raw, self.read_out, self.out)]
        numbers = [str(number) for number in (cities, self.options.provinces, self.options.jobs)]
        made = timed([sys.executable, str(Path(__file__).with_name("twins.py")), *places, *numbers])
        seconds, before, reports, facts = made.printed.split()
        print(f"{int(reports):,} reports, {int(facts):,} cells\n", flush=True)
        self.table.append(("publishing", Run(float(seconds), made.processor - float(before), made.megabytes, "")))

    def flags(self) -> None:
        """See compare flags: one province."""
        self._compare("flags", "--province", "省0")

    def country(self) -> None:
        """See compare flags and compare site: all provinces, and the index of all offices."""
        self._compare("flags", "--jobs", str(self.options.jobs))
        clear(self.folder / "index")
        self._compare("site", "--to", str(self.folder / "index"))

    def figures(self) -> None:
        """See compare figures: one province."""
        self._compare("figures", "--province", "省0", "--jobs", str(self.options.jobs))

    def site(self) -> None:
        """See compare site: one province, for a site holds no country."""
        clear(self.folder / "site")
        self._compare("site", "--province", "省0", "--to", str(self.folder / "site"), "--jobs", str(self.options.jobs))

    def _compare(self, name: str, *more: str) -> None:
        command = [sys.executable, "-m", "compare", name, str(self.out), *more]
        whole = {"flags": "flags of all provinces", "site": "index of all offices"}
        told = f"{name}{OF_ONE}" if "--province" in more else whole[name]
        try:
            run = timed(command)
            self.table.append((told, run))
            print(run.printed.strip().splitlines()[-1].partition(" →")[0] + "\n", flush=True)
        except subprocess.CalledProcessError as error:
            print(f"{name} failed: {error.stderr.strip().splitlines()[-1:]}\n", flush=True)

    def show(self) -> None:
        """The table of steps."""
        print("| step | seconds | processor seconds | largest process, MB |\n|---|---:|---:|---:|")
        for name, run in self.table:
            print(f"| {name} | {run.seconds:.1f} | {run.processor:.1f} | {run.megabytes:.0f} |")
        whole = [run for name, run in self.table if not name.endswith(OF_ONE)]
        seconds, processor = sum(run.seconds for run in whole), sum(run.processor for run in whole)
        print(
            f"| together{', but for those of one province' if len(whole) < len(self.table) else ''} | {seconds:.1f} | {processor:.1f} | {max(run.megabytes for _, run in self.table):.0f} |"
        )

    def query(self) -> None:
        """Ask as notebooks ask."""
        import pyarrow.parquet as pq

        office = pq.ParquetFile(self.out / "facts.parquet").read_row_group(0, columns=["office_id"])["office_id"][0]
        print(
            "\n| query (DuckDB, 1 GB) | seconds | processor seconds | largest process, MB | rows |\n|---|---:|---:|---:|---:|"
        )
        for name, statement in QUERIES.items():
            asked = timed([sys.executable, __file__, "--ask", statement.format(self.out, office)])
            seconds, processor, rows = asked.printed.split()
            print(
                f"| {name} | {float(seconds):.2f} | {float(processor):.2f} | {asked.megabytes:.0f} | {int(rows):,} |",
                flush=True,
            )


def ask(statement: str) -> None:
    """Prints seconds, processor seconds and rows of one query, with DuckDB held to 1 GB. Runs as a process of its own."""
    import duckdb

    with duckdb.connect(config={"memory_limit": "1GB", "threads": 2}) as connection:
        connection.execute("SET enable_progress_bar = false")
        started, worked = time.monotonic(), time.process_time()
        rows = connection.execute(statement).to_arrow_table().num_rows
        print(time.monotonic() - started, time.process_time() - worked, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--reports", type=int, default=280_000)
    parser.add_argument("--city", type=int, default=2_100, help="reports of the city that is read")
    parser.add_argument(
        "--provinces",
        type=int,
        default=PROVINCES,
        help=f"of so many (default: {PROVINCES}); a tenth of the reports in 3 gives provinces of full size",
    )
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="work here and leave everything (about 20 GB)")
    parser.add_argument(
        "--steps", default=STEPS, help=f"some of {STEPS}; a step needs what those before it left in --folder"
    )
    parser.add_argument("--quick", action="store_true", help="2,000 reports")
    parser.add_argument("--ask", help=argparse.SUPPRESS)
    options: Any = parser.parse_args()
    if options.ask:
        ask(options.ask)
        return
    if options.quick:
        options.reports, options.city = 2_000, 200
        options.steps = options.steps.replace(",country", "")  # so few are looked at together, and fit into one site
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        country = Country(folder, options)
        steps: dict[str, Callable[[], None]] = {name: getattr(country, name) for name in STEPS.split(",")}
        chosen = options.steps.split(",")
        for name in [name for name in chosen if name != "query"]:
            steps[name]()
        if country.table:
            country.show()
        if "query" in chosen:
            country.query()


if __name__ == "__main__":
    main()
