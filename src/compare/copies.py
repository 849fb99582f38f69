"""Near-duplicates among the reports of different offices: what everybody writes is taken out, MinHash sketches propose
pairs, exact sets decide.

Source: A. Z. Broder (1997); the sketches are the library datasketch's. They are dealt into buckets by sorting, band by
band, so that a nation's reports need neither a comparison of all with all nor an index that grows with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

import numpy as np

from compare.column_files import let_go
from compare.narrative_likeness import among, held_by

BANDS, ROWS = (
    96,
    3,
)  # pairs of index 0.4 share a bucket in 998 of 1,000 cases, of 0.25 in 78 of 100, of 0.02 in 8 of 10,000
PROPOSED_FROM = 0.2  # share of equal places of two sketches from which the exact index decides
FEWEST_GRAMS = 80  # of an office's own, after what is everybody's was taken out
TEMPLATE_SHARE, TEMPLATE_LEAST = 0.2, 3  # of the offices of a district, city or province, and no fewer: a template
EVERYWHERE, EVERYWHERE_LEAST = 0.2, 10  # of all reports, and no fewer: what everybody writes
LARGEST_BUCKET = 40  # in a larger one each is compared with the next only
SLICES = 16  # of the range of grams; a power of two


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
    kept: list[np.ndarray] = [part[~among(part, common)] for part in grams]
    for codes in groups:
        templates = {
            (group, year): template(kept, offices, np.flatnonzero((codes == group) & (years == year)))
            for group, year in sorted(set(zip(codes[codes >= 0].tolist(), years[codes >= 0].tolist(), strict=True)))
        }
        for place, (group, year) in enumerate(zip(codes.tolist(), years.tolist(), strict=True)):
            for key in ((group, year), (group, year - 1)):
                if key in templates and len(templates[key]):
                    kept[place] = kept[place][~among(kept[place], templates[key])]
    return kept


def template(grams: Sequence[np.ndarray], offices: np.ndarray, members: np.ndarray) -> np.ndarray:
    """What many of the members (places) use."""
    count = len(np.unique(offices[members]))
    if count < TEMPLATE_LEAST:
        return np.zeros(0, dtype=np.uint64)
    return shared_by([grams[m] for m in members], offices[members], max(TEMPLATE_LEAST, TEMPLATE_SHARE * count))


def common_grams(grams: Sequence[np.ndarray]) -> np.ndarray:
    """The grams that 20 % of these reports use (at least 10 of them), sorted uint64. Told slice by slice of their range,
    so that no second copy of all is needed."""
    if not len(grams):
        return np.zeros(0, dtype=np.uint64)
    least = ceil(max(EVERYWHERE_LEAST, EVERYWHERE * len(grams)))
    inner = np.arange(1, SLICES, dtype=np.uint64) << np.uint64(64 - SLICES.bit_length() + 1)
    cuts = [(0, *part.searchsorted(inner).tolist(), len(part)) for part in grams]
    slices = ([part[at[n] : at[n + 1]] for part, at in zip(grams, cuts, strict=True)] for n in range(SLICES))
    return np.concatenate([held_by(np.sort(np.concatenate(parts)), least) for parts in slices])


def shared_by(grams: Sequence[np.ndarray], offices: np.ndarray, least: float) -> np.ndarray:
    """The grams that at least `least` different offices use, sorted uint64."""
    order = np.argsort(offices, kind="stable")
    starts = np.flatnonzero(np.diff(offices[order], prepend=-2))
    by_office = [
        grams[group[0]] if len(group) == 1 else held_by(np.sort(np.concatenate([grams[i] for i in group])), 1)
        for group in np.split(order, starts[1:])
        if len(group)
    ]
    return held_by(np.sort(np.concatenate(by_office)), ceil(least))


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
    count, found = max(len(sketched), 1), np.zeros(0, dtype=np.int64)
    for band in range(BANDS):
        one, other = in_buckets(sketched[usable, band * ROWS : (band + 1) * ROWS])
        one, other = usable[one], usable[other]
        apart = offices[one] != offices[other]
        found = held_by(np.sort(np.concatenate((found, one[apart] * count + other[apart]))), 1)
        let_go(sketched)
    one, other = np.divmod(found, count)
    equal = np.zeros(len(found), dtype=np.int32)
    for column in range(BANDS * ROWS):
        numbers = np.ascontiguousarray(sketched[:, column])
        equal += numbers[one] == numbers[other]
        let_go(sketched)
    return np.stack((one, other), axis=1)[equal / (BANDS * ROWS) >= PROPOSED_FROM]


def in_buckets(band: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of places, the earlier first, that fall into one bucket of a band (uint32 reports × ROWS): each with each,
    in buckets of more than LARGEST_BUCKET each with the next."""
    order = np.lexsort(band.T[::-1])
    new = np.ones(len(order), dtype=bool)
    new[1:] = (band[order[1:]] != band[order[:-1]]).any(axis=1)
    starts = np.flatnonzero(new)
    sizes = np.diff(starts, append=len(order))
    left = np.repeat(starts + sizes, sizes) - np.arange(len(order)) - 1  # how many of the bucket come after
    reach = np.where(np.repeat(sizes, sizes) <= LARGEST_BUCKET, left, np.minimum(left, 1))
    first = np.repeat(np.arange(len(order)), reach)
    step = np.arange(len(first)) - np.repeat(np.cumsum(reach) - reach, reach) + 1
    return order[first], order[first + step]


class Prose(NamedTuple):
    """The grams of a report without those that everybody uses, and which of them (bool) are its own: no template."""

    grams: np.ndarray
    own: np.ndarray


def likeness(one: Prose, other: Prose) -> float:
    """The Jaccard index of two reports' own grams, those that are a template of the other one left out: a copy takes the
    other district's template along, which is no template where it is copied to."""
    if len(one.grams) > len(other.grams):
        one, other = other, one
    if not len(one.grams):
        return 0.0
    at = np.minimum(other.grams.searchsorted(one.grams), len(other.grams) - 1)
    both = other.grams[at] == one.grams
    mine, theirs = both & one.own, both & other.own[at]
    common = int(np.count_nonzero(mine & theirs))
    # What is own on one side only is a template on the other: it belongs to neither.
    either = int(one.own.sum()) + int(other.own.sum()) - int(mine.sum()) - int(theirs.sum()) + common
    return common / either if either else 0.0
