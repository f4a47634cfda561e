"""What happened in the house since the start, counted as it goes by on the bus."""

from __future__ import annotations

from collections import Counter

from hub.bus import Bus
from hub.events import (
    ACTION_CALLED,
    NOTIFICATION_CHANGED,
    RUN_CHANGED,
    STATE_CHANGED,
    Event,
)


class Counters:
    """Counts by what a dashboard asks for."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self.actions: Counter[tuple[str, str]] = Counter()
        self.runs: Counter[str] = Counter()
        self.deliveries: Counter[str] = Counter()
        self.state_changes = 0
        bus.subscribe(STATE_CHANGED, self._state)
        bus.subscribe(ACTION_CALLED, self._action)
        bus.subscribe(RUN_CHANGED, self._run)
        bus.subscribe(NOTIFICATION_CHANGED, self._delivery)

    @property
    def events(self) -> int:
        """Events of all types."""
        return self._bus.published

    def _state(self, _event: Event) -> None:
        self.state_changes += 1

    def _action(self, event: Event) -> None:
        self.actions[event.data["action"], event.data["outcome"]] += 1

    def _run(self, event: Event) -> None:
        self.runs[event.data["state"]] += 1

    def _delivery(self, event: Event) -> None:
        if state := event.data.get("state"):
            self.deliveries[state] += 1
