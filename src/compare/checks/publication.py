"""C01–C03 and C05–C07: is the report there, in time, whole, in the form of its year, and unchanged since?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from compare.panel import STATES, Panel, read_table
from compare.rules import COLUMNS, all_rows, judge, outcome, rule, stack

ARTICLE_49 = "《政府信息公开条例》（国务院令第711号）第四十九条"
# Article 49 binds departments; street offices are not named and report under local orders: a reference date, not a
# breach.
REFERENCE_MONTH, LATEST_MONTH = 1, 3  # their last day
GOVERNMENTS = ("district", "city", "province")
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
    ("Published in time", "按期发布"),
    "S2",
    ARTICLE_49 + " (departments; for street offices a reference date)",
    (
        "published on {published}, {left:.0f} days after {due}",
        "发布于{published}，晚于{due}共{left:.0f}天",
    ),
)
def published_in_time(panel: Panel) -> pd.DataFrame:
    """C02: the report bears a date of publication not later than 31 January of the next year, a government's (district,
    city, province) not later than 31 March; left is the days after that.

    For street and town offices, whom article 49 does not name, 31 January is a reference date: S3, and S2 only after 31
    March. Not assessable where title and period name different years. False positives: the date of a site's migration;
    only an update time is known.
    """
    dates, years = panel.reports["published_on"], panel.reports["year"]
    known = (dates.notna() & years.notna()).to_numpy(dtype=bool) & ~year_in_conflict(panel)
    level = panel.reports["level"].fillna("")
    government = level.isin(GOVERNMENTS).to_numpy(dtype=bool)
    following = years.fillna(2000).astype(int) + 1
    reference, latest = (
        pd.to_datetime(pd.DataFrame({"year": following, "month": month, "day": 31}))
        for month in (REFERENCE_MONTH, LATEST_MONTH)
    )
    due = reference.where(~government, latest)
    late = (dates - due).dt.days.to_numpy(dtype=float, na_value=np.nan)
    lenient = level.isin(["street", "town"]).to_numpy(dtype=bool) & (dates <= latest).to_numpy(
        dtype=bool, na_value=False
    )
    status = judge(known, ~(late > 0))
    published = dates.dt.strftime("%Y-%m-%d").fillna("").to_numpy(dtype=object)
    return outcome(
        panel,
        all_rows(panel),
        late,
        np.zeros(len(late)),
        status,
        "date",
        severity=np.where(lenient, "S3", "S2"),
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


@rule(
    "C05",
    ("The tables are there and filled", "统计表齐全且已填写"),
    "S2",
    "国办公开办函〔2021〕30号",
    ("{what_en}", "{what_zh}"),
    merge=True,
)
def tables_are_there(panel: Panel) -> pd.DataFrame:
    """C05: the tables of sections 二, 三 and 四 are there (S2), and no cell of a row that has a number is blank or a dash
    (S3: where numbers stand beside it, a blank counts as zero in sums, and nowhere else; a habit of the office, told once,
    at its last such report).

    False positives: a table that could not be read (look at the page). A report of which no table was read at all is
    not assessable: see issues.csv.
    """
    read = panel.reports["cells_read"].fillna(0).to_numpy(dtype=float) > 0
    frames = []
    for section, where in (("proactive", "二"), ("applications", "三"), ("appeals", "四")):
        there = panel.reports[f"form_{section}"].notna().to_numpy(dtype=bool)
        frame = outcome(panel, all_rows(panel), there.astype(float), np.ones(len(there)), judge(read, there), section)
        frames.append(
            frame.assign(what_en=f"the table of section {where} is missing", what_zh=f"第{where}部分缺少统计表")
        )
    blanks, filled = blanks_beside_numbers(panel)
    count, last = habit(panel, blanks > 0)
    status = judge(filled & ((blanks == 0) | last), blanks == 0)
    frame = outcome(panel, all_rows(panel), blanks, np.zeros(len(blanks)), status, "blanks", severity="S3")
    told = list(zip(blanks, count, strict=True))
    en = [
        f"{b:.0f} cells are blank or a dash in rows that have numbers (so in {n:.0f} of its reports)" for b, n in told
    ]
    zh = [f"有数字的行中有{b:.0f}格空白或划线（该机关{n:.0f}份报告如此）" for b, n in told]
    frames.append(frame.assign(what_en=en, what_zh=zh))
    return stack(frames)


def habit(panel: Panel, shows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(how many reports of the same office show it, float64; is this the office's last that does, bool), per report."""
    frame = pd.DataFrame({"office": panel.reports["office_id"].astype(object), "shows": shows, "row": all_rows(panel)})
    year = panel.reports["year"].to_numpy(dtype=float, na_value=-1.0)
    count = frame.groupby("office")["shows"].transform("sum").to_numpy(dtype=float)
    showing = frame[shows].assign(year=year[shows]).sort_values(["year", "row"], kind="stable")
    last = np.zeros(len(frame), dtype=bool)
    last[showing.drop_duplicates("office", keep="last")["row"].to_numpy(dtype=int)] = True
    return count, last


