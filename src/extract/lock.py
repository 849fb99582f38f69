"""One run at a time on one folder. The operating system holds the lock, so a run that is killed leaves none behind."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from types import TracebackType
from typing import IO

try:
    import fcntl
except ImportError:  # Windows has no fcntl and locks bytes instead
    fcntl = None  # type: ignore[assignment]
    import msvcrt


class Busy(Exception):
    """Another run is at work on the same folder. The message says which."""


class Lock:
    """Held while the context lasts; the file keeps the name of the last holder, for people. Raises Busy on entering."""

    def __init__(self, path: Path, what: str) -> None:
        self.path = path
        self.what = what
        self._file: IO[str] | None = None

    def __enter__(self) -> Lock:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = self.path.open("a+", encoding="utf-8")
        try:
            _take(file)
        except OSError:
            file.seek(0)
            holder = file.read(200).strip() or "unknown process"
            file.close()
            raise Busy(f"another run ({holder}) is writing to {self.what}: wait for it, or stop it") from None
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}\n")
        file.flush()
        self._file = file
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()  # closing gives the lock back


def _take(file: IO[str]) -> None:
    if fcntl is not None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    else:
        file.seek(2**20)  # beyond the text, so that the holder's name can be read
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
