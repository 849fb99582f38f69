"""What the headings above a paragraph say that it is about: （二）依申请公开, beneath it 1.收件情况, beneath it a sentence."""

from __future__ import annotations

import re
from functools import lru_cache

from extract.channels import channels_in
from extract.known import known

OUTLINE_LINE = re.compile(
    r"\s*(?:(?P<part>[一二三四五六七八九十]+、)|(?P<bracket>[（(]?[一二三四五六七八九十]+[）)])|(?P<digit>\d{1,2}[.．、](?!\d))|(?P<inner>[（(]\d{1,2}[)）]|[①-⑨]))"
)
OPENS_OUTLINE = re.compile(
    r"\s|[一二三四五六七八九十][一二三四五六七八九十、）)]|[（(][一二三四五六七八九十\d]|\d[\d.．、]|[①-⑨]"
)
LONGEST = 40
LEAD = re.compile(r"[^。：:，；\n]{2,24}(?=[。：:])")  # 1.收件情况：新收申请3件。
APPLICATIONS = re.compile(r"依申请|申请公开|公开申请")
ITEMS = re.compile(r"主动公开|公开数量|公开渠道|公开内容|公开方式|公开形式")
OTHER = re.compile(r"互动|咨询|信访|热线|投诉|留言|建议|提案|培训|管理|监督|保障|复议|诉讼")


@lru_cache(maxsize=1024)  # offices head their parts alike, year after year
def _topic_of(heading: str) -> str | None:
    """applications or items where a heading tells so, "" where it tells of both or of something else, None where it tells nothing."""
    requests, items = APPLICATIONS.search(heading), ITEMS.search(heading)
    if requests or items:
        return "" if requests and items else "applications" if requests else "items"
    return "" if OTHER.search(heading) else None


def _opens(start: str) -> bool:
    """Whether a line that starts with these two characters may be one of an outline."""
    return OPENS_OUTLINE.match(start) is not None


_may_open = known(_opens, 4096)


def _opening(text: str) -> tuple[int, str] | None:
    """The level of the part that a paragraph opens and the words that head it ("" where none do); None where it opens none."""
    mark = OUTLINE_LINE.match(text)
    if not mark:
        return None
    level = ("part", "bracket", "digit", "inner").index(mark.lastgroup or "inner")
    if len(text) <= LONGEST and "。" not in text:
        return level, text
    lead = LEAD.match(text, mark.end())
    return level, lead[0] if lead else ""


_known_opening = known(_opening, 1024)


class Subheadings:
    """The headings above the present paragraph: their `text` together, the `topic` (applications, items or "") and the `channel` (a quantity or
    "") that they speak of. Made anew for each section."""

    def __init__(self) -> None:
        self._above: list[tuple[int, str]] = []
        self.text, self.topic, self.channel = "", "", ""

    def read(self, text: str) -> None:
        """Take in a paragraph: a short line with a number, or a number and a few words before 。 or ：, opens a part."""
        if not _may_open(text[:2]):
            return
        opened = _known_opening(text) if len(text) <= LONGEST else _opening(text)
        if not opened:
            return
        level, lead = opened
        self._above = [(above, words) for above, words in self._above if above < level]
        if lead:
            self._above.append((level, lead))
        self.text = "".join(words for _, words in self._above)
        self.topic, self.channel = self._topic(), self._channel()

    def _topic(self) -> str:
        """applications or items where the nearest heading that tells says so, else ""."""
        for _, words in reversed(self._above):
            topic = _topic_of(words)
            if topic is not None:
                return topic
        return ""

    def _channel(self) -> str:
        """The quantity of the one channel that the deepest heading names (2.政府网站信息公开), else ""."""
        if not self._above:
            return ""
        deepest = self._above[-1][1]
        channels = channels_in(deepest) if "公开" in deepest else ()
        return channels[0] if len(channels) == 1 else ""
