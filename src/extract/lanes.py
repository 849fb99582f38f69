"""Groups of files written side by side, each in one fixed order: by a process of its own, which begins lean and holds one piece at a time."""

from __future__ import annotations

import contextlib
import errno
import multiprocessing
import os
import shutil
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import NamedTuple, TypeAlias

from .chunks import Chunk, chunk_at
from .crew import Processes
from .files import Files
from .heap import keep_few_heaps, sweep
from .lineup import Lineup
from .manifest import Parts
from .rendering import Piece

Make: TypeAlias = Callable[[Chunk], Iterator[Piece]]
SECONDS_BETWEEN_LOOKS = 0.2
LIVES = 3  # times that a lane is begun whose process was ended from outside


class Lane(NamedTuple):
    """What is made of each piece of the lineup in the folder `lineup`, with the results in the manifest at `parts`, and the folder that gets the
    files; `make` must be picklable."""

    make: Make
    lineup: Path
    parts: Path
    folder: Path

    def done(self) -> int:
        """Pieces written by now."""
        with contextlib.suppress(FileNotFoundError):
            return self._marks.stat().st_size
        return 0

    @property
    def _marks(self) -> Path:
        """A file with a byte for each piece that is written."""
        return self.folder.with_suffix(".done")

    def write(self) -> dict[str, int]:
        """Write all files, anew; returns the rows of each."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        with (
            Parts(self.parts) as parts,
            Lineup(self.lineup) as lineup,
            self._marks.open("wb", buffering=0) as marks,
            Files(self.folder) as files,
        ):
            for number in range(len(lineup)):
                _end_with_the_run()
                for piece in self.make(chunk_at(parts, lineup, number)):
                    files.append(piece)
                    del piece
                sweep()
                marks.write(b".")
        return files.rows


def in_lanes(lanes: Sequence[Lane], pieces: int, jobs: int, tell: Callable[[int], None]) -> list[dict[str, int]]:
    """Write the files of all lanes, so many lanes at a time; returns the rows of each file, by lane. `tell` is told now and then how many of the
    `pieces` all lanes have written. A single piece is written here: to start a process would take longer.

    Raises what a lane raises: OSError where a file cannot be written or the process of a lane was ended over and over, else RuntimeError.
    """
    if pieces <= 1:
        return [lane.write() for lane in lanes]
    written: list[dict[str, int]] = [{} for _ in lanes]
    lives = [LIVES] * len(lanes)
    with Processes(min(jobs, len(lanes))) as executor:
        busy: dict[Future[dict[str, int]], int] = {}
        to_do = list(range(len(lanes)))
        while to_do or busy:
            busy |= {executor.submit(_write_apart, lanes[number]): number for number in to_do}
            to_do = []
            for future in wait(busy, SECONDS_BETWEEN_LOOKS, FIRST_COMPLETED).done:
                number = busy.pop(future)
                error = _error(future)
                if error is None:
                    written[number] = future.result()
                    continue
                lives[number] -= 1
                if not _was_ended(error):
                    raise error
                if not lives[number]:
                    raise OSError(
                        errno.EIO,
                        f"the process that writes it was ended {LIVES} times ({error})",
                        str(lanes[number].folder),
                    )
                to_do.append(number)
            tell(min(lane.done() for lane in lanes))
    return written


def _write_apart(lane: Lane) -> dict[str, int]:
    """`Lane.write` in a process of its own."""
    keep_few_heaps()
    try:
        return lane.write()
    except OSError:
        raise
    except Exception as error:  # not every error can be handed to another process
        raise RuntimeError("".join(traceback.format_exception(error))) from None


def _end_with_the_run() -> None:
    """End this process where the one that started it is gone: its folder may belong to the next run by now."""
    parent = multiprocessing.parent_process()
    if parent is not None and not parent.is_alive():
        os._exit(1)


def _error(future: Future[dict[str, int]]) -> BaseException | None:
    try:
        return future.exception()
    except CancelledError as error:
        return error


def _was_ended(error: BaseException) -> bool:
    """Whether the process of a lane was ended from outside, rather than that it could not go on."""
    from pebble import ProcessExpired

    return isinstance(error, (ProcessExpired, CancelledError, BrokenProcessPool))
