"""A city written straight into the published tables, flagged, and counted by setting."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np
from planted_counts import Counts, count, count_series, truth_of
from planted_tables import draw, publish

from compare import assessment, flags, panel
from sample import city

TEXTS = {"B09", "C08", "D04", "E03"}  # rest on the prose alone, in which nothing is misread: worked out once for a city
Results = dict[str, list[Counts]]  # setting → the counts of its cities


def run_city(
    kinds: tuple[str, ...], planted: int, seed: int, offices: int, years: range, misread: tuple[float, ...]
) -> Results:
    """The counts of one city by setting."""
    drawn = draw(city.city(offices, years, seed, dict.fromkeys(kinds, planted)))
    truth = truth_of(drawn, {f"99{number:07d}": number for number in range(offices)})
    results: Results = {}
    settings = [(share, False) for share in misread] + [(max(misread), True)]
    for number, (share, in_pictures) in enumerate(settings):
        with tempfile.TemporaryDirectory(prefix="planted-") as folder:
            rng = np.random.default_rng([seed, 77, number])
            loaded = panel.load(publish(drawn, Path(folder), share, rng, in_pictures).folder)
            started = time.process_time()
            if number == 0:
                texts = assessment.assess(loaded, TEXTS)
            assessed = assessment.together(texts, assessment.assess(loaded, set(assessment.CHECKS) - TEXTS))
            counts = count(truth, flags.make(loaded, assessed))
            if number == 0:
                counts["seconds",] = round(1000 * (time.process_time() - started))
                counts += count_series(truth, drawn, loaded)
        results[f"{planted}, {share:.1%}{' in pictures' if in_pictures else ''}"] = [counts]
    return results
