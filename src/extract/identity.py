"""Which office a document belongs to, which year it reports on, and when it was published.

Sources, in order. Office: the title (on the page, then in its metadata), the signature, the publisher, the sentence that opens the report.
Year: the title, else the stated statistical period, else the opening sentence; never the date of signature minus one, for offices do
publish late and twice. Published: the date with the signature, else the date under the title, else the page's own date.
What is not found stays blank and what contradicts is told in `notes`; nothing is guessed. Which office of the gazetteer a name may mean
is decided in `extract.owner`.

Only the first 60 and the last 15 paragraphs of the text, the page's furniture and its small tables are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from extract import gazetteer, owner
from extract.dates import UNKNOWN_PERIOD, Period, date_in, is_date_line, period_in, years_in
from extract.document import Document, Grid, Note, Paragraph
from extract.gazetteer import Mention, office_key, plain
from extract.owner import Owner, Place
from extract.titles import Title, is_office_line, simplified, title_of, titles_in

FICTIONAL_MARK = "虚构样例"
OPENING, CLOSING = 60, 15
SHORT_LINE = 90
LABELLED_LINE = 300

_NAME_CHARACTERS = r"[\u3400-\u9fff\U00020000-\U000323af()、]"
_LABELS = "发布机构|发布单位|公开机构|公开单位|发文机关|发文机构|发文单位|责任单位|制作单位|信息来源|文章来源|来源|单位|主办单位|主办"
_NEXT_LABEL = "公开日期|发布日期|发布时间|生成日期|成文日期|发文日期|时间|日期|索引号|文号|主题|分类|有效|浏览|字号|作者|点击|信息|承办|地址|网站|版权|$"
_PUBLISHER = re.compile(rf"(?:发布机构:?|发文机关:?|(?:{_LABELS}):)({_NAME_CHARACTERS}{{3,40}}?)(?={_NEXT_LABEL}|[^\u3400-\u9fff()、])")
_PAGE_DATE = re.compile(
    r"(?:公开日期|发布日期|公布日期|生成日期|发文日期|成文日期|发布时间|公开时间|公布时间|(?<![\u3400-\u9fff])日期"
    r"|(?<!生成|采集|更新|统计|服务|办公|抓取|打印|当前|访问|下载|截止|开放|工作)时间):?(?=20|二)([^至]{8,24})"
)
_TELLING_LABEL = re.compile(r"机构|单位|机关|来源|日期|时间|标题|名称")
_CLOCK = re.compile(r"\s+(?=\d{1,2}[:：]\d\d)")  # 2020-01-20 15:22: the day must not run into the hour
_SIGNED_LINE = re.compile(rf"({_NAME_CHARACTERS}{{3,60}}?)[:,]?((?:20|二).{{6,14}}日)")
_SIGNATURE_LABEL = re.compile(r"^(?:单位|落款|发布单位|签发单位|报告单位)(?:\(.*?\))?:|\((?:盖章|公章|印章|章)\)$")
_OPENING_SENTENCE = re.compile(
    rf"(?:本报告由|现将|现(?:向社会)?(?:予以)?(?:公布|发布|公开)|特(?:向社会)?公布)({_NAME_CHARACTERS}{{3,40}}?)(?=(?:20|二)[\d〇○零一二三四五六七八九]{{2,3}}年|根据|按照|依据|编制)"
)
_ANNOUNCED_YEAR = re.compile(r"(?:公布|发布|编制|撰写|现将|公开).{0,50}?((?:20|二[〇○零])..年)度?.{0,6}政府信息公开.{0,6}(?:年度报告|年报|报告)")
_SECTION = re.compile(
    r"总体情况|情况概述|主动公开政府信息的?情况|收到和处理政府信息公开申请|行政复议.{0,4}(?:提起)?行政诉讼|存在的?(?:主要)?问题.{0,3}改进|其他需要报告"
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who, which year, when. Text is "" and a year or date None where it was not found.

    `office_zh` is the name for tables and charts (后湖街道, 沭阳县发展和改革局), `named` every spelling in the document, `signed_by` the
    signature as printed. `published_on` is the date under the signature, else under the title, else `page_date`, which is what the
    page's own furniture or metadata say. `looks_like_report` is judged by titles and headings alone, `reason` says by which.
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


class Lines(NamedTuple):
    """What identity looks at. `opening` and `closing` are the text's own paragraphs, `labelled` furniture and small tables as label:value."""

    opening: list[str]
    closing: list[str]
    labelled: list[str]
    headings: int


