"""The gazetteer: names made one, divisions found in text, offices looked up, editions folded."""

from __future__ import annotations

import time
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collect import gazetteer as editions
from extract import gazetteer
from extract.gazetteer import office_key, plain

STEM = st.text(st.sampled_from("后湖江南中金融东西城前进礼让嘉莲新华大桥"), min_size=2, max_size=5)
# What reports are printed with: Chinese, full-width forms, ASCII, spaces (no combining marks).
PRINTED = st.one_of(
    st.sampled_from("街道办事处镇乡地区人民政府（）【】　 \u00a0·、"),
    st.characters(min_codepoint=0x20, max_codepoint=0x7E),
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
    st.characters(min_codepoint=0xFF01, max_codepoint=0xFF5E),
)
STREET_ENDINGS = ["街道", "街道办事处", "街道办", "街", "街办事处", "街办"]


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("后湖街办事处", "后湖街道"),
        ("后湖街道办事处", "后湖街道"),
        ("人民政府后湖街道办事处", "后湖街道"),
        ("礼让街街道办事处", "礼让街街道"),
        ("前进街街道", "前进街街道"),
        ("金融街街道办", "金融街街道"),
        ("青山镇街", "青山镇街道"),
        ("口岸街道（临港经济园）", "口岸街道"),
        ("高碑店（地区）办事处", "高碑店地区"),
        ("高碑店地区", "高碑店地区"),
        ("古砦仫佬族乡人民政府", "古砦仫佬族乡"),
        ("两城镇 人民政府", "两城镇"),
        ("发展和改革局", "发展和改革局"),
        ("街道办事处", ""),
        ("", ""),
    ],
)
def test_office_key(printed: str, key: str) -> None:
    assert office_key(printed) == key


@given(STEM, st.sampled_from(STREET_ENDINGS), st.sampled_from(STREET_ENDINGS))
def test_every_ending_of_a_street_office_gives_one_key(stem: str, one: str, other: str) -> None:
    assert office_key(stem + one) == office_key(stem + other)


@given(STEM)
def test_an_office_called_after_a_street_keeps_its_street(stem: str) -> None:
    assert office_key(f"{stem}街街道办事处") == f"{stem}街街道" != office_key(f"{stem}街道办事处")


@given(st.text(PRINTED, max_size=30))
def test_office_key_is_stable(text: str) -> None:
    assert office_key(office_key(text)) == office_key(text)


@given(st.text(max_size=40))
def test_plain_holds_no_space(text: str) -> None:
    assert not any(character.isspace() for character in plain(text))


@given(st.text(PRINTED, max_size=40))
def test_plain_is_stable(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(st.text(st.one_of(st.sampled_from("，：；（）！？。 \u3000１．㏠\u0301\u0338"), st.characters())))
def test_plain_is_nfkc_without_spaces(text: str) -> None:
    assert plain(text) == "".join(unicodedata.normalize("NFKC", text).split())


def test_an_office_under_its_old_and_new_name_is_one() -> None:
    offices = gazetteer.offices_named("后湖街道办事处")
    assert [(office.code, office.name, office.first, office.last) for office in offices] == [
        ("420102017", "后湖街办事处", 2016, 2018),
        ("420102017", "后湖街道", 2019, 2023),
    ]
    assert gazetteer.current_code(offices) == "420102017"


def test_a_name_of_many_offices_gives_them_all() -> None:
    assert len({office.code for office in gazetteer.offices_named("城关镇")}) > 80
    assert gazetteer.offices_named("街道办事处") == ()
    assert gazetteer.offices_named("听澜湾街道") == ()


def test_divisions_in_a_text() -> None:
    found = gazetteer.mentions("重庆市沙坪坝区人民政府丰文街道办事处")
    assert [(mention.name, mention.codes) for mention in found] == [("重庆市", ("50",)), ("沙坪坝区", ("500106",))]
    assert [mention.name for mention in gazetteer.mentions("东西湖区")] == ["东西湖区"]
    assert len(gazetteer.mentions("鼓楼区")[0].codes) == 4


def test_a_district_called_by_a_common_word_needs_its_city() -> None:
    assert [mention.name for mention in gazetteer.mentions("乳山市城区街道")] == ["乳山市"]
    assert [mention.codes for mention in gazetteer.mentions("晋城市城区东街街道")] == [("1405",), ("140502",)]
    assert gazetteer.mentions("在城区和东区开展宣传") == []


@given(st.text(st.sampled_from("江岸区武汉市汉阳县东西湖北京上海"), max_size=25))
def test_mentions_lie_in_the_text_in_order_and_apart(text: str) -> None:
    found = gazetteer.mentions(text)
    assert all(text[mention.start : mention.end] == mention.name for mention in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


def test_what_lies_around_a_code() -> None:
    assert (gazetteer.city_of("420102017"), gazetteer.province_of("420102017")) == ("武汉市", "湖北省")
    assert gazetteer.city_of("310113") == "上海市"
    assert gazetteer.city_of("429006") == ""  # 天门市 lies directly under its province
    assert gazetteer.name_of("000000") == ""


def test_looking_up_does_not_parse_the_whole_table() -> None:
    gazetteer.offices_named("后湖街道")
    gazetteer.offices_named.cache_clear()
    start = time.process_time()
    gazetteer.offices_named("金融街街道")
    assert time.process_time() - start < 0.03


def write_edition(folder: Path, streets: str) -> Path:
    place = folder / "package" / "dist"
    place.mkdir(parents=True)
    (place / "provinces.csv").write_text("code,name\n42,湖北省\n", encoding="utf-8")
    (place / "cities.csv").write_text("code,name,provinceCode\n4201,武汉市,42\n", encoding="utf-8")
    (place / "areas.csv").write_text("code,name,cityCode\n420102,江岸区,4201\n", encoding="utf-8")
    (place / "streets.csv").write_text("code,name,areaCode\n" + streets, encoding="utf-8")
    return folder


def test_editions_are_folded(tmp_path: Path) -> None:
    old = write_edition(tmp_path / "a", '420102017,"后湖街办事处",420102\n420102001,"大智街道",420102\n')
    new = write_edition(tmp_path / "b", '420102017,"后湖街道",420102\n420102001,"大智街道",420102\n')
    assert editions.main([f"2019={new}", f"2018={old}", "--to", str(tmp_path / "to")]) == 0
    assert (tmp_path / "to/offices.csv").read_text(encoding="utf-8") == (
        "code,name,first,last\n420102001,大智街道,2018,2019\n420102017,后湖街办事处,2018,2018\n420102017,后湖街道,2019,2019\n"
    )
    assert (tmp_path / "to/divisions.csv").read_text(encoding="utf-8").splitlines() == [
        "level,code,name,first,last",
        "province,42,湖北省,2018,2019",
        "city,4201,武汉市,2018,2019",
        "district,420102,江岸区,2018,2019",
    ]


@pytest.mark.parametrize(
    ("streets", "words"),
    [('42010201,"后湖街道",420102\n', "no code of 9 digits"), ('420102017,"后湖,街道",420102\n', "cannot carry")],
)
def test_a_broken_edition_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], streets: str, words: str
) -> None:
    assert editions.main([f"2018={write_edition(tmp_path / 'a', streets)}", "--to", str(tmp_path / "to")]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "to").exists()


def test_a_folder_without_tables_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert editions.main([f"2018={tmp_path}"]) == 2
    assert "no streets.csv" in capsys.readouterr().err
