"""What became of the applications, and on which grounds they were refused."""

from __future__ import annotations

import numpy as np

from compare.charts.parts import Part, parts_of_whole, shaded_table
from compare.charts.style import WIDE, Chart, canvas, finish, nothing_to_show
from compare.indicators import SMALL
from compare.language import say
from compare.palette import OUTCOMES
from compare.panel import Panel
from compare.views.outcomes import GROUPS, TOGETHER, ground_mix, grounds, group_words, summed
from compare.views.outcomes import outcomes as outcome_frame

MOST_ROWS = 40


def outcomes(panel: Panel, by: str = "year", language: str = "zh") -> Chart:
    """What became of the applications: bars of 100 % by year or (`by='office'`) by office, with n, the applications
    decided.

    The parts are the six groups of results, comparable in both forms; reports without any of them are left out and
    counted.
    """
    title = say(language, "What became of the applications", "申请办理结果构成")
    frame = outcome_frame(panel)
    table = summed(frame, ["year"] if by == "year" else ["office_id", "office"])
    if table.empty:
        why = say(language, "No application was decided in these reports.", "这些报告中没有已办结的申请。")
        return nothing_to_show(panel, language, title, why)
    shown = table.head(MOST_ROWS)
    figure, axes = canvas(WIDE, 0.95 + 0.29 * len(shown))
    counts = shown["n"].to_numpy(dtype=float)
    parts = [
        Part(shown[name].to_numpy(dtype=float) / counts, *OUTCOMES[name], group_words(name).said(language))
        for name in GROUPS
    ]
    names = [str(name) for name in shown["year" if by == "year" else "office"]]
    parts_of_whole(axes[0, 0], names, parts, list(counts), SMALL, WIDE - 1.2)
    told = say(
        language,
        f"Share of the applications decided; n is their number, in brackets below {SMALL}.",
        f"占办结申请的比例；n为办结件数，不足{SMALL}件者加括号。",
    )
    nothing = (panel.place >= 0).sum() - frame["report_id"].nunique()
    if by == "office":
        unseen = len(panel.offices) - len(table)
        absent = say(
            language, f"Not shown: {unseen} offices that decided none.", f"未列出：没有办结申请的机关{unseen}个。"
        )
        rest = len(table) - len(shown)
        if rest:
            absent = say(language, f"Shown: the {len(shown)} with the most; {rest} more in the CSV.",
                         f"仅列办结最多的{len(shown)}个，另{rest}个见CSV。")  # fmt: skip
        absent = absent if unseen or rest else ""
    else:
        absent = say(
            language, f"Not counted: {nothing} reports without these rows.", f"未计入：缺少这些行的报告{nothing}份。"
        )
        absent = absent if nothing else ""
    return finish(figure, panel, table, language, title, told, absent)


def refusal_grounds(panel: Panel, by: str = "year", language: str = "zh") -> Chart:
    """On which of the eight grounds applications were refused, by year or (`by='office'`) by office with years pooled:
    share and number in each cell. Rows with fewer than 10 refusals are pooled into one."""
    title = say(language, "On which grounds applications were refused", "不予公开的理由结构")
    data = ground_mix(panel, by)
    if data.empty:
        why = say(language, "No application was refused in these reports.", "这些报告中没有不予公开的申请。")
        return nothing_to_show(panel, language, title, why)
    codes, shown = list(grounds()), data.head(MOST_ROWS)
    counts = shown[codes].to_numpy(dtype=float)
    share = counts / shown["n"].to_numpy(dtype=float)[:, None]
    texts = np.vectorize(lambda part, count: f"{part:.0%}\n({count:,.0f})" if count else "0")(share, counts)
    unit = say(language, "offices" if by == "office" else "years", "个机关" if by == "office" else "个年度")
    pooled = say(language, "{} {} with fewer than 10", "{}{}不足10件，合并")
    keys = zip(shown["key"].astype(str), shown["pooled"].tolist(), strict=True)
    names = [pooled.format(few, unit) if key == TOGETHER else key for key, few in keys]
    rows = [
        f"{name}   n = {n:,.0f}" if n >= SMALL else f"{name}   n = ({n:,.0f})"
        for name, n in zip(names, shown["n"], strict=True)
    ]
    figure, axes = canvas(WIDE, 0.85 + 0.4 * len(shown))
    heads = [fold_head(words.said(language), language) for words in grounds().values()]
    shaded_table(axes[0, 0], share, texts, rows, heads, 1.0)
    axes[0, 0].tick_params(axis="x", labelsize=8.5)
    told = say(
        language,
        "Share of each row's refusals, the number beneath; darker is more. Fewer than 10 refusals are pooled: a mix of "
        "so few says nothing.",
        "占该行不予公开件数的比例，括号内为件数；颜色越深占比越大。不足10件者合并：件数太少，结构无意义。",
    )
    rest = len(data) - len(shown)
    absent = say(language, f"{rest} more rows in the CSV.", f"另有{rest}行见CSV。") if rest else ""
    return finish(figure, panel, data, language, title, told, absent)


def fold_head(text: str, language: str) -> str:
    """A column's head in two lines."""
    if language == "zh":
        return text if len(text) <= 5 else f"{text[:4]}\n{text[4:]}"
    words = text.split()
    half = -(-len(words) // 2)
    return " ".join(words[:half]) + "\n" + " ".join(words[half:]) if len(words) > 1 else text
