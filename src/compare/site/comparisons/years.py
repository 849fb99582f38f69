"""What changed: two years of a measure, years that stand out, and the carry-over from year to year."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from compare.anomalies import MEASURES
from compare.language import Words, capital
from compare.panel import Panel, measure
from compare.site.comparisons.page import MOST_TABLE_ROWS, OFFICE, YEAR, Page, cell, number_cell, office_link, records
from compare.site.content import cell_links
from compare.site.drawings.years import STEPS as STEP_WORDS
from compare.site.drawings.years import Balance, Change, Far, slopes, strip, waterfall
from compare.views.changes import changes, last_two
from compare.views.far import far_years
from compare.views.ledger import STEPS, ledger, ledger_of_all

MOST_LINES = 300
MOST_DOTS = 500
FURTHEST = 15.0


def label_of(name: str) -> Words:
    """A measure's name."""
    return Words(capital(measure(name).label_en), measure(name).label_zh)


def change_page(loaded: Panel, name: str, page: str, picture: str) -> Page:
    """One measure in the last two years of the panel."""
    rule, years = label_of(name), last_two(loaded)
    title = Words(f"{rule.en}, {years[0]} and {years[1]}", f"{rule.zh}：{years[0]}年与{years[1]}年")
    data = changes(loaded, name, *years)
    told = Words(
        f"{len(data):,} offices with both years. Named: the largest relative changes, ↑ up, ↓ down. Axis log(1+x).",
        f"两年均有数据的机关{len(data):,}个。标名者为相对变化最大者：↑升，↓降。纵轴为log(1+x)。",
    )
    made = Page(page, title, told, "years", picture)
    made.data, made.total = data, len(data)
    without = len(loaded.offices) - len(data)
    if without:
        made.absent = Words(f"{without:,} offices lack a comparable figure in one of the two years.",
                            f"{without:,}个机关其中一年没有可比数字。")  # fmt: skip
    if data.empty:
        return made
    links = cell_links(loaded, name)
    lines = [
        Change(r.office, office_link(r.office_id, "figures"), r.before, r.after) for r in records(data.head(MOST_LINES))
    ]
    made.draw(slopes(title, years, lines))
    made.columns = [
        OFFICE,
        Words(str(years[0]), str(years[0])),
        Words(str(years[1]), str(years[1])),
        Words("Ratio", "倍数"),
    ]
    for r in records(data.head(MOST_TABLE_ROWS)):
        made.rows.append([
            cell(r.office, office_link(r.office_id, "figures")),
            number_cell(r.before, links.get(str(r.report_before), "")),
            number_cell(r.after, links.get(str(r.report_after), "")),
            cell(f"{r.after / r.before:.2f}" if r.before else "–", sort=r.after / r.before if r.before else -1),
        ])  # fmt: skip
    return made


def far_page(loaded: Panel) -> Page:
    """Office-years by their distance from what the office's other years lead to expect."""
    title = Words("Years that stand out from an office's own history", "与自身历史相比突出的年份")
    told = Words(
        "Each dot is one office in one year; z is its distance from what the office's other years and its peers lead to "
        "expect. Large and orange: flagged (● review, ▲ priority: also apart from the years before and after).",
        "每点为一个机关的一个年度；z为偏离由其他年份及同类机关推算的程度。大而橙者有提示（●复核，▲优先：同时偏离前后年份）。",
    )
    made = Page("anomalies", title, told, "far", "anomalies")
    data = far_years(loaded)
    links = {name: cell_links(loaded, name) for name in MEASURES}
    data["link"] = [links[m].get(str(r), "") for m, r in zip(data["measure"], data["report_id"], strict=True)]
    made.data = data.drop(columns="report_id")
    gone = [label_of(name) for name in MEASURES if not (data["measure"] == name).any()]
    if gone:
        made.absent = Words(f"No office has three positive years of: {', '.join(w.en for w in gone)}.",
                            f"没有机关具备三个正数年份：{'、'.join(w.zh for w in gone)}。")  # fmt: skip
    limit = float(min(max(data["z"].abs().max() * 1.08, 6.0), FURTHEST)) if len(data) else FURTHEST
    for name in MEASURES:
        own = data[data["measure"] == name]
        if len(own):
            made.draw(strip(label_of(name), far_points(own), limit), label_of(name))
    made.columns = [
        OFFICE,
        YEAR,
        Words("Figure", "数据"),
        Words("Printed", "印出"),
        Words("Expected", "推算值"),
        Words("z", "z"),
    ]
    for r in records(data[(data["grade"] != "") | (data["z"].abs() > 2.5)].head(500)):
        made.rows.append([
            cell(r.office, office_link(r.office_id)), cell(str(r.year), sort=r.year), cell(label_of(str(r.measure))),
            number_cell(r.value, r.link), number_cell(r.expected), cell(f"{r.z:+.1f}", sort=abs(r.z)),
        ])  # fmt: skip
    return made


