"""The office that only the prose names: who drew the report up, whose report is announced, whom to ask, who acts."""

from __future__ import annotations

import pytest

from extract.announced import office_told
from extract.document import Cell, Document, Grid, Locator, Paragraph, Source
from extract.identity import Identity, identify

HERE = Locator("0" * 12, None, None, None, None, None, "text")
HEADINGS = ("一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况")


def identity(*lines: str, furniture: tuple[str, ...] = ()) -> Identity:
    blocks = [Paragraph(line, HERE, "furniture") for line in furniture]
    blocks += [Paragraph(line, HERE) for line in (*lines, *HEADINGS)]
    return identify(Document(Source("0" * 12, "x.txt", "text", "0" * 64), blocks, {}))


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("根据条例要求，由澜溪市听澜区教育局编制而成，并向社会公布。", "澜溪市听澜区教育局"),
        ("本报告由听澜区人民政府枫渡街道党政办公室综合科编制。", "听澜区人民政府枫渡街道"),
        ("本年度报告是根据条例要求，由澜溪市枫渡街道办事处负责编写。", "澜溪市枫渡街道办事处"),
        ("现向社会公布2021年澜溪市教育局政府信息公开工作年度报告。", "澜溪市教育局"),
        ("现发布《听澜县新渡镇2022年政府信息公开工作年度报告》。", "听澜县新渡镇"),
        ("特向社会公布枫渡街道2021年度信息公开年度报告。", "枫渡街道"),
        ("现将2021年枫渡街道办事处政府信息公开情况报告如下：", "枫渡街道办事处"),
        ("编制2024年度听澜区卫生健康局政府信息公开工作报告。", "听澜区卫生健康局"),
        ("澜溪市生态环境局听澜分局编制了2024年度政府信息公开工作年度报告。", "澜溪市生态环境局听澜分局"),
        ("由听澜高新区（枫渡）财政局编制。", "听澜高新区财政局"),
        (
            "如有疑问，请与听澜区住房和城乡建设局办公室联系（地址：新渡路1号，电话：000-0000000）。",
            "听澜区住房和城乡建设局",
        ),
        ("如有疑问，请联系：听澜区发展和改革局党政办公室，地址：新渡路2号。", "听澜区发展和改革局"),
        ("如有疑问，请与听澜区新渡镇政府综合督考办公室联系。", "听澜区新渡镇政府"),
        ("如对本报告有疑问，请与听澜区人民政府办公室联系。", "听澜区人民政府办公室"),
        ("2022年度，新渡镇认真贯彻落实条例，不断提高公开水平。", "新渡镇"),
        ("2024年，在区政府的指导下，枫渡街道办事处严格按照要求公开信息。", "枫渡街道办事处"),
        ("2024年听澜市财政局在政府门户网站上主动公开信息34条。", "听澜市财政局"),
        ("報告由聽瀾區教育局編制。", "听澜区教育局"),
    ],
)
def test_the_prose_names_the_office(sentence: str, name: str) -> None:
    assert office_told([sentence]) == name


@pytest.mark.parametrize(
    "sentence",
    [
        "2022年，我镇认真贯彻落实条例，不断提高公开水平。",
        "编制2019年度我乡信息公开工作年度报告。",
        "现将我局2021年政府信息公开工作报告如下：",
        "结合我局政府信息公开工作有关统计数据撰写。",
        "根据《听澜县人民政府办公室关于做好2022年政府信息公开工作年度报告编制工作的通知》要求，编制本报告。",
        "按照听澜区2024年政府信息公开工作年度报告编制有关要求，编制本报告。",
        "本报告由总体情况、主动公开政府信息情况等六部分组成。",
        "如有疑问，请与市政务服务和大数据管理局联系。",
        "在区委、区政府的坚强领导下，工作取得新成效。",
        "加强城乡建设，通过城镇改造让群众受益。",
    ],
)
def test_a_sentence_that_names_nobody(sentence: str) -> None:
    assert office_told([sentence]) == ""


