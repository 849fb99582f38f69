"""The kinds of files the city publishes in, in one place: name, file ending, the writer that makes it, and whether
the default city uses it."""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple

from sample.hands import Hand
from sample.page import Page, lay_out
from sample.report import Report


class Kind(NamedTuple):
    """`module` is the writer under `sample.writers`; its `write(page)` returns the bytes. `weight` is the share
    among offices; 0 keeps the kind out of the default city. `form` is passed to the writer where one module writes
    several kinds."""

    name: str
    suffix: str
    module: str
    weight: int
    form: str = ""


KINDS = (
    Kind("html", ".html", "html_clean", 40),
    Kind("html-ugly", ".html", "html_ugly", 40),
    Kind("text", ".txt", "text", 20),
    Kind("docx", ".docx", "docx", 0),
    Kind("rtf", ".rtf", "rtf", 0),
    Kind("xlsx", ".xlsx", "xlsx", 0),
    Kind("markdown", ".md", "markdown", 0),
)


def by_name() -> dict[str, Kind]:
    """Name → kind, all that have a writer."""
    return {kind.name: kind for kind in KINDS}


def default_names() -> tuple[str, ...]:
    """The kinds of the default city: all that extract reads so far."""
    return tuple(kind.name for kind in KINDS if kind.weight)


def write(page: Page, kind: str) -> bytes:
    """A laid-out page as a file of this kind. KeyError for an unknown kind."""
    chosen = by_name()[kind]
    writer = import_module(f"sample.writers.{chosen.module}")
    written: bytes = writer.write(page, chosen.form) if chosen.form else writer.write(page)
    return written


def render(report: Report, kind: str, hand: Hand) -> bytes:
    """The same report in any kind: same cells, same prose, whatever the kind does around them."""
    return write(lay_out(report, hand), kind)
