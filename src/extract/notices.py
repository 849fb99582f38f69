"""Issues about whole files: what is told of a file beside what its reader told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import pyarrow as pa

from .schemas import arrow

LONGEST_MESSAGE = 500


class Notice(NamedTuple):
    """One issue about a whole file. `path` is as it is published."""

    path: str
    kind: str
    message: str
    report_id: str = ""


def issues(notices: Iterable[Notice]) -> pa.Table:
    """Notices with the columns of issues.csv."""
    rows = [
        {"source_path": one.path, "report_id": one.report_id or None, "kind": one.kind, "message": one.message[:LONGEST_MESSAGE]}
        for one in notices
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=arrow("issues.csv"))
