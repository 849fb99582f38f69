"""A zip archive around one document, as offices attach a report to its page."""

from __future__ import annotations

import posixpath
from typing import NamedTuple

from extract.document import Unreadable
from extract.readers.office_parts.package import Package

_DOCUMENTS = (
    *(".doc", ".docx", ".wps", ".rtf", ".odt", ".pdf", ".txt", ".md"),
    *(".htm", ".html", ".shtml", ".mht", ".mhtml"),
    *(".xls", ".xlsx", ".et", ".ods", ".csv"),
    *(".png", ".jpg", ".jpeg", ".tif", ".tiff"),
)
_MOST_NAMES = 5
UNPACK = "unpack it and put the documents in its place"


class Packed(NamedTuple):
    """A document inside an archive: its name there and its bytes."""

    name: str
    data: bytes


def only_document(data: bytes) -> Packed:
    """The one document that a zip archive holds. Raises Unreadable where there is none or more than one, or where it cannot be
    unpacked within bounds."""
    package = Package(data)
    names = [name for name in package.names() if _is_document(name)]
    if not names:
        raise Unreadable(f"an archive, or an office file, that holds no document: {UNPACK}")
    if len(names) > 1:
        told = ", ".join(posixpath.basename(name)[:60] for name in names[:_MOST_NAMES])
        raise Unreadable(f"an archive of {len(names)} documents ({told}…): {UNPACK}")
    return Packed(names[0], package.read(names[0]))


def _is_document(name: str) -> bool:
    base = posixpath.basename(name.replace("\\", "/"))
    hidden = base.startswith((".", "~$")) or "__MACOSX/" in name
    return not hidden and base.lower().endswith(_DOCUMENTS)
