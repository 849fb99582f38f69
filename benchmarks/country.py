"""The country simulated: 280,000 reports, 55 million cells, published, flagged and paged for real on this machine.

python benchmarks/country.py [--reports 280000] [--city 420] [--jobs 2] [--folder DIR] [--quick]

A sample city is read for real, which gives the documents per second of reading. What was read is then put into the manifest again and again
under other offices, districts and documents, as if as many cities had been read; the figures of each city are those of the one that was read.
From there on everything is the product's own: publishing, flags, the site, and queries as notebooks ask them, with DuckDB held to 1 GB.
Every step is a process of its own; memory is the largest resident set of any process of the step. Scans are not part of it. Prints Markdown.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import pyarrow as pa
from scale import Run, command_of, count, make_city, timed

MIX = "html,docx,text"
QUERIES = {
    "applications by year and district": "SELECT year, district_zh, sum(count) FROM '{0}/applications.csv' WHERE stage = 'received' GROUP BY ALL",
    "cells by year and district, all facts": "SELECT year, district_zh, cell, sum(value) FROM '{0}/facts.parquet' WHERE cell = 'permits.decisions' GROUP BY ALL",
    "one office's history, all facts": "SELECT year, cell, value, state, proof FROM '{0}/facts.parquet' WHERE office_id = '{1}' ORDER BY ALL",
    "largest changes from year to year": "SELECT office_id, year, value - lag(value) OVER (PARTITION BY office_id ORDER BY year) AS change FROM '{0}/facts.parquet' "
    "WHERE cell = 'applications.received.total' ORDER BY abs(change) DESC NULLS LAST LIMIT 50",
}


def hashed(text: str, city: int) -> str:
    return hashlib.sha256(f"{city}/{text}".encode()).hexdigest()


class Twin:
    """The results of one city under the names of another."""

    def __init__(self, city: int) -> None:
        self.city = city

    def column(self, name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
        """A column with this city's names: distinct values are renamed once, however often they stand there."""
        codes = column.combine_chunks().dictionary_encode()
        codes = codes.chunk(0) if isinstance(codes, pa.ChunkedArray) else codes
        names = [None if value is None else self.name(name, value) for value in codes.dictionary.to_pylist()]
        return pa.chunked_array([pa.array(names, column.type).take(codes.indices)])

    def name(self, column: str, value: str) -> str:
        """What a value is called in this city."""
        if column in ("office_id", "district_id"):
            return f"x-{hashed(value, self.city)[:8]}" if value != "unknown" else value
        if column in ("document_id", "sha256"):
            return hashed(value, self.city)[: len(value)]
        if column == "report_id":
            office, year, _ = value.rsplit("-", 2)
            return f"{self.name('office_id', office)}-{year}-{hashed(value, self.city)[:6]}"
        if column == "fact_id":
            report, _, cell = value.partition("/")
            return f"{self.name('report_id', report)}/{cell}"
        return f"city-{self.city:04}/{value}" if column == "source_path" else f"{value}（{self.city}）"

    def table(self, table: pa.Table) -> pa.Table:
        """A table of a part under this city's names."""
        for index, name in enumerate(table.column_names):
            if name in RENAMED:
                table = table.set_column(index, table.schema.field(index), self.column(name, table[name]))
        return table


RENAMED = {
    "office_id",
    "district_id",
    "document_id",
    "sha256",
    "report_id",
    "fact_id",
    "source_path",
    "office_zh",
    "district_zh",
}


