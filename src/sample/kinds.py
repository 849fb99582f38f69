"""The kinds of files the city publishes in, in one place: name, file ending, the writer that makes it, and whether
the default city uses it."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import NamedTuple

from sample.hands import Hand
from sample.page import Page, lay_out
from sample.report import Report


class Kind(NamedTuple):
    """`module` is the writer under `sample.writers`; its `write(page)`, or `write(page, form)` where one module writes
    several kinds, returns the bytes. `weight` is the kind's share among offices, `in_default` whether a city uses it
    when nobody names kinds, `needs` the module that must be installed for it."""

    name: str
    suffix: str
    module: str
    weight: int
    in_default: bool = False
    form: str = ""
    needs: str = ""


KINDS = (
    Kind("html", ".html", "html_clean", 30, in_default=True),
    Kind("html-ugly", ".html", "html_ugly", 30, in_default=True),
    Kind("text", ".txt", "text", 10, in_default=True),
    Kind("docx", ".docx", "docx", 12, in_default=True),
    Kind("pdf", ".pdf", "pdf", 15, needs="reportlab", in_default=True),
    Kind("scan", ".pdf", "scan", 3, form="clean", needs="reportlab"),
    Kind("scan-degraded", ".pdf", "scan", 1, form="degraded", needs="reportlab"),
    Kind("scan-photocopy", ".pdf", "scan", 1, form="photocopy", needs="reportlab"),
    Kind("scan-tiff", ".tif", "scan", 1, form="tiff", needs="reportlab"),
    Kind("scan-mixed", ".pdf", "scan", 1, form="mixed", needs="reportlab"),
    Kind("picture", ".jpg", "scan", 1, form="picture", needs="reportlab"),
    Kind("picture-png", ".png", "scan", 1, form="png", needs="reportlab"),
    Kind("doc", ".doc", "doc", 5, in_default=True),
    Kind("odt", ".odt", "odt", 1, in_default=True),
    Kind("rtf", ".rtf", "rtf", 2, in_default=True),
    Kind("xlsx", ".xlsx", "xlsx", 3, in_default=True),
    Kind("xls", ".xls", "xls", 1, in_default=True),
    Kind("markdown", ".md", "markdown", 2, in_default=True),
)


# Pictures are read a hundred times as slowly as other files: a city for which nobody named kinds has no more than one of each.
FEW = ("scan", "scan-photocopy", "scan-degraded")


def by_name() -> dict[str, Kind]:
    """Name → kind, all that have a writer."""
    return {kind.name: kind for kind in KINDS}


def installed(kind: Kind) -> bool:
    """Whether what the kind needs is installed."""
    return not kind.needs or find_spec(kind.needs) is not None


def default_names() -> tuple[str, ...]:
    """The kinds of a city for which nobody named any: those that extract reads, and that can be written here."""
    return tuple(kind.name for kind in KINDS if kind.in_default and installed(kind))


def few_names() -> tuple[str, ...]:
    """The kinds of which such a city has one document each, if it is large enough, and that can be written here."""
    return tuple(name for name in FEW if installed(by_name()[name]))


def left_out() -> tuple[Kind, ...]:
    """The kinds of such a city that cannot be written here: what they need is not installed."""
    return tuple(kind for kind in KINDS if kind.in_default and not installed(kind))


def write(page: Page, kind: str) -> bytes:
    """A laid-out page as a file of this kind. KeyError for an unknown kind."""
    chosen = by_name()[kind]
    writer = import_module(f"sample.writers.{chosen.module}")
    written: bytes = writer.write(page, chosen.form) if chosen.form else writer.write(page)
    return written


def render(report: Report, kind: str, hand: Hand) -> bytes:
    """The same report in any kind: same cells, same prose, whatever the kind does around them."""
    return write(lay_out(report, hand), kind)
