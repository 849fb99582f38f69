"""Flags on the real reports: what is raised is true of the documents, and nothing else is raised."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from compare import flags, panel
from extract import build

# Each flag that the reports deserve, and what stands in the document.
DESERVED = [
    ("hongze-2023", "A04", "certain"),  # reconsideration: 10 + 1 printed beside a total of 0
    ("hongze-2023", "A04", "certain"),  # litigation after reconsideration: 5 printed beside a total of 0
    ("hongze-2023", "C06", "look"),  # one undivided row （六）, as in the form of 2019
    ("shuyang-fgj-2023", "C05", "look"),  # the five columns in the middle are blank
    ("pingtan-2022", "B01", "look"),  # the 75 of the prose are 74 received and 1 carried in
    ("", "C01", "review"),  # 2020 is not among the three years of this area
]


@pytest.fixture(scope="module")
def found(real_reports: Path, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """All flags, with the name of their document in `document`, "" where they are on none."""
    out = tmp_path_factory.mktemp("real")
    build.build(real_reports, out)
    loaded = panel.load(out)
    made = flags.make(loaded)
    paths = loaded.reports.set_index("report_id")["source_path"].astype(str)
    names = [Path(paths[r]).stem if r else "" for r in made["report_id"]]
    return made.assign(document=names)


def test_only_printed_contradictions_are_certain(found: pd.DataFrame) -> None:
    s1 = found[found["severity"] == "S1"]
    assert list(zip(s1["document"], s1["check"], s1["operands"], s1["tier"], s1["page"], strict=True)) == [
        ("hongze-2023", "A04", "left=11 right=0", "certain", 4),
        ("hongze-2023", "A04", "left=5 right=0", "certain", 4),
    ]


def test_every_flag_is_deserved(found: pd.DataFrame) -> None:
    raised = list(zip(found["document"], found["check"], found["tier"], strict=True))
    assert sorted(raised) == sorted(DESERVED)
    together = found.set_index("check").loc["B01"]
    assert "with what was carried in just as many" in together["message_en"]
    assert "加上年结转恰与正文相等" in together["message_zh"]
