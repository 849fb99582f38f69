"""The exact rules of the catalogue, one function each: importing this package registers them.

A: arithmetic inside one report · B: what the prose says against the tables · C: publication and form · D: one year
against the next.
"""

from compare.checks import arithmetic, prose, publication, years
from compare.rules import REGISTRY, run

__all__ = ["REGISTRY", "arithmetic", "prose", "publication", "run", "years"]
