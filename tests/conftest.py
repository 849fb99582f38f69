"""What tests share: the folder of real reports, and the rule that continuous integration skips nothing unseen."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

NO_SKIP = os.environ.get("JIEDAO_NO_SKIP") == "1"

# A test that fails because the machine is busy says nothing about the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def real_reports() -> Path:
    """The folder of real reports with hand-checked truth. REAL_REPORTS says where it lies."""
    named = os.environ.get("REAL_REPORTS")
    if not named:
        pytest.skip("REAL_REPORTS is not set: it names the folder of real reports with their truth files")
    folder = Path(named)
    if not folder.is_dir():
        pytest.fail(f"REAL_REPORTS names {named}, which is no folder")
    return folder


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever uses the fixture real_reports is marked `real`, so that `-m "not real"` leaves none of them behind."""
    for item in items:
        if "real_reports" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.real)


# With JIEDAO_NO_SKIP=1 a skipped test fails by its name and reason, so the closing line cannot look green over a hole.
# Tests expected to fail (xfail) are reported as skipped too, and are left alone.


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if NO_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        turn_into_failure(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if NO_SKIP and report.skipped:
        turn_into_failure(report)
    return report


def turn_into_failure(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Let a skipped test or module count as failed, and keep the reason."""
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    report.outcome = "failed"
    report.longrepr = f"{report.nodeid} was skipped, and JIEDAO_NO_SKIP=1 allows no skips. {reason}"