class Signature(NamedTuple):
    """The end of a report: who signed, and the date."""

    signed_by: str
    signed_on: date | None


def identify(document: Document) -> Identity:
    """Who reports in this document, for which year, published when. Never raises for a document that a reader made."""
    lines = _lines_of(document)
    titles = _titles(document, lines)
    own = [title for title in titles if not title.about]
    signature = _signature(lines.closing)
    publishers = _publishers(document, lines)
    notes: list[Note] = []

    owners = _owners(own or titles, signature, publishers, lines.opening)
    fictional = _is_fictional(document)
    reporter = _reporter(owners)
    place = _place(reporter, owners, document, lines, fictional)
    _tell_owner(reporter, place, owners, notes)

    title_year = _title_year(own or titles, notes)
    period = _period(lines.opening)
    page_date = _page_date(document, lines)
    published_on = signature.signed_on or _date_under_title(lines.opening) or page_date
    year = _year(title_year, period, lines.opening, notes)
    _tell_dates(year, published_on, notes)
    looks_like_report, reason = _judge(document, titles, lines.headings)

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


# --- what is looked at -------------------------------------------------------------------------------------------------------------------


def _lines_of(document: Document) -> Lines:
    own: list[str] = []
    labelled: list[str] = []
    headings: set[str] = set()
    for block in document.blocks:
        if isinstance(block, Grid):
            if len(block.cells) <= 60 and block.table <= 3:
                labelled += _label_lines(block)
        elif block.role == "furniture":
            labelled.append(block.text)
        elif block.text:
            own.append(block.text)
            if len(block.text) <= 50:
                found = _SECTION.search(block.text)
                if found:
                    headings.add(found[0][:4])
    return Lines(own[:OPENING], own[-CLOSING:], labelled[:OPENING] + labelled[OPENING:][-CLOSING:], len(headings))


def _label_lines(grid: Grid) -> Iterator[str]:
    """The rows of a small table as 发布机构:value, each pair a line; 「索 引 号」 without its spaces."""
    for row in grid.own_cells():
        for label, value in pairwise(row):
            name = "".join(label.text.split()) if len(label.text) <= 16 else ""
            if _TELLING_LABEL.search(name):
                yield f"{plain(name).rstrip(':')}:{value.text}"


