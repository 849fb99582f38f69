"""The prose of the panel's reports, ready to be compared: sizes of the sections, normalised text, sets of grams."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from compare.narrative_likeness import grams, normalised
from compare.panel import NotPublishedError, Panel

SECTIONS = 7  # 0 is what stands before the first heading
TOLD = (1, 5, 6)  # the sections that are prose; 二 to 四 are tables
PARTS = re.compile(r"(?:^|\n|。)\s*[（(]?([一二三四五])[)）、]|(?:^|\n)\s*([1-5])[.、．]", re.MULTILINE)


class Narratives(NamedTuple):
    """`present` bool and `lengths` int32, reports × sections 0–6 (characters without space; a section may be there and
    empty); `parts` the number of numbered sub-parts of 一; `opening` the text before the first heading and the first 600
    characters of 一, without white space; `fifth` the normalised text of section 五, `text` that of 一, 五 and 六, one
    each per report. `known` is False where no table of sections is published."""

    present: np.ndarray
    lengths: np.ndarray
    parts: np.ndarray
    opening: list[str]
    fifth: list[str]
    text: list[str]
    known: bool


def narratives(panel: Panel) -> Narratives:
    """The prose of the panel, worked out once."""
    made: Narratives = panel.stored("narratives", read_narratives)
    return made


def prose_grams(panel: Panel) -> list[np.ndarray]:
    """The sets of grams of `Narratives.text`, one per report, worked out once."""
    made: list[np.ndarray] = panel.kept("grams", lambda loaded: [grams(text) for text in narratives(loaded).text])
    return made


def read_narratives(panel: Panel) -> Narratives:
    """Read sections.csv; everything empty where it is not published."""
    count = len(panel.reports)
    present, lengths = np.zeros((count, SECTIONS), dtype=bool), np.zeros((count, SECTIONS), dtype=np.int32)
    texts: list[dict[int, str]] = [{} for _ in range(count)]
    try:
        table = panel.rows_of("sections.csv")
    except NotPublishedError:
        return gather(present, lengths, texts, known=False)
    rows = pd.Index(panel.reports["report_id"].astype(object)).get_indexer(table["report_id"].astype(object))
    sections = table["section"].fillna(0).astype(int).to_numpy()
    for row, section, text in zip(rows, sections, table["text"].fillna("").astype(object), strict=True):
        if row >= 0 and 0 <= section < SECTIONS:
            present[row, section] = True
            texts[row][section] = texts[row].get(section, "") + str(text)
            lengths[row, section] += len(re.sub(r"\s", "", str(text)))
    return gather(present, lengths, texts, known=True)


def gather(present: np.ndarray, lengths: np.ndarray, texts: list[dict[int, str]], known: bool) -> Narratives:
    """What the rules compare, from the sections of each report."""
    prose = [normalised("".join(of_report.get(section, "") for section in TOLD)) for of_report in texts]
    parts = np.array(
        [len({a or b for a, b in PARTS.findall(of_report.get(1, ""))}) for of_report in texts], dtype=np.int32
    )
    opening = [re.sub(r"\s", "", of_report.get(0, "") + of_report.get(1, "")[:600]) for of_report in texts]
    fifth = [normalised(of_report.get(5, "")) for of_report in texts]
    return Narratives(present, lengths, parts, opening, fifth, prose, known)
