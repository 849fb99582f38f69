"""The hallway: files → documents → facts → tables → published files. One code path for one process and for many."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import groupby, islice
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from tqdm import tqdm

from .codebook import all_identities, codebook_rows
from .columns import STREAMED, Batch
from .document import Source
from .neighbours import share_places
from .publish import Publisher
from .report import read_report
from .schemas import arrow, datapackage, dictionary, tables
from .sources import Refused, addresses, identify_file, walk
from .tables import lay_out, tidy

BATCH = 50
LARGEST_BATCH = 200
RUN = "run.json"
OTHER_FILES = ("datapackage.json", "README.md")


class Summary(NamedTuple):
    """What a run did: files found, reports published, files that gave no report, issues told; `unchanged` where nothing had to be done."""

    files: int
    reports: int
    unread: int
    issues: int
    unchanged: bool


class SameThread(Executor):
    """An executor that works in this process, so that one job and many go the same way."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def build(raw: Path, out: Path, jobs: int = 1) -> Summary:
    """Read every file beneath `raw` and publish to `out`. Raises FileNotFoundError where `raw` holds no file to read.

    The published files are replaced together when all is done. Where neither the files nor the extractor have changed, nothing is.
    """
    found = list(_sources(raw, jobs))
    if not found:
        raise FileNotFoundError(
            f"{raw} holds no file to read: put reports into it (names that begin with . or _ are not read)"
        )
    fingerprint = _fingerprint(found)
    before = _previous(out)
    if before.get("fingerprint") == fingerprint and all((out / name).exists() for name in [*tables(), *OTHER_FILES]):
        return Summary(**before["summary"] | {"unchanged": True})
    with Publisher(out) as publisher, _executor(jobs) as executor:
        reports = _publish_documents(publisher, executor, raw, found, jobs)
        _publish_tables(publisher, reports)
        summary = Summary(
            len(found), reports.num_rows, len(found) - reports.num_rows, publisher.rows["issues.csv"], False
        )
        _publish_descriptions(publisher, raw, fingerprint, summary)
    return summary


def _executor(jobs: int) -> Executor:
    return SameThread() if jobs <= 1 else ProcessPoolExecutor(jobs)


def _sources(raw: Path, jobs: int) -> Iterator[Source | Refused]:
    """Every input file, hashed, in path order."""
    urls = addresses(raw)
    for path in walk(raw):
        yield identify_file(raw, path, urls.get(path, ""))


@cache
def extractor_version() -> str:
    """A digest of the extractor's own code and reference tables: when it changes, everything is read again."""
    digest = hashlib.sha256()

    def add(folder: Traversable) -> None:
        for entry in sorted(folder.iterdir(), key=lambda e: e.name):
            if entry.is_dir() and entry.name != "__pycache__":
                add(entry)
            elif entry.name.endswith((".py", ".csv")):
                digest.update(entry.name.encode() + b"\x00" + entry.read_bytes())

    add(files("extract"))
    return digest.hexdigest()[:16]


