"""A city of real documents: written, read by extract with misreadings put into its readings, published, flagged."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from planted_counts import ELEVEN, Counts, count, truth_of
from planted_tables import ONE_READING_SHARE, Drawn, draw, misread_number

from compare import flags, panel
from extract import build, report
from extract.crew import Crew
from extract.facts import Facts
from extract.numerals import REPORTED, read_number
from extract.second_reading import Second, Seen
from sample import __main__ as sample
from sample import city

KINDS = ("html", "html-ugly", "docx", "text")
EACH = 2  # mistakes of each kind: as dense as 17 in 300 offices
MISREAD = 0.02


def run_files(seed: int, offices: int, years: range) -> dict[str, list[Counts]]:
    """The counts of one city of documents, with nothing and with a share of the reports misread."""
    made = city.city(offices, years, seed, dict.fromkeys(ELEVEN, EACH))
    drawn = draw(made)
    results = {}
    with tempfile.TemporaryDirectory(prefix="planted-files-") as folder:
        raw = Path(folder) / "raw"
        sample.write(made, raw, KINDS)
        for share in (0.0, MISREAD):
            out = Path(folder) / f"out-{share}"
            with misreadings(share, seed):
                build.build(raw, out, crew=Crew(InPlace(), 1))
            loaded = panel.load(out)
            counts = count(truth_of(drawn, numbers_of(drawn, loaded.reports)), flags.make(loaded))
            results[f"{EACH}, {share:.1%}"] = [counts]
    return results


class InPlace(Executor):
    """Does each task at once and here, where the misreadings are."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """See concurrent.futures.Executor."""
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


def numbers_of(drawn: Drawn, reports: pd.DataFrame) -> dict[str, int]:
    """office_id → number of the office, by the folder in which its documents lie."""
    folders = {f"{o.district_key}/{o.key}": number for number, o in enumerate(drawn.made.panel.offices)}
    pairs = zip(reports["office_id"].astype(str), reports["source_path"].astype(str), strict=True)
    return {office: folders[path.rpartition("/")[0]] for office, path in pairs}


@contextmanager
def misreadings(share: float, seed: int) -> Iterator[None]:
    """Let extract misread one number in a share of the documents: in four of five cases one of its two readings, else
    both alike. It happens where the readings meet, before the proof."""
    proved = report.prove

    def prove(facts: Facts, second: Second) -> None:
        where = facts.locator[0].document_id if len(facts) else ""
        chance = random.Random(f"{seed}-{where}")
        if where and chance.random() < share:
            misread(facts, second, chance)
        proved(facts, second)

    report.prove = prove
    try:
        yield
    finally:
        report.prove = proved


def misread(facts: Facts, second: Second, chance: random.Random) -> None:
    """Put one wrong number into the first reading, the second, or both."""
    printed = [at for at, state in enumerate(facts.state) if state == REPORTED and at in second.same]
    filled = [at for at in printed if facts.value[at]] or printed
    if not filled:
        return
    at = chance.choice(filled)
    right = Seen(facts.raw_text[at], read_number(facts.raw_text[at]))
    wrong = misread_number(float(facts.value[at] or 0), np.random.default_rng(chance.randrange(2**32)))
    text = f"{wrong:.10g}"
    both = chance.random() >= ONE_READING_SHARE
    if both or chance.random() < 0.5:
        facts.value[at], facts.raw_text[at] = wrong, text
        if not both:
            second.same.discard(at)
            second.differs[at] = right
    else:
        second.same.discard(at)
        second.differs[at] = Seen(text, read_number(text))
