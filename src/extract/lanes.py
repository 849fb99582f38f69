"""Work on several files side by side, each of them written in one fixed order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait


def in_lanes(lanes: Sequence[Callable[[int], None]], steps: int, jobs: int) -> Iterator[int]:
    """Call each lane with 0, 1, … up to `steps`, one call after the other in a lane, so many lanes at a time: the one that is furthest behind
    first. Yields after some of the calls how many steps all lanes have done. Threads help where the work is done outside Python."""
    if jobs <= 1:
        for step in range(steps):
            for lane in lanes:
                lane(step)
            yield step + 1
        return
    done = [0] * len(lanes)
    busy: dict[Future[None], int] = {}
    with ThreadPoolExecutor(jobs) as threads:
        while min(done) < steps:
            idle = sorted((done[n], n) for n in range(len(lanes)) if n not in busy.values() and done[n] < steps)
            for step, number in idle[: jobs - len(busy)]:
                busy[threads.submit(lanes[number], step)] = number
            for future in wait(busy, return_when=FIRST_COMPLETED).done:
                future.result()
                done[busy.pop(future)] += 1
            yield min(done)
