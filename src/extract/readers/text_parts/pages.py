"""The numbers of pages in a text whose pages form feeds part: read on, each would be the number of a row that has none."""

from __future__ import annotations

import re
from itertools import pairwise

FEED = "\f"
FEWEST = 2  # pages that bear a number
_NUMBER = re.compile(r"[-—–\s]*(\d{1,3})[-—–\s]*")


def without_page_numbers(lines: list[str]) -> list[str]:
    """The lines, empty where the first or the last one of each page counts the pages."""
    starts = [0, *(at for at, line in enumerate(lines) if FEED in line), len(lines)]
    if len(starts) <= FEWEST:
        return lines
    pages = [[at for at in range(begin, end) if lines[at].strip()] for begin, end in pairwise(starts)]
    kept = list(lines)
    for edge in (0, -1):
        at = [page[edge] for page in pages if page]
        numbers = [int(found[1]) if (found := _NUMBER.fullmatch(lines[place])) else None for place in at]
        counted = {number - page for page, number in enumerate(numbers) if number is not None}
        if len(counted) == 1 and 2 * numbers.count(None) < len(numbers) >= FEWEST:
            for place, number in zip(at, numbers, strict=True):
                kept[place] = lines[place] if number is None else FEED * lines[place].count(FEED)
    return kept
