"""What was read from one document, as text for a terminal: who and when, the tables as tables, stated figures, issues beneath."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path

from .codebook import APPEALS, APPLICATIONS, FORMS, form
from .document import Source
from .facts import Facts
from .report import Report, read_report

MARKS = {"verified": "", "agreed": "", "single": "?", "disputed": "!"}
STATES = {"blank": "·", "dash": "/", "illegible": "✗"}
WIDEST_LABEL = 34
LONGEST_SENTENCE = 70


def show(path: Path) -> tuple[str, bool]:
    """The reading of one file as text, and whether it is a report."""
    data = path.read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    report = read_report(Source(sha256[:12], path.name, "", sha256), data)
    parts = [_head(report)]
    if report.is_report and report.reading is not None:
        parts += [*_tables(report.reading.facts), _stated(report), _sections(report)]
    parts.append(_issues(report))
    return "\n\n".join(part for part in parts if part), report.is_report


def _head(report: Report) -> str:
    if report.identity is None or report.reading is None:
        return f"{report.source.path}: could not be read"
    if not report.is_report:
        return f"{report.source.path} ({report.source.kind}): not a report"
    who, facts = report.identity, report.reading.facts
    proofs = " · ".join(f"{facts.proof.count(proof)} {proof}" for proof in MARKS if proof in facts.proof)
    lines = [
        f"{report.source.path} ({report.source.kind})   {report.report_id}",
        f"{who.title or 'no title found'}",
        f"office {who.office_zh or 'not found'} ({who.office_id})   district {who.district_zh or '–'}   year {who.year or 'not found'}"
        f"   published {who.published_on or 'not found'}" + (f" by {who.signed_by}" if who.signed_by else ""),
        f"{len(facts)} cells: {proofs}   (? one reading only   ! readings differ   · blank   / dash)",
    ]
    return "\n".join(lines)


def _tables(facts: Facts) -> list[str]:
    """Each section's facts laid out as the form prints them."""
    shown = {code: _cell(facts, index) for index, code in enumerate(facts.cell)}
    forms = dict(zip(facts.section, facts.form, strict=True))
    parts = []
    for section in dict.fromkeys(facts.section):
        layout = form(forms[section] if forms[section] in FORMS else FORMS[-1])
        parts.append(f"Section {section}, form {forms[section]}")
        for block, rows in layout.rows.items():
            prefix = f"{block}." if block in (APPLICATIONS, APPEALS) else ""
            if (section in (APPLICATIONS, APPEALS)) != bool(prefix) or (prefix and block != section):
                continue
            columns = layout.columns[block]
            lines = [["", *(column.label_zh.split("（")[0] for column in columns)]]
            for row in rows:
                cells = [shown.get(f"{prefix}{row.code}.{column.code}", "") for column in columns]
                if any(cells):
                    lines.append([row.label_zh, *cells])
            if len(lines) > 1:
                parts[-1] += "\n" + _grid(lines)
    return parts


def _cell(facts: Facts, index: int) -> str:
    text = (
        facts.raw_text[index]
        if facts.state[index] == "reported"
        else STATES.get(facts.state[index], facts.state[index])
    )
    other = (
        f"≠{facts.other_reading[index] or '·'}"
        if facts.proof[index] == "disputed" and facts.other[index] is not None
        else ""
    )
    return f"{text}{other}{MARKS[facts.proof[index]]}"


def _grid(rows: list[list[str]]) -> str:
    rows = [[_cut(row[0], WIDEST_LABEL), *row[1:]] for row in rows]
    widths = [max(_width(row[c]) for row in rows) for c in range(len(rows[0]))]
    return "\n".join("  " + "  ".join(_pad(text, widths[c], left=c == 0) for c, text in enumerate(row)) for row in rows)


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _cut(text: str, width: int) -> str:
    while _width(text) > width:
        text = text.removesuffix("…")[:-1] + "…"
    return text


def _pad(text: str, width: int, left: bool) -> str:
    space = " " * (width - _width(text))
    return text + space if left else space + text


def _stated(report: Report) -> str:
    lines = [
        f"  {figure.quantity} {figure.value:g} {figure.unit}   “{figure.sentence[:LONGEST_SENTENCE]}{'…' if len(figure.sentence) > LONGEST_SENTENCE else ''}”"
        for figure, _ in report.stated
    ]
    return "\n".join(["Stated in the prose", *lines]) if lines else ""


def _sections(report: Report) -> str:
    lines = [
        f"  {section.number}  {_cut(section.title, 60)}  ({len(section.text)} characters)"
        for section in report.sections
    ]
    return "\n".join(["Sections", *lines]) if lines else ""


def _issues(report: Report) -> str:
    if not report.notes:
        return "No issues."
    lines = []
    for note in report.notes:
        at = note.locator
        words = [f"{name} {getattr(at, name)}" for name in ("page", "table", "row", "col") if at and getattr(at, name)]
        lines.append(f"  {note.kind}: {note.message}{' (' + ', '.join(words) + ')' if words else ''}")
    return "\n".join([f"Issues ({len(lines)})", *lines])
