"""Which office a document belongs to, which year it reports on, and when it was published.

Sources, in order. Office: the title (on the page, then in its metadata), the signature, the publisher, the sentence
that opens the report. Year: the title, else the stated statistical period, else the opening sentence; never the date
of signature minus one, for offices do publish late and twice. Published: the date with the signature, else the date
under the title, else the page's own date. What is not found stays blank and what contradicts is told in `notes`;
nothing is guessed. Which office of the gazetteer a name may mean is decided in `extract.owner`.

Only the first 60 and the last 15 paragraphs of the text, the page's furniture and its small tables are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from extract import gazetteer, owner
from extract.dates import UNKNOWN_PERIOD, Period, period_in, years_in
from extract.document import Document, Note, Paragraph
from extract.gazetteer import LETTER, NAME_LETTER, Mention, office_key, plain
from extract.imprint import (
    LABELLED_LINE,
    SHORT_LINE,
    Lines,
    Signature,
    date_under_title,
    lines_of,
    page_date_of,
    publishers_of,
    signature_of,
)
from extract.owner import Owner, Place
from extract.titles import Title, bare, judge, title_of, titles_in

FICTIONAL_MARK = "虚构样例"
_OPENING_SENTENCE = re.compile(
    rf"(?:本报告由|现将|现(?:向社会)?(?:予以)?(?:公布|发布|公开)|特(?:向社会)?公布)({NAME_LETTER}{{3,40}}?)"
    r"(?=(?:20|二)[\d〇○零一二三四五六七八九]{2,3}年|根据|按照|依据|编制)"
)
_ANNOUNCED_YEAR = re.compile(
    r"(?:公布|发布|编制|撰写|现将|公开).{0,50}?((?:20|二[〇○零])..年)度?.{0,6}政府信息公开.{0,6}(?:年度报告|年报|报告)"
)
_GOVERNMENTS = ("district", "city", "province")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who, which year, when. Text is "" and a year or date None where it was not found.

    `office_zh` is the name for tables and charts (后湖街道, 沭阳县发展和改革局), `named` every spelling in the
    document, `signed_by` the signature as printed. `published_on` is the date under the signature, else under the
    title, else `page_date`, which is what the page's own furniture or metadata say. `looks_like_report` is judged by
    titles and headings alone, `reason` says by which.
    """

    office_id: str = "unknown"
    office_zh: str = ""
    level: str = ""
    district_id: str = ""
    district_zh: str = ""
    city_zh: str = ""
    province_zh: str = ""
    title: str = ""
    title_year: int | None = None
    period_from: date | None = None
    period_to: date | None = None
    year: int | None = None
    published_on: date | None = None
    page_date: date | None = None
    signed_by: str = ""
    named: tuple[str, ...] = ()
    fictional: bool = False
    looks_like_report: bool = False
    reason: str = ""
    notes: list[Note] = field(default_factory=list)


def identify(document: Document) -> Identity:
    """Who reports in this document, for which year, published when. Never raises for a document that a reader made."""
    lines = lines_of(document)
    titles = _titles(document, lines)
    own = [title for title in titles if not title.about]
    signature = signature_of(lines.closing)
    publishers = publishers_of(document, lines)
    notes: list[Note] = []

    themselves = _own_names(own or titles, signature, publishers, lines.opening)
    owners = list(dict.fromkeys([*themselves, *(owner.owner_of(bare(name)) for name in publishers)]))
    fictional = _is_fictional(document)
    reporter = _reporter(themselves, owners)
    place = _place(reporter, owners, document, lines, fictional)
    _tell_owner(reporter, place, owners, notes)

    title_year = _title_year(own or titles, notes)
    period = _period(lines.opening)
    page_date = page_date_of(document, lines)
    published_on = signature.signed_on or date_under_title(lines.opening) or page_date
    year = _year(title_year, period, lines.opening, notes)
    _tell_dates(year, published_on, notes)
    is_cover = not document.grids() and any(link.kind == "attachment" for link in document.links)
    looks_like_report, reason = judge(titles, lines.headings, is_cover)

    return Identity(
        office_id=owner.id_of(reporter, place),
        office_zh=owner.proper_name(reporter, place),
        level=owner.level_of(reporter, place),
        district_id=place.district_id,
        district_zh=place.district_zh,
        city_zh=place.city_zh,
        province_zh=place.province_zh,
        title=_main_title(own or titles),
        title_year=title_year,
        period_from=period[0],
        period_to=period[1],
        year=year,
        published_on=published_on,
        page_date=page_date,
        signed_by=signature.signed_by,
        named=tuple(dict.fromkeys(one.printed for one in owners)),
        fictional=fictional,
        looks_like_report=looks_like_report,
        reason=reason,
        notes=notes,
    )


# --- what is looked at ---


