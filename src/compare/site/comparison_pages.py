"""The comparison pages: offices beside each other, each drawing with its table and its CSV, each mark a way to a cell."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from compare import flags, indicators
from compare.anomalies import MEASURES, REVIEW, scores
from compare.charts.comparison import OUTCOMES
from compare.evidence_parts.places import Words
from compare.panel import Panel
from compare.published import measure
from compare.site import comparison
from compare.site.content import Common, Row, cell_links
from compare.site.environment import write_page

MOST_ROWS = 60  # rows of one drawing; the table beneath holds all
MOST_LINES = 300
MOST_DOTS = 500
FURTHEST = 15.0
PART_CLASSES = ("granted", "partly", "refused", "unavailable", "not-processed", "other")


class Page:
    """What one comparison page shows: heading, explanation, drawings, and the rows of its table and CSV."""

    def __init__(self, name: str, title: Words, told: Words, picture: str = "") -> None:
        self.name, self.title, self.told, self.picture = name, title, told, picture
        self.drawings: list[Row] = []
        self.columns: list[Words] = []
        self.rows: list[list[Row]] = []
        self.data = pd.DataFrame()
        self.further: list[Row] = []

    def draw(self, svg: str, title: Words | None = None) -> None:
        """Add a drawing."""
        self.drawings.append({"svg": Markup(svg), "title": title})


def cell(text: Any, link: str = "", sort: Any = None) -> Row:
    """A table cell: what it shows, where it leads, by what it is sorted where that is not what it shows."""
    return {"text": text, "link": link, "sort": "" if sort is None else sort, "number": sort is not None}


def records(frame: pd.DataFrame) -> list[Any]:
    """The rows of a frame with their columns as attributes."""
    return list(frame.itertuples())


def office_link(office_id: Any, part: str = "") -> str:
    """The address of an office's page from a page one folder deep."""
    return f"../office/{office_id}.html{f'#{part}' if part else ''}"


def rate_page(loaded: Panel, name: str, page: str, picture: str) -> Page:
    """One rate of all offices, years pooled, with 95 % intervals; small n apart and not ranked."""
    rule = indicators.rule_of(name)
    span = f"{loaded.years[0]}–{loaded.years[-1]}" if loaded.years else ""
    told = Words(
        f"{span} together: {formula(rule.numerator)} / {formula(rule.denominator)}. Line: 95 % interval. Dashed: all offices together. Open grey dots: "
        f"n below {indicators.SMALL}, not ranked. Where intervals overlap, the order means nothing.",
        f"{span}年合计：{rule.note}。横线为95%区间，竖虚线为全体合计；空心灰点为n不足{indicators.SMALL}，不参与排序。区间重叠者先后无意义。",
    )
    made = Page(page, Words(rule.label_en.capitalize(), rule.label_zh), told, picture)
    data = indicators.pooled(loaded, name).dropna(subset=["value"])
    data = data.sort_values(["small", "value", "office_id"], ascending=[True, False, True])
    data.insert(1, "office", loaded.offices["office"].reindex(data["office_id"]).to_numpy())
    data.insert(2, "district_zh", loaded.offices["district_zh"].reindex(data["office_id"]).to_numpy())
    made.data = data
    if data.empty:
        return made
    shown = (
        data if len(data) <= MOST_ROWS else pd.concat([data[~data["small"]].head(30), data[~data["small"]].tail(30)])
    )
    rates = [
        comparison.Rate(
            r.office, office_link(r.office_id, "rates"), r.numerator, r.denominator, r.value, r.low, r.high, r.small
        )
        for r in records(shown.drop_duplicates("office_id"))
    ]
    overall = float(data["numerator"].sum() / data["denominator"].sum())
    made.draw(comparison.dot_plot(f"{rule.label_zh} {rule.label_en}", rates, overall, rule.interval == "share"))
    made.columns = [Words("office", "机关"), Words("district", "区县"), Words("rate", "比率")]
    made.columns += [Words("95 % interval", "95%区间"), Words("numerator", "分子"), Words("denominator", "分母")]
    made.rows = [
        [
            cell(r.office, office_link(r.office_id, "rates")),
            cell(r.district_zh),
            cell(f"{r.value:.1%}", sort=r.value),
            cell(f"{r.low:.1%} – {r.high:.1%}" if r.low == r.low else "–", sort=r.low),
            cell(f"{r.numerator:,.0f}", sort=r.numerator),
            cell(f"{r.denominator:,.0f}", sort=r.denominator),
        ]
        for r in records(data)
    ]
    return made


