"""People's decisions on flags: reviews.csv with flag_id, decision, reason, by, on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from compare.panel import read_table

STALE = "stale"


def without_flag(reviews: Path | None, flag_ids: Sequence[str]) -> list[str]:
    """The flag ids of decisions whose finding is no longer raised, in the order of the file: the figures were corrected,
    the report was replaced, or the rule changed. Raises as `decided` does."""
    raised = {flag_id.partition("-")[0] for flag_id in flag_ids}
    return [flag_id for flag_id in decisions(reviews) if flag_id.partition("-")[0] not in raised]


def decisions(reviews: Path | None) -> dict[str, str]:
    """flag_id → the last decision on it; empty where there is no file. Raises ValueError for a file without the columns
    flag_id and decision."""
    if reviews is None or not reviews.is_file():
        return {}
    table = read_table(reviews.parent, reviews.name)
    if not {"flag_id", "decision"} <= set(table.columns):
        raise ValueError(
            f"{reviews} must have the columns flag_id and decision (and reason, by, on); "
            f"it has {', '.join(table.columns)}."
        )
    table = table[table["flag_id"].notna()]
    return dict(zip(table["flag_id"].astype(str), table["decision"].fillna("").astype(str), strict=True))


def decided(reviews: Path | None, flag_ids: Sequence[str]) -> list[str]:
    """For each flag the decision made on it, "" where none; the last row of a flag in reviews.csv counts.

    A flag id is <finding>-<facts>: where only the second part differs, somebody decided on this finding before its
    facts changed, and the decision is given as "stale: …". Raises as `decisions` does.
    """
    last = decisions(reviews)
    earlier = {flag_id.partition("-")[0]: decision for flag_id, decision in last.items()}
    told = []
    for flag_id in flag_ids:
        finding = flag_id.partition("-")[0]
        stale = f"{STALE}: {earlier[finding]}" if finding in earlier else ""
        told.append(last.get(flag_id, stale))
    return told
