"""C01–C03 and C06: is the report there, in time, and in the form of its year?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from compare.panel import Panel
from compare.rules import COLUMNS, all_rows, judge, outcome, rule, stack

ARTICLE_49 = "《政府信息公开条例》（国务院令第711号）第四十九条"
# Article 49 binds departments; street offices are not named and report under local orders: a reference date, not a
# breach.
REFERENCE_DATE = (1, 31)
LATEST_DATE = (3, 31)
FORM_CHANGE = 2021
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
)
def report_is_there(panel: Panel) -> pd.DataFrame:
    """C01: an office of the panel has a report for each year that it can be expected for (see `expected`).

    False positives: an office merged, renamed or created; a file that was not collected or could not be read (see
    issues.csv).
    """
    frame = panel.skeleton()
    place = frame["place"].to_numpy()
    found, due = place >= 0, expected(panel).ravel()
    ids = panel.reports["report_id"].to_numpy(dtype=object)
    others = frame.groupby("office_id")["place"].transform(lambda places: (places >= 0).sum())
    return pd.DataFrame(dict.fromkeys(COLUMNS, ""), index=frame.index).assign(
        report_id=np.where(found, ids[place], "") if len(ids) else "",
        office_id=frame["office_id"],
        year=frame["year"].astype(float),
        status=judge(found | due, found),
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


@rule(
    "C02",
    ("Published by 31 January", "1月31日前发布"),
    "S2",
    ARTICLE_49 + " (departments; for street offices a reference date)",
    (
        "published on {published}, {left:.0f} days after the reference date of {due}",
        "发布于{published}，晚于参考日期{due}共{left:.0f}天",
    ),
)
def published_in_time(panel: Panel) -> pd.DataFrame:
    """C02: the report bears a date of publication not later than 31 January of the next year; left is the days
    after that.

    Not assessable where title and period name different years. False positives: the date of a site's migration;
    only an update time is known. Street offices are not bound by article 49 itself.
    """
    dates, years = panel.reports["published_on"], panel.reports["year"]
    known = (dates.notna() & years.notna()).to_numpy(dtype=bool) & ~year_in_conflict(panel)
    due = pd.to_datetime(
        pd.DataFrame({"year": years.fillna(2000).astype(int) + 1, "month": REFERENCE_DATE[0], "day": REFERENCE_DATE[1]})
    )
    late = (dates - due).dt.days.to_numpy(dtype=float, na_value=np.nan)
    status = judge(known, ~(late > 0))
    published = dates.dt.strftime("%Y-%m-%d").fillna("").to_numpy(dtype=object)
    return outcome(
        panel,
        all_rows(panel),
        late,
        np.zeros(len(late)),
        status,
        "date",
        published=published,
        due=due.dt.strftime("%Y-%m-%d").to_numpy(dtype=object),
    )


@rule(
    "C03",
    ("Title and period name the same year", "标题年度与统计期一致"),
    "S2",
    "国办公开办函〔2021〕30号",
    (
        "the title says {left:.0f}, the figures are said to cover a period that ends in {right:.0f}",
        "标题为{left:.0f}年，而文中统计期截至{right:.0f}年",
    ),
)
def years_agree(panel: Panel) -> pd.DataFrame:
    """C03: the year of the title is the year in which the printed statistical period ends.

    False positives: "2021年度" published in 2022 is correct and not compared with the date of publication.
    """
    title = panel.reports["title_year"].to_numpy(dtype=float, na_value=np.nan)
    period = panel.reports["period_to"].dt.year.to_numpy(dtype=float, na_value=np.nan)
    status = judge(~np.isnan(title + period), ~year_in_conflict(panel))
    return outcome(panel, all_rows(panel), title, period, status, "title")


@rule(
    "C06",
    ("The form of its year", "使用当年表式"),
    "S2",
    "国办公开办函〔2019〕60号 (2019, 2020); 〔2021〕30号 (2021 onwards)",
    (
        "section {where} of the report for {year:.0f} has the form of {right:.0f}, not of {left:.0f}",
        "{year:.0f}年报告第{where}部分用的是{right:.0f}年表式，应为{left:.0f}年表式",
    ),
)
def form_of_its_year(panel: Panel) -> pd.DataFrame:
    """C06: reports for 2019 and 2020 use form 2019, later ones form 2021. Section 二 decides (S2); a single row （六）
    in section 三 of a later report is common and only worth a look (S3).

    False positives: the first year of a new form.
    """
    years = panel.reports["year"].to_numpy(dtype=float, na_value=np.nan)
    right_form = np.where(years >= FORM_CHANGE, 2021.0, 2019.0)
    frames = []
    blocks = {
        "proactive": ("二", "S2", {"documents", "permits", "penalties", "fees", "procurement"}),
        "applications": ("三", "S3", {"applications"}),
    }
    for section, (where, severity, names) in blocks.items():
        printed = pd.to_numeric(panel.reports[f"form_{section}"], errors="coerce").to_numpy(
            dtype=float, na_value=np.nan
        )
        one_form = panel.codebook["in_2019"].astype(bool) ^ panel.codebook["in_2021"].astype(bool)
        cells = list(panel.codebook.loc[panel.codebook["block"].isin(names) & one_form, "cell"])
        status = judge(~np.isnan(printed) & ~np.isnan(years), printed == right_form)
        frames.append(
            outcome(panel, all_rows(panel), right_form, printed, status, section, cells, severity=severity, where=where)
        )
    return stack(frames)
