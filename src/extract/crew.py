"""Who does the work: processes of this machine, or a Dask cluster; and the one way to hand it out, in which no document is ever lost.

A batch whose worker died is handed out again document by document; a document whose worker dies when it is alone becomes an issue. Where a worker
that dies takes tasks with it that only waited for it (a Dask cluster, a pool that breaks as a whole), a document is blamed only after it was tried
with nothing else in flight.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import BaseContext
from typing import Any, Generic, NamedTuple, TypeVar

from .heap import keep_pandas_out
from .storage import MissingExtra

PRELOADED = ("extract.batches",)  # imported once for all processes
# Then a fresh one takes over, so that what libraries leak and leave torn does not add up, nor what is remembered of documents; a
# fresh one costs about as much as a batch.
BATCHES_PER_PROCESS = 32
NEW_POOLS = 5  # tries to replace a broken pool before a run gives up
Item = TypeVar("Item")
Result = TypeVar("Result")


class ClusterError(Exception):
    """The cluster cannot be used. The message says why and what to do."""


class Processes(Executor):
    """An executor over processes of this machine. A process that dies takes its own task with it and nothing else, and is replaced."""

    def __init__(self, jobs: int, megabytes: int = 0) -> None:
        self._jobs, self._megabytes = jobs, megabytes
        self._pool = self._new_pool()

    def _new_pool(self) -> Any:
        from pebble import ProcessPool

        start_early()
        return ProcessPool(self._jobs, BATCHES_PER_PROCESS, _settle_in, (self._megabytes,), context=_context())

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """See concurrent.futures.Executor. A broken pool is replaced by a new one, several times where the process that starts all others was
        killed while it began: the next one may still meet what the killed one left."""
        for attempt in range(NEW_POOLS):
            try:
                return self._scheduled(fn, args, kwargs)
            except RuntimeError:
                self._close()
                time.sleep(0.1 * attempt)
                self._pool = self._new_pool()
        return self._scheduled(fn, args, kwargs)

    def _scheduled(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Future[Any]:
        future: Future[Any] = self._pool.schedule(fn, args=args, kwargs=kwargs)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes at once; nobody waits for results any more."""
        self._close()

    def _close(self) -> None:
        self._pool.stop()
        self._pool.join()


def _context() -> BaseContext:
    """Fresh processes rather than copies of this one, whose threads a copy would lose."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    return context


def start_early() -> None:
    """Begin to start the process that all others come from: it loads what they need while this one loads what it needs itself.

    Ctrl+C is held back from it: this process alone decides when all of them end.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return
    from multiprocessing.forkserver import ensure_running
    from multiprocessing.resource_tracker import ensure_running as ensure_tracker

    _context()
    ensure_tracker()  # else the next but one starts it, and lets Ctrl+C through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _settle_in(megabytes: int) -> None:
    """What a process does first: what it was started with stays to its end, so nobody need look for rings in it."""
    keep_pandas_out()
    gc.freeze()
    _bound_memory(megabytes)


def _bound_memory(megabytes: int) -> None:
    """Bound the memory that this process may write to, where the system can (Linux)."""
    if megabytes <= 0:
        return
    try:
        import resource
    except ImportError:  # not on Windows
        return
    with contextlib.suppress(ValueError, OSError):
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (megabytes * 2**20, hard))


class Crew(NamedTuple):
    """An executor, and how many tasks keep it busy; `alone`: whether a worker that dies takes only the task with it that it was doing."""

    executor: Executor
    places: int
    alone: bool = False


@contextlib.contextmanager
def local_crew(jobs: int, megabytes: int) -> Iterator[Crew]:
    """Processes of this machine."""
    with Processes(jobs, megabytes) as executor:
        yield Crew(executor, jobs, alone=True)


@contextlib.contextmanager
def cluster_crew(address: str, version: str, version_of: Callable[[], str]) -> Iterator[Crew]:
    """The workers of a Dask cluster. Raises MissingExtra without Dask, ClusterError where none answers or where they run another extractor."""
    try:
        from distributed import Client  # type: ignore[import-untyped,attr-defined]
    except ImportError:
        raise MissingExtra(
            "--scheduler needs Dask, which comes with the extra: pip install 'jiedao[cluster]'"
        ) from None
    try:
        client = Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(f"no Dask scheduler answers at {address} ({str(error)[:120]})") from None
    with client:
        threads = client.nthreads()
        if not threads:
            raise ClusterError(
                f"the Dask scheduler at {address} has no workers: start some with dask worker {address} --nthreads 1"
            )
        try:
            found = set(client.run(version_of).values())
        except Exception as error:
            raise ClusterError(
                f"the workers at {address} cannot run the extractor ({error}): install jiedao there"
            ) from None
        if found != {version}:
            raise ClusterError(f"the workers at {address} run another version of the extractor: install this one there")
        yield Crew(client.get_executor(pure=False), sum(threads.values()))


def _chances(error: BaseException) -> int:
    """How often an item is tried alone before it is blamed for this error: more often where somebody else may have ended its process."""
    outside = getattr(error, "exitcode", None) == -getattr(signal, "SIGKILL", 9) or isinstance(error, BrokenProcessPool)
    return 3 if outside else 1


class _Task(NamedTuple, Generic[Item]):
    items: list[Item]
    failures: int  # times that these items came back without a result


def hand_out(
    crew: Crew,
    work: Callable[[list[Item]], tuple[Callable[..., Result], tuple[Any, ...]]],
    batches: Iterator[list[Item]],
    take: Callable[[list[Item], Result], list[Item]],
    lost: Callable[[Item, BaseException], None],
) -> None:
    """Do all batches, in no fixed order, with few in flight: memory does not depend on how many there are.

    `work(items)` gives a function and its arguments, both picklable; `take(items, result)` keeps a result and returns the items that are still to do;
    `lost(item, error)` is told of an item that brought down its worker again when it was alone.
    """
    again: deque[_Task[Item]] = deque()
    suspects: deque[_Task[Item]] = (
        deque()
    )  # may have been beside the guilty one: done at the end, with nothing beside them
    flying: dict[Future[Result], _Task[Item]] = {}
    ahead = 2 * crew.places + 1
    try:
        while True:
            while len(flying) < ahead:
                task = again.popleft() if again else _Task(next(batches, []), 0)
                if not task.items and suspects and not flying:
                    task, ahead = suspects.popleft(), 1
                if not task.items:
                    break
                function, arguments = work(task.items)
                flying[crew.executor.submit(function, *arguments)] = task
            if not flying:
                return
            for future in wait(flying, return_when=FIRST_COMPLETED).done:
                task = flying.pop(future)
                error = future.exception()
                if error is None:
                    left = take(task.items, future.result())
                    again.extend([_Task(left, 0)] if left else [])
                elif len(task.items) > 1 or task.failures < (_chances(error) if crew.alone else 1):
                    again.extend(_Task([item], task.failures + 1) for item in task.items)
                elif crew.alone or ahead == 1:
                    lost(task.items[0], error)
                else:
                    suspects.append(task)
    finally:
        for future in flying:
            future.cancel()
