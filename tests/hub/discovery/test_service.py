"""Being found, or saying why not, never holds anything up."""

from __future__ import annotations

import asyncio
import sys

from hub.discovery.service import LOOK_EVERY
from hub.testing import House
from tests.hub.discovery.conftest import Found


async def test_what_is_switched_off_is_well_and_loads_nothing(house: House) -> None:
    off = Found(house, "hub", enabled=False)
    await off.discovery.start()
    assert await off.discovery.settled() == ""
    assert off.health is not None
    assert (off.health.status, "mdns] enabled" in off.health.sentence) == ("ok", True)


async def test_starting_takes_no_time_and_loads_nothing(found: Found) -> None:
    sys.modules.pop("hub.discovery.announce", None)
    await found.discovery.start()
    assert "hub.discovery.announce" not in sys.modules
    assert (found.discovery.hostname, found.health) == ("", None)


async def test_a_machine_without_a_network_is_told_of_and_looks_again(found: Found) -> None:
    found.addresses = []
    await found.discovery.start()
    await found.house.advance(1)
    assert await found.discovery.settled() == ""
    assert found.health is not None
    assert found.health.status == "warn"
    assert "can't be found" in found.health.sentence
    assert "Connect this machine" in found.health.remedy
    asked = Counting()
    found.discovery._addresses = asked
    await found.house.advance(2 * LOOK_EVERY + 5)
    assert asked.times == 2 + 1  # the second look comes early


class Counting:
    """Addresses that are never there, counted."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> list[str]:
        self.times += 1
        return []


async def test_nothing_is_announced_before_pages_are_answered(found: Found) -> None:
    found.port, found.addresses = 0, []
    await found.discovery.start()
    await found.house.advance(600)
    assert found.health is None
    found.port = 8321
    await found.house.advance(LOOK_EVERY)
    assert found.health is not None


async def test_a_hub_keeps_its_id(found: Found) -> None:
    await found.discovery.start()
    first = found.home.get("hub.id")
    await found.discovery.start()
    assert found.home.get("hub.id") == first
    assert len(str(first)) == 32


async def test_stopping_before_the_first_look_lets_waiters_go(found: Found) -> None:
    await found.discovery.start()
    waiter = asyncio.create_task(found.discovery.settled())
    await found.discovery.stop()
    assert await waiter == ""
