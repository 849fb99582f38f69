"""Templates to files: every text is escaped by the template engine unless it was made as markup here."""

from __future__ import annotations

import json
import os
import re
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from compare.palette import BREAKS, TIERS
from compare.site.words import TIER_NAMES

LARGEST = 2_000_000  # bytes of one page
SPACE = re.compile(r"\n\s*\n+|(?<=>)\n\s+(?=<)")


@cache
def environment() -> Any:
    """The template engine with what every template may use."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("compare.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        tier_names=TIER_NAMES, tier_signs={name: key.sign for name, key in TIERS.items()}, breaks=BREAKS
    )
    made.filters["count"] = counted
    return made


def counted(value: Any) -> str:
    """A figure as people read it: 1,234 or 12.5; "" for none."""
    if value is None or value != value:
        return ""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}".rstrip("0").rstrip(".")


def write_page(to: Path, address: str, template: str, **values: Any) -> str:
    """Render a template to `to`/`address`; pages one folder deep get root='../'. Returns the address.

    Raises ValueError where a page would be larger than LARGEST: its writer must cut it into parts.
    """
    root = "../" * address.count("/")
    page = environment().get_template(template).render(root=root, address=address, **values)
    page = SPACE.sub("\n", page)
    if len(page.encode("utf-8")) > LARGEST:
        raise ValueError(f"the page {address} would have {len(page):,} characters; a page has at most {LARGEST:,}")
    write_text(to / address, page)
    return address


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".page.")
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    Path(name).chmod(0o644)
    Path(name).replace(path)


def script_value(name: str, *values: Any) -> str:
    """A call with values as a script file that a page opened from the disk may load (it may not fetch JSON there)."""
    texts = [json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c") for value in values]
    return f"{name}({','.join(texts)});\n".replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
