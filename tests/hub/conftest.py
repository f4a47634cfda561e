"""The house that the kernel's tests share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from hub.testing import House, hub_for_test


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """A hub in memory, without skills, pages or integrations."""
    async with hub_for_test(parts=()) as house:
        yield house
