"""E04, E05 and E07: one office's figures against those of others: the district's, its twins', and nothing at all."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

from compare.panel import Panel, measure
from compare.ranking import FEWEST_UNITS, gamma_prior, posterior_mean, posterior_quantile
from compare.rules import FAIL, NOT_ASSESSABLE, PASS, all_rows, judge, outcome, rule, stack
from compare.surprisal import AT_ONCE, COUNTED, whole_surprisal

SUMMED = ("permits", "penalties", "applications_received")
FEWEST_STREETS = 3
SURPRISING = 2.5  # powers of ten beyond the number of reports
FEWEST_NONZERO = 6  # figures of a vector that two offices cannot share by chance


@rule(
    "E04",
    ("The streets of a district are not more than the district", "各街道之和不超过全区"),
    "S2",
    "the district's report counts its offices' decisions where its scope is the whole district",
    (
        "the district's report prints {right:,.0f} {measure_en}, the {streets:.0f} street offices read here have "
        "{left:,.0f} together",
        "区级报告{measure_zh}为{right:,.0f}件，而已读取的{streets:.0f}个街道合计{left:,.0f}件",
    ),
    kind="statistical",
    whole=True,
)
def streets_within_district(panel: Panel) -> pd.DataFrame:
    """E04: permits, penalties and new applications of the streets read add up to no more than what the district's own
    report of the year prints. A review at most, for scope differs.

    False positives: the district government counts itself only.
    """
    reports = panel.reports
    level, place = reports["level"].fillna(""), reports["district_zh"].fillna("")
    key = place + "|" + reports["year"].astype("string").fillna("")
    streets = level.isin(["street", "town"]).to_numpy(dtype=bool)
    rows = np.flatnonzero((level.eq("district") & place.ne("")).to_numpy(dtype=bool))
    frames = []
    for name in SUMMED:
        counts = panel.measure(name)
        known = streets & ~np.isnan(counts)
        sums = pd.Series(counts[known]).groupby(key[known].to_numpy()).agg(["sum", "size"])
        of_district = sums.reindex(key.iloc[rows])
        left, number = of_district["sum"].to_numpy(dtype=float), of_district["size"].fillna(0).to_numpy(dtype=float)
        right = counts[rows]
        status = judge((number >= FEWEST_STREETS) & ~np.isnan(right), ~(left > right))
        said = measure(name)
        frame = outcome(panel, rows, left, right, status, name, said.cells_2021.split())
        frames.append(frame.assign(
            streets=number, measure_en=said.label_en, measure_zh=said.label_zh, grade="review",
            z=np.log10(np.maximum(left, 1) / np.maximum(right, 1)),
        ))  # fmt: skip
    return stack(frames)


@rule(
    "E05",
    ("No two offices with the same tables", "两机关统计表不雷同"),
    "S2",
    "国办公开办函〔2021〕30号 names near-duplicate reports (内容雷同) as a fault; surprisal (compare.surprisal)",
    (
        "all numbers of its tables are those of {other} {other_year:.0f} (surprisal {left:.1f}; told from {right:.1f})",
        "统计表全部数字与{other}{other_year:.0f}年报告相同（意外度{left:.1f}，达到{right:.1f}即提示）",
    ),
    whole=True,
)
def tables_are_own(panel: Panel) -> pd.DataFrame:
    """E05: no report of another office, of any year and the same forms, has the same numbers in all cells, where six or
    more of them are not zero and that is not to be expected by chance: the surprisal must pass 2.5 and the number of
    reports compared with, as a power of ten. A blank is compared as 0: hands differ.

    False positives: two offices that are one, under an old and a new name.
    """
    reports, rows = panel.reports, all_rows(panel)
    surprisal, filled = np.zeros(len(rows)), np.zeros(len(rows), dtype=np.int64)
    for part in np.array_split(rows, -(-len(rows) // AT_ONCE)):
        numbers = panel.numbers(part)
        filled[part] = (np.nan_to_num(numbers) != 0).sum(axis=1)
        surprisal[part] = whole_surprisal(panel, numbers, known=False)
    many = filled >= FEWEST_NONZERO
    least = SURPRISING + np.log10(max(int(many.sum()), 1))
    eligible = many & (surprisal >= least)
    other = first_alike(panel, np.flatnonzero(eligible))
    status = judge(eligible, other < 0)
    names, years = reports["office_zh"].astype(object), reports["year"].astype(float)
    limit = np.full(len(rows), least)
    frame = outcome(panel, rows, surprisal, limit, status, "tables", COUNTED, other, COUNTED)
    return frame.assign(
        other=[str(names.iloc[o]) if o >= 0 else "" for o in other],
        other_year=[float(years.iloc[o]) if o >= 0 else np.nan for o in other],
    )


def first_alike(panel: Panel, eligible: np.ndarray) -> np.ndarray:
    """For each report of the panel the place of the first report, by year, of another office with the same forms and
    numbers (blanks as 0); −1 where there is none. Only the reports at `eligible` are compared."""
    reports = panel.reports
    forms = (reports["form_proactive"].fillna("") + reports["form_applications"].fillna("")).to_numpy(dtype=object)
    offices = reports["office_id"].to_numpy(dtype=object)
    year = reports["year"].to_numpy(dtype=float, na_value=np.nan)
    other = np.full(len(reports), -1)
    digests: dict[int, bytes] = {}
    for part in np.array_split(eligible, -(-len(eligible) // AT_ONCE) or 1):
        for row, numbers in zip(part.tolist(), np.nan_to_num(panel.numbers(part)), strict=True):
            written = str(forms[row]).encode() + numbers.tobytes()
            digests[row] = hashlib.blake2b(written, digest_size=16).digest()
    seen: dict[bytes, int] = {}
    for row in eligible[np.lexsort((eligible, year[eligible]))].tolist():
        first = seen.setdefault(digests[row], row)
        if offices[first] != offices[row]:
            other[row] = first
    return other


@rule(
    "E07",
    ("Not nothing at all in all years", "并非各年均为零"),
    "S3",
    "DuMouchel 1999: gamma–Poisson posterior, 95 % upper bound below the tenth of the peers",
    (
        "no application in any of {years:.0f} years, while nine of ten offices received more than {right:.1f} a year",
        "{years:.0f}年均无申请，而九成机关年均超过{right:.1f}件",
    ),
    kind="statistical",
    whole=True,
)
def something_in_some_year(panel: Panel) -> pd.DataFrame:
    """E07: an office that reports 0 applications in every one of at least three years, while even the 95 % upper bound
    of what its rate may be lies below that of nine tenths of the offices. Told once, at its last report; with 30
    offices and more.

    Permits and penalties are not assessed: many streets have no such powers. False positives: very small offices.
    """
    counts = panel.grid(panel.measure("applications_received"))
    known = ~np.isnan(counts)
    years, total = known.sum(axis=1), np.nansum(counts, axis=1)
    usable = years >= 3
    last = np.array(
        [panel.place[o][known[o]][-1] if known[o].any() else -1 for o in range(len(counts))], dtype=np.int64
    )
    status = np.full(len(counts), NOT_ASSESSABLE, dtype=object)
    limit = np.full(len(counts), np.nan)
    if usable.sum() >= FEWEST_UNITS and total[usable].sum() > 0:
        expected = years[usable] * total[usable].sum() / years[usable].sum()
        prior = gamma_prior(total[usable], expected)
        tenth = float(np.quantile(posterior_mean(total[usable], expected, prior), 0.1))
        upper = posterior_quantile(total[usable], expected, prior, 0.95)
        status[usable] = np.where((total[usable] == 0) & (upper < tenth), FAIL, PASS)
        limit[:] = tenth * total[usable].sum() / years[usable].sum()
    there = last >= 0
    rows = last[there]
    cells = ["applications.received.total"]
    frame = outcome(panel, rows, total[there], limit[there], status[there], "applications_received", cells)
    return frame.assign(years=years[there].astype(float), z=limit[there], grade="look")
