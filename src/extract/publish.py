"""Writing the published files: whole or not at all, readable in Excel, harmless when opened there."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa

from .files import Files
from .rendering import rendered
from .schemas import tables
from .storage import answering, filesystem, is_url, local_path, shown

RUN = "run.json"


class Destination:
    """Where the published files go: a folder of this machine, or an address that fsspec knows, which gets copies of the files of `folder`.

    `cache` keeps the manifest and the lock: OUT/.cache, or for an address a folder in the user's cache.
    """

    def __init__(self, out: Path | str, cache: Path | None = None) -> None:
        self.address, self.is_remote = str(out), is_url(out)
        if self.is_remote:
            name = hashlib.sha256(str(out).encode()).hexdigest()[:16]
            self.cache = cache or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "jiedao" / name
            self.folder = self.cache / "published"
            self._files, self._root = filesystem(str(out))
            self._try_to_write()
        else:
            self.folder = local_path(out)
            self.cache = cache or self.folder / ".cache"
        self.folder.mkdir(parents=True, exist_ok=True)

    def locks(self) -> list[Path]:
        """Files that a run holds locked: one with its memory, and one with its tables where these lie apart on this machine."""
        beside = self.folder / ".cache"
        return [self.cache / "lock"] + ([beside / "lock"] if self.cache != beside and not self.is_remote else [])

    def text(self, name: str) -> str:
        """A published text file. Raises OSError where there is none."""
        if self.is_remote:
            with answering(self.address):
                content: bytes = self._files.cat_file(f"{self._root}/{name}")
            return content.decode()
        return (self.folder / name).read_text(encoding="utf-8")

    def holds(self, names: Iterable[str]) -> bool:
        """Whether all these files are there."""
        if self.is_remote:
            with answering(self.address):
                return all(self._files.exists(f"{self._root}/{name}") for name in names)
        return all((self.folder / name).exists() for name in names)

    def receive(self, staging: Path) -> None:
        """Take every file of a folder. run.json goes first and comes last: while it is missing, nobody takes the others for complete."""
        (self.folder / RUN).unlink(missing_ok=True)
        for path in sorted(staging.iterdir(), key=lambda p: (p.name == RUN, p.name)):
            _flush(path)
            path.replace(self.folder / path.name)
        if self.is_remote:
            self._copy()

    def _try_to_write(self) -> None:
        """Better to hear now that the address takes nothing than after hours of reading."""
        trial = f"{self._root}/.trial"
        with answering(self.address):
            self._files.makedirs(self._root, exist_ok=True)
            self._files.pipe_file(trial, b"x")
            self._files.rm_file(trial)

    def _copy(self) -> None:
        names = sorted(path.name for path in self.folder.iterdir() if path.is_file() and path.name != RUN)
        with answering(self.address):
            with contextlib.suppress(FileNotFoundError):
                self._files.rm_file(f"{self._root}/{RUN}")
            for name in [*names, RUN]:
                self._files.put_file(os.fspath(self.folder / name), f"{self._root}/{name}")


class Publisher:
    """Collects the files of one run in a folder beside the published ones and moves them there when the run has ended well.

    Use as a context manager: an exception leaves what was published as it was. Tables may be added piece by piece, each piece is checked
    against the schema; a table to which nothing is added is published empty. `rows`: how many rows each table has.
    """

    def __init__(self, destination: Destination) -> None:
        self.destination = destination
        self.staging = destination.folder / ".unfinished"
        self._files = Files(self.staging)
        self.rows = self._files.rows

    def __enter__(self) -> Publisher:
        shutil.rmtree(self.staging, ignore_errors=True)  # what a killed run left behind
        self.staging.mkdir(parents=True)
        self.rows |= dict.fromkeys(tables(), 0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            with self._files:
                for name in tables() if kind is None else ():
                    if not (self.staging / name).exists():
                        self._files.begin(name)
            if kind is None:
                self.destination.receive(self.staging)
        finally:
            shutil.rmtree(self.staging, ignore_errors=True)

    def add(self, name: str, table: pa.Table) -> None:
        """Append rows to a published table. Raises what `rendered` raises."""
        self._files.append(rendered(name, table))

    def take(self, folder: Path, rows: Mapping[str, int]) -> None:
        """Files that others have written, with so many rows: each becomes a published file, or is appended to it where that has begun."""
        for name, count in rows.items():
            self._files.take(folder / name, count)

    def write_text(self, name: str, text: str) -> None:
        """A file of plain text."""
        (self.staging / name).write_text(text, encoding="utf-8")

    def write_json(self, name: str, content: Any) -> None:
        """A file of JSON, keys in the order given."""
        text = json.dumps(content, ensure_ascii=False, indent=1)
        if shown(text) != text:  # a path that is no UTF-8: JSON can tell it, in escapes
            text = json.dumps(content, indent=1)
        self.write_text(name, text + "\n")


def _flush(path: Path) -> None:
    """Have the file on the disk before its name says that it is complete."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
