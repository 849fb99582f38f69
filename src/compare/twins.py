"""Whose prose is whose: each report against those of all other offices, part by part, so that a nation fits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from compare.column_files import laid_out, let_go
from compare.copies import BANDS, ROWS, Prose, common_grams, likeness, proposed, sketches, without_templates
from compare.heap import sweep
from compare.narrative_likeness import among, grams, longest_common_run
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
    own, sketched = sketched_parts(panel, codes, common)
    pairs, before = proposed(sketched, codes.offices), panel.previous()
    wanted = np.unique(pairs)
    exact = dict(read_again(panel, np.union1d(wanted, before[wanted][before[wanted] >= 0]), codes, common))
    result = Twins(own, np.full(count, -1), np.zeros(count), [""] * count)
    alike = np.array([likeness(exact[one][0], exact[other][0]) for one, other in pairs.tolist()], dtype=float)
    later, earlier = ordered(panel, pairs)
    eligible = np.flatnonzero(alike >= least_likeness(pairs, alike, codes, limits))
    for at in eligible[np.lexsort((-alike[eligible], later[eligible]))].tolist():
        report, other, own_before = int(later[at]), int(earlier[at]), int(before[later[at]])
        if result.other[report] >= 0:  # a likelier one was found
            continue
        # Who was copied from and wrote the same again is no copy.
        if own_before >= 0 and likeness(exact[own_before][0], exact[report][0]) >= alike[at]:
            continue
        common_run = longest_common_run(exact[report][1], exact[other][1])
        if len(common_run) >= run:
            result.other[report], result.likeness[report], result.run[report] = other, alike[at], common_run
    return result


def sketched_parts(panel: Panel, codes: Codes, common: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many grams of each report are its own (int64), and the sketches of these (see copies.sketches). No more than one
    part is held."""
    count = len(panel.reports)
    own, sketched = (
        np.zeros(count, dtype=np.int64),
        laid_out((count, BANDS * ROWS), np.uint32, 0, not panel.is_one_part),
    )
    for part, rows in panel.parts():
        grams_of_part = own_grams(part, rows, codes, common)
        own[rows] = [len(mine) for mine in grams_of_part]
        sketched[rows] = sketches(grams_of_part)
        let_go(sketched)
        del part, grams_of_part
        sweep()
    return own, sketched


def least_likeness(pairs: np.ndarray, alike: np.ndarray, codes: Codes, limits: Limits) -> np.ndarray:
    """From which likeness on each pair is told, float64."""
    first, second = pairs.T
    same_district = codes.groups[0][first] == codes.groups[0][second]
    least = np.where(same_district, limits.within, limits.across)
    near: Near = {}
    for at in np.flatnonzero(~same_district & (alike >= limits.outstanding) & (alike < limits.across)).tolist():
        near = near or neighbours_of(pairs, alike)
        one, other = pairs[at].tolist()
        if alike[at] >= STANDS_OUT * third_offices((one, other), near, codes.offices):
            least[at] = limits.outstanding
    return least


Near = dict[int, list[tuple[float, int]]]


def neighbours_of(pairs: np.ndarray, alike: np.ndarray) -> Near:
    """For each report of these pairs (likeness, other report) of all its pairs."""
    near: Near = {}
    for (first, second), likeness_of_pair in zip(pairs.tolist(), alike.tolist(), strict=True):
        near.setdefault(first, []).append((likeness_of_pair, second))
        near.setdefault(second, []).append((likeness_of_pair, first))
    return near


def third_offices(pair: tuple[int, int], near: Near, offices: np.ndarray) -> float:
    """How alike either report of a pair is to one of any third office, at most. A template that reached few offices
    makes several of them alike, a copy only two."""
    ours = {int(offices[report]) for report in pair}
    return max(
        (alike for report in pair for alike, other in near[report] if int(offices[other]) not in ours),
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
        del part
        sweep()
    return common_grams(sets)


def own_grams(part: Panel, rows: np.ndarray, codes: Codes, common: np.ndarray) -> list[np.ndarray]:
    """The grams of each report of a part without what others share; `rows` are its reports' places in the panel."""

    def make(loaded: Panel) -> list[np.ndarray]:
        groups = [group[rows] for group in codes.groups]
        return without_templates(prose_grams(loaded), codes.offices[rows], codes.years[rows], groups, common)

    made: list[np.ndarray] = part.stored("own grams", make)
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
            own, text = own_grams(part, rows, codes, common), narratives(part).text
            for at in np.flatnonzero(chosen[rows]):
                whole = grams(text[at])
                rest = whole[~among(whole, common)]
                yield int(rows[at]), (Prose(rest, among(rest, own[at])), text[at])
            del own, text
        del part


def ordered(panel: Panel, pairs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(the later report of each pair, the earlier one), int64, by year, then date of publication, then place."""
    reports = panel.reports
    day, year = reports["published_on"], reports["year"].fillna(0).to_numpy(dtype=np.int64)
    published = np.where(day.isna(), 0, day.to_numpy(dtype="datetime64[s]").astype(np.int64))
    rank = np.empty(len(reports), dtype=np.int64)
    rank[np.lexsort((published, year))] = np.arange(len(reports))
    swapped = rank[pairs[:, 0]] > rank[pairs[:, 1]]
    return np.where(swapped, pairs[:, 0], pairs[:, 1]), np.where(swapped, pairs[:, 1], pairs[:, 0])
