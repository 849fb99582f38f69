"""What the pages say of checks, tiers and rates, in both languages; each check's own words live with its rule."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

import pandas as pd

from compare.language import Words
from compare.palette import TIERS

TIER_NAMES = {tier: key.words for tier, key in TIERS.items()}
TIER_MEANINGS = {
    "certain": Words(
        "Published figures contradict each other, and every figure is proved by arithmetic or by two readings.",
        "公开数字自相矛盾，且所涉数字均经勾稽或两次读数证明。",
    ),
    "priority": Words("A probable error, on proved figures.", "可靠读数上的可能差错。"),
    "review": Words(
        "A weaker signal, a figure read one way only, one digit that may be misread, or a report that is missing or late.",
        "信号较弱、数字仅有一次读数、个别数字可能误读，或报告缺失、迟发。",
    ),
    "look": Words("Worth a glance.", "可顺带留意。"),
}
PROSE = ("B01", "B02", "B03", "B06", "B07")
LEVELS_OF = ("D05", "D06", "D08")
# What stands on the two sides of an exact check: (left, right).
SIDES = {
    "A01": (Words("six applicants added up", "六类申请人之和"), Words("printed total of the row", "该行印出的总计")),
    "A02": (Words("result rows added up", "各项办理结果之和"), Words("printed （七）total", "印出的（七）总计")),
    "A03": (
        Words("received + carried in", "新收＋上年结转"),
        Words("decided + carried forward", "办理结果总计＋结转下年"),
    ),
    "A04": (Words("four outcomes added up", "四种结果之和"), Words("printed total", "印出的总计")),
    **{check: (Words("stated in the text", "正文所述"), Words("printed in the table", "表中所印")) for check in PROSE},
    "B04": (Words("parts told in the text, added up", "文中各部分之和"), Words("total told in the text", "文中总数")),
    "B05": (Words("change stated, %", "正文所述增减幅度（%）"), Words("change worked out, %", "复算增减幅度（%）")),
    "C02": (Words("days late", "迟发天数"), Words("due", "期限")),
    "C03": (Words("year of the title", "标题年度"), Words("year in which the period ends", "统计期截止年度")),
    "C06": (Words("form of that year", "当年表式"), Words("form used", "所用表式")),
    "D01": (
        Words("carried forward by last year's report", "上年度报告的结转下年"),
        Words("carried in by this year's report", "本年度报告的上年结转"),
    ),
    "D02": (
        Words("last year's stock + issued − repealed", "上年现行有效＋制发－废止"),
        Words("printed as in force", "印出的现行有效"),
    ),
    **{
        check: (Words("likeness found", "雷同程度"), Words("flagged from", "达到即提示"))
        for check in ("D03", "D04", "E05")
    },
    **{
        check: (Words("printed figure", "印出的数字"), Words("expected from its other years", "由其他年份推算"))
        for check in LEVELS_OF
    },
    **{check: (Words("counted", "实际件数"), Words("expected", "推算件数")) for check in ("E01", "E02")},
    "E04": (Words("streets added up", "各街道合计"), Words("district's report", "区级报告")),
}
# Checks whose two sides are whole numbers of the same thing: their difference means something.
WITH_DIFFERENCE = {"A01", "A02", "A03", "A04", *PROSE, "B04", "D01", "D02"}
# The sign between the two sides: a likeness reaches its threshold, a statistical rule compares sizes.
REACHES = {"D03", "D04", "E05"}
SIZES = {*LEVELS_OF, "E01", "E02"}
AS_YEARS = {"C03", "C06"}  # years, not counts: no thousands separator
RATES = ("disclosure", "clearance", "refusal", "carry_over", "reconsideration_rate", "correction")
LEVELS = {
    "street": Words("street office", "街道"),
    "town": Words("town", "乡镇"),
    "district": Words("district", "区县"),
    "city": Words("city", "市"),
    "province": Words("province", "省"),
    "department": Words("department", "部门"),
    "other": Words("other", "其他"),
}


class Chinese(NamedTuple):
    """What a check says and rests on, in Chinese; its English words live with the rule."""

    meaning: str
    source: str


@cache
def chinese_of_checks() -> dict[str, Chinese]:
    """Check → its Chinese words, from reference/checks.csv."""
    with (files("compare") / "reference" / "checks.csv").open(encoding="utf-8-sig") as file:
        table = pd.read_csv(file, dtype=str, keep_default_na=False)
    return {check: Chinese(meaning, source) for check, meaning, source in table.itertuples(index=False)}


def chinese_of(check: str) -> Chinese:
    """A check's Chinese words; empty ones where the table lacks the check."""
    return chinese_of_checks().get(check, Chinese("", ""))


@cache
def issue_words() -> dict[str, Words]:
    """What each kind of issue means, from reference/issue_kinds.csv."""
    with (files("compare") / "reference" / "issue_kinds.csv").open(encoding="utf-8-sig") as file:
        table = pd.read_csv(file, dtype=str, keep_default_na=False)
    return {kind: Words(en, zh) for kind, en, zh in table.itertuples(index=False)}
