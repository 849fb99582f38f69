"""Files written side by side: each in its own order, whatever the threads do."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.lanes import in_lanes


@given(st.integers(1, 4), st.integers(0, 9), st.integers(1, 5))
def test_each_lane_does_all_its_steps_in_order_and_no_more_lanes_than_jobs_are_at_work(
    count: int, steps: int, jobs: int
) -> None:
    did: list[list[int]] = [[] for _ in range(count)]
    at_work = threading.Semaphore(jobs)
    told = []

    def lane(number: int, step: int) -> None:
        assert at_work.acquire(blocking=False), "more at work than there are jobs"
        did[number].append(step)
        at_work.release()

    lanes = [lambda step, number=number: lane(number, step) for number in range(count)]
    for done in in_lanes(lanes, steps, jobs):
        assert all(len(one) >= done for one in did)
        told.append(done)
    assert did == [list(range(steps))] * count
    assert told == sorted(told) and told[-1:] == ([steps] if steps else [])


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_goes_wrong_in_a_lane_ends_all_of_them(jobs: int) -> None:
    def fails(step: int) -> None:
        if step == 2:
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        list(in_lanes([lambda step: None, fails], 5, jobs))
