"""Who reports: the names that a document gives its office, in the order of trust, and the place of the one that tells."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract import gazetteer, owner
from extract.announced import office_told
from extract.document import Document, Note
from extract.gazetteer import LETTER, Mention, office_key, plain
from extract.imprint import LABELLED_LINE, Lines, Signature
from extract.owner import Owner
from extract.place import Place, locate
from extract.titles import Title, bare

_GOVERNMENTS = ("district", "city", "province")


def own_names(
    titles: Sequence[Title], signature: Signature, publishers: Sequence[str], opening: Sequence[str]
) -> list[Owner]:
    """The names the report itself gives its office, in the order of trust: titles, signature; the prose where nothing else says more than whose site it is."""
    names = [title.name for title in titles] + [signature.signed_by]
    if not any(names) and all(owner.owner_of(bare(name)).level in _GOVERNMENTS for name in publishers):
        names = [office_told(opening)]
    return [owner.owner_of(bare(name)) for name in dict.fromkeys(names) if name]


def reporter_of(themselves: Sequence[Owner], owners: Sequence[Owner]) -> Owner:
    """The first name that says who.

    街道办事处 alone says nothing; 青山区 alone yields to a street office or town that is named as well. A government
    that only the page names (来源, 主办单位) is the site's, not the report's; nor does one report where 街道办 is in
    the title.
    """
    nameless = any(one.level in ("street", "town") and not one.key for one in themselves)
    telling = [
        one
        for one in owners
        if (one.key and one.level not in _GOVERNMENTS)
        or (one in themselves and not nameless and (one.mentions or one.unknown_district))
    ]
    if not telling:
        return Owner("", "", "", ())
    first = telling[0]
    if not first.rest and first.level in _GOVERNMENTS:
        return next((one for one in telling if one.level in ("street", "town")), first)
    return first


def place_of(reporter: Owner, owners: Sequence[Owner], document: Document, lines: Lines, fictional: bool) -> Place:
    """The place of the reporter. A made-up office is never looked up in the gazetteer, whatever real name it happens
    to bear."""
    if fictional:
        districts = [named for one in owners for named in _places_of(one, 6)]
        cities = [named for one in owners for named in _places_of(one, 4)]
        return _with_city(Place(district_zh=next(iter(districts), ""), city_zh=next(iter(cities), "")), lines)
    reporter_place = next((one for one in owners if one.unknown_district), None)
    if (
        reporter_place
        and not reporter.mentions
        and not reporter.unknown_district
        and reporter.level in ("street", "town")
    ):
        reporter = reporter._replace(
            unknown_city=reporter_place.unknown_city, unknown_district=reporter_place.unknown_district
        )
    named_by_owners = [mention for one in owners for mention in one.mentions]
    place = locate(
        reporter,
        [named_by_owners, _Mentions(document, lines, furniture=True), _Mentions(document, lines, furniture=False)],
    )
    return _with_city(place, lines)


def _with_city(place: Place, lines: Lines) -> Place:
    """`place` with the city that some line names right before a district that the gazetteer lacks (云汐市栖霞湾区)."""
    if place.city_zh or place.district_id or not place.district_zh:
        return place
    before = re.compile(rf"(?<!{LETTER})({LETTER}{{2,5}}市){re.escape(place.district_zh)}")
    for line in (*lines.closing, *lines.labelled, *lines.opening):
        found = before.search(line) if place.district_zh in line else None
        if found:
            return place._replace(city_zh=found[1])
    return place


def _places_of(one: Owner, length: int) -> list[str]:
    unknown = one.unknown_district if length == 6 else one.unknown_city
    known = [mention.name for mention in one.mentions if any(len(code) == length for code in mention.codes)]
    return ([unknown] if unknown else []) + known


class _Mentions(Sequence[Mention]):
    """The divisions that furniture or body name, looked up only when somebody asks: most reports name their district
    themselves."""

    def __init__(self, document: Document, lines: Lines, furniture: bool) -> None:
        self._texts = [*lines.labelled, *document.metadata.values()] if furniture else [*lines.opening, *lines.closing]
        self._found: list[Mention] | None = None

    def _all(self) -> list[Mention]:
        if self._found is None:
            self._found = [
                mention for text in self._texts for mention in gazetteer.mentions(plain(text[:LABELLED_LINE]))
            ]
        return self._found

    def __len__(self) -> int:
        return len(self._all())

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        return self._all()[index]


def tell_owner(reporter: Owner, place: Place, owners: Sequence[Owner], notes: list[Note]) -> None:
    if not reporter.printed:
        notes.append(
            Note(
                "office_unknown",
                "no title, signature or publisher names the office",
            )
        )
        return
    if reporter.unknown_district != place.district_zh and place.district_id and place.district_zh:
        _tell_foreign_words(reporter, place, notes)
    if place.how == "unique name":
        notes.append(
            Note(
                "office_by_name",
                f"{reporter.printed}: no district is named; taken for the only office of this name in the nation",
            )
        )
    if place.how == "ambiguous":
        notes.append(
            Note(
                "place_ambiguous",
                f"{place.district_zh}: several districts bear this name and no city is named beside it",
            )
        )
    for one in owners:
        if (
            one.level in ("street", "town")
            and reporter.level in ("street", "town")
            and not _may_be_one(one.key, reporter.key)
        ):
            notes.append(
                Note("office_conflict", f"the report of {reporter.printed} also names {one.printed} as its office")
            )
    if reporter.foreign:
        notes.append(
            Note(
                "office_conflict",
                f"Latin letters stand in the office's name: {reporter.printed}; perhaps a mirror that replaces words",
            )
        )


def _tell_foreign_words(reporter: Owner, place: Place, notes: list[Note]) -> None:
    """Words before a district's name that are no place: a mirror site that replaced what stood there (威廉希尔中国荔湾区)."""
    if reporter.unknown_district.endswith(place.district_zh):
        words = reporter.unknown_district.removesuffix(place.district_zh)
        notes.append(
            Note(
                "office_conflict",
                f"{words} stands before the district in the office's name: {reporter.printed}; perhaps a mirror that replaces words",
            )
        )


def _may_be_one(one: str, other: str) -> bool:
    stems = [office_key(name).removesuffix("街道") for name in (one, other)]
    return not all(stems) or stems[0] in stems[1] or stems[1] in stems[0]
