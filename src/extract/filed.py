"""What the names of a file and its folders say, asked only where the document itself says nothing: 后湖街道/2021年政府信息公开年报.pdf."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from extract.titles import bare, is_office_line, title_of

_YEAR = re.compile(r"(?<!\d)20[0-4]\d(?!\d)")
_NO_NAME = re.compile(r"(?<!\d)20[0-4]\d(?!\d)(?:年度|年|度)?|[\s_\-—()]+|\d+")
SUFFIXES = re.compile(r"(?:\.[A-Za-z0-9]{1,5}){1,2}$")


def names_on_path(path: str) -> tuple[str, int | None]:
    """(office, year) as the file's own name, else the nearest folder, has them; "" and None where none does or one name has two years."""
    parts = PurePosixPath(path).parts
    if not parts:
        return "", None
    office, year = "", None
    for part in (SUFFIXES.sub("", parts[-1]), *reversed(parts[:-1])):
        title = title_of(part)
        name = title.name if title else _NO_NAME.sub("", bare(part))
        office = office or (name if name and is_office_line(name) else "")
        years = {int(found) for found in _YEAR.findall(bare(part))} | set(title.years if title else ())
        year = year or (years.pop() if len(years) == 1 else None)
        if office and year:
            break
    return office, year
