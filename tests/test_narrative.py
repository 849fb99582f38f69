"""Sections by heading, nothing lost; problems and remedies of section 五 as items."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.document import Locator, Paragraph
from extract.improvements import problems, remedies
from extract.narrative import Section, sections

PLACE = Locator("0" * 12, 1, None, 1, None, None, "text")
TITLES = {
    1: "一、总体情况",
    2: "二、主动公开政府信息情况",
    3: "三、收到和处理政府信息公开申请情况",
    4: "四、政府信息公开行政复议、行政诉讼情况",
    5: "五、存在的主要问题及改进情况",
    6: "六、其他需要报告的事项",
}


def read(text: str) -> list[Section]:
    return sections([Paragraph(line, PLACE) for line in text.split("\n") if line.strip()])


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def standard(titles: dict[int, str] = TITLES) -> str:
    parts = [f"{titles[number]}\n正文第{'甲乙丙丁戊己'[number - 1]}段，不含标题。" for number in sorted(titles)]
    return "\n".join(["云渡街道2022年政府信息公开工作年度报告", *parts])


def numbers(text: str) -> list[int]:
    return [section.number for section in read(text)]


def test_the_six_sections() -> None:
    parts = read(standard())
    assert [part.number for part in parts] == [0, 1, 2, 3, 4, 5, 6]
    assert parts[0].title == "" and parts[0].text == "云渡街道2022年政府信息公开工作年度报告"
    assert [part.title for part in parts[1:]] == list(TITLES.values())
    assert parts[4].text == "正文第丁段，不含标题。" and parts[4].positions == [9]


@pytest.mark.parametrize(
    ("number", "title"),
    [
        (1, "一、概述"),
        (1, "一、政府信息公开工作的总体情况"),
        (1, "一、工作基本情况"),
        (1, "、总体情况"),
        (1, "总体情况"),
        (1, "一."),
        (1, "(一)、总体情况"),
        (2, "二、行政机关主动公开政府信息情况"),
        (2, "二、主动公开政府信息的情况"),
        (2, "二．主动公开政府信息情况"),
        (3, "三、行政机关收到和处理政府信息公开申请情况"),
        (3, "三、依申请公开政府信息办理情况"),
        (4, "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况"),
        (4, "四、政府信息公开行政法复议、行政诉讼情况"),
        (4, "三、政府信息公开行政复议、行政诉讼情况"),
        (5, "五、政府信息公开工作存在的问题及改进情况"),
        (5, "五、存在的主要问题及整改措施"),
        (5, "五、存在的主要问题及下一步工作计划"),
        (6, "六、其他需要报告的事项："),
        (6, "七、其他需要报告事项"),
        (6, "六、其他事项，以及相关指标统计附表"),
        (1, "一 总体情况"),
        (1, "一：总体情况"),
        (1, "第一部分 总体情况"),
        (1, "1.总体情况"),
        (1, "（一）总体情况"),
        (1, "【一、总体情况】"),
        (1, "一、 总 体 情 况"),
        (1, "()总体情况"),
        (1, "一、2021年政府信息公开工作总体情况"),
        (1, "一、工作开展情况"),
        (2, "2.主动公开政府信息情况"),
        (3, "三、收到和处理政府信息公开申请情况（单位：件）"),
        (3, "三、政府信息依申请公开情况"),
        (4, "四、复议诉讼情况"),
        (4, "四、因政府信息公开申请行政复议、提起行政诉讼情况"),
        (5, "五、存在的不足及下一步工作打算"),
        (5, "五、问题与改进"),
        (6, "六、其他"),
        (6, "六、需要报告的其他事项"),
    ],
)
def test_spellings_of_headings(number: int, title: str) -> None:
    parts = read(standard(TITLES | {number: title}))
    assert [part.number for part in parts] == [0, 1, 2, 3, 4, 5, 6]
    assert parts[number].title.rstrip("：") == title.rstrip("：")


@pytest.mark.parametrize("mark", ["{number}.", "（{numeral}）", "", "、", "第{numeral}部分 ", "{numeral} "])
def test_all_headings_with_another_mark(mark: str) -> None:
    titles = {n: mark.format(number=n, numeral=title[0]) + title[2:] for n, title in TITLES.items()}
    assert [part.number for part in read(standard(titles))] == [0, 1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("between", ["", " ", "：正文开始，一段。\n"])
def test_headings_glued_to_what_stands_around_them(between: str) -> None:
    text = standard().replace("段，不含标题。\n", "段，不含标题。" + between)
    assert [part.number for part in read(text)] == [0, 1, 2, 3, 4, 5, 6]


def test_subheadings_with_titles_of_other_parts_do_not_cut() -> None:
    text = standard().replace(
        "正文第甲段",
        "（一）主动公开政府信息情况\n甲。\n（二）收到和处理政府信息公开申请情况\n乙。\n1.主动公开政府信息情况\n正文第甲段",
    )
    parts = read(text)
    assert [part.title for part in parts[1:]] == list(TITLES.values())
    assert "（二）收到和处理政府信息公开申请情况" in parts[1].text


def test_the_parts_that_an_introduction_lists_are_not_the_sections() -> None:
    listed = "本报告包括：一、总体情况；二、主动公开政府信息情况；三、收到和处理政府信息公开申请情况；六、其他需要报告的事项。"
    parts = read(standard().replace("年度报告\n", f"年度报告\n{listed}\n", 1))
    assert [part.number for part in parts] == [0, 1, 2, 3, 4, 5, 6] and "本报告包括" in parts[0].text


def test_a_missing_heading_leaves_its_text_where_it_stands() -> None:
    parts = read(standard({number: title for number, title in TITLES.items() if number != 2}))
    assert [part.number for part in parts] == [0, 1, 3, 4, 5, 6]


def test_no_headings_at_all() -> None:
    parts = read("云渡街道报告\n2022年主动公开信息9条。\n2023年1月9日")
    assert [part.number for part in parts] == [0] and parts[0].text.count("\n") == 2


def test_numbering_restarted_inside_a_section() -> None:
    text = standard().replace("正文第甲段", "一、主动公开情况\n二、依申请公开情况\n三、监督保障情况\n正文第甲段")
    parts = read(text)
    assert [part.number for part in parts] == [0, 1, 2, 3, 4, 5, 6]
    assert "三、监督保障情况" in parts[1].text and parts[2].title == TITLES[2]


def test_outline_of_seven_parts_keeps_the_unknown_part_inside() -> None:
    text = standard(TITLES | {6: "七、其他需要报告的事项"}).replace("七、", "六、2023年工作思路\n再接再厉。\n七、")
    parts = read(text)
    assert [part.number for part in parts] == [0, 1, 2, 3, 4, 5, 6]
    assert parts[5].text.endswith("六、2023年工作思路\n再接再厉。")


def test_old_outline() -> None:
    text = (
        "一、概述\n甲。\n二、主动公开政府信息情况\n乙。\n三、依申请公开政府信息情况\n丙。\n四、收费及减免情况\n丁。\n"
        "五、行政复议和行政诉讼情况\n戊。\n六、存在的主要问题和改进措施\n己。\n七、其他需要说明的事项\n庚。"
    )
    parts = read(text)
    assert [part.number for part in parts] == [1, 2, 3, 4, 5, 6]
    assert "四、收费及减免情况\n丁。" in parts[2].text


@pytest.mark.parametrize("leader", ["", "…………3", "......12"])
def test_contents_are_not_the_sections(leader: str) -> None:
    contents = "\n".join(title + leader for title in TITLES.values())
    parts = read(f"目 录\n{contents}\n{standard()}")
    assert [part.number for part in parts] == [0, 1, 2, 3, 4, 5, 6]
    assert "其他需要报告的事项" in parts[0].text and parts[1].text == "正文第甲段，不含标题。"


def test_empty_sections_follow_each_other() -> None:
    text = "\n".join(["题目", *TITLES.values(), "无。", "云渡街道办事处", "2023年1月9日"])
    parts = read(text)
    assert [part.number for part in parts] == [0, 1, 2, 3, 4, 5, 6]
    assert parts[6].text == "无。\n云渡街道办事处\n2023年1月9日"


def test_subheading_glued_to_a_sentence_gets_its_own_line_and_a_number_may_come_twice() -> None:
    text = standard().replace(
        "正文第甲段，不含标题。", "（二）申请\n收到3次，无诉讼案件。（三）平台建设\n甲。\n（三）监督保障\n乙。"
    )
    lines = read(text)[1].text.split("\n")
    assert [line for line in lines if line.startswith("（三）")] == ["（三）平台建设", "（三）监督保障"]
    assert "收到3次，无诉讼案件。" in lines


def test_section_heading_glued_to_a_sentence_and_text_glued_to_a_heading() -> None:
    text = "题目\n一、总体情况2022年，公开信息9条。二、主动公开政府信息情况\n甲。\n六、其他需要报告的事项 无"
    parts = read(text)
    assert [(part.number, part.title) for part in parts][1:3] == [(1, "一、总体情况"), (2, "二、主动公开政府信息情况")]
    assert parts[1].text == "2022年，公开信息9条。"
    assert squeezed("".join(part.title + part.text for part in parts)) == squeezed(text)


def test_numbered_body_lines_and_table_rows_are_no_headings() -> None:
    rows = (
        "一、本年新收政府信息公开申请数量\n二、上年结转政府信息公开申请数量\n三、本年度办理结果\n四、结转下年度继续办理"
    )
    text = standard().replace("正文第丙段", f"{rows}\n一、主动公开不够及时，问题仍然存在。\n正文第丙段")
    parts = read(text)
    assert [part.number for part in parts] == [0, 1, 2, 3, 4, 5, 6] and rows in parts[3].text


PIECES = st.sampled_from(
    [
        *TITLES.values(),
        "目录",
        "一、",
        "（三）监督保障",
        "公开信息9条。",
        "无。（三）其他",
        "。二、主动公开政府信息情况",
        "\n",
        " ",
        "总体情况",
        "1.甲",
        "、",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=30), st.lists(PIECES, max_size=4).map("".join)), max_size=25))
def test_nothing_is_lost(texts: list[str]) -> None:
    parts = sections([Paragraph(text, PLACE) for text in texts])
    assert squeezed("".join(part.title + part.text for part in parts)) == squeezed("".join(texts))
    opened = [part.number for part in parts if part.number]
    assert opened == sorted(set(opened))
    for part in parts:
        assert len(part.paragraphs) == len(part.positions) and part.positions == sorted(part.positions)


FIVE = "存在的主要问题：一是公开不够及时；二是解读形式单一。\n改进措施：一是完善制度；二是丰富形式；三是加强培训。"


@pytest.mark.parametrize(
    "text",
    [
        FIVE,
        FIVE.replace("存在的主要问题：", "（一）存在的主要问题\n").replace("改进措施：", "（二）改进措施\n"),
        FIVE.replace("存在的主要问题：", "2022年工作取得一定成效，但仍存在一些不足：").replace(
            "改进措施：", "下一步，我街道将："
        ),
        FIVE.replace("一是", "1.").replace("二是", "2.").replace("三是", "3."),
        FIVE.replace("\n", "").replace("改进措施：", "针对以上问题，我们将做好以下工作："),
    ],
)
def test_problems_and_remedies(text: str) -> None:
    section = read(f"题目\n{TITLES[5]}\n{text}")[1]
    assert [item.text for item in problems(section)] == ["公开不够及时", "解读形式单一"]
    assert [item.text for item in remedies(section)] == ["完善制度", "丰富形式", "加强培训"]
    assert {item.kind for item in problems(section)} == {"problem"}


def test_problems_told_without_marks() -> None:
    section = read(
        f"题目\n{TITLES[5]}\n2022年工作有成效，但仍存在一定差距，如公开深度有待提升、队伍建设有待加强等。\n"
        "今后，我们将健全机制，强化措施，把公开做实。"
    )[1]
    assert len(problems(section)) == 1 and "公开深度有待提升" in problems(section)[0].text
    assert [item.text for item in remedies(section)] == ["今后，我们将健全机制，强化措施，把公开做实"]


@pytest.mark.parametrize(
    ("text", "named", "promised"),
    [
        (
            "（一）上年度问题整改情况\n针对2022年存在的公开不及时问题，已建立台账。\n（二）本年度存在问题\n一是专业人才不足；二是渠道不够畅通。\n（三）下一步打算\n一是配齐人员。",
            ["专业人才不足", "渠道不够畅通"],
            ["针对2022年存在的公开不及时问题，已建立台账", "配齐人员"],
        ),
        (
            "2022年，信息公开工作存在以下问题：一、队伍不稳定；二、公开内容质量不高。改进措施：一、稳定队伍；二、严格审核把关。",
            ["队伍不稳定", "公开内容质量不高"],
            ["稳定队伍", "严格审核把关"],
        ),
        (
            "问题一：公开力度不够。整改措施：加大公开力度。\n问题二：人员业务不精。整改措施：组织业务培训。",
            ["公开力度不够", "人员业务不精"],
            ["加大公开力度", "组织业务培训"],
        ),
        (
            "一是公开意识有待加强。改进措施：加强业务培训。\n二是渠道未能覆盖全部社区。改进措施：充分利用新媒体。",
            ["公开意识有待加强", "渠道未能覆盖全部社区"],
            ["加强业务培训", "充分利用新媒体"],
        ),
        (
            "存在问题：\n1.部分信息公开不够及时。\n2.目录需要细化。\n改进措施：\n1.加强学习。增强做好工作的主动性。\n2.及时整理。",
            ["部分信息公开不够及时", "目录需要细化"],
            ["加强学习。增强做好工作的主动性", "及时整理"],
        ),
        (
            "1.存在的主要问题。公开的主动性有待提升。\n2.改进情况。加强组织领导，落实专人负责。",
            ["公开的主动性有待提升"],
            ["加强组织领导，落实专人负责"],
        ),
        ("（一）公开内容不够全面；（二）解读形式单一。下一步：（一）补齐短板；（二）丰富形式。", ["公开内容不够全面", "解读形式单一"], ["补齐短板", "丰富形式"]),
        ("由于人员较少，存在公开不够及时的问题。下一年度，我乡要完善机制，提高质量。", ["由于人员较少，存在公开不够及时的问题"], ["下一年度，我乡要完善机制，提高质量"]),
        (
            "各项工作进展顺利，但在公开范围、时效性等方面仍有待提高。下一步我局将加强管理，提高质量。",
            ["各项工作进展顺利，但在公开范围、时效性等方面仍有待提高"],
            ["下一步我局将加强管理，提高质量"],
        ),
        (
            "一方面，工作机制还要进一步完善；另一方面，面向社会的宣传力度不够。2021 年，我局将加大力度，多渠道宣传。",
            ["工作机制还要进一步完善", "面向社会的宣传力度不够"],
            ["2021 年，我局将加大力度，多渠道宣传"],
        ),
        ("无。", [], []),
        ("本年度不存在突出问题。\n云渡街道办事处\n2023年1月9日", [], []),
    ],
)  # fmt: skip
def test_problems_and_remedies_in_other_layouts(text: str, named: list[str], promised: list[str]) -> None:
    section = read(f"题目\n{TITLES[5]}\n{text}")[1]
    assert [item.text for item in problems(section)] == named
    assert [item.text for item in remedies(section)] == promised


def test_a_copy_in_traditional_characters_is_cut_alike_and_kept_as_printed() -> None:
    text = (
        "雲渡街道辦事處2022年政府信息公開工作年度報告\n一、總體情況\n甲段。（一）主動公開情況\n乙段。二、主動公開政府信息情況\n丙。\n"
        "三、收到和處理政府信息公開申請情況\n丁。\n四、政府信息公開行政復議、行政訴訟情況\n戊。\n五、存在的主要問題及改進情況\n己。\n六、其他需要報告的事項\n無"
    )
    parts = read(text)
    assert [part.number for part in parts] == [0, 1, 2, 3, 4, 5, 6]
    assert parts[2].title == "二、主動公開政府信息情況" and "（一）主動公開情況" in parts[1].text.split("\n")
    assert squeezed("".join(part.title + part.text for part in parts)) == squeezed(text)
