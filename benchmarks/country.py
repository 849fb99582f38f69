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
import hashlib
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runs import CITIES, Run, build_command, clear, count, make_city, timed

if TYPE_CHECKING:
    import pyarrow as pa

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


def hashed(text: str, city: int) -> str:
    return hashlib.sha256(f"{city}/{text}".encode()).hexdigest()


class Twin:
    """The reports of one city under the names of another."""

    def __init__(self, city: int, provinces: int) -> None:
        self.city, self.provinces = city, provinces

    def reports(self, table: pa.Table) -> pa.Table:
        """Rows of reports.csv, from which everything else takes its names."""
        import pyarrow as pa

        for name in NAMES:
            printed = table[name].to_pylist()
            if name == "province_zh":
                printed = [value or "省" for value in printed]
            values = [None if value is None else self.named(name, value) for value in printed]
            place = table.schema.get_field_index(name)
            table = table.set_column(place, table.schema.field(place), pa.array(values, pa.string()))
        return table

    def named(self, column: str, value: str) -> str:
        """What a value is called in this city."""
        if column in ("office_id", "district_id"):
            return f"x-{hashed(value, self.city)[:8]}" if value != "unknown" else value
        if column in ("document_id", "sha256"):
            return hashed(value, self.city)[: len(value)]
        if column == "report_id":
            office, year, _ = value.rsplit("-", 2)
            return f"{self.named('office_id', office)}-{year}-{hashed(value, self.city)[:6]}"
        if column == "province_zh":
            return f"{value}{self.city % self.provinces}"
        return f"city-{self.city:04}/{value}" if column == "source_path" else f"{value}（{self.city}）"


NAMES = (
    "office_id", "district_id", "document_id", "sha256", "report_id", "source_path", "office_zh", "district_zh", "city_zh", "province_zh",
)  # fmt: skip


def multiply(raw: Path, read: Path, out: Path, cities: int, provinces: int, jobs: int) -> None:
    """Fill the manifest of `out` with the results in `read`, once for each city, and publish them. Runs as a process of its own."""
    from extract.heap import keep_few_heaps

    keep_few_heaps()  # as the command does, before Arrow is loaded
    from extract.batches import REPORTS, TABLES, Entry, Part, bytes_of
    from extract.build import extractor_version
    from extract.document import Source
    from extract.manifest import Manifest, Place
    from extract.publish import Destination
    from extract.sources import identify_file, walk

    version = extractor_version()
    originals = [s for path in walk(raw) if isinstance(s := identify_file(raw, path), Source)]
    destination = Destination(out)
    with (
        Manifest(read / ".cache" / "manifest.sqlite", version, str(raw)) as known,
        Manifest(destination.cache / "manifest.sqlite", version, "the country") as manifest,
    ):
        parts: dict[int, list[tuple[Place, Source]]] = defaultdict(list)
        for source, place in zip(originals, known.places(originals), strict=True):
            parts[place.part].append((place, source))
        blobs: dict[int, dict[str, bytes]] = {}
        for number, members in parts.items():
            members.sort(key=lambda member: member[0].spans[0::2])
            blobs[number] = {name: bytes_of(known.table(number, name)) for name in TABLES}
        started, sources = time.monotonic(), []
        for city in range(cities):
            twin = Twin(city, provinces)
            for number, members in parts.items():
                twins = [
                    Source(hashed(s.sha256, city)[:12], f"city-{city:04}/{s.path}", "", hashed(s.sha256, city))
                    for _, s in members
                ]
                renamed = blobs[number] | {REPORTS: bytes_of(twin.reports(known.table(number, REPORTS)))}
                manifest.add(twins, Part([Entry(place.spans, place.named) for place, _ in members], renamed, []))
                sources += twins
        print(f"generated in {time.monotonic() - started:.0f} s", file=sys.stderr)
        sources.sort(key=lambda source: source.path.rpartition("/")[::2])
        publish(destination, manifest, sources, raw, jobs)


def publish(destination: Any, manifest: Any, sources: list[Any], raw: Path, jobs: int) -> None:
    """What a build does when everything is read. Prints seconds, processor seconds, reports, cells."""
    from extract.build import Summary, publish_descriptions
    from extract.publish import Publisher
    from extract.results import publish_results

    started, worked = time.monotonic(), time.process_time()
    with Publisher(destination) as publisher:
        reports = publish_results(publisher, manifest, sources, jobs)
        issues = publisher.rows["issues.csv"]
        summary = Summary(len(sources), reports, 0, len(sources), len(sources) - reports, issues, False)
        publish_descriptions(publisher, raw, destination, "", summary)
    print(time.monotonic() - started, time.process_time() - worked, reports, publisher.rows["facts.parquet"])


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
        places = ["--raw", str(self.raw), "--read", str(self.read_out), "--out", str(self.out), "--jobs", str(self.options.jobs)]  # fmt: skip
        made = timed(
            [sys.executable, __file__, "--multiply", str(cities), "--provinces", str(self.options.provinces), *places]
        )
        seconds, processor, reports, facts = made.printed.split()
        print(f"{int(reports):,} reports, {int(facts):,} cells\n", flush=True)
        self.table.append(("publishing", Run(float(seconds), float(processor), made.megabytes, "")))

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
    for name in ("--multiply", "--raw", "--read", "--out", "--ask"):
        parser.add_argument(name, help=argparse.SUPPRESS)
    options: Any = parser.parse_args()
    if options.multiply:
        multiply(
            Path(options.raw),
            Path(options.read),
            Path(options.out),
            int(options.multiply),
            options.provinces,
            options.jobs,
        )
        return
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
