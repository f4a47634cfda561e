"""`trigger: event` — an event on the bus.

https://www.home-assistant.io/docs/automation/trigger/#event-trigger
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hub.errors import Invalid
from hub.events import Event
from skills.document import TriggerPart, refuse_unknown
from skills.triggers.wire import Detach, Wire, all_of
from skills.workshop import Workshop

_KEYS = ("event_type", "event_data", "context")


class EventTrigger:
    """Fires on events of its types whose data has what is asked for."""

    entities: frozenset[str] = frozenset()

    def __init__(self, part: TriggerPart, workshop: Workshop) -> None:
        refuse_unknown(part, _KEYS, workshop.problems)
        options, path = part.options, part.path
        self.part = part
        types = options.get("event_type")
        if not types:
            raise Invalid("The event's type is missing.", where=path, remedy="Add “event_type”.")
        for key in ("event_data", "context"):
            if not isinstance(options.get(key) or {}, Mapping):
                raise Invalid("This is a mapping.", where=f"{path}/{key}")
        self._types = workshop.complex(types if isinstance(types, list) else [types], path)
        self._data = workshop.complex(options.get("event_data") or {}, f"{path}/event_data")
        self._context = workshop.complex(options.get("context") or {}, f"{path}/context")

    def attach(self, wire: Wire) -> Detach:
        """Listen to its types. Templates in the trigger are rendered now."""
        types = self._types.render(wire.variables)
        wanted = self._data.render(wire.variables)
        context = self._context.render(wire.variables)

        def on_event(event: Event) -> None:
            if _has(event.data, wanted) and _caused_by(event, context):
                extra = {"event": _plain(event)}
                wire.fire(self.part, extra, event.context, f"event {event.type}")

        ends = [wire.bus.subscribe(str(type), on_event) for type in types]
        return all_of(ends)


def _has(data: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    for key, value in wanted.items():
        if key not in data:
            return False
        found = data[key]
        if isinstance(value, Mapping) and isinstance(found, Mapping):
            if not _has(found, value):
                return False
        elif found != value and str(found) != str(value):
            return False
    return True


def _caused_by(event: Event, wanted: Mapping[str, Any]) -> bool:
    cause = event.context
    found = {"id": cause.id, "parent_id": cause.parent_id, "user_id": cause.person_id}
    for key, value in wanted.items():
        listed = value if isinstance(value, list) else [value]
        if found.get(key) not in listed:
            return False
    return True


def _plain(event: Event) -> dict[str, Any]:
    cause = event.context
    return {
        "event_type": event.type,
        "data": dict(event.data),
        "time_fired": event.when,
        "origin": event.origin,
        "context": {"id": cause.id, "parent_id": cause.parent_id, "user_id": cause.person_id},
    }
