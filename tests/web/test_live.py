"""The messages of a page's live stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from hub.bus import Bus
from hub.context import Context
from hub.events import (
    HUB_STOPPING,
    NOTIFICATION_CHANGED,
    RUN_CHANGED,
    SKILL_CHANGED,
    STATE_CHANGED,
    Event,
)
from web.live import Live


async def drawn(entity_id: str) -> str:
    return "" if entity_id == "lock.secret" else f"<b>{entity_id}</b>"


async def yes() -> bool:
    return True


def event(type: str, entity_id: str | None = None) -> Event:
    return Event(type, {}, 0.0, Context.new("device"), entity_id)


@pytest.fixture
def bus() -> Bus:
    return Bus()


@pytest.fixture
def live(bus: Bus) -> Live:
    return Live(bus)


async def listening(stream: AsyncIterator[str]) -> asyncio.Task[str]:
    task = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)
    return task


async def test_a_change_sends_its_tile_and_a_hint_for_the_feed(bus: Bus, live: Live) -> None:
    stream = live.messages(drawn, yes)
    first = await listening(stream)
    bus.publish(event(STATE_CHANGED, "light.hall"))
    bus.publish(event(STATE_CHANGED, "light.hall"))

    assert await first == "data: <b>light.hall</b>\n\n"
    assert await anext(stream) == "event: feed\ndata: \n\n"


async def test_what_one_may_not_see_sends_no_tile(bus: Bus, live: Live) -> None:
    stream = live.messages(drawn, yes)
    first = await listening(stream)
    bus.publish(event(STATE_CHANGED, "lock.secret"))

    assert "lock.secret" not in await first


@pytest.mark.parametrize(
    "type, hint",
    [(RUN_CHANGED, "runs"), (SKILL_CHANGED, "skills"), (NOTIFICATION_CHANGED, "deliveries")],
)
async def test_news_of_a_list_is_a_hint(bus: Bus, live: Live, type: str, hint: str) -> None:
    stream = live.messages(drawn, yes)
    first = await listening(stream)
    bus.publish(event(type))

    assert await first == f"event: {hint}\ndata: \n\n"


async def test_the_stream_ends_with_its_session(bus: Bus, live: Live) -> None:
    async def no() -> bool:
        return False

    stream = live.messages(drawn, no)
    first = await listening(stream)
    bus.publish(event(STATE_CHANGED, "light.hall"))

    with pytest.raises(StopAsyncIteration):
        await first
    assert live.readers == 0


async def test_the_stream_ends_with_the_hub(bus: Bus, live: Live) -> None:
    stream = live.messages(drawn, yes)
    first = await listening(stream)
    bus.publish(event(HUB_STOPPING))

    with pytest.raises(StopAsyncIteration):
        await first
    assert live.readers == 0
