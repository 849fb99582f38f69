"""Reports of one folder that name the same office: what one of them does not say of its place, the others do.

An office writes its district under one year's report and leaves it out in the next; its reports must not fall apart into two offices for that.
Only reports in the same folder are neighbours, and only where all placed ones agree; each place so taken is told as an issue.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

from .document import Note
from .gazetteer import office_key
from .identity import Identity
from .report import Report

PLACE = ("office_id", "level", "district_id", "district_zh", "city_zh", "province_zh")


def share_places(reports: list[Report]) -> None:
    """Give reports without a place the place of their neighbours of the same name, in place, with a note."""
    groups: dict[tuple[str, str], list[Report]] = defaultdict(list)
    for report in reports:
        if report.is_report and report.identity is not None and report.identity.office_zh:
            folder = report.source.path.rpartition("/")[0]
            groups[folder, office_key(report.identity.office_zh)].append(report)
    for members in groups.values():
        placed = {_place(m.identity): m for m in members if m.identity and m.identity.district_zh}
        if len(placed) != 1:
            continue
        [(place, example)] = placed.items()
        for member in members:
            if member.identity is not None and not member.identity.district_zh:
                taken: dict[str, Any] = dict(zip(PLACE, place, strict=True))
                member.identity = replace(member.identity, **taken)
                message = f"its own text names no district; {place[3]} is taken from {example.source.path}, a report of the same office in the same folder"
                member.notes.append(Note("place_from_neighbour", message))


def _place(identity: Identity | None) -> tuple[str, ...]:
    return tuple(getattr(identity, name) for name in PLACE)
