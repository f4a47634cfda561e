"""`trigger: homeassistant` (or `hub`) — the hub has started, or is about to stop."""

from __future__ import annotations

from hub.context import Context
from hub.errors import Invalid
from hub.events import HUB_STOPPING, Event
from skills.document import TriggerPart, refuse_unknown
from skills.triggers.wire import Detach, Wire
from skills.workshop import Workshop


class HubTrigger:
    """Fires once after the start, or at the stop."""

    entities: frozenset[str] = frozenset()

    def __init__(self, part: TriggerPart, workshop: Workshop) -> None:
        refuse_unknown(part, ("event",), workshop.problems)
        self.part = part
        self._event = part.options.get("event")
        if self._event not in ("start", "shutdown"):
            raise Invalid(
                "The hub's event is start or shutdown.",
                where=f"{part.path}/event",
                remedy="Write “event: start”.",
            )

    def attach(self, wire: Wire) -> Detach:
        """Fire at once if the hub is starting; else wait for its stop."""
        if self._event == "start":
            if wire.starting:
                wire.fire(self.part, {"event": "start"}, Context.new("hub"), "Hearth starting")
            return _nothing

        def on_stop(event: Event) -> None:
            wire.fire(self.part, {"event": "shutdown"}, event.context, "Hearth stopping")

        return wire.bus.subscribe(HUB_STOPPING, on_stop)


def _nothing() -> None:
    """Nothing was attached."""
