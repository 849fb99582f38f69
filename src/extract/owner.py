"""Whose report it is: an office's name as printed taken apart, and the one office or district of the gazetteer that
it can only mean.

A match is never guessed. An office is taken for one of the gazetteer only where

1. a district that the text names has an office of that name, and no second named district has one; the report's own
   name for itself is asked first, then signature and publisher, then the page's furniture, then the body: the first
   of these that decides, decides;
2. or no district is named there, but one city (or province) that has exactly one district with an office of that name;
3. or exactly one district of the nation has an office of that name in any edition, and no place is named anywhere
   that it does not lie in (then a note says so).

A district or an area that is named and has no such office contradicts: then there is no match, and the office gets an
id of its own.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
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
_ZONE = re.compile(
    r"(?:新区|实验区|高新区|经开区|开发区|示范区|保税区|度假区|风景区|合作区|园区|管理区|产业区|新城|试验区|港区)$"
)
_ZONE_WORDS = "综合实验区|综合改革试验区|经济技术开发区|高新技术产业开发区|经济开发区|开发区|高新区|经开区|实验区|新区"
_ZONE_OF_COUNTY = re.compile(rf"({LETTER}{{2,5}}?)(?:{_ZONE_WORDS})")
_UNKNOWN_PLACE = re.compile(
    rf"(?:(?P<city>{LETTER}{{2,6}}?[市州盟]))?(?P<district>{LETTER}{{1,12}}?(?<![社地小辖片校])(?:区|县|旗|市(?=人民政府)))"
    r"(?P<seat>人民政府|政府)?(?P<rest>.*)"
)
_BRACKETS = re.compile(r"\(.*?\)")
_FOREIGN = re.compile(r"[A-Za-z0-9.]+")
_SELF = re.compile(
    r"[本我](?:街道办事处|街道办|街道|街|镇|乡|办事处|办|局|委|区|县|市|机关|单位|处)(?:人民政府)?"
)  # names nobody
_RELATIVE = re.compile(r"^(?:本|我)?[区县市省](?=.{3,})")


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


class Place(NamedTuple):
    """The divisions around an office, "" where unknown; `office_code` is its nine-digit code where it was matched,
    `how` by which rule."""

    district_id: str = ""
    district_zh: str = ""
    city_zh: str = ""
    province_zh: str = ""
    office_code: str = ""
    how: str = ""
    office_key: str = ""


@lru_cache(maxsize=20_000)
def owner_of(printed: str) -> Owner:
    """Take a plain office name apart: 武汉市江岸区人民政府后湖街道办事处 → rest 后湖街道办事处, mentions 武汉市 and
    江岸区, level street."""
    if _SELF.fullmatch(printed):
        return Owner(printed, "", "", ())
    foreign = "".join(_FOREIGN.findall(printed))
    text = _main_part(_FOREIGN.sub("", _BRACKETS.sub("", printed)))
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
    return bool(match and _ZONE.search(match["district"]))


def _is_place_prefix(match: re.Match[str]) -> bool:
    """Whether what looks like a district's name is one: its government, an area, or something named before a named
    office."""
    rest = match["rest"]
    if match["seat"]:
        return True
    if not rest:
        return True
    return len(gazetteer.office_key(rest)) >= (4 if _STREET.search(rest) else 3) and (
        bool(match["city"]) or bool(_ZONE.search(match["district"])) or _level_of_rest(rest) in ("street", "town")
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
        return "other" if _ZONE.search(district) else "district"
    length = max(len(code) for code in mention.codes) if mention else 0
    return {2: "province", 4: "city", 6: "district"}.get(length, "")


# --- which office, which district ---


def locate(owner: Owner, tiers: Sequence[Sequence[Mention]]) -> Place:
    """The place of an office by the rules above. `tiers`: further mentions, from the most to the least trustworthy."""
    every_tier = [owner.mentions, *tiers]
    if owner.level in ("street", "town") and owner.key:
        code, how, key = _office_code(owner, every_tier)
        if code:
            return _place(code[:6], _names(every_tier))._replace(office_code=code, how=how, office_key=key)
    return _place_without_office(owner, every_tier)


def _names(tiers: Sequence[Sequence[Mention]]) -> list[str]:
    """What the document's own names of its office call their divisions (the name itself and the tier behind it)."""
    return [mention.name for tier in tiers[:2] for mention in tier]


