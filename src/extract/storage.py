"""Where files lie: a folder of this machine, or an address that fsspec knows (s3://, hdfs://, memory://). Both answer the same four questions."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple, Protocol
from urllib.parse import unquote, urlsplit

MAX_BYTES = 200 * 1024 * 1024
# An empty folder that ends like this is what is left of a document, and is told.
DOCUMENTS = frozenset(
    {".html", ".htm", ".mht", ".txt", ".md", ".pdf", ".doc", ".docx", ".wps", ".rtf", ".odt", ".xls", ".xlsx"}
)


class Refused(NamedTuple):
    """A file that is not opened, and why: it becomes a row of issues.csv."""

    path: str
    kind: str
    message: str


class Rejected(Exception):
    """A file that must not or cannot be read; `refusal` says so."""

    def __init__(self, path: str, kind: str, message: str) -> None:
        super().__init__(message)
        self.refusal = Refused(path, kind, message)


class MissingExtra(Exception):
    """A package that only clusters and addresses need is not installed. The message says how to install it."""


class Folder(Protocol):
    """A folder that holds input files. `address` is enough to open it again in another process."""

    address: str

    def walk(self) -> list[str]:
        """Everything in it that is no folder, the folders that cannot be entered, and empty ones named like a document: paths relative to it, with forward slashes."""

    def stamp(self, path: str) -> str:
        """What changes when the file changes, without reading it. Raises Rejected for what is no file to read."""

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises Rejected."""

    def note(self, name: str) -> str | None:
        """The text of a file that describes the folder, None where it has none. Raises Rejected as `read` does."""


def is_url(address: str | Path) -> bool:
    """Whether this is an address and not a path of this machine; file:// is a path of this machine."""
    return "://" in str(address) and not str(address).startswith(("file://", "local://"))


def local_path(address: str | Path) -> Path:
    """The path on this machine that a name or a file:// address means."""
    text = str(address)
    return Path(unquote(urlsplit(text).path)) if text.startswith(("file://", "local://")) else Path(address)


@lru_cache(maxsize=8)
def open_folder(address: str) -> Folder:
    """The folder of this address. Raises MissingExtra where fsspec is needed and missing, ValueError where fsspec does not know the address."""
    return RemoteFolder(address) if is_url(address) else LocalFolder(local_path(address))


def shown(path: str) -> str:
    """A path as it is published: bytes of a file name that are no UTF-8 stand as \\xNN."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def is_skipped(name: str) -> bool:
    """Names that are never input: hidden ones and those that begin with an underscore or, as Office's lock files do, with ~$."""
    return name.startswith((".", "_", "~$"))


class LocalFolder:
    """A folder of this machine. Links that lead out of it, pipes, devices and files past the size limit are refused."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.address = str(root.absolute())  # a worker may have been started elsewhere

    def walk(self) -> list[str]:
        """See Folder. Linked folders are listed, not followed: they may lead out, or round in a ring."""
        found: list[str] = []
        closed: list[str] = []
        for folder, folders, names in os.walk(self.root, onerror=lambda error: closed.append(str(error.filename))):
            folders[:] = [name for name in folders if not is_skipped(name)]
            within = Path(folder).relative_to(self.root)
            linked = [name for name in folders if (Path(folder) / name).is_symlink()]
            beneath = f"{within.as_posix()}/" if within.parts else ""
            found.extend(beneath + name for name in [*names, *linked] if not is_skipped(name))
            if not names and not folders and within.suffix.lower() in DOCUMENTS:
                found.append(within.as_posix())
        return found + [Path(name).relative_to(self.root).as_posix() for name in closed]

    def stamp(self, path: str) -> str:
        """See Folder: size, times of change and inode."""
        full = self._full(path)
        # Not resolve(), which fails on links that lead to each other: what they are is told below.
        if os.path.islink(full) and not Path(  # noqa: PTH114 (see _full)
            os.path.realpath(full)
        ).is_relative_to(os.path.realpath(self.root)):
            raise Rejected(
                path,
                "outside_raw_folder",
                "a link that leads out of the raw folder: put a copy of the file in its place",
            )
        try:
            seen = os.stat(full)  # noqa: PTH116 (see _full)
        except OSError as error:
            raise _cannot_open(path, error) from None
        if stat.S_ISDIR(seen.st_mode):
            raise Rejected(path, "cannot_open", _closed_folder(Path(full)))
        if not stat.S_ISREG(seen.st_mode):
            raise Rejected(
                path, "not_a_file", "a pipe, socket or device, not a file: put a copy of the document in its place"
            )
        _check_size(path, seen.st_size)
        return f"{seen.st_size}-{seen.st_mtime_ns}-{seen.st_ctime_ns}-{seen.st_ino}"

    def _full(self, path: str) -> str:
        """No Path for each file: it would leave each name in a table of Python's that never gets smaller again."""
        return f"{self.root}{os.sep}{path}"

    def read(self, path: str) -> bytes:
        """See Folder."""
        self.stamp(path)
        try:
            # Not blocking: what was a file a moment ago may be a pipe now, and a pipe without a writer never answers.
            descriptor = os.open(
                self._full(path), os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
            )
            with os.fdopen(descriptor, "rb") as file:
                data = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise _cannot_open(path, error) from None
        _check_size(path, len(data))
        return data

    def note(self, name: str) -> str | None:
        """See Folder."""
        path = self.root / name
        is_there = path.is_symlink() or (path.exists() and not path.is_dir())
        return self.read(name).decode("utf-8-sig", "replace") if is_there else None


