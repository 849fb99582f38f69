"""How alike the prose of offices' reports is: between offices of a district, and with the year before."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from compare.narrative_likeness import jaccard
from compare.narratives import prose_grams
from compare.panel import Panel

FEWEST_GRAMS = 120  # shorter texts are alike by chance
MOST_OFFICES = 24  # of one matrix: more cannot be read


class Matrix(NamedTuple):
    """Offices (office_id, office, report_id, in display order) of one district and year; `values` float64, offices ×
    offices, the Jaccard index of their prose; on the diagonal that with the office's own report of the year before; NaN
    where a text is missing or too short. `left_out` offices had no text or did not fit."""

    year: int
    district: str
    offices: pd.DataFrame
    values: np.ndarray
    left_out: int

    def pairs(self) -> pd.DataFrame:
        """One row per pair of offices and per office with itself: first, second, office ids, report ids, likeness."""
        count, rows = len(self.offices), []
        for i in range(count):
            for j in range(i, count):
                if not np.isnan(self.values[i, j]):
                    one, two = self.offices.iloc[i], self.offices.iloc[j]
                    rows.append((one.office, two.office, one.office_id, two.office_id, one.report_id, two.report_id,
                                 self.values[i, j], "year before" if i == j else "offices"))  # fmt: skip
        names = ["first", "second", "first_id", "second_id", "first_report", "second_report", "likeness", "between"]
        return pd.DataFrame(rows, columns=names)


Matrices = dict[tuple[str, int], Matrix]  # by district and year


def district_matrix(panel: Panel, district: str, year: int) -> Matrix:
    """The likeness of the offices of a district in a year. `district` is a name as in panel.offices.district_zh. Of a
    panel of several parts all matrices are worked out at once, so that no more prose is held than a part's."""
    if panel.is_one_part:
        return matrix_of(panel, district, year)
    made: Matrices = panel.kept("district matrices", matrices_of_parts)
    nobody = pd.DataFrame(columns=["office_id", "office", "report_id"])
    return made.get((district, year), Matrix(year, district, nobody, np.zeros((0, 0)), 0))


def matrices_of_parts(panel: Panel) -> Matrices:
    """The matrices of all districts and years, part by part. Of a district that lies in two parts the first one's
    offices are shown."""
    made: Matrices = {}
    for part, _ in panel.parts():
        for district in dict.fromkeys(map(str, part.offices["district_zh"])):
            for year in part.years:
                matrix = matrix_of(part, district, year)
                before = made.get((district, year))
                further = len(matrix.offices) + matrix.left_out
                made[district, year] = before._replace(left_out=before.left_out + further) if before else matrix
    return made


def matrix_of(panel: Panel, district: str, year: int) -> Matrix:
    """See district_matrix, of a panel whose prose may be held as a whole."""
    members = np.flatnonzero((panel.offices["district_zh"] == district).to_numpy())
    at = panel.years.index(year) if year in panel.years else -1
    places = panel.place[members, at] if at >= 0 else np.full(len(members), -1)
    grams = prose_grams(panel)
    enough = np.array([place >= 0 and len(grams[place]) >= FEWEST_GRAMS for place in places], dtype=bool)
    shown, kept = members[enough][:MOST_OFFICES], places[enough][:MOST_OFFICES]
    values = np.full((len(shown), len(shown)), np.nan)
    for i, (member, place) in enumerate(zip(shown, kept, strict=True)):
        before = panel.place[member, at - 1] if at > 0 else -1
        if before >= 0 and len(grams[before]) >= FEWEST_GRAMS:
            values[i, i] = jaccard(grams[place], grams[before])
        for j in range(i):
            values[i, j] = values[j, i] = jaccard(grams[place], grams[kept[j]])
    offices = panel.offices.iloc[shown][["office"]].reset_index()
    offices["report_id"] = panel.reports["report_id"].iloc[kept].to_numpy() if len(kept) else []
    order = most_alike_first(values)
    return Matrix(
        year, district, offices.iloc[order].reset_index(drop=True), values[np.ix_(order, order)],
        len(members) - len(shown),
    )  # fmt: skip


def most_alike_first(values: np.ndarray) -> np.ndarray:
    """An order of offices in which alike ones are neighbours: start with the most alike pair, then always the one most
    like the last."""
    count = len(values)
    if count < 3:
        return np.arange(count)
    off = np.where(np.eye(count, dtype=bool), -1.0, np.nan_to_num(values, nan=-1.0))
    first, second = np.unravel_index(int(np.argmax(off)), off.shape)
    order = [int(first), int(second)]
    while len(order) < count:
        near = off[order[-1]].copy()
        near[order] = -2.0
        order.append(int(np.argmax(near)))
    return np.array(order)


def likest(panel: Panel) -> tuple[str, int]:
    """District and year with the most alike pair of offices; ("", 0) where no two texts can be compared."""
    best, where = -1.0, ("", 0)
    for district in dict.fromkeys(panel.offices["district_zh"]):
        for year in panel.years:
            values = district_matrix(panel, district, year).values
            off = values[~np.eye(len(values), dtype=bool)]
            highest = float(np.nanmax(off)) if off.size and not np.isnan(off).all() else -1.0
            if highest > best:
                best, where = highest, (str(district), int(year))
    return where


def with_year_before(panel: Panel) -> np.ndarray:
    """For each report the likeness of its prose with that of the office's report of the year before, float64, NaN where
    there is none or a text is too short."""
    result = np.full(len(panel.reports), np.nan)
    for part, rows in panel.parts():
        result[rows] = with_year_before_in(part)
    return result


def with_year_before_in(panel: Panel) -> np.ndarray:
    """See with_year_before, of a panel whose prose may be held as a whole."""
    grams, result = prose_grams(panel), np.full(len(panel.reports), np.nan)
    for column in range(1, len(panel.years)):
        if panel.years[column] - panel.years[column - 1] != 1:
            continue
        for before, after in zip(panel.place[:, column - 1], panel.place[:, column], strict=True):
            if min(before, after) >= 0 and min(len(grams[before]), len(grams[after])) >= FEWEST_GRAMS:
                result[after] = jaccard(grams[before], grams[after])
    return result
