"""Who is who among China's street and town offices: names, the divisions they belong to, and their codes.

Scheme NBS: the statistical division codes (统计用区划代码) of the National Bureau of Statistics, editions 2016 to
2023, folded to offices.csv (9 digits) and divisions.csv (province 2, city 4, district or county 6 digits); `first`
and `last` are the first and the last edition that has this code with this name. A nine-digit code is not the code
that the Ministry of Civil Affairs uses.

Names are no keys: a third of them are borne by more than one office. Who may be taken for whom is decided in
`extract.identity`. offices.csv is searched as bytes, never parsed as a whole: reading it takes 1 ms, parsing it would
take 60.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

REFERENCE = Path(__file__).parent / "reference"
SCHEME = "NBS 2016-2023"

# A letter that is no Latin one, for patterns over `plain` text (Chinese, whatever its plane), and what a printed name
# of an office holds besides. Written as exclusions: a class of all Chinese ranges takes 50 times as long to compile.
LETTER = r"[^\W\da-zA-Z_]"
NAME_LETTER = r"[^\x00-'*-\x7f。〈-】〔〕“”‘’…—]"

# How one street office is written: 后湖街道, 后湖街道办事处, 后湖街道办, 后湖街, 后湖街办事处, 后湖街办. Only one
# ending is taken off, so that 礼让街街道 stays what it is: an office called 礼让街.
_STREET = re.compile(r"(?:街道办事处|街办事处|街道办公室|街道办|街道|街办|街|(?<!地区)办事处)$")
_SEAT = re.compile(r"(?<=[镇乡木区县市旗州盟省])(?:人民政府|政府)$|(?<=地区)办事处$")
_BRACKETED = re.compile(r"\((?!地区\)).*?\)")
_NOT_IN_NAME = re.compile(r"[^\w]|_")
# The last character of every division's name; two-character ones such as 城区 or 东区 are ordinary words as well.
_DIVISION_END = re.compile(r"[省市区县州盟旗]")
_LONGEST = 15
_GENERIC = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})


# All that keeps most texts from being in NFKC: without these they are seen to be so at a glance.
_PUNCTUATION = tuple(zip("，：；（）！？", ",:;()!?", strict=True))


class Division(NamedTuple):
    """A province (2-digit code), city (4) or district (6) under one of its names."""

    code: str
    name: str
    first: int
    last: int


class Office(NamedTuple):
    """A street or town office (9-digit code) under one of its names."""

    code: str
    name: str
    first: int
    last: int


class Mention(NamedTuple):
    """A division's full name found in a text, with the characters it covers. `codes`: every division that bears the
    name."""

    name: str
    start: int
    end: int
    codes: tuple[str, ...]


def plain(text: str) -> str:
    """The text in NFKC (full-width digits and brackets become plain ones) without any white space."""
    for wide, narrow in _PUNCTUATION:
        text = text.replace(wide, narrow)
    return "".join(unicodedata.normalize("NFKC", text).split())


@lru_cache(maxsize=8192)
def office_key(name: str) -> str:
    """One spelling for an office's own name (no district before it): X街, X街道办, X街办事处 … become X街道;
    X镇人民政府 becomes X镇.

    Brackets and punctuation go; "" where nothing but the ending is left (街道办事处). office_key(office_key(x)) ==
    office_key(x).
    """
    text = plain(name)
    if "(" in text:
        text = _BRACKETED.sub("", text)
    text = _NOT_IN_NAME.sub("", text).removeprefix("人民政府")
    text = _SEAT.sub("", text)
    ending = _STREET.search(text)
    if not ending:
        return text
    stem = text[: ending.start()]
    return f"{stem}街道" if stem else ""


# --- divisions ---


@cache
def _divisions() -> dict[str, list[Division]]:
    """Code → the division under each of its names, oldest first."""
    by_code: dict[str, list[Division]] = {}
    lines = (REFERENCE / "divisions.csv").read_text(encoding="utf-8").splitlines()
    for line in lines[1:]:
        _level, code, name, first, last = line.split(",")
        by_code.setdefault(code, []).append(Division(code, name, int(first), int(last)))
    return by_code


@cache
def _codes_by_name() -> dict[str, tuple[str, ...]]:
    """Name → codes of all divisions that bear or bore it, the generic 市辖区 and 县 left out."""
    codes: dict[str, tuple[str, ...]] = {}
    for divisions in _divisions().values():
        for division in divisions:
            if division.name not in _GENERIC:
                codes[division.name] = (*codes.get(division.name, ()), division.code)
    return codes


def divisions_named(name: str) -> tuple[str, ...]:
    """Codes of all provinces, cities and districts that bear this full name in any edition; () where there is none."""
    return _codes_by_name().get(name, ())


def name_of(code: str, preferred: Iterable[str] = ()) -> str:
    """The name of a division: the one among `preferred` that it bears in some edition, else its latest; "" for an
    unknown code."""
    divisions = _divisions().get(code, [])
    wanted = set(preferred)
    for division in divisions:
        if division.name in wanted:
            return division.name
    latest = max(divisions, key=lambda division: division.last, default=None)
    return latest.name if latest else ""


def last_edition(code: str) -> int:
    """The last edition in which a division has this code; 0 for an unknown code."""
    return max((division.last for division in _divisions().get(code, [])), default=0)


def city_of(code: str) -> str:
    """The city of a district, city or office code. Beijing, Tianjin, Shanghai and Chongqing are their own city; ""
    directly under a province."""
    if len(code) < 4:
        return ""
    name = name_of(code[:4])
    if name in ("市辖区", "县"):
        return name_of(code[:2])
    return "" if name in _GENERIC else name


def province_of(code: str) -> str:
    """The province of any code of the scheme."""
    return name_of(code[:2])


@cache
def _short_names() -> dict[str, str]:
    """武汉 → 武汉市 and so on for cities and provinces, where the short form is at least two characters."""
    short: dict[str, str] = {}
    for name, codes in _codes_by_name().items():
        if name[-1] in "市省" and len(name) > 2 and any(len(code) <= 4 for code in codes):
            short[name[:-1]] = name
    return short


def city_in_short(text: str) -> str:
    """The full name of the city or province whose short name opens the text (武汉东湖新技术开发区 → 武汉市); "" where
    none does."""
    for length in (4, 3, 2):
        found = _short_names().get(text[:length])
        if found:
            return found
    return ""


def leading_division(text: str, start: int = 0) -> Mention | None:
    """The longest full name of a division that stands exactly at `start`; a two-character 城区 only behind its city."""
    codes_by_name = _codes_by_name()
    for end in range(min(start + _LONGEST, len(text)), start + 1, -1):
        codes = codes_by_name.get(text[start:end])
        if codes is None:
            continue
        if end - start == 2 and text[end - 1] == "区":
            codes = tuple(code for code in codes if _stands_for_district(text, end, code))
        if codes:
            return Mention(text[start:end], start, end, codes)
    return None


def mentions(text: str) -> list[Mention]:
    """Every full name of a division in a text, the longest at each place, in order. The text should be `plain`.

    A two-character name (城区, 东区) counts only right behind the city it belongs to: 乳山市城区街道 is an office
    called 城区.
    """
    codes_by_name = _codes_by_name()
    found: list[Mention] = []
    for ending in _DIVISION_END.finditer(text):
        end = ending.end()
        for length in range(min(_LONGEST, end), 1, -1):
            name = text[end - length : end]
            codes = codes_by_name.get(name)
            if codes is None:
                continue
            if length == 2 and text[end - 1] == "区":
                codes = tuple(code for code in codes if _stands_for_district(text, end, code))
            if codes:
                while found and found[-1].start >= end - length:
                    found.pop()
                found.append(Mention(name, end - length, end, codes))
            break
    return found


def _stands_for_district(text: str, end: int, code: str) -> bool:
    """Whether the two characters before `end` (城区) are the district `code` here, and not a word or an office's
    name."""
    return text[: end - 2].endswith(name_of(code[:4])) and text[end : end + 1] not in ("街", "办", "镇")


# --- offices ---


@cache
def _offices() -> bytes:
    return (REFERENCE / "offices.csv").read_bytes()


def _lines_with(text: str) -> list[Office]:
    """The offices whose line in offices.csv holds `text` anywhere in the name."""
    table, wanted = _offices(), text.encode()
    found: list[Office] = []
    at = table.find(wanted)
    while at >= 0:
        start = table.rfind(b"\n", 0, at) + 1
        end = table.find(b"\n", at)
        code, name, first, last = table[start:end].decode().split(",")
        found.append(Office(code, name, int(first), int(last)))
        at = table.find(wanted, end)
    return found


@lru_cache(maxsize=20_000)
def offices_named(name: str) -> tuple[Office, ...]:
    """Every office in the nation whose name has the same `office_key`, under that spelling, in order of code. () for
    no name."""
    key = office_key(name)
    stem = key.removesuffix("街道").removesuffix("地区")
    if not stem:
        return ()
    return tuple(office for office in _lines_with(stem) if office_key(office.name) == key)


def current_code(offices: Iterable[Office]) -> str:
    """The one code that stands for an office under all its names and codes in one district: the latest, then the one
    that lasted longest.

    The same for reports of any year, so that an office keeps its id when its code was changed. "" for no office.
    """
    best = max(offices, key=lambda office: (office.last, office.last - office.first, -int(office.code)), default=None)
    return best.code if best else ""
