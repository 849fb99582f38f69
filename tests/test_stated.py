"""Figures stated in prose: a corpus of sentences with what they say, and what they only seem to say."""

from __future__ import annotations

import csv
import re
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.chinese_numerals import number
from extract.document import Locator, Paragraph
from extract.narrative import Section, sections
from extract.stated import Stated, agreements, stated_figures

EXAMPLES = Path(__file__).parent / "examples"
CORPUS = ("stated.csv", "stated_paragraphs.csv")
PLACE = Locator("0" * 12, 1, None, 1, None, None, "text")


def corpus() -> list[dict[str, str]]:
    """Sentences and paragraphs with what they say; "?" where readers may differ: then nothing is asked but that it is survived."""
    cases: list[dict[str, str]] = []
    for name in CORPUS:
        with (EXAMPLES / name).open(encoding="utf-8") as handle:
            cases += csv.DictReader(handle)
    return cases


def section_of(text: str, number_: int = 1) -> Section:
    return Section(
        number_, "", [Paragraph(line, PLACE) for line in text.split("\n")], list(range(1, text.count("\n") + 2))
    )


def told(figure: Stated) -> str:
    qualifier = f"~{figure.qualifier}" if figure.qualifier else ""
    return f"{figure.quantity}={figure.value:.12g}{figure.unit}{qualifier}"


@pytest.mark.parametrize("case", corpus(), ids=lambda case: case["text"][:24])
def test_sentence(case: dict[str, str]) -> None:
    figures = stated_figures([section_of(case["text"], int(case["section"]))], int(case["year"]))
    if case["expected"] != "?":
        assert sorted(map(told, figures)) == sorted(filter(None, case["expected"].split(";")))


def test_punctuation_folded_to_western_signs_changes_nothing() -> None:
    """Dumps whose makers folded all wide characters: ，；： become , ; and :."""
    for case in corpus():
        folded = unicodedata.normalize("NFKC", case["text"])
        wide, narrow = (
            stated_figures([section_of(text, int(case["section"]))], int(case["year"]))
            for text in (case["text"], folded)
        )
        assert list(map(told, narrow)) == list(map(told, wide)), folded


def test_corpus_is_large_and_holds_traps() -> None:
    cases = corpus()
    assert len(cases) >= 220
    assert sum(not case["expected"] for case in cases) >= 45
    assert sum(case["expected"] == "?" for case in cases) <= 12


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三", 3), ("十", 10), ("十二", 12), ("二十", 20), ("一百零五", 105), ("两千", 2000), ("三千零六十", 3060), ("一万二千", 12000),
        ("二〇二一", 2021), ("1.2万", 12000), ("1,136", 1136), ("0.092", 0.092), ("零", 0), ("1.1万", 11000),
        ("百", None), ("三四", 34), ("十百千", None), ("第", None), ("1.2.3万", None),
    ],
)  # fmt: skip
def test_chinese_numerals(text: str, value: float | None) -> None:
    assert number(text) == value


def numeral(value: int) -> str:
    """The usual Chinese numeral of 1 to 9999, written independently of the reader."""
    text, zero = "", False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // place % 10
        if digit:
            text += ("零" if zero and text else "") + "零一二三四五六七八九"[digit] + name
            zero = False
        else:
            zero = True
    return text


@given(st.integers(1, 9999))
def test_every_numeral_reads_back(value: int) -> None:
    assert number(numeral(value)) == value


@given(
    st.integers(0, 99999),
    st.sampled_from(["条", " 条", "件", "篇"]),
    st.sampled_from(["2022年", "全年", "本年度，", ""]),
)
def test_any_count_is_read(value: int, unit: str, when: str) -> None:
    figures = stated_figures([section_of(f"{when}云渡街道主动公开政府信息{value}{unit}。")], 2022)
    assert [(one.quantity, one.value, one.unit) for one in figures] == [("items_disclosed", value, unit.strip())]


WORDS = [
    "公开",
    "政府信息",
    "收到",
    "申请",
    "3件",
    "12条",
    "5%",
    "其中",
    "分别为",
    "和",
    "、",
    "，",
    "。",
    "：",
    "（",
    "）",
    "未",
    "无",
    "行政复议",
    "均为0",
    "较上年",
    "2021年",
    "微信",
    "其他",
]


@given(st.lists(st.sampled_from(WORDS), max_size=60).map("".join))
def test_any_prose_is_survived(text: str) -> None:
    printed = {part.strip() for part in re.findall(r"[^。！？\n]*[。！？\n]*", text)}
    for one in stated_figures([section_of(text)], 2022):
        assert one.sentence in printed and one.position == 1 and one.locator is PLACE


def test_hostile_repetition_is_read_in_reasonable_time() -> None:
    started = time.monotonic()
    for word in ("政务公开", "公开信息", "收到申请", "1件、", "无", "行政复议、"):
        stated_figures([section_of("2022年" + word * 4000 + "公开12条。")], 2022)
    assert time.monotonic() - started < 20  # about 1 s; a phrase that backtracks without end takes minutes


def test_contradicting_values_are_both_told_and_equal_ones_once() -> None:
    text = "2022年主动公开政府信息89条。\n全年共主动公开政府信息89条。\n2022年主动公开政府信息98条。"
    figures = stated_figures([section_of(text)], 2022)
    assert [(one.value, one.position) for one in figures] == [(89, 1), (98, 3)]


def test_year_from_the_title_and_lines_wrapped_hard() -> None:
    text = "云渡街道2021年政府信息公开工作年度报告\n一、总体情况\n2020年主动公开政府信息60条。2021年，云渡街道扎实推进各项工作，主动公开政府\n信息 89 条。"
    figures = stated_figures(sections([Paragraph(line, PLACE) for line in text.split("\n")]))
    assert [(one.quantity, one.value, one.section, one.position) for one in figures] == [("items_disclosed", 89, 1, 3)]


def test_a_figure_is_agreed_where_the_second_reading_holds_its_sentence() -> None:
    figures = stated_figures([section_of("2022年，云渡街道主动公开政府信息 89 条。")], 2022)
    assert agreements(figures, ["总体情况", "2022年，云渡街道主动公开政", "府信息89条。二、"]) == ["agreed"]
    assert agreements(figures, ["2022年，云渡街道主动公开政府信息98条。"]) == ["single"]
    assert agreements(figures, []) == ["single"]


def test_a_report_that_contradicts_its_year_still_tells_its_figures() -> None:
    text = (
        "云渡街道2023年政府信息公开工作年度报告\n本报告统计期限为2022年1月1日至2022年12月31日。\n"
        "2022年主动公开政府信息89条，2021年主动公开政府信息60条。"
    )
    assert [one.value for one in stated_figures([section_of(text)])] == [89]


def test_a_copy_in_traditional_characters_states_the_same() -> None:
    text = (
        "雲渡街道辦事處2022年政府信息公開工作年度報告\n本報告所列數據的統計期限自2022年1月1日起至2022年12月31日止。\n"
        "2022年，街道累計主動公開政府信息89條；全年未收到政府信息公開申請。\n沒有發生因政府信息公開引發的行政復議、行政訴訟案件。"
    )
    figures = stated_figures([section_of(text)])
    assert [told(one) for one in figures] == [
        "items_disclosed=89条", "applications_received=0", "reconsiderations=0", "lawsuits=0",
    ]  # fmt: skip
    assert all(one.sentence in text for one in figures)
