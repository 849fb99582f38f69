"""Which files there are to read: a folder walked in a fixed order, each file hashed, addresses from manifest.csv where there is one."""

from __future__ import annotations

import csv
import hashlib
import io
import os
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import overload

import numpy as np

from .document import Source
from .storage import Folder, LocalFolder, Refused, Rejected, open_folder

__all__ = [
    "MANIFEST",
    "Documents",
    "Found",
    "Refused",
    "addresses",
    "identify",
    "identify_file",
    "identify_many",
    "listed",
    "walk",
]

MANIFEST = "manifest.csv"
NOT_REPORTS = {MANIFEST, "readme.md", "readme.txt", "thumbs.db", "desktop.ini"}


class Found(Sequence["Source | Refused"]):
    """The input files of a run in little memory, some 50 bytes and its path for each: a Source is made when it is asked for. Their kind is not kept."""

    def __init__(self) -> None:
        self._paths, self._ends, self._hashes = bytearray(), array("Q"), bytearray()
        self._urls: dict[int, str] = {}
        self._refused: dict[int, Refused] = {}

    def append(self, one: Source | Refused) -> None:
        """One more file."""
        number = len(self)
        if isinstance(one, Refused):
            self._refused[number] = one
        elif one.url:
            self._urls[number] = one.url
        self._paths += os.fsencode(one.path)
        self._ends.append(len(self._paths))
        self._hashes += bytes(32) if isinstance(one, Refused) else bytes.fromhex(one.sha256)

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, at: int) -> Source | Refused: ...
    @overload
    def __getitem__(self, at: slice) -> list[Source | Refused]: ...
    def __getitem__(self, at: int | slice) -> Source | Refused | list[Source | Refused]:
        if isinstance(at, slice):
            return [self._made(number) for number in range(*at.indices(len(self)))]
        return self._made(range(len(self))[at])

    def firsts(self) -> np.ndarray:
        """For each file the number of the first one with the same bytes (int64), -1 for those that were refused."""
        _, firsts, which = np.unique(np.frombuffer(self._hashes, "S32"), return_index=True, return_inverse=True)
        found: np.ndarray = firsts[which].astype(np.int64)
        found[list(self._refused)] = -1
        return found

    def _made(self, number: int) -> Source | Refused:
        if number in self._refused:
            return self._refused[number]
        path = os.fsdecode(bytes(self._paths[self._ends[number - 1] if number else 0 : self._ends[number]]))
        sha256 = self._hashes[32 * number : 32 * number + 32].hex()
        return Source(sha256[:12], path, "", sha256, self._urls.get(number, ""))


class Documents(Sequence[Source]):
    """Some of the files found, all of which can be read; `numbers` (int64) are theirs among the files found."""

    def __init__(self, found: Found, numbers: array[int]) -> None:
        self._found, self._numbers = found, numbers

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, at: int) -> Source: ...
    @overload
    def __getitem__(self, at: slice) -> list[Source]: ...
    def __getitem__(self, at: int | slice) -> Source | list[Source]:
        if isinstance(at, slice):
            return [self._source(number) for number in self._numbers[at]]
        return self._source(self._numbers[at])

    def _source(self, number: int) -> Source:
        one = self._found[number]
        assert isinstance(one, Source)
        return one


def listed(folder: Folder) -> list[str]:
    """Paths of the input files of a folder, relative to it with forward slashes, sorted by folder and name."""
    paths = [path for path in folder.walk() if path.rpartition("/")[2].lower() not in NOT_REPORTS]
    # Folder and name in one text, with a mark between them that no path holds and that comes before all others: sorted in their place.
    for at, path in enumerate(paths):
        paths[at] = "\0".join(path.rpartition("/")[::2])
    paths.sort()
    for at, marked in enumerate(paths):
        paths[at] = marked.replace("\0", "/" if marked[0] != "\0" else "", 1)
    return paths


def walk(raw: Path) -> list[str]:
    """The input files beneath a folder of this machine, as `listed` gives them."""
    return listed(LocalFolder(raw))


def addresses(folder: Folder) -> dict[str, str]:
    """Path -> published address, from manifest.csv (columns path and url) where the folder has one. Raises Rejected where it cannot be read."""
    text = folder.note(MANIFEST)
    if text is None:
        return {}
    rows = csv.DictReader(io.StringIO(text.replace("\x00", ""), newline=""))
    try:
        return {row["path"]: row.get("url") or "" for row in rows if row.get("path")}
    except csv.Error as error:
        told = f"line {rows.line_num + 1} of the list of addresses cannot be read ({error}): mend it; no address was taken from it"
        raise Rejected(MANIFEST, "cannot_open", told) from None


def identify(folder: Folder, path: str, url: str = "") -> Source | Refused:
    """Hash one file. Refused where it leads out of the raw folder, is too large, is no file, or cannot be opened."""
    try:
        sha256 = hashlib.sha256(folder.read(path)).hexdigest()
    except Rejected as rejected:
        return rejected.refusal
    return Source(sha256[:12], path, "", sha256, url)


def identify_file(raw: Path, path: str, url: str = "") -> Source | Refused:
    """`identify` for a folder of this machine."""
    return identify(LocalFolder(raw), path, url)


def identify_many(address: str, files: list[tuple[str, str]]) -> list[Source | Refused]:
    """Hash some files, given as (path, url), in one process."""
    folder = open_folder(address)
    return [identify(folder, path, url) for path, url in files]
