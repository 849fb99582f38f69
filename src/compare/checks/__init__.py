"""The rules of the catalogue, one function each: importing this package registers them.

A: arithmetic inside one report · B: what the prose says against the tables · C: publication and form · D: one year
against the next · E: one office against others.
"""

from compare.checks import arithmetic, digits, form, peers, prose, prose_parts, publication, rates, series, texts, years
from compare.rules import REGISTRY, run

__all__ = [
    "REGISTRY",
    "arithmetic",
    "digits",
    "form",
    "peers",
    "prose",
    "prose_parts",
    "publication",
    "rates",
    "run",
    "series",
    "texts",
    "years",
]
