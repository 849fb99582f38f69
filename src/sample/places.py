"""The fictional city, its districts and its street offices: names that no real place bears (a test holds them
against the gazetteer).

Every character is among the common hanzi of GB 2312 (level 1), so that any office's fonts and character set have it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

CITY = "墨澜市"
PROVINCE = "烛澜省"

_FIRST = "烛墨萤蝉鹤雁鹰鹊燕蝶绸纱绢缎锦瓷砚笛琴瑟檀樱榴橙棉麻雾霜虹霞澜"
_SECOND = "帆桨舟灯伞扇窗廊阶梭笛笔卷砚瓦钟弦袖扣针锁铃哨鼓"
_MIDDLE = "云月雪星露松竹梅兰荷桂枫桐柳苔萍茶棋书画"
_DISTRICT_FIRST = "霞虹雾棉麻檀樱榴"
_DISTRICT_SECOND = "屏轩匣枕帘杯盏壶碗轴"


@dataclass(frozen=True, slots=True)
class Office:
    """A street office. `key` is its folder name, `stem` its name without 街道."""

    number: int
    key: str
    stem: str
    district: str
    district_key: str

    @property
    def name(self) -> str:
        """The name as people say it: X街道."""
        return f"{self.stem}街道"

    @property
    def full_name(self) -> str:
        """The name as it signs: city, district, 人民政府, X街道办事处."""
        return f"{CITY}{self.district}人民政府{self.stem}街道办事处"

    def spellings(self) -> tuple[str, ...]:
        """The names under which one office appears in its own reports."""
        stem, district = self.stem, self.district
        return (
            f"{stem}街道办事处",
            f"{stem}街道",
            f"{district}{stem}街道办事处",
            f"{district}人民政府{stem}街道办事处",
            f"{CITY}{district}{stem}街道",
            f"{CITY}{district}人民政府{stem}街道办事处",
            f"{stem}街道办",
            f"{stem}街",
        )


def stems() -> list[str]:
    """All office names in a fixed order: two-character names first, then three-character ones (about 15,000 in all)."""
    pairs = [first + second for second in _SECOND for first in _FIRST if first != second]
    triples = [
        first + middle + second for middle in _MIDDLE for second in _SECOND for first in _FIRST if first != second
    ]
    return pairs + triples


def districts(count: int) -> list[str]:
    """The first `count` district names (80 bear a name of their own; ValueError beyond)."""
    names = [first + second for second in _DISTRICT_SECOND for first in _DISTRICT_FIRST]
    if count > len(names):
        raise ValueError(f"the fictional city has names for {len(names)} districts, not for {count}")
    return [f"{name}区" for name in names[:count]]


def district_count(offices: int) -> int:
    """About twenty street offices to a district, and three districts as soon as each can have five."""
    return min(max(offices // 20, min(3, max(1, offices // 5))), 80)


def settle(offices: int, seed: int) -> list[Office]:
    """`offices` street offices spread evenly over their districts. Names depend on the seed, keys on the number
    alone."""
    known = stems()
    if not 1 <= offices <= len(known):
        raise ValueError(f"--offices must be between 1 and {len(known)}, not {offices}")
    rng = random.Random(f"places-{seed}")
    pool = known[: max(len(_FIRST) * len(_SECOND), offices)]
    rng.shuffle(pool)
    names = districts(district_count(offices))
    settled = []
    for number in range(offices):
        place = number * len(names) // offices
        key, district_key = f"office-{number + 1:04d}", f"district-{place + 1:02d}"
        settled.append(Office(number, key, pool[number], names[place], district_key))
    return settled
