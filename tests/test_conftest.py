"""The rule against unseen skips does what it says, with and without xdist."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CASES = {
    "test_alone.py": """
        import pytest
        def test_passes(): pass
        def test_skips(): pytest.skip("no such program")
        def test_needs_reports(real_reports): pass
        @pytest.mark.xfail(strict=True)
        def test_known_limit(): assert False
    """,
    "test_whole_module.py": """
        import pytest
        pytest.importorskip("a_module_that_nobody_has")
    """,
}


def run(folder: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    shutil.copy(Path(__file__).with_name("conftest.py"), folder)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = real: real reports\n", encoding="utf-8")
    ours = ("JIEDAO_NO_SKIP", "REAL_REPORTS", "PYTEST_")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *options],
        cwd=folder, env=inherited | environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def write(folder: Path, name: str) -> None:
    lines = CASES[name].splitlines()
    (folder / name).write_text("\n".join(line.removeprefix(" " * 8) for line in lines), encoding="utf-8")


@pytest.mark.parametrize("options", [(), ("-n", "1")], ids=["alone", "xdist"])
def test_skips_fail_when_none_are_allowed(tmp_path: Path, options: tuple[str, ...]) -> None:
    write(tmp_path, "test_alone.py")
    ended = run(tmp_path, *options, JIEDAO_NO_SKIP="1")
    closing = ended.stdout.strip().splitlines()[-1]
    assert ended.returncode == 1
    assert "1 failed, 1 passed, 1 xfailed, 1 error" in closing
    assert "no such program" in ended.stdout
    assert "REAL_REPORTS is not set" in ended.stdout


def test_a_module_skipped_whole_fails_too(tmp_path: Path) -> None:
    write(tmp_path, "test_whole_module.py")
    ended = run(tmp_path, JIEDAO_NO_SKIP="1")
    assert ended.returncode != 0
    assert "a_module_that_nobody_has" in ended.stdout


def test_skips_are_skips_elsewhere(tmp_path: Path) -> None:
    for name in CASES:
        write(tmp_path, name)
    ended = run(tmp_path)
    assert ended.returncode == 0, ended.stdout
    assert "1 passed, 3 skipped, 1 xfailed" in ended.stdout


def test_a_mistyped_folder_of_reports_fails(tmp_path: Path) -> None:
    write(tmp_path, "test_alone.py")
    ended = run(tmp_path, "-m", "real", REAL_REPORTS=str(tmp_path / "nowhere"))
    assert ended.returncode == 1
    assert "which is no folder" in ended.stdout
    assert "4 deselected" not in ended.stdout
    assert "3 deselected" in ended.stdout