def _is_fictional(document: Document) -> bool:
    """Whether the document says anywhere that it is made up."""
    if any(FICTIONAL_MARK in value for value in document.metadata.values()):
        return True
    return any(
        FICTIONAL_MARK
        in (
            block.text
            if isinstance(block, Paragraph)
            else block.caption + "".join(cell.text for cell in block.cells[:4])
        )
        for block in document.blocks
    )


def _titles(document: Document, lines: Lines) -> list[Title]:
    """All titles: the text's own first, then the metadata's, then those in the furniture."""
    found = titles_in(lines.opening)
    found += [title for key in ("heading", "title") if (title := title_of(document.metadata.get(key, "")))]
    if not any(title.name for title in found):
        found += titles_in([line for line in lines.labelled if len(line) <= SHORT_LINE])
    return found


def _main_title(titles: Sequence[Title]) -> str:
    """The fullest of the titles' own words: one with a name and a year before one with less."""
    best = max(titles, key=lambda title: (bool(title.name), bool(title.years)), default=None)
    return best.text if best else ""


# --- who ---


def _own_names(
    titles: Sequence[Title], signature: Signature, publishers: Sequence[str], opening: Sequence[str]
) -> list[Owner]:
    """The names the report itself gives its office, in the order of trust: titles, signature, the opening sentence."""
    names = [title.name for title in titles] + [signature.signed_by]
    if not any(names) and not publishers:
        shortened = (bare(line[:LABELLED_LINE]) for line in opening[:8])
        names = [match[1] for line in shortened if (match := _OPENING_SENTENCE.search(line))]
    return [owner.owner_of(bare(name)) for name in dict.fromkeys(names) if name]


def _reporter(themselves: Sequence[Owner], owners: Sequence[Owner]) -> Owner:
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


def _place(reporter: Owner, owners: Sequence[Owner], document: Document, lines: Lines, fictional: bool) -> Place:
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
    place = owner.locate(
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


def _tell_owner(reporter: Owner, place: Place, owners: Sequence[Owner], notes: list[Note]) -> None:
    if not reporter.printed:
        notes.append(
            Note(
                "office_unknown",
                "no title, signature or publisher names the office",
            )
        )
        return
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


def _may_be_one(one: str, other: str) -> bool:
    stems = [office_key(name).removesuffix("街道") for name in (one, other)]
    return not all(stems) or stems[0] in stems[1] or stems[1] in stems[0]


# --- which year, when ---


def _title_year(titles: Sequence[Title], notes: list[Note]) -> int | None:
    """The year of the first title that has one and only one; other titles that say otherwise are told."""
    years = [title.years[0] for title in titles if len(title.years) == 1]
    if len(set(years)) > 1:
        notes.append(
            Note(
                "year_conflict",
                f"titles of the document name different years: {', '.join(map(str, dict.fromkeys(years)))}",
            )
        )
    return years[0] if years else None


def _period(opening: Sequence[str]) -> Period:
    """The statistical period: a sentence that speaks of statistics or data first, else any that spans a calendar
    year."""
    whole_year = UNKNOWN_PERIOD
    for line in opening:
        if "日" not in line or not (
            "至" in line
            or "止" in line
            or "到" in line
            or "—" in line
            or "-" in line
            or "截" in line
            or "时间点" in line
        ):
            continue
        period = period_in(plain(line))
        if period == UNKNOWN_PERIOD:
            continue
        if "统计" in line or "数据" in line or "期限" in line or "时限" in line or "时间点" in line:
            return period
        first, last = period
        if (
            first
            and last
            and (first.month, first.day, last.month, last.day, last.year - first.year) == (1, 1, 12, 31, 0)
        ):
            whole_year = period if whole_year == UNKNOWN_PERIOD else whole_year
    return whole_year


def _year(title_year: int | None, period: Period, opening: Sequence[str], notes: list[Note]) -> int | None:
    first, last = period
    period_year = last.year if last and (not first or first.year == last.year) else None
    if title_year:
        if period_year and period_year != title_year:
            notes.append(
                Note(
                    "year_conflict",
                    f"the title says {title_year}, the statistical period {period_year}; {title_year} is kept",
                )
            )
        return title_year
    if period_year:
        return period_year
    for line in opening[:8]:
        announced = _ANNOUNCED_YEAR.search(plain(line[:LABELLED_LINE]))
        if announced and len(years_in(announced[1])) == 1:
            return years_in(announced[1])[0]
    notes.append(Note("year_unknown", "neither a title nor a statistical period says which year is reported"))
    return None


def _tell_dates(year: int | None, published_on: date | None, notes: list[Note]) -> None:
    if published_on is None:
        notes.append(Note("date_unknown", "no date under a signature or title, and the page gives none"))
    elif year and published_on.year < year:
        notes.append(Note("date_conflict", f"published on {published_on}, before the reported year {year} began"))
