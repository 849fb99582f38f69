"""Whose prose is whose: each report against those of all other offices, part by part, so that a nation fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from compare.copies import BANDS, ROWS, Prose, common_grams, decided, proposed, sketches, without_templates
from compare.narrative_likeness import grams, longest_common_run
from compare.narratives import narratives, prose_grams
from compare.panel import Panel

STANDS_OUT = 2.0  # times the likeness with any third office
SAMPLED = 4_000  # reports from which it is learnt what everybody writes, where there are more parts than one


class Twins(NamedTuple):
    """Per report: `own` how many grams are its own (int64), `other` the place of the report that is most like it among
    earlier ones (−1: none), `likeness` their Jaccard index without templates, `run` their longest common run of
    normalised characters."""

    own: np.ndarray
    other: np.ndarray
    likeness: np.ndarray
    run: list[str]


class Codes(NamedTuple):
    """Numbers of the office, the year (0: unknown) and the groups (district, city, province; −1: unknown) per report,
    int64."""

    offices: np.ndarray
    years: np.ndarray
    groups: tuple[np.ndarray, ...]


GROUPS = ("district_zh", "city_zh", "province_zh")


def codes_of(panel: Panel) -> Codes:
    """The codes of a panel's reports. Cities and provinces of one name are one."""
    reports = panel.reports
    groups = tuple(pd.factorize(reports[name])[0].astype(np.int64) for name in GROUPS if name in reports)
    years = reports["year"].fillna(0).to_numpy(dtype=np.int64)
    return Codes(pd.factorize(reports["office_id"])[0].astype(np.int64), years, groups)


class Limits(NamedTuple):
    """From which Jaccard index on two reports are told: of offices `within` one district, `across` districts, and across
    districts where the likeness is `outstanding`: STANDS_OUT times that with any third office."""

    within: float
    across: float
    outstanding: float


def twins(panel: Panel, limits: Limits, run: int) -> Twins:
    """For each report the likest earlier one of another office that is within the limits, more alike than the office's
    own report of the year before, and has a common run of `run` characters or more. Of two reports of one year the later
    published is told."""
    codes = codes_of(panel)
    common = everybodys(panel)
    count = len(panel.reports)
    own, sketched = np.zeros(count, dtype=np.int64), np.zeros((count, BANDS * ROWS), dtype=np.uint32)
    for part, rows in panel.parts():
        grams_of_part = own_grams(part, rows, codes, common)
        own[rows] = [len(mine) for mine in grams_of_part]
        sketched[rows] = sketches(grams_of_part)
    pairs, before = proposed(sketched, codes.offices), panel.previous()
    wanted = np.unique(pairs)
    exact = dict(read_again(panel, np.union1d(wanted, before[wanted][before[wanted] >= 0]), codes, common))
    result = Twins(own, np.full(count, -1), np.zeros(count), [""] * count)
    alike = {pair: decided(pair, exact[pair[0]][0], exact[pair[1]][0]).jaccard for pair in map(tuple, pairs.tolist())}
    near = neighbours_of(alike)
    for (first, second), likeness in alike.items():
        later, earlier = ordered(panel, first, second)
        own_before = int(before[later])
        beaten = result.likeness[later]
        if own_before >= 0:  # who was copied from and wrote the same again is no copy
            beaten = max(beaten, decided((own_before, later), exact[own_before][0], exact[later][0]).jaccard)
        same_district = codes.groups[0][first] == codes.groups[0][second]
        least = limits.within if same_district else limits.across
        if not same_district and likeness >= STANDS_OUT * third_offices((first, second), near, codes.offices):
            least = limits.outstanding
        if likeness >= least and likeness > beaten:
            common_run = longest_common_run(exact[later][1], exact[earlier][1])
            if len(common_run) >= run:
                result.other[later], result.likeness[later], result.run[later] = earlier, likeness, common_run
    return result


Near = dict[int, list[tuple[float, int]]]


def neighbours_of(alike: Mapping[tuple[int, int], float]) -> Near:
    """For each report of these pairs (likeness, other report) of all its pairs."""
    near: Near = {}
    for (first, second), likeness in alike.items():
        near.setdefault(first, []).append((likeness, second))
        near.setdefault(second, []).append((likeness, first))
    return near


def third_offices(pair: tuple[int, int], near: Near, offices: np.ndarray) -> float:
    """How alike either report of a pair is to one of any third office, at most. A template that reached few offices
    makes several of them alike, a copy only two."""
    ours = {int(offices[report]) for report in pair}
    return max(
        (likeness for report in pair for likeness, other in near[report] if int(offices[other]) not in ours),
        default=0.0,
    )


def everybodys(panel: Panel) -> np.ndarray:
    """Grams that many reports use; from a sample of them where the panel has more parts than one."""
    every = max(1, len(panel.reports) // SAMPLED)
    sets: list[np.ndarray] = []
    for part, rows in panel.parts():
        if part is panel:
            return common_grams(prose_grams(panel))
        sets += [grams(narratives(part).text[at]) for at in np.flatnonzero(rows % every == 0)]
    return common_grams(sets)


def own_grams(part: Panel, rows: np.ndarray, codes: Codes, common: np.ndarray) -> list[np.ndarray]:
    """The grams of each report of a part without what others share; `rows` are its reports' places in the panel."""

    def make(loaded: Panel) -> list[np.ndarray]:
        groups = [group[rows] for group in codes.groups]
        return without_templates(prose_grams(loaded), codes.offices[rows], codes.years[rows], groups, common)

    made: list[np.ndarray] = part.kept("own grams", make)
    return made


def read_again(
    panel: Panel, wanted: np.ndarray, codes: Codes, common: np.ndarray
) -> Iterator[tuple[int, tuple[Prose, str]]]:
    """(place, (grams, normalised text)) of the reports that were proposed."""
    if not len(wanted):
        return
    chosen = np.zeros(len(panel.reports), dtype=bool)
    chosen[wanted] = True
    for part, rows in panel.parts():
        if chosen[rows].any():
            whole, own = prose_grams(part), own_grams(part, rows, codes, common)
            for at in np.flatnonzero(chosen[rows]):
                yield int(rows[at]), (Prose(whole[at], own[at]), narratives(part).text[at])


def ordered(panel: Panel, one: int, two: int) -> tuple[int, int]:
    """(the later report, the earlier one) by year, then date of publication, then place."""
    reports = panel.reports

    def key(row: int) -> tuple[float, float, int]:
        year, day = reports["year"].iloc[row], reports["published_on"].iloc[row]
        return (float(year) if pd.notna(year) else 0.0, day.timestamp() if pd.notna(day) else 0.0, row)

    return (one, two) if key(one) > key(two) else (two, one)
