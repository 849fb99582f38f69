"""Rates of all offices: ranked, and in a funnel."""

from __future__ import annotations

from compare import indicators
from compare.funnel import FEWEST_UNITS
from compare.language import Words, capital
from compare.panel import Panel, measure
from compare.site.comparisons.page import DISTRICT, MOST_TABLE_ROWS, OFFICE, Page, cell, office_link, records, span_of
from compare.site.drawings.rates import Rate, Unit, dot_plot, funnel
from compare.views.rates import both_ends, funnel_points, ranked

MOST_ROWS = 60  # rows of one drawing; the table beneath holds all
MOST_UNITS = 1200


def formula(rule: indicators.Indicator) -> str:
    """A rate's formula in words, from the labels of its measures."""
    sides = []
    for side in (rule.numerator, rule.denominator):
        words = [measure(term).label_en if term not in "+-" else "−" if term == "-" else "+" for term in side.split()]
        sides.append(f"({' '.join(words)})" if len(words) > 1 else words[0])
    return " / ".join(sides)


def rate_page(loaded: Panel, name: str, picture: str) -> Page:
    """One rate of all offices, years pooled, with 95 % intervals; small n apart and not ranked."""
    rule, span = indicators.rule_of(name), span_of(loaded.years)
    told = Words(
        f"{span} together: {formula(rule)}. Line: 95 % interval. Dashed: all offices together. Open and grey: n below "
        f"{indicators.SMALL}, not ranked. Where intervals overlap, the order means nothing.",
        f"{span}年合计：{rule.note}。横线为95%区间，竖虚线为全体合计；灰色空心为n不足{indicators.SMALL}，不参与排序。区间重叠者，先后无意义。",
    )
    made = Page(name, Words(capital(rule.label_en), rule.label_zh), told, "rates", picture)
    data = made.data = ranked(loaded, name)
    made.total = len(data)
    without = len(loaded.offices) - len(data)
    if without:
        made.absent = Words(f"{without:,} offices lack a figure or have no case.", f"{without:,}个机关缺数或没有办件。")
    if data.empty:
        return made
    shown = both_ends(data, MOST_ROWS)
    rates = [
        Rate(r.office, office_link(r.office_id, "rates"), r.numerator, r.denominator, r.value, r.low, r.high, r.small)
        for r in records(shown)
    ]
    overall = float(data["numerator"].sum() / data["denominator"].sum())
    gap = len(shown) // 2 if len(shown) < len(data) else 0
    made.draw(dot_plot(made.title, rates, overall, rule.interval == "share", gap))
    made.columns = [OFFICE, DISTRICT, Words("Rate", "比率"), Words("95 % interval", "95%区间")]
    made.columns += [Words("Part", "分子"), Words("All", "分母")]
    share = rule.interval == "share"
    for r in records(data.head(MOST_TABLE_ROWS)):
        told_rate, ends = (
            (f"{r.value:.1%}", f"{r.low:.0%} – {r.high:.0%}")
            if share
            else (f"{r.value:.2f}", f"{r.low:.2f} – {r.high:.2f}")
        )
        made.rows.append([
            cell(r.office, office_link(r.office_id, "rates")), cell(r.district_zh or "–"), cell(told_rate, sort=r.value),
            cell(ends if r.low == r.low else "–", sort=r.low if r.low == r.low else -1),
            cell(f"{r.numerator:,.0f}", sort=r.numerator), cell(f"{r.denominator:,.0f}", sort=r.denominator),
        ])  # fmt: skip
    return made


def funnel_page(loaded: Panel, name: str, picture: str) -> Page:
    """One rate of all offices against the limits of a funnel, years pooled."""
    rule, span = indicators.rule_of(name), span_of(loaded.years)
    data, limits = funnel_points(loaded, name)
    told = Words(
        f"{span} together. Each mark is an office: how many cases were decided, and the share. Between the lines lies what "
        "chance and the ordinary spread between offices allow; ▲ lies outside the outer ones. Lying outside is a question "
        "(what is asked for there?), not a fault.",
        f"{span}年合计。每点一个机关：横轴办结件数，纵轴占比。线内为偶然与机关间通常差异所能解释；▲在外限之外。超出只是疑问（当地申请些什么？），并非过错。",
    )
    title = Words(f"{capital(rule.label_en)}: outside chance?", f"{rule.label_zh}漏斗图")
    made = Page(f"funnel-{name}", title, told, "rates", picture)
    made.data, made.total = data, len(data)
    lacking = Words(
        f"No limits can be drawn: they need {FEWEST_UNITS} offices with {indicators.SMALL} or more cases, there are {limits.usable}.",
        f"无法画控制限：至少需要{FEWEST_UNITS}个不少于{indicators.SMALL}件的机关，现有{limits.usable}个。",
    )
    made.absent = lacking if limits.lines.empty else None
    if data.empty:
        return made
    far = data[data["place"].str.startswith("outside")]
    rest = data[~data["place"].str.startswith("outside")]
    shown = rest.iloc[:: max(1, -(-len(rest) // MOST_UNITS))]
    far = far.reindex(far["z"].abs().sort_values(ascending=False, kind="stable").index)
    units = [
        Unit(r.office, office_link(r.office_id, "rates"), r.numerator, r.denominator, r.value, r.place)
        for r in [*records(shown), *records(far)]
    ]
    made.draw(funnel(made.title, units, limits.target, limits.lines, indicators.SMALL))
    made.columns = [
        OFFICE,
        DISTRICT,
        Words("Rate", "比率"),
        Words("Part", "分子"),
        Words("All", "分母"),
        Words("z", "z"),
    ]
    for r in records(
        data.reindex(data["z"].abs().sort_values(ascending=False, kind="stable").index).head(MOST_TABLE_ROWS)
    ):
        z = cell(f"{r.z:+.1f}", sort=abs(r.z)) if r.z == r.z else cell("–", sort=-1)
        made.rows.append([
            cell(r.office, office_link(r.office_id, "rates")), cell(r.district_zh or "–"), cell(f"{r.value:.1%}", sort=r.value),
            cell(f"{r.numerator:,.0f}", sort=r.numerator), cell(f"{r.denominator:,.0f}", sort=r.denominator), z,
        ])  # fmt: skip
    return made