def test_the_surest_sentence_is_asked_first() -> None:
    lines = ["2022年，新渡镇认真贯彻落实条例。", "请与新渡镇党政办联系。", "本报告由听澜区财政局编制。"]
    assert office_told(lines) == "听澜区财政局"


def test_a_title_goes_before_the_prose_and_the_prose_before_the_owner_of_the_site() -> None:
    told = "本报告由听澜区财政局编制，所列数据的统计期限自2022年1月1日起至2022年12月31日止。"
    assert identity("听澜区教育局2022年政府信息公开工作年度报告", told).office_zh == "听澜区教育局"
    assert identity(told, furniture=("来源：听澜区人民政府",)).office_zh.endswith("财政局")
    assert identity(told, furniture=("发布机构：听澜区卫生健康局",)).office_zh.endswith("卫生健康局")


def test_an_organ_of_government_is_the_government() -> None:
    found = identity("听澜县人民政府机关", "2020年政府信息公开工作年度报告")
    assert found.office_zh == "听澜县人民政府"


@pytest.mark.parametrize(
    ("lines", "year"),
    [
        (("现将我局2021年政府信息公开工作报告如下：",), 2021),
        (("現將我局2021年政府信息公開工作報告如下：",), 2021),
        (("现将2023年工作情况报告如下：",), 2023),
        (("2019年度，我乡主动公开信息81条。",), 2019),
        (("2024年，我局收到申请20件。", "1件结转到2025年度办理，截至2024年12月31日均已答复。"), 2024),
        (
            (
                "新渡镇编制了2021年政府信息公开年度报告，数据统计期限自2020年1月1日起至2020年12月31日止。",
                "2021年，新渡镇公开信息9条。",
                "2021年，未收到申请。",
            ),
            2021,
        ),
        (("2019年度，我乡修路3条。",), None),
    ],
)
def test_the_year_that_the_prose_tells(lines: tuple[str, ...], year: int | None) -> None:
    assert identity(*lines).year == year


def test_that_only_the_prose_names_the_office_is_told() -> None:
    by_prose = {note.kind for note in identity("本报告由听澜区财政局编制。").notes}
    by_title = {note.kind for note in identity("听澜区财政局2022年政府信息公开工作年度报告").notes}
    assert ("office_by_prose" in by_prose, "office_by_prose" in by_title) == (True, False)


@pytest.mark.parametrize(
    ("lines", "day"),
    [
        (("听澜镇2022年政府信息公开工作年度报告", "信息提供日期 : 2023-01-15 11:13来源 : 听澜镇"), "2023-01-15"),
        (("听澜镇2022年政府信息公开工作年度报告", "2023-01-22 17:49:17"), "2023-01-22"),
        (("发布时间：", "2023-01-18 10:36", "听澜镇2022年政府信息公开工作年度报告"), "2023-01-18"),
        (("成文日期:", "2023-01-13", "听澜镇2022年政府信息公开工作年度报告"), "2023-01-13"),
        (("听澜镇2022年政府信息公开工作年度报告", "发布日期: 2023- 01- 13 16 : 26 浏览次数:"), "2023-01-13"),
        (("時間:2023-01-22 18:01      來源:听澜镇",), "2023-01-22"),
        (("听澜镇2022年政府信息公开工作年度报告", "抓取时间:2023-05-01"), "None"),
    ],
)
def test_dates_that_pages_print(lines: tuple[str, ...], day: str) -> None:
    assert str(identity(*lines).published_on) == day


def test_a_date_beside_its_label_in_one_cell() -> None:
    texts = ("发布机构：听澜镇", "发布日期：2023-01-20")
    cells = [Cell(text, 0, column, 1, 1, HERE) for column, text in enumerate(texts)]
    blocks = [Grid(cells, 1), Paragraph("听澜镇2022年政府信息公开工作年度报告", HERE)]
    found = identify(Document(Source("0" * 12, "x.txt", "text", "0" * 64), blocks, {}))
    assert str(found.published_on) == "2023-01-20"
