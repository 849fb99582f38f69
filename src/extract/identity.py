"""Which office a document belongs to, which year it reports on, and when it was published.

Sources, in order. Office: the title (on the page, then in its metadata), the signature, the publisher, the prose
(`extract.announced`). Year: the title, else the stated statistical period, else the opening
sentence; never the date of signature minus one, for offices do publish late and twice. The names of file and folder are
the last to be asked for either, and then an issue says so. Published: the date with the signature, else the date
under the title, else the page's own date. What is not found stays blank and what contradicts is told in `notes`;
nothing is guessed. Which office of the gazetteer a name may mean is decided in `extract.place`.

Only the first 60 and the last 15 paragraphs of the text, the page's furniture and its small tables are looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from extract.document import Document, Note, Paragraph
from extract.filed import names_on_path
from extract.imprint import SHORT_LINE, Lines, date_under_title, lines_of, page_date_of, publishers_of, signature_of
from extract.owner import Owner, owner_of
from extract.place import id_of, level_of, proper_name
from extract.reported_year import reported_year, statistical_period, tell_dates, title_year_of
from extract.reporter import own_names, place_of, reporter_of, tell_owner
from extract.titles import Title, bare, judge, title_of, titles_in

FICTIONAL_MARK = "虚构样例"


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

    filed_office, filed_year = names_on_path(document.source.path)

    themselves = own_names(own or titles, signature, publishers, lines.opening)
    owners = list(dict.fromkeys([*themselves, *(owner_of(bare(name)) for name in publishers)]))
    fictional = _is_fictional(document)
    reporter = reporter_of(themselves, owners)
    if not reporter.printed and filed_office:
        reporter = _filed(filed_office, owners, notes)
    place = place_of(reporter, owners, document, lines, fictional)
    tell_owner(reporter, place, owners, notes)
    if reporter in themselves and not signature.signed_by and not any(title.name for title in own or titles):
        notes.append(
            Note(
                "office_by_prose",
                f"no title and no signature names the office; {reporter.printed} is named by the text",
            )
        )

    period = statistical_period(lines.opening)
    title_year = title_year_of(own or titles, period, notes)
    page_date = page_date_of(document, lines)
    published_on = signature.signed_on or date_under_title(lines.opening) or page_date
    year = reported_year(title_year, period, lines.opening, filed_year, notes)
    tell_dates(year, published_on, notes)
    is_cover = any(link.kind == "attachment" for link in document.links) and not document.grids()
    looks_like_report, reason = judge(titles, lines.headings, is_cover)

    return Identity(
        office_id=id_of(reporter, place),
        office_zh=proper_name(reporter, place),
        level=level_of(reporter, place),
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


def _is_fictional(document: Document) -> bool:
    """Whether the document says anywhere that it is made up."""
    if any(FICTIONAL_MARK in value for value in document.metadata.values()):
        return True
    return any(
        FICTIONAL_MARK in (block.text if isinstance(block, Paragraph) else block.caption + "".join(block.texts[:4]))
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


def _filed(name: str, owners: list[Owner], notes: list[Note]) -> Owner:
    """The office that the file's or folder's name names, told as an issue, and added to `owners`."""
    notes.append(
        Note("office_by_file", f"the document names no office; {name} is taken from the name of its file or folder")
    )
    owners.insert(0, owner_of(name))
    return owners[0]
