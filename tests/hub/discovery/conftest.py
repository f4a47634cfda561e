"""A hub's discovery in the middle of parts that are real, on a clock that can be moved."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from zeroconf.asyncio import AsyncZeroconf

from hub.config import Mdns
from hub.discovery.service import Discovery
from hub.health import Condition
from hub.home import Home
from hub.testing import House, hub_for_test

LOOPBACK = "127.0.0.1"


@dataclass
class Found:
    """A discovery and what its surroundings are at the moment."""

    house: House
    name: str
    addresses: list[str] = field(default_factory=lambda: [LOOPBACK])
    port: int = 8321
    enabled: bool = True

    def __post_init__(self) -> None:
        hub = self.house.hub
        self.discovery = Discovery(
            hub.clock,
            hub.tasks,
            hub.health,
            hub.home,
            Mdns(enabled=self.enabled, name=self.name),
            port=lambda: self.port,
            addresses=lambda: self.addresses,
        )

    @property
    def home(self) -> Home:
        return self.house.hub.home

    @property
    def health(self) -> Condition | None:
        return next((c for c in self.house.hub.health.all() if c.part == "mdns"), None)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with hub_for_test(parts=()) as started:
        yield started


@pytest.fixture
async def found(house: House) -> AsyncIterator[Found]:
    made = Found(house, f"test-{uuid.uuid4().hex[:10]}")
    yield made
    await made.discovery.stop()


@pytest.fixture
async def other() -> AsyncIterator[AsyncZeroconf]:
    """Another program that speaks mDNS."""
    responder = AsyncZeroconf(interfaces=[LOOPBACK])
    await responder.zeroconf.async_wait_for_start()
    yield responder
    await responder.async_close()