def _is_fictional(document: Document) -> bool:
    """Whether the document says anywhere that it is made up."""
    if any(FICTIONAL_MARK in value for value in document.metadata.values()):
        return True
    return any(
        FICTIONAL_MARK in (block.text if isinstance(block, Paragraph) else block.caption + "".join(cell.text for cell in block.cells[:4]))
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


# --- who -----------------------------------------------------------------------------------------------------------------------------------


def _owners(titles: Sequence[Title], signature: Signature, publishers: Sequence[str], opening: Sequence[str]) -> list[Owner]:
    """Every name the document gives its office, in the order of trust."""
    names = [title.name for title in titles] + [signature.signed_by, *publishers]
    if not any(names):
        names = [match[1] for line in opening[:8] if (match := _OPENING_SENTENCE.search(simplified(plain(line[:LABELLED_LINE]))))]
    return [owner.owner_of(simplified(plain(name))) for name in dict.fromkeys(names) if name]


def _reporter(owners: Sequence[Owner]) -> Owner:
    """The first name that says who: not 街道办事处 alone; and not 青山区 alone, where a street office or town of it is named as well."""
    telling = [one for one in owners if one.key or one.mentions or one.unknown_district]
    if not telling:
        return Owner("", "", "", ())
    first = telling[0]
    if not first.rest and first.level in ("district", "city", "province"):
        return next((one for one in telling if one.level in ("street", "town")), first)
    return first


def _place(reporter: Owner, owners: Sequence[Owner], document: Document, lines: Lines, fictional: bool) -> Place:
    """The place of the reporter. A made-up office is never looked up in the gazetteer, whatever real name it happens to bear."""
    if fictional:
        districts = [named for one in owners for named in _places_of(one, 6)]
        cities = [named for one in owners for named in _places_of(one, 4)]
        return Place(district_zh=next(iter(districts), ""), city_zh=next(iter(cities), ""))
    reporter_place = next((one for one in owners if one.unknown_district), None)
    if reporter_place and not reporter.mentions and not reporter.unknown_district and reporter.level in ("street", "town"):
        reporter = reporter._replace(unknown_city=reporter_place.unknown_city, unknown_district=reporter_place.unknown_district)
    named_by_owners = [mention for one in owners for mention in one.mentions]
    return owner.locate(reporter, [named_by_owners, _Mentions(document, lines, furniture=True), _Mentions(document, lines, furniture=False)])


def _places_of(one: Owner, length: int) -> list[str]:
    unknown = one.unknown_district if length == 6 else one.unknown_city
    known = [mention.name for mention in one.mentions if any(len(code) == length for code in mention.codes)]
    return ([unknown] if unknown else []) + known


class _Mentions(Sequence[Mention]):
    """The divisions that furniture or body name, looked up only when somebody asks: most reports name their district themselves."""

    def __init__(self, document: Document, lines: Lines, furniture: bool) -> None:
        self._texts = [*lines.labelled, *document.metadata.values()] if furniture else [*lines.opening, *lines.closing]
        self._found: list[Mention] | None = None

    def _all(self) -> list[Mention]:
        if self._found is None:
            self._found = [mention for text in self._texts for mention in gazetteer.mentions(plain(text[:LABELLED_LINE]))]
        return self._found

    def __len__(self) -> int:
        return len(self._all())

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        return self._all()[index]


def _publishers(document: Document, lines: Lines) -> list[str]:
    """The offices that metadata or labels (发布机构, 来源, 单位) name as publisher; addresses and media are not offices."""
    found = [plain(document.metadata.get(key, "")) for key in ("publisher", "source", "author")]
    for line in [*lines.opening[:15], *lines.labelled]:
        if "单位" in line or "机构" in line or "来源" in line or "机关" in line or "机 构" in line:
            found += [match[1] for match in _PUBLISHER.finditer(plain(line[:LABELLED_LINE]))]
    return [name for name in dict.fromkeys(found) if name and is_office_line(simplified(name)) and not owner.owner_of(simplified(name)).foreign]


def _signature(closing: Sequence[str]) -> Signature:
    """Who signed and when, read from the end: a date alone below (or above) an office, or both on one line, or an office alone."""
    lines = [line for line in (simplified(plain(text)) if len(text) <= SHORT_LINE else "" for text in closing) if line]
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        if "星期" in line or not ("日" in line or "-" in line or "." in line or "/" in line):
            continue
        both = _SIGNED_LINE.fullmatch(line)
        if both and _signer(both[1]) and date_in(both[2]):
            return Signature(_signer(both[1]), date_in(both[2]))
        if is_date_line(line):
            signer = _signer_near(lines, index)
            if signer or "年" in line:
                return Signature(signer, date_in(line))
    last = next((index for index in range(len(lines) - 1, max(len(lines) - 5, -1), -1) if _signer(lines[index])), None)
    return Signature(_signer_near(lines, last + 1) if last is not None else "", None)


def _signer_near(lines: Sequence[str], index: int) -> str:
    """The office on the line before a date, or two lines before, or behind it; 江岸区人民政府 above 后湖街道办事处 belongs to it."""
    for at in (index - 1, index - 2, index + 1):
        signer = _signer(lines[at]) if 0 <= at < len(lines) else ""
        if not signer:
            continue
        above = _signer(lines[at - 1]) if at else ""
        is_split = above.endswith("人民政府") and not owner.owner_of(signer).mentions and owner.owner_of(signer).level in ("street", "town")
        return above + signer if is_split else signer
    return ""


def _signer(line: str) -> str:
    name = _SIGNATURE_LABEL.sub("", line)
    return name if is_office_line(name) and not _SECTION.search(name) else ""


def _tell_owner(reporter: Owner, place: Place, owners: Sequence[Owner], notes: list[Note]) -> None:
    if not reporter.printed:
        notes.append(Note("office-unknown", "no title, signature or publisher names the office; give it in the file's title or rename the file's owner"))
        return
    if place.how == "unique name":
        notes.append(Note("office-by-name", f"{reporter.printed}: no district is named; taken for the only office of this name in the nation"))
    if place.how == "ambiguous":
        notes.append(Note("place-ambiguous", f"{place.district_zh}: several districts bear this name and no city is named beside it"))
    for one in owners:
        if one.level in ("street", "town") and reporter.level in ("street", "town") and not _may_be_one(one.key, reporter.key):
            notes.append(Note("office-conflict", f"the report of {reporter.printed} also names {one.printed} as its office"))
    if reporter.foreign:
        notes.append(Note("office-conflict", f"Latin letters stand in the office's name: {reporter.printed}; perhaps a mirror that replaces words"))


def _may_be_one(one: str, other: str) -> bool:
    stems = [office_key(name).removesuffix("街道") for name in (one, other)]
    return not all(stems) or stems[0] in stems[1] or stems[1] in stems[0]


# --- which year, when ------------------------------------------------------------------------------------------------------------------------


def _title_year(titles: Sequence[Title], notes: list[Note]) -> int | None:
    """The year of the first title that has one and only one; other titles that say otherwise are told."""
    years = [title.years[0] for title in titles if len(title.years) == 1]
    if len(set(years)) > 1:
        notes.append(Note("year-conflict", f"titles of the document name different years: {', '.join(map(str, dict.fromkeys(years)))}"))
    return years[0] if years else None


def _period(opening: Sequence[str]) -> Period:
    """The statistical period: a sentence that speaks of statistics or data first, else any that spans a calendar year."""
    whole_year = UNKNOWN_PERIOD
    for line in opening:
        if "日" not in line or not ("至" in line or "止" in line or "到" in line or "—" in line or "-" in line or "截" in line or "时间点" in line):
            continue
        period = period_in(plain(line))
        if period == UNKNOWN_PERIOD:
            continue
        if "统计" in line or "数据" in line or "期限" in line or "时限" in line or "时间点" in line:
            return period
        first, last = period
        if first and last and (first.month, first.day, last.month, last.day, last.year - first.year) == (1, 1, 12, 31, 0):
            whole_year = period if whole_year == UNKNOWN_PERIOD else whole_year
    return whole_year


def _year(title_year: int | None, period: Period, opening: Sequence[str], notes: list[Note]) -> int | None:
    first, last = period
    period_year = last.year if last and (not first or first.year == last.year) else None
    if title_year:
        if period_year and period_year != title_year:
            notes.append(Note("year-conflict", f"the title says {title_year}, the statistical period {period_year}; {title_year} is kept"))
        return title_year
    if period_year:
        return period_year
    for line in opening[:8]:
        announced = _ANNOUNCED_YEAR.search(plain(line[:LABELLED_LINE]))
        if announced and len(years_in(announced[1])) == 1:
            return years_in(announced[1])[0]
    notes.append(Note("year-unknown", "neither a title nor a statistical period says which year is reported"))
    return None


def _page_date(document: Document, lines: Lines) -> date | None:
    """The publication date that metadata or a label (公开日期, 发布时间, 时间) gives; dates of headers and of page generation are none."""
    printed = plain(_CLOCK.sub("T", document.metadata.get("published", "")))
    if printed and (day := date_in(printed)):
        return day
    for line in [*lines.labelled, *lines.opening[:25], *lines.closing]:
        if "20" in line and ("时间" in line or "日期" in line or "日 期" in line) and len(line) <= LABELLED_LINE:
            for match in _PAGE_DATE.finditer(plain(_CLOCK.sub("T", line))):
                if day := date_in(match[1]):
                    return day
    return None


def _date_under_title(opening: Sequence[str]) -> date | None:
    """A date alone on one of the lines that follow the title: (2022年1月17日)."""
    for index, line in enumerate(opening[:20]):
        if len(line) <= SHORT_LINE and title_of(line):
            below = [plain(text) for text in opening[index + 1 : index + 4] if len(text) <= 30]
            day = next((date_in(text) for text in below if "年" in text and "星期" not in text and is_date_line(text)), None)
            if day:
                return day
    return None


def _tell_dates(year: int | None, published_on: date | None, notes: list[Note]) -> None:
    if published_on is None:
        notes.append(Note("date-unknown", "no date under a signature or title, and the page gives none"))
    elif year and published_on.year < year:
        notes.append(Note("date-conflict", f"published on {published_on}, before the reported year {year} began"))


# --- is it a report at all -------------------------------------------------------------------------------------------------------------------


def _judge(document: Document, titles: Sequence[Title], headings: int) -> tuple[bool, str]:
    """Whether titles and headings are those of an annual disclosure report, and the reason in words."""
    about = next((title for title in titles if title.about), None)
    if about and not any(title.text in about.text for title in titles if not title.about and title.name):
        return False, f"the title speaks about a report ({about.about}): {about.text}"
    if about and about is titles[0]:
        return False, f"the title speaks about a report ({about.about}): {about.text}"
    if headings >= 2:
        return True, f"{headings} of the statutory section headings"
    if not titles:
        return False, "no title of an annual disclosure report and no statutory section headings"
    if len({(office_key(title.name), title.years) for title in titles}) >= 4:
        return False, f"a list of {len(titles)} reports, none of them here"
    if any(link.kind == "attachment" for link in document.links) and not document.grids():
        return False, "only the title stands here; the report may be the attached file"
    return True, f"the title names an annual report: {titles[0].text}"
