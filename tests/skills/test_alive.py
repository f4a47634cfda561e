"""The hub notes that it is alive, and goes on when that can't be written."""

from __future__ import annotations

import logging
import sqlite3
from typing import Any

import pytest

from hub.clock import ManualClock
from hub.home import Home
from hub.tasks import Tasks
from skills.alive import Alive


class HomeOnFullDisk(Home):
    """Every write fails as SQLite says it."""

    async def put(self, key: str, value: Any) -> None:
        raise sqlite3.OperationalError("database or disk is full")


async def test_a_full_disk_does_not_end_the_beat(caplog: pytest.LogCaptureFixture) -> None:
    clock, tasks = ManualClock(100.0), Tasks()
    alive = Alive(HomeOnFullDisk(), clock, tasks)
    caplog.set_level(logging.DEBUG, "skills.alive")
    assert alive.begin() is None
    await clock.advance(61)
    await alive.stop()
    await tasks.stop()
    assert [record.levelname for record in caplog.records] == ["DEBUG"] * 3
