"""Follows what a template reads, and renders it again when any of that changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hub.bus import Bus, Unsubscribe
from hub.clock import Cancel, Clock
from hub.events import REGISTRY_CHANGED, STATE_CHANGED, Event
from skills.templates import Rendered, Template

Changed = Callable[[Rendered, Event | None], object]


class Watch:
    """Calls `changed(rendered, event)` after each event that may have changed the result.

    A template that asked for the time is rendered at every full minute (event None).
    """

    def __init__(
        self,
        template: Template,
        variables: Mapping[str, Any],
        bus: Bus,
        clock: Clock,
        changed: Changed,
    ) -> None:
        self._template, self._variables = template, variables
        self._bus, self._clock, self._changed = bus, clock, changed
        self._subscriptions: dict[tuple[str, str | None], Unsubscribe] = {}
        self._tick: Cancel | None = None
        self.rendered = template.render_watched(variables)
        self._follow()

    def stop(self) -> None:
        """Follow nothing any more."""
        for unsubscribe in self._subscriptions.values():
            unsubscribe()
        self._subscriptions.clear()
        if self._tick:
            self._tick()
            self._tick = None

    def _on_state(self, event: Event) -> None:
        if self.rendered.reads(event.entity_id or ""):
            self._again(event)

    def _again(self, event: Event | None) -> None:
        self.rendered = self._template.render_watched(self._variables)
        self._follow()
        self._changed(self.rendered, event)

    def _on_minute(self) -> None:
        self._tick = None
        self._again(None)

    def _follow(self) -> None:
        read = self.rendered
        wanted: set[tuple[str, str | None]] = set()
        if read.all_states or read.domains:
            wanted.add((STATE_CHANGED, None))
        else:
            wanted |= {(STATE_CHANGED, entity_id) for entity_id in read.entities}
        if read.registry:
            wanted.add((REGISTRY_CHANGED, None))
        for key in self._subscriptions.keys() - wanted:
            self._subscriptions.pop(key)()
        for type, entity_id in wanted - self._subscriptions.keys():
            listener = self._again if type == REGISTRY_CHANGED else self._on_state
            self._subscriptions[type, entity_id] = self._bus.subscribe(
                type, listener, entity_id=entity_id
            )
        if read.time and self._tick is None:
            now = self._clock.time()
            self._tick = self._clock.call_at(now - now % 60 + 60, self._on_minute)
