"""Databases that the store's tests share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from store.database import MEMORY, Database


@pytest.fixture
async def memory() -> AsyncIterator[Database]:
    """hub.db in memory, opened."""
    database = Database(MEMORY)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """hub.db in a folder, opened."""
    database = Database(tmp_path / "data")
    await database.open()
    yield database
    await database.close()
