"""The hallway: files → documents → facts → tables → published files. One code path for one process, for many, and for a cluster.

Three steps. Read: every document that no earlier run has read, batch by batch into the manifest. Settle: what reports are to each other, from
the rows of reports.csv alone. Publish: everything, in the order of the paths, piece by piece.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from array import array
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from .batches import Limits, Part, read_documents
from .codebook import all_identities, codebook_rows
from .corrected import Corrections, gather
from .crew import Crew, cluster_crew, local_crew
from .document import Source
from .lock import Lock
from .manifest import Manifest
from .notices import Notice, issues
from .publish import Destination, Publisher
from .reading import find, read_new
from .results import publish_results
from .schemas import arrow, datapackage, dictionary, tables
from .sources import Documents, Found
from .storage import Refused, is_url, local_path, open_folder, shown

__all__ = ["Limits", "Summary", "build", "extractor_version"]

RUN = "run.json"
OTHER_FILES = ("datapackage.json", "README.md")


class Summary(NamedTuple):
    """What a run did: files found, reports published, documents read in this run and known from earlier ones, files that gave no report,
    issues told; `unchanged` where nothing had to be done."""

    files: int
    reports: int
    read: int
    known: int
    unread: int
    issues: int
    unchanged: bool


def build(
    raw: Path | str,
    out: Path | str,
    jobs: int = 1,
    *,
    scheduler: str | None = None,
    crew: Crew | None = None,
    cache_folder: Path | None = None,
    limits: Limits = Limits(),  # noqa: B008 (it cannot be changed)
    rehash: bool = False,
    retry: bool = False,
    corrections: Path | None = None,
    read: Callable[[str, list[Source], Limits], Part] = read_documents,
) -> Summary:
    """Read every file beneath `raw` and publish to `out`. Either may be an address that fsspec knows.

    The work is done by `jobs` processes, by the Dask cluster at `scheduler`, or by `crew`. The published files are replaced together when all is
    done; where neither the files nor the extractor have changed, nothing is. `rehash` reads every file again to see whether it changed, `retry`
    reads documents again whose reading was broken off. Raises FileNotFoundError where `raw` holds no file to read, Busy where another run is
    writing to `out`, MissingExtra and ClusterError where addresses or clusters cannot be used.
    """
    corrected = gather(corrections)
    folder, destination = open_folder(str(raw)), Destination(out, cache_folder)
    version = extractor_version()
    with contextlib.ExitStack() as stack, contextlib.ExitStack() as workers:
        for lock in destination.locks():
            stack.enter_context(Lock(lock, str(out)))

        @cache
        def hands() -> Crew:
            if crew is not None:
                return crew
            if scheduler is not None:
                return workers.enter_context(cluster_crew(scheduler, version, extractor_version))
            return workers.enter_context(local_crew(jobs, limits.megabytes))

        manifest = stack.enter_context(Manifest(destination.cache / "manifest.sqlite", version, folder.address))
        found = find(folder, manifest, hands, rehash, _within(raw, out))
        if not found:
            raise FileNotFoundError(
                f"{raw} holds no file to read: put reports into it (names that begin with . or _ are not read)"
            )
        if retry:
            manifest.forget_failures()
        fingerprint = _fingerprint(found, corrected)
        before = _previous(destination)
        if not retry and before.get("fingerprint") == fingerprint and destination.holds([*tables(), *OTHER_FILES]):
            return Summary(read=0, known=before["summary"]["files"], **before["summary"] | {"unchanged": True})
        documents, told = _told_early(found)
        count = read_new(folder, manifest, hands, documents, limits, read)
        workers.close()  # they hold more than those who publish need
        publisher = stack.enter_context(Publisher(destination))
        publisher.add("issues.csv", issues(told))
        reports = publish_results(publisher, manifest, documents, jobs, corrected)
        # What must not last (a file that changed while it was read) is not vouched for either: the next run looks again.
        passing = manifest.tidy_up((one.path for one in found), documents)
        known, unread = len(documents) - count, len(found) - reports
        summary = Summary(len(found), reports, count, known, unread, publisher.rows["issues.csv"], False)
        publish_descriptions(publisher, raw, destination, "" if passing else fingerprint, summary)
    return summary


@cache
def extractor_version() -> str:
    """A digest of the extractor's own code and reference tables: when it changes, everything is read again. Corrections are not among them:
    they change what is published, not what is read."""
    digest = hashlib.sha256()

    def add(folder: Traversable) -> None:
        for entry in sorted(folder.iterdir(), key=lambda e: e.name):
            if entry.is_dir() and entry.name != "__pycache__":
                add(entry)
            elif entry.name.endswith((".py", ".csv")) and entry.name != "corrections.csv":
                digest.update(entry.name.encode() + b"\x00" + entry.read_bytes())

    add(files("extract"))
    return digest.hexdigest()[:16]


def _within(raw: Path | str, out: Path | str) -> str | None:
    """Where `out` lies in `raw`, as a path in it: what was published is no input. None where it lies elsewhere."""
    if is_url(raw) or is_url(out):
        inside, outside = str(out).rstrip("/"), str(raw).rstrip("/") + "/"
        return inside.removeprefix(outside) if inside.startswith(outside) else None
    folder, root = local_path(out).resolve(), local_path(raw).resolve()
    return folder.relative_to(root).as_posix() if folder.is_relative_to(root) and folder != root else None


def _fingerprint(found: Found, corrections: Corrections) -> str:
    digest = hashlib.sha256(f"{extractor_version()} {corrections.digest}".encode())
    for one in found:
        digest.update(repr(tuple(one)).encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _previous(destination: Destination) -> dict[str, Any]:
    try:
        content = json.loads(destination.text(RUN))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _told_early(found: Found) -> tuple[Documents, list[Notice]]:
    """The documents, each content once, and the issues of the other files."""
    firsts = found.firsts()
    are_first = firsts == np.arange(len(found))
    told: list[Notice] = []
    for number in np.flatnonzero(~are_first).tolist():
        one = found[number]
        if isinstance(one, Refused):
            told.append(Notice(shown(one.path), one.kind, one.message))
        else:
            message = f"the same bytes as {shown(found[int(firsts[number])].path)}, read once under that path"
            told.append(Notice(shown(one.path), "same_bytes", message))
    return Documents(found, array("q", np.flatnonzero(are_first).astype(np.int64).tobytes())), told


def publish_descriptions(
    publisher: Publisher, raw: Path | str, destination: Destination, fingerprint: str, summary: Summary
) -> None:
    """Codebook, identities, data dictionary, datapackage.json and run.json."""
    publisher.add("codebook.csv", pa.Table.from_pylist(codebook_rows(), schema=arrow("codebook.csv")))
    rules: Iterable[dict[str, Any]] = (
        r._asdict() | {"left": " ".join(r.left), "right": " ".join(r.right)} for r in all_identities()
    )
    publisher.add("identities.csv", pa.Table.from_pylist(list(rules), schema=arrow("identities.csv")))
    publisher.write_json("datapackage.json", datapackage(list(tables())))
    publisher.write_text("README.md", dictionary())
    apart = is_url(raw) or destination.is_remote
    content = {
        "raw": str(raw) if apart else os.path.relpath(local_path(raw).resolve(), destination.folder.resolve()),
        "extractor": extractor_version(),
        "fingerprint": fingerprint,
        # What this run read and what it knew is not part of the result: a resumed run ends with the same file as an undisturbed one.
        "summary": {name: getattr(summary, name) for name in ("files", "reports", "unread", "issues", "unchanged")},
        "rows": publisher.rows,
    }
    publisher.write_json(RUN, content)
