"""How far a long step is: a bar where somebody watches, a plain line now and then where the output goes to a log."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from tqdm import tqdm

SECONDS_BETWEEN_LINES = 30.0


class Progress:
    """Counts what is done of `total`, on standard error. Steps shorter than a line's interval leave no line in a log."""

    def __init__(self, what: str, total: int, unit: str) -> None:
        self.what, self.total, self.unit = what, total, unit
        self.done = 0
        self._started = self._told = time.monotonic()
        self._bar = tqdm(total=total, desc=what, unit=f" {unit}", disable=None if total else True)

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()

    def add(self, count: int) -> None:
        """So many more are done."""
        self.done += count
        self._bar.update(count)
        now = time.monotonic()
        if self._bar.disable and now - self._told >= SECONDS_BETWEEN_LINES:
            self._told = now
            rate = self.done / (now - self._started)
            left = (self.total - self.done) / rate if rate else 0.0
            line = f"{self.what}: {self.done:,} of {self.total:,} {self.unit}s, {rate:.1f} a second, {_duration(left)} left"
            print(line, file=sys.stderr, flush=True)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s"