def _office_code(owner: Owner, tiers: Sequence[Sequence[Mention]]) -> tuple[str, str, str]:
    for spelling in _spellings(owner.rest):
        offices = gazetteer.offices_named(spelling)
        districts = sorted({office.code[:6] for office in offices})
        if not districts:
            continue
        chosen, how = _decide(districts, tiers, owner)
        if chosen:
            return gazetteer.current_code(office for office in offices if office.code[:6] in chosen), how, spelling
    return "", "", ""


def _spellings(rest: str) -> list[str]:
    """X街 may be short for X街道 or, where that does not exist, for X街街道 (礼让街, 东街)."""
    key = gazetteer.office_key(rest)
    stem = key.removesuffix("街道")
    return [key, f"{stem}街街道"] if key != stem and not stem.endswith("街") and "街道" not in rest else [key]


def _decide(districts: list[str], tiers: Sequence[Sequence[Mention]], owner: Owner) -> tuple[list[str], str]:
    """Of the districts that have an office of this name the one that the text names, and the rule; ([], "") where it
    is not decided."""
    seen: list[Mention] = []
    for tier in tiers:
        seen.extend(tier)
        is_body = tier is tiers[-1]
        above = _narrowest({code for mention in seen for code in mention.codes})
        named = named_districts(seen)
        if named:
            hits = [code for code in districts if any(code in group for group in named)]
            if _one_place(hits):
                return hits, "district"
            if not hits or is_body:
                return [], ""
        elif above and not is_body:  # a city or province that only the body names may be named in passing
            hits = [code for code in districts if any(code.startswith(city) for city in above)]
            if _one_place(hits):
                return hits, "city"
    free = not owner.unknown_district and not owner.unknown_city and not owner.foreign
    agrees = all(any(districts[0].startswith(code) for code in mention.codes) for mention in seen)
    return (districts, "unique name") if free and agrees and _one_place(districts) else ([], "")


def _narrowest(codes: set[str]) -> set[str]:
    """Without the provinces whose cities are named as well: 湖北省武汉市 means Wuhan."""
    return {code for code in codes if not any(other != code and other.startswith(code) for other in codes)}


def _one_place(codes: Sequence[str]) -> bool:
    """Whether codes are one district: one code, or the codes that one district of one name had one after the other."""
    return len(codes) == 1 or (
        bool(codes) and len({(gazetteer.name_of(code), code[:2]) for code in codes}) == 1 and _successive(codes)
    )


def _successive(codes: Sequence[str]) -> bool:
    newest = max(map(gazetteer.last_edition, codes))
    return sum(gazetteer.last_edition(code) == newest for code in codes) == 1


def named_districts(found: Sequence[Mention]) -> list[tuple[str, ...]]:
    """For each district name its possible codes, those outside the cities and provinces named beside it left out."""
    above = {code for mention in found for code in mention.codes if len(code) < 6}
    groups: dict[str, tuple[str, ...]] = {}
    for mention in found:
        codes = tuple(code for code in mention.codes if len(code) == 6)
        within = tuple(code for code in codes if any(code.startswith(city) for city in above))
        if codes:
            groups[mention.name] = within or codes
    return list(groups.values())


def _place_without_office(owner: Owner, tiers: Sequence[Sequence[Mention]]) -> Place:
    """The district (or only the city) of an office that the gazetteer does not have."""
    names = _names(tiers)
    unknown = Place(district_zh=owner.unknown_district, city_zh=owner.unknown_city)
    if owner.unknown_district and not (_ZONE.search(owner.unknown_district) and owner.level == "other" and owner.rest):
        county = _county_of_zone(owner, tiers)
        if county:
            return _place(county, names)
        return _city_place(owner.mentions, unknown)
    if (
        owner.mentions
        and owner.level in ("city", "province", "department", "other")
        and not named_districts(owner.mentions)
    ):
        return _city_place(owner.mentions, unknown)
    seen: list[Mention] = []
    ambiguous = ""
    for tier in tiers[:-1]:  # the body is no witness for a district when no office of this name is there
        seen.extend(tier)
        named = named_districts(seen)
        if len(named) == 1 and _one_place(named[0]):
            return _place(max(named[0], key=gazetteer.last_edition), names)
        if len(named) == 1:
            ambiguous = next(
                mention.name for mention in seen if mention.codes and any(c in mention.codes for c in named[0])
            )
        if len(named) > 1:
            break
    return _city_place(seen, Place(district_zh=ambiguous, how="ambiguous" if ambiguous else ""))


