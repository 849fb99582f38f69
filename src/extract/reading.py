"""From a folder to the manifest: which files there are, and the result of every document that no earlier run has read."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from .batches import OUT_OF_MEMORY, Limits, Part, broken_off, read_documents
from .crew import Crew, hand_out
from .document import Source
from .manifest import Manifest, now
from .progress import Progress
from .sources import Found, addresses, identify_many, listed
from .storage import Folder, Refused, Rejected

BATCH, LEAST = 40, 5
SHARES = 8  # batches that each worker gets at least of what is left, where there are enough documents
LOOKED_AT_TOGETHER, HASHED_TOGETHER = 1000, 200
Item = TypeVar("Item")


def find(
    folder: Folder, manifest: Manifest, crew: Callable[[], Crew], rehash: bool = False, apart: str | None = None
) -> Found:
    """Every input file in path order, but for those beneath the path `apart` in the folder.

    Files whose size and times are as the manifest knows them are not opened, unless `rehash`; the hashes of the others are kept as they come in.
    """
    urls, refused = _addresses(folder)
    paths = [path for path in listed(folder) if apart is None or not f"{path}/".startswith(f"{apart}/")]
    found = Found()
    for one in refused:
        found.append(one)
    with Progress("looking", len(paths), "file") as progress:
        for some in _batches(paths, LOOKED_AT_TOGETHER):
            seen = _look(folder, manifest, crew, [(path, urls.get(path, "")) for path in some], rehash, progress)
            for path in some:
                found.append(seen[path])
    return found


def _look(
    folder: Folder,
    manifest: Manifest,
    crew: Callable[[], Crew],
    files: list[tuple[str, str]],
    rehash: bool,
    progress: Progress,
) -> dict[str, Source | Refused]:
    """What some files, given as (path, url), are, by their paths."""
    found: dict[str, Source | Refused] = {}
    stamps: dict[str, str] = {}
    before = now()
    for path, url in files:
        try:
            stamp = folder.stamp(path)
        except Rejected as rejected:
            found[path] = rejected.refusal
            continue
        sha256 = None if rehash else manifest.known_hash(path, stamp)
        if sha256 is None:
            stamps[path] = stamp
        else:
            found[path] = Source(sha256[:12], path, "", sha256, url)
            progress.add(1)

    def keep(batch: list[Source | Refused]) -> None:
        hashed = [one for one in batch if isinstance(one, Source)]
        manifest.remember_hashes([(one.path, stamps[one.path], one.sha256) for one in hashed], before)
        found.update((one.path, one) for one in batch)
        progress.add(len(batch))

    if stamps:
        _hash(folder, [file for file in files if file[0] in stamps], crew(), keep)
    return found


def _addresses(folder: Folder) -> tuple[dict[str, str], list[Refused]]:
    """The published addresses; where their list cannot be read there are none, and the list is told of like any file."""
    try:
        return addresses(folder), []
    except Rejected as rejected:
        return {}, [rejected.refusal]


def _hash(
    folder: Folder, files: list[tuple[str, str]], crew: Crew, keep: Callable[[list[Source | Refused]], None]
) -> None:
    """Hash files, given as (path, url); `keep` gets the results, some at a time."""

    def take(batch: list[tuple[str, str]], result: list[Source | Refused]) -> list[tuple[str, str]]:
        keep(result)
        return []

    def lost(file: tuple[str, str], error: BaseException) -> None:
        keep([Refused(file[0], "cannot_open", f"the file could not be read to its end ({_reason(error)})")])

    work = lambda batch: (identify_many, (folder.address, batch))  # noqa: E731
    hand_out(crew, work, _batches(files, HASHED_TOGETHER), take, lost)


def read_new(
    folder: Folder,
    manifest: Manifest,
    crew: Callable[[], Crew],
    sources: Sequence[Source],
    limits: Limits,
    read: Callable[[str, list[Source], Limits], Part] = read_documents,
) -> int:
    """Read every document that the manifest does not know; each batch is kept as it comes in. Returns how many were read.

    `read` does one batch in a worker; it must be picklable.
    """
    new = array("q", (number for number, source in enumerate(sources) if manifest.place(source) is None))
    if not new:
        return 0

    def take(batch: list[Source], part: Part) -> list[Source]:
        manifest.add(batch, part)
        progress.add(len(part.entries))
        return part.left

    def lost(source: Source, error: BaseException) -> None:
        manifest.add([source], broken_off(source, "reading_broken_off", _broken_off(error, limits)))
        progress.add(1)

    hands = crew()
    with Progress("reading", len(new), "document") as progress:
        batches = ([sources[number] for number in some] for some in _shrinking(new, hands.places))
        hand_out(hands, lambda batch: (read, (folder.address, batch, limits)), batches, take, lost)
    return len(new)


def _shrinking(items: Sequence[Item], places: int) -> Iterator[Sequence[Item]]:
    """Batches that get smaller where few items are left, so that nobody waits long for whoever took the last one."""
    start = 0
    while start < len(items):
        size = min(BATCH, max(LEAST, (len(items) - start) // (SHARES * places)))
        yield items[start : start + size]
        start += size


def _batches(items: list[Item], size: int) -> Iterator[list[Item]]:
    stream = iter(items)
    while batch := list(islice(stream, size)):
        yield batch


def _broken_off(error: BaseException, limits: Limits) -> str:
    return (
        f"the reading ended its process, alone and a second time ({_reason(error)}): it took longer than {limits.seconds:g} s of processor time or "
        f"{limits.longest:g} s by the clock, needed more than {limits.megabytes} MB, or made a library fail. Save the document again, or split it; build --retry tries it once more"
    )


def _reason(error: BaseException) -> str:
    code: Any = getattr(error, "exitcode", None)
    if code is None:
        return f"{type(error).__name__}: {str(error)[:120]}"
    return {
        1: "ended by the time limit (clock)",
        -27: "ended by the time limit (processor)",
        OUT_OF_MEMORY: "out of memory",
        -9: "killed by the system",
        -11: "segmentation fault",
        -6: "aborted",
    }.get(code, f"exit code {code}")
