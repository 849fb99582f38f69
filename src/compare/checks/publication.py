"""C01–C03 and C07: is the report there, in time, of one year, and unchanged since?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from compare.cells import cell_matrices
from compare.deadlines import deadlines
from compare.lineage import existed
from compare.panel import Panel
from compare.rules import COLUMNS, all_rows, judge, outcome, rule, stack

ARTICLE_49 = "《政府信息公开条例》（国务院令第711号）第四十九条"
LATEST = "-03-31"  # after this a report is late for every office
FEWEST_OFFICES = 5  # fewer do not make a year in which everybody may be expected to report


@rule(
    "C01",
    ("A report for every year", "每年均有报告"),
    "S2",
    ARTICLE_49,
    (
        "no report of this office for {year:.0f} is among the files read, "
        "though there are {others:.0f} for other years",
        "所读文件中没有该机关{year:.0f}年的报告，而其他年度有{others:.0f}份",
    ),
    whole=True,
)
def report_is_there(panel: Panel) -> pd.DataFrame:
    """C01: an office of the panel has a report for each year that it can be expected for (see `expected`), and in which
    it existed as far as lineage.csv beside the published folder knows. A year that only the title, or only the period, of
    one of its reports names is not assessable: which year that report is for is C03's question.

    False positives: an office merged, renamed or created of which lineage.csv says nothing; a file that was not collected or could not be read (see
    issues.csv).
    """
    frame = panel.skeleton()
    place = frame["place"].to_numpy()
    found, due = place >= 0, (expected(panel) & existed(panel)).ravel()
    ids = panel.reports["report_id"].to_numpy(dtype=object)
    others = pd.Series(found).groupby(frame["office_id"].to_numpy(dtype=object)).transform("sum")
    return pd.DataFrame(dict.fromkeys(COLUMNS, ""), index=frame.index).assign(
        report_id=np.where(found, ids[place], "") if len(ids) else "",
        office_id=frame["office_id"],
        year=frame["year"].astype(float),
        status=judge((found | due) & (found | ~claimed(panel).ravel()), found),
        left=found.astype(float),
        right=1.0,
        instance=frame["year"].astype(str),
        row=place,
        other_row=-1,
        others=others.astype(float),
    )


def expected(panel: Panel) -> np.ndarray:
    """Offices × years, bool: may a report be expected? Between an office's own first and last report; and in years
    for which at least half of all offices, and no fewer than FEWEST_OFFICES, have one. So a single misdated report
    makes no year in which everybody else's report would be missing."""
    found = panel.place >= 0
    if not found.size:
        return found
    inside = np.maximum.accumulate(found, axis=1) & np.maximum.accumulate(found[:, ::-1], axis=1)[:, ::-1]
    usual = (found.mean(axis=0) >= 0.5) & (found.sum(axis=0) >= FEWEST_OFFICES)
    return inside | usual


def year_in_conflict(panel: Panel) -> np.ndarray:
    """For each report, bool: the title's year is not the year that the printed period ends in."""
    title, period = panel.reports["title_year"], panel.reports["period_to"].dt.year
    return (title.notna() & period.notna() & (title.astype(float) != period.astype(float))).to_numpy(dtype=bool)


def claimed(panel: Panel) -> np.ndarray:
    """Offices × years, bool: a report of the office stands under another year, although its title or its period names
    this one."""
    reports, made = panel.reports, np.zeros(panel.place.shape, dtype=bool)
    office = panel.offices.index.get_indexer(pd.Index(reports["office_id"].astype(object)))
    for year in (reports["title_year"], reports["period_to"].dt.year):
        at = (
            year.to_numpy(dtype=float, na_value=np.nan) - panel.years[0]
            if panel.years
            else np.full(len(reports), np.nan)
        )
        inside = (office >= 0) & (at >= 0) & (at < len(panel.years)) & year_in_conflict(panel)
        made[office[inside], at[inside].astype(int)] = True
    return made & (panel.place < 0)


@rule(
    "C02",
    ("Published in time", "按期发布"),
    "S2",
    ARTICLE_49 + " (departments; for street offices a reference date)",
    (
        "published on {published}, {left:.0f} days after {due}",
        "发布于{published}，晚于{due}共{left:.0f}天",
    ),
)
def published_in_time(panel: Panel) -> pd.DataFrame:
    """C02: the report bears a date of publication not later than it is due (compare/reference/deadlines.csv, and
    deadlines.csv beside the published folder for local days): 31 January of the next year, a government's 31 March; left
    is the days after that.

    For street and town offices, whom article 49 does not name, the day is a reference date: S3, and S2 only after 31
    March. Not assessable where title and period name different years. False positives: the date of a site's migration;
    only an update time is known.
    """
    dates, due = panel.reports["published_on"], deadlines(panel)
    known = (dates.notna() & due["due"].notna()).to_numpy(dtype=bool) & ~year_in_conflict(panel)
    late = (dates - due["due"]).dt.days.to_numpy(dtype=float, na_value=np.nan)
    latest = pd.to_datetime((panel.reports["year"].astype("Int64") + 1).astype("string") + LATEST, errors="coerce")
    lenient = ~due["named"].to_numpy() & (dates <= latest).to_numpy(dtype=bool, na_value=False)
    return outcome(
        panel,
        all_rows(panel),
        late,
        np.zeros(len(late)),
        judge(known, ~(late > 0)),
        "date",
        severity=np.where(lenient, "S3", "S2"),
        published=dates.dt.strftime("%Y-%m-%d").fillna("").to_numpy(dtype=object),
        due=due["due"].dt.strftime("%Y-%m-%d").fillna("").to_numpy(dtype=object),
    )


