"""C04, C08, D04 and E03: are the sections there, is anything in them, and is it the office's own of this year?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from compare import narrative_likeness as likeness
from compare.narratives import narratives, prose_grams
from compare.panel import Panel
from compare.rules import all_rows, judge, outcome, rule, stack, year_pairs
from compare.twins import Limits, twins

NOTICE_30 = "国办公开办函〔2021〕30号"
NUMERALS = "〇一二三四五六"
SHORT = 30  # characters of section 五
SAME_YEARS, WITHIN = 0.7, 0.85  # Jaccard index and containment between two years of one office
SAME_FIFTH = 0.9
FEWEST_GRAMS = 120
SAME_OFFICES, OTHER_DISTRICT = 0.6, 0.4  # Jaccard index without templates: neighbours share more than templates
OUTSTANDING = 0.25  # where no third office is half as alike: a look
RUN = 60  # characters of a common run


@rule(
    "C04",
    ("All six sections", "六个部分齐全"),
    "S2",
    "《政府信息公开条例》第五十条; " + NOTICE_30,
    ("{what_en}", "{what_zh}"),
    merge=True,
)
def sections_are_there(panel: Panel) -> pd.DataFrame:
    """C04: the headings of sections 一 to 六 are there (S2), and 一 has its five numbered parts (S3: fewer than three
    are told).

    Not assessable where no heading at all was found. False positives: sub-parts numbered otherwise; a heading that was
    not recognised.
    """
    prose = narratives(panel)
    present = prose.present[:, 1:]
    some = present.sum(axis=1) >= 2
    frames = []
    for section in range(1, 7):
        there = present[:, section - 1]
        frame = outcome(
            panel, all_rows(panel), there.astype(float), np.ones(len(there)), judge(some, there), f"section_{section}"
        )
        frames.append(frame.assign(
            what_en=f"section {NUMERALS[section]} is missing", what_zh=f"缺少第{NUMERALS[section]}部分"
        ))  # fmt: skip
    parts, known = prose.parts, present[:, 0] & (prose.lengths[:, 1] >= 300)
    enough = (parts >= 3) | (parts == 0)
    frame = outcome(
        panel,
        all_rows(panel),
        parts.astype(float),
        np.full(len(parts), 5.0),
        judge(known, enough),
        "parts",
        severity="S3",
    )
    frames.append(frame.assign(
        what_en=[f"section 一 has {n} of five numbered parts" for n in parts],
        what_zh=[f"第一部分五个方面仅有{n}个" for n in parts],
    ))  # fmt: skip
    return stack(frames)


@rule(
    "C08",
    ("Section 五 says something", "第五部分有实质内容"),
    "S3",
    NOTICE_30,
    (
        "section 五 (problems and improvements) has {left:.0f} characters",
        "第五部分（存在的主要问题及改进情况）仅{left:.0f}字",
    ),
)
def problems_are_told(panel: Panel) -> pd.DataFrame:
    """C08: section 五 is there and has at least 30 characters.

    A heading without any text below it is not assessable: text that was not read cannot be told from text that is not
    there. False positives: problems told in another section.
    """
    prose = narratives(panel)
    length = prose.lengths[:, 5].astype(float)
    status = judge(prose.present[:, 5] & (length > 0), length >= SHORT)
    return outcome(panel, all_rows(panel), length, np.full(len(length), float(SHORT)), status, "section_5")


@rule(
    "D04",
    ("Not last year's text again", "文字未照抄上年"),
    "S2",
    NOTICE_30 + " names near-duplicate reports (内容雷同) as a fault; Broder 1997",
    (
        "the {what_en} is last year's but for the numbers: likeness {left:.2f} (review from {right:.2f}), "
        "{contained:.0f} % of the shorter text stands in the other, longest common run {run} characters",
        "{what_zh}除数字外与上年雷同：相似度{left:.2f}（达到{right:.2f}即提示），较短一篇的{contained:.0f}%见于另一篇，"
        "最长相同{run}字",
    ),
    kind="statistical",
    merge=True,
)
def text_is_new(panel: Panel) -> pd.DataFrame:
    """D04: the prose of 一, 五 and 六 against the office's report of the year before: exact Jaccard index of character
    5-grams ≥ 0.7 and containment ≥ 0.85, after NFKC, with every number made 0 and without punctuation. Section 五 alone
    at 0.9 is a look.

    False positives: paragraphs of set phrases. Texts of fewer than 120 different 5-grams are not assessed.
    """
    prose = narratives(panel)
    earlier, later = year_pairs(panel)
    frames = []
    for instance, texts, least, names in (
        ("prose", prose.text, SAME_YEARS, ("text", "文字部分")),
        ("section_5", prose.fifth, SAME_FIFTH, ("text of section 五", "第五部分文字")),
    ):
        sets = prose_grams(panel) if instance == "prose" else [likeness.grams(text) for text in texts]
        enough = np.array([min(len(sets[a]), len(sets[b])) for a, b in zip(earlier, later, strict=True)])
        enough = enough >= (FEWEST_GRAMS if instance == "prose" else FEWEST_GRAMS / 2)
        pairs = list(zip(earlier, later, strict=True))
        alike = np.array([likeness.jaccard(sets[a], sets[b]) for a, b in pairs])
        within = np.array([likeness.containment(sets[a], sets[b]) for a, b in pairs])
        failing = (alike >= least) & (within >= WITHIN)
        run = [
            len(likeness.longest_common_run(texts[a], texts[b])) if f else 0
            for (a, b), f in zip(pairs, failing, strict=True)
        ]
        status = judge(enough.astype(bool), ~failing)
        frame = outcome(panel, later, alike, np.full(len(later), least), status, instance, other_rows=earlier)
        frames.append(frame.assign(
            contained=within * 100, run=run, what_en=names[0], what_zh=names[1], z=alike * 10,
            severity="S2" if instance == "prose" else "S3", grade="priority" if instance == "prose" else "look",
        ))  # fmt: skip
    return stack(frames)


@rule(
    "E03",
    ("The text is the office's own", "文字为本机关所写"),
    "S3",
    NOTICE_30 + " (内容雷同); Broder 1997, MinHash buckets, exact decision",
    (
        "without what the district's offices share, its text is that of {other} {other_year:.0f}: likeness {left:.2f}, "
        "longest common run {run} characters: “{passage}…”",
        "除去同区共用文字后，与{other}{other_year:.0f}年报告雷同：相似度{left:.2f}，最长相同{run}字：“{passage}…”",
    ),
    kind="statistical",
    merge=True,
    whole=True,
)
def text_is_own(panel: Panel) -> pd.DataFrame:
    """E03: the prose against every other office's, all years, without the 5-grams that a fifth of all reports use, or a
    fifth of the offices of either one's district, city or province in its year or the year before: exact Jaccard index ≥
    0.4 (0.6 between offices of one district), more than with the office's own report of the year before, and a common
    run of 60 characters or more. The later report is told; of two in one year, the later published.

    False positives: a template of a superior body that reached few offices (real pairs of one district have 0.3–0.5
    with their template).
    """
    made = twins(panel, Limits(SAME_OFFICES, OTHER_DISTRICT, OUTSTANDING), RUN)
    rows = all_rows(panel)
    names, years = panel.reports["office_zh"].astype(object), panel.reports["year"]
    status = judge(made.own >= FEWEST_GRAMS, made.other < 0)
    strong = made.likeness >= OTHER_DISTRICT
    limit = np.where((made.other >= 0) & ~strong, OUTSTANDING, OTHER_DISTRICT)
    frame = outcome(panel, rows, made.likeness, limit, status, "prose", other_rows=made.other)
    return frame.assign(
        run=[len(run) for run in made.run], passage=[run[:40] for run in made.run],
        other=[str(names.iloc[o]) if o >= 0 else "" for o in made.other],
        other_year=[float(years.iloc[o]) if o >= 0 else np.nan for o in made.other],
        z=made.likeness * 10, grade=np.where(strong, "review", "look"),
    )  # fmt: skip