class RemoteFolder:
    """A folder at an address that fsspec knows."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        self.files, self.root = filesystem(self.address)
        self._listed: dict[str, dict[str, Any]] = {}

    def walk(self) -> list[str]:
        """See Folder. What the listing tells of each file is kept: stores answer one question for a thousand files as fast as for one."""
        with answering(self.address):
            self.files.invalidate_cache()
            found = self.files.find(self.root, detail=True)
        paths = {full: PurePosixPath(full).relative_to(self.root) for full in found}
        self._listed = {
            path.as_posix(): found[full] for full, path in paths.items() if not any(is_skipped(part) for part in path.parts)
        }  # fmt: skip
        return list(self._listed)

    def stamp(self, path: str) -> str:
        """See Folder: size and whatever the store tells of versions and times; where it tells nothing the file is read again."""
        told = self._listed.get(path) or self._asked(path, self.files.info)
        _check_size(path, int(told.get("size") or 0))
        marks = [
            str(told[name])
            for name in ("ETag", "etag", "mtime", "LastModified", "last_modified", "modificationTime")
            if name in told
        ]
        return f"{told.get('size')}-{'-'.join(marks)}" if marks else ""

    def read(self, path: str) -> bytes:
        """See Folder."""
        self.stamp(path)
        data: bytes = self._asked(path, self.files.cat_file)
        _check_size(path, len(data))
        return data

    def _asked(self, path: str, question: Callable[[str], Any]) -> Any:
        """What the store answers. Rejected where it fails: each store has errors of its own."""
        try:
            return question(f"{self.root}/{path}" if self.root else path)
        except Exception as error:
            told = error if isinstance(error, OSError) else OSError(0, f"{type(error).__name__}: {str(error)[:120]}")
            raise _cannot_open(path, told) from None

    def note(self, name: str) -> str | None:
        """See Folder."""
        path = f"{self.root}/{name}" if self.root else name
        return self.read(name).decode("utf-8-sig", "replace") if self.files.exists(path) else None


def filesystem(address: str) -> tuple[Any, str]:
    """fsspec's file system and root path of an address. Raises MissingExtra, or ValueError with what fsspec says."""
    try:
        from fsspec.core import url_to_fs  # type: ignore[import-untyped]
    except ImportError:
        raise MissingExtra(
            f"{address}: addresses need fsspec, which comes with the extra: pip install 'jiedao[cluster]'"
        ) from None
    try:
        files, root = url_to_fs(address)
    except ImportError as error:
        raise MissingExtra(f"{address}: {error}") from None
    return files, root.rstrip("/")


@contextlib.contextmanager
def answering(address: str) -> Iterator[None]:
    """Whatever error a store has of its own becomes an OSError that names the address."""
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise OSError(errno.EIO, f"{type(error).__name__}: {str(error)[:200]}", address) from error


def _check_size(path: str, size: int) -> None:
    if size > MAX_BYTES:
        message = f"the file has {size // 2**20} MB, the limit is {MAX_BYTES // 2**20} MB: split it or make it smaller"
        raise Rejected(path, "too_large", message)
    if size == 0:
        raise Rejected(path, "empty_file", "the file is empty: fetch it again")


def _cannot_open(path: str, error: OSError) -> Rejected:
    reason = error.strerror or type(error).__name__
    return Rejected(path, "cannot_open", f"the file cannot be opened ({reason}): check its permissions")


def _closed_folder(full: Path) -> str:
    if full.is_symlink():
        return "a link to a folder is not followed: name that folder itself, or copy it here"
    if os.access(full, os.R_OK | os.X_OK):
        return "an empty folder that is named like a document: put the document itself in its place"
    return "the folder cannot be listed: check its permissions"
