"""What the prose of a report may state: values by quantity, those of the tables and those that only prose tells (channels, ways in)."""

from __future__ import annotations

import random

from sample import cells
from sample.report import Report
from sample.wordings import Value, Wording, names

OUTCOMES = {
    "granted": "applications_granted",
    "partly_granted": "applications_partly_granted",
    "refused": "applications_refused",
    "unavailable": "applications_unavailable",
    "not_processed": "applications_not_processed",
    "other_handling": "applications_other",
}
_WAYS = ("online", "letter", "email", "in_person", "fax")
_CELLS = {
    "coercion": "coercion.decisions",
    "documents_issued": "normative_documents.issued",
    "documents_repealed": "normative_documents.repealed",
    "documents_effective": "normative_documents.effective",
    "fees": "fees.amount",
    "procurement_items": "procurement.items",
    "procurement_amount": "procurement.amount",
}
_APPEALS = {
    "reconsiderations": ("reconsideration",),
    "lawsuits": ("litigation_direct", "litigation_after_reconsideration"),
}


class Knowledge:
    """The values of one report. A quantity that the report does not mention, or whose parts a planted mistake broke, is unknown."""

    def __init__(self, report: Report) -> None:
        self.report = report

    def value(self, name: str) -> float | None:
        """The value of a quantity; of items and ways in that are divided only for one sentence, the whole."""
        head, _, part = name.partition(".")
        if part in ("last", "change_percent"):
            return self._against_last_year(head, part)
        if name in self.report.stated:
            return self.report.stated[name]
        if name == "information_fees":
            return 0.0
        if name in _CELLS:
            return self.report.figures.get(_CELLS[name])
        if head in _APPEALS and head in self.report.stated:
            return self._appeals(head, part)
        if name in OUTCOMES.values():
            return self._outcome(name)
        if head == "items_disclosed" or part in _WAYS:
            return self.report.stated.get(head)
        return self._applicant(part) if head == "applications_received" else None

    def divided(self, wording: Wording, rng: random.Random) -> Value:
        """`value` with the whole divided among the channels, or the ways in, that this sentence tells."""
        shares: dict[str, float] = {}
        for head, allowed in (("items_disclosed", None), ("applications_received", _WAYS)):
            parts = [name for name in dict.fromkeys(names(wording)) if _is_part(name, head, allowed)]
            whole = self.report.stated.get(head)
            if parts and whole is not None:
                told = int(whole * rng.uniform(0.5, 0.9)) if "loose" in wording.when else int(whole)
                shares |= dict(zip(parts, _cut(told, len(parts), rng), strict=True))
        return lambda name: shares[name] if name in shares else self.value(name)

    def _against_last_year(self, name: str, what: str) -> float | None:
        """Last year's value or the change against it in percent, for applications and items."""
        now = self.report.stated.get(name)
        last = self.report.last_received if name == "applications_received" else None
        if name == "items_disclosed" and now:
            last = max(1.0, round(now / random.Random(f"last-{self.report.draw}").uniform(0.7, 1.4)))
        if not now or not last:
            return None
        return last if what == "last" else round((now - last) / last * 100, 1)

    def _appeals(self, head: str, part: str) -> float | None:
        told = {
            outcome: sum(self.report.figures[f"appeals.{channel}.{outcome}"] for channel in _APPEALS[head])
            for outcome in cells.OUTCOMES
        }
        return told[part] if sum(told.values()) == self.report.stated[head] else None

    def _outcome(self, name: str) -> float | None:
        answered = self.report.stated.get("applications_answered")
        told = {code: float(self.report.total_of(group)) for group, code in OUTCOMES.items()}
        return told[name] if answered is not None and sum(told.values()) == answered else None

    def _applicant(self, part: str) -> float | None:
        figures, received = self.report.figures, self.report.stated.get("applications_received")
        natural = figures["applications.received.natural_person"]
        if received is None or received != figures["applications.received.total"] or natural > received:
            return None
        return {"natural_person": natural, "organisation": received - natural}.get(part)


def _is_part(name: str, head: str, allowed: tuple[str, ...] | None) -> bool:
    whole, _, part = name.partition(".")
    return whole == head and bool(part) and (allowed is None or part in allowed)


def _cut(whole: int, pieces: int, rng: random.Random) -> list[float]:
    """`whole` in that many pieces, the first ones larger on average."""
    marks = sorted(rng.randint(0, whole) for _ in range(pieces - 1))
    sizes = [float(high - low) for low, high in zip([0, *marks], [*marks, whole], strict=True)]
    return sorted(sizes, reverse=True)
