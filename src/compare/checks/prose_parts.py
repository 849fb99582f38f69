"""B04, B05, B07–B09: figures of the prose against one another, against last year, and against section 二; the names
in it against the title."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from compare.checks.prose import REGULATIONS_50, stated, stated_table
from compare.narratives import narratives
from compare.panel import Panel
from compare.rules import all_rows, judge, outcome, rule, stack

NOTICE_30 = "国办公开办函〔2021〕30号"
IN_YUAN = {"元": 1.0, "万元": 10_000.0, "亿元": 100_000_000.0}
WAYS_IN = ("online", "letter", "email", "in_person", "fax")
APPLICANTS = ("natural_person", "business", "organisation")
PERCENT_OFF = 0.1  # points; half a point where the text rounds to whole ones
NEARLY = 0.9  # of a whole: parts that reach it seem to be all of them
NOTICES = {2019: "〔2019〕60号", 2021: "〔2021〕30号"}  # form → the notice that sets it
FORM_CHANGE = 2021


@rule(
    "B04",
    ("Parts told in prose add up", "文中各部分之和等于总数"),
    "S2",
    REGULATIONS_50,
    (
        "the text gives {right:,.0f} in all, its parts add up to {left:,.0f}: “{sentence}”",
        "正文总数为{right:,.0f}，所列各部分之和为{left:,.0f}：“{sentence}”",
    ),
)
def parts_add_up(panel: Panel) -> pd.DataFrame:
    """B04: where one sentence gives a whole and at least two of its parts (items disclosed by channel, applications
    by way in or by applicant), the parts do not add up to more than the whole; and no less where the sentence tells
    the rest as 其他 and none of the parts only roughly (余, 约). Where they fall short by less than a tenth, so that
    nearly all seems told, it is S3.

    False positives: overlapping channels, as where one item is published on the website and on WeChat; a small rest of
    which the sentence says nothing.
    """
    every = panel.kept("stated", stated_table)
    vague = every[every["qualifier"].notna() & every["quantity"].str.contains(".", regex=False)]
    vague_sentences = pd.MultiIndex.from_frame(vague[["row", "sentence"]])
    table = every[every["qualifier"].isna()]
    frames = []
    families = {"items_disclosed": None, "ways": WAYS_IN, "applicants": APPLICANTS}
    for family, names in families.items():
        whole_name = "items_disclosed" if family == "items_disclosed" else "applications_received"
        wholes = table[table["quantity"].eq(whole_name)].drop_duplicates(["row", "at", "sentence"])
        parts = table[table["quantity"].str.startswith(f"{whole_name}.") & table["unit"].ne("%").fillna(True)]
        last = parts["quantity"].str.split(".").str[1]
        parts = parts[last.isin(names)] if names else parts
        parts = parts.assign(closed=parts["quantity"].str.endswith(".other").fillna(False).astype(bool))
        sums = parts.groupby(["row", "at", "sentence"]).agg(
            left=("value", "sum"), count=("value", "size"), closed=("closed", "any")
        )
        both = wholes.merge(sums, left_on=["row", "at", "sentence"], right_index=True)
        if both.empty:
            continue
        # Where one of the parts is only told roughly (余, 约), the others need not add up to the whole.
        rough = pd.MultiIndex.from_frame(both[["row", "sentence"]]).isin(vague_sentences)
        both["closed"] &= ~rough
        left, right = both["left"].to_numpy(dtype=float), both["value"].to_numpy(dtype=float)
        open_end = (left < right) & ~both["closed"].to_numpy(dtype=bool)
        holds = np.isclose(left, right) | (open_end & (rough | (left < NEARLY * right)))
        status = judge(both["count"].to_numpy() >= 2, holds)
        frame = outcome(panel, both["row"].to_numpy(), left, right, status, family)
        frame["severity"] = np.where(open_end, "S3", "")
        frames.append(with_sentence(frame, both))
    return stack(frames)


def with_sentence(frame: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """Add what a finding of the prose tells: the sentence, its proof and its page."""
    return frame.assign(
        sentence=sentences["sentence"].str.slice(0, 80).to_numpy(dtype=object),
        stated_proof=sentences["proof"].to_numpy(dtype=object),
        stated_page=sentences["page"].to_numpy(dtype=float, na_value=np.nan),
    )


@rule(
    "B05",
    ("The stated change can be worked out again", "文中所述增减幅度可由两年数据复算"),
    "S2",
    REGULATIONS_50,
    (
        "the text states a change of {left:+.1f} %, the tables of the two years give {right:+.1f} %: “{sentence}”",
        "正文称增减{left:+.1f}%，由两年表中数据复算为{right:+.1f}%：“{sentence}”",
    ),
)
def change_as_stated(panel: Panel) -> pd.DataFrame:
    """B05: a stated change in percent equals this year's table against last year's, within 0.1 points (half a point
    where the text gives whole ones); one computed from the text's own figure passes as well.

    Assessed for applications received, permits, penalties, reconsiderations. False positives: a restated base.
    """
    earlier = panel.previous()
    sums = {
        "applications_received": "applications.received.total",
        "permits": "permits.decisions",
        "penalties": "penalties.decisions",
        "reconsiderations": "appeals.reconsideration.total",
    }
    frames = []
    for quantity, cell in sums.items():
        sentences = stated(panel, f"{quantity}.change_percent")
        if sentences.empty:
            continue
        rows = sentences["row"].to_numpy()
        before, column = earlier[rows], panel.column(cell)
        base = np.where(before >= 0, panel.values[before, column], np.nan)
        base = np.where(base > 0, base, np.nan)
        right = (panel.values[rows, column] - base) / base * 100
        own = stated(panel, quantity).drop_duplicates("row").set_index("row")["value"].reindex(rows).to_numpy()
        by_text = (own - base) / base * 100
        left = sentences["value"].to_numpy(dtype=float)
        off = np.where(left == np.round(left), 0.5, PERCENT_OFF) + 1e-9
        holds = (np.abs(left - right) <= off) | (np.abs(left - by_text) <= off)
        status = judge(~np.isnan(right), holds)
        frame = outcome(panel, rows, left, right, status, quantity, [cell], before, [cell])
        frames.append(with_sentence(frame, sentences))
    return stack(frames)


@rule(
    "B07",
    ("Decisions and fees stated in prose match section 二", "文中所述许可、处罚、收费与第二部分一致"),
    "S2",
    REGULATIONS_50,
    (
        "the text states {left:,.6g} {what_en}, section 二 prints {right:,.6g}: “{sentence}”",
        "正文称{what_zh}{left:,.6g}，第二部分为{right:,.6g}：“{sentence}”",
    ),
)
def decisions_as_stated(panel: Panel) -> pd.DataFrame:
    """B07: permits, penalties, coercion, fees and documents of the text equal section 二; money is compared in 万元.

    False positives: the text speaks of the decisions that were published, the table of all that were taken; a stock
    at another day.
    """
    sums = {
        "permits": ("permits.decisions", "permits", "行政许可"),
        "penalties": ("penalties.decisions", "penalties", "行政处罚"),
        "coercion": ("coercion.decisions", "coercion decisions", "行政强制"),
        "documents_issued": ("normative_documents.issued", "normative documents issued", "制发规范性文件"),
        "documents_repealed": ("normative_documents.repealed", "normative documents repealed", "废止规范性文件"),
        "documents_effective": ("normative_documents.effective", "normative documents in force", "现行有效规范性文件"),
        "fees": ("fees.amount", "(10,000 yuan) of fees", "行政事业性收费（万元）"),
    }
    frames = []
    for quantity, (cell, en, zh) in sums.items():
        sentences = stated(panel, quantity)
        if sentences.empty:
            continue
        rows = sentences["row"].to_numpy()
        left, right = sentences["value"].to_numpy(dtype=float), panel.values[rows, panel.column(cell)]
        if quantity == "fees":
            left = left * sentences["unit"].map(IN_YUAN).astype(float).fillna(1.0).to_numpy() / IN_YUAN["万元"]
        close = np.isclose(left, right, atol=0.005 if quantity == "fees" else 1e-8)
        agree = pd.Series(close).groupby(rows).transform("max").to_numpy(dtype=bool)
        status = judge(~np.isnan(right), close | (agree & (left < right)))
        frame = with_sentence(outcome(panel, rows, left, right, status, quantity, [cell]), sentences)
        frames.append(frame.assign(what_en=en, what_zh=zh)[~frame.duplicated("row").to_numpy()])
    return stack(frames)


@rule(
    "B08",
    ("Fees for handling information told in section 六 fit the tables", "第六部分信息处理费与表一致"),
    "S3",
    "《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）",
    (
        "the text states {left:,.2f} yuan of information handling fees, which the tables do not show: “{sentence}”",
        "正文称收取信息处理费{left:,.2f}元，表中未见：“{sentence}”",
    ),
)
def information_fees_as_stated(panel: Panel) -> pd.DataFrame:
    """B08: a fee for handling information told in the text appears in the amount of 行政事业性收费. That none was charged
    contradicts nothing: （六）2 counts applicants who did not pay.

    False positives: 信息处理费 need not be among the office's 行政事业性收费.
    """
    sentences = stated(panel, "information_fees")
    if sentences.empty:
        return stack([])
    rows = sentences["row"].to_numpy()
    unit = sentences["unit"].map(IN_YUAN).astype(float).fillna(1.0).to_numpy()
    yuan = sentences["value"].to_numpy(dtype=float) * unit
    cells = ["fees.amount"]
    fees = panel.values[rows, panel.column(cells[0])] * IN_YUAN["万元"]
    status = judge((yuan == 0) | ~np.isnan(fees), (yuan == 0) | (fees + 50 >= yuan))
    return with_sentence(outcome(panel, rows, yuan, fees, status, "information_fees", cells), sentences)


@rule(
    "B09",
    ("The office, year and notice named inside are those of the title", "正文机关、年度与标题一致"),
    "S2",
    NOTICE_30,
    ("{what_en}", "{what_zh}"),
)
def names_agree(panel: Panel) -> pd.DataFrame:
    """B09: the report is signed by the office that its title names, compared without district, 人民政府 and 办事处; and
    where its opening cites the notice that sets the form, it is the notice in force for that year (S3).

    The year inside is C03's. False positives: a superior body that signs for all its offices; a notice cited for
    another reason.
    """
    reports = panel.reports
    signed = reports["signed_by"] if "signed_by" in reports else pd.Series(pd.NA, index=reports.index)
    signed, titled = (names.fillna("").astype(str) for names in (signed, reports["office_zh"]))
    left, right = ([core_name(name) for name in names] for names in (signed, titled))
    known = np.array([bool(a and b) for a, b in zip(left, right, strict=True)], dtype=bool)
    same = np.array([a in b or b in a for a, b in zip(left, right, strict=True)], dtype=bool)
    nothing = np.zeros(len(known))
    signature = outcome(panel, all_rows(panel), nothing, nothing, judge(known, same), "signature").assign(
        what_en=[f"signed by {s}, the title names {o}" for s, o in zip(signed, titled, strict=True)],
        what_zh=[f"落款为{s}，标题机关为{o}" for s, o in zip(signed, titled, strict=True)],
    )
    return stack([signature, notice_in_force(panel)])


def notice_in_force(panel: Panel) -> pd.DataFrame:
    """The notice cited in the opening against the one in force for the year."""
    year = panel.reports["year"].to_numpy(dtype=float, na_value=np.nan)
    cited = [[form for form, notice in NOTICES.items() if notice in text] for text in narratives(panel).opening]
    due = np.where(year >= FORM_CHANGE, 2021, 2019)
    holds = np.array([form in forms for form, forms in zip(due, cited, strict=True)], dtype=bool)
    known = np.array([len(forms) > 0 for forms in cited], dtype=bool) & ~np.isnan(year)
    told = [NOTICES[forms[0]] if forms else "" for forms in cited]
    left = np.array([float(forms[0]) if forms else np.nan for forms in cited])
    frame = outcome(panel, all_rows(panel), left, due.astype(float), judge(known, holds), "notice", severity="S3")
    return frame.assign(
        what_en=[f"it cites {text}, which was not in force for that year" for text in told],
        what_zh=[f"文中所引{text}并非该年度适用的通知" for text in told],
    )


def core_name(office: str) -> str:
    """The part of an office's name that tells it from others: 甲街道 of 某市某区人民政府甲街道办事处."""
    name = re.sub(r"^.*(?:人民政府)(?=.)", "", office)
    name = re.sub(r"^[\u4e00-\u9fff]{2,4}?(?:市|区|县)(?=[\u4e00-\u9fff]{2,})", "", name)
    name = re.sub(r"^[\u4e00-\u9fff]{2,4}?(?:区|县)(?=[\u4e00-\u9fff]{2,})", "", name)
    return re.sub(r"(?:人民政府|街道办事处|办事处|街道办|街道|街|镇|乡)+$", "", name)