def multiply(raw: Path, read: Path, out: Path, cities: int) -> None:
    """Fill the manifest of `out` with the results in `read`, once for each city, and publish them. Runs as a process of its own."""
    from extract.batches import TABLES, Entry, Part, bytes_of
    from extract.build import Summary, extractor_version, publish_descriptions, publish_results
    from extract.document import Source
    from extract.manifest import Manifest, Place
    from extract.publish import Destination, Publisher
    from extract.schemas import arrow
    from extract.sources import identify_file, walk

    version = extractor_version()
    originals = [s for path in walk(raw) if isinstance(s := identify_file(raw, path), Source)]
    destination = Destination(out)
    with (
        Manifest(read / ".cache" / "manifest.sqlite", version, str(raw)) as known,
        Manifest(destination.cache / "manifest.sqlite", version, "the country") as manifest,
    ):
        parts: dict[int, list[tuple[Place, Source]]] = defaultdict(list)
        for source in originals:
            place = known.place(source)
            assert place is not None, "the city was read by another version of the extractor"
            parts[place.part].append((place, source))
        started, sources = time.monotonic(), []
        for city in range(cities):
            twin = Twin(city)
            for number, members in parts.items():
                members.sort(key=lambda member: member[0].spans[0::2])
                twins = [
                    Source(hashed(s.sha256, city)[:12], f"city-{city:04}/{s.path}", "", hashed(s.sha256, city))
                    for _, s in members
                ]
                blobs = {name: bytes_of(twin.table(known.table(number, name))) for name in TABLES}
                manifest.add(twins, Part([Entry(place.spans, place.named) for place, _ in members], blobs, []))
                sources += twins
        print(f"generated in {time.monotonic() - started:.0f} s", file=sys.stderr)
        sources.sort(key=lambda source: source.path.rpartition("/")[::2])
        started = time.monotonic()
        with Publisher(destination) as publisher:
            reports = publish_results(publisher, manifest, sources, arrow("issues.csv").empty_table())
            summary = Summary(
                len(sources), reports, 0, len(sources), len(sources) - reports, publisher.rows["issues.csv"], False
            )
            publish_descriptions(publisher, raw, destination, "", summary)
        print(f"{time.monotonic() - started:.1f} {reports} {publisher.rows['facts.parquet']}")


def query(out: Path, office: str, statement: str) -> tuple[float, int]:
    """Seconds and rows of one query, within 1 GB."""
    import duckdb

    with duckdb.connect(config={"memory_limit": "1GB", "threads": 2}) as connection:
        started = time.monotonic()
        rows = connection.execute(statement.format(out, office)).fetchall()
    return time.monotonic() - started, len(rows)


def steps(raw: Path, folder: Path, options: argparse.Namespace) -> list[tuple[str, float, float]]:
    """(step, seconds, megabytes) of everything up to the site."""
    documents = count(raw)
    cities = max(1, round(options.reports / documents))
    read = folder / "read"
    first: Run = timed(command_of(raw, read, options.jobs))
    print(
        f"{documents:,} documents read: {documents / first.seconds:.1f} a second with {options.jobs} jobs, everything included\n",
        flush=True,
    )
    out = folder / "country"
    made: Run = timed(
        [sys.executable, __file__, "--multiply", str(cities), "--raw", str(raw), "--read", str(read), "--out", str(out)]
    )
    published, reports, facts = made.printed.split()
    print(f"{int(reports):,} reports, {int(facts):,} cells\n", flush=True)
    done = [
        ("reading, reckoned from the city", int(reports) * first.seconds / documents, first.megabytes),
        ("publishing", float(published), made.megabytes),
    ]
    for name, more in (("flags", []), ("site", ["--to", str(folder / "site")])):
        try:
            run = timed([sys.executable, "-m", "compare", name, str(out), *more])
            done.append((name, run.seconds, run.megabytes))
        except subprocess.CalledProcessError as error:
            print(f"{name} failed: {error.stderr.strip().splitlines()[-1:]}\n", flush=True)
    return done


def show_queries(out: Path) -> None:
    import pyarrow.parquet as pq

    office = pq.ParquetFile(out / "facts.parquet").read_row_group(0, columns=["office_id"])["office_id"][0].as_py()
    print("\n| query (DuckDB, 1 GB) | seconds | rows |\n|---|---:|---:|")
    for name, statement in QUERIES.items():
        seconds, rows = query(out, office, statement)
        print(f"| {name} | {seconds:.2f} | {rows:,} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--reports", type=int, default=280_000)
    parser.add_argument("--city", type=int, default=420, help="reports of the city that is read")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="work here and leave everything (about 10 GB)")
    parser.add_argument("--quick", action="store_true", help="2,000 reports")
    for name in ("--multiply", "--raw", "--read", "--out"):
        parser.add_argument(name, help=argparse.SUPPRESS)
    options: Any = parser.parse_args()
    if options.multiply:
        multiply(Path(options.raw), Path(options.read), Path(options.out), int(options.multiply))
        return
    if options.quick:
        options.reports, options.city = 2_000, 70
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        raw = make_city(folder / f"city-{options.city}", MIX, options.city)
        done = steps(raw, folder, options)
        print("| step | seconds | largest process, MB |\n|---|---:|---:|")
        for name, seconds, megabytes in done:
            print(f"| {name} | {seconds:.1f} | {megabytes:.0f} |")
        print(
            f"| all | {sum(seconds for _, seconds, _ in done):.1f} | {max(megabytes for *_, megabytes in done):.0f} |"
        )
        show_queries(folder / "country")


if __name__ == "__main__":
    main()
