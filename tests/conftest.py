"""What every test may ask for, and the last word on what was left out."""

from __future__ import annotations

import ctypes
import os
import shutil
from collections import Counter
from collections.abc import Iterable

import pytest

_BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def _chromium() -> str | None:
    asked = os.environ.get("CHROMIUM")
    return asked or next(filter(None, map(shutil.which, _BROWSERS)), None)


def _no_journeys() -> str:
    """Why no browser can be driven on this machine; empty when one can."""
    if _chromium() is None:
        return "no Chromium on this machine; install it with: sudo apt install chromium"
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return "Playwright's driver needs libatomic; install it with: sudo apt install libatomic1"
    return ""


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser that journeys drive: $CHROMIUM, or the one on the path."""
    if reason := _no_journeys():
        pytest.skip(reason)
    return str(_chromium())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave journeys out where no browser can be driven."""
    if reason := _no_journeys():
        for item in items:
            if item.get_closest_marker("journey"):
                item.add_marker(pytest.mark.skip(reason=reason))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say, last of all, which tests did not run and how they would."""
    reasons = Counter(_reasons(terminalreporter.stats.get("skipped", [])))
    if reasons:
        terminalreporter.section("left out", blue=True)
    for reason, count in reasons.most_common():
        tests = "1 test was" if count == 1 else f"{count} tests were"
        terminalreporter.line(f"{tests} left out: {reason}")


def _reasons(reports: Iterable[pytest.TestReport]) -> Iterable[str]:
    for report in reports:
        if isinstance(report.longrepr, tuple):
            yield report.longrepr[2].removeprefix("Skipped: ")
