"""`trigger: numeric_state` — a number crosses into a range.

It fires when the value comes from outside into the range, not while it stays there; a value that
is no number decides nothing.
https://www.home-assistant.io/docs/automation/trigger/#numeric-state-trigger
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from hub.errors import HubError, Invalid
from hub.events import STATE_CHANGED, Event
from hub.states import State, States
from skills.document import TriggerPart, refuse_unknown
from skills.templates import StateView, Template
from skills.templates.duration import Duration
from skills.triggers.held import Holds
from skills.triggers.options import entity_ids, limit
from skills.triggers.wire import Detach, Wire
from skills.workshop import Workshop

_KEYS = ("entity_id", "above", "below", "value_template", "attribute", "for")


class NumericStateTrigger:
    """Fires when a number of one of its entities comes into the range."""

    def __init__(self, part: TriggerPart, workshop: Workshop) -> None:
        refuse_unknown(part, _KEYS, workshop.problems)
        options = part.options
        self.part = part
        self.ids = entity_ids(options, part.path)
        self.above = limit(options, "above", part.path)
        self.below = limit(options, "below", part.path)
        if self.above is None and self.below is None:
            raise Invalid("It needs “above”, “below” or both.", where=part.path)
        both = isinstance(self.above, float) and isinstance(self.below, float)
        if both and self.above >= self.below:  # type: ignore[operator]  # both are numbers
            raise Invalid(
                f"No number is above {options['above']} and below {options['below']}.",
                where=f"{part.path}/above",
                remedy="For “outside of a range” use two triggers.",
            )
        limits = {x for x in (self.above, self.below) if isinstance(x, str)}
        self.entities = frozenset(self.ids) | limits
        self._attribute: str | None = options.get("attribute")
        self._template: Template | None = None
        if (text := options.get("value_template")) is not None:
            self._template = workshop.template(str(text), f"{part.path}/value_template")
        self.hold: Duration | None = None
        if (wanted := options.get("for")) is not None:
            self.hold = workshop.duration(wanted, f"{part.path}/for")

    def attach(self, wire: Wire) -> Detach:
        """Listen to its entities' changes."""
        return _Attached(self, wire).stop

    def within(
        self, state: State | None, states: States, variables: Mapping[str, Any]
    ) -> bool | None:
        """Whether the number is in the range; None when it is no number."""
        value = self._number(state, variables)
        above, below = _bound(self.above, states), _bound(self.below, states)
        if value is None or above is _UNKNOWN or below is _UNKNOWN:
            return None
        return not (above is not None and value <= above) and not (
            below is not None and value >= below
        )

    def _number(self, state: State | None, variables: Mapping[str, Any]) -> float | None:
        if state is None:
            return None
        if self._template is not None:
            value = self._template.render({**variables, "state": StateView(state)})
        elif self._attribute is not None:
            value = state.attributes.get(self._attribute)
        else:
            value = state.state
        return _as_number(value)


class _Attached:
    """A numeric trigger at work. `armed` are the entities whose number was outside."""

    def __init__(self, trigger: NumericStateTrigger, wire: Wire) -> None:
        self._trigger, self._wire = trigger, wire
        self._holds = Holds(trigger.part, wire, self._still, self._describe)
        self._holds.restore()
        self._armed = {
            entity_id
            for entity_id in trigger.ids
            if self._within(wire.states.get(entity_id)) is False
        }
        self._ends = [
            wire.bus.subscribe(STATE_CHANGED, self._on_change, entity_id=entity_id)
            for entity_id in trigger.ids
        ]

    def stop(self) -> None:
        for end in self._ends:
            end()
        self._holds.stop()

    def _on_change(self, event: Event) -> None:
        entity_id, new = event.data["entity_id"], event.data["new_state"]
        settled = self._holds.settles(entity_id)
        within = self._within(new)
        if within is None:
            if not settled:
                self._holds.cancel(entity_id)
            return
        if not within:
            self._armed.add(entity_id)
            self._holds.cancel(entity_id)
            return
        if settled or entity_id not in self._armed:
            return
        self._armed.discard(entity_id)
        self._crossed(entity_id, event)

    def _crossed(self, entity_id: str, event: Event) -> None:
        trigger, data = self._trigger, event.data
        old, new = data["old_state"], data["new_state"]
        extra = {
            "entity_id": entity_id,
            "below": trigger.part.options.get("below"),
            "above": trigger.part.options.get("above"),
            "from_state": StateView(old) if old else None,
            "to_state": StateView(new) if new else None,
            "for": None,
        }
        seconds = 0.0
        if trigger.hold is not None:
            try:
                seconds = trigger.hold.seconds({**self._wire.variables, "trigger": extra})
            except HubError as error:
                self._wire.failed(trigger.part, error, event.context)
                return
            extra["for"] = timedelta(seconds=seconds)
        if seconds > 0:
            self._holds.begin(entity_id, seconds, extra, event.context, {})
        else:
            description = self._describe(entity_id, 0.0)
            self._wire.fire(trigger.part, extra, event.context, description)

    def _within(self, state: State | None) -> bool | None:
        try:
            return self._trigger.within(state, self._wire.states, self._wire.variables)
        except HubError:
            # A template that can't be rendered with this state says nothing about the number.
            return None

    def _still(self, entity_id: str, note: Mapping[str, Any]) -> bool | None:
        del note
        if not self._holds.reported(entity_id):
            return None
        return self._within(self._wire.states.get(entity_id))

    def _describe(self, entity_id: str, seconds: float) -> str:
        del seconds
        return f"numeric state of {entity_id}"


_UNKNOWN = math.nan


def _bound(wanted: float | str | None, states: States) -> float | None:
    if not isinstance(wanted, str):
        return wanted
    state = states.get(wanted)
    value = _as_number(state.state) if state else None
    return _UNKNOWN if value is None else value


def _as_number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None
