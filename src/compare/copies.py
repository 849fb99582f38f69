"""Near-duplicates among the reports of different offices: what everybody writes is taken out, MinHash buckets propose
pairs, exact sets decide.

Source: A. Z. Broder (1997); the index of buckets is the library datasketch's. So a nation's reports need no
comparison of all with all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from compare.narrative_likeness import containment, jaccard

PERMUTATIONS = 64
PROPOSED_FROM = 0.45  # Jaccard index from which buckets are asked to propose; the exact index decides
FEWEST_GRAMS = 80  # of an office's own, after what is everybody's was taken out
TEMPLATE_SHARE, TEMPLATE_LEAST = 0.2, 3  # of the district's offices, and no fewer: then it is a template
EVERYWHERE = 0.05  # of all reports: then it is the national form's wording


class Pair(NamedTuple):
    """Two reports (places, the earlier place first) and how alike they are without templates."""

    first: int
    second: int
    jaccard: float
    containment: float


def without_templates(grams: Sequence[np.ndarray], offices: np.ndarray, districts: np.ndarray) -> list[np.ndarray]:
    """Each report's grams without those that many offices share: 20 % of the district's (at least 3 offices), or 5 % of
    all (at least 10). int64 codes of office and district per report; district −1 is unknown."""
    if not grams:
        return []
    rare = [np.unique(part) for part in grams]
    common = shared_by(rare, offices, max(10, EVERYWHERE * len(np.unique(offices))))
    kept: list[np.ndarray] = [np.setdiff1d(part, common, assume_unique=True) for part in rare]
    for district in np.unique(districts[districts >= 0]):
        members = np.flatnonzero(districts == district)
        least = max(TEMPLATE_LEAST, TEMPLATE_SHARE * len(np.unique(offices[members])))
        template = shared_by([kept[m] for m in members], offices[members], least)
        for m in members:
            kept[m] = np.setdiff1d(kept[m], template, assume_unique=True)
    return kept


def shared_by(grams: Sequence[np.ndarray], offices: np.ndarray, least: float) -> np.ndarray:
    """The grams that at least `least` different offices use, sorted uint64. Office by office, so that memory grows with
    what is different and not with all reports at once."""
    order = np.argsort(offices, kind="stable")
    starts = np.flatnonzero(np.diff(offices[order], prepend=-2))
    by_office = [
        np.unique(np.concatenate([grams[i] for i in group])) for group in np.split(order, starts[1:]) if len(group)
    ]
    values, counts = np.unique(np.concatenate(by_office), return_counts=True)
    return values[counts >= least]


def near_pairs(grams: Sequence[np.ndarray], offices: np.ndarray, least: float) -> list[Pair]:
    """Pairs of reports of different offices whose exact Jaccard index is `least` or more."""
    from datasketch import MinHash, MinHashLSH  # type: ignore[import-untyped]

    index = MinHashLSH(threshold=PROPOSED_FROM, num_perm=PERMUTATIONS)
    pairs = []
    for place, part in enumerate(grams):
        if len(part) < FEWEST_GRAMS:
            continue
        sketch = MinHash(num_perm=PERMUTATIONS, hashfunc=int)
        sketch.update_batch((part & np.uint64(0xFFFFFFFF)).tolist())
        for other in index.query(sketch):
            if offices[other] == offices[place]:
                continue
            alike = jaccard(grams[other], part)
            if alike >= least:
                pairs.append(Pair(int(other), place, alike, containment(grams[other], part)))
        index.insert(place, sketch, check_duplication=False)
    return sorted(pairs)
