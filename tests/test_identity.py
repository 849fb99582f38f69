"""Which office, which year, published when: the shapes that published reports have, and what must stay blank."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract import dates
from extract.document import Cell, Document, Grid, Link, Locator, Paragraph, Source
from extract.gazetteer import plain
from extract.identity import Identity, identify
from extract.readers import html, pdf
from extract.titles import bare, judged, title_of, titles_in

SECTIONS = ["一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况"]
HERE = Locator("0" * 12, None, None, None, None, None, "text")


def document(*lines: str, furniture: tuple[str, ...] = (), **metadata: str) -> Document:
    blocks: list[Paragraph | Grid] = [Paragraph(line, HERE, "furniture") for line in furniture]
    blocks += [Paragraph(line, HERE) for line in lines]
    return Document(Source("0" * 12, "x.txt", "text", "0" * 64), blocks, metadata)


def report(title: str, *end: str, furniture: tuple[str, ...] = (), **metadata: str) -> Identity:
    return identify(
        document(*title.split("\n"), *SECTIONS, "六、其他需要报告的事项", "无", *end, furniture=furniture, **metadata)
    )


def kinds(identity: Identity) -> set[str]:
    return {note.kind for note in identity.notes}


# --- the office ---


def test_a_street_report_signed_in_full() -> None:
    found = report("后湖街道2021年政府信息公开工作\n年度报告", "江岸区人民政府后湖街道办事处", " 2022年1月17日")
    assert (found.office_id, found.office_zh, found.level) == ("420102017", "后湖街道", "street")
    assert (found.district_id, found.district_zh, found.city_zh) == ("420102", "江岸区", "武汉市")
    assert (found.year, found.published_on) == (2021, date(2022, 1, 17))
    assert found.signed_by == "江岸区人民政府后湖街道办事处"
    assert found.title == "后湖街道2021年政府信息公开工作年度报告"
    assert found.notes == []


@pytest.mark.parametrize(
    "name",
    [
        "后湖街道",
        "后湖街道办",
        "后湖街",
        "后湖街办事处",
        "江岸区后湖街道",
        "江岸区人民政府后湖街道办事处",
        "武汉市江岸区人民政府后湖街道办事处",
        "湖北省武汉市江岸区后湖街道办事处",
    ],
)
def test_one_office_in_all_its_spellings_has_one_id(name: str) -> None:
    found = report(f"{name}2020年政府信息公开工作年度报告", "武汉市江岸区人民政府")
    assert (found.office_id, found.office_zh, found.district_zh) == ("420102017", "后湖街道", "江岸区")


@pytest.mark.parametrize(
    "title",
    [
        "2020年江岸区后湖街道政府信息公开工作年度报告",
        "江岸区后湖街道政府信息公开工作年度报告（2020年度）",
        "江岸区后湖街道政府信息公开2020年度工作报告",
        "江岸区后湖街道2020年度信息公开年报",
        "江岸区后湖街道２０２０年政府信息公开工作报告",
        "江岸区后湖街道二〇二〇年政府信息公开年度报告",
        "江岸区后湖街道2020度政府信息工作年度报告",
        "江岸区后湖街道2020年政府\n\n信息公开\n工作年度报告",
        "江岸区后湖街道\n2020年政府信息公开工作年度报告",
        "江岸区后湖街道政府信息公开工作年度报告\n（2020年）",
        "江岸区后湖街道政府信息公开工作年度报告\n2020年度",
        "江岸区后湖街道二0二0年政府信息公开工作年度报告",
        "政府信息公开年报\n2023年\n2022年\n江岸区后湖街道2020年政府信息公开工作年度报告",
        "2020年度 政府信息公开工作年度报告\n江岸区后湖街道",
        "您当前的位置： 首页 > 政务公开 > 江岸区后湖街道2020年政府信息公开工作年度报告",
        "標題：江岸區后湖街道2020年政府資訊公開工作年度報告",
    ],
)
def test_titles_in_all_their_shapes(title: str) -> None:
    found = report(title)
    assert (found.office_id, found.year, found.title_year) == ("420102017", 2020, 2020)


def test_offices_called_after_a_street_are_themselves() -> None:
    found = report("礼让街街道办事处2020年政府信息公开工作年度报告", "西宁市城中区人民政府礼让街街道办事处")
    assert (found.office_id, found.office_zh) == ("630103004", "礼让街街道")
    assert report("城中区礼让街办事处2021年政府信息公开年度报告").office_id == "630103004"


def test_a_district_that_four_cities_have_is_settled_by_its_office_or_its_city() -> None:
    assert report("鼓楼区东街街道办事处2021年政府信息公开工作年度报告").district_id == "350102"
    assert report("鼓楼区2021年政府信息公开工作年度报告", "南京市鼓楼区人民政府").district_id == "320106"
    alone = report("鼓楼区人民政府2021年政府信息公开工作年度报告")
    assert (alone.district_id, alone.district_zh) == ("", "鼓楼区")
    assert "place_ambiguous" in kinds(alone)


def test_a_name_that_many_offices_bear_is_not_guessed() -> None:
    found = report("城关镇2021年政府信息公开工作年度报告")
    assert found.office_id.startswith("x-")
    assert (found.office_zh, found.level, found.district_id) == ("城关镇", "town", "")


def test_a_name_alone_is_taken_only_where_nothing_contradicts() -> None:
    alone = report("市府东路街道2021年政府信息公开工作年度报告")
    assert (alone.office_id, kinds(alone)) == ("150203010", {"office_by_name", "date_unknown"})
    named = report(
        "市府东路街道2021年政府信息公开工作年度报告", "云汐市栖霞湾区人民政府市府东路街道办事处", "2022年1月5日"
    )
    assert named.office_id.startswith("x-")
    assert (named.district_zh, named.city_zh, named.district_id) == ("栖霞湾区", "云汐市", "")
    elsewhere = report("市府东路街道2021年政府信息公开工作年度报告", "武汉市江岸区人民政府", "2022年1月5日")
    assert elsewhere.office_id.startswith("x-")


def test_an_area_of_a_city_gives_its_city() -> None:
    found = report("泰州医药高新区口岸街道办事处2021年政府信息公开工作年度报告")
    assert (found.office_id, found.city_zh) == ("321203001", "泰州市")


def test_a_department_and_a_district_get_level_and_district() -> None:
    bureau = report("沭阳县发展和改革局2023年政府信息公开年度报告-沭阳县发改局", "沭阳县发展和改革局", "2024年1月17日")
    assert (bureau.office_zh, bureau.level, bureau.district_id) == ("沭阳县发展和改革局", "department", "321322")
    assert bureau.title == "沭阳县发展和改革局2023年政府信息公开年度报告"
    district = report("洪泽区人民政府\n2023 年政府信息公开工作年度报告")
    assert (district.office_id, district.office_zh, district.level) == ("320813", "洪泽区人民政府", "district")
    area = report("平潭综合实验区2019年度政府信息公开工作年度报告", "来源：平潭县人民政府 时间：2020-01-20 15:22")
    assert (area.office_zh, area.level, area.district_id) == ("平潭综合实验区", "district", "350128")
    assert area.page_date == area.published_on == date(2020, 1, 20)


def test_a_relative_name_takes_its_district_from_the_signature() -> None:
    found = report("区城市运行管理中心2024年政府信息公开工作年度报告", "武汉市硚口区城市运行管理中心")
    assert (found.office_zh, found.district_id) == ("硚口区城市运行管理中心", "420104")
    assert found.office_id == report("硚口区城市运行管理中心2023年政府信息公开工作年度报告").office_id


def test_a_title_that_names_only_the_district_yields_to_the_street_that_signs() -> None:
    found = report("青山区2020年政府信息公开工作年度报告", "武汉市青山区人民政府钢花村街道办事处", "2021年1月8日")
    assert (found.level, found.office_zh, found.district_id) == ("street", "钢花村街道", "420107")


def test_a_pasted_owner_is_told_and_the_title_kept() -> None:
    found = report("江岸区后湖街道2021年政府信息公开工作年度报告", "江岸区人民政府劳动街道办事处", "2022年1月17日")
    assert found.office_id == "420102017"
    assert "office_conflict" in kinds(found)


def test_mirrors_that_replace_words_are_not_matched() -> None:
    found = report("新葡京博彩官网区人民政府北京街道办事处2022年政府信息公开工作年度报告")
    assert found.office_id.startswith("x-")
    latin = report("puroview.com东城街道2022年政府信息公开工作年度报告")
    assert latin.office_id.startswith("x-")
    assert "office_conflict" in kinds(latin)


def test_no_name_is_unknown() -> None:
    found = report("2021年政府信息公开工作年度报告", "街道办事处")
    assert (found.office_id, found.office_zh, found.level) == ("unknown", "", "")
    assert "office_unknown" in kinds(found)


@pytest.mark.parametrize("title", ["2021年政府信息公开工作年度报告", "街道办2021年政府信息公开工作年度报告"])
def test_the_government_that_runs_the_site_is_not_the_reporter(title: str) -> None:
    found = report(title, furniture=("主办单位：南开区人民政府",))
    assert (found.office_id, found.office_zh, found.district_zh) == ("unknown", "", "南开区")


def test_a_publisher_names_the_office_where_nothing_else_does() -> None:
    texts = ["索 引 号", "420102/2022-1", "发布机构", "武汉市江岸区后湖街道", "公开日期", "2022-01-18 09:30"]
    cells = [Cell(text, i // 2, i % 2, 1, 1, HERE) for i, text in enumerate(texts)]
    made = document("2021年政府信息公开工作年度报告", *SECTIONS)
    made.blocks.insert(0, Grid(cells, 1))
    found = identify(made)
    assert (found.office_id, found.page_date) == ("420102017", date(2022, 1, 18))


@given(
    st.sampled_from("澍涟珩漱霁澜岫"),
    st.sampled_from("铎汀麋廊屿"),
    st.sampled_from(["街道", "街道办事处", "街办事处"]),
)
def test_made_up_offices_have_one_id_in_all_years_and_spellings(one: str, two: str, ending: str) -> None:
    title = report(f"{one}{two}{ending}2021年政府信息公开工作年度报告", "栖霞湾区人民政府", "2022年1月8日")
    full = report(f"2022年栖霞湾区人民政府{one}{two}街道办事处政府信息公开年度报告", "2023年1月9日")
    assert title.office_id == full.office_id != "unknown"
    assert title.office_zh == full.office_zh == f"{one}{two}街道"
    assert (title.district_zh, title.district_id) == ("栖霞湾区", "")


def test_a_made_up_office_is_never_taken_for_a_real_one() -> None:
    found = report("江岸区后湖街道2021年政府信息公开工作年度报告", "（虚构样例，不是真实数据）", "2022年1月8日")
    assert found.fictional
    assert found.office_id.startswith("x-")
    assert (found.district_id, found.district_zh) == ("", "江岸区")


@pytest.mark.parametrize(
    "lines",
    [
        ["江岸区后湖街道办", "事处2021年政府信息公开工作年度报告"],
        ["江岸区人民政府后湖街", "道办事处2021年政府信息公开工作年度报告"],
        ["江岸区后湖街道2021年政府信息公开工作年", "度报告"],
        ["武汉市江岸区人民政府", "后湖街道办事处", "2021年政府信息公开工作年度报告"],
        ["江岸区后湖街道", "2021年", "政府信息公开工作年度报告"],
        ["2021年政府信息公开工作年度报告", "（江岸区后湖街道办事处）"],
        ["江岸区后湖街道（堤角片区）2021年政府信息公开工作年度报告"],
        ["江岸區後湖街道辦事處2021年政府信息公開工作年度報告"],
        ["现将江岸区后湖街道2021年政府信息公开工作情况报告如下："],
        ["根据条例规定，现公布江岸区后湖街道办事处2021年度政府信息公开工作年度报告。"],
        [
            "统计期限自2021年1月1日起至2021年12月31日止。如有疑问，请与江岸区后湖街道办事处党政办公室联系（电话：0000-8234567）。"
        ],
    ],
)
def test_titles_broken_anywhere_and_reports_without_one(lines: list[str]) -> None:
    found = identify(document(*lines, *SECTIONS, "六、其他需要报告的事项"))
    assert (found.office_id, found.office_zh, found.year) == ("420102017", "后湖街道", 2021)
    assert not kinds(found) & {"office_unknown", "office_conflict", "year_unknown"}


@pytest.mark.parametrize(
    ("name", "level", "office_zh"),
    [
        ("听澜湾区澍铎镇人民政府", "town", "澍铎镇"),
        ("听澜湾区澍铎乡", "town", "澍铎乡"),
        ("听澜湾区澍铎苗族乡人民政府", "town", "澍铎苗族乡"),
        ("听澜湾区澍铎街街道办事处", "street", "澍铎街街道"),
        ("听澜湾区澍铎镇街道办", "street", "澍铎镇街道"),
        ("澍铎经济开发区管理委员会", "other", "澍铎经济开发区管理委员会"),
        ("听澜湾区城市管理和综合执法局", "department", "听澜湾区城市管理和综合执法局"),
        ("听澜湾区人民政府办公室", "department", "听澜湾区人民政府办公室"),
        ("听澜湾区人民政府", "district", "听澜湾区人民政府"),
    ],
)
def test_levels_of_made_up_bodies(name: str, level: str, office_zh: str) -> None:
    found = report(f"{name}2022年政府信息公开工作年度报告", name, "2023年1月9日")
    assert (found.level, found.office_zh) == (level, office_zh)
    assert found.office_id.startswith("x-")


@pytest.mark.parametrize(
    ("name", "office_zh"),
    [
        ("江岸区市场监督管理局", "江岸区市场监督管理局"),
        ("沭阳县市政园林局", "沭阳县市政园林局"),
        ("江岸区市民服务中心", "江岸区市民服务中心"),
        ("沭阳县县域经济发展局", "沭阳县县域经济发展局"),
        ("武汉市市教育局", "武汉市教育局"),
        ("武汉市市民政局", "武汉市民政局"),
    ],
)
def test_a_place_in_front_is_told_from_a_name_that_begins_alike(name: str, office_zh: str) -> None:
    assert report(f"{name}2022年政府信息公开工作年度报告").office_zh == office_zh


MADE_UP = ["{d}{s}街道", "{d}{s}街道办", "{d}人民政府{s}街道办事处", "{c}{d}{s}街办事处", "{d}{s}街"]


@given(
    st.sampled_from(["澍铎", "涟汀麋", "霁廊"]), st.sampled_from(MADE_UP), st.sampled_from(MADE_UP),
    st.sampled_from(["{o}{y}年政府信息公开工作年度报告", "{y}年度{o}政府信息公开年报", "{y}年{o}信息公开工作年度报告", "{o}政府信息公开{y}年度工作报告"]),
    st.sampled_from(["{o}\n{y}年政府信息公开工作年度报告", "{y}年政府信息公开工作年度报告\n{o}", "{o}{y}年政府信\n息公开工作年度报告"]),
)  # fmt: skip
def test_an_office_has_one_id_however_it_words_name_and_title(
    stem: str, one: str, other: str, first: str, second: str
) -> None:
    names = [form.format(c="云汐市", d="听澜湾区", s=stem) for form in (one, other)]
    ids = {
        report(title.format(o=name, y=year), "云汐市听澜湾区人民政府", "2024年1月9日").office_id
        for title, name, year in ((first, names[0], 2022), (second, names[1], 2023))
    }
    assert len(ids) == 1 and "unknown" not in ids


@pytest.mark.parametrize(
    "lines",
    [
        ["2021年，我街认真贯彻条例，主动公开政府信息89条。"],
        ["本街道2021年政府信息公开工作年度报告"],
        ["我区认真贯彻落实条例。受理公民向市政府及市政府办公室提出的政府信息公开申请5件。"],
        ["街道办事处", "2021年"],
    ],
)
def test_an_office_that_is_never_named_stays_unknown(lines: list[str]) -> None:
    found = identify(document(*lines, *SECTIONS, "街道办事处", "2022年1月9日"))
    assert (found.office_id, found.office_zh) == ("unknown", "")
    assert "office_unknown" in kinds(found)


def test_words_before_a_district_are_told() -> None:
    found = report("威廉希尔中国荔湾区沙面街道办事处2021年政府信息公开工作年度报告")
    assert found.district_zh == "荔湾区" and "office_conflict" in kinds(found)


@pytest.mark.parametrize(
    ("path", "office_id", "year", "told"),
    [
        ("武汉/江岸区后湖街道/2021.html", "420102017", 2021, {"office_by_file", "year_by_file"}),
        ("2021/江岸区后湖街道办事处2021年政府信息公开工作年度报告.pdf", "420102017", 2021, {"office_by_file", "year_by_file"}),
        ("江岸区后湖街道/2021年/年报.docx", "420102017", 2021, {"office_by_file", "year_by_file"}),
        ("资料/t20220118_2021.html", "unknown", 2021, {"office_unknown", "year_by_file"}),
        ("资料/2021-2022.html", "unknown", None, {"office_unknown", "year_unknown"}),
        ("district-01/office-0001/t20220118_133.html", "unknown", None, {"office_unknown", "year_unknown"}),
    ],
)  # fmt: skip
def test_names_of_file_and_folder_are_the_last_resort_and_told(
    path: str, office_id: str, year: int | None, told: set[str]
) -> None:
    made = document("我街认真贯彻条例。", *SECTIONS)
    found = identify(Document(made.source._replace(path=path), made.blocks, {}))
    assert (found.office_id, found.year) == (office_id, year)
    assert told <= kinds(found)


def test_what_the_document_says_goes_before_its_file_name() -> None:
    made = document("江岸区后湖街道2021年政府信息公开工作年度报告", *SECTIONS)
    found = identify(Document(made.source._replace(path="劳动街道/2019.html"), made.blocks, {}))
    assert (found.office_id, found.year) == ("420102017", 2021)
    assert not {"office_by_file", "year_by_file"} & kinds(found)


# --- the year ---


def test_the_period_gives_the_year_where_the_title_has_none() -> None:
    made = document(
        "后湖街道政府信息公开工作年度报告", "本报告数据统计期限自2020年1月1日起至2020年12月16日止。", *SECTIONS
    )
    found = identify(made)
    assert (found.title_year, found.year) == (None, 2020)
    assert (found.period_from, found.period_to) == (date(2020, 1, 1), date(2020, 12, 16))


def test_title_and_period_that_differ_are_told_and_the_title_kept() -> None:
    found = identify(
        document("粤汉街道2022度信息公开年度报告", "数据统计期限为2023年1月1日至2023年12月31日。", *SECTIONS)
    )
    assert found.year == 2022
    assert "year_conflict" in kinds(found)


def test_a_document_number_and_a_signature_are_no_year() -> None:
    intro = "根据《国务院办公厅关于…的通知》（国办公开办函〔2021〕30号）要求编制本报告。"
    found = identify(document("后湖街道政府信息公开工作年度报告", intro, *SECTIONS, "后湖街道办事处", "2023年1月9日"))
    assert (found.year, found.published_on) == (None, date(2023, 1, 9))
    assert "year_unknown" in kinds(found)


@pytest.mark.parametrize(
    ("sentence", "first", "last"),
    [
        ("统计期限自2023年1月1日起至2023年12月31日止", date(2023, 1, 1), date(2023, 12, 31)),
        ("自 2019 年 1月1 日至 12月 31日", date(2019, 1, 1), date(2019, 12, 31)),
        ("2024年1月1日（含）—2024年12月31日", date(2024, 1, 1), date(2024, 12, 31)),
        ("二〇二一年一月一日至二〇二一年十二月三十一日", date(2021, 1, 1), date(2021, 12, 31)),
        ("202511日至20251231日", date(2025, 1, 1), date(2025, 12, 31)),
        ("2020年1月1日至202020年12月31日", date(2020, 1, 1), date(2020, 12, 31)),
        ("核定时间点为2025年12月31日", None, date(2025, 12, 31)),
        ("自2023年2月30日至2023年12月31日", None, None),
        ("今年以来", None, None),
    ],
)
def test_periods(sentence: str, first: date | None, last: date | None) -> None:
    assert dates.period_in(plain(sentence)) == (first, last)


@given(
    st.dates(date(2008, 1, 1), date(2049, 12, 31)), st.sampled_from(["chinese", "spaced", "iso", "dots", "numerals"])
)
def test_a_printed_date_is_read_back(day: date, style: str) -> None:
    printed = {
        "chinese": f"{day.year}年{day.month}月{day.day}日",
        "spaced": f"{day.year} 年 {day.month:02} 月{day.day} 日",
        "iso": day.isoformat(),
        "dots": f"{day.year}.{day.month}.{day.day}",
        "numerals": f"{in_digits(day.year)}年{in_words(day.month)}月{in_words(day.day)}日",
    }[style]
    assert dates.date_in(plain(printed)) == day
    assert dates.is_date_line(plain(printed))


def in_digits(value: int) -> str:
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(value))


def in_words(value: int) -> str:
    tens, units = divmod(value, 10)
    return ("十" if tens == 1 else f"{in_digits(tens)}十" if tens else "") + (in_digits(units) if units else "")


@given(st.integers(1, 99))
def test_chinese_numbers_are_read_back(value: int) -> None:
    assert dates.number(in_words(value)) == dates.number(str(value)) == value


@given(st.text(alphabet="20〇一二十年月日至-./() 度〔〕号1352", max_size=40))
def test_no_text_breaks_the_reading_of_dates(text: str) -> None:
    line = plain(text)
    first, last = dates.period_in(line)
    assert first is None or last is None or first <= last
    assert all(dates.FIRST_YEAR <= year <= dates.LAST_YEAR for year in dates.years_in(line))
    dates.date_in(line)


# --- published when ---


def test_the_date_of_the_header_is_not_the_date_of_the_report() -> None:
    head = ("2025年12月30日 星期二", "页面生成时间：2024-05-28 15:46:43", "采集时间：2025-12-30T21:37:37")
    found = report("后湖街道2023年政府信息公开工作年度报告", furniture=head)
    assert found.published_on is None
    assert found.page_date is None
    dated = report("后湖街道2023年政府信息公开工作年度报告", "后湖街道办事处2024年1月17日", furniture=head)
    assert dated.published_on == date(2024, 1, 17)


@pytest.mark.parametrize(
    "line",
    [
        "今天是2025年12月30日", "2025年12月30日", "当前时间：2025-12-30 10:00", "更新时间：2025-06-01", "信息更新时间：2025-06-01 08:00:00",
        "打印日期：2025年12月30日", "访问时间 2025-12-30", "通知公告 2024-05-09", "关于开展安全检查的通知 2024-05-09", "下载日期:2025-11-02",
        "开放时间：2020年1月1日起", "截止日期：2025-01-03",
    ],
)  # fmt: skip
def test_dates_around_a_page_are_not_its_date(line: str) -> None:
    assert report("后湖街道2023年政府信息公开工作年度报告", furniture=(line,)).published_on is None


@pytest.mark.parametrize(
    "line",
    [
        "发布日期： 2024年01月18日 来源：后湖街道", "【发布日期】2024-01-18", "成文日期 2024年1月18日", "2024-01-18 15:22 来源：后湖街道",
        "时间：2024-01-18 浏览次数：12", "2024年01月18日来源:1",
    ],
)  # fmt: skip
def test_dates_that_a_page_gives_as_its_own(line: str) -> None:
    assert report("后湖街道2023年政府信息公开工作年度报告", furniture=(line,)).published_on == date(2024, 1, 18)


@pytest.mark.parametrize(
    ("end", "day"),
    [
        (["后湖街道办事处", "2024年1月17日", "主办单位：江岸区人民政府", "2025年12月30日"], date(2024, 1, 17)),
        (["后湖街道办事处", "2024年1月17日", "2025年12月30日"], date(2024, 1, 17)),
        (["（后湖街道办事处，2024年1月17日）"], date(2024, 1, 17)),
        (["后湖街道办事处（盖章）", "二〇二四年一月十七日"], date(2024, 1, 17)),
        (["2024年1月17日"], date(2024, 1, 17)),
        (["打印本页", "关闭窗口", "2025年12月30日"], None),
        (["扫一扫在手机打开当前页", "2025-12-30"], None),
    ],
)
def test_the_date_of_a_signature_and_of_a_footer(end: list[str], day: date | None) -> None:
    assert report("后湖街道2023年政府信息公开工作年度报告", *end).published_on == day


def test_signature_before_page_date() -> None:
    found = report(
        "后湖街道2020年政府信息公开工作年度报告",
        "后湖街道办事处",
        "2021年1月9日",
        furniture=("发布时间：2022-08-03 10:15",),
    )
    assert (found.published_on, found.page_date) == (date(2021, 1, 9), date(2022, 8, 3))
    under_title = report("后湖街道2020年政府信息公开工作年度报告\n（2021年1月10日）", published="2021-01-12 08:00")
    assert (under_title.published_on, under_title.page_date) == (date(2021, 1, 10), date(2021, 1, 12))


def test_a_signature_over_two_lines() -> None:
    found = report("后湖街道2020年政府信息公开工作年度报告", "江岸区人民政府", "后湖街道办事处", "2021年1月9日")
    assert found.signed_by == "江岸区人民政府后湖街道办事处"


def test_a_date_before_the_year_is_told() -> None:
    assert "date_conflict" in kinds(report("后湖街道2021年政府信息公开工作年度报告", "后湖街道办事处", "2012年1月17日"))


# --- is it a report ---


def test_what_only_speaks_about_a_report_is_none() -> None:
    reading = identify(document("《大明湖街道2022年政府信息公开工作年度报告》文字解读", "一、背景"))
    assert not reading.looks_like_report
    assert "解读" in reading.reason
    assert not identify(document("关于做好2021年政府信息公开工作年度报告编制工作的通知", "各街道：")).looks_like_report
    assert not identify(document("今天天气晴朗", "无")).looks_like_report


def test_a_list_of_reports_and_a_cover_are_none() -> None:
    listed = [f"后湖街道{year}年政府信息公开工作年度报告" for year in range(2018, 2024)]
    assert not identify(document(*listed)).looks_like_report
    cover = document("后湖街道2021年政府信息公开工作年度报告")
    cover.links.append(Link("a.doc", "附件", "attachment"))
    assert not identify(cover).looks_like_report


RULE_OF_LAW = [
    "清风街道办事处2023年法治政府建设年度报告",
    "一、总体情况",
    "（三）行政复议、行政诉讼情况",
    "二、存在的主要问题及改进情况",
    "三、其他需要报告的事项",
]


@pytest.mark.parametrize(
    "lines",
    [
        ["首页 政府信息公开年报", *RULE_OF_LAW],
        ["政府信息公开", "政府信息公开年报", *RULE_OF_LAW],
        ["首页 > 政务公开 > 政府信息公开工作年度报告 > 正文", "清风街道办事处2023年政务公开工作要点", "一、总体要求"],
        ["政府信息公开年报", "2023年", "2022年", "清风街道办事处2023年度部门决算公开", "一、部门概况"],
        [
            "政府信息公开工作年度报告",
            "清风街道2023年党务公开工作年度报告",
            "一、总体情况",
            "二、存在的主要问题及改进情况",
        ],
        ["清风街道2023年度公共企事业单位信息公开年度报告", "一、总体情况", "二、存在的主要问题及改进情况"],
        [f"{name}街道2023年政府信息公开工作年度报告" for name in ("清风", "金石", "龙泉")],
    ],
)
def test_other_pages_of_a_site_that_has_a_column_of_reports_are_none(lines: list[str]) -> None:
    assert not identify(document(*lines)).looks_like_report


@pytest.mark.parametrize(
    "lines",
    [
        [
            "首页 > 政务公开 > 政府信息公开年报 > 正文",
            "清风街道办事处2023年政府信息公开工作年度报告",
            "2023年公开信息12条。",
        ],
        ["政府信息公开年报", "某某街道", *SECTIONS],
        ["清风街道政府信息公开工作年度报告", "清风街道办事处政府信息公开年报", "2023年公开信息12条。"],
        [
            "江岸区清风街道2023年政府信息公开年报",
            "清风街道2023年政府信息公开工作年度报告",
            "清风街道办事处2023年度政府信息公开工作年度报告",
        ],
    ],
)
def test_reports_beside_the_name_of_their_column_are_reports(lines: list[str]) -> None:
    assert identify(document(*lines)).looks_like_report


def test_a_report_with_an_odd_title_is_one() -> None:
    found = identify(document("后湖街道工作情况", *SECTIONS))
    assert found.looks_like_report


def test_the_title_of_a_sentence_is_no_title() -> None:
    assert title_of("根据条例要求，现向社会公布后湖街道2023年度政府信息公开年度报告。") is None
    assert titles_in(["今年共公布政府信息2599条", "报告完毕"]) == []
    wrapped = "与政务公开办公室关于印发〈中华人民共和国政府信息公开工作年度报告格式〉的通知（国办公开"
    assert title_of(wrapped) is None


@given(st.lists(st.text(max_size=60), max_size=12))
def test_no_text_breaks_identity(lines: list[str]) -> None:
    found = identify(document(*lines))
    assert found.office_id == "unknown" or found.office_zh


# --- real reports ---


@pytest.mark.parametrize(
    ("name", "office_zh", "level", "year", "published_on"),
    [
        ("houhu-2021.txt", "后湖街道", "street", 2021, date(2022, 1, 17)),
        ("pingtan-2019.html", "平潭综合实验区", "district", 2019, date(2020, 1, 20)),
        ("pingtan-2021.html", "平潭综合实验区", "district", 2021, date(2022, 2, 8)),
        ("pingtan-2022.html", "平潭综合实验区", "district", 2022, date(2023, 2, 20)),
        ("shuyang-fgj-2023.html", "沭阳县发展和改革局", "department", 2023, date(2024, 1, 17)),
        ("hongze-2023.pdf", "洪泽区人民政府", "district", 2023, None),
    ],
)
def test_real_reports(
    real_reports: Path, name: str, office_zh: str, level: str, year: int, published_on: date | None
) -> None:
    path = real_reports / name
    source = Source("0" * 12, name, path.suffix[1:], "0" * 64)
    if path.suffix == ".txt":
        made = document(*(line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()))
    else:
        made = (html if path.suffix == ".html" else pdf).read(source, path.read_bytes())
    found = identify(made)
    truth = json.loads(path.with_suffix(".truth.json").read_text(encoding="utf-8"))
    assert found.year == truth["year"] == year
    assert (found.office_zh, found.level, found.published_on) == (office_zh, level, published_on)
    assert found.district_id
    assert found.looks_like_report


def test_links_to_other_years_are_not_the_title() -> None:
    links = "2024年政府信息公开工作年度报告\n2022年政府信息公开工作年度报告\n"
    period = "本报告所列数据的统计期限自2023年1月1日起至2023年12月31日止。"
    found = report(f"{links}后湖街道2023年政府信息公开工作年度报告\n{period}")
    assert found.year == 2023
    assert "year_conflict" not in kinds(found)
    nameless = report(f"{links}2023年政府信息公开工作年度报告\n{period}")
    assert nameless.year == 2023
    assert "year_conflict" in kinds(nameless)


TITLE_SHAPES = (
    "绢鼓街道{}年政府信息公开工作年度报告-墨澜市", "关于{}年度(2020年)政府信息公开年报", "首页 > {} > 绢鼓街道{}年政府信息公开工作年度报告", "解读:{}年政府信息公开年度报告",
    "〔{}〕20号政府信息公开工作报告", "{}-12-31绢鼓街道政府信息公开年度报告({}年)", "绢鼓街道20{}年政府信息公开年度报告", "20２0年政府信息公开年度报告{}", "发布{}年政府信息公开年度报告{}",
)  # fmt: skip


@given(
    st.sampled_from(TITLE_SHAPES),
    st.one_of(
        st.sampled_from(["2008", "2019", "2020", "2021", "2039", "2041"]), st.text("0123456789年〇-", max_size=9)
    ),
)
def test_a_title_judged_once_for_all_years_is_judged_alike(shape: str, year: str) -> None:
    line = shape.replace("{}", year)
    assert title_of(line) == judged(bare(line))
