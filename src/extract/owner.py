"""Whose report it is: an office's name as printed taken apart into places, own name and level."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from extract import gazetteer
from extract.gazetteer import LETTER, Mention

_STREET = re.compile(r"(?:街道|街道办事处|街道办公室|街道办|街办|街|地区|(?<!驻)办事处)$")
_TOWN = re.compile(r"(?:镇|乡|苏木|民族乡)(?:人民政府|政府)?$")
_GOVERNMENT = re.compile(r"(?:人民政府|政府)?$")
_DEPARTMENT = re.compile(r"(?:局|委员会|委|办公室|办公厅|办|厅|中心|大队|支队|总队|队|院|站|所|处|部|会|署|馆|社)$")
_COMMITTEE = re.compile(r"(?:管委会|管理委员会|管理处)$")
# An area that is no division of the scheme: 泰州医药高新区, 西咸新区, 平潭综合实验区.
ZONE = re.compile(
    r"(?:新区|实验区|高新区|经开区|开发区|示范区|保税区|度假区|风景区|合作区|园区|管理区|产业区|新城|试验区|港区)$"
)
_UNKNOWN_PLACE = re.compile(
    rf"(?:(?P<city>{LETTER}{{2,6}}?[市州盟]))?(?P<district>{LETTER}{{1,12}}?(?<![社地小辖片校])(?:区|县|旗|市(?=人民政府)))"
    r"(?P<seat>人民政府|政府)?(?P<rest>.*)"
)
_BRACKETS = re.compile(r"\(.*?\)")
_FOREIGN = re.compile(r"[A-Za-z0-9.]+")
_SELF = re.compile(
    r"[本我](?:街道办事处|街道办|街道|街|镇|乡|办事处|办|局|委|区|县|市|机关|单位|处)(?:人民政府)?"
)  # names nobody
# 区, 县, 市 before an office's own name (市教育局), not the beginning of it (市场监督管理局, 市政园林局).
RELATIVE = re.compile(
    r"^(?:本|我)?(?:[区县](?!域)|省(?!际)|市(?!场|容|民(?:中心|服务)|政(?:园林|工程|公用|设施|管理|建设|市容|道路|处|局)))(?=.{3,})"
)


class Owner(NamedTuple):
    """An office's name taken apart. `rest` is its own name without any place; `unknown_*` are places the gazetteer
    does not have."""

    printed: str
    rest: str
    level: str
    mentions: tuple[Mention, ...]
    unknown_city: str = ""
    unknown_district: str = ""
    foreign: str = ""  # Latin letters in the name: a mirror site that replaced a word (puroview.com东城街道)

    @property
    def key(self) -> str:
        """The spelling-free own name; "" where the name says nothing but its kind (街道办事处) or its place
        (江岸区人民政府)."""
        return gazetteer.office_key(self.rest)


@lru_cache(maxsize=20_000)
def owner_of(printed: str) -> Owner:
    """Take a plain office name apart: 武汉市江岸区人民政府后湖街道办事处 → rest 后湖街道办事处, mentions 武汉市 and
    江岸区, level street."""
    if _SELF.fullmatch(printed):
        return Owner(printed, "", "", ())
    foreign = "".join(_FOREIGN.findall(printed))
    text = _main_part(_FOREIGN.sub("", _BRACKETS.sub("", printed)))
    text = text.removesuffix("机关") if text.endswith("政府机关") else text
    owner = _taken_apart(printed, text)
    return owner._replace(foreign=foreign) if foreign else owner


def _taken_apart(printed: str, text: str) -> Owner:
    found, at = _leading_places(text)
    rest = text[at:]
    if any(len(code) == 6 for mention in found for code in mention.codes) or not rest:
        return _owner(printed, rest, found)
    unknown = _UNKNOWN_PLACE.fullmatch(rest)
    if unknown and _is_place_prefix(unknown):
        rest = (unknown["seat"] or "") + unknown["rest"]
        return _owner(printed, rest, found, unknown["city"] or "", unknown["district"])
    return _owner(printed, rest, found)


def _owner(printed: str, rest: str, found: list[Mention], city: str = "", district: str = "") -> Owner:
    inner = rest.removeprefix("人民政府").removeprefix("政府")
    if inner != rest and _level_of_rest(inner) in ("street", "town"):
        rest = inner
    level = _level_of_rest(rest)
    if not level and (found or district) and _GOVERNMENT.fullmatch(rest):
        level = _level_of_place(found[-1] if found else None, district)
    elif not level:
        level = "other" if rest else ""
    return Owner(printed, rest, level, tuple(found), city, district)


def _main_part(text: str) -> str:
    """Of several bodies that sign together (X街道工委、X街道办事处) the street office or town, else the first."""
    if "、" not in text:
        return text
    parts = text.split("、")
    return next((part for part in reversed(parts) if _level_of_rest(part) in ("street", "town")), parts[0])


def _leading_places(text: str) -> tuple[list[Mention], int]:
    """The divisions that open a name, and where the name goes on. 武汉 for 武汉市 counts only before a district or an
    area."""
    found: list[Mention] = []
    at = 0
    while at < len(text):
        mention = gazetteer.leading_division(text, at)
        if mention is None and not found:
            city = gazetteer.city_in_short(text)
            behind = len(city) - 1
            if city and (gazetteer.leading_division(text, behind) or _opens_with_area(text[behind:])):
                mention = Mention(city, 0, behind, gazetteer.divisions_named(city))
        if mention is None:
            break
        found.append(mention)
        at = mention.end
    return found, at


def _opens_with_area(text: str) -> bool:
    match = _UNKNOWN_PLACE.fullmatch(text)
    return bool(match and ZONE.search(match["district"]))


def _is_place_prefix(match: re.Match[str]) -> bool:
    """Whether what looks like a district's name is one: its government, an area, or something named before a named
    office."""
    rest = match["rest"]
    if match["seat"]:
        return True
    if not rest:
        return True
    return len(gazetteer.office_key(rest)) >= (4 if _STREET.search(rest) else 3) and (
        bool(match["city"]) or bool(ZONE.search(match["district"])) or _level_of_rest(rest) in ("street", "town")
    )


def _level_of_rest(rest: str) -> str:
    if not rest:
        return ""
    if _TOWN.search(rest):
        return "town"
    if _STREET.search(rest):
        return "street"
    if _COMMITTEE.search(rest):
        return "other"
    return "department" if _DEPARTMENT.search(rest) else ""


def _level_of_place(mention: Mention | None, district: str) -> str:
    if district:
        return "other" if ZONE.search(district) else "district"
    length = max(len(code) for code in mention.codes) if mention else 0
    return {2: "province", 4: "city", 6: "district"}.get(length, "")


def lowest_name(owner: Owner) -> str:
    """The lowest division that the name itself holds; ""."""
    return owner.mentions[-1].name if owner.mentions else ""
