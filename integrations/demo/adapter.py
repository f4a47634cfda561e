"""Connects the simulated house to the hub: declares it, reports its changes, hands on actions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hub import Context, Event, Face
from integrations.demo.day import Day
from integrations.demo.world import World

TRIGGERED = "demo_triggered"
_TICK = 15.0  # seconds between two looks at the house
_GLIDE = 1.0  # while something is on its way


class DemoAdapter:
    """Runs a world on the hub's clock."""

    def __init__(self, face: Face, world: World) -> None:
        self._face, self._world = face, world
        self._day: Day | None = None
        self._last = 0.0
        self._gliding = False
        # Who set in motion what is still on its way.
        self._causes: dict[str, Context] = {}

    async def start(self) -> None:
        """Declare the house and go on from what it was before a restart."""
        await self._face.add_entities([t.description for t in self._world.things.values()], self)
        for entity_id in self._world.things:
            if old := self._face.state(entity_id):
                self._world.restore(entity_id, old.state, old.attributes)
        self._day = Day(self._world)
        self._last = self._face.time()
        self._day.step(self._face.now(), 0.0)
        self._report(Context.new("device"))
        self._face.subscribe(TRIGGERED, self._on_trigger)
        self._face.call_later(_TICK, self._tick)

    async def stop(self) -> None:
        """Nothing to disconnect from; what it started on the face ends with it."""

    async def act(
        self, entity_id: str, verb: str, data: Mapping[str, Any], context: Context
    ) -> None:
        """Obey at once; what takes a moment goes on by itself."""
        self._world.act(entity_id, verb, data, self._face.time())
        self._causes[entity_id] = context
        self._look(context)

    def _on_trigger(self, event: Event) -> None:
        self._world.report(event.data["entity_id"], event.data["state"], self._face.time())
        self._look(event.context)

    def _tick(self) -> None:
        now = self._face.time()
        if self._day:
            self._day.step(self._face.now(), now - self._last)
        self._last = now
        self._report(Context.new("device"))
        self._face.call_later(_TICK, self._tick)

    def _look(self, cause: Context) -> None:
        """Report an effect and its consequences at once, not only at the next tick."""
        if self._day:
            self._day.step(self._face.now(), 0.0)
        self._report(cause)
        if self._world.gliding and not self._gliding:
            self._gliding = True
            self._face.call_later(_GLIDE, self._glide)

    def _glide(self) -> None:
        self._gliding = False
        self._world.pass_time(self._face.time())
        self._look(Context.new("device"))

    def _report(self, cause: Context) -> None:
        gliding = self._world.gliding
        for entity_id, reading in self._world.changes():
            own = self._causes.get(entity_id, cause)
            self._face.set_state(entity_id, reading.state, reading.attributes, own)
        self._causes = {e: c for e, c in self._causes.items() if e in gliding}