def far_points(own: pd.DataFrame) -> list[Far]:
    """All flagged office-years, and of the ordinary ones as many as a drawing bears, every k-th."""
    ordinary = own[own["grade"] == ""]
    kept = pd.concat(
        [own[own["grade"] != ""].head(MOST_DOTS), ordinary.iloc[:: max(1, -(-len(ordinary) // MOST_DOTS))]]
    )
    return [Far(r.office, r.year, r.link, r.value, r.z, r.grade) for r in records(kept)]


def ledger_pages(loaded: Panel) -> Iterator[Page]:
    """The carry-over of all offices by year, and for each year the ledger of every office."""
    frame = ledger(loaded)
    title = Words("The ledger of applications", "申请结转账")
    told = Words(
        "Carried in + received − decided = carried forward, and the next year has to carry in the same. ◆ counts reports "
        "that do not add up (above a year) or do not continue the year before (between two years).",
        "上年结转＋新收－办结＝结转下年，下一年的上年结转应与之相同。◆为不平的报告数（年份上方）及与上年不衔接的报告数（两年之间）。",
    )
    page = Page("ledger", title, told, "years", "carry-over")
    page.data = ledger_of_all(frame)
    left = int((loaded.place >= 0).sum() - page.data["reports"].sum())
    if left:
        page.absent = Words(f"{left:,} reports lack one of the four figures.", f"{left:,}份报告缺四项之一，未计入。")
    balances = [
        Balance(r.year, (r.carried_in, r.received, r.decided, r.carried_forward), (f"ledger-{r.year}.html",) * 4,
                str(r.broken_before or ""), str(r.broken_within or ""))
        for r in records(page.data)
    ]  # fmt: skip
    if balances:
        page.draw(waterfall(title, balances))
    page.columns = [
        YEAR,
        *STEP_WORDS,
        Words("Reports", "报告数"),
        Words("Do not add up", "自身不平"),
        Words("Do not continue", "不衔接"),
    ]
    for r in records(page.data):
        counts = [number_cell(getattr(r, step)) for step in STEPS]
        more = [number_cell(r.reports), number_cell(r.broken_within), number_cell(r.broken_before)]
        page.rows.append([cell(str(r.year), f"ledger-{r.year}.html"), *counts, *more])
    yield page
    links = {step: cell_links(loaded, name) for step, name in STEPS.items()}
    for year in page.data["year"]:
        yield ledger_of_year(frame[frame["year"] == year], int(year), links)


def ledger_of_year(frame: pd.DataFrame, year: int, links: dict[str, dict[str, str]]) -> Page:
    """One year's ledger of every office, those first that do not add up or do not continue."""
    title = Words(f"The ledger of applications of {year}, by office", f"{year}年各机关申请结转账")
    told = Words("Differences first; each number leads to its cell.", "有差额的在前；点击数字到原表单元格。")
    page = Page(f"ledger-{year}", title, told, "years", under="ledger")
    gaps = frame[["gap_within", "gap_before"]].abs().fillna(0).max(axis=1)
    page.data = frame.loc[gaps.sort_values(ascending=False, kind="stable").index]
    page.total = len(page.data)
    page.columns = [
        OFFICE,
        *STEP_WORDS,
        Words("Does not add up by", "自身相差"),
        Words("Against the year before", "与上年相差"),
    ]
    for r in records(page.data.head(MOST_TABLE_ROWS)):
        counts = [number_cell(getattr(r, step), links[step].get(r.report_id, "")) for step in STEPS]
        page.rows.append(
            [
                cell(r.office, office_link(r.office_id, "ledger")),
                *counts,
                gap_cell(r.gap_within),
                gap_cell(r.gap_before),
            ]
        )
    return page


def gap_cell(gap: Any) -> dict[str, Any]:
    """A difference with its sign; nothing where there is none."""
    if gap != gap:
        return cell("–", sort=-1)
    return cell(f"{gap:+,.0f}" if gap else "0", sort=abs(gap))
