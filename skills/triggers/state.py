"""`trigger: state` — an entity's state or attribute changes.

https://www.home-assistant.io/docs/automation/trigger/#state-trigger
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from hub.errors import HubError, Invalid
from hub.events import STATE_CHANGED, Event
from hub.states import State
from skills.document import TriggerPart, refuse_unknown
from skills.templates import StateView
from skills.templates.duration import Duration
from skills.triggers.held import Holds
from skills.triggers.options import entity_ids, values
from skills.triggers.wire import Detach, Wire
from skills.workshop import Workshop

_KEYS = ("entity_id", "from", "to", "not_from", "not_to", "attribute", "for")
_NARROWING = ("from", "to", "not_from", "not_to", "for")


class StateTrigger:
    """Fires when one of its entities changes as wanted, and stays so for as long as wanted."""

    def __init__(self, part: TriggerPart, workshop: Workshop) -> None:
        refuse_unknown(part, _KEYS, workshop.problems)
        options = part.options
        for one, other in (("from", "not_from"), ("to", "not_to")):
            if one in options and other in options:
                raise Invalid(f"“{one}” and “{other}” exclude each other.", where=part.path)
        self.part = part
        self.entities = frozenset(entity_ids(options, part.path))
        self._attribute: str | None = options.get("attribute")
        self._from = values(options, "from")
        self._to = values(options, "to")
        self._not_from = values(options, "not_from")
        self._not_to = values(options, "not_to")
        # Nothing narrows it down: a change of an attribute counts too.
        self._any_change = not any(key in options for key in _NARROWING)
        self._only_from = "from" in options and "to" not in options
        wanted = options.get("for")
        self._for: Duration | None = None
        if wanted is not None:
            self._for = workshop.duration(wanted, f"{part.path}/for")

    def attach(self, wire: Wire) -> Detach:
        """Listen to its entities' changes."""
        return _Attached(self, wire).stop

    def value(self, state: State | None) -> Any:
        """What is compared: the state, or the attribute."""
        if state is None:
            return None
        return state.state if self._attribute is None else state.attributes.get(self._attribute)

    def matches(self, old: Any, new: Any) -> bool:
        """Whether a change from `old` to `new` is one that was asked for."""
        if old == new and (self._attribute is not None or not self._any_change):
            return False
        return _within(old, self._from, self._not_from) and _within(new, self._to, self._not_to)

    def still(self, state: State | None, note: Mapping[str, Any]) -> bool:
        """Whether what began a hold is still so."""
        if state is None:
            return False
        if self._only_from:
            return bool(self.value(state) != note["old"])
        return bool(self.value(state) == note["new"])

    @property
    def hold(self) -> Duration | None:
        """For how long it has to stay so."""
        return self._for

    @property
    def attribute(self) -> str | None:
        """The attribute that is compared, if it is not the state."""
        return self._attribute


class _Attached:
    """A state trigger at work."""

    def __init__(self, trigger: StateTrigger, wire: Wire) -> None:
        self._trigger, self._wire = trigger, wire
        self._holds: Holds | None = None
        if trigger.hold is not None:
            self._holds = Holds(trigger.part, wire, self._still, self._describe_hold)
            self._holds.restore()
        listener = self._on_change if self._holds is None else self._on_held_change
        self._ends = [
            wire.bus.subscribe(STATE_CHANGED, listener, entity_id=entity_id)
            for entity_id in trigger.entities
        ]

    def stop(self) -> None:
        for end in self._ends:
            end()
        if self._holds:
            self._holds.stop()

    def _on_change(self, event: Event) -> None:
        trigger, data = self._trigger, event.data
        old, new = data["old_state"], data["new_state"]
        if trigger.matches(trigger.value(old), trigger.value(new)):
            entity_id = data["entity_id"]
            extra = self._extra(entity_id, old, new)
            self._wire.fire(trigger.part, extra, event.context, f"state of {entity_id}")

    def _on_held_change(self, event: Event) -> None:
        trigger, holds, data = self._trigger, self._holds, event.data
        duration = trigger.hold
        if holds is None or duration is None:
            return
        entity_id, old, new = data["entity_id"], data["old_state"], data["new_state"]
        if holds.settles(entity_id):
            return
        before, after = trigger.value(old), trigger.value(new)
        if not trigger.matches(before, after):
            note = holds.note(entity_id)
            if note is not None and not trigger.still(new, note):
                holds.cancel(entity_id)
            return
        extra = self._extra(entity_id, old, new)
        try:
            seconds = duration.seconds({**self._wire.variables, "trigger": extra})
        except HubError as error:
            self._wire.failed(trigger.part, error, event.context)
            return
        extra["for"] = timedelta(seconds=seconds)
        if seconds <= 0:
            self._wire.fire(trigger.part, extra, event.context, f"state of {entity_id}")
            return
        holds.begin(entity_id, seconds, extra, event.context, {"old": before, "new": after})

    def _extra(self, entity_id: str, old: State | None, new: State | None) -> dict[str, Any]:
        return {
            "entity_id": entity_id,
            "from_state": StateView(old) if old else None,
            "to_state": StateView(new) if new else None,
            "for": None,
            "attribute": self._trigger.attribute,
        }

    def _still(self, entity_id: str, note: Mapping[str, Any]) -> bool | None:
        if self._holds is not None and not self._holds.reported(entity_id):
            return None
        return self._trigger.still(self._wire.states.get(entity_id), note)

    def _describe_hold(self, entity_id: str, seconds: float) -> str:
        del seconds
        return f"state of {entity_id}"


def _within(value: Any, wanted: frozenset[Any] | None, refused: frozenset[Any] | None) -> bool:
    if wanted is not None:
        return _same(value, wanted)
    if refused is not None:
        return not _same(value, refused)
    return True


def _same(value: Any, wanted: frozenset[Any]) -> bool:
    try:
        return value in wanted or (value is not None and str(value) in wanted)
    except TypeError:
        return str(value) in wanted