def formula(side: str) -> str:
    """One side of a rate in words."""
    words = side.replace("_", " ")
    return f"({words})" if "+" in words or " - " in words else words


def outcome_frame(loaded: Panel) -> pd.DataFrame:
    """Office × year with the six groups of results and report_id; reports without any of them are left out."""
    frame = loaded.series(OUTCOMES[0])[["office_id", "office", "district_zh", "year", "report_id"]]
    for name in OUTCOMES:
        frame[name] = loaded.series(name)["value"]
    return frame.dropna(subset=list(OUTCOMES), how="all")


OUTCOME_TOLD = Words(
    "Share of the applications decided, n is their number. The six groups are comparable in both forms.",
    "占办结申请的比例，n为办结件数。六类结果在两种表式中口径一致。",
)


def outcome_labels() -> list[Words]:
    """Names of the groups of results."""
    return [Words(measure(name).label_en, measure(name).label_zh) for name in OUTCOMES]


def outcome_table(page: Page, frame: pd.DataFrame, first: Words, key: str, link: Callable[[Any], str]) -> None:
    """The table beneath: one row per group, all counts."""
    page.columns = [first, *outcome_labels(), Words("n", "n")]
    for row in frame.to_dict("records"):
        counts = [cell(f"{row[name]:,.0f}", sort=row[name]) for name in OUTCOMES]
        page.rows.append([cell(row[key], link(row)), *counts, cell(f"{row['n']:,.0f}", sort=row["n"])])


