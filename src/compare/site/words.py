"""What the pages say of checks, tiers and rates, in both languages; each check's own words live with its rule."""

from __future__ import annotations

from compare.charts.style import TIERS_ZH
from compare.evidence_parts.places import Words

TIER_NAMES = {tier: Words(tier or "no flag", TIERS_ZH[tier]) for tier in TIERS_ZH}
TIER_MEANINGS = {
    "certain": Words(
        "Published figures contradict each other, and every figure is proved by arithmetic or by two readings.",
        "公开数字自相矛盾，且所涉数字均经勾稽或两次读数证明。",
    ),
    "priority": Words("A probable error, on proved figures.", "可靠读数上的可能差错。"),
    "review": Words(
        "A weaker signal, a figure read one way only, or a report that is missing or late.",
        "信号较弱、数字仅有一次读数，或报告缺失、迟发。",
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
    "E04": (Words("streets added up", "各街道合计"), Words("district's report", "区级报告")),
}
# Checks whose two sides are whole numbers of the same thing: their difference means something.
WITH_DIFFERENCE = {"A01", "A02", "A03", "A04", *PROSE, "B04", "D01", "D02"}
AS_YEARS = {"C03", "C06"}  # years, not counts: no thousands separator
MEANINGS_ZH = {
    "A01": "第三部分表格每一行：六类申请人之和应等于该行总计。",
    "A02": "第三部分表格每一列：各项办理结果之和应等于（七）总计。",
    "A03": "每一列：一、新收加二、上年结转，应等于三（七）总计加四、结转下年。由A01、A02引起的不重复提示。",
    "A04": "第四部分三类渠道：维持、纠正、其他、尚未审结之和应等于总计。",
    "A05": "数量应为非负整数（收费可为小数，增减可为负）；现行有效不少于制发减废止；街道不制发规章。",
    "A06": "2019年表式：对外公开总数不少于本年新公开数；处理决定数栏不应填项目数。",
    "B01": "正文所述申请数应等于表中新收数（文字含上年结转时为一加二）。",
    "B03": "正文所述行政复议、行政诉讼数应等于第四部分总计。",
    "B02": "正文所述答复、结转数应等于表中数。",
    "B04": "正文列出的各部分之和应等于所述总数。",
    "B05": "正文所述增减幅度应能由两年数据复算（误差0.1个百分点）。",
    "B06": "正文称无、未收到的，表中也应为零。",
    "B07": "正文所述许可、处罚、收费应与第二部分一致（换算单位后）。",
    "B08": "第六部分所述信息处理费应与表中有关各项相符。",
    "B09": "正文中的机关名称、年度、文号应与标题一致。",
    "C01": "该机关其他年度有报告，而此年度没有读到。可能只是未收集到。",
    "C02": "发布日期晚于次年1月31日。对街道而言1月31日仅为参考日期。",
    "C03": "标题年度应与文中统计期年度一致。",
    "C04": "六个部分应齐全。",
    "C05": "统计表应在，且已填写。",
    "C07": "同一机关同一年度的不同版本数字应相同。",
    "C08": "第五部分（问题与改进）应有实质内容。",
    "C06": "2019、2020年报告用2019表式，2021年起用2021表式。",
    "D01": "本年上年结转应等于上年度报告的结转下年。上年报告更正过的除外。",
    "D02": "2022年起：现行有效＝上年现行有效＋制发－废止。清理、到期失效会造成差异。",
    "D03": "全部数字与上年相同，且不太可能出于巧合。",
    "D04": "除数字外的文字与本机关上年报告高度相似。套话会造成误报。",
    "D05": "该数约为平常水平的十、百、千倍或若干分之一：疑似单位或小数点错误。",
    "D07": "多年有数而某年为零，或相反。权限下放或上收会造成这种变化。",
    "D08": "相邻两位数字颠倒后恰与其他年份相符。",
    "D09": "上年尚未审结的案件，本年总计却为零。",
    "D10": "2024年起对不予公开不服的须先行复议，表中却有未经复议直接起诉。",
    "E01": "比率超出全部机关漏斗图的控制限（已计入机关间差异）。",
    "E02": "比率与本机关其他年份不同（经验贝叶斯）。",
    "E03": "除同区共用文字外，与另一机关的文字雷同。",
    "E04": "各街道之和不应超过区级报告的总数。口径不同会造成差异。",
    "E05": "两个机关的统计表完全相同，且不太可能出于巧合。",
    "E06": "较大的数字多为整百数，可能是估计数。",
    "E07": "各年均为零，而同类机关普遍有数。",
    "D06": "该数远离由本机关其他年份及同类机关变化推算的水平。这不是差错概率，只是查看的先后。",
}
RATES = ("disclosure", "clearance", "refusal", "carry_over", "reconsideration_rate", "correction")
KINDS = {
    "html": Words("web page", "网页"),
    "text": Words("text", "文本"),
    "markdown": Words("Markdown", "Markdown"),
    "docx": Words("Word", "Word"),
    "legacy": Words("old Word", "旧版Word"),
    "rtf": Words("RTF", "RTF"),
    "pdf": Words("PDF", "PDF"),
    "scan": Words("scan", "扫描件"),
    "sheet": Words("spreadsheet", "电子表格"),
}
LEVELS = {
    "street": Words("street office", "街道"),
    "town": Words("town", "乡镇"),
    "district": Words("district", "区县"),
    "city": Words("city", "市"),
    "province": Words("province", "省"),
    "department": Words("department", "部门"),
    "other": Words("other", "其他"),
}
