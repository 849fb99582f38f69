"""Labels of the forms: from what is printed beside a number to the row or column of the form that it names.

A label may name several things (其他 is an applicant, a row and an outcome): `roles` returns them all, and place in the table decides.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from .codebook import FORMS, form, read_reference

EXACT, ALIAS, NEAR = "exact", "alias", "near"
ROW, COLUMN, GROUP = "row", "column", "group"
MAX_LABEL = 120
SHORTEST_NEAR, SHORTEST_CUT = (
    4,
    6,
)  # characters of a label in which one may be misread; in which one may be lost or too many
ARTICLE = re.compile(r"第二十条(?:第?\(?[一二三四五六七八九十]\)?项)?")

ENUMERATOR = re.compile(
    r"^(?:\(?[一二三四五六七八九十]{1,3}[)、.]+|\([一二三四五六七八九十]{1,3}\)|\(?\d{1,2}[)、.]+|\d{1,2}(?=[^\d%元]))[、.]?"
)
REMARK = re.compile(r"\([^()]*\)")
OPEN_REMARK = re.compile(r"\([^()]*$")
NOISE = re.compile(r"[\s\u200b-\u200f\ufeff、,。.:;·\"'“”‘’`「」『』《》<>\[\]【】()!?/\\|*_—\-~]+")
UNIT = re.compile(r"亿元|万元|元")
ENGLISH, CHINESE = re.compile(r"[A-Za-z][A-Za-z ,.&'’()/-]*"), re.compile("[\u4e00-\u9fff]")
CUT_LABEL = re.compile(
    r"\d[.、．]+[\u4e00-\u9fff]{2,}[^\d]*"
)  # a row's number and at least two characters of its words
NUMBERED_OTHER, LONGEST_NUMBERED = re.compile(r"\(?(\d)[)、.]+其[他它]"), 8

UNSEEN = dict.fromkeys(
    (*range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF, 0xAD)
)  # takes no room on the page
DIGITS_AHEAD = re.compile(r"^\d{1,2}")
ROW_GROUPS = {"results": "", "litigation": "litigation_", "refused": "refused.", "unavailable": "unavailable.", "not_processed": "not_processed.",
    "other_handling": "other_handling."}  # fmt: skip


class Role(NamedTuple):
    """What a label names: a row, column or group of a block of the forms, and how the wording matched (exact or alias)."""

    kind: str
    block: str
    code: str
    matched_by: str


def plain(text: str) -> str:
    """Full-width to half-width, traditional to simplified, no white space, nothing invisible."""
    return "".join(unicodedata.normalize("NFKC", text).translate(_simplified()).split())


@cache
def _simplified() -> dict[int, str | None]:
    """For pages that sites offer in both scripts: traditional character -> simplified one; what cannot be seen goes."""
    pairs = read_reference("traditional.csv")
    return {ord(pair["traditional"]): pair["simplified"] for pair in pairs} | UNSEEN


def fold(text: str) -> str:
    """A label without white space, punctuation and quotes; enumerator and bracketed remark still in it."""
    return NOISE.sub("", plain(text))


@lru_cache(maxsize=32768)
def stem(text: str) -> str:
    """A label without enumerator ("（三）", "1."), bracketed remarks and punctuation: what all offices spell the same."""
    bare = OPEN_REMARK.sub("", REMARK.sub("", ENUMERATOR.sub("", plain(text))))
    return NOISE.sub("", bare) or fold(text)


@cache
def _official() -> tuple[dict[str, list[Role]], dict[str, list[Role]]]:
    """(by full wording, by stem) of every label of both forms and of the alias table."""
    full: dict[str, list[Role]] = {}
    stems: dict[str, list[Role]] = {}
    for name in FORMS:
        for lines in (form(name).rows, form(name).columns):
            for line in (line for block in lines.values() for line in block):
                role = Role(line.axis, _home(line.block, line.axis, line.code), line.code, EXACT)
                _add(full, fold(line.label_zh), role)
                _add(
                    stems,
                    stem(line.label_zh),
                    role._replace(matched_by=EXACT if REMARK.search(plain(line.label_zh)) is None else ALIAS),
                )
    for record in read_reference("aliases.csv"):
        role = Role(record["axis"], record["block"], record["code"], EXACT if record["axis"] == GROUP else ALIAS)
        _add(stems, stem(record["alias_zh"]), role)
    return full, stems


def _home(block: str, axis: str, code: str) -> str:
    """Columns that several blocks of section 二 share are known under the first of them."""
    return "permits" if axis == COLUMN and code in ("previous_items", "change", "decisions") else block


def _add(table: dict[str, list[Role]], key: str, role: Role) -> None:
    known = table.setdefault(key, [])
    if not any(r[:3] == role[:3] for r in known):
        known.append(role)


@lru_cache(maxsize=32768)
def roles(text: str) -> tuple[Role, ...]:
    """Everything that this label names, by full wording first, then by stem. Empty for a text that is no label of the forms."""
    if text.isascii() or len(text) > MAX_LABEL:  # no label is without Chinese
        return ()
    full, stems = _official()
    bare, printed = plain(text), stem(text)
    found = list(full.get(NOISE.sub("", bare), ()))
    for role in stems.get(printed, ()):
        if not any(r[:3] == role[:3] for r in found):
            found.append(role)
    if not found and ARTICLE.fullmatch(bare):
        return (Role(GROUP, "proactive", "article_20", EXACT),)
    if found and len(text) < LONGEST_NUMBERED and (numbered := NUMBERED_OTHER.fullmatch(bare)):
        return tuple(_other_by_number(found, numbered[1]))
    return tuple(found or _behind_group(printed, stems) or _beside_english(text))


def _beside_english(text: str) -> tuple[Role, ...]:
    """What the Chinese of a label names that is printed in English as well ("结果维持 Upheld")."""
    chinese = ENGLISH.sub("", text)
    if chinese == text or not CHINESE.search(chinese):
        return ()
    return tuple([role._replace(matched_by=ALIAS) for role in roles(chinese)])


def _other_by_number(found: list[Role], number: str) -> list[Role]:
    """What 其他 with a number names: the third row of （六） only with a 3; with a 2 it is what a narrow cell shows of 2.其他法律行政法规禁止公开 in
    its first line."""
    rest = [role for role in found if number == "3" or role[:3] != (ROW, "applications", "other_handling.other")]
    return [*rest, Role(ROW, "applications", "refused.other_law", ALIAS)] if number == "2" else rest


def _behind_group(printed: str, stems: dict[str, list[Role]]) -> list[Role]:
    """The rows that a label names which has the names of its groups in front: "三、本年度办理结果（三）不予公开1.属于国家秘密"."""
    inside = None
    for _ in range(2):  # the stub over all results, then the group
        group = next((group for group in _group_stems() if printed.startswith(group[0])), None)
        if group is None:
            break
        printed, inside = DIGITS_AHEAD.sub("", printed[len(group[0]) :]), ROW_GROUPS[group[1]]
    if inside is None:
        return []
    found = (role for role in stems.get(printed, ()) if role.kind == ROW and role.code.startswith(inside))
    return [role._replace(matched_by=ALIAS) for role in found if role.block in ("applications", "appeals")]


@cache
def _group_stems() -> tuple[tuple[str, str], ...]:
    """(stem, code) of the groups that rows stand in."""
    roles_of = _official()[1].items()
    return tuple((key, r.code) for key, found in roles_of for r in found if r.kind == GROUP and r.code in ROW_GROUPS)


@lru_cache(maxsize=32768)
def role_of(text: str, kind: str, block: str = "") -> Role | None:
    """The role of that kind (and block, if given) that this label has, or None."""
    for role in roles(text):
        if role.kind == kind and (not block or role.block == block):
            return role
    return None


@lru_cache(maxsize=8192)
def near_role(text: str, kind: str, blocks: tuple[str, ...]) -> Role | None:
    """The role (`matched_by` near) of a label of these blocks in which one character is misread ("行政许川"), or lost where it is a long one.

    None for a text that names anything as it stands, and where labels of several roles are that close.
    """
    printed = stem(text) if not text.isascii() and len(text) <= MAX_LABEL and not roles(text) else ""
    length = len(printed)
    if length < SHORTEST_NEAR:
        return None
    by_length = _by_length(kind, blocks)
    alike = [*by_length.get(length, ())]
    for other in (length - 1, length + 1):
        if other >= SHORTEST_CUT:
            alike += by_length.get(other, ())
    found = {role for known, role in alike if Levenshtein.distance(printed, known, score_cutoff=1) <= 1}
    return found.pop() if len(found) == 1 else None


@cache
def _by_length(kind: str, blocks: tuple[str, ...]) -> dict[int, list[tuple[str, Role]]]:
    """(stem, what a label close to it would name) of all labels of these blocks, by the length of the stem."""
    found: dict[int, list[tuple[str, Role]]] = {}
    for known, named in _official()[1].items():
        for role in named:
            if role.kind == kind and role.block in blocks:
                found.setdefault(len(known), []).append((known, role._replace(matched_by=NEAR)))
    return found


@cache
def official_stems(kind: str, block: str) -> dict[str, str]:
    """Code -> stem of the official label, for the rows or columns of a block (form 2021's wording where both have one)."""
    found: dict[str, str] = {}
    for name in FORMS:
        for line in (form(name).rows if kind == ROW else form(name).columns).get(block, ()):
            found[line.code] = stem(line.label_zh)
    return found


@cache
def _numbered_rows() -> dict[str, str]:
    """Folded label, number and all -> code, of the rows of section 三 that bear a number (1.属于国家秘密)."""
    lines = [line for name in FORMS for line in form(name).rows.get("applications", ())]
    return {fold(line.label_zh): line.code for line in lines if line.label_zh[:1].isdigit()}


@lru_cache(maxsize=8192)
def cut_after_number(text: str) -> str:
    """The row of section 三 of which a narrow cell shows number and first words (4.保护, 5.要求), "" where it could be several or none."""
    if not CUT_LABEL.fullmatch(plain(text)):
        return ""
    begun = fold(text)
    codes = {code for label, code in _numbered_rows().items() if label.startswith(begun) and len(label) > len(begun)}
    return codes.pop() if len(codes) == 1 else ""


@lru_cache(maxsize=32768)
def likeness(text: str, kind: str, block: str, code: str) -> float:
    """0–1: how much a label looks like the official one. A label cut short, or one with its group's name in front, counts by the part that stands."""
    printed, official = stem(text), official_stems(kind, block)[code]
    if not printed:
        return 0.0
    ratio = fuzz.ratio(printed, official) / 100
    if len(printed) >= 4 and (official.startswith(printed) or printed.endswith(official)):
        ratio = max(ratio, 0.9)
    if len(official) >= 4 and len(printed) >= 4:
        ratio = max(
            ratio, 0.85 * fuzz.partial_ratio(printed, official) / 100 if min(len(printed), len(official)) >= 5 else 0.0
        )
    return ratio


def unit_in(text: str) -> str:
    """The unit of money that a header names ("采购总金额（万元）" -> 万元), "" where none is."""
    match = UNIT.search(plain(text))
    return match[0] if match else ""
