"""What an integration sees of the hub: its own entities, events, time. No more."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from hub.bus import Bus, Listener, Unsubscribe
from hub.clock import Callback, Cancel, Clock
from hub.context import Context
from hub.entities import Adapter, Entities, EntityDescription
from hub.errors import Refused
from hub.events import KERNEL_TYPES, REGISTRY_CHANGED, Event
from hub.plugins.house import rows
from hub.registry import Registry
from hub.states import UNAVAILABLE, State, States
from hub.tasks import Tasks


class Face:
    """Handed to an integration's adapter; everything it started ends with it."""

    def __init__(
        self,
        domain: str,
        *,
        bus: Bus,
        clock: Clock,
        states: States,
        registry: Registry,
        entities: Entities,
        zone: Callable[[], tzinfo] = lambda: UTC,
    ) -> None:
        self.domain = domain
        self.log = logging.getLogger(f"integrations.{domain}")
        self._bus, self._clock, self._zone = bus, clock, zone
        self._states, self._registry, self._entities = states, registry, entities
        self._own: dict[str, EntityDescription] = {}
        # Kept as keys, in order: what has ended by itself is dropped at once.
        self._endings: dict[Callable[[], None], None] = {}
        self._tasks = Tasks()

    def time(self) -> float:
        """Epoch seconds (UTC) on the hub's clock."""
        return self._clock.time()

    def now(self) -> datetime:
        """The hub's clock as an aware datetime in the home's time zone."""
        return datetime.fromtimestamp(self._clock.time(), self._zone())

    async def sleep(self, seconds: float) -> None:
        """Wait on the hub's clock."""
        await self._clock.sleep(seconds)

    def call_later(self, seconds: float, callback: Callback) -> Cancel:
        """Call once after `seconds` of the hub's clock; the answer cancels it. Ends with the
        integration."""

        def ring() -> None:
            self._endings.pop(end, None)
            callback()

        cancel = self._clock.call_later(seconds, ring)

        def end() -> None:
            self._endings.pop(end, None)
            cancel()

        self._endings[end] = None
        return end

    def spawn(self, coroutine: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Run in the background; ends with the integration."""
        return self._tasks.spawn(coroutine, f"{self.domain}: {name}")

    def subscribe(
        self, type: str, listener: Listener, *, entity_id: str | None = None
    ) -> Unsubscribe:
        """Listen to the bus; the answer ends it. Ends with the integration."""
        unsubscribe = self._bus.subscribe(type, listener, entity_id=entity_id)

        def end() -> None:
            self._endings.pop(end, None)
            unsubscribe()

        self._endings[end] = None
        return end

    def publish(self, type: str, data: Mapping[str, Any], context: Context | None = None) -> None:
        """Tell the bus a fact. Raises Refused for an event that only the hub may tell."""
        if type in KERNEL_TYPES:
            raise Refused(f"{self.domain} may not publish {type}.", culprit=self.domain)
        self._bus.publish(Event(type, data, self.time(), context or Context.new("device")))

    async def add_entities(self, descriptions: Iterable[EntityDescription], owner: Adapter) -> None:
        """Declare entities. What a person changed about them (name, area) is kept.

        Raises Invalid for an entity that is declared already, Refused for another integration's.
        """
        found = list(descriptions)
        if not self._own and found:
            self.subscribe(REGISTRY_CHANGED, self._on_registry)
        known = self._registry.entities
        for description in found:
            row = known.get(description.entity_id)
            if row is not None and row.integration != self.domain:
                raise Refused(
                    f"{self.domain} may not declare {description.entity_id}: "
                    f"it belongs to {row.integration}.",
                    remedy=f"Give it another id, or remove {row.integration} first.",
                    culprit=self.domain,
                )
            self._entities.add(description, owner)
            self._own[description.entity_id] = description
        new = [d for d in found if d.entity_id not in known]
        await self._registry.add_new(rows(self.domain, new, self._registry))

    def set_state(
        self,
        entity_id: str,
        state: str,
        attributes: Mapping[str, Any] | None = None,
        context: Context | None = None,
    ) -> State:
        """Report what one of its own entities is now: its state and its changing attributes.
        Raises Refused for another's."""
        description = self._own.get(entity_id)
        if description is None:
            raise Refused(
                f"{self.domain} may not set {entity_id}: it did not declare it.",
                culprit=self.domain,
            )
        fixed = {"friendly_name": self._registry.name_of(entity_id), **description.attributes}
        return self._states.set(entity_id, state, {**fixed, **(attributes or {})}, context)

    def state(self, entity_id: str) -> State | None:
        """What an entity is now; right after a start what it was before."""
        return self._states.get(entity_id)

    async def close(self, *, stopping: bool = False) -> None:
        """End everything it started; its entities become unavailable, but when the hub itself
        is `stopping` they keep their states for the next start."""
        for end in list(self._endings):
            end()
        await self._tasks.stop()
        for entity_id in self._own:
            self._entities.remove(entity_id)
            old = self._states.get(entity_id)
            if old and not stopping:
                self._states.set(entity_id, UNAVAILABLE, old.attributes, Context.new())
        self._own.clear()

    def _on_registry(self, event: Event) -> None:
        """A person may have renamed one of its entities: its state says the new name at once."""
        for entity_id in self._own:
            state, name = self._states.get(entity_id), self._registry.name_of(entity_id)
            if state and state.attributes.get("friendly_name") not in (name, None):
                attributes = {**state.attributes, "friendly_name": name}
                self._states.set(entity_id, state.state, attributes, event.context)
