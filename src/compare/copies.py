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

BANDS, ROWS = (
    96,
    3,
)  # pairs of index 0.4 share a bucket in 998 of 1,000 cases, of 0.25 in 78 of 100, of 0.02 in 8 of 10,000
PROPOSED_FROM = 0.2  # share of equal places of two sketches from which the exact index decides
FEWEST_GRAMS = 80  # of an office's own, after what is everybody's was taken out
TEMPLATE_SHARE, TEMPLATE_LEAST = 0.2, 3  # of the offices of a district, city or province, and no fewer: a template
EVERYWHERE, EVERYWHERE_LEAST = 0.2, 10  # of all reports, and no fewer: what everybody writes
LARGEST_BUCKET = 40  # in a larger one each is compared with the next only


class Pair(NamedTuple):
    """Two reports (places, the earlier place first) and how alike they are without templates."""

    first: int
    second: int
    jaccard: float
    containment: float


def without_templates(
    grams: Sequence[np.ndarray],
    offices: np.ndarray,
    years: np.ndarray,
    groups: Sequence[np.ndarray],
    common: np.ndarray,
) -> list[np.ndarray]:
    """Each report's grams without the `common` ones and without the templates of its groups (district, city, province):
    what 20 % of a group's offices, and no fewer than 3, use in the same year or used in the year before. int64 codes of
    office and year per report; `groups` the same of each kind of group, −1 where it is unknown."""
    kept: list[np.ndarray] = [np.setdiff1d(part, common, assume_unique=True) for part in grams]
    for codes in groups:
        templates = {
            (group, year): template(kept, offices, np.flatnonzero((codes == group) & (years == year)))
            for group, year in sorted(set(zip(codes[codes >= 0].tolist(), years[codes >= 0].tolist(), strict=True)))
        }
        for place, (group, year) in enumerate(zip(codes.tolist(), years.tolist(), strict=True)):
            for key in ((group, year), (group, year - 1)):
                if key in templates and len(templates[key]):
                    kept[place] = np.setdiff1d(kept[place], templates[key], assume_unique=True)
    return kept


def template(grams: Sequence[np.ndarray], offices: np.ndarray, members: np.ndarray) -> np.ndarray:
    """What many of the members (places) use."""
    count = len(np.unique(offices[members]))
    if count < TEMPLATE_LEAST:
        return np.zeros(0, dtype=np.uint64)
    return shared_by([grams[m] for m in members], offices[members], max(TEMPLATE_LEAST, TEMPLATE_SHARE * count))


def common_grams(grams: Sequence[np.ndarray]) -> np.ndarray:
    """The grams that 20 % of these reports use (at least 10 of them), sorted uint64."""
    if not len(grams):
        return np.zeros(0, dtype=np.uint64)
    values, counts = np.unique(np.concatenate(grams), return_counts=True)
    return values[counts >= max(EVERYWHERE_LEAST, EVERYWHERE * len(grams))]


def shared_by(grams: Sequence[np.ndarray], offices: np.ndarray, least: float) -> np.ndarray:
    """The grams that at least `least` different offices use, sorted uint64."""
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


class Prose(NamedTuple):
    """The grams of a report: all of them, and its own, without what many write."""

    grams: np.ndarray
    own: np.ndarray


def decided(pair: tuple[int, int], one: Prose, other: Prose) -> Pair:
    """A proposed pair with its exact likeness: of what is left of each without the templates of both. A copy takes the
    other district's template along, which is no template where it is copied to."""
    left = np.setdiff1d(one.own, np.setdiff1d(other.grams, other.own, assume_unique=True), assume_unique=True)
    right = np.setdiff1d(other.own, np.setdiff1d(one.grams, one.own, assume_unique=True), assume_unique=True)
    return Pair(pair[0], pair[1], jaccard(left, right), containment(left, right))
