"""Near-duplicates among the reports of different offices: what everybody writes is taken out, MinHash sketches propose
pairs, exact sets decide.

Source: A. Z. Broder (1997); the sketches are the library datasketch's. They are dealt into buckets by sorting, band by
band, so that a nation's reports need neither a comparison of all with all nor an index that grows with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from compare.narrative_likeness import containment, jaccard

BANDS, ROWS = 24, 4  # pairs of index 0.6 share a bucket in 96 of 100 cases, of 0.05 in 2 of 10,000
PROPOSED_FROM = 0.45  # share of equal places of two sketches from which the exact index decides
FEWEST_GRAMS = 80  # of an office's own, after what is everybody's was taken out
TEMPLATE_SHARE, TEMPLATE_LEAST = 0.2, 3  # of the district's offices, and no fewer: then it is a template
EVERYWHERE, EVERYWHERE_LEAST = 0.05, 10  # of all offices: then it is the national form's wording
LARGEST_BUCKET = 40  # in a larger one each is compared with the next only


class Pair(NamedTuple):
    """Two reports (places, the earlier place first) and how alike they are without templates."""

    first: int
    second: int
    jaccard: float
    containment: float


def without_templates(
    grams: Sequence[np.ndarray], offices: np.ndarray, districts: np.ndarray, common: np.ndarray
) -> list[np.ndarray]:
    """Each report's grams without the `common` ones and without those that many offices of the district share: 20 %,
    at least 3 offices. int64 codes of office and district per report; district −1 is unknown."""
    kept: list[np.ndarray] = [np.setdiff1d(part, common, assume_unique=True) for part in grams]
    for district in np.unique(districts[districts >= 0]):
        members = np.flatnonzero(districts == district)
        least = max(TEMPLATE_LEAST, TEMPLATE_SHARE * len(np.unique(offices[members])))
        template = shared_by([kept[m] for m in members], offices[members], least)
        for m in members:
            kept[m] = np.setdiff1d(kept[m], template, assume_unique=True)
    return kept


def common_grams(grams: Sequence[np.ndarray], offices: np.ndarray) -> np.ndarray:
    """The grams that 5 % of the offices use (at least 10 of them), sorted uint64."""
    return shared_by(grams, offices, max(EVERYWHERE_LEAST, EVERYWHERE * len(np.unique(offices))))


def shared_by(grams: Sequence[np.ndarray], offices: np.ndarray, least: float) -> np.ndarray:
    """The grams that at least `least` different offices use, sorted uint64. Office by office, so that memory grows with
    what is different and not with all reports at once."""
    if not len(grams):
        return np.zeros(0, dtype=np.uint64)
    order = np.argsort(offices, kind="stable")
    starts = np.flatnonzero(np.diff(offices[order], prepend=-2))
    by_office = [
        np.unique(np.concatenate([grams[i] for i in group])) for group in np.split(order, starts[1:]) if len(group)
    ]
    values, counts = np.unique(np.concatenate(by_office), return_counts=True)
    return values[counts >= least]


def sketches(grams: Sequence[np.ndarray]) -> np.ndarray:
    """A MinHash sketch of each set of grams, uint32 reports × BANDS·ROWS; zeros for sets of fewer than FEWEST_GRAMS."""
    from datasketch import MinHash  # type: ignore[import-untyped]

    made = np.zeros((len(grams), BANDS * ROWS), dtype=np.uint32)
    empty = MinHash(num_perm=BANDS * ROWS, hashfunc=int)
    for place, part in enumerate(grams):
        if len(part) >= FEWEST_GRAMS:
            sketch = empty.copy()
            sketch.update_batch((part & np.uint64(0xFFFFFFFF)).tolist())
            made[place] = sketch.hashvalues
    return made


def proposed(sketched: np.ndarray, offices: np.ndarray) -> np.ndarray:
    """Pairs of reports of different offices that may be alike, int64 pairs × 2, the earlier place first: they share a
    bucket, and PROPOSED_FROM of their sketches."""
    usable = np.flatnonzero(sketched.any(axis=1))
    found = {
        pair
        for band in range(BANDS)
        for pair in in_buckets(sketched[usable, band * ROWS : (band + 1) * ROWS], usable, offices)
    }
    if not found:
        return np.zeros((0, 2), dtype=np.int64)
    pairs = np.array(sorted(found), dtype=np.int64)
    alike = [(sketched[first] == sketched[second]).mean() >= PROPOSED_FROM for first, second in pairs]
    return pairs[np.array(alike, dtype=bool)]


def in_buckets(band: np.ndarray, places: np.ndarray, offices: np.ndarray) -> Iterator[tuple[int, int]]:
    """Pairs of places that fall into one bucket of a band (uint32 reports × ROWS)."""
    order = np.lexsort(band.T[::-1])
    changes = np.flatnonzero((np.diff(band[order], axis=0) != 0).any(axis=1)) + 1
    for bucket in np.split(order, changes):
        if len(bucket) < 2:
            continue
        members = np.sort(places[bucket])
        nearest = len(members) if len(members) <= LARGEST_BUCKET else 1
        for at, first in enumerate(members):
            for second in members[at + 1 : at + 1 + nearest]:
                if offices[first] != offices[second]:
                    yield int(first), int(second)


def decided(pair: tuple[int, int], one: np.ndarray, other: np.ndarray) -> Pair:
    """A proposed pair with its exact likeness."""
    return Pair(pair[0], pair[1], jaccard(one, other), containment(one, other))
