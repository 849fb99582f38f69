"""What the names of a file and its folders say, asked only where the document itself says nothing: 后湖街道/2021年政府信息公开年报.pdf."""

from __future__ import annotations

import re
from functools import lru_cache

from extract.titles import bare, is_office_line, title_of

_YEAR = re.compile(r"(?<!\d)20[0-4]\d(?!\d)")
_NO_NAME = re.compile(r"(?<!\d)20[0-4]\d(?!\d)(?:年度|年|度)?|[\s_\-—()]+|\d+")
SUFFIXES = re.compile(r"(?:\.[A-Za-z0-9]{1,5}){1,2}$")


def names_on_path(path: str) -> tuple[str, int | None]:
    """(office, year) as the file's own name, else the nearest folder, has them; "" and None where none does or one name has two years."""
    *folders, name = path.split("/")
    office, year = "", None
    for part in (SUFFIXES.sub("", name), *reversed(folders)):
        own_office, own_year = _named_by(part)
        office, year = office or own_office, year or own_year
        if office and year:
            break
    return office, year


@lru_cache(maxsize=1024)  # many files lie in one folder, and files of many folders are called alike
def _named_by(part: str) -> tuple[str, int | None]:
    """(office, year) that one name of a path has."""
    title = title_of(part)
    name = title.name if title else _NO_NAME.sub("", bare(part))
    years = {int(found) for found in _YEAR.findall(bare(part))} | set(title.years if title else ())
    return name if name and is_office_line(name) else "", years.pop() if len(years) == 1 else None
