"""A folder for what a run puts aside, which goes with the run. A killed run cannot clear up; the next one does it."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows: nothing tells there whether the run that made a folder still lives
    fcntl = None  # type: ignore[assignment]

NAME = "jiedao-"
UNHELD = "jiedao.new-"  # not yet locked: nobody else's business
HELD = "held"


class Scratch:
    """A new folder `path` in the system's temporary folder, removed when nobody knows of this object any more. Folders that runs which ended
    without clearing up have left there are removed first."""

    def __init__(self) -> None:
        clear_abandoned()
        made = Path(tempfile.mkdtemp(prefix=UNHELD))
        self.path = made.with_name(NAME + made.name.removeprefix(UNHELD))
        lock = (made / HELD).open("w")
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        else:
            lock.close()  # an open file keeps its folder from being renamed
        made.rename(self.path)
        self.clear = weakref.finalize(self, remove, self.path, lock)


def clear_abandoned() -> None:
    """Remove the folders that no living process holds. The system gives back the lock of a process however it ended."""
    if fcntl is None:
        return
    for held in Path(tempfile.gettempdir()).glob(f"{NAME}*/{HELD}"):
        with contextlib.suppress(OSError):  # another run's, another user's, or gone meanwhile
            if held.parent.is_symlink() or held.parent.stat().st_uid != os.getuid():
                continue
            with held.open("a") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove(held.parent, file)


def remove(folder: Path, lock: IO[str]) -> None:
    """Remove a folder, and give its lock back last, so that nobody else begins to remove it too."""
    shutil.rmtree(folder, ignore_errors=True)
    lock.close()