def summed(frame: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """The groups of results added up, with n; rows in which nothing was decided are left out."""
    table = frame.groupby(by, sort=True)[list(OUTCOMES)].sum()
    table["n"] = table.sum(axis=1)
    return table[table["n"] > 0].reset_index()


def outcomes_by_year(loaded: Panel) -> list[Page]:
    """Results by year, and for each year a page of its offices, whose bars lead to the cells."""
    frame, labels = outcome_frame(loaded), outcome_labels()
    title = Words("What became of the applications, by year", "各年申请办理结果构成")
    page = Page("outcomes", title, OUTCOME_TOLD, "outcomes")
    page.data = summed(frame, ["year"])
    bars = [
        comparison.Bar(str(r["year"]), f"outcomes-{r['year']}.html", tuple(r[n] for n in OUTCOMES), ("",) * 6)
        for r in page.data.to_dict("records")
    ]
    page.draw(comparison.parts_of_whole(title.zh, bars, PART_CLASSES, labels))
    outcome_table(page, page.data, Words("year", "年度"), "year", lambda r: f"outcomes-{r['year']}.html")
    pages = [page]
    for year in page.data["year"]:
        pages.append(outcomes_of_year(loaded, frame[frame["year"] == year], int(year)))
    return pages


def outcomes_of_year(loaded: Panel, frame: pd.DataFrame, year: int) -> Page:
    """One year's results by office; each part of a bar leads to the cell in the report."""
    title = Words(f"What became of the applications of {year}, by office", f"{year}年各机关申请办理结果构成")
    page = Page(f"outcomes-{year}", title, OUTCOME_TOLD)
    table = summed(frame, ["office_id", "office", "report_id"])
    page.data = table.sort_values(["n", "office_id"], ascending=[False, True])
    bars, to_cells = [], [cell_links(loaded, name) for name in OUTCOMES]
    for r in page.data.head(MOST_ROWS).to_dict("records"):
        links = tuple(by_report.get(r["report_id"], "") for by_report in to_cells)
        bars.append(comparison.Bar(r["office"], office_link(r["office_id"]), tuple(r[n] for n in OUTCOMES), links))
    page.draw(comparison.parts_of_whole(title.zh, bars, PART_CLASSES, outcome_labels()))
    outcome_table(page, page.data, Words("office", "机关"), "office", lambda r: to_cells[0].get(r["report_id"], ""))
    return page


def outcomes_by_office(loaded: Panel) -> Page:
    """Results by office, years pooled."""
    title = Words("What became of the applications, by office", "各机关申请办理结果构成")
    page = Page("outcomes-by-office", title, OUTCOME_TOLD, "outcomes-by-office")
    table = summed(outcome_frame(loaded), ["office_id", "office"])
    page.data = table.sort_values(["n", "office_id"], ascending=[False, True])
    bars = [
        comparison.Bar(r["office"], office_link(r["office_id"], "outcomes"), tuple(r[n] for n in OUTCOMES), ("",) * 6)
        for r in page.data.head(MOST_ROWS).to_dict("records")
    ]
    page.draw(comparison.parts_of_whole(title.zh, bars, PART_CLASSES, outcome_labels()))
    outcome_table(page, page.data, Words("office", "机关"), "office", lambda r: office_link(r["office_id"], "outcomes"))
    return page


def change_page(loaded: Panel, name: str, page: str, picture: str) -> Page:
    """One measure in the last two years of the panel."""
    rule = measure(name)
    years = (loaded.years[-2], loaded.years[-1])
    title = Words(
        f"{rule.label_en.capitalize()}, {years[0]} and {years[1]}", f"{rule.label_zh}：{years[0]}年与{years[1]}年"
    )
    wide = loaded.series(name).pivot(index=["office_id", "office"], columns="year", values="value")[list(years)]
    both = wide.dropna().reset_index()
    both.columns = pd.Index(["office_id", "office", "before", "after"])
    told = Words(
        f"{len(both)} offices with both years, {len(wide) - len(both)} without. Log(1 + x) axis; named: the largest relative changes.",
        f"两年均有数据{len(both)}个机关，缺{len(wide) - len(both)}个。log(1+x)轴；标名者为相对变化最大者。",
    )
    made = Page(page, title, told, picture)
    both["change"] = np.log1p(both["after"]) - np.log1p(both["before"])
    both = both.reindex(both["change"].abs().sort_values(ascending=False, kind="stable").index)
    made.data = both
    if both.empty:
        return made
    changes = [
        comparison.Change(r.office, office_link(r.office_id, "figures"), r.before, r.after)
        for r in records(both.head(MOST_LINES))
    ]
    made.draw(comparison.slopes(f"{title.zh} {title.en}", years, changes))
    made.columns = [Words("office", "机关"), Words(str(years[0]), str(years[0])), Words(str(years[1]), str(years[1]))]
    made.columns += [Words("ratio", "倍数")]
    made.rows = [
        [
            cell(r.office, office_link(r.office_id, "figures")),
            cell(f"{r.before:,.0f}", sort=r.before),
            cell(f"{r.after:,.0f}", sort=r.after),
            cell(f"{r.after / r.before:.2f}" if r.before else "–", sort=r.after / r.before if r.before else -1),
        ]
        for r in records(both)
    ]
    return made


def far_page(loaded: Panel) -> Page:
    """Office-years by their distance from what the office's other years lead to expect."""
    title = Words("Years that stand out from an office's own history", "与自身历史相比突出的年份")
    told = Words(
        f"Each dot is one office in one year. Grey field: ordinary (|z| below {REVIEW}). Light orange: look again; dark: also apart from the years before and after.",
        f"每点为一个机关的一个年度。灰色区域为平常范围（|z|<{REVIEW}）；浅色为复核，深色为同时偏离相邻年份。",
    )
    made = Page("anomalies", title, told, "anomalies")
    parts = []
    for name in MEASURES:
        links = loaded.series(name)["report_id"].astype(object).map(cell_links(loaded, name)).fillna("")
        frame = scores(loaded, name).assign(measure=name, link=links)
        parts.append(frame.dropna(subset=["z"]))
    data = pd.concat(parts, ignore_index=True)
    far, apart = data["z"].abs() >= REVIEW, data["isolation"] >= REVIEW
    data["grade"] = np.where(far & apart, "priority", np.where(far, "review", ""))
    names = ["office_id", "office", "district_zh", "year", "measure", "value", "expected", "low", "high", "z", "grade"]
    made.data = data[[*names, "link"]].sort_values("z", key=np.abs, ascending=False, kind="stable")
    limit = float(min(max(data["z"].abs().max() * 1.08, REVIEW * 1.6), FURTHEST)) if len(data) else FURTHEST
    for name in MEASURES:
        own = data[data["measure"] == name]
        if len(own):
            made.draw(comparison.strip(name, far_points(own), limit, REVIEW), label_of(name))
    made.columns = [Words("office", "机关"), Words("year", "年度"), Words("figure", "数据"), Words("value", "数值")]
    made.columns += [Words("expected", "推算值"), Words("z", "z")]
    for r in records(made.data[made.data["grade"] != ""].head(500)):
        label = label_of(str(r.measure))
        texts = [cell(r.office, office_link(r.office_id)), cell(str(r.year), sort=r.year), cell(label)]
        made.rows.append(
            [*texts, cell(f"{r.value:,.0f}", r.link, r.value), cell(f"{r.expected:,.0f}", sort=r.expected)]
        )
        made.rows[-1].append(cell(f"{r.z:+.1f}", sort=abs(r.z)))
    return made


def label_of(name: str) -> Words:
    """A measure's name."""
    return Words(measure(name).label_en.capitalize(), measure(name).label_zh)


def far_points(own: pd.DataFrame) -> list[comparison.Far]:
    """All far office-years, and of the ordinary ones as many as a drawing bears, every k-th."""
    ordinary = own[own["grade"] == ""]
    kept = pd.concat(
        [own[own["grade"] != ""].head(MOST_DOTS), ordinary.iloc[:: math.ceil(len(ordinary) / MOST_DOTS) or 1]]
    )
    return [comparison.Far(r.office, r.year, r.link, r.value, r.z, r.grade) for r in records(kept)]


def comparison_pages(loaded: Panel) -> list[Page]:
    """All comparison pages, those first that say most."""
    pages = [far_page(loaded), *outcomes_by_year(loaded), outcomes_by_office(loaded)]
    pages += [rate_page(loaded, "disclosure", "disclosure", "compare-disclosure")]
    pages += [rate_page(loaded, "clearance", "clearance", "compare-clearance")]
    if len(loaded.years) > 1:
        pages += [change_page(loaded, "permits", "permits", "year-on-year-permits")]
        pages += [change_page(loaded, "penalties", "penalties", "")]
        pages += [change_page(loaded, "applications_received", "applications", "year-on-year-applications_received")]
    return pages


def write_comparisons(common: Common, pages: Sequence[Page], pictures: set[str]) -> list[str]:
    """Write the comparison pages with their CSVs; `pictures` are the names of the PNGs that stand beside them."""
    written = []
    for page in pages:
        flags.write_csv(page.data, Path(common.to) / "figures" / f"site-{page.name}.csv")
        written.append(
            write_page(
                common.to,
                f"chart/{page.name}.html",
                "chart.html",
                common=common,
                page=page,
                pages=[other for other in pages if not other.name.startswith("outcomes-2")],
                picture=page.picture if page.picture in pictures else "",
                classes=list(zip(PART_CLASSES, outcome_labels(), strict=True)) if "outcomes" in page.name else [],
            )
        )
    return written
