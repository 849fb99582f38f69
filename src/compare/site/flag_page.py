"""A flag's page: the sentence, both operands, every figure that it stands on, the evidence, people's decisions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from compare.evidence import Archive, Picture, pictures_in, told, trace_in
from compare.language import Words
from compare.published import measure, measures
from compare.rules import REGISTRY
from compare.site.content import Common, Office, Row, report_link
from compare.site.environment import write_page
from compare.site.report_page import original_link, safe_url
from compare.site.svg import count
from compare.site.trajectory import trajectory
from compare.site.wording import Compared
from compare.site.words import AS_YEARS, REACHES, SIDES, SIZES, TIER_MEANINGS, WITH_DIFFERENCE

MOST_PICTURES = 4
TEXT_CHECKS = ("D04", "E03")  # their evidence is the prose of two reports
DIFFERENCE = Words("difference", "相差")


def operands(flag: Row) -> list[Row]:
    """The two sides of a check with their values, and the difference where it means something; none for checks that
    compare no two figures."""
    left, right, names = flag["left"], flag["right"], SIDES.get(flag["check"])
    if names is None or left is None or right is None:
        return []
    texts = [f"{side:.0f}" if flag["check"] in AS_YEARS else told_number(side) for side in (left, right)]
    rows: list[Row] = [{"words": name, "text": text, "kind": "side"} for name, text in zip(names, texts, strict=True)]
    if flag["check"] == "C02":
        return rows[:1]
    if flag["check"] in WITH_DIFFERENCE:
        rows.append({"words": DIFFERENCE, "text": told_number(abs(left - right)), "kind": "difference"})
    return rows


def sign_of(flag: Row) -> str:
    """What stands between the two sides: ≠ for what should be equal, ≥ for a threshold reached, > or < for sizes."""
    if flag["check"] in REACHES:
        return "≥"
    if flag["check"] in SIZES and flag["left"] is not None and flag["right"] is not None:
        return ">" if flag["left"] > flag["right"] else "<"
    return "≠"


def told_number(value: float) -> str:
    """A side of a check: whole where it is whole, else to two decimals below 10 and one above."""
    if math.isfinite(value) and float(value).is_integer():
        return count(value)
    return f"{value:,.2f}" if abs(value) < 10 else f"{value:,.1f}"


def figures(common: Common, archive: Archive, flag: Row) -> list[Row]:
    """The figures behind a flag, leading ones first: what they are, what is printed, proof, place, where they lead."""
    rows = []
    for fact_id in [*flag["own"], *flag["beside"]]:
        if fact_id not in archive.facts.index:
            continue
        fact = trace_in(archive, fact_id)
        rows.append(
            {
                **fact,
                "leading": fact_id in set(flag["own"]),
                "side": side_of(flag, fact["cell"], fact["report_id"]),
                "link": report_link(fact["report_id"], fact["cell"]),
                "file": original_link(common, fact["source_path"], fact["page"]),
                "url": safe_url(fact["url"]),
            }
        )
    return rows


def side_of(flag: Row, cell: str, report_id: str) -> Words | None:
    """On which side of an identity a figure stands."""
    left, right = flag.get("identity") or ([], [])
    if flag["check"] not in SIDES or report_id != flag["report_id"] or not (cell in left or cell in right):
        return None
    return SIDES[flag["check"]][0 if cell in left else 1]


def evidence(common: Common, archive: Archive, flag: Row) -> list[Row]:
    """The pictures of a flag, PNG ones written beside the pages."""
    shown = []
    for number, picture in enumerate(pictures_in(archive, flag["own"], flag["beside"])[:MOST_PICTURES], 1):
        shown.append(picture_row(common, f"evidence/{flag['flag_id']}-{number}.png", picture))
    return shown


def picture_row(common: Common, address: str, picture: Picture) -> Row:
    """One picture as the template takes it."""
    row: Row = {"note": Words(picture.note_en, picture.note_zh), "width": picture.width, "height": picture.height}
    if picture.kind == "html":
        return {**row, "html": Markup(picture.content.decode("utf-8")), "png": ""}  # made by us, texts escaped
    path = common.to / address
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(picture.content)
    return {**row, "html": "", "png": f"../{address}"}


def history_drawing(office: Office, flag: Row) -> str:
    """The office's years of the measure that a statistical flag speaks of, its year ringed; "" for other flags."""
    name = told(flag["instance"])
    if name not in measures().index or name not in office.series:
        return ""
    return Markup(trajectory(office.short, measure(name), office.series[name], int(flag["year"] or 0)))


def quoted(flag: Row, stated: Sequence[Row]) -> list[Row]:
    """The sentences of the report that the flag quotes."""
    return [row for row in stated if row.get("sentence") and str(row["sentence"]) in str(flag["message_zh"])][:1]


def texts_compared(flag: Row, texts: dict[str, dict[int, str]]) -> Compared | None:
    """For a flag about wording, the two texts beside each other."""
    if flag["check"] not in TEXT_CHECKS:
        return None
    before, after = texts.get(flag["other_report"], {}), texts.get(flag["report_id"], {})
    return Compared(before, after) if before and after else None


def write_flag(
    common: Common, archive: Archive, office: Office, flag: Row, report: Row | None, **more: Any
) -> tuple[str, list[Row]]:
    """Write a flag's page; returns its address and its pictures. `more`: stated (the report's stated figures), texts
    (report_id → prose), before and after (flag ids by rank)."""
    found, pictures = figures(common, archive, flag), evidence(common, archive, flag)
    address = write_page(
        common.to,
        f"flag/{flag['flag_id']}.html",
        "flag.html",
        common=common,
        office=office,
        flag=flag,
        rule=REGISTRY[flag["check"]],
        tier_means=TIER_MEANINGS.get(flag["tier"]),
        report=report,
        operands=operands(flag),
        sign=sign_of(flag),
        figures=[row for row in found if row["leading"]],
        further=[row for row in found if not row["leading"]],
        evidence=pictures,
        compared=texts_compared(flag, more["texts"]),
        other=report_link(flag["other_report"]),
        drawing=history_drawing(office, flag),
        quotes=quoted(flag, more["stated"]),
        original=original_link(common, told(report["source_path"])) if report else "",
        url=safe_url(report.get("url")) if report else "",
        before=more["before"],
        after=more["after"],
    )
    return address, pictures