def _county_of_zone(owner: Owner, tiers: Sequence[Sequence[Mention]]) -> str:
    """平潭综合实验区 with 平潭县 named beside it → the county's code; "" otherwise."""
    match = _ZONE_OF_COUNTY.fullmatch(owner.unknown_district)
    if not match or owner.rest:
        return ""
    for tier in tiers:
        codes = {code for mention in tier for code in mention.codes if len(code) == 6 and mention.name[:-1] == match[1]}
        if codes:
            return codes.pop() if len(codes) == 1 else ""
    return ""


def _city_place(found: Sequence[Mention], place: Place) -> Place:
    """`place` with the one city and province that are named, where there is one."""
    codes = _narrowest({code for mention in found for code in mention.codes if len(code) < 6})
    if len(codes) != 1:
        return place
    code = codes.pop()
    city = gazetteer.city_of(code) or (gazetteer.name_of(code) if code in ("11", "12", "31", "50") else "")
    return place._replace(city_zh=place.city_zh or city, province_zh=gazetteer.province_of(code))


def _place(district: str, names: Sequence[str]) -> Place:
    return Place(
        district, gazetteer.name_of(district, names), gazetteer.city_of(district), gazetteer.province_of(district)
    )


# --- names and ids for the tables ---


def level_of(owner: Owner, place: Place) -> str:
    """street, town, district, city, province, department, other; an area that is a county's other name
    (平潭综合实验区) is a district."""
    return "district" if owner.unknown_district and not owner.rest and place.district_id else owner.level


def proper_name(owner: Owner, place: Place) -> str:
    """The name for tables and charts: a street or town office without its places and in one spelling (后湖街道), any
    other body with its district or city before it (沭阳县发展和改革局, 洪泽区人民政府)."""
    if owner.level in ("street", "town"):
        spelt_out = owner.rest.endswith("办事处") and not owner.rest.endswith(("街道办事处", "街办事处"))
        return owner.rest if spelt_out else place.office_key or owner.key
    own = _RELATIVE.sub("", owner.rest)
    if owner.unknown_district:
        return owner.unknown_district + own
    lowest = lowest_name(owner)
    if not lowest and owner.level == "department":
        lowest = place.district_zh or place.city_zh
    return lowest + own


def lowest_name(owner: Owner) -> str:
    """The lowest division that the name itself holds; ""."""
    return owner.mentions[-1].name if owner.mentions else ""


def id_of(owner: Owner, place: Place) -> str:
    """The code of the gazetteer for a matched office or for a government of a known division; else `x-` and 8 hex
    digits of the sha256 of place and spelling-free name; `unknown` where there is no name."""
    if place.office_code:
        return place.office_code
    own = gazetteer.office_key(_RELATIVE.sub("", owner.rest))
    is_government = owner.level in ("district", "city", "province") and not owner.unknown_district
    if is_government and owner.mentions:
        codes = [place.district_id] if owner.level == "district" else list(owner.mentions[-1].codes)
        if len(codes) == 1 and codes[0]:
            return codes[0]
    if not own and not owner.unknown_district and not is_government:
        return "unknown"
    around = place.district_id or place.district_zh or place.city_zh
    if place.district_zh and not place.district_id and _ZONE.search(place.district_zh):
        around = place.city_zh + place.district_zh  # every city has a 高新区
    name = (owner.unknown_district or lowest_name(owner)) if own in ("", "人民政府", "政府") else own
    return "x-" + hashlib.sha256(f"{around}|{name}".encode()).hexdigest()[:8]
