"""Which files there are to read: a folder walked in a fixed order, each file hashed, addresses from manifest.csv where there is one."""

from __future__ import annotations

import csv
import hashlib
import os
from pathlib import Path
from typing import NamedTuple

from .document import Source

MANIFEST = "manifest.csv"
NOT_REPORTS = {MANIFEST, "readme.md", "readme.txt", "thumbs.db", "desktop.ini"}
MAX_BYTES = 200 * 1024 * 1024


class Refused(NamedTuple):
    """A file that is not opened, and why: it becomes a row of issues.csv."""

    path: str
    kind: str
    message: str


def is_skipped(name: str) -> bool:
    """Names that are never input: hidden ones, those that begin with an underscore, and the folder's own manifest and readme."""
    return name.startswith((".", "_", "~$")) or name.lower() in NOT_REPORTS


def walk(raw: Path) -> list[str]:
    """Paths of the input files beneath `raw`, relative to it with forward slashes, sorted by folder and name. Folders that cannot be listed hold no files."""
    found: list[str] = []
    for folder, folders, names in os.walk(raw):
        folders[:] = [name for name in folders if not is_skipped(name)]
        within = Path(folder).relative_to(raw)
        found.extend((within / name).as_posix() for name in names if not is_skipped(name))
    return sorted(found, key=lambda path: path.rpartition("/")[::2])


def addresses(raw: Path) -> dict[str, str]:
    """Path -> published address, from manifest.csv (columns path and url) where the folder has one."""
    manifest = raw / MANIFEST
    if not manifest.is_file():
        return {}
    with manifest.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        return {row["path"]: row.get("url") or "" for row in csv.DictReader(file) if row.get("path")}


def identify_file(raw: Path, path: str, url: str = "") -> Source | Refused:
    """Hash one file. Refused where it leads out of the raw folder, is too large, or cannot be opened."""
    full = raw / path
    if full.is_symlink() and not full.resolve().is_relative_to(raw.resolve()):
        return Refused(
            path, "outside_raw_folder", "a link that leads out of the raw folder: put a copy of the file in its place"
        )
    try:
        size = full.stat().st_size
        if size > MAX_BYTES:
            return Refused(
                path,
                "too_large",
                f"the file has {size // 2**20} MB, the limit is {MAX_BYTES // 2**20} MB: split it or make it smaller",
            )
        if size == 0:
            return Refused(path, "empty_file", "the file is empty: fetch it again")
        with full.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return Refused(path, "cannot_open", f"the file cannot be opened ({error.strerror}): check its permissions")
    return Source(sha256[:12], path, "", sha256, url)
