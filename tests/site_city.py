"""A test fixture: a small fictional city read, flagged and shown, built once for all test processes of a run."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from compare.charts import style

KINDS = "html,html-ugly,text,docx,pdf,xlsx,markdown"
PATIENCE = 240  # seconds


def city(factory: pytest.TempPathFactory) -> Path:
    """The folder that holds `raw`, `processed` and `site` of the city. Whoever comes first builds it; the other test
    processes wait."""
    base = factory.getbasetemp()
    root = (base.parent if base.name.startswith("popen-") else base) / "site-city"
    done = root / "done"
    try:
        root.mkdir()
    except FileExistsError:
        for _ in range(PATIENCE * 5):
            if done.is_file():
                return root
            time.sleep(0.2)
        pytest.fail("another test process did not finish building the city")
    build(root)
    done.touch()
    return root


def build(root: Path) -> None:
    """Make the city, read it, and write its site, each by the command that a user would call."""
    raw, out = root / "raw", root / "processed"
    run("sample", raw, "--offices", "9", "--years", "2020-2024", "--seed", "4", "--kinds", KINDS)
    run("extract", "build", raw, "--out", out, "--jobs", "2")
    for language in ("zh", "en"):  # one standing figure is enough here: drawing all of them is tested elsewhere
        figure, _ = style.canvas(3, 2)
        style.save(style.Chart(figure, pd.DataFrame({"a": [1]})), out / "figures", f"compare-disclosure.{language}")
    run("compare", "site", out, "--to", root / "site", "--jobs", "2")


def run(module: str, *arguments: object) -> None:
    """Call a command of the project; its words are shown where it fails."""
    command = [sys.executable, "-m", module, *(str(argument) for argument in arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