@rule(
    "C03",
    ("Title, period and date name the same year", "标题、统计期与发布日期的年度一致"),
    "S2",
    "国办公开办函〔2021〕30号",
    ("{what_en}", "{what_zh}"),
    merge=True,
)
def years_agree(panel: Panel) -> pd.DataFrame:
    """C03: the year of the title is the year in which the printed statistical period ends; and the report was not
    published before December of the year that it reports (S3).

    False positives: "2021年度" published in 2022 is correct and passes; a period that ends early in December because the
    report was written then.
    """
    title = panel.reports["title_year"].to_numpy(dtype=float, na_value=np.nan)
    period = panel.reports["period_to"].dt.year.to_numpy(dtype=float, na_value=np.nan)
    status = judge(~np.isnan(title + period), ~year_in_conflict(panel))
    by_title = outcome(panel, all_rows(panel), title, period, status, "title").assign(
        what_en=[f"the title says {t:.0f}, the figures are said to cover a period that ends in {p:.0f}" for t, p in zip(title, period, strict=True)],
        what_zh=[f"标题为{t:.0f}年，而文中统计期截至{p:.0f}年" for t, p in zip(title, period, strict=True)],
    )  # fmt: skip
    year = panel.reports["year"].to_numpy(dtype=float, na_value=np.nan)
    dates = panel.reports["published_on"]
    published = dates.dt.year.to_numpy(dtype=float, na_value=np.nan)
    early = (published < year) | ((published == year) & (dates.dt.month.to_numpy(dtype=float, na_value=np.nan) < 12))
    days = dates.dt.strftime("%Y-%m-%d").fillna("")
    status = judge(~np.isnan(year + published), ~early)
    by_date = outcome(panel, all_rows(panel), published, year, status, "date", severity="S3").assign(
        what_en=[f"published on {day}, before the year {y:.0f} was over" for day, y in zip(days, year, strict=True)],
        what_zh=[f"发布日期为{day}，早于{y:.0f}年底" for day, y in zip(days, year, strict=True)],
    )
    return stack([by_title, by_date])


@rule(
    "C07",
    ("Unchanged since it was first found", "首次采集后内容未变"),
    "S3",
    ARTICLE_49,
    (
        "{left:.0f} numbers differ between the {versions:.0f} documents of this office and year (the other: {other_path})",
        "该机关该年度有{versions:.0f}份文件，其中{left:.0f}个数字不同（另一份：{other_path}）",
    ),
    whole=True,
)
def unchanged_since_found(panel: Panel) -> pd.DataFrame:
    """C07: of several documents of one office and year, all have the same numbers in the cells of the forms (markup and
    furniture of pages are not compared). One document alone is not assessable.

    False positives: one of them is a draft, or a summary; a misread cell (the facts' proof is told by the others).
    """
    others = panel.other_reports()
    others = others[others["year"].notna()]
    key = (
        panel.reports["office_id"].astype(object).astype(str) + "|" + panel.reports["year"].astype("string").fillna("")
    )
    at = pd.Series(np.arange(len(key)), index=key.to_numpy())
    others_key = others["office_id"].astype(object).astype(str) + "|" + others["year"].astype("string")
    others = others.assign(row=others_key.map(at[~at.index.duplicated()]).to_numpy())
    others = others[others["row"].notna()].reset_index(drop=True)
    rows = all_rows(panel)
    differing, versions, paths = np.zeros(len(rows)), np.ones(len(rows)), np.full(len(rows), "", dtype=object)
    values = cell_matrices(panel.folder, others, panel.cells)[0] if len(others) else np.zeros((0, len(panel.cells)))
    for row, theirs, path in zip(others["row"].astype(int), values, others["source_path"].astype(str), strict=True):
        differ = np.nan_to_num(panel.values[row]) != np.nan_to_num(theirs)
        versions[row] += 1
        if differ.sum() > differing[row]:
            differing[row], paths[row] = differ.sum(), path
    frame = outcome(panel, rows, differing, np.zeros(len(rows)), judge(versions > 1, differing == 0), "versions")
    return frame.assign(versions=versions, other_path=paths)
