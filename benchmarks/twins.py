"""What was read of one city, put into a manifest again and again under the names of other offices, districts and documents, and published.

python benchmarks/twins.py RAW READ OUT CITIES PROVINCES JOBS: RAW is the city, READ what `extract build` made of it. country.py starts it, a process of
its own with no more in it than a run has. Prints seconds of publishing, processor seconds before it, reports, cells.
"""

from __future__ import annotations

import hashlib
import sys
import time
from array import array
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

    from extract.document import Source
    from extract.manifest import Manifest, Place
    from extract.sources import Documents

NAMES = (
    "office_id", "district_id", "document_id", "sha256", "report_id", "source_path", "office_zh", "district_zh", "city_zh", "province_zh",
)  # fmt: skip


def hashed(text: str, city: int) -> str:
    return hashlib.sha256(f"{city}/{text}".encode()).hexdigest()


class Twin:
    """The reports of one city under the names of another."""

    def __init__(self, city: int, provinces: int) -> None:
        self.city, self.provinces = city, provinces

    def source(self, one: Source) -> Source:
        """A document."""
        sha256 = hashed(one.sha256, self.city)
        return one._replace(document_id=sha256[:12], path=f"city-{self.city:04}/{one.path}", sha256=sha256)

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


def multiply(raw: Path, read: Path, out: Path, cities: int, provinces: int, jobs: int) -> None:
    """Fill the manifest of `out` with the results in `read`, once for each city, and publish them."""
    from extract.build import extractor_version
    from extract.manifest import Manifest
    from extract.publish import Destination

    version, destination = extractor_version(), Destination(out)
    with (
        Manifest(read / ".cache" / "manifest.sqlite", version, str(raw)) as known,
        Manifest(destination.cache / "manifest.sqlite", version, "the country") as manifest,
    ):
        documents = fill(manifest, known, raw, [Twin(city, provinces) for city in range(cities)])
        publish(destination, manifest, documents, raw, jobs)


def fill(manifest: Manifest, known: Manifest, raw: Path, twins: list[Twin]) -> Documents:
    """All documents of all twins, in the order of their paths."""
    from extract.batches import REPORTS, TABLES, Entry, Part, bytes_of
    from extract.document import Source
    from extract.sources import Documents, Found, identify_file, walk

    originals = [s for path in walk(raw) if isinstance(s := identify_file(raw, path), Source)]
    parts: dict[int, list[tuple[Place, Source]]] = defaultdict(list)
    for source, place in zip(originals, known.places(originals), strict=True):
        parts[place.part].append((place, source))
    blobs: dict[int, dict[str, bytes]] = {}
    for number, members in parts.items():
        members.sort(key=lambda member: member[0].spans[0::2])
        blobs[number] = {name: bytes_of(known.table(number, name)) for name in TABLES}
    started, found = time.monotonic(), Found()
    for twin in twins:
        for number, members in parts.items():
            renamed = blobs[number] | {REPORTS: bytes_of(twin.reports(known.table(number, REPORTS)))}
            entries = [Entry(place.spans, place.named) for place, _ in members]
            manifest.add([twin.source(source) for _, source in members], Part(entries, renamed, []))
        for source in originals:
            found.append(twin.source(source))
    print(f"generated in {time.monotonic() - started:.0f} s", file=sys.stderr)
    return Documents(found, array("q", range(len(found))))


def publish(destination: Any, manifest: Manifest, documents: Documents, raw: Path, jobs: int) -> None:
    """What a build does when everything is read."""
    from extract.build import Summary, publish_descriptions
    from extract.heap import sweep
    from extract.publish import Publisher
    from extract.results import publish_results

    sweep()
    started, worked = time.monotonic(), time.process_time()
    with Publisher(destination) as publisher:
        reports = publish_results(publisher, manifest, documents, jobs)
        issues = publisher.rows["issues.csv"]
        summary = Summary(len(documents), reports, 0, len(documents), len(documents) - reports, issues, False)
        publish_descriptions(publisher, raw, destination, "", summary)
    print(time.monotonic() - started, worked, reports, publisher.rows["facts.parquet"])


def main() -> None:
    from extract.heap import keep_few_heaps, keep_pandas_out

    keep_few_heaps()  # as the command does, before Arrow is loaded
    keep_pandas_out()
    raw, read, out = map(Path, sys.argv[1:4])
    multiply(raw, read, out, *map(int, sys.argv[4:7]))


if __name__ == "__main__":
    main()
