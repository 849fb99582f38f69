"""The one office or district of the gazetteer that an office's name can only mean.

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
from extract.owner import RELATIVE, ZONE, Owner, lowest_name

_ZONE_WORDS = "综合实验区|综合改革试验区|经济技术开发区|高新技术产业开发区|经济开发区|开发区|高新区|经开区|实验区|新区"
_ZONE_OF_COUNTY = re.compile(rf"({LETTER}{{2,5}}?)(?:{_ZONE_WORDS})")


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
    if owner.unknown_district and not (ZONE.search(owner.unknown_district) and owner.level == "other" and owner.rest):
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
    own = RELATIVE.sub("", owner.rest)
    if owner.unknown_district:
        return owner.unknown_district + own
    lowest = lowest_name(owner)
    if not lowest and owner.level == "department":
        lowest = place.district_zh or place.city_zh
    return lowest + own


def id_of(owner: Owner, place: Place) -> str:
    """The code of the gazetteer for a matched office or for a government of a known division; else `x-` and 8 hex
    digits of the sha256 of place and spelling-free name; `unknown` where there is no name."""
    if place.office_code:
        return place.office_code
    own = gazetteer.office_key(RELATIVE.sub("", owner.rest))
    is_government = owner.level in ("district", "city", "province") and not owner.unknown_district
    if is_government and owner.mentions:
        codes = [place.district_id] if owner.level == "district" else list(owner.mentions[-1].codes)
        if len(codes) == 1 and codes[0]:
            return codes[0]
    if not own and not owner.unknown_district and not is_government:
        return "unknown"
    around = place.district_id or place.district_zh or place.city_zh
    if place.district_zh and not place.district_id and ZONE.search(place.district_zh):
        around = place.city_zh + place.district_zh  # every city has a 高新区
    name = (owner.unknown_district or lowest_name(owner)) if own in ("", "人民政府", "政府") else own
    return _coined_id(f"{around}|{name}")


@lru_cache(maxsize=4096)  # an office has a report each year
def _coined_id(name: str) -> str:
    return "x-" + hashlib.sha256(name.encode()).hexdigest()[:8]
