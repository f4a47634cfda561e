"""The live stream of a page: tiles as they change, and hints that a list has news.

One subscription to the bus for all browsers. A browser that reads slowly costs nothing: what changed
twice before it read is sent once, as it is then.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from hub.bus import Bus
from hub.events import (
    HEALTH_CHANGED,
    HUB_STOPPING,
    INTEGRATION_CHANGED,
    NOTIFICATION_CHANGED,
    REGISTRY_CHANGED,
    RUN_CHANGED,
    SKILL_CHANGED,
    STATE_CHANGED,
    Event,
)
from web import sse

# Changes within this time (seconds) leave in one message; below what an eye notices.
_GATHER = 0.05
_HINTS = {
    HEALTH_CHANGED: "health",
    INTEGRATION_CHANGED: "integrations",
    NOTIFICATION_CHANGED: "deliveries",
    REGISTRY_CHANGED: "registry",
    RUN_CHANGED: "runs",
    SKILL_CHANGED: "skills",
}

RenderTile = Callable[[str], Awaitable[str]]
StillMay = Callable[[], Awaitable[bool]]


class _Reader:
    """What one browser has not been told yet."""

    def __init__(self) -> None:
        self.entities: dict[str, None] = {}
        self.hints: dict[str, None] = {}
        self.news = asyncio.Event()
        self.ended = False


class Live:
    """Turns the bus into messages for browsers."""

    def __init__(self, bus: Bus) -> None:
        self._readers: set[_Reader] = set()
        bus.subscribe(STATE_CHANGED, self._on_state)
        bus.subscribe(HUB_STOPPING, self._on_stop)
        for type in _HINTS:
            bus.subscribe(type, self._on_hint)

    @property
    def readers(self) -> int:
        """How many browsers are listening."""
        return len(self._readers)

    async def messages(self, tile: RenderTile, stands: StillMay) -> AsyncIterator[str]:
        """The messages for one browser. `tile` draws an entity's tile, "" when it has none or the
        person may not see it; the stream ends when its session no longer `stands`."""
        reader = _Reader()
        self._readers.add(reader)
        try:
            while not reader.ended:
                await reader.news.wait()
                await asyncio.sleep(_GATHER)
                reader.news.clear()
                entities, reader.entities = reader.entities, {}
                hints, reader.hints = reader.hints, {}
                if not await stands():
                    return
                drawn = [await tile(entity_id) for entity_id in entities]
                if html := "".join(part for part in drawn if part):
                    yield sse.message(html)
                for hint in hints:
                    yield sse.message("", name=hint)
        finally:
            self._readers.discard(reader)

    def _on_state(self, event: Event) -> None:
        for reader in self._readers:
            reader.entities[event.entity_id or ""] = None
            reader.hints["feed"] = None
            reader.news.set()

    def _on_hint(self, event: Event) -> None:
        for reader in self._readers:
            reader.hints[_HINTS[event.type]] = None
            reader.news.set()

    def _on_stop(self, _event: Event) -> None:
        for reader in self._readers:
            reader.ended = True
            reader.news.set()
