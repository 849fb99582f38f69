"""How far the figures can be trusted: the proof of the cells, what could be checked, and which texts are alike."""

from __future__ import annotations

from typing import Any

import pandas as pd

from compare.assessment import CHECKS, Assessed
from compare.checks.texts import SAME_OFFICES, SAME_YEARS
from compare.language import Words
from compare.palette import PROOFS, STATUSES
from compare.panel import Panel
from compare.rules import REGISTRY
from compare.site.comparisons.page import OFFICE, YEAR, Page, cell, number_cell, office_link, records
from compare.site.content import report_link
from compare.site.drawings.parts import Bar, Cell, Kind, parts_of_whole, shaded_table
from compare.views.likeness import Matrix, district_matrix, likest
from compare.views.quality import BY_CHECK, BY_KIND, BY_YEAR, CLASSES, KINDS, classes_of_cells, proved_share, quality

MOST_REPORTS = 500
STATUS_ORDER = ["FAIL", "PASS", "NOT_ASSESSABLE"]  # what fails stands first, where small shares can be compared
UNSURE = ["single", "disputed", "illegible"]


def quality_page(loaded: Panel, assessments: Assessed) -> Page:
    """Cells by proof, by year and by kind of file; assessments by check; the reports with the most unproved cells."""
    counts = classes_of_cells(loaded)
    share = proved_share(counts)
    proved = f"{share:.1%}" if share == share else "–"
    told = Words(
        f"{proved} of the cells with something in them are proved by the form's arithmetic or by a second, independent "
        "reading. A blank is no zero; a check whose figures are missing is not assessable.",
        f"有内容的单元格中{proved}经表内勾稽或第二次独立读数证明。空白不等于零；缺数的检查记为无法判断。",
    )
    page = Page("quality", Words("Data quality", "数据质量"), told, "quality", "data-quality")
    page.data = data = quality(loaded, assessments)
    examples = example_links(loaded, counts)
    kinds = [Kind(f"proof-{name}", PROOFS[name].words) for name in CLASSES]
    for part, title in ((BY_YEAR, Words("Printed cells by year", "各年度印出的单元格")),
                        (BY_KIND, Words("Printed cells by kind of file", "各类文件印出的单元格"))):  # fmt: skip
        own = data[data["part"] == part]
        if own["count"].sum():
            page.draw(parts_of_whole(title, cell_bars(own, part, examples), kinds), title)
    page.draw(parts_of_whole(Words("Assessments by check", "各项检查的判断"), check_bars(data[data["part"] == BY_CHECK], assessments),
              [Kind(f"status-{name.lower().replace('_', '-')}", STATUSES[name].words) for name in STATUS_ORDER]),
              Words("Assessments by check", "各项检查的判断"))  # fmt: skip
    add_reports(page, loaded, counts)
    return page


def example_links(loaded: Panel, counts: pd.DataFrame) -> dict[tuple[str, str, str], str]:
    """For (part, group, class) the report with the most such cells: where a bar leads to."""
    reports = loaded.reports
    found: dict[tuple[str, str, str], str] = {}
    for part, keys in ((BY_YEAR, reports["year"].astype("string")), (BY_KIND, reports["kind"].astype("string"))):
        for group, own in counts.groupby(keys.fillna("?").to_numpy()):
            for name in CLASSES:
                best = own[name].idxmax()
                if int(own[name].max()) > 0:
                    found[part, str(group), name] = report_link(reports.at[best, "report_id"], "tables")
    return found


def cell_bars(own: pd.DataFrame, part: str, examples: dict[tuple[str, str, str], str]) -> list[Bar]:
    """Bars of cells by proof; each part leads to the report with the most such cells."""
    table = own.pivot(index="group", columns="class", values="count").reindex(columns=list(CLASSES)).fillna(0)
    bars = []
    for group, row in table.iterrows():
        name: Any = KINDS.get(str(group), str(group)) if part == BY_KIND else str(group)
        links = tuple(examples.get((part, str(group), kind), "") for kind in CLASSES)
        bars.append(Bar(name, "", tuple(float(n) for n in row), links))
    return bars


def check_bars(own: pd.DataFrame, assessments: Assessed) -> list[Bar]:
    """Bars of assessments: the name leads to the rule, what fails to its flags, the rest to the card of a report in which
    it is so."""
    names = STATUS_ORDER
    table = own.pivot(index="group", columns="class", values="count").reindex(columns=names).fillna(0)
    examples = {
        (check, status): report_link(str(assessments.report_ids[tally.argmax()]), "card")
        for check, tallies in zip(CHECKS, assessments.tallies.transpose(1, 2, 0) > 0, strict=True)
        for status, tally in zip(STATUS_ORDER, tallies, strict=True)
        if tally.any()
    }
    bars = []
    for check, row in table.iterrows():
        rule, link = REGISTRY[str(check)], f"../methods.html#{check}"
        links = tuple(
            f"../index.html?check={check}#flags" if name == "FAIL" else examples.get((str(check), name), link)
            for name in names
        )
        fails, total = row["FAIL"], row.sum()
        told = f"{fails:,.0f} / {total:,.0f}"
        title = Words(f"{rule.title_en[:35]}{'…' if len(rule.title_en) > 35 else ''} {check}",
                      f"{rule.title_zh[:15]}{'…' if len(rule.title_zh) > 15 else ''} {check}")  # fmt: skip
        bars.append(Bar(title, link, tuple(float(n) for n in row), links, told))
    return bars


