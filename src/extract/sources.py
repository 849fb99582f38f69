"""Which files there are to read: a folder walked in a fixed order, each file hashed, addresses from manifest.csv where there is one."""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import overload

import pyarrow as pa

from .document import Source
from .storage import Folder, LocalFolder, Refused, Rejected, open_folder

__all__ = [
    "MANIFEST",
    "Refused",
    "Sources",
    "addresses",
    "identify",
    "identify_file",
    "identify_many",
    "listed",
    "walk",
]

MANIFEST = "manifest.csv"
NOT_REPORTS = {MANIFEST, "readme.md", "readme.txt", "thumbs.db", "desktop.ini"}


class Sources(Sequence[Source]):
    """Sources in little memory, 40 bytes and its path for each: they are made when they are asked for. Their kind is not kept."""

    def __init__(self, sources: Iterable[Source]) -> None:
        sources = list(sources)
        self._paths = pa.array([os.fsencode(one.path) for one in sources], pa.binary())
        self._hashes = b"".join(bytes.fromhex(one.sha256) for one in sources)
        self._urls = {number: one.url for number, one in enumerate(sources) if one.url}

    def __len__(self) -> int:
        return len(self._paths)

    @overload
    def __getitem__(self, at: int) -> Source: ...
    @overload
    def __getitem__(self, at: slice) -> list[Source]: ...
    def __getitem__(self, at: int | slice) -> Source | list[Source]:
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self)))]
        number = range(len(self))[at]
        sha256 = self._hashes[32 * number : 32 * number + 32].hex()
        return Source(sha256[:12], os.fsdecode(self._paths[number].as_py()), "", sha256, self._urls.get(number, ""))


def listed(folder: Folder) -> list[str]:
    """Paths of the input files of a folder, relative to it with forward slashes, sorted by folder and name."""
    found = (path for path in folder.walk() if path.rpartition("/")[2].lower() not in NOT_REPORTS)
    return sorted(found, key=lambda path: path.rpartition("/")[::2])


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
