"""Where the time of one document goes: processor time by stage, each stage without the stages it calls."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from extract import columns, readers, report
from extract.document import Document, Source

STAGES = ("read", "recognise", "second reading", "proof", "prose", "identity", "columns")
Function = Callable[..., Any]
# Which functions begin a stage: a module or class, the name in it, the stage.
BEGINNINGS: tuple[tuple[Any, str, str], ...] = (
    (readers, "read", "read"),
    (report, "read_facts", "recognise"),
    (report, "second_readings", "second reading"),
    (report, "prove", "proof"),
    (report, "sections", "prose"),
    (report, "stated_figures", "prose"),
    (report, "agreements", "prose"),
    (report, "identify", "identity"),
    (columns.Batch, "add", "columns"),
)


class Stopwatch:
    """Milliseconds of processor time by stage while `running`."""

    def __init__(self) -> None:
        self.spent = dict.fromkeys(STAGES, 0.0)
        self._inner: list[float] = []

    def timed(self, stage: str, work: Function) -> Function:
        """`work`, its time counted to the stage."""

        def run(*arguments: Any, **named: Any) -> Any:
            self._inner.append(0.0)
            begin = time.thread_time()
            try:
                return work(*arguments, **named)
            finally:
                whole = 1000 * (time.thread_time() - begin)
                self.spent[stage] += whole - self._inner.pop()
                if self._inner:
                    self._inner[-1] += whole

        return run

    @contextmanager
    def running(self) -> Iterator[Stopwatch]:
        """Put watches on the functions that begin a stage; take them off again."""
        kept = [(owner, name, getattr(owner, name)) for owner, name, _ in BEGINNINGS]
        try:
            for owner, name, stage in BEGINNINGS:
                setattr(owner, name, self.timed(stage, getattr(owner, name)))
            readers.read = self._with_second_reading(readers.read)
            yield self
        finally:
            for owner, name, function in kept:
                setattr(owner, name, function)

    def _with_second_reading(self, read: Function) -> Function:
        def run(source: Source, data: bytes) -> Document:
            document: Document = read(source, data)
            document.reread = self.timed("second reading", document.reread)
            return document

        return run

    def shares(self) -> dict[str, float]:
        """Percent of the time by stage."""
        total = sum(self.spent.values()) or 1.0
        return {stage: 100 * spent / total for stage, spent in self.spent.items()}