def add_reports(page: Page, loaded: Panel, counts: pd.DataFrame) -> None:
    """The table: reports with the most cells that nothing proves."""
    unsure = counts[UNSURE].sum(axis=1)
    worst = unsure[unsure > 0].sort_values(ascending=False, kind="stable").index[:MOST_REPORTS]
    page.columns = [OFFICE, YEAR, Words("Kind", "文件"), *(PROOFS[name].words for name in CLASSES)]
    names = loaded.offices["office"]
    for place in worst:
        report = loaded.reports.loc[place]
        office, year = str(report["office_id"]), report["year"]
        shown = str(names.get(office, report["office_zh"] if pd.notna(report["office_zh"]) else office))
        link = report_link(report["report_id"], "tables")
        page.rows.append([
            cell(shown, link), cell("?" if pd.isna(year) else str(year), sort=0 if pd.isna(year) else int(year)),
            cell(KINDS.get(str(report["kind"]), str(report["kind"]))), *(number_cell(counts.at[place, n]) for n in CLASSES),
        ])  # fmt: skip
    if not page.rows:
        page.columns = []


def similarity_page(loaded: Panel) -> Page:
    """The matrix of the district and year with the most alike pair, and where the other districts' matrices are."""
    district, year = likest(loaded)
    told = Words(
        "0: nothing in common, 1: the same text but for its numbers (Jaccard index of runs of five characters, sections 一, "
        f"五 and 六). Diagonal: the office's own text of the year before. Framed: {SAME_OFFICES} and more between offices, "
        f"{SAME_YEARS} and more between years. Each district's page shows its own matrix.",
        f"0为毫无相同，1为除数字外完全相同（第一、五、六部分五字连串的Jaccard指数）。对角线为与本机关上年报告比较。加框：机关间不低于{SAME_OFFICES}，年度间不低于{SAME_YEARS}。各区县页有本区县的矩阵。",
    )
    page = Page("similarity", Words("How alike are the texts?", "各机关文字相似度"), told, "texts", "similarity")
    if not year:
        page.absent = Words(
            "No two offices of one district have texts to compare.", "没有同一区县的两个机关具备可比文字。"
        )
        return page
    matrix = district_matrix(loaded, district, year)
    page.data = pairs = matrix.pairs().sort_values("likeness", ascending=False, kind="stable")
    where = Words(f"{district or 'district unknown'}, {year}", f"{district or '区县不明'}，{year}年")
    page.draw(matrix_table(matrix, where), where, wide=False)
    if matrix.left_out:
        page.absent = Words(f"{matrix.left_out} offices have no text that is long enough, or do not fit.",
                            f"{matrix.left_out}个机关文字过短、无报告或未列入。")  # fmt: skip
    page.columns = [OFFICE, Words("Compared with", "比较对象"), Words("Likeness", "相似度")]
    for r in records(pairs):
        other: Any = (
            Words("its own text of the year before", "本机关上年文字") if r.between == "year before" else r.second
        )
        link = "" if r.between == "year before" else report_link(r.second_report, "text")
        page.rows.append(
            [
                cell(r.first, report_link(r.first_report, "text")),
                cell(other, link),
                cell(f"{r.likeness:.2f}", sort=r.likeness),
            ]
        )
    return page


def matrix_table(matrix: Matrix, caption: Words) -> str:
    """A similarity matrix as a shaded table; each cell leads to the text of its row's report."""
    names = [str(name) for name in matrix.offices["office"]]
    rows = []
    for i, office in enumerate(records(matrix.offices)):
        cells = []
        for j, value in enumerate(matrix.values[i]):
            known = value == value
            framed = known and value >= (SAME_YEARS if i == j else SAME_OFFICES)
            tip = f"{names[i]} – {names[j]}: {value:.2f}" if known else ""
            text = f"{value:.2f}" if known else ""
            cells.append(
                Cell(float(value) if known else None, text, report_link(office.report_id, "text"), bool(framed), tip)
            )
        rows.append((names[i], office_link(office.office_id), cells))
    return shaded_table(caption, [upright(name) for name in names], rows)


def upright(name: str) -> str:
    """A column's head: long names are cut, the row of the same office bears the whole name."""
    return name if len(name) <= 8 else f"{name[:7]}…"
