"""People of the city: who answers the telephone. Made-up names, and numbers with an area code that does not exist."""

from __future__ import annotations

import random
from typing import NamedTuple

_SURNAMES = "林沈顾苏许陆叶程方夏"
_GIVEN = "知远子安望舒云深怀玉若谷听澜思齐景行"


class Contact(NamedTuple):
    """Where readers may ask."""

    person: str
    telephone: str
    postcode: str
    street: str


def contact(rng: random.Random, stem: str) -> Contact:
    """A contact of the office `stem`; area code 0000 and postcodes that begin with 000 belong to nobody."""
    person = rng.choice(_SURNAMES) + "".join(rng.sample(_GIVEN, 2))
    telephone = f"0000-{rng.randint(1000000, 9999999)}"
    return Contact(person, telephone, f"000{rng.randint(100, 999)}", f"{stem}路{rng.randint(1, 399)}号")