def _fingerprint(found: list[Source | Refused]) -> str:
    digest = hashlib.sha256(extractor_version().encode())
    for one in found:
        digest.update(repr(tuple(one)).encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _previous(out: Path) -> dict[str, Any]:
    try:
        content = json.loads((out / RUN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _batches(sources: list[Source]) -> Iterator[list[Source]]:
    """Sources in batches of about BATCH. A folder stays together (its reports know each other), unless it is very large."""
    batch: list[Source] = []
    for _, folder in groupby(sources, key=lambda source: source.path.rpartition("/")[0]):
        members = list(folder)
        if batch and len(batch) + len(members) > BATCH:
            yield batch
            batch = []
        batch.extend(members)
        while len(batch) > LARGEST_BATCH:
            yield batch[:BATCH]
            batch = batch[BATCH:]
    if batch:
        yield batch


def read_batch(raw: str, sources: list[Source]) -> dict[str, pa.Table]:
    """Read some documents in one process: Arrow tables with the schemas of the published files."""
    batch = Batch()
    reports = []
    for source in sources:
        try:
            data = (Path(raw) / source.path).read_bytes()
        except OSError as error:
            batch.issue(
                source.path, "cannot_open", f"the file cannot be opened ({error.strerror}): check its permissions"
            )
            continue
        reports.append(read_report(source, data))
    share_places(reports)
    for report in reports:
        batch.add(report)
    return batch.tables()


def _publish_documents(
    publisher: Publisher, executor: Executor, raw: Path, found: list[Source | Refused], jobs: int
) -> pa.Table:
    """Read all documents, publish what is known of each by itself, and return the rows of reports.csv."""
    first: dict[str, str] = {}
    early = Batch()
    unique: list[Source] = []
    for one in found:
        if isinstance(one, Refused):
            early.issue(*one)
        elif one.sha256 in first:
            early.issue(one.path, "same_bytes", f"the same bytes as {first[one.sha256]}, read once under that path")
        else:
            first[one.sha256] = one.path
            unique.append(one)
    reports = []
    for name in STREAMED:
        publisher.add(name, early.tables()[name])
    bar = tqdm(total=len(unique), desc="reading", unit="document", disable=None)
    for made, size in _map_in_order(executor, raw, list(_batches(unique)), jobs):
        for name in STREAMED:
            publisher.add(name, made[name])
        reports.append(made["reports.csv"])
        bar.update(size)
    bar.close()
    return choose_primary(pa.concat_tables(reports) if reports else arrow("reports.csv").empty_table(), publisher)


def _map_in_order(
    executor: Executor, raw: Path, batches: list[list[Source]], jobs: int
) -> Iterator[tuple[dict[str, pa.Table], int]]:
    """Results and sizes in the order of the batches, with only a few batches in flight: output never depends on the number of jobs, memory not on the country."""
    ahead = max(2, 3 * jobs)
    flying: list[tuple[Future[dict[str, pa.Table]], int]] = []
    stream = iter(batches)
    for batch in islice(stream, ahead):
        flying.append((executor.submit(read_batch, os.fspath(raw), batch), len(batch)))
    while flying:
        future, size = flying.pop(0)
        yield future.result(), size
        for batch in islice(stream, 1):
            flying.append((executor.submit(read_batch, os.fspath(raw), batch), len(batch)))


def choose_primary(reports: pa.Table, publisher: Publisher) -> pa.Table:
    """Of several reports for one office and year the latest published is primary, then the better proved, then the first path; the others are told."""
    rows = reports.select(
        ["report_id", "office_id", "year", "published_on", "cells_read", "verified", "agreed", "source_path"]
    ).to_pylist()
    best: dict[tuple[Any, ...], int] = {}
    groups: dict[tuple[Any, ...], list[int]] = {}
    for index, row in enumerate(rows):
        known = row["office_id"] != "unknown" and row["year"] is not None
        groups.setdefault((row["office_id"], row["year"]) if known else (row["report_id"],), []).append(index)
    for key, members in groups.items():
        best[key] = max(members, key=lambda i: (rows[i]["published_on"] or "", _proved(rows[i]), -i))
    primary = set(best.values())
    told = Batch()
    for key, members in groups.items():
        for index in members:
            if index != best[key]:
                kept = rows[best[key]]["source_path"]
                message = f"another report of the same office and year is used in the tidy tables: {kept}"
                told.issue(rows[index]["source_path"], "not_primary", message, rows[index]["report_id"])
    publisher.add("issues.csv", told.tables()["issues.csv"])
    place = reports.schema.get_field_index("is_primary")
    return reports.set_column(place, "is_primary", pa.array([i in primary for i in range(len(rows))], pa.bool_()))


def _proved(row: dict[str, Any]) -> float:
    return (row["verified"] + row["agreed"]) / row["cells_read"] if row["cells_read"] else 0.0


def _publish_tables(publisher: Publisher, reports: pa.Table) -> None:
    """The tidy tables of the primary reports, batch by batch from the facts just written."""
    publisher.add("reports.csv", reports)
    primary = reports.filter(reports["is_primary"])
    order = {report: index for index, report in enumerate(primary["report_id"].to_pylist())}
    written: set[str] = set()
    facts = pq.ParquetFile(publisher.staged("facts.parquet"))
    for group in range(facts.num_row_groups):
        part = facts.read_row_group(group, columns=["report_id", "cell", "value", "unit", "state"])
        ids = [report for report in dict.fromkeys(part["report_id"].to_pylist()) if report in order]
        written.update(ids)
        _add_tidy(publisher, primary.take(pa.array([order[i] for i in ids], pa.int64())), part)
    rest = [
        order[i] for i in order if i not in written
    ]  # reports without a single fact, and the empty tables of an empty run
    _add_tidy(publisher, primary.take(pa.array(rest, pa.int64())), arrow("facts.parquet").empty_table())
    publisher.add("offices.csv", offices(reports))


def _add_tidy(publisher: Publisher, reports: pa.Table, facts: pa.Table) -> None:
    for name, table in tidy(lay_out(reports, facts)).items():
        publisher.add(name, table)


def offices(reports: pa.Table) -> pa.Table:
    """One row per office that a report names: the name most used, the others beside it."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in reports.to_pylist():
        groups.setdefault(row["office_id"], []).append(row)
    made = []
    for office_id in sorted(groups):
        rows = groups[office_id]
        names: dict[str, int] = {}
        for row in rows:
            for name in (row["office_zh"], row["signed_by"]):
                if name:
                    names[name] = names.get(name, 0) + 1
        office = max((row["office_zh"] for row in rows), key=lambda name: (names[name], name))
        newest = max(rows, key=lambda row: (row["year"] or 0, row["source_path"]))
        made.append(
            {k: newest[k] for k in ("office_id", "level", "district_id", "district_zh", "city_zh", "province_zh")}
            | {
                "office_zh": office,
                "also_named": "|".join(sorted(set(names) - {office})) or None,
                "reports": sum(bool(r["is_primary"]) for r in rows),
            }
        )
    return pa.Table.from_pylist(made, schema=arrow("offices.csv"))


def _publish_descriptions(publisher: Publisher, raw: Path, fingerprint: str, summary: Summary) -> None:
    """Codebook, identities, data dictionary, datapackage.json and run.json."""
    publisher.add("codebook.csv", pa.Table.from_pylist(codebook_rows(), schema=arrow("codebook.csv")))
    rules: Iterable[dict[str, Any]] = (
        r._asdict() | {"left": " ".join(r.left), "right": " ".join(r.right)} for r in all_identities()
    )
    publisher.add("identities.csv", pa.Table.from_pylist(list(rules), schema=arrow("identities.csv")))
    publisher.write_json("datapackage.json", datapackage(list(tables())))
    publisher.write_text("README.md", dictionary())
    where = os.path.relpath(raw.resolve(), publisher.out.resolve())
    content = {
        "raw": where,
        "extractor": extractor_version(),
        "fingerprint": fingerprint,
        "summary": summary._asdict(),
        "rows": publisher.rows,
    }
    publisher.write_json(RUN, content)