def blanks_beside_numbers(panel: Panel) -> tuple[np.ndarray, np.ndarray]:
    """(blank or dash cells in rows of a table that hold a number, float64; whether any row does, bool), per report."""
    groups = panel.codebook["block"].astype(str) + "." + panel.codebook["row_code"].astype(str)
    empty = np.isin(panel.states, [STATES.index("blank"), STATES.index("dash")])
    number = ~np.isnan(panel.values)
    blanks, filled = np.zeros(len(panel.reports)), np.zeros(len(panel.reports), dtype=bool)
    for _, members in groups.groupby(groups.to_numpy(), sort=False):
        columns = panel.columns(list(members.index))
        some = number[:, columns].any(axis=1)
        blanks += np.where(some, empty[:, columns].sum(axis=1), 0)
        filled |= some
    return blanks, filled


@rule(
    "C07",
    ("Unchanged since it was first found", "首次采集后内容未变"),
    "S3",
    ARTICLE_49,
    (
        "{left:.0f} numbers differ between the {versions:.0f} documents of this office and year (the other: {other_path})",
        "该机关该年度有{versions:.0f}份文件，其中{left:.0f}个数字不同（另一份：{other_path}）",
    ),
)
def unchanged_since_found(panel: Panel) -> pd.DataFrame:
    """C07: of several documents of one office and year, all have the same numbers in the cells of the forms (markup and
    furniture of pages are not compared). One document alone is not assessable.

    False positives: one of them is a draft, or a summary; a misread cell (the facts' proof is told by the others).
    """
    every = read_table(panel.folder, "reports.csv")
    others = every[~every["is_primary"] & every["year"].notna()]
    key = (
        panel.reports["office_id"].astype(object).astype(str) + "|" + panel.reports["year"].astype("string").fillna("")
    )
    at = pd.Series(np.arange(len(key)), index=key.to_numpy())
    others_key = others["office_id"].astype(object).astype(str) + "|" + others["year"].astype("string")
    others = others.assign(row=others_key.map(at[~at.index.duplicated()]).to_numpy())
    others = others[others["row"].notna()]
    rows = all_rows(panel)
    differing, versions, paths = np.zeros(len(rows)), np.ones(len(rows)), np.full(len(rows), "", dtype=object)
    values = other_values(panel, list(others["report_id"].astype(object)))
    lines = zip(
        others["row"].astype(int), others["report_id"].astype(str), others["source_path"].astype(str), strict=True
    )
    for row, report, path in lines:
        differ = np.nan_to_num(panel.values[row]) != np.nan_to_num(values[report])
        versions[row] += 1
        if differ.sum() > differing[row]:
            differing[row], paths[row] = differ.sum(), path
    frame = outcome(panel, rows, differing, np.zeros(len(rows)), judge(versions > 1, differing == 0), "versions")
    return frame.assign(versions=versions, other_path=paths)


def other_values(panel: Panel, report_ids: list[object]) -> dict[str, np.ndarray]:
    """The values, float64 in the order of panel.cells, of reports that are not primary."""
    found = {str(report): np.full(len(panel.cells), np.nan) for report in report_ids}
    if not found:
        return found
    import pyarrow.parquet as parquet

    table = parquet.read_table(
        panel.folder / "facts.parquet", columns=["report_id", "cell", "value"],
        filters=[("report_id", "in", list(found))],
    ).to_pandas()  # fmt: skip
    for report, cell, value in table.itertuples(index=False):
        found[str(report)][panel.column(str(cell))] = np.nan if value is None else value
    return found
